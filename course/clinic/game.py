"""The game: buy experiments on a case, name its cause, change one thing; cause and repair are judged apart.

Nothing here knows a notebook or a page: a case comes by its number, and judges answer with a sentence.
"""

from dataclasses import fields, replace
from functools import partial
from typing import NamedTuple

import numpy as np

from course.arguments import choice, instance, whole
from course.clinic import cases, panel
from course.clinic.cases import Case
from course.clinic.experiments import EXPERIMENTS, answer, measured, train
from course.clinic.faults import FAULTS, neighbours
from course.clinic.repairs import REPAIRS
from course.words import say, short

# The order in which they are met: first what the panel shows by itself, then what it leaves open, and last
# what it does not show. None is a healthy run; a case of the order has its number for its seed.
ORDER = (
    "inputs not scaled", "small initial weights", "rate far too high", "negative initial bias",
    "rate too low", None, "large initial weights", "softmax twice", "saturated tanh",
    "constant initial weights", "rate too high", None, "summed loss", "sorted rows",
    "too much regularization", "flipped gradient", "ten layers of sigmoids", None, "too few examples",
    "unbalanced classes", "noisy labels", "ReLU on the scores", "misaligned labels", None,
    "clipped gradient", "large epsilon in Adam", "gradients not reset", "missing ReLU mask",
    "dropout at evaluation", None, "batch statistics at inference", "no nonlinearity", "frozen layer",
    "squared error", "leaked validation rows", None,
)  # fmt: skip
# All experiments but the panel, which is there from the start.
OFFERED = [name for name in EXPERIMENTS if name != "panel"]
HEALTHY, NOTHING = "Nothing is wrong.", "Change nothing."
# What cause and repair are worth, and what an experiment and a wrong answer take from that.
CAUSE, REPAIR, EXPERIMENT, WRONG = 10, 5, 1, 3
# As accurate as its healthy twin, within what another seed changes.
CLOSE = 0.03
# A number is another than that of the twin where they are apart by this share of the larger.
APART = 0.3
# What is zero has a logarithm, too.
TINY = 1e-12
IN_VALIDATION = (
    "Validation accuracy: {before:.2f} before, {after:.2f} after, {sound:.2f} in the healthy twin."
)


class Judged(NamedTuple):
    """A verdict: whether it is `right`, and the `words` that say why."""

    right: bool
    words: str


def dealt(number):
    """Return the case of this number, from 1 on: the first come in order, and all others by chance.

    >>> dealt(1).fault, dealt(6).fault
    ('inputs not scaled', None)
    """
    if whole("case", number, low=1) > len(ORDER):
        return cases.drawn(number)
    fault = ORDER[number - 1]
    if fault is None:
        # The twin of what came before, so that dropout or Adam in a set-up tells nothing.
        return Case(ORDER[number - 2], number).twin
    return Case(fault, number)


def following(status, now=0):
    """Return the number of the next case: the first that is new, but every third is one that was missed.

    `status(number)` is "done", "tried" or None, and `now` the case that was just played.

    >>> following({1: "done", 2: "tried", 3: "done"}.get, now=3), following({1: "tried"}.get, now=1)
    (2, 2)
    """
    kept = {number: status(number) for number in range(1, len(ORDER) + 1)}
    missed = [number for number, value in kept.items() if value == "tried" and number != now]
    new = [number for number, value in kept.items() if value is None and number != now]
    if missed and (not new or sum(value is not None for value in kept.values()) % 3 == 0):
        return missed[0]
    return new[0] if new else whole("now", now, low=0) % len(ORDER) + 1


class Play:
    """A case as it is played: what was `made` of experiments, what was `wrong`, and what is `earned`.

    A cause is worth ten points, less one for each experiment that was made before and three for each wrong
    cause; a repair five, less three for each wrong one. What is right is worth one at least, what was shown
    nothing.

    >>> play = Play(Case("summed loss", seed=1))
    >>> print(play.experiment("double batch"))
    With twice as many rows in a minibatch, the first loss is 2.09 times as high.
    >>> verdicts = play.change("summed loss", "clip at one")
    >>> print(play.earned, play.wrong, play.done)
    {'cause': 9} {'cause': 0, 'repair': 1} False
    """

    def __init__(self, case):
        self.case = instance("case", case, Case, "a Case")
        self.made, self.wrong, self.earned, self.shown = [], {"cause": 0, "repair": 0}, {}, False

    @property
    def done(self):
        """Whether cause and repair were found, and not shown."""
        return self.earned.keys() == self.wrong.keys() and not self.shown

    def experiment(self, name):
        """Make an experiment, which costs a point once, and return its sentence."""
        words = answer(name, self.case)[1]
        if name not in self.made:
            self.made.append(name)
        return words

    def change(self, cause, repair):
        """Name a cause and make a repair, None for neither, and return both verdicts by name."""
        verdicts = {"cause": judge_cause(self.case, cause), "repair": judge_repair(self.case, repair)}
        worth = {"cause": CAUSE - EXPERIMENT * len(self.made), "repair": REPAIR}
        for part, (right, _) in verdicts.items():
            if right:
                self.earned.setdefault(part, max(worth[part] - WRONG * self.wrong[part], 1))
            elif part not in self.earned:
                self.wrong[part] += 1
        return verdicts

    def show(self):
        """Give up, and return what the case is."""
        self.shown = True
        for part in self.wrong:
            self.earned.setdefault(part, 0)
        return truth(self.case)


def truth(case):
    """Return what is wrong with a case, and what puts it right.

    >>> print(truth(Case("frozen layer", seed=0)).partition(". ")[2])
    Hand all parameters to the update.
    """
    if instance("case", case, Case, "a Case").fault is None:
        return f"{say(HEALTHY)} {say(NOTHING)}"
    fault = FAULTS[case.fault]
    return f"{say(fault.sentence)} {say(REPAIRS[fault.repair].sentence)}"


def judge_cause(case, named):
    """Return what is said of a cause, a name of `FAULTS` or None for a healthy run: `Judged(right, words)`.

    A wrong one is refuted by the experiment that tells it from what is there, and by its answer.

    >>> print(judge_cause(Case("rate far too high", seed=3), "summed loss").words)  # doctest: +ELLIPSIS
    Not this one: a summed loss starts twice as high ... With twice as many rows in a minibatch, ...
    """
    instance("case", case, Case, "a Case")
    if named is not None:
        choice("cause", named, FAULTS)
    if named == case.fault:
        return Judged(
            True,
            say(FAULTS[named].sentence) if named else say("Nothing is wrong: it trains as well as its twin."),
        )
    if named is None:
        return Judged(False, say("Something is wrong. {shown}", shown=_shown(FAULTS[case.fault].seen, case)))
    told = neighbours(case.fault).get(named) if case.fault else None
    if told:
        experiment, why = told[0], say(told[1])
        return Judged(
            False, say("Not this one: {why} {shown}", why=_small(why), shown=_shown(experiment, case))
        )
    seen = FAULTS[named].seen
    if case.fault is None or not _apart(seen, case, case.twin):
        return Judged(False, say("Not this one: it would show here. {shown}", shown=_shown(seen, case)))
    # It does show, and has another cause.
    shown = _beside_the_twin(FAULTS[case.fault].seen, case)
    return Judged(False, say("Not this one. Look here. {shown}", shown=shown))


def repaired(case, name):
    """Return the case with this repair, a name of `REPAIRS` or a function of a set-up; as it is with None."""
    instance("case", case, Case, "a Case")
    if name is None:
        return case
    return replace(case, repairs=(name if callable(name) else choice("repair", name, REPAIRS),))


def judge_repair(case, name):
    """Return what is said of a repair, after the network was trained again: `Judged(right, words)`.

    Right is what puts the set-up right. What does not, and brings the accuracy back, is refuted by the
    experiment in which the fault still shows. A function, which a learner wrote, may put it right in another
    way, and is right where the measurement of the fault is nearer to that of the twin than to what it was.

    >>> right, words = judge_repair(Case("missing ReLU mask", seed=4), "a tenth of the rate")
    >>> print(right, words.partition(" Validation")[0])
    False It seems to work, but the fault is still there.
    """
    mended = repaired(case, name)
    unchanged = same(mended.planted, case.planted)
    before, sound = _right(case), _right(case.twin)
    after = before if unchanged else _right(mended)
    seen = say(IN_VALIDATION, before=before, after=after, sound=sound)
    if case.fault is None:
        if name is None:
            return Judged(True, say("A healthy network needs no repair."))
        return Judged(False, say("There was nothing to repair. {seen}", seen=seen))
    if same(mended.planted, repaired(case, FAULTS[case.fault].repair).planted):
        return Judged(True, say("That cures it. {seen}", seen=seen))
    if unchanged or _alike(mended, case):
        return Judged(False, say("That was right to begin with: nothing has changed. {seen}", seen=seen))
    if after < sound - CLOSE:
        return Judged(False, say("That does not cure it. {seen}", seen=seen))
    if callable(name) and _gone(case, mended):
        return Judged(True, say("That cures it, as far as the experiments can tell. {seen}", seen=seen))
    text = (
        say("It seems to work, but the fault is still there. {seen} {still}")
        if before < sound - CLOSE
        else say("The accuracy says nothing here: the fault is still there. {seen} {still}")
    )
    return Judged(False, text.format(seen=seen, still=_still(case, mended)))


def _right(case):
    """The share of validation rows that are right after training."""
    return panel.summary(train(case).run)["validation"]


def same(one, other):
    """Return whether two set-ups are the same, whatever rounding has left of a rate.

    >>> same(Case("noisy labels", 1).planted, Case("noisy labels", 2).planted)
    True
    """
    return all(
        np.isclose(a, b, rtol=1e-9) if part.name == "learning_rate" else _made_of(a) == _made_of(b)
        for part in fields(one)
        for a, b in [
            [getattr(each, "pair" if part.name == "functions" else part.name) for each in (one, other)]
        ]
    )


def _alike(one, other):
    """Whether two cases train alike, as where inputs that are scaled are scaled again."""
    pair = [train(each).run.loss for each in (one, other)]
    return len({len(loss) for loss in pair}) == 1 and np.allclose(*pair, rtol=1e-6, equal_nan=True)


def _made_of(part):
    """What a part is made of: two partial functions are never equal, but what they are made of is."""
    if isinstance(part, partial):
        return _made_of(part.func), *map(_made_of, part.args), *part.keywords.items()
    return part


@np.errstate(invalid="ignore")
def _gone(case, mended):
    now, before, sound = (
        np.log(abs(measured(FAULTS[case.fault].seen, each)) + TINY) for each in (mended, case, case.twin)
    )
    return abs(now - sound) < abs(now - before)


def _still(case, mended):
    """Say in which experiment a repaired case is still apart from its twin: that of the fault, or another."""
    fault = FAULTS[case.fault]

    others = [told for told, _ in neighbours(case.fault).values()]
    others += [f"panel: {number}" for number in panel.READ]
    if (told := next((one for one in [fault.seen, *others] if _apart(one, mended, case.twin)), None)) is None:
        return say("No experiment shows it any more: {fault}", fault=_small(say(fault.sentence)))
    return _beside_the_twin(told, mended)


def _apart(measurement, one, other):
    """Whether a measurement tells two cases from each other."""
    ours, theirs = measured(measurement, one), measured(measurement, other)
    if not (np.isfinite(ours) and np.isfinite(theirs)):
        return ours != theirs and not (np.isnan(ours) and np.isnan(theirs))
    return abs(ours - theirs) > APART * max(abs(ours), abs(theirs))


def _beside_the_twin(measurement, case):
    ours, theirs = (_shown(measurement, each) for each in (case, case.twin))
    return say("{ours} In the healthy twin: {theirs}", ours=ours, theirs=_small(theirs))


def _shown(measurement, case):
    """Say what a measurement gives: a number of the panel by its name, or the answer of an experiment."""
    experiment, _, number = measurement.partition(": ")
    if experiment != "panel":
        return answer(experiment, case)[1]
    value = short(f"{measured(measurement, case):.3g}")
    what = say(panel.READ[number])
    return say("{what}: {value}.", what=large(what), value=value)


def large(words):
    """Return words that begin a sentence.

    >>> large("softmax twice")
    'Softmax twice'
    """
    return words[0].upper() + words[1:]


def _small(sentence):
    return sentence[0].lower() + sentence[1:]
