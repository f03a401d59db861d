"""Editions are built side by side, each from a folder of its own: all but the English one from copies.

What the pages include lies beside that folder, as it lies beside docs.
"""

from pathlib import Path

from copied_notebooks import put
from left_out import DOCS


def copy(app):
    """Make the pages in the folder of an edition those of docs."""
    source = Path(app.srcdir)
    if source == DOCS:
        return
    for folder in ("docs", "benchmarks"):
        copies, pages = source.parent / folder, sorted((DOCS.parent / folder).glob("*.md"))
        for page in pages:
            put(copies / page.name, page.read_bytes())
        for gone in {path.name for path in copies.glob("*.md")} - {page.name for page in pages}:
            copies.joinpath(gone).unlink()


def setup(app):
    """Tell Sphinx."""
    app.connect("builder-inited", copy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
