"""The questions of topic 07: where to draw, where to look next, and when a difference is one."""

import numpy as np

from course import datasets, lecture, search
from course.initializers import he
from course.network import create
from course.practice.questions import Choice, Number, Prediction
from course.statistics import standard_error


def _median():
    """The median of learning rates drawn from six powers of ten."""
    settings = search.sample(np.random.default_rng(0), 5000, learning_rate=(1e-6, 1))
    return np.median([setting["learning_rate"] for setting in settings])


def _digits(seeds=1):
    """What the digits are learned with: the networks, one for each seed, the pictures, and settings."""
    X, y, *held_out = datasets.prepared_digits(np.random.default_rng(1), held_out=300)
    starts = [create(np.random.default_rng(seed), [64, 20, 10], he, np.float32) for seed in range(seeds)]
    return starts, X, y, {"rng": np.random.default_rng(2), "validation": held_out}


def _next_round():
    """Where the best score lies, after a coarse search from 1e-5 to 1e-2."""

    def reached(rates, seeds=1):
        starts, X, y, settings = _digits(seeds)
        _, history = search.sweep(starts, rates, X, y, epochs=2, **settings)
        return history.validation_accuracy[-1].mean(axis=0)

    coarse = np.logspace(-5, -2, 10)
    best = coarse[np.argsort(-reached(coarse), kind="stable")[:4]]
    ways = {
        "the box that the eight span": reached(np.linspace(best.min(), best.max(), 5)).max(),
        "the same range, with more trials": reached(np.logspace(-5, -2, 13)).max(),
        "learning rates above 1e-2 as well": reached(np.logspace(-3, 0, 5)).max(),
        "the best setting alone, with more seeds": reached(best[:1], seeds=3).max(),
    }
    return max(ways, key=ways.get)


def _grid_ahead():
    """Where a grid of ten by ten finds more than a hundred random draws, on the hill of the topic."""
    rng, ticks = np.random.default_rng(8), (np.arange(10) + 0.5) / 10
    grid = np.array([list(point.values()) for point in search.grid(x=ticks, y=ticks)])
    peaks, thrown = rng.random((2000, 1, 2)), rng.random((2000, 100, 2))

    def found(points, matter):
        distance = np.linalg.norm((points - peaks)[..., :matter], axis=-1).min(axis=1)
        return np.exp(-((distance / 0.08) ** 2)).mean()

    one, both = (found(grid, matter) > found(thrown, matter) for matter in (1, 2))
    if one == both:
        return "in both cases" if one else "nowhere"
    return "only where one parameter matters" if one else "only where both parameters matter"


def _pictures():
    """On how many pictures 0.531 and 0.514 are two standard errors apart, at a correlation of 0.8."""
    best, other = lecture.FINE_SEARCH[[14, 16], 0]
    both = best * other + 0.8 * np.sqrt(best * (1 - best) * other * (1 - other))
    # Of a hundred thousand pictures, on how many the first alone is right, and the second alone.
    first, second = np.rint(1e5 * (np.array([best, other]) - both)).astype(int)
    difference = np.repeat([1.0, -1.0, 0.0], [first, second, 100_000 - first - second])
    return 1e5 * (2 * standard_error(difference) / (best - other)) ** 2


def _better_update():
    """Whether plain descent and Adam differ where both have 0.01, and where each has its best."""

    def reached(update):
        starts, X, y, settings = _digits()
        rates = [0.003, 0.01, 0.1, 1.0]
        _, history = search.sweep(starts, rates, X, y, epochs=3, update=update, **settings)
        return history.validation_accuracy[-1, 0]

    plain, adam = reached("sgd"), reached("adam")
    if abs(adam.max() - plain.max()) < 0.05 < abs(adam[1] - plain[1]):
        return "That cannot be said yet."
    return "Adam, by far." if adam.max() > plain.max() else "Plain descent."


QUESTIONS = {
    "median_draw": Number(
        "Learning rates are drawn as `10 ** uniform(-6, 0)`. Half of them lie below which number? To within "
        "a factor of 1.5.",
        right=_median,
        because="Half of the exponents lie below -3. As many trials look at a millionth to a thousandth as "
        "at a thousandth to 1.",
        wrong={
            0.5: "That is the middle of a uniform draw. Here the exponents are uniform, and their middle is "
            "-3.",
            0.072: "That is the mean, which the few largest draws carry. Eight draws in ten lie below it.",
            -3: "That is the exponent. The learning rate is ten to the power of it.",
            1e-6: "That is the lower end, and no draw lies below it.",
        },
        factor=1.5,
    ),
    "all_at_the_edge": Choice(
        "A coarse search drew learning rates from 1e-5 to 1e-2, and its eight best trials all lie just below "
        "1e-2. What should the second round search?",
        {
            "the box that the eight span": "This rule narrows a range and never leaves it. If the best value "
            "lies outside, all rounds after this one search in the wrong place.",
            "learning rates above 1e-2 as well": "Trials that improve right up to an edge say that the range "
            "ends too early. Move it first, then narrow it.",
            "the same range, with more trials": "They fill the gaps between those you have. The score still "
            "rises toward the edge, and what lies beyond it remains unseen.",
            "the best setting alone, with more seeds": "Seeds tell you how good this setting is. Whether "
            "there is a better one they cannot tell.",
        },
        right=_next_round,
    ),
    "hundred_trials": Choice(
        "Instead of nine trials you can afford a hundred, in a grid of ten by ten or at random. Where does "
        "the grid find the better setting, on average?",
        {
            "nowhere": "That random draws are better rests on a parameter that does not matter. Where both "
            "do, random draws leave gaps, which no number of trials closes as evenly as a grid.",
            "only where one parameter matters": "It is the other way around: there the grid spends ten "
            "trials on each value of the one that matters.",
            "in both cases": "More trials do not change what a grid wastes. Where one parameter matters it "
            "has tried ten values of it, and the random draws a hundred.",
            "only where both parameters matter": "There no point is farther than 0.07 from a trial of the "
            "grid. Random draws leave larger gaps, with a hundred trials as with nine.",
        },
        right=_grid_ahead,
    ),
    "pictures_to_tell": Number(
        "Two trials have accuracies of 0.531 and 0.514. They were scored on the same pictures, and being "
        "right has a correlation of 0.8 between them. How many pictures make the difference two standard "
        "errors? To within 15%.",
        right=_pictures,
        because=r"The error of the difference is $\sqrt{{2 p (1 - p) (1 - 0.8) / n}}$, and twice that is "
        "0.017 at n = {key:.0f}.",
        wrong={
            6900: "So many it would take if each trial had pictures of its own. On the same pictures four "
            "fifths of the variance are common to both and cancel.",
            3450: r"That takes the error of one accuracy, $\sqrt{p (1 - p) / n}$. The difference has an "
            "error of its own, which depends on what the two trials share.",
            345: "On so many the difference is one standard error. Two take four times the pictures.",
            1000: "That is how many the lecture had. There the difference is 1.7 standard errors.",
        },
        factor=1.15,
    ),
    "same_learning_rate": Choice(
        "Plain descent and Adam are both run at a learning rate of 0.01, in twenty pairs with the same "
        "splits, initial weights and minibatches. Adam is ahead by 70 points, +- 1. Which update is better?",
        {
            "Adam, by far.": "The interval is about luck, and it is small. What it does not hold is that "
            "0.01 suits Adam and is far too low for plain descent.",
            "That cannot be said yet.": "Pairs remove luck, not a handicap. With a learning rate of its own "
            "for each, the two are within a few points of each other.",
            "Adam, if fifty more pairs agree.": "They will agree. Each of them has the same learning rate, "
            "and repeats the same unfair comparison.",
            "Plain descent.": "Nothing that was measured speaks for it. It has not been seen at a learning "
            "rate that suits it.",
        },
        right=_better_update,
    ),
}

# What figures ask before they are shown.
PREDICTIONS = {
    "best_of_22": Prediction(
        "Of 22 equal settings, each worth 0.520, every one is scored on 1000 pictures with luck of its own. "
        "What does the best of them show on average, to within 0.004?",
        because="An accuracy has a standard error of 0.016 here, and the luckiest of 22 is 1.9 of them above "
        "what it is worth.",
        wrong={
            0.52: "That is what one of them shows on average. The best was chosen for its luck.",
            0.531: "That is the slide's best. Equal settings do better, if each has luck of its own.",
            0.536: "That is one standard error more. One score in six is higher than that, which is three "
            "or four of 22.",
        },
        within=0.004,
        line=1,
        axis="x",
    ),
    "wrong_labels": Prediction(
        "A fifth of the training pictures has a random label. What accuracy have the networks on the "
        "validation pictures after 40 epochs without a penalty, to within 0.03?",
        because="They memorize nearly all labels, and the wrong ones spoil the answers near them. But wrong "
        "ones are scattered over all classes, and for most pictures the right ones outvote them.",
        wrong={
            0.8: "So many labels are right. But the wrong ones are scattered over all classes, while the "
            "right ones agree, and the networks do better than their labels.",
            0.96: "That is what they reach when all labels are right. Each wrong one that they memorize "
            "spoils some answers.",
        },
        within=0.03,
        line=1,
        at=40,
    ),
}
