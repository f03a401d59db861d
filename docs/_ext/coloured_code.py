"""Code is marked up only where it is coloured: most of its words and signs look as text does.

Pygments puts each of these into an element of its own too, and they would be half of a page's elements.
Sphinx does the same in the signatures of functions.
"""

import re

from pygments.formatters import HtmlFormatter
from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES, Text

SIGNATURE = re.compile(r'<dt class="sig .*?</dt>', re.DOTALL)
UNCOLOURED = re.compile(r'<span class="(?:pre|n|o|p)">([^<]*)</span>')


def plain(style):
    """Return the kinds of tokens that look in a style of Pygments as text does."""
    return {kind for kind in STANDARD_TYPES if style.style_for_token(kind) == style.style_for_token(Text)}


def colour(app):
    """Have code written so, once the theme has said what its styles are."""
    if app.builder.format != "html":
        return
    light, dark = app.builder.highlighter.formatter_args["style"], app.config.pygments_dark_style
    uncoloured = plain(light) & plain(get_style_by_name(dark))

    class Coloured(HtmlFormatter):
        def format_unencoded(self, tokensource, outfile):
            tokens = ((Text if kind in uncoloured else kind, text) for kind, text in tokensource)
            super().format_unencoded(tokens, outfile)

    app.builder.highlighter.formatter = Coloured


def colour_signatures(app, page, template, context, doctree):
    """Take the marks away that no style colours; one may stand within another."""

    def lighter(signature):
        return UNCOLOURED.sub(r"\1", UNCOLOURED.sub(r"\1", signature[0]))

    if "body" in context:
        context["body"] = SIGNATURE.sub(lighter, context["body"])


def setup(app):
    """Tell Sphinx."""
    app.connect("html-page-context", colour_signatures)
    app.connect("builder-inited", colour)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
