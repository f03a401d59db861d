"""The frames of a figure arrive inside its HTML, and leave it as files, so that a page stays small.

Each figure has a name of its own on its page, by which links lead to it.
"""

import base64
import hashlib
import itertools
import re
from pathlib import Path

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.osutil import relative_uri

# The picture that is shown, or one of the others, which lie beside it and are named by their files alone.
EMBEDDED = re.compile(r'(src=")?data:image/webp;base64,([A-Za-z0-9+/=]+)')
NAME = re.compile(r'(?<=^<figure class="explore )([^"]*" id=")([^"]+)')
FOLDER = "_images/frames"


class PictureFiles(SphinxPostTransform):
    """Write each embedded picture to a file of the site, named by its content, and refer to that."""

    default_priority = 600
    formats = ("html",)

    def run(self, **kwargs):
        """Go through the figures of one page."""
        folder = Path(self.app.outdir, FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        prefix = relative_uri(self.app.builder.get_target_uri(self.env.docname), FOLDER)

        def move(match):
            picture = base64.b64decode(match[2])
            name = hashlib.sha256(picture).hexdigest()[:16] + ".webp"
            (folder / name).write_bytes(picture)
            return f"{match[1]}{prefix}/{name}" if match[1] else name

        taken = set(self.document.ids)

        def call(match):
            names = itertools.chain([match[2]], (f"{match[2]}-{n}" for n in itertools.count(2)))
            name = next(name for name in names if name not in taken)
            taken.add(name)
            return match[1] + name

        for node in list(self.document.findall(nodes.raw)):
            if EMBEDDED.search(markup := node.astext()):
                named = NAME.sub(call, EMBEDDED.sub(move, markup))
                node.replace_self(nodes.raw("", named, format="html"))


def setup(app):
    """Tell Sphinx."""
    app.add_post_transform(PictureFiles)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
