"""Mistakes written anew by somebody who saw only the sentence that describes each."""

import numpy as np

MISTAKES = {}
# Second readings of a sentence that fits more than one mistake: ((name, sentence), function).
ALTERNATIVES = []


def _(rng, shape):
    fan_in = shape[0]
    return rng.standard_normal(shape) / np.sqrt(fan_in)


MISTAKES[
    "he",
    "this is Xavier's rule: a ReLU drops half of the mean square, and He's rule gives it back.",
] = _


def _(rng, shape):
    fan_in, _ = shape
    return rng.normal(0.0, 2 / fan_in, size=shape)


MISTAKES[
    "he",
    "2 / fan_in is to be the variance of the weights: what they are multiplied by, or what "
    "rng.normal asks for, is the standard deviation.",
] = _


def _(rng, shape):
    fan_out = shape[-1]
    return rng.standard_normal(shape) * np.sqrt(2 / fan_out)


MISTAKES["he", "you count the outputs: a sum has as many terms as there are inputs, shape[0]."] = _


def _(rng, shape):
    fan_in, fan_out = shape
    sigma = np.sqrt(2.0 / (fan_in + fan_out))
    return sigma * rng.standard_normal(shape)


MISTAKES[
    "he",
    "this is the rule of Glorot and Bengio, a compromise between both directions for layers without a ReLU.",
] = _


def _(rng, shape):
    mean_fan = (shape[0] + shape[1]) / 2
    return rng.standard_normal(shape) * np.sqrt(2 / mean_fan)


MISTAKES[
    "he",
    "you have averaged the inputs and the outputs: the forward pass asks for the inputs alone.",
] = _


def _(rng, shape):
    fan_in = shape[0]
    return rng.standard_normal(shape) * np.sqrt(1 / (2 * fan_in))


MISTAKES[
    "he",
    "your two is on the wrong side: He's weights are larger than Xavier's, by the root of two.",
] = _


def _(rng, shape):
    fan_in = shape[0]
    scale = np.sqrt(2) / fan_in
    return scale * rng.standard_normal(shape)


MISTAKES["he", "the root goes over the whole fraction, 2 / fan_in, and not over the two alone."] = _


def _(rng, shape):
    std = 2 / np.sqrt(shape[0])
    return rng.standard_normal(shape) * std


MISTAKES["he", "the root goes over the whole fraction, 2 / fan_in, and not over fan_in alone."] = _


def _(rng, shape):
    fan_in = shape[0]
    return rng.standard_normal(shape) * np.sqrt(fan_in / 2)


MISTAKES[
    "he",
    "your fraction is upside down: the more inputs a unit has, the smaller its weights should be.",
] = _


def _(rng, shape):
    W = rng.standard_normal(shape)
    return W * np.sqrt(2 / W.size)


MISTAKES["he", "you divide by the number of all weights: one sum has only fan_in of them."] = _


def _(rng, shape):
    W = rng.standard_normal(shape)
    return W


MISTAKES["he", "your weights have a variance of 1, whatever the number of inputs: scale them."] = _


def _(rng, shape):
    return 0.01 * rng.standard_normal(shape)


MISTAKES["he", "a fixed 0.01 suits no number of inputs in particular: take the size from fan_in."] = _


def _(rng, shape):
    bound = np.sqrt(6 / shape[0])
    return rng.uniform(-bound, bound, size=shape)


MISTAKES["he", "the variance is right, but these weights are uniform: draw them by rng.standard_normal."] = _


def _(rng, shape):
    bound = np.sqrt(2 / shape[0])
    return rng.uniform(-bound, bound, size=shape)


MISTAKES[
    "he",
    "these weights are uniform, and a third of the variance is left: draw them by rng.standard_normal.",
] = _


def _(rng, shape):
    unit = 2 * rng.random(shape) - 1
    return unit * np.sqrt(2 / shape[0])


ALTERNATIVES.append(
    (
        (
            "he",
            "these weights are uniform, and a third of the variance is left: draw them by "
            "rng.standard_normal.",
        ),
        _,
    )
)


def _(rng, shape):
    generator = np.random.default_rng(0)
    fan_in = shape[0]
    return generator.standard_normal(shape) * np.sqrt(2 / fan_in)


MISTAKES[
    "he",
    "you draw from a generator of your own, and every layer gets the same numbers: draw from rng.",
] = _


def _(rng, shape):
    fan_in, fan_out = shape
    W = rng.standard_normal((fan_out, fan_in))
    return W * np.sqrt(2 / fan_in)


MISTAKES["he", "your weights are transposed: they have a row for each input."] = _


def _(rng, shape):
    W = rng.standard_normal(shape) * np.sqrt(2 / shape[0])
    return W.T


ALTERNATIVES.append((("he", "your weights are transposed: they have a row for each input."), _))


def _(leak):
    return np.sqrt(2.0)


MISTAKES[
    "leaky_gain",
    "this is He's gain, for a ReLU without a leak: what leaks adds to the mean square.",
] = _


def _(leak):
    mean_square = 1 + leak**2
    return 1 / np.sqrt(mean_square)


MISTAKES[
    "leaky_gain",
    "half of the sums take one slope, and half the other: you have left out the halves.",
] = _


def _(leak):
    passed = (1 + leak**2) / 2
    return 1 / passed


MISTAKES["leaky_gain", "this is n times the variance of the weights: the gain is its root."] = _


def _(leak):
    kept = 0.5 * 1 + 0.5 * leak
    return np.sqrt(1 / kept)


MISTAKES["leaky_gain", "the leak multiplies z, so in the mean square it stands squared."] = _


def _(leak):
    return np.sqrt(2 / (1 + leak) ** 2)


MISTAKES["leaky_gain", "you add the two slopes and square the sum: square each of them first, then add."] = _


def _(leak):
    mean_slope = (1 + leak) / 2
    return 1 / mean_slope


MISTAKES["leaky_gain", "this is one over the mean slope: what has to be kept is the mean square."] = _


def _(leak):
    mean_square = 0.5 + 0.5 * leak * leak
    return mean_square**0.5


MISTAKES["leaky_gain", "by this factor a layer shrinks the signal: the gain is to make up for it."] = _


def _(leak):
    upper = 0.5
    lower = leak**2 / 2
    return upper + lower


MISTAKES[
    "leaky_gain",
    "this is what a layer leaves of the mean square: the gain is to make up for it, and "
    "multiplies z rather than its square.",
] = _


def _(leak):
    return np.sqrt(2 / (1 - leak**2))


MISTAKES[
    "leaky_gain",
    "the sign: what leaks is added to the mean square, so the gain is smaller than He's.",
] = _


def _(leak):
    return np.sqrt(2 * (1 + leak**2))


MISTAKES["leaky_gain", "the more leaks, the less has to be made up for: your gain grows with the leak."] = _


def _(leak):
    return np.sqrt(2) * (1 + leak)


ALTERNATIVES.append(
    (
        (
            "leaky_gain",
            "the more leaks, the less has to be made up for: your gain grows with the leak.",
        ),
        _,
    )
)


def _(leak):
    return np.sqrt(2) + leak


ALTERNATIVES.append(
    (
        (
            "leaky_gain",
            "the more leaks, the less has to be made up for: your gain grows with the leak.",
        ),
        _,
    )
)


def _(leak):
    mean_square = (1 + leak**2) / 2
    mean = (1 - leak) / np.sqrt(2 * np.pi)
    variance = mean_square - mean**2
    return 1 / np.sqrt(variance)


MISTAKES[
    "leaky_gain",
    "you keep the variance of the outputs: their mean is not zero, and the next sums follow "
    "their mean square, E[x^2].",
] = _


def _(leak):
    he = np.sqrt(2)
    linear = 1.0
    return (1 - leak) * he + leak * linear


MISTAKES[
    "leaky_gain",
    "you go straight from He's gain to that of a linear layer: the way between them is curved.",
] = _


def _(leak):
    return np.sqrt(2) - leak


MISTAKES[
    "leaky_gain",
    "you subtract the leak from He's gain: work out E[x^2] behind a leaky ReLU instead.",
] = _


def _(leak):
    return np.sqrt(2 - leak)


ALTERNATIVES.append(
    (
        (
            "leaky_gain",
            "you subtract the leak from He's gain: work out E[x^2] behind a leaky ReLU instead.",
        ),
        _,
    )
)


def _(x, weights):
    stds = []
    h = x
    for W in weights:
        z = h @ W
        stds.append(z.std())
        h = np.maximum(z, 0)
    scaled = np.empty_like(weights)
    for i, std in enumerate(stds):
        scaled[i] = weights[i] / std
    return scaled


MISTAKES[
    "lsuv",
    "you have measured all layers before any was divided: what a layer sees changes with the ones before it.",
] = _


def _(x, weights):
    out = weights.copy()
    for i in range(len(out)):
        out[i] /= np.std(x @ out[i])
    return out


MISTAKES["lsuv", "you send x into every layer: the second one sees what the first one gives."] = _


def _(x, weights):
    result = np.zeros_like(weights)
    h = x
    for i, W in enumerate(weights):
        result[i] = W / np.var(h @ W)
        h = np.maximum(h @ result[i], 0)
    return result


MISTAKES["lsuv", "you divide by the variance of the sums: their width is the root of it."] = _


def _(x, weights):
    scaled = np.array(weights)
    h = x
    for W in scaled:
        W /= np.sqrt((h @ W).std())
        h = np.maximum(h @ W, 0)
    return scaled


MISTAKES["lsuv", "you divide by the root of the standard deviation, which is a root already."] = _


def _(x, weights):
    new = np.empty_like(weights)
    h = x
    for layer in range(weights.shape[0]):
        a = np.maximum(h @ weights[layer], 0)
        std = a.std()
        new[layer] = weights[layer] / std
        h = a / std
    return new


MISTAKES[
    "lsuv",
    "you measure behind the ReLU: it is the sums h @ W that are to have a standard deviation of 1.",
] = _


def _(x, weights):
    h = x
    scaled = []
    for W in weights:
        z = h @ W
        rms = np.sqrt(np.mean(z**2))
        scaled.append(W / rms)
        h = np.maximum(z / rms, 0)
    return np.stack(scaled).astype(weights.dtype)


MISTAKES[
    "lsuv",
    "you divide by the root mean square: the sums have a mean, and the standard deviation "
    "measures from there.",
] = _


def _(x, weights):
    out = weights.copy()
    h = x
    for i in range(len(weights)):
        std = (h @ out[i]).std(axis=0)
        out[i] = out[i] / std
        h = np.maximum(h @ out[i], 0)
    return out


MISTAKES["lsuv", "you give each unit a divisor of its own: here one number holds for the whole layer."] = _


def _(x, weights):
    out = np.empty_like(weights)
    h = x
    for i, W in enumerate(weights):
        out[i] = W / (h @ W).std(ddof=1)
        h = np.maximum(0, h @ out[i])
    return out


MISTAKES[
    "lsuv",
    "you divide the sum of squares by one less than the number of sums: here it is their "
    "number, as in .std().",
] = _


def _(x, weights):
    scaled = weights.copy()
    h = x
    for i, W in enumerate(weights):
        scaled[i] = W * (h @ W).std()
        h = np.maximum(h @ scaled[i], 0)
    return scaled


MISTAKES["lsuv", "you multiply by the standard deviation: sums that are too large become larger still."] = _


def _(x, weights):
    out = np.empty_like(weights)
    h = x
    for i, W in enumerate(weights):
        h = h @ W
        std = h.std()
        out[i] = W / std
        h = h / std
    return out


MISTAKES["lsuv", "you have left the ReLU out: a layer sees max(h @ W, 0) of the one before it."] = _


def _(x, weights):
    out = weights.copy()
    h = x
    for i in range(len(out)):
        z = h @ out[i]
        std = np.std(z)
        out[i] /= std
        h = np.tanh(z / std)
    return out


MISTAKES["lsuv", "your layers are tanh: here they are ReLUs, max(h @ W, 0)."] = _


def _(x, weights):
    result = []
    for W in weights:
        result.append(W / W.std())
    return np.array(result, dtype=weights.dtype)


MISTAKES[
    "lsuv",
    "you divide by the standard deviation of the weights: what counts is that of the sums h @"
    " W, which depend on the data too.",
] = _


def _(x, weights):
    first = np.std(x @ weights[0])
    return (weights / first).astype(weights.dtype)


MISTAKES["lsuv", "you divide all layers by the number that belongs to the first one: each has its own."] = _


def _(x, weights):
    scaled = weights.copy()
    z = x @ scaled[0]
    scaled[0] = scaled[0] / z.std()
    return scaled


MISTAKES["lsuv", "only your first layer is scaled: go on with what it gives."] = _


def _(x, weights):
    out = weights.copy()
    h = x
    for W in out:
        z = h @ W
        z = z / z.std()
        h = np.maximum(z, 0)
    return out


MISTAKES[
    "lsuv",
    "your weights are as they were: it is W itself that is to be divided, not only its sums.",
] = _


def _(x, weights):
    out = np.empty_like(weights)
    h = x
    for i, W in enumerate(weights):
        z = h @ W.T
        out[i] = W / z.std()
        h = np.maximum(h @ out[i].T, 0)
    return out


MISTAKES["lsuv", "you multiply by the transpose of W: its rows are the inputs, so the sums are h @ W."] = _


def _(x, weights):
    out = np.zeros(weights.shape)
    h = x
    for i, W in enumerate(weights):
        out[i] = W / (h @ W).std()
        h = np.maximum(h @ out[i], 0)
    return out


MISTAKES["lsuv", "you return float64 where the weights are float32: keep their precision."] = _
