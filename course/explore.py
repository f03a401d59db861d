"""One figure, three homes: live sliders in JupyterLab, moving pictures on the site, a still one in the file.

`explore` is the only part of the course that knows widgets and pages. The environment variable
COURSE_FIGURES says which home it draws for: "live" (where it is not set), "frames" for the site, "still" for
the stored notebook and the tests.
"""

import base64
import functools
import html
import io
import itertools
import json
import os
import threading
from collections.abc import Mapping

import numpy as np
from matplotlib import style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from course.plots import STYLE
from course.words import say

# JupyterLab answers sliders in a thread of their own, even while a cell runs, and matplotlib has one style.
PAINTING = threading.RLock()
# A slider rests when it has not moved for this time, in seconds; a key that is held down moves it more often.
REST = 0.04


def explore(draw, start=None, preview=None, **sliders):
    """Show the picture that `draw(fig, **values)` makes, with a slider for each keyword.

    `draw` gets a matplotlib Figure, empty at the first call and afterwards as it was left, and one value of
    each slider; it returns one sentence that says what is seen, with its numbers. That sentence is printed
    under the picture and is its alternative text. Each slider is a sequence of at least two different
    numbers or names; `start` maps names of sliders to the values where they start, the first ones
    elsewhere. Without sliders the picture stands still.

    Where a picture takes too long to follow the hand, `preview` maps further keywords of `draw` to values
    that make a quick one, such as fewer rows. It is shown while a live slider moves; the picture and the
    sentence where the slider comes to rest are made without them, as everywhere else.

    Raises ValueError or TypeError, in one sentence, for sliders, a start or a preview that are none.
    """
    sliders = {name: _values(name, values) for name, values in sliders.items()}
    start, preview = _mapping("start", start), _mapping("preview", preview)
    if unknown := set(start) - set(sliders):
        raise ValueError(f"start names {', '.join(sorted(unknown))}, which is no slider.")
    if taken := set(preview) & set(sliders):
        raise ValueError(f"preview names {', '.join(sorted(taken))}, which is a slider.")
    start = {name: _start(name, values, start) for name, values in sliders.items()}
    homes = {"live": functools.partial(_live, preview=preview), "frames": _frames, "still": _still}
    home = os.environ.get("COURSE_FIGURES", "live")
    if home not in homes:
        raise ValueError(f"COURSE_FIGURES must be one of {', '.join(homes)}, but is {home!r}.")
    homes[home](draw, sliders, start)


def painter(draw):
    """Return `paint(**values)`, which gives the picture of `draw` for these values and its sentence.

    Ticks, grids and their labels take most of the time of a drawing and seldom change. They are drawn once,
    as the ground of the picture, and again when they have changed; everything else is drawn upon them.
    """
    with PAINTING, style.context(STYLE):
        fig = Figure()
        canvas = FigureCanvasAgg(fig)
    arranged, ground = None, None

    def paint(**values):
        nonlocal arranged, ground
        with PAINTING, style.context(STYLE):
            sentence = draw(fig, **values)
            if not isinstance(sentence, str):
                raise TypeError(
                    f"draw must return the sentence that the picture says, but returned {sentence!r}."
                )
            axes = [(ax, ax.axison) for ax in fig.axes]
            if axes != arranged or any(map(_ticks_changed, fig.axes)):
                # Arranging takes longer than drawing, and must not move the axes while a slider moves, unless
                # their labels no longer fit.
                fig.set_layout_engine("none" if axes == arranged else "constrained")
                for artist in _upon_the_ground(fig):
                    artist.set_animated(True)
                canvas.draw()
                if _labels_cut_off(fig):
                    fig.set_layout_engine("constrained")
                    canvas.draw()
                arranged, ground = axes, canvas.copy_from_bbox(fig.bbox)
            canvas.restore_region(ground)
            for artist in _upon_the_ground(fig):
                artist.draw(canvas.get_renderer())
        image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
        # Pictures of digits are not turned to negatives on a dark page, as lines on white are.
        image.info["kind"] = "plot" if any(ax.axison for ax in fig.axes) else "pictures"
        return image, sentence

    return paint


def _ticks_changed(ax):
    # Limits that follow the data are found when they are asked for.
    ax.get_xlim(), ax.get_ylim()
    return ax.axison and (ax.xaxis.stale or ax.yaxis.stale)


def _labels_cut_off(fig):
    boxes = [axis.get_tightbbox() for ax in fig.axes if ax.axison for axis in (ax.xaxis, ax.yaxis)]
    x0, y0, x1, y1 = fig.bbox.extents
    return any(box.x0 < x0 or box.y0 < y0 or box.x1 > x1 or box.y1 > y1 for box in boxes if box)


def _upon_the_ground(fig):
    """Return what is not patch or axis, in the order of drawing."""
    artists = []
    for ax in fig.axes:
        bare = [] if ax.axison and ax.get_frame_on() else ax.spines.values()
        ground = [ax.patch, ax.xaxis, ax.yaxis, *bare]
        upon = [artist for artist in ax.get_children() if artist not in ground]
        artists += sorted(upon, key=lambda artist: artist.zorder)
    return artists + [artist for artist in fig.get_children() if artist not in (fig.patch, *fig.axes)]


def combinations(sliders):
    """Yield every combination of the values of the sliders, as a dict, the last slider moving fastest.

    >>> [list(values.values()) for values in combinations({"a": [1, 2], "b": ["x", "y"]})]
    [[1, 'x'], [1, 'y'], [2, 'x'], [2, 'y']]
    """
    for values in itertools.product(*sliders.values()):
        yield dict(zip(sliders, values, strict=True))


def _still(draw, sliders, start):
    from IPython.display import display

    picture, sentence = painter(draw)(**start)
    # A palette of 64 colours is a third of the size, and the letters stay clean.
    png = base64.b64encode(
        _encode(picture.quantize(64, dither=Image.Dither.NONE), "png", optimize=True)
    ).decode()
    metadata = {"image/png": {"alt": sentence}}
    display({"image/png": png, "text/plain": sentence}, metadata=metadata, raw=True)
    print(sentence)


def _live(draw, sliders, start, preview):
    if not sliders:
        _still(draw, sliders, start)
        return
    import ipywidgets as widgets
    from IPython.display import display

    paint = painter(draw)
    wide = {"description_width": "9em"}
    controls = {
        name: widgets.SelectionSlider(
            options=[(_text(value), value) for value in values],
            value=start[name],
            description=_label(name),
            style=wide,
            layout={"width": "32em", "max_width": "100%"},
        )
        for name, values in sliders.items()
    }
    picture = widgets.Image(format="png", layout={"max_width": "44em", "width": "100%"})
    caption = widgets.HTML()

    def show(**quickly):
        # Moves and rests come in threads of their own. Whoever is next shows the values of that moment.
        with PAINTING:
            # What goes wrong in a callback is otherwise shown nowhere.
            try:
                image, sentence = paint(**{name: c.value for name, c in controls.items()}, **quickly)
            except Exception as error:
                kind, words = type(error).__name__, html.escape(str(error))
                caption.value = f'<p role="alert"><b>{kind}:</b> {words}</p>'
                return
            picture.value = _encode(image, "png", compress_level=1)
            # The numbers of a sentence are those of the whole picture, and are read out once.
            if not quickly:
                caption.value = f'<p role="status">{html.escape(sentence)}</p>'

    rest = None

    def moved(_):
        nonlocal rest
        if rest:
            rest.cancel()
        show(**preview)
        if preview:
            rest = threading.Timer(REST, show)
            # A picture that never ends must not keep a kernel from being shut down.
            rest.daemon = True
            rest.start()

    show()
    for control in controls.values():
        control.observe(moved, names="value")
    display(widgets.VBox([*controls.values(), picture, caption]))


def _frames(draw, sliders, start):
    from IPython.display import HTML, display

    paint = painter(draw)
    frames = []
    for values in combinations(sliders):
        image, sentence = paint(**values)
        # Lossless at any quality, which says how long to look for a smaller file: 0 takes half the time and
        # gives a sixth more.
        data = base64.b64encode(_encode(image, "webp", lossless=True, method=1, quality=0)).decode()
        frames.append({"src": f"data:image/webp;base64,{data}", "alt": sentence})
        if values == start:
            shown, (width, height), kind = frames[-1], image.size, image.info["kind"]
    controls = "".join(_range_input(name, values, start[name]) for name, values in sliders.items())
    # The site's build moves the pictures into files, its script unhides the controls and moves the rest.
    movable = f' data-frames="{html.escape(json.dumps(frames))}"' if sliders else ""
    display(
        HTML(
            f'<figure class="explore explore-{kind}"{movable}>'
            f'<img src="{shown["src"]}" alt="{html.escape(shown["alt"])}" width="{width}" height="{height}">'
            f'<div class="explore-controls" hidden>{controls}</div>'
            f'<figcaption><p role="status">{html.escape(shown["alt"])}</p></figcaption></figure>'
        )
    )


def _range_input(name, values, start):
    texts = [_text(value) for value in values]
    return (
        f'<label><span class="explore-name">{html.escape(_label(name))}</span>'
        f'<input type="range" max="{len(values) - 1}" value="{values.index(start)}" autocomplete="off" '
        f'data-texts="{html.escape(json.dumps(texts))}" aria-valuetext="{html.escape(_text(start))}">'
        f'<span class="explore-value" aria-hidden="true">{html.escape(_text(start))}</span></label>'
    )


def _encode(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _label(name):
    return say(name.replace("_", " "))


def _text(value):
    """Write a value as a slider shows it: names in words, numbers short, 1e-6 rather than 1e-06.

    >>> [_text(v) for v in ("leaky_relu", 10, 0.30000000000000004, 1e-6, 1e6)]
    ['leaky relu', '10', '0.3', '1e-6', '1e6']
    """
    if isinstance(value, str):
        return _label(value)
    return say("{value:.4g}", value=value)


def _values(name, values):
    if isinstance(values, str) or not np.iterable(values):
        raise TypeError(f"{name} must be a sequence of values for its slider, but is {values!r}.")
    values = [value.item() if isinstance(value, np.generic) else value for value in values]
    for value in values:
        if not isinstance(value, str | int | float) or value != value:
            raise TypeError(f"{name} must hold numbers or names, but {value!r} is neither.")
    if len(values) < 2 or len(set(values)) < len(values):
        raise ValueError(f"{name} must hold at least two values, all different, but is {values}.")
    return values


def _mapping(name, given):
    given = {} if given is None else given
    if not isinstance(given, Mapping):
        raise TypeError(f"{name} must map names to values, but is {given!r}.")
    return given


def _start(name, values, start):
    value = start.get(name, values[0])
    if value not in values:
        raise ValueError(f"start of {name} must be one of {values}, but is {value!r}.")
    return value
