"""Exercises of topic 02: count dead units, revive one by its bias, and find the largest safe rate."""

import numpy as np

from course import datasets, initializers, network, search, statistics
from course.practice.exercises import Exercise, Finding, Mistake

TOPIC = "02_dead_relu"


# Counting the dead.


def pre_activations(rng):
    """Of 9 units two are dead, one of them once at 0, three are always on, and one is on in a single row.

    Of the others one has a mean below 0 and two above: so many are in no other way counted as dead.
    """
    z = rng.uniform(-1, 1, (12, 9))
    size = np.abs(z) + 0.1
    z[:, 6:] += [-0.8, 0.4, 0.4]
    z[:, :2], z[:, 2:5], z[:, 5] = -size[:, :2], size[:, 2:5], -size[:, 5]
    z[5, 0], z[7, 5:] = 0, 1
    return (z[:, rng.permutation(9)],)


def dead(z):
    return (z <= 0).all(axis=0).mean()


DEAD = Exercise(
    TOPIC,
    "Half of the line (slide 26)",
    "Write my_dead(z): the fraction of dead units. z holds the weighted sums, a row for each example and a "
    "column for each unit. A unit is dead where no example raises its sum above 0.",
    pre_activations,
    dead,
    variants=(
        lambda z: np.mean(z.max(axis=0) <= 0),
        lambda z: 1 - (z > 0).any(axis=0).mean(),
        lambda z: sum(1 for unit in z.T if max(unit) <= 0) / z.shape[1],
        lambda z: np.float32(np.mean(np.maximum(z, 0).sum(axis=0) == 0)),
    ),
    mistakes=(
        Mistake(
            lambda z: (z <= 0).mean(),
            "you count closed gates, pairs of an example and a unit: a unit is dead only where all its gates "
            "are closed.",
        ),
        Mistake(
            lambda z: (z <= 0).any(axis=0).mean(),
            "you count the units that are off for some example: dead are those that are off for every one.",
        ),
        Mistake(
            lambda z: (z <= 0).all(axis=1).mean(),
            "you count examples for which all units are off: go down the columns, axis=0.",
        ),
        Mistake(
            lambda z: (z < 0).all(axis=0).mean(),
            "at a sum of exactly 0 nothing passes either: write z <= 0.",
        ),
        Mistake(
            lambda z: (z <= 0).all(axis=0).sum(), "you give their number: divide it by that of all units."
        ),
        Mistake(
            lambda z: (z <= 0).all(axis=0).sum() / len(z),
            "you divide by the number of examples, len(z): there are z.shape[1] units.",
        ),
        Mistake(
            lambda z: (z > 0).any(axis=0).mean(), "you give the fraction that is alive: dead are the others."
        ),
        Mistake(
            lambda z: (z > 0).all(axis=0).mean(),
            "you count the units that are on for every example: these are linear, not dead.",
        ),
        Mistake(
            lambda z: (z.mean(axis=0) <= 0).mean(),
            "you ask whether the mean of a unit is below 0: one example above 0 is enough to keep it alive.",
        ),
        Mistake(
            lambda z: (z <= 0).all(axis=0),
            "you tell for each unit whether it is dead: the mean of that is the fraction.",
        ),
        Mistake(
            lambda z: 100 * (z <= 0).all(axis=0).mean(),
            "you give percent: a fraction lies between 0 and 1.",
        ),
        Mistake(
            lambda z: (z == 0).mean(),
            "you look for sums of 0: off are all those that are not above 0. It is the ReLU's output that is "
            "0.",
        ),
    ),
    hints=(
        "z <= 0 tells where a gate is closed. Which axis of it are the examples?",
        "A unit is dead where its whole column is closed: .all(axis=0).",
        "The mean of truth values is the fraction of those that are true.",
    ),
    own=(statistics.dead,),
)


# Reviving a unit.


def unit_and_rows(rng):
    """A unit whose sums are skewed and far from 0."""
    X = rng.exponential(1, (15, 3)) + rng.uniform(0.5, 1, 3)
    return X, np.array([-1.0, -0.7, -1.5]) * rng.uniform(0.5, 1.5, 3)


def revive(X, w):
    return -np.median(X @ w)


REVIVE = Exercise(
    TOPIC,
    "Why it never comes back",
    "A unit with weights w is off for all rows of X. Write my_revive(X, w): the bias that puts the median of "
    "its weighted sums at 0, so that the unit is on for half of the rows.",
    unit_and_rows,
    revive,
    variants=(
        lambda X, w: float(np.median(-(X @ w))),
        lambda X, w: -np.sort(X @ w)[len(X) // 2],
        lambda X, w: -np.quantile((X * w).sum(axis=1), 0.5),
    ),
    mistakes=(
        Mistake(
            lambda X, w: np.median(X @ w),
            "the sign: this bias moves the sums further away from 0. What is to be added to m to make 0?",
        ),
        Mistake(
            lambda X, w: -np.mean(X @ w),
            "you take the mean: the sums are skewed, and another fraction than half lies above it.",
        ),
        Mistake(
            lambda X, w: -np.max(X @ w),
            "you have raised the largest sum to 0, and there the unit is still off, for every row.",
        ),
        Mistake(
            lambda X, w: -np.min(X @ w),
            "you have raised the smallest sum to 0: the unit is on for all rows but one, next to linear.",
        ),
        Mistake(
            lambda X, w: -(np.max(X @ w) + np.min(X @ w)) / 2,
            "you take the middle between the smallest and the largest sum, which two rows alone decide: the "
            "median has half of the rows on each side.",
        ),
        Mistake(
            lambda X, w: -np.median(X, axis=0) @ w,
            "you take the median of each input: the median of a sum is not the sum of the medians.",
        ),
        Mistake(
            lambda X, w: -np.median(X) * np.sum(w),
            "you take the median of all inputs together: first form the weighted sums, X @ w.",
        ),
        Mistake(
            lambda X, w: -np.median(np.maximum(X @ w, 0)),
            "you take the median after the ReLU, where every sum of this unit is 0 already: take that of X @ "
            "w.",
        ),
        Mistake(
            lambda X, w: -(X @ w),
            "you give a bias for each row: a unit has one bias for all of them.",
        ),
        Mistake(
            lambda X, w: -np.median(X @ w) / np.linalg.norm(w),
            "you have divided by the length of w, as for the distance of a line: the bias adds to the sum "
            "itself.",
        ),
        Mistake(
            lambda X, w: -np.median(X),
            "you have left the weights out: the bias adds to X @ w, not to X.",
        ),
    ),
    hints=(
        "Form the weighted sums of all rows, z = X @ w. The bias is added to each of them.",
        "If the median of z is m, the median of z + b is m + b.",
    ),
)


# The largest rate.


def safe_rate():
    images, y = datasets.digits()
    X = (images.reshape(-1, 64) / 4 - 1.2).astype(np.float32)
    X, y, *held_out = datasets.split(np.random.default_rng(3), X, y, held_out=300)
    shape, rngs = [64, 100, 10], [np.random.default_rng(seed) for seed in range(10)]
    nets = [network.create(rng, shape, initializers.he, np.float32) for rng in rngs]
    rates, rng = np.array([0.1, 0.2, 0.3, 0.35, 0.4, 0.5]), np.random.default_rng(4)
    params, _ = search.sweep(nets, rates, X, y, rng=rng, epochs=10, validation=held_out)
    lost = statistics.dead(network.linear(X, *params[0]))
    safe = np.flatnonzero(lost.mean(axis=0) < 0.01)[-1]
    return {
        "rate": rates[safe],
        "next_rate": rates[safe + 1],
        "dead": lost.mean(axis=0)[safe],
        "starts": len(nets),
    }


SAFE = {"rate": 0.3, "next_rate": 0.4, "dead": 0.002, "starts": 10}
RATE = Finding(
    TOPIC,
    "How many die? (slide 28)",
    "What is the largest learning rate at which fewer than 1% of the units die? Take `census` with at least "
    "ten starts and learning rates of your own. Hand in that rate, the next higher one of your grid, and the "
    "mean fraction of dead units at the first.",
    {
        "rate": "largest rate of the grid with a mean below 1% dead",
        "next_rate": "the next rate of the grid, where more die",
        "dead": "mean fraction of dead units at that rate",
        "starts": "number of starts",
    },
    safe_rate,
    right={"rate": (0.25, 0.4), "next_rate": (0.3, 0.5), "dead": (0, 0.01), "starts": (10, 10_000)},
    variants=(
        SAFE,
        {**SAFE, "rate": 0.35, "dead": 0.006, "starts": 20},
        {**SAFE, "dead": 0, "next_rate": 0.35},
    ),
    mistakes=(
        Mistake(
            {**SAFE, "rate": 0.5, "next_rate": 0.6, "dead": 0.0, "starts": 1},
            "one start may be a lucky one: between starts the fraction of dead units differs severalfold.",
            lambda found: found["starts"] < 2,
        ),
        Mistake(
            {**SAFE, "dead": 0.2},
            "a fraction lies between 0 and 1: 1% is 0.01.",
            lambda found: 0.01 <= found["dead"] < 1 and found["rate"] < 0.4,
        ),
        Mistake(
            {**SAFE, "rate": 0.1, "next_rate": 0.3, "dead": 0.001},
            "your grid is too coarse: there is room between this rate and the next one. Try some in between.",
            lambda found: found["next_rate"] > 1.7 * found["rate"],
        ),
        Mistake(
            {**SAFE, "rate": 0.3, "next_rate": 0.3},
            "this is the edge of your grid: until a higher rate kills, nobody knows that this is the "
            "largest.",
            lambda found: found["next_rate"] <= found["rate"],
        ),
        Mistake(
            {**SAFE, "rate": 0.85, "next_rate": 1.0, "dead": 0.3},
            "this is where the accuracy is still good, and a third of the units are dead: look at the dead.",
            lambda found: found["rate"] >= 0.7,
        ),
        Mistake(
            {**SAFE, "rate": 0.5, "next_rate": 0.6, "dead": 0.05},
            "more than 1% die at this rate: take the largest one below that.",
            lambda found: found["dead"] >= 0.01,
        ),
    ),
    hints=(
        "census(0, starts=10, rates=[...]) returns the fraction of dead units after training as its second "
        "array.",
        "Take the mean over the starts at each rate, and look where it passes 0.01.",
        "The grid must have rates on both sides, near each other there.",
    ),
)

EXERCISES = [DEAD, REVIVE, RATE]
