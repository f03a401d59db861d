"""The examples on the page of the package, run one after the other as a reader would."""

import doctest
from pathlib import Path

from course import activations

PAGE = Path(__file__).parents[1] / "docs" / "reference.md"


def test_the_examples_give_what_the_page_shows(monkeypatch):
    # One of them adds an activation, which stays with this test.
    monkeypatch.setattr(activations, "ACTIVATIONS", dict(activations.ACTIVATIONS))
    options = {"optionflags": doctest.NORMALIZE_WHITESPACE, "encoding": "utf-8"}
    failed, run = doctest.testfile(str(PAGE), module_relative=False, **options)
    assert run == PAGE.read_text(encoding="utf-8").count(">>> ") > 0
    assert not failed
