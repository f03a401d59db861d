"""A fault is a small change of a healthy set-up; here are thirty that people have, as data.

To add one, write its entry in `FAULTS`, the function that it puts in the place of a part, where there is none
yet, and the pairs of `CONFUSED` that it is taken for; then its repair in `course.clinic.repairs`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from course import network
from course.activations import relu, relu_grad
from course.arguments import choice
from course.clinic import setup as sound
from course.faults import _added_up as _sum_of_all
from course.faults import _softmax_twice
from course.initializers import constant, normal, xavier
from course.optimizers import adam


@dataclass(frozen=True)
class Fault:
    """A fault: a `sentence` on what is wrong, how often people `met` it, and what it `looks` like.

    `seen` is the measurement in which it differs from a healthy run, a number of `course.clinic.experiments`
    such as "panel: last_loss", and `repair` a name in `course.clinic.repairs`. `change(setup, strength)`
    returns the parts of the set-up that it changes; `strengths` are the lowest, the usual and the highest.
    `needs(setup)` returns parts, healthy ones, that a set-up must have to have the fault.
    """

    sentence: str
    met: str
    looks: str
    seen: str
    repair: str
    change: Callable
    strengths: tuple = (1, 1, 1)
    needs: Callable = lambda setup: {}


def neighbours(fault):
    """Return what a fault is taken for, `{name: (measurement, sentence)}`.

    >>> neighbours("squared error")["softmax twice"][0]
    'known scores: right'
    """
    return {
        other: told
        for pair, told in CONFUSED.items()
        for one, other in (pair, pair[::-1])
        if one == choice("fault", fault, FAULTS)
    }


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
    grads = _sum_of_all(memory, grads)
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


# How often: among practitioners who were asked, and programs on which a tool (DeepFD) was tried.
MET = {
    "data": "Of practitioners asked, 95% had met faults of training data (Humbatova and others 2020).",
    "preprocessing": "Of practitioners asked, 86% had met wrong preprocessing (Humbatova and others 2020).",
    "settings": "Of practitioners asked, 86% had met wrong hyperparameters (Humbatova and others 2020).",
    "model": "Of practitioners asked, 81% had met faults of the model (Humbatova and others 2020).",
    "validation": "Of practitioners asked, 60% had met faults of validation (Humbatova and others 2020).",
    "optimizer": "Of practitioners asked, 57% had met faults of the optimizer (Humbatova and others 2020).",
    "activation": "Of 52 programs, 25 had a wrong activation (Cao and others 2022).",
    "rate": "Of 52 programs, 17 had a wrong learning rate (Cao and others 2022).",
    "loss": "Of 52 programs, 16 had a wrong loss (Cao and others 2022).",
    "initialization": "Of 52 programs, 1 was initialized wrongly (Cao and others 2022).",
}

FAULTS = {
    "rate far too high": Fault(
        "The learning rate is 20 to 200 times too high.",
        MET["rate"],
        "The loss explodes in the first steps and never comes down to where it began.",
        "panel: highest_loss",
        "tune the rate",
        lambda setup, factor: {"learning_rate": setup.learning_rate * factor},
        (20, 60, 200),
    ),
    "rate too high": Fault(
        "The learning rate is about ten times too high.",
        MET["rate"],
        "The loss falls, swings, and ends at ln C, with most units dead and one class predicted.",
        "panel: last_loss",
        "tune the rate",
        lambda setup, factor: {"learning_rate": setup.learning_rate * factor},
        (8, 10, 14),
    ),
    "rate too low": Fault(
        "The learning rate is a hundred times too low.",
        MET["rate"],
        "The loss falls steadily, and slowly; a step moves the weights by less than a ten-thousandth.",
        "panel: update",
        "tune the rate",
        lambda setup, factor: {"learning_rate": setup.learning_rate / factor},
        (50, 100, 300),
    ),
    "small initial weights": Fault(
        "The initial weights are gaussian, of standard deviation 0.01 in every layer.",
        MET["initialization"],
        "The loss stays at ln C; from layer to layer activations shrink, and so do gradients.",
        "panel: std_ratio",
        "sound initial weights",
        lambda setup, scale: {"initializer": partial(normal, scale=scale)},
        (0.003, 0.01, 0.02),
    ),
    "large initial weights": Fault(
        "The initial weights are gaussian, of standard deviation 1 in every layer.",
        MET["initialization"],
        "The first loss is hundreds of times ln C, though the inputs are fine, and most units die.",
        "panel: over_ln_C",
        "sound initial weights",
        lambda setup, scale: {"initializer": partial(normal, scale=scale)},
        (0.7, 1, 2),
    ),
    "constant initial weights": Fault(
        "All initial weights are equal, zero for instance.",
        MET["initialization"],
        "The loss stays at ln C; gradients are zero, or the same for all units of a layer.",
        "weights: alike",
        "sound initial weights",
        lambda setup, value: {"initializer": partial(constant, value=value)},
        (0, 0, 0.05),
    ),
    "negative initial bias": Fault(
        "The biases of the hidden units start at -3.",
        MET["initialization"],
        "The loss stays at ln C: most units are dead before the first step, though the weights are normal.",
        "panel: dead_first",
        "biases of zero",
        lambda setup, size: {"bias": -size},
        (3, 3, 10),
    ),
    "flipped gradient": Fault(
        "The gradient of the loss has the wrong sign, y - p in the place of p - y.",
        MET["optimizer"],
        "The loss climbs from the first step until it is NaN.",
        "gradient check: error",
        "mend the backward pass",
        lambda setup, _: {"backward": np.negative},
    ),
    "summed loss": Fault(
        "The loss is summed over the minibatch, not averaged.",
        MET["loss"],
        "The first loss is the size of the minibatch times too large; then it explodes.",
        "double batch: times",
        "average the loss",
        lambda setup, _: {"loss": partial(_summed, setup.loss)},
    ),
    "inputs not scaled": Fault(
        "The inputs are left as they come, 255 times too large.",
        MET["preprocessing"],
        "The first loss is a hundred times ln C or more, and the inputs' standard deviation is far from one.",
        "panel: input_std",
        "scale the inputs",
        _data(_times),
        (30, 255, 255),
    ),
    "softmax twice": Fault(
        "The loss takes probabilities for scores, and makes probabilities of them again.",
        MET["loss"],
        "The loss never falls below 1.46, though most pictures are recognized.",
        "panel: lowest_loss",
        "give the loss the scores",
        lambda setup, _: {"loss": _softmax_twice},
    ),
    "misaligned labels": Fault(
        "The labels belong to other rows: they were shuffled and the pictures were not.",
        MET["data"],
        "Training crawls, and validation stays where guessing has it; twenty examples are memorized.",
        "look at the rows: wrong",
        "align the labels",
        _data(_misaligned),
    ),
    "clipped gradient": Fault(
        "The gradient is clipped to a norm of 0.001, far below what it has.",
        MET["optimizer"],
        "The loss hardly falls: every step moves the weights by the same hundred-thousandth.",
        "step by hand: ratio",
        "do not clip",
        lambda setup, limit: {"gradient": partial(_clipped, limit, setup.gradient)},
        (3e-4, 1e-3, 1e-2),
    ),
    "noisy labels": Fault(
        "Three labels in ten are wrong.",
        MET["data"],
        "Training and validation stop short together, at the share of the labels that is right.",
        "look at the rows: wrong",
        "clean the labels",
        _data(_noisy),
        (0.2, 0.3, 0.5),
    ),
    "sorted rows": Fault(
        "The rows are sorted by class and never shuffled.",
        MET["data"],
        "The loss falls to nothing within a class and jumps at the next; few classes are predicted.",
        "panel: validation",
        "shuffle the rows",
        lambda setup, _: {"rows": _by_class},
    ),
    "no nonlinearity": Fault(
        "The activation was forgotten: the network is a product of matrices, linear in its inputs.",
        MET["activation"],
        "It trains, a little worse than it should; no activation is zero where half should be.",
        "panel: zero_first",
        "apply the activation",
        lambda setup, _: {"functions": (np.positive, np.ones_like)},
    ),
    "frozen layer": Fault(
        "The first layer is not trained: its parameters were not handed to the update.",
        MET["model"],
        "Hardly anything: the others learn around it. One update ratio is exactly zero.",
        "panel: lowest_update",
        "train all layers",
        lambda setup, _: {"gradient": _frozen},
    ),
    "missing ReLU mask": Fault(
        "The backward pass leaves out the slope of the ReLU.",
        MET["activation"],
        "The loss falls and then explodes; at a tenth of the rate it trains as if nothing were wrong.",
        "gradient check: error",
        "mend the backward pass",
        lambda setup, _: {"functions": (setup.pair[0], np.ones_like)},
    ),
    "ReLU on the scores": Fault(
        "The last layer has a ReLU, as the hidden ones have: no score is below zero.",
        MET["activation"],
        "Often training and validation stop short together, with a class that is never predicted.",
        "scores: lowest",
        "linear scores",
        lambda setup, _: {"output": (relu, relu_grad)},
    ),
    "too much regularization": Fault(
        "The weight decay is 1, thousands of times what it should be.",
        MET["settings"],
        "The loss ends at ln C: each step takes more from the weights than it gives, until none are left.",
        "panel: update",
        "less weight decay",
        lambda setup, decay: {"decay": decay},
        (0.3, 1, 2),
    ),
    "too few examples": Fault(
        "There are only sixty training rows.",
        MET["data"],
        "The training accuracy is 1 and the loss next to nothing; in validation a fifth is wrong.",
        "count the labels: rows",
        "more examples",
        _data(_few),
        (40, 60, 100),
    ),
    "unbalanced classes": Fault(
        "Most training rows are of one class; of each of the others a twentieth was kept.",
        MET["data"],
        "The training accuracy is 1; in validation a fifth is wrong, and one class is predicted too often.",
        "count the labels: most",
        "balance the classes",
        _data(_unbalanced),
        (15, 20, 40),
    ),
    "leaked validation rows": Fault(
        "The validation rows are among the training rows.",
        MET["validation"],
        "Nothing looks wrong: the validation accuracy is too good, as high as in training.",
        "duplicates: share",
        "take the validation rows out",
        _data(_leaked),
        (0.7, 1, 1),
    ),
    "dropout at evaluation": Fault(
        "Dropout is left on where the network is evaluated.",
        MET["validation"],
        "Both accuracies are far below what the loss promises, and change when evaluated again.",
        "two evaluations: differ",
        "evaluation mode",
        lambda setup, _: {"predict": _with_dropout},
        needs=lambda setup: {"dropped": 0.5},
    ),
    "gradients not reset": Fault(
        "Each step adds its gradient to those of all steps before.",
        MET["optimizer"],
        "The loss falls, then swings ever higher; most units die, and steps go on without a gradient.",
        "step by hand: ratio",
        "reset the gradients",
        lambda setup, _: {"gradient": _added_up},
    ),
    "saturated tanh": Fault(
        "The initial weights of a tanh network are so large that most units start saturated.",
        MET["initialization"],
        "The first loss is several times ln C, most units are saturated, and validation lags behind.",
        "panel: saturated",
        "sound initial weights",
        lambda setup, scale: {"initializer": partial(normal, scale=scale)},
        (0.7, 1, 2),
        needs=lambda setup: {"activation": "tanh", "initializer": xavier},
    ),
    "ten layers of sigmoids": Fault(
        "Ten hidden layers have sigmoids, each of which takes three quarters or more of the gradient.",
        MET["activation"],
        "The loss stays at ln C: hardly any gradient reaches the first layers.",
        "panel: gradient_ratio",
        "ReLU in place of sigmoid",
        lambda setup, _: {"activation": "sigmoid", "initializer": xavier},
        needs=lambda setup: {"hidden": setup.hidden[:1] * 10, "learning_rate": setup.learning_rate / 3},
    ),
    "squared error": Fault(
        "The loss is the squared error of the probabilities, not the cross-entropy.",
        MET["loss"],
        "Hardly anything: the first loss is about one, below ln C, and accuracies are fine.",
        "known scores: zero",
        "cross-entropy",
        lambda setup, _: {"loss": _squared_error},
    ),
    "batch statistics at inference": Fault(
        "Batch normalization takes the statistics of the few rows that are evaluated together.",
        "Stack Overflow 59076114 is one. Of practitioners asked, 60% had met faults of validation "
        "(Humbatova and others 2020).",
        "The loss is low and both accuracies are far below it; a row alone always gets the same class.",
        "two evaluations: alone_alike",
        "evaluation mode",
        lambda setup, size: {"predict": partial(_by_batch, size)},
        (1, 2, 4),
        needs=lambda setup: {"normalized": True},
    ),
    "large epsilon in Adam": Fault(
        "Adam's epsilon is 1, larger than any gradient: what should divide out stays in.",
        "Stack Overflow 42064941 is one. Of practitioners asked, 57% had met faults of the optimizer "
        "(Humbatova and others 2020).",
        "The loss falls slowly: a step moves the weights by a few ten-thousandths, whatever the rate.",
        "step by hand: ratio",
        "usual epsilon",
        lambda setup, epsilon: {"rule": partial(adam, epsilon=epsilon)},
        (0.3, 1, 10),
        needs=lambda setup: {"rule": adam, "learning_rate": setup.learning_rate / 10},
    ),
}

# Pairs that are taken for each other: the measurement in which they differ, and a sentence on it.
CONFUSED = {
    ("rate far too high", "rate too high"): ("panel: lowest_loss",
     "At ten times the rate the loss falls before it swings; at sixty times it never falls."),
    ("rate far too high", "flipped gradient"): ("a hundredth of the rate: validation",
     "A hundredth of the rate heals a rate that was too high; with the wrong sign the loss climbs at any."),
    ("rate far too high", "summed loss"): ("double batch: times",
     "A summed loss starts twice as high with twice the minibatch; the rate has no part in the first loss."),
    ("rate too high", "sorted rows"): ("shuffle: validation",
     "Shuffling heals rows that were sorted, and does nothing for a rate that is too high."),
    ("rate too high", "missing ReLU mask"): ("gradient check: error",
     "Without the mask the gradient check fails; a rate leaves gradients right."),
    ("rate too high", "too much regularization"): ("step by hand: ratio",
     "Weight decay makes steps many times as large as rate and gradient do; a high rate is in the rate."),
    ("rate too high", "gradients not reset"): ("step by hand: ratio",
     "Gradients that add up make the tenth step several times as large as rate and gradient do."),
    ("rate too low", "misaligned labels"): ("look at the rows: wrong",
     "Somebody who looks at rows and labels sees at once that nine in ten do not fit."),
    ("rate too low", "clipped gradient"): ("step by hand: ratio",
     "A clipped step is a thousandth of what rate and gradient make it; at a low rate it is just that."),
    ("rate too low", "ten layers of sigmoids"): ("panel: gradient_ratio",
     "Under ten sigmoids the first gradient is a millionth of the last; the rate has no part in either."),
    ("rate too low", "large epsilon in Adam"): ("step by hand: ratio",
     "With a large epsilon a step is a twentieth of what Adam makes it; at a low rate it is just that."),
    ("small initial weights", "constant initial weights"): ("weights: alike",
     "Constant weights make all units of a layer alike; of random ones, however small, no two are."),
    ("small initial weights", "negative initial bias"): ("panel: dead_first",
     "With a negative bias most units are dead at the start; with small weights hardly one is."),
    ("small initial weights", "too much regularization"): ("weights: over_he",
     "A strong penalty makes weights small that were sound at the start; the others were small from there."),
    ("small initial weights", "ten layers of sigmoids"): ("weights: over_he",
     "Sigmoids stop the gradient with sound weights, too; small ones are a twentieth of those."),
    ("large initial weights", "summed loss"): ("double batch: times",
     "A summed loss starts twice as high with twice the minibatch; that of large weights stays."),
    ("large initial weights", "inputs not scaled"): ("panel: input_std",
     "The inputs tell: unscaled, their standard deviation is in the hundreds, else one."),
    ("large initial weights", "saturated tanh"): ("panel: zero_first",
     "Half of the activations are zero, and none of those of a tanh."),
    ("constant initial weights", "negative initial bias"): ("weights: alike",
     "Constant weights make all units of a layer alike; behind a negative bias they are random."),
    ("flipped gradient", "summed loss"): ("gradient check: error",
     "With the wrong sign the gradient check fails; that of a sum is the gradient of a sum."),
    ("flipped gradient", "missing ReLU mask"): ("a tenth of the rate: validation",
     "At a tenth of the rate a network without the mask trains; with the wrong sign none does."),
    ("flipped gradient", "gradients not reset"): ("gradient check: error",
     "With the wrong sign the gradient check fails; gradients that add up are right one by one."),
    ("summed loss", "inputs not scaled"): ("panel: input_std",
     "The inputs tell: unscaled, their standard deviation is in the hundreds, else one."),
    ("softmax twice", "noisy labels"): ("known scores: right",
     "Through two softmaxes, scores that are all but certain cost 1.46; labels have no part in that."),
    ("softmax twice", "ReLU on the scores"): ("scores: lowest",
     "A ReLU leaves no score below zero; through two softmaxes they have both signs."),
    ("softmax twice", "squared error"): ("known scores: right",
     "Through two softmaxes, scores that are all but certain cost 1.46; their squared error is zero."),
    ("misaligned labels", "clipped gradient"): ("step by hand: ratio",
     "A clipped step is a thousandth of what rate and gradient make it; labels have no part in that."),
    ("misaligned labels", "noisy labels"): ("look at the rows: wrong",
     "Somebody who looks at the rows sees nine wrong labels in ten, or three."),
    ("noisy labels", "ReLU on the scores"): ("scores: lowest",
     "A ReLU leaves no score below zero; with noisy labels they have both signs."),
    ("noisy labels", "dropout at evaluation"): ("two evaluations: differ",
     "With dropout left on two evaluations differ; labels have no part in that."),
    ("sorted rows", "ReLU on the scores"): ("scores: lowest",
     "A ReLU leaves no score below zero; with sorted rows they have both signs."),
    ("no nonlinearity", "frozen layer"): ("panel: zero_first",
     "In a linear network no activation is zero; with a frozen layer half of them are."),
    ("no nonlinearity", "missing ReLU mask"): ("gradient check: error",
     "Without the mask the gradient check fails; the gradient of a linear network is right."),
    ("too few examples", "unbalanced classes"): ("count the labels: most",
     "Counted, most labels are of one class, or a few of each."),
    ("too few examples", "saturated tanh"): ("count the labels: rows",
     "Counted, there are sixty rows, or as many as there should be."),
    ("too few examples", "batch statistics at inference"): ("two evaluations: differ",
     "With batch statistics two evaluations differ, in another order; with few examples they agree."),
    ("dropout at evaluation", "batch statistics at inference"): ("two evaluations: alone_alike",
     "Evaluated one by one, all rows get the same class from batch statistics, and not with dropout."),
}  # fmt: skip
