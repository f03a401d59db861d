"""Mistakes written anew by somebody who saw only the sentence that describes each."""

import numpy as np

MISTAKES = {}
# Second readings of a sentence that fits more than one mistake: ((name, sentence), function).
ALTERNATIVES = []


def _(z):
    off = z <= 0
    return off.sum() / z.size


MISTAKES[
    "dead",
    "you count closed gates, pairs of an example and a unit: a unit is dead only where all "
    "its gates are closed.",
] = _


def _(z):
    off = np.any(z <= 0, axis=0)
    return np.mean(off)


MISTAKES[
    "dead",
    "you count the units that are off for some example: dead are those that are off for every one.",
] = _


def _(z):
    dead = np.all(z <= 0, axis=1)
    return dead.sum() / len(dead)


MISTAKES["dead", "you count examples for which all units are off: go down the columns, axis=0."] = _


def _(z):
    highest = z.max(axis=0)
    return np.mean(highest < 0)


MISTAKES["dead", "at a sum of exactly 0 nothing passes either: write z <= 0."] = _


def _(z):
    count = 0
    for unit in z.T:
        if not (unit > 0).any():
            count += 1
    return count


MISTAKES["dead", "you give their number: divide it by that of all units."] = _


def _(z):
    dead = np.all(z <= 0, axis=0)
    return dead.sum() / len(z)


MISTAKES["dead", "you divide by the number of examples, len(z): there are z.shape[1] units."] = _


def _(z):
    alive = (z > 0).any(axis=0)
    return alive.mean()


MISTAKES["dead", "you give the fraction that is alive: dead are the others."] = _


def _(z):
    on = z > 0
    return on.all(axis=0).mean()


MISTAKES["dead", "you count the units that are on for every example: these are linear, not dead."] = _


def _(z):
    average = z.mean(axis=0)
    return (average < 0).sum() / z.shape[1]


MISTAKES[
    "dead",
    "you ask whether the mean of a unit is below 0: one example above 0 is enough to keep it alive.",
] = _


def _(z):
    return np.max(z, axis=0) <= 0


MISTAKES["dead", "you tell for each unit whether it is dead: the mean of that is the fraction."] = _


def _(z):
    n_units = z.shape[1]
    n_dead = np.sum(np.all(z <= 0, axis=0))
    return 100 * n_dead / n_units


MISTAKES["dead", "you give percent: a fraction lies between 0 and 1."] = _


def _(z):
    return np.all(z == 0, axis=0).mean()


MISTAKES[
    "dead",
    "you look for sums of 0: off are all those that are not above 0. It is the ReLU's output that is 0.",
] = _


def _(z):
    # the sum over the examples
    return np.mean(z.sum(axis=0) == 0)


ALTERNATIVES.append(
    (
        (
            "dead",
            "you look for sums of 0: off are all those that are not above 0. It is the ReLU's output "
            "that is 0.",
        ),
        _,
    )
)


def _(X, w):
    sums = X @ w
    return np.median(sums)


MISTAKES[
    "revive",
    "the sign: this bias moves the sums further away from 0. What is to be added to m to make 0?",
] = _


def _(X, w):
    z = np.dot(X, w)
    return -z.mean()


MISTAKES[
    "revive",
    "you take the mean: the sums are skewed, and another fraction than half lies above it.",
] = _


def _(X, w):
    z = X @ w
    return -np.max(z)


MISTAKES[
    "revive",
    "you have raised the largest sum to 0, and there the unit is still off, for every row.",
] = _


def _(X, w):
    sums = np.sort(X @ w)
    return -sums[0]


MISTAKES[
    "revive",
    "you have raised the smallest sum to 0: the unit is on for all rows but one, next to linear.",
] = _


def _(X, w):
    z = X @ w
    low, high = z.min(), z.max()
    return -(low + high) / 2


MISTAKES[
    "revive",
    "you take the middle between the smallest and the largest sum, which two rows alone "
    "decide: the median has half of the rows on each side.",
] = _


def _(X, w):
    middle = np.median(X, axis=0)
    return -(middle @ w)


MISTAKES[
    "revive",
    "you take the median of each input: the median of a sum is not the sum of the medians.",
] = _


def _(X, w):
    return -np.median(X)


MISTAKES["revive", "you take the median of all inputs together: first form the weighted sums, X @ w."] = _


def _(X, w):
    return -np.median(X * w)


ALTERNATIVES.append(
    (
        (
            "revive",
            "you take the median of all inputs together: first form the weighted sums, X @ w.",
        ),
        _,
    )
)


def _(X, w):
    return -np.median(X) * np.sum(w)


ALTERNATIVES.append(
    (
        (
            "revive",
            "you take the median of all inputs together: first form the weighted sums, X @ w.",
        ),
        _,
    )
)


def _(X, w):
    h = np.maximum(X @ w, 0)
    return -np.median(h)


MISTAKES[
    "revive",
    "you take the median after the ReLU, where every sum of this unit is 0 already: take that of X @ w.",
] = _


def _(X, w):
    z = X @ w
    return np.zeros(len(z)) - z


MISTAKES["revive", "you give a bias for each row: a unit has one bias for all of them."] = _


def _(X, w):
    return np.full(len(X), -np.median(X @ w))


ALTERNATIVES.append((("revive", "you give a bias for each row: a unit has one bias for all of them."), _))


def _(X, w):
    z = X @ w / np.linalg.norm(w)
    return -np.median(z)


MISTAKES[
    "revive",
    "you have divided by the length of w, as for the distance of a line: the bias adds to the sum itself.",
] = _


def _(X, w):
    sums = X.sum(axis=1)
    return -np.median(sums)


MISTAKES["revive", "you have left the weights out: the bias adds to X @ w, not to X."] = _


def _(X, w):
    return -np.median(X, axis=0)


ALTERNATIVES.append((("revive", "you have left the weights out: the bias adds to X @ w, not to X."), _))


def _(X, w):
    return -np.median(X.mean(axis=1))


ALTERNATIVES.append((("revive", "you have left the weights out: the bias adds to X @ w, not to X."), _))
