"""Mistakes written anew from the sentence that describes each."""

import numpy as np

MISTAKES = {}
# More functions that a sentence describes as well.
ALTERNATIVES = []


def near(dW, wanted):
    return np.linalg.norm(dW - wanted) < 0.001 * np.linalg.norm(wanted)


# ------------------------------------------------------------ gradient_faults


def _(X, W, b, dh, gradients):
    on = X @ W + b > 0
    wanted = [X.T @ (dh * on), X.T @ dh, -X.T @ (dh * on), -X.T @ dh]
    said = np.full(len(gradients), -1)
    for k in range(len(gradients)):
        for kind in (3, 2, 1, 0):
            if (gradients[k] == wanted[kind]).all():
                said[k] = kind
    return said


MISTAKES[
    "gradient_faults",
    "nothing fits with you: rounding grows with the gradient, so hold the length of the "
    "difference against a thousandth of the length of the gradient.",
] = _


def _(X, W, b, dh, gradients):
    on = X @ W + b > 0
    wanted = [X.T @ (dh * on), X.T @ dh, -X.T @ (dh * on), -X.T @ dh]
    said = np.full(len(gradients), -1)
    for k in range(len(gradients)):
        for kind in (3, 2, 1, 0):
            if np.linalg.norm(gradients[k] - wanted[kind]) <= 0.01 * np.linalg.norm(wanted[kind]):
                said[k] = kind
    return said


MISTAKES[
    "gradient_faults",
    "you allow for more than rounding: a gradient that is off by half a percent is something else.",
] = _


def _(X, W, b, dh, gradients):
    on = X @ W + b > 0
    wanted = [X.T @ (dh * on), X.T @ dh, -X.T @ (dh * on), -X.T @ dh]
    said = np.full(len(gradients), -1)
    for k in range(len(gradients)):
        for kind in (3, 2, 1, 0):
            if near(np.abs(gradients[k]), np.abs(wanted[kind])):
                said[k] = kind
    return said


MISTAKES[
    "gradient_faults",
    "you compare without the sign, element by element, so that a flipped sign looks right: "
    "leave out the absolute values.",
] = _


def _(X, W, b, dh, gradients):
    on = X @ W + b > 0
    wanted = [X.T @ (dh * on), X.T @ dh, -X.T @ (dh * on), -X.T @ dh]
    said = np.full(len(gradients), -1)
    for k in range(len(gradients)):
        for kind in (3, 2, 1, 0):
            if abs(np.linalg.norm(gradients[k]) - np.linalg.norm(wanted[kind])) < 0.001 * np.linalg.norm(
                wanted[kind]
            ):
                said[k] = kind
    return said


MISTAKES[
    "gradient_faults",
    "you compare two lengths: other gradients have the same length, so take the length of the difference.",
] = _


def _(X, W, b, dh, gradients):
    on = X @ W + b > 0
    wanted = [X.T @ (dh * on), X.T @ dh, -X.T @ (dh * on), -X.T @ dh]
    said = np.full(len(gradients), -1)
    for k in range(len(gradients)):
        for kind in (3, 2, 1, 0):
            if near(gradients[k] / np.linalg.norm(gradients[k]), wanted[kind] / np.linalg.norm(wanted[kind])):
                said[k] = kind
    return said


MISTAKES["gradient_faults", "you compare directions only: a gradient of another length is wrong as well."] = _


def _(X, W, b, dh, gradients):
    right, unmasked = X.T @ (dh * (X @ W > 0)), X.T @ dh
    said = []
    for dW in gradients:
        if near(dW, right):
            said.append(0)
        elif near(dW, unmasked):
            said.append(1)
        elif near(dW, -right):
            said.append(2)
        elif near(dW, -unmasked):
            said.append(3)
        else:
            said.append(-1)
    return np.array(said)


MISTAKES["gradient_faults", "your mask forgets the bias: a unit is on where X @ W + b is above zero."] = _


def _(X, W, b, dh, gradients):
    right, unmasked = X.T @ (dh * (X @ W + b <= 0)), X.T @ dh
    said = []
    for dW in gradients:
        if near(dW, right):
            said.append(0)
        elif near(dW, unmasked):
            said.append(1)
        elif near(dW, -right):
            said.append(2)
        elif near(dW, -unmasked):
            said.append(3)
        else:
            said.append(-1)
    return np.array(said)


MISTAKES["gradient_faults", "your mask is the wrong way round: the gradient passes where the ReLU is on."] = _


def _(X, W, b, dh, gradients):
    h = np.maximum(0, X @ W + b)
    right, unmasked = X.T @ (dh * h), X.T @ dh
    said = []
    for dW in gradients:
        if near(dW, right):
            said.append(0)
        elif near(dW, unmasked):
            said.append(1)
        elif near(dW, -right):
            said.append(2)
        elif near(dW, -unmasked):
            said.append(3)
        else:
            said.append(-1)
    return np.array(said)


MISTAKES[
    "gradient_faults", "you multiply by the output of the ReLU: its slope is 1 where it is on, and else 0."
] = _


def _(X, W, b, dh, gradients):
    right, unmasked = X.T @ np.where(dh > 0, dh, 0), X.T @ dh
    said = []
    for dW in gradients:
        if near(dW, right):
            said.append(0)
        elif near(dW, unmasked):
            said.append(1)
        elif near(dW, -right):
            said.append(2)
        elif near(dW, -unmasked):
            said.append(3)
        else:
            said.append(-1)
    return np.array(said)


MISTAKES[
    "gradient_faults",
    "your mask asks where dh is positive: whether a unit is on depends on what goes in, X @ W + b.",
] = _


def _(X, W, b, dh, gradients):
    right, unmasked = X.T @ dh, X.T @ dh
    said = []
    for dW in gradients:
        if near(dW, right):
            said.append(0)
        elif near(dW, unmasked):
            said.append(1)
        elif near(dW, -right):
            said.append(2)
        elif near(dW, -unmasked):
            said.append(3)
        else:
            said.append(-1)
    return np.array(said)


MISTAKES[
    "gradient_faults",
    "you take the gradient without the mask for the right one: first multiply dh by the slope of the ReLU.",
] = _


def _(X, W, b, dh, gradients):
    n = X.shape[0]
    right, unmasked = X.T @ (dh * (X @ W + b > 0)) / n, X.T @ dh / n
    said = []
    for dW in gradients:
        if near(dW, right):
            said.append(0)
        elif near(dW, unmasked):
            said.append(1)
        elif near(dW, -right):
            said.append(2)
        elif near(dW, -unmasked):
            said.append(3)
        else:
            said.append(-1)
    return np.array(said)


MISTAKES[
    "gradient_faults",
    "you divide by the number of rows: dh is the gradient of the loss itself, and a mean is in it already.",
] = _


def _(X, W, b, dh, gradients):
    on = X @ W + b > 0
    right, unmasked = X.T @ (dh * on), X.T @ dh
    said = []
    for dW in gradients:
        if near(dW, right):
            said.append(0)
        elif near(dW, unmasked):
            said.append(2)
        elif near(dW, -right):
            said.append(1)
        elif near(dW, -unmasked):
            said.append(3)
        else:
            said.append(-1)
    return np.array(said)


MISTAKES["gradient_faults", "two numbers are exchanged: 1 is for the mask, and 2 for the sign."] = _


def _(X, W, b, dh, gradients):
    on = X @ W + b > 0
    right, unmasked = X.T @ (dh * on), X.T @ dh
    said = []
    for dW in gradients:
        if near(dW, right):
            said.append(0)
        elif near(dW, unmasked):
            said.append(1)
        elif near(dW, -right):
            said.append(2)
        else:
            said.append(-1)
    return np.array(said)


MISTAKES[
    "gradient_faults",
    "you do not look for both faults at once: there the gradient is minus the one without the mask.",
] = _


def _(X, W, b, dh, gradients):
    on = X @ W + b > 0
    right, unmasked = X.T @ (dh * on), X.T @ dh
    said = []
    for dW in gradients:
        sign = 1
        for g in right, unmasked:
            if near(dW, -g):
                sign = -1
        if sign < 0:
            said.append(2)
        elif near(dW, right):
            said.append(0)
        else:
            said.append(1 if near(dW, unmasked) else -1)
    return np.array(said)


MISTAKES["gradient_faults", "where both faults are there you name the sign alone: that is 3."] = _


def _(X, W, b, dh, gradients):
    on = X @ W + b > 0
    right, unmasked = X.T @ (dh * on), X.T @ dh
    said = []
    for dW in gradients:
        if near(dW, right):
            said.append(0)
        elif near(dW, unmasked):
            said.append(1)
        elif near(dW, -unmasked):
            said.append(1)
        elif near(dW, -right):
            said.append(2)
        else:
            said.append(-1)
    return np.array(said)


MISTAKES["gradient_faults", "where both faults are there you name the mask alone: that is 3."] = _


def _(X, W, b, dh, gradients):
    on = X @ W + b > 0
    right = X.T @ (dh * on)
    said = []
    for dW in gradients:
        if near(dW, right):
            said.append(0)
        else:
            said.append(-1)
    return np.array(said)


MISTAKES["gradient_faults", "you tell right from wrong only: compare with what each fault would give."] = _


def _(X, W, b, dh, gradients):
    on = X @ W + b > 0
    right = X.T @ (dh * on)
    said = []
    for dW in gradients:
        if near(dW, right):
            said.append(0)
        else:
            said.append(1)
    return np.array(said)


MISTAKES[
    "gradient_faults",
    "all that is wrong lacks the mask with you: there are other faults, so compare with what "
    "each would give.",
] = _


# ------------------------------------------------------------ loss_without_inputs


def _(y, classes):
    p = np.full(classes, 1 / classes)
    return -np.log(p[y]).mean()


MISTAKES[
    "loss_without_inputs", "ln C is the loss of equal scores: scores that suit the frequencies do better."
] = _


def _(y, classes):
    found = set(y.tolist())
    return -np.log(1 / len(found))


MISTAKES[
    "loss_without_inputs", "this is ln C for the classes that have rows: they are not equally frequent."
] = _


def _(y, classes):
    p = np.bincount(y, minlength=classes) / len(y)
    return -np.sum(p * np.log(p))


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
    "you add 1 to each count so that none is zero, which changes all frequencies: leave the "
    "class without rows out instead.",
] = _


def _(y, classes):
    p = [(np.sum(y == c) + 1) / len(y) for c in range(classes)]
    return sum(-q * np.log(q) for q in p)


MISTAKES[
    "loss_without_inputs",
    "you add 1 to each count, and then the frequencies no longer add up to 1: leave the class"
    " without rows out instead.",
] = _


def _(y, classes):
    counts = np.bincount(y)
    return np.log(len(y) / counts.max())


MISTAKES[
    "loss_without_inputs", "this is what a row of the most frequent class costs: take the mean over all rows."
] = _


def _(y, classes):
    costs = []
    for c in range(classes):
        share = (y == c).mean()
        if share:
            costs.append(-np.log(share))
    return sum(costs) / len(costs)


MISTAKES[
    "loss_without_inputs", "all classes weigh the same with you: each costs as often as it has rows."
] = _


def _(y, classes):
    p = np.bincount(y) / y.size
    p = p[p > 0]
    return -sum(p * np.log(p)) / classes


MISTAKES[
    "loss_without_inputs",
    "you divide by the number of classes: the frequencies are the weights of a mean already, "
    "so add the products up.",
] = _


def _(y, classes):
    p = np.bincount(y) / y.size
    p = p[p > 0]
    return np.mean([-q * np.log(q) for q in p])


MISTAKES[
    "loss_without_inputs",
    "you take the mean of p ln p over the classes that have rows: the p are the weights of a "
    "mean already, so take the sum.",
] = _


def _(y, classes):
    p = np.bincount(y) / len(y)
    return -np.log(p[y]).sum()


MISTAKES[
    "loss_without_inputs", "you add up what all rows cost: the mean loss is that over the number of rows."
] = _


def _(y, classes):
    p = np.bincount(y) / y.size
    p = p[p > 0]
    return -np.sum(p * np.log(p)) / np.log(classes)


MISTAKES["loss_without_inputs", "this is the loss in units of ln C: leave it as it is."] = _


def _(y, classes):
    p = np.bincount(y) / y.size
    p = p[p > 0]
    return -np.sum(p * np.log2(p))


MISTAKES[
    "loss_without_inputs", "you have taken the logarithm to the base 2: the loss has the natural one, np.log."
] = _


def _(y, classes):
    p = np.bincount(y) / len(y)
    return np.log(p[y]).mean()


MISTAKES[
    "loss_without_inputs",
    "the sign is wrong: the loss is minus the logarithm of a probability, which is positive.",
] = _


def _(y, classes):
    best = np.bincount(y).argmax()
    return np.mean(y != best)


MISTAKES[
    "loss_without_inputs",
    "this is the fraction of rows that the most frequent class gets wrong: the loss is made "
    "of logarithms of probabilities.",
] = _


def _(y, classes):
    p = np.bincount(y) / len(y)
    return -np.log(p[y].mean())


MISTAKES[
    "loss_without_inputs", "you take the logarithm of the mean probability: take the mean of the logarithms."
] = _


def _(y, classes):
    counts = np.bincount(y)
    return -np.log(counts[y]).mean()


MISTAKES[
    "loss_without_inputs",
    "you take logarithms of counts: divide by the number of rows first, to have probabilities.",
] = _


def _(y, classes):
    p = np.bincount(y, minlength=classes) / len(y)
    e = np.exp(p)
    q = e / e.sum()
    return -np.log(q[y]).mean()


MISTAKES[
    "loss_without_inputs",
    "you take the frequencies for scores: they are probabilities already, and the scores are "
    "their logarithms.",
] = _


def _(y, classes):
    p = np.zeros(classes)
    p[np.bincount(y).argmax()] = 1
    return -np.log(p[y]).mean()


MISTAKES[
    "loss_without_inputs",
    "your network is certain of the most frequent class, and every other row costs it "
    "infinitely much: let it be as sure of a class as that is frequent.",
] = _


# ------------------------------------------------------------ other readings


def _(X, W, b, dh, gradients):
    on = X @ W + b > 0
    wanted = [X.T @ (dh * on), X.T @ dh, -X.T @ (dh * on), -X.T @ dh]
    said = np.full(len(gradients), -1)
    for k in range(len(gradients)):
        for kind in (3, 2, 1, 0):
            if np.allclose(gradients[k], wanted[kind]):
                said[k] = kind
    return said


ALTERNATIVES.append(
    (
        (
            "gradient_faults",
            "nothing fits with you: rounding grows with the gradient, so hold the length of the "
            "difference against a thousandth of the length of the gradient.",
        ),
        _,
    )
)


def _(X, W, b, dh, gradients):
    on = X @ W + b > 0
    wanted = [X.T @ (dh * on), X.T @ dh, -X.T @ (dh * on), -X.T @ dh]
    said = np.full(len(gradients), -1)
    for k in range(len(gradients)):
        for kind in (3, 2, 1, 0):
            if np.linalg.norm(gradients[k] - wanted[kind]) < 0.001:
                said[k] = kind
    return said


ALTERNATIVES.append(
    (
        (
            "gradient_faults",
            "nothing fits with you: rounding grows with the gradient, so hold the length of the "
            "difference against a thousandth of the length of the gradient.",
        ),
        _,
    )
)


def _(X, W, b, dh, gradients):
    on = X @ W + b > 0
    wanted = [X.T @ (dh * on), X.T @ dh, -X.T @ (dh * on), -X.T @ dh]
    said = np.full(len(gradients), -1)
    for k in range(len(gradients)):
        for kind in (3, 2, 1, 0):
            if np.linalg.norm(gradients[k] - wanted[kind]) < 0.1 * np.linalg.norm(wanted[kind]):
                said[k] = kind
    return said


ALTERNATIVES.append(
    (
        (
            "gradient_faults",
            "you allow for more than rounding: a gradient that is off by half a percent is something else.",
        ),
        _,
    )
)


def _(X, W, b, dh, gradients):
    on = X @ W + b > 0
    wanted = [X.T @ (dh * on), X.T @ dh, -X.T @ (dh * on), -X.T @ dh]
    said = np.full(len(gradients), -1)
    for k in range(len(gradients)):
        for kind in (3, 2, 1, 0):
            if (gradients[k] * wanted[kind]).sum() > 0.999 * np.linalg.norm(gradients[k]) * np.linalg.norm(
                wanted[kind]
            ):
                said[k] = kind
    return said


ALTERNATIVES.append(
    (("gradient_faults", "you compare directions only: a gradient of another length is wrong as well."), _)
)


def _(X, W, b, dh, gradients):
    z = X @ W + b
    right, unmasked = X.T @ (dh * z * (z > 0)), X.T @ dh
    said = []
    for dW in gradients:
        if near(dW, right):
            said.append(0)
        elif near(dW, unmasked):
            said.append(1)
        elif near(dW, -right):
            said.append(2)
        elif near(dW, -unmasked):
            said.append(3)
        else:
            said.append(-1)
    return np.array(said)


ALTERNATIVES.append(
    (
        (
            "gradient_faults",
            "you multiply by the output of the ReLU: its slope is 1 where it is on, and else 0.",
        ),
        _,
    )
)


def _(X, W, b, dh, gradients):
    on = X @ W + b > 0
    right, unmasked = X.T @ (dh * on), X.T @ dh
    said = []
    for dW in gradients:
        if near(dW, right):
            said.append(0)
        elif near(dW, unmasked):
            said.append(1)
        elif near(dW, -right):
            said.append(2)
        elif near(dW, -unmasked):
            said.append(2)
        else:
            said.append(-1)
    return np.array(said)


ALTERNATIVES.append(
    (("gradient_faults", "where both faults are there you name the sign alone: that is 3."), _)
)


def _(X, W, b, dh, gradients):
    on = X @ W + b > 0
    right, unmasked = X.T @ (dh * on), X.T @ dh
    said = []
    for dW in gradients:
        if near(dW, right):
            said.append(0)
        elif near(dW, -right):
            said.append(1)
        elif near(dW, -unmasked):
            said.append(1)
        else:
            said.append(1)
    return np.array(said)


ALTERNATIVES.append(
    (
        (
            "gradient_faults",
            "all that is wrong lacks the mask with you: there are other faults, so compare with what "
            "each would give.",
        ),
        _,
    )
)


def _(y, classes):
    p = np.bincount(y) / y.size
    p = p[p > 0]
    return np.mean(-np.log(p))


ALTERNATIVES.append(
    (("loss_without_inputs", "all classes weigh the same with you: each costs as often as it has rows."), _)
)


def _(y, classes):
    counts = np.bincount(y)
    counts = counts[counts > 0]
    return -(counts * np.log(counts)).sum() / len(y)


ALTERNATIVES.append(
    (
        (
            "loss_without_inputs",
            "you take logarithms of counts: divide by the number of rows first, to have probabilities.",
        ),
        _,
    )
)


def _(y, classes):
    p = np.eye(classes)[np.bincount(y).argmax()]
    counts = np.bincount(y, minlength=classes)
    wrong = counts[p == 0].sum()
    return np.inf if wrong else 0.0


ALTERNATIVES.append(
    (
        (
            "loss_without_inputs",
            "your network is certain of the most frequent class, and every other row costs it "
            "infinitely much: let it be as sure of a class as that is frequent.",
        ),
        _,
    )
)
