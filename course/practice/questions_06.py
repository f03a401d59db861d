"""The questions of topic 06: what the first loss can tell, what a passed check proves, and a jagged curve."""

from functools import partial

import numpy as np

from course import datasets, faults, network, training
from course.initializers import normal
from course.practice.questions import Choice

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
PREDICTIONS = {}
