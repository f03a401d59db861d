"""Every row and every claim of the lecture has its section, and the section shows something that was run."""

import re
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "docs" / "_ext"), str(ROOT / "tools")]
import practice  # noqa: E402
from left_out import left_out  # noqa: E402

PAGE = ROOT.joinpath("docs", "lecture.md").read_text(encoding="utf-8")
# Slides of words: which activation to use, further reading, and the summary. What to tune has experiments.
OF_WORDS = {"row 14", "row 24", "row 43"}
LINK = re.compile(r"\]\(notebooks/(\w+\.ipynb)#([\w-]+)\)")


def rows():
    """Yield `(kind and number, slides, links)` of each row of the two tables."""
    kind = "row"
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        kind = cells[0] if cells and cells[0] in ("row", "claim") else kind
        if cells and cells[0].isdigit():
            yield f"{kind} {cells[0]}", cells[1], LINK.findall(cells[-1])


ROWS = list(rows())


def sections(name):
    """Return the cells under each heading of a notebook, by the heading's anchor."""
    found, anchor = {}, None
    for cell in nbformat.read(ROOT / "notebooks" / name, as_version=4).cells:
        if cell.cell_type == "code":
            found[anchor].append(cell)
            continue
        for part in filter(None, re.split(r"^(?=#)", cell.source, flags=re.MULTILINE)):
            if part.startswith("#"):
                anchor = practice.anchor(part.splitlines()[0].strip("# "))
                found[anchor] = []
            found[anchor].append(nbformat.v4.new_markdown_cell(part))
    return found


def numbers(text):
    """Return the slides that a text names: `16-22, 36` and `slides 16 to 22 and 36` are the same.

    >>> sorted(numbers("20-22, 36"))
    [20, 21, 22, 36]
    """
    ranges = re.findall(r"(\d+)(?:(?:-| to )(\d+))?", text)
    return {n for first, last in ranges for n in range(int(first), int(last or first) + 1)}


def was_run(cells):
    return any(
        cell.cell_type == "code"
        and cell.execution_count
        and any(output.output_type in ("stream", "display_data") for output in cell.outputs)
        for cell in cells
    )


def test_all_rows_and_claims_are_listed():
    assert [name for name, *_ in ROWS] == [f"row {i}" for i in range(1, 44)] + [
        f"claim {i}" for i in range(1, 10)
    ]


@pytest.mark.parametrize(("name", "slides", "links"), ROWS, ids=[name for name, *_ in ROWS])
def test_a_row_is_treated_where_the_page_says(name, slides, links):
    assert links
    there = [
        (notebook, anchor) for notebook, anchor in links if not left_out(notebook.removesuffix(".ipynb"))
    ]
    if not there:
        pytest.skip(f"{links[0][0]} was left out")
    named = set()
    for notebook, anchor in there:
        assert (ROOT / "notebooks" / notebook).exists(), f"docs/lecture.md: {name} links to {notebook}"
        cells = sections(notebook)[anchor]
        assert was_run(cells) or name in OF_WORDS, f"{anchor} of {notebook} shows nothing that was run"
        prose = " ".join(cell.source for cell in cells if cell.cell_type == "markdown")
        named |= numbers(" ".join(re.findall(r"[Ss]lides? ([\d,\- andto]+)", prose)))
    assert named & numbers(slides) or there != links, f"none of the slides {slides} is named there"


def test_a_section_that_was_not_run_is_found():
    notebook, anchor = next(
        link for _, _, links in ROWS for link in links if not left_out(link[0].removesuffix(".ipynb"))
    )
    cells = sections(notebook)[anchor]
    assert was_run(cells)
    for cell in cells:
        cell.update(execution_count=None) if cell.cell_type == "code" else None
    assert not was_run(cells)
