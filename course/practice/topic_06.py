"""Exercises of topic 06: predict the first loss, check a gradient, judge runs, and measure a ceiling."""

from functools import partial

import numpy as np

from course import datasets, faults, gradcheck, initializers, network, search, statistics
from course.practice.exercises import Exercise, Finding, Mistake

TOPIC = "06_babysitting"


# The first loss.


def network_to_predict(rng):
    """Sizes that all differ, and a penalty about as large as the loss of the scores."""
    sizes = tuple(int(rng.integers(low, high)) for low, high in ((40, 60), (20, 35), (70, 90), (200, 1000)))
    weights = np.dot(sizes[:-1], sizes[1:])
    scale = float(rng.uniform(0.001, 0.01))
    return sizes, scale, float(rng.uniform(5, 9) / (weights * scale**2))


def first_loss(sizes, scale, reg):
    # The matrix between two layers has a weight for each pair of units.
    weights = np.dot(sizes[:-1], sizes[1:])
    return np.log(sizes[-1]) + 0.5 * reg * weights * scale**2


def added_layer_by_layer(sizes, scale, reg):
    loss = -np.log(1 / sizes[-1])
    for i in range(1, len(sizes)):
        loss += reg * scale**2 * sizes[i - 1] * sizes[i] / 2
    return float(loss)


def of_sums(sizes, scale, reg, of_scores=None, half=0.5, power=2):
    """The first loss, with the changes that mistakes make."""
    weights = np.dot(sizes[:-1], sizes[1:])
    of_scores = np.log(sizes[-1]) if of_scores is None else of_scores
    return of_scores + half * reg * weights * scale**power


FIRST = Exercise(
    TOPIC,
    "Two numbers to predict before training (slides 64 and 65)",
    "Write my_first_loss(sizes, scale, reg): the loss to expect before training, the penalty included. sizes "
    "is a tuple with the number of units of each layer, from the inputs to the classes. The weights are "
    "gaussian with the standard deviation scale, so small that all scores are about equal, and the biases "
    "are 0. The penalty is 0.5 * reg times the sum of the squares of all weights.",
    network_to_predict,
    first_loss,
    variants=(
        added_layer_by_layer,
        of_sums,
        lambda sizes, scale, reg: (
            np.log(sizes[-1]) + reg * scale**2 / 2 * (np.array(sizes[1:]) * np.array(sizes[:-1])).sum()
        ),
        lambda sizes, scale, reg: np.float32(of_sums(sizes, scale, reg)),
    ),
    mistakes=(
        Mistake(
            lambda sizes, scale, reg: of_sums(sizes, scale, reg, half=1),
            "the one half of the penalty is missing: Keras leaves it out, but here it is there.",
        ),
        Mistake(
            lambda sizes, scale, reg: of_sums(sizes, scale, reg, power=1),
            "the mean square of a weight is the variance: square the standard deviation.",
        ),
        Mistake(
            lambda sizes, scale, reg: np.log(sizes[-1]),
            "this is the loss without the penalty: each weight adds half of reg times its square.",
        ),
        Mistake(
            lambda sizes, scale, reg: of_sums(sizes, scale, reg, 0),
            "this is the penalty alone: the softmax loss of equal scores is missing.",
        ),
        Mistake(
            lambda sizes, scale, reg: of_sums(sizes, scale, reg, np.log(10)),
            "you give ln 10, the loss of the lecture's ten classes: here sizes[-1] tells their number.",
        ),
        Mistake(
            lambda sizes, scale, reg: of_sums(sizes, scale, reg, np.log10(sizes[-1])),
            "you have taken the logarithm to the base 10: the loss has the natural one, np.log.",
        ),
        Mistake(
            lambda sizes, scale, reg: of_sums(sizes, scale, reg, np.log2(sizes[-1])),
            "you have taken the logarithm to the base 2, which gives bits: the loss has the natural one, "
            "np.log.",
        ),
        Mistake(
            lambda sizes, scale, reg: of_sums(sizes, scale, reg, -np.log(sizes[-1])),
            "the sign of the first term is wrong: the loss is -ln(1 / classes), which is positive.",
        ),
        Mistake(
            lambda sizes, scale, reg: of_sums(sizes, scale, reg, 1 / sizes[-1]),
            "1 / classes is the probability of the right class: the loss is minus its logarithm.",
        ),
        Mistake(
            lambda sizes, scale, reg: of_sums(sizes, scale, reg, np.log(sizes[0])),
            "you have taken the inputs for the classes: the classes stand last in sizes.",
        ),
        Mistake(
            lambda sizes, scale, reg: (
                np.log(sizes[-1]) + 0.5 * reg * scale**2 * np.dot(np.add(sizes[:-1], 1), sizes[1:])
            ),
            "you have counted the biases as well: they are 0, and add nothing to the penalty.",
        ),
        Mistake(
            lambda sizes, scale, reg: np.log(sizes[-1]) + 0.5 * reg * scale**2 * sizes[0] * sizes[1],
            "you have counted the first matrix alone: there is one between each layer and the next.",
        ),
        Mistake(
            lambda sizes, scale, reg: np.log(sizes[-1]) + 0.5 * reg * scale**2 * sum(sizes),
            "you have counted units: between two layers there is a weight for each pair of units.",
        ),
        Mistake(
            lambda sizes, scale, reg: np.log(sizes[-1]) + 0.5 * reg * scale**2 * np.prod(sizes, dtype=float),
            "you have multiplied all sizes together: a matrix joins two layers, so multiply neighbours, and "
            "add the matrices up.",
        ),
        Mistake(
            lambda sizes, scale, reg: np.log(sizes[-1]) + 0.5 * reg * scale**2,
            "this is the penalty of a single weight: how many weights are there?",
        ),
    ),
    hints=(
        "There are two terms. Which probability does each class get if all scores are equal?",
        "A weight has the mean 0, so its mean square is scale squared.",
        "The matrix between layers of a and b units holds a * b weights. Add that up over all neighbours in "
        "sizes.",
    ),
    float32=False,
)


# Centred differences.


def function_and_place(rng):
    """A function that is curved, and in which the elements of x act on each other."""
    a, x = rng.uniform(0.2, 0.6, (2, 3)), rng.uniform(0.5, 1.5, (2, 3))

    def f(x):
        return float(np.exp((a * x).sum()) + (x**3).sum())

    return f, x, float(rng.uniform(0.05, 0.2))


def centred_difference(f, x, h):
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[place] = h
        gradient[place] = (f(x + nudge) - f(x - nudge)) / (2 * h)
    return gradient


def in_place_on_a_copy(f, x, h):
    x, gradient = x.copy(), np.empty_like(x)
    for place in np.ndindex(x.shape):
        before = x[place]
        x[place] = before + h
        above = f(x)
        x[place] = before - h
        gradient[place] = (above - f(x)) / h / 2
        x[place] = before
    return gradient


def each_slope(x, h, slope):
    """A gradient whose elements are slope(nudge), with a nudge of h for each."""
    nudges = np.eye(x.size).reshape(-1, *x.shape) * h
    return np.array([slope(nudge) for nudge in nudges]).reshape(x.shape)


def never_put_back(f, x, h):
    x, gradient = x.copy(), np.empty_like(x)
    for place in np.ndindex(x.shape):
        x[place] += h
        above = f(x)
        x[place] -= 2 * h
        gradient[place] = (above - f(x)) / (2 * h)
    return gradient


def whole_rows(f, x, h):
    gradient = np.empty_like(x)
    for i in range(len(x)):
        nudge = np.zeros(x.shape)
        nudge[i] = h
        gradient[i] = (f(x + nudge) - f(x - nudge)) / (2 * h)
    return gradient


def whole_numbers(f, x, h):
    return in_place_on_a_copy(f, x, h).astype(int)


DIFFERENCE = Exercise(
    TOPIC,
    "Before training: is the gradient right?",
    "Write my_centred_difference(f, x, h): the gradient of f at x by centred differences, with a step of h "
    "to both sides. f takes an array of the shape of x and returns one number, and x is an array of any "
    "shape. The gradient has the shape of x, and x itself stays as it was.",
    function_and_place,
    centred_difference,
    variants=(
        in_place_on_a_copy,
        lambda f, x, h: each_slope(x, h, lambda nudge: (f(x + nudge) - f(x - nudge)) / (2 * h)),
        lambda f, x, h: each_slope(x, h, lambda d: ((f(x + d) - f(x)) / h + (f(x) - f(x - d)) / h) / 2),
    ),
    mistakes=(
        Mistake(
            lambda f, x, h: each_slope(x, h, lambda nudge: (f(x + nudge) - f(x)) / h),
            "this is the forward difference: go by h to both sides, and divide by the whole distance.",
        ),
        Mistake(
            lambda f, x, h: each_slope(x, h, lambda nudge: (f(x) - f(x - nudge)) / h),
            "this is the backward difference: go by h to both sides, and divide by the whole distance.",
        ),
        Mistake(
            lambda f, x, h: each_slope(x, h, lambda nudge: (f(x + nudge) - f(x - nudge)) / h),
            "your slopes are twice too steep: from x - h to x + h it is 2 h.",
        ),
        Mistake(
            lambda f, x, h: each_slope(x, h, lambda nudge: (f(x + nudge) - f(x - nudge)) / 2 * h),
            "/ 2 * h divides by 2 and then multiplies by h: write / (2 * h).",
        ),
        Mistake(
            lambda f, x, h: each_slope(x, h, lambda nudge: (f(x + nudge) - f(x - nudge)) / 2),
            "you have divided by 2 alone: the distance between the two places is 2 h.",
        ),
        Mistake(
            lambda f, x, h: each_slope(x, h, lambda nudge: (f(x - nudge) - f(x + nudge)) / (2 * h)),
            "the sign is wrong: subtract the value on the lower side from that on the upper side.",
        ),
        Mistake(
            lambda f, x, h: each_slope(x, h, lambda nudge: (f(x + nudge / 2) - f(x - nudge / 2)) / h),
            "your two places are h apart: the step here is h to each side.",
        ),
        Mistake(
            lambda f, x, h: each_slope(x, h, lambda nudge: (f(x + nudge) - 2 * f(x) + f(x - nudge)) / h**2),
            "this formula is that of the second derivative, the curvature: for the slope subtract the value "
            "on one side from that on the other.",
        ),
        Mistake(
            lambda f, x, h: np.full_like(x, (f(x + h) - f(x - h)) / (2 * h)),
            "x + h nudges all elements at once: nudge one at a time, for each slope.",
        ),
        Mistake(
            never_put_back,
            "a nudged element stays nudged while you go on to the next one: put it back first.",
        ),
        Mistake(
            whole_rows,
            "you nudge a whole row at once: go through all elements, as np.ndindex(x.shape) does.",
        ),
        Mistake(
            lambda f, x, h: each_slope(x, h, lambda d: (f(x + x * d) - f(x - x * d)) / (2 * h)),
            "your nudges are h times x: they are to be h, whatever x is.",
        ),
        Mistake(
            whole_numbers,
            "your slopes have lost what comes after the point: make the array for them one of floats.",
        ),
    ),
    hints=(
        "Begin with one element: how does f change if only x[0, 0] moves?",
        "np.ndindex(x.shape) goes through all places, whatever the shape is.",
        "For each place make an array of zeros with h at that place, and call f at x plus and x minus it.",
    ),
    own=(gradcheck.numerical_gradient,),
    float32=False,
)


# Judging runs by their losses.


def curves_of_loss(rng):
    """Ten runs that begin at different losses; some pass through what they do not end with."""
    rows = [
        [1, 0.7, 0.5, 0.3],
        [1, 0.95, 0.85, 0.7],
        [1, 4.5, 1.2, 0.6],
        [1, 1.01, 0.99, 0.97],
        [1, 0.6, 0.5, 1.4],
        [1, 1.5, 1.2, 2.6],
        [1, 1.3, 2.9, 3.6],
        [1, 0.5, np.nan, np.nan],
        [1, 1.2, 1.1, np.inf],
        [1, 0.9, 0.9, 0.85],
    ]
    first = np.concatenate([[0.6, 0.9, 4.0], rng.uniform(2, 5, 7)])
    loss = np.array(rows) * first[:, None]
    return (loss[rng.permutation(len(loss))],)


def verdicts(loss):
    first, last = loss[:, 0], loss[:, -1]
    # A NaN is not below anything, so it is left for the last of the three.
    return np.where(last < 0.8 * first, 1, np.where(last < 3 * first, 0, -1))


def judged_one_by_one(loss):
    said = []
    for run in loss:
        change = run[-1] / run[0]
        if np.isnan(change) or change >= 3:
            said.append(-1)
        elif change < 0.8:
            said.append(1)
        else:
            said.append(0)
    return np.array(said)


def with_select(loss):
    change = loss[:, -1] / loss[:, 0]
    return np.select([~np.isfinite(change) | (change >= 3), change < 0.8], [-1, 1], 0)


def filled(loss):
    said = np.full(len(loss), -1)
    said[loss[:, -1] < 3 * loss[:, 0]] = 0
    said[loss[:, -1] < 0.8 * loss[:, 0]] = 1
    return said


def by_change(change, learns=0.8, explodes=3.0):
    """The right verdicts on another change than that from the first loss to the last."""
    return np.where(change < learns, 1, np.where(change < explodes, 0, -1))


def last_finite(loss):
    last = [run[np.isfinite(run)][-1] for run in loss]
    return by_change(last / loss[:, 0])


VERDICTS = Exercise(
    TOPIC,
    "From one millionth to one million (slides 68 to 74)",
    "Write my_verdicts(loss): an array of numbers, a verdict on each training run. loss has a row for each "
    "run and a column for each epoch. The verdict is 1 (it learns) where the last loss is below 0.8 times "
    "the first, and -1 (it explodes) where the last loss is at least 3 times the first, or infinite, or NaN. "
    "Otherwise it is 0 (it crawls).",
    curves_of_loss,
    verdicts,
    variants=(
        judged_one_by_one,
        with_select,
        filled,
        lambda loss: by_change((loss[:, -1] / loss[:, 0]).astype(np.float32)),
    ),
    mistakes=(
        Mistake(
            lambda loss: np.where(
                loss[:, -1] >= 3 * loss[:, 0],
                -1,
                np.where(loss[:, -1] >= 0.8 * loss[:, 0], 0, 1),
            ),
            "a loss of NaN learns with you: it fails every comparison, and falls through to what comes last.",
        ),
        Mistake(
            lambda loss: np.select(
                [loss[:, -1] >= 3 * loss[:, 0], loss[:, -1] < 0.8 * loss[:, 0]],
                [-1, 1],
                0,
            ),
            "a loss of NaN crawls with you: it is neither above nor below anything, so ask for it by itself.",
        ),
        Mistake(
            lambda loss: np.where(
                ~np.isfinite(loss[:, -1]),
                -1,
                np.where(loss[:, -1] < 0.8 * loss[:, 0], 1, 0),
            ),
            "you wait until a loss is no longer finite: three times the first one is enough to give up.",
        ),
        Mistake(
            last_finite,
            "you judge a run by its last finite loss: that it has become NaN or infinite is the message.",
        ),
        Mistake(
            lambda loss: by_change(loss[:, -1] / loss[:, -2]),
            "you compare the last epoch with the one before: compare it with the first.",
        ),
        Mistake(
            lambda loss: by_change(loss.min(axis=1) / loss[:, 0]),
            "you take the lowest loss of a run: what counts is where it ends.",
        ),
        Mistake(
            lambda loss: by_change(loss.max(axis=1) / loss[:, 0]),
            "you take the highest loss of a run: it may come down again, and what counts is where it ends.",
        ),
        Mistake(
            lambda loss: by_change(loss.mean(axis=1) / loss[:, 0]),
            "you take the mean over the epochs: what counts is where the loss ends.",
        ),
        Mistake(
            lambda loss: by_change(loss[:, -1]),
            "you hold the last loss itself against 0.8 and 3: it is its ratio to the first that counts.",
        ),
        Mistake(
            lambda loss: by_change(loss[:, 0] / loss[:, -1]),
            "your ratio is upside down: divide the last loss by the first.",
        ),
        Mistake(
            lambda loss: by_change(loss[:, -1] / loss[:, 0], learns=0.2),
            "you ask the loss to fall by 0.8 of itself: it is to fall to 0.8 of itself.",
        ),
        Mistake(
            lambda loss: by_change(loss[:, -1] / loss[:, 0], learns=1),
            "every loss that has fallen at all learns with you: it is to be below 0.8 times the first.",
        ),
        Mistake(
            lambda loss: by_change(loss[-1] / loss[0]),
            "you compare the last run with the first one: the epochs are the columns.",
        ),
    ),
    hints=(
        "The first loss of every run is loss[:, 0], and the last one loss[:, -1].",
        "Each comparison with NaN is False. Into which of your branches does that lead?",
        "Ask what is below 0.8, then what is below 3: what fails both has exploded.",
    ),
    float32=False,
)


# How large a step is.


def weights_and_gradient(rng):
    W = rng.normal(0.2, 0.5, (6, 4))
    return W, rng.normal(0.3, 2, (6, 4)), float(rng.uniform(0.001, 0.01))


def update_ratio(W, dW, learning_rate):
    step = -learning_rate * dW
    return np.sqrt((step**2).sum()) / np.sqrt((W**2).sum())


STEP = Exercise(
    TOPIC,
    "How large is a healthy step? (slide 87)",
    "Write my_update_ratio(W, dW, learning_rate): the size of a step of gradient descent against the size of "
    "the weights that it changes, one number. W and its gradient dW are matrices of the same shape. The size "
    "of a matrix is the root of the sum of all its squares.",
    weights_and_gradient,
    update_ratio,
    variants=(
        lambda W, dW, learning_rate: learning_rate * np.linalg.norm(dW) / np.linalg.norm(W),
        lambda W, dW, learning_rate: learning_rate * np.sqrt(np.mean(dW**2) / np.mean(W**2)),
        lambda W, dW, learning_rate: np.linalg.norm((W - learning_rate * dW - W).ravel()) / np.linalg.norm(W),
        lambda W, dW, learning_rate: np.float32(learning_rate * (np.vdot(dW, dW) / np.vdot(W, W)) ** 0.5),
    ),
    mistakes=(
        Mistake(
            lambda W, dW, learning_rate: np.linalg.norm(dW) / np.linalg.norm(W),
            "you have compared the gradient with the weights: a step is the gradient times the learning "
            "rate.",
        ),
        Mistake(
            lambda W, dW, learning_rate: np.linalg.norm(W) / np.linalg.norm(learning_rate * dW),
            "your ratio is upside down: the step comes first, over the weights.",
        ),
        Mistake(
            lambda W, dW, learning_rate: learning_rate**2 * (dW**2).sum() / (W**2).sum(),
            "this is the square of the ratio: the roots are missing.",
        ),
        Mistake(
            lambda W, dW, learning_rate: np.linalg.norm(dW) / np.linalg.norm(W) / learning_rate,
            "you have divided by the learning rate: a step is the gradient multiplied by it.",
        ),
        Mistake(
            lambda W, dW, learning_rate: -learning_rate * np.linalg.norm(dW) / np.linalg.norm(W),
            "a size is never negative: the minus of the step is gone when it is squared.",
        ),
        Mistake(
            lambda W, dW, learning_rate: learning_rate * np.linalg.norm(dW, 2) / np.linalg.norm(W, 2),
            "np.linalg.norm(W, 2) is the largest stretch of a vector by W: leave the 2 out for the root of "
            "the sum of squares.",
        ),
        Mistake(
            lambda W, dW, learning_rate: learning_rate * np.abs(dW).sum() / np.abs(W).sum(),
            "you have added absolute values: the size here is the root of the sum of squares.",
        ),
        Mistake(
            lambda W, dW, learning_rate: learning_rate * np.abs(dW).max() / np.abs(W).max(),
            "you have compared the largest element of each: the size is made of all of them.",
        ),
        Mistake(
            lambda W, dW, learning_rate: np.abs(learning_rate * dW / W).mean(),
            "you take a mean of ratios, in which a weight near 0 counts for nearly everything: divide the "
            "two sizes.",
        ),
        Mistake(
            lambda W, dW, learning_rate: learning_rate * dW.std() / W.std(),
            "a standard deviation subtracts the mean first: the size is that of the numbers themselves.",
        ),
        Mistake(
            lambda W, dW, learning_rate: (
                learning_rate * np.linalg.norm(dW, axis=0) / np.linalg.norm(W, axis=0)
            ),
            "you give a ratio for each unit: one number is asked for, from all weights together.",
        ),
        Mistake(
            lambda W, dW, learning_rate: (
                learning_rate * np.linalg.norm(dW, axis=0) / np.linalg.norm(W, axis=0)
            ).mean(),
            "you take the mean of a ratio for each unit: divide the two sizes of the whole matrices.",
        ),
        Mistake(
            lambda W, dW, learning_rate: (
                learning_rate * np.linalg.norm(dW) / np.linalg.norm(W - learning_rate * dW)
            ),
            "you compare with the weights after the step: compare with those that it starts from.",
        ),
        Mistake(
            lambda W, dW, learning_rate: np.linalg.norm(W - learning_rate * dW) / np.linalg.norm(W),
            "this is the size of the new weights over that of the old ones: compare the step alone.",
        ),
    ),
    hints=(
        "What does gradient descent add to W?",
        "np.linalg.norm(A) of a matrix is the root of the sum of all its squares.",
    ),
    own=(statistics.update_ratio,),
)


# Four runs, of which only the numbers are known.


def four_runs():
    reported = {
        "A": (2.303, 1.47, 0.99, 0.96),
        "B": (2.303, 1.63, 0.43, 0.08),
        "C": (2.303, 2.30, 0.38, 0.32),
        "D": (115.2, 0.53, 1.0, 0.96),
    }
    # Plant each suspect, at a learning rate that suits it, and see whose numbers are the nearest.
    suspects = {
        "healthy": (None, 0.3),
        "softmax twice": ("softmax twice", 1.0),
        "shuffled labels": ("shuffled labels", 0.6),
        "summed loss": ("summed loss", 0.3 / 50),
        "gradients not reset": ("gradients not reset", 0.3),
        "missing ReLU mask": ("missing ReLU mask", 0.3),
        "learning rate too low": (None, 0.001),
    }
    numbers = {}
    for name, (fault, rate) in suspects.items():
        _, history = faults.train(fault, seed=0, epochs=30, learning_rate=rate)
        losses = np.log([history.loss[0, 0], history.loss[-1].mean()])
        numbers[name] = np.array([*losses, history.train_accuracy[-1], history.validation_accuracy[-1]])
    found = {}
    for run, (first, last, *accuracies) in reported.items():
        seen = np.array([np.log(first), np.log(last), *accuracies])
        found[run] = min(numbers, key=lambda name: np.abs(numbers[name] - seen).sum())
    return found


# These four are `faults.train` with seed 1, thirty epochs, and the learning rates of the suspects above. With
# seeds 0 and 2 the losses after thirty epochs are 1.47 and 1.48, 1.58 and 1.63, 2.30 and 2.30, 0.74 and 0.79.
CAUSES = {"A": "softmax twice", "B": "shuffled labels", "C": "learning rate too low", "D": "summed loss"}


def says(run, *causes):
    """A finding that names one of these causes for a run."""
    return lambda found: found[run] in causes


FOUR = Finding(
    TOPIC,
    "Six planted bugs, and which check finds them",
    "Of four training runs on the ten digits, with minibatches of 50 and thirty epochs, you have only the "
    "numbers that stand beside their names: the loss of the first step, the mean loss of the last epoch, and "
    'the accuracy on the training and the validation pictures. Name the cause of each: "healthy", "softmax '
    'twice", "shuffled labels", "summed loss", "gradients not reset", "missing ReLU mask", "learning '
    'rate too low", "initial weights too large" or "too few units". To test a suspicion, plant it with '
    "`faults.train`.",
    {
        "A": "loss 2.303, at last 1.47; accuracy 99% and 96%",
        "B": "loss 2.303, at last 1.63; accuracy 43% and 8%",
        "C": "loss 2.303, at last 2.30; accuracy 38% and 32%",
        "D": "loss 115.2, at last 0.53; accuracy 100% and 96%",
    },
    four_runs,
    right={run: {cause} for run, cause in CAUSES.items()},
    variants=(CAUSES, dict(reversed(CAUSES.items()))),
    mistakes=(
        Mistake(
            {**CAUSES, "A": "learning rate too low"},
            "A is right about 99% of its pictures, so it has learned enough: what keeps its loss from "
            "falling any lower?",
            says("A", "learning rate too low", "too few units"),
        ),
        Mistake(
            {**CAUSES, "A": "healthy"},
            "with 99% of its pictures right, a healthy run has a loss near 0, and that of A stops at 1.47.",
            says("A", "healthy", "missing ReLU mask"),
        ),
        Mistake(
            {**CAUSES, "B": "too few units"},
            "too few units, or a learning rate that is too low, would leave both accuracies of B alike: it "
            "is right about its own pictures five times as often as about others.",
            says("B", "too few units", "learning rate too low"),
        ),
        Mistake(
            {**CAUSES, "B": "softmax twice"},
            "softmax twice would spare the accuracy of B: what has it learned that is of no use on other "
            "pictures?",
            says("B", "softmax twice", "missing ReLU mask", "healthy"),
        ),
        Mistake(
            {**CAUSES, "C": "shuffled labels"},
            "with shuffled labels C would be right about one validation picture in ten, not one in three.",
            says("C", "shuffled labels"),
        ),
        Mistake(
            {**CAUSES, "C": "too few units"},
            "too few units would still bring the loss of C down somewhat: here it has hardly moved, although "
            "what little it knows is right.",
            says("C", "too few units", "softmax twice"),
        ),
        Mistake(
            {**CAUSES, "D": "initial weights too large"},
            "the first loss of D is no accident: divide it by the size of the minibatch.",
            says("D", "initial weights too large"),
        ),
        Mistake(
            {**CAUSES, "D": "gradients not reset"},
            "the loss of D is odd at the first step already, before any gradient was used.",
            says("D", "gradients not reset", "learning rate too low", "missing ReLU mask"),
        ),
    ),
    hints=(
        "Which of the four begin with a loss other than ln 10 = 2.303? Which end with one that does not suit "
        "their accuracy?",
        "A large gap between the two accuracies says that something was memorized. No gap and a loss that "
        "stands still says something else.",
        "`faults.train('softmax twice', seed=0, epochs=30, learning_rate=1)` returns a history with `loss`, "
        "`train_accuracy` and `validation_accuracy`.",
    ),
)


# The ceiling of the learning rate.


def rate_ceiling():
    images, y = datasets.digits()
    large = datasets.like_cifar10(images).astype(np.float32)
    X, y, *_ = datasets.split(np.random.default_rng(0), large, y, held_out=300)
    X = (X - X.mean(axis=0)).reshape(-1, 8, 4, 8, 4, 3).mean(axis=(2, 4, 5)).reshape(-1, 64)
    X, y = X[:300] * np.float32(48**0.5), y[:300]
    initializer, rngs = partial(initializers.normal, scale=0.001), map(np.random.default_rng, range(10))
    starts = [network.create(rng, [64, 50, 10], initializer, np.float32) for rng in rngs]
    grid, settings = 0.002 * 1.05 ** np.arange(24), {"epochs": 8, "batch_size": 50}
    ceilings = {}
    for divisor in (1, 10):
        # Predicted to move by the divisor, so the grid moves along.
        rates, rng = grid * divisor, np.random.default_rng(4)
        _, history = search.sweep(starts, rates, X / divisor, y, rng=rng, **settings)
        learns = history.cost[-1] < 3 * history.loss[0, 0]
        ceilings[divisor] = np.array([rates[of_start].max() for of_start in learns])
    ratios = ceilings[10] / ceilings[1]
    return {
        "ceiling": ceilings[1].mean(),
        "factor": ratios.mean(),
        "error": ratios.std(ddof=1) / len(ratios) ** 0.5,
        "spacing": grid[1] / grid[0],
        "starts": len(ratios),
    }


# With four splits, ten starts each, the ceilings were 0.0034 to 0.0036, the factors 10.4 to 10.9, and their
# errors 0.13 to 0.34.
CEILING_FOUND = {"ceiling": 0.0034, "factor": 10.4, "error": 0.2, "spacing": 1.05, "starts": 10}
CEILING = Finding(
    TOPIC,
    "The range belongs to the scale of the input (slide 74)",
    "By which factor does the highest learning rate that works move if the pixels are divided by 10? Predict "
    "it, then train as `accuracies` does, on 300 pictures, with initial weights of 0.001 and batches of 50 "
    "for eight epochs, from at least ten starts, the same ones for both. The ceiling of a start is the "
    "highest learning rate of your grid at which `history.cost[-1]` is below three times its first loss. "
    "Hand in the mean ceiling of the pixels as they are, and the mean factor with its standard error.",
    {
        "ceiling": "highest learning rate that works, pixels as they are, mean over the starts",
        "factor": "that with pixels / 10 over that with pixels as they are, mean over the starts",
        "error": "standard error of that mean",
        "spacing": "a learning rate of the grid over the next lower one",
        "starts": "number of starts",
    },
    rate_ceiling,
    right={
        "ceiling": (0.0028, 0.0042),
        "factor": (9.3, 12.5),
        "error": (0.02, 0.8),
        "spacing": (1.001, 1.2),
        "starts": (10, 10_000),
    },
    variants=(
        CEILING_FOUND,
        {**CEILING_FOUND, "factor": 10.9, "error": 0.35, "ceiling": 0.0036},
        {**CEILING_FOUND, "spacing": 1.12, "starts": 20, "error": 0.15},
    ),
    mistakes=(
        Mistake(
            {**CEILING_FOUND, "starts": 1, "error": 0.0},
            "one start tells nothing about the next one: its error is not 0 but unknown.",
            lambda found: found["starts"] < 2,
        ),
        Mistake(
            {**CEILING_FOUND, "factor": 100.0},
            "100 is the square, the factor of a network with one layer: here two matrices share it. Was this "
            "measured, or only predicted?",
            lambda found: 60 < found["factor"] < 150,
        ),
        Mistake(
            {**CEILING_FOUND, "factor": 0.096, "error": 0.002},
            "you have divided the other way round: smaller pixels allow a higher learning rate.",
            lambda found: found["factor"] < 0.3,
        ),
        Mistake(
            {**CEILING_FOUND, "ceiling": 0.006},
            "a loss that is NaN fails every comparison: ask which runs are below the limit, not which are "
            "above it.",
            lambda found: found["ceiling"] > 0.0045,
        ),
        Mistake(
            {**CEILING_FOUND, "factor": 1.0},
            "with pixels / 10 the grid ends before the runs explode: a ceiling must have learning rates "
            "above it.",
            lambda found: found["factor"] < 7,
        ),
        Mistake(
            {**CEILING_FOUND, "spacing": 1.78, "error": 0.0, "factor": 10.0},
            "your grid is too coarse: starts that differ by less than its spacing look the same.",
            lambda found: found["spacing"] > 1.2 or found["error"] <= 0,
        ),
        Mistake(
            {**CEILING_FOUND, "error": 0.9},
            "this error is too large for a mean: divide the standard deviation by the root of the number of "
            "starts.",
            lambda found: found["error"] > 0.8,
        ),
    ),
    hints=(
        "`fit` has five starts. Give `search.sweep` ten, and a grid of learning rates a few percent apart.",
        "The pixels as they are explode somewhere between 0.003 and 0.005. Where does your prediction put "
        "the grid for pixels / 10?",
        "`(history.cost[-1] < 3 * history.loss[0, 0])` has a row for each start. The highest learning rate "
        "that is true in it is the ceiling.",
    ),
)

EXERCISES = [FIRST, DIFFERENCE, FOUR, VERDICTS, CEILING, STEP]
