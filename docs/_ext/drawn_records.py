"""Records become pictures when the site is built: what a page lists one by one is seen at a glance."""

import base64
import html
import io
import json
import textwrap

import diagnosis_tables
import numpy as np
from docutils import nodes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import blended_transform_factory
from PIL import Image
from sphinx.util.docutils import SphinxDirective

from benchmarks import report
from course import plots
from course.clinic.faults import FAULTS
from course.reproduction import comparisons
from course.words import say
from measurements import FOLDER, handed_in

# Narrower, in inches, than the figures of the notebooks, so that small letters are read on a phone as well.
WIDTH = 5.4
LETTERS = 12
RIGHT, WRONG, GREY, BLACK = plots.COLOURS[0], plots.COLOURS[1], "#666666", plots.COLOURS[-1]
# Beyond this many tolerances a number stands at the edge.
FARTHEST = 2
# Of ten numbers of a table that holds, so many agree.
HOLDS = 9


def distances():
    """Return `{table: (distance, agree)}`: ours less the published number in units of the tolerance.

    What cannot be subtracted, since one of the two is not finite, is NaN.
    """
    found = {}
    for table, rows in comparisons().items():
        published, mean, tolerance, agree = (
            np.concatenate([np.ravel(row[part]) for row in rows.values()]) for part in range(4)
        )
        with np.errstate(invalid="ignore"):
            distance = (mean - published) / tolerance
        found[table] = np.where(np.isfinite(distance), distance, np.nan), agree.astype(bool)
    return found


def named(table):
    """Return what a table is called."""
    return say("Table {letter}", letter=table) if len(table) == 1 else say("First loss")


def agreement(ax):
    """Draw every published number beside ours, a strip for each table."""
    found = distances()
    edge, nowhere = FARTHEST + 0.4, FARTHEST + 1
    ax.axvspan(-1, 1, color=GREY, alpha=0.2, linewidth=0, label=say("within the tolerance"))
    ax.axvline((edge + nowhere) / 2, color=GREY, linewidth=1, linestyle=":")
    for place, (distance, agree) in enumerate(found.values()):
        outside = np.abs(distance) > FARTHEST
        x = np.nan_to_num(np.where(outside, np.sign(distance) * edge, distance), nan=nowhere)
        y = place + _beside_each_other(x)
        _mark(ax, x[agree], y[agree], "o", RIGHT, 5, say("agrees"))
        _mark(ax, x[~agree], y[~agree], "X", WRONG, 9, say("does not agree"))
        for side in (-edge, edge):
            if count := (outside & (x == side)).sum():
                ax.text(side, place - 0.45, count, ha="center", va="top", fontsize="small")
    ticks = range(-FARTHEST, FARTHEST + 1)
    names = [f"{named(t)}\n{agree.sum()} / {agree.size}" for t, (_, agree) in found.items()]
    ax.set(yticks=range(len(found)), yticklabels=names, ylim=(len(found) - 0.5, -0.5))
    ax.set(
        xticks=[*ticks, nowhere], xticklabels=[*(f"{k}".replace("-", "−") for k in ticks), say("not\nfinite")]
    )
    ax.set(xlim=(-edge - 0.1, nowhere + 0.4), xlabel=say("(ours − published) / tolerance"))
    ax.grid(axis="y", visible=False)
    _arrange(ax, 0.45, 0.75 * len(found), left=0.23)
    distance, agree = (np.concatenate(parts) for parts in zip(*found.values(), strict=True))
    return say(
        "{agree} of the {all} published numbers agree with ours ({tables}). Of the {refused} that do not, "
        "{larger} are larger than ours. Numbers that are not finite: {missing}. Outside the axis: {outside}.",
        agree=agree.sum(), all=agree.size, refused=(~agree).sum(), larger=(distance[~agree] < 0).sum(),
        missing=np.isnan(distance).sum(), outside=(np.abs(distance) > FARTHEST).sum(),
        tables=", ".join(f"{named(t)} {agree.sum()} / {agree.size}" for t, (_, agree) in found.items()),
    )  # fmt: skip


def _beside_each_other(x):
    """Return how far each point moves from its line, so that points that are near each other are all seen."""
    nth, near = np.zeros(len(x), int), {}
    for k in np.argsort(x, kind="stable"):
        place = round(float(x[k]) * 10)
        nth[k] = near[place] = near.get(place, -1) + 1
    return (nth + 1) // 2 * (-1) ** nth * min(0.16, 0.9 / (nth.max() + 1))


def conditions(ax):
    """Draw how many numbers the check lets through: the lecture's, those of our runs and of wrong ones."""
    scores, sizes = handed_in.scores(), handed_in.sizes()
    titles = [say("{table}: {size} numbers", table=named(table), size=sizes[table]) for table in scores]
    places = iter(_rows(ax, zip(titles, (list(map(say, found)) for found in scores.values()), strict=True)))
    looks = {handed_in.THE_LECTURE: ("*", BLACK, 14, None), handed_in.OUR_OWN: ("o", RIGHT, 9, None)}
    wrong, passing = 0, {}
    for table, found in scores.items():
        for name, counts in found.items():
            share, place = counts / sizes[table], next(places)
            marker, colour, size, label = looks.get(name, ("X", WRONG, 10, say("wrong condition")))
            ax.plot(
                [share.min(), share.max()],
                [place, place],
                color=colour,
                alpha=0.4,
                linewidth=5,
                solid_capstyle="butt",
            )
            _mark(ax, share.mean(), place, marker, colour, size, label or say(name))
            if name not in looks:
                wrong += 1
                if share.mean() >= HOLDS / 10:
                    passing.setdefault(named(table), []).append(say(name))
    ax.axvline(HOLDS / 10, color=BLACK, linewidth=1.5, linestyle="--", label=say("nine in ten"))
    ax.set(xlim=(-0.04, 1.04), xticks=[0, 0.5, 1], xticklabels=["0%", "50%", "100%"])
    ax.set(xlabel=say("numbers that agree"))
    _arrange(ax, 0.9, 0.19 * ax.get_ylim()[0], left=0.46)
    return say(
        "Of {wrong} tables made under a wrong condition {refused} are refused: on average over the runs, "
        "fewer than nine in ten numbers agree. The others are not noticed: {passing}.",
        wrong=wrong, refused=wrong - sum(map(len, passing.values())),
        passing="; ".join(f"{table}: {', '.join(names)}" for table, names in passing.items()),
    )  # fmt: skip


CALLS_ALONE, THROUGHPUT = "NumPy's calls alone", "throughput"


def ratios(results):
    """Return the ratios of the benchmark as ratios of times, `{title: {row: {which: figure}}}`.

    Where larger is better, as of throughput, a ratio is turned over. What NumPy's calls alone take stands in
    the row of what they are part of.
    """
    found = {}
    for result in results.values():
        figures = [figure for figure in result["figures"] if "over " in figure["what"]]
        turned = any(figure["goal"].startswith(">=") for figure in figures)
        rows = {}
        for figure in figures:
            parts = [part.strip() for part in figure["what"].split(",")]
            which = "calls" if CALLS_ALONE in parts else "ours"
            name = ", ".join(part for part in parts if part not in (CALLS_ALONE, THROUGHPUT))
            aim = figure["goal"].split()[-1:]
            numbers = {key: figure[key] for key in ("median", "best")}
            numbers["aim"] = float(*aim) if aim else np.nan
            if turned:
                numbers = {key: 1 / value for key, value in numbers.items()}
            rows.setdefault(name, {})[which] = numbers
        if rows:
            title = result["title"]
            found[say("{title} (throughput, turned over)", title=title) if turned else title] = rows
    return found


def benchmark(ax):
    """Draw all ratios of the benchmark as ratios of times, our median, our best and the aim."""
    results = report.without_craft(json.loads(report.RESULTS.read_text(encoding="utf-8")))
    found = ratios(results)
    places = _rows(ax, found.items())
    rows = [row for rows in found.values() for row in rows.values()]
    ax.set(xscale="log")
    ax.axvline(1, color=BLACK, linewidth=1)
    looks = {
        "reached": ("o", RIGHT, 9, say("reaches its aim")),
        "missed": ("X", WRONG, 10, say("misses its aim")),
        "none": ("s", GREY, 7, say("has no aim")),
    }
    for look in looks.values():
        _mark(ax, [], [], *look)
    for row, place in zip(rows, places, strict=True):
        if calls := row.get("calls"):
            look = {"markerfacecolor": "white", "markeredgecolor": BLACK}
            _mark(ax, calls["median"], place, "D", BLACK, 8, say("NumPy's calls alone"), **look)
        if ours := row.get("ours"):
            ax.plot([ours["best"], ours["median"]], [place, place], color=GREY, linewidth=2)
            _mark(ax, ours["median"], place, *looks[reached(ours)])
            _mark(ax, ours["best"], place, "o", BLACK, 3.5, say("best"))
            if np.isfinite(ours["aim"]):
                _mark(ax, ours["aim"], place, "|", BLACK, 15, say("aim"), markeredgewidth=2.5)
    ax.set(xticks=[0.01, 0.1, 1, 10], xticklabels=["0.01", "0.1", "1", "10"])
    ax.minorticks_off()
    ax.set(xlabel=say("time, ours over theirs:\nfarther left is better"))
    _arrange(ax, 0.9, 0.19 * ax.get_ylim()[0], left=0.46)
    medians = [row["ours"] for row in rows if "ours" in row]
    told = [reached(ours) for ours in medians]
    return say(
        "On {machine}, in {faster} of {all} ratios the course takes less time than what it is compared with. "
        "Aims that are reached: {reached} of {aims}.",
        machine=" and ".join(dict.fromkeys(row["machine"].partition(",")[0] for row in results.values())),
        faster=sum(ours["median"] < 1 for ours in medians), all=len(medians),
        reached=told.count("reached"), aims=len(told) - told.count("none"),
    )  # fmt: skip


def reached(ours):
    """Return what became of the aim of a ratio: "reached", "missed", or "none" where there is none."""
    if np.isnan(ours["aim"]):
        return "none"
    return "reached" if ours["median"] <= ours["aim"] else "missed"


def _mark(ax, x, y, marker, colour, size, label, **look):
    # A white edge keeps marks apart that lie on each other.
    look = {"markeredgecolor": "white", "markeredgewidth": 0.6} | look
    if marker == "|":
        look["markeredgecolor"] = colour
    ax.plot(x, y, marker, color=colour, markersize=size, label=label, linestyle="none", **look)


def _rows(ax, groups):
    """Write rows below their titles, `(title, rows)` each, and return the place of each row."""
    lines, places, labels = 0.0, [], []
    across = blended_transform_factory(ax.figure.transFigure, ax.transData)
    for title, rows in groups:
        written = textwrap.fill(title, 46)
        ax.text(0.01, lines, written, transform=across, weight="bold", va="top", fontsize=LETTERS)
        lines += 1.1 * (written.count("\n") + 1) + 0.2
        for row in rows:
            labels.append(textwrap.fill(row, 26))
            height = 1.05 * (labels[-1].count("\n") + 1)
            places.append(lines + height / 2)
            lines += height + 0.1
        lines += 0.5
    ax.set(ylim=(lines, -0.3), yticks=places, yticklabels=labels)
    ax.tick_params(axis="y", length=0, labelsize=LETTERS)
    ax.tick_params(axis="x", labeltop=True)
    ax.spines["left"].set_visible(False)
    return places


def _arrange(ax, above, height, left):
    """Give a drawing its height in inches, and room above for the legend, which explains each mark once."""
    below = 0.85
    whole = above + height + below
    ax.figure.set_size_inches(WIDTH, whole)
    ax.figure.subplots_adjust(left=left, right=0.95, top=1 - above / whole, bottom=below / whole)
    marks = dict(zip(*reversed(ax.get_legend_handles_labels()), strict=True))
    place = {
        "loc": "upper left",
        "ncols": 3,
        "handletextpad": 0.3,
        "columnspacing": 0.6,
        "borderaxespad": 0,
        "fontsize": LETTERS - 1,
    }
    ax.figure.legend(marks.values(), marks.keys(), **place)


def confusion(ax):
    """Draw which cause comes first for the runs of each fault, a row for each, and for healthy runs."""
    counts = diagnosis_tables.confusion("panel")
    share = counts / counts.sum(axis=1, keepdims=True)
    ax.imshow(share, cmap="Blues", vmin=0, vmax=1, aspect="equal")
    names = [say(name or "healthy") for name in (*FAULTS, None)]
    numbered = [f"{name} {k}" for k, name in enumerate(names[:-1], 1)]
    ax.set(yticks=range(len(names)), yticklabels=[*numbered, names[-1]])
    ax.set(xticks=range(len(names)), xticklabels=[*(f"{k}" for k in range(1, len(names))), say("none")])
    ax.tick_params(axis="both", length=0, labelsize=LETTERS - 3)
    ax.tick_params(axis="x", rotation=90, labeltop=True)
    ax.set(xlabel=say("cause that comes first"))
    ax.grid(visible=False)
    ax.figure.set_size_inches(WIDTH, 4.6)
    ax.figure.subplots_adjust(left=0.39, right=0.98, top=0.93, bottom=0.12)
    first, three, alarms = diagnosis_tables.shares("panel")
    return say(
        "A row for each planted fault, and for healthy runs; the darker a cell, the more of its runs are "
        "given that cause first. By the panel and a twin {first:.0%} of the ill runs are given their fault "
        "first, {three:.0%} among the first three, and {alarms:.1%} of the healthy ones any.",
        first=first, three=three, alarms=alarms,
    )  # fmt: skip


PICTURES = {"agreement": agreement, "conditions": conditions, "benchmark": benchmark, "confusion": confusion}
# What a picture depends on besides the package, whose changes have all pages read again anyway.
SOURCES = [__file__, handed_in.__file__, FOLDER / "topic_08.json", diagnosis_tables.RECORD, report.RESULTS]
FIGURE = (
    '<figure class="explore explore-plot drawn"><img src="data:image/webp;base64,{data}" alt="{sentence}" '
    'width="{width}" height="{height}"><figcaption><p>{sentence}</p></figcaption></figure>'
)


def drawn(draw):
    """Return a picture as HTML, with the sentence under it that its drawing says."""
    with plots.styled():
        figure = Figure()
        sentence = draw(figure.subplots())
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        image, buffer = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB"), io.BytesIO()
    image.save(buffer, "webp", lossless=True)
    data, (width, height) = base64.b64encode(buffer.getvalue()).decode(), image.size
    return FIGURE.format(data=data, sentence=html.escape(sentence), width=width, height=height)


class Drawn(SphinxDirective):
    """`{drawn} agreement`: one of the pictures."""

    required_arguments = 1

    def run(self):
        """Draw it, and have the page read again where its record has changed."""
        for path in SOURCES:
            self.env.note_dependency(str(path))
        return [nodes.raw("", drawn(PICTURES[self.arguments[0]]), format="html")]


def setup(app):
    """Tell Sphinx."""
    app.add_directive("drawn", Drawn)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
