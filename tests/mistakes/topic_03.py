"""Mistakes written anew by somebody who saw only the sentence that describes each."""

import numpy as np

MISTAKES = {}
# Second readings of a sentence that fits more than one mistake: ((name, sentence), function).
ALTERNATIVES = []


def _(X):
    H = X.T @ X / len(X)
    steepest = np.linalg.eigvalsh(H)[-1]
    return 1 / steepest


MISTAKES[
    "best_rate",
    "this rate reaches the floor of the valley in one step, and then creeps along it: a "
    "larger one makes the flat direction faster, at the expense of the steep one.",
] = _


def _(X):
    curvatures = np.linalg.eigvalsh(X.T @ X / X.shape[0])
    return 2 / curvatures.max()


MISTAKES[
    "best_rate",
    "this is the largest rate that does not explode: along the steepest axis it jumps from "
    "wall to wall for ever.",
] = _


def _(X):
    s = np.linalg.svd(X, compute_uv=False)
    curvatures = s**2 / len(X)
    return 1 / curvatures.min()


MISTAKES["best_rate", "this rate suits the flattest axis, and along the steepest one the steps explode."] = _


def _(X):
    return 2 / np.linalg.eigvalsh(X.T @ X / len(X)).min()


ALTERNATIVES.append(
    (
        (
            "best_rate",
            "this rate suits the flattest axis, and along the steepest one the steps explode.",
        ),
        _,
    )
)


def _(X):
    lam = np.linalg.eigvalsh(X.T @ X)
    return 2 / (lam[0] + lam[-1])


MISTAKES[
    "best_rate",
    "your curvatures are those of a sum over the rows: the loss is a mean, so divide X.T @ X "
    "by their number.",
] = _


def _(X):
    n = X.shape[1]
    lam = np.linalg.eigvalsh(X.T @ X / n)
    return 2 / (lam.min() + lam.max())


MISTAKES[
    "best_rate",
    "you divide X.T @ X by the number of columns: the mean of the loss goes over the rows.",
] = _


def _(X):
    centred = X - X.mean(axis=0)
    C = centred.T @ centred / len(X)
    lam, _ = np.linalg.eigh(C)
    return 2 / (lam[-1] + lam[0])


MISTAKES[
    "best_rate",
    "you take the covariance, for which the rows are centred: the bowl has the shape of X as "
    "it is, X.T @ X / N.",
] = _


def _(X):
    curvatures = np.linalg.eigvalsh(np.cov(X, rowvar=False))
    return 2 / (np.min(curvatures) + np.max(curvatures))


MISTAKES[
    "best_rate",
    "np.cov centres the rows and divides by N - 1: the bowl has the shape of X as it is, X.T @ X / N.",
] = _


def _(X):
    # d^2/dw^2 of the squared error gives a factor of two
    H = 2 * X.T @ X / len(X)
    lam = np.linalg.eigvalsh(H)
    return 2 / (lam[0] + lam[-1])


MISTAKES[
    "best_rate",
    "this would be right for a loss without the one half: with it the curvatures are half as large.",
] = _


def _(X):
    H = X.T @ X / len(X)
    return 2 / np.trace(H)


MISTAKES["best_rate", "you add up all curvatures: only the steepest and the flattest limit the rate."] = _


def _(X):
    return 1 / np.linalg.eigvalsh(X.T @ X / len(X)).sum()


ALTERNATIVES.append(
    (
        (
            "best_rate",
            "you add up all curvatures: only the steepest and the flattest limit the rate.",
        ),
        _,
    )
)


def _(X):
    lam = np.linalg.eigvalsh(X.T @ X / len(X))
    return 1 / lam.mean()


MISTAKES[
    "best_rate",
    "you take the mean of all curvatures: only the steepest and the flattest limit the rate.",
] = _


def _(X):
    return 2 / np.linalg.eigvalsh(X.T @ X / len(X)).mean()


ALTERNATIVES.append(
    (
        (
            "best_rate",
            "you take the mean of all curvatures: only the steepest and the flattest limit the rate.",
        ),
        _,
    )
)


def _(X):
    s = np.linalg.svd(X / np.sqrt(len(X)), compute_uv=False)
    return 2 / (s[0] + s[-1])


MISTAKES[
    "best_rate",
    "you take the widths of the data, the singular values: a curvature is the square of one.",
] = _


def _(X):
    s = np.linalg.svd(X, compute_uv=False)
    return 2 / (s.max() + s.min())


ALTERNATIVES.append(
    (
        (
            "best_rate",
            "you take the widths of the data, the singular values: a curvature is the square of one.",
        ),
        _,
    )
)


def _(X):
    s = np.linalg.svd(X, compute_uv=False) / len(X)
    return 2 / (s.max() + s.min())


ALTERNATIVES.append(
    (
        (
            "best_rate",
            "you take the widths of the data, the singular values: a curvature is the square of one.",
        ),
        _,
    )
)


def _(X):
    lam = np.linalg.eigvalsh(X.T @ X / len(X))
    middle = np.sqrt(lam[0] * lam[-1])
    return 1 / middle


MISTAKES[
    "best_rate",
    "you take the geometric mean of two curvatures: along the steepest axis such steps may "
    "explode. Where are the two factors equally small?",
] = _


def _(X):
    curvatures = np.linalg.eigvalsh(X.T @ X / len(X))
    rate_steep = 1 / curvatures.max()
    rate_flat = 1 / curvatures.min()
    return (rate_steep + rate_flat) / 2


MISTAKES[
    "best_rate",
    "you take the mean of the two axes' own best rates: take the mean of their curvatures first.",
] = _


def _(X):
    lam = np.linalg.eigvalsh(X.T @ X / len(X))
    return (lam.min() + lam.max()) / 2


MISTAKES["best_rate", "you have the mean curvature: the rate is one over that."] = _


def _(X):
    lam = np.linalg.eigvalsh(np.dot(X.T, X) / len(X))
    small, large = lam[0], lam[-1]
    return 2 / (large - small)


MISTAKES[
    "best_rate",
    "the sign: where one axis overshoots as far as the other falls short, the two curvatures add up.",
] = _


def _(X):
    curvatures = np.mean(X**2, axis=0)
    return 2 / (curvatures.max() + curvatures.min())


MISTAKES[
    "best_rate",
    "you take the curvatures along the weights' own axes, the diagonal of X.T @ X / N: the "
    "bowl leans, and its axes are the eigenvectors.",
] = _


def _(X):
    eigenvalues = np.linalg.eigvalsh(X.T @ X / len(X))
    return eigenvalues[-1] / eigenvalues[0]


MISTAKES[
    "best_rate",
    "this is the condition number: it says how fast the best rate is, but not which rate that is.",
] = _


def _(X):
    return np.linalg.cond(X)


ALTERNATIVES.append(
    (
        (
            "best_rate",
            "this is the condition number: it says how fast the best rate is, but not which rate that is.",
        ),
        _,
    )
)


def _(X):
    Xc = X - X.mean(axis=0)
    lam, U = np.linalg.eigh(Xc.T @ Xc / len(X))
    return Xc @ U / np.sqrt(lam)


MISTAKES["zca", "your cloud is white, but still stands on its principal axes: turn it back."] = _


def _(X):
    centred = X - np.mean(X, axis=0)
    C = centred.T @ centred / X.shape[0]
    lam, U = np.linalg.eigh(C)
    return centred @ U @ np.diag(1 / lam) @ U.T


MISTAKES["zca", "you divide by the eigenvalues, which are variances: a width is the root of one."] = _


def _(X):
    Xc = X - X.mean(axis=0)
    lam, U = np.linalg.eigh(Xc.T @ Xc / len(Xc))
    rotated = Xc @ U
    return (rotated * np.sqrt(lam)) @ U.T


MISTAKES["zca", "you multiply by the widths, which makes the cloud longer still: divide by them."] = _


def _(X):
    Xc = X - X.mean(axis=0)
    _, U = np.linalg.eigh(np.cov(Xc.T, bias=True))
    there = Xc @ U
    back = there @ U.T
    return back


MISTAKES["zca", "you turn the cloud there and back without dividing: it is only centred."] = _


def _(X):
    Xc = X - X.mean(axis=0)
    lam, U = np.linalg.eigh(Xc.T @ Xc / len(Xc))
    turned = Xc @ U.T / np.sqrt(lam)
    return turned @ U


MISTAKES[
    "zca",
    "your U is transposed: np.linalg.eigh returns the eigenvectors as columns, so rows are "
    "turned onto them by @ U.",
] = _


def _(X):
    mean = X.mean(axis=0)
    Xc = X - mean
    variances, U = np.linalg.eigh(Xc.T @ Xc / len(X))
    white = (Xc @ U) / np.sqrt(variances)
    return white @ U


MISTAKES[
    "zca",
    "you turn the cloud twice in the same direction: what turns it back is the transpose of U.",
] = _


def _(X):
    Xc = X - X.mean(axis=0)
    lam, U = np.linalg.eigh(Xc.T @ Xc / len(X))
    W = (U / np.sqrt(lam)[:, None]) @ U.T
    return Xc @ W


MISTAKES["zca", "your widths go down the rows of U: each belongs to an eigenvector, which is a column."] = _


def _(X):
    Xc = X - X.mean(axis=0)
    lam, U = np.linalg.eigh(np.cov(X, rowvar=False))
    return Xc @ U @ np.diag(lam**-0.5) @ U.T


MISTAKES["zca", "you divide the covariance by N - 1, as np.cov does by itself: here it is N."] = _


def _(X):
    Xc = X - X.mean(axis=0)
    lam, U = np.linalg.eigh(Xc.T @ Xc)
    return (Xc @ U / np.sqrt(lam)) @ U.T


MISTAKES["zca", "your covariance is a sum over the rows: divide it by their number."] = _


def _(X):
    C = np.cov(X, rowvar=False, bias=True)
    lam, U = np.linalg.eigh(C)
    whiten = U @ np.diag(1 / np.sqrt(lam)) @ U.T
    return X @ whiten


MISTAKES["zca", "the mean is still in the rows: subtract it before you turn them."] = _


def _(X):
    mean = X.mean(axis=0)
    Xc = X - mean
    lam, U = np.linalg.eigh(Xc.T @ Xc / len(X))
    white = Xc @ U / np.sqrt(lam) @ U.T
    return white + mean


MISTAKES["zca", "you have put the mean back: a white cloud lies around zero."] = _


def _(X):
    second_moment = X.T @ X / len(X)
    L = np.linalg.cholesky(second_moment)
    return X @ np.linalg.inv(L).T


MISTAKES[
    "zca",
    "you whiten by a triangle of X.T @ X / N: centre the rows first, and turn along the eigenvectors.",
] = _


def _(X):
    Xc = X - X.mean(axis=0)
    L = np.linalg.cholesky(X.T @ X / len(X))
    return np.linalg.solve(L, Xc.T).T


ALTERNATIVES.append(
    (
        (
            "zca",
            "you whiten by a triangle of X.T @ X / N: centre the rows first, and turn along the "
            "eigenvectors.",
        ),
        _,
    )
)


def _(X):
    L = np.linalg.cholesky(np.linalg.inv(X.T @ X / len(X)))
    return X @ L


ALTERNATIVES.append(
    (
        (
            "zca",
            "you whiten by a triangle of X.T @ X / N: centre the rows first, and turn along the "
            "eigenvectors.",
        ),
        _,
    )
)


def _(X):
    Q, _ = np.linalg.qr(X)
    return Q * np.sqrt(len(X))


ALTERNATIVES.append(
    (
        (
            "zca",
            "you whiten by a triangle of X.T @ X / N: centre the rows first, and turn along the "
            "eigenvectors.",
        ),
        _,
    )
)


def _(X):
    Xc = X - X.mean(axis=0)
    L = np.linalg.cholesky(Xc.T @ Xc / len(X))
    return np.linalg.solve(L, Xc.T).T


MISTAKES[
    "zca",
    "your cloud is white, but it was turned on the way, by a triangular matrix: of all white "
    "clouds, the one that is asked for has moved the least.",
] = _


def _(X):
    Xc = X - X.mean(axis=0)
    L = np.linalg.cholesky(np.linalg.inv(Xc.T @ Xc / len(X)))
    return Xc @ L


ALTERNATIVES.append(
    (
        (
            "zca",
            "your cloud is white, but it was turned on the way, by a triangular matrix: of all white "
            "clouds, the one that is asked for has moved the least.",
        ),
        _,
    )
)


def _(X):
    Q, _ = np.linalg.qr(X - X.mean(axis=0))
    return Q * np.sqrt(len(X))


ALTERNATIVES.append(
    (
        (
            "zca",
            "your cloud is white, but it was turned on the way, by a triangular matrix: of all white "
            "clouds, the one that is asked for has moved the least.",
        ),
        _,
    )
)


def _(X):
    Xc = X - X.mean(axis=0)
    return Xc / Xc.std(axis=0)


MISTAKES[
    "zca",
    "you divide each column by its own width: the cloud still leans. Turn it onto its principal axes first.",
] = _


def _(X):
    lam, U = np.linalg.eigh(X.T @ X / len(X))
    Xc = X - X.mean(axis=0)
    return Xc @ U / np.sqrt(lam) @ U.T


MISTAKES[
    "zca",
    "your axes are those of X.T @ X / N, which a mean away from zero pulls towards itself: "
    "take the covariance, of centred rows.",
] = _


def _(X):
    lam, U = np.linalg.eigh(X.T @ X / len(X))
    return X @ U / np.sqrt(lam) @ U.T


ALTERNATIVES.append(
    (
        (
            "zca",
            "your axes are those of X.T @ X / N, which a mean away from zero pulls towards itself: "
            "take the covariance, of centred rows.",
        ),
        _,
    )
)


def _(X):
    # the axes alone; the widths are those of the centred rows along them
    _, U = np.linalg.eigh(X.T @ X / len(X))
    turned = (X - X.mean(axis=0)) @ U
    return turned / turned.std(axis=0) @ U.T


ALTERNATIVES.append(
    (
        (
            "zca",
            "your axes are those of X.T @ X / N, which a mean away from zero pulls towards itself: "
            "take the covariance, of centred rows.",
        ),
        _,
    )
)


def _(X):
    eps = 1e-5
    Xc = X - X.mean(axis=0)
    lam, U = np.linalg.eigh(Xc.T @ Xc / len(X))
    return Xc @ U @ np.diag(1 / np.sqrt(lam + eps)) @ U.T


MISTAKES[
    "zca",
    "you add an epsilon of 1e-5 to the variances, as the topic does: no axis is that narrow "
    "here, so leave it out.",
] = _


def _(X_train, X_test):
    mean = X_test.mean(axis=0)
    std = X_test.std(axis=0)
    std[std == 0] = 1
    return (X_test - mean) / std


MISTAKES[
    "standardized",
    "you prepare the test split by its own statistics: what its rows have in common is lost. "
    "Take those of X_train.",
] = _


def _(X_train, X_test):
    mean = X_test.mean(axis=0)
    std = np.where(X_train.std(axis=0) == 0, 1, X_test.std(axis=0))
    return ((X_test - mean) / std).astype(X_test.dtype)


ALTERNATIVES.append(
    (
        (
            "standardized",
            "you prepare the test split by its own statistics: what its rows have in common is lost. "
            "Take those of X_train.",
        ),
        _,
    )
)


def _(X_train, X_test):
    everything = np.concatenate([X_train, X_test])
    mean = everything.mean(axis=0)
    std = everything.std(axis=0)
    std = np.where(std > 0, std, 1)
    return ((X_test - mean) / std).astype(X_test.dtype)


MISTAKES[
    "standardized",
    "your statistics have seen the test split as well: that is leakage. Take those of X_train alone.",
] = _


def _(X_train, X_test):
    everything = np.vstack((X_train, X_test))
    std = everything.std(axis=0)
    std[np.ptp(X_train, axis=0) == 0] = 1
    return (X_test - everything.mean(axis=0)) / std


ALTERNATIVES.append(
    (
        (
            "standardized",
            "your statistics have seen the test split as well: that is leakage. Take those of X_train alone.",
        ),
        _,
    )
)


def _(X_train, X_test):
    constant = X_train.std(axis=0) == 0
    mean = np.mean(X_train, axis=0)
    std = np.std(X_test, axis=0)
    std[constant] = 1
    return (X_test - mean) / std


MISTAKES[
    "standardized",
    "you take the mean from the training split, but the standard deviation from the test split.",
] = _


def _(X_train, X_test):
    std = X_test.std(axis=0)
    std[std == 0] = 1
    return (X_test - X_train.mean(axis=0)) / std


ALTERNATIVES.append(
    (
        (
            "standardized",
            "you take the mean from the training split, but the standard deviation from the test split.",
        ),
        _,
    )
)


def _(X_train, X_test):
    centred = X_test - X_test.mean(axis=0)
    width = X_train.std(axis=0)
    width[width == 0] = 1
    return centred / width


MISTAKES[
    "standardized",
    "you take the standard deviation from the training split, but the mean from the test split.",
] = _


def _(X_train, X_test):
    mean = X_train.mean(axis=0)
    var = X_train.var(axis=0)
    var[var == 0] = 1
    return (X_test - mean) / var


MISTAKES["standardized", "you divide by the variance, which is the square of a width: take its root."] = _


def _(X_train, X_test):
    mean = X_train.mean(axis=0)
    std = X_train.std(axis=0, ddof=1)
    safe = np.where(std == 0, 1, std)
    return ((X_test - mean) / safe).astype(X_test.dtype)


MISTAKES[
    "standardized",
    "you divide the sum of squares by N - 1: here it is N, which is also what .std() does.",
] = _


def _(X_train, X_test):
    mean = X_train.mean()
    std = X_train.std()
    if std == 0:
        std = 1
    return ((X_test - mean) / std).astype(X_test.dtype)


MISTAKES[
    "standardized",
    "you use one mean and one width for the whole table: each column has its own, along axis 0.",
] = _


def _(X_train, X_test):
    mean = X_test.mean(axis=1, keepdims=True)
    std = X_test.std(axis=1, keepdims=True)
    std[std == 0] = 1
    return (X_test - mean) / std


MISTAKES[
    "standardized",
    "you standardize each row: the rows are the examples, and the columns are what they have in common.",
] = _


def _(X_train, X_test):
    mean = X_train.mean(axis=0)
    std = X_train.std(axis=0)
    return (X_test - mean) / std


MISTAKES[
    "standardized",
    "the constant column has a standard deviation of 0, and you divide by it: what should it "
    "be divided by to stay as it is?",
] = _


def _(X_train, X_test):
    mu = X_train.mean(axis=0)
    sigma = X_train.std(axis=0)
    return ((X_test - mu) / (sigma + 1e-8)).astype(X_test.dtype)


MISTAKES[
    "standardized",
    "adding 1e-8 avoids the division by zero, and makes the constant column huge as soon as "
    "it varies: leave that column undivided.",
] = _


def _(X_train, X_test):
    sigma = np.maximum(X_train.std(axis=0), 1e-8)
    return ((X_test - X_train.mean(axis=0)) / sigma).astype(X_test.dtype)


ALTERNATIVES.append(
    (
        (
            "standardized",
            "adding 1e-8 avoids the division by zero, and makes the constant column huge as soon as "
            "it varies: leave that column undivided.",
        ),
        _,
    )
)


def _(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    out = np.zeros_like(X_test)
    for j in range(X_test.shape[1]):
        if std[j] > 0:
            out[:, j] = (X_test[:, j] - mean[j]) / std[j]
    return out


MISTAKES[
    "standardized",
    "you set the column to 0 that is constant in X_train: in X_test it varies, and is to be centred.",
] = _


def _(X_train, X_test):
    std = X_train.std(axis=0)
    mean = X_train.mean(axis=0)
    varies = std > 0
    out = X_test.copy()
    out[:, varies] = (X_test[:, varies] - mean[varies]) / std[varies]
    return out


MISTAKES[
    "standardized",
    "you leave the column as it is that is constant in X_train: it is to be centred like the others.",
] = _


def _(X_train, X_test):
    scaled = (X_test - X_train.mean(axis=0)) / X_train.std(axis=0)
    return np.nan_to_num(scaled)


MISTAKES[
    "standardized",
    "np.nan_to_num turns the infinities of a division by zero into the largest numbers there "
    "are: do not divide that column at all.",
] = _


def _(X_train, X_test):
    mean = X_train.mean(axis=0)
    std = np.maximum(X_train.std(axis=0), 1.0)
    return ((X_test - mean) / std).astype(X_test.dtype)


MISTAKES[
    "standardized",
    "you never divide by less than 1: that saves the constant column, but leaves a narrow one narrow.",
] = _


def _(X_train, X_test):
    return X_test - X_train.mean(axis=0)


MISTAKES[
    "standardized",
    "you have centred the columns: now divide each of them by its standard deviation.",
] = _


def _(X_train, X_test):
    std = X_train.std(axis=0)
    std[std == 0] = 1
    return X_test / std


MISTAKES["standardized", "you have divided the columns, but not centred them: subtract the mean first."] = _


def _(X_train, X_test):
    mean = X_train.mean(axis=0)
    std = X_train.std(axis=0)
    std[std == 0] = 1
    scaled = X_test / std
    return scaled - mean


MISTAKES[
    "standardized",
    "you divide first, and then subtract a mean that has not been divided: do it the other way round.",
] = _


def _(X_train, X_test):
    mean = X_train.mean(axis=0)
    std = X_train.std(axis=0)
    std = np.where(std == 0, 1, std)
    X_train = (X_train - mean) / std
    return X_train.astype(X_test.dtype)


MISTAKES["standardized", "you return the training split: its statistics are to be applied to X_test."] = _


def _(X_train, X_test):
    mean = X_train.mean(axis=0)
    rms = np.sqrt(np.mean(X_train**2, axis=0))
    constant = X_train.max(axis=0) == X_train.min(axis=0)
    rms[constant] = 1
    return (X_test - mean) / rms


MISTAKES[
    "standardized",
    "you divide by the root mean square: the standard deviation measures from the mean, not from 0.",
] = _


def _(X_train, X_test):
    rms = np.sqrt(np.mean(X_train**2, axis=0))
    rms[rms == 0] = 1
    return (X_test - X_train.mean(axis=0)) / rms


ALTERNATIVES.append(
    (
        (
            "standardized",
            "you divide by the root mean square: the standard deviation measures from the mean, not from 0.",
        ),
        _,
    )
)


def _(X_train, X_test):
    low = X_train.min(axis=0)
    span = X_train.max(axis=0) - low
    span[span == 0] = 1
    return (X_test - low) / span


MISTAKES[
    "standardized",
    "you move each column to the range from 0 to 1: its mean is to become 0, and its standard deviation 1.",
] = _


def _(X_train, X_test):
    low, high = X_test.min(axis=0), X_test.max(axis=0)
    span = np.where(high > low, high - low, 1)
    return ((X_test - low) / span).astype(X_test.dtype)


ALTERNATIVES.append(
    (
        (
            "standardized",
            "you move each column to the range from 0 to 1: its mean is to become 0, and its standard"
            " deviation 1.",
        ),
        _,
    )
)


def _(X_train, X_test):
    out = np.zeros(X_test.shape)
    for j in range(X_test.shape[1]):
        mean = X_train[:, j].mean()
        std = X_train[:, j].std()
        out[:, j] = X_test[:, j] - mean
        if std > 0:
            out[:, j] /= std
    return out


MISTAKES["standardized", "you return float64 where the data are float32: keep the precision of X_test."] = _
