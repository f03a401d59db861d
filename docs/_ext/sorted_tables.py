"""Long tables can be sorted and filtered: what that needs stands above them, for a script to show.

The words are here, where they are translated. Pages without a long table do not load the script.
"""

import html

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from course.words import say

# A table with more rows than this does not fit on a screen.
LONG = 15
TOOLS = """<div class="table-tools" hidden data-shown="{shown}">
<label>{filter} <input type="search" aria-label="{filter}: {title}" autocomplete="off"></label>
{only}<p role="status"></p>
</div>
"""
ONLY = (
    '<label><input type="checkbox" value="{word}" data-column="{column}" autocomplete="off"> {text}</label>\n'
)


def cells(row):
    """Return the texts of a row's cells."""
    return [entry.astext().strip() for entry in row.findall(nodes.entry)]


def heading(node):
    """Return the title of the section that a node stands in."""
    while not isinstance(node, nodes.section | nodes.document):
        node = node.parent
    return next(iter(node.findall(nodes.title))).astext()


def only(head, rows):
    """Return a box to tick for each column that answers yes or no, where one of the answers is no."""
    boxes = []
    for column, name in enumerate(head):
        answers = {row[column] for row in rows} - {""}
        if (no := say("no")) in answers <= {say("yes"), no}:
            text = say("only “{word}” in “{column}”", word=no, column=name)
            boxes.append(ONLY.format(word=no, column=column, text=html.escape(text)))
    return "".join(boxes)


class SortedTables(SphinxPostTransform):
    """Put the tools above each long table; a row with one text alone is the title of those below it."""

    # Before the theme puts each table into a box that scrolls, at 500.
    default_priority = 400
    formats = ("html",)

    def run(self, **kwargs):
        """Go through the tables of one page."""
        for table in list(self.document.findall(nodes.table)):
            head, body = (next(iter(table.findall(kind)), ()) for kind in (nodes.thead, nodes.tbody))
            if len(body) <= LONG or len(head) != 1:
                continue
            for row in body:
                if not any(cells(row)[1:]):
                    row["classes"].append("group-title")
                    title, *others = row
                    title["morecols"] = len(others)
                    row[:] = [title]
            words = {
                "filter": say("Filter"),
                "shown": say("{shown} of {all} rows"),
                "title": html.escape(heading(table)),
                "only": only(cells(head[0]), [cells(row) for row in body if len(row) > 1]),
            }
            tools = nodes.raw("", TOOLS.format(**words), format="html")
            table.parent.insert(table.parent.index(table), tools)
            table["classes"].append("sorted")


def load(app, page, template, context, doctree):
    """Load the script on pages that have such a table."""
    if doctree and any("sorted" in table["classes"] for table in doctree.findall(nodes.table)):
        app.add_css_file("tables.css")
        app.add_js_file("tables.js")


def setup(app):
    """Tell Sphinx."""
    app.add_post_transform(SortedTables)
    app.connect("html-page-context", load)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
