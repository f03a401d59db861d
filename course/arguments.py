"""Bad input, answered in one sentence that names the argument, its value and what was expected."""

import numpy as np

LARGEST = float(np.finfo(float).max)


def floats(name, x):
    """Return `x` as an array of floats: float16, 32 and 64 are kept, integers and booleans become float64.

    The array shares its memory with `x` wherever it can; nothing in this package writes into an argument.
    Byte order is made the machine's own; the mask of a masked array is ignored.

    Raises TypeError for complex numbers, objects and text.

    >>> floats("x", [1, 2]).dtype, floats("x", np.float32(3)).dtype
    (dtype('float64'), dtype('float32'))
    """
    array = np.asarray(x)
    if array.dtype.kind in "bui":
        return array.astype(np.float64)
    if array.dtype.kind != "f":
        raise TypeError(f"{name} must hold real numbers, but its dtype is {array.dtype}.")
    return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))


def matching(name, x, expected, of):
    """Return `x` as floats of exactly the shape `expected`, the shape of `of`; ValueError otherwise."""
    array = floats(name, x)
    if array.shape != tuple(expected):
        raise ValueError(f"{name} has the shape {array.shape}, but {of} asks for {tuple(expected)}.")
    return array


def labels(name, y, count, classes):
    """Return `y` as `count` whole numbers from 0 to `classes` - 1; the message names the first bad index.

    >>> labels("y", [0, 2, 1], count=3, classes=3)
    array([0, 2, 1])
    """
    array = np.asarray(y)
    if array.shape != (count,):
        raise ValueError(f"{name} must have the shape {(count,)}, one label a row, but has {array.shape}.")
    if array.dtype.kind == "f" and count:
        i = int((array != np.floor(array)).argmax())
        raise ValueError(f"{name} must hold whole numbers, but {name}[{i}] is {array[i]}, {array.dtype}.")
    if array.dtype.kind not in "ui":
        raise ValueError(f"{name} must hold whole numbers, but its dtype is {array.dtype}.")
    bad = (array < 0) | (array >= classes)
    if bad.any():
        i = int(bad.argmax())
        raise ValueError(f"{name}[{i}] is {array[i]}, but labels run from 0 to {classes - 1}.")
    return array


def number(name, value, low=-np.inf, high=np.inf):
    """Return `value`, a number or an array of them, as floats that all lie within [low, high].

    >>> number("learning_rate", 0.1, low=0)
    array(0.1)
    """
    array = floats(name, value)
    # Compared as float64, since the limits need not be numbers of the array's own kind.
    wide = array.astype(np.float64, copy=False)
    if not ((wide >= low) & (wide <= high)).all():
        raise ValueError(f"{name} must lie between {low:g} and {high:g}, but is {value}.")
    return array


def single(name, value, low=-LARGEST, high=LARGEST):
    """Return `value`, one number within [low, high], as a float."""
    array = number(name, value, low, high)
    if array.ndim:
        raise ValueError(f"{name} must be one number, but has the shape {array.shape}.")
    return float(array)


def whole(name, value, low=1):
    """Return `value` as an int of at least `low`."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < low:
        raise ValueError(f"{name} must be a whole number of at least {low}, but is {value!r}.")
    return int(value)


def choice(name, value, known):
    """Return `value` where it is one of `known`; the message lists what there is."""
    if value not in known:
        raise ValueError(f"{name} must be one of {', '.join(map(str, known))}, but is {value!r}.")
    return value


def generator(name, rng):
    """Return `rng`, which must be a NumPy random generator."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"{name} must be a generator, as np.random.default_rng(0) makes one, but is {rng!r}.")
    return rng
