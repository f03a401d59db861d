"""Exercises of topic 07: draws on a log scale and in a Latin hypercube, halving, and two fair comparisons."""

from itertools import pairwise

import numpy as np

from course import datasets, initializers, network, search
from course.practice.exercises import Exercise, Finding, Mistake

TOPIC = "07_hyperparameter_search"


# Draws on a log scale.


def draws_and_range(rng):
    """Numbers from [0, 1), 0 among them, and a range of three to five powers of ten."""
    u = np.append(rng.uniform(0.05, 0.95, 7), 0)
    low = 10 ** rng.uniform(-6, -5)
    return rng.permutation(u), float(low), float(low * 10 ** rng.uniform(3, 5))


def log_uniform(u, low, high):
    exponent = np.log10(low) + u * (np.log10(high) - np.log10(low))
    return 10**exponent


LOG_UNIFORM = Exercise(
    TOPIC,
    "Draw the exponent (slide 77)",
    "The array u holds numbers drawn evenly from [0, 1). Write my_log_uniform(u, low, high): learning "
    "rates from low to high whose logarithms are spread evenly. At u = 0 the result is low, and it grows "
    "with u.",
    draws_and_range,
    log_uniform,
    variants=(
        lambda u, low, high: low * (high / low) ** u,
        lambda u, low, high: low ** (1 - u) * high**u,
        lambda u, low, high: np.exp(np.log(low) + u * np.log(high / low)),
        lambda u, low, high: np.array([low * np.exp2(each * np.log2(high / low)) for each in u]),
        lambda u, low, high: (low * (high / low) ** u).astype(np.float32),
    ),
    mistakes=(
        Mistake(
            lambda u, low, high: low + u * (high - low),
            "you spread the numbers themselves evenly, and nearly all of them land in the highest power of "
            "ten: spread their logarithms.",
        ),
        Mistake(
            lambda u, low, high: np.log10(low) + u * np.log10(high / low),
            "you return the exponents: the learning rate is 10 to that power.",
        ),
        Mistake(
            lambda u, low, high: np.exp(np.log10(low) + u * np.log10(high / low)),
            "you take the logarithm to base 10 and raise e to it: use the same base for both.",
        ),
        Mistake(
            lambda u, low, high: 10 ** (np.log(low) + u * np.log(high / low)),
            "np.log is the natural logarithm, whose inverse is np.exp: if you raise 10 to a power, use "
            "np.log10.",
        ),
        Mistake(
            lambda u, low, high: 10 ** (low + u * (high - low)),
            "you use low and high as exponents, but they are the ends of the range itself: take their "
            "logarithms first.",
        ),
        Mistake(
            lambda u, low, high: 10 ** (np.log10(low) + u * np.log10(high)),
            "you stretch u by the logarithm of high: to end at high, stretch it by the difference of the "
            "two logarithms.",
        ),
        Mistake(
            lambda u, low, high: 10 ** (u * np.log10(high / low)),
            "you start at 1: add the logarithm of low to the exponent.",
        ),
        Mistake(
            lambda u, low, high: high * (low / high) ** u,
            "you start at high and go down: at u = 0 the result should be low.",
        ),
        Mistake(
            lambda u, low, high: 10 ** (np.log10(low) + u * np.log10(high - low)),
            "you take the logarithm of the difference: what counts here is the difference of the logarithms.",
        ),
        Mistake(
            lambda u, low, high: 1 / (1 / low + u * (1 / high - 1 / low)),
            "you spread 1 / x evenly, which crowds the draws at the low end: spread log(x).",
        ),
    ),
    hints=(
        "What are the exponents of low and high? np.log10 tells.",
        "Draw the exponent evenly between these two: the first, plus u times their difference.",
        "The learning rate is 10 to the power of that exponent.",
    ),
    own=(search.sample,),
    float32=False,
)


# A Latin hypercube.


def hypercube_size(rng):
    """So many trials that two columns do not agree by chance."""
    return np.random.default_rng(rng.integers(2**32)), int(rng.integers(10, 15)), int(rng.integers(2, 5))


def latin(rng, n, k):
    cells = rng.permuted(np.tile(np.arange(n), (k, 1)), axis=1).T
    return (cells + rng.random((n, k))) / n


def layout_of(points, rng, n, k):
    """Say what kind of layout it is, whichever points were drawn."""
    if points.shape != (n, k):
        return f"the shape {points.shape}"
    if points.min() < 0 or points.max() >= 1:
        if points.max() == 1:
            return "numbers up to 1 itself"
        if points.max() > 2:
            return "numbers far above 1"
        from_1 = points.min() >= 1 / n and points.max() <= 1 + 1 / n
        return "intervals counted from 1" if from_1 else "numbers outside [0, 1)"
    # In a Latin hypercube the i-th number of a column from below lies in interval i.
    cells = points.argsort(axis=0).argsort(axis=0)
    places = points * n - cells
    if places.min() < -1e-5 or places.max() > 1 + 1e-5:
        few = np.unique(points.round(6)).size < n / 2
        return "a few values only" if few else "some intervals with two numbers and some with none"
    if np.abs(places - 0.5).max() < 1e-3:
        return "numbers in the middles of their intervals"
    if places.max() < 1e-3:
        return "numbers at the lower ends of their intervals"
    if (cells == cells[:, :1]).all():
        return "the diagonal, in order" if (np.diff(cells[:, 0]) == 1).all() else "the diagonal"
    if np.ptp(places, axis=0).max() < 1e-3:
        return "the same place in all intervals of a column"
    if np.ptp(places, axis=1).max() < 1e-3:
        return "the same place for all parameters of a trial"
    return "one number somewhere in each interval"


LATIN = Exercise(
    TOPIC,
    "Grid or random? (slide 80)",
    "Write my_latin(rng, n, k): a Latin hypercube of n trials in k parameters, an array of the shape (n, "
    "k) with numbers from [0, 1). Cut [0, 1) into n equal intervals: each column has exactly one number in "
    "each of them. How the intervals of different columns are paired is random, and so is the place of "
    "each number within its interval. Draw from rng.",
    hypercube_size,
    latin,
    variants=(
        lambda rng, n, k: (np.stack([rng.permutation(n) for _ in range(k)], axis=1) + rng.random((n, k))) / n,
        lambda rng, n, k: (rng.random((n, k)).argsort(axis=0) + rng.random((n, k))) / n,
        lambda rng, n, k: rng.permuted((np.arange(n)[:, None] + rng.random((n, k))) / n, axis=0),
        # The order of the trials is free, so that one column may keep it.
        lambda rng, n, k: (
            (
                np.stack([np.arange(n), *(rng.permutation(n) for _ in range(k - 1))], axis=1)
                + rng.random((n, k))
            )
            / n
        ),
        lambda rng, n, k: (
            np.array([[rng.uniform(i / n, (i + 1) / n) for i in rng.permutation(n)] for _ in range(k)]).T
        ),
    ),
    mistakes=(
        Mistake(
            lambda rng, n, k: rng.random((n, k)),
            "you throw every number by itself, so some intervals get two and some none: give each interval "
            "of a column its own number first.",
        ),
        Mistake(
            lambda rng, n, k: (rng.permutation(n)[:, None] + rng.random((n, k))) / n,
            "all columns have the same order, so your trials lie along the diagonal: shuffle each column "
            "by itself.",
        ),
        Mistake(
            lambda rng, n, k: (np.arange(n)[:, None] + rng.random((n, k))) / n,
            "nothing is shuffled, so trial 0 is low in every parameter, and the last one high: put the "
            "intervals of each column in a random order.",
        ),
        Mistake(
            lambda rng, n, k: (rng.random((n, k)).argsort(axis=0) + 0.5) / n,
            "each number lies in the middle of its interval: draw its place there too.",
        ),
        Mistake(
            lambda rng, n, k: rng.random((n, k)).argsort(axis=0) / n,
            "each number lies at the lower end of its interval: add a random part of an interval's length.",
        ),
        Mistake(
            lambda rng, n, k: (rng.random((n, k)).argsort(axis=0) + rng.random()) / n,
            "all numbers of a column sit at the same place within their intervals: draw a place for each.",
        ),
        Mistake(
            lambda rng, n, k: (rng.random((n, k)).argsort(axis=0) + rng.random((n, 1))) / n,
            "you draw one place for each trial, and all its parameters share it: draw one for each number, "
            "(n, k) of them.",
        ),
        Mistake(
            lambda rng, n, k: rng.random((n, k)).argsort(axis=0) + rng.random((n, k)),
            "your numbers run from 0 to n: divide by n, so that they lie between 0 and 1.",
        ),
        Mistake(
            lambda rng, n, k: (rng.random((n, k)).argsort(axis=0) + 1 + rng.random((n, k))) / n,
            "you count the intervals from 1, so that the lowest stays empty and the last number lies above "
            "1: count from 0.",
        ),
        Mistake(
            lambda rng, n, k: rng.random((n, k)).argsort(axis=0) / n + rng.random((n, k)),
            "you divide only the number of the interval by n: an interval is 1 / n long, so the place "
            "within it shrinks too.",
        ),
        Mistake(
            lambda rng, n, k: rng.random((n, k)).argsort(axis=0) / (n - 1),
            "these are n equal steps from 0 to 1, both ends included: use n intervals, and draw a place "
            "within each.",
        ),
        Mistake(
            lambda rng, n, k: (rng.random((k, n)).argsort(axis=1) + rng.random((k, n))) / n,
            "you have a row for each parameter: a row is a trial, so transpose it to (n, k).",
        ),
        Mistake(
            lambda rng, n, k: (rng.integers(3, size=(n, k)) + 0.5) / 3,
            "this is a grid of a few values, which repeat: in a Latin hypercube no interval of a parameter "
            "is tried twice.",
        ),
    ),
    hints=(
        "Number the intervals of a column from 0 to n - 1. Each number is to be used once, in a random "
        "order.",
        "rng.permutation(n) is such an order. You need one for each of the k columns.",
        "A number in interval i is (i + a random number from [0, 1)) / n.",
    ),
    view=layout_of,
    float32=False,
)


# Successive halving.


def learning_curves(rng):
    """Noisy curves that cross, of so few trials that one alone is left before the last rung.

    After one epoch alone the last accuracy, the best and the mean are the same: no rung comes as early.
    """
    n = int(rng.integers(13, 16))
    rungs = [[3, 5, 8, 10, 12], [3, 4, 6, 8, 11], [4, 6, 8, 9, 11]][rng.integers(3)]
    return rng.uniform(0.4, 0.6, (n, 1)) + rng.uniform(-0.35, 0.35, (n, 12)), rungs


def halving(accuracy, rungs):
    trained = np.zeros(len(accuracy), int)
    left = np.arange(len(accuracy))
    for epochs in rungs:
        trained[left] = epochs
        best_first = left[np.argsort(-accuracy[left, epochs - 1])]
        left = best_first[: max(len(left) // 2, 1)]
    return trained


def _halved(accuracy, rungs, score, keep=lambda left, order: left[order][: max(len(left) // 2, 1)]):
    """Successive halving with another score of a trial after a number of epochs, or another way to keep."""
    trained, left = np.zeros(len(accuracy), int), np.arange(len(accuracy))
    for epochs in rungs:
        trained[left] = epochs
        left = keep(left, np.argsort(-score(accuracy[left], epochs), kind="stable"))
    return trained


def halving_by_sets(accuracy, rungs):
    left, trained = set(range(len(accuracy))), [0] * len(accuracy)
    for epochs in rungs:
        for trial in left:
            trained[trial] = epochs
        worst_first = sorted(left, key=lambda trial: accuracy[trial, epochs - 1])
        left -= set(worst_first[: len(left) - max(len(left) // 2, 1)])
    return np.array(trained)


def halving_by_lines(accuracy, rungs):
    seen, trained = accuracy.copy(), np.full(len(accuracy), rungs[0])
    for before, after in pairwise(rungs):
        still = np.isfinite(seen[:, 0])
        line = np.sort(seen[still, before - 1])[::-1][max(still.sum() // 2, 1) - 1]
        seen[seen[:, before - 1] < line] = -np.inf
        trained[np.isfinite(seen[:, 0])] = after
    return trained.astype(np.float32)


def halving_of_all(accuracy, rungs):
    trained, n = np.zeros(len(accuracy), int), len(accuracy)
    for epochs in rungs:
        trained[np.argsort(-accuracy[:, epochs - 1])[:n]] = epochs
        n = max(n // 2, 1)
    return trained


def halving_before(accuracy, rungs):
    trained, left = np.zeros(len(accuracy), int), np.arange(len(accuracy))
    for epochs in rungs:
        left = left[np.argsort(-accuracy[left, epochs - 1])][: max(len(left) // 2, 1)]
        trained[left] = epochs
    return trained


def halving_to_sums(accuracy, rungs):
    trained, left = np.zeros(len(accuracy), int), np.arange(len(accuracy))
    for epochs in rungs:
        trained[left] += epochs
        left = left[np.argsort(-accuracy[left, epochs - 1])][: max(len(left) // 2, 1)]
    return trained


HALVING = Exercise(
    TOPIC,
    "Drop the worse half",
    "accuracy has a row for each trial and a column for each epoch: column 0 is the accuracy after one "
    "epoch. rungs is an increasing list of numbers of epochs. At each of them successive halving ranks the "
    "remaining trials by their accuracy after that many epochs, and keeps the better half: half of their "
    "number, rounded down, but at least one. Write my_halving(accuracy, rungs): for each trial the number "
    "of epochs that it is trained, an array.",
    learning_curves,
    halving,
    variants=(halving_by_sets, halving_by_lines),
    mistakes=(
        Mistake(
            lambda accuracy, rungs: _halved(accuracy, rungs, lambda a, epochs: -a[:, epochs - 1]),
            "you keep the worse half: np.argsort puts the smallest first, and a high accuracy is good.",
        ),
        Mistake(
            lambda accuracy, rungs: _halved(
                accuracy, rungs, lambda a, epochs: a[:, min(epochs, a.shape[1] - 1)]
            ),
            "you rank by the accuracy one epoch too late: what is known after e epochs stands in column e "
            "- 1.",
        ),
        Mistake(
            lambda accuracy, rungs: _halved(accuracy, rungs, lambda a, epochs: a[:, -1]),
            "you rank by the last column, which nobody has seen yet at an early rung: use the accuracy at "
            "the rung.",
        ),
        Mistake(
            lambda accuracy, rungs: _halved(accuracy, rungs, lambda a, epochs: a[:, 0]),
            "you rank by the first epoch at every rung: later epochs tell more, so use the column of the "
            "rung.",
        ),
        Mistake(
            lambda accuracy, rungs: _halved(accuracy, rungs, lambda a, epochs: a[:, :epochs].max(axis=1)),
            "you rank by the best accuracy so far, which rewards a lucky epoch: use the accuracy at the "
            "rung alone.",
        ),
        Mistake(
            lambda accuracy, rungs: _halved(accuracy, rungs, lambda a, epochs: a[:, :epochs].mean(axis=1)),
            "you rank by the mean over all epochs so far, which holds a slow start against a trial: use "
            "only the last of them.",
        ),
        Mistake(
            lambda accuracy, rungs: _halved(
                accuracy,
                rungs,
                lambda a, epochs: a[:, epochs - 1],
                lambda left, order: order[: max(len(left) // 2, 1)],
            ),
            "argsort numbers the remaining trials from 0, and you take these for the numbers of the "
            "original ones: look those up, left[order].",
        ),
        Mistake(
            lambda accuracy, rungs: _halved(
                accuracy,
                rungs,
                lambda a, epochs: a[:, epochs - 1],
                lambda left, order: left[order][: (len(left) + 1) // 2],
            ),
            "you round the half up: of 13 trials, keep 6.",
        ),
        Mistake(
            lambda accuracy, rungs: _halved(
                accuracy,
                rungs,
                lambda a, epochs: a[:, epochs - 1],
                lambda left, order: left[order][: len(left) // 2],
            ),
            "half of one trial, rounded down, is none, so nobody reaches the last rung: keep at least one.",
        ),
        Mistake(
            lambda accuracy, rungs: _halved(
                accuracy,
                rungs,
                lambda a, epochs: a[:, epochs - 1],
                lambda left, order: left[: max(len(left) // 2, 1)],
            ),
            "you keep the first half of the list without ranking it: sort by accuracy before you cut.",
        ),
        Mistake(
            halving_of_all,
            "you rank all trials at every rung, also those that were dropped and have no accuracy there: "
            "rank only the remaining ones.",
        ),
        Mistake(
            halving_before,
            "you drop half of them before the first epoch: all are trained to the first rung, and only "
            "then ranked.",
        ),
        Mistake(
            halving_to_sums,
            "you add the rungs up, as if every rung started from scratch: a trial that is kept goes on "
            "from where it was, so its epochs are those of the last rung it reaches.",
        ),
        Mistake(
            lambda accuracy, rungs: np.full(len(accuracy), rungs[-1]),
            "you train all of them to the end: at each rung the worse half stops.",
        ),
        Mistake(
            lambda accuracy, rungs: halving_by_sets(accuracy, rungs).sum(),
            "you return the work of the whole search: give the epochs of each trial.",
        ),
    ),
    hints=(
        "Keep the numbers of the remaining trials in an array, at first np.arange(len(accuracy)).",
        "At each rung, first note its epochs for all remaining trials; then rank these, and keep half.",
        "np.argsort(-x) gives the places of x from the largest to the smallest.",
    ),
    float32=False,
)


# Two trials on the same pictures.


def two_trials(rng):
    """Two trials that are right on much the same pictures, one of them more often."""
    ease = rng.normal(0, 1, int(rng.integers(150, 250)))
    a, b = (ease + rng.normal(0, 0.7, ease.size) > limit for limit in (0.2, -0.2))
    return a, b


def difference(right_a, right_b):
    gain = right_b.astype(float) - right_a
    return gain.mean(), gain.std(ddof=1) / np.sqrt(len(gain))


def _gains(right_a, right_b):
    return right_b.astype(float) - right_a


DIFFERENCE = Exercise(
    TOPIC,
    "Is the best the best? (slide 79)",
    "The arrays right_a and right_b, of the shape (n,), tell on which of the same n pictures trial a and "
    "trial b are right. Write my_difference(right_a, right_b) and return two numbers: by how much the "
    "accuracy of b exceeds that of a, and the standard error of this difference. Form the difference "
    "picture by picture; the standard error of a mean of n numbers is their standard deviation, with n - 1 "
    "in place of n, divided by the square root of n.",
    two_trials,
    difference,
    variants=(
        lambda right_a, right_b: (
            right_b.mean() - right_a.mean(),
            np.sqrt(np.var(right_b.astype(int) - right_a.astype(int), ddof=1) / len(right_a)),
        ),
        lambda right_a, right_b: (
            (np.sum(right_b & ~right_a) - np.sum(right_a & ~right_b)) / len(right_a),
            np.sqrt(
                (np.mean(right_a != right_b) - (right_b.mean() - right_a.mean()) ** 2) / (len(right_a) - 1)
            ),
        ),
        lambda right_a, right_b: (
            float(np.mean(right_b) - np.mean(right_a)),
            float(np.sqrt(np.cov(right_a, right_b).ravel() @ [1, -1, -1, 1] / len(right_a))),
        ),
        lambda right_a, right_b: (
            np.float32(_gains(right_a, right_b).mean()),
            np.float32(_gains(right_a, right_b).std(ddof=1) / len(right_a) ** 0.5),
        ),
    ),
    mistakes=(
        Mistake(
            lambda right_a, right_b: (
                -_gains(right_a, right_b).mean(),
                _gains(right_a, right_b).std(ddof=1) / len(right_a) ** 0.5,
            ),
            "the sign: the difference is positive where b is right more often than a.",
        ),
        Mistake(
            lambda right_a, right_b: (
                _gains(right_a, right_b).mean(),
                np.sqrt((right_a.var(ddof=1) + right_b.var(ddof=1)) / len(right_a)),
            ),
            "you add the two variances, as if the trials had seen different pictures: an easy picture is "
            "easy for both, so subtract picture by picture first.",
        ),
        Mistake(
            lambda right_a, right_b: (
                _gains(right_a, right_b).mean(),
                np.sqrt((right_a.var() + right_b.var()) / len(right_a)),
            ),
            "you add p (1 - p) / n of both trials, which holds for independent ones: these saw the same "
            "pictures, so subtract picture by picture first.",
        ),
        Mistake(
            lambda right_a, right_b: (
                _gains(right_a, right_b).mean(),
                right_a.std(ddof=1) / len(right_a) ** 0.5 + right_b.std(ddof=1) / len(right_a) ** 0.5,
            ),
            "you add the errors of the two accuracies: errors do not add up like that, and these two share "
            "most of their luck, which cancels in the difference.",
        ),
        Mistake(
            lambda right_a, right_b: (
                _gains(right_a, right_b).mean(),
                right_b.std(ddof=1) / len(right_a) ** 0.5,
            ),
            "this is the error of the accuracy of b alone: take the standard deviation of the differences.",
        ),
        Mistake(
            lambda right_a, right_b: (
                _gains(right_a, right_b).mean(),
                _gains(right_a, right_b).std(ddof=1),
            ),
            "this is how much one picture scatters: the mean of n of them is more certain, by the square "
            "root of n.",
        ),
        Mistake(
            lambda right_a, right_b: (
                _gains(right_a, right_b).mean(),
                _gains(right_a, right_b).std(ddof=1) / len(right_a),
            ),
            "you divide by n: the standard deviation of a mean shrinks only with the square root of n.",
        ),
        Mistake(
            lambda right_a, right_b: (
                _gains(right_a, right_b).mean(),
                _gains(right_a, right_b).var(ddof=1) / len(right_a),
            ),
            "this is the variance of the mean: its square root is the standard error.",
        ),
        Mistake(
            lambda right_a, right_b: (
                _gains(right_a, right_b).mean(),
                _gains(right_a, right_b).std() / len(right_a) ** 0.5,
            ),
            "NumPy divides by n unless told otherwise: ask for n - 1 with ddof=1.",
        ),
        Mistake(
            lambda right_a, right_b: (
                _gains(right_a, right_b).mean(),
                np.sum(right_a != right_b) ** 0.5 / len(right_a),
            ),
            "you measure how far the differences are from 0, as if both trials were equally good: a "
            "standard deviation is about their own mean.",
        ),
        Mistake(
            lambda right_a, right_b: (
                _gains(right_a, right_b).mean(),
                (right_a != right_b).std(ddof=1) / len(right_a) ** 0.5,
            ),
            "you look at whether the two differ, and not at which of them was right: a difference is 1, 0 "
            "or -1.",
        ),
        Mistake(
            lambda right_a, right_b: (
                np.mean(right_a != right_b),
                (right_a != right_b).std(ddof=1) / len(right_a) ** 0.5,
            ),
            "this is how often the two disagree: where a is right and b is not, the difference is -1.",
        ),
        Mistake(
            lambda right_a, right_b: (
                _gains(right_a, right_b)[right_a != right_b].mean(),
                _gains(right_a, right_b)[right_a != right_b].std(ddof=1) / np.sum(right_a != right_b) ** 0.5,
            ),
            "you leave out the pictures on which the two agree: there the difference is 0, and they count.",
        ),
        Mistake(
            lambda right_a, right_b: (
                _gains(right_a, right_b).mean(),
                np.sqrt(right_a.var(ddof=1) + right_b.var(ddof=1) + 2 * np.cov(right_a, right_b)[0, 1])
                / len(right_a) ** 0.5,
            ),
            "this is the error of the sum of the two: in the difference the covariance is subtracted.",
        ),
        Mistake(
            lambda right_a, right_b: (
                _gains(right_a, right_b).mean(),
                1.96 * _gains(right_a, right_b).std(ddof=1) / len(right_a) ** 0.5,
            ),
            "this is half the width of a 95% interval: leave out the factor of 1.96.",
        ),
        Mistake(
            lambda right_a, right_b: (
                _gains(right_a, right_b).sum(),
                _gains(right_a, right_b).std(ddof=1) * len(right_a) ** 0.5,
            ),
            "these are numbers of pictures: an accuracy is a fraction, so divide both by n.",
        ),
        Mistake(
            lambda right_a, right_b: (
                _gains(right_a, right_b).std(ddof=1) / len(right_a) ** 0.5,
                _gains(right_a, right_b).mean(),
            ),
            "you return the error first: the difference comes first, and then its error.",
        ),
    ),
    hints=(
        "On one picture the difference is 1 if only b is right, -1 if only a is, and 0 otherwise.",
        "Truth values cannot be subtracted: make numbers of them with .astype(float).",
        "The mean of the n differences is the first number; .std(ddof=1) / np.sqrt(n) of them is the second.",
    ),
    float32=False,
)


# Small batches.


def small_batches():
    rates, seeds = np.array([0.28, 0.5, 0.9, 1.6, 2.8]), range(20)
    chosen_by, measured = {}, {}
    for size in (20, 100):
        settings, accuracies = {"epochs": 5, "batch_size": size}, []
        for seed in seeds:
            # Both sizes of a pair have the same split, in three parts, and the same initial weights.
            split, weights, order = np.random.default_rng(seed).spawn(3)
            X, y, X_held, y_held = datasets.prepared_digits(split, held_out=600)
            start = network.create(weights, [64, 50, 10], initializers.he, np.float32)
            params, _ = search.sweep([start], rates, X, y, rng=order, **settings)
            right = network.scores(params, X_held, "relu")[0].argmax(axis=-1) == y_held
            accuracies.append(100 * right.reshape(len(rates), 2, 300).mean(axis=-1))
        chosen_by[size], measured[size] = np.moveaxis(accuracies, -1, 0)
    best = {size: accuracy.mean(axis=0).argmax() for size, accuracy in chosen_by.items()}
    gains = measured[20][:, best[20]] - measured[100][:, best[100]]
    return {
        "gain": gains.mean(),
        "error": gains.std(ddof=1) / len(gains) ** 0.5,
        "starts": len(gains),
        "rate_20": rates[best[20]],
        "rate_100": rates[best[100]],
    }


# Measured with five groups of 20 starts, each start with a split of its own: the best learning rates are 0.9
# and 1.6 in each group, the gains 0.30 to 0.67, their errors 0.13 to 0.21 in pairs and 0.26 to 0.36 unpaired.
# With one learning rate for both, 0.28, 0.5 or 0.9, the gains are 2.3 to 2.8, 1.3 to 1.8, and 0.5 to 1.1.
PAIRED = {"gain": 0.48, "error": 0.16, "starts": 20, "rate_20": 0.9, "rate_100": 1.6}
SMALL_BATCHES = Finding(
    TOPIC,
    "Compare in pairs",
    "Are batches of 20 better than batches of 100 after five epochs? Train the network of the topic on the "
    "digits, without decay or regularization, from at least 20 starts, each with a split of its own that "
    "both sizes share. Choose the best learning rate of each size by its mean on the validation set, from "
    "at least four in each power of ten. On the test set, hand in the mean gain in accuracy of 20 over "
    "100, in points, and its standard error.",
    {
        "gain": "accuracy with batches of 20 less that with 100, mean over the starts, in points",
        "error": "standard error of that mean, in points",
        "starts": "number of starts",
        "rate_20": "best learning rate for batches of 20",
        "rate_100": "best learning rate for batches of 100",
    },
    small_batches,
    right={
        "gain": (0, 1.1),
        "error": (0.03, 0.25),
        "starts": (20, 10_000),
        "rate_20": (0.35, 1.4),
        "rate_100": (1.0, 3.2),
    },
    variants=(
        PAIRED,
        {**PAIRED, "gain": 0.67, "error": 0.13},
        {**PAIRED, "gain": 0.3, "error": 0.21, "rate_20": 0.5},
        {**PAIRED, "gain": 0.5, "error": 0.07, "starts": 100, "rate_100": 1.8},
    ),
    mistakes=(
        Mistake(
            {**PAIRED, "starts": 1, "error": 0.0, "gain": 1.0},
            "one start cannot tell a better setting from a lucky one: its error is not 0 but unknown.",
            lambda found: found["starts"] < 2 or found["error"] == 0,
        ),
        Mistake(
            {**PAIRED, "gain": 2.5, "rate_20": 0.28, "rate_100": 0.28},
            "you give both the same learning rate, which is too low for the larger batches: let each have "
            "its own best one.",
            lambda found: found["rate_20"] == found["rate_100"],
        ),
        Mistake(
            {**PAIRED, "gain": 1.1, "rate_20": 0.5, "rate_100": 0.9},
            "for batches of 100 the accuracy still rises at this learning rate: look at higher ones, until "
            "it falls.",
            lambda found: found["rate_100"] < 1.0,
        ),
        Mistake(
            {**PAIRED, "gain": 0.0048, "error": 0.0016},
            "these look like fractions: a point is 1%, so multiply both by 100.",
            lambda found: abs(found["gain"]) < 0.012 and 0 < found["error"] < 0.01,
        ),
        Mistake(
            {**PAIRED, "gain": -0.48},
            "the sign: subtract the accuracy with batches of 100 from that with 20.",
            lambda found: -1.1 < found["gain"] < -0.1 and found["rate_20"] < found["rate_100"],
        ),
        Mistake(
            {**PAIRED, "error": 0.7},
            "this is how much the gains scatter from start to start: divide by the square root of their "
            "number to get the error of their mean.",
            lambda found: found["error"] > 0.45,
        ),
        Mistake(
            {**PAIRED, "error": 0.3},
            "this error is that of unpaired runs: both sizes share the split and the initial weights, so "
            "form the gain start by start, and then the error of the gains.",
            lambda found: found["error"] * found["starts"] ** 0.5 > 1.05,
        ),
    ),
    hints=(
        "Begin with `two_settings` of the topic, and give `search.sweep` a `batch_size` and several "
        "learning rates.",
        "The best learning rates of the two sizes differ. Do both lie inside your grid?",
        "Hold 600 digits out: 300 choose the learning rate, and the other 300 measure the gain.",
        "For each start subtract the two accuracies, and take mean and standard error of these gains.",
    ),
)

EXERCISES = [LOG_UNIFORM, LATIN, HALVING, DIFFERENCE, SMALL_BATCHES]
