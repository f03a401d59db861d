"""A translated glossary stands in the order of its own language, not in that of the English terms."""

from docutils import nodes
from glossary_links import GLOSSARY
from sphinx.transforms.post_transforms import SphinxPostTransform


class SortedGlossary(SphinxPostTransform):
    """Sort the entries of a translated glossary: Latin letters first, and Hangul as dictionaries have it."""

    default_priority = 400

    def run(self, **kwargs):
        """Go through the lists of the page."""
        if self.env.docname == GLOSSARY and self.config.language != "en":
            for entries in self.document.findall(nodes.definition_list):
                entries[:] = sorted(entries, key=lambda entry: entry[0].astext().casefold())


def setup(app):
    """Tell Sphinx."""
    app.add_post_transform(SortedGlossary)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
