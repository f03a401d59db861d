"""The game on a page: pictures of each case and of what repairs made of it, and all answers, as HTML.

docs/_static/clinic.js plays it. Without scripts each case is its picture, with what it is folded beneath.
"""

import base64
import html
import io
import json
import os
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context

import numpy as np
from matplotlib.colors import to_rgb
from PIL import Image

from course import plots
from course.clinic import drawing, game, record
from course.clinic.experiments import EXPERIMENTS, train
from course.clinic.faults import FAULTS
from course.clinic.repairs import REPAIRS
from course.explore import painter
from course.words import say

# What people try, and what seems to work.
TRIED = ("a tenth of the rate", "clip at one")
TWIN = "healthy twin"
SAYS = {
    "title": "Case {number}: is this network ill, and of what?",
    "case": "Case",
    "done": "{number}, found",
    "tried": "{number}, missed",
    "next": "Next case",
    "again": "You missed it before.",
    "twin": "In grey, its healthy twin.",
    "before": "In grey, as it was before the repair.",
    "experiment": "Experiment",
    "make": "Make it, for a point",
    "which": "Choose an experiment that you have not made.",
    "cause": "Cause",
    "repair": "Repair",
    "change": "Change this, and train again",
    "choose": "Choose one",
    "first": "Name a cause, and choose what to change.",
    "its cause": "The cause",
    "its repair": "The repair",
    "show": "Show me",
    "count": "Experiments: {n}.",
    "worth": "The cause is worth {cause} points now, the repair {repair}.",
    "points": "Points for the cause: {cause}, for the repair: {repair}.",
    "all": "Points in all cases: {n} of {most}.",
}
PAGE = "<div class=\"clinic\" data-known='{known}'>{cases}</div>"
CASE = """<figure id="case-{number}" data-progress="case {number}" data-pictures='{pictures}'>
<img src="{source}" alt="{sentence}" width="{width}" height="{height}" loading="lazy">
<figcaption>{title}</figcaption>
<details><summary>{show}</summary><p>{truth}</p></details></figure>
"""


def pictures(number):
    """Return the pictures of a case, `{name: (webp, (width, height), sentence)}`.

    That of "" is the case as it is, "healthy twin" has its twin beside it, and the others are called by the
    repair: the right one, and those that people try. All show the loss between the same limits.
    """
    case = game.dealt(number)
    right = (FAULTS[case.fault].repair,) if case.fault else ()
    mended = {name: game.repaired(case, name) for name in dict.fromkeys((*right, *TRIED))}
    now, twin = train(case).run, train(case.twin).run
    pairs = {"": (now, None), TWIN: (now, twin)}
    for name, other in mended.items():
        if not game.same(other.planted, case.planted):
            same = game.same(other.planted, case.twin.planted)
            pairs[name] = (twin if same else train(other).run, now)
    losses = np.concatenate([run.loss for run, _ in pairs.values()] + [twin.loss])
    exponents = np.log10(np.clip(losses[np.isfinite(losses)], *drawing.LOSSES))
    limits = 10.0 ** np.array([np.floor(exponents.min()), np.ceil(exponents.max())])
    return {name: _encoded(*_paint()(runs=runs, limits=limits)) for name, runs in pairs.items()}


@cache
def _paint():
    """What paints in this process: axes that stay as they are from picture to picture are drawn once."""

    def panel(*axes, runs, limits):
        axes[0].figure.set_size_inches(drawing.SIZE)
        axes[0].set(yscale="log", ylim=limits)
        return drawing.draw(list(axes), *runs)

    return painter(panel, drawing.PANELS)


@cache
def _palette():
    """Our colours in ten shades, with which a picture takes half the room, and its letters stay clean."""
    inks = np.array([to_rgb(colour) for colour in plots.COLOURS])
    shades = [1 - share * (1 - inks) for share in np.linspace(0, 1, 11)]
    palette = Image.new("P", (1, 1))
    palette.putpalette(np.round(255 * np.concatenate(shades)).astype(np.uint8).tobytes())
    return palette


def _encoded(image, sentence):
    buffer = io.BytesIO()
    few = image.quantize(palette=_palette(), dither=Image.Dither.NONE).convert("RGB")
    few.save(buffer, "webp", lossless=True, method=1, quality=0)
    return buffer.getvalue(), image.size, sentence


def page(numbers=record.NUMBERS):
    """Return the game with the cases of these numbers as HTML."""
    choices = {
        "experiments": {name: say(EXPERIMENTS[name].question) for name in game.OFFERED},
        "causes": {"": say(game.HEALTHY)}
        | {name: game.large(say(name)) for name in sorted(FAULTS, key=str.lower)},
        "repairs": {"": say(game.NOTHING)} | {name: say(one.sentence) for name, one in REPAIRS.items()},
    }
    kept, texts, answers, figures = record.recorded(), {}, {}, []

    def places(words):
        return [texts.setdefault(part, len(texts)) for part in record.sentences(words)]

    for number, drawn in zip(numbers, _drawn(numbers), strict=True):
        found = kept[f"{number}"]
        # In the order of the choices: whether it is right, and the places of its sentences.
        answers[number] = {
            what: [[int(right), *places(words)] for right, words in map(found[what].get, names)]
            for what, names in choices.items()
        }
        # The script finds the other pictures beside the first, and their size is the same.
        shown = {name: [_source(webp), *places(words)] for name, (webp, _, words) in drawn.items()}
        webp, (width, height), sentence = drawn[""]
        written = {
            "source": _source(webp),
            "sentence": html.escape(sentence),
            "title": html.escape(say(SAYS["title"], number=number)),
            "show": html.escape(say(SAYS["show"])),
            "truth": html.escape(found["truth"][""][1]),
            "pictures": _written(shown),
        }
        figures.append(CASE.format(number=number, width=width, height=height, **written))
    known = {
        "says": {name: say(text) for name, text in SAYS.items()},
        "worth": [game.CAUSE, game.REPAIR, game.EXPERIMENT, game.WRONG],
        "texts": list(texts),
        "cases": answers,
        **choices,
    }
    return PAGE.format(known=_written(known), cases="".join(figures))


def _drawn(numbers):
    """The pictures of all cases, of which each core makes a part."""
    with ProcessPoolExecutor(min(len(numbers), os.cpu_count()), get_context("spawn")) as pool:
        return list(pool.map(pictures, numbers))


def _source(webp):
    return f"data:image/webp;base64,{base64.b64encode(webp).decode()}"


def _written(data):
    """Write data into an attribute between apostrophes, where the many quotation marks of JSON may stay."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return html.escape(text, quote=False).replace("'", "&#x27;")
