"""Exercises of topic 01: a slope, a function made of hinges, and a fair race."""

import numpy as np

from course import activations, datasets, initializers, network, search
from course.practice.exercises import Exercise, Finding, Mistake

TOPIC = "01_activation_functions"


# The slope of the ReLU.


def some_inputs(rng):
    """Both signs, and zero itself, in no order."""
    x = np.concatenate([rng.uniform(0.5, 3, 3), rng.uniform(-3, -0.5, 3), [0.0]])
    return (rng.permutation(x),)


def relu_grad(x):
    return (x > 0).astype(x.dtype)


SLOPE = Exercise(
    TOPIC,
    "The ReLU, and the factor of six (slides 24 to 26)",
    "Write my_relu_grad(x): the slope of max(x, 0) at each element of an array x. At 0 it is 0.",
    some_inputs,
    relu_grad,
    variants=(
        lambda x: np.where(x > 0, x.dtype.type(1), x.dtype.type(0)),
        lambda x: np.heaviside(x, x.dtype.type(0)),
        lambda x: np.maximum(np.sign(x), 0),
        lambda x: np.array([1 if element > 0 else 0 for element in x], dtype=x.dtype),
    ),
    mistakes=(
        Mistake(
            lambda x: np.maximum(x, 0),
            "this is the ReLU itself: the slope of a ramp is 1, however high it is.",
        ),
        Mistake(
            lambda x: (x >= 0).astype(x.dtype),
            "at 0 you give 1: the slope there is a matter of convention, and here it is 0.",
        ),
        Mistake(
            lambda x: np.heaviside(x, x.dtype.type(0.5)),
            "at 0 you give one half, the mean of both sides: by the convention here it is 0.",
        ),
        Mistake(lambda x: np.sign(x), "where x < 0 you give -1: there the ReLU is flat, and its slope 0."),
        Mistake(
            lambda x: (x < 0).astype(x.dtype),
            "the gate is the wrong way round: it is open where x > 0, and closed where x < 0.",
        ),
        Mistake(
            lambda x: (x <= 0).astype(x.dtype),
            "you give 1 where the unit is off: 1 belongs where x > 0.",
        ),
        Mistake(
            lambda x: np.ones_like(x),
            "you give 1 everywhere, the slope of x: where x < 0 nothing passes the gate.",
        ),
        Mistake(
            lambda x: np.zeros_like(x),
            "you give 0 everywhere, and nothing would ever learn: where x > 0 the slope is 1.",
        ),
        Mistake(
            lambda x: np.where(x > 0, x.dtype.type(1), x.dtype.type(0.01)),
            "where x < 0 you give 0.01: that is the slope of the leaky ReLU.",
        ),
        Mistake(
            lambda x: 1 / (1 + np.exp(-x)),
            "this is the sigmoid, the slope of softplus: that of the ReLU jumps from 0 to 1.",
        ),
        Mistake(
            lambda x: x > 0,
            "you give truth values, and a gradient is made of numbers: (x > 0).astype(x.dtype).",
        ),
        Mistake(
            lambda x: (x > 0).astype(int),
            "you give whole numbers: a gradient has the precision of x, as by .astype(x.dtype).",
        ),
        Mistake(
            lambda x: (x > 0).astype(float),
            "you give float64 where x is float32: write .astype(x.dtype).",
        ),
    ),
    hints=(
        "Draw max(x, 0). How steep is it at x = 2, at x = 3, and at x = -1?",
        "x > 0 is an array of truth values: True where the gate is open.",
        "An array has .astype(...), and x knows its own precision, x.dtype.",
    ),
    own=(activations.relu_grad,),
)


# The absolute value as a sum of hinges.


def a_joint(rng):
    """Where the corner of the absolute value lies."""
    return (float(rng.choice([-1, 1]) * rng.uniform(0.3, 1.5)),)


def two_hinges(c):
    w = np.array([1.0, -1.0])
    b = np.array([-c, c])
    v = np.array([1.0, 1.0])
    return w, b, v


def curve_of_hinges(result, c):
    """Draw the sum of hinges at inputs on both sides of the corner, and far away."""
    w, b, v = result
    x = c + np.array([-3.0, -2, -1, -0.5, 0, 0.25, 1, 2, 4])
    return np.maximum(x[:, None] * w + b, 0) @ v


HINGES = Exercise(
    TOPIC,
    "A weighted sum, and then a nonlinearity (slide 14)",
    "Write my_two_hinges(c): return weights w, biases b and output weights v, three arrays of two numbers, "
    "so that v[0] max(w[0] x + b[0], 0) + v[1] max(w[1] x + b[1], 0) is abs(x - c) at every x.",
    a_joint,
    two_hinges,
    variants=(
        lambda c: (np.array([-1.0, 1]), np.array([c, -c]), np.ones(2)),
        lambda c: (np.array([2.0, -2]), np.array([-2 * c, 2 * c]), np.full(2, 0.5)),
        lambda c: (np.array([1, -1]), np.array([-c, c]), np.array([1, 1])),
        lambda c: (np.array([1.0, -0.5]), np.array([-c, c / 2]), np.array([1.0, 2])),
    ),
    mistakes=(
        Mistake(
            lambda c: (np.array([1.0, -1]), np.zeros(2), np.ones(2)),
            "your corner is at 0: the biases move it to c.",
        ),
        Mistake(
            lambda c: (np.array([1.0, -1]), np.array([c, -c]), np.ones(2)),
            "your corner is at -c: the hinge of w x + b lies where w x + b is 0, at -b / w.",
        ),
        Mistake(
            lambda c: (np.array([1.0, -1]), np.array([-c, -c]), np.ones(2)),
            "the hinge that goes to the left has its joint at -c: with w = -1 it lies at b, not at -b.",
        ),
        Mistake(
            lambda c: (np.array([1.0, -1]), np.array([c, c]), np.ones(2)),
            "the hinge that goes to the right has its joint at -c: with w = 1 it lies at -b.",
        ),
        Mistake(
            lambda c: (np.array([1.0, -1]), np.array([-c, c]), np.array([1.0, -1])),
            "your sum is x - c, a straight line: to the left of c the output is to rise, so no v is "
            "negative.",
        ),
        Mistake(
            lambda c: (np.array([1.0, 1]), np.array([-c, -c]), np.ones(2)),
            "both of your hinges rise to the right: to the left of c nothing is on, and the sum is 0.",
        ),
        Mistake(
            lambda c: (np.array([1.0, -1]), np.array([-c, c]), np.full(2, 0.5)),
            "your sides are half as steep as they should be: only one hinge is on at a time, so no mean is "
            "needed.",
        ),
        Mistake(
            lambda c: (np.array([2.0, -2]), np.array([-2 * c, 2 * c]), np.ones(2)),
            "your sides are twice as steep as they should be: the slope of a side is w v.",
        ),
        Mistake(
            lambda c: (np.array([1.0, -1]), np.array([-c, c]), np.array([1.0, 0])),
            "only one of your hinges counts: this is max(x - c, 0).",
        ),
        Mistake(
            lambda c: (np.array([1.0, -1]), np.array([-c, c]), -np.ones(2)),
            "your sum is -abs(x - c): with positive output weights it opens upwards.",
        ),
    ),
    hints=(
        "To the right of c the curve is x - c, and to the left c - x. Which hinge is which?",
        "max(w x + b, 0) begins to rise where w x + b is 0.",
        "The right side needs w = 1 and b = -c.",
    ),
    view=curve_of_hinges,
    float32=False,
)


# The race.


def race():
    digits = datasets.prepared_digits(np.random.default_rng(5), held_out=300)[:2]
    rates = np.array([0.1, 0.18, 0.32, 0.56, 1, 1.8, 3.2, 5.6])
    shape, rngs = [64, 50, 50, 10], [np.random.default_rng(seed) for seed in range(10)]
    starts = [network.create(rng, shape, initializers.he, np.float32) for rng in rngs]
    steps = {}
    for name in ("tanh", "relu"):
        rng = np.random.default_rng(7)
        _, history = search.sweep(starts, rates, *digits, rng=rng, epochs=12, activation=name)
        loss = history.loss.reshape(-1, len(starts), len(rates))
        mean = np.lib.stride_tricks.sliding_window_view(loss, 14, axis=0).mean(axis=-1)
        steps[name] = np.where((mean <= 0.1).any(axis=0), (mean <= 0.1).argmax(axis=0) + 14, np.inf)
    best = {name: n.mean(axis=0).argmin() for name, n in steps.items()}
    # Both networks of a pair begin with the same weights: the error is that of their ratios.
    ratios = steps["tanh"][:, best["tanh"]] / steps["relu"][:, best["relu"]]
    return {
        "ratio": ratios.mean(),
        "error": ratios.std(ddof=1) / len(ratios) ** 0.5,
        "seeds": len(ratios),
        "tanh_rate": rates[best["tanh"]],
        "relu_rate": rates[best["relu"]],
    }


FAIR = {"ratio": 0.91, "error": 0.01, "seeds": 10, "tanh_rate": 1.8, "relu_rate": 1.0}
RACE = Finding(
    TOPIC,
    "The ReLU, and the factor of six (slides 24 to 26)",
    "Is the ReLU six times as fast as tanh? Race them on the digits as the topic does, to a mean loss of "
    "0.1, at least ten starts each, the same ones for both, and each at its own best learning rate. Hand in "
    "the mean over the starts of steps of tanh / steps of the ReLU, and its standard error.",
    {
        "ratio": "steps of tanh / steps of the ReLU, mean over the starts",
        "error": "standard error of that mean",
        "seeds": "number of starts",
        "tanh_rate": "best learning rate of tanh",
        "relu_rate": "best learning rate of the ReLU",
    },
    race,
    right={
        "ratio": (0.8, 1.02),
        "error": (0.001, 0.03),
        "seeds": (10, 10_000),
        "tanh_rate": (1.2, 3.5),
        "relu_rate": (0.7, 1.5),
    },
    variants=(FAIR, {**FAIR, "seeds": 20, "error": 0.012, "ratio": 0.87}, {**FAIR, "tanh_rate": 2.5}),
    mistakes=(
        Mistake(
            {**FAIR, "seeds": 1, "error": 0.0},
            "one start tells nothing about the next one: its error is not 0 but unknown.",
            lambda found: found["seeds"] < 2 or found["error"] <= 0,
        ),
        Mistake(
            {**FAIR, "ratio": 1.36, "tanh_rate": 0.56, "relu_rate": 0.56},
            "both ran at the same learning rate, which suits one of them: let each choose its own best one.",
            # Between 1.2 and 1.5 both may honestly be the best of their own grid.
            lambda found: found["tanh_rate"] == found["relu_rate"] and not 1.2 <= found["relu_rate"] <= 1.5,
        ),
        Mistake(
            {**FAIR, "ratio": 6.0},
            "this is the lecture's number, and not what these networks do: measure it.",
            lambda found: 5 <= found["ratio"] <= 7,
        ),
        Mistake(
            {**FAIR, "ratio": 1.1},
            "you have divided the steps of the ReLU by those of tanh: it is the other way round.",
            lambda found: 1.02 < found["ratio"] < 1.25 and found["tanh_rate"] > 1.5,
        ),
        Mistake(
            {**FAIR, "ratio": 1.0, "tanh_rate": 1.0, "relu_rate": 0.56},
            "a best learning rate of tanh below 1.2 is the edge of a grid that ends too early: try higher "
            "ones.",
            lambda found: found["tanh_rate"] < 1.2,
        ),
        Mistake(
            {**FAIR, "error": 0.04},
            "this is how far single starts lie apart: the standard error of their mean is that, divided by "
            "the square root of their number.",
            lambda found: found["error"] * found["seeds"] ** 0.5 > 0.08,
        ),
    ),
    hints=(
        "`race` in the topic returns the mean loss by step, start and learning rate; `first_step` finds the "
        "step.",
        "Take the best learning rate of each function by its mean over the starts. Does it lie inside the "
        "grid?",
        "The same start gives one pair: form its ratio first, then mean and standard error over the pairs.",
    ),
)

EXERCISES = [SLOPE, HINGES, RACE]
