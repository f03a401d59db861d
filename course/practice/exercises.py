"""An exercise is data: a question, its solution, other right answers, known mistakes, and hints.

Each topic has a module, `topic_01.py`, that lists its exercises as `EXERCISES`; a module that lies here is
found. The name of an exercise is that of its reference, and the source of the reference is the solution.
"""

import difflib
import functools
import importlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from course.words import say


@dataclass(frozen=True)
class Mistake:
    """A known mistake: an `example` of it, and the `sentence` that tells the thought behind it.

    The example is a function for an exercise on code, and an answer for a finding. There, `shows(answer)`
    tells whether another answer makes the same mistake; without it, one with the same numbers does.
    """

    example: object
    sentence: str
    shows: Callable | None = None


@dataclass(frozen=True)
class Exercise:
    """An exercise on code: the learner writes a function that returns what `reference` returns.

    `topic` and `section` name the notebook and the heading where it serves. `arguments(rng)` draws a tuple of
    arguments that tells all mistakes apart, `variants` are other right functions, and `own` are functions of
    the course that do the same and are not to be called. Where many answers are right, such as the weights of
    a function that is asked for, `view(result, *arguments)` returns what of a result is compared. Where
    `float32` holds, one more call has its arguments in float32, and the result must be in float32 too.
    """

    topic: str
    section: str
    question: str
    arguments: Callable
    reference: Callable
    variants: tuple
    mistakes: tuple
    hints: tuple
    own: tuple = ()
    view: Callable | None = None
    float32: bool = True

    @property
    def name(self):
        """The name under which it is checked."""
        return self.reference.__name__

    @property
    def stub(self):
        """The code that a learner begins with."""
        return f"def my_{self.name}{inspect.signature(self.reference)}:\n    ..."

    @property
    def solution(self):
        """The source of the reference, under the learner's name, or None where it cannot be read."""
        source = _source(self.reference)
        return source and source.replace(f"def {self.name}(", f"def my_{self.name}(", 1)


@dataclass(frozen=True)
class Finding:
    """An exercise on design: the learner measures, and hands in a dict of numbers and choices.

    `asked` maps each of its names to what stands under it. `reference()` measures and returns a right answer,
    `right` maps names to the range (low, high) of numbers or to a set of choices, and `variants` are other
    right answers. The mistakes are looked for in their order, before the ranges.
    """

    topic: str
    section: str
    question: str
    asked: dict
    reference: Callable
    right: dict
    variants: tuple
    mistakes: tuple
    hints: tuple

    @property
    def name(self):
        """The name under which it is checked."""
        return self.reference.__name__

    @property
    def stub(self):
        """The code that a learner begins with."""
        lines = (f'    "{name}": ...,  # {say(what)}\n' for name, what in self.asked.items())
        return f"my_{self.name} = {{\n{''.join(lines)}}}"

    @property
    def solution(self):
        """The source of the reference, how to find it, or None where it cannot be read."""
        return _source(self.reference)


def _source(function):
    try:
        return inspect.getsource(function).strip()
    except OSError:
        # In the edition for a class, which tools/handout.py makes.
        return None


@functools.cache
def exercises():
    """Return all exercises by name, topic by topic; ValueError where two have the same name."""
    found = {}
    for path in sorted(Path(__file__).parent.glob("topic_*.py")):
        for exercise in importlib.import_module(f"course.practice.{path.stem}").EXERCISES:
            if exercise.name in found:
                raise ValueError(f"Two exercises have the name {exercise.name}.")
            found[exercise.name] = exercise
    return found


def exercise(name):
    """Return an exercise by its name; AttributeError names the one that is most like it."""
    known = exercises()
    if name not in known:
        like = difflib.get_close_matches(name, known, 1, 0)
        raise AttributeError(f"There is no exercise {name}; the most similar name is {like[0]}.")
    return known[name]
