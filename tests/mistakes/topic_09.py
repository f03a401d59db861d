"""Mistakes written anew by somebody who saw only the sentence that describes each."""

import numpy as np

MISTAKES = {}
# Second readings of a sentence that fits more than one mistake: ((name, sentence), function).
ALTERNATIVES = []


def _(X, W, b, dh, gradients):
    good = X.T @ (dh * (X @ W + b > 0))
    bare = X.T @ dh
    out = []
    for g in gradients:
        if np.array_equal(g, good):
            out.append(0)
        elif np.array_equal(g, bare):
            out.append(1)
        elif np.array_equal(g, -good):
            out.append(2)
        elif np.array_equal(g, -bare):
            out.append(3)
        else:
            out.append(-1)
    return np.array(out)


MISTAKES[
    "gradient_faults",
    "nothing fits with you: rounding grows with the gradient, so hold the length of the difference against "
    "a thousandth of the length of the gradient.",
] = _


def _(X, W, b, dh, gradients):
    on = (X @ W + b > 0).astype(float)
    masked, bare = X.T @ (on * dh), X.T @ dh
    result = np.full(len(gradients), -1)
    for number, want in enumerate([masked, bare, -masked, -bare]):
        for i, g in enumerate(gradients):
            if np.linalg.norm(g - want) < 0.01 * np.linalg.norm(want):
                result[i] = number
    return result


MISTAKES[
    "gradient_faults",
    "you allow for more than rounding: a gradient that is off by half a percent is something else.",
] = _


def _(X, W, b, dh, gradients):
    z = X @ W + b
    right = np.einsum("nd,nh->dh", X, np.where(z > 0, dh, 0))
    bare = np.einsum("nd,nh->dh", X, dh)
    found = []
    for g in gradients:
        found.append(-1)
        for k, want in [(0, right), (1, bare), (2, -right), (3, -bare)]:
            gap = np.abs(np.abs(g) - np.abs(want))
            if np.sqrt(np.sum(gap**2)) < 1e-3 * np.sqrt(np.sum(want**2)):
                found[-1] = k
                break
    return np.array(found)


MISTAKES[
    "gradient_faults",
    "you compare without the sign, element by element, so that a flipped sign looks right: leave out the "
    "absolute values.",
] = _


def _(X, W, b, dh, gradients):
    right = X.T @ (dh * (X @ W + b > 0))
    bare = X.T @ dh

    def close(g, want):
        size = np.linalg.norm(want)
        return abs(np.linalg.norm(g) - size) < 1e-3 * size

    answer = []
    for g in gradients:
        fits = [k for k, want in enumerate([right, bare, -right, -bare]) if close(g, want)]
        answer.append(fits[0] if fits else -1)
    return np.array(answer)


MISTAKES[
    "gradient_faults",
    "you compare two lengths: other gradients have the same length, so take the length of the difference.",
] = _


def _(X, W, b, dh, gradients):
    right = X.T @ (dh * (X @ W + b > 0))
    bare = X.T @ dh
    result = np.full(len(gradients), -1)
    for i, g in enumerate(gradients):
        for k, want in enumerate((right, bare, -right, -bare)):
            cosine = np.sum(g * want) / (np.linalg.norm(g) * np.linalg.norm(want))
            if cosine > 1 - 1e-6:
                result[i] = k
    return result


MISTAKES[
    "gradient_faults",
    "you compare directions only: a gradient of another length is wrong as well.",
] = _


def _named(gradients, right, bare):
    """The numbers of the gradients, where the two that may be right or lack the mask are given."""
    result = np.full(len(gradients), -1)
    for k, want in enumerate([right, bare, -right, -bare]):
        off = np.sqrt(((gradients - want) ** 2).sum(axis=(1, 2)))
        result[off < 1e-3 * np.sqrt((want**2).sum())] = k
    return result


def _(X, W, b, dh, gradients):
    on = X @ W > 0
    return _named(gradients, X.T @ (dh * on), X.T @ dh)


MISTAKES[
    "gradient_faults",
    "your mask forgets the bias: a unit is on where X @ W + b is above zero.",
] = _


def _(X, W, b, dh, gradients):
    passed = dh.copy()
    passed[X @ W + b > 0] = 0
    return _named(gradients, X.T @ passed, X.T @ dh)


MISTAKES[
    "gradient_faults",
    "your mask is the wrong way round: the gradient passes where the ReLU is on.",
] = _


def _(X, W, b, dh, gradients):
    h = np.maximum(0, X @ W + b)
    return _named(gradients, X.T @ (h * dh), X.T @ dh)


MISTAKES[
    "gradient_faults",
    "you multiply by the output of the ReLU: its slope is 1 where it is on, and else 0.",
] = _


def _(X, W, b, dh, gradients):
    return _named(gradients, X.T @ np.maximum(dh, 0), X.T @ dh)


MISTAKES[
    "gradient_faults",
    "your mask asks where dh is positive: whether a unit is on depends on what goes in, X @ W + b.",
] = _


def _(X, W, b, dh, gradients):
    right = X.T @ dh
    masked = X.T @ (dh * (X @ W + b > 0))
    return _named(gradients, right, masked)


MISTAKES[
    "gradient_faults",
    "you take the gradient without the mask for the right one: first multiply dh by the slope of the ReLU.",
] = _


def _(X, W, b, dh, gradients):
    on = X @ W + b > 0
    rows = X.shape[0]
    return _named(gradients, X.T @ (dh * on) / rows, X.T @ dh / rows)


MISTAKES[
    "gradient_faults",
    "you divide by the number of rows: dh is the gradient of the loss itself, and a mean is in it already.",
] = _


def _(X, W, b, dh, gradients):
    good = X.T @ (dh * (X @ W + b > 0))
    bare = X.T @ dh
    names = {0: good, 2: bare, 1: -good, 3: -bare}
    out = []
    for g in gradients:
        name = -1
        for k, want in names.items():
            if np.linalg.norm(g - want) < np.linalg.norm(want) / 1000:
                name = k
        out.append(name)
    return np.array(out)


MISTAKES[
    "gradient_faults",
    "two numbers are exchanged: 1 is for the mask, and 2 for the sign.",
] = _


def _(X, W, b, dh, gradients):
    good = X.T @ (dh * (X @ W + b > 0))
    bare = X.T @ dh
    out = []
    for g in gradients:
        if np.linalg.norm(g - good) < 1e-3 * np.linalg.norm(good):
            out.append(0)
        elif np.linalg.norm(g - bare) < 1e-3 * np.linalg.norm(bare):
            out.append(1)
        elif np.linalg.norm(g + good) < 1e-3 * np.linalg.norm(good):
            out.append(2)
        else:
            out.append(-1)
    return np.array(out)


MISTAKES[
    "gradient_faults",
    "you do not look for both faults at once: there the gradient is minus the one without the mask.",
] = _


def _(X, W, b, dh, gradients):
    found = _named(gradients, X.T @ (dh * (X @ W + b > 0)), X.T @ dh)
    return np.where(found == 3, 2, found)


MISTAKES[
    "gradient_faults",
    "where both faults are there you name the sign alone: that is 3.",
] = _


def _(X, W, b, dh, gradients):
    good = X.T @ (dh * (X @ W + b > 0))
    bare = X.T @ dh

    def same(g, want):
        return np.linalg.norm(g - want) < 1e-3 * np.linalg.norm(want)

    out = []
    for g in gradients:
        if same(g, good):
            out.append(0)
        elif same(g, bare) or same(-g, bare):
            out.append(1)
        elif same(-g, good):
            out.append(2)
        else:
            out.append(-1)
    return np.array(out)


MISTAKES[
    "gradient_faults",
    "where both faults are there you name the mask alone: that is 3.",
] = _


def _(X, W, b, dh, gradients):
    good = X.T @ (dh * (X @ W + b > 0))
    return np.array([0 if np.linalg.norm(g - good) < 1e-3 * np.linalg.norm(good) else -1 for g in gradients])


MISTAKES[
    "gradient_faults",
    "you tell right from wrong only: compare with what each fault would give.",
] = _


def _(X, W, b, dh, gradients):
    good = X.T @ (dh * (X @ W + b > 0))
    limit = np.linalg.norm(good) / 1000
    out = np.zeros(len(gradients), dtype=int)
    for i in range(len(gradients)):
        if np.linalg.norm(gradients[i] - good) >= limit:
            out[i] = 1
    return out


MISTAKES[
    "gradient_faults",
    "all that is wrong lacks the mask with you: there are other faults, so compare with what each would "
    "give.",
] = _


def _(y, classes):
    scores = np.zeros(classes)
    p = np.exp(scores) / np.exp(scores).sum()
    return -np.log(p[0])


MISTAKES[
    "loss_without_inputs",
    "ln C is the loss of equal scores: scores that suit the frequencies do better.",
] = _


def _(y, classes):
    return np.log(len(set(y.tolist())))


MISTAKES[
    "loss_without_inputs",
    "this is ln C for the classes that have rows: they are not equally frequent.",
] = _


def _(y, classes):
    loss = 0.0
    with np.errstate(all="ignore"):
        for c in range(classes):
            p = np.mean(y == c)
            loss = loss - p * np.log(p)
    return loss


MISTAKES[
    "loss_without_inputs",
    "0 times the logarithm of 0 is NaN: a class without rows costs nothing, so leave it out.",
] = _


def _(y, classes):
    counts = np.ones(classes)
    for label in y:
        counts[label] += 1
    p = counts / counts.sum()
    return -np.sum(p * np.log(p))


MISTAKES[
    "loss_without_inputs",
    "you add 1 to each count so that none is zero, which changes all frequencies: leave the class without "
    "rows out instead.",
] = _


def _(y, classes):
    p = (np.bincount(y, minlength=classes) + 1) / len(y)
    return -(p * np.log(p)).sum()


MISTAKES[
    "loss_without_inputs",
    "you add 1 to each count, and then the frequencies no longer add up to 1: leave the class without rows "
    "out instead.",
] = _


def _(y, classes):
    best = max(np.mean(y == c) for c in range(classes))
    return -np.log(best)


MISTAKES[
    "loss_without_inputs",
    "this is what a row of the most frequent class costs: take the mean over all rows.",
] = _


def _(y, classes):
    costs = []
    for c in range(classes):
        p = np.mean(y == c)
        if p > 0:
            costs.append(-np.log(p))
    return np.mean(costs)


MISTAKES[
    "loss_without_inputs",
    "all classes weigh the same with you: each costs as often as it has rows.",
] = _


def _(y, classes):
    total = 0
    for c in range(classes):
        p = np.mean(y == c)
        if p > 0:
            total -= p * np.log(p)
    return total / classes


MISTAKES[
    "loss_without_inputs",
    "you divide by the number of classes: the frequencies are the weights of a mean already, so add the "
    "products up.",
] = _


def _(y, classes):
    _, counts = np.unique(y, return_counts=True)
    p = counts / counts.sum()
    return np.mean(-p * np.log(p))


MISTAKES[
    "loss_without_inputs",
    "you take the mean of p ln p over the classes that have rows: the p are the weights of a mean already, "
    "so take the sum.",
] = _


def _(y, classes):
    p = np.bincount(y, minlength=classes) / len(y)
    total = 0.0
    for label in y:
        total += -np.log(p[label])
    return total


MISTAKES[
    "loss_without_inputs",
    "you add up what all rows cost: the mean loss is that over the number of rows.",
] = _


def _(y, classes):
    _, counts = np.unique(y, return_counts=True)
    p = counts / len(y)
    return -(p @ np.log(p)) / np.log(classes)


MISTAKES[
    "loss_without_inputs",
    "this is the loss in units of ln C: leave it as it is.",
] = _


def _(y, classes):
    p = np.array([np.mean(y == c) for c in range(classes)])
    p = p[p > 0]
    return np.sum(p * np.log2(1 / p))


MISTAKES[
    "loss_without_inputs",
    "you have taken the logarithm to the base 2: the loss has the natural one, np.log.",
] = _


def _(y, classes):
    p = np.bincount(y, minlength=classes) / len(y)
    return np.log(p[y]).mean()


MISTAKES[
    "loss_without_inputs",
    "the sign is wrong: the loss is minus the logarithm of a probability, which is positive.",
] = _


def _(y, classes):
    favourite = np.bincount(y, minlength=classes).argmax()
    return np.mean(y != favourite)


MISTAKES[
    "loss_without_inputs",
    "this is the fraction of rows that the most frequent class gets wrong: the loss is made of logarithms "
    "of probabilities.",
] = _


def _(y, classes):
    p = np.bincount(y, minlength=classes) / len(y)
    return -np.log(np.mean(p[y]))


MISTAKES[
    "loss_without_inputs",
    "you take the logarithm of the mean probability: take the mean of the logarithms.",
] = _


def _(y, classes):
    total = 0.0
    for c in range(classes):
        n = np.sum(y == c)
        if n:
            total += n / len(y) * np.log(n)
    return -total


MISTAKES[
    "loss_without_inputs",
    "you take logarithms of counts: divide by the number of rows first, to have probabilities.",
] = _


def _(y, classes):
    scores = np.bincount(y, minlength=classes) / len(y)
    e = np.exp(scores - scores.max())
    q = e / e.sum()
    return float(np.mean(-np.log(q[y])))


MISTAKES[
    "loss_without_inputs",
    "you take the frequencies for scores: they are probabilities already, and the scores are their "
    "logarithms.",
] = _


def _(y, classes):
    q = np.zeros(classes)
    q[np.bincount(y, minlength=classes).argmax()] = 1
    with np.errstate(divide="ignore"):
        return np.mean(-np.log(q[y]))


MISTAKES[
    "loss_without_inputs",
    "your network is certain of the most frequent class, and every other row costs it infinitely much: let "
    "it be as sure of a class as that is frequent.",
] = _
