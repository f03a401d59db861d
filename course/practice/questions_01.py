"""The questions of topic 01: what a nonlinearity is for, and what it does to gradients and inputs."""

import numpy as np

from course import network
from course.activations import relu, sigmoid
from course.initializers import normal
from course.practice.questions import Choice, Number, Prediction


def _linear():
    """Ten layers without a nonlinearity, beside one whose weights are their product."""
    rng = np.random.default_rng(0)
    matrices, x = rng.standard_normal((10, 20, 20)), rng.standard_normal((100, 20))
    deep = x
    for W in matrices:
        deep = network.linear(deep, W, np.zeros(20))
    one = network.linear(x, np.linalg.multi_dot(matrices), np.zeros(20))
    return "nothing" if np.allclose(deep, one) else "more strongly curved functions"


def _slope():
    """The slope of two hinges to the right of both."""
    f = [relu(x + 2) - 3 * relu(x - 1) for x in (5, 6)]
    return f[1] - f[0]


def _held():
    """What a layer of sigmoids with weights of 4 does to a gradient: less than 1 shrinks it."""
    rng = np.random.default_rng(0)
    params = [(normal(rng, (100, 100), 4 / 100**0.5), np.zeros(100)) for _ in range(10)]
    x, dout = rng.standard_normal((2, 50, 100))
    zs, hs = network.forward(params, x, "sigmoid")
    first, *_, last = [dz.std() for dz in network.backward(params, x, zs, hs, dout, "sigmoid")[1]]
    factor = (first / last) ** (1 / 9)
    return "It shrinks it." if factor < 0.9 else "It makes it grow." if factor > 1.1 else "It keeps its size."


def _one_sign():
    """In which batches, of one example or of a hundred, all weights of a unit are pushed the same way."""
    rng = np.random.default_rng(0)
    x, dz = sigmoid(rng.standard_normal((200, 100, 5))), rng.standard_normal((200, 100, 1))
    alike = {n: np.abs(np.sign((x * dz)[:, :n].mean(axis=1)).sum(axis=-1)) == 5 for n in (1, 100)}
    if alike[100].all():
        return "yes, always"
    return "only if the batch is a single example" if alike[1].all() else "no, not even for a single example"


QUESTIONS = {
    "linear_layers": Choice(
        "Ten layers without activation functions: what can they compute that a single such layer cannot?",
        {
            "more strongly curved functions": "Each layer only multiplies and adds. A straight line of a "
            "straight line is a straight line.",
            "the same, but it takes too long to train": "That would be a matter of patience. They cannot "
            "leave the straight line, however long they are trained.",
            "functions of more inputs": "A single layer takes as many inputs as you like. What it lacks is a "
            "corner.",
            "nothing": "The product of ten matrices is one matrix. Only a nonlinearity between the layers "
            "makes depth worth something.",
        },
        right=_linear,
    ),
    "two_hinges": Number(
        "What is the slope of relu(x + 2) - 3 relu(x - 1) at x = 5?",
        right=_slope,
        because="Both units are on there, and their slopes add up, each times its weight: $1 - 3$.",
        wrong={
            -3: "That is the second unit alone. The first is still on at 5: its slope goes on.",
            1: "That is the slope between the joints. At 1 the second unit opens too.",
            4: "The weight of the second unit is negative, so its slope is subtracted.",
            -5: "That is the height: $7 - 12$. The slope is how much it changes when x grows by 1.",
        },
        within=0.01,
    ),
    "sigmoid_times_four": Choice(
        "The slope of a sigmoid is 1/4 at most. With weights of 4, in the units of the figure, what does a "
        "layer do to the size of a gradient?",
        {
            "It shrinks it.": "The slope is 1/4 at its best, where the sum is 0. The larger weights "
            "themselves push the sums away from there.",
            "It keeps its size.": "$4 \\cdot 1/4 = 1$ holds for sums of 0 alone. Larger weights make larger "
            "sums, and there the slope is smaller: the two do not cancel.",
            "It makes it grow.": "The slopes are at most 1/4, so a factor of 1 is the most that weights of 4 "
            "can give.",
        },
        right=_held,
    ),
    "one_sign": Choice(
        "All inputs of a unit are positive. Does a step change all of its weights in the same direction?",
        {
            "yes, always": "For each example, yes. But a step takes the mean over a batch, and the examples "
            "pull in different directions.",
            "only if the batch is a single example": "For one example the gradient of a weight is one number "
            "times a positive input. In the mean of many, one weight may go up and another down.",
            "no, not even for a single example": "For one example it does: its gradients are one number "
            "times inputs "
            "that are all positive.",
        },
        right=_one_sign,
    ),
    "one_rate_race": Choice(
        "At a learning rate of 0.01, A reaches a loss of 0.1 in a sixth of the steps that B takes. Which "
        "conclusion is safe?",
        {
            "A is six times as fast as B.": "It is at this learning rate. At another one B may be the "
            "faster of the two.",
            "A is faster if many seeds agree.": "More seeds make the number more exact. They do not make the "
            "comparison fair: the learning rate may suit A alone.",
            "At 0.01, A needs fewer steps than B.": "No more than that. To compare A with B, give each its "
            "own best learning rate, inside the range tried.",
        },
        right="At 0.01, A needs fewer steps than B.",
    ),
}

# What figures ask before they are shown.
PREDICTIONS = {
    "ten_sigmoids": Prediction(
        "Ten layers of sigmoids with weights of 1, and a gradient with a standard deviation of 1 at the "
        "output of the last. What is its standard deviation in layer 1, to within a factor of 3?",
        because="Weights of 1 keep its size, and each of the ten gates multiplies it by a little less than "
        "1/4. $0.25^{10}$ is 1e-6.",
        wrong={
            1: "The weights alone would keep it so. The gates multiply by their slopes too, at most 1/4.",
            0.25: "That is what one gate leaves. There are ten.",
            0.025: "The layers follow each other, so their factors are multiplied. This divides by their "
            "number.",
        },
        factor=3,
        at=1,
    ),
    "learned_slope": Prediction(
        "The slopes of all PReLUs start at 0.25. What is their mean in the first layer after 420 steps, to "
        "within 0.05?",
        because="They hardly move. Where a slope ends says more about where it began than about a right "
        "slope.",
        wrong={
            0.68: "That is what He and others found on ImageNet, in a layer that looks for edges. Digits do "
            "not ask for it.",
            0: "That would be a ReLU. Nothing pulls the slopes there.",
            1: "That would be a linear unit, and its layer would add nothing.",
        },
        within=0.05,
        line=1,
        at=1,
    ),
}
