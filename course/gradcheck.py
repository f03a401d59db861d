"""A gradient is checked by measuring: nudge each number and see whether the loss moves as it says."""

from dataclasses import dataclass

import numpy as np

from course.arguments import choice, single


@dataclass(frozen=True)
class Report:
    """Outcome of `check`: the largest relative `error`, the index `worst` where it stands, and the `kinks`.

    `kinks` lists the indices that were left out because the function has no slope there.
    """

    error: float
    worst: tuple
    kinks: list


def numerical_gradient(f, x, h=1e-5, method="centred"):
    """Gradient of the scalar function `f` at `x` by nudging each element by `h`; shape of `x`.

    "centred" is (f(x + h) - f(x - h)) / 2h with an error of order h^2, "forward" (f(x + h) - f(x)) / h
    with an error of order h, and "complex" imag(f(x + ih)) / h, free of cancellation, where `f` accepts
    complex numbers. `x` must be float64: in float32 the differences drown in rounding.

    >>> x = np.array([1.0, 3.0])
    >>> print(numerical_gradient(lambda x: np.sum(x**2), x).round(6))
    [2. 6.]
    """
    x, h = _double(x), single("h", h, np.finfo(float).tiny)
    nudges = {
        "centred": lambda d: (_scalar(f, x + d) - _scalar(f, x - d)) / (2 * h),
        "forward": lambda d: (_scalar(f, x + d) - _scalar(f, x)) / h,
        "complex": lambda d: np.imag(_scalar(f, x + 1j * d)) / h,
    }
    nudge = nudges[choice("method", method, nudges)]
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        d = np.zeros(x.shape)
        d[index] = h
        gradient[index] = nudge(d)
    return gradient


def relative_error(a, b):
    """Difference of two gradients against their size, abs(a - b) / max(abs(a), abs(b)); 0 where both are 0.

    >>> relative_error([1.0, 0.0], [1.1, 0.0]).round(3)
    array([0.091, 0.   ])
    """
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.shape != b.shape:
        raise ValueError(f"The gradients differ in shape: {a.shape} and {b.shape}.")
    size = np.maximum(np.abs(a), np.abs(b))
    return np.abs(a - b) / np.where(size > 0, size, 1)


def check(f, x, gradient, h=1e-5):
    """Compare the analytic `gradient` of the scalar function `f` at `x` with centred differences.

    Errors are measured against the larger of the two values, or against a millionth of the largest value
    of the gradient where both are smaller than that. An element is left out as a kink where the slopes on
    its two sides differ and go on differing at a tenth of `h`. Raises ValueError where `f` gives two
    values for the same `x`, or one that is not finite: such a function has no gradient to check.

    >>> x = np.array([-1.0, 0.0, 2.0])
    >>> check(lambda x: np.maximum(x, 0).sum(), x, gradient=np.array([0.0, 0.0, 1.0])).kinks
    [(1,)]
    """
    x = _double(x)
    gradient = np.asarray(gradient, float)
    if gradient.shape != x.shape:
        raise ValueError(f"gradient has the shape {gradient.shape}, but x, of {x.shape}, asks for its own.")
    first, again = _scalar(f, x), _scalar(f, x)
    if not np.isfinite(first):
        raise ValueError(f"f gives {first} at x, where there is no gradient to check.")
    if first != again:
        raise ValueError(f"f gives {first} and then {again} for the same x: fix its randomness or its state.")
    numerical = numerical_gradient(f, x, h)
    # What is not finite is wrong, and no measure of the rest.
    sound = np.isfinite(numerical) & np.isfinite(gradient)
    sizes = np.maximum(np.abs(numerical), np.abs(gradient), where=sound, out=np.zeros(x.shape))
    scale = sizes.max(initial=0)
    kinks = [index for index in np.ndindex(x.shape) if _is_kink(f, x, index, h, scale)]
    floor = 1e-6 * scale if scale else 1.0
    error = {
        index: abs(numerical[index] - gradient[index]) / max(sizes[index], floor) if sound[index] else np.inf
        for index in np.ndindex(x.shape)
    }
    error |= dict.fromkeys(kinks, 0.0)
    worst = max(error, key=error.get, default=())
    return Report(float(error.get(worst, 0)), worst, kinks)


def _is_kink(f, x, index, h, scale):
    """Curvature lets the two slopes approach each other as h shrinks; a kink does not."""

    def jump(h):
        d = np.zeros(x.shape)
        d[index] = h
        return abs(_scalar(f, x + d) - 2 * _scalar(f, x) + _scalar(f, x - d)) / h

    return jump(h) > 1e-3 * scale and jump(h / 10) > 0.5 * jump(h)


def _double(x):
    x = np.asarray(x)
    if x.dtype != np.float64:
        raise TypeError(f"x must be float64, since differences drown in the rounding of {x.dtype}.")
    return x


def _scalar(f, x):
    # A copy, since a function of the learner's may write into what it is given.
    value = np.asarray(f(x.copy()))
    if value.shape != ():
        raise ValueError(f"f must return one number, but returned an array of shape {value.shape}.")
    if value.dtype.kind not in "bifuc":
        raise TypeError(f"f must return one number, but returned {value.item()!r}.")
    # Whole numbers without a sign have no differences below zero, and booleans none at all.
    return value.astype(np.result_type(value, np.float64))[()]
