"""Mistakes written anew by somebody who saw only the sentence that describes each."""

import numpy as np

MISTAKES = {}
# Second readings of a sentence that fits more than one mistake: ((name, sentence), function).
ALTERNATIVES = []


def _(x, w, b):
    z = w * x + b
    return z


MISTAKES["neuron", "this is the weighted sum z: send it through the ReLU, max(0, z)."] = _


def _(x, w, b):
    z = w * x
    return np.where(z > 0, z, 0.0)


MISTAKES["neuron", "the bias is missing: it is added to w * x."] = _


def _(x, w, b):
    out = np.maximum(w * x, 0)
    return out + b


MISTAKES[
    "neuron",
    "you add the bias to the output: it belongs to the sum, before the ReLU, and so moves the"
    " place where the unit turns on.",
] = _


def _(x, w, b):
    activated = np.maximum(0, x)
    return activated * w + b


MISTAKES[
    "neuron",
    "you send the input through the ReLU, and then form the sum: it is the other way round.",
] = _


def _(x, w, b):
    z = w * (x + b)
    z[z < 0] = 0
    return z


MISTAKES["neuron", "your bias is multiplied by the weight as well: multiply x alone, and then add b."] = _


def _(x, w, b):
    shifted = x + b
    return w * np.maximum(shifted, 0)


MISTAKES[
    "neuron",
    "you multiply by the weight at the end: the input is multiplied first, then the bias is "
    "added, and the ReLU comes last.",
] = _


def _(x, w, b):
    # the threshold is taken off
    z = x * w - b
    return z * (z > 0)


MISTAKES["neuron", "the sign: the bias is added."] = _


def _(x, w, b):
    total = x + w + b
    return np.maximum(total, 0.0)


MISTAKES["neuron", "you add the weight: the input is multiplied by it."] = _


def _(x, w, b):
    z = w + b * x
    return np.clip(z, 0, None)


MISTAKES["neuron", "you have exchanged the two: w is what the input is multiplied by, and b is added."] = _


def _(x, w, b):
    strength = np.abs(w)
    z = strength * x + b
    return np.maximum(z, 0)


MISTAKES["neuron", "you have dropped the sign of the weight, which turns the line around."] = _


def _(x, w, b):
    return np.maximum(0, -w * x + b)


ALTERNATIVES.append((("neuron", "you have dropped the sign of the weight, which turns the line around."), _))


def _(x, w, b):
    return np.array([max(0.0, value) for value in x])


MISTAKES["neuron", "you give the ReLU of the input: form the weighted sum w * x + b first."] = _


def _(x, w, b):
    z = w * x + b
    return np.minimum(z, 0)


MISTAKES["neuron", "you keep what is below zero: the ReLU keeps what is above it, as np.maximum does."] = _


def _(x, w, b):
    z = np.multiply(w, x) + b
    return np.where(z > 0, z, -z)


MISTAKES["neuron", "you turn negative sums around: the ReLU makes them 0."] = _


def _(x, w, b):
    z = w * x + b
    return np.where(z > 0, 1.0, 0.0)


MISTAKES["neuron", "you say whether the unit is on: where it is, the output is the sum itself."] = _


def _(x, w, b):
    return w * x + b > 0


ALTERNATIVES.append(
    (
        (
            "neuron",
            "you say whether the unit is on: where it is, the output is the sum itself.",
        ),
        _,
    )
)


def _(x, w, b):
    return np.tanh(b + w * x)


MISTAKES["neuron", "this unit has tanh as its activation function: here it is the ReLU."] = _


def _(x, w, b):
    z = w * x + b
    return 1 / (1 + np.exp(-z))


MISTAKES["neuron", "this unit has the sigmoid as its activation function: here it is the ReLU."] = _


def _(x, w, b):
    return np.max(w * x + b, 0)


MISTAKES[
    "neuron",
    "np.max gives the largest of all numbers: np.maximum(z, 0) compares each of them with 0.",
] = _


def _(x, w, b):
    return max(0, np.max(w * x + b))


ALTERNATIVES.append(
    (
        (
            "neuron",
            "np.max gives the largest of all numbers: np.maximum(z, 0) compares each of them with 0.",
        ),
        _,
    )
)


def _(x, w, b):
    total = 0.0
    for value in x:
        total += max(w * value + b, 0.0)
    return total


MISTAKES[
    "neuron",
    "you add up the outputs: x holds many inputs of one unit, and each has an output of its own.",
] = _


def _(x, w, b):
    z = np.sum(w * x) + b
    return np.maximum(z, 0)


MISTAKES[
    "neuron",
    "you add up all inputs, as for a unit that has many: here each stands alone, and has an "
    "output of its own.",
] = _
