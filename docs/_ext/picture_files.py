"""The frames of a figure arrive inside its HTML, and leave it as files, so that a page stays small."""

import base64
import hashlib
import re
from pathlib import Path

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.osutil import relative_uri

EMBEDDED = re.compile(r"data:image/webp;base64,([A-Za-z0-9+/=]+)")
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
            picture = base64.b64decode(match[1])
            name = hashlib.sha256(picture).hexdigest()[:16] + ".webp"
            (folder / name).write_bytes(picture)
            return f"{prefix}/{name}"

        for node in list(self.document.findall(nodes.raw)):
            if '<figure class="explore ' in (markup := node.astext()):
                node.replace_self(nodes.raw("", EMBEDDED.sub(move, markup), format="html"))


def setup(app):
    """Tell Sphinx."""
    app.add_post_transform(PictureFiles)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
