"""An activation function decides what a neuron passes on, and its derivative what it learns from.

Every function works element by element on arrays of any shape. It keeps float16, float32 and float64,
promotes integers to float64, passes NaN on as NaN, and never warns. A function whose name ends in
`_grad` is the derivative with respect to its input, taken at that input: by the chain rule, the gradient
of a loss is `dout * relu_grad(x)`. `out=` is NumPy's own: an array of the result's shape and precision to
write the result into.
"""

import functools
import inspect

import numpy as np

from course.arguments import choice, floats, function, held, into, shown, single, whole

# Where warnings are ignored, the limits are what the formulas want: exp overflows to infinity, and underflows
# to zero but for numbers below the normal ones. An infinite slope times zero is NaN.
# Signs are turned by a product: in NumPy 2.4 np.negative(x, out=x) is wrong where x strides over memory.


def elementwise(formula):
    """Make an activation of a formula f(x, ..., out=None): it takes all that holds numbers, and never warns.

    The formula is given an array of floats, and an `out` that is None or fits it. Raises TypeError where it
    takes no `out`, and where it does not return an array of the shape of x, written into `out`, ValueError.

    >>> @elementwise
    ... def silu(x, out=None):
    ...     return np.multiply(x, sigmoid(x), out=out)
    >>> silu([0, 1]).round(3)
    array([0.   , 0.731])
    """
    names = [*inspect.signature(function("formula", formula, "x", out=None)).parameters, "out"]
    place = names.index("out")

    @np.errstate(all="ignore")
    @functools.wraps(formula)
    def activation(x, *options, out=None, **named):
        if len(options) == place:
            *options, out = options
        x = floats("x", x)
        result = formula(x, *options, out=out if out is None else into(out, x), **named)
        if getattr(result, "shape", None) != x.shape or (out is not None and result is not out):
            raise ValueError(
                "formula must return an array of the shape of x, and where `out` is one, that one."
            )
        return result

    return activation


@elementwise
def sigmoid(x, out=None):
    """Squash to (0, 1): 1 / (1 + exp(-x)). Slide 16.

    >>> float(sigmoid(0))
    0.5
    """
    e = np.exp(np.multiply(-1, x, out=out), out=out)
    return np.divide(1, np.add(1, e, out=out), out=out)


@elementwise
def sigmoid_grad(x, out=None):
    """Derivative of the sigmoid, s(x) s(-x): at most 1/4, and nothing is left of it at +-10. Slide 18.

    The textbook form s(x) (1 - s(x)) gives 0 from x = 37 on. Here it is e / (1 + e)^2 with e = exp(-abs(x)),
    which is exact in both tails.

    >>> print(f"{sigmoid_grad(0):.2f} {sigmoid_grad(10):.2e} {sigmoid_grad(40):.2e}")
    0.25 4.54e-05 4.25e-18
    """
    x = np.abs(x, out=out)
    e = np.exp(np.multiply(-1, x, out=out))
    return np.divide(e, np.square(np.add(1, e, out=out), out=out), out=out)


@elementwise
def tanh(x, out=None):
    """Squash to (-1, 1), centred at zero: tanh(x) = 2 sigmoid(2x) - 1. Slide 23.

    >>> float(tanh(0))
    0.0
    """
    return np.tanh(x, out=out)


@elementwise
def tanh_grad(x, out=None):
    """Derivative of tanh, 1 - tanh(x)^2 = 4 s(2x) s(-2x): at most 1. Slide 23.

    The second form is used because the first gives 0 from x = 20 on.

    >>> print(f"{tanh_grad(0):.0f} {tanh_grad(20):.2e}")
    1 1.70e-17
    """
    return np.multiply(4, sigmoid_grad(np.multiply(2, x, out=out), out=out), out=out)


def relu(x, out=None):
    """Rectified linear unit, max(x, 0) (Krizhevsky et al. 2012). Slide 24.

    >>> relu([-10, 0, 10])
    array([ 0.,  0., 10.])
    """
    # The same as np.maximum(x, 0), and twice as fast in float32: so fast that the way through `elementwise`
    # would be a twentieth of it.
    x = floats("x", x)
    return np.clip(x, 0, np.inf, out=out if out is None else into(out, x))


@elementwise
def relu_grad(x, out=None):
    """Derivative of the ReLU: 1 where x > 0, else 0. At the kink, x = 0, it is 0 by convention. Slide 26.

    >>> relu_grad([-10, 0, 10])
    array([0., 0., 1.])
    """
    # What lies above zero is rounded up to 1 or more. np.heaviside(x, 0) says the same, ten times as slowly.
    return np.clip(np.ceil(x, out=out), 0, 1, out=out)


@elementwise
def leaky_relu(x, alpha=0.01, out=None):
    """Leaky ReLU, max(x, alpha x) with a fixed small slope, 0 <= alpha <= 1 (Maas et al. 2013). Slide 29.

    >>> leaky_relu([-10, 0, 10])
    array([-0.1,  0. , 10. ])
    """
    alpha = held("alpha", single("alpha", alpha, 0, 1), x.dtype)
    if not alpha:
        # An infinity times zero would be NaN.
        return relu(x, out=out)
    # The product may stand where the result will, unless x is still to be read from there.
    place = None if out is None or np.may_share_memory(x, out) else out
    return np.maximum(x, np.multiply(alpha, x, out=place), out=out)


@elementwise
def leaky_relu_grad(x, alpha=0.01, out=None):
    """Derivative of the leaky ReLU: 1 where x > 0, else alpha, also at x = 0. Slide 29.

    >>> leaky_relu_grad([-10, 0, 10])
    array([0.01, 0.01, 1.  ])
    """
    # As in `relu_grad`; what is rounded up to 0 or less becomes alpha.
    return np.clip(np.ceil(x, out=out), held("alpha", single("alpha", alpha, 0, 1), x.dtype), 1, out=out)


@np.errstate(all="ignore")
def prelu(x, alpha, out=None):
    """Parametric ReLU: x where x > 0, else alpha x, with alpha learned (He et al. 2015). Slide 30.

    `alpha` is one number, or one for each unit: shape `(H,)` for `x` of shape `(..., H)`.

    >>> prelu([[-2.0, -2.0]], alpha=[0.25, 0.5])
    array([[-0.5, -1. ]])
    """
    x, alpha = _with_slopes(x, alpha)
    leak, out = np.clip(x, -np.inf, 0) * alpha, into(out, x)
    return np.add(np.clip(x, 0, np.inf, out=out), leak, out=out)


@np.errstate(all="ignore")
def prelu_grad(x, alpha, out=None):
    """Derivative of the PReLU with respect to x: 1 where x > 0, else alpha, also at x = 0.

    >>> prelu_grad([-2.0, 2.0], alpha=0.25)
    array([0.25, 1.  ])
    """
    x, alpha = _with_slopes(x, alpha)
    on = relu_grad(x)
    return np.add(on, (1 - on) * alpha, out=into(out, x))


def prelu_grad_alpha(x, out=None):
    """Derivative of the PReLU with respect to alpha, min(x, 0): only the negative side teaches alpha.

    >>> prelu_grad_alpha([-2.0, 2.0])
    array([-2.,  0.])
    """
    x = floats("x", x)
    return np.clip(x, -np.inf, 0, out=out if out is None else into(out, x))


@elementwise
def elu(x, alpha=1.0, out=None):
    """Exponential linear unit: x where x > 0, else alpha (exp(x) - 1) (Clevert et al. 2015). Slide 31.

    >>> print(elu([-10, 0, 10]).round(4))
    [-1.  0. 10.]
    """
    alpha = held("alpha", single("alpha", alpha, 0), x.dtype)
    # In each precision exp(-1000) is 0.
    tail = _expm1(np.clip(x, -1000, 0))
    if alpha != 1:
        tail *= alpha
    return np.add(np.clip(x, 0, np.inf, out=out), tail, out=out)


@elementwise
def elu_grad(x, alpha=1.0, out=None):
    """Derivative of the ELU: 1 where x > 0, else alpha exp(x); at x = 0 it is alpha. Slide 31.

    >>> print(elu_grad([-1, 0, 1], alpha=0.5).round(4))
    [0.1839 0.5    1.    ]
    """
    alpha = held("alpha", single("alpha", alpha, 0), x.dtype)
    slopes = 1 if alpha == 1 else prelu_grad(x, alpha)
    tail = np.exp(np.clip(x, -np.inf, 0, out=out), out=out)
    return np.multiply(slopes, tail, out=out)


def _expm1(x):
    """exp(x) - 1 without the cancellation near zero, for finite x of at most 0."""
    if x.dtype != np.float32:
        return np.expm1(x)
    # 2 t / (1 - t) with t = tanh(x / 2) is the same number, twice as fast in float32. Halving takes the last
    # bit from the smallest of numbers, which x - 2 (x / 2) hands back. In place, for fewer temporaries.
    half = np.float32(0.5) * x
    t = np.tanh(half)
    half *= 2
    below = 1 - t
    t *= 2
    t /= below
    t += x - half
    return t


@np.errstate(all="ignore")
def maxout(x, pieces=2, out=None):
    """Maximum of linear pieces, max(w1 x + b1, w2 x + b2, ...) (Goodfellow et al. 2013). Slide 32.

    `x` has the shape `(..., pieces * H)`: the first H columns are the first piece of each unit, and so on.
    The result has the shape `(..., H)`.

    >>> maxout([1.0, 5.0, 3.0, 2.0])
    array([3., 5.])
    """
    # Piece by piece is faster than np.max over so short an axis.
    z = _pieces(x, pieces)
    others = functools.reduce(np.maximum, [z[..., i, :] for i in range(pieces - 1)])
    return np.maximum(others, z[..., -1, :], out=into(out, others))


def maxout_grad(x, pieces=2, out=None):
    """Derivative of maxout, of the shape of `x`: 1 for the piece that won, else 0; ties go to the first.

    A unit with a NaN among its pieces has NaN in all of them.

    >>> maxout_grad([1.0, 5.0, 3.0, 5.0])
    array([0., 1., 1., 0.])
    """
    z = _pieces(x, pieces)
    winner = z.argmax(axis=-2)[..., None, :] == np.arange(z.shape[-2])[:, None]
    unknown = np.isnan(z).any(axis=-2, keepdims=True)
    slopes = np.where(unknown, np.nan, winner).astype(z.dtype).reshape(np.shape(x))
    return slopes if out is None else np.positive(slopes, out=into(out, slopes))


def _pieces(x, pieces):
    x = floats("x", x)
    pieces = whole("pieces", pieces, low=2)
    if x.ndim == 0 or x.shape[-1] % pieces:
        raise ValueError(f"x must have a last axis that {pieces} pieces divide, but has the shape {x.shape}.")
    return x.reshape(*x.shape[:-1], pieces, x.shape[-1] // pieces)


def _with_slopes(x, alpha):
    """X and its slopes, one for all or one for each unit."""
    x = floats("x", x)
    alpha = held("alpha", alpha, x.dtype)
    if alpha.ndim and alpha.shape != x.shape[-1:]:
        raise ValueError(f"alpha has the shape {alpha.shape}; x of {x.shape} asks for {x.shape[-1:]}.")
    return x, alpha


# The activations that a network can be built from by name, each with its derivative.
ACTIVATIONS = {
    "sigmoid": (sigmoid, sigmoid_grad),
    "tanh": (tanh, tanh_grad),
    "relu": (relu, relu_grad),
    "leaky_relu": (leaky_relu, leaky_relu_grad),
    "elu": (elu, elu_grad),
}


def named(activation):
    """Return the function and the derivative of one of `ACTIVATIONS`, by its name.

    `ACTIVATIONS` is a dict: one of your own joins it as `ACTIVATIONS["silu"] = silu, silu_grad`, and is then
    known by its name to networks, training and searches. Worker processes must do the same at their start.

    >>> f, f_grad = named("relu")
    >>> f(-3.0), f_grad(3.0)
    (np.float64(0.0), np.float64(1.0))
    """
    pair = ACTIVATIONS[choice("activation", activation, ACTIVATIONS)]
    if not (isinstance(pair, tuple) and len(pair) == 2 and all(map(callable, pair))):
        raise TypeError(
            f"ACTIVATIONS[{activation!r}] must be two functions (f, f_grad), but is {shown(pair)}."
        )
    return pair
