"""Exercises of topic 04: He's rule, its gain for a leak, how chance adds up over layers, and LSUV."""

import numpy as np

from course import initializers, statistics
from course.practice.exercises import Exercise, Finding, Mistake

TOPIC = "04_weight_initialization"


# He's rule.


def generator_and_shape(rng):
    """Numbers of inputs and outputs for which no two of the rules below are the same."""
    return rng.spawn(1)[0], (int(rng.choice([5, 7, 9])), int(rng.choice([6, 8, 11])))


def he(rng, shape):
    fan_in, _ = shape
    return np.sqrt(2 / fan_in) * rng.standard_normal(shape)


def scaled_in_place(rng, shape):
    W = rng.standard_normal(shape)
    W /= (shape[0] / 2) ** 0.5
    return W


HE = Exercise(
    TOPIC,
    "The ReLU halves it (slides 49 to 51)",
    "Write my_he(rng, shape): gaussian weights of the shape (fan_in, fan_out), scaled by He's rule so that "
    "ReLUs keep the size of the signal in the forward pass. Draw all numbers in one call of "
    "rng.standard_normal(shape).",
    generator_and_shape,
    he,
    variants=(
        scaled_in_place,
        lambda rng, shape: rng.normal(0, np.sqrt(2 / shape[0]), shape),
        lambda rng, shape: np.array(
            [(2 / shape[0]) ** 0.5 * rng.standard_normal(shape[1]) for _ in range(shape[0])]
        ),
        lambda rng, shape: (np.sqrt(2 / shape[0]) * rng.standard_normal(shape)).astype(np.float32),
    ),
    mistakes=(
        Mistake(
            lambda rng, shape: rng.standard_normal(shape) * np.sqrt(1 / shape[0]),
            "this is Xavier's rule: a ReLU drops half of the mean square, and He's rule gives it back.",
        ),
        Mistake(
            lambda rng, shape: rng.standard_normal(shape) * 2 / shape[0],
            "2 / fan_in is to be the variance of the weights: what they are multiplied by, or what "
            "rng.normal asks for, is the standard deviation.",
        ),
        Mistake(
            lambda rng, shape: rng.standard_normal(shape) * np.sqrt(2 / shape[1]),
            "you count the outputs: a sum has as many terms as there are inputs, shape[0].",
        ),
        Mistake(
            lambda rng, shape: rng.standard_normal(shape) * np.sqrt(2 / (shape[0] + shape[1])),
            "this is the rule of Glorot and Bengio, a compromise between both directions for layers "
            "without a ReLU.",
        ),
        Mistake(
            lambda rng, shape: rng.standard_normal(shape) * np.sqrt(4 / (shape[0] + shape[1])),
            "you have averaged the inputs and the outputs: the forward pass asks for the inputs alone.",
        ),
        Mistake(
            lambda rng, shape: rng.standard_normal(shape) * np.sqrt(1 / (2 * shape[0])),
            "your two is on the wrong side: He's weights are larger than Xavier's, by the root of two.",
        ),
        Mistake(
            lambda rng, shape: rng.standard_normal(shape) * np.sqrt(2) / shape[0],
            "the root goes over the whole fraction, 2 / fan_in, and not over the two alone.",
        ),
        Mistake(
            lambda rng, shape: rng.standard_normal(shape) * 2 / np.sqrt(shape[0]),
            "the root goes over the whole fraction, 2 / fan_in, and not over fan_in alone.",
        ),
        Mistake(
            lambda rng, shape: rng.standard_normal(shape) * np.sqrt(shape[0] / 2),
            "your fraction is upside down: the more inputs a unit has, the smaller its weights should be.",
        ),
        Mistake(
            lambda rng, shape: rng.standard_normal(shape) * np.sqrt(2 / (shape[0] * shape[1])),
            "you divide by the number of all weights: one sum has only fan_in of them.",
        ),
        Mistake(
            lambda rng, shape: rng.standard_normal(shape),
            "your weights have a variance of 1, whatever the number of inputs: scale them.",
        ),
        Mistake(
            lambda rng, shape: 0.01 * rng.standard_normal(shape),
            "a fixed 0.01 suits no number of inputs in particular: take the size from fan_in.",
        ),
        Mistake(
            lambda rng, shape: rng.uniform(-1, 1, shape) * np.sqrt(6 / shape[0]),
            "the variance is right, but these weights are uniform: draw them by rng.standard_normal.",
        ),
        Mistake(
            lambda rng, shape: rng.uniform(-1, 1, shape) * np.sqrt(2 / shape[0]),
            "these weights are uniform, and a third of the variance is left: draw them by "
            "rng.standard_normal.",
        ),
        Mistake(
            lambda rng, shape: np.random.default_rng(0).standard_normal(shape) * np.sqrt(2 / shape[0]),
            "you draw from a generator of your own, and every layer gets the same numbers: draw from rng.",
        ),
        Mistake(
            lambda rng, shape: rng.standard_normal(shape[::-1]) * np.sqrt(2 / shape[0]),
            "your weights are transposed: they have a row for each input.",
        ),
    ),
    hints=(
        "The mean square of a unit's sum is fan_in * Var(w) * E[x^2]. What does a ReLU leave of E[x^2]?",
        "So fan_in * Var(w) should be 2. What is the standard deviation of the weights then?",
        "Multiply rng.standard_normal(shape), whose standard deviation is 1.",
    ),
    own=(initializers.he,),
    float32=False,
)


# The gain for a leak.


def a_leak(rng):
    """A leak that is neither 0 nor 1."""
    return (float(rng.uniform(0.15, 0.6)),)


def leaky_gain(leak):
    mean_square = (1 + leak**2) / 2
    return 1 / np.sqrt(mean_square)


LEAKY = Exercise(
    TOPIC,
    "The ReLU halves it (slides 49 to 51)",
    "A leaky ReLU gives z where z > 0, and leak * z elsewhere. Write my_leaky_gain(leak): by a formula, the "
    "number g such that weights of the standard deviation g / sqrt(n), with n the fan-in, keep the mean "
    "square of the sums z from layer to layer. The sums are gaussian with mean zero.",
    a_leak,
    leaky_gain,
    variants=(
        lambda leak: (2 / (1 + leak**2)) ** 0.5,
        lambda leak: np.sqrt(2) / np.hypot(1, leak),
        lambda leak: np.float32(np.sqrt(2) / np.linalg.norm([1, leak])),
    ),
    mistakes=(
        Mistake(
            lambda leak: np.sqrt(2),
            "this is He's gain, for a ReLU without a leak: what leaks adds to the mean square.",
        ),
        Mistake(
            lambda leak: 1 / np.sqrt(1 + leak**2),
            "half of the sums take one slope, and half the other: you have left out the halves.",
        ),
        Mistake(
            lambda leak: 2 / (1 + leak**2),
            "this is n times the variance of the weights: the gain is its root.",
        ),
        Mistake(
            lambda leak: np.sqrt(2 / (1 + leak)),
            "the leak multiplies z, so in the mean square it stands squared.",
        ),
        Mistake(
            lambda leak: np.sqrt(2) / (1 + leak),
            "you add the two slopes and square the sum: square each of them first, then add.",
        ),
        Mistake(
            lambda leak: 2 / (1 + leak),
            "this is one over the mean slope: what has to be kept is the mean square.",
        ),
        Mistake(
            lambda leak: np.sqrt((1 + leak**2) / 2),
            "by this factor a layer shrinks the signal: the gain is to make up for it.",
        ),
        Mistake(
            lambda leak: (1 + leak**2) / 2,
            "this is what a layer leaves of the mean square: the gain is to make up for it, and multiplies z "
            "rather than its square.",
        ),
        Mistake(
            lambda leak: np.sqrt(2 / (1 - leak**2)),
            "the sign: what leaks is added to the mean square, so the gain is smaller than He's.",
        ),
        Mistake(
            lambda leak: np.sqrt(2 * (1 + leak**2)),
            "the more leaks, the less has to be made up for: your gain grows with the leak.",
        ),
        Mistake(
            lambda leak: 1 / np.sqrt((1 + leak**2) / 2 - (1 - leak) ** 2 / (2 * np.pi)),
            "you keep the variance of the outputs: their mean is not zero, and the next sums follow their "
            "mean square, E[x^2].",
        ),
        Mistake(
            lambda leak: np.sqrt(2) + leak * (1 - np.sqrt(2)),
            "you go straight from He's gain to that of a linear layer: the way between them is curved.",
        ),
        Mistake(
            lambda leak: np.sqrt(2) - leak,
            "you subtract the leak from He's gain: work out E[x^2] behind a leaky ReLU instead.",
        ),
    ),
    hints=(
        "Half of the sums are positive. What is E[f(z)^2], as a multiple of E[z^2]?",
        "From one layer to the next the mean square is multiplied by g^2 * E[f(z)^2] / E[z^2].",
        "Two checks: a leak of 0 gives He's sqrt(2), and a leak of 1, a linear layer, gives 1.",
    ),
    float32=False,
)


# How chance adds up over the layers.


def random_walk():
    def spreads(units, depth):
        rngs = (np.random.default_rng(seed) for seed in range(100))
        runs = [statistics.signal(rng, initializers.he, "relu", depth, units, rows=50) for rng in rngs]
        return np.std(np.log([run[:, 1] for run in runs]), axis=0, ddof=1)

    of_100, of_50, of_200 = spreads(100, 100), spreads(50, 50), spreads(200, 50)
    return {
        "spread": of_100[50],
        # For a standard deviation of n numbers that are nearly gaussian.
        "error": of_100[50] / np.sqrt(2 * (100 - 1)),
        "networks": 100,
        "deeper": of_100[100] / of_100[25],
        "wider": of_200[50] / of_50[50],
    }


def of_the_mean(found):
    """How large an error is, over the standard error of the mean of the logarithms."""
    return found["error"] * found["networks"] ** 0.5 / found["spread"]


# Measured on 400 networks of each width: a spread of 0.743, and factors of 2.14 and 0.49. In 1000 draws of a
# hundred of them the spread lay between 0.61 and 0.87, deeper between 1.62 and 2.68, and wider between 0.37
# and 0.65. A bootstrap's error was 0.41 to 1.06 times that of the mean, and 0.91 at the 99th percentile.
WALKED = {"spread": 0.74, "error": 0.053, "networks": 100, "deeper": 2.1, "wider": 0.5}
WALK = Finding(
    TOPIC,
    "Every direction, not only the average",
    "Send gaussian inputs through layers of ReLUs with He's weights, as `signal` does, and take the natural "
    "logarithm of each layer's standard deviation. Its spread is the standard deviation of this logarithm "
    "over at least a hundred networks. How large is it in layer 50 of networks with 100 "
    "units a layer, and what is its own standard error? Hand in also how many times larger it is in layer "
    "100 than in layer 25, and, for layer 50, the spread with 200 units divided by that with 50.",
    {
        "spread": "standard deviation over networks of ln(std) in layer 50, 100 units",
        "error": "standard error of that spread",
        "networks": "number of networks",
        "deeper": "spread in layer 100 / spread in layer 25, 100 units",
        "wider": "spread with 200 units / spread with 50 units, layer 50",
    },
    random_walk,
    right={
        "spread": (0.6, 0.9),
        "error": (0.001, 0.09),
        "networks": (100, 1_000_000),
        "deeper": (1.55, 2.8),
        "wider": (0.33, 0.7),
    },
    variants=(
        WALKED,
        {**WALKED, "spread": 0.7, "error": 0.016, "networks": 1000, "deeper": 2},
        {**WALKED, "spread": 0.83, "error": 0.07, "deeper": 2.5, "wider": 0.42},
    ),
    mistakes=(
        Mistake(
            {**WALKED, "networks": 1, "spread": 0.0, "error": 0.0},
            "one network has no spread: draw many, each with its own seed.",
            lambda found: found["networks"] < 2 or found["spread"] <= 0,
        ),
        Mistake(
            {**WALKED, "networks": 10, "error": 0.17},
            "with so few networks the spread itself is uncertain by a tenth or more: take at least a "
            "hundred.",
            lambda found: found["networks"] < 100,
        ),
        Mistake(
            {**WALKED, "spread": 0.55, "deeper": 4.5, "wider": 0.25},
            "these are variances, which grow in step with the depth: a spread is the root of one.",
            lambda found: found["deeper"] > 3.2 or 0 < found["wider"] < 0.3,
        ),
        Mistake(
            {**WALKED, "spread": 0.02, "error": 0.0015, "deeper": 1.0, "wider": 0.5},
            "this is hardly any spread: each network needs weights of its own, and ReLUs, since tanh pulls "
            "large signals back.",
            lambda found: found["spread"] < 0.2,
        ),
        Mistake(
            {**WALKED, "spread": 0.32, "error": 0.023},
            "this is too small for natural logarithms: did you take log10, or the standard deviations "
            "themselves?",
            lambda found: found["spread"] < 0.58,
        ),
        Mistake(
            {**WALKED, "wider": 2.0},
            "you have divided the spread with 50 units by that with 200: it is the other way round.",
            lambda found: found["wider"] > 1.4,
        ),
        Mistake(
            {**WALKED, "deeper": 0.47},
            "you have divided the spread in layer 25 by that in layer 100: it is the other way round.",
            lambda found: found["deeper"] < 0.65,
        ),
        Mistake(
            {**WALKED, "error": 0.74},
            "this error is as large as the spread: the error of a spread falls with the number of networks.",
            lambda found: of_the_mean(found) > 2,
        ),
        Mistake(
            {**WALKED, "error": 0.074},
            "this is the standard error of the mean logarithm: that of a standard deviation s of n numbers "
            "is about s / sqrt(2 n), and a bootstrap finds it too.",
            lambda found: of_the_mean(found) > 0.95,
        ),
    ),
    hints=(
        'signal(rng, he, "relu", depth=100, units=100, rows=50)[:, 1] is the standard deviation of the input '
        "and of each layer. Run it for a hundred seeds.",
        "Take the logarithm of all of them, and then the standard deviation over the networks, layer by "
        "layer.",
        "Each layer multiplies the signal by a random factor, so that its logarithm takes a random step. How "
        "does the spread of a sum grow with the number of steps?",
        "Draw the networks anew with replacement, several hundred times, and see how much the spread varies.",
    ),
)


# The scale that the data set.


def rows_and_layers(rng):
    """Rows away from 0, and layers of very different sizes."""
    x = rng.standard_normal((20, 6)) + rng.uniform(0.5, 1, 6)
    sizes = rng.permutation([0.3, 0.7, 1.6])[:, None, None]
    return x, sizes * rng.standard_normal((3, 6, 6)) + rng.uniform(0.05, 0.15)


def lsuv(x, weights):
    h, scaled = x, weights.copy()
    for W in scaled:
        W /= (h @ W).std()
        h = np.maximum(h @ W, 0)
    return scaled


def run_again(x, weights):
    """Each layer is measured by a run from the input on."""
    scaled = []
    for W in weights:
        h = x
        for V in scaled:
            h = (h @ V) * (h @ V > 0)
        scaled.append(W / np.sqrt(np.var(h @ W)))
    return np.stack(scaled)


def scale(x, weights, size=np.std, f=lambda z: np.maximum(z, 0), carry=True):
    """Divide each layer by the size of its sums; the next one sees what it then gives, or what it gave."""
    h, scaled = x, []
    for W in weights:
        z = h @ W
        scaled.append(W / size(z))
        h = f(z / size(z) if carry else z)
    return np.array(scaled)


LSUV = Exercise(
    TOPIC,
    "Does it matter for learning? (slide 51)",
    "Each layer of a network turns its input h into max(h @ W, 0); the first one sees the rows of x, of the "
    "shape (N, n), and weights has the shape (layers, n, n). Write my_lsuv(x, weights): the same weights, "
    "each layer's divided by one number, so that the sums h @ W of every layer have a standard deviation of "
    "1, over all rows and units. Begin with the first layer, since each sees what the ones before it give "
    "after they have been divided.",
    rows_and_layers,
    lsuv,
    variants=(
        run_again,
        scale,
        lambda x, weights: scale(x, weights, lambda z: np.sqrt(np.mean((z - np.mean(z)) ** 2))),
        lambda x, weights: scale(x, weights, f=lambda z: np.where(z > 0, z, z.dtype.type(0))),
    ),
    mistakes=(
        Mistake(
            lambda x, weights: scale(x, weights, carry=False),
            "you have measured all layers before any was divided: what a layer sees changes with the ones "
            "before it.",
        ),
        Mistake(
            lambda x, weights: np.array([W / (x @ W).std() for W in weights]),
            "you send x into every layer: the second one sees what the first one gives.",
        ),
        Mistake(
            lambda x, weights: scale(x, weights, np.var),
            "you divide by the variance of the sums: their width is the root of it.",
        ),
        Mistake(
            lambda x, weights: scale(x, weights, lambda z: np.sqrt(np.std(z))),
            "you divide by the root of the standard deviation, which is a root already.",
        ),
        Mistake(
            lambda x, weights: scale(x, weights, lambda z: np.std(np.maximum(z, 0))),
            "you measure behind the ReLU: it is the sums h @ W that are to have a standard deviation of 1.",
        ),
        Mistake(
            lambda x, weights: scale(x, weights, lambda z: np.sqrt(np.mean(z**2))),
            "you divide by the root mean square: the sums have a mean, and the standard deviation measures "
            "from there.",
        ),
        Mistake(
            lambda x, weights: scale(x, weights, lambda z: np.std(z, axis=0)),
            "you give each unit a divisor of its own: here one number holds for the whole layer.",
        ),
        Mistake(
            lambda x, weights: scale(x, weights, lambda z: np.std(z, ddof=1)),
            "you divide the sum of squares by one less than the number of sums: here it is their number, as "
            "in .std().",
        ),
        Mistake(
            lambda x, weights: scale(x, weights, lambda z: 1 / np.std(z)),
            "you multiply by the standard deviation: sums that are too large become larger still.",
        ),
        Mistake(
            lambda x, weights: scale(x, weights, f=lambda z: z),
            "you have left the ReLU out: a layer sees max(h @ W, 0) of the one before it.",
        ),
        Mistake(
            lambda x, weights: scale(x, weights, f=np.tanh),
            "your layers are tanh: here they are ReLUs, max(h @ W, 0).",
        ),
        Mistake(
            lambda x, weights: weights / weights.std(axis=(1, 2), keepdims=True),
            "you divide by the standard deviation of the weights: what counts is that of the sums h @ W, "
            "which depend on the data too.",
        ),
        Mistake(
            lambda x, weights: weights / (x @ weights[0]).std(),
            "you divide all layers by the number that belongs to the first one: each has its own.",
        ),
        Mistake(
            lambda x, weights: np.array([weights[0] / (x @ weights[0]).std(), *weights[1:]]),
            "only your first layer is scaled: go on with what it gives.",
        ),
        Mistake(
            lambda x, weights: weights.copy(),
            "your weights are as they were: it is W itself that is to be divided, not only its sums.",
        ),
        Mistake(
            lambda x, weights: scale(x, weights.swapaxes(1, 2)).swapaxes(1, 2),
            "you multiply by the transpose of W: its rows are the inputs, so the sums are h @ W.",
        ),
        Mistake(
            lambda x, weights: scale(x, weights).astype(float),
            "you return float64 where the weights are float32: keep their precision.",
        ),
    ),
    hints=(
        "Go through the layers in a loop, with h = x at the beginning.",
        "In the loop: form the sums h @ W, divide W by their standard deviation, and compute the next h with "
        "the new W.",
        "Divide a copy, weights.copy(), or collect the layers in a list and return np.array of it.",
    ),
)

EXERCISES = [HE, LEAKY, WALK, LSUV]
