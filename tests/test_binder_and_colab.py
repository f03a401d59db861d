"""What Binder and Colab read is held to its grammar: see docs/untried.md."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import execute  # noqa: E402

COLAB = nbformat.read(ROOT / "colab.ipynb", as_version=4)
SOURCES = [cell.source for cell in COLAB.cells if cell.cell_type == "code"]


@pytest.mark.skipif(os.name == "nt" or shutil.which("bash") is None, reason="needs bash")
def test_binder_can_run_its_script():
    script = ROOT / "postBuild"
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").startswith("#!/usr/bin/env bash\n")
    done = subprocess.run(["bash", "-n", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_binder_finds_its_files_where_it_looks():
    # A folder of this name would hide environment.yml and postBuild from it.
    assert not (ROOT / "binder").exists()
    assert not (ROOT / ".binder").exists()
    assert (ROOT / "environment.yml").exists()


def test_the_notebook_for_colab_is_whole_and_stores_nothing():
    nbformat.validate(COLAB)
    assert COLAB.metadata == execute.METADATA
    assert all(not cell.outputs and cell.execution_count is None for cell in COLAB.cells if "outputs" in cell)
    for source in SOURCES:
        compile(TransformerManager().transform_cell(source), "colab.ipynb", "exec")


def test_it_installs_the_course_alone_and_first():
    # Colab's own ipywidgets are older than ours, and newer ones do not move there.
    install, place = SOURCES[0].splitlines()
    assert install == "%pip install --quiet --no-deps git+https://github.com/OWNER/REPOSITORY"
    # Nothing there is a checkout, in which what is done would have its place.
    assert place == "%env COURSE_PROGRESS=/content/progress.jsonl"


def test_its_cells_run_and_show_a_figure(monkeypatch, capsys):
    monkeypatch.setenv("COURSE_FIGURES", "still")
    names = {}
    for source in SOURCES[1:]:
        exec(source, names)
    said = capsys.readouterr().out
    assert "The slope is 1." in said
    assert "Case 1: run this cell in JupyterLab to play it." in said
    assert repr(names["check"].dead(lambda z: (z <= 0).all(axis=0).mean())) == "passed"


# What a learner types where pip has installed the package and nothing else of the course is there.
ELSEWHERE = """
import course
from course.clinic import record
from course.clinic.playing import play
from course.practice import ask, check, progress
print(course.__file__)
play(1)
print(check.dead(lambda z: (z <= 0).all(axis=0).mean()), len(record.recorded()), "cases")
print(progress.place())
"""


@pytest.mark.parametrize("is_clone", [True, False])
def test_the_installed_package_has_exercises_and_the_game_and_keeps_what_is_done(tmp_path, is_clone):
    """On the server of a class a learner's clone lies in their home folder; on Colab there is none."""
    site, home = tmp_path / "site", tmp_path / "home"
    shutil.copytree(ROOT / "course", site / "course", ignore=shutil.ignore_patterns("__pycache__"))
    for folder in ("notebooks/practice", "course"):
        (home / folder).mkdir(parents=True)
    if not is_clone:
        (home / "course").rmdir()
    surroundings = os.environ | {"PYTHONPATH": str(site), "COURSE_FIGURES": "still", "HOME": str(home)}
    named = home / "progress.jsonl"
    surroundings["COURSE_PROGRESS"] = str(named)
    if is_clone:
        del surroundings["COURSE_PROGRESS"]
        named = home / "notebooks" / "mine" / "progress.jsonl"
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE], cwd=home / "notebooks" / "practice", env=surroundings,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == str(site / "course" / "__init__.py")
    assert "Case 1: run this cell in JupyterLab to play it." in lines
    assert lines[-2:] == ["passed 36 cases", str(named)]
    assert named.read_text(encoding="utf-8") == '{"exercise dead": "done"}\n'
