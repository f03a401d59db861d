"""What the tests of headlines share: the prose of a notebook, and a row of its tables."""

import sys
from pathlib import Path

import nbformat
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "docs" / "_ext"))
from left_out import left_out


def prose(name):
    """Return the Markdown of a notebook, such as "02_dead_relu". Where it was left out, the test skips."""
    if left_out(name):
        pytest.skip(f"{name} was left out", allow_module_level=True)
    path = Path(__file__).parents[1] / "notebooks" / f"{name}.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def row(title, cells):
    """Return a row of a table in Markdown."""
    return f"| {' | '.join([title, *cells])} |"
