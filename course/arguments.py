"""The one door: what a caller brings becomes arrays and numbers, or one sentence that names the argument.

Whatever NumPy makes an array of is taken, and by position: lists, pandas objects, arrays of any layout and
byte order. Where arguments differ in precision, nothing is lost: either the widest is computed in, or what is
cast to another precision may lose no more than the last digits of a factor.
"""

import contextlib
import inspect
import numbers
from collections.abc import Mapping, Set

import numpy as np

LARGEST, BELOW_ONE = float(np.finfo(float).max), float(np.nextafter(1, 0))
PRECISIONS = [np.dtype(kind) for kind in ("float16", "float32", "float64")]
# What lies beyond is cast to zero or to infinity.
LIMITS = {k: (float(np.finfo(k).smallest_subnormal) / 2, float(np.finfo(k).max)) for k in PRECISIONS}


def shown(value):
    """Write `value` in a few words, as a message ends: "but is ...".

    >>> shown(0.5), shown("he"), shown(np.ones((2, 3))), shown({"a": 1})
    ('0.5', "'he'", 'an array of float64 (2, 3)', 'a dict')
    """
    if isinstance(value, np.ndarray) and value.ndim:
        return f"an array of {value.dtype} {value.shape}"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    plain = (bool, int, float, complex, str, bytes, type(None), np.generic)
    parts = value if isinstance(value, tuple | list) else [value]
    if all(isinstance(part, plain) for part in parts) and len(text := repr(value)) < 100:
        return text
    return f"a {type(value).__name__}"


def floats(name, x):
    """Return `x` as an array of floats: float16, 32 and 64 are kept, integers and booleans become float64.

    The array shares its memory with `x` wherever it can; nothing in this package writes into an argument.
    Byte order is made the machine's own. Raises TypeError for complex numbers, text, and objects that are no
    numbers, and ValueError for rows of different lengths and masked values.

    >>> floats("x", [1, 2]).dtype, floats("x", np.float32(3)).dtype
    (dtype('float64'), dtype('float32'))
    """
    if type(x) is np.ndarray and x.dtype in PRECISIONS:
        return x
    array = _array(name, x, numbers.Real | np.bool_)
    if array.dtype.kind in "bui":
        return array.astype(np.float64)
    native = array.dtype.newbyteorder("=")
    if native not in PRECISIONS:
        raise TypeError(f"{name} must hold real numbers, but its dtype is {array.dtype}.")
    return array.astype(native, copy=False)


def matching(name, x, expected, of):
    """Return `x` as floats of exactly the shape `expected`, the shape of `of`; ValueError otherwise."""
    array = floats(name, x)
    if array.shape != tuple(expected):
        raise ValueError(f"{name} has the shape {array.shape}, but {of} asks for {tuple(expected)}.")
    return array


def held(name, values, kind):
    """Return `values` as floats of the precision `kind`; ValueError where one becomes 0 or infinite in it.

    >>> held("gamma", [0.1], np.dtype("float32"))
    array([0.1], dtype=float32)
    """
    smallest, largest = LIMITS[kind]
    if type(values) is float and (smallest < abs(values) <= largest or not values):
        return kind.type(values)
    values = floats(name, values)
    if values.dtype.itemsize > kind.itemsize:
        size = np.abs(values)
        lost = ((size > largest) & (size < np.inf)) | ((size <= smallest) & (size > 0))
        if lost.any():
            raise ValueError(f"{name} is {values[lost].flat[0]:g}, which {kind} cannot hold.")
    return values.astype(kind, copy=False)


def into(out, x):
    """Return `out`, which is None or an array that a result of the precision of `x` can be written into."""
    fits = (
        isinstance(out, np.ndarray) and (out.shape, out.dtype) == (x.shape, x.dtype) and out.flags.writeable
    )
    if out is not None and not fits:
        raise ValueError(f"out must be a writable array of {x.dtype} {x.shape}, but is {shown(out)}.")
    return out


def labels(name, y, count, classes):
    """Return `y` as `count` whole numbers from 0 to `classes` - 1; the message names the first bad index.

    >>> labels("y", [0, 2, 1], count=3, classes=3)
    array([0, 2, 1])
    """
    array = _array(name, y, numbers.Integral)
    if array.shape != (count,):
        how = "; one-hot rows need argmax(axis=1), a column ravel()" if array.ndim == 2 else ""
        raise ValueError(
            f"{name} must have the shape {(count,)}, one label a row, but has {array.shape}{how}."
        )
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


def examples(X, y):
    """Return `X` and `y` as arrays with as many rows as each other, at least one, whatever each row is."""
    X, y = (_array(name, rows, numbers.Real) for name, rows in (("X", X), ("y", y)))
    for name, array in ("X", X), ("y", y):
        if not array.ndim or not len(array):
            raise ValueError(f"{name} must hold at least one row, but has the shape {array.shape}.")
    if len(X) != len(y):
        raise ValueError(f"y must have {len(X)} rows, as X has, but has {len(y)}.")
    return X, y


def number(name, value, low=-np.inf, high=np.inf):
    """Return `value`, a number or an array of them, as floats that all lie within [low, high].

    >>> number("learning_rate", 0.1, low=0)
    array(0.1)
    """
    array = floats(name, value)
    # Compared as float64, since the limits need not be numbers of the array's own kind.
    wide = array.astype(np.float64, copy=False)
    outside = ~((wide >= low) & (wide <= high))
    if outside.any():
        top = "just below 1" if high == BELOW_ONE else f"{high:g}"
        raise ValueError(f"{name} must lie between {low:g} and {top}, but is {array[outside][0]}.")
    return array


def single(name, value, low=-LARGEST, high=LARGEST):
    """Return `value`, one number within [low, high], as a float."""
    if isinstance(value, float) and low <= value <= high:
        return float(value)
    array = floats(name, value)
    if array.ndim:
        raise ValueError(f"{name} must be one number, but has the shape {array.shape}.")
    return float(number(name, array, low, high))


def whole(name, value, low=1):
    """Return `value` as an int of at least `low`."""
    if not (type(value) is int or isinstance(value, np.integer)) or not low <= value < 2**63:
        raise ValueError(f"{name} must be a whole number of at least {low}, but is {shown(value)}.")
    return int(value)


def instance(name, value, kind, what):
    """Return `value`, which must be an instance of `kind`, a class; the message says `what` that is."""
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be {what}, but is {shown(value)}.")
    return value


def flag(name, value):
    """Return `value`, which must be True or False."""
    return bool(instance(name, value, bool | np.bool_, "True or False"))


def choice(name, value, known):
    """Return `value` where it is one of the names `known`; the message lists what there is."""
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"{name} must be one of {', '.join(known)}, but is {shown(value)}.")
    return value


def sequence(name, values, least=1):
    """Return `values` as a list of at least `least` items. Numbers, texts, dicts and sets are no sequences.

    >>> sequence("rates", np.array([0.1, 1.0]))
    [np.float64(0.1), np.float64(1.0)]
    """
    if isinstance(values, str | bytes | Mapping | Set) or not np.iterable(values):
        raise TypeError(f"{name} must be a sequence, as a list is, but is {shown(values)}.")
    # A table of pandas would give the names of its columns.
    items = list(_array(name, values) if hasattr(values, "__array__") else values)
    if len(items) < least:
        raise ValueError(f"{name} must hold at least one item, but is empty.")
    return items


def several(name, values, convert, *more, least=1):
    """Return a sequence as a list, of which each item went through `convert`, under the name of its place.

    >>> several("rates", (1, 2), single, 0)
    [1.0, 2.0]
    """
    return [convert(f"{name}[{i}]", v, *more) for i, v in enumerate(sequence(name, values, least))]


def dimensions(name, shape, least=0):
    """Return `shape` as a tuple of whole numbers, at least `least` of them."""
    if not isinstance(shape, tuple | list | np.ndarray) or len(shape) < least:
        asked = "(..., fan_in, fan_out)" if least else "a tuple of whole numbers"
        raise ValueError(f"{name} must be {asked}, but is {shown(shape)}.")
    return tuple([whole(name, n, low=1 if least else 0) for n in shape])


def precision(name, dtype):
    """Return `dtype` as one of NumPy's float16, float32 and float64, in the byte order of the machine."""
    try:
        kind = "None" if dtype is None else np.dtype(dtype).newbyteorder("=")
    except (TypeError, ValueError):
        kind = shown(dtype)
    if kind not in PRECISIONS:
        raise TypeError(f"{name} must be a kind of floats, but is {kind}: float16, float32 or float64.")
    return kind


def generator(name, rng):
    """Return `rng`, which must be a NumPy random generator."""
    return instance(name, rng, np.random.Generator, "a generator, as np.random.default_rng(0) is")


def function(name, f, /, *arguments, **named):
    """Return `f`, which must be a function that can be called with these arguments."""
    if not callable(f):
        raise TypeError(f"{name} must be a function, but is {shown(f)}.")
    # A function written in C need not tell what it takes.
    with contextlib.suppress(ValueError):
        signature = inspect.signature(f)
        try:
            signature.bind(*arguments, **named)
        except TypeError:
            given = ", ".join([*map(str, arguments), *(f"{key}=..." for key in named)])
            raise TypeError(f"{name} must be a function of ({given}), but takes {signature}.") from None
    return f


def layers(name, params):
    """Return `params` as a list of layers `(W, b)` or `(W, b, gamma)`, all of one precision.

    W has the shape `(..., D, H)`, b and gamma `(..., H)`, and D is the H of the layer before; the leading
    axes are the same in all layers.
    """
    found = []
    for i, layer in enumerate(sequence(name, params)):
        if not isinstance(layer, tuple | list) or len(layer) not in (2, 3):
            raise TypeError(f"{name}[{i}] must be (W, b) or (W, b, gamma), but is {shown(layer)}.")
        W, *others = (floats(f"{name}[{i}][{j}]", p) for j, p in enumerate(layer))
        lead, sizes = W.shape[:-2], W.shape[-2:]
        if len(sizes) < 2 or 0 in sizes:
            raise ValueError(f"{name}[{i}][0] must have the shape (..., D, H), but has {W.shape}.")
        for j, p in enumerate(others, 1):
            matching(f"{name}[{i}][{j}]", p, (*lead, sizes[1]), f"W, of {W.shape},")
        before = found[-1][0].shape if found else (*lead, 1, sizes[0])
        if before != (*lead, before[-2], sizes[0]):
            raise ValueError(f"{name}[{i}][0], of {W.shape}, does not follow a layer of {before}.")
        found.append((W, *others))
    if len(kinds := {p.dtype for layer in found for p in layer}) > 1:
        found = [tuple(p.astype(np.result_type(*kinds), copy=False) for p in layer) for layer in found]
    return found


def _array(name, x, of=()):
    """What NumPy makes of x; of objects that are all `of` a kind of numbers, an array of these numbers."""
    if isinstance(x, np.ma.MaskedArray) and np.ma.is_masked(x):
        raise ValueError(f"{name} has masked values, which would count as others do: fill them first.")
    try:
        array = np.asarray(x)
        if array.dtype == object and array.size and all(isinstance(v, of) for v in array.flat):
            array = np.asarray(array.tolist())
    except (ValueError, TypeError, RuntimeError, OverflowError) as error:
        why = "its rows differ in length" if "inhomogeneous" in str(error) else f"is a {type(x).__name__}"
        raise ValueError(f"{name} must be an array of numbers, but {why}.") from None
    return array
