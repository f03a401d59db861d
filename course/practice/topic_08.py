"""Exercises of topic 08: when numbers agree, what agreement is worth, and what small pixels change."""

import numpy as np

from course import reproduction, statistics
from course.practice.exercises import Exercise, Finding, Mistake

TOPIC = "08_lecture_by_the_numbers"


# How far a number may lie from the mean.


def some_runs(rng):
    """A few runs of more numbers, each with a mean and a spread of its own, and Student's t."""
    k = int(rng.integers(5, 9))
    runs = rng.uniform(-3, 3, 10) + rng.uniform(0.5, 2, 10) * rng.standard_normal((k, 10))
    return runs, float(rng.uniform(2.3, 2.9))


def tolerance(runs, t):
    s = runs.std(axis=0, ddof=1)
    return t * s * np.sqrt(1 + 1 / len(runs))


TOLERANCE = Exercise(
    TOPIC,
    "When do two numbers agree?",
    "runs holds k runs of the same m numbers, in the shape (k, m). Write my_tolerance(runs, t): for each "
    "of the m numbers, how far that of one more run may lie from the mean of the k, an array of the shape "
    "(m,). It is t times the standard deviation of the difference of the two, which contains the luck of "
    "the one run and that of the mean. Estimate the variance of a run with k - 1.",
    some_runs,
    tolerance,
    variants=(
        lambda runs, t: t * np.sqrt(runs.var(axis=0, ddof=1) * (len(runs) + 1) / len(runs)),
        lambda runs, t: t * np.hypot(runs.std(axis=0, ddof=1), runs.std(axis=0, ddof=1) / len(runs) ** 0.5),
        lambda runs, t: np.array(
            [
                t * (sum((column - column.mean()) ** 2) / (len(column) - 1) * (1 + 1 / len(column))) ** 0.5
                for column in runs.T
            ]
        ),
        lambda runs, t: (t * runs.std(axis=0, ddof=1) * (1 + 1 / len(runs)) ** 0.5).astype(np.float32),
    ),
    mistakes=(
        Mistake(
            lambda runs, t: t * runs.std(axis=0) * np.sqrt(1 + 1 / len(runs)),
            "NumPy divides by k, which makes the spread of few runs too small: ask for k - 1 with ddof=1.",
        ),
        Mistake(
            lambda runs, t: t * runs.std(axis=0, ddof=1),
            "you allow for the luck of the one run only: the mean of k runs has some luck left, too.",
        ),
        Mistake(
            lambda runs, t: t * runs.std(axis=0, ddof=1) / np.sqrt(len(runs)),
            "this is how uncertain the mean is: one more run has its own luck as well, and far more of it.",
        ),
        Mistake(
            lambda runs, t: t * runs.std(axis=0, ddof=1) * np.sqrt(1 + 1 / (len(runs) - 1)),
            "k - 1 belongs in the variance only: the mean is one of k runs, so its luck is 1 / k.",
        ),
        Mistake(
            lambda runs, t: t * runs.std(axis=0, ddof=1) * (1 + 1 / len(runs)),
            "1 + 1 / k is by how much the variance is larger: the tolerance goes with its square root.",
        ),
        Mistake(
            lambda runs, t: t * runs.std(axis=0, ddof=1) * (1 + 1 / np.sqrt(len(runs))),
            "you add two standard deviations: of independent luck the variances add up, so add squares and "
            "then take the square root.",
        ),
        Mistake(
            lambda runs, t: t * runs.var(axis=0, ddof=1) * np.sqrt(1 + 1 / len(runs)),
            "you take the variance, which is in squared units: its square root is the standard deviation.",
        ),
        Mistake(
            lambda runs, t: runs.std(axis=0, ddof=1) * np.sqrt(1 + 1 / len(runs)),
            "this is one standard deviation of the distance, and a third of all true numbers lie beyond: "
            "allow t of them.",
        ),
        Mistake(
            lambda runs, t: 2 * runs.std(axis=0, ddof=1) * np.sqrt(1 + 1 / len(runs)),
            "two deviations suit many runs: with few, their spread is itself uncertain, so allow t of them.",
        ),
        Mistake(
            lambda runs, t: t * runs.std(axis=0, ddof=1) * np.sqrt(2),
            "the square root of 2 is for the distance between two single runs: here one of the two is a "
            "mean of k.",
        ),
        Mistake(
            lambda runs, t: t * runs.std(axis=1, ddof=1) * np.sqrt(1 + 1 / runs.shape[1]),
            "you go along a run, whose numbers mean different things: compare the k runs with each other, "
            "axis=0.",
        ),
        Mistake(
            lambda runs, t: t * runs.std(axis=0, ddof=1) * np.sqrt(1 + 1 / runs.shape[1]),
            "you count the numbers of a run, runs.shape[1]: the mean is over the k runs, len(runs).",
        ),
        Mistake(
            lambda runs, t: t * runs.std(ddof=1) * np.sqrt(1 + 1 / len(runs)),
            "you take one spread for all numbers together: each number has a spread of its own, axis=0.",
        ),
        Mistake(
            lambda runs, t: 2 * t * runs.std(axis=0, ddof=1) * np.sqrt(1 + 1 / len(runs)),
            "this is the whole width of the band: give how far a number may lie to either side.",
        ),
        Mistake(
            lambda runs, t: runs.mean(axis=0) + t * runs.std(axis=0, ddof=1) * np.sqrt(1 + 1 / len(runs)),
            "this is the upper end of the band: give its distance from the mean.",
        ),
    ),
    hints=(
        "What is the variance of one run, in terms of s? And what is that of the mean of k runs?",
        "The variance of the difference of two independent numbers is the sum of their variances.",
        "s**2 + s**2 / k is the variance of the distance: take its square root, and t times that.",
    ),
    own=(reproduction.compare,),
    float32=False,
)


# Each run held against the others.


def many_numbers(rng):
    """So many numbers that two rules do not pass equally many by chance."""
    k = int(rng.integers(5, 8))
    return rng.uniform(-1, 1, 300) + rng.uniform(0.5, 2, 300) * rng.standard_normal((k, 300)), float(
        rng.uniform(1.1, 1.6)
    )


def own_passed(runs, t):
    passed = []
    for i, run in enumerate(runs):
        others = np.delete(runs, i, axis=0)
        allowed = t * others.std(axis=0, ddof=1) * np.sqrt(1 + 1 / len(others))
        passed.append(np.abs(run - others.mean(axis=0)) <= allowed)
    return np.mean(passed)


def own_passed_by_sums(runs, t):
    k = len(runs)
    mean = (runs.sum(axis=0) - runs) / (k - 1)
    squares = (np.square(runs).sum(axis=0) - runs**2) - (k - 1) * mean**2
    return np.mean((runs - mean) ** 2 <= t**2 * squares / (k - 2) * k / (k - 1))


def own_passed_by_loops(runs, t):
    passed = 0
    for i in range(runs.shape[0]):
        for j in range(runs.shape[1]):
            others = [float(run[j]) for h, run in enumerate(runs) if h != i]
            mean = sum(others) / len(others)
            s = (sum((x - mean) ** 2 for x in others) / (len(others) - 1)) ** 0.5
            passed += abs(runs[i, j] - mean) <= t * s * (1 + 1 / len(others)) ** 0.5
    return passed / runs.size


def _held(runs, t, *, mean_of_all=False, s_of_all=False, ddof=1, factor=lambda k: np.sqrt(1 + 1 / k)):
    """Return the distance of each run from the mean of the others, over the tolerance that they give."""
    ratios = []
    for i, run in enumerate(runs):
        others = np.delete(runs, i, axis=0)
        mean = (runs if mean_of_all else others).mean(axis=0)
        s = (runs if s_of_all else others).std(axis=0, ddof=ddof)
        ratios.append((run - mean) / (t * s * factor(len(others))))
    return np.array(ratios)


OWN_PASSED = Exercise(
    TOPIC,
    "When do two numbers agree?",
    "runs holds k runs of the same m numbers, in the shape (k, m). Hold each run against the k - 1 others: "
    "a number passes where it lies within t s sqrt(1 + 1 / n) of the mean of the n others, whose standard "
    "deviation s is estimated with n - 1. Write my_own_passed(runs, t): the fraction of all k m numbers "
    "that pass.",
    many_numbers,
    own_passed,
    variants=(own_passed_by_sums, own_passed_by_loops, lambda runs, t: (np.abs(_held(runs, t)) <= 1).mean()),
    mistakes=(
        Mistake(
            lambda runs, t: (
                np.abs(
                    _held(runs, t, mean_of_all=True, s_of_all=True, factor=lambda n: np.sqrt(1 + 1 / (n + 1)))
                )
                <= 1
            ).mean(),
            "each run is among those that it is held against, and pulls their mean towards itself: leave "
            "it out.",
        ),
        Mistake(
            lambda runs, t: (np.abs(_held(runs, t, mean_of_all=True)) <= 1).mean(),
            "the mean still contains the run itself: take that of the others, as you do for s.",
        ),
        Mistake(
            lambda runs, t: (np.abs(_held(runs, t, s_of_all=True)) <= 1).mean(),
            "s still contains the run itself: take that of the others, as you do for the mean.",
        ),
        Mistake(
            lambda runs, t: (np.abs(_held(runs, t, factor=lambda n: np.sqrt(1 + 1 / (n + 1)))) <= 1).mean(),
            "the mean is one of k - 1 runs, since one was left out: n is k - 1.",
        ),
        Mistake(
            lambda runs, t: (np.abs(_held(runs, t, ddof=0)) <= 1).mean(),
            "NumPy divides by n, which makes the spread of few runs too small: ask for n - 1 with ddof=1.",
        ),
        Mistake(
            lambda runs, t: (np.abs(_held(runs, t, factor=lambda n: 1)) <= 1).mean(),
            "you allow for the luck of the run only: the mean of the others has some too, by the factor "
            "sqrt(1 + 1 / n).",
        ),
        Mistake(
            lambda runs, t: (np.abs(_held(runs, t, factor=lambda n: np.sqrt(1 / n))) <= 1).mean(),
            "you allow for the luck of the mean only: the run that you hold against it has its own, the 1 "
            "under the root.",
        ),
        Mistake(
            lambda runs, t: (np.abs(_held(runs, t, factor=lambda n: 1 + 1 / n)) <= 1).mean(),
            "1 + 1 / n is by how much the variance is larger: the tolerance goes with its square root.",
        ),
        Mistake(
            lambda runs, t: (_held(runs, t) <= 1).mean(),
            "a number far below the mean passes, too: compare the size of the distance, np.abs(...).",
        ),
        Mistake(
            lambda runs, t: (np.abs(_held(runs, t)) > 1).mean(),
            "you give the fraction that is refused: those that pass are the others.",
        ),
        Mistake(
            lambda runs, t: (np.abs(_held(runs, t)) <= 1).sum(),
            "you count them: divide by the number of all, k m.",
        ),
        Mistake(
            lambda runs, t: (np.abs(_held(runs, t)) <= 1).mean(axis=1),
            "you give a fraction for each run: take the mean of these, one number.",
        ),
        Mistake(
            lambda runs, t: (np.abs(_held(runs, t)) <= 1).all(axis=1).mean(),
            "you count the runs that pass as a whole: count the numbers.",
        ),
        Mistake(
            lambda runs, t: (np.abs(_held(runs, t)[0]) <= 1).mean(),
            "only the first run was held against the others: each of the k takes its turn.",
        ),
        Mistake(
            lambda runs, t: (np.abs(_held(runs, t)[-1]) <= 1).mean(),
            "only the last run counts: collect what passes of each run, and return after the loop.",
        ),
        Mistake(
            lambda runs, t: (
                np.abs(_held(runs, 1, factor=lambda n: 1 / n**0.5 * t * np.sqrt(1 + 1 / n))) <= 1
            ).mean(),
            "you divide s by sqrt(n), though one single run is held against the mean: take s as it is.",
        ),
    ),
    hints=(
        "np.delete(runs, i, axis=0) are all runs except run i.",
        "From these others come the mean, s and the tolerance, for each of the m numbers: axis=0.",
        "Compare the absolute distance of run i with the tolerance, collect the truth values of all runs, "
        "and take their mean.",
    ),
    own=(reproduction.compare,),
    float32=False,
)


# Small pixels, any number of layers.


def divisor_and_depth(rng):
    """A divisor of the pixels, and more layers than three, where some wrong rules happen to agree."""
    return float(rng.uniform(3, 300)), int(rng.integers(4, 9))


def small_pixels(c, n):
    # The n factors of the weights make up for c. A step of W = a U moves U by 1 / a**2 of what it did.
    weights = c ** (1 / n)
    return weights, weights**2


SMALL_PIXELS = Exercise(
    TOPIC,
    "Pixels divided by 255 (slides 66 to 74)",
    "A network of n layers without biases, with ReLUs between them, learns by plain gradient descent; now "
    "all pixels are divided by c. By which factor do you multiply all initial weights, and by which one "
    "the learning rate, so that its scores are the same as before at every step? Derive it as the section "
    "does for two layers. Write my_small_pixels(c, n) and return the two factors, that of the weights "
    "first.",
    divisor_and_depth,
    small_pixels,
    variants=(
        lambda c, n: (np.exp(np.log(c) / n), np.exp(2 * np.log(c) / n)),
        lambda c, n: (np.power(c, 1.0 / n), np.power(c * c, 1.0 / n)),
        lambda c, n: (c / c ** ((n - 1) / n), c / c ** ((n - 2) / n)),
        lambda c, n: (np.float32(c) ** np.float32(1 / n), np.float32(c) ** np.float32(2 / n)),
    ),
    mistakes=(
        Mistake(
            lambda c, n: (c**0.5, c),
            "this holds for two layers: with n of them, each has less to make up for.",
        ),
        Mistake(
            lambda c, n: (c, c**2),
            "this holds for a single layer: with n of them, it is the product of their factors that has to "
            "be c.",
        ),
        Mistake(
            lambda c, n: (c ** (1 / n), c),
            "the weights are right, but this learning rate is that of two layers: it is the square of the "
            "factor of the weights.",
        ),
        Mistake(
            lambda c, n: (c ** (1 / n), c ** (1 / n)),
            "the weights grow by this factor, but their gradient also shrinks by it: the learning rate has "
            "to make up for both.",
        ),
        Mistake(
            lambda c, n: (c ** (1 / n), 1.0),
            "the weights have grown, and their gradients shrunk, so the old learning rate moves them too "
            "little.",
        ),
        Mistake(
            lambda c, n: (c ** (1 / n), c**2),
            "c**2 is right for a single layer: here each layer's weights have only grown by the n-th root "
            "of c.",
        ),
        Mistake(
            lambda c, n: (1.0, c**2),
            "with the same weights the scores are c times smaller from the first step on: begin with the "
            "weights.",
        ),
        Mistake(
            lambda c, n: (1.0, c),
            "a higher learning rate alone does not do it, as the figure shows: the initial weights are too "
            "small for such pixels.",
        ),
        Mistake(
            lambda c, n: (c ** (-1 / n), c ** (-2 / n)),
            "it is the other way round: smaller pixels need larger weights to give the same scores.",
        ),
        Mistake(
            lambda c, n: (c ** (1 / n), c ** (-2 / n)),
            "the learning rate goes the wrong way: larger weights have smaller gradients, so it has to grow.",
        ),
        Mistake(
            lambda c, n: (c ** (2 / n), c ** (1 / n)),
            "the two are exchanged: the factor of the weights comes first.",
        ),
        Mistake(
            lambda c, n: (c / n, (c / n) ** 2),
            "you divide c by the number of layers: but layers multiply, so each takes the n-th root.",
        ),
        Mistake(
            lambda c, n: (c ** (1 / (n - 1)), c ** (2 / (n - 1))),
            "you count hidden layers, n - 1 of them: the output layer has weights too.",
        ),
        Mistake(
            lambda c, n: (c ** (1 / n), c ** (1 - 1 / n)),
            "this is the factor of the other layers: the learning rate has to suit one layer, whose "
            "weights grow and whose gradient shrinks.",
        ),
    ),
    hints=(
        "Write the weights of each layer as W = a U. A ReLU lets a positive factor through, so what do the "
        "n layers multiply the scores by?",
        "The product of the n factors has to be c. That gives a.",
        "By the chain rule the gradient for W is that for U divided by a. By how much does a step then "
        "move U = W / a?",
    ),
    float32=False,
)


# Ten more epochs.


def ten_more_epochs():
    five = reproduction.recorded("fine")["validation"][:, -1]
    fifteen = reproduction.recorded("fine_longer")["validation"][:, -1]
    # The 22 trials of a seed share their pictures, so a seed counts as one run: the mean of its table.
    runs = len(fifteen)
    gain, half = statistics.interval(100 * (fifteen - five[:runs]).mean(axis=1))
    return {"gain": gain, "half": half, "runs": runs}


# From the record: gains of 2.8, 4.2 and 2.2 points, mean 3.08 +- 2.60. With all eight shorter runs it is
# 4.31. As if independent, 66 trials give +- 0.66; with 1.96 in place of 4.3 it is +- 1.18.
LONGER = {"gain": 3.08, "half": 2.6, "runs": 3}
TEN_MORE_EPOCHS = Finding(
    TOPIC,
    "The fine search (slides 78 and 79)",
    "How much do ten more epochs and the slower decay add to the 22 trials of the fine search? "
    '`recorded("fine")` has five epochs from eight seeds, `recorded("fine_longer")` fifteen from the '
    "first three of these. Hand in the mean gain from the last epoch of the one to the last of the other, "
    "over all trials, in points of accuracy, and the half-width of its 95% interval by Student's t. How "
    "many independent runs does this interval rest on?",
    {
        "gain": "mean gain in accuracy, in points",
        "half": "half-width of its 95% interval, in points",
        "runs": "number of independent runs that the interval rests on",
    },
    ten_more_epochs,
    right={"gain": (2.8, 3.4), "half": (2.3, 2.9), "runs": (3, 3)},
    variants=(LONGER, {**LONGER, "gain": 3.1}, {**LONGER, "gain": 3.0818, "half": 2.5955}),
    mistakes=(
        Mistake(
            {"gain": 3.08, "half": 0.66, "runs": 66},
            "the 22 trials of a seed are scored on the same pictures and share that luck: they are one "
            "run, so take their mean first.",
            lambda found: found["runs"] > 30 or 0.63 < found["half"] < 0.7,
        ),
        Mistake(
            {"gain": 3.08, "half": 1.06, "runs": 22},
            "you average over the seeds and take the spread of the 22 trials, which are different "
            "settings: it is the spread of the seeds that counts, so average over the trials.",
            lambda found: found["runs"] == 22 or 1.03 < found["half"] < 1.08,
        ),
        Mistake(
            {"gain": 4.31, "half": 2.9, "runs": 8},
            "five of these seeds were not trained for longer, and the three that were are lucky ones: "
            "compare each seed with itself.",
            lambda found: found["gain"] > 4.0 or found["runs"] == 8,
        ),
        Mistake(
            {"gain": 3.08, "half": 2.6, "runs": 6},
            "a longer and a shorter run with the same seed make one difference: count the differences.",
            lambda found: 3 < found["runs"] < 12,
        ),
        Mistake(
            {"gain": 2.89, "half": 3.05, "runs": 3},
            "this is the gain since the fifth epoch of the longer run, whose decay is slower from the "
            "start: compare with the shorter run.",
            lambda found: 2.8 < found["gain"] < 2.95 and found["half"] > 2.95,
        ),
        Mistake(
            {"gain": 3.08, "half": 1.18, "runs": 3},
            "1.96 is for many runs: with three, Student's t is 4.3, which `interval` knows.",
            lambda found: 1.12 < found["half"] < 1.3,
        ),
        Mistake(
            {"gain": 3.08, "half": 0.6, "runs": 3},
            "this is the standard error: the half-width of the interval is t times that, and t is 4.3 for "
            "three runs.",
            lambda found: 0.55 < found["half"] < 0.63,
        ),
        Mistake(
            {"gain": 0.0308, "half": 0.026, "runs": 3},
            "these are fractions: a point is 1%, so multiply both by 100.",
            lambda found: abs(found["gain"]) < 0.1,
        ),
        Mistake(
            {"gain": -3.08, "half": 2.6, "runs": 3},
            "the sign: subtract the shorter run from the longer one.",
            lambda found: -5 < found["gain"] < -2,
        ),
    ),
    hints=(
        'recorded("fine")["validation"] has the axes seed, epoch and trial.',
        "Take the first three seeds of the shorter runs. Each is the partner of a longer run.",
        "The pictures held out are the same for all trials of a seed. So what is one run: a trial, or a "
        "seed?",
        "Take the mean over the trials first, and give the three differences to `interval`.",
    ),
)


# What the check can see.


def visible_shift():
    shifts, found = np.arange(0, 6, 0.05), {"experiments": 20_000}
    for k in (8, 100):
        published, *ours = np.random.default_rng(0).standard_normal((k + 1, found["experiments"]))
        mean, allowed = reproduction.compare(published, ours)[1:3]
        refused = [np.mean(np.abs(published + shift - mean) > allowed) for shift in shifts]
        found[f"shift_{k}"] = shifts[np.argmax(np.array(refused) >= 0.8)]
    return found


# Measured with three seeds of 20,000 experiments: 3.46 for eight runs and 2.84 for a hundred, to within 0.01.
# Half are refused at 2.4 and 2.0, 95% at 4.5 and 3.6. If the published run had no luck: 3.0 and 2.1.
SEEN = {"shift_8": 3.46, "shift_100": 2.85, "experiments": 20_000}
VISIBLE_SHIFT = Finding(
    TOPIC,
    "What agreement is worth",
    "How wrong may a condition be before the check notices? Let our runs be normal with a standard "
    "deviation of 1, and the published run too, but with its mean shifted by a wrong condition. Find the "
    "smallest shift at which `compare` refuses 80% of published numbers, for eight runs and for a "
    "hundred, to within 0.1 and from at least 10,000 experiments each. Hand in both, in standard "
    "deviations of a run.",
    {
        "shift_8": "shift that is refused in 80% of the experiments, with eight runs",
        "shift_100": "the same with a hundred runs",
        "experiments": "number of experiments for each",
    },
    visible_shift,
    right={"shift_8": (3.3, 3.65), "shift_100": (2.7, 3.0), "experiments": (10_000, 10**9)},
    variants=(
        SEEN,
        {**SEEN, "shift_8": 3.5, "shift_100": 2.8},
        {**SEEN, "shift_100": 2.9, "experiments": 10_000},
    ),
    mistakes=(
        Mistake(
            {**SEEN, "shift_8": 4.0, "shift_100": 2.0, "experiments": 1},
            "a single experiment is either refused or not: it takes many to see 80%.",
            lambda found: found["experiments"] < 100,
        ),
        Mistake(
            {**SEEN, "shift_8": 2.45, "shift_100": 2.0},
            "this is the tolerance itself, and a condition that shifts the mean this far is refused only "
            "half of the time: go on to 80%.",
            lambda found: 2.3 < found["shift_8"] < 2.6,
        ),
        Mistake(
            {**SEEN, "shift_8": 3.05, "shift_100": 2.15},
            "your published number is exactly the shift: it is one run, so let it have its own luck too.",
            lambda found: found["shift_100"] < 2.4 and found["shift_8"] > 2.8,
        ),
        Mistake(
            {**SEEN, "shift_8": 3.05, "shift_100": 2.87},
            "with eight runs two deviations are not enough: let `compare` give the tolerance, by Student's "
            "t.",
            lambda found: 2.9 < found["shift_8"] < 3.2,
        ),
        Mistake(
            {**SEEN, "shift_8": 4.5, "shift_100": 3.63},
            "here 95% are refused already: look for the shift at which 80% are.",
            lambda found: 3.4 < found["shift_100"] < found["shift_8"],
        ),
        Mistake(
            {**SEEN, "shift_8": 1.36, "shift_100": 1.13},
            "at this shift 20% are refused, and 80% still pass: it is the other way round.",
            lambda found: 1.2 < found["shift_8"] < 1.5 and found["shift_100"] < 1.25,
        ),
        Mistake(
            {**SEEN, "shift_8": 1.43, "shift_100": 1.43},
            "these are tolerances: give the shift in standard deviations of a run.",
            lambda found: 1.25 < found["shift_100"] < 1.6,
        ),
        Mistake(
            {**SEEN, "shift_8": 2.85, "shift_100": 3.46},
            "the two are exchanged: with fewer runs the tolerance is wider, and a shift has to be larger "
            "to be seen.",
            lambda found: found["shift_100"] > found["shift_8"],
        ),
        Mistake(
            {**SEEN, "shift_8": 2.85, "shift_100": 2.85},
            "with eight runs the tolerance is wider than with a hundred, so the same shift is seen less "
            "often: try each by itself.",
            lambda found: found["shift_100"] == found["shift_8"],
        ),
    ),
    hints=(
        "`true_numbers` in the topic makes experiments in which nothing is wrong. Add a shift to its "
        "published numbers.",
        "`compare` takes all experiments at once: draws[0] + shift, and the runs draws[1:].",
        "The fraction refused grows with the shift: try shifts in steps of 0.1 or less, and take the first "
        "that reaches 0.8.",
    ),
)

EXERCISES = [TOLERANCE, OWN_PASSED, SMALL_PIXELS, TEN_MORE_EPOCHS, VISIBLE_SHIFT]
