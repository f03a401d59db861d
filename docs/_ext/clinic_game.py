"""The game of the clinic stands on a page: its cases are trained and drawn when the page is read."""

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from course.clinic import paged


class ClinicGame(SphinxDirective):
    """`{clinic-game}`: the cases that are recorded, to be played."""

    def run(self):
        """Draw them; changes of the package have all pages read again."""
        return [nodes.raw("", paged.page(), format="html")]


def load(app, page, template, context, doctree):
    """Load the script on the page that has the game."""
    if doctree and any('<div class="clinic"' in node.astext() for node in doctree.findall(nodes.raw)):
        app.add_css_file("clinic.css")
        # After what all pages load, on which it builds.
        app.add_js_file("clinic.js", priority=900)


def setup(app):
    """Tell Sphinx."""
    app.add_directive("clinic-game", ClinicGame)
    app.connect("html-page-context", load)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
