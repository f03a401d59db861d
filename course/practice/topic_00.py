"""The exercise of topic 00: a unit of one input."""

import numpy as np

from course.practice.exercises import Exercise, Mistake

TOPIC = "00_start_here"


def inputs_and_unit(rng):
    """Inputs on both sides of where the unit turns on, and a negative weight, so that its sign counts."""
    x = np.linspace(-5, 5, 8) + rng.uniform(-0.2, 0.2, 8)
    return (
        rng.permutation(x),
        float(rng.uniform(-2, -0.7)),
        float(rng.choice([-1, 1]) * rng.uniform(0.3, 1.5)),
    )


def neuron(x, w, b):
    z = w * x + b
    return np.maximum(z, 0)


NEURON = Exercise(
    TOPIC,
    "Move a figure (slide 14)",
    "A unit has one input, a weight w, a bias b, and the ReLU as its activation function. Write "
    "my_neuron(x, w, b): its output for each of the inputs in the array x. w and b are single numbers.",
    inputs_and_unit,
    neuron,
    variants=(
        lambda x, w, b: np.where(w * x + b > 0, w * x + b, 0),
        lambda x, w, b: (w * x + b) * (w * x + b > 0),
        lambda x, w, b: np.clip(b + x * w, 0, None),
        lambda x, w, b: np.array([max(0, w * each + b) for each in x]),
        lambda x, w, b: (w * x + b + np.abs(w * x + b)) / 2,
        lambda x, w, b: np.maximum(w * x + b, 0).astype(np.float32),
    ),
    mistakes=(
        Mistake(
            lambda x, w, b: w * x + b,
            "this is the weighted sum z: send it through the ReLU, max(0, z).",
        ),
        Mistake(
            lambda x, w, b: np.maximum(w * x, 0),
            "the bias is missing: it is added to w * x.",
        ),
        Mistake(
            lambda x, w, b: np.maximum(w * x, 0) + b,
            "you add the bias to the output: it belongs to the sum, before the ReLU, and so moves the place "
            "where the unit turns on.",
        ),
        Mistake(
            lambda x, w, b: w * np.maximum(x, 0) + b,
            "you send the input through the ReLU, and then form the sum: it is the other way round.",
        ),
        Mistake(
            lambda x, w, b: np.maximum(w * (x + b), 0),
            "your bias is multiplied by the weight as well: multiply x alone, and then add b.",
        ),
        Mistake(
            lambda x, w, b: w * np.maximum(x + b, 0),
            "you multiply by the weight at the end: the input is multiplied first, then the bias is added, "
            "and the ReLU comes last.",
        ),
        Mistake(
            lambda x, w, b: np.maximum(w * x - b, 0),
            "the sign: the bias is added.",
        ),
        Mistake(
            lambda x, w, b: np.maximum(x + w + b, 0),
            "you add the weight: the input is multiplied by it.",
        ),
        Mistake(
            lambda x, w, b: np.maximum(b * x + w, 0),
            "you have exchanged the two: w is what the input is multiplied by, and b is added.",
        ),
        Mistake(
            lambda x, w, b: np.maximum(np.abs(w) * x + b, 0),
            "you have dropped the sign of the weight, which turns the line around.",
        ),
        Mistake(
            lambda x, w, b: np.maximum(x, 0),
            "you give the ReLU of the input: form the weighted sum w * x + b first.",
        ),
        Mistake(
            lambda x, w, b: np.minimum(w * x + b, 0),
            "you keep what is below zero: the ReLU keeps what is above it, as np.maximum does.",
        ),
        Mistake(
            lambda x, w, b: np.abs(w * x + b),
            "you turn negative sums around: the ReLU makes them 0.",
        ),
        Mistake(
            lambda x, w, b: (w * x + b > 0) * 1.0,
            "you say whether the unit is on: where it is, the output is the sum itself.",
        ),
        Mistake(
            lambda x, w, b: np.tanh(w * x + b),
            "this unit has tanh as its activation function: here it is the ReLU.",
        ),
        Mistake(
            lambda x, w, b: 1 / (1 + np.exp(-(w * x + b))),
            "this unit has the sigmoid as its activation function: here it is the ReLU.",
        ),
        Mistake(
            lambda x, w, b: max(0, np.max(w * x + b)),
            "np.max gives the largest of all numbers: np.maximum(z, 0) compares each of them with 0.",
        ),
        Mistake(
            lambda x, w, b: np.sum(np.maximum(w * x + b, 0)),
            "you add up the outputs: x holds many inputs of one unit, and each has an output of its own.",
        ),
        Mistake(
            lambda x, w, b: np.maximum(np.sum(w * x) + b, 0),
            "you add up all inputs, as for a unit that has many: here each stands alone, and has an output "
            "of its own.",
        ),
    ),
    hints=(
        "First the weighted sum of every input: with an array, w * x multiplies each of its numbers.",
        "z = w * x + b is an array as well. The ReLU makes 0 of whatever is negative in it.",
        "np.maximum(z, 0) compares each number with 0, and keeps the larger one.",
    ),
    float32=False,
)

EXERCISES = [NEURON]
