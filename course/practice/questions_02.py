"""The questions of topic 02: closed gates, dead units, what brings them back and what a leak does."""

import numpy as np

from course import datasets, network, statistics
from course.activations import ACTIVATIONS
from course.initializers import he
from course.practice.questions import Choice, Number, Prediction


def _dead():
    """How many of 100 units are off for all of 200 examples, where nine gates in ten are closed."""
    rng = np.random.default_rng(0)
    [(W, _)], x = network.create(rng, [50, 100], he), rng.standard_normal((200, 50))
    b = -np.quantile(x @ W, 0.9, axis=0)
    return 100 * statistics.dead(network.linear(x, W, b))


def _revived():
    """What gives a gradient to a unit that is off for the whole cloud."""
    x = datasets.cloud(np.random.default_rng(1), 200, centre=(1, 1), spread=(0.9, 0.4), angle=0.6)
    last = np.array([[1.0, -1.0]]), np.zeros(2)
    hidden, y = (np.ones((2, 1)), np.array([-9.0])), (x[:, 0] > x[:, 1]).astype(int)

    def moves(x, rate=0.1, steps=1, momentum=0.0):
        (W, b), pushed = hidden, 0
        for _ in range(steps):
            _, [(dW, _), _] = network.loss_and_grads([(W, b), last], x, y, "relu")
            pushed = momentum * pushed - rate * dW
            W = W + pushed
        return not np.array_equal(W, hidden[0])

    ways = {
        "a larger learning rate": moves(x, rate=100),
        "more epochs": moves(x, steps=100),
        "other inputs": moves(x + 5),
        "momentum, from now on": moves(x, steps=100, momentum=0.9),
    }
    (way,) = [way for way, moved in ways.items() if moved]
    return way


def _all_leaking():
    """What a network is whose units all stay on their leaky side: linear, if a mean goes to the mean."""
    rng, leaky = np.random.default_rng(0), ACTIVATIONS["leaky_relu"][0]
    W, x = rng.standard_normal((20, 50)), rng.standard_normal((100, 20))
    z = network.linear(x, W, np.full(50, -100.0))
    middle = leaky(network.linear((x[:1] + x[1:2]) / 2, W, np.full(50, -100.0)))
    linear = (z < 0).all() and np.allclose(middle, leaky(z)[:2].mean(axis=0))
    return "a linear model" if linear else "a ReLU network that learns slowly"


QUESTIONS = {
    "closed_gates": Number(
        "In a layer of 100 ReLUs every unit is off for nine examples in ten. About how many units are dead? "
        "Two "
        "more or fewer will do.",
        right=_dead,
        because="Each unit learns from the tenth of the examples for which it is on. Not one is off for all.",
        wrong={
            90: "That takes gates for units. A gate is closed for one example; a unit is dead if its gate is "
            "closed for every one.",
            10: "One in ten is the fraction of the gates that are open. Every unit has some of them.",
            50: "Half is the fraction of closed gates that you saw above. However many are closed, a unit is "
            "dead only if all of its own are.",
            100: "Each unit is on for some examples, and learns from these.",
        },
        within=2,
    ),
    "revived": Choice(
        "A ReLU unit of the first layer is off for every training example. What can give it a gradient "
        "again?",
        {
            "a larger learning rate": "Its gradient is exactly 0, and any learning rate times 0 is 0.",
            "more epochs": "Every epoch shows it the same examples, and none of them moves it.",
            "momentum, from now on": "Momentum repeats earlier steps, and this unit takes none. What is left "
            "of a push from before it died fades away.",
            "other inputs": "Its line stays where it is, so the data must come to it. In a deeper layer that "
            "can happen by luck, when the layers below change.",
        },
        right=_revived,
    ),
    "loss_in_first_epoch": Choice(
        "You train with a high learning rate and print numbers as it runs. Which one warns you that units "
        "are dying?",
        {
            "the accuracy on held-out pictures": "A network that has lost a third of its "
            "units can be as accurate as one that has lost none.",
            "the mean loss of each epoch": "The rise lasts for a few steps. An epoch later there is nothing "
            "left to see.",
            "the loss of each minibatch, in the first epoch": "In every run that lost a tenth of its units "
            "it had risen above its first value.",
            "the size of the weights": "A dead unit has weights of ordinary size. What matters is where its "
            "line lies, and the data are on one side of it.",
        },
        right="the loss of each minibatch, in the first epoch",
    ),
    "all_leaking": Choice(
        "In a network of leaky ReLUs every unit is on its leaky side, for every example. What is this "
        "network?",
        {
            "a ReLU network that learns slowly": "It has no kink within the data, and without a kink nothing "
            "is left of a ReLU. Its slope is the same everywhere.",
            "a dead network": "A leak passes a gradient, so that it learns. It is what it can learn that is "
            "limited.",
            "a linear model": "Each unit multiplies by the same small slope for all examples, and linear "
            "layers in a row are one linear layer.",
        },
        right=_all_leaking,
    ),
}

# What figures ask before they are shown.
PREDICTIONS = {
    "biases_of_one": Prediction(
        "With biases of 0, training at a learning rate of 0.85 kills a third of the units. Which fraction "
        "does it kill if all biases start at 1, to within 0.05?",
        because="A positive bias makes it worse. Hardly a unit is dead at the start, so that there is little "
        "to repair; units die in training, from steps that are too large.",
        wrong={
            0: "A positive bias keeps units on at the start, where hardly one is dead anyway. They die "
            "later, from steps that are too large.",
            0.16: "A bias halves the deaths if it is negative: one of -1 does.",
            0.32: "A bias of 0.01 leaves it so. One of 1 is no small number, beside sums with a standard "
            "deviation of 2.",
        },
        within=0.05,
        line=3,
        at=0.85,
    ),
    "three_steps": Prediction(
        "At a learning rate of 0.85, three units in ten are dead after ten epochs, 140 steps. Which "
        "fraction is dead after three steps, to within 0.05?",
        because="By then most of the dying is over. The first step overshoots, and the next two start from "
        "the high loss that it has left.",
        wrong={
            0.007: "That would be so if every step killed as many. Only the first few start from a loss that "
            "has shot up.",
            0.07: "The first epoch does nearly all of it, but its 14 steps do not share the work: the first "
            "three do most.",
            0.45: "More than at the end? Then units would have to come back, and none does.",
        },
        within=0.05,
        panel=1,
        at=3,
    ),
}
