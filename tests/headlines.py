"""What the tests of headlines share: the prose of a notebook, and a row of its tables."""

from pathlib import Path

import nbformat


def prose(name):
    """Return the Markdown of a notebook, such as "02_dead_relu"."""
    path = Path(__file__).parents[1] / "notebooks" / f"{name}.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def row(title, cells):
    """Return a row of a table in Markdown."""
    return f"| {' | '.join([title, *cells])} |"
