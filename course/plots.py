"""Arrays become pictures: each function draws on an Axes, as if nothing had been drawn there before.

`x` and `y` come first, as in matplotlib; what follows are matplotlib's own names: of the Axes (`xlabel`,
`ylabel`, `title`, `xlim`, `ylim`, `xscale`, `yscale`, `xticks`, `yticks`, `xticklabels`, `yticklabels`,
`aspect`) or else of what is drawn (`color`, `linewidth`, `marker`). `legend` says where the labels are
explained: a place, such as "upper left", or a dict of what `ax.legend` takes. Limits that are not given
follow the data, and texts stay as they are written.

When a slider moves, `redrawn` gives a drawing the artists of the last one, which is why a picture takes
milliseconds. matplotlib's own calls, `ax.axhline` or `ax.text`, work beside these functions.
"""

import contextlib
import itertools
import weakref

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.lines import Line2D

from course.arguments import floats

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
    "font.size": 14,
    "grid.alpha": 0.3,
    "legend.edgecolor": "none",
    "legend.fontsize": "small",
    "lines.linewidth": 2,
    "image.cmap": "gray",
    "image.interpolation": "nearest",
}
OF_THE_AXES = {
    *("xlabel", "ylabel", "title", "xlim", "ylim", "xscale", "yscale", "aspect"),
    *("xticks", "yticks", "xticklabels", "yticklabels"),
}
# Of an Axes that is being redrawn, what was on it and may be taken for what is drawn next.
_spare = weakref.WeakKeyDictionary()


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
    x, y = _numbers("x", x), _numbers("y", y)
    if x.ndim != 1 or y.shape[-1:] != x.shape or y.ndim > 2:
        raise ValueError(f"y must have {x.size} values, as x has, or rows of them, but has {y.shape}.")
    line = _line(ax, x, np.median(y, axis=0) if y.ndim == 2 else y, label, options)
    if y.ndim == 2:
        low, high = y.min(axis=0), y.max(axis=0)
        area = np.column_stack([np.r_[x, x[::-1]], np.r_[low, high[::-1]]])
        _area(ax, [area], {"color": line.get_color(), "alpha": 0.2})
    _frame(ax, options, legend)
    return line


def curves(ax, x, ys=None, /, legend="best", **options):
    """Draw a `curve` for each of `ys`, `{label: y}`, each with a dash of its own, and explain them."""
    if not isinstance(ax, Axes) or not hasattr(ys, "items"):
        raise TypeError("curves takes an Axes, x and {label: y}: plots.curves(ax, x, {'training': y}).")
    for dash, (label, y) in zip(itertools.cycle(["-", "--", "-.", ":"]), ys.items()):
        curve(ax, x, y, label, **({"linestyle": dash} | options))
    _frame(ax, {}, legend)


def points(ax, x, y, /, label=None, legend=None, **options):
    """Draw a point for each pair."""
    x, y = _numbers("x", x), _numbers("y", y)
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError(f"y must have {x.size} values, as x has, but has the shape {y.shape}.")
    line = _line(ax, x, y, label, {"linestyle": "none", "marker": "o", "markersize": 4} | options)
    _frame(ax, options, legend)
    return line


def histograms(ax, counts, edges, **options):
    """Draw a histogram of each row of `counts` upright, side by side, each as wide as its own highest bar.

    `counts` has the shape `(L, bins)`; the value axis is y, so that all share it, and histogram i stands at
    x = i + 1. One artist holds them all, which is what keeps a redraw fast.
    """
    counts, edges = _numbers("counts", counts), _numbers("edges", edges)
    if counts.ndim != 2 or edges.shape != (counts.shape[1] + 1,):
        raise ValueError(
            f"edges must be one more than the bins, but there are {edges.size} for counts {counts.shape}."
        )
    places = np.arange(1, len(counts) + 1)
    widths = 0.45 * counts / np.maximum(counts.max(axis=1, keepdims=True), 1)
    heights = np.repeat(edges, 2)[1:-1]
    areas = [
        np.column_stack([np.r_[x - w, (x + w)[::-1]], np.r_[heights, heights[::-1]]])
        for x, w in zip(places, np.repeat(widths, 2, axis=1), strict=True)
    ]
    artist = _area(ax, areas, {"color": _next_colour(ax)} | options)
    # Moved to whole pixels, a thin bar would be seen in one place and not in another.
    artist.set_snap(False)
    _frame(ax, {"xlim": (0.4, len(counts) + 0.6), "xticks": places} | options)
    return artist


def images(axes, pictures, low=None, high=None):
    """Show each picture, `(rows, columns)` of grey values or `(rows, columns, 3)` of colours, on its Axes.

    `low` is black and `high` is white; where they are not given, each picture's lowest and highest value.
    """
    pictures = [_numbers("pictures", picture) for picture in pictures]
    if len(axes) != len(pictures):
        raise ValueError(f"pictures must be one for each of the {len(axes)} Axes, but are {len(pictures)}.")
    for ax, pixels in zip(axes, pictures, strict=True):
        if pixels.ndim not in (2, 3) or pixels.shape[2:] not in ((), (3,)) or not pixels.size:
            raise ValueError(
                f"pictures must be (rows, columns) or (rows, columns, 3), but one is {pixels.shape}."
            )
        black = pixels.min() if low is None else low
        white = pixels.max() if high is None else high
        pixels = np.clip((pixels - black) / ((white - black) or 1), 0, 1)
        kind = f"image of {pixels.shape}"
        _artist(ax, kind, lambda ax=ax, pixels=pixels: ax.imshow(pixels, vmin=0, vmax=1)).set_data(pixels)
        ax.set_axis_off()


class Panel(Axes):
    """Axes of which `ax.set` leaves alone what is so already."""

    def set(self, **given):
        """Set labels, limits, scales and ticks as matplotlib's own Axes do."""
        # What is set anew has its ticks drawn anew, which takes longer than all the rest.
        super().set(**{key: value for key, value in given.items() if not self._has(key, value)})
        for axis in "xy":
            if f"{axis}lim" in given:
                super().set(**{f"autoscale{axis}_on": False})

    def _has(self, key, value):
        if key not in OF_THE_AXES:
            return False
        now = getattr(self, f"get_{key}")()
        if key == "aspect":
            return now == (1 if value == "equal" else value)
        if key.endswith("ticklabels"):
            now, value = [text.get_text() for text in now], list(map(str, value))
        return list(now) == list(value) if np.iterable(value) else now == value


@contextlib.contextmanager
def redrawn(axes):
    """Within this block, draw each of `axes` as if it were empty.

    The functions of this module take the artists that were there for what they draw, in order. Limits that
    are not given follow the data; labels, scales and ticks stay until they are set again.
    """
    for ax in axes:
        old = ax.lines, ax.collections, ax.patches, ax.images, ax.texts, ax.tables, ax.artists
        _spare[ax] = [*itertools.chain(*old), *ax.child_axes]
        for artist in _spare[ax]:
            artist.remove()
        ax.containers.clear()
        if ax.get_legend():
            ax.get_legend().set_visible(False)
        ax.set_prop_cycle(None)
        ax.set_autoscale_on(True)
    try:
        yield
    finally:
        for ax in axes:
            del _spare[ax]
            if ax.get_legend() and not ax.get_legend().get_visible():
                ax.get_legend().remove()
            _follow_the_data(ax)


def _line(ax, x, y, label, options):
    style = _style(options)
    kind = f"{'given' if 'color' in style else 'next'} colour, line {sorted(style)}"
    colour = style.get("color") or _next_colour(ax)
    line = _artist(ax, kind, lambda: ax.add_line(Line2D(x, y)))
    line.set(**{"data": (x, y), "label": "_" if label is None else str(label)} | style | {"color": colour})
    return line


def _area(ax, areas, options):
    style = _style(options)
    area = _artist(
        ax, f"area {sorted(style)}", lambda: ax.add_collection(PolyCollection(areas, linewidths=0))
    )
    area.set(verts=areas, **style)
    return area


def _artist(ax, kind, make):
    """An artist of this kind that was there and has not been taken, or a new one."""
    if not isinstance(ax, Axes):
        raise TypeError(f"ax must be an Axes, as explore gives it to a function, but is {ax!r}.")
    spare = _spare.get(ax, [])
    for artist in spare:
        if artist.get_gid() == kind:
            spare.remove(artist)
            return ax.add_artist(artist)
    artist = make()
    artist.set_gid(kind)
    return artist


def _next_colour(ax):
    """Colours go on with each line that was not given one."""
    coloured = [line for line in ax.lines if (line.get_gid() or "").startswith("next colour")]
    return COLOURS[len(coloured) % len(COLOURS)]


def _style(options):
    return {key: value for key, value in options.items() if key not in OF_THE_AXES}


def _frame(ax, options, legend=None):
    """Set what `options` hold for the Axes, and the legend."""
    ax.set(**{key: value for key, value in options.items() if key in OF_THE_AXES})
    if legend is not None:
        _legend(ax, {"loc": legend} if isinstance(legend, str) else legend)
    if ax not in _spare:
        _follow_the_data(ax)


def _legend(ax, where):
    """Explain the labels, in a legend that is made anew where something in it has changed."""
    handles, looks = ax.get_legend_handles_labels()[0], ("color", "facecolor", "linestyle", "marker")
    seen = [(x.get_label(), *(str(getattr(x, f"get_{look}", str)()) for look in looks)) for x in handles]
    seen, old = repr((seen, where)), ax.get_legend()
    if old is None or old.get_gid() != seen:
        ax.legend(**where).set_gid(seen)
    else:
        old.set_visible(True)


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
        raise TypeError(
            f"{name} must hold numbers, but is {values!r}: what is drawn has no name any longer, "
            "plots.points(ax, x, y)."
        )
    return floats(name, values)


_REPLACED = {
    "panels": "@explore(panels=(1, 2)) gives its function two Axes",
    "frame": "labels and limits go to what is drawn, plots.curve(ax, x, y, xlabel='epoch', ylim=(0, 1))",
    "line": "write plots.curve(ax, x, y)",
    "legend": "write plots.curve(ax, x, y, 'training', legend='upper left')",
    "image": "write plots.images([ax], [picture])",
}


def __getattr__(name):
    if name in _REPLACED:
        raise AttributeError(f"plots.{name} is gone: {_REPLACED[name]}.")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
