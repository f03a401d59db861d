"""Mistakes written anew by somebody who saw only the sentence that describes each."""

import numpy as np

MISTAKES = {}
# other functions that get the same sentence on an equally good reading: (name, sentence, what differs)
ALTERNATIVES = {}


# ---------------------------------------------------------------- tolerance


def _(runs, t):
    k = len(runs)
    s = runs.std(axis=0)
    return t * s * np.sqrt(1 + 1 / k)


MISTAKES[
    "tolerance",
    "NumPy divides by k, which makes the spread of few runs too small: ask for k - 1 with ddof=1.",
] = _


def _(runs, t):
    return t * np.std(runs, axis=0, ddof=1)


MISTAKES[
    "tolerance", "you allow for the luck of the one run only: the mean of k runs has some luck left, too."
] = _


def _(runs, t):
    k = runs.shape[0]
    standard_error = runs.std(axis=0, ddof=1) / np.sqrt(k)
    return t * standard_error


MISTAKES[
    "tolerance",
    "this is how uncertain the mean is: one more run has its own luck as well, and far more of it.",
] = _


def _(runs, t):
    k, m = runs.shape
    mean = runs.mean(axis=0)
    variance = ((runs - mean) ** 2).sum(axis=0) / (k - 1)
    return t * np.sqrt(variance + variance / (k - 1))


MISTAKES[
    "tolerance", "k - 1 belongs in the variance only: the mean is one of k runs, so its luck is 1 / k."
] = _


def _(runs, t):
    k = len(runs)
    return t * runs.std(axis=0, ddof=1) * (1 + 1 / k)


MISTAKES[
    "tolerance", "1 + 1 / k is by how much the variance is larger: the tolerance goes with its square root."
] = _


def _(runs, t):
    k = len(runs)
    of_run = runs.std(axis=0, ddof=1)
    of_mean = of_run / np.sqrt(k)
    return t * (of_run + of_mean)


MISTAKES[
    "tolerance",
    "you add two standard deviations: of independent luck the variances add up, so add "
    "squares and then take the square root.",
] = _


def _(runs, t):
    k = len(runs)
    var = runs.var(axis=0, ddof=1)
    return t * (var + var / k)


MISTAKES[
    "tolerance",
    "you take the variance, which is in squared units: its square root is the standard deviation.",
] = _


def _(runs, t):
    k = len(runs)
    var = runs.var(axis=0, ddof=1)
    return t * np.sqrt(1 + 1 / k) * var


ALTERNATIVES[
    "tolerance",
    "you take the variance, which is in squared units: its square root is the standard deviation.",
    "the variance of a run, times the root of 1 + 1 / k",
] = _


def _(runs, t):
    k = len(runs)
    var = runs.var(axis=0, ddof=1)
    return np.sqrt(var + var / k)


MISTAKES[
    "tolerance",
    "this is one standard deviation of the distance, and a third of all true numbers lie "
    "beyond: allow t of them.",
] = _


def _(runs, t):
    k = len(runs)
    s = np.std(runs, axis=0, ddof=1)
    return 2 * s * np.sqrt((k + 1) / k)


MISTAKES[
    "tolerance",
    "two deviations suit many runs: with few, their spread is itself uncertain, so allow t of them.",
] = _


def _(runs, t):
    var = runs.var(axis=0, ddof=1)
    return t * np.sqrt(var + var)


MISTAKES[
    "tolerance",
    "the square root of 2 is for the distance between two single runs: here one of the two is a mean of k.",
] = _


def _(runs, t):
    k = len(runs)
    s = runs.std(axis=1, ddof=1)
    return t * s * np.sqrt(1 + 1 / k)


MISTAKES[
    "tolerance",
    "you go along a run, whose numbers mean different things: compare the k runs with each other, axis=0.",
] = _


def _(runs, t):
    k = runs.shape[1]
    s = runs.std(axis=0, ddof=1)
    return t * s * np.sqrt(1 + 1 / k)


MISTAKES[
    "tolerance", "you count the numbers of a run, runs.shape[1]: the mean is over the k runs, len(runs)."
] = _


def _(runs, t):
    k = len(runs)
    s = runs.std(ddof=1)
    return t * s * np.sqrt(1 + 1 / k)


MISTAKES[
    "tolerance", "you take one spread for all numbers together: each number has a spread of its own, axis=0."
] = _


def _(runs, t):
    k, m = runs.shape
    s = np.std(runs, ddof=1)
    return np.full(m, t * s * np.sqrt(1 + 1 / k))


ALTERNATIVES[
    "tolerance",
    "you take one spread for all numbers together: each number has a spread of its own, axis=0.",
    "the one number repeated m times, so that the shape is right",
] = _


def _(runs, t):
    k = len(runs)
    s = np.sqrt(runs.var(axis=0, ddof=1).mean())
    return t * s * np.sqrt(1 + 1 / k) * np.ones(runs.shape[1])


ALTERNATIVES[
    "tolerance",
    "you take one spread for all numbers together: each number has a spread of its own, axis=0.",
    "the variances of the numbers averaged into one",
] = _


def _(runs, t):
    k = len(runs)
    half = t * runs.std(axis=0, ddof=1) * np.sqrt(1 + 1 / k)
    mean = runs.mean(axis=0)
    low, high = mean - half, mean + half
    return high - low


MISTAKES[
    "tolerance", "this is the whole width of the band: give how far a number may lie to either side."
] = _


def _(runs, t):
    k = len(runs)
    mean = runs.mean(axis=0)
    s = runs.std(axis=0, ddof=1)
    return mean + t * s * np.sqrt(1 + 1 / k)


MISTAKES["tolerance", "this is the upper end of the band: give its distance from the mean."] = _


# ---------------------------------------------------------------- own_passed


def _(runs, t):
    k = len(runs)
    mean = runs.mean(axis=0)
    s = runs.std(axis=0, ddof=1)
    return np.mean(np.abs(runs - mean) <= t * s * np.sqrt(1 + 1 / k))


MISTAKES[
    "own_passed",
    "each run is among those that it is held against, and pulls their mean towards itself: leave it out.",
] = _


def _(runs, t):
    n = len(runs) - 1
    mean = runs.mean(axis=0)
    s = runs.std(axis=0, ddof=1)
    return np.mean(np.abs(runs - mean) <= t * s * np.sqrt(1 + 1 / n))


ALTERNATIVES[
    "own_passed",
    "each run is among those that it is held against, and pulls their mean towards itself: leave it out.",
    "mean and s of all k runs, but with n = k - 1 under the root",
] = _


def _(runs, t):
    k, m = runs.shape
    overall = runs.mean(axis=0)
    passed = 0
    for i in range(k):
        others = np.delete(runs, i, axis=0)
        n = len(others)
        s = others.std(axis=0, ddof=1)
        passed += np.sum(np.abs(runs[i] - overall) <= t * s * np.sqrt(1 + 1 / n))
    return passed / (k * m)


MISTAKES[
    "own_passed", "the mean still contains the run itself: take that of the others, as you do for s."
] = _


def _(runs, t):
    s = np.std(runs, axis=0, ddof=1)
    passed = []
    for i in range(len(runs)):
        others = np.concatenate([runs[:i], runs[i + 1 :]])
        n = len(others)
        limit = t * s * np.sqrt(1 + 1 / n)
        passed.append(np.abs(runs[i] - others.mean(axis=0)) <= limit)
    return np.mean(passed)


MISTAKES[
    "own_passed", "s still contains the run itself: take that of the others, as you do for the mean."
] = _


def _(runs, t):
    k = len(runs)
    hits = np.zeros(runs.shape, dtype=bool)
    for i in range(k):
        others = runs[np.arange(k) != i]
        limit = t * others.std(axis=0, ddof=1) * np.sqrt(1 + 1 / k)
        hits[i] = np.abs(runs[i] - others.mean(axis=0)) <= limit
    return hits.mean()


MISTAKES["own_passed", "the mean is one of k - 1 runs, since one was left out: n is k - 1."] = _


def _(runs, t):
    k = len(runs)
    hits = np.zeros(runs.shape, dtype=bool)
    for i in range(k):
        others = runs[np.arange(k) != i]
        n = k - 1
        limit = t * others.std(axis=0) * np.sqrt(1 + 1 / n)
        hits[i] = np.abs(runs[i] - others.mean(axis=0)) <= limit
    return hits.mean()


MISTAKES[
    "own_passed",
    "NumPy divides by n, which makes the spread of few runs too small: ask for n - 1 with ddof=1.",
] = _


def _(runs, t):
    count = 0
    for i, run in enumerate(runs):
        others = np.delete(runs, i, axis=0)
        s = others.std(axis=0, ddof=1)
        distance = np.abs(run - others.mean(axis=0))
        count += (distance <= t * s).sum()
    return count / runs.size


MISTAKES[
    "own_passed",
    "you allow for the luck of the run only: the mean of the others has some too, by the "
    "factor sqrt(1 + 1 / n).",
] = _


def _(runs, t):
    count = 0
    for i, run in enumerate(runs):
        others = np.delete(runs, i, axis=0)
        n = len(others)
        s = others.std(axis=0, ddof=1)
        distance = np.abs(run - others.mean(axis=0))
        count += (distance <= t * s * np.sqrt(1 / n)).sum()
    return count / runs.size


MISTAKES[
    "own_passed",
    "you allow for the luck of the mean only: the run that you hold against it has its "
    "own, the 1 under the root.",
] = _


def _(runs, t):
    passed = []
    for i in range(len(runs)):
        others = np.delete(runs, i, axis=0)
        n = others.shape[0]
        tol = t * others.std(axis=0, ddof=1) * (1 + 1 / n)
        passed.append(np.abs(runs[i] - others.mean(axis=0)) <= tol)
    return np.mean(passed)


MISTAKES[
    "own_passed", "1 + 1 / n is by how much the variance is larger: the tolerance goes with its square root."
] = _


def _(runs, t):
    passed = []
    for i in range(len(runs)):
        others = np.delete(runs, i, axis=0)
        n = others.shape[0]
        tol = t * others.std(axis=0, ddof=1) * np.sqrt(1 + 1 / n)
        passed.append(runs[i] - others.mean(axis=0) <= tol)
    return np.mean(passed)


MISTAKES[
    "own_passed", "a number far below the mean passes, too: compare the size of the distance, np.abs(...)."
] = _


def _(runs, t):
    k, m = runs.shape
    outside = 0
    for i in range(k):
        others = np.delete(runs, i, axis=0)
        n = k - 1
        tol = t * others.std(axis=0, ddof=1) * np.sqrt(1 + 1 / n)
        outside += np.count_nonzero(np.abs(runs[i] - others.mean(axis=0)) > tol)
    return outside / (k * m)


MISTAKES["own_passed", "you give the fraction that is refused: those that pass are the others."] = _


def _(runs, t):
    k, m = runs.shape
    passed = 0
    for i in range(k):
        others = np.delete(runs, i, axis=0)
        mean, s = others.mean(axis=0), others.std(axis=0, ddof=1)
        tol = t * s * np.sqrt(1 + 1 / (k - 1))
        for j in range(m):
            if abs(runs[i, j] - mean[j]) <= tol[j]:
                passed += 1
    return passed


MISTAKES["own_passed", "you count them: divide by the number of all, k m."] = _


def _(runs, t):
    k = len(runs)
    fractions = np.zeros(k)
    for i in range(k):
        others = np.delete(runs, i, axis=0)
        tol = t * others.std(axis=0, ddof=1) * np.sqrt(1 + 1 / (k - 1))
        fractions[i] = np.mean(np.abs(runs[i] - others.mean(axis=0)) <= tol)
    return fractions


MISTAKES["own_passed", "you give a fraction for each run: take the mean of these, one number."] = _


def _(runs, t):
    k = len(runs)
    good = 0
    for i in range(k):
        others = np.delete(runs, i, axis=0)
        tol = t * others.std(axis=0, ddof=1) * np.sqrt(1 + 1 / (k - 1))
        if np.all(np.abs(runs[i] - others.mean(axis=0)) <= tol):
            good += 1
    return good / k


MISTAKES["own_passed", "you count the runs that pass as a whole: count the numbers."] = _


def _(runs, t):
    one, others = runs[0], runs[1:]
    n = len(others)
    tol = t * others.std(axis=0, ddof=1) * np.sqrt(1 + 1 / n)
    return np.mean(np.abs(one - others.mean(axis=0)) <= tol)


MISTAKES["own_passed", "only the first run was held against the others: each of the k takes its turn."] = _


def _(runs, t):
    k, m = runs.shape
    passed = 0
    for i in range(k):
        others = np.delete(runs, i, axis=0)
        tol = t * others.std(axis=0, ddof=1) * np.sqrt(1 + 1 / (k - 1))
        passed += np.sum(np.abs(runs[i] - others.mean(axis=0)) <= tol)
        return passed / (k * m)


ALTERNATIVES[
    "own_passed",
    "only the first run was held against the others: each of the k takes its turn.",
    "the return stands in the loop, and what the first run passes is divided by k m",
] = _


def _(runs, t):
    k = len(runs)
    for i in range(k):
        others = np.delete(runs, i, axis=0)
        tol = t * others.std(axis=0, ddof=1) * np.sqrt(1 + 1 / (k - 1))
        passed = np.abs(runs[i] - others.mean(axis=0)) <= tol
    return passed.mean()


MISTAKES[
    "own_passed", "only the last run counts: collect what passes of each run, and return after the loop."
] = _


def _(runs, t):
    k, m = runs.shape
    for i in range(k):
        passed = 0
        others = np.delete(runs, i, axis=0)
        tol = t * others.std(axis=0, ddof=1) * np.sqrt(1 + 1 / (k - 1))
        passed += np.sum(np.abs(runs[i] - others.mean(axis=0)) <= tol)
    return passed / (k * m)


ALTERNATIVES[
    "own_passed",
    "only the last run counts: collect what passes of each run, and return after the loop.",
    "the counter is set to 0 inside the loop, and the last count is divided by k m",
] = _


def _(runs, t):
    passed = []
    for i in range(len(runs)):
        others = np.delete(runs, i, axis=0)
        n = len(others)
        s = others.std(axis=0, ddof=1) / np.sqrt(n)
        tol = t * s * np.sqrt(1 + 1 / n)
        passed.append(np.abs(runs[i] - others.mean(axis=0)) <= tol)
    return np.mean(passed)


MISTAKES[
    "own_passed", "you divide s by sqrt(n), though one single run is held against the mean: take s as it is."
] = _


# ---------------------------------------------------------------- small_pixels


def _(c, n):
    weights = np.sqrt(c)
    learning_rate = c
    return weights, learning_rate


MISTAKES["small_pixels", "this holds for two layers: with n of them, each has less to make up for."] = _


def _(c, n):
    return c, c**2


MISTAKES[
    "small_pixels",
    "this holds for a single layer: with n of them, it is the product of their factors that has to be c.",
] = _


def _(c, n):
    return c ** (1 / n), c


MISTAKES[
    "small_pixels",
    "the weights are right, but this learning rate is that of two layers: it is the "
    "square of the factor of the weights.",
] = _


def _(c, n):
    factor = c ** (1 / n)
    return factor, factor


MISTAKES[
    "small_pixels",
    "the weights grow by this factor, but their gradient also shrinks by it: the "
    "learning rate has to make up for both.",
] = _


def _(c, n):
    weights = np.exp(np.log(c) / n)
    return weights, 1.0


MISTAKES[
    "small_pixels",
    "the weights have grown, and their gradients shrunk, so the old learning rate moves them too little.",
] = _


def _(c, n):
    weights = c ** (1.0 / n)
    learning_rate = c**2
    return weights, learning_rate


MISTAKES[
    "small_pixels",
    "c**2 is right for a single layer: here each layer's weights have only grown by the n-th root of c.",
] = _


def _(c, n):
    return 1.0, 1.0


MISTAKES[
    "small_pixels",
    "with the same weights the scores are c times smaller from the first step on: begin with the weights.",
] = _


def _(c, n):
    return 1.0, c ** (2 / n)


ALTERNATIVES[
    "small_pixels",
    "with the same weights the scores are c times smaller from the first step on: begin with the weights.",
    "the same weights, with the right learning rate",
] = _


def _(c, n):
    weights = 1.0
    learning_rate = c
    return weights, learning_rate


MISTAKES[
    "small_pixels",
    "a higher learning rate alone does not do it, as the figure shows: the initial "
    "weights are too small for such pixels.",
] = _


def _(c, n):
    return 1.0, c**2


ALTERNATIVES[
    "small_pixels",
    "a higher learning rate alone does not do it, as the figure shows: the "
    "initial weights are too small for such pixels.",
    "c**2, which a single layer needs",
] = _


def _(c, n):
    return 1.0, c ** (2 / n)


ALTERNATIVES[
    "small_pixels",
    "a higher learning rate alone does not do it, as the figure shows: the "
    "initial weights are too small for such pixels.",
    "the right learning rate, with the same weights",
] = _


def _(c, n):
    weights = (1 / c) ** (1 / n)
    learning_rate = weights**2
    return weights, learning_rate


MISTAKES[
    "small_pixels", "it is the other way round: smaller pixels need larger weights to give the same scores."
] = _


def _(c, n):
    return c ** (-1 / n), c ** (2 / n)


ALTERNATIVES[
    "small_pixels",
    "it is the other way round: smaller pixels need larger weights to give the same scores.",
    "the weights alone are the wrong way round",
] = _


def _(c, n):
    weights = c ** (1 / n)
    learning_rate = 1 / weights**2
    return weights, learning_rate


MISTAKES[
    "small_pixels",
    "the learning rate goes the wrong way: larger weights have smaller gradients, so it has to grow.",
] = _


def _(c, n):
    weights = c ** (1 / n)
    return weights, 1 / weights


ALTERNATIVES[
    "small_pixels",
    "the learning rate goes the wrong way: larger weights have smaller gradients, so it has to grow.",
    "divided by the factor of the weights once",
] = _


def _(c, n):
    weights = c ** (1 / n)
    learning_rate = weights**2
    return learning_rate, weights


MISTAKES["small_pixels", "the two are exchanged: the factor of the weights comes first."] = _


def _(c, n):
    share = c / n
    return share, share**2


MISTAKES[
    "small_pixels", "you divide c by the number of layers: but layers multiply, so each takes the n-th root."
] = _


def _(c, n):
    hidden = n - 1
    weights = c ** (1 / hidden)
    return weights, weights**2


MISTAKES["small_pixels", "you count hidden layers, n - 1 of them: the output layer has weights too."] = _


def _(c, n):
    weights = c ** (1 / n)
    learning_rate = weights ** (n - 1)
    return weights, learning_rate


MISTAKES[
    "small_pixels",
    "this is the factor of the other layers: the learning rate has to suit one layer, "
    "whose weights grow and whose gradient shrinks.",
] = _


def _(c, n):
    weights = c ** (1 / n)
    learning_rate = weights ** (2 * (n - 1))
    return weights, learning_rate


ALTERNATIVES[
    "small_pixels",
    "this is the factor of the other layers: the learning rate has to suit one "
    "layer, whose weights grow and whose gradient shrinks.",
    "the square of the factors of the others",
] = _
