"""Topic 09, its story: repairs that hide a fault, faults with one curve, and healthy runs that look ill."""

import numpy as np

from course.clinic.cases import Case
from course.clinic.diagnosis import diagnose
from course.clinic.experiments import measured, train
from course.clinic.panel import summary
from course.clinic.setup import Setup

# None, two that hide a missing mask, and the one that puts it right.
REPAIRS = None, "a tenth of the rate", "clip at one", "mend the backward pass"
ALIKE = "noisy labels", "ReLU on the scores"
SHARES = 0.0, 0.1, 0.2, 0.3, 0.4, 0.5


def right(case):
    """The last accuracies of a case, in training and in validation."""
    seen = summary(train(case).run)
    return [seen["training"], seen["validation"]]


def hidden(seed):
    """The validation accuracy without the ReLU's mask after each repair, and the error of the gradient."""
    cases = [Case("missing ReLU mask", seed, repairs=(name,) if name else ()) for name in REPAIRS]
    return {
        "validation": np.array([right(case)[1] for case in (*cases, cases[0].twin)]),
        "error": np.array([measured("gradient check: error", case) for case in cases]),
    }


def alike(seed):
    """Accuracies and lowest scores of two faults, and the share of labels that do not fit."""
    cases = [Case(fault, seed) for fault in ALIKE]
    return {
        "accuracy": np.array([right(case) for case in cases]),
        "lowest": np.array([measured("scores: lowest", case) for case in cases]),
        "wrong": np.array([measured("look at the rows: wrong", case) for case in cases]),
    }


def noise(seed):
    """Both accuracies where a share of the labels is wrong."""
    return {"accuracy": np.array([right(Case("noisy labels", seed, strength=share)) for share in SHARES])}


def healthy(seed):
    """First loss over ln C and activations of a healthy run, and one with dropout, diagnosed beside it."""
    plain, dropout = (train(Case(None, seed, setup)).run for setup in (Setup(), Setup(dropped=0.5)))
    seen = [summary(run) for run in (plain, dropout)]
    return {
        "first": np.array(seen[0]["over_ln_C"]),
        "std": plain.layers.std[0],
        "last": np.array([one["last_loss"] for one in seen]),
        "validation": np.array([one["validation"] for one in seen]),
        "causes": np.array(len(diagnose(dropout, plain).causes)),
    }


EXPERIMENTS = {each.__name__: (each, 20) for each in (hidden, alike, noise, healthy)}
