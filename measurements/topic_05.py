"""Batch normalization: what its noise, gradient and place, the size of weights and shifts are worth."""

from functools import partial
from threading import Lock
from unittest.mock import patch

import numpy as np

from course import datasets, initializers, network, normalization
from course.search import sweep

UNITS = [64, 50, 50, 50, 10]
# Four learning rates a decade.
RATES = 10 ** np.arange(-1.75, 0.6, 0.25)
WIDE_RATES = 10 ** np.arange(-2.5, 0.8, 0.25)
# Sizes of minibatches, and those at which the statistics of all pictures are tried as well.
BATCHES, COMPARED = [2, 5, 10, 20, 50], [10, 20, 50]
# Standard deviations of the initial weights, two a decade, and the rates that so many sizes ask for.
SIZES, SIZE_RATES = 10 ** np.arange(-3.5, 0.6, 0.5), 10 ** np.arange(-3.75, 1.1, 0.25)
PATCHING = Lock()


def create(seed, scale, normalized, dtype=np.float64):
    """Return the network of the notebook, three hidden layers of 50 units."""
    initializer = partial(initializers.normal, scale=scale)
    return network.create(np.random.default_rng([seed, 1]), UNITS, initializer, dtype, normalized)


def noise(seed):
    """Accuracy on the other pictures after 200 steps on 100 of them, for each size of minibatch and rate.

    `plain` is a network without normalization, `batch` one with the statistics of its minibatches, and
    `whole` the same with those of all 100 pictures. All see the same minibatches.
    """
    X, y, X_held, y_held = datasets.prepared_digits(np.random.default_rng(seed), held_out=1697)
    X, X_held = X.astype(float), X_held.astype(float)
    found = {}
    for name, sizes in {"plain": BATCHES, "batch": BATCHES, "whole": COMPARED}.items():
        start = create(seed, 0.15, normalized=name != "plain")
        trained = [steps(start, X, y, np.random.default_rng([seed, 2]), n, name == "whole") for n in sizes]
        folded = [network.fold(params, X, "relu") for params in trained]
        scored = [network.accuracy(params, X_held, y_held, "relu") for params in folded]
        found[name] = np.nan_to_num(scored, nan=0.1)
    return found


def steps(params, X, y, rng, batch_size, whole):
    """Train for 200 steps at each of the RATES, normalizing over each minibatch or over the `whole` of X."""
    params = [tuple(np.stack([p] * len(RATES)) for p in layer) for layer in params]
    for _ in range(200):
        rows = rng.integers(len(X), size=batch_size)
        seen, places = (X, rows) if whole else (X[rows], np.arange(batch_size))
        grads = gradients(params, seen, np.eye(len(seen))[places], y[rows])
        params = moved(params, grads, RATES)
    return params


@np.errstate(all="ignore")
def gradients(params, X, chosen, y):
    """Gradients of the loss of the rows that are `chosen`, through layers that see all rows of X."""
    *hidden, (W, b) = params
    zs, hs = network.forward(hidden, X, "relu")
    _, dscores = network.cross_entropy(chosen @ network.linear(hs[-1], W, b), y)
    dscores = chosen.T @ dscores
    last = np.swapaxes(hs[-1], -1, -2) @ dscores, dscores.sum(axis=-2)
    return [*network.backward(hidden, X, zs, hs, dscores @ np.swapaxes(W, -1, -2), "relu")[0], last]


@np.errstate(all="ignore")
def moved(params, grads, rates):
    """Return the parameters after one step, each of the networks side by side at its rate."""
    return [
        tuple(p - rates.reshape(-1, *[1] * (p.ndim - 1)) * d for p, d in zip(layer, slopes, strict=True))
        for layer, slopes in zip(params, grads, strict=True)
    ]


def shortcut(dout, cache):
    """Carry a gradient back as if the mean and the variance were constants."""
    _, dgamma, dbeta = normalization.batch_norm_backward(dout, cache)
    return dout * (cache.gamma * cache.inverse_std)[..., None, :], dgamma, dbeta


def wrong_gradient(seed):
    """Accuracy and loss after eight epochs with the right gradient and with the shortcut, for each rate."""
    found = {}
    for name, backward in {"right": normalization.batch_norm_backward, "shortcut": shortcut}.items():
        # Seeds run in threads, and what is patched is patched for all of them.
        with PATCHING, patch.object(network, "batch_norm_backward", backward):
            history = digits(seed, [create(seed, 0.15, True, np.float32)], epochs=8)
        found[name] = np.nan_to_num(history.validation_accuracy[-1, 0], nan=0.1)
        found[f"{name}_loss"] = np.nan_to_num(history.loss[-1, :, 0].mean(axis=0), nan=99)
    return found


def digits(seed, networks, epochs, rates=WIDE_RATES):
    """Train the networks on the digits at each of the rates, with a split of this seed."""
    X, y, *held = datasets.prepared_digits(np.random.default_rng(seed), held_out=300)
    rng = np.random.default_rng([seed, 2])
    return sweep(networks, rates, X, y, rng=rng, epochs=epochs, validation=held)[1]


def initial_sizes(seed):
    """Accuracy after five epochs for each size of the initial weights and each of the SIZE_RATES."""
    found = {}
    for name in ("plain", "normalized"):
        starts = [create(seed, size, name == "normalized", np.float32) for size in SIZES]
        history = digits(seed, starts, epochs=5, rates=SIZE_RATES)
        found[name] = np.nan_to_num(history.validation_accuracy[-1], nan=0.1)
    return found


def placing(seed):
    """Accuracy after five epochs for each rate, normalized before or after the ReLU."""
    X, y, X_held, y_held = datasets.prepared_digits(np.random.default_rng(seed), held_out=300)
    found = {}
    for name in ("before", "after"):
        params, rng = create(seed, 0.15, True), np.random.default_rng([seed, 2])
        # A layer after the ReLU has a bias of its own before it: (W, bias, beta, gamma).
        params[:-1] = [(W, np.zeros_like(beta), beta, gamma) for W, beta, gamma in params[:-1]]
        params = [tuple(np.stack([p] * len(WIDE_RATES)) for p in layer) for layer in params]
        for _ in range(5 * (len(X) // 100)):
            rows = rng.integers(len(X), size=100)
            params = moved(params, placed_gradients(params, X[rows], y[rows], name == "after"), WIDE_RATES)
        scores = placed_forward(params, np.concatenate([X, X_held]), name == "after", statistics=len(X))[0]
        found[name] = (scores[..., len(X) :, :].argmax(axis=-1) == y_held).mean(axis=-1)
    return found


@np.errstate(all="ignore")
def placed_forward(params, x, after, statistics=None):
    """Return scores, and of each layer what its gradient needs; `statistics` are those of the first rows."""
    kept, x = [], np.asarray(x, float)
    for W, bias, beta, gamma in params[:-1]:
        z = network.linear(x, W, bias)
        inner = np.maximum(z, 0) if after else z
        normalized, cache = normalization.batch_norm(inner[..., :statistics, :], gamma, beta)
        if statistics is not None:
            normalized = normalization.batch_norm_inference(inner, gamma, beta, cache.mean, cache.var)
        kept.append((x, z if after else normalized, cache))
        x = normalized if after else np.maximum(normalized, 0)
    return network.linear(x, *params[-1]), [*kept, x]


@np.errstate(all="ignore")
def placed_gradients(params, x, y, after):
    """Return the gradients of the loss, arranged as the parameters."""
    scores, (*kept, last) = placed_forward(params, x, after)
    _, dscores = network.cross_entropy(scores, y)
    grads = [(np.swapaxes(last, -1, -2) @ dscores, dscores.sum(axis=-2))]
    dx = dscores @ np.swapaxes(params[-1][0], -1, -2)
    for (W, *_), (x, before_relu, cache) in zip(params[-2::-1], kept[::-1], strict=True):
        on = before_relu > 0
        dz, dgamma, dbeta = normalization.batch_norm_backward(dx if after else dx * on, cache)
        dz = dz * on if after else dz
        grads.insert(0, (np.swapaxes(x, -1, -2) @ dz, dz.sum(axis=-2), dbeta, dgamma))
        dx = dz @ np.swapaxes(W, -1, -2)
    return grads


def shifted(seed):
    """Accuracy after five epochs for each rate: plain, normalized, and normalized with `shifts` on top.

    As Santurkar et al. (2018) did: at each step every unit of every normalized layer gets a scale between a
    half and two and a shift between -1 and 1, drawn anew. They are parts of gamma and beta for this one step.
    """
    X, y, X_held, y_held = datasets.prepared_digits(np.random.default_rng(seed), held_out=300)
    found = {}
    for name in ("plain", "normalized", "shifts"):
        params, rng = create(seed, 0.1, normalized=name != "plain"), np.random.default_rng([seed, 2])
        shifts = np.random.default_rng([seed, 3]) if name == "shifts" else None
        params = [tuple(np.stack([p] * len(WIDE_RATES)) for p in layer) for layer in params]
        for _ in range(5 * (len(X) // 100)):
            rows = rng.integers(len(X), size=100)
            params = moved(params, shifted_gradients(params, X[rows], y[rows], shifts), WIDE_RATES)
        scored = network.accuracy(network.fold(params, X, "relu"), X_held, y_held, "relu")
        found[name] = np.nan_to_num(scored, nan=0.1)
    return found


def shifted_gradients(params, X, y, rng):
    """Return the gradients of the loss, with scales and shifts from `rng` after each normalization."""
    if rng is None:
        return network.loss_and_grads(params, X, y, "relu")[1]
    drawn = [(2 ** rng.uniform(-1, 1, 50), rng.uniform(-1, 1, 50)) for _ in params[:-1]]
    pairs = zip(params[:-1], drawn, strict=True)
    moved_params = [(W, scale * beta + shift, scale * gamma) for (W, beta, gamma), (scale, shift) in pairs]
    *grads, last = network.loss_and_grads([*moved_params, params[-1]], X, y, "relu")[1]
    return [
        (dW, scale * dbeta, scale * dgamma)
        for (dW, dbeta, dgamma), (scale, _) in zip(grads, drawn, strict=True)
    ] + [last]


EXPERIMENTS = {
    "noise": (noise, 20),
    "wrong_gradient": (wrong_gradient, 20),
    "initial_sizes": (initial_sizes, 20),
    "placing": (placing, 20),
    "shifted": (shifted, 20),
}
