"""Topic 06, babysitting: what twenty pictures prove, which rates pixels want, and what a gap asks for.

The notebook's large pictures hold each number of a digit 48 times. A network on the 64 numbers, each times
the square root of 48, trains alike in a fraction of the time: what is measured here is measured on these,
except for the bugs of `course.faults`.
"""

from functools import partial

import numpy as np

from course import datasets, faults, initializers, network
from course.search import sweep

# Four a decade.
ALL_RATES = 10 ** np.arange(-5, 0.6, 0.25)
RATES = 10 ** np.arange(-4.75, -1.9, 0.25)
PLANTED_RATES = 10 ** np.arange(-1, 0.9, 0.25)
DIVISORS = [1, 6, 40, 255]
UNITS, EPOCHS = [1, 2, 3, 5, 10, 50, 100], [1, 5, 30]
SCALES, PENALTIES = [1e-4, 1e-3, 3e-3, 0.01, 0.03], [0, 10]
COMPARED = [None, "missing ReLU mask", "uncentred pixels"]


def digits(seed, divisor=1, pictures=None):
    """Return the settings of `train` that are data, folded: the first `pictures` of a split of this seed."""
    images, labels = datasets.digits()
    rows = (images.reshape(-1, 64) * (np.sqrt(48) * 255 / 16)).astype(np.float32)
    X, y, X_held, y_held = datasets.split(np.random.default_rng([seed, 0]), rows, labels, held_out=300)
    mean = X.mean(axis=0)
    X, X_held = (X[:pictures] - mean) / divisor, (X_held - mean) / divisor
    return {"X": X, "y": y[:pictures], "validation": (X_held, y_held)}


def start(seed, scale, hidden=50):
    """Return a network with one hidden layer and initial weights of this scale."""
    initializer = partial(initializers.normal, scale=scale)
    return network.create(np.random.default_rng([seed, 1]), [64, hidden, 10], initializer, np.float32)


def learn(seed, data, start, rates, **settings):
    """Return parameters and history of a network at each of the rates."""
    return sweep([start], rates, **data, rng=np.random.default_rng([seed, 2]), **settings)


def final(history):
    """Return the last validation accuracies; a network that has diverged guesses."""
    last = history.validation_accuracy[-1, 0]
    return np.where(history.diverged[0], 0.1, np.nan_to_num(last, nan=0.1))


def twenty(seed):
    """Loss after 200 epochs on twenty pictures at each of ALL_RATES, as they are and divided by 255."""
    found = {}
    for name, divisor in {"plain": 1, "divided": 255}.items():
        settings = {"epochs": 200, "batch_size": None}
        _, history = learn(seed, digits(seed, divisor, 20), start(seed, 1e-4), ALL_RATES, **settings)
        found[name] = np.where(history.diverged[0], 99, np.minimum(history.cost[-1, 0], 99))
    return found


def scales(seed):
    """Accuracy after eight epochs on 300 pictures at each of ALL_RATES, with the axes (divisor, rate).

    `same` starts from 0.001 whatever the divisor is, `scaled` from its square root times that.
    """
    found = {"same": [], "scaled": []}
    for divisor in DIVISORS:
        data, settings = digits(seed, divisor, 300), {"epochs": 8, "batch_size": 50}
        for name, scale in {"same": 0.001, "scaled": 0.001 * np.sqrt(divisor)}.items():
            found[name].append(final(learn(seed, data, start(seed, scale), ALL_RATES, **settings)[1]))
    return {name: np.array(rows) for name, rows in found.items()}


def units(seed):
    """Training and validation accuracy with the axes (hidden units, epochs so far, rate)."""
    data, found = digits(seed), {"training": [], "validation": []}
    for hidden in UNITS:
        _, history = learn(seed, data, start(seed, 0.01, hidden), RATES, epochs=EPOCHS[-1])
        some = np.array(EPOCHS) - 1
        for name, series in ("training", history.train_accuracy), ("validation", history.validation_accuracy):
            found[name].append(np.nan_to_num(series[some, 0], nan=0.1))
    return {name: np.array(rows) for name, rows in found.items()}


def first_layer(seed):
    """Noise in the pictures of the first layer and accuracy, with the axes (penalty, initial scale, rate).

    The part of the large network's initial weights in which equal pixels differ has no gradient: it stays,
    or shrinks with the penalty. `noise` is the part of a filter's norm that it makes up, the median of 50.
    """
    data, found = digits(seed), {"noise": [], "accuracy": []}
    for reg in PENALTIES:
        for scale in SCALES:
            large = initializers.normal(np.random.default_rng([seed, 3]), (64, 48, 50), scale)
            folded = large.sum(axis=1) / np.sqrt(48)
            left = np.linalg.norm(large - large.mean(axis=1, keepdims=True), axis=(0, 1))
            (_, b), last = start(seed, scale)
            params, history = learn(
                seed, data, [(folded.astype(np.float32), b), last], RATES, epochs=10, reg=reg
            )
            left = left * (1 - reg * RATES[:, None]) ** (10 * (len(data["X"]) // 100))
            learned = np.linalg.norm(params[0][0][0].astype(float), axis=-2)
            found["noise"].append(np.median(left / np.hypot(left, learned), axis=-1))
            found["accuracy"].append(final(history))
    shape = len(PENALTIES), len(SCALES), len(RATES)
    return {name: np.reshape(rows, shape) for name, rows in found.items()}


def planted(seed):
    """Accuracy of the runs COMPARED, which hardly shows a fault, with the axes (fault, rate)."""
    runs = [
        [faults.train(fault, seed, learning_rate=rate)[1] for rate in PLANTED_RATES] for fault in COMPARED
    ]
    last = [[run.validation_accuracy[-1] for run in row] for row in runs]
    return {"accuracy": np.nan_to_num(last, nan=0.1)}


def examined(seed):
    """Which checks fail on a healthy run and on one with each fault, axes (healthy or fault, check)."""
    runs = [faults.examine(fault, seed) for fault in [None, *faults.FAULTS]]
    return {"failed": np.array([[not passed for _, passed in run.values()] for run in runs], float)}


EXPERIMENTS = {
    "twenty": (twenty, 20),
    "scales": (scales, 20),
    "units": (units, 20),
    "first_layer": (first_layer, 20),
    "planted": (planted, 20),
    "examined": (examined, 20),
}
