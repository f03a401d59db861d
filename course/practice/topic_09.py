"""Exercises of topic 09: a loss without inputs, a mask or a sign, two candidates, and what hiding costs."""

import numpy as np

from course import statistics
from course.clinic.cases import Case, drawn, train
from course.clinic.experiments import measured, told_apart
from course.clinic.setup import Setup
from course.practice.exercises import Exercise, Finding, Mistake

TOPIC = "09_the_clinic"


# A mask or a sign.


def a_layer_and_gradients(rng):
    """A layer, and gradients of every kind, rounded, in no order; those of wrong masks are among them."""
    X, W = rng.normal(0, 1, (12, 5)), rng.normal(0, 0.7, (5, 4))
    b = rng.permutation([-1.5, -1.5, 1.5, 1.5])
    z, dh = X @ W + b, 1000 * rng.normal(0.5, 1, (12, 4))
    right, unmasked = X.T @ (dh * (z > 0)), X.T @ dh
    masks = X @ W > 0, z < 0, np.maximum(z, 0), dh > 0
    others = [right / len(X), 1.006 * right, right[::-1], *(X.T @ (dh * mask) for mask in masks)]
    kinds = np.array([right, unmasked, -right, -unmasked, *others])
    noise = rng.standard_normal(kinds.shape)
    kinds += 3e-4 * noise * (_length(kinds) / _length(noise))[:, None, None]
    return X, W, b, dh, rng.permutation(kinds)


def _length(matrices):
    return np.sqrt(np.square(matrices).sum(axis=(-2, -1)))


def gradient_faults(X, W, b, dh, gradients):
    unmasked = X.T @ dh
    right = X.T @ (dh * (X @ W + b > 0))
    faults = np.full(len(gradients), -1)
    for k, dW in enumerate(gradients):
        for fault, wanted in enumerate([right, unmasked, -right, -unmasked]):
            if np.linalg.norm(dW - wanted) < 0.001 * np.linalg.norm(wanted):
                faults[k] = fault
    return faults


def all_at_once(X, W, b, dh, gradients):
    slope = np.where(X @ W + b > 0, 1.0, 0.0)
    right, unmasked = np.einsum("nd,nh->dh", X, slope * dh), np.einsum("nd,nh->dh", X, dh)
    wanted = np.array([right, unmasked, -right, -unmasked])
    far = _length(gradients[:, None] - wanted) / _length(wanted)
    return np.where(far.min(axis=1) < 0.001, far.argmin(axis=1), -1)


def row_by_row(X, W, b, dh, gradients):
    right, unmasked = np.zeros(W.shape), np.zeros(W.shape)
    for x, upstream in zip(X, dh, strict=True):
        unmasked += np.outer(x, upstream)
        right += np.outer(x, [d if z > 0 else 0 for d, z in zip(upstream, x @ W + b, strict=True)])
    said = []
    for dW in gradients:
        kinds = {0: right, 1: unmasked, 2: -right, 3: -unmasked}
        fits = [kind for kind, g in kinds.items() if ((dW - g) ** 2).sum() < 1e-6 * (g**2).sum()]
        said.append(fits[0] if fits else -1)
    return np.array(said)


def off_by(dW, wanted):
    return _length(dW - wanted) / _length(wanted)


def compared(X, W, b, dh, gradients, far=off_by, limit=0.001, slope=None, times=1):
    """The faults, with the changes that mistakes make; the first that fits is the answer."""
    slope = (X @ W + b > 0) if slope is None else slope
    right, unmasked = times * X.T @ (dh * slope), times * X.T @ dh
    fits = far(gradients[:, None], np.array([right, unmasked, -right, -unmasked])) < limit
    return np.where(fits.any(axis=1), fits.argmax(axis=1), -1)


def named_otherwise(given, names):
    """The right answers, with other numbers for some of them."""
    return np.array([names.get(int(fault), fault) for fault in compared(*given)])


def _turned(dW, wanted):
    return 1 - (dW * wanted).sum(axis=(-2, -1)) / (_length(dW) * _length(wanted))


FAULTS = Exercise(
    TOPIC,
    "A sign, and two candidates",
    "A gradient check says that a gradient is wrong; let yours say how. X holds N rows of D inputs, which a "
    "layer takes to relu(X @ W + b), and dh is the gradient of the loss for this output, of the shape (N, "
    "H). `gradients` holds what k backward passes return for W, in the shape (k, D, H). Write "
    "my_gradient_faults(X, W, b, dh, gradients): an array of k numbers, which are 0 where a gradient is "
    "right, 1 where the mask of the ReLU is left out, 2 where the sign is flipped, 3 where it is both, and "
    "-1 where it is something else. The gradients are rounded: one fits where the length of the difference "
    "is below a thousandth of the length of what it should be. The length of a matrix is the root of the "
    "sum of all its squares.",
    a_layer_and_gradients,
    gradient_faults,
    variants=(
        all_at_once,
        row_by_row,
        compared,
        lambda *given: compared(*given).astype(np.float32),
    ),
    mistakes=(
        Mistake(
            lambda *given: compared(*given, limit=1e-9),
            "nothing fits with you: rounding grows with the gradient, so hold the length of the difference "
            "against a thousandth of the length of the gradient.",
        ),
        Mistake(
            lambda *given: compared(*given, limit=0.05),
            "you allow for more than rounding: a gradient that is off by half a percent is something else.",
        ),
        Mistake(
            lambda *given: compared(*given, lambda dW, g: off_by(np.abs(dW), np.abs(g))),
            "you compare without the sign, element by element, so that a flipped sign looks right: leave out "
            "the absolute values.",
        ),
        Mistake(
            lambda *given: compared(*given, lambda dW, g: np.abs(_length(dW) / _length(g) - 1)),
            "you compare two lengths: other gradients have the same length, so take the length of the "
            "difference.",
        ),
        Mistake(
            lambda *given: compared(*given, _turned),
            "you compare directions only: a gradient of another length is wrong as well.",
        ),
        Mistake(
            lambda X, W, b, dh, gradients: compared(X, W, b, dh, gradients, slope=X @ W > 0),
            "your mask forgets the bias: a unit is on where X @ W + b is above zero.",
        ),
        Mistake(
            lambda X, W, b, dh, gradients: compared(X, W, b, dh, gradients, slope=X @ W + b < 0),
            "your mask is the wrong way round: the gradient passes where the ReLU is on.",
        ),
        Mistake(
            lambda X, W, b, dh, gradients: compared(X, W, b, dh, gradients, slope=np.maximum(X @ W + b, 0)),
            "you multiply by the output of the ReLU: its slope is 1 where it is on, and else 0.",
        ),
        Mistake(
            lambda X, W, b, dh, gradients: compared(X, W, b, dh, gradients, slope=dh > 0),
            "your mask asks where dh is positive: whether a unit is on depends on what goes in, X @ W + b.",
        ),
        Mistake(
            lambda *given: compared(*given, slope=1),
            "you take the gradient without the mask for the right one: first multiply dh by the slope of the "
            "ReLU.",
        ),
        Mistake(
            lambda *given: compared(*given, times=1 / len(given[0])),
            "you divide by the number of rows: dh is the gradient of the loss itself, and a mean is in it "
            "already.",
        ),
        Mistake(
            lambda *given: named_otherwise(given, {1: 2, 2: 1}),
            "two numbers are exchanged: 1 is for the mask, and 2 for the sign.",
        ),
        Mistake(
            lambda *given: named_otherwise(given, {3: -1}),
            "you do not look for both faults at once: there the gradient is minus the one without the mask.",
        ),
        Mistake(
            lambda *given: named_otherwise(given, {3: 2}),
            "where both faults are there you name the sign alone: that is 3.",
        ),
        Mistake(
            lambda *given: named_otherwise(given, {3: 1}),
            "where both faults are there you name the mask alone: that is 3.",
        ),
        Mistake(
            lambda *given: named_otherwise(given, {1: -1, 2: -1, 3: -1}),
            "you tell right from wrong only: compare with what each fault would give.",
        ),
        Mistake(
            lambda *given: named_otherwise(given, {-1: 1, 2: 1, 3: 1}),
            "all that is wrong lacks the mask with you: there are other faults, so compare with what each "
            "would give.",
        ),
    ),
    hints=(
        "What would each of the four backward passes return? Compute these gradients first.",
        "The right one is X.T @ (dh * (X @ W + b > 0)). What is left of it without the mask?",
        "np.linalg.norm(dW - wanted) < 0.001 * np.linalg.norm(wanted) tells whether one fits; begin with "
        "np.full(len(gradients), -1).",
    ),
    float32=False,
)


# The loss of a network that does not look at its inputs.


def unbalanced_labels(rng):
    """Labels of which most are of one class, and none of another."""
    classes = int(rng.integers(6, 10))
    most, none = rng.permutation(classes)[:2]
    others = [label for label in range(classes) if label not in (most, none)]
    rare = rng.choice(others, int(rng.integers(30, 60)))
    y = np.concatenate([np.full(rng.integers(80, 160), most), others, rare])
    return rng.permutation(y), classes


def loss_without_inputs(y, classes):
    counts = np.bincount(y, minlength=classes)
    # The best probabilities are the frequencies. A class without rows costs nothing.
    p = counts[counts > 0] / len(y)
    return -(p * np.log(p)).sum()


def frequencies(y, classes):
    return np.bincount(y, minlength=classes) / len(y)


def present(y):
    return np.unique(y, return_counts=True)[1] / len(y)


def over_rows(y, classes):
    losses = [-np.log(sum(other == label for other in y) / len(y)) for label in y.tolist()]
    return sum(losses) / len(losses)


def entropy(p):
    return -(p * np.log(p)).sum()


WITHOUT = Exercise(
    TOPIC,
    "A limit, or a twin",
    "Where all scores are equal the loss is ln C. Where the classes are not equally frequent a network gets "
    "below that without looking at its inputs: it gives every row the same scores, the ones that suit the "
    "frequencies of the classes. A network that learns from its inputs has to beat this loss, and not ln C. "
    "Write my_loss_without_inputs(y, classes): the lowest mean loss, softmax and cross-entropy, that such a "
    "network has on the labels y, numbers from 0 to classes - 1. Some class may have no row at all.",
    unbalanced_labels,
    loss_without_inputs,
    variants=(
        over_rows,
        lambda y, classes: float(entropy(present(y))),
        lambda y, classes: -np.mean(np.log(frequencies(y, classes)[y])),
        lambda y, classes: np.log(len(y)) - np.log(np.bincount(y)[y]).mean(),
        lambda y, classes: np.float32(entropy(present(y))),
    ),
    mistakes=(
        Mistake(
            lambda y, classes: np.log(classes),
            "ln C is the loss of equal scores: scores that suit the frequencies do better.",
        ),
        Mistake(
            lambda y, classes: np.log(len(np.unique(y))),
            "this is ln C for the classes that have rows: they are not equally frequent.",
        ),
        Mistake(
            lambda y, classes: entropy(frequencies(y, classes)),
            "0 times the logarithm of 0 is NaN: a class without rows costs nothing, so leave it out.",
        ),
        Mistake(
            lambda y, classes: entropy((np.bincount(y, minlength=classes) + 1) / (len(y) + classes)),
            "you add 1 to each count so that none is zero, which changes all frequencies: leave the class "
            "without rows out instead.",
        ),
        Mistake(
            lambda y, classes: entropy((np.bincount(y, minlength=classes) + 1) / len(y)),
            "you add 1 to each count, and then the frequencies no longer add up to 1: leave the class "
            "without rows out instead.",
        ),
        Mistake(
            lambda y, classes: -np.log(frequencies(y, classes).max()),
            "this is what a row of the most frequent class costs: take the mean over all rows.",
        ),
        Mistake(
            lambda y, classes: -np.log(present(y)).mean(),
            "all classes weigh the same with you: each costs as often as it has rows.",
        ),
        Mistake(
            lambda y, classes: entropy(present(y)) / classes,
            "you divide by the number of classes: the frequencies are the weights of a mean already, so add "
            "the products up.",
        ),
        Mistake(
            lambda y, classes: -(present(y) * np.log(present(y))).mean(),
            "you take the mean of p ln p over the classes that have rows: the p are the weights of a mean "
            "already, so take the sum.",
        ),
        Mistake(
            lambda y, classes: len(y) * entropy(present(y)),
            "you add up what all rows cost: the mean loss is that over the number of rows.",
        ),
        Mistake(
            lambda y, classes: entropy(present(y)) / np.log(classes),
            "this is the loss in units of ln C: leave it as it is.",
        ),
        Mistake(
            lambda y, classes: entropy(present(y)) / np.log(2),
            "you have taken the logarithm to the base 2: the loss has the natural one, np.log.",
        ),
        Mistake(
            lambda y, classes: -entropy(present(y)),
            "the sign is wrong: the loss is minus the logarithm of a probability, which is positive.",
        ),
        Mistake(
            lambda y, classes: 1 - frequencies(y, classes).max(),
            "this is the fraction of rows that the most frequent class gets wrong: the loss is made of "
            "logarithms of probabilities.",
        ),
        Mistake(
            lambda y, classes: -np.log(np.square(present(y)).sum()),
            "you take the logarithm of the mean probability: take the mean of the logarithms.",
        ),
        Mistake(
            lambda y, classes: -(present(y) * np.log(present(y) * len(y))).sum(),
            "you take logarithms of counts: divide by the number of rows first, to have probabilities.",
        ),
        Mistake(
            lambda y, classes: np.log(np.exp(frequencies(y, classes)).sum()) - np.square(present(y)).sum(),
            "you take the frequencies for scores: they are probabilities already, and the scores are their "
            "logarithms.",
        ),
        Mistake(
            lambda y, classes: np.inf,
            "your network is certain of the most frequent class, and every other row costs it infinitely "
            "much: let it be as sure of a class as that is frequent.",
        ),
    ),
    hints=(
        "Softmax makes the same probabilities p of every row. What does a row of class c cost?",
        "The mean over all rows is the sum over the classes of frequency times -ln p. It is lowest where p "
        "are the frequencies.",
        "np.bincount(y, minlength=classes) counts the rows of each class. Leave out counts of zero.",
    ),
    float32=False,
)


# Two candidates, and what separates them.


def two_candidates():
    asked = {
        "accuracy": "panel: validation",
        "predictions": "count the predictions: most",
        "labels": "count the labels: most",
    }
    found = {}
    for name, measurement in asked.items():
        few, unbalanced = (
            [measured(measurement, Case(fault, seed)) for seed in range(20)]
            for fault in ("too few examples", "unbalanced classes")
        )
        found[name] = told_apart(few, unbalanced)
    # A measurement that separates all twenty has a threshold, and the case lies on one side of it.
    here = measured(asked["labels"], drawn(151))
    cause = "unbalanced classes" if here > np.mean([max(few), min(unbalanced)]) else "too few examples"
    return {**found, "here": here, "cause": cause}


APART = {"accuracy": 11, "predictions": 13, "labels": 20, "here": 0.7, "cause": "unbalanced classes"}
CANDIDATES = Finding(
    TOPIC,
    "What a diagnosis says",
    "The case `drawn(151)` has learned all of its training rows, and in validation it is far below its twin. "
    'Two candidates are left: "too few examples" and "unbalanced classes". Which experiment separates '
    'them, and which of the two is it? Three numbers could tell: "panel: validation", "count the '
    'predictions: most" and "count the labels: most". Take `measured` of each for both faults at seeds 0 to '
    "19. `told_apart`, from `course.clinic.experiments` like `measured`, says how many of each twenty the "
    "best threshold puts on its own side; guessing gets about ten. Then measure the case by the number that "
    "separates best.",
    {
        "accuracy": "of 20, told apart by the validation accuracy",
        "predictions": "of 20, told apart by the most frequent prediction",
        "labels": "of 20, told apart by the most frequent label",
        "here": "the number that separates best, of case 151",
        "cause": "the name of its fault",
    },
    two_candidates,
    right={
        "accuracy": (10, 13),
        "predictions": (11, 15),
        "labels": (20, 20),
        "here": (0.55, 0.8),
        "cause": {"unbalanced classes"},
    },
    variants=(APART, {**APART, "accuracy": 12, "predictions": 12}, {**APART, "here": 0.69}),
    mistakes=(
        Mistake(
            {**APART, "accuracy": 20, "labels": 11},
            "two numbers are exchanged: the labels separate the candidates, and the accuracy does not.",
            lambda found: found["accuracy"] == 20 and found["labels"] < 16,
        ),
        Mistake(
            {**APART, "accuracy": 20, "predictions": 17},
            "you have told a fault from healthy networks, which says that something is wrong: tell the two "
            "candidates from each other.",
            lambda found: 15 < found["accuracy"] <= 20 or 15 < found["predictions"] <= 20,
        ),
        Mistake(
            {**APART, "accuracy": 1, "predictions": 1, "labels": 1},
            "with one seed each, every number tells two runs apart: take all twenty.",
            lambda found: found["accuracy"] == found["predictions"] == found["labels"] == 1,
        ),
        Mistake(
            {**APART, "accuracy": 0.55, "predictions": 0.65, "labels": 1.0},
            "these are fractions: give how many of twenty are told apart.",
            lambda found: found["accuracy"] < 1 and found["labels"] <= 1,
        ),
        Mistake(
            {**APART, "accuracy": 24, "predictions": 29, "labels": 40},
            "you count the runs of both kinds: of each there are twenty, and the fewer of the two count.",
            lambda found: found["labels"] > 20,
        ),
        Mistake(
            {**APART, "here": 216.0},
            "this is how many training rows there are: give the fraction that has the most frequent label.",
            lambda found: found["here"] > 100,
        ),
        Mistake(
            {**APART, "here": 70.0},
            "this is in percent: `measured` gives a fraction.",
            lambda found: found["here"] > 1,
        ),
        Mistake(
            {**APART, "here": 0.105},
            "so many labels of one class a healthy network has: measure the case itself, and not its twin.",
            lambda found: 0.095 < found["here"] < 0.112,
        ),
        Mistake(
            {**APART, "here": 0.18},
            "this is what the case predicts, and both candidates prefer some class: count its labels.",
            lambda found: 0.112 < found["here"] < 0.3,
        ),
        Mistake(
            {**APART, "cause": "too few examples"},
            "with few examples no class has most of the labels, at none of the twenty seeds: look on which "
            "side of the threshold the case lies.",
            lambda found: found["cause"] == "too few examples",
        ),
    ),
    hints=(
        '`measured("panel: validation", Case("too few examples", 0))` is one of the forty numbers for the '
        "first measurement.",
        "told_apart(few, unbalanced) takes the twenty numbers of one fault and the twenty of the other. The "
        "healthy twins have no part in it.",
        "One of the three puts all twenty on their own sides. Measure `drawn(151)` by it, and look between "
        "which of the numbers it lies.",
    ),
)


# What a repair that hides the fault costs.


def price_of_hiding():
    def accuracies(fault, learning_rate):
        cases = [Case(fault, seed, Setup(learning_rate=learning_rate)) for seed in range(20)]
        return 100 * np.array([train(case).run.validation_accuracy[-1] for case in cases])

    hidden, slow, twin = (
        accuracies("missing ReLU mask", 0.003),
        accuracies(None, 0.003),
        accuracies(None, 0.03),
    )
    # The three have the same data, initial weights and minibatches at each seed: take differences first.
    lost, lost_half = statistics.interval(twin - hidden)
    of_gradient, of_gradient_half = statistics.interval(slow - hidden)
    return {
        "lost": lost,
        "lost_half": lost_half,
        "of_gradient": of_gradient,
        "of_gradient_half": of_gradient_half,
        "cause": "gradient" if of_gradient - of_gradient_half > 0 else "rate",
    }


# Seeds 20 to 39 give 2.20 +- 0.47 and -0.47 +- 0.45. A sound network loses 2.58 +- 0.49 by the tenth alone.
# Not in pairs the half-widths are 0.56 and 0.72; training accuracies give 2.60 and 0.10.
HIDING = {"lost": 2.12, "lost_half": 0.42, "of_gradient": -0.47, "of_gradient_half": 0.47, "cause": "rate"}
PRICE = Finding(
    TOPIC,
    "A sign, and two candidates",
    "At a tenth of its learning rate a network whose backward pass leaves out the mask of the ReLU learns. "
    "What does it cost to leave it at that? At seeds 0 to 19, train it at 0.003, and its healthy twin at "
    "0.03. Hand in the mean of what is lost in validation accuracy, twin less network, in points, with the "
    "half-width of its 95% interval by Student's t. But network and twin differ in two things. How much is "
    "lost to the wrong gradient alone, sound less faulty network, both at 0.003? So what costs the points, "
    '"gradient" or "rate"?',
    {
        "lost": "mean validation accuracy lost, in points",
        "lost_half": "half-width of its 95% interval, in points",
        "of_gradient": "what the wrong gradient costs at the same learning rate, in points",
        "of_gradient_half": "half-width of its 95% interval, in points",
        "cause": '"gradient" or "rate"',
    },
    price_of_hiding,
    right={
        "lost": (1.85, 2.4),
        "lost_half": (0.34, 0.52),
        "of_gradient": (-0.75, -0.2),
        "of_gradient_half": (0.4, 0.58),
        "cause": {"rate"},
    },
    variants=(HIDING, {**HIDING, "lost": 2.1, "of_gradient": -0.5}, {**HIDING, "of_gradient_half": 0.5}),
    mistakes=(
        Mistake(
            {**HIDING, "lost": 0.0212, "lost_half": 0.0042},
            "these are fractions: a point is 1%, so multiply all of them by 100.",
            lambda found: abs(found["lost"]) < 0.1,
        ),
        Mistake(
            {**HIDING, "lost": 96.3, "lost_half": 1.4},
            "you compare with a network that has exploded: the twin is the sound network, Case(None, seed).",
            lambda found: abs(found["lost"]) > 50,
        ),
        Mistake(
            {**HIDING, "lost": -2.12},
            "the sign of what is lost: subtract the repaired network from its twin.",
            lambda found: found["lost"] < -1,
        ),
        Mistake(
            {**HIDING, "lost": 3.67, "lost_half": 0.0},
            "this is a single seed: over twenty the differences go from nothing to about four points.",
            lambda found: found["lost_half"] <= 0 or found["of_gradient_half"] <= 0,
        ),
        Mistake(
            {**HIDING, "lost": 2.6, "lost_half": 0.59, "of_gradient": 0.1, "of_gradient_half": 0.51},
            "these are training accuracies, which say nothing of new pictures: take those of validation.",
            lambda found: 2.45 < found["lost"] < 2.75 and found["of_gradient"] > -0.2,
        ),
        Mistake(
            {**HIDING, "lost_half": 0.56, "of_gradient_half": 0.72},
            "your errors are not those of pairs: two networks of a seed share their data, so take their "
            "difference first, and then the interval of the twenty differences.",
            lambda found: 0.52 < found["lost_half"] < 0.65 or 0.66 < found["of_gradient_half"] < 0.8,
        ),
        Mistake(
            {**HIDING, "lost_half": 0.2, "of_gradient_half": 0.23},
            "this is the standard error: the half-width is t times that, and t is 2.09 for twenty seeds.",
            lambda found: 0.15 < found["lost_half"] < 0.28,
        ),
        Mistake(
            {**HIDING, "lost_half": 0.91, "of_gradient_half": 1.01},
            "this is how far a single difference lies from the mean: the mean of twenty is more certain, by "
            "the root of twenty.",
            lambda found: 0.75 < found["lost_half"] < 1.1,
        ),
        Mistake(
            {**HIDING, "of_gradient": 2.12, "of_gradient_half": 0.42, "cause": "gradient"},
            "the two networks differ in the learning rate, too: give both a tenth of it, so that the "
            "gradient is all that differs.",
            lambda found: 1.8 < found["of_gradient"] < 2.45,
        ),
        Mistake(
            {**HIDING, "of_gradient": 2.58, "of_gradient_half": 0.49},
            "this is what the tenth costs a sound network: subtract the faulty network at 0.003 from the "
            "sound one at 0.003.",
            lambda found: found["of_gradient"] > 2.45,
        ),
        Mistake(
            {**HIDING, "of_gradient": 0.47},
            "the sign of the second difference: it is sound less faulty there as well, and the faulty one is "
            "the better of the two.",
            lambda found: 0.2 < found["of_gradient"] < 0.8,
        ),
        Mistake(
            {**HIDING, "cause": "gradient"},
            "by your own numbers a sound network at 0.003 is no better than the faulty one: all that was "
            "lost is lost to the learning rate.",
            lambda found: found["cause"] == "gradient",
        ),
    ),
    hints=(
        'Case("missing ReLU mask", seed, Setup(learning_rate=0.003)) is the network, and Case(None, seed) '
        "its twin. `train(case).run.validation_accuracy[-1]` is a fraction.",
        "The networks of a seed share data, initial weights and minibatches. Take twenty differences, and "
        "give these to `interval` of `course.statistics`.",
        "Two things differ between network and twin. Which third network differs from each of them in one?",
        "Case(None, seed, Setup(learning_rate=0.003)) is sound and slow. If the wrong gradient costs "
        "anything, it is better than the faulty one.",
    ),
)

EXERCISES = [FAULTS, WITHOUT, CANDIDATES, PRICE]
