"""The panel is what a practitioner sees of a training run, and no more: arrays, from whatever framework.

At some steps of the training the layers are looked at, by `look`; `run` puts these looks, the losses and the
accuracies together. What a look takes, every framework has: the outputs of hidden layers, and the weights,
their gradients, and the weights after the step.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from course.activations import named
from course.arguments import floats, matching, sequence, several, whole
from course.statistics import histogram

# Of activations and, in decades, of gradients. What lies outside is counted in the first and last bin.
ACTIVATION_EDGES = np.linspace(-4, 4, 41)
GRADIENT_EDGES = np.linspace(-10, 2, 37)
# A unit is saturated where its slope is below this share of the highest.
SATURATED = 0.05
BOUNDED = {"sigmoid": lambda h: 4 * h * (1 - h), "tanh": lambda h: 1 - h * h}

# What the numbers of a summary in which faults show are called.
READ = {
    "highest_loss": "the highest loss",
    "lowest_loss": "the lowest loss",
    "last_loss": "the last loss",
    "over_ln_C": "the first loss, over ln C",
    "validation": "the validation accuracy",
    "input_std": "the inputs' standard deviation",
    "dead_first": "dead units at the start",
    "zero_first": "the share of activations that are zero",
    "saturated": "saturated units at the start",
    "std_ratio": "the activations, layer by layer",
    "gradient_ratio": "the gradients, layer by layer",
    "update": "the update ratio",
    "lowest_update": "the update ratio of each layer",
}


class Look(NamedTuple):
    """What is seen of the layers at one step, for H hidden layers and L = H + 1 arrays of weights.

    Of the activations, `(H,)`: `mean`, `std`, the share that is `zero`, the share of units that are `dead`,
    zero for all rows, and the share that is `saturated`, NaN for an activation without bounds; and their
    `counts` `(H, 40)` between `ACTIVATION_EDGES`. Of the weights, `(L,)`: the root mean square `gradient` and
    the `update_ratio` norm(step) / norm(W); and `gradient_counts` `(L, 36)` of log10 abs(dW) between
    `GRADIENT_EDGES`.
    """

    mean: np.ndarray
    std: np.ndarray
    zero: np.ndarray
    dead: np.ndarray
    saturated: np.ndarray
    counts: np.ndarray
    gradient: np.ndarray
    update_ratio: np.ndarray
    gradient_counts: np.ndarray


@dataclass(frozen=True)
class Run:
    """What is seen of a training run of S steps that was looked at T times; time is the first axis.

    `loss` `(S,)` is that of each minibatch, and `steps` `(T,)` are those before which the network was looked
    at, from 0 to the last. `train_accuracy` and `validation_accuracy` have the shape `(T,)`. The parts of
    `layers` are those of a `Look`, with the time before the layers: `layers.std` has the shape `(T, H)`. Of
    the training inputs there are `input_mean`, `input_std` and `input_range`, over all numbers, and there are
    so many `classes`, 1 where a number is predicted. What was not seen is NaN.
    """

    loss: np.ndarray
    steps: np.ndarray
    train_accuracy: np.ndarray
    validation_accuracy: np.ndarray
    layers: Look
    input_mean: float
    input_std: float
    input_range: tuple
    classes: int


@np.errstate(all="ignore")
def look(activations, gradients, weights, moved, activation):
    """Return the `Look` at a network.

    `activations` are the outputs of its H hidden layers, `(N, units)` for some training rows, a few hundred.
    `weights` are its L = H + 1 matrices, `(inputs, outputs)`, which PyTorch has transposed; `moved` are the
    same after the step, and `gradients` those of the minibatch of this step alone, before anything is done
    to them. The biases are left out. `activation` is its name in `course.activations`.

    >>> h, W, dW = np.array([[0.0, 2.0], [0.0, 4.0]]), np.ones((2, 2)), np.full((2, 2), 0.01)
    >>> seen = look([h], [dW, dW], [W, W], [W - dW, W - dW], "relu")
    >>> print(seen.zero, seen.dead, seen.update_ratio)
    [0.5] [0.5] [0.01 0.01]
    """
    weights, units = several("weights", weights, floats), sequence("activations", activations, least=0)
    units = [floats(f"activations[{i}]", h) for i, h in enumerate(units)]
    if len(units) != len(weights) - 1:
        raise ValueError(
            f"activations must be those of the {len(weights) - 1} hidden layers, but are {len(units)}."
        )
    for i, (h, W) in enumerate(zip(units, weights[:-1], strict=True)):
        if h.ndim != 2 or not h.size or h.shape[1] != W.shape[-1]:
            raise ValueError(f"activations[{i}] must have the shape (N, {W.shape[-1]}), but has {h.shape}.")
    grads, after = (
        _like(name, given, weights) for name, given in (("gradients", gradients), ("moved", moved))
    )
    slope = BOUNDED.get(activation) if named(activation) else None
    norms = [(np.linalg.norm(new - W), np.linalg.norm(W)) for W, new in zip(weights, after, strict=True)]
    zero = [h == 0 for h in units]
    return Look(
        mean=np.array([h.mean() for h in units]),
        std=np.array([h.std() for h in units]),
        zero=np.array([_share(off, h) for off, h in zip(zero, units, strict=True)]),
        dead=np.array([_share(off.all(axis=0), h) for off, h in zip(zero, units, strict=True)]),
        saturated=np.array([_share(slope(h) < SATURATED, h) if slope else np.nan for h in units]),
        counts=np.array([_counts(h, ACTIVATION_EDGES) for h in units]).reshape(-1, 40),
        gradient=np.array([np.sqrt(np.square(dW).mean()) for dW in grads]),
        update_ratio=np.array([np.divide(*pair) for pair in norms]),
        gradient_counts=np.array([_counts(np.log10(np.abs(dW)), GRADIENT_EDGES) for dW in grads]),
    )


@np.errstate(all="ignore")
def run(loss, steps, looks, train_accuracy, validation_accuracy, inputs, classes):
    """Return the `Run` of these losses, looks and accuracies.

    `loss` `(S,)` is that of each step; `looks` are those before the `steps` `(T,)`, where the accuracies
    `(T,)` were measured; either accuracy may be None. `inputs` are training rows, `(N, D)`.

    >>> W = np.ones((2, 2))
    >>> seen = look([], [W], [W], [W], "relu")
    >>> run([0.7, 0.6], [0, 1], [seen, seen], [0.5, 1.0], None, [[0.0, 1.0]], classes=2).validation_accuracy
    array([nan, nan])
    """
    loss, looks = floats("loss", loss).astype(float), several("looks", looks, _look)
    steps, X = floats("steps", steps), floats("inputs", inputs)
    if not X.size:
        raise ValueError(f"inputs must hold at least one row, but has the shape {X.shape}.")
    if loss.ndim != 1 or not loss.size:
        raise ValueError(f"loss must have the shape (S,), one number a step, but has {loss.shape}.")
    if (
        steps.shape != (len(looks),)
        or (np.diff(steps) <= 0).any()
        or not (0 <= steps[0] <= steps[-1] < len(loss))
    ):
        raise ValueError(
            f"steps must name the step of each of the {len(looks)} looks, rising, below {len(loss)}."
        )
    accuracies = [
        np.full(len(looks), np.nan)
        if given is None
        else matching(name, given, steps.shape, "steps").astype(float)
        for name, given in (("train_accuracy", train_accuracy), ("validation_accuracy", validation_accuracy))
    ]
    shapes = {tuple(part.shape for part in one) for one in looks}
    if len(shapes) > 1:
        raise ValueError("looks must be at one network, but their layers differ in number.")
    layers = Look(*map(np.array, zip(*looks, strict=True)))
    extent = float(X.min()), float(X.max())
    classes = whole("classes", classes)
    return Run(loss, steps.astype(int), *accuracies, layers, float(X.mean()), float(X.std()), extent, classes)


@np.errstate(all="ignore")
def summary(run):
    """Return what a practitioner reads from the panel, in numbers by name.

    Of the loss, the first, the first over ln C, which it is where all scores are alike, lowest and highest,
    and the mean of the last twentieth of the steps, infinite where it was not finite; the last accuracies, 0
    where no score was finite; mean and standard deviation of the inputs. Of the layers before the first step:
    the shares of units that are dead, of activations that are zero and that are saturated, the standard
    deviation of the last over that of the first, and the gradient of the first over that of the last; the
    smallest gradient of a layer, and median and smallest of the update ratios; and the share of dead units at
    the end. What was not seen is NaN.
    """
    loss, seen = run.loss, run.layers
    last = loss[-max(len(loss) // 20, 1) :].mean()
    first = {part: values[0] for part, values in seen._asdict().items()}
    hidden = len(first["std"]) > 0
    return {
        "first_loss": loss[0],
        "over_ln_C": loss[0] / np.log(run.classes) if run.classes > 1 else np.nan,
        "lowest_loss": np.fmin.reduce(loss),
        "highest_loss": np.inf if np.isnan(loss).any() else loss.max(),
        "last_loss": np.inf if np.isnan(last) else last,
        "training": _last(run.train_accuracy, last),
        "validation": _last(run.validation_accuracy, last),
        "input_mean": run.input_mean,
        "input_std": run.input_std,
        "dead_first": first["dead"].mean() if hidden else np.nan,
        "dead_last": seen.dead[-1].mean() if hidden else np.nan,
        "zero_first": first["zero"].mean() if hidden else np.nan,
        "saturated": first["saturated"].mean() if hidden else np.nan,
        "std_ratio": first["std"][-1] / first["std"][0] if hidden else np.nan,
        "gradient_ratio": first["gradient"][0] / first["gradient"][-1],
        "gradient": first["gradient"].min(),
        "update": np.median(first["update_ratio"]),
        "lowest_update": first["update_ratio"].min(),
    }


def _last(accuracy, loss):
    """The last accuracy; a network that is not finite has none right."""
    return 0.0 if np.isnan(accuracy[-1]) and np.isnan(loss) else accuracy[-1]


def _look(name, given):
    if not isinstance(given, Look):
        raise TypeError(f"{name} must be what look() returns, but is a {type(given).__name__}.")
    return given


def _like(name, given, weights):
    given = several(name, given, floats)
    if len(given) != len(weights):
        raise ValueError(f"{name} must be {len(weights)}, one for each of weights, but are {len(given)}.")
    return [
        matching(f"{name}[{i}]", g, W.shape, f"weights[{i}]")
        for i, (g, W) in enumerate(zip(given, weights, strict=True))
    ]


def _share(chosen, of):
    """The share that is chosen; of numbers that are not finite it is unknown."""
    return chosen.mean() if np.isfinite(of).all() else np.nan


def _counts(x, edges):
    return histogram(np.clip(x, edges[0], edges[-1]), edges[0], edges[-1], len(edges) - 1)
