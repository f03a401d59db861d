"""Mistakes written anew, by people who saw only the sentence that describes each, get that sentence.

A mistake that is shipped with its exercise recognizes itself. Whether a check understands learners is seen on
code that its author has not seen: `tests/mistakes/topic_01.py` maps (exercise, sentence) to such a function,
its MISTAKES. Where a sentence could be read in another way too, ALTERNATIVES has more.
"""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from course.practice import running
from course.practice.checking import judge
from course.practice.exercises import Exercise, exercises

pytestmark = pytest.mark.slow
FOLDER = Path(__file__).parent / "mistakes"


def written(path):
    """The mistakes of one file, and pairs of more."""
    spec = importlib.util.spec_from_file_location(f"mistakes_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    more = getattr(module, "ALTERNATIVES", [])
    return module.MISTAKES, list(more.items() if isinstance(more, dict) else more)


FILES = [written(path) for path in sorted(FOLDER.glob("*.py"))]
ALL = {key: function for mistakes, _ in FILES for key, function in mistakes.items()}
MORE = [pair for _, alternatives in FILES for pair in alternatives]
# This one is a mistake where x holds whole numbers, and right for the numbers that are drawn.
RIGHT_HERE = "your slopes have lost what comes after the point: make the array for them one of floats."


def test_every_mistake_of_every_exercise_on_code_was_written_anew():
    asked = [exercise for exercise in exercises().values() if isinstance(exercise, Exercise)]
    assert {(e.name, mistake.sentence) for e in asked for mistake in e.mistakes} == ALL.keys()


@pytest.fixture(scope="module")
def said():
    """What the check says of each, in this process: none of them does any harm."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "CAN_FORK", False)
        pairs = [*ALL.items(), *MORE]
        return [(key[:2], judge(exercises()[key[0]], f, np.random.default_rng(0))) for key, f in pairs]


def test_nineteen_in_twenty_get_the_sentence_that_describes_them(said):
    missed = {key: answer for key, answer in said[: len(ALL)] if answer.sentence != key[1]}
    assert len(missed) <= 0.05 * len(ALL), missed


def test_none_of_them_passes(said):
    passed = {key for key, answer in said if answer.status == "passed"}
    assert passed <= {("centred_difference", RIGHT_HERE)}
