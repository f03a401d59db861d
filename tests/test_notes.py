"""What the page of notes says in numbers stands in the sections that it names."""

import re
from pathlib import Path

import pytest
from test_lecture_pages import LINK, sections

DOCS = Path(__file__).parents[1] / "docs"
BLOCKS = (DOCS / "notes.md").read_text(encoding="utf-8").split("\n\n")
# A formula has numbers of its own, and a name such as L2 is none.
NUMBER = re.compile(r"(?<![\w.])[+-]?\d+(?:\.\d+)?(?:e-?\d+)?")


def numbers(text):
    """Return the numbers of a text, without those of its links and formulas.

    >>> sorted(numbers("[01 Leaks](01.ipynb): 5 (0 to -16) of 1.3e-6 at $2n$. +0.1"))
    ['+0.1', '-16', '0', '1.3e-6', '5']
    """
    return set(NUMBER.findall(re.sub(r"\[[^]]*\]\([^)]*\)|\$[^$]*\$", "", text)))


def said(links):
    """Return all that is written and printed in the sections of some links."""
    cells = [cell for name, anchor in links for cell in sections(name)[anchor]]
    printed = [output for cell in cells for output in cell.get("outputs", [])]
    texts = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in printed]
    return "\n".join([*(cell.source for cell in cells), *texts])


@pytest.mark.parametrize("block", [block for block in BLOCKS if LINK.search(block)])
def test_every_number_is_one_of_the_sections(block):
    # The line of the notes comes first, and keeps its numbers as they were.
    correction = block.partition("\n: ")[2] or block
    assert numbers(correction) <= set(NUMBER.findall(said(LINK.findall(block))))


def test_every_line_is_answered_by_a_section_or_a_page():
    lines = [block for block in BLOCKS if "\n: " in block]
    assert lines
    assert [line for line in lines if not re.search(r"\]\([\w/]+\.(md|ipynb)", line)] == []
