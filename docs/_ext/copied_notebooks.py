"""Sphinx reads pages below docs/ only: the notebooks are copied there, once they are found harmless."""

import filecmp
import re
import shutil
from pathlib import Path

import nbformat
from sphinx.errors import ExtensionError

# What a stored output may be: text, pictures, and the coloured code of IPython.display.Code.
KINDS = {"text/plain", "text/latex", "image/png", "image/jpeg", "text/html"}
PLAIN_TAG = re.compile(r'</?(div|span|pre|code|p|br|b|em|table|t[hrd]|thead|tbody)( (class|id)="[^"<>&]*")*>')
STYLE_SHEET = re.compile(r"<style>[^<]*</style>")
# A backslash could spell any of them otherwise.
REMOTE = re.compile(r"url\(|@import|//|\\", re.IGNORECASE)
CODE_IN_TEXT = re.compile(r"```.*?```|`[^`]*`|\$[^$]*\$", re.DOTALL)
MARKUP = re.compile(r"<[a-z/!?][^\n]{0,59}", re.IGNORECASE)


def refusal(notebook):
    """Return why a notebook must not be shown on a page, in one sentence, or None.

    Stored outputs are shown as they are, and nobody reads them in a review. HTML may therefore hold plain
    tags with a class or an id alone, from which no script can start and nothing can be loaded. Prose is
    Markdown and needs no HTML.
    """
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type != "code" and (found := MARKUP.search(CODE_IN_TEXT.sub("", cell.source))):
            return f"Cell {number} has HTML in its text: {found[0]!r}."
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if unknown := set(data) - KINDS:
                return f"Cell {number} has stored an output of the kind {min(unknown)}."
            sheets = " ".join(STYLE_SHEET.findall(markup := data.get("text/html", "")))
            if remote := REMOTE.search(sheets):
                return f"Cell {number} has stored a style sheet that loads something, with {remote[0]!r}."
            rest = PLAIN_TAG.sub("", STYLE_SHEET.sub("", markup))
            if (start := rest.find("<")) >= 0:
                return f"Cell {number} has stored HTML that is not plain text: {rest[start : start + 60]!r}."
    return None


def copy(app):
    """Make docs/notebooks equal to notebooks/, and leave alone what has not changed."""
    source, copies = Path(app.srcdir).parent / "notebooks", Path(app.srcdir) / "notebooks"
    copies.mkdir(exist_ok=True)
    notebooks = sorted(source.glob("*.ipynb"))
    for gone in {path.name for path in copies.glob("*.ipynb")} - {path.name for path in notebooks}:
        (copies / gone).unlink()
    for path in notebooks:
        if reason := refusal(nbformat.read(path, as_version=4)):
            raise ExtensionError(f"{path.name}: {reason}")
        if not (copies / path.name).exists() or not filecmp.cmp(path, copies / path.name, shallow=False):
            shutil.copyfile(path, copies / path.name)


OFFER = """<p class="notebook-offer">This page is a notebook: <a href="{href}" download>download {name}</a>,
and open it in JupyterLab, from the folder <code>notebooks</code> of the course,
with <code>make lab</code>.</p>
"""


def offer(app, page, template, context, doctree):
    """Begin the page of each notebook with the notebook itself."""
    if page.startswith("notebooks/"):
        href = context["pathto"](f"_sources/{context['sourcename']}", resource=True)
        name = Path(context["sourcename"]).name
        context["body"] = context["body"].replace("</h1>", "</h1>\n" + OFFER.format(href=href, name=name), 1)


def setup(app):
    """Tell Sphinx."""
    app.connect("builder-inited", copy)
    app.connect("html-page-context", offer)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
