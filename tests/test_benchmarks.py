"""The benchmark's stored results hold every row, and the tables that readers see are made of them."""

import ast
import json
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

from benchmarks import report
from benchmarks.measure import Figure, agree, geometric_mean, ratio, times
from benchmarks.one import rows

ROOT = Path(__file__).parents[1]
RESULTS = json.loads(report.RESULTS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", rows())
def test_the_results_hold_every_row(name):
    result, row = RESULTS[name], rows()[name]
    assert (result["title"], result["cores"]) == (row.title, row.cores)
    assert result["machine"]
    assert result["figures"]
    for figure in result["figures"]:
        assert set(figure) == set(Figure._fields)
        assert 0 < figure["median"] < np.inf
        assert 0 < figure["best"] < np.inf


def test_the_results_hold_nothing_else():
    assert set(RESULTS) == set(rows())


def test_the_tables_are_those_of_the_results():
    folder = report.FOLDER
    told = {name: (folder / f"{name}.md").read_text(encoding="utf-8") for name in ("results", "craft")}
    assert told["results"] == report.markdown(report.without_craft(RESULTS))
    assert told["craft"] == report.craft(RESULTS)


def test_the_pages_show_the_tables():
    for page, table in (("benchmarks", "results"), ("vectorization", "craft")):
        text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
        assert f"```{{include}} ../benchmarks/{table}.md\n```" in text
        assert f"({page}.md)" in (ROOT / "docs" / "about.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("goal", "told"), [("<= 0.5", "yes"), ("<= 0.4", "no"), (">= 0.5", "yes"), (">= 1", "no"), ("", "")]
)
def test_a_goal_is_judged_by_the_median(goal, told):
    row = {
        "title": "a row",
        "cores": 2,
        "machine": "a machine",
        "figures": [Figure("over this", 0.5, 9, goal)._asdict()],
    }
    *_, title, line = report.markdown({"row": row}).splitlines()
    assert title == "| **a row**, wall time | | | | |"
    assert line == f"| over this | {goal} | 0.5 | 9 | {told} |"


def test_above_the_tables_stand_the_machine_and_how_far_their_ratios_move():
    figures = [Figure(f"over {n}", 1.0, 1 + n / 10)._asdict() for n in range(11)]
    figures[3] |= {"median": 1.3, "best": 1.0}
    figures.append(Figure("seconds", 1.0, 100.0)._asdict())
    results = {"craft": {"title": "a row", "cores": 1, "machine": "a machine", "figures": figures}}
    for told in (report.markdown(results), report.craft(results)):
        machine, _, moves, _, head, *_ = told.splitlines()
        assert machine == "Measured on a machine."
        assert re.findall(r"\d+%", moves) == ["50%", "90%"]
        assert head.startswith("| ")
    results["craft"]["figures"] = figures[-1:]
    assert "%" not in report.markdown(results)


def test_times_come_from_every_round_and_ratios_from_pairs():
    now, calls = [0.0], []

    def variant(name, seconds):
        def call():
            calls.append(name)
            now[0] += seconds

        return call

    taken = times({"a": variant("a", 2.0), "b": variant("b", 1.0)}, clock=lambda: now[0])
    assert len(taken["a"]) == len(taken["b"]) >= 11
    assert set(map(tuple, zip(calls[4::2], calls[5::2], strict=True))) == {("a", "b"), ("b", "a")}
    assert ratio("a over b", taken["a"], taken["b"]) == ("a over b", 2.0, 2.0, "")
    mean = geometric_mean("mean", [Figure("", 2.0, 1.0), Figure("", 8.0, 1.0)])
    assert (mean.median, mean.best) == pytest.approx((4, 1))


def test_variants_that_differ_are_not_timed():
    with pytest.raises(AssertionError):
        agree([1.0], [1.0 + 1e-6])


def test_the_peers_are_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = project["dependency-groups"]["peers"]
    for path in (ROOT / "benchmarks").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for peer in {"torch", "jax", "sklearn"} & {name.split(".")[0] for name in names}:
                assert any(entry.startswith(peer.replace("sklearn", "scikit-learn")) for entry in declared)
