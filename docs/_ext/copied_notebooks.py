"""Sphinx reads pages below docs/ only: the notebooks are copied there, as they were just run."""

import base64
import hashlib
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import nbformat
from executed_notebooks import code, executed
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser
from sphinx.errors import ExtensionError

# Markdown as the pages have it. The extensions are those of conf.py.
MARKDOWN = create_md_parser(MdParserConfig(enable_extensions={"deflist", "dollarmath"}), RendererHTML)
SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp"}


def read(path):
    """Read a notebook; ExtensionError names a file that is none, such as one with marks of a conflict."""
    try:
        return nbformat.read(path, as_version=4)
    except nbformat.reader.NotJSONError as error:
        raise ExtensionError(f"{path.name} is no notebook: it is not JSON.") from error


def tokens(text):
    """Yield all that Markdown finds in a text, however deep."""
    waiting = MARKDOWN.parse(text)
    while waiting:
        token = waiting.pop(0)
        yield token
        waiting[:0] = token.children or []


def refusal(notebook, folder=None):
    """Return why a notebook must not be shown on a page, in one sentence, or None.

    Nobody runs what is stored: outputs are left out, and so are scripts in them. Prose is Markdown and needs
    no HTML, no directive of Sphinx, which could hold some, and no picture but those of its cell and `folder`.
    """
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "raw":
            return f"Cell {number} is a raw cell, which no page shows: make it Markdown or code."
        for token in tokens(cell.source) if cell.cell_type == "markdown" else ():
            if token.type in ("html_inline", "html_block"):
                return (
                    f"Cell {number} has HTML in its text: {token.content.strip()[:60]!r}. Put code between "
                    "backquotes, and formulas between dollars."
                )
            if token.type == "fence" and token.info.startswith("{"):
                return f"Cell {number} has a directive in its text: {token.info!r}."
            if token.type == "image" and not _is_there(address := token.attrs["src"], cell, folder):
                return f"Cell {number} shows {address!r}, which is not beside the notebook or pasted into it."
    return None


def _is_there(address, cell, folder):
    if address.startswith("attachment:"):
        return unquote(address.removeprefix("attachment:")) in cell.get("attachments", {})
    return not urlsplit(address).scheme and folder is not None and _beside(address, folder).is_file()


def _beside(address, folder):
    path = folder.joinpath(unquote(urlsplit(address).path)).resolve()
    return path if path.is_relative_to(folder.resolve()) else folder


def pictures(notebook, folder):
    """Return the files that the prose of a notebook shows, `{name: bytes}`; pasted ones become files."""
    files = {}
    for cell in notebook.cells:
        for name, kinds in cell.pop("attachments", {}).items():
            for kind, data in kinds.items():
                content = base64.b64decode(data)
                file = hashlib.sha256(content).hexdigest()[:16] + SUFFIXES.get(kind, ".png")
                files[file] = content
                for written in (name, quote(name)):
                    cell.source = cell.source.replace(f"(attachment:{written}", f"({file}")
        if cell.cell_type == "markdown":
            beside = {t.attrs["src"] for t in tokens(cell.source) if t.type == "image"} - set(files)
            # Sphinx looks for a file under the name as it is written, "a%20picture.png".
            files |= {address: _beside(address, folder).read_bytes() for address in beside}
    return files


def as_run(notebook, ran):
    """Put the outputs of a run in place of what was stored, which may be a widget or anything else."""
    runs = iter(ran.cells)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            run = next(runs)
            cell.update(metadata=run.metadata, outputs=run.outputs, execution_count=run.execution_count)
        else:
            cell.metadata = nbformat.from_dict({})
    notebook.metadata = ran.metadata


def stored(app):
    """Return the paths of all notebooks that become pages, by what they are called below notebooks/."""
    source = Path(app.srcdir).parent / "notebooks"
    paths = sorted(source.glob("*.ipynb")) + sorted(source.glob("practice/*.ipynb"))
    return {path: path.relative_to(source).as_posix() for path in paths}


def copy(app):
    """Make docs/notebooks what notebooks/ shows when it is run, and leave alone what has not changed."""
    source, copies = Path(app.srcdir).parent / "notebooks", Path(app.srcdir) / "notebooks"
    names = stored(app)
    notebooks = {path: read(path) for path in names}
    for path, notebook in notebooks.items():
        if reason := refusal(notebook, source):
            raise ExtensionError(f"{path.name}: {reason}")
    # An exercise is read here and done elsewhere: nothing in it is run.
    tasks = {path: notebook for path, notebook in notebooks.items() if path.stem.endswith("_exercises")}
    topics = {path: notebook for path, notebook in notebooks.items() if path not in tasks}
    store, config, files = Path(app.srcdir, "_build", "executed"), app.config, {}
    runs = executed(topics, store, config.drawn_by, config.nb_execution_timeout)
    for path, ran in (runs | {path: code(notebook) for path, notebook in tasks.items()}).items():
        files |= pictures(notebooks[path], source)
        as_run(notebooks[path], ran)
        files[names[path]] = nbformat.writes(notebooks[path]).encode()
    for gone in [path for path in copies.rglob("*") if path.is_file()]:
        if gone.relative_to(copies).as_posix() not in files:
            gone.unlink()
    for name, content in files.items():
        put(copies / name, content)


def put(path, content):
    """Write a file unless it is there already: what is new is read again."""
    if not path.is_file() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


OFFER = """<p class="notebook-offer">This page is a notebook: <a href="{name}" download>download {name}</a>,
and open it in JupyterLab, from the folder <code>{folder}</code> of the course,
with <code>make lab</code>.</p>
"""


def offer(app, page, template, context, doctree):
    """Begin the page of each notebook with the notebook itself."""
    if page.startswith("notebooks/") and app.builder.name == "html":
        name = Path(page).name + ".ipynb"
        said = OFFER.format(name=name, folder=Path(page).parent.as_posix())
        context["body"] = context["body"].replace("</h1>", "</h1>\n" + said, 1)


def lay_out(app, exception):
    """Put the notebooks beside their pages, as they are stored."""
    if exception is None and app.builder.name == "html":
        for path, name in stored(app).items():
            put(Path(app.outdir, "notebooks", name), path.read_bytes())


def setup(app):
    """Tell Sphinx."""
    app.add_config_value("drawn_by", "", "env")
    app.connect("builder-inited", copy)
    app.connect("html-page-context", offer)
    app.connect("build-finished", lay_out)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
