"""Panels for tests of what reads them: a training of two steps, and odd ones."""

import numpy as np

from course.clinic.panel import look, run

# Of three hidden activations of each unit; the first unit is dead.
H = [np.array([[0.0, 2.0], [0.0, 4.0], [0.0, 0.0]])]
W = [np.ones((4, 2)), np.full((2, 3), 2.0)]
DW = [np.full((4, 2), 1e-3), np.full((2, 3), 2e-3)]
MOVED = [0.9 * w for w in W]
LOOK = look(H, DW, W, MOVED, "relu")
NOTHING = np.full((3, 2), np.nan)


def short(**other):
    """The run of a training of two steps, with other arguments."""
    given = {
        "loss": [1.1, 0.1],
        "steps": [0, 1],
        "looks": [LOOK, LOOK],
        "train_accuracy": [0.5, 1.0],
        "validation_accuracy": [0.4, 0.8],
        "inputs": np.eye(4),
        "classes": 3,
    }
    return run(**{**given, **other})


def none(arrays):
    """Arrays of zeros, as many and as large."""
    return [0 * a for a in arrays]


ODD = {
    "short": short,
    "one step": lambda: short(
        loss=[1.1], steps=[0], looks=[LOOK], train_accuracy=[0.5], validation_accuracy=[0.4]
    ),
    "no validation": lambda: short(validation_accuracy=None),
    "no accuracies": lambda: short(train_accuracy=None, validation_accuracy=None),
    "a single layer": lambda: short(looks=[look([], DW[:1], W[:1], MOVED[:1], "relu")] * 2),
    "NaN everywhere": lambda: short(
        loss=[np.nan, np.nan],
        looks=[look([NOTHING], [np.nan * w for w in W], [np.nan * w for w in W], W, "relu")] * 2,
        train_accuracy=[np.nan] * 2,
        validation_accuracy=[np.nan] * 2,
        inputs=NOTHING,
    ),
    "infinite": lambda: short(loss=[np.inf, -np.inf], inputs=np.array([[np.inf, 0.0]])),
    "weights of zero": lambda: short(looks=[look(none(H), none(DW), none(W), none(W), "relu")] * 2),
    "weights of zero that move": lambda: short(looks=[look(H, DW, none(W), MOVED, "relu")] * 2),
    "gradients of zero": lambda: short(looks=[look(H, none(DW), W, W, "relu")] * 2),
    "rows of one number": lambda: short(inputs=[1.0, 2.0, 3.0]),
}
