"""The questions of topic 06: what the first loss can tell, what a passed check proves, and a jagged curve."""

from functools import partial

import numpy as np

from course import datasets, faults, network, training
from course.initializers import normal
from course.practice.questions import Choice, Prediction

RNG = np.random.default_rng


def _digits(shuffled=False):
    X, y, *_ = datasets.prepared_digits(RNG(0), held_out=300)
    return X, RNG(1).permutation(y) if shuffled else y


def _network(scale=0.01):
    return network.create(RNG(2), [64, 50, 10], partial(normal, scale=scale))


def _first_loss():
    """What takes the first loss to more than 4."""

    def first(params, rows, learning_rate=0.1):
        settings = {"rng": RNG(3), "epochs": 1, "learning_rate": learning_rate, "batch_size": None}
        return training.train(params, *rows, **settings)[1].loss[0, 0]

    losses = {
        "The learning rate is too high.": first(_network(), _digits(), learning_rate=100),
        "The labels are shuffled.": first(_network(), _digits(shuffled=True)),
        "The initial weights are too large.": first(_network(scale=0.4), _digits()),
    }
    (cause,) = [cause for cause, loss in losses.items() if loss > 4]
    return cause


def _ruled_out():
    """The bug that leaves a loss on the twenty pictures."""
    check, losses = faults.CHECKS["twenty pictures"], {}
    for name in ("softmax twice", "shuffled labels", "missing ReLU mask"):
        parts = faults.HEALTHY | faults.FAULTS[name].change
        losses[name] = check.measure(parts, RNG(0))
    (bug,) = [name for name, loss in losses.items() if loss > check.high]
    return bug


def _jumps():
    """Where the jumps between minibatches come from: whether they are left when no more step is taken."""

    def run(params, learning_rate, epochs):
        settings = {"rng": RNG(3), "epochs": epochs, "learning_rate": learning_rate, "batch_size": 20}
        return training.train(params, *_digits(), **settings)

    params, _ = run(_network(), 0.1, epochs=3)
    moving, still = (run(params, rate, epochs=1)[1].loss.std() for rate in (0.1, 0))
    if still < moving / 2:
        return "The learning rate is too high."
    return "Each minibatch holds other pictures."


QUESTIONS = {
    "first_loss_doubled": Choice(
        "The first loss of a network for ten classes is 4.6 and not 2.3. What can be the cause?",
        {
            "The learning rate is too high.": "The first loss comes before the first step. No learning rate "
            "has done anything yet.",
            "The labels are shuffled.": "A network that knows nothing is as wrong about these labels as "
            "about the right ones.",
            "The initial weights are too large.": "Large scores make it sure before it has learned "
            "anything, and to be sure and wrong costs more than to guess.",
        },
        right=_first_loss,
    ),
    "twenty_pass": Choice(
        "A run memorizes the twenty pictures, and its loss goes to zero. Which bug can it not have?",
        {
            "softmax twice": "With it the loss stays far above zero, even where every label is known.",
            "shuffled labels": "Wrong labels are memorized as well as right ones. Only other pictures tell "
            "them apart.",
            "missing ReLU mask": "A wrong gradient may still point downhill, and for twenty pictures that is "
            "enough.",
        },
        right=_ruled_out,
    ),
    "jagged": Choice(
        "The loss jumps from minibatch to minibatch, and its mean over an epoch falls. What makes it jump?",
        {
            "The learning rate is too high.": "That would show in the mean of an epoch. The jumps are there "
            "at a learning rate of 0 as well.",
            "Each minibatch holds other pictures.": "Some pictures are harder than others. Look at the mean "
            "of an epoch before you change anything.",
            "The initial weights are bad.": "These show at the start, as a plateau. The jumps go on for as "
            "long as the run.",
        },
        right=_jumps,
    ),
}

# What figures ask before they are shown.
PREDICTIONS = {
    "smallest_step": Prediction(
        "The steps h go down to 1e-12. What is the relative error of the centred form there, to within a "
        "factor of 10?",
        because="The loss is rounded at about 1e-16, and the difference is divided by a step of 1e-12.",
        wrong={
            1e-24: "So small is the formula's own error, $h^2$. But the loss is rounded at about 1e-16, and "
            "that is divided by h.",
            1e-12: "That is h, as if only the formula made an error. The loss is rounded as well.",
            1e-16: "That is the rounding of the loss. The difference is divided by h, and so is its "
            "rounding.",
        },
        factor=10,
        line=1,
        at=1e-12,
    ),
    "divided_by_255": Prediction(
        "Pixels from 0 to 255 are learned best at a rate near 0.0018. Which rate is best once they are "
        "divided by 255, to within a factor of 2?",
        because="It rises by about as much as the pixels shrink, and not by the square of that. The text "
        "below says why.",
        wrong={
            116: "That is 65,000 times as high. It holds for a network of one layer, and this one has two.",
            0.0018: "The gradients shrink with the pixels. At the old rate the steps are far too small.",
            7e-6: "The gradients shrink with the pixels. For the steps to be as large as before, the rate "
            "has to rise.",
        },
        factor=2,
        line=3,
        axis="x",
    ),
    "fifty_pictures": Prediction(
        "A network memorizes 50 pictures, about five of each digit. What is its accuracy on other pictures, "
        "to within 0.1?",
        because="A network that is perfect on its pictures has overfitted them, and has still learned most "
        "of what tells the digits apart.",
        wrong={
            0.1: "That is guessing, as with labels that mean nothing. These are right, and pictures of one "
            "digit are alike.",
            0.5: "That is what the slide shows for photographs. Digits are easier to tell apart.",
            1: "It is perfect on its own 50 alone. Other hands write in ways that it has not seen.",
        },
        within=0.1,
        line=1,
        at=74,
    ),
}
