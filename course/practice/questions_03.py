"""The questions of topic 03: round bowls, turned data, whitened axes, and whose statistics are subtracted."""

import numpy as np

from course import datasets, network
from course.initializers import he
from course.practice.questions import Choice, Number, Prediction
from course.preprocessing import decorrelate, principal_components, standardize, whiten


def _ten_times_as_wide():
    """The condition number of a centred cloud that is ten times as wide along one axis."""
    X = np.array([[10.0, 1.0], [10.0, -1.0], [-10.0, 1.0], [-10.0, -1.0]])
    widest, narrowest = principal_components(X)[2]
    return widest / narrowest


def _turned():
    """What becomes of the loss after each step, from weights of zero, when a centred cloud is turned."""
    X = datasets.cloud(np.random.default_rng(0), 300, spread=(2, 0.5), angle=0.5)
    t, (_, U, _) = X[:, 0] - X[:, 1], principal_components(X)

    def losses(X):
        w, found = np.zeros(2), []
        for _ in range(20):
            error = X @ w - t
            found.append(np.mean(error**2) / 2)
            w = w - 0.1 * X.T @ error / len(X)
        return np.array(found)

    before, after = losses(X), losses(decorrelate(X, np.zeros(2), U))
    if np.allclose(before, after):
        return "It stays the same."
    return "It falls faster." if after[-1] < before[-1] else "It falls more slowly."


def _first_sixteen():
    """The fraction of the whitened digits, as a sum of squares, along the first 16 of 64 axes."""
    X, *_ = datasets.prepared_digits(np.random.default_rng(1), held_out=300)
    squares = np.square(whiten(X, *principal_components(X)))
    return squares[:, :16].sum() / squares.sum()


def _own_mean():
    """What a network answers to pictures of which each is centred by its own batch, of one."""
    rng = np.random.default_rng(0)
    *_, X, _ = datasets.prepared_digits(rng, held_out=300)
    params = network.create(rng, [64, 100, 10], he)
    alone = np.concatenate([standardize(x, x.mean(axis=0), 1.0) for x in X[:, None]])
    answers = network.scores(params, alone, "relu").argmax(axis=1)
    return "the same to every picture" if len(np.unique(answers)) == 1 else "nearly what it should"


QUESTIONS = {
    "ten_times_as_wide": Number(
        "A centred cloud is ten times as wide along one of its principal axes as along the other. What is "
        "the condition number of its bowl, to within a tenth?",
        right=_ten_times_as_wide,
        because="The curvature along an axis is the variance along it, the square of the width.",
        wrong={
            10: "That is the ratio of the widths. A curvature is a mean of squares.",
            1: "That is a round cloud, as whitening makes it. Centring moves a cloud and leaves its shape.",
            0.01: "That is the flattest curvature over the steepest. The condition number is the other way "
            "around, and never below 1.",
            3.16: "The curvature is the square of the width and not its root.",
        },
        factor=1.1,
    ),
    "turned_from_zero": Choice(
        "Gradient descent starts from weights of zero on centred data. You turn the data onto their "
        "principal axes, and keep the targets and the learning rate. What becomes of the loss after each "
        "step?",
        {
            "It falls faster.": "The coordinates no longer vary together, but the bowl is as long as it was. "
            "One learning rate for all directions does not see in which of them it is long.",
            "It stays the same.": "The bowl is turned, and the whole path with it. Weights of zero are zero "
            "on any axes, so even the start is the same.",
            "It falls more slowly.": "A turn leaves every length and every angle as it is, so that no step "
            "becomes shorter.",
            "That depends on the angle.": "It does for a method with a learning rate for each weight, such "
            "as Adam. Gradient descent takes the same path on any axes.",
        },
        right=_turned,
    ),
    "first_sixteen": Number(
        "The training pictures are whitened with all 64 axes and a tiny epsilon. Which fraction of them, as "
        "a sum of squares, lies along the first 16 axes? Answer to within 0.05.",
        right=_first_sixteen,
        because="Every axis that varies has the same variance now. Three of the 64 never vary, and 16 of 61 "
        "is {key:.2f}.",
        wrong={
            0.85: "That is what they held before. Whitening takes this order away: wide axes are divided by "
            "much, and narrow ones by little.",
            0.5: "One half would be 32 axes, since all that vary count alike.",
            1: "The other axes were narrow. They have been made as wide as these.",
            0.02: "That is a single axis. Sixteen of them hold sixteen times as much.",
        },
        within=0.05,
    ),
    "one_at_a_time": Choice(
        "A program subtracts the mean of the pictures that it is handed, and is handed one at a time. What "
        "does the network answer?",
        {
            "nearly what it should": "Sevens lost what made them sevens. A single picture loses everything, "
            "since it is its own mean.",
            "a random digit each time": "Nothing is left to vary. A network that gets the same input says "
            "the same.",
            "the same to every picture": "A picture less itself is zero in every pixel. Subtract the mean of "
            "the training set, which is a constant.",
        },
        right=_own_mean,
    ),
    "leaked_mean": Choice(
        "A mean image that had seen the test gained nothing measurable. Which conclusion is safe?",
        {
            "A mean may be taken over all rows.": "Here it made no difference, with these pictures and a "
            "hundred of them. With fewer rows, or wilder ones, nobody has measured it.",
            "Without labels nothing can leak.": "The whitening saw no label either, and it gained several "
            "points.",
            "Each split should have its own mean.": "Then nothing leaks, and the splits no longer mean the "
            "same by the same numbers: the sevens were lost that way.",
            "What a leak gains depends on what is estimated.": "A few rows tell a mean, and it takes many to "
            "find narrow axes or to choose columns. To split first is right for all of them.",
        },
        right="What a leak gains depends on what is estimated.",
    ),
}

# What figures ask before they are shown.
PREDICTIONS = {
    "fully_whitened": Prediction(
        "Trained on 200 pictures that are only centred and scaled, this network reads nine in ten of the "
        "held-out ones at a learning rate of 1. Which fraction does it read if all are fully whitened, with "
        "an epsilon of 1e-5, to within 0.03?",
        because="A round bowl is easy to descend, but the axes that held next to nothing are now as loud as "
        "the strokes, and the network learns their noise.",
        wrong={
            0.95: "A round bowl is easier to descend, and that is all. What lies at its bottom has been "
            "learned from noise.",
            0.9: "Its first layer could undo the whitening, as it could any linear map. But nothing in 200 "
            "pictures tells it that the loud axes are noise.",
            0.5: "Half of what it sees is noise, but the strokes are still there, in the other half.",
        },
        within=0.03,
        line=6,
        at=1,
    ),
    "leaked_coins": Prediction(
        "Ten of 300 columns of noise are chosen with all labels in sight. In the 50th of 100 repeats, from "
        "worst to best, which fraction of the held-out coins does the rule get right, to within 0.05?",
        because="Of 300 columns of noise some go with the labels by luck, on all rows. To choose these is to "
        "look at the held-out labels.",
        wrong={
            0.5: "That is the honest way. Here the columns were chosen because they go with the labels of "
            "the held-out rows too.",
            0.95: "Each of the ten goes with the labels only weakly, and ten weak ones do not make a sure "
            "one.",
        },
        within=0.05,
        line=1,
        at=50,
    ),
}
