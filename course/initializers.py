"""Where training starts: the scale of the first weights decides whether a signal survives the layers.

Weights have the shape `(..., fan_in, fan_out)`; leading axes are networks side by side. All are called
alike, `initializer(rng, shape, dtype=...)`, and the same seed gives the same weights.
"""

import numpy as np

from course.arguments import LARGEST, choice, dimensions, generator, held, number, precision, single


def zeros(rng, shape, dtype=np.float64):
    """All weights zero: every unit of a layer computes the same, for ever; `rng` is not used. Slide 41.

    >>> zeros(None, (2, 3))
    array([[0., 0., 0.],
           [0., 0., 0.]])
    """
    return np.zeros(dimensions("shape", shape, least=2), precision("dtype", dtype))


def constant(rng, shape, value, dtype=np.float64):
    """All weights `value`: the symmetry of `zeros` at another height; `rng` is not used.

    >>> constant(None, (1, 2), 0.5)
    array([[0.5, 0.5]])
    """
    shape, kind = dimensions("shape", shape, least=2), precision("dtype", dtype)
    return np.full(shape, held("value", single("value", value), kind))


@np.errstate(over="ignore", under="ignore")
def normal(rng, shape, scale=0.01, dtype=np.float64):
    """Gaussian weights of standard deviation `scale`, `scale * randn`. Slides 42 to 47.

    `scale` is one number, or one for each network of the leading axes.

    >>> W = normal(np.random.default_rng(0), (500, 500), scale=0.01)
    >>> print(f"{W.std():.4f}")
    0.0100
    """
    generator("rng", rng)
    shape, kind = dimensions("shape", shape, least=2), precision("dtype", dtype)
    scale = np.asarray((single if isinstance(scale, float) else number)("scale", scale, 0, LARGEST))
    if scale.shape not in ((), shape[:-2]):
        raise ValueError(f"scale has the shape {scale.shape}, but shape {shape} asks for {shape[:-2]}.")
    held("scale", scale if scale.ndim else float(scale), kind)
    # The generator draws float32 and float64; float16 is drawn as float32.
    W = rng.standard_normal(shape, dtype=np.float64 if kind == np.float64 else np.float32)
    return np.multiply(W, scale[..., None, None], out=W).astype(kind, copy=False)


def xavier(rng, shape, mode="fan_in", dtype=np.float64):
    """Gaussian weights that keep the variance of a linear layer (Glorot & Bengio 2010). Slide 48.

    The variance is 1 / fan_in in the lecture's form, `mode="fan_in"` (elsewhere named LeCun's), and
    2 / (fan_in + fan_out) in the paper's, `mode="fan_avg"` (elsewhere named Glorot's).

    >>> W = xavier(np.random.default_rng(0), (500, 300))
    >>> print(f"{W.var() * 500:.3f}")
    1.003
    """
    fan_in, fan_out = dimensions("shape", shape, least=2)[-2:]
    fan = {"fan_in": fan_in, "fan_avg": (fan_in + fan_out) / 2}
    return normal(rng, shape, 1 / np.sqrt(fan[choice("mode", mode, fan)]), dtype)


def he(rng, shape, dtype=np.float64):
    """Gaussian weights of variance 2 / fan_in: a ReLU drops half of the signal (He et al. 2015). Slide 50.

    >>> W = he(np.random.default_rng(0), (500, 300))
    >>> print(f"{W.var() * 500:.3f}")
    2.006
    """
    return normal(rng, shape, np.sqrt(2 / dimensions("shape", shape, least=2)[-2]), dtype)
