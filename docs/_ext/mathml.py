"""Formulas become MathML at build, which browsers draw themselves: no script, no fonts from outside."""

import html
import re

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)


def formula(latex, display, node):
    """Return the MathML of a formula; a command that latex2mathml does not know is a warning, so an error."""
    markup = convert(latex, display=display)
    if "\\" in markup:
        logger.warning("Formula with an unknown command: %s", latex, location=node)
    return markup


def inline(translator: HTML5Translator, node: nodes.math):
    """Write a formula inside a line."""
    translator.body.append(formula(node.astext(), "inline", node))
    raise nodes.SkipNode


def block(translator: HTML5Translator, node: nodes.math_block):
    """Write a formula on a line of its own, which scrolls where the screen is too narrow for it."""
    translator.body.append(f'<div class="formula">{formula(node.astext(), "block", node)}</div>\n')
    raise nodes.SkipNode


class FormulasOfQuestions(SphinxPostTransform):
    """A question arrives as HTML, with its formulas between dollars."""

    default_priority = 600
    formats = ("html",)

    def run(self, **kwargs):
        """Go through the questions of one page."""
        for node in list(self.document.findall(nodes.raw)):
            if '<div class="ask"' in (markup := node.astext()):

                def drawn(match, node=node):
                    return formula(html.unescape(match[1]), "inline", node)

                node.replace_self(nodes.raw("", re.sub(r"\$([^$]+)\$", drawn, markup), format="html"))


def setup(app):
    """Tell Sphinx."""
    app.add_post_transform(FormulasOfQuestions)
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
