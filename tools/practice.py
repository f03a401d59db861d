"""Write the notebooks of exercises from the exercises themselves: tools/practice.py FOLDER."""

import re
import sys
import tomllib
from pathlib import Path

import nbformat

from course.practice.exercises import Finding, exercises

OPENING = """# {number} Exercises: {name}

They belong to [topic {number}](../{topic}.ipynb), and can be done in any order. Put your code in place of
`...`, and run the cell. Its last line answers `not started`, `passed`, or `not yet` with one sentence on what
went wrong.

- `check.{first}.hint()` gives a hint, and the next one when it is called again.
- `check.{first}.solution()` shows a solution.
- `check.{first}.reset()` shows the code to begin with, and forgets the hints.
- `check` alone lists all exercises with what is done."""
ROOT = Path(__file__).parents[1]
# The names of the topics.
TOPICS = tomllib.loads((ROOT / "docs" / "topics.toml").read_text(encoding="utf-8"))
PLACE = """# Measure here, in as many cells as you need.
# Functions and data of the topic can be copied from its cells."""


def anchor(heading):
    """Return the address of a heading on its page of the site; JupyterLab opens the notebook at its top."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def cells(topic, asked):
    """Yield the cells of a topic's exercises."""
    name = TOPICS[topic]["name"].removeprefix(f"{topic[:2]} ") if topic in TOPICS else topic
    opening = OPENING.format(number=topic[:2], name=name, topic=topic, first=asked[0].name)
    yield nbformat.v4.new_markdown_cell(opening)
    yield nbformat.v4.new_code_cell("import numpy as np\n\nfrom course.practice import check")
    for exercise in asked:
        section = f"[{exercise.section}](../{topic}.ipynb#{anchor(exercise.section)})"
        text = f"## {exercise.name}\n\n{exercise.question}\n\nFrom the section {section}."
        yield nbformat.v4.new_markdown_cell(text)
        if isinstance(exercise, Finding):
            yield nbformat.v4.new_code_cell(PLACE)
        between = "\n" if isinstance(exercise, Finding) else "\n\n\n"
        yield nbformat.v4.new_code_cell(f"{exercise.stub}{between}check.{exercise.name}(my_{exercise.name})")


def notebooks():
    """Return the notebook of each topic that is there by its name, "01_exercises.ipynb"."""
    by_topic = {}
    there = {path.stem for path in ROOT.joinpath("notebooks").glob("*.ipynb")}
    for exercise in (exercise for exercise in exercises().values() if exercise.topic in there):
        by_topic.setdefault(exercise.topic, []).append(exercise)
    return {
        f"{topic[:2]}_exercises.ipynb": nbformat.v4.new_notebook(cells=list(cells(topic, asked)))
        for topic, asked in by_topic.items()
    }


def sources(notebook):
    """Return what stands in the cells of a notebook."""
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def write(folder):
    """Write the notebooks that say something else than the exercises do; their cells have not been run."""
    for name, notebook in notebooks().items():
        path = Path(folder, name)
        if not path.exists() or sources(nbformat.read(path, as_version=4)) != sources(notebook):
            nbformat.write(notebook, path)


if __name__ == "__main__":
    write(sys.argv[1])
