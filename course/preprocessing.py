"""Data is moved, scaled and turned before a network sees it, by statistics of the training split alone.

Rows are examples: `X` has the shape `(N, D)`. A statistic is computed once, on the training split, and the
same numbers are then applied to every split; see slides 35 to 39. What comes out has the precision of `X`.
"""

import numpy as np

from course.arguments import LARGEST, floats, matching, number, single


@np.errstate(all="ignore")
def standardize(X, mean, std):
    """Zero-centre and normalize, (X - mean) / std. Slide 37.

    `mean` and `std` are single numbers or have the shape `(D,)`. A feature that never varies becomes 0, not
    infinite. Its std need not be 0, since the rounding of a sum of N equal numbers grows to N eps abs(mean):
    up to 10 eps abs(mean) it counts as constant, and up to N eps abs(mean) where it is constant in `X`. Of
    many rows of single precision, sum the statistics in double: `X.std(axis=0, dtype=float)`.

    >>> standardize([[1.0, 7.0], [3.0, 7.0]], mean=[2.0, 7.0], std=[1.0, 0.0])
    array([[-1.,  0.],
           [ 1.,  0.]])
    """
    X = _rows(X)
    mean = _feature_wise("mean", number("mean", mean, -LARGEST, LARGEST), X)
    std = _feature_wise("std", number("std", std, 0, LARGEST), X)
    eps = max(np.finfo(mean.dtype).eps, np.finfo(std.dtype).eps)
    rounding = eps * np.abs(mean)
    constant = std <= max(len(X), 10) * rounding
    if constant.any():
        # What varies in X by about as much as it should is no rounding.
        varies = np.abs(np.log2(X.std(axis=0, dtype=float) / std)) < 1
        constant &= (np.ptp(X, axis=0) == 0) | ((std <= 10 * rounding) & ~varies)
        std = np.where(constant, std.dtype.type(1), std)
    out = (X - mean) / std
    if constant.any():
        out[constant & (np.abs(out) <= max(len(X), 10) * rounding)] = 0
    return out.astype(X.dtype, copy=False)


@np.errstate(all="ignore")
def principal_components(X):
    """Return `(mean, directions, variances)` of the rows: the axes along which the data vary, widest first.

    `mean` is `(D,)`, `directions` `(D, D)` with one unit vector a column, `variances` `(D,)`: the
    eigenvectors and eigenvalues of the covariance (X - mean)'(X - mean) / N. Raises ValueError where that is
    not finite.

    >>> mean, directions, variances = principal_components([[0.0, 0.0], [2.0, 2.0]])
    >>> print(mean, variances.round(3), np.abs(directions[:, 0]).round(3))
    [1. 1.] [2. 0.] [0.707 0.707]
    """
    X = _rows(X)
    # LAPACK knows no float16.
    wide = X.astype(np.promote_types(X.dtype, np.float32), copy=False)
    mean = wide.mean(axis=0)
    centred = wide - mean
    covariance = centred.T @ centred / len(X)
    if not covariance.trace() <= np.finfo(X.dtype).max:
        worst = int(np.nan_to_num(covariance.diagonal(), nan=np.inf).argmax())
        raise ValueError(f"X must hold numbers of finite variance, but column {worst} does not.")
    variances, directions = np.linalg.eigh(covariance)
    # eigh sorts upwards, and rounding can leave a variance of zero just below it.
    found = mean, directions[:, ::-1], np.maximum(variances[::-1], 0)
    return tuple(array.astype(X.dtype, copy=False) for array in found)


@np.errstate(all="ignore")
def decorrelate(X, mean, directions):
    """Turn the centred data onto its principal axes, (X - mean) U: its covariance becomes diagonal. Slide 38.

    With the first k columns of `directions` the result is `(N, k)`: a reduction of the dimension (PCA).

    >>> decorrelate([[0.0, 2.0]], mean=[0.0, 0.0], directions=[[0.0, 1.0], [1.0, 0.0]])
    array([[2., 0.]])
    """
    X = _rows(X)
    mean, directions = _feature_wise("mean", mean, X), _columns(directions, X.shape[1])
    return ((X - mean) @ directions).astype(X.dtype, copy=False)


@np.errstate(all="ignore")
def whiten(X, mean, directions, variances, epsilon=1e-5):
    """Decorrelate, then divide each axis by its standard deviation, sqrt(variance + epsilon). Slide 38.

    The covariance becomes the identity, except along axes whose variance is not far above `epsilon`;
    these hold noise, and a small epsilon raises them to the height of the rest.

    >>> whiten([[3.0, 0.0]], mean=[1.0, 0.0], directions=np.eye(2), variances=[4.0, 1.0], epsilon=0)
    array([[1., 0.]])
    """
    Z = decorrelate(X, mean, directions)
    variances = matching("variances", number("variances", variances, 0, LARGEST), Z.shape[1:], "directions")
    # A float16 would lose epsilon.
    variances = variances.astype(np.promote_types(variances.dtype, np.float32), copy=False)
    return (Z / np.sqrt(variances + single("epsilon", epsilon, 0))).astype(Z.dtype, copy=False)


@np.errstate(all="ignore")
def reconstruct(Z, mean, directions):
    """Turn decorrelated data `(N, k)` back to the axes of the features, Z U' + mean, `(N, D)`.

    >>> reconstruct([[2.0]], mean=[1.0, 0.0], directions=[[0.0], [1.0]])
    array([[1., 2.]])
    """
    Z, directions = _rows(Z, "Z"), floats("directions", directions)
    if directions.ndim != 2 or directions.shape[1] != Z.shape[1]:
        raise ValueError(f"directions must have the shape (D, {Z.shape[1]}), but has {directions.shape}.")
    X = Z @ directions.T
    return (X + _feature_wise("mean", mean, X)).astype(Z.dtype, copy=False)


def _rows(X, name="X"):
    X = floats(name, X)
    if X.ndim != 2 or not len(X):
        raise ValueError(f"{name} must have the shape (N, D) with at least one row, but has {X.shape}.")
    return X


def _feature_wise(name, values, X):
    """One number for all features or one for each."""
    values = floats(name, values)
    if values.shape not in ((), X.shape[1:]):
        raise ValueError(f"{name} has the shape {values.shape}; X, of {X.shape}, asks for {X.shape[1:]}.")
    return values


def _columns(directions, features):
    directions = floats("directions", directions)
    if directions.ndim != 2 or len(directions) != features:
        raise ValueError(f"directions must have the shape ({features}, k), but has {directions.shape}.")
    return directions
