"""Topic 02, dead ReLUs: who dies, when, and what saves them.

A seed draws the split of the digits, the initial weights and the minibatches, alike for all that is compared.
"""

from functools import partial

import numpy as np

from course import activations, datasets, network, search, statistics
from course.activations import leaky_relu, leaky_relu_grad
from course.initializers import he
from course.training import train

# Four a decade, and closer together where units die.
RATES = [0.03, 0.056, 0.1, 0.18, 0.3, 0.4, 0.5, 0.6, 0.7, 0.85, 1, 1.2, 1.5, 2]
LEAKS = [0.01, 0.03, 0.1, 0.3]
# For 60 epochs.
SLOW_RATES = [0.018, 0.032, 0.056, 0.1, 0.18, 0.32, 0.56, 1]
FIRST_RATES = [0.03, 0.056, 0.1, 0.18, 0.3, 0.42, 0.56, 0.75]
HIGH_RATES = [0.85, 1, 1.2]
STEP_RATES = [0.1, 0.5, 0.7, 0.85, 1, 1.5]
BIASES = [0, 0.01, 0.1, 1, -1]
# What is subtracted from the pixels; the last is stretched to the width that they have with one mean.
CENTRES = ["nothing", "one mean", "mean image", "mean image, as wide"]


def digits(seed, centre="one mean"):
    """Return the settings of `train` that are data: the digits of the notebook, split anew."""
    images, y = datasets.digits()
    X, y, held, y_held = datasets.split(
        np.random.default_rng([seed, 0]), images.reshape(-1, 64) / 4, y, held_out=300
    )
    mean = {"nothing": 0.0, "one mean": 1.2}.get(centre, X.mean(axis=0))
    width = (X - 1.2).std() / (X - mean).std() if centre.endswith("as wide") else 1.0
    X, held = (((rows - mean) * width).astype(np.float32) for rows in (X, held))
    return {"X": X, "y": y, "validation": (held, y_held)}


def start(seed, bias=0.0):
    """Return the network of the notebook: 64 inputs, 100 hidden units, ten classes."""
    (W, b), last = network.create(np.random.default_rng([seed, 1]), [64, 100, 10], he, np.float32)
    return [(W, b + np.float32(bias)), last]


def off(params, data):
    """Return the fraction of hidden units that are off for every training picture."""
    return statistics.dead(network.linear(data["X"], *params[0]))


def minibatches(seed):
    """Return the generator that draws the minibatches, the same for all that is compared."""
    return np.random.default_rng([seed, 2])


def by_rate(seed, bias=0.0, activation="relu", rates=RATES, centre="one mean"):
    """Ten epochs at each learning rate: the outcome, and the loss of each minibatch of the first epoch."""
    data = digits(seed, centre)
    params, history = search.sweep(
        [start(seed, bias)], rates, **data, rng=minibatches(seed), epochs=10, activation=activation
    )
    accuracy, first_epoch = history.validation_accuracy[-1, 0], history.loss[0, :, 0].T
    found = {"dead": off(params, data)[0], "accuracy": accuracy, "diverged": history.diverged[0]}
    return found | {"first_epoch": first_epoch}


def leak(alpha):
    """Return the name of the leaky ReLU of a slope, which is an activation of networks from now on."""
    name = f"leak {alpha}"
    activations.ACTIVATIONS[name] = partial(leaky_relu, alpha=alpha), partial(leaky_relu_grad, alpha=alpha)
    return name


def by_leak(seed):
    """The same with each leak, with the axes (leak, rate)."""
    runs = [by_rate(seed, activation=leak(alpha)) for alpha in LEAKS]
    return {name: np.array([run[name] for run in runs]) for name in ("dead", "accuracy", "diverged")}


def by_bias(seed):
    """The fraction of dead units with the axes (initial bias, rate), at the rates where units die."""
    return {"dead": np.array([by_rate(seed, bias, rates=HIGH_RATES)["dead"] for bias in BIASES])}


def by_centre(seed):
    """The same for each of CENTRES, with the axes (centre, rate), and what all pictures share in a step.

    `shared` is the mean square, over the hidden units, of what the first step changes in the weighted sums of
    all pictures alike, as a fraction of the mean square of all that it changes.
    """
    found = {"dead": [], "accuracy": [], "diverged": [], "shared": []}
    for centre in CENTRES:
        run, data = by_rate(seed, centre=centre), digits(seed, centre)
        for name in ("dead", "accuracy", "diverged"):
            found[name].append(run[name])
        _, [first, _] = network.loss_and_grads(start(seed), data["X"], data["y"], "relu")
        change = network.linear(data["X"], *first)
        found["shared"].append(np.square(change.mean(axis=0)).mean() / np.square(change).mean())
    return {name: np.array(values) for name, values in found.items()}


def by_step(seed, steps=28):
    """Loss and fraction of dead units at each of the first steps, with the axes (step, rate)."""
    data, rng = digits(seed), minibatches(seed)
    X, y = data["X"], data["y"]
    params, died, losses = start(seed), [np.zeros(len(STEP_RATES))], []
    for _ in range(steps):
        rows = rng.integers(len(X), size=100)
        params, history = train(
            params, X[rows], y[rows], rng=rng, epochs=1, learning_rate=STEP_RATES, batch_size=None
        )
        losses.append(history.loss[0, 0])
        died.append(off(params, data))
    return {"loss": losses, "dead": died}


def by_warm_up(seed):
    """Fraction dead and accuracy after ten epochs, at each of the high rates, by what the first epochs were.

    `plain`: ten at the full rate; `one`: the first at each of FIRST_RATES; `five`: the first five so; `ramp`:
    the first five at 1/6 to 5/6 of the full rate.
    """
    data, high = digits(seed), np.array(HIGH_RATES)
    slow = np.array(FIRST_RATES)[:, None] + 0 * high
    schedules = {
        "plain": [high] * 10,
        "one": [slow] + [high + 0 * slow] * 9,
        "five": [slow] * 5 + [high + 0 * slow] * 5,
        "ramp": [high * k / 6 for k in range(1, 6)] + [high] * 5,
    }
    found = {}
    for name, rates in schedules.items():
        rng, params = minibatches(seed), start(seed)
        for rate in rates:
            params, history = train(params, **data, rng=rng, epochs=1, learning_rate=rate)
        found[f"{name}_dead"], found[f"{name}_accuracy"] = off(params, data), history.validation_accuracy[-1]
    return found


def born_off(seed, epochs=60):
    """Accuracy at each of SLOW_RATES after all epochs and after ten, and the fraction of units off.

    `leaky`, with a leak of 0.1, starts with all units off; `softmax` is a regression without hidden units,
    and `healthy` the ReLU network with biases of zero.
    """
    data = digits(seed)
    softmax = network.create(np.random.default_rng([seed, 1]), [64, 10], he, np.float32)
    nets = {
        "softmax": (softmax, "relu"),
        "healthy": (start(seed), "relu"),
        "leaky": (start(seed, -12), leak(0.1)),
    }
    found = {}
    for name, (net, activation) in nets.items():
        params, history = search.sweep(
            [net], SLOW_RATES, **data, rng=minibatches(seed), epochs=epochs, activation=activation
        )
        found[f"{name}_accuracy"] = history.validation_accuracy[-1, 0]
        found[f"{name}_at_10"] = history.validation_accuracy[9, 0]
        if len(net) > 1:
            found[f"{name}_off"] = off(params, data)[0]
    return found


EXPERIMENTS = {
    "by_rate": (by_rate, 20),
    "by_leak": (by_leak, 20),
    "by_bias": (by_bias, 20),
    "by_centre": (by_centre, 20),
    "by_step": (by_step, 20),
    "by_warm_up": (by_warm_up, 20),
    "born_off": (born_off, 20),
}
