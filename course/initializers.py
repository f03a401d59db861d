"""Where training starts: the scale of the first weights decides whether a signal survives the layers.

Weights have the shape `(..., fan_in, fan_out)`; leading axes are networks side by side. All are called
alike, `initializer(rng, shape, dtype=...)`, and the same seed gives the same weights.
"""

import numpy as np

from course.arguments import LARGEST, choice, generator, number, whole


def zeros(rng, shape, dtype=np.float64):
    """All weights zero: every unit of a layer computes the same, for ever; `rng` is not used. Slide 41.

    >>> zeros(None, (2, 3))
    array([[0., 0., 0.],
           [0., 0., 0.]])
    """
    return np.zeros(_weights(shape, dtype), dtype)


@np.errstate(over="ignore")
def constant(rng, shape, value, dtype=np.float64):
    """All weights `value`: the symmetry of `zeros` at another height; `rng` is not used.

    >>> constant(None, (1, 2), 0.5)
    array([[0.5, 0.5]])
    """
    return np.full(_weights(shape, dtype), number("value", value), dtype)


@np.errstate(over="ignore", under="ignore")
def normal(rng, shape, scale=0.01, dtype=np.float64):
    """Gaussian weights of standard deviation `scale`, `scale * randn`. Slides 42 to 47.

    `scale` is one number, or one for each network of the leading axes.

    >>> W = normal(np.random.default_rng(0), (500, 500), scale=0.01)
    >>> print(f"{W.std():.4f}")
    0.0100
    """
    generator("rng", rng)
    scale = number("scale", scale, 0, LARGEST)[..., None, None]
    # The generator draws float32 and float64; float16 is drawn as float32.
    draw = np.float64 if np.dtype(dtype) == np.float64 else np.float32
    W = rng.standard_normal(_weights(shape, dtype), dtype=draw)
    return np.multiply(W, scale, out=W).astype(dtype, copy=False)


def xavier(rng, shape, mode="fan_in", dtype=np.float64):
    """Gaussian weights that keep the variance of a linear layer (Glorot & Bengio 2010). Slide 48.

    The variance is 1 / fan_in in the lecture's form, `mode="fan_in"` (elsewhere named LeCun's), and
    2 / (fan_in + fan_out) in the paper's, `mode="fan_avg"` (elsewhere named Glorot's).

    >>> W = xavier(np.random.default_rng(0), (500, 300))
    >>> print(f"{W.var() * 500:.3f}")
    1.003
    """
    fan_in, fan_out = _weights(shape, dtype)[-2:]
    fan = {"fan_in": fan_in, "fan_avg": (fan_in + fan_out) / 2}
    return normal(rng, shape, 1 / np.sqrt(fan[choice("mode", mode, fan)]), dtype)


def he(rng, shape, dtype=np.float64):
    """Gaussian weights of variance 2 / fan_in: a ReLU drops half of the signal (He et al. 2015). Slide 50.

    >>> W = he(np.random.default_rng(0), (500, 300))
    >>> print(f"{W.var() * 500:.3f}")
    2.006
    """
    return normal(rng, shape, np.sqrt(2 / _weights(shape, dtype)[-2]), dtype)


def _weights(shape, dtype):
    if np.dtype(dtype).kind != "f":
        raise TypeError(f"dtype must be a kind of floats, but is {np.dtype(dtype)}.")
    if len(shape := tuple(shape)) < 2:
        raise ValueError(f"shape must be (..., fan_in, fan_out), but is {shape}.")
    return tuple(whole("shape", n) for n in shape)
