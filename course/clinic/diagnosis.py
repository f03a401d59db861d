"""A diagnosis reads the panel of a training run by rules, and names likely causes, each with its evidence.

The rules are data, `RULES`. Those of a fault are lines, each of which compares a number with a limit: the
signs with numbers of the panel, the proof with answers of experiments. A fault is suspected where its signs
hold, and an answer outweighs them: where the proof is there, a fault is found if it holds, and ruled out if
not. A line whose number was not measured speaks neither for a fault nor against it, but without its first
sign no fault is suspected.

Where none is suspected, and the run is far worse than its twin, something must be wrong: then the three
causes are named whose signs are nearest to their limits.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from course.arguments import choice, floats, instance
from course.clinic.experiments import EXPERIMENTS
from course.clinic.faults import FAULTS, neighbours
from course.clinic.panel import Run, summary
from course.clinic.repairs import REPAIRS
from course.words import say


class Line(NamedTuple):
    """A line: a `measurement`, the side of the `limit` it must lie on, "<" or ">", and that limit.

    The measurement is one of `MEASURES`, alone, or beside that of the healthy twin: "backward / twin" is the
    quotient of the two and "validation - twin" the difference. Or it is one of `ANSWERS`, "scores: lowest".
    """

    measurement: str
    side: str
    limit: float


class Rule(NamedTuple):
    """The `signs` of a fault on the panel, its `proof`, and the `section` of a topic that teaches it."""

    signs: tuple
    proof: tuple
    section: str


def rule(signs, proof, section):
    """Return the `Rule` whose lines are written as text, with a comma between them.

    >>> rule("gain > 1.8, zeros > 0.1", "", "04: Xavier").signs[0]
    Line(measurement='gain', side='>', limit=1.8)
    """
    parts = ([line.rsplit(" ", 2) for line in text.split(", ") if line] for text in (signs, proof))
    lines = (tuple(Line(name, side, float(limit)) for name, side, limit in part) for part in parts)
    return Rule(*lines, section)


class Cause(NamedTuple):
    """A likely cause: the `fault`, its `evidence`, the `experiment` to make next, and the `section` on it.

    Where nothing is left to ask the experiment is None, and the repair is next.

    The `verdict` is "found" where an experiment has proved it, "suspected" where its signs hold, and
    "possible" for what those that were found or suspected are often taken for, or what comes nearest where
    there are none.
    """

    fault: str
    verdict: str
    evidence: str
    experiment: str | None
    section: str


class Diagnosis(NamedTuple):
    """The likely `causes`, likeliest first, and one `sentence`, which also says so where there are none."""

    causes: list
    sentence: str


# What is read from the panel, and how a sentence calls it.
MEASURES = {
    "input size": "the root mean square of the inputs",
    "first loss": "the first loss, in units of ln C,",
    "last loss": "the last loss, in units of ln C,",
    "highest loss": "the highest loss over the first",
    "lowest loss": "the lowest loss over the first",
    "blow-up": "the first step at which the loss is three times the first",
    "jumps": "the share of steps at which the loss rises by half of ln C",
    "roughness": "the median change of the late loss from step to step, as a logarithm,",
    "softmax floor": "the lowest loss over that which a second softmax leaves",
    "training": "the training accuracy",
    "validation": "the validation accuracy",
    "wrong": "the share of validation rows that are wrong",
    "over guessing": "the validation accuracy over that of guessing",
    "gap": "the training accuracy less that of validation",
    "early gap": "the largest of the first three gaps between the accuracies",
    "dead": "the share of dead units at the start",
    "dead at the end": "the share of dead units at the end",
    "zeros": "the share of activations that are zero",
    "bounded": "whether the activation has bounds, 1 or 0,",
    "saturated": "the share of saturated units",
    "gain": "what a layer does to the standard deviation, as a factor,",
    "contrast": "the standard deviation of the last activations over their mean",
    "gradient ratio": "the gradient of the first layer over that of the last",
    "backward": "what a layer does to the gradient, as a factor,",
    "gradient peak": "the share of the first gradients in the fullest bin",
    "silent scores": "the share of the last gradients that are zero, beyond dead units,",
    "silent or wrong": "the share of silent scores, and of training rows that are wrong, together",
    "update": "the largest update ratio",
    "first update": "the first update ratio",
    "last update": "the last update ratio",
    "update growth": "the largest update ratio over the first",
    "update spread": "the spread of the update ratio over the run, in decades,",
    "still layers": "the share of layers that never move",
    "equal units": "whether all units of a layer are alike, 1 or 0,",
}

# The same for the answers of experiments; where a number of the run belongs to it, it is put in first.
ANSWERS = {
    "gradient check: error": "the error of the gradient",
    "double batch: times": "the first loss of twice the minibatch over that of the minibatch",
    "known scores: zero over guessing": "the loss of scores of zero, in units of ln C,",
    "known scores: right": "the loss of scores that are all but certain",
    "weights: over_he": "the initial weights over those of He",
    "weights: alike": "the share of layers whose units are all alike",
    "weights: bias": "the initial bias",
    "weights: still": "the share of layers that never moved",
    "weights: last over first": "the last weights over the initial ones",
    "two evaluations: differ": "the share of predictions that differ when made again",
    "two evaluations: alone_alike": "the share of one class among rows that are evaluated one by one",
    "count the labels: most over even": "the share of the most frequent label over an even share",
    "count the labels: rows of a class": "the mean number of training rows of a class",
    "scores: lowest": "the lowest score",
    "duplicates: share": "the share of validation rows among the training rows",
    "step by hand: ratio": "a step over what rate, gradient and rule make of it",
    "step by hand: evenness": "the least of the layers in this over all of them",
    "look at the rows: wrong": "the share of labels that do not fit their rows",
    "a tenth of the rate: gained": "the validation accuracy gained at a tenth of the rate",
    "a hundredth of the rate: gained": "the validation accuracy gained at a hundredth of the rate",
    "ten times the rate: gained": "the validation accuracy gained at ten times the rate",
    "shuffle: gained": "the validation accuracy gained by shuffling",
}

# What stands for the twin where there is none: medians of the sound networks of the clinic.
USUAL = {
    "input size": 1.0,
    "gradient ratio": 0.5,
    "backward": 0.95,
    "gradient peak": 0.245,
    "dead": 0.0,
    "saturated": 0.05,
    "zeros": 0.5,
    "training": 1.0,
    "validation": 0.96,
    # How many are wrong depends on the data, so that without a twin nothing is usual.
    "wrong": np.nan,
    "gap": 0.02,
    "last loss": 0.002,
    "dead at the end": 0.02,
}

# A healthy run may end somewhat below its twin; of one that ends further below, some cause is named.
FAR = 0.1

# In the order in which causes are named: what is certain comes before what many faults have in common.
RULES = {
    "inputs not scaled": rule(
        "input size / twin > 8",
        "",
        "03: What should the data look like before training?",
    ),
    "constant initial weights": rule(
        "equal units > 0.5",
        "weights: alike > 0.5",
        "04: Weights of zero stay equal",
    ),
    "negative initial bias": rule(
        "dead - twin > 0.15, equal units < 0.5",
        "weights: bias < -0.5",
        "02: A small positive bias",
    ),
    "saturated tanh": rule(
        "saturated - twin > 0.3, contrast > 1",
        "weights: over_he > 2, saturated > 0.3",
        "04: Large weights: saturated, but not without gradient",
    ),
    "ten layers of sigmoids": rule(
        "gradient ratio / twin < 0.02, contrast < 0.5",
        "",
        "01: The sigmoid as a gate",
    ),
    "large initial weights": rule(
        "gain > 1.8",
        "weights: over_he > 2.5, zeros > 0.1",
        "04: The ReLU halves it",
    ),
    "small initial weights": rule(
        "gain < 0.3, dead - twin < 0.15, contrast > 0.5",
        "weights: over_he < 0.4, weights: alike < 0.5",
        "04: Small weights: everything fades",
    ),
    "no nonlinearity": rule(
        "zeros - twin < -0.2, contrast > 0.5, bounded < 0.5",
        "",
        "01: A weighted sum, and then a nonlinearity",
    ),
    "summed loss": rule(
        "first loss > 6, gain < 1.8, input size / twin < 8",
        "double batch: times > 1.5",
        "06: Two numbers to predict before training",
    ),
    "sorted rows": rule(
        "gradient peak / twin < 0.84, jumps > 0.003, first loss < 6",
        "shuffle: gained > 0.2",
        "06: Four shapes of a loss curve",
    ),
    "squared error": rule(
        "first loss < 0.82",
        "known scores: zero over guessing < 0.75",
        "06: Two numbers to predict before training",
    ),
    "frozen layer": rule(
        "still layers > 0, still layers < 1, dead - twin < 0.15, equal units < 0.5",
        "weights: still > 0, weights: alike < 0.5, weights: bias > -0.5",
        "06: How large is a healthy step?",
    ),
    "missing ReLU mask": rule(
        "backward / twin > 1.31, backward > 1.1, gain < 1.8",
        "gradient check: error > 0.001, gradient check: error < 1.5",
        "06: Before training: is the gradient right?",
    ),
    "softmax twice": rule(
        "softmax floor > 0.99, softmax floor < 1.6, first loss < 1.15, over guessing > 2.5, update > 0.001",
        "known scores: right > 0.1",
        "06: Six planted bugs, and which check finds them",
    ),
    "gradients not reset": rule(
        "jumps > 0.15, lowest loss < 0.8, blow-up > 4",
        "step by hand: ratio > 1.5, weights: last over first > 0.3",
        "06: Six planted bugs, and which check finds them",
    ),
    "flipped gradient": rule(
        "lowest loss > 0.9, highest loss > 3, first loss < 6, first update < 0.25",
        "gradient check: error > 1.5",
        "06: Before training: is the gradient right?",
    ),
    "rate far too high": rule(
        "highest loss > 6, blow-up < 16, first loss < 6, first update > 0.025",
        "a hundredth of the rate: gained > 0.3, blow-up < 16, first loss < 6",
        "06: From one millionth to one million",
    ),
    "too much regularization": rule(
        "last loss > 0.95, last loss < 1.05, last update > 0.01, highest loss < 2",
        "step by hand: ratio > 1.5, weights: last over first < 0.3",
        "07: What else to tune: regularization",
    ),
    "rate too high": rule(
        "highest loss > 1.3, last loss > 0.5, dead at the end - twin > 0.2",
        "a tenth of the rate: gained > 0.3, highest loss > 1.3, first loss < 6",
        "02: Knocked off by a single step",
    ),
    "misaligned labels": rule(
        "over guessing < 2.2, gap > 0.1, highest loss < 4, last loss > 0.25",
        "look at the rows: wrong > 0.68",
        "06: Six planted bugs, and which check finds them",
    ),
    "clipped gradient": rule(
        "update < 0.00016, update growth > 1.5, update spread < 0.08, validation - twin < -0.05",
        "step by hand: ratio < 0.4, step by hand: evenness > 0.95",
        "06: How large is a healthy step?",
    ),
    "large epsilon in Adam": rule(
        "update < 0.0018, update growth < 1.5, validation - twin < -0.03",
        "step by hand: ratio < 0.4, step by hand: evenness < 0.95",
        "07: What else to tune: the update",
    ),
    "rate too low": rule(
        "update < 0.0012, validation - twin < -0.03",
        "ten times the rate: gained > 0.02, update < 0.0012",
        "06: From one millionth to one million",
    ),
    "ReLU on the scores": rule(
        "silent scores > 0.1, silent or wrong > 0.2",
        "scores: lowest > -1e-09",
        "01: Which one to use, then and now",
    ),
    "batch statistics at inference": rule(
        "training - twin < -0.15, last loss < 0.3",
        "two evaluations: alone_alike > 0.9, last loss < 0.3",
        "05: The same picture, two answers",
    ),
    "dropout at evaluation": rule(
        "training - twin < -0.034, last loss / twin < 10",
        "two evaluations: differ > 0.02, two evaluations: alone_alike < 0.9",
        "05: Running averages, and a word with two meanings",
    ),
    "noisy labels": rule(
        "last loss > 0.26, over guessing > 2, training - twin < -0.1",
        "look at the rows: wrong > 0.15, look at the rows: wrong < 0.68",
        "06: The gap between training and validation",
    ),
    "unbalanced classes": rule(
        "gap - twin > 0.035, early gap > 0.08, roughness > 0.14",
        "count the labels: most over even > 2.5",
        "06: The gap between training and validation",
    ),
    "too few examples": rule(
        "gap - twin > 0.04, early gap > 0.08, roughness < 0.14",
        "count the labels: rows of a class < 40, count the labels: most over even < 2.5",
        "06: The gap between training and validation",
    ),
    "leaked validation rows": rule(
        "wrong - twin < -0.012, wrong < 0.008",
        "duplicates: share > 0.1",
        "03: The statistics of the training split, and of no other",
    ),
}


def diagnose(run, twin=None, answers=None):
    """Return the `Diagnosis` of a run: the likely causes in order, or that nothing was found.

    `run` is a `panel.Run`, from any framework, and `twin` that of a sound network on the same data, of about
    the same kind; where it is None, what is usual for sound networks of the clinic stands for it, `USUAL`.
    `answers` are those of experiments that were made, `{name: numbers}`, as `experiments.answer` gives them.

    >>> from course.clinic.cases import Case, train
    >>> case = Case("inputs not scaled", seed=0)
    >>> cause, *_ = diagnose(train(case).run, train(case.twin).run).causes
    >>> print(cause.fault, "|", cause.evidence)
    inputs not scaled | The root mean square of the inputs over that of the twin is 255, above 8.
    >>> diagnose(train(case.twin).run).causes
    []
    """
    numbers = measured(run, twin, answers)
    if np.isnan(run.loss).all() or stands_still(run):
        return Diagnosis([], _sentence([], run, twin, answers))
    verdicts = {fault: _verdict(rule, numbers) for fault, rule in RULES.items()}
    likely = [fault for kind in ("found", "suspected") for fault in RULES if verdicts[fault] == kind]
    others = dict.fromkeys(other for fault in likely for other in neighbours(fault))
    taken = [fault for fault in others if verdicts[fault] == "open"]
    # The one whose signs hold most comes first.
    possible = sorted(taken, key=lambda fault: -_share(RULES[fault].signs, numbers))
    if not likely and twin is not None and _far_below(numbers):
        away = {fault: _distance(RULES[fault].signs, numbers) for fault in RULES if verdicts[fault] == "open"}
        possible = sorted((fault for fault in away if np.isfinite(away[fault])), key=away.get)[:3]
    causes = [
        Cause(
            fault,
            verdicts[fault] if fault in likely else "possible",
            _evidence(RULES[fault], numbers, twin is not None),
            _next(RULES[fault], numbers, twin is not None),
            RULES[fault].section,
        )
        for fault in likely + possible
    ]
    return Diagnosis(causes, _sentence(causes, run, twin, answers))


def measured(run, twin=None, answers=None):
    """Return the numbers that the lines of `RULES` compare, `{measurement: number}`, NaN for what is missing.

    >>> from course.clinic.cases import Case, train
    >>> round(measured(train(Case("squared error", seed=0)).run)["first loss"], 2)
    0.45
    """
    own = _read(instance("run", run, Run, "a Run of course.clinic.panel"))
    theirs = USUAL if twin is None else _read(instance("twin", twin, Run, "a Run, as run is"))
    numbers = own | _answered(answers, run.classes, own["validation"])
    with np.errstate(all="ignore"):
        for name, value in theirs.items():
            numbers[f"{name} / twin"] = np.divide(own[name], value)
            numbers[f"{name} - twin"] = np.subtract(own[name], value)
    names = dict.fromkeys(line.measurement for rule in RULES.values() for line in rule.signs + rule.proof)
    return {name: float(numbers.get(name, np.nan)) for name in names}


def stands_still(run):
    """Whether every gradient that was seen is exactly zero, though what goes into the last layer is not.

    The loss then does not depend on the scores, which no fault of `FAULTS` brings about: where all units are
    dead, or weights are zero, the gradient is zero as well, and there are rules for them.

    >>> from course.clinic.programs import PROGRAMS
    >>> from course.clinic.setup import train
    >>> stands_still(train(PROGRAMS[34311586].faulty, seed=0).run)
    True
    """
    seen = instance("run", run, Run, "a Run of course.clinic.panel").layers
    return bool((seen.gradient == 0).all() and (seen.dead[:, -1:] < 1).all())


@np.errstate(all="ignore")
def _read(run):
    """Return the numbers of `MEASURES` for a run."""
    loss, seen, of = run.loss, run.layers, summary(run)
    # Where a number is predicted, there is no guessing to compare with.
    ln_C = np.log(run.classes) if run.classes > 1 else np.nan
    moves, gaps = seen.update_ratio, run.train_accuracy - run.validation_accuracy
    # The norm of all updates, as far as weights are alike in size.
    size = np.sqrt(np.square(moves).mean(axis=1))
    rises = np.diff(loss)[np.isfinite(np.diff(loss))]
    late = loss[len(loss) // 2 :]
    high = np.flatnonzero(~(loss <= 3 * loss[0]))
    depth, sizes = seen.std.shape[1], seen.gradient_counts[0].sum(axis=1)
    fullest = seen.gradient_counts[0, :-1, 1:].max(axis=1)
    nothing = seen.gradient_counts[:, -1, 0] / sizes[-1]
    silent = np.max((nothing - seen.dead[:, -1])[:3]) if depth else np.nan
    std, mean = (part[0, -1] if depth else np.nan for part in (seen.std, seen.mean))
    # The last matrix has as many rows as the last layer has units, which take part in the ratio.
    backward = of["gradient_ratio"] * np.sqrt(sizes[-1]) / run.classes
    return {
        "input size": np.hypot(run.input_mean, run.input_std),
        "first loss": of["over_ln_C"],
        "last loss": of["last_loss"] / ln_C,
        "highest loss": of["highest_loss"] / loss[0],
        "lowest loss": of["lowest_loss"] / loss[0],
        "blow-up": high[0] if high.size else np.inf,
        "jumps": np.mean(rises > ln_C / 2) if rises.size and run.classes > 1 else np.nan,
        "roughness": np.median(np.abs(np.diff(np.log(late)))) if len(late) > 1 else np.nan,
        "softmax floor": of["lowest_loss"] / np.log(1 + (run.classes - 1) / np.e),
        "training": of["training"],
        "validation": of["validation"],
        "wrong": 1 - of["validation"],
        "over guessing": of["validation"] * run.classes,
        "gap": of["training"] - of["validation"],
        "early gap": np.max(gaps[:3]),
        "dead": of["dead_first"],
        "dead at the end": of["dead_last"],
        "zeros": of["zero_first"],
        "bounded": float(np.isfinite(of["saturated"])) if np.isfinite(std) else np.nan,
        "saturated": of["saturated"],
        "gain": (std / run.input_std) ** (1 / max(depth, 1)),
        "contrast": std / abs(mean),
        "gradient ratio": of["gradient_ratio"],
        "backward": backward ** (1 / depth) if depth else np.nan,
        # Rows of one class agree, and their gradient, nearly an outer product, has entries of all sizes.
        "gradient peak": np.mean(fullest / sizes[:-1]) if depth else np.nan,
        "silent scores": silent,
        "silent or wrong": silent + 1 - of["training"],
        "update": np.fmax.reduce(np.median(moves, axis=1)),
        "first update": np.median(moves[0]),
        "last update": np.median(moves[-1]),
        "update growth": np.fmax.reduce(size) / size[0],
        "update spread": np.std(np.log10(size[1:])) if len(size) > 2 else np.nan,
        "still layers": np.nan if np.isnan(moves).all() else np.mean(np.fmax.reduce(moves, axis=0) == 0),
        "equal units": _equal_units(run),
    }


def _equal_units(run):
    """Whether all units of a layer are alike: 1, 0, or NaN where nothing tells.

    Where weights are zero, so is their norm, by which an update ratio divides. Where they are equal, what
    comes in is one number for a row, and all layers are zero for the same rows.
    """
    zero = run.layers.zero[0]
    if not (np.isfinite(run.loss[0]) and np.isfinite(run.layers.gradient[0]).all()):
        return np.nan
    alike = len(zero) > 1 and 0 < zero[0] < 1 and np.ptp(zero) == 0
    return float(alike or not np.isfinite(run.layers.update_ratio[0]).all())


@np.errstate(all="ignore")
def _answered(answers, classes, validation):
    """Return the numbers of `ANSWERS`, as far as there are answers."""
    answers = instance("answers", {} if answers is None else answers, Mapping, "a dict of answers")
    given = {}
    for name, numbers in answers.items():
        choice("answers", name, EXPERIMENTS)
        numbers = instance(f"answers[{name!r}]", numbers, Mapping, "a dict of numbers")
        for what, value in numbers.items():
            where = f"answers[{name!r}][{what!r}]"
            if floats(where, value).ndim:
                raise ValueError(f"{where} must be one number, but has the shape {np.shape(value)}.")
            given[f"{name}: {what}"] = float(value)
    of = {name: given.get(name, np.nan) for name in USED} | given
    derived = {
        "known scores: zero over guessing": of["known scores: zero"] / np.log(classes),
        "count the labels: most over even": of["count the labels: most"] * classes,
        "count the labels: rows of a class": of["count the labels: rows"] / classes,
        "step by hand: evenness": np.divide(of["step by hand: lowest"], of["step by hand: ratio"]),
        "weights: last over first": np.divide(of["weights: last_std"], of["weights: std"]),
    }
    retrained = {f"{name}: gained": of[f"{name}: validation"] - validation for name in RETRAINED}
    return given | derived | retrained


# The answers in which another number is put first.
RETRAINED = "a tenth of the rate", "a hundredth of the rate", "ten times the rate", "shuffle"
USED = (
    "known scores: zero", "count the labels: most", "count the labels: rows", "step by hand: lowest",
    "step by hand: ratio", "weights: last_std", "weights: std",
    *(f"{name}: validation" for name in RETRAINED),
)  # fmt: skip


def _holds(line, numbers):
    value, limit = numbers[line.measurement], line.limit
    return bool(value < limit if line.side == "<" else value > limit)


def _known(lines, numbers):
    return [line for line in lines if not np.isnan(numbers[line.measurement])]


def _share(lines, numbers):
    """The share of the known lines that hold."""
    known = _known(lines, numbers)
    return np.mean([_holds(line, numbers) for line in known]) if known else 0.0


def _far_below(numbers):
    """Whether the accuracy of training or of validation is far below that of the twin."""
    return bool(np.fmin(numbers["training - twin"], numbers["validation - twin"]) < -FAR)


def _distance(signs, numbers):
    """How far the signs are from holding, as a share of the limit; infinite where the first is unknown."""
    if not _known(signs[:1], numbers):
        return np.inf
    missed = [line for line in _known(signs, numbers) if not _holds(line, numbers)]
    return max(abs(numbers[line.measurement] / line.limit - 1) if line.limit else np.inf for line in missed)


def _verdict(rule, numbers):
    """Return "found", "suspected", "open", or "ruled out"."""
    # Lines on the panel that belong to a proof say nothing before an experiment was made.
    known = _known(rule.proof, numbers)
    answered = known if any(line.measurement in ANSWERS for line in known) else []
    if answered and _share(answered, numbers) < 1:
        return "ruled out"
    if answered and len(answered) == len(rule.proof):
        return "found"
    first = _known(rule.signs[:1], numbers)
    return "suspected" if first and _share(rule.signs, numbers) == 1 else "open"


def _next(rule, numbers, twin):
    """Return the experiment whose answer the proof lacks, or a twin where there is none, or None."""
    lacking = [line.measurement for line in rule.proof if np.isnan(numbers[line.measurement])]
    asked = [name.partition(": ")[0] for name in lacking if name in ANSWERS]
    return (asked or [None if twin or rule.proof else "healthy twin"])[0]


def _evidence(rule, numbers, twin):
    """Return the lines that hold, in one sentence."""
    lines = [line for line in rule.proof + rule.signs if _holds(line, numbers)]
    parts = []
    for line in dict.fromkeys(lines):
        name, over, _ = line.measurement.partition(" / twin")
        name, less, _ = name.partition(" - twin")
        what = say((MEASURES | ANSWERS)[name])
        if over or less:
            of = say("that of the twin") if twin else say("what is usual")
            what = (
                say("{what} over {of}", what=what, of=of)
                if over
                else say("{what} less {of}", what=what, of=of)
            )
        values = {"what": what, "value": numbers[line.measurement], "limit": line.limit}
        parts.append(
            say("{what} is {value:.3g}, above {limit:g}", **values)
            if line.side == ">"
            else say("{what} is {value:.3g}, below {limit:g}", **values)
        )
    text = "; ".join(parts) or say("none of its signs was seen")
    return text[0].upper() + text[1:] + "."


def _sentence(causes, run, twin, answers):
    if causes:
        fault, verdict, evidence, experiment, _ = causes[0]
        cause = (
            say(
                "It learns far less than its twin, but no cause shows all of its signs. The nearest is: "
                "{fault}. {evidence}",
                fault=say(fault),
                evidence=evidence,
            )
            if verdict == "possible"
            else say("The likeliest cause is: {fault}. {evidence}", fault=say(fault), evidence=evidence)
        )
        if experiment is None:
            repair = say(REPAIRS[FAULTS[fault].repair].sentence)
            return say("{cause} Next: {question}", cause=cause, question=repair)
        return say("{cause} Next: {question}", cause=cause, question=say(EXPERIMENTS[experiment].question))
    if np.isnan(run.loss).all():
        return say("The loss is no number from the first step on: look for such in inputs and weights.")
    if stands_still(run):
        return say(
            "Every gradient is exactly zero, though units are alive: the loss does not change with the "
            "scores, as behind a softmax over one output, or a ReLU on the scores that is zero for all rows."
        )
    seen = {
        say("the loss of {steps} steps", steps=len(run.loss)): run.loss,
        say("the training accuracy"): run.train_accuracy,
        say("the validation accuracy"): run.validation_accuracy,
        say("activations"): run.layers.std,
        say("gradients"): run.layers.gradient,
        say("updates"): run.layers.update_ratio,
        say("inputs"): np.array(run.input_std),
    }
    looked = [name for name, values in seen.items() if np.isfinite(values).any()]
    if twin is not None:
        looked.append(say("a healthy twin"))
    if answers:
        looked.append(say("the answers of experiments: {names}", names=", ".join(map(say, answers))))
    return say("Nothing found. Looked at: {looked}.", looked=", ".join(looked))
