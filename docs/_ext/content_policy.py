"""What a page may load is written into it: what slips past every other check then still does nothing.

All comes from the site's own files, and the theme's small icons from within its style sheet. Of scripts
inside a page only the theme's own line runs, which sets light or dark before anything is drawn; of styles
inside it only the theme's one holds, which hides its list of icons; both are known by their hashes, which are
taken from the theme. Nothing may be framed, sent elsewhere or resolved against another address. All this
holds on a server and from disk alike.
"""

import base64
import hashlib
import re
from pathlib import Path

import furo

THEME = Path(furo.__file__).parent / "theme" / "furo"


def hashes(pattern, name):
    """Return the hashes of all that a template of the theme writes into pages in this way."""
    found = re.findall(pattern, THEME.joinpath(name).read_text(encoding="utf-8"), re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in found]
    return " ".join(f"'sha256-{digest}'" for digest in dict.fromkeys(digests))


POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self' " + hashes("<script>(.*?)</script>", "base.html"),
        "style-src 'self' 'unsafe-hashes' " + hashes('style="(.*?)"', "partials/icons.html"),
        "img-src 'self' data:",
        "font-src 'self'",
        # The search reads the pages that it has found.
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
    ]
)


def write(app, page, template, context, doctree):
    """Put the policy before everything that it governs."""
    meta = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    context["metatags"] = meta + context.get("metatags", "")


def setup(app):
    """Tell Sphinx."""
    app.connect("html-page-context", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
