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
import math
import os
import re
import threading
from collections.abc import Mapping
from numbers import Real

import numpy as np
from matplotlib._pylab_helpers import Gcf
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from course.arguments import LARGEST, choice, function, sequence, shown, single, whole
from course.plots import Panel, redrawn, styled
from course.words import reason, say, short

# JupyterLab answers sliders in a thread of their own, even while a cell runs, and matplotlib has one style.
PAINTING = threading.RLock()
# A slider rests when it has not moved for this time, in seconds; a key that is held down moves it more often.
REST = 0.04


def explore(*misplaced, start=None, preview=None, panels=(1, 1), guess=None, **sliders):
    """Show the picture that the function below draws, with a slider for each keyword.

    Written above a function, `@explore(scale=SCALES)`, it shows the picture at once and leaves the function
    as it is. The function is called as `draw(ax, scale=0.1)`, draws on the matplotlib Axes `ax` with
    `course.plots` or with matplotlib's own calls, as if it were drawn for the first time, and returns one
    sentence that says what is seen, with its numbers. That sentence is printed under the picture and is its
    alternative text; powers of ten in it are written short, 1e-6. Labels, scales and ticks of the Axes, which
    take longest to draw, stay until they are set again: set at each value what differs between values.

    Each slider is a sequence of at least two different numbers or names; `start` maps names of sliders to the
    values where they start, the first ones elsewhere. Without sliders the picture stands still. `panels`, a
    pair of rows and columns, asks for more Axes, which come first among the arguments, row by row:
    `@explore(panels=(1, 2), scale=SCALES)` stands above `def draw(left, right, scale)`.

    On the site a link leads to one picture by the name of its function and the values of its sliders, as
    `#figure-draw:scale=0.1`.

    Where a picture takes too long to follow the hand, `preview` maps further keywords of the function to
    values that make a quick one, such as fewer rows. It is shown while a live slider moves; the picture and
    the sentence where the slider comes to rest are made without them, as everywhere else.

    `guess`, which `predict` gives, asks for a number first. In JupyterLab and on the site the picture waits
    for an answer, or for "Show me", and where it starts it shows the guess beside the truth.

    Raises ValueError or TypeError, in one sentence, for sliders, a start, a preview, panels or a guess that
    are none, for a function that takes other arguments, or one that draws nothing, draws elsewhere or says
    nothing.
    """
    if misplaced:
        raise TypeError("explore stands above its function: write @explore(scale=[0.1, 1]) over its def.")
    sliders = {name: _values(name, values) for name, values in sliders.items()}
    start = _mapping("start", {} if start is None else start)
    preview = _mapping("preview", {} if preview is None else preview)
    panels = _panels(panels)
    for name in start.keys() - sliders:
        raise ValueError(f"start names {name}, which is no slider.")
    for name in preview:
        if not isinstance(name, str) or name in sliders:
            raise ValueError(f"preview names {name}, which is a slider or no name at all.")
    start = {name: _start(name, values, start) for name, values in sliders.items()}
    if not (guess is None or hasattr(guess, "asked")):
        raise TypeError(f'guess must be as predict("its_name") gives it, but is {shown(guess)}.')
    homes = {"live": functools.partial(_live, preview=preview), "frames": _frames, "still": _still}
    home = choice("COURSE_FIGURES", os.environ.get("COURSE_FIGURES", "live"), homes)

    def show(draw):
        _function(draw, panels, start)
        _function(draw, panels, {**start, **preview})
        homes[home](painter(draw, panels), sliders, start, guess)
        return draw

    return show


def painter(draw, panels=(1, 1)):
    """Return `paint(**values)`, which gives the picture of `draw` for these values and its sentence.

    `paint(mark, **values)` calls `mark(axes)` when everything lies where it will stay, and draws the artists
    that it returns upon the picture.

    Ticks, grids and their labels take most of the time of a drawing and seldom change. They are drawn once,
    as the ground of the picture, and again when they have changed; everything else is drawn upon them.
    """
    if not callable(draw):
        raise TypeError(f"draw must be a function, but is {shown(draw)}.")
    name = fig = canvas = arranged = ground = None
    panels, axes = _panels(panels), ()

    def paint(mark=None, /, **values):
        nonlocal name, fig, canvas, axes, arranged, ground
        with PAINTING, styled():
            # What lies on the figure itself, as fig.text does, would pile up.
            if fig is None or {fig.patch, *axes} != set(fig.get_children()):
                name, fig, arranged = _function(draw, panels, values), Figure(), None
                made = fig.subplots(*panels, squeeze=False, subplot_kw={"axes_class": Panel})
                axes, canvas = tuple(made.flat), FigureCanvasAgg(fig)
            sentence = _drawn(name, draw, axes, values)
            axison = [ax.axison for ax in axes]
            titled = [*(bool(ax.get_title()) for ax in axes), len(fig.get_children())]
            if arranged and axison != arranged[0]:
                # Pictures leave proportions and a direction of y behind, which nothing else would set.
                fig = None
                return paint(mark, **values)
            try:
                if arranged != (axison, titled) or any(map(_ticks_changed, axes)):
                    # Arranging takes longer than drawing, and must not move the axes while a slider moves,
                    # unless their labels no longer fit.
                    fig.set_layout_engine("none" if arranged == (axison, titled) else "constrained")
                    for artist in _upon_the_ground(fig):
                        artist.set_animated(True)
                    canvas.draw()
                    if _labels_cut_off(fig):
                        fig.set_layout_engine("constrained")
                        canvas.draw()
                    arranged, ground = (axison, titled), canvas.copy_from_bbox(fig.bbox)
                canvas.restore_region(ground)
                for artist in _upon_the_ground(fig):
                    artist.draw(canvas.get_renderer())
            except Exception as error:
                fig = None
                raise ValueError(f"{name} draws what matplotlib cannot show: {reason(error)}.") from None
            for artist in mark(axes) if mark else ():
                artist.draw(canvas.get_renderer())
        image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
        # Pictures of digits are not turned to negatives on a dark page, as lines on white are.
        pictures = any(ax.images for ax in axes) and not any(axison)
        image.info["kind"] = "pictures" if pictures else "plot"
        return image, sentence

    paint.__name__ = getattr(draw, "__name__", "draw")
    return paint


def _drawn(name, draw, axes, values):
    """Let `draw` draw, look at what it did, and return its sentence."""
    (fig,), elsewhere = {ax.figure for ax in axes}, _drawn_by_pyplot()
    with redrawn(axes):
        sentence = draw(*axes, **values)
    if _drawn_by_pyplot() != elsewhere:
        raise ValueError(f"{name} draws with plt, on another figure: draw on its own Axes, as by ax.plot.")
    if tuple(fig.axes) != axes:
        raise ValueError(f"{name} changes the Axes of its figure: @explore(panels=(1, 2)) gives it two.")
    if not any(ax.has_data() or ax.texts or ax.artists for ax in axes):
        raise ValueError(f"{name} drew nothing on the Axes that it was given.")
    if not isinstance(sentence, str) or not sentence.strip():
        raise TypeError(f"{name} must return the sentence of the picture, but returned {shown(sentence)}.")
    return short(sentence)


def _drawn_by_pyplot():
    """What tells whether pyplot has drawn: its figures, and what is on them."""
    figures = [manager.canvas.figure for manager in Gcf.get_all_fig_managers()]
    looks = ("children", "title", "xlabel", "ylabel", "xlim", "ylim", "xscale", "yscale")
    return figures, [(ax, [getattr(ax, f"get_{look}")() for look in looks]) for f in figures for ax in f.axes]


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
    """Return an iterator over all combinations of the sliders' values, as dicts, the last moving fastest.

    >>> [list(values.values()) for values in combinations({"a": [1, 2], "b": ["x", "y"]})]
    [[1, 'x'], [1, 'y'], [2, 'x'], [2, 'y']]
    """
    values = [sequence(f"sliders[{k!r}]", v) for k, v in _mapping("sliders", sliders).items()]
    return (dict(zip(sliders, chosen, strict=True)) for chosen in itertools.product(*values))


def _still(paint, sliders, start, guess):
    from IPython.display import display

    image, sentence = paint(**start)
    if guess:
        # Printed, it would stand in one piece with the sentence.
        display({"text/markdown": guess.asked}, raw=True)
    data, metadata = _stored(image, sentence)
    display(data, metadata=metadata, raw=True)
    print(sentence)


def _stored(image, sentence):
    """Return what a notebook stores of a picture, with its alternative text."""
    # A palette of 64 colours is a third of the size, and the letters stay clean.
    png = _encode(image.quantize(64, dither=Image.Dither.NONE), "png", optimize=True)
    data = {"image/png": base64.b64encode(png).decode(), "text/plain": sentence}
    return data, {"image/png": {"alt": sentence}}


# In a notebook that is opened again JupyterLab puts words about a missing model in place of the widgets, even
# where a picture is stored beside them. The picture stands in for these words; nothing else shows it, neither
# JupyterLab while the widgets are there, nor a page that shows the stored picture itself. Like every stored
# picture it has its sentence below it.
STAND_IN = """{asked}<div class="stand-in-{name}" role="img" aria-label="{sentence}"></div>
<p class="said-{name}">{sentence}</p><style>
:root:has(.live-{name}) .said-{name}, .stand-in-{name}, {missing}:has(+ * .said-{name}) {{ display: none; }}
{missing} + * .stand-in-{name} {{ display: block; max-width: 44em; aspect-ratio: {image.width}/{image.height};
background: url(data:image/png;base64,{png}) center / contain no-repeat; }}
</style>"""
# Text, where widgets would be elements.
MISSING = ".jp-OutputArea-child:has(> .lm-Panel):not(:has(> .lm-Panel > *))"


def _live(paint, sliders, start, guess, preview):
    if not sliders and not guess:
        _still(paint, sliders, start, guess)
        return
    import ipywidgets as widgets
    from IPython.display import display

    wide = {"description_width": "9em"}
    controls = {
        name: widgets.SelectionSlider(
            options=list(zip(_texts(values), values, strict=True)),
            value=start[name],
            description=_label(name),
            style=wide,
            layout={"width": "32em", "max_width": "100%"},
        )
        for name, values in sliders.items()
    }
    picture = widgets.Image(format="png", layout={"max_width": "44em", "width": "100%"})
    caption = widgets.HTML()
    box = widgets.VBox([*controls.values(), picture, caption])
    mark = None

    def show(**quickly):
        # Moves and rests come in threads of their own. Whoever is next shows the values of that moment.
        with PAINTING:
            # What goes wrong in a callback is otherwise shown nowhere.
            try:
                values = {name: control.value for name, control in controls.items()}
                image, sentence = paint(mark if values == start else None, **values, **quickly)
            except Exception as error:
                kind, words = type(error).__name__, html.escape(str(error))
                caption.value = f'<p role="alert"><b>{kind}:</b> {words}</p>'
                return None
            picture.value = _encode(image, "png", compress_level=1)
            # The numbers of a sentence are those of the whole picture, and are read out once.
            if not quickly:
                caption.value = f'<p role="status">{html.escape(sentence)}</p>'
            return image, sentence

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

    def reveal(guessed=None):
        nonlocal mark
        mark = guessed
        box.layout.display = None
        show()

    shown = show()
    if shown and guess:
        # Hidden until then, with all that says the answer.
        box.layout.display = "none"
        whole = widgets.VBox([guess.live(functools.partial(paint, **start), reveal), box])
    else:
        whole = box
    whole.add_class(f"live-{whole.model_id}")
    for control in controls.values():
        control.observe(moved, names="value")
    view = {"application/vnd.jupyter.widget-view+json": whole.get_view_spec()}
    if shown is None:
        display(view | {"text/plain": ""}, raw=True)
        return
    # What is stored is the picture at its start: storing each one anew would take the widgets away and back.
    (image, sentence), (data, metadata) = shown, _stored(*shown)
    display(view | data, metadata=metadata, raw=True)
    words, png = html.escape(sentence), data["image/png"]
    name, asked = whole.model_id, ""
    if guess:
        asked = f'<p class="said-{name}">{html.escape(guess.asked)}</p>'
    stand_in = STAND_IN.format(asked=asked, name=name, sentence=words, missing=MISSING, png=png, image=image)
    display({"text/html": stand_in, "text/plain": ""}, raw=True)


def _frames(paint, sliders, start, guess):
    from IPython.display import HTML, display

    frames = []
    for values in combinations(sliders):
        image, sentence = paint(**values)
        # Lossless at any quality, which says how long to look for a smaller file: 0 takes half the time and
        # gives a sixth more.
        data = base64.b64encode(_encode(image, "webp", lossless=True, method=1, quality=0)).decode()
        frames.append((f"data:image/webp;base64,{data}", sentence))
        if values == start:
            shown, (width, height), kind = frames[-1], image.size, image.info["kind"]
            if guess:
                # Now, since other frames may move the axes.
                display(HTML(guess.page(functools.partial(paint, **start))))
    # The site's build moves the pictures into files, its script unhides the controls and does what they say.
    # JSON is full of quotation marks, which may stay as they are between apostrophes.
    data = html.escape(json.dumps(frames, separators=(",", ":")), quote=False).replace("'", "&#x27;")
    movable = f" data-frames='{data}'" if sliders else ""
    # A link leads to the figure by the name of its function.
    name = re.sub(r"[\W_]+", "-", paint.__name__).strip("-").lower()
    src, sentence = shown[0], html.escape(shown[1])
    inputs = "".join(_range_input(name, values, start[name]) for name, values in sliders.items())
    display(
        HTML(
            f'<figure class="explore explore-{kind}" id="figure-{name}"{movable}>'
            f'<img src="{src}" alt="{sentence}" width="{width}" height="{height}" '
            'loading="lazy" decoding="async">'
            f'<div class="explore-controls" hidden>{inputs}{_buttons(sliders)}</div>'
            f'<figcaption><p role="status">{sentence}</p></figcaption></figure>'
        )
    )


def _range_input(name, values, start):
    texts, place = _texts(values), values.index(start)
    return (
        f'<label><span class="explore-name">{html.escape(_label(name))}</span>'
        f'<input type="range" name="{html.escape(name)}" max="{len(values) - 1}" value="{place}" '
        f'autocomplete="off" data-texts="{html.escape(json.dumps(texts))}" '
        f'aria-valuetext="{html.escape(texts[place])}">'
        f'<span class="explore-value" aria-hidden="true">{html.escape(texts[place])}</span></label>'
    )


def _buttons(sliders):
    """What a reader may ask for below the sliders of a figure, with all that the script makes it say."""
    # Of several sliders the one that was moved last is played, and the button names it.
    plays = [say("Play: {name}", name=_label(name)) if len(sliders) > 1 else say("Play") for name in sliders]
    buttons = {
        "link": {
            "": say("Copy link"),
            "done": say("The link is copied."),
            "else": say("The address of this page is now the link to this picture."),
        },
        "save": {
            "": say("Save picture"),
            "done": say("The picture is saved with its sentence."),
            "else": say(
                "A page opened from disk cannot add the sentence. The picture is open in a new tab: save it "
                "there."
            ),
        },
    }
    if plays:
        play = {"": plays[-1], "names": json.dumps(plays), "pause": say("Pause")}
        buttons = {"play": play} | buttons
    markup = ""
    for kind, said in buttons.items():
        data = "".join(f' data-{key}="{html.escape(text)}"' for key, text in said.items() if key)
        markup += f'<button type="button" class="explore-{kind}"{data}>{html.escape(said[""])}</button>'
    return f'<div class="explore-buttons">{markup}<output></output></div>'


def _encode(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _label(name):
    return say(name.replace("_", " ") if name.isidentifier() else name)


def _texts(values):
    """Write values as a slider shows them: names in words, numbers short, 1e-6 rather than 1e-06, none twice.

    >>> _texts(["leaky_relu", 10, 0.30000000000000004, 1e-6, 1e6]), _texts([20240, 20241])
    (['leaky relu', '10', '0.3', '1e-6', '1e6'], ['20240', '20241'])
    """
    for digits in range(4, 18):
        texts = [_label(str(v)) if isinstance(v, str | bool) else short(f"{v:.{digits}g}") for v in values]
        if len(set(texts)) == len(texts):
            return texts
    return [repr(value) for value in values]


def _values(name, values):
    values = [value.item() if isinstance(value, np.generic) else value for value in sequence(name, values)]
    for value in values:
        real = isinstance(value, int | float) and (abs(value) <= LARGEST or abs(value) == math.inf)
        if not (real or isinstance(value, str)):
            raise TypeError(f"{name} must hold numbers or names, but {shown(value)} is neither.")
    if len(values) < 2 or len(set(values)) < len(values):
        raise ValueError(f"{name} must hold at least two values, all different, but is {values}.")
    return values


def _panels(given):
    sizes = tuple(whole("panels", n) for n in sequence("panels", given))
    if len(sizes) != 2:
        raise ValueError(f"panels must be a pair of rows and columns, as (1, 2), but is {shown(given)}.")
    return sizes


def _function(draw, panels, values):
    """The name of `draw`, which must be a function of so many Axes and of these values."""
    axes = ["ax"] if panels == (1, 1) else [f"ax{i}" for i in range(math.prod(panels))]
    name = getattr(draw, "__name__", "draw")
    function(name, draw, *axes, **values)
    return name


def _mapping(name, given):
    if not isinstance(given, Mapping):
        raise TypeError(f"{name} must map names to values, but is {shown(given)}.")
    return given


def _start(name, values, start):
    value = start.get(name, values[0])
    if not isinstance(value, str | Real | np.bool_):
        value = single(f"start of {name}", value, -math.inf, math.inf)
    if value not in values:
        raise ValueError(f"start of {name} must be one of {values}, but is {shown(value)}.")
    return values[values.index(value)]
