"""The sentence under a figure gets the room that its longest one needs, so that no slider moves the page."""

import html
import json
import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

FRAMES = re.compile(r"""data-frames=(["'])(.*?)\1""")
STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


class SteadyCaptions(SphinxPostTransform):
    """Write the longest sentence of each figure beside the one that is shown; the style sheet measures it."""

    # After picture_files, at 600: of all that the frames are made of, sentences are then the longest.
    default_priority = 601
    formats = ("html",)

    def run(self, **kwargs):
        """Go through the figures of one page."""
        for node in list(self.document.findall(nodes.raw)):
            if frames := FRAMES.search(markup := node.astext()):
                longest = json.loads(max(STRING.findall(html.unescape(frames[2])), key=len))
                caption = f'<figcaption data-longest="{html.escape(longest)}">'
                markup = markup.replace("<figcaption>", caption)
                node.replace_self(nodes.raw("", markup, format="html"))


def setup(app):
    """Tell Sphinx."""
    app.add_post_transform(SteadyCaptions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
