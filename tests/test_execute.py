"""What becomes of a notebook that fails while it is run: nothing is lost, and its cell is named."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
EXECUTE = ROOT / "tools" / "execute.py"
KILL = "import os\nos._exit(1)"
ENDLESS = "while True:\n    pass"
IN_THREE_SECONDS = """
import pathlib, sys
sys.path[0] = "tools"
import execute
execute.execute(pathlib.Path(sys.argv[1]), timeout=3)
"""


@pytest.fixture
def write(tmp_path):
    def notebook(name, *sources):
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        path = tmp_path / name
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
        return path

    return notebook


def execute(*arguments):
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, cwd=ROOT, timeout=120)


def test_outputs_are_stored_without_a_trace_of_the_machine(write):
    path = write("good.ipynb", "print(1 + 1)", "2 + 2")
    assert execute(EXECUTE, path).returncode == 0
    notebook = nbformat.read(path, as_version=4)
    assert [cell.execution_count for cell in notebook.cells] == [1, 2]
    assert notebook.cells[0].outputs[0].text == "2\n"
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert [dict(cell.metadata) for cell in notebook.cells] == [{}, {}]
    before = path.read_bytes()
    assert execute(EXECUTE, path).returncode == 0
    assert path.read_bytes() == before


# Sixteen times what the process may have.
HUNGRY = "hog = bytearray(2**36)"
WITHIN_4_GB = "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**32, 2**32))\n"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits memory as Linux does")
def test_a_cell_that_eats_all_memory_is_named_and_the_next_notebook_runs(write):
    bad, good = write("bad.ipynb", "x = 1", HUNGRY), write("good.ipynb", "print(3)")
    before = bad.read_bytes()
    done = execute(
        "-c",
        f"{WITHIN_4_GB}import sys; sys.path[0] = 'tools'\nimport execute; execute.main(sys.argv[1:])",
        bad,
        good,
    )
    assert done.returncode == 1
    assert done.stderr.strip().endswith("bad.ipynb, code cell 2: MemoryError:")
    assert bad.read_bytes() == before
    assert nbformat.read(good, as_version=4).cells[0].outputs[0].text == "3\n"


@pytest.mark.parametrize(("source", "reason"), [(KILL, "Dead"), (ENDLESS, "timed out"), ("1 / 0", "by zero")])
def test_a_cell_that_fails_is_named_and_the_notebook_stays_as_it_was(write, source, reason):
    path = write("bad.ipynb", "x = 1", source, "print(x)")
    before = path.read_bytes()
    done = execute("-c", IN_THREE_SECONDS, path)
    assert done.returncode == 1
    assert "RuntimeError: bad.ipynb, code cell 2: " in done.stderr
    assert reason in done.stderr
    assert path.read_bytes() == before


def test_the_notebooks_after_one_that_fails_are_run(write):
    bad, good = write("bad.ipynb", "1 / 0"), write("good.ipynb", "print(3)")
    done = execute(EXECUTE, bad, good)
    assert done.returncode == 1
    assert done.stderr.strip().endswith("bad.ipynb, code cell 1: ZeroDivisionError: division by zero")
    assert nbformat.read(good, as_version=4).cells[0].outputs[0].text == "3\n"


def hold(path):
    """Hold a notebook to its stored outputs, as `make test` does, with less patience."""
    options = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=5", "-p", "no:cacheprovider"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, path],
        capture_output=True, text=True, cwd=ROOT, env=os.environ | {"COURSE_FIGURES": "still"}, timeout=120,
    )  # fmt: skip


def test_a_notebook_is_held_to_what_it_printed(write):
    path = write("good.ipynb", "x = 2", "print(x)")
    assert execute(EXECUTE, path).returncode == 0
    assert hold(path).returncode == 0
    path.write_text(path.read_text().replace('"2\\n"', '"3\\n"'))
    spoilt = hold(path)
    assert spoilt.returncode == 1
    assert "Cell 1" in spoilt.stdout


@pytest.mark.parametrize("source", [KILL, ENDLESS])
def test_a_cell_that_ends_the_kernel_or_never_ends_fails_by_name_within_its_time(write, source):
    path = write("bad.ipynb", "x = 2")
    assert execute(EXECUTE, path).returncode == 0
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(source, execution_count=2))
    nbformat.write(notebook, path)
    held = hold(path)
    assert held.returncode == 1
    assert "bad.ipynb::Cell 1" in held.stdout
