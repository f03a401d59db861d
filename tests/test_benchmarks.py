"""The benchmark's stored results hold every row, and the tables that readers see are made of them."""

import ast
import json
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
    assert report.SHORT.search(report.README.read_text(encoding="utf-8"))[0] == report.short(RESULTS)


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
        "figures": [Figure("this", 0.5, 9, goal)._asdict()],
    }
    table = report.markdown({"row": row}).splitlines()
    assert table[2] == "| **a row**, wall time | | | | |"
    assert table[3] == f"| this | {goal} | 0.5 | 9 | {told} |"
    assert table[-1] == "Measured on a machine."


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
