"""In a real kernel a check answers by one line, and the kernel lives; a kept answer still passes."""

import asyncio
import os
import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from test_practice_running import WEIRD
from test_update import git, publish, read

from course.practice import running

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import execute  # noqa: E402
import practice  # noqa: E402
import update  # noqa: E402

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not running.CAN_FORK, reason="needs a system that can fork"),
]
BEGIN = """
import os
import numpy as np
from course.practice import check
pid, x = os.getpid(), np.ones((300, 300))
"""
HERE = [
    "returns None", "raises", "prints", "changes its input", "catches all", "raises KeyboardInterrupt",
    "asks for much", "overwrites np", "overwrites check", "overwrites a function of NumPy", "needs a name",
    "calls the course's", "forks", "exits", "quits at once", "crashes", "writes to the terminal", "asks",
    "is a generator", "returns a subclass", "prints and returns",
]  # fmt: skip
MORE = {
    "from IPython.display import display\n    display(x)\n    return (x > 0).astype(x.dtype)": "passed",
    "np.ones((300, 300)) @ np.ones((300, 300))\n    return (x > 0).astype(x.dtype)": "passed",
    "from threading import Event, Timer\n    Timer(60, Event().wait).start()\n    return x": "for x[",
}
ANSWER = "def my_relu_grad(x):\n    return (x > 0).astype(x.dtype)\n\n\ncheck.relu_grad(my_relu_grad)"


def shown(notebook, folder):
    """Run a notebook, and return what each cell of code shows, errors included."""
    asyncio.run(execute.run(notebook, folder / "notebook.ipynb", 60, allow_errors=True))
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [
        [o.get("text") or o.get("evalue") or o.get("data", {}).get("text/plain") for o in cell.outputs]
        for cell in cells
    ]


def test_a_kernel_answers_lives_and_is_the_same(tmp_path):
    bodies = [WEIRD[name][0] for name in HERE] + list(MORE)
    said = [WEIRD[name][1] or "passed" for name in HERE] + list(MORE.values())
    cells = [f"def my_relu_grad(x):\n    {body}\n\n\ncheck.relu_grad(my_relu_grad)" for body in bodies]
    # NumPy is overwritten in the notebook itself, and brought back.
    cells += ["np = 3\ndef my_relu_grad(x):\n    return np.sign(x)\n\n\ncheck.relu_grad(my_relu_grad)"]
    said += ["run `import numpy as np` again"]
    end = "import numpy as np\nprint(os.getpid() == pid, (x @ x).sum(), check.relu_grad.status)"
    cells = [nbformat.v4.new_code_cell(cell) for cell in [BEGIN, *cells, end]]
    nothing, *answers, last = shown(nbformat.v4.new_notebook(cells=cells), tmp_path)
    assert nothing == []
    for answer, words, cell in zip(answers, said, cells[1:], strict=False):
        (line,) = answer
        assert words in line, cell.source
        assert "\n" not in line
    assert last == ["True 27000000.0 not yet\n"]


@pytest.fixture
def published(tmp_path):
    """The first edition of a course with exercises."""
    if "01_exercises.ipynb" not in practice.notebooks():
        pytest.skip("topic 01 was left out")
    folder = tmp_path / "teacher"
    folder.joinpath("notebooks", "practice").mkdir(parents=True)
    folder.joinpath("tools").mkdir()
    folder.joinpath("tools", "update.py").write_text("the course's own\n")
    shutil.copy(ROOT / ".gitattributes", folder)
    nbformat.write(
        practice.notebooks()["01_exercises.ipynb"], folder / "notebooks" / "practice" / "01_exercises.ipynb"
    )
    git(folder, "init", "--initial-branch=main")
    publish(folder)
    return folder


def answer_in(path):
    """Write an answer into a stored notebook, as a learner does."""
    notebook = nbformat.read(path, as_version=4)
    (cell,) = (
        cell for cell in notebook.cells if "check.relu_grad(" in cell.source and cell.cell_type == "code"
    )
    cell.source = ANSWER
    nbformat.write(notebook, path)


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@pytest.mark.parametrize("how", ["git", "zip", "nbgitpuller"])
def test_an_answer_that_an_update_keeps_still_passes(published, tmp_path, how, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    learner, stored = tmp_path / "learner", Path("notebooks", "practice", "01_exercises.ipynb")
    git(tmp_path, "clone", str(published), str(learner))
    answer_in(learner / stored)
    # The second edition has another exercise in the place of the first one, and another text in the next.
    second = nbformat.read(published / stored, as_version=4)
    second.cells[2].source, second.cells[3].source = (
        "## new",
        "def my_new(x):\n    ...\n\n\ncheck.zca(my_new)",
    )
    second.cells[4].source += " In the second edition."
    nbformat.write(second, published / stored)
    publish(published)
    kept = learner / stored
    if how == "git":
        update.main(learner)
        (name,) = (name for name in read(learner) if name.startswith("notebooks/mine/"))
        kept = learner / name
        assert "second edition" in (learner / stored).read_text(encoding="utf-8")
    elif how == "zip":
        new = shutil.copytree(published, tmp_path / "new", ignore=shutil.ignore_patterns(".git"))
        shutil.copytree(learner / "notebooks", new / "notebooks" / "mine")
        kept = new / "notebooks" / "mine" / "practice" / stored.name
    else:
        git(learner, "commit", "--all", "--message=mine")
        git(learner, "fetch")
        git(learner, "merge", "--no-edit", "-X", "ours", "origin/main")
    outputs = shown(nbformat.read(kept, as_version=4), kept.parent)
    assert outputs[1:] == [["passed"], ["not started"], [], ["not started"]]
