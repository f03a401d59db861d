"""A set-up is a network and how it is trained, as a frozen dataclass of parts: numbers and functions.

`Setup()` is the healthy one: three hidden layers of ReLU units, on the digits, with momentum. A fault puts
another number or another function in the place of a part, `replace(setup, learning_rate=3.0)`, and all else
stays as it is: the same data, initial weights and minibatches, which a seed draws.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np

from course import datasets, network
from course.activations import named
from course.arguments import BELOW_ONE, LARGEST, flag, instance, sequence, single, whole
from course.clinic import panel
from course.initializers import he
from course.optimizers import momentum
from course.training import one_thread

# The rows whose activations are looked at, and from which a trained batch normalization takes its statistics.
PROBED = 200


def digits(seed):
    """Return `(X, y, X_held, y_held)` of the digits: centred, of standard deviation one, 300 held out."""
    images, labels = datasets.digits()
    rng = np.random.default_rng([seed, 0])
    X, y, X_held, y_held = datasets.split(rng, images.reshape(-1, 64), labels, held_out=300)
    mean = X.mean(axis=0)
    std = (X - mean).std()
    return (X - mean) / std, y, (X_held - mean) / std, y_held


def shuffled(rng, y, size):
    """Yield the rows of each minibatch, of a new order each time that all have been seen."""
    while True:
        yield from _batches(rng.permutation(len(y)), size)


def _batches(order, size):
    size = min(size, len(order))
    return (order[i : i + size] for i in range(0, len(order) - size + 1, size))


def as_it_is(grads, memory):
    """Return what the update is given, the gradients as they are, and what is remembered of them, nothing."""
    return grads, None


def predicted(setup, params, X, seen, rng):
    """Return the scores `(N, C)`, without dropout, and normalized by the statistics of the rows `seen`."""
    if setup.normalized:
        params = network._fold(params, seen, setup.pair[0])
    return forward(setup, params, X)[-1]


@dataclass(frozen=True)
class Setup:
    """The parts of a set-up, each healthy where it is not given.

    `hidden` are the widths of the hidden layers, of which each unit has the named `activation`. It is trained
    on as many minibatches as there are `steps`, of `batch_size` rows, at the `learning_rate`. `decay` is the
    weight decay, `dropped` the share of hidden units that dropout takes out, and `normalized` tells whether
    hidden layers are batch-normalized. There are as many scores as `classes`, or `outputs`. The others are
    functions:

    - `data(seed)` returns `(X, y, X_held, y_held)`, with labels below `classes`; where numbers are predicted,
      `classes` is 1,
    - `rows(rng, y, size)` yields the rows of each minibatch,
    - `initializer(rng, shape, dtype=...)` makes the initial weights; `bias` is that of each hidden unit,
    - `functions` are the activation and its slope, where they are not those that `activation` names,
    - `output` are a function of the scores and its slope, where the scores are not taken as they are,
    - `loss(scores, y)` returns the loss and its gradient for the scores, and `backward` takes that gradient
      and returns what the backward pass starts from,
    - `gradient(grads, memory)` returns what the update is given of the gradients, and its own next memory,
    - `rule` is one of `course.optimizers`, and `predict(setup, params, X, seen, rng)` returns scores.
    """

    hidden: tuple = (50, 50, 50)
    activation: str = "relu"
    learning_rate: float = 0.03
    batch_size: int = 50
    steps: int = 300
    decay: float = 0.0
    dropped: float = 0.0
    normalized: bool = False
    bias: float = 0.0
    classes: int = 10
    outputs: int | None = None
    data: Callable = digits
    rows: Callable = shuffled
    initializer: Callable = he
    functions: tuple | None = None
    output: tuple | None = None
    loss: Callable = network._cross_entropy
    backward: Callable = np.positive
    gradient: Callable = as_it_is
    rule: Callable = momentum
    predict: Callable = predicted

    def __post_init__(self):
        widths = tuple(whole("hidden", units) for units in sequence("hidden", self.hidden, least=0))
        # A case is found again by its parts, which a list in its place would forbid.
        object.__setattr__(self, "hidden", widths)
        named(self.activation)
        for name in "batch_size", "steps", "classes":
            whole(name, getattr(self, name))
        if self.outputs is not None:
            whole("outputs", self.outputs)
        for name, low, high in (
            ("learning_rate", 0, LARGEST),
            ("decay", 0, LARGEST),
            ("dropped", 0, BELOW_ONE),
            ("bias", -LARGEST, LARGEST),
        ):
            single(name, getattr(self, name), low, high)
        flag("normalized", self.normalized)

    @property
    def pair(self):
        """The function of the hidden units and its slope."""
        return self.functions or named(self.activation)


class Step(NamedTuple):
    """A step: its `loss`, the `params` and `grads` it was taken with, and the params that it `moved` to."""

    loss: float
    params: list
    grads: list
    moved: list


class Trained(NamedTuple):
    """A training run: what a practitioner sees of it, a `panel.Run`, and the params before and after."""

    run: panel.Run
    first: list
    params: list


@np.errstate(all="ignore")
def forward(setup, params, X, masks=None):
    """Return what comes out of each hidden layer, `(N, H)`, and the scores, `(N, C)`, in one list."""
    *hidden, (W, b) = params
    hs = network._forward(hidden, X, setup.pair[0], masks)[1]
    scores = (hs[-1] if hs else X) @ W + b
    return [*hs, setup.output[0](scores) if setup.output else scores]


@np.errstate(all="ignore")
def loss_and_grads(setup, params, X, y, masks=None):
    """Return the loss of these rows and its gradients, a list like `params`, as the set-up computes them."""
    f, slope = setup.pair
    *hidden, (W, b) = params
    zs, hs = network._forward(hidden, X, f, masks)
    last = hs[-1] if hs else X
    scores = last @ W + b
    out, out_slope = setup.output or (np.positive, np.ones_like)
    loss, dscores = setup.loss(out(scores), y)
    dscores = setup.backward(dscores) * out_slope(scores)
    grads = [(last.T @ dscores, dscores.sum(axis=0))]
    if hidden:
        grads = network._backward(hidden, X, zs, hs, dscores @ W.T, slope, masks)[0] + grads
    return loss, grads


def start(setup, seed, features):
    """Return the initial parameters of a network that takes this many features."""
    sizes = [features, *setup.hidden, setup.outputs or setup.classes]
    rng = np.random.default_rng([seed, 1])
    *hidden, last = network.create(rng, sizes, setup.initializer, normalized=setup.normalized)
    return [*((W, b + setup.bias, *gamma) for W, b, *gamma in hidden), last]


def walk(setup, seed, X, y):
    """Yield each `Step` of a training on these rows, without end."""
    params, memory = start(setup, seed, X.shape[1]), None
    drawn, noise = (np.random.default_rng([seed, k]) for k in (2, 3))
    states = [[None] * len(layer) for layer in params]
    for rows in setup.rows(drawn, y, setup.batch_size):
        masks = dropout(setup, noise, len(rows))
        loss, grads = loss_and_grads(setup, params, X[rows], y[rows], masks)
        given, memory = setup.gradient(grads, memory)
        moved, states = moves(setup, params, given, states)
        yield Step(float(loss), params, grads, moved)
        params = moved


@np.errstate(all="ignore")
def moves(setup, params, grads, states):
    """Return the parameters after a step by these gradients, and what the update rule remembers."""
    found = []
    for layer, theirs, memory in zip(params, grads, states, strict=True):
        decayed = [theirs[0] + setup.decay * layer[0], *theirs[1:]]
        pairs = zip(decayed, memory, strict=True)
        steps, memory = zip(*(setup.rule(dp, m, setup.learning_rate) for dp, m in pairs), strict=True)
        found.append((tuple(map(np.add, layer, steps)), memory))
    return [moved for moved, _ in found], [memory for _, memory in found]


def dropout(setup, rng, n):
    """Return the masks of dropout for n rows, one for each hidden layer, or None where nothing is dropped."""
    if not setup.dropped:
        return None
    return [network.dropout(rng, (n, units), setup.dropped) for units in setup.hidden]


def accuracy(setup, params, X, y, seen, seed):
    """Return the share of rows whose highest score is that of their label, as the set-up evaluates it."""
    scores = setup.predict(setup, params, X, seen, np.random.default_rng([seed, 4]))
    return np.mean(scores.argmax(axis=1) == y) if np.isfinite(scores).all() else np.nan


@one_thread()
def train(setup, seed, looks=11):
    """Train a set-up and return `Trained(run, first, params)`; at so many steps the layers are looked at.

    A network that is no longer finite stays as it is then: its loss is NaN from there on.

    >>> run, first, params = train(Setup(steps=60), seed=0)
    >>> print(run.loss.shape, run.validation_accuracy[[0, -1]].round(2))
    (60,) [0.14 0.95]
    """
    instance("setup", setup, Setup, "a Setup")
    X, y, X_held, y_held = setup.data(whole("seed", seed, low=0))
    some, own = X[:PROBED], y[:PROBED]
    at = np.unique(np.linspace(0, setup.steps - 1, whole("looks", looks)).round().astype(int))
    losses, seen, measured = [], [], []
    for i, step in enumerate(islice(walk(setup, seed, X, y), setup.steps)):
        losses.append(step.loss)
        if i == 0:
            first = step.params
        if i in at:
            weights, grads, moved = (
                [W for W, *_ in layers] for layers in (step.params, step.grads, step.moved)
            )
            *activations, _ = forward(setup, step.params, some)
            seen.append(panel.look(activations, grads, weights, moved, setup.activation))
            measured.append(
                [accuracy(setup, step.params, *rows, some, seed) for rows in ((some, own), (X_held, y_held))]
            )
    accuracies = np.array(measured).T
    return Trained(
        panel.run(losses, at, seen, *accuracies, inputs=X, classes=setup.classes), first, step.moved
    )
