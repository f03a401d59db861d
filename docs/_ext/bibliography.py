"""The bibliography is gathered from the notebooks: a source is written down once, where it is used."""

import re
from pathlib import Path

import nbformat
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def sources(folder):
    """Return `{source: [topics]}` of all "Further reading" sections, by author; a source is one list item."""
    found = {}
    for path in sorted(folder.glob("*.ipynb")):
        last = nbformat.read(path, as_version=4).cells[-1].source
        for item in re.findall(r"^- (.*)$", last, flags=re.MULTILINE):
            if not item.startswith(("Slides", "CS231n", "The course's")):
                # A second sentence says why the source is listed there.
                source = item.split(". ")[0].rstrip(".")
                found.setdefault(source, []).append(path)
    return dict(sorted(found.items(), key=lambda entry: entry[0].lower()))


class Bibliography(SphinxDirective):
    """`{bibliography}`: all sources, each with the topics that name it."""

    def run(self):
        """Write the list as Markdown and have it parsed."""
        lines = [
            f"- {source}. Topic " + ", ".join(f"[{p.stem[:2]}](notebooks/{p.name})" for p in paths) + "."
            for source, paths in sources(NOTEBOOKS).items()
        ]
        for path in NOTEBOOKS.glob("*.ipynb"):
            self.env.note_dependency(str(path))
        node = nodes.container()
        self.state.nested_parse(StringList(lines, source=str(NOTEBOOKS)), 0, node)
        return node.children


def setup(app):
    """Tell Sphinx."""
    app.add_directive("bibliography", Bibliography)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
