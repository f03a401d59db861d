"""The site offers the book as files, where `make book` has made it; nothing is said of it elsewhere."""

import shutil
from pathlib import Path

from docutils import nodes
from editions import NAMES
from left_out import DOCS
from sphinx.util.docutils import SphinxDirective

from course.words import say

FOLDER = "book"


def made(app):
    """Return the files of the book that are there in the language of an edition."""
    paths = sorted(path for path in DOCS.joinpath("_build", "book").glob("*.*") if path.is_file())
    languages = {path: path.stem.rpartition("-")[2] for path in paths}
    own = [path for path in paths if languages[path] == app.config.language]
    return own if app.config.language != "en" else [path for path in paths if languages[path] not in NAMES]


class OfferedBook(SphinxDirective):
    """`{offered-book}`: a sentence with a link to each of its files."""

    def run(self):
        """Write the sentence, and remember where it stands."""
        files = made(self.env.app)
        self.env.book_offered = self.env.docname, [path.name for path in files]
        if not files:
            return []
        text = say("The course as a book, with still figures and all answers at its end:")
        paragraph = nodes.paragraph("", text)
        for place, path in enumerate(files):
            link = nodes.reference("", path.suffix[1:].upper(), refuri=f"{FOLDER}/{path.name}")
            paragraph += [nodes.Text(", " if place else " "), link]
        return [paragraph]


def offered_anew(app, env, added, changed, removed):
    """Have the page read again where a file has come or gone."""
    page, names = getattr(env, "book_offered", (None, []))
    return [page] if page in env.found_docs and names != [path.name for path in made(app)] else []


def lay_out(app, exception):
    """Put the files beside the pages."""
    if exception is None and app.builder.name == "html":
        folder = Path(app.outdir, FOLDER)
        shutil.rmtree(folder, ignore_errors=True)
        for path in made(app):
            folder.mkdir(exist_ok=True)
            shutil.copy2(path, folder)


def setup(app):
    """Tell Sphinx."""
    app.add_directive("offered-book", OfferedBook)
    app.connect("env-get-outdated", offered_anew)
    app.connect("build-finished", lay_out)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
