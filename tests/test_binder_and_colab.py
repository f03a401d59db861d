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
    assert SOURCES[0] == "%pip install --quiet --no-deps git+https://github.com/OWNER/REPOSITORY"


def test_its_cells_run_and_show_a_figure(monkeypatch, capsys):
    monkeypatch.setenv("COURSE_FIGURES", "still")
    names = {}
    for source in SOURCES[1:]:
        exec(source, names)
    assert "The slope is 1." in capsys.readouterr().out
