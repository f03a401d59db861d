"""The examples on the page of the package, run one after the other as a reader would."""

import doctest
import importlib
import re
import sys
from pathlib import Path
from types import FunctionType

import nbformat
import pytest

from course import activations, practice, words

sys.path.insert(0, str(Path(__file__).parents[1] / "docs" / "_ext"))
import used_in

PAGE = Path(__file__).parents[1] / "docs" / "reference.md"


def test_the_examples_give_what_the_page_shows(monkeypatch):
    # One of them adds an activation, which stays with this test.
    monkeypatch.setattr(activations, "ACTIVATIONS", dict(activations.ACTIVATIONS))
    options = {"optionflags": doctest.NORMALIZE_WHITESPACE, "encoding": "utf-8"}
    failed, run = doctest.testfile(str(PAGE), module_relative=False, **options)
    assert run == PAGE.read_text(encoding="utf-8").count(">>> ") > 0
    assert not failed


def written(topic):
    """All code of a topic's notebook."""
    [path] = used_in.NOTEBOOKS.glob(f"{topic}_*.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "code")


def topics(thing):
    """The topics that the reference names of a function, without those of exercises."""
    return re.findall(r"`(\d\d) </notebooks/\d\d", used_in.line(thing))


@pytest.mark.parametrize("path", sorted(used_in.NOTEBOOKS.glob("[0-9]*.ipynb")), ids=lambda path: path.stem)
def test_every_function_that_a_topic_imports_by_name_has_its_line(path):
    topic = path.stem[:2]
    imports = re.findall(r"^from (course[\w.]*) import (.+)$", written(topic), re.MULTILINE)
    things = [
        getattr(importlib.import_module(module), name.strip(), None)
        for module, names in imports
        for name in names.split(",")
    ]
    functions = [thing for thing in things if isinstance(thing, FunctionType)]
    assert functions
    assert all(topic in topics(thing) for thing in functions)


def test_a_function_that_is_reached_through_its_module_has_its_line_too():
    from course import plots

    expected = [path.stem[:2] for path in sorted(used_in.NOTEBOOKS.glob("[0-9]*.ipynb"))
                if re.search(r"\bplots\.curve\(", written(path.stem[:2]))]  # fmt: skip
    assert topics(plots.curve) == expected


def test_exercises_are_told_from_topics_and_what_no_notebook_uses_has_no_line():
    assert used_in.line(practice.check).startswith("In the exercises of :doc:`00 </notebooks/practice/00_")
    assert used_in.line(words.short) == ""
    # What is imported and never used is not used, and neither is what has the same name.
    assert [*used_in.used("from course.words import say\ncourse = say2 = 1\ncourse.words")] == []
    assert {*used_in.used("from course import words as w\nw.say('x')")} == {words, words.say}
