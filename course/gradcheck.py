"""A gradient is checked by measuring: nudge each number and see whether the loss moves as it says."""

from dataclasses import dataclass

import numpy as np

from course.arguments import choice, floats, function, matching, sequence, single


@dataclass(frozen=True)
class Report:
    """Outcome of `check`: two errors, the place `worst` where the first of them stands, and the `kinks`.

    `error` is the largest of the elements' relative errors, and says where a gradient is wrong. `norm_error`
    is norm(n - a) / max(norm(n), norm(a)) of the measured gradient n and the analytic a, over all elements
    at once, and says whether it is right as a whole: elements so small that the rounding of the loss drowns
    them carry no weight in it. `kinks` lists the places with a kink within the step.

    A place is the index of an element, `(row, column)`. Where x holds several arrays, those that lead to the
    array come first: in a network `(1, 0, 4, 2)` is the weight `params[1][0][4, 2]`.
    """

    error: float
    norm_error: float
    worst: tuple
    kinks: list


def numerical_gradient(f, x, h=1e-5, method="centred"):
    """Gradient of the scalar function `f` at `x` by nudging each element by `h`; shape of `x`.

    "centred" is (f(x + h) - f(x - h)) / 2h with an error of order h^2, "forward" (f(x + h) - f(x)) / h
    with an error of order h, and "complex" imag(f(x + ih)) / h, free of cancellation, where `f` carries
    complex numbers through. `x` must be float64: in float32 the differences drown in rounding.

    >>> x = np.array([1.0, 3.0])
    >>> print(numerical_gradient(lambda x: np.sum(x**2), x).round(6))
    [2. 6.]
    """
    f, x, h = function("f", f, "x"), _double("x", x), single("h", h, np.finfo(float).tiny)
    nudges = {
        # Divided by the step that was made: adding h to a number rounds it.
        "centred": lambda d: (_scalar(f(x + d)) - _scalar(f(x - d))) / ((x + d) - (x - d)).sum(),
        "forward": lambda d: (_scalar(f(x + d)) - _scalar(f(x.copy()))) / ((x + d) - x).sum(),
        "complex": lambda d: np.imag(_scalar(f(x + 1j * d), "c", "complex number for a complex x")) / h,
    }
    nudge = nudges[choice("method", method, nudges)]
    if method != "complex" and (x + h == x).any():
        raise ValueError(f"h is {h:g}, which is lost beside the numbers of x.")
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        d = np.zeros(x.shape)
        d[index] = h
        gradient[index] = nudge(d)
    return gradient


@np.errstate(all="ignore")
def relative_error(a, b):
    """Difference of two gradients against their size, abs(a - b) / max(abs(a), abs(b)); 0 where both are 0.

    The two are of one shape, and the result is float64.

    >>> relative_error([1.0, 0.0], [1.1, 0.0]).round(3)
    array([0.091, 0.   ])
    """
    a = floats("a", a).astype(np.float64)
    b = matching("b", b, a.shape, "a")
    size = np.maximum(np.abs(a), np.abs(b))
    return np.abs(a - b) / np.where(size == 0, 1, size)


def check(f, x, gradient, h=1e-5):
    """Compare the analytic `gradient` of the scalar function `f` at `x` with centred differences.

    `x` is an array, or a list or tuple of arrays, nested at will, as `params` of `course.network` is: a whole
    network is checked in one call, at six calls of `f` for each number in it. `gradient` is arranged as `x`,
    and so is what `f` is given.

    Errors are measured against the larger of the two values, or against a millionth of the largest value
    of the gradient where both are smaller than that. Where the slopes on the two sides of an element do not
    approach each other in proportion to the step, a kink lies within the step: the place is named, and the
    element is measured with h/10 or h/100, the first that keeps clear of the kink, at ten or a hundred times
    the rounding error. Where neither does, the element counts in no error; where none counts, both are NaN.

    Raises ValueError where `f` has no gradient to check: it gives two values for the same `x`, or one that is
    not finite; it does not depend on `x`; it computes in fewer digits than the float64 of `x`.

    >>> x = np.array([-1.0, 0.0, 2.0])
    >>> check(lambda x: np.maximum(x, 0).sum(), x, gradient=np.array([0.0, 0.0, 1.0])).kinks
    [(1,)]

    >>> from course import initializers, network
    >>> rng = np.random.default_rng(0)
    >>> params = network.create(rng, [4, 10, 3], initializers.he)
    >>> X, y = rng.standard_normal((20, 4)), rng.integers(3, size=20)
    >>> loss, grads = network.loss_and_grads(params, X, y, "relu")
    >>> report = check(lambda params: network.loss_and_grads(params, X, y, "relu")[0], params, grads)
    >>> report.norm_error < 1e-8
    True
    """
    f, h = function("f", f, "x"), single("h", h, np.finfo(float).tiny)
    numbers = _numbers(x, gradient)
    places = [place for place, *_ in numbers]
    point, claimed = np.array([pair for _, *pair in numbers]).reshape(-1, 2).T

    def value(point):
        return _scalar(f(_filled(x, iter(point))))

    first, again = value(point), value(point)
    if not np.isfinite(first):
        raise ValueError(f"f gives {first} at x, where there is no gradient to check.")
    if first != again:
        raise ValueError(f"f gives {first} and then {again} for the same x: fix its randomness or its state.")
    slopes = _slopes(value, point, first, h)
    with np.errstate(all="ignore"):
        measured, near, at_kink = _clear_of_kinks(slopes, 1e-13 * abs(first) / h)
        difference, sizes = np.abs(measured - claimed), np.maximum(np.abs(measured), np.abs(claimed))
        # What is not finite is wrong, and no measure of the rest.
        sound = np.isfinite(difference)
        scale = sizes.max(initial=0, where=sound) or 1
        error = np.where(sound, difference / np.maximum(sizes, 1e-6 * scale), np.inf)
        counted = ~(at_kink & sound)
        off, *norms = (np.linalg.norm(v[counted] / scale) for v in (difference, measured, claimed))
    error[~counted] = 0
    if near.any() or (claimed.any() and not slopes.any()):
        _refuse(value, point, first, h, np.where(near | ~near.any(), slopes[0], 0))
    kinks = [places[i] for i in np.flatnonzero(near)]
    if places and not counted.any():
        return Report(np.nan, np.nan, (), kinks)
    norm_error = float(off / (max(norms) or 1)) if sound.all() else np.inf
    worst = places[error.argmax()] if places else ()
    return Report(float(error.max(initial=0)), norm_error, worst, kinks)


def _slopes(value, point, first, h):
    """Slopes from `point` to both sides of each number, at h, h/10 and h/100: shape (3, 2, numbers)."""
    moved = point + np.multiply.outer([h, h / 10, h / 100], [1, -1])[..., None]
    if (moved == point).any():
        raise ValueError(f"h is {h:g}, of which a hundredth is lost beside the numbers of x.")
    values = np.empty(moved.shape)
    for place in np.ndindex(moved.shape):
        nudged = point.copy()
        nudged[place[-1]] = moved[place]
        values[place] = value(nudged)
    with np.errstate(all="ignore"):
        # Divided by the step that was made: adding h/100 rounds it.
        return (values - first) / (moved - point)


def _clear_of_kinks(slopes, rounding):
    """Slopes at the largest step clear of kinks, which numbers have one within h, and which within h/100.

    Where f is smooth, the slopes to the two sides approach their middle in proportion to the step. A kink on
    one side leaves the slope to the other as it was, half of their difference away. `rounding` is how far
    that of f may move a slope at h/100.
    """
    middle, bend = slopes.mean(axis=1), np.ptp(slopes, axis=1)
    flat = 1e-6 * np.abs(slopes).max(initial=0, where=np.isfinite(slopes))
    expected = middle[:-1, None] + (slopes[:-1] - middle[:-1, None]) / 10
    off = np.abs(slopes[1:] - expected).max(axis=1)
    kinks = off > np.maximum(bend[:-1] / 40, flat) + rounding
    clear = kinks[0] * (1 + kinks[1])
    at_kink = (clear == 2) & (bend[2] > flat + rounding)
    return np.take_along_axis(middle, clear[None], axis=0)[0], clear > 0, at_kink


def _refuse(value, point, first, h, slopes):
    """Raise ValueError where f itself is at fault: it moves with nothing, or in steps, as float32 does.

    Ten points are tried, within h or, where f does not move there, far away. A little further in the number
    of the steepest slope f has another value, unless it is rounded much more coarsely than float64.
    """
    slopes, size = np.nan_to_num(np.abs(slopes), posinf=0).max(axis=0), 1 + np.abs(point)
    steepest = slopes.max()
    reach, further = (h, max(1e-6 * h, 1e-12 * abs(first) / steepest)) if steepest else (10 * size, 1e-6 * h)
    further = further * size * (slopes == steepest)
    directions = np.random.default_rng(0).standard_normal((10, point.size)) * (slopes.any() == (slopes != 0))
    with np.errstate(all="ignore"):
        pairs = [(value(point + reach * d), value(point + (reach + further) * d)) for d in directions]
    moves = [before != after for before, after in pairs if before != first]
    if not moves and not steepest:
        raise ValueError(f"f does not depend on x: it gives {first} wherever x goes, but gradient is not 0.")
    if 5 * sum(moves) < len(moves):
        raise ValueError("f moves in steps, as where it computes in float32: it must be float64, as x is.")


def _numbers(x, gradient, path=()):
    """The numbers in the arrays of `x`, each with its place before it and its number of `gradient` behind."""
    here = "".join(f"[{i}]" for i in path)
    if not _holds_arrays(x):
        x = _double(f"x{here}", x)
        gradient = matching(f"gradient{here}", gradient, x.shape, f"x{here}, of {x.shape},")
        return [((*path, *index), x[index], gradient[index]) for index in np.ndindex(x.shape)]
    parts = sequence(f"gradient{here}", gradient)
    if len(parts) != len(x):
        raise ValueError(f"gradient{here} holds {len(parts)} parts, but x{here} holds {len(x)}.")
    return [number for i, part in enumerate(x) for number in _numbers(part, parts[i], (*path, i))]


def _filled(x, numbers):
    """What is arranged as `x`, with the next of these numbers in the place of its own."""
    if not _holds_arrays(x):
        return np.fromiter(numbers, float, np.size(x)).reshape(np.shape(x))
    return getattr(x, "_make", type(x))([_filled(part, numbers) for part in x])


def _holds_arrays(x):
    """Whether `x` is a list or tuple with arrays in it, at any depth; one of numbers is an array itself."""
    return isinstance(x, list | tuple) and any(
        _holds_arrays(part) or (hasattr(part, "__array__") and not isinstance(part, np.generic)) for part in x
    )


def _double(name, x):
    array = floats(name, x)
    if array.dtype != np.float64:
        raise TypeError(f"{name} must be float64, since differences drown in the rounding of {array.dtype}.")
    return array


def _scalar(result, kinds="biuf", asked="number"):
    if isinstance(result, list | tuple):
        raise TypeError(f"f must return one {asked}, but returned a {type(result).__name__}.")
    value = np.asarray(result)
    if value.shape != ():
        raise ValueError(f"f must return one {asked}, but returned an array of shape {value.shape}.")
    if value.dtype.kind not in kinds:
        raise TypeError(f"f must return one {asked}, but returned {value.item()!r}.")
    if value.dtype in (np.float16, np.float32):
        raise ValueError(f"f computes in {value.dtype}, but x is float64: differences drown in the rounding.")
    # Whole numbers without a sign have no differences below zero, and booleans none at all.
    return value.astype(np.result_type(value, np.float64))[()]
