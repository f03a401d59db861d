"""The questions of topic 04: why weights differ, how large they are, and where the signal goes."""

from functools import partial

import numpy as np

from course import network
from course.activations import relu
from course.initializers import constant, normal, xavier
from course.practice.questions import Choice, Number, Prediction
from course.statistics import signal


def _alike():
    """How many different units a hidden layer of four has after 20 steps from weights of 0.5."""
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((5, 3)), np.array([0, 1, 1, 0, 1])
    params = network.create(rng, [3, 4, 2], partial(constant, value=0.5))
    for _ in range(20):
        _, grads = network.loss_and_grads(params, x, y, "tanh")
        pairs = zip(params, grads, strict=True)
        params = [(W - 0.5 * dW, b - 0.5 * db) for (W, b), (dW, db) in pairs]
    return len(np.unique(params[0][0].round(9), axis=1).T)


def _tenth():
    """The standard deviation of layer 10 with weights of 0.01."""
    return signal(np.random.default_rng(5), partial(normal, scale=0.01), "tanh", rows=200)[10, 1]


def _saturated():
    """Where the gradient goes with weights of 1, from layer 10 to layer 1."""
    rng = np.random.default_rng(5)
    x, dout = rng.standard_normal((2, 50, 500))
    params = [(rng.standard_normal((500, 500)), np.zeros(500)) for _ in range(10)]
    zs, hs = network.forward(params, x, "tanh")
    first, *_, last = [dz.std() for dz in network.backward(params, x, zs, hs, dout, "tanh")[1]]
    return "It grows." if first > 2 * last else "It vanishes." if first < last / 2 else "It keeps its size."


def _why_two():
    """What of the output of a ReLU is half the variance of its sum."""
    z = np.random.default_rng(0).standard_normal(100_000)
    halves = {
        "The variance of its output is half that of its sum.": np.var(relu(z)) / np.var(z),
        "The mean square of its output is half the variance of its sum.": np.mean(relu(z) ** 2) / np.var(z),
        "The mean of its output is half the standard deviation of its sum.": np.mean(relu(z)) / np.std(z),
    }
    (half,) = [what for what, ratio in halves.items() if abs(ratio - 0.5) < 0.01]
    return half


def _fan_in():
    """The weights of Xavier's rule for a fan-in of 400, over those for 100."""
    few, many = (xavier(np.random.default_rng(0), (n, 500)).std() for n in (100, 400))
    return many / few


QUESTIONS = {
    "all_one_half": Number(
        "All weights of a network start at 0.5. After training, how many different units does its hidden "
        "layer of four have?",
        right=_alike,
        because="Units that start alike get the same gradients and take the same steps. What they need is a "
        "difference, not a size.",
        wrong={
            4: "The weights do move, but all four move together. Nothing that they are shown tells one unit "
            "from another.",
            0: "They move, since weights of 0.5 pass a gradient on. It is the same gradient for all four.",
            2: "The two classes have weights of their own, but to each of them all four hidden units are the "
            "same.",
        },
        within=0.01,
    ),
    "tenth_layer": Number(
        "Ten tanh layers of 500 units, weights of 0.01, inputs with a standard deviation of 1. What is the "
        "standard deviation in layer 10, to within a factor of 2?",
        right=_tenth,
        because=r"A layer multiplies by $0.01 \sqrt{{500}} = 0.22$, and ten layers do so ten times: "
        "$0.22^{{10}}$ is {key:.1e}.",
        wrong={
            0.22: "That is the first layer. Each of the others takes as much again.",
            0.01: "That is the size of one weight. A unit adds up 500 products, and their sum is larger by "
            r"$\sqrt{500}$.",
            0.022: "The layers follow each other, so that their factors are multiplied. This divides by "
            "their number.",
            1e-20: "That is $0.01^{10}$. A unit adds up 500 products, and each layer multiplies by $0.01 "
            r"\sqrt{500}$.",
        },
        factor=2,
    ),
    "saturated_gradient": Choice(
        "Weights of 1.0, 500 tanh units a layer, nearly all of them saturated. What becomes of a gradient "
        "in the backward pass?",
        {
            "It grows.": r"A layer multiplies the variance by $n \, \mathrm{Var}(w) \, "
            r"\mathrm{E}[\tanh'^2]$, and a large $\mathrm{Var}(w)$ outweighs the small slopes.",
            "It vanishes.": "The slopes are small, but that is one factor of two. The other one is the "
            "weights, and they are 22 times those that keep a signal level.",
            "It keeps its size.": "For that the small slopes and the large weights would have to cancel. A "
            "tenth of the units is not saturated, and passes on more than the others stop.",
        },
        right=_saturated,
    ),
    "four_times_the_inputs": Number(
        "A unit has 400 inputs instead of 100. By which factor should the standard deviation of its weights "
        "change?",
        right=_fan_in,
        because="The variance is $1/n$, so it falls to a quarter, and the standard deviation to the "
        "root of that.",
        wrong={
            0.25: "That is the variance. The standard deviation is its root.",
            2: "The sum grows with its inputs, by a factor of 2. The weights have to make up for that, so "
            "they shrink.",
            4: "With more terms the sum is larger, and the weights have to be smaller.",
            1: "With weights of one size the sum grows as the root of the number of inputs.",
        },
        within=0.03,
    ),
    "why_two": Choice(
        "Why do weights for ReLUs have a variance of 2/n, twice that for linear units?",
        {
            "Half of the units are dead.": "In a fresh network none is. Each unit is off for half of the "
            "examples, and for another half than the next one.",
            "The variance of its output is half that of its sum.": "The variance is a third of it, since "
            r"the output has a mean. What the next layer adds up are squares, $\mathrm{E}[x^2]$.",
            "The mean of its output is half the standard deviation of its sum.": "The mean is 0.4 of it, and "
            "weights of mean zero do not care about the mean of their inputs as such.",
            "The mean square of its output is half the variance of its sum.": "The variance of the next sum "
            r"is $n \, \mathrm{Var}(w) \, \mathrm{E}[x^2]$, and a ReLU sets half of the squares to zero.",
        },
        right=_why_two,
    ),
}

# What figures ask before they are shown.
PREDICTIONS = {
    "gradient_in_layer_1": Prediction(
        "Weights of 0.01, and a gradient with a standard deviation of 1 in layer 10. What is its standard "
        "deviation in layer 1, to within a factor of 2?",
        because=r"From layer 10 to layer 1 there are nine steps, and each multiplies by $0.01 \sqrt{500} = "
        r"0.22$, as in the forward pass: $0.22^9$.",
        wrong={
            1: "That would be so if only activations faded. A gradient goes through the same weights.",
            0.22: "That is what one step leaves. There are nine.",
            3e-7: "That is what ten layers leave of the input. From layer 10 to layer 1 there are nine "
            "steps.",
            1e-18: "That is $0.01^9$. A unit collects 500 gradients, and their sum is larger by "
            r"$\sqrt{500}$.",
        },
        factor=2,
        panel=1,
        line=1,
        at=1,
    ),
    "middle_direction": Prediction(
        "Ten gaussian layers of 100 linear units keep the average length of a signal. By which factor do "
        "they stretch the direction in the middle, the 50th of 100, to within a factor of 3?",
        because="A few directions are stretched, and the average length is theirs. Most are flattened, by "
        "every layer anew.",
        wrong={
            1: "The average is 1 because a few directions are stretched to several times their length. To "
            "make up for that, most are flattened.",
            5: "That is the direction that is stretched most, the first of the 100.",
            0.001: "That is $0.5^{10}$, as if each layer halved it. So little is left of the 75th direction.",
        },
        factor=3,
        at=50,
    ),
}
