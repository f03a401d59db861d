"""Mistakes written anew by somebody who saw only the sentence that describes each."""

import numpy as np

MISTAKES = {}
# other functions that get the same sentence on an equally good reading: (name, sentence, what differs)
ALTERNATIVES = {}


# ---------------------------------------------------------------- log_uniform


def _(u, low, high):
    return low + u * (high - low)


MISTAKES[
    "log_uniform",
    "you spread the numbers themselves evenly, and nearly all of them land in the "
    "highest power of ten: spread their logarithms.",
] = _


def _(u, low, high):
    a, b = np.log10(low), np.log10(high)
    exponents = a + (b - a) * u
    return exponents


MISTAKES["log_uniform", "you return the exponents: the learning rate is 10 to that power."] = _


def _(u, low, high):
    start = np.log10(low)
    stop = np.log10(high)
    return np.exp(start + u * (stop - start))


MISTAKES[
    "log_uniform", "you take the logarithm to base 10 and raise e to it: use the same base for both."
] = _


def _(u, low, high):
    log_low = np.log(low)
    log_high = np.log(high)
    return 10 ** ((1 - u) * log_low + u * log_high)


MISTAKES[
    "log_uniform",
    "np.log is the natural logarithm, whose inverse is np.exp: if you raise 10 to a power, use np.log10.",
] = _


def _(u, low, high):
    exponent = low + u * (high - low)
    return 10.0**exponent


MISTAKES[
    "log_uniform",
    "you use low and high as exponents, but they are the ends of the range itself: take "
    "their logarithms first.",
] = _


def _(u, low, high):
    return np.exp(low + u * (high - low))


ALTERNATIVES[
    "log_uniform",
    "you use low and high as exponents, but they are the ends of the range "
    "itself: take their logarithms first.",
    "with np.exp in place of a power of ten",
] = _


def _(u, low, high):
    exponent = np.log10(low) + u * np.log10(high)
    return 10**exponent


MISTAKES[
    "log_uniform",
    "you stretch u by the logarithm of high: to end at high, stretch it by the "
    "difference of the two logarithms.",
] = _


def _(u, low, high):
    width = np.log(high) - np.log(low)
    return np.exp(u * width)


MISTAKES["log_uniform", "you start at 1: add the logarithm of low to the exponent."] = _


def _(u, low, high):
    log_low, log_high = np.log10(low), np.log10(high)
    return 10 ** (log_high + u * (log_low - log_high))


MISTAKES["log_uniform", "you start at high and go down: at u = 0 the result should be low."] = _


def _(u, low, high):
    return np.exp(np.log(low) + u * np.log(high - low))


MISTAKES[
    "log_uniform",
    "you take the logarithm of the difference: what counts here is the difference of the logarithms.",
] = _


def _(u, low, high):
    inverse = 1 / low + u * (1 / high - 1 / low)
    return 1 / inverse


MISTAKES["log_uniform", "you spread 1 / x evenly, which crowds the draws at the low end: spread log(x)."] = _


# ---------------------------------------------------------------- latin


def _(rng, n, k):
    return rng.random((n, k))


MISTAKES[
    "latin",
    "you throw every number by itself, so some intervals get two and some none: give each "
    "interval of a column its own number first.",
] = _


def _(rng, n, k):
    interval = rng.integers(0, n, size=(n, k))
    place = rng.random((n, k))
    return (interval + place) / n


ALTERNATIVES[
    "latin",
    "you throw every number by itself, so some intervals get two and some none: give "
    "each interval of a column its own number first.",
    "the interval of each number is thrown by itself",
] = _


def _(rng, n, k):
    order = rng.permutation(n)
    return (order[:, np.newaxis] + rng.random((n, k))) / n


MISTAKES[
    "latin",
    "all columns have the same order, so your trials lie along the diagonal: shuffle each column by itself.",
] = _


def _(rng, n, k):
    points = (np.arange(n)[:, None] + rng.random((n, k))) / n
    rng.shuffle(points)
    return points


ALTERNATIVES[
    "latin",
    "all columns have the same order, so your trials lie along the diagonal: shuffle each column by itself.",
    "rng.shuffle of the whole array, which moves whole rows",
] = _


def _(rng, n, k):
    result = np.empty((n, k))
    for j in range(k):
        for i in range(n):
            result[i, j] = (i + rng.random()) / n
    return result


MISTAKES[
    "latin",
    "nothing is shuffled, so trial 0 is low in every parameter, and the last one high: put the "
    "intervals of each column in a random order.",
] = _


def _(rng, n, k):
    columns = []
    for _ in range(k):
        columns.append((rng.permutation(n) + 0.5) / n)
    return np.column_stack(columns)


MISTAKES["latin", "each number lies in the middle of its interval: draw its place there too."] = _


def _(rng, n, k):
    result = np.empty((n, k))
    for j in range(k):
        result[:, j] = rng.permutation(n) / n
    return result


MISTAKES[
    "latin", "each number lies at the lower end of its interval: add a random part of an interval's length."
] = _


def _(rng, n, k):
    result = np.empty((n, k))
    for j in range(k):
        offset = rng.random()
        result[:, j] = (rng.permutation(n) + offset) / n
    return result


MISTAKES[
    "latin", "all numbers of a column sit at the same place within their intervals: draw a place for each."
] = _


def _(rng, n, k):
    offset = rng.random()
    cells = np.array([rng.permutation(n) for _ in range(k)]).T
    return (cells + offset) / n


ALTERNATIVES[
    "latin",
    "all numbers of a column sit at the same place within their intervals: draw a place for each.",
    "one place for the whole array",
] = _


def _(rng, n, k):
    cells = np.array([rng.permutation(n) for _ in range(k)]).T
    place = rng.random((n, 1))
    return (cells + place) / n


MISTAKES[
    "latin",
    "you draw one place for each trial, and all its parameters share it: draw one for each "
    "number, (n, k) of them.",
] = _


def _(rng, n, k):
    cells = np.tile(np.arange(n)[:, None], (1, k))
    cells = rng.permuted(cells, axis=0)
    return cells + rng.random((n, k))


MISTAKES["latin", "your numbers run from 0 to n: divide by n, so that they lie between 0 and 1."] = _


def _(rng, n, k):
    points = np.zeros((n, k))
    for j in range(k):
        intervals = rng.permutation(np.arange(1, n + 1))
        points[:, j] = (intervals + rng.random(n)) / n
    return points


MISTAKES[
    "latin",
    "you count the intervals from 1, so that the lowest stays empty and the last number lies "
    "above 1: count from 0.",
] = _


def _(rng, n, k):
    points = np.zeros((n, k))
    for j in range(k):
        points[:, j] = rng.permutation(n) / n + rng.random(n)
    return points


MISTAKES[
    "latin",
    "you divide only the number of the interval by n: an interval is 1 / n long, so the place "
    "within it shrinks too.",
] = _


def _(rng, n, k):
    steps = np.linspace(0, 1, n)
    return np.stack([rng.permutation(steps) for _ in range(k)], axis=1)


MISTAKES[
    "latin",
    "these are n equal steps from 0 to 1, both ends included: use n intervals, and draw a place within each.",
] = _


def _(rng, n, k):
    rows = []
    for _ in range(k):
        rows.append((rng.permutation(n) + rng.random(n)) / n)
    return np.array(rows)


MISTAKES["latin", "you have a row for each parameter: a row is a trial, so transpose it to (n, k)."] = _


def _(rng, n, k):
    per_side = int(np.ceil(n ** (1 / k)))
    values = (np.arange(per_side) + 0.5) / per_side
    grid = np.stack(np.meshgrid(*[values] * k, indexing="ij"), axis=-1).reshape(-1, k)
    return rng.permutation(grid)[:n]


MISTAKES[
    "latin",
    "this is a grid of a few values, which repeat: in a Latin hypercube no interval of a "
    "parameter is tried twice.",
] = _


# ---------------------------------------------------------------- halving


def _(accuracy, rungs):
    left = np.arange(len(accuracy))
    epochs = np.zeros(len(accuracy), dtype=int)
    for e in rungs:
        epochs[left] = e
        order = np.argsort(accuracy[left, e - 1])
        keep = max(1, len(left) // 2)
        left = left[order[:keep]]
    return epochs


MISTAKES[
    "halving", "you keep the worse half: np.argsort puts the smallest first, and a high accuracy is good."
] = _


def _(accuracy, rungs):
    n_trials = len(accuracy)
    epochs = np.full(n_trials, rungs[0])
    left = np.arange(n_trials)
    for now, following in zip(rungs[:-1], rungs[1:]):
        scores = accuracy[left, now]
        best = np.argsort(-scores)[: max(1, len(left) // 2)]
        left = left[best]
        epochs[left] = following
    return epochs


MISTAKES[
    "halving",
    "you rank by the accuracy one epoch too late: what is known after e epochs stands in column e - 1.",
] = _


def _(accuracy, rungs):
    left = list(range(len(accuracy)))
    epochs = np.zeros(len(accuracy), dtype=int)
    for e in rungs:
        for trial in left:
            epochs[trial] = e
        left.sort(key=lambda trial: accuracy[trial, -1], reverse=True)
        left = left[: max(1, len(left) // 2)]
    return epochs


MISTAKES[
    "halving",
    "you rank by the last column, which nobody has seen yet at an early rung: use the accuracy at the rung.",
] = _


def _(accuracy, rungs):
    left = np.arange(accuracy.shape[0])
    epochs = np.zeros(accuracy.shape[0], dtype=int)
    for e in rungs:
        epochs[left] = e
        order = np.argsort(accuracy[left, 0])[::-1]
        left = left[order][: max(len(left) // 2, 1)]
    return epochs


MISTAKES[
    "halving",
    "you rank by the first epoch at every rung: later epochs tell more, so use the column of the rung.",
] = _


def _(accuracy, rungs):
    left = np.arange(accuracy.shape[0])
    epochs = np.zeros(accuracy.shape[0], dtype=int)
    for e in rungs:
        epochs[left] = e
        order = np.argsort(accuracy[left, rungs[0] - 1])[::-1]
        left = left[order][: max(len(left) // 2, 1)]
    return epochs


ALTERNATIVES[
    "halving",
    "you rank by the first epoch at every rung: later epochs tell more, so use the column of the rung.",
    "by the accuracy at the first rung at every rung",
] = _


def _(accuracy, rungs):
    best_so_far = np.maximum.accumulate(accuracy, axis=1)
    left = np.arange(accuracy.shape[0])
    epochs = np.zeros(accuracy.shape[0], dtype=int)
    for e in rungs:
        epochs[left] = e
        order = np.argsort(-best_so_far[left, e - 1])
        left = left[order[: max(len(left) // 2, 1)]]
    return epochs


MISTAKES[
    "halving",
    "you rank by the best accuracy so far, which rewards a lucky epoch: use the accuracy at the rung alone.",
] = _


def _(accuracy, rungs):
    left = np.arange(accuracy.shape[0])
    epochs = np.zeros(accuracy.shape[0], dtype=int)
    for e in rungs:
        epochs[left] = e
        score = accuracy[left, :e].mean(axis=1)
        half = max(len(left) // 2, 1)
        left = left[np.argsort(score)[::-1][:half]]
    return epochs


MISTAKES[
    "halving",
    "you rank by the mean over all epochs so far, which holds a slow start against a trial: "
    "use only the last of them.",
] = _


def _(accuracy, rungs):
    left = np.arange(len(accuracy))
    epochs = np.zeros(len(accuracy), dtype=int)
    for e in rungs:
        epochs[left] = e
        order = np.argsort(-accuracy[left, e - 1])
        left = order[: max(1, len(left) // 2)]
    return epochs


MISTAKES[
    "halving",
    "argsort numbers the remaining trials from 0, and you take these for the numbers of the "
    "original ones: look those up, left[order].",
] = _


def _(accuracy, rungs):
    left = np.arange(len(accuracy))
    epochs = np.zeros(len(accuracy), dtype=int)
    for e in rungs:
        epochs[left] = e
        order = np.argsort(accuracy[left, e - 1])[::-1]
        keep = int(np.ceil(len(left) / 2))
        left = left[order[:keep]]
    return epochs


MISTAKES["halving", "you round the half up: of 13 trials, keep 6."] = _


def _(accuracy, rungs):
    left = np.arange(len(accuracy))
    epochs = np.zeros(len(accuracy), dtype=int)
    for e in rungs:
        epochs[left] = e
        order = np.argsort(-accuracy[left, e - 1])
        left = left[order[: len(left) // 2]]
    return epochs


MISTAKES[
    "halving", "half of one trial, rounded down, is none, so nobody reaches the last rung: keep at least one."
] = _


def _(accuracy, rungs):
    left = np.arange(len(accuracy))
    epochs = np.zeros(len(accuracy), dtype=int)
    for e in rungs:
        epochs[left] = e
        keep = max(1, len(left) // 2)
        left = left[:keep]
    return epochs


MISTAKES[
    "halving", "you keep the first half of the list without ranking it: sort by accuracy before you cut."
] = _


def _(accuracy, rungs):
    n = len(accuracy)
    epochs = np.full(n, rungs[0])
    keep = n
    for i in range(1, len(rungs)):
        keep = max(1, keep // 2)
        ranking = np.argsort(-accuracy[:, rungs[i - 1] - 1])
        epochs[ranking[:keep]] = rungs[i]
    return epochs


MISTAKES[
    "halving",
    "you rank all trials at every rung, also those that were dropped and have no accuracy "
    "there: rank only the remaining ones.",
] = _


def _(accuracy, rungs):
    left = np.arange(len(accuracy))
    epochs = np.zeros(len(accuracy), dtype=int)
    for e in rungs:
        order = np.argsort(-accuracy[left, e - 1])
        left = left[order[: max(1, len(left) // 2)]]
        epochs[left] = e
    return epochs


MISTAKES[
    "halving",
    "you drop half of them before the first epoch: all are trained to the first rung, and only then ranked.",
] = _


def _(accuracy, rungs):
    left = np.arange(len(accuracy))
    epochs = np.zeros(len(accuracy), dtype=int)
    for e in rungs:
        epochs[left] += e
        order = np.argsort(-accuracy[left, e - 1])
        left = left[order[: max(1, len(left) // 2)]]
    return epochs


MISTAKES[
    "halving",
    "you add the rungs up, as if every rung started from scratch: a trial that is kept goes "
    "on from where it was, so its epochs are those of the last rung it reaches.",
] = _


def _(accuracy, rungs):
    left = np.arange(len(accuracy))
    epochs = np.zeros(len(accuracy), dtype=int)
    for e in rungs:
        epochs[:] = e
        order = np.argsort(-accuracy[left, e - 1])
        left = left[order[: max(1, len(left) // 2)]]
    return epochs


MISTAKES["halving", "you train all of them to the end: at each rung the worse half stops."] = _


def _(accuracy, rungs):
    return np.full(accuracy.shape[0], accuracy.shape[1])


ALTERNATIVES[
    "halving",
    "you train all of them to the end: at each rung the worse half stops.",
    "to the last column in place of the last rung",
] = _


def _(accuracy, rungs):
    left = np.arange(len(accuracy))
    total = 0
    before = 0
    for e in rungs:
        total += len(left) * (e - before)
        before = e
        order = np.argsort(-accuracy[left, e - 1])
        left = left[order[: max(1, len(left) // 2)]]
    return total


MISTAKES["halving", "you return the work of the whole search: give the epochs of each trial."] = _


# ---------------------------------------------------------------- difference


def _(right_a, right_b):
    d = right_a.astype(float) - right_b.astype(float)
    return d.mean(), d.std(ddof=1) / np.sqrt(len(d))


MISTAKES["difference", "the sign: the difference is positive where b is right more often than a."] = _


def _(right_a, right_b):
    a = right_a.astype(float)
    b = right_b.astype(float)
    n = len(a)
    error = np.sqrt(a.var(ddof=1) / n + b.var(ddof=1) / n)
    return b.mean() - a.mean(), error


MISTAKES[
    "difference",
    "you add the two variances, as if the trials had seen different pictures: an easy "
    "picture is easy for both, so subtract picture by picture first.",
] = _


def _(right_a, right_b):
    n = len(right_a)
    p_a = np.mean(right_a)
    p_b = np.mean(right_b)
    se = np.sqrt(p_a * (1 - p_a) / n + p_b * (1 - p_b) / n)
    return p_b - p_a, se


MISTAKES[
    "difference",
    "you add p (1 - p) / n of both trials, which holds for independent ones: these saw "
    "the same pictures, so subtract picture by picture first.",
] = _


def _(right_a, right_b):
    n = len(right_a)
    error_a = np.std(right_a, ddof=1) / np.sqrt(n)
    error_b = np.std(right_b, ddof=1) / np.sqrt(n)
    return np.mean(right_b) - np.mean(right_a), error_a + error_b


MISTAKES[
    "difference",
    "you add the errors of the two accuracies: errors do not add up like that, and these "
    "two share most of their luck, which cancels in the difference.",
] = _


def _(right_a, right_b):
    b = np.asarray(right_b, dtype=float)
    gain = b.mean() - np.mean(right_a)
    return gain, b.std(ddof=1) / np.sqrt(b.size)


MISTAKES[
    "difference",
    "this is the error of the accuracy of b alone: take the standard deviation of the differences.",
] = _


def _(right_a, right_b):
    d = np.asarray(right_b, dtype=float) - np.asarray(right_a, dtype=float)
    return d.mean(), d.std(ddof=1)


MISTAKES[
    "difference",
    "this is how much one picture scatters: the mean of n of them is more certain, by the square root of n.",
] = _


def _(right_a, right_b):
    d = np.asarray(right_b, dtype=float) - np.asarray(right_a, dtype=float)
    n = d.shape[0]
    return d.mean(), d.std(ddof=1) / n


MISTAKES[
    "difference", "you divide by n: the standard deviation of a mean shrinks only with the square root of n."
] = _


def _(right_a, right_b):
    d = 1.0 * right_b - 1.0 * right_a
    n = len(d)
    mean = d.sum() / n
    variance = ((d - mean) ** 2).sum() / (n - 1)
    return mean, variance / n


MISTAKES["difference", "this is the variance of the mean: its square root is the standard error."] = _


def _(right_a, right_b):
    d = 1.0 * right_b - 1.0 * right_a
    return d.mean(), d.std() / np.sqrt(len(d))


MISTAKES["difference", "NumPy divides by n unless told otherwise: ask for n - 1 with ddof=1."] = _


def _(right_a, right_b):
    d = right_b.astype(int) - right_a.astype(int)
    n = len(d)
    spread = np.sqrt(np.sum(d**2) / (n - 1))
    return d.mean(), spread / np.sqrt(n)


MISTAKES[
    "difference",
    "you measure how far the differences are from 0, as if both trials were equally good: "
    "a standard deviation is about their own mean.",
] = _


def _(right_a, right_b):
    difference = np.mean(right_b) - np.mean(right_a)
    differs = (right_a != right_b).astype(float)
    return difference, differs.std(ddof=1) / np.sqrt(len(differs))


MISTAKES[
    "difference",
    "you look at whether the two differ, and not at which of them was right: a difference is 1, 0 or -1.",
] = _


def _(right_a, right_b):
    d = np.logical_xor(right_b, right_a).astype(float)
    return d.mean(), d.std(ddof=1) / np.sqrt(len(d))


ALTERNATIVES[
    "difference",
    "you look at whether the two differ, and not at which of them was right: a difference is 1, 0 or -1.",
    "both numbers from it: the same as what gets 'this is how often the two disagree'",
] = _


def _(right_a, right_b):
    n = len(right_a)
    d = np.zeros(n)
    for i in range(n):
        if right_a[i] != right_b[i]:
            d[i] = 1
    return d.mean(), np.std(d, ddof=1) / np.sqrt(n)


MISTAKES[
    "difference", "this is how often the two disagree: where a is right and b is not, the difference is -1."
] = _


def _(right_a, right_b):
    d = np.asarray(right_b, dtype=float) - np.asarray(right_a, dtype=float)
    return np.abs(d).mean(), d.std(ddof=1) / np.sqrt(len(d))


ALTERNATIVES[
    "difference",
    "this is how often the two disagree: where a is right and b is not, the difference is -1.",
    "the first number alone, and the error is right",
] = _


def _(right_a, right_b):
    d = right_b.astype(float) - right_a.astype(float)
    d = d[d != 0]
    return d.mean(), d.std(ddof=1) / np.sqrt(len(d))


MISTAKES[
    "difference",
    "you leave out the pictures on which the two agree: there the difference is 0, and they count.",
] = _


def _(right_a, right_b):
    d = right_b.astype(float) - right_a.astype(float)
    unequal = d[d != 0]
    return d.mean(), unequal.std(ddof=1) / np.sqrt(len(unequal))


ALTERNATIVES[
    "difference",
    "you leave out the pictures on which the two agree: there the difference is 0, and they count.",
    "in the error alone, and the difference is right",
] = _


def _(right_a, right_b):
    a, b = right_a.astype(float), right_b.astype(float)
    n = len(a)
    cov = np.cov(a, b)
    variance = cov[0, 0] + cov[1, 1] + 2 * cov[0, 1]
    return b.mean() - a.mean(), np.sqrt(variance / n)


MISTAKES[
    "difference", "this is the error of the sum of the two: in the difference the covariance is subtracted."
] = _


def _(right_a, right_b):
    d = right_b.astype(float) - right_a.astype(float)
    se = d.std(ddof=1) / np.sqrt(len(d))
    return d.mean(), 1.96 * se


MISTAKES["difference", "this is half the width of a 95% interval: leave out the factor of 1.96."] = _


def _(right_a, right_b):
    d = right_b.astype(float) - right_a.astype(float)
    n = len(d)
    return d.sum(), np.sqrt(n) * d.std(ddof=1)


MISTAKES["difference", "these are numbers of pictures: an accuracy is a fraction, so divide both by n."] = _


def _(right_a, right_b):
    d = right_b.astype(float) - right_a.astype(float)
    mean = d.mean()
    error = d.std(ddof=1) / np.sqrt(d.size)
    return error, mean


MISTAKES["difference", "you return the error first: the difference comes first, and then its error."] = _
