"""What is wrong with the figures of a notebook, asked in its own kernel after the last cell: see conftest.py.

They are looked at where they were drawn, with the data that they draw from, and no cell is run again for it.
"""

import ast
import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import nbformat
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from course import explore, plots
from course.practice.predicting import spot
from course.words import short

TOPICS = Path(__file__).parents[1] / "docs" / "topics.toml"
OURS = [name for name in tomllib.loads(TOPICS.read_text(encoding="utf-8")) if not name.startswith("00")]


class Shown(NamedTuple):
    """What `explore` was given in a notebook, and what its cell has `stored`."""

    draw: Callable
    panels: tuple = (1, 1)
    start: dict | None = None
    preview: dict | None = None
    sliders: dict | None = None
    stored: str = ""
    guess: object = None


def shown(notebook, space):
    """Return the figures of a notebook by the names of their functions; its cells were run in `space`."""
    found = {}

    def given(start=None, preview=None, panels=(1, 1), guess=None, **sliders):
        sliders = {name: list(values) for name, values in sliders.items()}
        start = {name: values[0] for name, values in sliders.items()} | (start or {})
        stored = "".join(output.get("text", "") for output in cell.outputs)
        return Shown(space[definition.name], panels, start, preview or {}, sliders, stored, guess)

    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        for definition in ast.parse(cell.source).body:
            for call in getattr(definition, "decorator_list", ()):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "explore":
                    call.func = ast.Name("given", ast.Load())
                    settings = ast.fix_missing_locations(ast.Expression(call))
                    found[definition.name] = eval(
                        compile(settings, "@explore", "eval"), space, {"given": given}
                    )
    return found


def changed(figure):
    """Yield what a figure says after the last cell, where its own cell has stored something else."""
    _, sentence = drawing(figure)(**figure.start)
    if short(sentence) not in figure.stored.splitlines():
        yield f"now says {short(sentence)!r}, and {figure.stored!r} is stored."


def picture(axes):
    """All that a figure shows as data, a list of arrays: what must differ when a slider has moved."""
    arrays = []
    for ax in axes:
        for artist in [*ax.lines, *ax.collections, *ax.images, *ax.patches]:
            if isinstance(artist, Line2D):
                arrays.append(artist.get_xydata())
            elif hasattr(artist, "get_offsets"):
                arrays += [np.asarray(artist.get_offsets()), *(path.vertices for path in artist.get_paths())]
            elif hasattr(artist, "get_array"):
                arrays.append(np.asarray(artist.get_array()))
            else:
                arrays.append(artist.get_path().vertices)
    return [array.copy() for array in arrays]


def same(a, b):
    return len(a) == len(b) and all(np.array_equal(x, y, equal_nan=True) for x, y in zip(a, b, strict=True))


def drawing(figure):
    """Return a function of the sliders' values that draws on Axes of its own: `picture` and the sentence."""
    made = Figure().subplots(*figure.panels, squeeze=False, subplot_kw={"axes_class": plots.Panel})
    axes = tuple(made.flat)

    def draw(**values):
        with plots.styled(), plots.redrawn(axes):
            sentence = figure.draw(*axes, **values)
        return picture(axes), sentence

    return draw


def stale_or_still(figure):
    """Yield what is wrong with a figure whose sliders move one by one, to both ends and the middle.

    A preview is drawn before each picture, and must leave nothing behind. Only what is drawn is looked at:
    the walk over the sliders of the site compares the pixels of all values.
    """
    draw, (fresh, _) = drawing(figure), drawing(figure)(**figure.start)
    for name, values in figure.sliders.items():
        before = None
        for value in dict.fromkeys([values[0], values[len(values) // 2], values[-1]]):
            if figure.preview:
                draw(**(figure.start | {name: value} | figure.preview))
            now, sentence = draw(**(figure.start | {name: value}))
            if not sentence.endswith("."):
                yield f"says at {name}={value} {sentence!r}, which is no sentence."
            if before is not None and same(before, now):
                yield f"draws at {name}={value} what it drew at another value."
            before = now
    if not same(draw(**figure.start)[0], fresh):
        yield "differs from a fresh one when it is back at its start."


def place_of(prediction, paint):
    """Where a prediction is answered in a picture."""
    found = []

    def look(axes):
        found.append(spot(prediction, axes))
        return ()

    paint(look)
    return found[0]


def unanswered(figure):
    """Yield what is wrong with a figure that asks: the truth lies outside, a reply is not the one it gets."""
    if figure.guess is None:
        return
    paint = explore.painter(figure.draw, figure.panels)
    place = place_of(figure.guess.prediction, partial(paint, **figure.start))
    question = figure.guess.prediction.question(place.key)
    if not place.pixel(place.key)[1]:
        yield f"asks {question.text!r}, which is answered outside the picture."
    for number, right, words in question.replies():
        if question.known(number) != (right, words) or "{key" in words or "{{" in words:
            yield f"answers {number} to {question.text!r} by {words!r}, or by something else."


def look(path, space):
    """Raise AssertionError where something is wrong with the figures of the notebook at `path`."""
    figures = shown(nbformat.read(path, as_version=4), space)
    found = [
        f"{name} {fault}"
        for name, figure in figures.items()
        for faults in (changed, stale_or_still, unanswered)
        for fault in faults(figure)
    ]
    sizes = [max(map(len, figure.sliders.values()), default=0) for figure in figures.values()]
    # The opening says how the course works, and a topic that somebody adds for a class is as they like it.
    if Path(path).stem in OURS and sum(size >= 5 for size in sizes) < 2:
        found.append("Fewer than two figures have a slider of five values or more.")
    assert not found, "\n".join(found)
