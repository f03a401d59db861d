"""Data is moved, scaled and turned before a network sees it, by statistics of the training split alone.

Rows are examples: `X` has the shape `(N, D)`. A statistic is computed once, on the training split, and the
same numbers are then applied to every split; see slides 35 to 39.
"""

import numpy as np

from course.arguments import floats, number


def standardise(X, mean, std):
    """Zero-centre and normalise, (X - mean) / std. Slide 37.

    `mean` and `std` are single numbers or have the shape `(D,)`. A feature that never varies has the std 0;
    it becomes 0, not infinite.

    >>> standardise([[1.0, 7.0], [3.0, 7.0]], mean=[2.0, 7.0], std=[1.0, 0.0])
    array([[-1.,  0.],
           [ 1.,  0.]])
    """
    X, mean, std = _rows(X), floats("mean", mean), number("std", std, 0)
    return (X - mean) / np.where(std > 0, std, 1)


def principal_components(X):
    """Return `(mean, directions, variances)` of the rows: the axes along which the data vary, widest first.

    `mean` is `(D,)`, `directions` `(D, D)` with one unit vector a column, `variances` `(D,)`: the
    eigenvectors and eigenvalues of the covariance (X - mean)'(X - mean) / N.

    >>> mean, directions, variances = principal_components([[0.0, 0.0], [2.0, 2.0]])
    >>> print(mean, variances.round(3), np.abs(directions[:, 0]).round(3))
    [1. 1.] [2. 0.] [0.707 0.707]
    """
    X = _rows(X)
    mean = X.mean(axis=0)
    centred = X - mean
    variances, directions = np.linalg.eigh(centred.T @ centred / len(X))
    # eigh sorts upwards, and rounding can leave a variance of zero just below it.
    return mean, directions[:, ::-1], np.maximum(variances[::-1], 0)


def decorrelate(X, mean, directions):
    """Turn the centred data onto its principal axes, (X - mean) U: its covariance becomes diagonal. Slide 38.

    With the first k columns of `directions` the result is `(N, k)`: a reduction of the dimension (PCA).

    >>> decorrelate([[0.0, 2.0]], mean=[0.0, 0.0], directions=[[0.0, 1.0], [1.0, 0.0]])
    array([[2., 0.]])
    """
    return (_rows(X) - floats("mean", mean)) @ floats("directions", directions)


def whiten(X, mean, directions, variances, epsilon=1e-5):
    """Decorrelate, then divide each axis by its standard deviation, sqrt(variance + epsilon). Slide 38.

    The covariance becomes the identity, except along axes whose variance is not far above `epsilon`;
    these hold noise, and a small epsilon raises them to the height of the rest.

    >>> whiten([[3.0, 0.0]], mean=[1.0, 0.0], directions=np.eye(2), variances=[4.0, 1.0], epsilon=0)
    array([[1., 0.]])
    """
    variances = number("variances", variances, 0) + number("epsilon", epsilon, 0)
    return decorrelate(X, mean, directions) / np.sqrt(variances)


def reconstruct(Z, mean, directions):
    """Turn decorrelated data `(N, k)` back to the axes of the features, Z U' + mean, `(N, D)`.

    >>> reconstruct([[2.0]], mean=[1.0, 0.0], directions=[[0.0], [1.0]])
    array([[1., 2.]])
    """
    return floats("Z", Z) @ floats("directions", directions).T + floats("mean", mean)


def _rows(X):
    X = floats("X", X)
    if X.ndim != 2 or not len(X):
        raise ValueError(f"X must have the shape (N, D) with at least one row, but has {X.shape}.")
    return X
