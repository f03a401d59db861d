"""Sphinx reads pages below one folder only: the notebooks are copied there, as they were just run.

Each edition has the prose of the English notebooks, which Sphinx translates, so that their parts have the
same names in every language. Its code is that of notebooks/LANGUAGE, where the words in it are translated.
"""

import base64
import hashlib
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import nbformat
from executed_notebooks import code, executed
from left_out import DOCS, NOTEBOOKS
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser
from sphinx.errors import ExtensionError

from course.words import say

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
    """Put a run in place of the code and of what was stored of it, which may be a widget or anything else."""
    runs = iter(ran.cells)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            run = next(runs)
            cell.update(source=run.source, metadata=run.metadata, outputs=run.outputs)
            cell.execution_count = run.execution_count
        else:
            cell.metadata = nbformat.from_dict({})
    notebook.metadata = ran.metadata


def stored():
    """Return `{name: path}` of all notebooks that become pages, by what they are called below notebooks/."""
    paths = sorted(NOTEBOOKS.glob("*.ipynb")) + sorted(NOTEBOOKS.glob("practice/*.ipynb"))
    return {path.relative_to(NOTEBOOKS).as_posix(): path for path in paths}


def edition(name, language):
    """Return the notebook of a language; where it has none, the English one."""
    path = NOTEBOOKS / language / name
    return path if path.exists() else NOTEBOOKS / name


def ran(languages):
    """Return `{(language, name): notebook}`, the code of each edition of each notebook as it was run.

    They are run together, so that no core waits between two languages.
    """
    topics, tasks = {}, {}
    for language in languages:
        for name, path in stored().items():
            own = read(path) if (there := edition(name, language)) == path else _alike(read(there), path)
            # An exercise is read here and done elsewhere: nothing in it is run.
            (tasks if name.endswith("_exercises.ipynb") else topics)[language, name] = own
    paths = {(language, name): (language, edition(name, language)) for language, name in topics}
    runs = executed({paths[one]: notebook for one, notebook in topics.items()}, DOCS / "_build" / "executed")
    return {one: runs[path] for one, path in paths.items()} | {one: code(task) for one, task in tasks.items()}


def _alike(notebook, path):
    kinds, expected = ([cell.cell_type for cell in one.cells] for one in (notebook, read(path)))
    if kinds != expected:
        raise ExtensionError(
            f"{path.name}: the cells of a translation are not those of the English notebook; "
            "tools/translate.py makes it anew."
        )
    return notebook


def refuse():
    """Raise ExtensionError where a notebook must not be shown."""
    for path in stored().values():
        if reason := refusal(read(path), NOTEBOOKS):
            raise ExtensionError(f"{path.name}: {reason}")


def copy(app):
    """Copy the notebooks as they are when they are run, and leave alone what has not changed."""
    refuse()
    copies, files = Path(app.srcdir, "notebooks"), {}
    for (_, name), run in ran([app.config.language]).items():
        notebook = read(NOTEBOOKS / name)
        files |= pictures(notebook, NOTEBOOKS)
        as_run(notebook, run)
        files[name] = nbformat.writes(notebook).encode()
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


def offer(app, page, template, context, doctree):
    """Begin the page of each notebook with the notebook itself."""
    if page.startswith("notebooks/") and app.builder.name == "html":
        path = edition(page.removeprefix("notebooks/") + ".ipynb", app.config.language)
        own = path.is_relative_to(NOTEBOOKS / app.config.language)
        words = say("download {name}", name=path.name)
        said = say(
            "This page is a notebook: {download}, and open it in JupyterLab, from the folder {folder} of the "
            "course, with {command}.",
            download=f'<a href="{path.name}" download>{words}</a>',
            folder=f"<code>{path.parent.relative_to(NOTEBOOKS.parent).as_posix()}</code>",
            command=f"<code>make lab{f' LANGUAGE={app.config.language}' if own else ''}</code>",
        )
        if not own and app.config.language != "en":
            said += " " + say("It is in English so far, and so are the code on this page and what it prints.")
        said = f'<p class="notebook-offer">{said}</p>'
        context["body"] = context["body"].replace("</h1>", f"</h1>\n{said}\n", 1)


def lay_out(app, exception):
    """Put the notebooks beside their pages, as they are stored."""
    if exception is None and app.builder.name == "html":
        for name in stored():
            put(Path(app.outdir, "notebooks", name), edition(name, app.config.language).read_bytes())


def setup(app):
    """Tell Sphinx."""
    app.add_config_value("drawn_by", "", "env")
    app.connect("builder-inited", copy)
    app.connect("html-page-context", offer)
    app.connect("build-finished", lay_out)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
