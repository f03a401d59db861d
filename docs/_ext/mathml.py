"""Formulas become MathML at build, which browsers draw themselves: no script, no fonts from outside."""

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)


def formula(node, display):
    """Return the MathML of a formula; a command that latex2mathml does not know is a warning, so an error."""
    latex = node.astext()
    markup = convert(latex, display=display)
    if "\\" in markup:
        logger.warning("Formula with an unknown command: %s", latex, location=node)
    return markup


def inline(translator: HTML5Translator, node: nodes.math):
    """Write a formula inside a line."""
    translator.body.append(formula(node, "inline"))
    raise nodes.SkipNode


def block(translator: HTML5Translator, node: nodes.math_block):
    """Write a formula on a line of its own, which scrolls where the screen is too narrow for it."""
    translator.body.append(f'<div class="formula">{formula(node, "block")}</div>\n')
    raise nodes.SkipNode


def setup(app):
    """Tell Sphinx."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
