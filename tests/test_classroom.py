"""What a class hands in is checked, notebook by notebook, whatever is in it."""

import asyncio
import csv
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from course import words
from course.practice import running
from course.practice.exercises import exercises

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import classroom  # noqa: E402

pytestmark = [
    pytest.mark.slow,
    pytest.mark.long,
    pytest.mark.skipif(not running.CAN_FORK, reason="needs a system that can fork"),
]
BEGIN = "import numpy as np\nfrom course.practice import check"
RIGHT = "def my_relu_grad(x):\n    return (x > 0).astype(x.dtype)\n\n\ncheck.relu_grad(my_relu_grad)"
WRONG = RIGHT.replace("(x > 0).astype(x.dtype)", "np.maximum(x, 0)")
STUB = "def my_dead(z):\n    ...\n\n\ncheck.dead(my_dead)"
CLASS = {
    "right": [RIGHT],
    "wrong": [WRONG, STUB],
    "wrong too": [WRONG],
    "no Python": [RIGHT.replace("return", "return return")],
    "deadly": [RIGHT, "import os; os._exit(1)", STUB],
    "endless": ["while True: pass", RIGHT],
    "stray": [RIGHT, "check.relu_grad()"],
    "printed": ["print('passed')"],
    "hidden": [RIGHT + ";"],
    "greedy": ["np.empty(2**30)\n" + RIGHT],
}
# Cells that no interrupt ends.
STUBBORN = (
    "import time\nwhile True:\n    try:\n        time.sleep(60)\n    except BaseException:\n        pass"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class") / "handed in"
    for name, sources in CLASS.items():
        cells = [new_code_cell(source) for source in [BEGIN, *sources]]
        # What a learner's notebook says of itself is not believed.
        said = new_output("execute_result", data={"text/plain": "passed"}, execution_count=1)
        cells[-1].outputs = [said]
        path = folder / name.split()[0] / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(new_notebook(cells=cells), path)
    (folder / "broken.ipynb").write_text("no notebook")
    # Under the names that browsers, editors and systems give to files.
    text = (folder / "right" / "right.ipynb").read_text(encoding="utf-8")
    for name in ("LOUD.IPYNB", "saved.ipynb.json", "marked.ipynb", "._right.ipynb", "essay.pdf"):
        (folder / name).write_text(text, encoding="utf-8-sig" if name == "marked.ipynb" else "utf-8")
    (folder / "__MACOSX").mkdir()
    (folder / "__MACOSX" / "right.ipynb").write_text(text, encoding="utf-8")
    (folder / "a folder.ipynb").mkdir()
    return folder


@pytest.fixture(scope="module")
def table(folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(classroom, "CELL", 8)
        classroom.main(folder)
    with open(folder / "answers.csv", newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    return {(Path(row["notebook"]).stem, row["exercise"]): (row["answer"], row["sentence"]) for row in rows}


def test_it_says_who_has_passed_and_what_was_wrong(table):
    assert table["right", "relu_grad"] == ("passed", "")
    assert table["wrong", "relu_grad"][0] == "not yet"
    assert table["wrong", "relu_grad"] == table["wrong too", "relu_grad"]
    assert "the ReLU itself" in table["wrong", "relu_grad"][1]
    assert table["wrong", "dead"] == ("not started", "")


def test_a_notebook_of_any_kind_ends_in_a_row_that_says_why(table):
    assert table["no Python", "relu_grad"][0] == "could not be run"
    assert "SyntaxError" in table["no Python", "relu_grad"][1]
    assert table["deadly", "relu_grad"] == ("passed", "")
    assert "code cell 3" in table["deadly", ""][1]
    assert ("deadly", "dead") not in table
    assert table["endless", "relu_grad"] == ("passed", "")
    assert table["stray", "relu_grad"] == ("passed", "")
    assert table["printed", ""] == ("could not be run", "There is no check in it.")
    assert "last line" in table["hidden", "relu_grad"][1]
    assert table["broken", ""][0] == "could not be run"
    assert "no notebook, or a damaged one" in table["broken", ""][1]
    if sys.platform == "linux":
        assert "MemoryError" in table["greedy", "relu_grad"][1]


def test_a_notebook_is_found_under_whatever_name_it_was_saved(table, folder):
    for name in ("LOUD", "saved.ipynb", "marked"):
        assert table[name, "relu_grad"] == ("passed", "")
    notebooks, others = classroom.handed_in(folder)
    assert {path.name for path in others} == {"essay.pdf"}
    assert {path.stem for path in notebooks} == {name for name, _ in table}
    assert len(notebooks) == len(CLASS) + 4


def test_a_notebook_that_no_interrupt_ends_is_stopped_and_the_row_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(classroom, "CELL", 1)
    monkeypatch.setattr(classroom, "NOTEBOOK", 4)
    cells = [new_code_cell(STUBBORN), new_code_cell(RIGHT)]
    nbformat.write(new_notebook(cells=cells), tmp_path / "stubborn.ipynb")
    (row,) = asyncio.run(classroom.checked(tmp_path / "stubborn.ipynb", tmp_path))
    late = "The notebook was not at its end after 4 seconds."
    assert row == ["stubborn.ipynb", "", "could not be run", late]


def test_a_loop_that_prints_or_draws_for_ever_fills_no_memory():
    outs, client = [], classroom.Client(new_notebook())
    client.clear_before_next_output = False
    for kind in ["stream"] * 9 + ["display_data"] * 2 * classroom.MOST + ["execute_result"]:
        content = {"data": {}, "metadata": {}, "name": "stdout", "text": "", "execution_count": 1}
        header = {"msg_type": kind}
        client.output(outs, {"header": header, "parent_header": {}, "content": content, **header}, None, 0)
    assert [out.output_type for out in outs] == ["display_data"] * classroom.MOST + ["execute_result"]


def test_a_summary_counts_what_was_wrong_most_often():
    rows = [[f"{n}.ipynb", "dead", "not yet", f"{n} of 10 units: count columns."] for n in range(3)]
    rows += [["4.ipynb", "dead", "passed", ""], ["5.ipynb", "", "could not be run", "It is no notebook."]]
    assert list(classroom.summary(rows)) == [
        "dead: 3 not yet, 1 passed",
        "  3 x … of … units: count columns.",
        "could not be run: 5.ipynb",
    ]


def test_a_folder_without_notebooks_is_named(tmp_path):
    with pytest.raises(SystemExit, match="There is no notebook in"):
        classroom.main(tmp_path)
    with pytest.raises(SystemExit, match="make class FOLDER=handed_in"):
        classroom.main("")


def test_a_class_reads_the_sentences_in_the_language_of_the_teacher(tmp_path, monkeypatch):
    cells = [new_code_cell(source) for source in (BEGIN, RIGHT, WRONG, STUB)]
    folder, teacher = tmp_path / "handed in", tmp_path / "notebooks" / "ko"
    folder.mkdir()
    teacher.mkdir(parents=True)
    for name, some in {"right": cells[:2], "wrong": [cells[0], *cells[2:]]}.items():
        nbformat.write(new_notebook(cells=some), folder / f"{name}.ipynb")
    korean = words.catalogue("ko")
    (wrong,) = (m.sentence for m in exercises()["relu_grad"].mistakes if "the ReLU itself" in m.sentence)
    command = [sys.executable, ROOT / "tools" / "classroom.py", folder]
    for asked, where, sentence in [
        ("ko", tmp_path, korean[wrong]),
        ("", teacher, korean[wrong]),
        ("", tmp_path, wrong),
    ]:
        monkeypatch.setenv("COURSE_LANGUAGE", asked)
        subprocess.run(command, cwd=where, check=True, capture_output=True)
        with open(folder / "answers.csv", newline="", encoding="utf-8-sig") as file:
            rows = list(csv.reader(file))[1:]
        assert rows == [
            ["right.ipynb", "relu_grad", "passed", ""],
            ["wrong.ipynb", "relu_grad", "not yet", sentence],
            ["wrong.ipynb", "dead", "not started", ""],
        ]
