"""A repair is a change of a set-up, too: it puts a part right, whether that was wrong or not."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from course.activations import ACTIVATIONS
from course.clinic import faults
from course.initializers import he


@dataclass(frozen=True)
class Repair:
    """A repair: a `sentence` on what to do, and `change(setup, sound)`, the parts of a set-up it changes.

    `sound` is the healthy set-up, in which a part is found that can only be put back.
    """

    sentence: str
    change: Callable


def _back(*parts):
    """Return the change that puts these parts of the sound set-up back."""
    return lambda setup, sound: {part: getattr(sound, part) for part in parts}


def _undone(part, wrong):
    """Return the change that puts a part back where the function `wrong` is what it was made of."""

    def change(setup, sound):
        now = getattr(setup, part)
        made_of = (now.func, *now.args) if isinstance(now, partial) else (now,)
        return {part: getattr(sound, part)} if wrong in made_of else {}

    return change


def _mended(setup, sound):
    """The sign of the gradient, and the slope that belongs to the function of the hidden units."""
    slopes = dict(ACTIVATIONS.values())
    f, _ = setup.pair
    return {"backward": np.positive, "functions": (f, slopes.get(f, np.ones_like))}


def _scaled(rng, _, X, y, X_held, y_held):
    mean, std = X.mean(axis=0), (X - X.mean(axis=0)).std()
    return (X - mean) / std, y, (X_held - mean) / std, y_held


def _taken_out(rng, _, X, y, X_held, y_held):
    held = {row.tobytes() for row in X_held}
    kept = np.array([row.tobytes() not in held for row in X])
    return X[kept], y[kept], X_held, y_held


def _applied(setup, sound):
    return {"functions": None} if setup.pair[0] is np.positive else {}


REPAIRS = {
    "tune the rate": Repair("Take a learning rate that healthy networks train with.", _back("learning_rate")),
    "a tenth of the rate": Repair(
        "Divide the learning rate by ten.", lambda setup, _: {"learning_rate": setup.learning_rate / 10}
    ),
    "clip at one": Repair(
        "Clip the gradient to a norm of one.",
        lambda setup, _: {"gradient": partial(faults._clipped, 1.0, setup.gradient)},
    ),
    "train longer": Repair("Train three times as long.", lambda setup, _: {"steps": 3 * setup.steps}),
    "sound initial weights": Repair(
        "Draw the initial weights as the activation asks: He's for a ReLU, Xavier's else.",
        _back("initializer"),
    ),
    "biases of zero": Repair("Start the biases at zero.", _back("bias")),
    "mend the backward pass": Repair("Correct the backward pass until the gradient check passes.", _mended),
    "average the loss": Repair("Divide the loss by the number of rows.", _undone("loss", faults._summed)),
    "scale the inputs": Repair(
        "Subtract the mean of the training rows, and divide by their standard deviation.",
        lambda setup, _: faults._data(_scaled)(setup, 1),
    ),
    "give the loss the scores": Repair(
        "Give the loss scores, not probabilities.", _undone("loss", faults._softmax_twice)
    ),
    "cross-entropy": Repair("Take the cross-entropy for the loss.", _undone("loss", faults._squared_error)),
    "align the labels": Repair("Give each row its own label.", _undone("data", faults._misaligned)),
    "clean the labels": Repair("Correct the labels that are wrong.", _undone("data", faults._noisy)),
    "more examples": Repair("Train on all examples that there are.", _undone("data", faults._few)),
    "balance the classes": Repair("Gather as many rows of each class.", _undone("data", faults._unbalanced)),
    "take the validation rows out": Repair(
        "Take the rows that are validated with out of the training rows.",
        lambda setup, _: faults._data(_taken_out)(setup, 1),
    ),
    "do not clip": Repair("Leave the gradient as long as it is.", _undone("gradient", faults._clipped)),
    "shuffle the rows": Repair("Shuffle the rows before each epoch.", _back("rows")),
    "apply the activation": Repair("Apply the activation after each hidden layer.", _applied),
    "ReLU in place of sigmoid": Repair(
        "Take ReLUs for the hidden units, and He's initial weights.",
        lambda setup, _: {"activation": "relu", "initializer": he} if setup.activation == "sigmoid" else {},
    ),
    "train all layers": Repair("Hand all parameters to the update.", _undone("gradient", faults._frozen)),
    "reset the gradients": Repair(
        "Set the gradients to zero before each step.", _undone("gradient", faults._added_up)
    ),
    "linear scores": Repair("Leave the last layer linear.", _back("output")),
    "less weight decay": Repair("Take the weight decay that healthy networks train with.", _back("decay")),
    "evaluation mode": Repair(
        "Evaluate without dropout, and normalize by the statistics of training.", _back("predict")
    ),
    "usual epsilon": Repair("Leave Adam's epsilon at its usual 1e-8.", _back("rule")),
}
