"""Exercises of topic 05: the gradients of normalization, running averages, the size of weights, and noise."""

from functools import partial

import numpy as np

from course import datasets, initializers, network, normalization
from course.practice.exercises import Exercise, Finding, Mistake

TOPIC = "05_batch_normalization"


# The two short gradients.


def arriving_and_normalized(rng):
    """Not quite normalized: the sum of a column would be nothing but rounding, and some mistakes use it."""
    return tuple(rng.standard_normal((2, 7, 4)) + 0.3)


def gamma_beta_grads(dout, xhat):
    dgamma = (dout * xhat).sum(axis=0)
    dbeta = dout.sum(axis=0)
    return dgamma, dbeta


def added_in_a_loop(dout, xhat):
    dgamma, dbeta = np.zeros_like(dout[0]), np.zeros_like(dout[0])
    for d, x in zip(dout, xhat, strict=True):
        dgamma += d * x
        dbeta += d
    return dgamma, dbeta


SHORT = Exercise(
    TOPIC,
    "The backward pass, step by step (slide 59)",
    "Write my_gamma_beta_grads(dout, xhat) for the last step of batch normalization, y = gamma * xhat + "
    "beta. Return the gradients of gamma and of beta, in this order, as two arrays of D numbers. xhat and "
    "dout, the gradient of the loss with respect to y, have the shape (N, D): N examples of D units.",
    arriving_and_normalized,
    gamma_beta_grads,
    variants=(
        added_in_a_loop,
        lambda dout, xhat: (np.einsum("nd,nd->d", dout, xhat), np.einsum("nd->d", dout)),
        lambda dout, xhat: (np.diag(dout.T @ xhat), np.ones(len(dout), dout.dtype) @ dout),
        lambda dout, xhat: (len(dout) * np.mean(dout * xhat, axis=0), len(dout) * np.mean(dout, axis=0)),
    ),
    mistakes=(
        Mistake(
            lambda dout, xhat: ((dout * xhat).mean(axis=0), dout.mean(axis=0)),
            "you take means over the batch: every row uses the same gamma and beta, so what arrives from the "
            "rows adds up.",
        ),
        Mistake(
            lambda dout, xhat: ((dout * xhat).mean(axis=0), dout.sum(axis=0)),
            "dbeta is right, but dgamma is a mean: it is a sum over the rows as well.",
        ),
        Mistake(
            lambda dout, xhat: (dout.sum(axis=0), (dout * xhat).sum(axis=0)),
            "these are the right gradients in the wrong order: first gamma, then beta.",
        ),
        Mistake(
            lambda dout, xhat: ((dout * xhat).sum(axis=1), dout.sum(axis=1)),
            "you add up the units of each example: gamma and beta belong to units, so add up the examples.",
        ),
        Mistake(
            lambda dout, xhat: (dout.sum(axis=0) * xhat.sum(axis=0), dout.sum(axis=0)),
            "dgamma is a product of two sums: multiply each dout by its own xhat first, and then add.",
        ),
        Mistake(
            lambda dout, xhat: (dout.sum(axis=0), dout.sum(axis=0)),
            "you give gamma the gradient of beta: gamma multiplies xhat, so xhat belongs in its slope.",
        ),
        Mistake(
            lambda dout, xhat: (xhat.sum(axis=0), np.full_like(xhat[0], len(xhat))),
            "you have left dout out: these are slopes of y, and the chain rule goes on to the loss.",
        ),
        Mistake(
            lambda dout, xhat: (dout * xhat, dout),
            "you give gradients for each example: one gamma serves all of them, so add up their rows.",
        ),
        Mistake(
            lambda dout, xhat: ((dout * xhat).sum(axis=0), dout),
            "dgamma is right, but dbeta still has a row for each example: add them up.",
        ),
        Mistake(
            lambda dout, xhat: (dout.T @ xhat, dout.sum(axis=0)),
            "dout.T @ xhat pairs every unit with every other: a gamma sees its own unit alone, which is the "
            "diagonal.",
        ),
        Mistake(
            lambda dout, xhat: ((dout * xhat).sum(), dout.sum()),
            "you add up everything to one number: each unit has a gamma and a beta of its own.",
        ),
        Mistake(
            lambda dout, xhat: (-(dout * xhat).sum(axis=0), -dout.sum(axis=0)),
            "the sign is wrong: a gradient points uphill, and the minus comes with the update.",
        ),
    ),
    hints=(
        "Nudge beta of one unit by a little. By how much does each y of that unit change, and what does "
        "that do to the loss?",
        "The same gamma stands in every row, so its gradient adds up what arrives from all rows.",
        "The slope of y with respect to gamma is xhat, and with respect to beta it is 1.",
    ),
)


# The same along the other axis.


def rows_of_layer_norm(rng):
    """One of the rows varies so little that epsilon matters."""
    x, dout = rng.standard_normal((2, 4, 6))
    x, spread = x + rng.uniform(1, 2, 6), np.array([1.0, 2.0, 0.5])
    x[:3] *= spread[:, None]
    x[3] = 0.003 * rng.standard_normal(6)
    return dout + 0.3, x, rng.uniform(0.5, 2, 6)


def layer_norm_dx(dout, x, gamma):
    centred = x - x.mean(axis=1, keepdims=True)
    std = np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5)
    xhat = centred / std
    dxhat = gamma * dout
    through_var = xhat * (dxhat * xhat).mean(axis=1, keepdims=True)
    through_mean = dxhat.mean(axis=1, keepdims=True)
    return (dxhat - through_var - through_mean) / std


def turned(dout, x, gamma):
    """Batch normalization of the transposed table, which has no gamma of its own."""
    rows = np.ones(len(x), x.dtype)
    _, cache = normalization.batch_norm(x.T, rows, 0 * rows)
    return normalization.batch_norm_backward((gamma * dout).T, cache)[0].T


def staged(dout, x, gamma):
    size = x.shape[1]
    centred = x - x.mean(axis=1)[:, None]
    std = np.sqrt((centred**2).sum(axis=1) / size + x.dtype.type(1e-5))[:, None]
    direct = gamma * dout / std
    dvar = (gamma * dout * -0.5 * centred / std**3).sum(axis=1)[:, None]
    dcentred = direct + dvar * 2 * centred / size
    return dcentred - dcentred.sum(axis=1)[:, None] / size


def row_by_row(dout, x, gamma):
    dx = np.empty_like(x)
    for i, row in enumerate(x):
        std = np.sqrt(row.var() + 1e-5)
        xhat, arriving = (row - row.mean()) / std, gamma * dout[i]
        dx[i] = (arriving - arriving.mean() - xhat * np.mean(arriving * xhat)) / std
    return dx


def backward_of(x, arriving, axis=1, epsilon=1e-5, ddof=0, var=1, mean=1):
    """The gradient along an axis; `var` and `mean` say how much of these two paths is taken."""
    centred = x - x.mean(axis=axis, keepdims=True)
    std = np.sqrt(centred.var(axis=axis, keepdims=True, ddof=ddof) + epsilon)
    xhat = centred / std
    through_var = var * xhat * (arriving * xhat).mean(axis=axis, keepdims=True)
    return (arriving - through_var - mean * arriving.mean(axis=axis, keepdims=True)) / std


def epsilon_outside(dout, x, gamma):
    std = x.std(axis=1, keepdims=True)
    return backward_of(x, gamma * dout, epsilon=0) * std / (std + 1e-5)


def divided_by_the_variance(dout, x, gamma):
    var = x.var(axis=1, keepdims=True) + 1e-5
    return backward_of(x, gamma * dout) / np.sqrt(var)


def not_centred(dout, x, gamma):
    std, arriving = np.sqrt(x.var(axis=1, keepdims=True) + 1e-5), gamma * dout
    through_var = x / std * (arriving * x / std).mean(axis=1, keepdims=True)
    return (arriving - through_var - arriving.mean(axis=1, keepdims=True)) / std


def forward(dout, x, gamma):
    return gamma * (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)


LAYER = Exercise(
    TOPIC,
    "Other axes: layer normalization",
    "Layer normalization is y = gamma * (x - mean) / sqrt(var + 1e-5) + beta, with the mean and the variance "
    "(the sum of squares divided by D) of each row of x. Write my_layer_norm_dx(dout, x, gamma): the "
    "gradient of the loss with respect to x. x and dout, the gradient with respect to y, have the shape "
    "(N, D), and gamma has the shape (D,).",
    rows_of_layer_norm,
    layer_norm_dx,
    variants=(turned, staged, row_by_row, lambda dout, x, gamma: backward_of(x, dout * gamma)),
    mistakes=(
        Mistake(
            lambda dout, x, gamma: backward_of(x, gamma * dout, axis=0),
            "this is the gradient of batch normalization: here each row is normalized over its own features, "
            "along axis 1.",
        ),
        Mistake(
            lambda dout, x, gamma: gamma * backward_of(x, dout),
            "you multiply by gamma at the end: that works where one gamma belongs to one mean, but here a "
            "mean runs over features whose gammas differ.",
        ),
        Mistake(
            lambda dout, x, gamma: backward_of(x, dout),
            "gamma is missing: it stands between y and the normalized values, so multiply dout by it first.",
        ),
        Mistake(
            lambda dout, x, gamma: backward_of(x, gamma * dout, var=0, mean=0),
            "you take the direct path alone: the mean and the variance of a row depend on x too.",
        ),
        Mistake(
            lambda dout, x, gamma: backward_of(x, gamma * dout, var=0),
            "the path through the variance is missing: moving one x also changes the spread of its row.",
        ),
        Mistake(
            lambda dout, x, gamma: backward_of(x, gamma * dout, mean=0),
            "the path through the mean is missing: the gradient of a row should sum to 0.",
        ),
        Mistake(
            lambda dout, x, gamma: backward_of(x, gamma * dout, var=x.shape[1], mean=x.shape[1]),
            "you take sums over a row where means belong: the mean and the variance hand each x only one "
            "D-th of what they collect.",
        ),
        Mistake(
            lambda dout, x, gamma: backward_of(x, gamma * dout, var=-1, mean=-1),
            "you add the two paths to the direct one: they take away what a shift or a stretch of the whole "
            "row would do.",
        ),
        Mistake(
            lambda dout, x, gamma: backward_of(x, gamma * dout, axis=1, ddof=1),
            "your variance is divided by D - 1: a normalization uses D, as x.var does by itself.",
        ),
        Mistake(
            lambda dout, x, gamma: backward_of(x, gamma * dout, epsilon=0),
            "epsilon is missing: a row that hardly varies gets a gradient that is far too large.",
        ),
        Mistake(
            epsilon_outside,
            "you add epsilon to the standard deviation: it is added to the variance, under the root.",
        ),
        Mistake(
            divided_by_the_variance,
            "you divide by the variance at the end: x is divided by the standard deviation, and so is its "
            "gradient.",
        ),
        Mistake(
            not_centred,
            "in the path through the variance you use x / std: the normalized value is (x - mean) / std.",
        ),
        Mistake(
            forward,
            "this is the forward pass, without beta: what is asked for is the gradient that comes back.",
        ),
    ),
    hints=(
        "A transposed table turns rows into columns. What does the formula of batch normalization become?",
        "gamma differs within a row. Multiply dout by it first, and call the result dxhat.",
        "Of dxhat, subtract the mean of its row, and xhat times the row's mean of dxhat * xhat. What is left "
        "to do?",
    ),
)


# Running averages.


def batches_and_momentum(rng):
    """Means far from 0 and variances far from 1, which change from step to step."""
    shifts, spreads = rng.uniform(2, 6, (3, 1, 2)), rng.uniform(1.5, 3, (3, 1, 2))
    return shifts + spreads * rng.standard_normal((3, 5, 2)), float(rng.uniform(0.1, 0.4))


def kept_statistics(batches, momentum):
    mean = np.zeros(batches.shape[2])
    var = np.ones(batches.shape[2])
    for x in batches:
        mean = (1 - momentum) * mean + momentum * x.mean(axis=0)
        var = (1 - momentum) * var + momentum * x.var(axis=0, ddof=1)
    return mean, var


def all_at_once(batches, momentum):
    """The weight of each step is known beforehand."""
    steps = len(batches)
    weights = momentum * (1 - momentum) ** np.arange(steps)[::-1]
    means, variances = batches.mean(axis=1), batches.var(axis=1, ddof=1)
    return weights @ means, (1 - momentum) ** steps + weights @ variances


def nudged_along(batches, momentum):
    mean, var = np.zeros_like(batches[0, 0]), np.ones_like(batches[0, 0])
    size = batches.shape[1]
    for x in batches:
        mean += momentum * (x.sum(axis=0) / size - mean)
        var += momentum * (x.var(axis=0) * size / (size - 1) - var)
    return mean, var


def averaged(batches, momentum, mean=0.0, var=1.0, spread=lambda x: x.var(axis=0, ddof=1)):
    """Running averages of what a mistake takes for the variance, or begins with."""
    for x in batches:
        mean = (1 - momentum) * mean + momentum * x.mean(axis=0)
        var = (1 - momentum) * var + momentum * spread(x)
    return mean, var


def around_the_running_mean(batches, momentum):
    mean, var = 0.0, 1.0
    for x in batches:
        mean = (1 - momentum) * mean + momentum * x.mean(axis=0)
        around = ((x - mean) ** 2).sum(axis=0) / (len(x) - 1)
        var = (1 - momentum) * var + momentum * around
    return mean, var


def nothing_let_go(batches, momentum):
    means, variances = batches.mean(axis=1), batches.var(axis=1, ddof=1)
    return momentum * means.sum(axis=0), 1 + momentum * variances.sum(axis=0)


def corrected(batches, momentum):
    mean, var = averaged(batches, momentum, var=0.0)
    given = 1 - (1 - momentum) ** len(batches)
    return mean / given, var / given


def along_rows(batches, momentum):
    return averaged(np.swapaxes(batches, 1, 2), momentum)


KEPT = Exercise(
    TOPIC,
    "Running averages, and a word with two meanings (slide 60)",
    "Write my_kept_statistics(batches, momentum): the running mean and the running variance, two arrays of D "
    "numbers, after all the batches in their order. batches has the shape (steps, N, D). Follow PyTorch: the "
    "two begin at 0 and 1, momentum is the weight of the new value, and the variance of a batch is the "
    "unbiased one, with N - 1.",
    batches_and_momentum,
    kept_statistics,
    variants=(
        all_at_once,
        nudged_along,
        averaged,
        lambda batches, momentum: tuple(np.float32(all_at_once(batches, momentum))),
    ),
    mistakes=(
        Mistake(
            lambda batches, momentum: averaged(batches, 1 - momentum),
            "you follow Keras, where momentum is the weight of the old value: in PyTorch it is that of the "
            "new one.",
        ),
        Mistake(
            lambda batches, momentum: averaged(batches, 1 - momentum, spread=lambda x: x.var(axis=0)),
            "this is how Keras does it: in PyTorch momentum is the weight of the new value, and the variance "
            "that is kept is the unbiased one.",
        ),
        Mistake(
            lambda batches, momentum: averaged(batches, momentum, spread=lambda x: x.var(axis=0)),
            "your variances are divided by N: that is right for normalizing, but PyTorch keeps the unbiased "
            "one, with ddof=1.",
        ),
        Mistake(
            lambda batches, momentum: averaged(batches, momentum, spread=lambda x: x.std(axis=0, ddof=1)),
            "you average standard deviations: what is kept is the variance.",
        ),
        Mistake(
            lambda batches, momentum: averaged(batches, momentum, var=0.0),
            "your variance begins at 0: it begins at 1, so that a fresh layer changes nothing.",
        ),
        Mistake(
            lambda batches, momentum: averaged(batches, momentum, mean=1.0),
            "your mean begins at 1: only the variance does, and the mean begins at 0.",
        ),
        Mistake(
            lambda batches, momentum: averaged(
                batches[1:], momentum, batches[0].mean(axis=0), batches[0].var(axis=0, ddof=1)
            ),
            "you begin with the statistics of the first batch: begin with 0 and 1, and count that batch like "
            "the others.",
        ),
        Mistake(
            lambda batches, momentum: (batches.mean(axis=(0, 1)), batches.var(axis=1, ddof=1).mean(axis=0)),
            "you give every batch the same weight: a running average forgets, so later batches count more.",
        ),
        Mistake(
            lambda batches, momentum: (batches.mean(axis=(0, 1)), batches.var(axis=(0, 1), ddof=1)),
            "these are the statistics of all rows together: a running average is updated batch by batch.",
        ),
        Mistake(
            lambda batches, momentum: (batches[-1].mean(axis=0), batches[-1].var(axis=0, ddof=1)),
            "you keep the last batch alone: a running average also keeps most of what came before.",
        ),
        Mistake(
            lambda batches, momentum: averaged(batches[:1], momentum),
            "you stop after the first batch: does your return stand inside the loop?",
        ),
        Mistake(
            lambda batches, momentum: averaged(batches[::-1], momentum),
            "the last batch counts least with you: go through them from the first to the last.",
        ),
        Mistake(
            nothing_let_go,
            "you add each batch and let go of nothing: the old value is to be multiplied by 1 - momentum.",
        ),
        Mistake(
            corrected,
            "you have corrected for the beginning, as Adam does: PyTorch leaves the 0 and 1 in its averages.",
        ),
        Mistake(
            around_the_running_mean,
            "you measure the spread around the running mean: the variance of a batch is that around its own "
            "mean.",
        ),
        Mistake(
            along_rows,
            "you take the statistics of each row: within a batch, the mean runs over its N rows.",
        ),
    ),
    hints=(
        "Begin with an array of zeros and one of ones, and update both once for each batch.",
        "new = (1 - momentum) * old + momentum * what this batch says.",
        "NumPy divides a variance by N. Its argument ddof=1 makes that N - 1.",
    ),
    float32=False,
)


# A matrix a quarter as large.


def quarter_weights():
    X, y = datasets.prepared_digits(np.random.default_rng(0), held_out=300)[:2]
    shape, rng = [64, 50, 50, 10], np.random.default_rng(1)
    first, (W, *own), last = network.create(rng, shape, initializers.he, normalized=True)
    losses, gradients, angles = [], [], []
    for matrix in (W, W / 4):
        loss, grads = network.loss_and_grads([first, (matrix, *own), last], X, y, "relu")
        dW = grads[1][0]
        losses.append(loss)
        gradients.append(np.linalg.norm(dW))
        stepped = matrix - 1e-3 * dW
        cosine = (matrix * stepped).sum() / np.linalg.norm(matrix) / np.linalg.norm(stepped)
        angles.append(np.arccos(cosine))
    angle = angles[1] / angles[0]
    return {
        "loss": losses[1] / losses[0],
        "gradient": gradients[1] / gradients[0],
        "angle": angle,
        # The angle is proportional to the learning rate.
        "rate": 1 / angle,
    }


QUARTERED = {"loss": 1.0, "gradient": 4.0, "angle": 16.0, "rate": 1 / 16}


def about(name, number):
    """A finding whose number under `name` is this one to within three percent."""
    return lambda found: abs(found[name] / number - 1) < 0.03


QUARTER = Finding(
    TOPIC,
    "Why the size does not matter",
    "A matrix W in front of a normalization is divided by 4. First predict by which factor that multiplies "
    "the loss, the norm of the gradient of W, and the angle by which one step at the same small learning "
    "rate turns W. Also predict the factor for the learning rate that brings the angle back to what it was. "
    "Then measure all four on a batch-normalized network of your own, and hand in the factors.",
    {
        "loss": "new loss / old loss",
        "gradient": "new norm of the gradient of W / old norm",
        "angle": "new angle of a step / old angle",
        "rate": "learning rate that restores the angle / old learning rate",
    },
    quarter_weights,
    right={"loss": (0.99, 1.01), "gradient": (3.9, 4.1), "angle": (15, 16.5), "rate": (0.06, 0.067)},
    variants=(QUARTERED, {**QUARTERED, "gradient": 3.99, "angle": 15.6, "rate": 0.064}),
    mistakes=(
        Mistake(
            {**QUARTERED, "loss": 0.25},
            "the loss does not change: the normalization divides by a standard deviation that is a quarter "
            "as large too.",
            lambda found: not 0.9 < found["loss"] < 1.1,
        ),
        Mistake(
            {**QUARTERED, "gradient": 0.25},
            "the gradient goes the other way: a nudge of the same length is a larger change to a smaller "
            "matrix.",
            about("gradient", 0.25),
        ),
        Mistake(
            {**QUARTERED, "gradient": 1.0, "angle": 4.0, "rate": 0.25},
            "the loss is the same, but not its slope: the same nudge changes W / 4 by four times as large a "
            "fraction.",
            about("gradient", 1),
        ),
        Mistake(
            {**QUARTERED, "gradient": 16.0},
            "one factor of 4 is too many: differentiate L(W / 4) = L(W) once, by the chain rule.",
            about("gradient", 16),
        ),
        Mistake(
            {**QUARTERED, "angle": 4.0, "rate": 0.25},
            "you have counted one of two effects: the step is longer, and the matrix that it turns is also "
            "shorter.",
            about("angle", 4),
        ),
        Mistake(
            {**QUARTERED, "angle": 1.0, "rate": 1.0},
            "the step turns W further than before: compare the length of the step with that of the matrix.",
            about("angle", 1),
        ),
        Mistake(
            {**QUARTERED, "angle": 1 / 16, "rate": 16.0},
            "it is the other way round: the smaller the matrix, the further a step turns it.",
            about("angle", 1 / 16),
        ),
        Mistake(
            {**QUARTERED, "rate": 16.0},
            "this learning rate would turn W even further: to undo a larger angle it must be smaller.",
            about("rate", 16),
        ),
        Mistake(
            {**QUARTERED, "rate": 0.25},
            "a quarter of the learning rate makes up for the gradient alone: the matrix is shorter as well.",
            about("rate", 0.25),
        ),
    ),
    hints=(
        "The cell below the derivation compares a network with one whose second matrix is ten times as "
        "large. Use 1/4 in place of 10.",
        "The angle is about the length of the step over the length of the matrix.",
        "Take a small learning rate, such as 0.001. The angle follows from the cosine between W and "
        "W - rate * dW.",
    ),
)


# What the noise of a minibatch is worth.


def noise_gain():
    rates = np.array([0.1, 0.32, 0.56, 1, 1.8])
    columns = rates[:, None, None]

    def trained(params, X, y, rng, over_all):
        """Train copies side by side, one at each learning rate, normalized over a minibatch or over all."""
        params = [tuple(np.stack([p] * len(rates)) for p in layer) for layer in params]
        for rows in rng.integers(len(X), size=(200, 20)):
            seen, places = (X, rows) if over_all else (X[rows], np.arange(20))
            *hidden, (W, b) = params
            zs, hs = network.forward(hidden, seen, "relu")
            scores = network.linear(hs[-1], W, b)
            # The loss is that of the minibatch; a row that was drawn twice counts twice.
            chosen = np.eye(len(seen), dtype=X.dtype)[places]
            dscores = chosen.T @ network.cross_entropy(chosen @ scores, y[rows])[1]
            grads, _ = network.backward(hidden, seen, zs, hs, dscores @ W.swapaxes(-1, -2), "relu")
            grads.append((hs[-1].swapaxes(-1, -2) @ dscores, dscores.sum(axis=-2)))
            for layer, slopes in zip(params, grads, strict=True):
                for p, d in zip(layer, slopes, strict=True):
                    p -= (columns if p.ndim == 3 else columns[:, 0]).astype(p.dtype) * d
        return network.fold(params, X, "relu")

    initializer, accuracy = partial(initializers.normal, scale=0.15), {False: [], True: []}
    for seed in range(10):
        digits = datasets.prepared_digits(np.random.default_rng(seed), held_out=1697)
        rng = np.random.default_rng([seed, 1])
        start = network.create(rng, [64, 50, 50, 50, 10], initializer, np.float32, normalized=True)
        for over_all, scores in accuracy.items():
            # The same minibatches for both.
            params = trained(start, *digits[:2], np.random.default_rng([seed, 2]), over_all)
            scores.append(100 * network.accuracy(params, *digits[2:], "relu"))
    minibatch, whole = np.array(accuracy[False]), np.array(accuracy[True])
    own, other = minibatch.mean(axis=0).argmax(), whole.mean(axis=0).argmax()
    at_low, at_best = (minibatch - whole)[:, 0], minibatch[:, own] - whole[:, other]
    return {
        "low_gain": at_low.mean(),
        "low_error": at_low.std(ddof=1) / len(at_low) ** 0.5,
        "best_gain": at_best.mean(),
        "best_error": at_best.std(ddof=1) / len(at_best) ** 0.5,
        "minibatch_rate": rates[own],
        "all_rate": rates[other],
        "starts": len(minibatch),
    }


NOISE_FOUND = {
    "low_gain": 2.5,
    "low_error": 0.3,
    "best_gain": -1.0,
    "best_error": 0.4,
    "minibatch_rate": 0.56,
    "all_rate": 1.0,
    "starts": 10,
}
# In four sets of ten starts, from weights of 0.15, the low gain was 2.0 to 2.5 and its error 0.34 to 0.45;
# the best gain was -0.8 to -1.5 and its error 0.4 to 0.9; the best learning rates were 0.32 or 0.56, and 1.
# From weights of 0.2 the gains were 2.8 to 3.6 and -0.6 to -1.7, and the learning rates 0.56 or 1, and 1 or
# 1.8: once 1 for both. The twenty starts of the record have gains of 2.5 and -1.0. Their low gain has a
# standard deviation of 0.9; were the networks no pairs, it would be 2.2.
NOISE = Finding(
    TOPIC,
    "Small batches",
    "Is the noise of the statistics worth something? Train the normalized network of the topic, with initial "
    "weights of 0.15, for 200 steps on minibatches of 20 out of 100 digits: once normalized over the "
    "minibatch, and once, from the same start and with the same minibatches, over all 100, while the loss "
    "remains that of the minibatch. Repeat that with at least ten starts, each with digits, weights and "
    "minibatches of its own, and at learning rates from 0.1 up. Hand in how many points of accuracy on the "
    "other 1,697 digits the noise gains (minibatch less all 100), at 0.1 and with each at its best learning "
    "rate, both with their standard errors.",
    {
        "low_gain": "gain in points at a learning rate of 0.1, mean over the starts",
        "low_error": "standard error of that mean",
        "best_gain": "gain in points, each at its best learning rate, mean over the starts",
        "best_error": "standard error of that mean",
        "minibatch_rate": "best learning rate, normalized over the minibatch",
        "all_rate": "best learning rate, normalized over all 100",
        "starts": "number of starts",
    },
    noise_gain,
    right={
        "low_gain": (1.3, 4.2),
        "low_error": (0.05, 0.6),
        "best_gain": (-3.0, 0.3),
        "best_error": (0.1, 1.2),
        "minibatch_rate": (0.15, 1.2),
        "all_rate": (0.5, 2.5),
        "starts": (10, 10_000),
    },
    variants=(
        NOISE_FOUND,
        {**NOISE_FOUND, "low_gain": 2.9, "best_gain": -0.3, "minibatch_rate": 0.18, "all_rate": 1.8},
        {**NOISE_FOUND, "low_gain": 3.11, "best_gain": -0.56, "minibatch_rate": 1.0},
        {**NOISE_FOUND, "low_error": 0.2, "best_gain": -1.8, "best_error": 0.35, "starts": 20},
    ),
    mistakes=(
        Mistake(
            {**NOISE_FOUND, "starts": 1, "low_error": 0.0, "best_error": 0.0},
            "one start tells nothing about the next one: its error is not 0 but unknown.",
            lambda found: found["starts"] < 2 or min(found["low_error"], found["best_error"]) <= 0,
        ),
        Mistake(
            {**NOISE_FOUND, "low_gain": -2.5, "best_gain": 1.0},
            "you have subtracted the other way round: the gain is minibatch less all 100.",
            lambda found: found["low_gain"] < -1,
        ),
        Mistake(
            {**NOISE_FOUND, "low_gain": 0.025, "low_error": 0.003, "best_gain": -0.01, "best_error": 0.004},
            "these look like fractions: a point is a hundredth, so multiply by 100.",
            lambda found: 0 < found["low_gain"] < 0.06,
        ),
        Mistake(
            {**NOISE_FOUND, "best_gain": 2.5, "minibatch_rate": 0.1, "all_rate": 0.1},
            "both have the same learning rate, which suits one of them: let each choose its own best one.",
            # Between these ends it may be the best one for both.
            lambda found: found["minibatch_rate"] == found["all_rate"] and not 0.5 < found["all_rate"] < 1.2,
        ),
        Mistake(
            {**NOISE_FOUND, "best_gain": 0.6, "all_rate": 0.32},
            "without the noise the best learning rate is higher: this one is the edge of a grid that ends "
            "too early.",
            lambda found: found["all_rate"] < 0.5,
        ),
        Mistake(
            {**NOISE_FOUND, "minibatch_rate": 0.1},
            "the lowest learning rate that you tried cannot be called the best: with the minibatch, too, a "
            "higher one is better.",
            lambda found: found["minibatch_rate"] <= 0.1,
        ),
        Mistake(
            {**NOISE_FOUND, "low_error": 0.7},
            "this error is too large for a mean over pairs: subtract start by start, which cancels what a "
            "start does to both, and divide the standard deviation by the root of their number.",
            lambda found: found["low_error"] * found["starts"] ** 0.5 > 1.9,
        ),
    ),
    hints=(
        "`network.forward(hidden, X_train, 'relu')` normalizes over all 100. Only the scores of the "
        "minibatch enter the loss, so the gradient of all other scores is 0.",
        "`network.backward` carries that gradient back through all 100 rows. At the end "
        "`network.fold(params, X_train, 'relu')` gives both networks the statistics of all 100.",
        "Take the best learning rate of each by its mean over the starts. Does it lie inside the grid?",
        "The same start gives one pair: subtract first, then take the mean and the standard error of the "
        "differences.",
    ),
)

EXERCISES = [SHORT, LAYER, QUARTER, KEPT, NOISE]
