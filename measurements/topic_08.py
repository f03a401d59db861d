"""Topic 08, the lecture by the numbers: runs under wrong conditions.

Each is handed to the check in place of the lecture: what it then says is what its agreement is worth. Wrong
runs that `course.reproduction` has recorded, for what they teach, are not made again here. The experiments
named in PICTURES need those of CIFAR-10, which `course.datasets.cifar10` finds.
"""

from functools import partial

import numpy as np

from course import lecture
from course.initializers import normal
from course.network import create, loss_and_grads, stack
from course.reproduction import RULES, SIZES, pictures
from course.statistics import signal
from course.training import train

# What the pixels are divided by, the update, and the scale of the initial weights; the lecture's are
# 1, "sgd" and 1e-4.
PIXELS, MOMENTUM, WEIGHTS = (255, "sgd", 1e-4), (1, "momentum", 1e-4), (1, "sgd", 1e-3)
OF_TWENTY, OF_RATES, OF_COARSE = [PIXELS, MOMENTUM, WEIGHTS], [PIXELS, MOMENTUM, WEIGHTS], [PIXELS, WEIGHTS]
PRINTED = lecture.OVERFIT_20[:, 0].astype(int) - 1
PICTURES = ["first_loss_and_twenty", "rates", "coarse"]


def larger(rng, shape, dtype, like, factor):
    """Return the weights of another rule, larger by a factor."""
    return (like(rng, shape, dtype=dtype) * factor).astype(dtype, copy=False)


def uniform(rng, shape, dtype, like):
    """Return weights evenly between two ends, with the standard deviation of another rule."""
    end = np.sqrt(3) * like(np.random.default_rng(0), shape).std()
    return rng.uniform(-end, end, shape).astype(dtype)


OF_ACTIVATIONS = {
    "1 % larger": partial(larger, factor=1.01),
    "10 % larger": partial(larger, factor=1.1),
    "uniform": uniform,
}


def activations(seed):
    """Mean and std of the input and of ten layers for each wrong rule, `(columns, 11, 2)`."""
    return {
        name: [
            signal(np.random.default_rng(seed), partial(wrong, like=RULES[rule]), f, dtype=np.float32)
            for f, rule in lecture.ACTIVATION_STATISTICS
        ]
        for name, wrong in OF_ACTIVATIONS.items()
    }


def networks(seed, n, scale):
    """Return the lecture's network n times side by side, each with initial weights of its own."""
    rngs = np.random.default_rng([seed, 1]).spawn(n)
    return stack([create(rng, SIZES, partial(normal, scale=scale), np.float32) for rng in rngs])


def first_loss_and_twenty(seed):
    """The first losses `(conditions, 2)`, and the printed epochs of table B `(conditions, epochs)`."""
    found = {"loss": [], "cost": [], "train": []}
    for divide_by, update, scale in OF_TWENTY:
        X, y = (part[:5000] for part in pictures(seed, divide_by)[:2])
        params = [tuple(p[0] for p in layer) for layer in networks(seed, 1, scale)]
        found["loss"].append([loss_and_grads(params, X, y, "relu", reg)[0] for reg in lecture.SANITY_LOSS])
        options = {"epochs": 200, "learning_rate": 1e-3, "batch_size": None, "update": update}
        _, history = train(params, X[:20], y[:20], rng=np.random.default_rng([seed, 2]), **options)
        found["cost"].append(history.cost[PRINTED])
        found["train"].append(history.train_accuracy[PRINTED])
    return found


def side_by_side(seed, condition, **settings):
    """Return what was seen while a network for each learning rate was trained on all pictures."""
    divide_by, update, scale = condition
    X, y, *held_out = pictures(seed, divide_by)[:4]
    params, rng = networks(seed, len(settings["learning_rate"]), scale), np.random.default_rng([seed, 2])
    return train(params, X, y, rng=rng, validation=held_out, update=update, **settings)[1]


def rates(seed):
    """Cost and accuracies of ten epochs at the rates of table C, `(conditions, 10, rates)`."""
    settings = {"learning_rate": list(lecture.LEARNING_RATES), "reg": 1e-6, "epochs": 10}
    runs = [side_by_side(seed, condition, **settings) for condition in OF_RATES]
    return {
        "cost": [run.cost for run in runs],
        "train": [run.train_accuracy for run in runs],
        "validation": [run.validation_accuracy for run in runs],
    }


def coarse(seed):
    """Validation accuracy of the settings of table D after five epochs, `(conditions, 11)`."""
    _, rate, reg = lecture.COARSE_SEARCH.T
    settings = {"learning_rate": rate, "reg": reg, "epochs": 5, "decay": 0.9}
    runs = [side_by_side(seed, condition, **settings) for condition in OF_COARSE]
    return {"validation": [run.validation_accuracy[-1] for run in runs]}


EXPERIMENTS = {
    "activations": (activations, 20),
    "first_loss_and_twenty": (first_loss_and_twenty, 8),
    "rates": (rates, 2),
    "coarse": (coarse, 2),
}
