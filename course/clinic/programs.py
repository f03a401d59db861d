"""Programs that people asked about on Stack Overflow because they did not learn, faulty and repaired.

They are rebuilt from the facts of the question, by its number: what the network was, on what data, what was
wrong and what mended it. Facts are those of the benchmarks in which the programs stand, mostly that of
DeepLocalize (Wardat and others 2021), whose faulty and corrected versions were read; code and sentences are
the course's own. Where data were not given, or are not ours to give, they are made here and `data` says so.
"""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from course import datasets, network
from course.activations import elu, elu_grad, relu, relu_grad, sigmoid, sigmoid_grad, tanh, tanh_grad
from course.arguments import instance
from course.clinic import panel
from course.clinic.setup import Setup, forward
from course.initializers import normal, xavier
from course.optimizers import adam, nesterov, rmsprop, sgd

# What Keras keeps a probability away from 0 and 1 by, before it takes the logarithm.
CLIP = 1e-7


@dataclass(frozen=True)
class Program:
    """A program: what it was `meant` to do, on which `data`, its `faults`, the `repair`, and how it `looks`.

    `planted` names those of its faults that the clinic has as well. `faulty` and `repaired` are set-ups; a
    program without a fault has no other. It works where its `score` is `enough`.
    """

    meant: str
    data: str
    faults: tuple
    repair: str
    looks: str
    planted: tuple
    faulty: Setup
    repaired: Setup | None
    enough: float


def score(setup, run, seed):
    """Return the last validation accuracy of a run; where numbers are predicted, R^2, 1 - loss / variance.

    0 is what the best constant reaches. A network that is not finite has none right.

    >>> from course.clinic.setup import train
    >>> program = PROGRAMS[31880720]
    >>> float(score(program.faulty, train(program.faulty, seed=0).run, seed=0))
    0.5
    """
    seen = panel.summary(instance("run", run, panel.Run, "a Run of course.clinic.panel"))
    if instance("setup", setup, Setup, "a Setup").classes > 1:
        return seen["validation"]
    return 1 - seen["last_loss"] / setup.data(seed)[1].var()


# Parts: outputs with their slopes, losses of what they give, evaluation, and initial weights, as in Keras.


def _ones(z):
    return np.ones_like(z)


# A softmax over a single score is 1, whatever the score.
SOFTMAX_OF_ONE = _ones, np.zeros_like
ALWAYS_ONE = "A softmax over one output is 1, whatever its score."
SIGMOID, TANH, RELU = (sigmoid, sigmoid_grad), (tanh, tanh_grad), (relu, relu_grad)


def _selu(z):
    return 1.0507 * elu(z, 1.67326)


def _selu_grad(z):
    return 1.0507 * elu_grad(z, 1.67326)


def _targets(p, y):
    """What each output should be: y itself, or a one for the class and zeros for the others."""
    return y.reshape(p.shape) if y.size == p.size else np.eye(p.shape[1])[y]


def _squared(p, y):
    off = p - _targets(p, y)
    return np.square(off).mean(), 2 * off / off.size


def _absolute(p, y):
    off = p - _targets(p, y)
    return np.abs(off).mean(), np.sign(off) / off.size


def _binary(p, y):
    """The binary cross-entropy of probabilities, averaged over rows and outputs."""
    t, p = _targets(p, y), np.clip(p, CLIP, 1 - CLIP)
    return -(t * np.log(p) + (1 - t) * np.log(1 - p)).mean(), (p - t) / (p * (1 - p)) / p.size


def _categorical(p, y):
    """The cross-entropy of outputs that are made to sum to one first, as Keras does where no softmax did."""
    t, total = _targets(p, y), p.sum(axis=1, keepdims=True)
    return -(t * np.log(p / total)).sum(axis=1).mean(), (1 / total - t / p) / len(y)


def _softmax_squared(z, y):
    """The squared error of probabilities that a softmax makes of the scores."""
    p = network.softmax(z)
    loss, dp = _squared(p, y)
    return loss, p * (dp - (p * dp).sum(axis=1, keepdims=True))


def _above_half(setup, params, X, seen, rng):
    """Scores for no and yes, `(N, 2)`, or `(N, 2, labels)`: yes where an output is above one half."""
    p = forward(setup, params, X)[-1]
    p = p[:, 0] if p.shape[1] == 1 else p
    return np.stack([np.full_like(p, 0.5), p], axis=1)


def _softmax_above_half(setup, params, X, seen, rng):
    p = network.softmax(forward(setup, params, X)[-1])
    return np.stack([np.full_like(p, 0.5), p], axis=1)


def _no_classes(setup, params, X, seen, rng):
    return np.full((len(X), 1), np.nan)


# The initial weights that Keras calls "uniform" and "normal" have these standard deviations; those that it
# takes by itself are Glorot's. All are drawn as gaussians here, and biases start at zero.
UNIFORM = partial(normal, scale=0.05 / np.sqrt(3))
NORMAL = partial(normal, scale=0.05)
GLOROT = partial(xavier, mode="fan_avg")


# Data. Each function takes a seed and returns (X, y, X_held, y_held).


def _pixels(seed):
    """The digits of the course as they come, between 0 and 1, with 300 held out."""
    images, labels = datasets.digits()
    rng = np.random.default_rng([seed, 0])
    return datasets.split(rng, images.reshape(-1, 64) / 16, labels, held_out=300)


def _ones_and_zeros(seed):
    y = np.arange(1200) % 2
    X = np.repeat(y[:, None].astype(float), 128, axis=1)
    return X[:1000], y[:1000], X[1000:], y[1000:]


def _xor(repeated, seed):
    X = np.array([[1.0, 1], [0, 0], [1, 0], [0, 1], *[[1, 1], [0, 0]] * repeated])
    y = (X[:, 0] != X[:, 1]).astype(int)
    return X, y, X, y


def _parabola(seed):
    rng = np.random.default_rng([seed, 0])
    x = np.arange(0, 5, 0.1)[:, None]
    y = 5 * x[:, 0] ** 2 + rng.standard_normal(50) ** 3
    return x, y, x, y


def _letters(scaled, seed):
    """Codes of the letters A B C for one class and D E F for the other; in a fifth the last is exchanged."""
    rng = np.random.default_rng([seed, 0])
    y = np.arange(42) % 2
    X = np.array([65.0, 66, 67]) + 3 * y[:, None]
    swapped = rng.random(len(y)) < 0.2
    X[swapped, 2] = np.where(y[swapped] == 1, 67, 70)
    if scaled:
        X = (X - X[:28].mean(axis=0)) / X[:28].std(axis=0)
    return X[:28], y[:28], X[28:], y[28:]


def _table(seed):
    rng = np.random.default_rng([seed, 0])
    X, y = rng.normal(0.5, 0.9, (17, 2)), rng.normal(0.9, 0.95, 17)
    return X, y, X, y


# Mean and standard deviation of sepals and petals of three kinds of iris (Fisher 1936).
IRISES = np.array(
    [
        [[5.006, 3.428, 1.462, 0.246], [0.352, 0.379, 0.174, 0.105]],
        [[5.936, 2.770, 4.260, 1.326], [0.516, 0.314, 0.470, 0.198]],
        [[6.588, 2.974, 5.552, 2.026], [0.636, 0.322, 0.552, 0.275]],
    ]
)


def _irises(seed):
    rng = np.random.default_rng([seed, 0])
    y = np.arange(195) % 3
    X = rng.normal(*IRISES[y].swapaxes(0, 1))
    return X[:150], y[:150], X[150:], y[150:]


def _sums(seed):
    X = np.random.default_rng([seed, 0]).random((1200, 5))
    y = (X.sum(axis=1) > 2.5).astype(int)
    return X[:1000], y[:1000], X[1000:], y[1000:]


def _topics(seed):
    """Counts of 20 words in texts of about 50, of which each has some of three topics."""
    rng = np.random.default_rng([seed, 0])
    words = rng.random((3, 20))
    words /= words.sum(axis=1, keepdims=True)
    y = (rng.random((2400, 3)) < 0.6).astype(int)
    # Where a text has no topic, all words are alike.
    mixed = y @ words + 1e-9
    mixed /= mixed.sum(axis=1, keepdims=True)
    X = rng.multinomial(rng.poisson(50, len(y)), mixed).astype(float)
    return X[:2000], y[:2000], X[2000:], y[2000:]


def _rising(seed):
    """The sine a hundredth of a turn apart, where it rises, and the answer that it does, for every row."""
    t = np.random.default_rng([seed, 0]).random(330) * np.pi / 2
    X = np.sin(np.stack([t, t - np.pi / 50], axis=1))
    y = np.ones(330, int)
    return X[:264], y[:264], X[264:], y[264:]


BINARY = {"classes": 2, "outputs": 1, "predict": _above_half}
NUMBER = {"classes": 1, "loss": _squared, "predict": _no_classes}


def _program(meant, data, faults, repair, looks, planted, enough, faulty, mended):
    repaired = replace(faulty, **mended) if faults else None
    return Program(meant, data, faults, repair, looks, planted, faulty, repaired, enough)


PROGRAMS = {
    31556268: _program(
        "XOR, by four hidden sigmoids.",
        "The four rows of XOR, as in the question.",
        (
            "The loss is the absolute error.",
            "Gradient descent at 0.05 is slow.",
            "1000 epochs are too few.",
        ),
        "Take the squared error and Adam, and train 10 000 epochs.",
        "The loss stays at one half, and every answer is near one half.",
        ("rate too low",),
        0.99,
        Setup(
            hidden=(4,), activation="sigmoid", learning_rate=0.05, batch_size=4, steps=1000, **BINARY,
            data=partial(_xor, 0), initializer=GLOROT, output=SIGMOID, loss=_absolute,
            rule=partial(nesterov, mu=0.11),
        ),
        {"loss": _squared, "rule": adam, "learning_rate": 0.001, "steps": 10_000},
    ),
    31880720: _program(
        "Tell rows of 128 ones from rows of 128 zeros.",
        "1000 such rows in the place of 20 000, and 500 steps of one row in the place of 60 000.",
        (ALWAYS_ONE,),
        "Take a sigmoid for the output.",
        "Half of the answers are right, from first to last; every gradient is exactly zero.",
        (),
        0.99,
        Setup(
            hidden=(50, 50), learning_rate=0.001, batch_size=1, steps=500, dropped=0.2, **BINARY,
            data=_ones_and_zeros, initializer=GLOROT, output=SOFTMAX_OF_ONE, loss=_binary,
            rule=partial(rmsprop, decay=0.9),
        ),
        {"output": SIGMOID},
    ),
    34311586: _program(
        "XOR, by two and three hidden sigmoids.",
        "The four rows of XOR, two of them twice, as in the question.",
        (
            ALWAYS_ONE,
            "A rate of 0.001 is too low.",
            "20 epochs are too few.",
        ),
        "Take a sigmoid for the output, a rate of 0.1, and thousands of epochs. Here initial weights have a "
        "standard deviation of 1 as well: from those of the program most runs do not learn XOR.",
        "Every answer is 1, and every gradient is exactly zero.",
        ("rate too low", "small initial weights"),
        0.99,
        Setup(
            hidden=(2, 3), activation="sigmoid", learning_rate=0.001, batch_size=32, steps=20, **BINARY,
            data=partial(_xor, 1), initializer=UNIFORM, output=SOFTMAX_OF_ONE, loss=_squared, rule=nesterov,
        ),
        {
            "output": SIGMOID,
            "learning_rate": 0.1,
            "batch_size": 4,
            "steps": 10_000,
            "initializer": partial(normal, scale=1.0),
        },
    ),
    38648195: _program(
        "Find which of three labels a text has, where it may have several or none.",
        "Counts of 20 words from a generator of our own, 2000 rows in the place of 48 000, and 2000 steps.",
        ("A softmax lets the three labels compete.", "The loss is the squared error."),
        "Take a sigmoid for each label, and the binary cross-entropy.",
        "The loss falls, and yet fewer labels are right than if all were guessed to be there.",
        ("squared error",),
        0.65,
        Setup(
            hidden=(20, 20), learning_rate=0.01, batch_size=20, steps=2000, dropped=0.5, classes=2, outputs=3,
            data=_topics, initializer=GLOROT, loss=_softmax_squared, predict=_softmax_above_half, rule=sgd,
        ),
        {"output": SIGMOID, "loss": _binary, "predict": _above_half},
    ),
    39525358: _program(
        "Tell two kinds of rows of three numbers.",
        "Codes of letters, 65 to 67 for one class and 68 to 70 for the other, after the table of the "
        "benchmark; 28 rows and 14 held out.",
        ("The inputs, near 67, are not scaled.",),
        "Subtract the mean of each column, and divide by its standard deviation.",
        "The loss stays at ln 2, and half of the answers are right.",
        ("inputs not scaled",),
        0.9,
        Setup(
            hidden=(12, 3), learning_rate=0.001, batch_size=10, steps=300, **BINARY,
            data=partial(_letters, False), initializer=UNIFORM, output=SIGMOID, loss=_binary, rule=adam,
        ),
        {"data": partial(_letters, True)},
    ),
    41372874: _program(
        "Say whether a sine rises, from its last two values.",
        "Pairs of values where it rises: in the table of the benchmark all labels are alike.",
        (),
        "There is nothing to repair.",
        "The loss falls to nothing: all labels are 1, and so are the answers.",
        (),
        0.99,
        Setup(
            hidden=(2, 2), learning_rate=0.001, batch_size=2, steps=2640, **BINARY,
            data=_rising, initializer=UNIFORM, output=SIGMOID, loss=_binary, rule=adam,
        ),
        {},
    ),
    45337371: _program(
        "Find how the output of a network changes with each of its five inputs.",
        "The question trains nothing, and the benchmark trains on random targets, which nobody can learn: "
        "here it learns whether the sum of five numbers is above its mean.",
        (ALWAYS_ONE,),
        "Take a sigmoid for the output.",
        "The gradient for the inputs is exactly zero, and so are all others.",
        (),
        0.9,
        Setup(
            hidden=(60, 50), learning_rate=0.001, batch_size=32, steps=600, **BINARY,
            data=_sums, initializer=GLOROT, output=SOFTMAX_OF_ONE, loss=_binary, rule=adam,
        ),
        {"output": SIGMOID},
    ),
    48251943: _program(
        "Predict one column of a table from two others.",
        "17 rows of gaussian numbers with the means and standard deviations of the table of the benchmark. "
        "There the two columns explain 6% of the target, and here nothing: more than a little better than "
        "the best constant cannot be had.",
        ("A ReLU on the output gives no negative number, and dies.", "50 epochs are too few."),
        "Take a tanh for the output, and train 500 epochs.",
        "Where the output died, every answer is zero; often the loss ends above that of the best constant.",
        ("ReLU on the scores",),
        0.0,
        Setup(
            hidden=(4,), learning_rate=0.01, batch_size=10, steps=100, **NUMBER,
            data=_table, initializer=GLOROT, output=RELU, rule=sgd,
        ),
        {"output": TANH, "steps": 1000},
    ),
    48385830: _program(
        "Recognize digits, by a network of 30 hidden units that a textbook describes.",
        "The digits of the course, 8 x 8 pixels, in the place of MNIST, and 2000 steps.",
        ("Both activations were forgotten.", "The loss is the squared error of scores."),
        "Take sigmoids for the hidden units, and a softmax with the cross-entropy.",
        "The loss starts in the hundreds and is soon NaN.",
        ("no nonlinearity", "squared error"),
        0.9,
        Setup(
            hidden=(30,), functions=(np.positive, np.ones_like), learning_rate=3.0, batch_size=10, steps=2000,
            data=_pixels, initializer=partial(normal, scale=1.0), loss=_squared, rule=sgd,
        ),
        {"functions": None, "activation": "sigmoid", "loss": network._cross_entropy},
    ),
    48934338: _program(
        "Fit a parabola with noise, from its x.",
        "50 points of 5 x² and the cube of gaussian noise, as in the question.",
        ("A rate of 0.1 is too high for targets up to 125.",),
        "Take a rate of 0.001.",
        "The loss shoots up, units die, and every answer is the mean.",
        ("rate far too high", "rate too high"),
        0.7,
        Setup(
            hidden=(50, 30), learning_rate=0.1, batch_size=32, steps=1000, **NUMBER,
            data=_parabola, initializer=GLOROT, rule=sgd,
        ),
        {"learning_rate": 0.001},
    ),
    59278771: _program(
        "Tell three kinds of iris.",
        "Clouds with the means and standard deviations of Fisher's irises, 150 rows and 45 held out.",
        (
            "One epoch is trained: the name of the argument that asks for 200 is an old one, and is ignored.",
            "The outputs are three sigmoids, though one class excludes the others.",
            "Four ReLUs from weights of 0.05 may die.",
        ),
        "Train 200 epochs, take a softmax for the output and SELUs for the hidden units.",
        "The loss stays at ln 3, and a third of the answers is right.",
        (),
        0.85,
        Setup(
            hidden=(4,), learning_rate=0.001, batch_size=5, steps=30, classes=3,
            data=_irises, initializer=NORMAL, output=SIGMOID, loss=_categorical, rule=adam,
        ),
        {
            "output": None,
            "loss": network._cross_entropy,
            "steps": 6000,
            "activation": "elu",
            "functions": (_selu, _selu_grad),
        },
    ),
}  # fmt: skip
