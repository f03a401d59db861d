"""Topic 01, activation functions: zig-zags, the race at each one's best rate, learned slopes, and maxout.

A seed draws the split of the digits, the initial weights and the minibatches, alike for all that is compared.
For the zig-zag it draws the examples.
"""

import numpy as np

from course import activations, datasets, network, search
from course.activations import sigmoid
from course.initializers import he, xavier

# Four a decade.
RATES = [0.032, 0.056, 0.1, 0.18, 0.32, 0.56, 1, 1.8, 3.2, 5.6, 10, 18, 32]
DEEP_RATES = [0.018, 0.032, 0.056, 0.1, 0.18, 0.32, 0.56, 1]
UNIT_RATES = [0.018, 0.032, 0.056, 0.1, 0.18, 0.32, 0.56, 1, 1.8, 3.2]
GOALS = [0.3, 0.1, 0.03]
RUNNERS = ["sigmoid", "tanh", "relu", "leaky_relu", "elu", "silu"]
FIRST_SLOPES = [0, 0.1, 0.25, 0.5, 1]
LAYERS, WIDTH = 5, 50
# Of the walks: what is subtracted from an input, how many examples a step has, and its learning rate, in
# units of one over the mean squared length of an input.
CENTRES, BATCHES = [0, 0.5], [1, 2, 5, 20, 100]
FACTORS = [0.1, 0.18, 0.32, 0.56, 0.75, 1, 1.2, 1.4, 1.6, 1.8, 1.9, 2, 2.2]
GOAL = np.array([1.0, -1.0])
# A unit, how many sums the layer is given, and how many outputs it makes of them.
UNITS = [("maxout", 100, 50), ("relu", 50, 50), ("relu", 100, 100)]


def digits(seed):
    """Return the settings of `train` that are data: the digits of the notebook, split anew."""
    X_train, y_train, *held_out = datasets.prepared_digits(np.random.default_rng([seed, 0]), held_out=300)
    return {"X": X_train, "y": y_train, "validation": held_out}


def minibatches(seed):
    """Return the generator that draws the minibatches, the same for all that is compared."""
    return np.random.default_rng([seed, 2])


def walks(seed, centre, batch):
    """Distance from the goal, over that at the start, by (step, factor, walk): 60 steps and 20 walks."""
    x = sigmoid(np.random.default_rng([seed, 3]).standard_normal((60, 20, batch, 2))) - centre
    rates = np.reshape(FACTORS, (-1, 1, 1)) / np.square(x).sum(axis=-1).mean()
    paths = [np.full((len(FACTORS), 20, 2), -0.5)]
    for rows in x:
        errors = rows @ (paths[-1] - GOAL)[..., None]
        paths.append(paths[-1] - rates * (rows * errors).mean(axis=-2))
    away = np.linalg.norm(np.array(paths) - GOAL, axis=-1)
    return away / away[0]


def zigzag(seed):
    """A linear unit with two weights, with the axes (centre, batch, factor).

    `steps` until 5 % of the way is left, the median of 20 walks, 999 where half of them do not get there in
    60; the `farther` fraction of walks that end further away than they began.
    """
    steps, farther = [], []
    for centre in CENTRES:
        left = np.array([walks(seed, centre, batch) for batch in BATCHES])
        near = left < 0.05
        steps.append(np.median(np.where(near.any(axis=1), near.argmax(axis=1), 999), axis=-1))
        farther.append((left[:, -1] > 1).mean(axis=-1))
    return {"steps": steps, "farther": farther}


def race(seed):
    """Two hidden layers of 50 units for 20 epochs, with the axes (runner, rate).

    `steps` (runner, goal, rate) until the loss, averaged over an epoch, has fallen to each of GOALS, 999
    where it has not; the `accuracy` after the last epoch, NaN where the network diverged. The last two
    runners are tanh and the sigmoid with Xavier's weights.
    """
    activations.ACTIVATIONS["silu"] = (
        lambda x: x * sigmoid(x),
        lambda x: sigmoid(x) * (1 + x * sigmoid(-x)),
    )
    steps, accuracies = [], []
    runners = [(name, he) for name in RUNNERS] + [("tanh", xavier), ("sigmoid", xavier)]
    for activation, initializer in runners:
        start = network.create(np.random.default_rng([seed, 1]), [64, 50, 50, 10], initializer, np.float32)
        settings = {"rng": minibatches(seed), "epochs": 20, "activation": activation}
        _, history = search.sweep([start], RATES, **digits(seed), **settings)
        loss = history.loss.reshape(-1, len(RATES))
        mean = np.lib.stride_tricks.sliding_window_view(loss, 14, axis=0).mean(axis=-1)
        reached = [mean <= goal for goal in GOALS]
        steps.append([np.where(r.any(axis=0), r.argmax(axis=0) + 14, 999) for r in reached])
        diverged = history.diverged[0]
        accuracies.append(np.where(diverged, np.nan, history.validation_accuracy[-1, 0]))
    return {"steps": steps, "accuracy": accuracies}


def spread(rates, p):
    """Rates as the first axis of parameters."""
    return np.reshape(np.float32(rates), (-1,) + (1,) * (p.ndim - 1))


def right(scores, y):
    """The accuracy of each network, NaN where its scores are no longer finite."""
    fine = np.isfinite(scores).all(axis=(-1, -2))
    return np.where(fine, (scores.argmax(axis=-1) == y).mean(axis=-1), np.nan)


def moved(p, dp, rates):
    """A parameter after its step, at each rate."""
    return p - spread(rates, p) * dp


@np.errstate(all="ignore")
def prelu_network(seed, alpha, rates, learn=True, epochs=60):
    """Train LAYERS hidden layers of PReLUs at all rates; return slopes (rate, layer, unit) and accuracy."""
    data = digits(seed)
    sizes = [64, *[WIDTH] * LAYERS, 10]
    start = network.create(np.random.default_rng([seed, 1]), sizes, he, np.float32)
    net = network.stack([start] * len(rates))
    slopes = [np.full((len(rates), 1, WIDTH), alpha, np.float32) for _ in range(LAYERS)]

    def forward(x):
        xs, zs = [x], []
        for (W, b), a in zip(net, slopes, strict=False):
            zs.append(network.linear(xs[-1], W, b))
            xs.append(np.where(zs[-1] > 0, zs[-1], a * zs[-1]))
        return xs, zs, network.linear(xs[-1], *net[-1])

    for rows in minibatches(seed).integers(len(data["X"]), size=(epochs * 14, 100)):
        xs, zs, scores = forward(data["X"][rows])
        _, dz = network.cross_entropy(scores, data["y"][rows])
        for i in reversed(range(LAYERS + 1)):
            W, b = net[i]
            dx = dz @ W.swapaxes(-1, -2)
            net[i] = moved(W, xs[i].swapaxes(-1, -2) @ dz, rates), moved(b, dz.sum(axis=-2), rates)
            if i:
                z, a = zs[i - 1], slopes[i - 1]
                dz = np.where(z > 0, dx, a * dx)
                if learn:
                    dslope = (dx * np.minimum(z, 0)).sum(axis=-2, keepdims=True)
                    slopes[i - 1] = moved(a, dslope, rates)
    X, y = data["validation"]
    scores = forward(X)[2]
    return np.concatenate(slopes, axis=1), right(scores, y)


def by_depth(seed):
    """PReLU from 0.25, a leak of 0.25 that stays, and the ReLU: mean and std of slopes by (rate, layer)."""
    slopes, accuracy = prelu_network(seed, 0.25, DEEP_RATES)
    found = {"mean": slopes.mean(axis=-1), "std": slopes.std(axis=-1), "prelu": accuracy}
    for name, alpha in [("leak", 0.25), ("relu", 0)]:
        found[name] = prelu_network(seed, alpha, DEEP_RATES, learn=False)[1]
    return found


def by_first_slope(seed):
    """Mean slope of each layer by (initial slope, layer), at one learning rate, of short and long runs."""
    found = {}
    for name, epochs in [("short", 30), ("long", 120)]:
        runs = [prelu_network(seed, alpha, [0.1], epochs=epochs)[0][0] for alpha in FIRST_SLOPES]
        found[name] = np.array(runs).mean(axis=-1)
    return found


PAIRS = {
    "maxout": (activations.maxout, lambda z, dh: np.concatenate([dh, dh], -1) * activations.maxout_grad(z)),
    "relu": (activations.relu, lambda z, dh: dh * activations.relu_grad(z)),
}


@np.errstate(all="ignore")
def unit_accuracy(seed, unit, width, outputs, steps=600):
    """Accuracy, at each rate, of a network with a hidden layer of `width` sums and so many `outputs`."""
    (f, back), data, rng = PAIRS[unit], digits(seed), np.random.default_rng([seed, 1])
    X, y = data["X"], data["y"]
    [(W1, b1)] = network.stack([network.create(rng, [64, width], he, np.float32)])
    [(W2, b2)] = network.stack([network.create(rng, [outputs, 10], he, np.float32)])
    for rows in minibatches(seed).integers(len(X), size=(steps, 100)):
        z = network.linear(X[rows], W1, b1)
        h = f(z)
        _, ds = network.cross_entropy(network.linear(h, W2, b2), y[rows])
        dz = back(z, ds @ W2.swapaxes(-1, -2))
        W1, b1 = moved(W1, X[rows].T @ dz, UNIT_RATES), moved(b1, dz.sum(axis=-2), UNIT_RATES)
        dW2, db2 = h.swapaxes(-1, -2) @ ds, ds.sum(axis=-2)
        W2, b2 = moved(W2, dW2, UNIT_RATES), moved(b2, db2, UNIT_RATES)
    X_held, y_held = data["validation"]
    scores = network.linear(f(network.linear(X_held, W1, b1)), W2, b2)
    return right(scores, y_held)


def units(seed):
    """Accuracy by (unit, rate): 50 maxout units, 50 ReLUs, and 100 ReLUs, whose parameters are as many."""
    return {"accuracy": [unit_accuracy(seed, *unit) for unit in UNITS]}


EXPERIMENTS = {
    "zigzag": (zigzag, 20),
    "race": (race, 20),
    "by_depth": (by_depth, 20),
    "by_first_slope": (by_first_slope, 5),
    "units": (units, 20),
}
