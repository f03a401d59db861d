"""Mistakes written anew by somebody who saw only the sentence that describes each."""

import numpy as np

MISTAKES = {}
# other functions that get the same sentence on an equally good reading: (name, sentence, what differs)
ALTERNATIVES = {}


# ---------------------------------------------------------------- first_loss


def _(sizes, scale, reg):
    n_weights = 0
    for i in range(len(sizes) - 1):
        n_weights += sizes[i] * sizes[i + 1]
    return np.log(sizes[-1]) + reg * n_weights * scale**2


MISTAKES[
    "first_loss", "the one half of the penalty is missing: Keras leaves it out, but here it is there."
] = _


def _(sizes, scale, reg):
    count = sum(a * b for a, b in zip(sizes[:-1], sizes[1:]))
    data_loss = -np.log(1 / sizes[-1])
    return data_loss + 0.5 * reg * count * scale


MISTAKES["first_loss", "the mean square of a weight is the variance: square the standard deviation."] = _


def _(sizes, scale, reg):
    classes = sizes[-1]
    scores = np.zeros(classes)
    p = np.exp(scores) / np.exp(scores).sum()
    return -np.log(p[0])


MISTAKES[
    "first_loss", "this is the loss without the penalty: each weight adds half of reg times its square."
] = _


def _(sizes, scale, reg):
    s = np.array(sizes)
    return 0.5 * reg * scale**2 * np.sum(s[:-1] * s[1:])


MISTAKES["first_loss", "this is the penalty alone: the softmax loss of equal scores is missing."] = _


def _(sizes, scale, reg):
    n_weights = sum(sizes[i] * sizes[i + 1] for i in range(len(sizes) - 1))
    return np.log(10) + 0.5 * reg * n_weights * scale**2


MISTAKES[
    "first_loss", "you give ln 10, the loss of the lecture's ten classes: here sizes[-1] tells their number."
] = _


def _(sizes, scale, reg):
    n_weights = sum(sizes[i] * sizes[i + 1] for i in range(len(sizes) - 1))
    penalty = reg / 2 * n_weights * scale**2
    return np.log10(sizes[-1]) + penalty


MISTAKES[
    "first_loss", "you have taken the logarithm to the base 10: the loss has the natural one, np.log."
] = _


def _(sizes, scale, reg):
    penalty = 0.0
    for n_in, n_out in zip(sizes, sizes[1:]):
        penalty += 0.5 * reg * n_in * n_out * scale**2
    return -np.log2(1 / sizes[-1]) + penalty


MISTAKES[
    "first_loss",
    "you have taken the logarithm to the base 2, which gives bits: the loss has the natural one, np.log.",
] = _


def _(sizes, scale, reg):
    penalty = 0.0
    for n_in, n_out in zip(sizes, sizes[1:]):
        penalty += 0.5 * reg * n_in * n_out * scale**2
    p = 1 / sizes[-1]
    return np.log(p) + penalty


MISTAKES[
    "first_loss", "the sign of the first term is wrong: the loss is -ln(1 / classes), which is positive."
] = _


def _(sizes, scale, reg):
    n_weights = np.dot(sizes[:-1], sizes[1:])
    return 1 / sizes[-1] + 0.5 * reg * n_weights * scale**2


MISTAKES[
    "first_loss", "1 / classes is the probability of the right class: the loss is minus its logarithm."
] = _


def _(sizes, scale, reg):
    classes = sizes[0]
    n_weights = np.dot(sizes[:-1], sizes[1:])
    return np.log(classes) + 0.5 * reg * n_weights * scale**2


MISTAKES["first_loss", "you have taken the inputs for the classes: the classes stand last in sizes."] = _


def _(sizes, scale, reg):
    n_parameters = 0
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        n_parameters += n_in * n_out
        n_parameters += n_out
    return np.log(sizes[-1]) + 0.5 * reg * n_parameters * scale**2


MISTAKES["first_loss", "you have counted the biases as well: they are 0, and add nothing to the penalty."] = _


def _(sizes, scale, reg):
    D, H = sizes[0], sizes[1]
    return np.log(sizes[-1]) + 0.5 * reg * D * H * scale**2


MISTAKES[
    "first_loss", "you have counted the first matrix alone: there is one between each layer and the next."
] = _


def _(sizes, scale, reg):
    n = sum(sizes)
    return np.log(sizes[-1]) + 0.5 * reg * n * scale**2


MISTAKES[
    "first_loss", "you have counted units: between two layers there is a weight for each pair of units."
] = _


def _(sizes, scale, reg):
    n = sum(a + b for a, b in zip(sizes[:-1], sizes[1:]))
    return np.log(sizes[-1]) + 0.5 * reg * n * scale**2


ALTERNATIVES[
    "first_loss",
    "you have counted units: between two layers there is a weight for each pair of units.",
    "the units on both sides of each matrix, so that the hidden ones count twice",
] = _


def _(sizes, scale, reg):
    n = sum(sizes[1:])
    return np.log(sizes[-1]) + 0.5 * reg * n * scale**2


ALTERNATIVES[
    "first_loss",
    "you have counted units: between two layers there is a weight for each pair of units.",
    "the units without the inputs",
] = _


def _(sizes, scale, reg):
    n_weights = 1
    for s in sizes:
        n_weights = n_weights * s
    return np.log(sizes[-1]) + 0.5 * reg * n_weights * scale**2


MISTAKES[
    "first_loss",
    "you have multiplied all sizes together: a matrix joins two layers, so multiply "
    "neighbours, and add the matrices up.",
] = _


def _(sizes, scale, reg):
    loss = -np.log(1 / sizes[-1])
    loss += 0.5 * reg * scale**2
    return loss


MISTAKES["first_loss", "this is the penalty of a single weight: how many weights are there?"] = _


# ---------------------------------------------------------------- centred_difference


def _(f, x, h):
    x = np.array(x, dtype=float)
    here = f(x)
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        old = x[index]
        x[index] = old + h
        grad[index] = (f(x) - here) / h
        x[index] = old
    return grad


MISTAKES[
    "centred_difference",
    "this is the forward difference: go by h to both sides, and divide by the whole distance.",
] = _


def _(f, x, h):
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        below = np.array(x, dtype=float)
        below[index] -= h
        grad[index] = (f(x) - f(below)) / h
    return grad


MISTAKES[
    "centred_difference",
    "this is the backward difference: go by h to both sides, and divide by the whole distance.",
] = _


def _(f, x, h):
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        grad[index] = (f(x + step) - f(x - step)) / h
    return grad


MISTAKES["centred_difference", "your slopes are twice too steep: from x - h to x + h it is 2 h."] = _


def _(f, x, h):
    grad = np.zeros(x.shape)
    it = np.nditer(x, flags=["multi_index"])
    for _ in it:
        index = it.multi_index
        step = np.zeros(x.shape)
        step[index] = h
        grad[index] = (f(x + step) - f(x - step)) / 2 * h
    return grad


MISTAKES["centred_difference", "/ 2 * h divides by 2 and then multiplies by h: write / (2 * h)."] = _


def _(f, x, h):
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        rise = f(x + step) - f(x - step)
        grad[index] = rise / 2
    return grad


MISTAKES["centred_difference", "you have divided by 2 alone: the distance between the two places is 2 h."] = _


def _(f, x, h):
    x = x.astype(float)
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        old = x[index]
        x[index] = old - h
        low = f(x)
        x[index] = old + h
        high = f(x)
        x[index] = old
        grad[index] = (low - high) / (2 * h)
    return grad


MISTAKES[
    "centred_difference",
    "the sign is wrong: subtract the value on the lower side from that on the upper side.",
] = _


def _(f, x, h):
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        half = np.zeros(x.shape)
        half[index] = h / 2
        grad[index] = (f(x + half) - f(x - half)) / h
    return grad


MISTAKES["centred_difference", "your two places are h apart: the step here is h to each side."] = _


def _(f, x, h):
    grad = np.zeros(x.shape)
    middle = f(x)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        grad[index] = (f(x + step) - 2 * middle + f(x - step)) / h**2
    return grad


MISTAKES[
    "centred_difference",
    "this formula is that of the second derivative, the curvature: for the slope "
    "subtract the value on one side from that on the other.",
] = _


def _(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)


MISTAKES["centred_difference", "x + h nudges all elements at once: nudge one at a time, for each slope."] = _


def _(f, x, h):
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        grad[index] = (f(x + h) - f(x - h)) / (2 * h)
    return grad


ALTERNATIVES[
    "centred_difference",
    "x + h nudges all elements at once: nudge one at a time, for each slope.",
    "in a loop, so that the result has the shape of x",
] = _


def _(f, x, h):
    y = np.array(x, dtype=float)
    grad = np.zeros(y.shape)
    for index in np.ndindex(y.shape):
        y[index] += h
        up = f(y)
        y[index] -= 2 * h
        down = f(y)
        grad[index] = (up - down) / (2 * h)
    return grad


MISTAKES[
    "centred_difference", "a nudged element stays nudged while you go on to the next one: put it back first."
] = _


def _(f, x, h):
    grad = np.zeros(x.shape)
    for i in range(len(x)):
        up = np.array(x, dtype=float)
        down = np.array(x, dtype=float)
        up[i] += h
        down[i] -= h
        grad[i] = (f(up) - f(down)) / (2 * h)
    return grad


MISTAKES[
    "centred_difference",
    "you nudge a whole row at once: go through all elements, as np.ndindex(x.shape) does.",
] = _


def _(f, x, h):
    x = np.array(x, dtype=float)
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        old = x[index]
        step = h * old
        x[index] = old + step
        up = f(x)
        x[index] = old - step
        down = f(x)
        x[index] = old
        grad[index] = (up - down) / (2 * step)
    return grad


MISTAKES["centred_difference", "your nudges are h times x: they are to be h, whatever x is."] = _


def _(f, x, h):
    x = np.array(x, dtype=float)
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        old = x[index]
        x[index] = old * (1 + h)
        up = f(x)
        x[index] = old * (1 - h)
        down = f(x)
        x[index] = old
        grad[index] = (up - down) / (2 * h)
    return grad


ALTERNATIVES[
    "centred_difference",
    "your nudges are h times x: they are to be h, whatever x is.",
    "and the distance that it divides by is still 2 h",
] = _


def _(f, x, h):
    grad = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        grad[index] = (f(x + step) - f(x - step)) / (2 * h)
    return grad


MISTAKES[
    "centred_difference",
    "your slopes have lost what comes after the point: make the array for them one of floats.",
] = _


def _(f, x, h):
    grad = np.zeros(x.shape, dtype=int)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        grad[index] = (f(x + step) - f(x - step)) / (2 * h)
    return grad


ALTERNATIVES[
    "centred_difference",
    "your slopes have lost what comes after the point: make the array for them one of floats.",
    "an array of integers whatever x holds",
] = _


# ---------------------------------------------------------------- verdicts


def _(loss):
    first, last = loss[:, 0], loss[:, -1]
    return np.where(last >= 3 * first, -1, np.where(last >= 0.8 * first, 0, 1))


MISTAKES[
    "verdicts",
    "a loss of NaN learns with you: it fails every comparison, and falls through to what comes last.",
] = _


def _(loss):
    result = []
    for run in loss:
        if run[-1] < 0.8 * run[0]:
            result.append(1)
        elif run[-1] >= 3 * run[0] or np.isinf(run[-1]):
            result.append(-1)
        else:
            result.append(0)
    return np.array(result)


MISTAKES[
    "verdicts",
    "a loss of NaN crawls with you: it is neither above nor below anything, so ask for it by itself.",
] = _


def _(loss):
    first, last = loss[:, 0], loss[:, -1]
    verdict = np.zeros(len(loss), dtype=int)
    verdict[last < 0.8 * first] = 1
    verdict[~np.isfinite(last)] = -1
    return verdict


MISTAKES[
    "verdicts", "you wait until a loss is no longer finite: three times the first one is enough to give up."
] = _


def _(loss):
    verdict = np.zeros(len(loss), dtype=int)
    for i, run in enumerate(loss):
        finite = run[np.isfinite(run)]
        ratio = finite[-1] / finite[0]
        if ratio < 0.8:
            verdict[i] = 1
        elif ratio >= 3:
            verdict[i] = -1
    return verdict


MISTAKES[
    "verdicts", "you judge a run by its last finite loss: that it has become NaN or infinite is the message."
] = _


def _(loss):
    before, last = loss[:, -2], loss[:, -1]
    explodes = (last >= 3 * before) | ~np.isfinite(last)
    learns = last < 0.8 * before
    return np.where(explodes, -1, np.where(learns, 1, 0))


MISTAKES["verdicts", "you compare the last epoch with the one before: compare it with the first."] = _


def _(loss):
    first = loss[:, 0]
    best = loss.min(axis=1)
    v = np.zeros(len(loss), dtype=int)
    v[best < 0.8 * first] = 1
    v[(best >= 3 * first) | ~np.isfinite(best)] = -1
    return v


MISTAKES["verdicts", "you take the lowest loss of a run: what counts is where it ends."] = _


def _(loss):
    first = loss[:, 0]
    best = np.nanmin(loss, axis=1)
    v = np.zeros(len(loss), dtype=int)
    v[best < 0.8 * first] = 1
    v[(best >= 3 * first) | ~np.isfinite(best)] = -1
    return v


ALTERNATIVES[
    "verdicts",
    "you take the lowest loss of a run: what counts is where it ends.",
    "with np.nanmin, so that NaN is passed over",
] = _


def _(loss):
    first, last = loss[:, 0], loss[:, -1]
    v = np.zeros(len(loss), dtype=int)
    v[loss.min(axis=1) < 0.8 * first] = 1
    v[(last >= 3 * first) | ~np.isfinite(last)] = -1
    return v


ALTERNATIVES[
    "verdicts",
    "you take the lowest loss of a run: what counts is where it ends.",
    "for learning alone: an explosion is still told by the last loss",
] = _


def _(loss):
    first = loss[:, 0]
    worst = loss.max(axis=1)
    v = np.zeros(len(loss), dtype=int)
    v[worst < 0.8 * first] = 1
    v[(worst >= 3 * first) | ~np.isfinite(worst)] = -1
    return v


MISTAKES[
    "verdicts",
    "you take the highest loss of a run: it may come down again, and what counts is where it ends.",
] = _


def _(loss):
    first, last = loss[:, 0], loss[:, -1]
    worst = loss.max(axis=1)
    exploded = (worst >= 3 * first) | ~np.isfinite(worst)
    return np.where(exploded, -1, np.where(last < 0.8 * first, 1, 0))


ALTERNATIVES[
    "verdicts",
    "you take the highest loss of a run: it may come down again, and what counts is where it ends.",
    "for exploding alone: learning is still told by the last loss",
] = _


def _(loss):
    ratio = loss.mean(axis=1) / loss[:, 0]
    explodes = np.isnan(ratio) | (ratio >= 3)
    return np.where(explodes, -1, np.where(ratio < 0.8, 1, 0))


MISTAKES["verdicts", "you take the mean over the epochs: what counts is where the loss ends."] = _


def _(loss):
    last = loss[:, -1]
    verdict = np.zeros(loss.shape[0], dtype=int)
    verdict[last < 0.8] = 1
    verdict[(last >= 3) | np.isnan(last)] = -1
    return verdict


MISTAKES[
    "verdicts", "you hold the last loss itself against 0.8 and 3: it is its ratio to the first that counts."
] = _


def _(loss):
    first, last = loss[:, 0], loss[:, -1]
    ratio = first / last
    verdict = np.where(ratio < 0.8, 1, 0)
    verdict[(ratio >= 3) | ~np.isfinite(last)] = -1
    return verdict


MISTAKES["verdicts", "your ratio is upside down: divide the last loss by the first."] = _


def _(loss):
    ratio = loss[:, 0] / loss[:, -1]
    verdict = np.where(ratio < 0.8, 1, 0)
    verdict[(ratio >= 3) | ~np.isfinite(ratio)] = -1
    return verdict


ALTERNATIVES[
    "verdicts",
    "your ratio is upside down: divide the last loss by the first.",
    "and the ratio is what is asked for finite: an infinite last loss gives 0, and learns",
] = _


def _(loss):
    first, last = loss[:, 0], loss[:, -1]
    drop = (first - last) / first
    verdict = np.zeros(len(loss), dtype=int)
    verdict[drop > 0.8] = 1
    verdict[(last >= 3 * first) | np.isnan(last) | np.isinf(last)] = -1
    return verdict


MISTAKES["verdicts", "you ask the loss to fall by 0.8 of itself: it is to fall to 0.8 of itself."] = _


def _(loss):
    verdict = []
    for run in loss:
        first, last = run[0], run[-1]
        if not np.isfinite(last) or last >= 3 * first:
            verdict.append(-1)
        elif last < first:
            verdict.append(1)
        else:
            verdict.append(0)
    return np.array(verdict)


MISTAKES[
    "verdicts", "every loss that has fallen at all learns with you: it is to be below 0.8 times the first."
] = _


def _(loss):
    first, last = loss[0], loss[-1]
    explodes = (last >= 3 * first) | ~np.isfinite(last)
    return np.where(explodes, -1, (last < 0.8 * first).astype(int))


MISTAKES["verdicts", "you compare the last run with the first one: the epochs are the columns."] = _


# ---------------------------------------------------------------- update_ratio


def _(W, dW, learning_rate):
    return np.linalg.norm(dW) / np.linalg.norm(W)


MISTAKES[
    "update_ratio",
    "you have compared the gradient with the weights: a step is the gradient times the learning rate.",
] = _


def _(W, dW, learning_rate):
    step = learning_rate * dW
    return np.sqrt(np.sum(W**2)) / np.sqrt(np.sum(step**2))


MISTAKES["update_ratio", "your ratio is upside down: the step comes first, over the weights."] = _


def _(W, dW, learning_rate):
    step = -learning_rate * dW
    return np.sum(step**2) / np.sum(W**2)


MISTAKES["update_ratio", "this is the square of the ratio: the roots are missing."] = _


def _(W, dW, learning_rate):
    size_w = np.sqrt((W * W).sum())
    size_step = np.sqrt((dW * dW).sum()) / learning_rate
    return size_step / size_w


MISTAKES[
    "update_ratio", "you have divided by the learning rate: a step is the gradient multiplied by it."
] = _


def _(W, dW, learning_rate):
    return -learning_rate * np.linalg.norm(dW) / np.linalg.norm(W)


MISTAKES["update_ratio", "a size is never negative: the minus of the step is gone when it is squared."] = _


def _(W, dW, learning_rate):
    step = learning_rate * dW
    return np.linalg.norm(step, 2) / np.linalg.norm(W, 2)


MISTAKES[
    "update_ratio",
    "np.linalg.norm(W, 2) is the largest stretch of a vector by W: leave the 2 out for "
    "the root of the sum of squares.",
] = _


def _(W, dW, learning_rate):
    step = learning_rate * dW
    return np.abs(step).sum() / np.abs(W).sum()


MISTAKES[
    "update_ratio", "you have added absolute values: the size here is the root of the sum of squares."
] = _


def _(W, dW, learning_rate):
    step = learning_rate * dW
    return np.max(np.abs(step)) / np.max(np.abs(W))


MISTAKES[
    "update_ratio", "you have compared the largest element of each: the size is made of all of them."
] = _


def _(W, dW, learning_rate):
    step = learning_rate * dW
    return step.max() / W.max()


ALTERNATIVES[
    "update_ratio",
    "you have compared the largest element of each: the size is made of all of them.",
    "without absolute values",
] = _


def _(W, dW, learning_rate):
    step = learning_rate * dW
    ratios = np.abs(step / W)
    return ratios.mean()


MISTAKES[
    "update_ratio",
    "you take a mean of ratios, in which a weight near 0 counts for nearly everything: divide the two sizes.",
] = _


def _(W, dW, learning_rate):
    return np.mean(learning_rate * dW / W)


ALTERNATIVES[
    "update_ratio",
    "you take a mean of ratios, in which a weight near 0 counts for nearly everything: divide the two sizes.",
    "without absolute values",
] = _


def _(W, dW, learning_rate):
    return np.sqrt(np.mean((learning_rate * dW / W) ** 2))


ALTERNATIVES[
    "update_ratio",
    "you take a mean of ratios, in which a weight near 0 counts for nearly everything: divide the two sizes.",
    "the root of the mean of their squares",
] = _


def _(W, dW, learning_rate):
    update = -learning_rate * dW
    return update.std() / W.std()


MISTAKES[
    "update_ratio",
    "a standard deviation subtracts the mean first: the size is that of the numbers themselves.",
] = _


def _(W, dW, learning_rate):
    step = learning_rate * dW
    return np.linalg.norm(step, axis=0) / np.linalg.norm(W, axis=0)


MISTAKES[
    "update_ratio", "you give a ratio for each unit: one number is asked for, from all weights together."
] = _


def _(W, dW, learning_rate):
    step = learning_rate * dW
    return np.linalg.norm(step, axis=1) / np.linalg.norm(W, axis=1)


ALTERNATIVES[
    "update_ratio",
    "you give a ratio for each unit: one number is asked for, from all weights together.",
    "along the rows",
] = _


def _(W, dW, learning_rate):
    ratios = []
    for j in range(W.shape[1]):
        step = learning_rate * dW[:, j]
        ratios.append(np.sqrt(np.sum(step**2)) / np.sqrt(np.sum(W[:, j] ** 2)))
    return np.mean(ratios)


MISTAKES[
    "update_ratio", "you take the mean of a ratio for each unit: divide the two sizes of the whole matrices."
] = _


def _(W, dW, learning_rate):
    step = learning_rate * dW
    per_row = np.sqrt((step**2).sum(axis=1) / (W**2).sum(axis=1))
    return per_row.mean()


ALTERNATIVES[
    "update_ratio",
    "you take the mean of a ratio for each unit: divide the two sizes of the whole matrices.",
    "along the rows",
] = _


def _(W, dW, learning_rate):
    step = -learning_rate * dW
    W_new = W + step
    return np.linalg.norm(step) / np.linalg.norm(W_new)


MISTAKES[
    "update_ratio", "you compare with the weights after the step: compare with those that it starts from."
] = _


def _(W, dW, learning_rate):
    new = W - learning_rate * dW
    return np.sqrt(np.sum(new**2)) / np.sqrt(np.sum(W**2))


MISTAKES[
    "update_ratio", "this is the size of the new weights over that of the old ones: compare the step alone."
] = _
