"""An experiment asks a network one question, and its answer is a few numbers and a sentence."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

import numpy as np

from course import gradcheck
from course.arguments import choice, floats, instance
from course.clinic import cases, panel
from course.clinic import setup as sound
from course.clinic.setup import forward, loss_and_grads, walk
from course.initializers import he
from course.training import one_thread
from course.words import say


@dataclass(frozen=True)
class Experiment:
    """An experiment: its `question`, `measure(case)`, which returns numbers by name, and the `sentence`."""

    question: str
    measure: Callable
    sentence: str


@one_thread()
def answer(name, case):
    """Make an experiment on a case; return `(numbers, sentence)`.

    >>> from course.clinic.cases import Case
    >>> numbers, sentence = answer("double batch", Case("summed loss", seed=0))
    >>> print(sentence)
    With twice as many rows in a minibatch, the first loss is 2.03 times as high.
    """
    experiment = EXPERIMENTS[choice("name", name, EXPERIMENTS)]
    instance("case", case, cases.Case, "a Case")
    numbers = experiment.measure(case)
    return numbers, say(experiment.sentence, **numbers)


@one_thread()
def measured(measurement, case):
    """Return the number "experiment: name" of a case.

    >>> round(measured("panel: input_std", cases.Case("inputs not scaled", seed=0)))
    255
    """
    name, _, number = instance("measurement", measurement, str, "text").partition(": ")
    instance("case", case, cases.Case, "a Case")
    numbers = EXPERIMENTS[choice("measurement", name, EXPERIMENTS)].measure(case)
    return float(numbers[choice("measurement", number, numbers)])


def told_apart(ours, theirs):
    """Return how many runs of each kind the best threshold puts on its own side, the fewer of the two.

    `ours` and `theirs` hold one measurement of each run. A NaN is on no side.

    >>> told_apart([0.1, 0.2, 0.3], [0.9, 0.8, 0.25])
    np.int64(2)
    """
    pair = floats("ours", ours).ravel(), floats("theirs", theirs).ravel()
    sides = [[np.sum(a > t), np.sum(b <= t)] for t in np.concatenate(pair) for a, b in (pair, pair[::-1])]
    return np.min(sides, axis=1).max()


@lru_cache(maxsize=8)
def train(case):
    """Train a case, once for all experiments that look at it."""
    return cases.train(case, looks=6)


def seen(case):
    """What the panel shows, in numbers."""
    return panel.summary(train(case).run)


def changed(**parts):
    """Return the experiment that trains the case with other parts: `changed(steps=lambda s: 3 * s.steps)`."""

    def measure(case):
        planted = case.planted
        planted = replace(planted, **{name: part(planted) for name, part in parts.items()})
        return panel.summary(sound.train(planted, case.seed, looks=2).run)

    return measure


def overfit(case):
    """Loss and accuracy after 300 steps on the first twenty rows, all of them at each step."""
    X, y, *_ = case.planted.data(case.seed)
    few = replace(case.planted, batch_size=20, dropped=0.0)
    *_, step = islice(walk(few, case.seed, X[:20], y[:20]), 300)
    right = forward(few, step.moved, X[:20])[-1].argmax(axis=1) == y[:20]
    return {
        "loss": np.nan_to_num(step.loss, nan=np.inf),
        "accuracy": right.mean() if np.isfinite(step.loss) else 0,
    }


def gradient_check(case):
    """Error of the gradient of a small network with ordinary weights, against finite differences."""
    X, y, *_ = case.planted.data(case.seed)
    widest = np.argsort(X.std(axis=0))[-4:]
    X, y, hidden = X[:20, widest], y[:20], (3,) * len(case.planted.hidden)
    small = replace(case.planted, hidden=hidden, initializer=he, bias=0.0, dropped=0.0)
    params = sound.start(small, case.seed, 4)
    # Biases off zero, where a row of inputs may leave all units of a layer at the kink.
    rng = np.random.default_rng([case.seed, 5])
    params = [(W, b + 0.1 * rng.standard_normal(b.shape), *gamma) for W, b, *gamma in params]
    _, grads = loss_and_grads(small, params, X, y)
    try:
        report = gradcheck.check(lambda params: loss_and_grads(small, params, X, y)[0], params, grads)
    except ValueError:
        return {"error": np.inf}
    return {"error": report.norm_error}


def zeroed_input(case):
    """What is left of the loss and the accuracy where every input is zero."""

    def blank(seed):
        X, y, X_held, y_held = case.planted.data(seed)
        return 0 * X, y, 0 * X_held, y_held

    without = sound.train(replace(case.planted, data=blank), case.seed, looks=2).run
    real, zeroed = (panel.summary(run)["last_loss"] for run in (train(case).run, without))
    return {"real": real, "zeroed": zeroed}


def by_hand(case):
    """The tenth step over what rate, rule and gradient make of it: of all weights, and in the least layer."""
    X, y, *_ = case.planted.data(case.seed)
    planted, rule = case.planted, replace(case.planted, rule=case.sound.rule, decay=0.0)
    states = None
    for step in islice(walk(planted, case.seed, X, y), 10):
        states = states or [[None] * len(layer) for layer in step.params]
        expected, states = sound.moves(rule, step.params, step.grads, states)
    with np.errstate(all="ignore"):
        pairs = [
            [np.linalg.norm(new[0] - old[0]) for new in (after, wanted)]
            for old, after, wanted in zip(step.params, step.moved, expected, strict=True)
        ]
        # Where nothing moves and nothing should, a step is what it should be.
        taken, wanted = np.array([*pairs, np.linalg.norm(pairs, axis=0)]).T
        *parts, whole = np.where((taken == 0) & (wanted == 0), 1, taken / wanted)
        return {"ratio": whole, "lowest": np.min(parts)}


def weights(case):
    """The initial weights and the last: spread, the share of units alike, biases, and what has moved."""
    found = train(case)
    spread = [np.median([W.std() for W, *_ in params]) for params in (found.first, found.params)]
    alike = [np.ptp(W, axis=1).max() == 0 for W, *_ in found.first[:-1]]
    moved = [np.linalg.norm(V[0] - W[0]) for W, V in zip(found.first, found.params, strict=True)]
    wanted = [np.sqrt(2 / len(W)) for W, *_ in found.first]
    return {
        "std": spread[0],
        "over_he": np.median([W.std() / size for (W, *_), size in zip(found.first, wanted, strict=True)]),
        "last_std": spread[1],
        "alike": np.mean(alike) if alike else 0.0,
        "bias": np.mean([b.mean() for _, b, *_ in found.first[:-1]] or 0.0),
        "still": np.min(moved) == 0,
    }


def two_evaluations(case):
    """How many predictions differ where the same rows are evaluated twice, and where they come one by one."""
    planted, params = case.planted, train(case).params
    X, _, X_held, _ = planted.data(case.seed)
    seen = X[: sound.PROBED]

    def predictions(rows, seed):
        rng = np.random.default_rng([case.seed, seed])
        return planted.predict(planted, params, rows, seen, rng).argmax(axis=1)

    first, again = predictions(X_held, 5), predictions(X_held, 6)
    some = X_held[:50]
    alone = np.concatenate([predictions(row[None], 7) for row in some])
    return {"differ": np.mean(first != again), "alone_alike": np.bincount(alone).max() / len(alone)}


def count_labels(case):
    """How many training rows there are, and the shares of the most and the least frequent class."""
    _, y, *_ = case.planted.data(case.seed)
    counts = np.bincount(y, minlength=case.planted.classes)
    return {"rows": len(y), "most": counts.max() / len(y), "least": counts.min() / len(y)}


def count_predictions(case):
    """The shares of the class that is predicted most often and least often for the validation rows."""
    planted, params = case.planted, train(case).params
    X, _, X_held, _ = planted.data(case.seed)
    scores = planted.predict(
        planted, params, X_held, X[: sound.PROBED], np.random.default_rng([case.seed, 5])
    )
    counts = np.bincount(scores.argmax(axis=1), minlength=planted.classes)
    return {"most": counts.max() / len(scores), "absent": np.sum(counts == 0)}


def look_at_scores(case):
    """The lowest score of the validation rows, and the share of scores that are zero."""
    planted, params = case.planted, train(case).params
    X, _, X_held, _ = planted.data(case.seed)
    scores = planted.predict(
        planted, params, X_held, X[: sound.PROBED], np.random.default_rng([case.seed, 5])
    )
    return {"lowest": scores.min(), "zero": np.mean(scores == 0)}


def duplicates(case):
    """The share of validation rows that stand among the training rows as well."""
    X, _, X_held, _ = case.planted.data(case.seed)
    known = {row.tobytes() for row in X}
    return {"share": np.mean([row.tobytes() in known for row in X_held])}


def double_batch(case):
    """The first loss of a minibatch twice as large, over that of one as it is."""
    X, y, *_ = case.planted.data(case.seed)
    params, size = sound.start(case.planted, case.seed, X.shape[1]), case.planted.batch_size
    # Where there are fewer, rows come again.
    batches = (np.arange(n) % len(y) for n in (size, 2 * size))
    one, two = (loss_and_grads(case.planted, params, X[rows], y[rows])[0] for rows in batches)
    return {"times": two / one}


def known_scores(case):
    """The loss of scores that one knows: all zero costs ln C, all but certain nothing."""
    y = np.arange(case.planted.classes)
    zero, right = np.zeros((len(y), len(y))), 30 * np.eye(len(y))
    return {name: float(case.planted.loss(s, y)[0]) for name, s in (("zero", zero), ("right", right))}


def look_at_rows(case):
    """The share of training rows whose label is not that of most of their five nearest neighbours.

    Labels are looked up in the validation rows, as somebody would who knows what the digits look like.
    """
    X, y, X_held, y_held = case.planted.data(case.seed)
    X, y = X[:PICTURES], y[:PICTURES]
    far = np.square(X_held).sum(axis=1) - 2 * X @ X_held.T
    votes = y_held[np.argsort(far, axis=1)[:, :5]]
    most = [np.bincount(five).argmax() for five in votes]
    return {"wrong": np.mean(most != y)}


# How many rows somebody looks at with their labels.
PICTURES = 100


EXPERIMENTS = {
    "panel": Experiment(
        "What does the panel show?",
        seen,
        "The loss goes from {first_loss:.3g} to {last_loss:.3g}; the accuracy is {training:.2f} in training, "
        "{validation:.2f} in validation.",
    ),
    "twenty examples": Experiment(
        "Can it memorize twenty examples?",
        overfit,
        "After 300 steps on twenty examples the loss is {loss:.3g} and the accuracy {accuracy:.2f}.",
    ),
    "gradient check": Experiment(
        "Does the gradient agree with finite differences?",
        gradient_check,
        "The gradient is {error:.1e} away from finite differences.",
    ),
    "zeroed inputs": Experiment(
        "Does it learn anything from its inputs?",
        zeroed_input,
        "With all inputs zero the last loss is {zeroed:.3g}, with the real ones {real:.3g}.",
    ),
    "a tenth of the rate": Experiment(
        "What does a tenth of the learning rate change?",
        changed(learning_rate=lambda s: s.learning_rate / 10),
        "At a tenth of the rate the last loss is {last_loss:.3g} and the validation accuracy "
        "{validation:.0%}.",
    ),
    "a hundredth of the rate": Experiment(
        "What does a hundredth of the learning rate change?",
        changed(learning_rate=lambda s: s.learning_rate / 100),
        "At a hundredth of the rate the last loss is {last_loss:.3g} and the validation accuracy "
        "{validation:.0%}.",
    ),
    "ten times the rate": Experiment(
        "What does ten times the learning rate change?",
        changed(learning_rate=lambda s: s.learning_rate * 10),
        "At ten times the rate the last loss is {last_loss:.3g} and the validation accuracy "
        "{validation:.0%}.",
    ),
    "shuffle": Experiment(
        "What does it change to shuffle the rows?",
        changed(rows=lambda s: sound.shuffled),
        "With shuffled rows the last loss is {last_loss:.3g} and the validation accuracy {validation:.0%}.",
    ),
    "healthy twin": Experiment(
        "What does a healthy network of this kind do?",
        lambda case: seen(case.twin),
        "The healthy twin goes from a loss of {first_loss:.3g} to {last_loss:.3g}; its accuracy "
        "is {training:.2f} in training, {validation:.2f} in validation.",
    ),
    "weights": Experiment(
        "What do the weights look like?",
        weights,
        "The initial weights have a standard deviation of {std:.2g}, {over_he:.2g} times He's, and the last "
        "ones {last_std:.2g}; {alike:.0%} of the hidden layers have units that are all alike, and "
        "their biases start at {bias:.2g}.",
    ),
    "two evaluations": Experiment(
        "Do two evaluations agree?",
        two_evaluations,
        "Evaluated twice, {differ:.0%} of the predictions differ; one by one, {alone_alike:.0%} "
        "are one class.",
    ),
    "count the labels": Experiment(
        "How many labels are there of each class?",
        count_labels,
        "Of {rows} training rows, {most:.0%} have the most frequent label and {least:.1%} the rarest.",
    ),
    "count the predictions": Experiment(
        "Which classes are predicted?",
        count_predictions,
        "{most:.0%} of the predictions are one class, and {absent} classes are never predicted.",
    ),
    "scores": Experiment(
        "What do the scores look like?",
        look_at_scores,
        "The lowest score is {lowest:.3g}, and {zero:.0%} of the scores are zero.",
    ),
    "duplicates": Experiment(
        "Are validation rows among the training rows?",
        duplicates,
        "{share:.0%} of the validation rows are also training rows.",
    ),
    "double batch": Experiment(
        "What does a minibatch of twice the size change?",
        double_batch,
        "With twice as many rows in a minibatch, the first loss is {times:.3g} times as high.",
    ),
    "known scores": Experiment(
        "What is the loss of scores that you know?",
        known_scores,
        "For scores of zero the loss is {zero:.3g}, for nearly certain ones {right:.3g}.",
    ),
    "step by hand": Experiment(
        "Is a step what rate and gradient make it?",
        by_hand,
        "The tenth step is {ratio:.2g} times as long as gradient, rate and update rule make it; in one layer "
        "{lowest:.2g}.",
    ),
    "look at the rows": Experiment(
        "Do the labels fit their rows?",
        look_at_rows,
        "Of a hundred training rows, {wrong:.0%} have a label that does not fit them.",
    ),
}
