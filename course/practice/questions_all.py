"""The questions across the topics: each needs two or three of them at once."""

from functools import partial

import numpy as np

from course import datasets, network, normalization, statistics, training
from course.activations import relu_grad, tanh_grad
from course.initializers import he, normal, zeros
from course.practice.questions import Choice, Number

RNG = np.random.default_rng


def _stuck():
    """What keeps ten layers at ln 10 at every learning rate, while half of the gates are open."""
    X, y = (rows[:100] for rows in datasets.prepared_digits(RNG(0), held_out=300)[:2])
    sizes, rates = [64] + 9 * [50] + [10], np.array([1e-4, 1e-2, 1])
    *hidden, (W, b) = network.create(RNG(1), sizes, he)
    healthy = [*hidden, (W / 100, b)]
    causes = {
        "The learning rate is too low.": (healthy, 0),
        "The units are dead.": ([(W, b - 100) for W, b in hidden] + healthy[-1:], 0),
        "The penalty is too large.": (healthy, 10),
        "The initial weights are too small.": (network.create(RNG(1), sizes, partial(normal, scale=0.01)), 0),
    }

    def looks_so(params, reg):
        settings = {"rng": RNG(2), "epochs": 20, "learning_rate": rates, "reg": reg, "batch_size": None}
        loss = training.train(network.stack([params] * len(rates)), X, y, **settings)[1].loss
        zs, _ = network.forward(params, X, "relu")
        gates = [(z > 0).mean() for z in zs[:-1]]
        return np.abs(loss - np.log(10)).max() < 0.1 and 0.4 < min(gates) < max(gates) < 0.6

    (cause,) = [cause for cause, (params, reg) in causes.items() if looks_so(params, reg)]
    return cause


def _smaller_pixels():
    """Which unit has a slope again for pixels from 0 to 1, where neither had one for pixels from 0 to 255."""
    sums = -RNG(0).uniform(0, 255, (200, 64)) @ np.abs(normal(RNG(1), (64, 1), 1 / 64))
    back = [f_grad(sums).max() < 1e-6 and f_grad(sums / 255).min() > 0.1 for f_grad in (tanh_grad, relu_grad)]
    return {(1, 1): "both", (1, 0): "the tanh unit", (0, 1): "the ReLU unit", (0, 0): "neither"}[tuple(back)]


def _normalized():
    """For how many examples a ReLU with a bias of -50 is on, once its sums are normalized."""
    sums = RNG(0).standard_normal((300, 50)) - 50
    out, _ = normalization.batch_norm(sums, np.ones(50), np.zeros(50))
    on = (out > 0).mean() if statistics.dead(sums) == 1 else 1
    return "for none" if on == 0 else "for all" if on == 1 else "for about half"


def _hundred_times():
    """The first loss where all weights are 100 times He's, and all layers but the last are normalized."""
    X, y, *_ = datasets.prepared_digits(RNG(0), held_out=300)
    params = network.create(RNG(1), [64, 50, 50, 50, 10], he, normalized=True)
    params = [(100 * W, *rest) for W, *rest in params]
    loss, _ = network.loss_and_grads(params, X, y, "relu")
    if not np.isfinite(loss):
        return "not a number: the activations explode"
    return "about 2.3, whatever the weights are" if loss < 3 else "far above 2.3"


def _adam():
    """The learning rate at which a step of Adam changes the scores of 100 times the pixels as before."""
    X, y, *_ = datasets.prepared_digits(RNG(0), held_out=1297)

    def moved(x):
        settings = {"rng": RNG(1), "epochs": 1, "learning_rate": 0.01, "batch_size": None, "update": "adam"}
        [(W, _)], _ = training.train(network.create(RNG(1), [64, 10], zeros), x, y, **settings)
        return np.linalg.norm(x @ W)

    return 0.01 * moved(X) / moved(100 * X)


def _luckiest():
    """How far the best of 22 equal settings lies above them, on 1,000 pictures that they share."""
    one = statistics.standard_error(np.repeat([0.0, 1.0], 500))
    own = np.sqrt(1 - 0.8) * one * RNG(0).standard_normal((20_000, 22))
    return own.max(axis=1).mean()


def _still_leaks():
    """Which of two choices lifts the accuracy on test rows of pure noise above one half."""

    def tested(seed, leaky, models):
        rng = RNG(seed)
        X, y = rng.standard_normal((150, 300)), rng.permutation(np.arange(150) % 2)
        chosen_on = slice(None) if leaky else slice(50)
        apart = X[chosen_on][y[chosen_on] == 1].mean(axis=0) - X[chosen_on][y[chosen_on] == 0].mean(axis=0)
        X = X[:, np.argsort(-np.abs(apart))[:20]]
        W = X[:50][y[:50] == 1].mean(axis=0) - X[:50][y[:50] == 0].mean(axis=0)
        # Each model looks at half of the columns.
        scores = X @ (W[:, None] * (rng.random((20, models)) < 0.5))
        right = (scores > 0) == y[:, None]
        return right[100:, right[50:100].mean(axis=0).argmax()].mean()

    def too_high(**choices):
        mean, half = statistics.interval([tested(seed, **choices) for seed in range(60)])
        return mean - half > 0.5

    columns, model = too_high(leaky=True, models=1), too_high(leaky=False, models=100)
    names = {(1, 1): "both", (1, 0): "the choice of the columns", (0, 1): "the choice of the model"}
    return names.get((columns, model), "neither: the test rows were looked at once")


QUESTIONS = {
    "stuck_at_a_guess": Choice(
        "Ten layers of ReLUs start at a loss of 2.303 for ten classes. At learning rates of 1e-4, 0.01 and 1 "
        "it is still about 2.3 after twenty steps. In every layer half of the gates are open. What is wrong?",
        {
            "The learning rate is too low.": "Then the highest of the three would have moved it: it is ten "
            "thousand times as high as the lowest.",
            "The units are dead.": "That looks the same in the loss. But the gates of a dead unit are closed "
            "for all examples, and here half of all are open.",
            "The penalty is too large.": "It would show in the first loss, which is that of a guess and "
            "no more.",
            "The initial weights are too small.": "The gates depend on signs alone, and look as usual. "
            "But every layer shrinks the signal, and the gradient too: the scores are 0 for every "
            "picture, and no learning rate reaches the first layers.",
        },
        right=_stuck,
    ),
    "pixels_divided": Choice(
        "Pixels from 0 to 255 feed a tanh unit and a ReLU unit, which have the same weights and a bias "
        "of 0. All sums are far below 0, so that neither unit has a gradient. Now the pixels are divided by "
        "255. Which unit has a gradient again?",
        {
            "both": "Saturated and dead look alike, since nothing comes through. But the one is a matter of "
            "size, and the other one of sign.",
            "the ReLU unit": "Its sums are smaller, but they are still below 0. No positive divisor opens a "
            "gate.",
            "the tanh unit": "It was saturated, a matter of size: near 0 it is steep. The ReLU asks for the "
            "sign alone, and a divisor leaves it as it is.",
            "neither": "A saturated unit has lost nothing but its slope, and gets it back where the sums are "
            "small. Only the ReLU stays off.",
        },
        right=_smaller_pixels,
    ),
    "dead_and_normalized": Choice(
        "A ReLU unit has a bias of -50 and is off for every example. Now its sums are batch-normalized, "
        "after the bias, with a gamma of 1 and a beta of 0. For how many examples is the unit on?",
        {
            "for none": "The bias is the same in every row, and goes out with the mean. Before a "
            "normalization no bias can silence a unit; beta, which comes after it, can.",
            "for about half": "The mean of the batch takes the bias out, so that the sums lie on both sides "
            "of 0. What had killed the unit is without effect.",
            "for all": "The mean of the sums becomes 0, and not their smallest. What lies below the mean is "
            "still off.",
        },
        right=_normalized,
    ),
    "hundred_times_he": Choice(
        "All initial weights of a network for ten classes are 100 times as large as He's. Each hidden layer "
        "is batch-normalized before its ReLU, and the scores are not. What is the first loss?",
        {
            "about 2.3, whatever the weights are": "That holds up to the last hidden layer. The scores "
            "come after it, and nothing takes the size of their weights out.",
            "not a number: the activations explode": "Without normalization each layer would multiply them "
            "by 100. With it each hidden layer begins anew, at a standard deviation of 1.",
            "far above 2.3": "The hidden layers do not notice. But the scores are 100 times too large, so "
            "that the network is sure before it has learned anything.",
        },
        right=_hundred_times,
    ),
    "adam_and_pixels": Number(
        "A classifier of a single layer starts from weights of zero, and is trained with Adam at a learning "
        "rate of 0.01. Now its pixels are multiplied by 100. At which learning rate do its scores change as "
        "before, step by step? To within 10%.",
        right=_adam,
        because="Adam divides the size of the gradient out, so that the weights take the same steps. Each "
        "step now changes the scores 100 times as much.",
        wrong={
            1e-6: "That is right for plain descent, whose gradient is 100 times as large, too. Adam divides "
            "that out, and one factor of 100 is left.",
            0.01: "Adam does not see how large a gradient is. But the scores are products with the pixels, "
            "and so the same step of a weight counts 100 times as much.",
            1: "Larger pixels need smaller weights for the same scores, and so smaller steps.",
            0.001: "Adam takes the root of a mean of squares, which is proportional to the gradient. There "
            "is no root in what is left.",
        },
        factor=1.1,
    ),
    "luckiest_of_22": Number(
        "Twenty-two settings are equally good: each has a true accuracy of 0.50. All are scored on the same "
        "1,000 pictures, and being right has a correlation of 0.8 between any two. Of 22 independent numbers "
        "the largest lies 1.9 standard deviations above their mean. How far above 0.50 does the best score "
        "lie, on average? To within 15%.",
        right=_luckiest,
        because="The luck that all of them share lifts no setting above the others. What is left of it has a "
        r"standard deviation of $\sqrt{{0.2}} \cdot 0.0158 = 0.0071$, and 1.9 of these are {key:.4f}.",
        wrong={
            0.03: "That is 1.9 times 0.0158, as if each setting had pictures of its own. Four fifths of "
            "the variance are common to all, and lift none above the rest.",
            0.006: "That takes a fifth of the standard deviation. It is the variance of which a fifth is "
            "left.",
            0.0158: "That is the standard deviation of a single score, most of which all settings share. It "
            "moves them together.",
            0: "No setting is better than 0.50, but a score is. The best of 22 is the one that had the most "
            "luck.",
        },
        factor=1.15,
    ),
    "leak_or_luck": Choice(
        "Twenty of 300 columns are chosen by how well they go with the labels, in all rows. Then the rows "
        "are split, the best of 100 models is chosen on the validation rows, and its accuracy on the test "
        "rows is reported. What makes that accuracy too high?",
        {
            "the choice of the model": "It makes the validation accuracy too high. The test rows had no "
            "part in this choice, so its luck does not carry over to them.",
            "both": "Both are choices by a score. But only one of them has seen the test rows.",
            "the choice of the columns": "It has seen the labels of the test rows. On pure noise it alone "
            "lifts the test accuracy above one half, and the choice of the model does not.",
            "neither: the test rows were looked at once": "They were looked at twice, the first time when "
            "the columns were chosen.",
        },
        right=_still_leaks,
    ),
    "tuned_on_one_side": Choice(
        "With Xavier's weights, in ten layers, tanh is ahead of the ReLU. Each has its own best learning "
        "rate, inside the range tried, and the interval over twenty seeds is far from 0. What has been "
        "shown?",
        {
            "Tanh is the better activation function.": "The learning rates are fair, and the initial "
            "weights are not: those of Xavier are made for tanh. With them the mean square of a ReLU's "
            "signal is halved in each layer.",
            "The ReLU is better, with weights of its own.": "That may be so, but nobody has run it. What is "
            "fair has to be measured as well.",
            "Nothing: twenty seeds are too few.": "The interval says how much luck there is, and it is far "
            "from 0. Luck is not what is wrong here.",
            "With Xavier's weights, tanh is ahead.": "So much and no more. Each side must have what suits "
            "it, its initial weights as well as its learning rate.",
        },
        right="With Xavier's weights, tanh is ahead.",
    ),
}
