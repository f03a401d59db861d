"""Exercises of topic 03: the best learning rate of a bowl, a slide put to the test, whitening, two splits."""

import numpy as np

from course import datasets, initializers, network, preprocessing, search
from course.practice.exercises import Exercise, Finding, Mistake

TOPIC = "03_data_preprocessing"


# The statistics of the training split.


def two_splits(rng):
    """Wide and narrow columns away from 0, skewed, and one that is constant in the first split alone."""
    X = rng.exponential(1, (20, 4)) * [0.3, 4, 1, 1] * rng.uniform(0.8, 1.2) + rng.uniform(1, 3, 4)
    X[:12, 2] = rng.integers(2, 9)
    X[12, 2] = X[0, 2]
    return X[:12], X[12:]


def standardized(X_train, X_test):
    mean, std = X_train.mean(axis=0), X_train.std(axis=0)
    std[std == 0] = 1
    return (X_test - mean) / std


def by_loops(X_train, X_test):
    out = np.empty_like(X_test)
    for j in range(X_test.shape[1]):
        column = X_train[:, j]
        mean = sum(column) / len(column)
        std = (sum((x - mean) ** 2 for x in column) / len(column)) ** 0.5
        for i, x in enumerate(X_test[:, j]):
            out[i, j] = (x - mean) / std if std > 0 else x - mean
    return out


def in_place(X_train, X_test):
    out, std = X_test.copy(), X_train.std(axis=0)
    out -= X_train.mean(axis=0)
    out[:, std > 0] /= std[std > 0]
    return out


def by(mean, std, X):
    """Centre and divide, except where nothing is to be divided."""
    return (X - mean) / np.where(std == 0, std.dtype.type(1), std)


STANDARDIZED = Exercise(
    TOPIC,
    "The statistics of the training split, and of no other (slide 39)",
    "Write my_standardized(X_train, X_test): X_test with each column centred and divided by its standard "
    "deviation (over N, not N - 1). Mean and standard deviation of a column are those that it has in "
    "X_train. A column that is constant in X_train is only centred.",
    two_splits,
    standardized,
    variants=(
        by_loops,
        in_place,
        lambda X_train, X_test: by(X_train.mean(axis=0), np.sqrt(X_train.var(axis=0)), X_test),
        lambda X_train, X_test: (X_test - X_train.mean(0)) / (X_train.std(0) + (X_train.std(0) == 0)),
    ),
    mistakes=(
        Mistake(
            lambda X_train, X_test: by(X_test.mean(axis=0), X_test.std(axis=0), X_test),
            "you prepare the test split by its own statistics: what its rows have in common is lost. "
            "Take those of X_train.",
        ),
        Mistake(
            lambda X_train, X_test: by(
                np.concatenate([X_train, X_test]).mean(axis=0),
                np.concatenate([X_train, X_test]).std(axis=0),
                X_test,
            ),
            "your statistics have seen the test split as well: that is leakage. Take those of X_train alone.",
        ),
        Mistake(
            lambda X_train, X_test: by(X_train.mean(axis=0), X_test.std(axis=0), X_test),
            "you take the mean from the training split, but the standard deviation from the test split.",
        ),
        Mistake(
            lambda X_train, X_test: by(X_test.mean(axis=0), X_train.std(axis=0), X_test),
            "you take the standard deviation from the training split, but the mean from the test split.",
        ),
        Mistake(
            lambda X_train, X_test: by(X_train.mean(axis=0), X_train.var(axis=0), X_test),
            "you divide by the variance, which is the square of a width: take its root.",
        ),
        Mistake(
            lambda X_train, X_test: by(X_train.mean(axis=0), X_train.std(axis=0, ddof=1), X_test),
            "you divide the sum of squares by N - 1: here it is N, which is also what .std() does.",
        ),
        Mistake(
            lambda X_train, X_test: by(X_train.mean(), X_train.std(), X_test),
            "you use one mean and one width for the whole table: each column has its own, along axis 0.",
        ),
        Mistake(
            lambda X_train, X_test: (
                (X_test - X_test.mean(axis=1, keepdims=True)) / X_test.std(axis=1, keepdims=True)
            ),
            "you standardize each row: the rows are the examples, and the columns are what they have in "
            "common.",
        ),
        Mistake(
            lambda X_train, X_test: (X_test - X_train.mean(axis=0)) / X_train.std(axis=0),
            "the constant column has a standard deviation of 0, and you divide by it: what should it be "
            "divided by to stay as it is?",
        ),
        Mistake(
            lambda X_train, X_test: (X_test - X_train.mean(axis=0)) / (X_train.std(axis=0) + 1e-8),
            "adding 1e-8 avoids the division by zero, and makes the constant column huge as soon as it "
            "varies: leave that column undivided.",
        ),
        Mistake(
            lambda X_train, X_test: (
                by(X_train.mean(axis=0), X_train.std(axis=0), X_test) * (X_train.std(axis=0) > 0)
            ),
            "you set the column to 0 that is constant in X_train: in X_test it varies, and is to be centred.",
        ),
        Mistake(
            lambda X_train, X_test: np.where(
                X_train.std(axis=0) == 0, X_test, by(X_train.mean(axis=0), X_train.std(axis=0), X_test)
            ),
            "you leave the column as it is that is constant in X_train: it is to be centred like the others.",
        ),
        Mistake(
            lambda X_train, X_test: np.nan_to_num((X_test - X_train.mean(axis=0)) / X_train.std(axis=0)),
            "np.nan_to_num turns the infinities of a division by zero into the largest numbers there are: "
            "do not divide that column at all.",
        ),
        Mistake(
            lambda X_train, X_test: (X_test - X_train.mean(axis=0)) / np.maximum(X_train.std(axis=0), 1),
            "you never divide by less than 1: that saves the constant column, but leaves a narrow one "
            "narrow.",
        ),
        Mistake(
            lambda X_train, X_test: X_test - X_train.mean(axis=0),
            "you have centred the columns: now divide each of them by its standard deviation.",
        ),
        Mistake(
            lambda X_train, X_test: by(np.zeros(4, X_test.dtype), X_train.std(axis=0), X_test),
            "you have divided the columns, but not centred them: subtract the mean first.",
        ),
        Mistake(
            lambda X_train, X_test: (
                by(np.zeros(4, X_test.dtype), X_train.std(axis=0), X_test) - X_train.mean(axis=0)
            ),
            "you divide first, and then subtract a mean that has not been divided: do it the other way "
            "round.",
        ),
        Mistake(
            lambda X_train, X_test: by(X_train.mean(axis=0), X_train.std(axis=0), X_train),
            "you return the training split: its statistics are to be applied to X_test.",
        ),
        Mistake(
            lambda X_train, X_test: by(X_train.mean(axis=0), np.sqrt((X_train**2).mean(axis=0)), X_test),
            "you divide by the root mean square: the standard deviation measures from the mean, not from 0.",
        ),
        Mistake(
            lambda X_train, X_test: by(X_train.min(axis=0), np.ptp(X_train, axis=0), X_test),
            "you move each column to the range from 0 to 1: its mean is to become 0, and its standard "
            "deviation 1.",
        ),
        Mistake(
            lambda X_train, X_test: by(X_train.mean(0), X_train.std(0), X_test).astype(float),
            "you return float64 where the data are float32: keep the precision of X_test.",
        ),
    ),
    hints=(
        "Compute two rows of numbers from X_train, a mean and a standard deviation for each column.",
        "The rows are axis 0: X_train.mean(axis=0) has one number for each column.",
        "Where the standard deviation is 0, put 1 in its place before you divide.",
    ),
    own=(preprocessing.standardize,),
)


# The learning rate for a bowl.


def leaning_rows(rng):
    """Rows away from 0 that spread and lean differently along three axes."""
    turn = np.linalg.qr(rng.standard_normal((3, 3)))[0]
    X = rng.standard_normal((12, 3)) * [2, 1, 0.5] @ turn
    return (X + rng.uniform(0.3, 1, 3),)


def best_rate(X):
    curvatures = np.linalg.eigvalsh(X.T @ X / len(X))
    return 2 / (curvatures[-1] + curvatures[0])


def bowl(X):
    """The curvatures of the loss, the smallest first."""
    return np.linalg.eigvalsh(X.T @ X / len(X))


RATE = Exercise(
    TOPIC,
    "Why a round cloud is easier to learn from (slide 36)",
    "A linear unit without a bias has the loss mean((X @ w - t) ** 2) / 2, and gradient descent multiplies "
    "its distance to the goal by abs(1 - learning rate * curvature) at each step, along each axis of the "
    "bowl. Write my_best_rate(X): the learning rate at which the slowest of these directions is as fast as "
    "possible. X has a row for each example, and more rows than columns.",
    leaning_rows,
    best_rate,
    variants=(
        lambda X: 2 / np.linalg.eigvalsh(X.T @ X / len(X))[[0, -1]].sum(),
        lambda X: 2 * len(X) / np.sum(np.linalg.svd(X, compute_uv=False)[[0, -1]] ** 2),
        lambda X: np.float32(
            1 / np.mean([np.linalg.norm(X.T @ X, 2) / len(X), np.linalg.norm(X.T @ X, -2) / len(X)])
        ),
    ),
    mistakes=(
        Mistake(
            lambda X: 1 / bowl(X)[-1],
            "this rate reaches the floor of the valley in one step, and then creeps along it: a larger one "
            "makes the flat direction faster, at the expense of the steep one.",
        ),
        Mistake(
            lambda X: 2 / bowl(X)[-1],
            "this is the largest rate that does not explode: along the steepest axis it jumps from wall to "
            "wall for ever.",
        ),
        Mistake(
            lambda X: 1 / bowl(X)[0],
            "this rate suits the flattest axis, and along the steepest one the steps explode.",
        ),
        Mistake(
            lambda X: 2 / (len(X) * (bowl(X)[0] + bowl(X)[-1])),
            "your curvatures are those of a sum over the rows: the loss is a mean, so divide X.T @ X by "
            "their number.",
        ),
        Mistake(
            lambda X: 2 * X.shape[1] / (len(X) * (bowl(X)[0] + bowl(X)[-1])),
            "you divide X.T @ X by the number of columns: the mean of the loss goes over the rows.",
        ),
        Mistake(
            lambda X: 2 / bowl(X - X.mean(axis=0))[[0, -1]].sum(),
            "you take the covariance, for which the rows are centred: the bowl has the shape of X as it is, "
            "X.T @ X / N.",
        ),
        Mistake(
            lambda X: 2 / np.linalg.eigvalsh(np.cov(X.T))[[0, -1]].sum(),
            "np.cov centres the rows and divides by N - 1: the bowl has the shape of X as it is, "
            "X.T @ X / N.",
        ),
        Mistake(
            lambda X: 1 / bowl(X)[[0, -1]].sum(),
            "this would be right for a loss without the one half: with it the curvatures are half as large.",
        ),
        Mistake(
            lambda X: 2 / bowl(X).sum(),
            "you add up all curvatures: only the steepest and the flattest limit the rate.",
        ),
        Mistake(
            lambda X: 1 / bowl(X).mean(),
            "you take the mean of all curvatures: only the steepest and the flattest limit the rate.",
        ),
        Mistake(
            lambda X: 2 / np.sqrt(bowl(X))[[0, -1]].sum(),
            "you take the widths of the data, the singular values: a curvature is the square of one.",
        ),
        Mistake(
            lambda X: 1 / np.sqrt(bowl(X)[0] * bowl(X)[-1]),
            "you take the geometric mean of two curvatures: along the steepest axis such steps may explode. "
            "Where are the two factors equally small?",
        ),
        Mistake(
            lambda X: (1 / bowl(X)[0] + 1 / bowl(X)[-1]) / 2,
            "you take the mean of the two axes' own best rates: take the mean of their curvatures first.",
        ),
        Mistake(
            lambda X: bowl(X)[[0, -1]].mean(),
            "you have the mean curvature: the rate is one over that.",
        ),
        Mistake(
            lambda X: 2 / (bowl(X)[-1] - bowl(X)[0]),
            "the sign: where one axis overshoots as far as the other falls short, the two curvatures add up.",
        ),
        Mistake(
            lambda X: 2 / ((X**2).mean(axis=0).max() + (X**2).mean(axis=0).min()),
            "you take the curvatures along the weights' own axes, the diagonal of X.T @ X / N: the bowl "
            "leans, and its axes are the eigenvectors.",
        ),
        Mistake(
            lambda X: bowl(X)[-1] / bowl(X)[0],
            "this is the condition number: it says how fast the best rate is, but not which rate that is.",
        ),
    ),
    hints=(
        "The curvatures are the eigenvalues of X.T @ X / N. np.linalg.eigvalsh returns them, the smallest "
        "first.",
        "Draw abs(1 - rate * curvature) against the rate, for the steepest and for the flattest axis. Where "
        "is the higher of the two lines lowest?",
        "The two lines cross where 1 - rate * flattest is the same as rate * steepest - 1.",
    ),
)


# Whitening, and back to pixels.


def a_leaning_cloud(rng):
    """Skewed rows away from 0, of clearly different widths along axes that lean."""
    turn = np.linalg.qr(rng.standard_normal((3, 3)))[0]
    X = rng.exponential(1, (30, 3)) * [3, 1.2, 0.5] @ turn
    return (X + rng.uniform(1, 2, 3),)


def zca(X):
    centred = X - X.mean(axis=0)
    variances, U = np.linalg.eigh(centred.T @ centred / len(X))
    return centred @ U / np.sqrt(variances) @ U.T


def axes(X):
    """The centred rows, the variances along the principal axes, and these as columns."""
    centred = X - X.mean(axis=0)
    return centred, *np.linalg.eigh(centred.T @ centred / len(X))


def by_inverse_root(X):
    """The same as a product with C^(-1/2), in place and from a singular value decomposition."""
    out = X - X.mean(axis=0)
    _, s, Vt = np.linalg.svd(out, full_matrices=False)
    out @= (Vt.T * (len(X) ** 0.5 / s)) @ Vt
    return out


def along_the_mean(X):
    """A mistake: the axes are those of rows that have not been centred."""
    squares, U = np.linalg.eigh(X.T @ X / len(X))
    return (X - X.mean(axis=0)) @ U / np.sqrt(squares) @ U.T


def axis_by_axis(X):
    centred, variances, U = axes(X)
    out = np.zeros_like(X)
    for variance, u in zip(variances, U.T, strict=True):
        out += np.outer(centred @ u, u) / variance**0.5
    return out


ZCA = Exercise(
    TOPIC,
    "Whitening raises what is small (slide 38)",
    "Write my_zca(X): whiten the rows of X and turn them back to the axes of its columns, "
    "(x - mean) U Lambda^(-1/2) U^T. The columns of U are the eigenvectors of the covariance (divided by N), "
    "and the diagonal of Lambda holds its eigenvalues; no epsilon is needed. The result has the shape of X.",
    a_leaning_cloud,
    zca,
    variants=(
        by_inverse_root,
        axis_by_axis,
        lambda X: axes(X)[0] @ np.linalg.inv(axes(X)[2] * np.sqrt(axes(X)[1]) @ axes(X)[2].T),
        lambda X: (axes(X)[2] / np.sqrt(axes(X)[1]) @ (axes(X)[2].T @ axes(X)[0].T)).T,
    ),
    mistakes=(
        Mistake(
            lambda X: axes(X)[0] @ axes(X)[2] / np.sqrt(axes(X)[1]),
            "your cloud is white, but still stands on its principal axes: turn it back.",
        ),
        Mistake(
            lambda X: axes(X)[0] @ axes(X)[2] / axes(X)[1] @ axes(X)[2].T,
            "you divide by the eigenvalues, which are variances: a width is the root of one.",
        ),
        Mistake(
            lambda X: axes(X)[0] @ axes(X)[2] * np.sqrt(axes(X)[1]) @ axes(X)[2].T,
            "you multiply by the widths, which makes the cloud longer still: divide by them.",
        ),
        Mistake(
            lambda X: axes(X)[0] @ axes(X)[2] @ axes(X)[2].T,
            "you turn the cloud there and back without dividing: it is only centred.",
        ),
        Mistake(
            lambda X: axes(X)[0] @ axes(X)[2].T / np.sqrt(axes(X)[1]) @ axes(X)[2],
            "your U is transposed: np.linalg.eigh returns the eigenvectors as columns, so rows are turned "
            "onto them by @ U.",
        ),
        Mistake(
            lambda X: axes(X)[0] @ axes(X)[2] / np.sqrt(axes(X)[1]) @ axes(X)[2],
            "you turn the cloud twice in the same direction: what turns it back is the transpose of U.",
        ),
        Mistake(
            lambda X: axes(X)[0] @ (axes(X)[2] / np.sqrt(axes(X)[1])[:, None] @ axes(X)[2].T),
            "your widths go down the rows of U: each belongs to an eigenvector, which is a column.",
        ),
        Mistake(
            lambda X: zca(X) * np.sqrt((len(X) - 1) / len(X)).astype(X.dtype),
            "you divide the covariance by N - 1, as np.cov does by itself: here it is N.",
        ),
        Mistake(
            lambda X: zca(X) / np.sqrt(len(X)).astype(X.dtype),
            "your covariance is a sum over the rows: divide it by their number.",
        ),
        Mistake(
            lambda X: X @ axes(X)[2] / np.sqrt(axes(X)[1]) @ axes(X)[2].T,
            "the mean is still in the rows: subtract it before you turn them.",
        ),
        Mistake(
            lambda X: zca(X) + X.mean(axis=0),
            "you have put the mean back: a white cloud lies around zero.",
        ),
        Mistake(
            lambda X: X @ np.linalg.inv(np.linalg.cholesky(X.T @ X / len(X))).T,
            "you whiten by a triangle of X.T @ X / N: centre the rows first, and turn along the "
            "eigenvectors.",
        ),
        Mistake(
            lambda X: axes(X)[0] @ np.linalg.inv(np.linalg.cholesky(axes(X)[0].T @ axes(X)[0] / len(X))).T,
            "your cloud is white, but it was turned on the way, by a triangular matrix: of all white "
            "clouds, the one that is asked for has moved the least.",
        ),
        Mistake(
            lambda X: axes(X)[0] / axes(X)[0].std(axis=0),
            "you divide each column by its own width: the cloud still leans. Turn it onto its principal "
            "axes first.",
        ),
        Mistake(
            along_the_mean,
            "your axes are those of X.T @ X / N, which a mean away from zero pulls towards itself: take "
            "the covariance, of centred rows.",
        ),
        Mistake(
            lambda X: axes(X)[0] @ axes(X)[2] / np.sqrt(axes(X)[1] + 1e-5) @ axes(X)[2].T,
            "you add an epsilon of 1e-5 to the variances, as the topic does: no axis is that narrow here, so "
            "leave it out.",
        ),
    ),
    hints=(
        "Three steps: turn the centred rows onto the principal axes, divide each by its width, and turn "
        "back.",
        "variances, U = np.linalg.eigh(C) returns the eigenvectors as the columns of U; the order of the "
        "axes does not matter here.",
        "The inverse of a turn is its transpose: after @ U comes, at the end, @ U.T.",
    ),
    own=(preprocessing.whiten,),
)


# The advice for pictures.


def slide_39():
    images, labels = datasets.digits()
    rates = {"centred": [0.1, 0.18, 0.32, 0.56], "divided": [0.32, 0.56, 1, 1.8, 3.2]}
    accuracy = {"centred": [], "divided": []}
    for seed in range(20):
        rng = np.random.default_rng(seed)
        X, y, held, y_held = datasets.split(rng, images.reshape(-1, 64), labels, held_out=300)
        start = network.create(rng, [64, 100, 10], initializers.he, np.float32)
        for name, divisor in {"centred": 1, "divided": X.std()}.items():
            Z, Z_held = (((x - X.mean(axis=0)) / divisor).astype(np.float32) for x in (X, held))
            settings = {"rng": np.random.default_rng(seed), "epochs": 10, "validation": (Z_held, y_held)}
            _, history = search.sweep([start], rates[name], Z, y, **settings)
            accuracy[name].append(100 * history.validation_accuracy[-1, 0])
    best = {name: np.mean(runs, axis=0).argmax() for name, runs in accuracy.items()}
    # Both sides have the same splits, starts and minibatches: the error is that of their differences.
    centred, divided = (np.array(accuracy[name])[:, best[name]] for name in accuracy)
    return {
        "gain": np.mean(divided - centred),
        "error": np.std(divided - centred, ddof=1) / 20**0.5,
        "splits": 20,
        "centred_rate": rates["centred"][best["centred"]],
        "divided_rate": rates["divided"][best["divided"]],
    }


def spread(found):
    """The standard deviation between splits that an error would come from."""
    return found["error"] * found["splits"] ** 0.5


# Measured on three lots of twenty splits at twelve learning rates: gains of 0.95, 0.98 and 1.28 points, best
# at 0.32, and at 1 or 1.8; with every other learning rate from 0.82 to 1.45. In 300 draws of twenty of these
# sixty splits the gain lay between 0.63 and 1.43, and the spread between 0.49 and 1.05 for the differences,
# and between 0.84 and 1.65 for two sides taken as independent.
DIVIDED = {"gain": 0.95, "error": 0.2, "splits": 20, "centred_rate": 0.32, "divided_rate": 1.0}
SLIDE = Finding(
    TOPIC,
    "The same on pictures",
    "Slide 39 advises subtracting the mean image, and nothing more. How many percentage points of held-out "
    "accuracy does it gain to divide all pixels by their overall standard deviation as well? Train the "
    "network of the topic's `learn` for ten epochs on at least twenty splits of the digits, with the same "
    "splits, starts and minibatches for both sides, and each side at the learning rate that is best for it "
    "on average. Hand in the mean gain over the splits, and its standard error.",
    {
        "gain": "accuracy with the division minus accuracy without it, in points",
        "error": "standard error of that mean, in points",
        "splits": "number of splits",
        "centred_rate": "best learning rate where pixels are only centred",
        "divided_rate": "best learning rate where they are divided as well",
    },
    slide_39,
    right={
        "gain": (0.3, 1.8),
        "error": (0.02, 0.25),
        "splits": (20, 10_000),
        "centred_rate": (0.15, 0.5),
        "divided_rate": (0.5, 2.6),
    },
    variants=(
        DIVIDED,
        {**DIVIDED, "gain": 1.3, "error": 0.15, "splits": 40},
        {**DIVIDED, "gain": 1.4, "centred_rate": 0.18, "divided_rate": 1.8},
    ),
    mistakes=(
        Mistake(
            {**DIVIDED, "splits": 1, "error": 0.0, "gain": 1.3},
            "one split tells nothing about the next one: its error is not 0 but unknown.",
            lambda found: found["splits"] < 2 or found["error"] <= 0,
        ),
        Mistake(
            {**DIVIDED, "splits": 5, "error": 0.4},
            "these are too few splits: with twenty the error is small enough to decide.",
            lambda found: found["splits"] < 20,
        ),
        Mistake(
            {**DIVIDED, "gain": 0.0095, "error": 0.002},
            "these are fractions: a point is a hundredth of the accuracy, so multiply by 100.",
            lambda found: abs(found["gain"]) < 0.03 and found["error"] < 0.02,
        ),
        Mistake(
            {**DIVIDED, "gain": 97.8},
            "this is an accuracy: the gain is the difference between the two sides.",
            lambda found: found["gain"] > 50,
        ),
        Mistake(
            {**DIVIDED, "gain": 0.35, "centred_rate": 0.32, "divided_rate": 0.32},
            "both sides have the same learning rate, and it suits one of them: let each have its own best "
            "one.",
            lambda found: found["centred_rate"] == found["divided_rate"],
        ),
        Mistake(
            {**DIVIDED, "gain": -0.95},
            "the sign: take the accuracy with the division minus that without it.",
            lambda found: found["gain"] < -0.25 and found["divided_rate"] > found["centred_rate"],
        ),
        Mistake(
            {**DIVIDED, "gain": 0.5, "divided_rate": 0.4},
            "divided pixels want higher learning rates than that: is yours at the edge of the grid?",
            lambda found: found["divided_rate"] < 0.5,
        ),
        Mistake(
            {**DIVIDED, "gain": 2.0, "centred_rate": 0.1},
            "pixels that are only centred learn better at a higher learning rate: try some between 0.1 and "
            "the one where training diverges.",
            lambda found: found["centred_rate"] < 0.15,
        ),
        Mistake(
            {**DIVIDED, "error": 0.92},
            "this is the standard deviation between splits: that of their mean is smaller by the square root "
            "of their number.",
            lambda found: spread(found) > 3,
        ),
        Mistake(
            {**DIVIDED, "error": 0.43},
            "this is the half-width of a 95% interval, about twice the standard error.",
            lambda found: spread(found) > 1.8,
        ),
        Mistake(
            {**DIVIDED, "error": 0.31},
            "this error holds for two sides with splits of their own: yours share each split, so take the "
            "differences first, and then their standard error.",
            lambda found: spread(found) > 1.1,
        ),
    ),
    hints=(
        "`learn` in the topic takes a preparation, learning rates, a split and seeds. Give it one split and "
        "one seed at a time, and keep the accuracies after the last epoch.",
        "The mean and the standard deviation come from the training rows of each split.",
        "For each side, average over the splits, and take the best learning rate. Does it lie inside the "
        "grid, with neighbours less than a factor of two away?",
        "Subtract the two sides split by split; then take the mean, and the standard deviation divided by "
        "the square root of the number of splits.",
    ),
)

EXERCISES = [RATE, SLIDE, ZCA, STANDARDIZED]
