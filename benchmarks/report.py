"""What was measured: results.json, and two tables for the site made of it."""

import json
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results.json"
# The row that a page of its own explains.
CRAFT = "craft"


def markdown(results):
    """Return where the given results were measured, how far they move, and their table."""
    lines = [*_conditions(results), "| row | to reach | median | best | reached |", "|---|---|---|---|---|"]
    for result in results.values():
        clock = "" if result["cores"] == 1 else ", wall time"
        lines.append(f"| **{result['title']}**{clock} | | | | |")
        for figure in result["figures"]:
            told = [figure["what"], figure["goal"], _short(figure["median"]), _short(figure["best"])]
            lines.append(f"| {' | '.join(told)} | {_reached(figure)} |")
    return "\n".join(lines) + "\n"


def _conditions(results):
    """Return the lines above a table: the machines, and how far its ratios move."""
    machines = dict.fromkeys(result["machine"] for result in results.values())
    lines = [f"Measured on {machine}.\n" for machine in machines]
    moves = [_apart(f) for result in results.values() for f in result["figures"] if "over " in f["what"]]
    if moves:
        half, most = np.percentile(moves, [50, 90])
        lines.append(
            f"Within a run, median and best of a ratio are at most {half:.0%} apart in half of the rows, and "
            f"at most {most:.0%} in nine of ten.\n"
        )
    return lines


def _apart(figure):
    """Return by which fraction the larger of a figure's two values, median and best, exceeds the other."""
    low, high = sorted([figure["median"], figure["best"]])
    return high / low - 1


def without_craft(results):
    """Return the results that the page of benchmarks shows."""
    return {name: result for name, result in results.items() if name != CRAFT}


def craft(results):
    """Return the table of the page on vectorized code."""
    lines = [*_conditions({CRAFT: results[CRAFT]}), "| what, over what | ratio |", "|---|---|"]
    lines += [f"| {figure['what']} | {_short(figure['median'])} |" for figure in results[CRAFT]["figures"]]
    return "\n".join(lines) + "\n"


def write(results):
    """Store the results, and the tables made of them."""
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (FOLDER / "results.md").write_text(markdown(without_craft(results)), encoding="utf-8")
    if CRAFT in results:
        (FOLDER / "craft.md").write_text(craft(results), encoding="utf-8")


def _short(value):
    # 99.7 in two digits would be 1e+02.
    return f"{value:.2g}" if value < 99 else f"{value:.0f}"


def _reached(figure):
    if not figure["goal"]:
        return ""
    sign, bound = figure["goal"].split()
    met = figure["median"] <= float(bound) if sign == "<=" else figure["median"] >= float(bound)
    return "yes" if met else "no"
