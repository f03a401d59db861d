"""What a network's activations and gradients look like, layer by layer: the numbers behind the histograms."""

import functools
from typing import NamedTuple

import numpy as np

from course.arguments import floats, held, number, sequence, several, shown, single, whole
from course.initializers import normal
from course.network import create, forward


class Layers(NamedTuple):
    """Statistics of L layers: `mean` and `std` `(L,)`, `counts` `(L, bins)` between `edges` `(bins + 1,)`."""

    mean: np.ndarray
    std: np.ndarray
    counts: np.ndarray
    edges: np.ndarray


def layer_statistics(arrays, low=-1.0, high=1.0, bins=30):
    """Return the `Layers` statistics of a list of arrays, one for each layer. Slides 44 to 51.

    Values outside [low, high] are left out of the counts, though not of mean and std.

    >>> layers = layer_statistics([np.array([-1.0, 1.0]), np.array([0.1, 0.1])], bins=2)
    >>> print(layers.mean, layers.std, layers.counts)
    [0.  0.1] [1. 0.] [[1 1]
     [0 2]]
    """
    low, high, bins = single("low", low), single("high", high), whole("bins", bins)
    if hasattr(arrays, "__array__") and np.ndim(arrays) < 3:
        raise ValueError("arrays must be a list of arrays, one for each layer, but is one array: write [z].")
    arrays = several("arrays", arrays, floats)
    if not all(a.size for a in arrays):
        raise ValueError("arrays must hold at least one number for each layer.")
    mean, std = np.array([_mean_and_std(a) for a in arrays]).T
    counts = np.array([histogram(a, low, high, bins) for a in arrays])
    return Layers(mean, std, counts, edges=np.linspace(low, high, bins + 1))


@np.errstate(all="ignore")
def histogram(x, low, high, bins):
    """Count the values of `x` in `bins` equal bins between `low` and `high`, both ends included.

    As np.histogram counts, but several times as fast; a value within rounding of an edge may fall to
    either side of it. Values outside and NaN are not counted.

    >>> histogram([-2.0, -1.0, 0.1, 1.0, np.nan], low=-1, high=1, bins=2)
    array([1, 2])
    """
    x, bins = floats("x", x).ravel(), whole("bins", bins)
    low, high = single("low", low), single("high", high)
    x = x.astype(np.result_type(x, np.float32), copy=False)
    kind = x.dtype.type
    width = kind((high - low) / bins)
    # Rounded to the precision of x, the ends may fall together or the bins no longer fill what lies between.
    if not (width > 0 and (kind(high) - kind(low)) / width < bins + 1):
        ends = f"{low:g} and {high:g}"
        raise ValueError(f"low must be below high, {bins} bins of {x.dtype} apart, but they are {ends}.")
    # Each value becomes the number of its bin, from 1 on, with one more for `high` itself, and 0 outside;
    # what a conversion makes of NaN and of far values does not matter.
    bin_of = x - low
    bin_of /= width
    place = bin_of.astype(np.uint8 if bins < 255 else np.intp)
    place += 1
    if x.size and not (x.min() >= low and x.max() <= high):
        place *= (x >= low) & (x <= high)
    counts = np.zeros(bins + 2, np.intp)
    if place.dtype == np.uint8 and x.size > 50_000:
        # One number for two places, one of each half: half as much to count.
        first, second, place = np.split(place, [x.size // 2, x.size // 2 * 2])
        pairs = np.bincount(first * np.uint16(bins + 2) + second, minlength=(bins + 2) ** 2)
        counts += sum(pairs.reshape(bins + 2, bins + 2).sum(axis=axis) for axis in (0, 1))
    counts += np.bincount(place, minlength=bins + 2)
    counts[bins] += counts[bins + 1]
    return counts[1 : bins + 1]


def signal(rng, initializer, activation, depth=10, units=500, rows=1000, dtype=np.float64):
    """Return mean and standard deviation `(depth + 1, 2)` of a gaussian input and of each layer it passes.

    The experiment of slides 44 to 51: `rows` samples of a unit gaussian of `units` dimensions go through
    `depth` fully connected layers of `units` units each, without biases. `rng` draws the input first, then
    the weights.

    >>> from course.initializers import xavier
    >>> print(signal(np.random.default_rng(0), xavier, "tanh", depth=2)[:, 1].round(2))
    [1.   0.63 0.49]
    """
    x = normal(rng, (whole("rows", rows), whole("units", units)), scale=1.0, dtype=dtype)
    params = create(rng, [units] * (whole("depth", depth) + 1), initializer, dtype)
    layers = [x, *forward(params, x, activation)[1]]
    return np.array([_mean_and_std(h) for h in layers])


@np.errstate(all="ignore")
def _mean_and_std(x):
    """Both in double precision, with the sum of squares as a dot product."""
    x = x.ravel().astype(np.float64)
    mean = x.mean()
    x -= mean
    return mean, np.sqrt(x @ x / x.size)


def saturated(slopes, threshold=0.01):
    """Share of the elements whose activation has a slope below `threshold`: no gradient passes there.

    `slopes` are derivatives, as `tanh_grad(z)`; leading axes before the last two are kept. A share with a NaN
    among its slopes is NaN.

    >>> from course.activations import tanh_grad
    >>> saturated(tanh_grad([[-5.0, 0.0, 1.0, 5.0]]))
    np.float64(0.5)
    """
    slopes = np.abs(_units("slopes", slopes))
    threshold = held("threshold", single("threshold", threshold, 0), slopes.dtype)
    share = (slopes < threshold).sum(axis=(-2, -1)) / (slopes.shape[-2] * slopes.shape[-1])
    # The lowest of numbers with a NaN among them is NaN, which alone is not what it is.
    lowest = slopes.min(axis=(-2, -1))
    return np.where(lowest == lowest, share, np.nan)[()]


def dead(zs):
    """Share of the units that are off for every row: `zs` `(..., N, H)` never rises above zero. Slide 27.

    A share with a NaN among its units is NaN.

    >>> dead([[-1.0, 2.0], [-3.0, -1.0]])
    np.float64(0.5)
    """
    # The highest of numbers with a NaN among them is NaN, which is neither above zero nor below.
    highest = _units("zs", zs).max(axis=-2)
    return np.where(np.isnan(highest), np.nan, highest <= 0).mean(axis=-1)


@np.errstate(all="ignore")
def standard_error(runs, axis=0):
    """Standard error of the mean over independent runs: s / sqrt(n), with s^2 = sum((x - mean)^2) / (n - 1).

    `axis` counts the n runs, of which there must be two or more; the other axes are kept.

    >>> standard_error([[0.0, 10.0], [2.0, 14.0]])
    array([1., 2.])
    """
    runs = floats("runs", runs).astype(float)
    if whole("axis", axis, low=-runs.ndim) >= max(runs.ndim, 1):
        raise ValueError(f"axis must be one of the {runs.ndim} axes of runs, but is {axis}.")
    if not runs.ndim or runs.shape[axis] < 2:
        raise ValueError(f"runs must hold at least two runs along axis {axis}, but has {runs.shape}.")
    return runs.std(axis=axis, ddof=1) / np.sqrt(runs.shape[axis])


@np.errstate(all="ignore")
def interval(runs, axis=0):
    """Return the mean over independent runs and the half-width of its 95% confidence interval.

    By Student (1908), half = t s / sqrt(n), where t leaves 2.5% on either side of the t distribution with
    n - 1 degrees of freedom: 12.7 for two runs, 2.78 for five, 2.09 for twenty. Of two methods run on the
    same seeds, give the differences. `axis` counts the n runs, two or more; the other axes are kept.

    >>> mean, half = interval([0.1, 0.3, 0.2, 0.2])
    >>> print(f"{mean:.3f} +- {half:.3f}")
    0.200 +- 0.130
    """
    error = standard_error(runs, axis)
    runs = floats("runs", runs).astype(float)
    return runs.mean(axis=axis), _students_t(runs.shape[axis] - 1, 0.95) * error


@functools.cache
def _students_t(df, within):
    """How many standard errors hold this share of Student's t distribution with `df` degrees of freedom."""
    # With T = sqrt(df) tan(angle), the density of the angle is cos(angle)^(df - 1); half of it is integrated.
    angle = np.linspace(0, min(np.pi / 2, 40 / np.sqrt(df)), 10_001)
    density = np.cos(angle) ** (df - 1)
    below = np.cumsum(density) - density / 2 - density[0] / 2
    return np.sqrt(df) * np.tan(np.interp(within, below / below[-1], angle))


@np.errstate(all="ignore")
def update_ratio(params, grads, learning_rate):
    """Size of a step against the size of what it changes, norm(lr dW) / norm(W), `(layers, ...)`. Slide 87.

    About 0.001 is wanted. Weights that are all zero give infinity.

    >>> W, dW = np.full((2, 2), 0.02), np.full((2, 2), 0.0002)
    >>> update_ratio([(W, None)], [(dW, None)], learning_rate=1.0)
    array([0.01])
    """
    weights, steps, rate = _weights("params", params), _weights("grads", grads), learning_rate
    rate = number("learning_rate", rate, 0)
    if [W.shape for W in weights] != [dW.shape for dW in steps] or len({W.shape[:-2] for W in weights}) > 1:
        raise ValueError("grads must have the shapes of params, layer by layer, with the same leading axes.")
    if rate.shape not in ((), weights[0].shape[:-2]):
        raise ValueError(f"learning_rate of shape {rate.shape} does not fit W of shape {weights[0].shape}.")
    sizes = ([np.linalg.norm(W, axis=(-2, -1)) for W in arrays] for arrays in (steps, weights))
    return rate * np.divide(*sizes)


def _weights(name, layers):
    """The first array of each layer, whatever follows it."""
    found = []
    for i, layer in enumerate(sequence(name, layers)):
        if not isinstance(layer, tuple | list) or not layer:
            raise TypeError(f"{name}[{i}] must be a layer (W, b), but is {shown(layer)}.")
        # In double precision, since squares of small numbers vanish in others.
        found.append(floats(f"{name}[{i}][0]", layer[0]).astype(float))
        if found[-1].ndim < 2:
            raise ValueError(f"{name}[{i}][0] must have the shape (..., D, H), but has {found[-1].shape}.")
    return found


def _units(name, x):
    x = floats(name, x)
    if x.ndim < 2 or 0 in x.shape[-2:]:
        raise ValueError(f"{name} must have the shape (..., N, H) with N and H above 0, but has {x.shape}.")
    return x
