"""Arrays become pictures: each function draws on an Axes, as if nothing had been drawn there before.

`x` and `y` come first, as in matplotlib; what follows are matplotlib's own names: of the Axes (`xlabel`,
`ylabel`, `title`, `xlim`, `ylim`, `xscale`, `yscale`, `xticks`, `yticks`, `xticklabels`, `yticklabels`,
`aspect`) or else of what is drawn (`color`, `linewidth`, `marker`). `legend` says where the labels are
explained: at the "ends" of the lines, at a place, such as "upper left", or in a dict of what `ax.legend`
takes. Limits that are not given follow the data, and texts stay as they are written. What cannot be drawn, or
what matplotlib refuses, is answered in one sentence, a ValueError or TypeError that begins with the name it
was given under.

When a slider moves, `redrawn` gives a drawing the artists of the last one, which is why a picture takes
milliseconds. matplotlib's own calls, `ax.axhline` or `ax.text`, work beside these functions.
"""

import contextlib
import functools
import itertools
import weakref
from datetime import date
from numbers import Real

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import is_color_like
from matplotlib.lines import Line2D
from matplotlib.patches import BoxStyle

from course import fonts
from course.arguments import LARGEST, choice, floats, instance, number, sequence, several, shown, single
from course.words import LANGUAGE, reason

# The colours of Okabe & Ito (2008), which colour-blind readers can tell apart. On a phone the pictures
# shrink to a third, so that letters and lines are large here.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
# All that matplotlib lets one set: what a reader has set for figures of their own does not show in these.
STYLE = {key: value for key, value in mpl.rcParamsDefault.items() if not key.startswith("backend")} | {
    "axes.prop_cycle": mpl.cycler(color=COLOURS),
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": "medium",
    "axes.formatter.use_mathtext": True,
    "figure.figsize": (6.4, 3.8),
    "figure.dpi": 150,
    "font.family": fonts.families(LANGUAGE),
    "font.size": 14,
    "grid.alpha": 0.3,
    "legend.edgecolor": "none",
    "legend.fontsize": "small",
    "lines.linewidth": 2,
    "image.cmap": "gray",
    "image.interpolation": "nearest",
}
# In the order in which they are set: a scale makes its own ticks, and labels belong to ticks.
OF_THE_AXES = [
    *("xscale", "yscale", "aspect", "xlabel", "ylabel", "title"),
    *("xticks", "yticks", "xticklabels", "yticklabels", "xlim", "ylim"),
]
# Of an Axes that is being redrawn, what was on it and may be taken for what is drawn next.
_spare = weakref.WeakKeyDictionary()
# Of such an Axes, the lines whose labels wait until its scales and limits are set.
_ends = weakref.WeakKeyDictionary()


def styled():
    """Return a context in which matplotlib has our `STYLE`, whatever a reader has set."""
    return mpl.rc_context({key: value for key, value in STYLE.items() if mpl.rcParams[key] != value})


def curve(ax, x, y, /, label=None, legend=None, **options):
    """Draw a line through the points; of several runs, `y` of shape `(runs, n)`, their median.

    Behind a median stands a band from the lowest run to the highest. Infinite and missing values leave a gap.

    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> line = curve(ax, [1, 2], [[0.1, 0.5], [0.2, 0.6], [0.9, 0.7]], xlabel="epoch", ylabel="accuracy")
    >>> line.get_ydata()
    array([0.2, 0.6])
    """
    line = _curve(ax, x, y, "y", label, {}, options)
    _frame(ax, options, legend)
    return line


def curves(ax, x, ys=None, /, legend="best", **options):
    """Draw a `curve` for each of `ys`, `{label: y}`, each with a dash of its own, and explain them."""
    labelled = sequence("ys", _items("ys", ys, "plots.curves(ax, x, {'training': y})"))
    for (label, y), dash in zip(labelled, itertools.cycle(["-", "--", "-.", ":"])):
        _curve(ax, x, y, f"ys[{label!r}]", str(label), {"linestyle": dash}, options)
    _frame(ax, options, legend)


def points(ax, x, y, /, label=None, legend=None, **options):
    """Draw a point for each pair."""
    x, y = _pairs(ax, x, y, "y", 1)
    line = _line(ax, x, y, label, {"linestyle": "none", "marker": "o", "markersize": 4}, options)
    _frame(ax, options, legend)
    return line


def histograms(ax, counts, edges, **options):
    """Draw a histogram of each row of `counts` upright, side by side, each as wide as its own highest bar.

    `counts` has the shape `(L, bins)`; the value axis is y, so that all share it, and histogram i stands at
    x = i + 1. One artist holds them all, which is what keeps a redraw fast.
    """
    _axes("ax", ax)
    counts = number("counts", _numbers("counts", counts), 0, LARGEST)
    edges = number("edges", _numbers("edges", edges), -LARGEST, LARGEST)
    fit = counts.ndim == 2 and edges.shape == (counts.shape[1] + 1,) and (np.diff(edges) > 0).all()
    if not fit or not counts.size:
        raise ValueError(f"edges must be one more than the bins, and rise: {edges.shape} for {counts.shape}.")
    places, highest = np.arange(1, len(counts) + 1), counts.max(axis=1, keepdims=True)
    widths = 0.45 * counts / np.where(highest > 0, highest, 1)
    heights = np.repeat(edges, 2)[1:-1]
    sides = zip(places, widths.repeat(2, axis=1), strict=True)
    areas = [_between(heights, x - w, x + w)[:, ::-1] for x, w in sides]
    artist = _area(ax, areas, {"color": _next_colour(ax)}, options)
    # Moved to whole pixels, a thin bar would be seen in one place and not in another.
    artist.set_snap(False)
    _frame(ax, {"xlim": (0.4, len(counts) + 0.6), "xticks": places} | options)
    return artist


def images(axes, pictures, low=None, high=None):
    """Show each picture, `(rows, columns)` of grey values or `(rows, columns, 3)` of colours, on its Axes.

    `low` is black and `high` is white; where they are not given, each picture's lowest and highest value.
    """
    axes = several("axes", axes, _axes)
    pictures = [pixels.astype(float) for pixels in several("pictures", pictures, floats)]
    if len(axes) != len(pictures):
        raise ValueError(f"pictures must be one for each of the {len(axes)} Axes, but are {len(pictures)}.")
    for i, (ax, pixels) in enumerate(zip(axes, pictures, strict=True)):
        if pixels.ndim < 2 or pixels.shape[2:] not in ((), (3,)) or not pixels.size:
            raise ValueError(f"pictures[{i}] must be (rows, columns) or (..., 3), but is {pixels.shape}.")
        seen = pixels[np.isfinite(pixels)]
        black = seen.min(initial=np.inf) if low is None else single("low", low)
        white = seen.max(initial=-np.inf) if high is None else single("high", high)
        pixels = np.clip((pixels - black) / ((white - black) or 1), 0, 1)
        show = functools.partial(ax.imshow, pixels, vmin=0, vmax=1)
        _artist(ax, f"image of {pixels.shape}", show, {"data": pixels}, {})
        ax.set_axis_off()


def graph(
    ax, places, arrows=(), color="black", curvature=0.0, boxstyle="round", facecolor="white", **options
):
    """Draw a structure: boxes with a text, `{text: (x, y)}`, and arrows `[(from, to), ...]` between them.

    `(from, to, text)` writes a text onto the arrow. Called again on the same Axes, it adds to what is there:
    boxes with another face, arrows of another colour or, with a `curvature`, those that lead back. `boxstyle`
    is one of matplotlib's, such as "circle". Options that are not of the Axes are of the texts, such as
    `fontsize`. The Axes has no frame, and its units are as long in y as in x.

    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> graph(ax, {"$x$": (0, 0), "$z$": (2, 0)}, [("$x$", "$z$", "$w$")])
    >>> graph(ax, {}, [("$z$", "$x$")], color="C1", curvature=0.3)
    """
    _axes("ax", ax)
    bent = single("curvature", curvature)
    choice("boxstyle", boxstyle, BoxStyle.get_styles())
    for name, colour in {"color": color, "facecolor": facecolor}.items():
        if not (isinstance(colour, str) and is_color_like(colour)):
            raise ValueError(f"{name} must be a colour, such as 'C1' or '#D55E00', but is {shown(colour)}.")
    for name, place in _items("places", places, "plots.graph(ax, {'x': (0, 0)})"):
        if np.size(place) != 2:
            raise ValueError(f"places[{name!r}] must be a pair (x, y), but is {shown(place)}.")
        x, y = several(f"places[{name!r}]", place, single)
        _line(ax, [x], [y], None, {"linestyle": "none"}, {"color": color})
        look = {"boxstyle": boxstyle, "edgecolor": color, "facecolor": facecolor}
        _letters(ax, x, y, _text("places", name), look, options).set_gid("box")
    boxes = {text.get_text(): text for text in ax.texts if text.get_gid() == "box"}
    for i, arrow in enumerate(sequence("arrows", arrows, least=0)):
        ends = [_text(f"arrows[{i}]", end) for end in sequence(f"arrows[{i}]", arrow)]
        if len(ends) not in (2, 3) or not boxes.keys() >= {*ends[:2]}:
            raise ValueError(
                f"arrows[{i}] must lead from a text of places to another, but is {shown(arrow)}."
            )
        start, end = (boxes[name] for name in ends[:2])
        (x, y), (x_end, y_end) = start.get_position(), end.get_position()
        look = {"arrowstyle": "-|>", "color": color, "connectionstyle": f"arc3,rad={bent}"}
        look |= {"patchA": start.get_bbox_patch(), "patchB": end.get_bbox_patch(), "shrinkA": 2, "shrinkB": 3}
        ax.annotate("", (x_end, y_end), (x, y), arrowprops=look)
        if len(ends) == 3:
            # In the middle of the arc, on a white ground, so that the arrow does not cross the letters.
            x, y = (x + x_end + bent * (y_end - y)) / 2, (y + y_end - bent * (x_end - x)) / 2
            ground = {"facecolor": "white", "edgecolor": "none", "pad": 1}
            _letters(ax, x, y, ends[2], ground, {"color": color} | options)
    ax.margins(0.15)
    ax.set_axis_off()
    _frame(ax, {"aspect": "equal"} | options)


class Panel(Axes):
    """Axes of which `ax.set` leaves alone what is so already."""

    def set(self, **given):
        """Set labels, limits, scales and ticks as matplotlib's own Axes do."""
        _set_axes(self, given)
        _set(self, {key: value for key, value in given.items() if key not in OF_THE_AXES})

    def set_xlim(self, left=None, right=None, **given):
        """Set one limit or both, as matplotlib's own Axes do; the other follows what has been drawn."""
        _half_given(self, left, right)
        return super().set_xlim(left, right, **given)

    def set_ylim(self, bottom=None, top=None, **given):
        """Set one limit or both, as matplotlib's own Axes do; the other follows what has been drawn."""
        _half_given(self, bottom, top)
        return super().set_ylim(bottom, top, **given)


@contextlib.contextmanager
def redrawn(axes):
    """Within this block, draw each of `axes` as if it were empty.

    The functions of this module take the artists that were there for what they draw, in order. Limits that
    are not given follow the data; labels, scales and ticks stay until they are set again.
    """
    axes = {*several("axes", axes, _axes)}
    for ax in axes:
        old = ax.lines, ax.collections, ax.patches, ax.images, ax.texts, ax.tables, ax.artists
        _spare[ax] = [*itertools.chain(*old), *ax.child_axes]
        for artist in _spare[ax]:
            artist.remove()
        ax.containers.clear()
        if ax.get_legend():
            ax.get_legend().set_visible(False)
        ax.title.set_text("")
        ax.set_axis_on()
        ax.set_prop_cycle(None)
        ax.set_autoscale_on(True)
    try:
        yield
        for ax in axes.intersection(_ends):
            _label_ends(ax, _ends[ax])
    finally:
        for ax in axes:
            del _spare[ax]
            _ends.pop(ax, None)
            if ax.get_legend() and not ax.get_legend().get_visible():
                ax.get_legend().remove()
            _follow_the_data(ax)


def _pairs(ax, x, y, name, most):
    """What is drawn on an Axes: x, one row of numbers, and y, which has at most so many axes."""
    _axes("ax", ax)
    x, y = _numbers("x", x), _numbers(name, y)
    if x.ndim != 1:
        raise ValueError(f"x must be one row of numbers, but has the shape {x.shape}.")
    if y.shape[-1:] != x.shape or y.ndim > most or 0 in y.shape[:-1]:
        rows = ", or rows of them" if most == 2 else ""
        raise ValueError(f"{name} must have {x.size} values, as x has{rows}, but has {y.shape}.")
    return x, y


def _curve(ax, x, y, name, label, look, options):
    x, y = _pairs(ax, x, y, name, 2)
    line = _line(ax, x, np.median(y, axis=0) if y.ndim == 2 else y, label, look, options)
    if y.ndim == 2:
        low, high = y.min(axis=0), y.max(axis=0)
        known = np.ma.clump_unmasked(np.ma.array(low, mask=~(np.isfinite(low) & np.isfinite(high))))
        areas = [_between(x[part], low[part], high[part]) for part in known]
        _area(ax, areas, {"color": line.get_color(), "alpha": 0.2}, {})
    return line


def _letters(ax, x, y, text, box, options):
    letters = ax.text(x, y, text, ha="center", va="center", bbox=box)
    _set(letters, {key: value for key, value in options.items() if key not in OF_THE_AXES})
    return letters


def _line(ax, x, y, label, look, options):
    colour = "given" if any(options.get(key) is not None for key in ("color", "c")) else "next"
    look = look | {"data": (x, y), "color": _next_colour(ax)}
    look["label"] = "_" if label is None else _text("label", label)
    return _artist(ax, f"{colour} colour, line", lambda: ax.add_line(Line2D(x, y)), look, options)


def _area(ax, areas, look, options):
    make = functools.partial(PolyCollection, areas, linewidths=0)
    return _artist(ax, "area", lambda: ax.add_collection(make()), look | {"verts": areas}, options)


def _between(x, low, high):
    """The outline of what lies between two curves."""
    return np.column_stack([np.r_[x, x[::-1]], np.r_[low, high[::-1]]])


def _artist(ax, kind, make, look, options):
    """An artist of this look, or that of the options: one that is free, or a new one."""
    none = [key for key in ("color", "c") if options.get(key, "") is None]
    options = {key: value for key, value in options.items() if key not in [*OF_THE_AXES, *none]}
    kind, spare = f"{kind} {sorted({*look, *options})}", _spare.get(ax, [])
    artist = next((artist for artist in spare if artist.get_gid() == kind), None)
    if artist:
        spare.remove(artist)
        ax.add_artist(artist)
    else:
        artist = make()
    artist.set(gid=kind, **look)
    _set(artist, options)
    return artist


def _axes(name, ax):
    return instance(name, ax, Axes, "an Axes, as explore gives it to a function")


def _next_colour(ax):
    """Colours go on with each line that was not given one; black is white on a dark ground."""
    coloured = [line for line in ax.lines if (line.get_gid() or "").startswith("next colour")]
    return [*COLOURS[:-1], ax.title.get_color()][len(coloured) % len(COLOURS)]


def _frame(ax, options, legend=None):
    """Set what `options` hold for the Axes, and the legend."""
    _set_axes(ax, options)
    if legend is not None:
        _legend(ax, legend)
    if ax not in _spare:
        _follow_the_data(ax)


def _set_axes(ax, given):
    """Set what is not so already, since what is set anew has its ticks drawn anew, which takes longest."""
    for key in [key for key in OF_THE_AXES if key in given]:
        value = _checked(ax, key, given[key])
        if key in ("xlim", "ylim"):
            _half_given(ax, value)
            _set(ax, {f"autoscale{key[0]}_on": False})
        if not isinstance(value, str | list) or _now(ax, key) != value:
            _set(ax, {key: value})


def _now(ax, key):
    now = getattr(ax, f"get_{key}")()
    if key.endswith("labels"):
        return [text.get_text() for text in now]
    return list(now) if key[1:] in ("lim", "ticks") else now


def _checked(ax, key, value):
    """Refuse what matplotlib would leave out, or take in another meaning, or fail at when it draws."""
    if key in ("xlabel", "ylabel", "title"):
        return _text(key, value)
    if key[1:] not in ("lim", "ticks", "ticklabels"):
        return value
    value = sequence(key, value, least=0)
    if key.endswith("labels"):
        return [getattr(v, "get_text", v.__str__)() for v in value]
    least = np.finfo(float).tiny if getattr(ax, f"get_{key[0]}scale")() == "log" else -LARGEST
    other = date | np.datetime64 | None
    return [v if isinstance(v, other) else single(f"{key}[{i}]", v, least) for i, v in enumerate(value)]


def _text(name, value):
    return str(instance(name, value, str | Real, "text or a number"))


def _set(artist, given):
    """Set what is given; what matplotlib refuses is said under the name that it was given."""
    try:
        Artist.set(artist, **given)
    except Exception as error:
        if len(given) > 1:
            for key, value in given.items():
                _set(artist, {key: value})
        if not isinstance(artist, Axes):
            artist.remove()
        values = " and ".join(map(shown, given.values()))
        raise ValueError(f"{', '.join(given)} cannot be {values}: {reason(error)}.") from None


def _legend(ax, legend):
    """Explain the labels, in a legend that is made anew where something in it has changed."""
    looks, old = ("label", "color", "facecolor", "linestyle", "marker"), ax.get_legend()
    handles, _ = ax.get_legend_handles_labels()
    if not handles:
        raise ValueError("legend has nothing to explain: give what is drawn a label.")
    if isinstance(legend, str) and legend == "ends":
        lines = [line for line in handles if isinstance(line, Line2D)]
        if ax in _spare:
            _ends[ax] = lines
        else:
            _label_ends(ax, lines)
        return
    seen = repr((legend, [[str(getattr(x, f"get_{look}", str)()) for look in looks] for x in handles]))
    if old and old.get_gid() == seen:
        old.set_visible(True)
        return
    try:
        ax.legend(**(legend if isinstance(legend, dict) else {"loc": legend})).set_gid(seen)
    except Exception as error:
        raise ValueError(f"legend cannot be {shown(legend)}: {reason(error)}.") from None


def _label_ends(ax, lines):
    """Write each label beside the last point of its line that is seen, and one above the other."""
    _follow_the_data(ax)
    ends, ((left, low), (right, high)) = [], ax.bbox.get_points()
    for line in lines:
        x, y = ax.transData.transform(np.column_stack(line.get_data())).T
        seen = (left - 1 <= x) & (x <= right + 1) & (low - 1 <= y) & (y <= high + 1)
        if seen.any():
            ends.append((y[seen][-1], x[seen][-1], line))
    point = ax.figure.dpi / 72
    apart, free = 1.1 * mpl.rcParams["font.size"] * point, -np.inf
    for y, x, line in sorted(ends, key=lambda end: end[0]):
        free = max(y, free + apart)
        at, aside = ax.transData.inverted().transform((x, y)), (6, (free - y) / point)
        note = ax.annotate(line.get_label(), at, aside, textcoords="offset points", va="center")
        note.set(color=line.get_color(), fontsize=mpl.rcParams["legend.fontsize"], annotation_clip=False)


def _items(name, given, example):
    if not (np.iterable(given) and hasattr(given, "items")):
        raise TypeError(f"{name} must be as in {example}, but is {shown(given)}.")
    return list(given.items())


def _half_given(ax, low, high=None):
    if [v is None for v in (low if np.iterable(low) else (low, high))].count(True) == 1:
        _follow_the_data(ax)


def _follow_the_data(ax):
    if not (ax.axison and (ax.get_autoscalex_on() or ax.get_autoscaley_on())):
        return
    axes = ax.xaxis, ax.yaxis
    before, stale = ax.viewLim.get_points().tolist(), [axis.stale for axis in axes]
    ax.relim()
    # Up to matplotlib 3.10 relim leaves these out.
    for area in ax.collections:
        ax.update_datalim(area.get_datalim(ax.transData).get_points())
    ax.autoscale_view()
    if ax.viewLim.get_points().tolist() == before:
        # Ticks are drawn anew only where they have moved.
        for axis, was in zip(axes, stale, strict=True):
            axis.stale = was


def _numbers(name, values):
    if isinstance(values, str):
        raise TypeError(f"{name} must hold numbers, but is text: what is drawn has no name any longer.")
    return floats(name, values)


_REPLACED = {
    "panels": "@explore(panels=(1, 2)) gives its function two Axes",
    "frame": "labels and limits go to what is drawn, plots.curve(ax, x, y, xlabel='epoch', ylim=(0, 1))",
    "line": "write plots.curve(ax, x, y)",
    "legend": "write plots.curve(ax, x, y, 'training', legend='upper left')",
    "image": "write plots.images([ax], [picture])",
}


def __getattr__(name):
    gone = f"plots.{name} is gone: {_REPLACED[name]}." if name in _REPLACED else None
    raise AttributeError(gone or f"module {__name__!r} has no attribute {name!r}")
