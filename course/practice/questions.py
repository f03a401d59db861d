"""What a question is: its text, its key, and what each wrong answer reveals. No widgets and no pages here.

Questions are data, in `questions_00.py` and its kin, by their names. In their texts code stands between
backquotes, and formulas between dollars. Wherever it can, the course computes the key: it is a function then,
which is called when the question is first shown.
"""

import functools
import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from course.words import say, short

TOO_MUCH, TOO_LITTLE = "No. It is less than that.", "No. It is more than that."
# How far a guess is off, by kind; of two, the first is for one that is too large.
OFF = {
    "exact": ("The figure says {truth}, as you guessed.",),
    "factor": (
        "The figure says {truth}: your guess is too large by a factor of {off}.",
        "The figure says {truth}: your guess is too small by a factor of {off}.",
    ),
    "difference": (
        "The figure says {truth}: your guess is too large by {off}.",
        "The figure says {truth}: your guess is too small by {off}.",
    ),
}
# The site's script, docs/_static/ask.js, knows the same form.
NUMBER = r"([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)( ?%)?"


@dataclass(frozen=True)
class Choice:
    """A question with answers to choose from, `{answer: what it reveals}`, of which one is right.

    `right` is that answer, or a function without arguments that computes which it is. An answer stands on a
    button, so its formulas are written in plain characters, as 2/n. What it reveals is a sentence or two: the
    misconception behind a wrong one, the reason for the right one.
    """

    text: str
    answers: dict
    right: str | Callable

    @cached_property
    def key(self):
        """The right answer; ValueError where what was computed is none of the answers."""
        key = self.right() if callable(self.right) else self.right
        if key not in self.answers:
            raise ValueError(f"The right answer to {self.text!r} is {key!r}, which is none of its answers.")
        return key

    @property
    def asked(self):
        """The question in the reader's language."""
        return say(self.text)

    def replies(self):
        """Yield (answer, whether it is right, what it reveals) in the reader's language, for each answer."""
        for answer, reveals in self.answers.items():
            yield say(answer), answer == self.key, _verdict(answer == self.key, say(reveals))


@dataclass(frozen=True)
class Number:
    """A question that is answered by a number, with typical wrong ones, `{number: what it reveals}`.

    `right` is the number, or a function without arguments that computes it. An answer is right that differs
    from it by at most a `factor`, or by at most `within`; the text says how exact to be. Typical wrong
    answers are known with the same tolerance. `because` explains the right one; where it has {key}, which
    stands for the number, the braces of its formulas are doubled.

    >>> half = Number("Half of one?", 0.5, "It is one of two.", {2: "That is twice."}, within=0.01)
    >>> half.reply(0.5), half.reply(2), half.reply(0.1)
    ((True, 'Right. It is one of two.'), (False, 'No. That is twice.'), (False, 'No. It is more than that.'))
    """

    text: str
    right: float | Callable
    because: str
    wrong: dict
    factor: float = 1.0
    within: float = 0.0

    @cached_property
    def key(self):
        """The right number."""
        return float(self.right() if callable(self.right) else self.right)

    @property
    def asked(self):
        """The question in the reader's language."""
        return say(self.text)

    def tolerated(self, number):
        """The lowest and the highest answer that count as this number."""
        low, high = sorted((number / self.factor, number * self.factor))
        return low - self.within, high + self.within

    def distance(self, guess):
        """Say how far a guess is off: by a factor, where its tolerance is one, and else by a difference."""
        by_factor = self.factor > 1 and guess * self.key > 0
        off = max(guess / self.key, self.key / guess) if by_factor else abs(guess - self.key)
        exact = off < 1.05 if by_factor else off <= self.within / 10
        texts = OFF["exact" if exact else "factor" if by_factor else "difference"]
        return self.off(texts[guess < self.key and not exact], f"{float(f'{off:.2g}'):g}")

    def off(self, text, by):
        """Say one of `OFF`."""
        return say(text, truth=f"{self.key:.3g}", off=by)

    def replies(self):
        """Yield the same with numbers for answers, the right one first."""
        because = say(self.because, key=self.key) if "{key" in self.because else say(self.because)
        yield self.key, True, _verdict(True, because)
        for number, reveals in self.wrong.items():
            yield float(number), False, _verdict(False, say(reveals))

    def reply(self, number):
        """Return (whether a number is right, what to say to it)."""
        return self.known(number) or (False, say(TOO_MUCH if number > self.key else TOO_LITTLE))

    def known(self, number):
        """Return the same for a number that is right or typical, and None for another."""
        for typical, right, words in self.replies():
            low, high = self.tolerated(typical)
            if low <= number <= high:
                return right, words
        return None


@dataclass(frozen=True)
class Prediction:
    """A number that a figure asks for before it is shown. The figure then has it: it is read off its picture.

    What is asked is the y (or, with `axis="x"`, the x) of a point: on the Axes `panel` and its line `line`,
    both counted from 0, the point whose other coordinate is `at`, or the only one there is. It is drawn so
    where the sliders start. `because`, `wrong`, `factor` and `within` are those of a `Number`.
    """

    text: str
    because: str
    wrong: dict
    factor: float = 1.0
    within: float = 0.0
    at: float | None = None
    line: int = 0
    panel: int = 0
    axis: str = "y"

    def question(self, key):
        """The question, now that its right number is known."""
        return Number(self.text, key, self.because, self.wrong, self.factor, self.within)


@functools.cache
def topics(kind):
    """Return the "QUESTIONS" or the "PREDICTIONS" of each topic, by its number; what lies here is found.

    Those across the topics, "all", are questions alone.
    """
    stems = sorted(path.stem for path in Path(__file__).parent.glob("questions_*.py"))
    modules = {stem[10:]: importlib.import_module(f"course.practice.{stem}") for stem in stems}
    return {topic: getattr(module, kind) for topic, module in modules.items() if hasattr(module, kind)}


def number(text):
    """Return the number that a reader has typed, or None: 0.25, 0,25, 25 % and 2.5e-7 are numbers.

    >>> number(" −0,5 "), number("2.5E-7"), number("48 %"), number("half"), number("nan")
    (-0.5, 2.5e-07, 0.48, None, None)
    """
    text = text.strip().replace(",", ".").replace("\N{MINUS SIGN}", "-")
    found = re.fullmatch(NUMBER, text, re.IGNORECASE)
    return found and float(found[1]) / (100 if found[2] else 1)


def _verdict(right, reveals):
    return short(f"{say('Right.') if right else say('No.')} {reveals}")
