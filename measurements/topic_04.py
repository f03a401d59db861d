"""Topic 04, initial weights: which networks learn from them, at which rates, and how far chance goes.

A seed draws the split of the digits, the initial weights and the minibatches, alike for all that is compared.
"""

from functools import partial

import numpy as np

from course import datasets, network
from course.initializers import constant, he, normal, xavier, zeros
from course.statistics import signal
from course.training import train

# Four a decade: 0.0056, 0.01, 0.018, ..., 10.
RATES = [float(f"{10 ** (k / 4):.2g}") for k in range(-9, 5)]
# The learning rates of each rule at each depth, as a slice of RATES.
TRIED = {
    ("xavier", 5): slice(4, 10),
    ("he", 5): slice(3, 11),
    ("xavier", 10): slice(3, 9),
    ("he", 10): slice(1, 8),
    ("xavier", 20): slice(0, 14),
    ("he", 20): slice(0, 6),
    ("orthogonal", 20): slice(0, 6),
}
# As deep as in slide 51, where weights of variance 2/n want smaller rates than elsewhere.
THIRTY = {"xavier": RATES, "he": [0.0032, *RATES[:6]]}
# The layers of the notebook's figure, half as wide.
NARROW = slice(1, 9)
PATIENT = slice(2, 7)
ADAM = [0.00018, 0.00032, 0.00056, 0.001, 0.0018, 0.0032, 0.0056]
ALIKE = slice(4, 12)


def orthogonal(rng, shape, dtype=np.float64):
    """The initializer of the notebook: orthogonal weights, times the square root of two."""
    U, _, Vt = np.linalg.svd(rng.standard_normal(shape), full_matrices=False)
    return (np.sqrt(2) * U @ Vt).astype(dtype)


RULES = {"xavier": xavier, "he": he, "orthogonal": orthogonal}


def _unit_variance(params, x):
    """Divide the weights of each layer by the std that its sums have for these inputs (LSUV)."""
    found = []
    for W, b in params:
        found.append((W / (x @ W).std(), b))
        x = np.maximum(x @ found[-1][0], 0)
    return found


def _learn(seed, rule, sizes, rates, epochs=5, prepare=lambda params, X: params, **settings):
    """Accuracy on the pictures held out after training at each of the rates; 0 where it diverged."""
    X, y, *held_out = datasets.prepared_digits(np.random.default_rng([seed, 0]), held_out=300)
    params = network.create(np.random.default_rng([seed, 1]), sizes, rule, np.float32)
    params = prepare(params, X)
    settings |= {"learning_rate": rates, "epochs": epochs, "batch_size": 50, "validation": held_out}
    _, history = train(params, X, y, rng=np.random.default_rng([seed, 2]), **settings)
    return np.where(history.diverged, 0, history.validation_accuracy[-1])


def _deep(depth, units=100):
    return [64] + [units] * (depth - 1) + [10]


def by_rate(seed):
    """Five epochs at each learning rate, by rule and depth."""
    return {
        f"{rule}_{depth}": _learn(seed, RULES[rule], _deep(depth), RATES[tried])
        for (rule, depth), tried in TRIED.items()
    }


def thirty(seed):
    """The same at thirty layers, which take twice as long."""
    return {rule: _learn(seed, RULES[rule], _deep(30), rates) for rule, rates in THIRTY.items()}


def narrow(seed):
    """Ten layers as in the notebook's figure: 50 units, four epochs."""
    sizes = _deep(10, units=50)
    return {name: _learn(seed, RULES[name], sizes, RATES[NARROW], epochs=4) for name in ("xavier", "he")}


def rescaled(seed):
    """Twenty layers of orthogonal weights, each layer rescaled to sums of unit variance on the pictures."""
    rates = RATES[TRIED["orthogonal", 20]]
    return {"accuracy": _learn(seed, orthogonal, _deep(20), rates, prepare=_unit_variance)}


def patience(seed):
    """The network that did not move: 20 layers with a variance of 1/n, for 20 epochs."""
    return {"accuracy": _learn(seed, xavier, _deep(20), RATES[PATIENT], epochs=20)}


def with_adam(seed):
    """Twenty layers trained by Adam, which divides each step by the size of the gradient."""
    return {name: _learn(seed, RULES[name], _deep(20), ADAM, update="adam") for name in ("xavier", "he")}


def alike(seed):
    """One hidden layer of 100 ReLUs, from zeros, from a constant and from random weights."""
    starts = {"zeros": zeros, "constant": partial(constant, value=0.1), "he": he}
    return {name: _learn(seed, rule, [64, 100, 10], RATES[ALIKE]) for name, rule in starts.items()}


def walk(seed):
    """Std of the activations in layer 50 and of the gradient in layer 1: 200 units, 100 rows."""
    found = {}
    for activation, rule in [("relu", "he"), ("relu", "orthogonal"), ("tanh", "xavier"), ("tanh", "he")]:
        rng = np.random.default_rng(seed)
        x, dout = rng.standard_normal((2, 100, 200))
        params = network.create(rng, [200] * 51, RULES[rule])
        zs, hs = network.forward(params, x, activation)
        _, dzs = network.backward(params, x, zs, hs, dout, activation)
        found[f"{activation}_{rule}"] = hs[-1].std(), dzs[0].std()
    return found


def tenth(seed):
    """Std of the tenth layer of slide 51: ReLUs with He's rule."""
    return {"std": signal(np.random.default_rng(seed), he, "relu", dtype=np.float32)[10, 1]}


def turned(seed):
    """Cosine of the gradient of layer 1 before and after all weights move by a ten-thousandth, by scale."""
    rng = np.random.default_rng(seed)
    x, dout = rng.standard_normal((2, 200, 500))
    params = network.create(rng, [500] * 11, partial(normal, scale=1.0))
    moved = [(W + 1e-4 * rng.standard_normal(W.shape), b) for W, b in params]
    cosines = []
    for scale in (1.0, 0.045):
        ends = []
        for layers in (params, moved):
            layers = [(scale * W, b) for W, b in layers]
            zs, hs = network.forward(layers, x, "tanh")
            ends.append(network.backward(layers, x, zs, hs, dout, "tanh")[1][0].ravel())
        a, b = ends
        cosines.append(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
    return {"cosine": cosines}


EXPERIMENTS = {
    "by_rate": (by_rate, 20),
    "thirty": (thirty, 10),
    "narrow": (narrow, 20),
    "rescaled": (rescaled, 20),
    "patience": (patience, 20),
    "with_adam": (with_adam, 20),
    "alike": (alike, 20),
    "walk": (walk, 50),
    "tenth": (tenth, 40),
    "turned": (turned, 20),
}
