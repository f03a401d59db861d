"""Mistakes written anew by somebody who saw only the sentence that describes each."""

import numpy as np

MISTAKES = {}
# Second readings of a sentence that fits more than one mistake: ((name, sentence), function).
ALTERNATIVES = []


def _(x):
    return np.maximum(x, 0)


MISTAKES["relu_grad", "this is the ReLU itself: the slope of a ramp is 1, however high it is."] = _


def _(x):
    grad = np.ones_like(x)
    grad[x < 0] = 0
    return grad


MISTAKES["relu_grad", "at 0 you give 1: the slope there is a matter of convention, and here it is 0."] = _


def _(x):
    return np.heaviside(x, 0.5).astype(x.dtype)


MISTAKES["relu_grad", "at 0 you give one half, the mean of both sides: by the convention here it is 0."] = _


def _(x):
    return np.sign(x)


MISTAKES["relu_grad", "where x < 0 you give -1: there the ReLU is flat, and its slope 0."] = _


def _(x):
    gate = x < 0
    return gate.astype(x.dtype)


MISTAKES["relu_grad", "the gate is the wrong way round: it is open where x > 0, and closed where x < 0."] = _


def _(x):
    off = np.maximum(x, 0) == 0
    grad = np.zeros_like(x)
    grad[off] = 1
    return grad


MISTAKES["relu_grad", "you give 1 where the unit is off: 1 belongs where x > 0."] = _


def _(x):
    return np.where(x > 0, x, 1).astype(x.dtype)


ALTERNATIVES.append((("relu_grad", "you give 1 where the unit is off: 1 belongs where x > 0."), _))


def _(x):
    return np.ones_like(x)


MISTAKES["relu_grad", "you give 1 everywhere, the slope of x: where x < 0 nothing passes the gate."] = _


def _(x):
    return np.zeros(x.shape, dtype=x.dtype)


MISTAKES["relu_grad", "you give 0 everywhere, and nothing would ever learn: where x > 0 the slope is 1."] = _


def _(x):
    grad = np.where(x > 0, 1.0, 0.01)
    grad[x == 0] = 0.0
    return grad.astype(x.dtype)


MISTAKES["relu_grad", "where x < 0 you give 0.01: that is the slope of the leaky ReLU."] = _


def _(x):
    return np.where(x > 0, 1.0, 0.01).astype(x.dtype)


ALTERNATIVES.append((("relu_grad", "where x < 0 you give 0.01: that is the slope of the leaky ReLU."), _))


def _(x):
    return (1 / (1 + np.exp(-x))).astype(x.dtype)


MISTAKES["relu_grad", "this is the sigmoid, the slope of softplus: that of the ReLU jumps from 0 to 1."] = _


def _(x):
    return x > 0


MISTAKES[
    "relu_grad",
    "you give truth values, and a gradient is made of numbers: (x > 0).astype(x.dtype).",
] = _


def _(x):
    return np.where(x > 0, 1, 0)


MISTAKES[
    "relu_grad",
    "you give whole numbers: a gradient has the precision of x, as by .astype(x.dtype).",
] = _


def _(x):
    grad = np.zeros(x.shape)
    grad[x > 0] = 1.0
    return grad


MISTAKES["relu_grad", "you give float64 where x is float32: write .astype(x.dtype)."] = _


def _(c):
    w = np.array([1.0, -1.0])
    b = np.zeros(2)
    v = np.array([1.0, 1.0])
    return w, b, v


MISTAKES["two_hinges", "your corner is at 0: the biases move it to c."] = _


def _(c):
    w = np.array([1.0, -1.0])
    b = c * w
    v = np.ones(2)
    return w, b, v


MISTAKES["two_hinges", "your corner is at -c: the hinge of w x + b lies where w x + b is 0, at -b / w."] = _


def _(c):
    w = np.array([1.0, -1.0])
    b = np.array([-c, -c])
    v = np.array([1.0, 1.0])
    return w, b, v


MISTAKES[
    "two_hinges",
    "the hinge that goes to the left has its joint at -c: with w = -1 it lies at b, not at -b.",
] = _


def _(c):
    w = np.array([-1.0, 1.0])
    b = np.array([c, c])
    v = np.ones(2)
    return w, b, v


MISTAKES["two_hinges", "the hinge that goes to the right has its joint at -c: with w = 1 it lies at -b."] = _


def _(c):
    w = np.array([1.0, -1.0])
    b = -c * w
    v = np.array([1.0, -1.0])
    return w, b, v


MISTAKES[
    "two_hinges",
    "your sum is x - c, a straight line: to the left of c the output is to rise, so no v is negative.",
] = _


def _(c):
    w = np.ones(2)
    b = np.full(2, -c)
    v = np.ones(2)
    return w, b, v


MISTAKES[
    "two_hinges",
    "both of your hinges rise to the right: to the left of c nothing is on, and the sum is 0.",
] = _


def _(c):
    w = np.array([1.0, -1.0])
    b = np.array([-c, c])
    v = np.full(2, 1 / len(w))
    return w, b, v


MISTAKES[
    "two_hinges",
    "your sides are half as steep as they should be: only one hinge is on at a time, so no mean is needed.",
] = _


def _(c):
    w = np.array([0.5, -0.5])
    b = np.array([-c / 2, c / 2])
    return w, b, np.ones(2)


ALTERNATIVES.append(
    (
        (
            "two_hinges",
            "your sides are half as steep as they should be: only one hinge is on at a time, so no "
            "mean is needed.",
        ),
        _,
    )
)


def _(c):
    slope = 2.0
    w = np.array([slope, -slope])
    b = -w * c
    v = np.array([1.0, 1.0])
    return w, b, v


MISTAKES["two_hinges", "your sides are twice as steep as they should be: the slope of a side is w v."] = _


def _(c):
    w = np.array([1.0, -1.0])
    b = np.array([-c, c])
    v = np.array([2.0, 2.0])
    return w, b, v


ALTERNATIVES.append(
    (
        (
            "two_hinges",
            "your sides are twice as steep as they should be: the slope of a side is w v.",
        ),
        _,
    )
)


def _(c):
    w = np.array([1.0, -1.0])
    b = np.array([-c, c])
    v = np.array([1.0, 0.0])
    return w, b, v


MISTAKES["two_hinges", "only one of your hinges counts: this is max(x - c, 0)."] = _


def _(c):
    w = np.array([-1.0, 1.0])
    b = np.array([c, -c])
    v = -np.abs(w)
    return w, b, v


MISTAKES["two_hinges", "your sum is -abs(x - c): with positive output weights it opens upwards."] = _
