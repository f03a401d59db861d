"""Training repeats one step, a small walk downhill on a minibatch, and watches whether it still works."""

from dataclasses import dataclass

import numpy as np
from tqdm.auto import tqdm

from course.arguments import floats, generator, labels, number, whole
from course.network import accuracy, loss_and_grads
from course.statistics import update_ratio

# The lecture measures its training accuracy on this many of the training pictures.
MEASURED_ROWS = 1000


@dataclass(frozen=True)
class History:
    """What was seen during training; `...` stands for networks trained side by side.

    `loss` `(epochs, steps, ...)` is that of each minibatch, NaN once a network has diverged. Measured after
    each epoch: `train_accuracy` and `validation_accuracy` `(epochs, ...)`, and the `update_ratio`
    `(epochs, layers, ...)` of its last step.
    """

    loss: np.ndarray
    train_accuracy: np.ndarray
    validation_accuracy: np.ndarray
    update_ratio: np.ndarray

    @property
    def cost(self):
        """Loss of each epoch's last minibatch, `(epochs, ...)`: the number that the lecture prints."""
        return self.loss[:, -1]

    @property
    def diverged(self):
        """Whether a loss or an update ceased to be finite, `(...)`."""
        return ~np.isfinite(self.loss).all(axis=(0, 1))


def train(
    params, X, y, *, rng, epochs, learning_rate, reg=0.0, decay=1.0, batch_size=100, activation="relu",
    validation=None, progress=False,
):  # fmt: skip
    """Train by stochastic gradient descent and return `(params, history)`; the arguments stay as they were.

    An epoch is N // batch_size minibatches drawn with replacement, as in the lecture's trainer;
    `batch_size=None` takes all rows at every step. `decay` multiplies the learning rate after each epoch.
    `learning_rate` and `reg` may have the shape `(K,)`: K networks then train side by side on the same
    minibatches. A network whose loss or parameters cease to be finite keeps its last finite parameters
    and takes no further step. `validation` is a pair `(X, y)`. `progress=True` shows a bar, and a run that
    is interrupted returns the epochs it has.

    >>> from course.initializers import he
    >>> from course.network import create
    >>> rng = np.random.default_rng(0)
    >>> X, y = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0, 1])
    >>> params, history = train(
    ...     create(rng, [2, 8, 2], he), X, y, rng=rng, epochs=100, learning_rate=[0.01, 1.0], batch_size=None
    ... )
    >>> print(history.cost[-1].round(3), history.train_accuracy[-1])
    [0.561 0.001] [1. 1.]
    """
    X, y = _rows(X, y, params)
    generator("rng", rng)
    rate = number("learning_rate", learning_rate, 0).astype(params[0][0].dtype)
    reg, decay = number("reg", reg, 0), float(number("decay", decay, 0, 1))
    batch_size = None if batch_size is None else min(whole("batch_size", batch_size), len(X))
    held_out = None if validation is None else _rows(*validation, params)
    params = _side_by_side(params, np.broadcast_shapes(rate.shape, reg.shape))
    alive = np.full(params[0][1].shape[:-1], True)
    seen = []
    try:
        for _ in tqdm(range(whole("epochs", epochs)), disable=not progress, unit="epoch"):
            params, alive, losses, ratio = _epoch(params, alive, X, y, rng, rate, reg, batch_size, activation)
            measured = accuracy(params, X[:MEASURED_ROWS], y[:MEASURED_ROWS], activation)
            validated = np.full(alive.shape, np.nan)
            if held_out is not None:
                validated = accuracy(params, *held_out, activation)
            seen.append((losses, measured, validated, ratio))
            rate = rate * decay
    except KeyboardInterrupt:
        if not seen:
            raise
    return params, History(*(np.array(series) for series in zip(*seen, strict=True)))


@np.errstate(all="ignore")
def _epoch(params, alive, X, y, rng, rate, reg, batch_size, activation):
    losses = []
    for _ in range(1 if batch_size is None else len(X) // batch_size):
        rows = slice(None) if batch_size is None else rng.integers(len(X), size=batch_size)
        loss, grads = loss_and_grads(params, X[rows], y[rows], activation, reg)
        losses.append(np.where(alive, loss, np.nan))
        ratio = update_ratio(params, grads, rate)
        params, alive = _step(params, grads, rate, alive & np.isfinite(loss))
    return params, alive, np.array(losses), ratio


def _step(params, grads, rate, alive):
    """One step downhill, W - rate dW, for the networks that are alive and stay finite."""
    stepped = [
        (W - rate[..., None, None] * dW, b - rate[..., None] * db)
        for (W, b), (dW, db) in zip(params, grads, strict=True)
    ]
    for W, b in stepped:
        alive = alive & np.isfinite(W).all(axis=(-2, -1)) & np.isfinite(b).all(axis=-1)
    if alive.all():
        return stepped, alive
    kept = [
        (np.where(alive[..., None, None], W_new, W), np.where(alive[..., None], b_new, b))
        for (W, b), (W_new, b_new) in zip(params, stepped, strict=True)
    ]
    return kept, alive


def _side_by_side(params, lead):
    """Copy the parameters, one network for each element of the shape `lead`."""
    lead = np.broadcast_shapes(lead, params[0][0].shape[:-2])
    return [
        (np.broadcast_to(W, lead + W.shape[-2:]).copy(), np.broadcast_to(b, lead + b.shape[-1:]).copy())
        for W, b in params
    ]


def _rows(X, y, params):
    X, classes = floats("X", X), params[-1][0].shape[-1]
    if X.ndim != 2 or not len(X):
        raise ValueError(f"X must have the shape (N, D) with at least one row, but has {X.shape}.")
    return X, labels("y", y, len(X), classes)
