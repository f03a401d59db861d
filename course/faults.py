"""A fault is a small change of one healthy training run; planted on purpose, it shows which check finds it.

The healthy run trains 64-50-10, a network with one hidden layer of ReLU units, on the digits: centred pixels,
initial weights of 0.01, plain gradient descent on minibatches of 50. It is a dict of parts, `HEALTHY`, each a
function, and a fault puts another function in the place of one of them. To add one, write that function and
its entry in `FAULTS`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import islice

import numpy as np

from course import datasets, gradcheck, network
from course.activations import relu, relu_grad
from course.arguments import choice, single, whole
from course.initializers import he, normal
from course.statistics import update_ratio
from course.training import History

BATCH_SIZE = 50


@dataclass(frozen=True)
class Fault:
    """A fault: a sentence on what is wrong, its `symptom`, the `check` that finds it, its `repair`.

    `check` is a name in `CHECKS`, and `change` holds the functions that take the place of those in `HEALTHY`.
    """

    sentence: str
    symptom: str
    check: str
    repair: str
    change: dict


@dataclass(frozen=True)
class Check:
    """A check: what it asks, the range from `low` to `high` in which its number is right, and its function.

    `measure(parts, rng)` returns the number for a run that is made of these parts.
    """

    question: str
    low: float
    high: float
    measure: Callable


def train(fault, seed, epochs=10, learning_rate=0.3):
    """Train with a fault, a name in `FAULTS` or None for a healthy run; return `(params, history)`.

    `seed` draws the held-out pictures, the initial weights and the minibatches, the same for all faults. The
    history is that of `course.training.train`, with the loss and the gradients as the fault makes them.

    >>> for fault in None, "shuffled labels":
    ...     _, history = train(fault, seed=0, epochs=10)
    ...     print(history.validation_accuracy[-1].round(2))
    0.97
    0.07
    """
    epochs, rate = whole("epochs", epochs), single("learning_rate", learning_rate, 0)
    return _trained(_parts(fault), np.random.default_rng(whole("seed", seed, low=0)), epochs, rate)


def examine(fault, seed):
    """Make every check of `CHECKS` on a run with a fault, or with None: return `{check: (number, passed)}`.

    >>> [check for check, (_, passed) in examine("summed loss", seed=0).items() if not passed]
    ['first loss', 'twenty pictures', 'validation']
    """
    parts, found = _parts(fault), {}
    whole("seed", seed, low=0)
    for name, check in CHECKS.items():
        number = float(check.measure(parts, np.random.default_rng(seed)))
        found[name] = number, check.low <= number <= check.high
    return found


def _parts(fault):
    return HEALTHY if fault is None else HEALTHY | FAULTS[choice("fault", fault, FAULTS)].change


def _start(rng):
    return network.create(rng, [64, 50, 10], partial(normal, scale=0.01))


@np.errstate(all="ignore")
def _loss_and_grads(parts, params, X, y):
    *hidden, (W, b) = params
    zs, hs = network._forward(hidden, X, relu)
    loss, dscores = parts["loss"](hs[-1] @ W + b, y)
    last = hs[-1].T @ dscores, dscores.sum(axis=0)
    return loss, [*network._backward(hidden, X, zs, hs, dscores @ W.T, parts["ReLU slope"])[0], last]


@np.errstate(all="ignore")
def _steps(parts, params, X, y, rate, rng=None):
    """Yield each step's (loss, parameters, gradients, next parameters); without rng it takes all rows."""
    grads = None
    while True:
        rows = np.arange(len(X)) if rng is None else rng.integers(len(X), size=BATCH_SIZE)
        loss, newest = _loss_and_grads(parts, params, X[rows], y[rows])
        grads = parts["gradient"](grads, newest)
        pairs = (zip(*layers, strict=True) for layers in zip(params, grads, strict=True))
        moved = [tuple(p - rate * dp for p, dp in layer) for layer in pairs]
        yield loss, params, grads, moved
        params = moved


def _trained(parts, rng, epochs, rate):
    X, y, *held_out = parts["data"](rng)
    steps, seen = _steps(parts, _start(rng), X, y, rate, rng), []
    for _ in range(epochs):
        epoch = list(islice(steps, len(X) // BATCH_SIZE))
        _, before, grads, params = epoch[-1]
        accuracies = (network.accuracy(params, *rows, "relu") for rows in ((X, y), held_out))
        seen.append(([loss for loss, *_ in epoch], *accuracies, update_ratio(before, grads, rate)))
    series = [np.array(one) for one in zip(*seen, strict=True)]
    return params, History(*series, diverged=~np.isfinite(series[0][-1, -1]), interrupted=np.False_)


# The parts of the healthy run, and of the faulty ones.


def _data(rng, centred=True, shuffled=False):
    images, labels = datasets.digits()
    X, y, X_held, y_held = datasets.split(rng, images.reshape(-1, 64) / 6, labels, held_out=300)
    mean = X.mean(axis=0) if centred else 0
    # From a generator of its own, so that what is drawn after it is as in a healthy run.
    y = rng.spawn(1)[0].permutation(y) if shuffled else y
    return X - mean, y, X_held - mean, y_held


def _softmax_twice(scores, y):
    p = network.softmax(scores)
    loss, dp = network._cross_entropy(p, y)
    return loss, p * (dp - (p * dp).sum(axis=1, keepdims=True))


def _summed(scores, y):
    return tuple(len(y) * mean for mean in network._cross_entropy(scores, y))


def _added_up(before, newest):
    pairs = zip(before or newest, newest, strict=True)
    return [tuple(map(np.add, *pair)) for pair in pairs] if before else newest


HEALTHY = {
    "data": _data,
    "loss": network._cross_entropy,
    "ReLU slope": relu_grad,
    "gradient": lambda before, newest: newest,
}

# Two sentences of a table each: what is wrong and what is seen; then the check that finds it, and the repair.
FAULTS = {
    "shuffled labels": Fault(
        "The labels were shuffled, and the pictures were not.",
        "The loss hardly falls; on other pictures the accuracy stays at one in ten.",
        "validation",
        "Shuffle pictures and labels by one permutation.",
        {"data": partial(_data, shuffled=True)},
    ),
    "softmax twice": Fault(
        "The loss takes probabilities for scores, and makes probabilities of them again.",
        "The loss falls slowly, and never below 1.46, whatever the accuracy is.",
        "twenty pictures",
        "Give the loss the scores.",
        {"loss": _softmax_twice},
    ),
    "summed loss": Fault(
        "The loss is summed over the minibatch, not averaged.",
        "The first loss grows with the minibatch; learning rates that are right for a mean explode.",
        "first loss",
        "Divide the loss and its gradient by the number of pictures.",
        {"loss": _summed},
    ),
    "missing ReLU mask": Fault(
        "The backward pass leaves out the slope of the ReLU.",
        "Hardly any: the network learns, a little worse than it could.",
        "gradient",
        "Let no gradient pass where the unit is off.",
        {"ReLU slope": np.ones_like},
    ),
    "gradients not reset": Fault(
        "Each step adds its gradient to those of all steps before.",
        "The loss falls at first, and then swings ever higher.",
        "second step",
        "Set the gradients to zero before each step.",
        {"gradient": _added_up},
    ),
    "uncentred pixels": Fault(
        "The mean image was not subtracted.",
        "None at a modest learning rate; at twice that rate the network no longer learns.",
        "input mean",
        "Subtract the mean image of the training pictures from all pictures.",
        {"data": partial(_data, centred=False)},
    ),
}


# The checks, in the order in which they are made.


def _input_mean(parts, rng):
    X = parts["data"](rng)[0]
    return np.abs(X.mean(axis=0)).max() / X.std()


def _first_loss(parts, rng):
    X, y, *_ = parts["data"](rng)
    return _loss_and_grads(parts, _start(rng), X[:100], y[:100])[0]


def _gradient(parts, rng):
    """Of a small network that sees four pixels, since the check makes six calls for each number."""
    X, y, *_ = parts["data"](rng)
    X, y, params = X[:20, 26:30], y[:20], network.create(rng, [4, 3, 10], he)
    _, grads = _loss_and_grads(parts, params, X, y)
    return gradcheck.check(lambda params: _loss_and_grads(parts, params, X, y)[0], params, grads).norm_error


def _second_step(parts, rng):
    X, y, *_ = parts["data"](rng)
    *_, (_, params, grads, _) = islice(_steps(parts, _start(rng), X[:20], y[:20], 0.3), 2)
    _, right = _loss_and_grads(parts, params, X[:20], y[:20])
    (dW, _), (right_dW, _) = grads[-1], right[-1]
    return np.linalg.norm(dW - right_dW) / np.linalg.norm(right_dW)


def _twenty_pictures(parts, rng):
    X, y, *_ = parts["data"](rng)
    return next(islice(_steps(parts, _start(rng), X[:20], y[:20], 0.3), 300, None))[0]


def _validation(parts, rng):
    return _trained(parts, rng, 10, 0.3)[1].validation_accuracy[-1]


CHECKS = {
    "input mean": Check(
        "What is the largest mean of a pixel, over the standard deviation of all?", 0, 0.1, _input_mean
    ),
    "first loss": Check("Is the loss ln 10 before training?", 2.28, 2.33, _first_loss),
    "gradient": Check("How far is it from finite differences?", 0, 1e-6, _gradient),
    "second step": Check("How far is it from the gradient times the rate?", 0, 1e-6, _second_step),
    "twenty pictures": Check("What loss is left after 300 steps on them?", 0, 0.02, _twenty_pictures),
    "validation": Check("How accurate is it on other pictures after ten epochs?", 0.9, 1, _validation),
}
