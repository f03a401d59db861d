"""Code that a reader seldom needs is folded: that of the imports, and that of figures longer than five lines.

The figure stands where its cell stood, under its question, and the folded code beneath it. It opens without
scripts, and the browser's search in the page opens it too. A question is answered on its page, and the code
that asks it is left out, unless a figure asks. The notebooks stay as they are.
"""

import html

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from course.words import say

# The most lines of a figure's cell that stay open.
SHORT = 5
FIGURE = '<figure class="explore '


def holds(output, markup):
    """Return whether what a cell shows holds a piece of HTML."""
    return any(markup in raw.astext() for part in output for raw in part.findall(nodes.raw))


def summary(source, output):
    """Return the words under which the code of a cell is folded, or None for code that stays open."""
    text = source.astext()
    if not output:
        return say("Code: imports") if text.startswith(("import ", "from ")) else None
    figure = holds(output, FIGURE)
    long = sum(bool(line.strip()) for line in text.splitlines()) > SHORT
    return say("Code of this figure") if figure and long else None


class FoldedCode(SphinxPostTransform):
    """Put the code of such cells last, into an element that opens."""

    # After myst_nb has chosen the form of each output, at 4.
    default_priority = 200
    formats = ("html",)

    def run(self, **kwargs):
        """Go through the cells of one page."""
        for cell in list(self.document.findall(nodes.container)):
            if cell.get("nb_element") == "cell_code":
                source, *output = cell.children
                if holds(output, '<div class="ask"') and not holds(output, FIGURE):
                    cell.remove(source)
                elif words := summary(source, output):
                    start = f'<details class="folded"><summary>{html.escape(words)}</summary>'
                    fold = [nodes.raw("", mark, format="html") for mark in (start, "</details>")]
                    cell.children = []
                    cell.extend([*output, fold[0], source, fold[1]])


def setup(app):
    """Tell Sphinx."""
    app.add_post_transform(FoldedCode)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
