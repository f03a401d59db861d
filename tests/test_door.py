"""Every public function is called with every argument wrong, and with the right ones as people carry them.

A wrong argument is answered in one sentence that names it, by a `raise` of the course's own. A right one
gives the same result in whatever it comes: a list, a table of pandas, another precision or layout. Neither is
written into. What is public is found by looking, and needs a right call in EXAMPLES.
"""

import contextlib
import copy
import dataclasses
import functools
import importlib
import inspect
import itertools
import operator
import pkgutil
import re
import subprocess
import sys
import traceback
import types
import warnings
from collections.abc import Mapping, Set
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from numbers import Real
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import course
from course import activations, arguments, datasets, explore, plots, reproduction
from course.datasets import DataError
from course.initializers import he
from course.normalization import Cache
from course.search import Trial
from course.training import History

COURSE = Path(course.__file__).parent
# Where a `raise` is our own.
OURS = {COURSE}

# Whole numbers wherever it goes, so that they are the same in every precision and as integers.
X = np.array([[1.0, -2.0, 3.0], [0.0, 4.0, -1.0], [2.0, 2.0, -3.0], [-1.0, 1.0, 5.0]])
Y = np.array([0, 1, 1, 0])
W = np.array([[1.0, 0.0, -1.0, 2.0, 1.0], [0.0, 1.0, 1.0, -1.0, 2.0], [1.0, -1.0, 0.0, 1.0, 1.0]])
B = np.arange(5.0)
LAST = np.array([[1.0, -1.0], [0.0, 1.0], [2.0, 0.0], [-1.0, 1.0], [1.0, 1.0]]), np.array([0.0, 1.0])
PARAMS = [(W, B), LAST]
NORMALIZED = [(W, B, np.ones(5)), LAST]
Z = X @ W + B
H = np.maximum(Z, 0)
MASK = np.array([[2.0, 0.0, 2.0, 2.0, 0.0]] * 4)
GRADS = [tuple(p - 1 for p in layer) for layer in PARAMS]
CACHE = Cache(
    X,
    np.array([2.0, 1.0, 4.0]),
    np.array([1.0, 0.0, 2.0]),
    np.array([4.0, 1.0, 16.0]),
    np.array([0.5, 1.0, 0.25]),
)
HISTORY = History(
    loss=np.array([[[3.0, 2.0], [1.0, 2.0]]]),
    train_accuracy=np.array([[0.5, 1.0]]),
    validation_accuracy=np.array([[0.25, 0.5]]),
    update_ratio=np.array([[[0.5, 0.25], [0.5, 0.25]]]),
    diverged=np.array([False, False]),
    interrupted=np.array([False, False]),
)
TRIALS = [Trial(k, {"lr": 0.25 + k}, "done", HISTORY.one(k)) for k in range(2)]
TABLE = [(0.5, 0.25, 1.0), (0.25, 0.5, 2.0)]


def rng():
    return np.random.default_rng(0)


def evaluate(rngs, lr):
    return dataclasses.replace(HISTORY, validation_accuracy=np.array([lr]))


def draw(ax, scale):
    # Without ticks, whose layout takes long.
    plots.images([ax], [[[0, scale]]])
    return f"The scale is {scale}."


def initializer(rng, shape, dtype=np.float64):
    return np.ones(shape, dtype)


def halved(x, out=None):
    return np.multiply(x, 0.5, out=out)


def loss(x):
    return np.sum(x**2)


# One Axes for all calls, since an Axes takes long to make; and what is no data.
AX = Figure().subplots(subplot_kw={"axes_class": plots.Panel})
POOL = ThreadPoolExecutor(1)
SHARED = [AX, POOL]

# A right call of every public function.
ELEMENTWISE = {"x": X, "out": np.empty((4, 3))}
EXAMPLES = {
    "activations.elementwise": {"formula": halved},
    "activations.sigmoid": ELEMENTWISE,
    "activations.sigmoid_grad": ELEMENTWISE,
    "activations.tanh": ELEMENTWISE,
    "activations.tanh_grad": ELEMENTWISE,
    "activations.relu": ELEMENTWISE,
    "activations.relu_grad": ELEMENTWISE,
    "activations.leaky_relu": ELEMENTWISE | {"alpha": 0.25},
    "activations.leaky_relu_grad": ELEMENTWISE | {"alpha": 0.25},
    "activations.prelu": ELEMENTWISE | {"alpha": np.array([0.25, 0.5, 0.0])},
    "activations.prelu_grad": ELEMENTWISE | {"alpha": np.array([0.25, 0.5, 0.0])},
    "activations.prelu_grad_alpha": ELEMENTWISE,
    "activations.elu": ELEMENTWISE | {"alpha": 0.25},
    "activations.elu_grad": ELEMENTWISE | {"alpha": 0.25},
    "activations.maxout": {"x": X, "pieces": 3, "out": np.empty((4, 1))},
    "activations.maxout_grad": {"x": X, "pieces": 3, "out": np.empty((4, 3))},
    "activations.named": {"activation": "relu"},
    "initializers.zeros": {"rng": rng(), "shape": [3, 2], "dtype": np.float32},
    "initializers.constant": {"rng": rng(), "shape": [3, 2], "value": 0.5, "dtype": np.float32},
    "initializers.normal": {"rng": rng(), "shape": [3, 2], "scale": 0.5, "dtype": np.float32},
    "initializers.xavier": {"rng": rng(), "shape": [3, 2], "mode": "fan_avg", "dtype": np.float32},
    "initializers.he": {"rng": rng(), "shape": [3, 2], "dtype": np.float32},
    "normalization.batch_norm": {"x": X, "gamma": B[:3], "beta": B[1:4], "epsilon": 0.25},
    "normalization.batch_norm_backward": {"dout": X + 1, "cache": CACHE},
    "normalization.batch_norm_inference": {
        "x": X, "gamma": B[:3], "beta": B[1:4], "mean": B[2:], "var": B[:3], "epsilon": 0.25,
    },
    "normalization.layer_norm": {"x": X, "gamma": B[:3], "beta": B[1:4], "epsilon": 0.25},
    "optimizers.sgd": {"dw": X, "state": None, "rate": 0.5},
    "optimizers.momentum": {"dw": X, "state": X + 1, "rate": 0.5, "mu": 0.5},
    "optimizers.nesterov": {"dw": X, "state": X + 1, "rate": 0.5, "mu": 0.5},
    "optimizers.rmsprop": {"dw": X, "state": X**2, "rate": 0.5, "decay": 0.5, "epsilon": 0.25},
    "optimizers.adam": {
        "dw": X, "state": (X + 1, X**2, 1), "rate": 0.5, "decay1": 0.5, "decay2": 0.5, "epsilon": 0.25,
    },
    "preprocessing.standardize": {"X": X, "mean": B[:3], "std": B[:3]},
    "preprocessing.principal_components": {"X": X},
    "preprocessing.decorrelate": {"X": X, "mean": B[:3], "directions": np.eye(3)[:, :2]},
    "preprocessing.whiten": {
        "X": X, "mean": B[:3], "directions": np.eye(3)[:, :2], "variances": B[:2], "epsilon": 0.25,
    },
    "preprocessing.reconstruct": {"Z": X[:, :2], "mean": B[:3], "directions": np.eye(3)[:, :2]},
    "network.create": {
        "rng": rng(), "sizes": [3, 5, 2], "initializer": he, "dtype": np.float32, "normalized": True,
    },
    "network.stack": {"networks": [PARAMS, GRADS]},
    "network.linear": {"x": X, "W": W, "b": B},
    "network.forward": {"params": NORMALIZED[:1], "x": X, "activation": "relu", "masks": [MASK]},
    "network.backward": {
        "params": PARAMS, "x": X, "zs": [Z, H @ LAST[0]], "hs": [H, H @ LAST[0]], "dout": X[:, :2],
        "activation": "relu", "masks": [MASK, np.ones((4, 2))],
    },
    "network.fold": {"params": NORMALIZED, "x": X, "activation": "relu"},
    "network.dropout": {"rng": rng(), "shape": [3, 2], "rate": 0.5, "dtype": np.float32},
    "network.scores": {"params": PARAMS, "x": X, "activation": "relu"},
    "network.softmax": {"scores": X},
    "network.cross_entropy": {"scores": X, "y": Y},
    "network.loss_and_grads": {
        "params": PARAMS, "x": X, "y": Y, "activation": "relu", "reg": 0.5, "masks": [MASK],
    },
    "network.accuracy": {"params": PARAMS, "x": X, "y": Y, "activation": "relu"},
    "training.one_thread": {},
    "training.train": {
        "params": PARAMS, "X": X, "y": Y, "rng": rng(), "epochs": 1, "learning_rate": 0.25, "reg": 0.5,
        "decay": 0.5, "batch_size": 2, "activation": "relu", "update": "sgd", "dropped": 0.5,
        "give_up": 3.0, "validation": (X, Y), "progress": False,
    },
    "training.History.one": {"self": HISTORY, "k": 1},
    "statistics.layer_statistics": {"arrays": [X, Z], "low": -4.0, "high": 4.0, "bins": 4},
    "statistics.histogram": {"x": X, "low": -4.0, "high": 4.0, "bins": 4},
    "statistics.signal": {
        "rng": rng(), "initializer": he, "activation": "relu", "depth": 2, "units": 3, "rows": 4,
        "dtype": np.float32,
    },
    "statistics.saturated": {"slopes": X, "threshold": 0.5},
    "statistics.dead": {"zs": X},
    "statistics.standard_error": {"runs": X, "axis": 0},
    "statistics.interval": {"runs": X, "axis": 0},
    "statistics.update_ratio": {"params": PARAMS, "grads": GRADS, "learning_rate": 0.5},
    "gradcheck.numerical_gradient": {"f": loss, "x": B, "h": 0.25, "method": "forward"},
    "gradcheck.relative_error": {"a": X, "b": X + 1},
    "gradcheck.check": {"f": loss, "x": B, "gradient": 2 * B, "h": 0.25},
    "faults.train": {"fault": "summed loss", "seed": 0, "epochs": 1, "learning_rate": 0.25},
    "faults.examine": {"fault": "summed loss", "seed": 0},
    "search.grid": {"lr": [0.5, 0.25], "rule": ["sgd", "adam"]},
    "search.sample": {"rng": rng(), "n": 2, "lr": (0.25, 0.5)},
    "search.narrow": {"trials": TRIALS, "keep": 2},
    "search.run": {
        "evaluate": evaluate, "settings": [{"lr": 0.25}, {"lr": 0.5}], "seed": 0, "side_by_side": 2,
        "executor": POOL, "progress": False,
    },
    "search.each": {"function": str, "values": [1, 2]},
    "search.sweep": {
        "networks": [PARAMS, GRADS], "rates": np.array([0.25, 0.5]), "X": X, "y": Y, "rng": rng(),
        "epochs": 1,
    },
    "reproduction.pictures": {"seed": 0, "divide_by": 2.0},
    "reproduction.networks": {"rngs": [rng(), rng()]},
    "reproduction.activations": {"seed": 0},
    "reproduction.sanity": {"seed": 0},
    "reproduction.overfit": {"seed": 0, "divide_by": 2.0},
    "reproduction.rates": {"seed": 0, "divide_by": 2.0, "learning_rates": [0.25, 0.5]},
    "reproduction.retrain": {"seed": 0, "table": TABLE, "epochs": 1, "decay": 0.5, "update": "sgd"},
    "reproduction.search_anew": {"seed": 0},
    "reproduction.recorded": {"name": "sanity"},
    "reproduction.copy_of": {"name": "sanity"},
    "reproduction.digest": {"name": "sanity"},
    "reproduction.stale": {},
    "reproduction.compare": {"published": B[:3], "runs": X, "unit": 0.5},
    "reproduction.holds": {"comparisons": [reproduction.compare(B[:3], X), reproduction.compare(B[:3], X)]},
    "reproduction.comparisons": {},
    "datasets.digits": {"path": datasets.DIGITS},
    "datasets.like_cifar10": {"images": np.arange(128.0).reshape(2, 8, 8)},
    "datasets.split": {"rng": rng(), "X": X, "y": Y, "held_out": 1},
    "datasets.prepared_digits": {"rng": rng(), "held_out": 1},
    "datasets.cifar10": {"source": Path("cifar"), "progress": False},
    "datasets.fetch_cifar10": {"progress": False},
    "datasets.cloud": {
        "rng": rng(), "n": 3, "centre": np.array([1.0, 2.0]), "spread": np.array([1.0, 2.0]), "angle": 0.5,
    },
    "plots.styled": {},
    "plots.curve": {
        "ax": AX, "x": B, "y": B + 1, "label": "a", "legend": "best", "linewidth": 2.0, "color": "red",
    },
    "plots.curves": {
        "ax": AX, "x": B, "ys": {"a": B + 1, "b": np.array([B, B])}, "legend": {"loc": "best"}, "marker": "o",
    },
    "plots.points": {
        "ax": AX, "x": B, "y": B + 1, "label": "a", "legend": "best", "xlabel": "x",
        "xlim": (0.0, 2.0), "xscale": "linear", "xticks": [0.0, 1.0], "xticklabels": ["a", "b"],
        "aspect": "equal",
    },
    "plots.histograms": {"ax": AX, "counts": np.abs(X), "edges": B[:4], "color": "red"},
    "plots.images": {"axes": [AX], "pictures": [X], "low": 0.0, "high": 4.0},
    "plots.graph": {
        "ax": AX, "places": {"x": (0.0, 0.0), "z": (2.0, 0.0)}, "arrows": [("x", "z", "w"), ("z", "x")],
        "color": "red", "curvature": 0.3, "boxstyle": "circle", "facecolor": "white", "fontsize": 9,
    },
    "plots.redrawn": {"axes": [AX]},
    "explore.explore": {
        "draw": draw, "start": {"scale": 2.0}, "preview": {}, "panels": (1, 1), "guess": None,
        "scale": [1.0, 2.0],
    },
    "explore.painter": {"draw": draw, "panels": (1, 1)},
    "explore.combinations": {"sliders": {"a": [1, 2], "b": ["x", "y"]}},
    "fonts.families": {"language": "en"},
    "words.language": {},
    "words.catalogue": {"language": "ko"},
    "words.say": {"text": "The scale is {scale}.", "scale": 2.0},
    "words.short": {"text": "1e-06"},
    "words.reason": {"error": ValueError("It is wrong.")},
}  # fmt: skip
# What is not called: the door itself, whose `name` is that of the message and which has tests of its own; the
# command line; methods of matplotlib's, with matplotlib's arguments. Nor are records made, as a Trial or a
# Cache is one: they hold what our functions put there.
LEFT_OUT = {"arguments", "reproduction.main", *(f"plots.Panel.set{of}" for of in ("", "_xlim", "_ylim"))}


def entered(manager):
    with manager:
        pass


# Where a call ends later than at its return.
CALLS = {
    "activations.elementwise": lambda formula: activations.elementwise(formula)(X),
    "explore.explore": lambda draw, **others: explore.explore(**others)(draw),
    "explore.painter": lambda draw, panels: explore.painter(draw, panels)(scale=1),
    "explore.combinations": lambda sliders: list(explore.combinations(sliders)),
    "plots.redrawn": lambda axes: entered(plots.redrawn(axes)),
}


def public():
    """Every public function and method of the course, by its name."""
    found = {}
    for info in pkgutil.iter_modules(course.__path__):
        module = importlib.import_module(f"course.{info.name}")
        for name, thing in vars(module).items():
            if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
                continue
            if inspect.isfunction(thing):
                found[f"{info.name}.{name}"] = thing
            elif inspect.isclass(thing):
                found |= {
                    f"{info.name}.{name}.{key}": method
                    for key, method in vars(thing).items()
                    if inspect.isfunction(method)
                    and not key.startswith("_")
                    and method.__module__ == module.__name__
                }
    return {name: f for name, f in found.items() if not LEFT_OUT & {name, name.split(".")[0]}}


PUBLIC = public()


# Wrong values, each made from the right one; where that cannot be, there is none of this kind.
def with_one(value, right):
    """An array like the right one with another number in it."""
    array = np.array(right, float)
    array[(0,) * array.ndim] = value
    return array if array.ndim else array[()]


def alike(value):
    """A function that makes an array of the shape of the right one, full of a value."""
    return lambda right: np.full(np.shape(right), value)


TYPES = {
    "None": lambda right: None,
    "a text": lambda right: "text",
    "a dict": lambda right: {"other": 1},
    "a set": lambda right: {1, 2},
    "bytes": lambda right: b"1",
    "1.0": lambda right: 1.0,
    "True": lambda right: True,
    "a complex number": lambda right: 1j,
    "complex numbers": alike(1j),
    "booleans": alike(True),
    "texts": alike("1"),
    "nothings": alike(None),
    "dates": alike(np.datetime64("2017-04-20")),
    "a date": lambda right: datetime(2017, 4, 20),
    "ones as objects": lambda right: np.ones(np.shape(right), object),
    "masked values": lambda right: np.ma.masked_array(np.ones(np.shape(right)), True),
    "a missing value of pandas": lambda right: pd.Series([1, None], dtype="Int64"),
    "fields": lambda right: np.zeros(np.shape(right), [("a", float)]),
    "a module": lambda right: np,
    "a class": lambda right: dict,
    "a function": lambda right: len,
    "a function of nothing": lambda right: lambda: None,
    "a function that gives None": lambda right: lambda *some, **more: None,
    "NumPy's old generator": lambda right: np.random.RandomState(0),
    "a Figure": lambda right: AX.figure,
}
NUMBERS = {
    "NaN": lambda right: np.nan,
    "infinity": lambda right: np.inf,
    "-1": lambda right: -1,
    "0": lambda right: 0,
    "1.5": lambda right: 1.5,
    "10**400": lambda right: 10**400,
    "a NaN in it": lambda right: with_one(np.nan, right),
    "an infinity in it": lambda right: with_one(np.inf, right),
    "-1 in it": lambda right: with_one(-1, right),
    "10**400 in it": lambda right: [10**400, *right[1:]],
}
SHAPES = {
    "empty": lambda right: [],
    "an axis more": lambda right: np.array(right)[None],
    "rows of different lengths": lambda right: [[1.0], [1.0, 2.0]],
    "no rows": lambda right: right[:0],
    "a row more": lambda right: np.concatenate([right, right[-1:]]),
    "a row less": lambda right: right[:-1],
    "the first row": lambda right: right[0],
    "no columns": lambda right: right[:, :0],
    "a column more": lambda right: np.concatenate([right, right[:, -1:]], axis=1),
    "a column less": lambda right: right[:, :-1],
    "one column": lambda right: right[:, :1],
    "one column more": lambda right: right[:, None],
    "transposed": lambda right: right.T,
    "an item more": lambda right: [*right, right[-1]],
}


class Tensor:
    """What other libraries have: no array, but something that NumPy makes one of."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype)

    def __len__(self):
        return len(self.values)

    def __getitem__(self, place):
        return Tensor(self.values[place])


def shuffled(values):
    """A table or a column whose labels run the other way than its places."""
    made = {1: pd.Series, 2: pd.DataFrame}[values.ndim](values)
    made.index = made.index[::-1]
    if values.ndim == 2:
        made.columns = made.columns[::-1]
    return made


def read_only(values):
    values = values.copy()
    values.flags.writeable = False
    return values


def integers(values):
    whole = values.astype(int)
    return whole if (whole == values).all() else values


def matrix(values):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.matrix(values)


# The same values, as they come, of each kind of argument. One that cannot carry a value raises.
CARRIERS = {
    "array": {
        "a list": lambda a: a.tolist(),
        "a tuple": lambda a: tuple(a.tolist()),
        "pandas": shuffled,
        "read-only": read_only,
        "in Fortran's order": np.asfortranarray,
        "in another byte order": lambda a: a.astype(a.dtype.newbyteorder(">")),
        "strides turned": lambda a: np.flip(np.flip(a).copy()),
        "strides of two": lambda a: np.repeat(a, 2, axis=-1)[..., ::2],
        "integers": integers,
        "small integers": lambda a: integers(a).astype(np.int8),
        "float16": lambda a: a.astype(np.float16),
        "float32": lambda a: a.astype(np.float32),
        "objects": lambda a: a.astype(object),
        "a matrix": matrix,
        "a memoryview": lambda a: memoryview(a.copy()),
        "nothing masked": lambda a: np.ma.masked_array(a, False),
        "a tensor": Tensor,
    },
    "number": {
        "float64": np.float64,
        "float32": np.float32,
        "float16": np.float16,
        "an array without axes": np.array,
        "a tensor": Tensor,
    },
    "whole": {"int64": np.int64, "int8": np.int8, "an array without axes": np.array},
    "flag": {"NumPy's": np.bool_},
    "text": {"NumPy's": np.str_},
    "sequence": {
        "a tuple": tuple,
        "pandas": lambda a: pd.Series(a, index=range(len(a))[::-1]),
        "values of a dict": lambda a: dict(enumerate(a)).values(),
        "an array": np.array,
    },
    "mapping": {"read-only": types.MappingProxyType},
    "function": {"a partial": functools.partial},
    "dtype": {"its name": lambda a: a.__name__, "a dtype": np.dtype, "another byte order": lambda a: ">f4"},
}


# Other shapes than the example has that are right.
ROWS = {"a row more", "a row less", "an item more"}
LEADING = {"an axis more", "one column more"}
COLUMNS = {"a column more", "a column less", "one column", "transposed"}
ITEMS = ROWS
STACKED = {*ROWS, *LEADING, "no rows"}
AXIS, LESS, MORE, NOTHING = {"an axis more"}, {"a row less"}, {"an item more"}, {"empty", "no rows"}
# One number for all features, in the place of one for each.
ONE = {"1.0", "True", "NaN", "infinity", "-1", "0", "1.5", "the first row"}
ANY = {*SHAPES, *ONE, "a missing value of pandas"}
FITS = {
    **dict.fromkeys(
        [*(f"{name}.x" for name in EXAMPLES if name.startswith("activations.")), "optimizers.sgd.dw",
         "network.softmax.scores", "statistics.layer_statistics.arrays[0]",
         "statistics.layer_statistics.arrays[1]", "statistics.histogram.x", "statistics.saturated.slopes",
         "statistics.dead.zs", "statistics.standard_error.runs", "statistics.interval.runs",
         "gradcheck.numerical_gradient.x", "gradcheck.check.x"], ANY,
    ),
    **dict.fromkeys(
        ["activations.prelu.alpha", "activations.prelu_grad.alpha", "preprocessing.standardize.mean",
         "preprocessing.standardize.std", "preprocessing.decorrelate.mean", "preprocessing.whiten.mean",
         "preprocessing.reconstruct.mean", "datasets.cloud.centre", "datasets.cloud.spread",
         "reproduction.compare.published"], ONE,
    ),
    **dict.fromkeys(
        ["normalization.batch_norm.x", "preprocessing.standardize.X", "preprocessing.decorrelate.X",
         "preprocessing.whiten.X", "preprocessing.reconstruct.Z", "network.fold.x", "search.sweep.rates",
         "plots.histograms.counts", "reproduction.compare.runs"], ROWS,
    ),
    **dict.fromkeys(
        ["normalization.batch_norm_inference.x", "normalization.layer_norm.x", "network.linear.x",
         "network.scores.x"], STACKED,
    ),
    **dict.fromkeys(
        [*(f"initializers.{name}.shape" for name in ("zeros", "constant", "normal", "xavier", "he")),
         "network.create.sizes", "network.stack.networks", "statistics.layer_statistics.arrays",
         "search.narrow.trials", "search.sweep.networks", "reproduction.networks.rngs",
         "reproduction.rates.learning_rates", "reproduction.retrain.table", "reproduction.holds.comparisons",
         "explore.explore.scale"],
        ITEMS,
    ),
    **dict.fromkeys(
        [*(f"optimizers.{name}.rate" for name in ("sgd", "momentum", "nesterov", "rmsprop", "adam")),
         "network.loss_and_grads.x", "network.accuracy.x", "training.train.learning_rate",
         "training.train.reg", "plots.curve.y", "plots.curves.ys['a']"], AXIS,
    ),
    # A choice may be an array; and where nothing is to be tried, nothing is.
    **dict.fromkeys(["search.grid.lr", "search.grid.rule"], ITEMS | AXIS),
    **dict.fromkeys(["search.run.settings", "search.each.values"], ITEMS | NOTHING),
    # A layer less, or a layer (W, b) in the place of one (W, b, gamma), or the other way round.
    **dict.fromkeys(
        ["network.fold.params", "network.scores.params", "network.accuracy.params", "training.train.params",
         "network.forward.params[0]", "network.fold.params[0]"], LESS,
    ),
    **dict.fromkeys(
        ["network.backward.params[0]", "network.backward.params[1]", "network.fold.params[1]",
         "network.loss_and_grads.params[0]", "training.train.params[0]"], MORE,
    ),
    **dict.fromkeys(
        [f"statistics.update_ratio.{name}[{i}]" for name in ("params", "grads") for i in (0, 1)],
        LESS | MORE,
    ),
    # Whatever the values are, they are combined.
    **{f"explore.combinations.sliders['{key}']": ITEMS | AXIS for key in "ab"},
    "network.cross_entropy.scores": {"an axis more", "a column more", "a column less"},
    "network.dropout.shape": {*ITEMS, "empty", "no rows"},
    "preprocessing.principal_components.X": {*ROWS, *COLUMNS, "no columns"},
    "preprocessing.decorrelate.directions": {*COLUMNS, "no columns"},
    "datasets.like_cifar10.images": {*ROWS, "no rows"},
    "plots.curves.ys['b']": {*ROWS, "the first row"},
    "plots.images.pictures[0]": {*ROWS, *COLUMNS, *LEADING},
    "plots.redrawn.axes": ITEMS,
}  # fmt: skip
# Arguments that nobody reads, what is handed on whatever it is, and options, of which matplotlib decides what
# is right. Where they are refused it is in a sentence all the same.
ANYTHING = {
    "initializers.zeros.rng", "initializers.constant.rng", "datasets.split.X", "datasets.split.y",
    "search.grid.lr[0]", "search.grid.lr[1]", "search.grid.rule[0]", "search.grid.rule[1]",
    "search.each.values[0]", "search.each.values[1]", "search.run.settings[0]['lr']",
    "search.run.settings[1]['lr']", "explore.explore.scale[0]", "explore.explore.scale[1]", "words.say.scale",
    "words.reason.error",
    *(f"explore.combinations.sliders['{key}'][{i}]" for key in "ab" for i in (0, 1)),
    *(f"statistics.update_ratio.{name}[{i}][1]" for name in ("params", "grads") for i in (0, 1)),
    *(f"{name}.{key}" for name, given in EXAMPLES.items() if name.startswith("plots.") for key in given
      if key not in ("ax", "axes", "x", "y", "ys", "counts", "edges", "pictures", "low", "high")),
}  # fmt: skip
# Where a dict stands for the sequence of its keys, as the docstring says.
KEYS = {"search.each.values"}
# What None stands for is said in the docstring, though it is not the default.
NONE_IS_RIGHT = {f"optimizers.{rule}.state" for rule in ("momentum", "nesterov", "rmsprop", "adam")}
NONE_IS_RIGHT |= {"training.train.batch_size", "faults.train.fault", "faults.examine.fault"}
# Where a NaN is left out, as the docstring says.
HIDES_NAN = {"statistics.histogram.x", "reproduction.compare.runs"}
# Or where nobody reads it: no gradient hangs on the first weights, on biases and on what comes out at last.
# The error of a gradient that is NaN is infinite.
HIDES_NAN |= {
    f"network.backward.{place}" for place in ("params[0][0]", "params[0][1]", "params[1][1]", "hs[1]")
}
HIDES_NAN |= {"gradcheck.check.gradient"}
# What a message calls an argument that the caller does not name.
CALLED = {"explore.explore.draw": "function", "explore.painter.draw": "function"}


class NoSuch(Exception):
    """Said where a wrong or a carried value cannot be made from a right one."""


class Wrong(Exception):
    """Said of a value that is not of the kind that an argument asks for."""


def kind(right):
    """What kind of argument this is, by its right value."""
    if isinstance(right, np.ndarray):
        return "array"
    if hasattr(right, "_fields") or dataclasses.is_dataclass(right):
        return "thing"
    if isinstance(right, type) and issubclass(right, np.generic):
        return "dtype"
    kinds = {
        bool: "flag", int: "whole", float: "number", str: "text",
        list: "sequence", tuple: "sequence", dict: "mapping",
    }  # fmt: skip
    return kinds.get(
        type(right), "function" if callable(right) and not isinstance(right, Artist) else "thing"
    )


def numbers(value, of="buif"):
    """The array that a value is explicitly, or Wrong."""
    if (
        isinstance(value, str | bytes | Mapping | Set)
        or value is None
        or callable(value)
        or np.ma.is_masked(value)
    ):
        raise Wrong
    try:
        array = np.asarray(value)
        if array.dtype == object and all(isinstance(v, Real) for v in array.flat):
            array = np.asarray(array.tolist())
    except Exception:
        raise Wrong from None
    if array.dtype.kind not in of:
        raise Wrong
    return array


def converted(right, value):
    """What a value is explicitly, where it is of the kind that is asked for; else Wrong."""
    asked = kind(right)
    if asked in ("array", "number"):
        if asked == "array" and right.dtype.kind in "iu":
            return numbers(value, "iu")
        array = numbers(value)
        return array if array.dtype.kind == "f" else array.astype(float)
    if asked == "whole":
        if type(value) is int:
            return value
        array = numbers(value, "iu")
        if array.ndim:
            raise Wrong
        return int(array)
    if asked == "sequence":
        if isinstance(value, str | bytes | Mapping | Set) or not np.iterable(value) or np.ma.is_masked(value):
            raise Wrong
        return list(np.asarray(value) if hasattr(value, "__array__") else value)
    if asked == "dtype":
        try:
            found = np.dtype(value)
        except (TypeError, ValueError):
            raise Wrong from None
        # NumPy takes None for float64.
        if value is None or found.kind != "f":
            raise Wrong
        return found.newbyteorder("=").type
    kinds = {"flag": bool | np.bool_, "text": str, "mapping": Mapping, "function": types.FunctionType}
    if not isinstance(value, kinds.get(asked, type(right))):
        raise Wrong
    return value


def places(name, value, depth=2):
    """Yield every place in an argument where something can be wrong, and the right value there."""
    yield (name,), value
    if not depth or hasattr(value, "_fields"):
        return
    if isinstance(value, Mapping):
        parts = value.items()
    elif isinstance(value, tuple | list):
        parts = enumerate(value)
    else:
        return
    for key, part in parts:
        for place, right in places(key, part, depth - 1):
            yield (name, *place), right


def put(whole, place, value):
    """A copy of `whole`, which is made of dicts, lists and tuples, with another value at a place."""
    if not place:
        return value
    key, *rest = place
    if isinstance(whole, Mapping):
        return {**whole, key: put(whole[key], rest, value)}
    return type(whole)([*whole[:key], put(whole[key], rest, value), *whole[key + 1 :]])


def fresh(name, argument=None):
    """A copy of the right arguments, with generators of random numbers that nobody has used.

    A place to write into is among them only where it is what the call is about.
    """
    given = {key: value for key, value in EXAMPLES[name].items() if key != "out" or argument == "out"}
    return copy.deepcopy(given, {id(thing): thing for thing in SHARED})


def told(thing):
    """What there is to compare in a result: plain data."""
    if isinstance(thing, Artist) and not isinstance(thing, Axes):
        for of in ("get_xydata", "get_array"):
            if getattr(thing, of, lambda: None)() is not None:
                # What is missing in a picture, matplotlib masks.
                return np.ma.filled(getattr(thing, of)(), np.nan), thing.get_label()
        return [path.vertices for path in getattr(thing, "get_paths", list)()]
    if dataclasses.is_dataclass(thing):
        return told(vars(thing))
    if isinstance(thing, Mapping):
        return [told(item) for item in thing.items()]
    if isinstance(thing, list | tuple):
        return [told(part) for part in thing]
    if isinstance(thing, pd.Series | pd.DataFrame | Real | str | np.ndarray) or hasattr(thing, "tobytes"):
        return np.array(thing)
    if isinstance(thing, np.dtype | type | Path | None):
        return repr(thing)
    return "function" if callable(thing) else type(thing).__name__


def drawn():
    """What is on the Axes, and where."""
    artists = [*AX.lines, *AX.collections, *AX.images]
    texts = [AX.get_xlabel(), AX.get_xscale(), *(label.get_text() for label in AX.get_xticklabels())]
    return told(artists), told([*AX.get_xlim(), *AX.get_ylim(), *AX.get_xticks()]), texts, AX.get_aspect()


def same(a, b, kind=None):
    """Say whether two results are the same up to rounding; an array may have the precision `kind` instead."""
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(same(x, y, kind) for x, y in zip(a, b, strict=True))
    if not (isinstance(a, np.ndarray) and isinstance(b, np.ndarray)):
        return type(a) is type(b) and a == b
    if a.shape != b.shape:
        return False
    if {a.dtype.kind, b.dtype.kind} != {"f"}:
        return a.dtype in (b.dtype, kind) and (
            repr(a) == repr(b) if a.dtype == object else np.array_equal(a, b)
        )
    coarsest = kind if isinstance(kind, np.dtype) and kind.kind == "f" else b.dtype
    if not min(coarsest.itemsize, b.dtype.itemsize) <= a.dtype.itemsize <= b.dtype.itemsize:
        return False
    near = {2: 0.02, 4: 1e-4, 8: 1e-10}[min(coarsest.itemsize, a.dtype.itemsize)]
    with np.errstate(all="ignore"):
        return np.allclose(a.astype(float), b.astype(float), rtol=near, atol=near, equal_nan=True)


def call(name, arguments):
    """Call a function of the course with arguments by name, even where Python would not let one."""
    function = CALLS.get(name) or PUBLIC[name]
    given, by_position = dict(arguments), []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.POSITIONAL_ONLY and parameter.name in given:
            by_position.append(given.pop(parameter.name))
        elif parameter.kind is parameter.VAR_POSITIONAL:
            by_position += given.pop(parameter.name, [])
    return function(*by_position, **given)


def outcome(name, arguments):
    """What a call gave, as plain data, and the exception or warning that it raised; one of them is None."""
    # What was refused at the door drew nothing; clearing takes long.
    if AX.has_data() or AX.get_legend():
        AX.clear()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            result = told(call(name, arguments))
            return [result, drawn()] if {"ax", "axes"} & set(arguments) else result, None
    except Exception as error:
        return None, error


@functools.cache
def rightly(name):
    """What the right call gives."""
    result, error = outcome(name, fresh(name))
    assert error is None, f"The example of {name} is wrong: {error!r}"
    return result


def complaints(error, names):
    """Yield what is wrong with the answer to a wrong argument, of which any of `names` may be said."""
    message = str(error)
    if type(error) not in (ValueError, TypeError, DataError):
        yield "is no ValueError or TypeError"
    frame = traceback.extract_tb(error.__traceback__)[-1]
    if Path(frame.filename).parent not in OURS or not frame.line.startswith("raise"):
        yield "is not raised by the course itself"
    if error.__context__ and not error.__suppress_context__:
        yield "comes with the traceback of another error"
    if names and not any(names_it(message, name) for name in names):
        yield f"does not name {names[0]}"
    # Where a file is the trouble, the sentence tells its path, and may end with a command.
    if type(error) is DataError:
        return
    if not message.endswith(".") or len(message) > 250 or "\n" in message:
        yield "is not one short sentence"
    if re.search(r"\b_\w", message):
        yield "tells a private name"
    if re.search(r"(/[\w.-]+){2}|\.py\b", message):
        yield "tells a path"


def names_it(message, name):
    """Say whether a name stands in a message as a word; `a` is a word of its own, and must come first."""
    return re.search(rf"^{name}\b" if name == "a" else rf"(?<!\w){re.escape(name)}(?!\w)", message)


def has_nan(result):
    if isinstance(result, np.ndarray):
        return result.dtype.kind == "f" and bool(np.isnan(result).any())
    parts = result if isinstance(result, list | tuple) else ()
    return any(map(has_nan, parts))


def written(place):
    """A place as the caller writes it."""
    return f"{place[0]}" + "".join(f"[{key!r}]" for key in place[1:])


def shorter(value):
    text = " ".join(repr(value).split())
    return text if len(text) < 80 else f"{text[:77]}..."


def at(arguments, place):
    """What stands at a place of the arguments."""
    return functools.reduce(operator.getitem, place, arguments)


def made(name, place, make):
    """The right arguments with another value at a place, made from the right one; and both of these."""
    arguments = fresh(name, place[0])
    right = at(arguments, place)
    try:
        value = make(right)
    except Exception:
        raise NoSuch from None
    return put(arguments, place, value), right, value


def wrongly(name, place, label, make):
    """Yield what is wrong when a function is called with a wrong value at a place of its arguments."""
    arguments, right, value = made(name, place, make)
    before = told(arguments)
    result, error = outcome(name, arguments)
    if place != ("out",) and not same(told(arguments), before):
        yield "is written into"
    key = f"{name}.{written(place)}"
    allowed = value is None and (
        key in NONE_IS_RIGHT or (len(place) == 1 and default(name, place[0]) is None)
    )
    if error is not None:
        complaint = ", ".join(
            complaints(error, () if allowed else names_of(name, place, right, value, error))
        )
        if complaint:
            yield f"{type(error).__name__} {complaint}: {shorter(str(error))}"
        return
    if allowed or key in ANYTHING:
        return
    try:
        explicit = converted(right, value) if place != ("out",) else place_to_write(right, value)
    except Wrong:
        if key not in KEYS or not isinstance(value, Mapping):
            yield f"is taken for right: {shorter(result)}"
        return
    if another_size(right, explicit) and label not in FITS.get(key, ()):
        size = f"a length of {len(right)}" if kind(right) == "sequence" else np.shape(right)
        yield f"is taken for right, though {size} is: {shorter(result)}"
    if kind(right) in ("array", "number") and np.isnan(explicit).any() and key not in HIDES_NAN:
        if kind(right) == "number":
            yield f"is taken for right: {shorter(result)}"
        elif not has_nan(result):
            yield f"the NaN is hidden: {shorter(result)}"
    if explicit is not value:
        again, right, value = made(name, place, make)
        expected, error = outcome(name, put(again, place, converted(right, value)))
        if error is not None or not same(result, expected, getattr(value, "dtype", None)):
            yield f"gives {shorter(result)}, but {shorter(explicit)} gives {shorter(error or expected)}"


def carried(name, place, label, make):
    """Yield what is wrong when a function is called with the right value at a place, carried otherwise."""
    if f"{name}.{written(place)}" in ANYTHING and label in ("objects", "a tensor"):
        return
    arguments, right, value = made(name, place, make)
    if kind(right) == "array" and not same(np.asarray(value, float), right.astype(float)):
        return
    before = told(arguments)
    result, error = outcome(name, arguments)
    if not same(told(arguments), before):
        yield "is written into"
    if error is not None:
        complaint = ", ".join(complaints(error, [place[0]]))
        if complaint:
            yield f"{type(error).__name__} {complaint}: {shorter(str(error))}"
    elif not same(result, rightly(name), getattr(value, "dtype", None)):
        yield f"gives {shorter(result)}, not {shorter(rightly(name))}"


def names_of(name, place, right, value, error):
    """What the answer to a wrong value may name: the argument, or what else tells the caller which it is."""
    names = [CALLED.get(f"{name}.{place[0]}", place[0])]
    if isinstance(error, DataError):
        names.append(str(value))
    if kind(value) == "function":
        names.append(value.__name__)
    if kind(right) == kind(value) == "mapping":
        names += map(str, value)
    # Where two arguments disagree, either may be the wrong one.
    with contextlib.suppress(Wrong):
        if another_size(right, converted(right, value)):
            names += EXAMPLES[name]
    return names


def another_size(right, explicit):
    if kind(right) in ("array", "number"):
        return np.shape(explicit) != np.shape(right)
    return kind(right) == "sequence" and len(explicit) != len(right)


def place_to_write(right, value):
    if isinstance(value, np.ndarray) and (value.shape, value.dtype) == (right.shape, right.dtype):
        return value
    raise Wrong


def default(name, argument):
    parameter = inspect.signature(PUBLIC[name]).parameters.get(argument)
    return inspect.Parameter.empty if parameter is None else parameter.default


@pytest.fixture(autouse=True)
def surroundings(monkeypatch, tmp_path):
    """No network, no long work, and small pictures."""
    prepare(monkeypatch, tmp_path)


def prepare(monkeypatch, folder):
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COURSE_FIGURES", "still")
    monkeypatch.setitem(plots.STYLE, "figure.dpi", 20)
    # Six files of one picture each; none is fetched.
    monkeypatch.setattr(datasets, "CIFAR10_ROWS", 1)
    Path("cifar").mkdir()
    for name in datasets.CIFAR10_FILES:
        Path("cifar", name).write_bytes(bytes(datasets.CIFAR10_RECORD))
    monkeypatch.delenv("COURSE_CIFAR10", raising=False)
    import pooch

    monkeypatch.setattr(pooch, "os_cache", lambda name: folder)
    monkeypatch.setattr(pooch, "retrieve", lambda *_, **__: None)
    # The lecture's experiments, with twenty pictures and small networks.
    pictures = np.random.default_rng(0).integers(256, size=(30, 32, 32, 3)).astype(np.uint8)
    labels = np.arange(30) % 10
    monkeypatch.setattr(
        reproduction, "_copy", lambda: (pictures[:20], labels[:20], pictures[20:], labels[20:], "small")
    )
    monkeypatch.setattr(
        reproduction, "split", lambda rng, X, y, held_out: datasets.split(rng, X, y, held_out=10)
    )
    monkeypatch.setattr(reproduction, "SIZES", [3072, 5, 10])
    monkeypatch.setattr(reproduction, "signal", functools.partial(reproduction.signal, units=5, rows=5))


def faults(name, look, table):
    """Yield, for each place in the arguments of a function, what `look` finds, the same words once."""
    for argument, example in EXAMPLES[name].items():
        if argument == "self" or (argument == "out" and look is carried):
            continue
        parameter = inspect.signature(PUBLIC[name]).parameters.get(argument)
        depth = 0 if f"{name}.{argument}" in ANYTHING else 2
        for place, right in places(argument, example, depth):
            # Of *arguments, the caller writes each, and not the sequence of them.
            if len(place) == 1 and parameter is not None and parameter.kind is parameter.VAR_POSITIONAL:
                continue
            found = {}
            cases = table.get(kind(right), {}) if look is carried else table
            for label, make in cases.items():
                # These take and give anything, and so may a function that is asked for.
                if kind(right) == "function" and label in ("a class", "a function"):
                    continue
                with contextlib.suppress(NoSuch):
                    for fault in look(name, place, label, make):
                        words, _, detail = fault.partition(": ")
                        found.setdefault(words, (detail, []))[1].append(label)
            for words, (detail, labels) in found.items():
                yield f"{name}({written(place)} = {', '.join(labels)}): {words}: {detail}"


WRONG = {"types": TYPES, "numbers": NUMBERS, "shapes": SHAPES}


@pytest.mark.parametrize("name", PUBLIC)
@pytest.mark.parametrize("table", WRONG)
def test_wrong_arguments_are_answered_by_name(table, name):
    found = list(faults(name, wrongly, WRONG[table]))
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize("name", PUBLIC)
def test_right_arguments_are_taken_as_they_come(name):
    found = list(faults(name, carried, CARRIERS))
    assert not found, "\n".join(["", *found])


def test_every_public_function_has_a_right_call_with_all_arguments():
    assert set(EXAMPLES) == set(PUBLIC), (
        "EXAMPLES needs a right call of every public function, and of no other"
    )
    for name, function in PUBLIC.items():
        parameters = inspect.signature(function).parameters.values()
        asked = {p.name for p in parameters if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)}
        assert asked <= set(EXAMPLES[name]), f"{name} needs an example of {asked - set(EXAMPLES[name])}"
        if any(p.kind is p.VAR_KEYWORD for p in parameters):
            assert set(EXAMPLES[name]) - asked, f"{name} needs an example of its further keywords"


def test_the_course_does_without_pandas():
    names = sorted({name.split(".")[0] for name in PUBLIC})
    code = f"import sys\nfrom course import {', '.join(names)}\nassert 'pandas' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=COURSE.parent)


# That the walk finds what it should: functions with one fault each, and one without.
def without_a_door(values):
    return values * 2


def with_an_error_of_numpy(values):
    return np.asarray(values, float) * 2


def with_another_name(values):
    return arguments.floats("x", values) * 2


def with_a_warning(values):
    return np.log(arguments.floats("values", values))


def with_another_result_for_lists(values):
    return arguments.floats("values", values if isinstance(values, np.ndarray) else values[::-1])


def by_label(values):
    first = values[0]
    return arguments.floats("values", values) - first


def writing(values):
    values = arguments.floats("values", values)
    values *= 2
    return values


def hiding_nan(values):
    return np.nansum(arguments.floats("values", values), axis=-1)


def of_any_shape(values):
    return arguments.floats("values", values).sum()


def with_a_private_name(values):
    if isinstance(values, str):
        raise ValueError("values must not go to _floats.")
    return sound(values)


def within_another_error(values):
    try:
        return sound(np.asarray(values, float))
    except ValueError:
        raise ValueError("values must hold numbers.")  # noqa: B904


def sound(values):
    return arguments.matching("values", values, (3,), "this test") * 2


@pytest.mark.parametrize(
    ("function", "look", "words"),
    [
        (without_a_door, wrongly, "values = a text.*: is taken for right"),
        (with_an_error_of_numpy, wrongly, "is not raised by the course itself"),
        (with_another_name, wrongly, "does not name values"),
        (with_a_warning, wrongly, "-1 in it.*: RuntimeWarning"),
        (with_another_result_for_lists, carried, "values = a list, a tuple"),
        (by_label, carried, "values = pandas.*: gives"),
        (writing, carried, "is written into"),
        (writing, wrongly, "is written into"),
        (hiding_nan, wrongly, "the NaN is hidden"),
        (of_any_shape, wrongly, r"a row less.*: is taken for right, though \(3,\) is"),
        (with_a_private_name, wrongly, "tells a private name"),
        (within_another_error, wrongly, "comes with the traceback of another error"),
    ],
)
def test_each_fault_is_found(function, look, words, monkeypatch):
    found = list(of_this_file(function, look, monkeypatch))
    assert any(re.search(words, fault) for fault in found), found


def test_a_sound_function_passes(monkeypatch):
    assert not [*of_this_file(sound, wrongly, monkeypatch), *of_this_file(sound, carried, monkeypatch)]


def of_this_file(function, look, monkeypatch):
    """The faults of a function that stands in this file instead of in the course."""
    monkeypatch.setitem(PUBLIC, function.__name__, function)
    monkeypatch.setitem(EXAMPLES, function.__name__, {"values": np.array([1.0, 2.0, 4.0])})
    monkeypatch.setattr(sys.modules[__name__], "OURS", {*OURS, Path(__file__).parent})
    tables = [CARRIERS] if look is carried else WRONG.values()
    return itertools.chain(*(faults(function.__name__, look, table) for table in tables))
