"""The pictures on the pages of numbers show what the records hold, each number once and where it belongs."""

import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from headlines import prose
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

sys.path.insert(0, str(Path(__file__).parents[1] / "docs" / "_ext"))
import drawn_records
from drawn_records import agreement, benchmark, conditions

from benchmarks import report
from course import plots
from course.reproduction import compare, comparisons

RESULTS = report.without_craft(json.loads(report.RESULTS.read_text(encoding="utf-8")))


def drawing(draw):
    """Draw on an Axes of its own, and return it with what the drawing says."""
    ax = Figure().subplots()
    return ax, draw(ax)


def marks(ax, label):
    """Return the points of all marks of a label, `(n, 2)`."""
    lines = [line for line in ax.lines if line.get_label() == label]
    return np.concatenate([np.column_stack(line.get_data()) for line in lines])


def test_every_published_number_is_in_its_strip_and_marked_as_the_record_says():
    ax, said = drawing(agreement)
    yes, no = marks(ax, "agrees"), marks(ax, "does not agree")
    names = [label.get_text() for label in ax.get_yticklabels()]
    for strip, (table, rows) in enumerate(comparisons().items()):
        agree = np.concatenate([row.agree.ravel() for row in rows.values()])
        counts = [(np.round(found[:, 1]) == strip).sum() for found in (yes, no)]
        assert counts == [agree.sum(), (~agree).sum()], table
        assert f"{agree.sum()} / {agree.size}" in names[strip]
        assert names[strip].replace("\n", " ") in said
    finite = comparisons()["first loss"]["loss"]
    refused = no[np.round(no[:, 1]) == 1]
    assert refused[0, 0] == pytest.approx((finite.mean - finite.published)[0] / finite.tolerance[0])
    # Inside the band is what agrees, but for what is not finite and stands beside the axis.
    assert (np.abs(no[:, 0]) > 1).all()
    assert ((np.abs(yes[:, 0]) <= 1) | (yes[:, 0] == ax.get_xticks()[-1])).all()
    assert said.startswith(f"{len(yes)} of the {len(yes) + len(no)} published numbers agree")


def test_what_is_not_finite_or_outside_has_a_place_of_its_own(monkeypatch):
    runs = np.tile([[0.0], [1.0], [2.0]], 5)
    rows = {"A": {"row": compare([1, 1e3, 2e3, -1e3, np.nan], runs)}}
    monkeypatch.setattr(drawn_records, "comparisons", lambda: rows)
    ax, said = drawing(agreement)
    places = marks(ax, "does not agree")[:, 0]
    edge, nowhere = drawn_records.FARTHEST + 0.4, ax.get_xticks()[-1]
    assert sorted(places) == pytest.approx([-edge, -edge, edge, nowhere])
    assert {text.get_text(): np.sign(text.get_position()[0]) for text in ax.texts} == {"1": 1, "2": -1}
    assert "not finite: 1. Outside the axis: 3." in said


def test_a_condition_scores_what_topic_08_says():
    ax, said = drawing(conditions)
    labels = [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]
    titles = [text.get_text() for text in ax.texts]
    sizes = [int(re.search(r": (\d+) numbers", title)[1]) for title in titles]
    drawn = np.concatenate(
        [marks(ax, label) for label in ("the lecture", "one of our own runs", "wrong condition")]
    )
    drawn = drawn[drawn[:, 1].argsort(), 0]
    assert len(drawn) == len(labels)
    below = [text.get_position()[1] for text in ax.texts]
    tables = np.searchsorted(below, ax.get_yticks()) - 1
    shown = {(label, table): share for label, table, share in zip(labels, tables, drawn, strict=True)}
    told = {}
    for label in set(labels):
        line = re.search(
            rf"^\| {re.escape(label)} \|(.*)\|$", prose("08_lecture_by_the_numbers"), re.MULTILINE
        )
        for table, cell in enumerate(line[1].split("|") if line else ()):
            if cell.strip():
                told[label, table] = float(cell) / sizes[table]
    # 10 % stands in a sentence.
    assert shown.keys() - told.keys() == {("weights 10% larger", 0)}
    assert told.keys() <= shown.keys()
    for key, share in told.items():
        assert shown[key] == pytest.approx(share, abs=0.051 / sizes[key[1]]), key
    wrong = [key for key in shown if key[0] not in ("the lecture", "one of our own runs")]
    refused = [key for key in wrong if shown[key] < 0.9]
    assert said.startswith(f"Of {len(wrong)} tables made under a wrong condition {len(refused)} are refused")
    assert all((label in said.partition("not noticed")[2]) for label, table in set(wrong) - set(refused))


def test_every_ratio_of_the_benchmark_is_drawn_and_better_is_always_to_the_left():
    ax, said = drawing(benchmark)
    reached, missed, aimless = (marks(ax, f"{word} aim") for word in ("reaches its", "misses its", "has no"))
    calls = marks(ax, "NumPy's calls alone")[:, 0]
    figures = [
        figure for result in RESULTS.values() for figure in result["figures"] if "over " in figure["what"]
    ]
    # Where an aim is to be exceeded the ratio is one of throughput, as are those beside it.
    turned = {id(figure) for result in RESULTS.values() for figure in result["figures"]
              if any(other["goal"].startswith(">=") for other in result["figures"])}  # fmt: skip
    told = {"yes": [], "no": [], "": [], "calls": []}
    for figure in figures:
        time = 1 / figure["median"] if id(figure) in turned else figure["median"]
        told["calls" if "calls alone" in figure["what"] else report._reached(figure)].append(time)
    for found, expected in [
        (reached[:, 0], "yes"),
        (missed[:, 0], "no"),
        (aimless[:, 0], ""),
        (calls, "calls"),
    ]:
        np.testing.assert_allclose(sorted(found), sorted(told[expected]), err_msg=expected)
    ours = told["yes"] + told["no"] + told[""]
    assert f" in {sum(time < 1 for time in ours)} of {len(ours)} ratios" in said
    machines = re.findall(r"\d+ cores of [^,]*(?=, Python)", report.markdown(RESULTS))
    assert said.startswith(f"On {' and '.join(machines)}, ")
    assert said.endswith(f"{len(told['yes'])} of {len(told['yes']) + len(told['no'])}.")
    # An aim that is reached lies to the right of its mark, whatever the ratio is of.
    aims = {place: x for x, place in marks(ax, "aim")}
    assert all(x <= aims[place] for x, place in reached)
    assert all(x > aims[place] for x, place in missed)
    assert len(aims) == len(reached) + len(missed)


@pytest.mark.parametrize("draw", [agreement, conditions, benchmark])
def test_all_that_is_written_lies_within_the_picture_and_apart(draw):
    with plots.styled():
        ax, _ = drawing(draw)
        FigureCanvasAgg(ax.figure).draw()
    whole = ax.figure.bbox.padded(1)
    texts = [*ax.get_yticklabels(), *ax.get_xticklabels(), *ax.texts, ax.xaxis.label, *ax.figure.legends]
    boxes = [text.get_window_extent() for text in texts if getattr(text, "get_text", "x".__str__)()]
    for box in boxes:
        assert all(map(whole.containsx, (box.x0, box.x1))), box
        assert all(map(whole.containsy, (box.y0, box.y1))), box
    places = [text.get_window_extent() for text in [*ax.get_yticklabels(), *ax.texts]]
    for k, box in enumerate(places):
        assert not any(box.overlaps(other) for other in places[:k]), texts[k]
