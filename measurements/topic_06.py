"""Topic 06, babysitting: what twenty pictures prove, which rates pixels want, and what a gap asks for.

The notebook's large pictures hold each number of a digit 48 times. A network on the 64 numbers, each times
the square root of 48, trains alike in a fraction of the time: what is measured here is measured on these,
except for the bugs of `course.faults` and for the update ratio, in which all weights count.
"""

from functools import partial

import numpy as np

from course import datasets, faults, initializers, network
from course.search import sweep
from course.training import train

# Four a decade.
ALL_RATES = 10 ** np.arange(-5, 0.6, 0.25)
RATES = 10 ** np.arange(-4.75, -1.9, 0.25)
PLANTED_RATES = 10 ** np.arange(-1, 0.9, 0.25)
DIVISORS = [1, 6, 40, 255]
UNITS, EPOCHS = [1, 2, 3, 5, 10, 50, 100], [1, 5, 30]
SCALES, PENALTIES = [1e-4, 1e-3, 3e-3, 0.01, 0.03], [0, 10]
COMPARED = [None, "missing ReLU mask", "uncentred pixels"]
SHAPES, DECAYS = [1e-5, 1e-3, 2e-3, 3e-3], [1, 0.8]
PLATEAU_SCALES, PLATEAU_RATES = [1e-6, 1e-5, 1e-4, 1e-3], [3e-4, 1e-3]
EXAMPLES = [50, 1497]
RATIO_RATES = [1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3]


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


def shapes(seed):
    """Mean loss of the last epoch with the axes (decay, rate): small minibatches, a strong penalty."""
    data, found = digits(seed), []
    for decay in DECAYS:
        settings = {"epochs": 10, "batch_size": 20, "reg": 10, "decay": decay}
        _, history = learn(seed, data, start(seed, 0.001), SHAPES, **settings)
        found.append(np.minimum(np.nan_to_num(history.loss[-1, :, 0].mean(axis=0), nan=99), 99))
    return {"loss": np.array(found)}


def plateau(seed):
    """Epochs until the loss of a minibatch is first below 2, with the axes (initial scale, rate)."""
    data, found = digits(seed), []
    for scale in PLATEAU_SCALES:
        _, history = learn(seed, data, start(seed, scale), PLATEAU_RATES, epochs=12)
        below = history.loss[:, :, 0].reshape(-1, len(PLATEAU_RATES)) < 2
        assert below.any(axis=0).all()
        found.append(below.argmax(axis=0) / (len(data["X"]) // 100))
    return {"epochs": np.array(found)}


def gap(seed):
    """Training and validation accuracy after 70 to 74 steps with the axes (examples, rate)."""
    found = {"training": [], "validation": []}
    for examples in EXAMPLES:
        epochs = 74 // max(examples // 100, 1)
        _, history = learn(seed, digits(seed, 1, examples), start(seed, 0.003), RATES, epochs=epochs)
        found["training"].append(np.nan_to_num(history.train_accuracy[-1, 0], nan=0.1))
        found["validation"].append(final(history))
    return {name: np.array(rows) for name, rows in found.items()}


def update_ratios(seed):
    """Update ratios of W1 and W2 after the first epoch, and accuracies, at each of RATIO_RATES."""
    images, labels = datasets.digits()
    rows = datasets.like_cifar10(images).astype(np.float32)
    X, y, X_held, y_held = datasets.split(np.random.default_rng([seed, 0]), rows, labels, held_out=300)
    mean, first = X.mean(axis=0), np.random.default_rng([seed, 1])
    params = network.create(first, [3072, 50, 10], partial(initializers.normal, scale=0.003), np.float32)
    found = {"W1": [], "W2": [], "early": [], "late": []}
    for rate in RATIO_RATES:
        settings = {"rng": np.random.default_rng([seed, 2]), "epochs": 10, "learning_rate": rate}
        _, history = train(params, X - mean, y, validation=(X_held - mean, y_held), **settings)
        accuracy, ratios = np.nan_to_num(history.validation_accuracy, nan=0.1), history.update_ratio[0]
        for name, value in zip(found, [*ratios, accuracy[0], accuracy[-1]], strict=True):
            found[name].append(value)
    return {name: np.array(values) for name, values in found.items()}


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
    "shapes": (shapes, 20),
    "plateau": (plateau, 20),
    "gap": (gap, 20),
    "update_ratios": (update_ratios, 20),
    "planted": (planted, 20),
    "examined": (examined, 20),
}
