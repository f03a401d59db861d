"""One prediction, three homes: a figure asks for a number, and then shows the guess beside the truth.

In JupyterLab and on the site, where docs/_static/predict.js does it, the picture waits for an answer or for
"Show me". Without scripts, in the stored file and on paper it is there, below the question. The truth is read
off the picture, so that the two cannot differ.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from course.arguments import choice
from course.practice import progress
from course.practice.asking import ANSWER, NO_NUMBER, SHOW, number_box, stored
from course.practice.questions import OFF, Prediction, topics
from course.words import say

PREDICTIONS = {
    name: prediction for topic in topics("PREDICTIONS").values() for name, prediction in topic.items()
}

YOURS, NO, HERE, OUTSIDE = "Your guess", "No.", "your guess", "your guess, outside"
# In pixels: how near to an edge of the picture a mark may lie, and how far from its name.
EDGE, BESIDE = 20, 26
# The logarithm of what has none lies below every axis.
TINY = 1e-300


def predict(name):
    """Return the prediction of this name, with which a figure asks first: `@explore(guess=predict(name))`."""
    return Guess(name, PREDICTIONS[choice("name", name, PREDICTIONS)])


class Spot(NamedTuple):
    """Where the right number lies in a picture, in pixels from its upper left corner.

    Along its axis, the `limits` lie at the pixels `ends`; its other coordinate is the pixel `across`.
    """

    key: float
    axis: str
    log: bool
    limits: tuple
    ends: tuple
    across: float
    size: tuple

    def pixel(self, number):
        """Where a number lies along the axis, and whether it lies on it: what does not is near its end."""
        low, high, place = (
            np.log10(max(value, TINY)) if self.log else value for value in (*self.limits, number)
        )
        fraction = (place - low) / (high - low)
        (start, end), size = self.ends, self.size[self.axis == "y"]
        along = start + min(max(fraction, 0), 1) * (end - start)
        return min(max(along, EDGE), size - EDGE), 0 <= fraction <= 1

    def point(self, number):
        """The pixel (x, y) of a number."""
        along, _ = self.pixel(number)
        return (along, self.across) if self.axis == "x" else (self.across, along)


def spot(prediction, axes):
    """Find the `Spot` of a prediction on the Axes of its figure; ValueError where there is none."""
    ax = axes[prediction.panel]
    pairs = np.column_stack(ax.lines[prediction.line].get_data()).astype(float)
    along = ["x", "y"].index(prediction.axis)
    found = pairs if prediction.at is None else pairs[np.isclose(pairs[:, 1 - along], prediction.at, atol=0)]
    if len(found) != 1 or not np.isfinite(found).all():
        raise ValueError(f"{prediction.text!r} asks for one point, but its line has {len(found)} there.")
    scale, limits = (getattr(ax, f"get_{prediction.axis}{of}")() for of in ("scale", "lim"))
    if scale not in ("linear", "log"):
        raise ValueError(f"{prediction.text!r} asks for a number on an axis that is {scale}.")
    corners = np.column_stack([ax.get_xlim(), ax.get_ylim()])
    size, pixels = ax.figure.bbox.size, ax.transData.transform([*corners, *found])
    # In matplotlib y is counted from below.
    low, high, here = (np.round([x, size[1] - y], 1).tolist() for x, y in pixels)
    limits = tuple(float(f"{limit:.6g}") for limit in limits)
    key, ends, across = float(found[0, along]), (low[along], high[along]), here[1 - along]
    return Spot(key, prediction.axis, scale == "log", limits, ends, across, tuple(size.tolist()))


@dataclass(frozen=True)
class Guess:
    """A prediction as `explore` asks for it."""

    name: str
    prediction: Prediction

    @property
    def asked(self):
        """The question in the reader's language."""
        return say(self.prediction.text)

    def page(self, paint):
        """Return the question as HTML, with where numbers lie in the picture that `paint` gives."""
        place, question = self._found(paint)
        off = {kind: [question.off(text, "{off}") for text in texts] for kind, texts in OFF.items()}
        words = {"show": say(SHOW), "here": say(HERE), "outside": say(OUTSIDE), "off": off}
        known = place._asdict() | {"factor": question.factor, "within": question.within, "words": words}
        says = YOURS, ANSWER, NO, NO, NO_NUMBER
        return stored(f"prediction {self.name}", question, says, guess=known)["text/html"]

    def live(self, paint, reveal):
        """Return widgets that ask, and call `reveal`, with what marks the guess if there is one."""

        def judge(number):
            _, question = self._found(paint)
            reveal(lambda axes: marks(self.prediction, axes, number))
            right, words = question.known(number) or (False, say(NO))
            # Who has guessed has done it, however far off.
            unkept = progress.note(f"prediction {self.name}", "done")
            return right, f"{words} {question.distance(number)} {unkept}".strip()

        return number_box(self.asked, judge, YOURS, reveal)

    def _found(self, paint):
        found = []

        def look(axes):
            found.append(spot(self.prediction, axes))
            return ()

        paint(look)
        return found[0], self.prediction.question(found[0].key)


def marks(prediction, axes, number):
    """Return what marks a guess on its Axes: a diamond with its name, a ring at the truth, a line between."""
    from matplotlib.lines import Line2D
    from matplotlib.patheffects import withStroke
    from matplotlib.transforms import IdentityTransform

    ax, place = axes[prediction.panel], spot(prediction, axes)
    width, height = place.size
    (x, y), truth = ((x, height - y) for x, y in map(place.point, (number, place.key)))
    look = {"color": "black", "transform": IdentityTransform(), "clip_on": False}
    artists = [
        Line2D([x, truth[0]], [y, truth[1]], linestyle=":", **look),
        Line2D([x], [y], marker="D", markersize=9, **look),
        Line2D([truth[0]], [truth[1]], marker="o", markersize=13, fillstyle="none", **look),
    ]
    for artist in artists:
        ax.add_artist(artist)
    # On the side where there is room, and towards the truth: below an axis are the names of its ticks.
    towards = ("center", "top", "bottom")[int(np.sign(y - truth[1]))]
    side, aside = ("right", -BESIDE) if x > width / 2 else ("left", BESIDE)
    text = say(HERE if place.pixel(number)[1] else OUTSIDE)
    ground = [withStroke(linewidth=4, foreground="white")]
    return [*artists, ax.text(x + aside, y, text, ha=side, va=towards, path_effects=ground, **look)]
