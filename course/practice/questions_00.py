"""The questions of topic 00: a unit, its weight and its bias, and a network that guesses."""

import numpy as np

from course import datasets, network
from course.activations import relu, tanh
from course.initializers import he
from course.practice.questions import Choice, Number, Prediction

INPUTS = np.linspace(-5, 5, 101)


def _silent():
    """The setting whose ReLU is 0 for all inputs."""
    settings = [(0, 2), (1, -6), (2, -4), (-1, 0)]
    ((w, b),) = [(w, b) for w, b in settings if not relu(w * INPUTS + b).any()]
    return f"weight {w:g}, bias {b:g}"


def _moved():
    """How the curve of a ReLU moves when its bias rises from 0 to 2."""
    moves = {
        "up by 2": relu(INPUTS) + 2,
        "to the right by 2": relu(INPUTS - 2),
        "to the left by 2": relu(INPUTS - -2),
        "not at all, it becomes steeper": relu(2 * INPUTS),
    }
    (move,) = [move for move, curve in moves.items() if np.array_equal(curve, relu(INPUTS + 2))]
    return move


def _guessed():
    """How many of 300 unseen digits untrained networks read right, a mean of twenty."""
    right = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        *_, X, y = datasets.prepared_digits(rng, held_out=300)
        right.append(300 * network.accuracy(network.create(rng, [64, 50, 10], he), X, y, "relu"))
    return np.mean(right)


QUESTIONS = {
    "silent_relu": Choice(
        "The input of a ReLU unit lies anywhere between -5 and 5. With which setting is its output always 0?",
        {
            "weight 0, bias 2": "A weight of 0 makes the output the same for all inputs, but it is the ReLU "
            "of the bias, 2.",
            "weight 1, bias -6": "The largest sum is 5 - 6 = -1. It takes no weight of 0: a bias can "
            "silence "
            "a unit for all the data there are.",
            "weight 2, bias -4": r"An input of 5 gives $2 \cdot 5 - 4 = 6$, which the ReLU lets through. A "
            "negative bias closes the unit only where no input outweighs it.",
            "weight -1, bias 0": "A negative weight turns the curve around, so that negative inputs pass: -5 "
            "gives 5.",
        },
        right=_silent,
    ),
    "bias_moves": Choice(
        "A ReLU unit has a weight of 1, and its bias rises from 0 to 2. Where does the curve of its output "
        "move?",
        {
            "up by 2": "That would be $f(x) + 2$. The bias is added before the activation function, $f(x + "
            "2)$: where the unit is still off, the output is still 0.",
            "to the right by 2": "With a larger bias a smaller input is enough to open the unit, so the kink "
            "moves the other way, to -2.",
            "to the left by 2": "The output is $f(x + 2)$, which opens at -2 and no longer at 0.",
            "not at all, it becomes steeper": "How steep the curve is depends on the weight. The bias says "
            "where it begins.",
        },
        right=_moved,
    ),
    "constant_tanh": Number(
        "A tanh unit has a weight of 0 and a bias of 2. What is its output for an input of 1, to within "
        "0.01?",
        right=lambda: tanh(0 * 1 + 2),
        because=r"It is $\tanh(2)$, whatever the input is. A weight of 0 makes a unit constant, which is not "
        "the same as silent.",
        wrong={
            0: "A weight of 0 takes the input away, and the bias is left.",
            2: "That is the weighted sum. The output is what the activation function makes of it.",
            1: "tanh comes that close to 1 only for larger sums.",
            0.762: r"That is $\tanh(1)$: the input itself, without its weight and the bias.",
        },
        within=0.01,
    ),
    "untrained": Number(
        "A network for the ten digits has random weights and has not been trained. About how many of 300 "
        "digits will it read right? Twenty more or fewer will do.",
        right=_guessed,
        because="It guesses, and about one guess in ten is right. What an accuracy is worth depends on what "
        "guessing gives.",
        wrong={
            0: "To be always wrong it would have to know the right answers. A network that knows nothing "
            "guesses.",
            150: "Half would be right if there were two digits to choose from. There are ten.",
        },
        within=20,
    ),
}

# What figures ask before they are shown.
PREDICTIONS = {
    "past_a_bias": Prediction(
        "The unit below is a ReLU with a weight of 1 and a bias of 2. What is its output for an input of -1, "
        "to within 0.1?",
        because="The sum is $-1 + 2 = 1$, which is above zero, so the ReLU lets it through.",
        wrong={
            0: "A ReLU cuts off what is negative in the sum, not in the input. Here the bias has lifted the "
            "sum above zero.",
            2: "That is the bias alone, as if the ReLU stood in front of the sum. It stands behind it.",
            -1: "That is the input. The unit adds its bias, and a ReLU never gives less than 0.",
        },
        within=0.1,
        panel=1,
        line=1,
        at=-1,
    ),
    "a_tenth_of_the_rate": Prediction(
        "At a learning rate of 0.1 the median network reads 96% of the unseen digits after ten epochs. Which "
        "fraction does it read at 0.01, to within 0.1?",
        because="Ten epochs of steps a tenth as long come about as far as one epoch did at 0.1, and that was "
        "nearly two thirds.",
        wrong={
            0.96: "Steps a tenth as long need more than ten epochs to come as far.",
            0.1: "That is guessing. Short steps go the same way, only more slowly, and the first of them "
            "gain most.",
        },
        within=0.1,
        at=10,
    ),
}
