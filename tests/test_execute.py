"""What becomes of a notebook that fails while it is run: nothing is lost, and its cell is named."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

pytestmark = [pytest.mark.slow, pytest.mark.long]
ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import execute  # noqa: E402

KILL = "import os\nos._exit(1)"
ENDLESS = "while True:\n    pass"


@pytest.fixture(scope="module")
def write(tmp_path_factory):
    def notebook(name, *sources):
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        path = tmp_path_factory.mktemp("notebooks") / name
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
        return path

    return notebook


@pytest.fixture
def run(monkeypatch):
    """Run notebooks as `make notebooks` does, in this process; return what it says at its end."""
    for name in ("COURSE_FIGURES", "COURSE_LANGUAGE", "PYTHONWARNINGS"):
        # So that it is put back, whatever `main` sets.
        monkeypatch.setenv(name, "")

    def run(*paths, timeout=execute.CELL_TIMEOUT):
        monkeypatch.setattr(execute, "CELL_TIMEOUT", timeout)
        with pytest.raises(SystemExit) as ended:
            execute.main(paths)
        return ended.value.code

    return run


def test_outputs_are_stored_without_a_trace_of_the_machine(write, run):
    path = write("good.ipynb", "print(1 + 1)", "2 + 2")
    assert run(path) is None
    notebook = nbformat.read(path, as_version=4)
    assert [cell.execution_count for cell in notebook.cells] == [1, 2]
    assert notebook.cells[0].outputs[0].text == "2\n"
    assert notebook.metadata == execute.METADATA
    assert [dict(cell.metadata) for cell in notebook.cells] == [{}, {}]
    before = path.read_bytes()
    assert run(path) is None
    assert path.read_bytes() == before


def test_what_is_stored_of_the_kernel_is_what_it_says_of_itself(write):
    # JupyterLab asks it, and marks a notebook that has stored something else as changed.
    path = write("empty.ipynb")
    notebook = nbformat.read(path, as_version=4)
    asyncio.run(execute.run(notebook, path, execute.CELL_TIMEOUT))
    assert notebook.metadata.language_info == execute.METADATA["language_info"]
    spec = NotebookClient(notebook, kernel_name="python3").create_kernel_manager().kernel_spec
    stored = {"name": "python3", "display_name": spec.display_name, "language": spec.language}
    assert stored == execute.METADATA["kernelspec"]


DRAW = """
import base64, io
from IPython.display import display
from PIL import Image
picture = Image.new("RGB", (400, 200), "white")
picture.paste("{colour}", {box})
picture.putpixel((0, 0), {corner})
picture.save(file := io.BytesIO(), "png")
png = base64.b64encode(file.getvalue()).decode()
display({{"image/png": png}}, metadata={{"image/png": {{"alt": "A rectangle."}}}}, raw=True)
"""


def test_a_picture_is_stored_anew_where_it_has_changed_by_more_than_a_rounding(write, run):
    def drawn(path, **values):
        notebook = nbformat.read(path, as_version=4)
        notebook.cells[0].source = DRAW.format(**values)
        nbformat.write(notebook, path)
        assert run(path) is None
        return nbformat.read(path, as_version=4).cells[0].outputs[0].data["image/png"]

    path = write("picture.ipynb", "")
    white, black, box = (255, 255, 255), (0, 0, 0), (10, 10, 60, 60)
    first = drawn(path, colour="blue", box=box, corner=white)
    # One pixel of another colour; everything in another; one place further.
    assert drawn(path, colour="blue", box=box, corner=black) == first
    red = drawn(path, colour="red", box=box, corner=white)
    assert red != first
    assert drawn(path, colour="red", box=(11, 10, 61, 60), corner=white) != red


# Sixteen times what the process may have.
HUNGRY = "hog = bytearray(2**36)"
WITHIN_4_GB = "import resource; resource.setrlimit(resource.RLIMIT_AS, (2**32, 2**32))\n"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits memory as Linux does")
def test_a_cell_that_eats_all_memory_is_named_and_the_next_notebook_runs(write):
    bad, good = write("bad.ipynb", "x = 1", HUNGRY), write("good.ipynb", "print(3)")
    before = bad.read_bytes()
    # In a process of its own, since its memory is limited; it exits as `make notebooks` does.
    start = f"{WITHIN_4_GB}import sys; sys.path[0] = 'tools'\nimport execute; execute.main(sys.argv[1:])"
    command = [sys.executable, "-c", start, bad, good]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert done.returncode == 1
    assert done.stderr.strip().endswith("bad.ipynb, code cell 2: MemoryError:")
    assert bad.read_bytes() == before
    assert nbformat.read(good, as_version=4).cells[0].outputs[0].text == "3\n"


@pytest.mark.parametrize(("source", "reason"), [(KILL, "Dead"), (ENDLESS, "timed out"), ("1 / 0", "by zero")])
def test_a_cell_that_fails_is_named_and_the_notebook_stays_as_it_was(write, run, source, reason):
    path = write("bad.ipynb", "x = 1", source, "print(x)")
    before = path.read_bytes()
    said = run(path, timeout=3)
    assert said.startswith("bad.ipynb, code cell 2: ")
    assert reason in said
    assert path.read_bytes() == before


def test_the_notebooks_after_one_that_fails_are_run(write, run):
    bad, good = write("bad.ipynb", "1 / 0"), write("good.ipynb", "print(3)")
    assert run(bad, good) == "bad.ipynb, code cell 1: ZeroDivisionError: division by zero"
    assert nbformat.read(good, as_version=4).cells[0].outputs[0].text == "3\n"


@pytest.fixture(scope="module")
def held(write):
    """What `make test` says, with less patience, of two notebooks that print and two that fail."""

    def stored(name, last, output=None):
        path = write(name, "x = 2", last)
        notebook = nbformat.read(path, as_version=4)
        for number, cell in enumerate(notebook.cells, 1):
            cell.execution_count = number
        notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text=output)] if output else []
        nbformat.write(notebook, path)
        return path

    paths = [
        stored("good.ipynb", "print(x)", "2\n"), stored("spoilt.ipynb", "print(x)", "3\n"),
        stored("deadly.ipynb", KILL), stored("endless.ipynb", ENDLESS),
    ]  # fmt: skip
    options = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=5", "-p", "no:cacheprovider", "-rA"]
    command = [sys.executable, "-m", "pytest", *options, *paths]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=240).stdout


def test_a_notebook_is_held_to_what_it_printed(held):
    assert re.search(r"PASSED .*good\.ipynb::Cell 1", held)
    assert "FAILED" not in "".join(re.findall(r".*good\.ipynb.*", held))
    assert re.search(r"PASSED .*spoilt\.ipynb::Cell 0", held)
    assert re.search(r"FAILED .*spoilt\.ipynb::Cell 1", held)


@pytest.mark.parametrize("source", [KILL, ENDLESS])
def test_a_cell_that_ends_the_kernel_or_never_ends_fails_by_name_within_its_time(held, source):
    name = {KILL: "deadly", ENDLESS: "endless"}[source]
    assert re.search(rf"PASSED .*{name}\.ipynb::Cell 0", held)
    assert re.search(rf"FAILED .*{name}\.ipynb::Cell 1", held)


def test_a_notebook_is_run_in_the_language_of_its_folder(tmp_path, run, monkeypatch):
    # That of the one who runs it is another matter.
    for asked, folder, spoken in [("en", "notebooks/ko", "ko"), ("ko", "notebooks", "en")]:
        monkeypatch.setenv("COURSE_LANGUAGE", asked)
        path = tmp_path / folder / "short.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        cell = nbformat.v4.new_code_cell("from course import words\nprint(words.LANGUAGE)")
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
        assert run(path) is None
        (output,) = nbformat.read(path, as_version=4).cells[0].outputs
        assert output.text == f"{spoken}\n"
