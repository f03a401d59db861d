"""A class may leave topics out: what the pages say of them stays, and the links to them become plain text."""

import re
import tomllib
from pathlib import Path

DOCS = Path(__file__).parents[1]
TOPICS = tomllib.loads(DOCS.joinpath("topics.toml").read_text(encoding="utf-8"))
NOTEBOOKS = DOCS.parent / "notebooks"
LINK = re.compile(r"\[([^][]*)\]\(notebooks/(\w+)\.ipynb[^)\s]*\)")


def left_out(name):
    """Return whether a name is that of one of our topics, whose notebook is not there."""
    return name in TOPICS and not (NOTEBOOKS / f"{name}.ipynb").exists()


def unlink(app, docname, source):
    """Keep the text of each link to a topic that was left out. All other links must lead somewhere."""
    source[0] = LINK.sub(lambda link: link[1] if left_out(link[2]) else link[0], source[0])


def read_all(app, env, added, changed, removed):
    """Have all pages read again when a topic comes or goes."""
    return env.found_docs if added or removed else ()


def setup(app):
    """Tell Sphinx."""
    app.connect("source-read", unlink)
    app.connect("env-get-outdated", read_all)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
