"""What was measured: results.json, two tables for the site made of it, and a short form in README.md."""

import json
import re
from pathlib import Path

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results.json"
# The row that a page of its own explains.
CRAFT = "craft"
README = FOLDER.parent / "README.md"
SHORT = re.compile(r"(?s)(?<=<!-- benchmark -->\n).*?(?=<!-- /benchmark -->)")


def markdown(results):
    """Return the table of the given results, and a line for each machine they come from."""
    lines = ["| row | to reach | median | best | reached |", "|---|---|---|---|---|"]
    for result in results.values():
        clock = "" if result["cores"] == 1 else ", wall time"
        lines.append(f"| **{result['title']}**{clock} | | | | |")
        for figure in result["figures"]:
            told = [figure["what"], figure["goal"], _short(figure["median"]), _short(figure["best"])]
            lines.append(f"| {' | '.join(told)} | {_reached(figure)} |")
    return "\n".join([*lines, "", *_machines(results)])


def short(results):
    """Return the short form, a line for the first figure of each row."""
    lines = ["| what | ratio |", "|---|---|"]
    for result in without_craft(results).values():
        figure = result["figures"][0]
        lines.append(f"| {result['title']}: {figure['what']} | {_short(figure['median'])} |")
    return "\n".join([*lines, "", *_machines(without_craft(results))])


def _machines(results):
    """Return a sentence for each machine on which something was measured."""
    machines = dict.fromkeys(result["machine"] for result in results.values())
    return [f"Measured on {machine}.\n" for machine in machines]


def without_craft(results):
    """Return the results that the page of benchmarks shows."""
    return {name: result for name, result in results.items() if name != CRAFT}


def craft(results):
    """Return the table of the page on vectorized code."""
    lines = ["| what, over what | ratio |", "|---|---|"]
    lines += [f"| {figure['what']} | {_short(figure['median'])} |" for figure in results[CRAFT]["figures"]]
    return "\n".join(lines) + "\n"


def write(results):
    """Store the results, and the tables made of them."""
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    (FOLDER / "results.md").write_text(markdown(without_craft(results)), encoding="utf-8")
    if CRAFT in results:
        (FOLDER / "craft.md").write_text(craft(results), encoding="utf-8")
    text = README.read_text(encoding="utf-8")
    README.write_text(SHORT.sub(lambda _: short(results), text), encoding="utf-8")


def _short(value):
    # 99.7 in two digits would be 1e+02.
    return f"{value:.2g}" if value < 99 else f"{value:.0f}"


def _reached(figure):
    if not figure["goal"]:
        return ""
    sign, bound = figure["goal"].split()
    met = figure["median"] <= float(bound) if sign == "<=" else figure["median"] >= float(bound)
    return "yes" if met else "no"
