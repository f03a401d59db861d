"""The notebooks of exercises say what the exercises say, are stored as not started, and are linked to."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from test_notebooks import TRACES, code_cells, is_question
from test_vocabulary import faults

from course.practice.exercises import exercises

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import execute  # noqa: E402
import practice  # noqa: E402

FOLDER = ROOT / "notebooks" / "practice"
STORED = {path.name: path for path in sorted(FOLDER.glob("*_exercises.ipynb"))}
stored = pytest.mark.parametrize("path", STORED.values(), ids=STORED)


def test_there_is_a_notebook_for_every_topic_that_has_exercises():
    assert set(STORED) == set(practice.notebooks()), "run make notebooks"


def test_a_topic_that_was_left_out_has_no_notebook_of_exercises(tmp_path, monkeypatch):
    tmp_path.joinpath("notebooks").mkdir()
    tmp_path.joinpath("notebooks", "05_batch_normalization.ipynb").touch()
    monkeypatch.setattr(practice, "ROOT", tmp_path)
    assert set(practice.notebooks()) == {"05_exercises.ipynb"}


def complaints(notebook, written):
    """Yield in sentences what is wrong with a stored notebook."""
    if practice.sources(notebook) != practice.sources(written):
        yield "It says something else than its exercises: run make notebooks."
    if notebook.metadata != execute.METADATA:
        yield "Its metadata are not those that JupyterLab stores."
    if [cell.execution_count for cell in code_cells(notebook)] != [*range(1, len(code_cells(notebook)) + 1)]:
        yield "Its cells were not run once each, from top to bottom."
    for cell in code_cells(notebook):
        shown = [output.get("data", {}).get("text/plain", output) for output in cell.outputs]
        if shown != ["not started"] * ("\ncheck." in cell.source):
            yield f"A cell shows {shown}."
        if TRACES.search(cell.source):
            yield "A cell has a trace of its machine."


@stored
def test_a_stored_notebook_is_as_it_was_written_and_not_started(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert list(complaints(notebook, practice.notebooks()[path.name])) == []


def test_the_self_test_was_run_from_top_to_bottom():
    notebook = nbformat.read(FOLDER / "self_test.ipynb", as_version=4)
    assert notebook.metadata == execute.METADATA
    _, *asked = code_cells(notebook)
    assert [cell.execution_count for cell in asked] == [*range(2, len(asked) + 2)]
    assert all(is_question(cell) for cell in asked)


def test_the_last_topic_leads_to_the_self_test():
    path = ROOT / "notebooks" / "08_lecture_by_the_numbers.ipynb"
    if not path.exists():
        pytest.skip("topic 08 was left out")
    assert "](practice/self_test.ipynb)" in path.read_text(encoding="utf-8")


def test_a_spoilt_notebook_is_found():
    name, path = next(iter(STORED.items()))
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].outputs, notebook.cells[2].source = [], "## Another question"
    notebook.cells[1].execution_count, notebook.metadata = 7, {}
    said = " ".join(complaints(notebook, practice.notebooks()[name]))
    for fault in ("something else than its exercises", "metadata", "run once each", "shows []"):
        assert fault in said


@pytest.mark.parametrize("asked", exercises().values(), ids=exercises())
def test_an_exercise_is_linked_from_its_section(asked):
    path = ROOT / "notebooks" / f"{asked.topic}.ipynb"
    if not path.exists():
        pytest.skip(f"{asked.topic} was left out")
    text = "\n".join(c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "markdown")
    section = text.split(f"## {asked.section}\n")[1].split("\n## ")[0]
    assert f"`{asked.name}`" in section
    assert f"(practice/{asked.topic[:2]}_exercises.ipynb)" in section


@stored
def test_a_notebook_of_exercises_leads_back_to_its_topic(path):
    (name,) = re.findall(r"\]\(\.\./(\w+\.ipynb)\)", nbformat.read(path, as_version=4).cells[0].source)
    assert (ROOT / "notebooks" / name).exists(), f"{name} was left out: leave out {path.name} too."


@pytest.mark.parametrize("asked", exercises().values(), ids=exercises())
def test_what_an_exercise_says_keeps_to_the_terms(asked):
    said = [asked.question, *asked.hints, *(mistake.sentence for mistake in asked.mistakes)]
    assert [fault for text in said for fault in faults(text)] == []


def test_what_has_not_changed_is_not_written_anew(tmp_path):
    for path in STORED.values():
        shutil.copy(path, tmp_path)
    name = next(iter(STORED))
    changed = nbformat.read(tmp_path / name, as_version=4)
    changed.cells[0].source = "# Something else"
    nbformat.write(changed, tmp_path / name)
    subprocess.run([sys.executable, ROOT / "tools" / "practice.py", tmp_path], check=True)
    for other, path in STORED.items():
        same = (tmp_path / other).read_bytes() == path.read_bytes()
        assert same == (other != name)
    assert practice.sources(nbformat.read(tmp_path / name, as_version=4)) == practice.sources(
        practice.notebooks()[name]
    )
