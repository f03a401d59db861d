"""Batch normalization makes every pre-activation zero-mean and unit-variance, and lets the network undo it.

Inputs have the shape `(..., N, D)`: N rows of D features, each feature normalized over the rows; leading axes
are networks side by side. For convolutions reshape `(N, H, W, C)` to `(N * H * W, C)`: one mean and one
variance for each channel. Training and inference are two functions, and running averages belong to the
caller. What comes out has the precision of what goes in.
"""

from typing import NamedTuple

import numpy as np

from course.arguments import LARGEST, floats, held, instance, matching, number, single

EPSILON = 1e-5


class Cache(NamedTuple):
    """What the backward pass needs of the forward pass: centred inputs `(..., N, D)`, and of each feature
    its `gamma`, batch `mean`, batch variance `var` and inverse standard deviation `inverse_std`, `(..., D)`.
    """  # noqa: D205

    centred: np.ndarray
    gamma: np.ndarray
    mean: np.ndarray
    var: np.ndarray
    inverse_std: np.ndarray


@np.errstate(all="ignore")
def batch_norm(x, gamma, beta, epsilon=EPSILON):
    """Normalize over the batch, then scale and shift; return `(out, cache)`. Slides 54 to 59.

    out = gamma xhat + beta, with xhat = (x - mean) / sqrt(var + epsilon) and the mean and the (biased)
    variance of each feature over the N rows; a single row is its own mean, and becomes beta. `gamma` and
    `beta` have the shape `(..., D)`. With gamma = sqrt(var + epsilon) and beta = mean the identity is
    recovered. The cache holds the batch's mean and var for the caller's running averages (Ioffe & Szegedy
    2015): average = m average + (1 - m) mean, with an m near 1, as in Keras. PyTorch's momentum is 1 - m, and
    its running variance is the unbiased one, var N / (N - 1).

    >>> out, cache = batch_norm([[1.0], [3.0]], gamma=[2.0], beta=[10.0], epsilon=0)
    >>> print(out.ravel(), cache.mean, cache.var)
    [ 8. 12.] [2.] [1.]
    """
    x, gamma, beta = _features(x, gamma, beta, shared=False)
    if not x.shape[-2]:
        raise ValueError(f"x must hold at least one row to normalize over, but has the shape {x.shape}.")
    rows, kind = x.shape[-2], x.dtype
    mean = (_sum(x) / rows).astype(kind)
    centred = x - mean[..., None, :]
    var = _sum(centred, centred) / rows
    # What is infinite becomes NaN: 1 / infinity would hide that x explodes.
    inverse_std = (1 / np.sqrt(var + 0 * var + single("epsilon", epsilon, 0))).astype(kind)
    # gamma and the standard deviation are one factor: a pass over the data less.
    out = centred * (gamma * inverse_std)[..., None, :]
    out += beta[..., None, :]
    # A copy of gamma: an update rule may change the caller's in place before the way back.
    return out, Cache(centred, gamma.copy(), mean, var, inverse_std)


@np.errstate(all="ignore")
def batch_norm_backward(dout, cache):
    """Carry the gradient `dout` `(..., N, D)` back through `batch_norm`; return `(dx, dgamma, dbeta)`.

    dx = gamma / sqrt(var + epsilon) (dout - mean(dout) - xhat mean(dout xhat)): the two means are the paths
    through the batch's own mean and variance, and without them the gradient is wrong.

    >>> out, cache = batch_norm([[1.0], [3.0], [8.0]], gamma=[2.0], beta=[0.0])
    >>> dx, dgamma, dbeta = batch_norm_backward([[1.0], [1.0], [1.0]], cache)
    >>> print(dx.round(6).ravel() + 0, dbeta)
    [0. 0. 0.] [3.]
    """
    instance("cache", cache, Cache, "the one that batch_norm returned")
    dout = matching("dout", dout, cache.centred.shape, "the forward pass")
    rows, kind = dout.shape[-2], np.result_type(dout, cache.centred)
    dbeta, dgamma = _sum(dout), _sum(dout, cache.centred) * cache.inverse_std
    # The formula from its inmost product outwards, in place.
    dx = cache.centred * (-dgamma * cache.inverse_std / rows).astype(kind)[..., None, :]
    dx += dout
    dx -= (dbeta / rows).astype(kind)[..., None, :]
    dx *= (cache.gamma * cache.inverse_std)[..., None, :]
    return dx, dgamma.astype(kind), dbeta.astype(kind)


@np.errstate(all="ignore")
def batch_norm_inference(x, gamma, beta, mean, var, epsilon=EPSILON):
    """Normalize by a given mean and variance, the running averages of training: a fixed affine map. Slide 60.

    >>> batch_norm_inference([[5.0]], gamma=[2.0], beta=[1.0], mean=[3.0], var=[4.0], epsilon=0)
    array([[3.]])
    """
    x, gamma, beta = _features(x, gamma, beta)
    mean, var = _per_feature("mean", mean, x), _per_feature("var", number("var", var, 0, LARGEST), x)
    # A float16 would lose epsilon.
    var = var.astype(np.promote_types(var.dtype, np.float32), copy=False)
    scale = gamma / np.sqrt(var + single("epsilon", epsilon, 0))
    out = (x - mean[..., None, :]) * scale[..., None, :] + beta[..., None, :]
    return out.astype(x.dtype, copy=False)


@np.errstate(all="ignore")
def layer_norm(x, gamma, beta, epsilon=EPSILON):
    """Normalize each row over its own features, then scale and shift (Ba et al. 2016).

    The same formula along the other axis: no row sees another, so training and inference are the same.

    >>> layer_norm([[1.0, 3.0]], gamma=[1.0, 1.0], beta=[0.0, 0.0], epsilon=0)
    array([[-1.,  1.]])
    """
    x, gamma, beta = _features(x, gamma, beta)
    centred = x - x.mean(axis=-1, keepdims=True)
    var = np.square(centred, dtype=np.promote_types(x.dtype, np.float32)).mean(axis=-1, keepdims=True)
    root = np.sqrt(var + 0 * var + single("epsilon", epsilon, 0))
    normalized = (centred / root).astype(x.dtype, copy=False)
    return gamma[..., None, :] * normalized + beta[..., None, :]


def _sum(x, factor=None):
    """Sum over the rows of x, or of x * factor: a matrix product and einsum need no array for the terms.

    float16 is summed in float32: the square of 256 is infinite in it.
    """
    wide = np.result_type(x, x if factor is None else factor, np.float32)
    if factor is None:
        return np.ones(x.shape[-2], wide) @ x
    return np.einsum("...nd,...nd->...d", x, factor, dtype=wide)


def _features(x, gamma, beta, shared=True):
    x = floats("x", x)
    if x.ndim < 2:
        raise ValueError(f"x must have the shape (..., N, D), but has {x.shape}.")
    gamma, beta = _per_feature("gamma", gamma, x, shared), _per_feature("beta", beta, x, shared)
    return x, held("gamma", gamma, x.dtype), held("beta", beta, x.dtype)


def _per_feature(name, values, x, shared=True):
    """One value for each feature of each network that x has, `(..., D)`, or `(D,)` for all of them."""
    values, asked = floats(name, values), (*x.shape[:-2], *x.shape[-1:])
    if values.shape != asked and not (shared and values.shape == asked[-1:]):
        leading = ", since leading axes are networks" if x.ndim > 2 else ""
        raise ValueError(f"{name} has the shape {values.shape}; x, of {x.shape}, asks for {asked}{leading}.")
    return values
