"""The first emphasized use of a term on a page links to the glossary; elsewhere it is just in italics.

A translated glossary has the English names of its entries as well, so that one glossary drives all editions.
"""

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

GLOSSARY = "glossary"


class GlossaryLinks(SphinxPostTransform):
    """Turn `*dead unit*`, and its plural, into a reference that the standard domain then resolves."""

    # Before the references are resolved, at 10.
    default_priority = 5

    def run(self, **kwargs):
        """Go through the emphasized words of one page."""
        if self.env.docname == GLOSSARY:
            return
        objects = self.env.domains.standard_domain.get_objects()
        terms = {name.lower(): name for name, _, kind, *_ in objects if kind == "term"}
        # "학습률(learning rate)" is written *학습률* where it is used.
        terms = {name.partition("(")[0].strip(): terms[name] for name in terms} | terms
        linked = set()
        for node in list(self.document.findall(nodes.emphasis)):
            text = node.astext().lower()
            term = next(
                (s for s in (text, text.removesuffix("s"), text.removesuffix("es")) if s in terms), None
            )
            if term and term not in linked:
                linked.add(term)
                reference = addnodes.pending_xref(
                    "", node.deepcopy(), refdomain="std", reftype="term", reftarget=terms[term],
                    refdoc=self.env.docname, refexplicit=True, refwarn=True,
                )  # fmt: skip
                node.replace_self(reference)


def pages_with_terms(app, env, added, changed, removed):
    """Have all pages read again when the glossary changes."""
    return env.found_docs if GLOSSARY in added | changed else ()


def setup(app):
    """Tell Sphinx."""
    app.add_post_transform(GlossaryLinks)
    app.connect("env-get-outdated", pages_with_terms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
