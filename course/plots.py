"""Arrays become pictures: each function draws on an Axes, and drawn again it moves what is there.

An artist is known by its name within its Axes and is made once; a slider's next picture only moves it. So
a drawing is written as if it were drawn afresh, and is redrawn in milliseconds. Limits and scales are given
and stay the same from picture to picture, so that what moves is the data.
"""

import itertools

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.lines import Line2D

from course.words import say

# The colours of Okabe & Ito (2008), which colour-blind readers can tell apart. On a phone the pictures
# shrink to a third, so that letters and lines are large here.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
# What a reader has set for pictures of their own does not reach these.
STYLE = [
    "default",
    {
        "axes.prop_cycle": f"cycler('color', {COLOURS})",
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
    },
]


def panels(fig, rows=1, columns=1):
    """Return the Axes of `fig` in a list, row by row; they are made at the first call."""
    if len(fig.axes) != rows * columns:
        fig.clear()
        fig.subplots(rows, columns)
    return list(fig.axes)


def frame(ax, x=None, y=None, title=None, xlim=None, ylim=None, xscale=None, yscale=None, xticks=None):
    """Set the labels, limits, scales and ticks of `ax`; what is None stays as it is."""
    texts = {"xlabel": x, "ylabel": y, "title": title}
    given = {k: say(v) for k, v in texts.items() if v is not None}
    given |= {"xscale": xscale, "yscale": yscale}
    rows = {"xlim": xlim, "ylim": ylim, "xticks": xticks}
    given |= {k: None if row is None else tuple(row) for k, row in rows.items()}
    # What is set anew has its ticks drawn anew, which takes longer than all the rest.
    ax.set(**{k: v for k, v in given.items() if v is not None and v != _current(ax, k)})


def line(ax, name, x, y, label=None, **style):
    """Draw a line through the points, or move the line of that name there; return it.

    Infinite and missing values leave a gap. `style` holds matplotlib's own properties of a line.
    """
    artist = _artist(ax, name, lambda: ax.add_line(Line2D([], [], color=_next_colour(ax))))
    artist.set(xdata=np.asarray(x, float), ydata=np.asarray(y, float), **style)
    if label is not None:
        artist.set_label(say(label))
    return artist


def points(ax, name, x, y, label=None, **style):
    """Draw a point for each pair, or move the points of that name there; return them."""
    return line(ax, name, x, y, label, **({"linestyle": "none", "marker": "o", "markersize": 4} | style))


def legend(ax, **where):
    """Name the lines that have a label; drawn anew once a label is new."""
    labels = ax.get_legend_handles_labels()[1]
    old = ax.get_legend()
    if old is None or [t.get_text() for t in old.get_texts()] != labels:
        ax.legend(**where)


def curves(fig, lines, legend_at="best", **labels_and_limits):
    """Fill `fig` with one Axes of labelled lines, `{label: (x, y)}`, each with a dash of its own; return it.

    What else is given goes to `frame`. A `legend_at` of None leaves the legend away.
    """
    (ax,) = panels(fig)
    for dash, (label, (x, y)) in zip(itertools.cycle(["-", "--", "-.", ":"]), lines.items()):
        line(ax, label, x, y, label, linestyle=dash)
    frame(ax, **labels_and_limits)
    if legend_at is not None:
        legend(ax, loc=legend_at)
    return ax


def histograms(ax, name, counts, edges, centres=None, **style):
    """Draw a histogram of each row of `counts` upright, side by side, each as wide as its own highest bar.

    `counts` has the shape `(L, bins)`; the value axis is y, so that all share it; histogram i stands at
    x = `centres[i]`, or i + 1. One artist holds them all, which is what keeps a redraw fast.
    """
    artist = _artist(
        ax, name, lambda: ax.add_collection(PolyCollection([], color=_next_colour(ax), linewidths=0))
    )
    # Moved to whole pixels, a thin bar would be seen in one place and not in another.
    artist.set_snap(False)
    counts = np.asarray(counts, float)
    centres = np.arange(1, len(counts) + 1) if centres is None else np.asarray(centres, float)
    widths = 0.45 * counts / np.maximum(counts.max(axis=1, keepdims=True), 1)
    heights = np.repeat(edges, 2)[1:-1]
    outline = np.repeat(widths, 2, axis=1)
    artist.set_verts(
        [
            np.column_stack([np.r_[x - w, (x + w)[::-1]], np.r_[heights, heights[::-1]]])
            for x, w in zip(centres, outline, strict=True)
        ]
    )
    artist.set(**style)
    return artist


def image(ax, name, pixels, low, high):
    """Show a picture, `(rows, columns)` of grey values or `(rows, columns, 3)` of colours."""
    pixels = np.clip((np.asarray(pixels, float) - low) / (high - low), 0, 1)
    artist = _artist(ax, name, lambda: ax.imshow(pixels, vmin=0, vmax=1, interpolation="nearest"))
    artist.set_data(pixels)
    ax.set_axis_off()
    return artist


def _artist(ax, name, make):
    for artist in ax.get_children():
        if artist.get_gid() == name:
            return artist
    artist = make()
    artist.set_gid(name)
    return artist


def _next_colour(ax):
    return COLOURS[len(ax.lines + list(ax.collections)) % len(COLOURS)]


def _current(ax, key):
    value = getattr(ax, f"get_{key}")()
    return tuple(map(float, value)) if key.endswith(("lim", "ticks")) else value
