"""Compares what a learner has found by measuring with what can be found: a dict of numbers and choices.

Known mistakes are looked for first, and then what lies outside its range.
"""

from collections.abc import Mapping
from numbers import Real

import numpy as np

from course.arguments import shown
from course.words import say


def is_unfinished(asked, answer):
    """Tell whether a `...` of the stub still stands where a number or a choice is asked for."""
    return isinstance(answer, Mapping) and any(answer.get(name) is ... for name in asked.asked)


def compared(asked, answer):
    """Return the one most useful sentence on what is wrong with an answer to a `Finding`, or None."""
    return _form(asked, answer) or _recognized(asked, answer) or _first_outside(asked, answer)


def _form(asked, answer):
    if not isinstance(answer, Mapping):
        return say("hand in a dict with {names}.", names=", ".join(asked.asked))
    for name in asked.asked:
        if name not in answer:
            return say("the dict has no entry {name}.", name=name)
        got = answer[name]
        if isinstance(asked.right[name], tuple):
            if not isinstance(got, Real) or isinstance(got, bool) or not np.isfinite(got):
                return say("{name} is to be one number, but is {got}.", name=name, got=shown(got))
        elif not isinstance(got, str | bool):
            return say("{name} is to be a choice, but is {got}.", name=name, got=shown(got))
    return None


def _recognized(asked, answer):
    return next((say(mistake.sentence) for mistake in asked.mistakes if _made(mistake, answer)), None)


def _made(mistake, answer):
    """Tell whether an answer makes a known mistake."""
    if mistake.shows is not None:
        return bool(mistake.shows(answer))
    return all(
        np.isclose(answer[name], number) if isinstance(number, Real) else answer[name] == number
        for name, number in mistake.example.items()
    )


def _first_outside(asked, answer):
    for name, right in asked.right.items():
        got = answer[name]
        if not isinstance(right, tuple):
            if got not in right:
                return say("{name} is {got}, which is not right.", name=name, got=shown(got))
        elif not right[0] <= got <= right[1]:
            size = say("too small") if got < right[0] else say("too large")
            return say("{name} = {got} is {size}: measure it again.", name=name, got=f"{got:g}", size=size)
    return None
