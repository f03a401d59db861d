"""A fault is a small change of a healthy set-up; these are the ones that people have, as data."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from course import network
from course.activations import ACTIVATIONS, relu, relu_grad
from course.clinic import setup as sound
from course.clinic.setup import Setup
from course.initializers import constant, he, normal, xavier
from course.optimizers import adam


@dataclass(frozen=True)
class Fault:
    """A fault: a `sentence` on what is wrong, how often people `met` it, what it `looks` like, and its repair.

    `change(setup, strength)` returns the parts of the set-up that it changes; `strengths` are the lowest, the
    usual and the highest. `seen` is the measurement in which it differs from a healthy run, a number of
    `course.clinic.experiments` such as "panel: last_loss", and `confused` names its neighbours, each with the
    measurement in which the two differ and a sentence on it: `{name: (measurement, sentence)}`. `repair` is a
    name in `REPAIRS`. `needs` are parts that the healthy set-up must have, too, for it to have the fault.
    """

    sentence: str
    met: str
    looks: str
    seen: str
    confused: dict
    repair: str
    change: Callable
    strengths: tuple = (1, 1, 1)
    needs: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """A case: a `fault` of `FAULTS`, or None for a healthy run, in a `setup` that is trained from a `seed`.

    `strength` is how strong the fault is, the usual where it is None, and `repairs` are names of `REPAIRS`.
    """

    fault: str | None
    seed: int
    setup: Setup = Setup()
    strength: float | None = None
    repairs: tuple = ()

    @property
    def sound(self):
        """The healthy set-up that the fault is planted in."""
        return replace(self.setup, **FAULTS[self.fault].needs) if self.fault else self.setup

    @property
    def planted(self):
        """The set-up with the fault, and with what the repairs made of it."""
        planted = self.sound
        if self.fault:
            fault = FAULTS[self.fault]
            strength = fault.strengths[1] if self.strength is None else self.strength
            planted = replace(planted, **fault.change(planted, strength))
        for name in self.repairs:
            planted = replace(planted, **REPAIRS[name].change(planted, self.sound))
        return planted

    @property
    def twin(self):
        """The healthy case beside it: the same network, data and seed."""
        return Case(None, self.seed, self.sound)


def train(case, **options):
    """Train a case, as `setup.train` does."""
    return sound.train(case.planted, case.seed, **options)


# What the faults put in the place of a part. Those of the data draw from a generator of their own.


def _changed(data, change, strength, seed):
    return change(np.random.default_rng([seed, 9]), strength, *data(seed))


def _data(change):
    """Return the change of a set-up whose data go through `change(rng, strength, X, y, X_held, y_held)`."""
    return lambda setup, strength: {"data": partial(_changed, setup.data, change, strength)}


def _times(rng, factor, X, y, X_held, y_held):
    return X * factor, y, X_held * factor, y_held


def _misaligned(rng, share, X, y, X_held, y_held):
    wrong = rng.permutation(len(y))[: round(share * len(y))]
    y = y.copy()
    y[wrong] = rng.permutation(y[wrong])
    return X, y, X_held, y_held


def _noisy(rng, share, X, y, X_held, y_held):
    classes = y.max() + 1
    others = (y + rng.integers(1, classes, len(y))) % classes
    return X, np.where(rng.random(len(y)) < share, others, y), X_held, y_held


def _few(rng, rows, X, y, X_held, y_held):
    some = rng.permutation(len(y))[: round(rows)]
    return X[some], y[some], X_held, y_held


def _unbalanced(rng, factor, X, y, X_held, y_held):
    kept = (y == rng.integers(y.max() + 1)) | (rng.random(len(y)) < 1 / factor)
    return X[kept], y[kept], X_held, y_held


def _leaked(rng, share, X, y, X_held, y_held):
    some = rng.permutation(len(y_held))[: round(share * len(y_held))]
    return np.concatenate([X, X_held[some]]), np.concatenate([y, y_held[some]]), X_held, y_held


def _by_class(rng, y, size):
    while True:
        yield from sound._batches(np.argsort(y, kind="stable"), size)


def _summed(loss, scores, y):
    return tuple(len(y) * part for part in loss(scores, y))


def _softmax_twice(scores, y):
    p = network.softmax(scores)
    loss, dp = network._cross_entropy(p, y)
    return loss, p * (dp - (p * dp).sum(axis=1, keepdims=True))


def _squared_error(scores, y):
    p = network.softmax(scores)
    off = p - np.eye(p.shape[1])[y]
    dp = 2 * off / len(y)
    return np.square(off).sum(axis=1).mean(), p * (dp - (p * dp).sum(axis=1, keepdims=True))


def _clipped(limit, gradient, grads, memory):
    grads, memory = gradient(grads, memory)
    size = np.sqrt(sum(np.vdot(dp, dp) for layer in grads for dp in layer))
    return [tuple(dp * min(1, limit / size) for dp in layer) for layer in grads] if size else grads, memory


def _added_up(grads, memory):
    if memory is not None:
        grads = [tuple(map(np.add, *pair)) for pair in zip(memory, grads, strict=True)]
    return grads, grads


def _frozen(grads, memory):
    first, *others = grads
    return [tuple(map(np.zeros_like, first)), *others], memory


def _with_dropout(setup, params, X, seen, rng):
    return sound.forward(setup, params, X, sound.dropout(setup, rng, len(X)))[-1]


def _by_batch(size, setup, params, X, seen, rng):
    scores, order = np.empty((len(X), setup.classes)), rng.permutation(len(X))
    for rows in np.array_split(order, max(len(X) // round(size), 1)):
        scores[rows] = sound.forward(setup, params, X[rows])[-1]
    return scores


MET = {
    "rate": "A wrong learning rate is in 17 of the 52 programs of DeepFD (Cao and others 2022).",
    "initialization": "One of the 52 programs of DeepFD (Cao and others 2022) starts wrongly: libraries start well.",
    "data": "95 % of the practitioners whom Humbatova and others (2020) asked had met faults of training data.",
    "preprocessing": "86 % of the practitioners whom Humbatova and others (2020) asked had met faults of preprocessing.",
    "hyperparameters": "86 % of the practitioners whom Humbatova and others (2020) asked had met wrong hyperparameters.",
    "model": "81 % of the practitioners whom Humbatova and others (2020) asked had met faults of the model.",
    "loss": "A wrong loss is in 16 of the 52 programs of DeepFD (Cao and others 2022).",
    "validation": "60 % of the practitioners whom Humbatova and others (2020) asked had met faults of validation.",
    "optimizer": "57 % of the practitioners whom Humbatova and others (2020) asked had met faults of the optimizer.",
    "activation": "A wrong activation is in 25 of the 52 programs of DeepFD (Cao and others 2022), more than any other fault.",
}

FAULTS = {
    "rate far too high": Fault(
        "The learning rate is 20 to 200 times too high.",
        MET["rate"],
        "The loss explodes in the first steps and never comes down to where it began.",
        "panel: highest_loss",
        {
            "flipped gradient": (
                "a hundredth of the rate: validation",
                "A hundredth of the rate heals a rate that is too high, and no gradient of the wrong sign.",
            ),
            "summed loss": (
                "double batch: times",
                "The first loss of a sum doubles with the minibatch; with a high rate it stays.",
            ),
            "rate too high": (
                "panel: lowest_loss",
                "At ten times the rate the loss falls at first; at sixty times it never does.",
            ),
        },
        "tune the rate",
        lambda setup, factor: {"learning_rate": setup.learning_rate * factor},
        (20, 60, 200),
    ),
    "rate too high": Fault(
        "The learning rate is about ten times too high.",
        MET["rate"],
        "The loss falls, swings, and ends at ln C, with most units dead and one class predicted.",
        "panel: last_loss",
        {
            "sorted rows": (
                "shuffle: validation",
                "Shuffled, sorted rows train well; at a high rate nothing changes.",
            ),
            "gradients not reset": (
                "step by hand: ratio",
                "A step is as large as rate and gradient make it; of gradients that add up it is several times that.",
            ),
        },
        "tune the rate",
        lambda setup, factor: {"learning_rate": setup.learning_rate * factor},
        (8, 10, 14),
    ),
    "rate too low": Fault(
        "The learning rate is a hundred times too low.",
        MET["rate"],
        "The loss falls steadily, and slowly; a step moves the weights by less than a ten-thousandth.",
        "panel: update",
        {
            "clipped gradient": (
                "step by hand: ratio",
                "A step is what rate and gradient make it; of a clipped gradient it is far smaller.",
            ),
            "large epsilon in Adam": (
                "step by hand: ratio",
                "A step is what rate and gradient make it; with a large epsilon it is far smaller.",
            ),
            "ten layers of sigmoids": (
                "panel: gradient_ratio",
                "At a low rate all layers have gradients of one size; under ten sigmoids the first has none.",
            ),
        },
        "tune the rate",
        lambda setup, factor: {"learning_rate": setup.learning_rate / factor},
        (30, 100, 300),
    ),
    "small initial weights": Fault(
        "The initial weights are gaussian, of standard deviation 0.01 in every layer.",
        MET["initialization"],
        "The loss stays at ln C; from layer to layer activations shrink, and so do gradients.",
        "panel: std_ratio",
        {
            "constant initial weights": (
                "weights: alike",
                "Looked at, the weights differ; where they are constant, all units of a layer are alike.",
            ),
            "negative initial bias": (
                "panel: dead_first",
                "Few units are dead at the start; with a negative bias most are.",
            ),
            "too much regularization": (
                "weights: over_he",
                "The weights are small from the start; under a strong penalty they become so.",
            ),
        },
        "sound initial weights",
        lambda setup, scale: {"initializer": partial(normal, scale=scale)},
        (0.003, 0.01, 0.02),
    ),
    "large initial weights": Fault(
        "The initial weights are gaussian, of standard deviation 1 in every layer.",
        MET["initialization"],
        "The first loss is hundreds of times ln C, though the inputs are fine, and most units die.",
        "panel: over_ln_C",
        {
            "inputs not scaled": (
                "panel: input_std",
                "The inputs have a standard deviation of one; where they are not scaled, it is in the hundreds.",
            ),
            "summed loss": (
                "double batch: times",
                "The first loss stays as it is when the minibatch is doubled; a sum doubles.",
            ),
        },
        "sound initial weights",
        lambda setup, scale: {"initializer": partial(normal, scale=scale)},
        (0.7, 1, 2),
    ),
    "constant initial weights": Fault(
        "All initial weights are equal, zero for instance.",
        MET["initialization"],
        "The loss stays at ln C; gradients are zero, or the same for all units of a layer.",
        "weights: alike",
        {
            "small initial weights": (
                "weights: alike",
                "Looked at, all units of a layer are alike; of small random weights no two are.",
            ),
            "negative initial bias": (
                "weights: alike",
                "Looked at, all units of a layer are alike; with a negative bias the weights are as they should be.",
            ),
        },
        "sound initial weights",
        lambda setup, value: {"initializer": partial(constant, value=value)},
        (0, 0, 0.05),
    ),
    "negative initial bias": Fault(
        "The biases of the hidden units start at -3.",
        MET["initialization"],
        "The loss stays at ln C: most units are dead before the first step, though the weights are normal.",
        "panel: dead_first",
        {
            "constant initial weights": (
                "weights: alike",
                "The weights are random, as they should be; constant ones make all units of a layer alike.",
            ),
            "small initial weights": (
                "weights: bias",
                "Looked at, the biases are far below zero; with small weights they start at zero.",
            ),
        },
        "biases of zero",
        lambda setup, size: {"bias": -size},
        (3, 3, 10),
    ),
    "flipped gradient": Fault(
        "The gradient of the loss has the wrong sign, y - p in the place of p - y.",
        MET["optimizer"],
        "The loss climbs from the first step until it is NaN.",
        "gradient check: error",
        {
            "rate far too high": (
                "a hundredth of the rate: validation",
                "At a hundredth of the rate the loss climbs still; a rate that was too high is healed.",
            ),
            "summed loss": (
                "gradient check: error",
                "The gradient check fails; of a summed loss it passes.",
            ),
            "gradients not reset": (
                "gradient check: error",
                "The gradient check fails; gradients that add up are right one by one.",
            ),
        },
        "mend the backward pass",
        lambda setup, _: {"backward": np.negative},
    ),
    "summed loss": Fault(
        "The loss is summed over the minibatch, not averaged.",
        MET["loss"],
        "The first loss is the size of the minibatch times too large; then it explodes.",
        "double batch: times",
        {
            "large initial weights": (
                "double batch: times",
                "With twice the minibatch the first loss doubles; that of large weights stays.",
            ),
            "rate far too high": (
                "panel: over_ln_C",
                "The first loss is far above ln C before any step; a rate shows in the second step only.",
            ),
        },
        "average the loss",
        lambda setup, _: {"loss": partial(_summed, setup.loss)},
    ),
    "inputs not scaled": Fault(
        "The inputs are left as they come, 255 times too large.",
        MET["preprocessing"],
        "The first loss is a hundred times ln C or more, and the inputs' standard deviation is far from one.",
        "panel: input_std",
        {
            "large initial weights": (
                "panel: input_std",
                "The inputs are large; with large weights their standard deviation is one.",
            ),
            "summed loss": (
                "panel: input_std",
                "The inputs are large; those of a summed loss have a standard deviation of one.",
            ),
        },
        "scale the inputs",
        _data(_times),
        (30, 255, 255),
    ),
    "softmax twice": Fault(
        "The loss takes probabilities for scores, and makes probabilities of them again.",
        MET["loss"],
        "The loss never falls below 1.46, though most pictures are recognized.",
        "panel: lowest_loss",
        {
            "ReLU on the scores": (
                "known scores: right",
                "Scores that are all but certain still cost 1.46; a right loss takes nothing for them.",
            ),
            "noisy labels": (
                "known scores: right",
                "Scores that are all but certain still cost 1.46, whatever the labels are.",
            ),
        },
        "give the loss the scores",
        lambda setup, _: {"loss": _softmax_twice},
    ),
    "misaligned labels": Fault(
        "The labels belong to other rows: they were shuffled and the pictures were not.",
        MET["data"],
        "Training crawls, and the validation accuracy stays where guessing has it; twenty examples are memorized.",
        "look at the rows: wrong",
        {
            "noisy labels": (
                "look at the rows: wrong",
                "Looked at, nine labels in ten are wrong; with noise, three in ten.",
            ),
            "rate too low": (
                "look at the rows: wrong",
                "Looked at, nine labels in ten are wrong; at a low rate they are right.",
            ),
        },
        "align the labels",
        _data(_misaligned),
    ),
    "clipped gradient": Fault(
        "The gradient is clipped to a norm of 0.001, far below what it has.",
        MET["optimizer"],
        "The loss hardly falls: every step moves the weights by the same hundred-thousandth.",
        "step by hand: ratio",
        {
            "rate too low": (
                "step by hand: ratio",
                "A step is a thousandth of what rate and gradient make it; at a low rate it is just that.",
            ),
            "misaligned labels": (
                "step by hand: ratio",
                "A step is a thousandth of what rate and gradient make it; wrong labels leave steps alone.",
            ),
        },
        "do not clip",
        lambda setup, limit: {"gradient": partial(_clipped, limit, setup.gradient)},
        (3e-4, 1e-3, 1e-2),
    ),
    "noisy labels": Fault(
        "Three labels in ten are wrong.",
        MET["data"],
        "Training and validation stop short together: the network learns what is right and fails at what is not.",
        "look at the rows: wrong",
        {
            "ReLU on the scores": (
                "look at the rows: wrong",
                "Looked at, a third of the labels are wrong; with a ReLU on the scores they are right.",
            ),
            "misaligned labels": (
                "look at the rows: wrong",
                "Looked at, three labels in ten are wrong; where rows and labels do not fit, nine in ten are.",
            ),
            "dropout at evaluation": (
                "two evaluations: differ",
                "Two evaluations agree; with dropout left on they do not.",
            ),
        },
        "clean the labels",
        _data(_noisy),
        (0.2, 0.3, 0.5),
    ),
    "sorted rows": Fault(
        "The rows are sorted by class and never shuffled.",
        MET["data"],
        "The loss falls to nothing within a class and jumps at the next; few classes are predicted.",
        "panel: validation",
        {
            "rate too high": (
                "shuffle: validation",
                "Shuffled, the rows train well; at a high rate that changes nothing.",
            ),
            "ReLU on the scores": (
                "shuffle: validation",
                "Shuffled, the rows train well; with a ReLU on the scores that changes nothing.",
            ),
        },
        "shuffle the rows",
        lambda setup, _: {"rows": _by_class},
    ),
    "no nonlinearity": Fault(
        "The activation was forgotten: the network is a product of matrices, linear in its inputs.",
        MET["activation"],
        "It trains, a little worse than it should; no activation is zero where half should be.",
        "panel: zero_first",
        {
            "missing ReLU mask": (
                "gradient check: error",
                "The gradient check passes; without the mask it fails.",
            ),
            "frozen layer": (
                "panel: zero_first",
                "No activation is zero; with a frozen layer half of them are.",
            ),
        },
        "apply the activation",
        lambda setup, _: {"functions": (np.positive, np.ones_like)},
    ),
    "frozen layer": Fault(
        "The first layer is not trained: its parameters were not handed to the update.",
        MET["model"],
        "Hardly anything: the others learn around it. One update ratio is exactly zero.",
        "panel: lowest_update",
        {
            "no nonlinearity": (
                "panel: lowest_update",
                "One update ratio is exactly zero; in a linear network all layers move.",
            ),
        },
        "train all layers",
        lambda setup, _: {"gradient": _frozen},
    ),
    "missing ReLU mask": Fault(
        "The backward pass leaves out the slope of the ReLU.",
        MET["activation"],
        "The loss falls at first and explodes then; at a tenth of the rate it trains as if nothing were wrong.",
        "gradient check: error",
        {
            "rate too high": (
                "gradient check: error",
                "The gradient check fails; a high rate leaves gradients right.",
            ),
            "flipped gradient": (
                "a tenth of the rate: validation",
                "At a tenth of the rate it trains; with the wrong sign it never does.",
            ),
        },
        "mend the backward pass",
        lambda setup, _: {"functions": (setup.pair[0], np.ones_like)},
    ),
    "ReLU on the scores": Fault(
        "The last layer has a ReLU, as the hidden ones have: no score is below zero.",
        MET["activation"],
        "Training and validation stop short together, with a class or more that is never predicted.",
        "scores: lowest",
        {
            "softmax twice": (
                "scores: lowest",
                "No score is below zero; with softmax twice scores have both signs.",
            ),
            "noisy labels": (
                "scores: lowest",
                "No score is below zero; noise in the labels leaves scores of both signs.",
            ),
        },
        "linear scores",
        lambda setup, _: {"output": (relu, relu_grad)},
    ),
    "too much regularization": Fault(
        "The weight decay is 1: at each step it takes more from the weights than the gradient gives them.",
        MET["hyperparameters"],
        "The loss rises to ln C and stays; the first steps move the weights by half of their size.",
        "panel: update",
        {
            "small initial weights": (
                "weights: over_he",
                "The weights start as they should and shrink to nothing; small ones start small.",
            ),
            "rate too high": (
                "step by hand: ratio",
                "A step is many times what rate and gradient make it; at a high rate it is just that.",
            ),
        },
        "less weight decay",
        lambda setup, decay: {"decay": decay},
        (0.3, 1, 2),
    ),
    "too few examples": Fault(
        "There are only sixty training rows.",
        MET["data"],
        "The training accuracy is 1 and the loss next to nothing; in validation a fifth is wrong.",
        "count the labels: rows",
        {
            "unbalanced classes": (
                "count the labels: most",
                "Counted, the labels are few and even; unbalanced, most of them are one class.",
            ),
            "saturated tanh": (
                "count the labels: rows",
                "There are sixty rows; with a saturated tanh there are as many as there should be.",
            ),
        },
        "more examples",
        _data(_few),
        (40, 60, 100),
    ),
    "unbalanced classes": Fault(
        "Most training rows are of one class; of each of the others a twentieth was kept.",
        MET["data"],
        "The training accuracy is 1; in validation a fifth is wrong, and one class is predicted too often.",
        "count the labels: most",
        {
            "too few examples": (
                "count the labels: most",
                "Counted, most labels are of one class; of few examples they are even.",
            ),
        },
        "balance the classes",
        _data(_unbalanced),
        (15, 20, 40),
    ),
    "leaked validation rows": Fault(
        "The validation rows are among the training rows.",
        MET["validation"],
        "Nothing looks wrong: the validation accuracy is too good, as high as in training.",
        "duplicates: share",
        {},
        "take the validation rows out",
        _data(_leaked),
        (0.7, 1, 1),
    ),
    "dropout at evaluation": Fault(
        "Dropout is left on where the network is evaluated.",
        MET["validation"],
        "Both accuracies are far below what the loss promises, and change from one evaluation to the next.",
        "two evaluations: differ",
        {
            "batch statistics at inference": (
                "two evaluations: alone_alike",
                "One by one, rows are told apart; with the statistics of one row all get the same class.",
            ),
            "noisy labels": (
                "two evaluations: differ",
                "Two evaluations differ; of a network with noisy labels they agree.",
            ),
        },
        "evaluation mode",
        lambda setup, _: {"predict": _with_dropout},
        needs={"dropped": 0.5},
    ),
    "gradients not reset": Fault(
        "Each step adds its gradient to those of all steps before.",
        MET["optimizer"],
        "The loss falls at first, then swings ever higher; most units die, and steps go on without a gradient.",
        "step by hand: ratio",
        {
            "flipped gradient": (
                "gradient check: error",
                "The gradient check passes; with the wrong sign it fails.",
            ),
            "rate too high": (
                "step by hand: ratio",
                "The tenth step is several times what its gradient makes it; at a high rate it is just that.",
            ),
        },
        "reset the gradients",
        lambda setup, _: {"gradient": _added_up},
    ),
    "saturated tanh": Fault(
        "The initial weights of a tanh network are so large that its units start at the ends of their range.",
        MET["initialization"],
        "The first loss is several times ln C, three quarters of the units are saturated; validation lags behind.",
        "panel: saturated",
        {
            "too few examples": (
                "count the labels: rows",
                "There are as many rows as there should be; of few examples there are sixty.",
            ),
            "large initial weights": (
                "panel: zero_first",
                "No activation is zero; of those of a ReLU half are.",
            ),
        },
        "sound initial weights",
        lambda setup, scale: {"initializer": partial(normal, scale=scale)},
        (0.7, 1, 2),
        needs={"activation": "tanh", "initializer": xavier},
    ),
    "ten layers of sigmoids": Fault(
        "Ten hidden layers have sigmoids, each of which takes three quarters or more of the gradient.",
        MET["activation"],
        "The loss stays at ln C: hardly any gradient reaches the first layers.",
        "panel: gradient_ratio",
        {
            "rate too low": (
                "panel: gradient_ratio",
                "The first layer's gradient is a millionth of the last one's; at a low rate the two are alike.",
            ),
            "small initial weights": (
                "weights: over_he",
                "The initial weights are as large as they should be; small ones are a twentieth of that.",
            ),
        },
        "ReLU in place of sigmoid",
        lambda setup, _: {"activation": "sigmoid", "initializer": xavier},
        needs={"hidden": (50,) * 10, "learning_rate": 0.01},
    ),
    "squared error": Fault(
        "The loss is the squared error of the probabilities, not the cross-entropy.",
        MET["loss"],
        "Hardly anything: the first loss is about one, below ln C, and accuracies are fine.",
        "known scores: zero",
        {
            "softmax twice": (
                "known scores: right",
                "Scores that are all but certain cost nothing; with softmax twice they cost 1.46.",
            ),
        },
        "cross-entropy",
        lambda setup, _: {"loss": _squared_error},
    ),
    "batch statistics at inference": Fault(
        "Batch normalization takes the statistics of the few rows that are evaluated together.",
        "Stack Overflow 59076114. " + MET["validation"],
        "The loss is low and both accuracies are far below it; a row alone always gets the same class.",
        "two evaluations: alone_alike",
        {
            "dropout at evaluation": (
                "two evaluations: alone_alike",
                "One by one, all rows get the same class; with dropout they do not.",
            ),
            "too few examples": (
                "two evaluations: differ",
                "Two evaluations, in another order, differ; of few examples they agree.",
            ),
        },
        "evaluation mode",
        lambda setup, size: {"predict": partial(_by_batch, size)},
        (1, 2, 4),
        needs={"normalized": True},
    ),
    "large epsilon in Adam": Fault(
        "Adam's epsilon is 1, larger than any gradient: what should divide out stays in.",
        "Stack Overflow 42064941. " + MET["optimizer"],
        "The loss falls slowly: a step moves the weights by a few ten-thousandths, whatever the rate promises.",
        "step by hand: ratio",
        {
            "rate too low": (
                "step by hand: ratio",
                "A step is far smaller than Adam makes it; at a low rate it is just that.",
            ),
        },
        "usual epsilon",
        lambda setup, epsilon: {"rule": partial(adam, epsilon=epsilon)},
        (0.1, 1, 10),
        needs={"rule": adam, "learning_rate": 0.003},
    ),
}


@dataclass(frozen=True)
class Repair:
    """A repair: a sentence on what it does, and `change(setup, sound)`, the parts of a set-up it makes anew."""

    sentence: str
    change: Callable


def _back(*parts):
    """Return the change that puts these parts of the sound set-up back."""
    return lambda setup, sound: {part: getattr(sound, part) for part in parts}


def _undone(part, wrong):
    """Return the change that puts a part back where the function `wrong` is what it was made of."""

    def change(setup, sound):
        now = getattr(setup, part)
        made_of = (now.func, *now.args) if isinstance(now, partial) else (now,)
        return {part: getattr(sound, part)} if wrong in made_of else {}

    return change


def _mended(setup, sound):
    """The sign of the gradient, and the slope that belongs to the function of the hidden units."""
    slopes = dict(ACTIVATIONS.values())
    f, _ = setup.pair
    return {"backward": np.positive, "functions": (f, slopes.get(f, np.ones_like))}


def _scaled(rng, _, X, y, X_held, y_held):
    mean, std = X.mean(axis=0), (X - X.mean(axis=0)).std()
    return (X - mean) / std, y, (X_held - mean) / std, y_held


def _taken_out(rng, _, X, y, X_held, y_held):
    held = {row.tobytes() for row in X_held}
    kept = np.array([row.tobytes() not in held for row in X])
    return X[kept], y[kept], X_held, y_held


def _applied(setup, sound):
    return {"functions": None} if setup.pair[0] is np.positive else {}


REPAIRS = {
    "tune the rate": Repair("Take a learning rate that healthy networks train with.", _back("learning_rate")),
    "a tenth of the rate": Repair(
        "Divide the learning rate by ten.", lambda setup, _: {"learning_rate": setup.learning_rate / 10}
    ),
    "clip at one": Repair(
        "Clip the gradient to a norm of one.",
        lambda setup, _: {"gradient": partial(_clipped, 1.0, setup.gradient)},
    ),
    "train longer": Repair("Train three times as long.", lambda setup, _: {"steps": 3 * setup.steps}),
    "sound initial weights": Repair(
        "Draw the initial weights as the activation asks: He's for a ReLU, Xavier's else.",
        _back("initializer"),
    ),
    "biases of zero": Repair("Start the biases at zero.", _back("bias")),
    "mend the backward pass": Repair("Correct the backward pass until the gradient check passes.", _mended),
    "average the loss": Repair("Divide the loss by the number of rows.", _undone("loss", _summed)),
    "scale the inputs": Repair(
        "Subtract the mean of the training rows, and divide by their standard deviation.",
        lambda setup, _: _data(_scaled)(setup, 1),
    ),
    "give the loss the scores": Repair(
        "Give the loss scores, not probabilities.", _undone("loss", _softmax_twice)
    ),
    "cross-entropy": Repair("Take the cross-entropy for the loss.", _undone("loss", _squared_error)),
    "align the labels": Repair("Give each row its own label.", _undone("data", _misaligned)),
    "clean the labels": Repair("Correct the labels that are wrong.", _undone("data", _noisy)),
    "more examples": Repair("Train on all examples that there are.", _undone("data", _few)),
    "balance the classes": Repair("Gather as many rows of each class.", _undone("data", _unbalanced)),
    "take the validation rows out": Repair(
        "Take the rows that are validated with out of the training rows.",
        lambda setup, _: _data(_taken_out)(setup, 1),
    ),
    "do not clip": Repair("Leave the gradient as long as it is.", _undone("gradient", _clipped)),
    "shuffle the rows": Repair("Shuffle the rows before each epoch.", _back("rows")),
    "apply the activation": Repair("Apply the activation after each hidden layer.", _applied),
    "ReLU in place of sigmoid": Repair(
        "Take ReLUs for the hidden units, and He's initial weights.",
        lambda setup, _: {"activation": "relu", "functions": None, "initializer": he},
    ),
    "train all layers": Repair("Hand all parameters to the update.", _undone("gradient", _frozen)),
    "reset the gradients": Repair(
        "Set the gradients to zero before each step.", _undone("gradient", _added_up)
    ),
    "linear scores": Repair("Leave the last layer linear.", _back("output")),
    "less weight decay": Repair("Take the weight decay that healthy networks train with.", _back("decay")),
    "evaluation mode": Repair(
        "Evaluate without dropout, and normalize by the statistics of training.", _back("predict")
    ),
    "usual epsilon": Repair("Leave Adam's epsilon at its usual 1e-8.", _back("rule")),
}
