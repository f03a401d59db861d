"""What a learner has done is kept in their own file, for nobody else, and survives what happens to it."""

import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import ipywidgets
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from course.practice import ask, progress, running
from course.practice.checking import Checks
from course.practice.exercises import exercises
from course.practice.questions import topics

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "docs" / "_ext")]
import classroom  # noqa: E402
import execute  # noqa: E402
import executed_notebooks  # noqa: E402
import update  # noqa: E402


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """A kernel that was just started."""
    monkeypatch.setattr(progress, "_latest", {})


@pytest.fixture
def file(tmp_path, monkeypatch):
    """The learner's file, which is not there yet."""
    path = tmp_path / "notebooks" / "mine" / "progress.jsonl"
    monkeypatch.setenv("COURSE_PROGRESS", str(path))
    return path


def right_dead(z):
    return (z <= 0).all(axis=0).mean()


def restart():
    progress._latest.clear()


def test_what_is_done_is_a_line_and_stays_done(file):
    for value in ("tried", "tried", "done", "tried", "done"):
        assert progress.note("question dead", value) == ""
    progress.note("exercise dead", "done")
    lines = ['{"question dead": "tried"}', '{"question dead": "done"}', '{"exercise dead": "done"}']
    assert file.read_text().splitlines() == lines
    restart()
    assert progress.status("question dead") == "done"
    assert progress.status("exercise relu_grad") is None
    # Lines of another file may be put at its end.
    with file.open("a") as more:
        more.write('{"exercise dead": "tried", "exercise relu_grad": "tried"}\n')
    assert progress.status("exercise dead") == "done"
    assert progress.status("exercise relu_grad") == "tried"


def counted(number, kind=None):
    """How many of a kind, or else how many exercises, a topic has."""
    if kind:
        return len(topics(kind)[number])
    return sum(asked.topic[:2] == number for asked in exercises().values())


def test_it_is_shown_by_topic_where_something_was_tried_and_deleted_at_a_word(file):
    first, second = list(topics("QUESTIONS")["02"])[:2]
    where = "What you do is kept in notebooks/mine/progress.jsonl, on this computer alone."
    where += " progress.delete() deletes it."
    assert repr(progress.show()) == f"Nothing is done yet.\n{where}"
    for name, value in {
        f"question {first}": "done", f"question {second}": "tried", "exercise dead": "done",
        "exercise he": "tried", "question of another edition": "done",
        f"prediction {next(iter(topics('PREDICTIONS')['04']))}": "done",
    }.items():  # fmt: skip
        progress.note(name, value)
    shown = [
        f"02 dead relu: 1 of {counted('02', 'QUESTIONS')} questions, "
        f"0 of {counted('02', 'PREDICTIONS')} predictions, 1 of {counted('02')} exercises",
        f"04 weight initialization: 0 of {counted('04', 'QUESTIONS')} questions, "
        f"1 of {counted('04', 'PREDICTIONS')} predictions, 0 of {counted('04')} exercises",
        where,
    ]
    assert repr(progress.show()).splitlines() == shown
    restart()
    assert repr(progress.show()).splitlines() == shown
    progress.note(f"question {second}", "done")
    assert repr(progress.delete()) == "What you had done is deleted."
    assert not file.exists()
    assert "Nothing is done yet." in progress.show()
    assert "is deleted" in progress.delete()


def test_the_self_test_is_shown_below_the_topics(file):
    name = next(iter(topics("QUESTIONS")["all"]))
    progress.note(f"question {name}", "done")
    assert progress.show().splitlines()[0] == f"all topics: 1 of {len(topics('QUESTIONS')['all'])} questions"


def test_cases_of_the_clinic_are_counted_with_the_most_points_of_each(file):
    for name, value in {"case 3": "done", "points of case 3": 9, "case 40": "tried"}.items():
        progress.note(name, value)
    progress.note("points of case 40", 4)
    assert progress.show().splitlines()[0] == "cases of the clinic: 1 solved, 13 points"
    # Another time it went worse, and the better one stays.
    progress.note("points of case 3", 2)
    assert progress.cases() == (1, 13)
    restart()
    assert progress.cases() == (1, 13)
    assert sum("points of case 3" in line for line in file.read_text().splitlines()) == 1
    progress.note("points of case 3", 12)
    assert progress.cases() == (1, 16)
    progress.delete()
    assert progress.cases() == (0, 0)


def test_a_check_is_kept_and_known_after_a_restart_until_it_is_reset(file):
    check = Checks()
    check.dead(None)
    assert not file.exists()
    check.relu_grad(lambda x: x)
    check.dead(right_dead)
    restart()
    check = Checks()
    assert {"01 relu_grad: not yet", "02 dead: passed", "04 he: not started"} <= {*repr(check).splitlines()}
    # What was said last is what a list says, and what is done stays done.
    check.dead(lambda z: z)
    assert check.dead.status == "not yet"
    assert "1 of" in progress.show().splitlines()[1]
    check.dead.reset()
    restart()
    assert check.dead.status == "not started"
    assert json.loads(file.read_text().splitlines()[-1]) == {"exercise dead": None}


@pytest.fixture
def asked(monkeypatch):
    """Ask a question as in JupyterLab, and return what answers it and what it says."""
    monkeypatch.setenv("COURSE_FIGURES", "live")
    monkeypatch.setattr("IPython.display.display", lambda *a, **k: None)
    made, box = [], ipywidgets.VBox
    monkeypatch.setattr(ipywidgets, "VBox", lambda *a, **k: made.append(box(*a, **k)) or made[-1])

    def question(name):
        ask(name)
        _, *answers, said = made[-1].children
        return answers, said

    return question


def test_a_question_is_kept_once_it_is_answered(file, asked):
    answers, _ = asked("silent_relu")
    for answer in answers:
        answer.click()
    (row,), _ = asked("constant_tanh")
    row.children[0].value = "much"
    restart()
    assert progress.status("question silent_relu") == "done"
    assert progress.status("question constant_tanh") is None
    row.children[0].value = "1e9"
    assert progress.status("question constant_tanh") == "tried"
    row.children[0].value = "0.964"
    assert [json.loads(line) for line in file.read_text().splitlines()] == [
        {"question silent_relu": "tried"}, {"question silent_relu": "done"},
        {"question constant_tanh": "tried"}, {"question constant_tanh": "done"},
    ]  # fmt: skip


BROKEN = {
    "torn": b'{"exercise dead": "done"}\n{"exercise he": "do',
    "merged": b'{"exercise dead": "done"}\n<<<<<<< HEAD\n{"exercise relu_grad": "tried"}\n=======\n',
    "other JSON": b'[1, 2]\n{"exercise dead": "done"}\n"text"\n{"exercise he": [0]}\n5\nnull\n',
    "bytes": b'\xff\xfe\x00\n\x00\n{"exercise dead": "done"}\r\n' + b"[" * 100_000,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_line_costs_no_other_and_is_left_as_it_is(file, content):
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    assert progress.status("exercise dead") == "done"
    assert progress.note("exercise neuron", "done") == ""
    assert file.read_bytes().startswith(content)
    restart()
    assert progress.status("exercise neuron") == "done"
    number = next(
        n for n, line in enumerate(content.splitlines(), 1) if not line.startswith(b'{"exercise dead')
    )
    said = progress.show().splitlines()[-1]
    assert said.startswith(
        "Of notebooks/mine/progress.jsonl not every line can be read, the first of these is"
    )
    assert f"line {number};" in said
    assert len(repr(Checks()).splitlines()) == len(exercises())


def test_what_cannot_be_kept_is_said_once_it_is_done_and_is_known_until_the_kernel_ends(file, asked):
    # Nobody can write a folder, not even who may write everything.
    file.mkdir(parents=True)
    check = Checks()
    unkept = "What you do is not kept: notebooks/mine/progress.jsonl cannot be read and written ("
    assert unkept not in repr(check.dead(lambda z: z))
    assert repr(check.dead(right_dead)).startswith(f"passed: {unkept}")
    assert check.dead.status == "passed"
    counted, said = repr(progress.show()).splitlines()
    assert counted.startswith("02 dead relu: ")
    assert said.startswith(unkept)
    answers, said = asked("silent_relu")
    for answer in answers:
        answer.click()
        assert (unkept in said.value) == ("Right." in said.value)
    assert "cannot be deleted" in progress.delete()


def test_many_may_write_at_once(file):
    code = (
        "import sys; from course.practice import progress\n"
        "for n in range(40): progress.note(f'question {sys.argv[1]} {n}', 'done')"
    )
    begun = [subprocess.Popen([sys.executable, "-c", code, str(k)], cwd=ROOT) for k in range(4)]
    assert [process.wait() for process in begun] == [0] * 4
    kept = [json.loads(line) for line in file.read_text().splitlines()]
    assert len({name for line in kept for name in line}) == len(kept) == 160


def test_its_place_is_the_checkout_of_the_notebook_or_what_is_named_or_nowhere(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_PROGRESS")
    for folder in ("notebooks/practice", "course"):
        tmp_path.joinpath("theirs", folder).mkdir(parents=True)
    own = tmp_path / "theirs" / "notebooks" / "mine" / "progress.jsonl"
    for inside in ("", "notebooks", "notebooks/practice", "notebooks/ko/practice"):
        monkeypatch.setattr(progress, "HERE", tmp_path / "theirs" / inside)
        assert progress.place() == own
    monkeypatch.setattr(progress, "HERE", tmp_path)
    assert progress.place() == ROOT / "notebooks" / "mine" / "progress.jsonl"
    # The package of a class is installed where there are no notebooks.
    monkeypatch.setattr(progress, "__file__", str(tmp_path / "a" / "course" / "practice" / "progress.py"))
    assert progress.place() is None
    monkeypatch.setenv("COURSE_PROGRESS", "~/mine.jsonl")
    assert progress.place() == Path.home() / "mine.jsonl"
    monkeypatch.setenv("COURSE_PROGRESS", "")
    assert progress.place() is None


def test_no_update_and_no_git_touches_it():
    assert progress.FILE.parent == update.KEPT
    assert f"{progress.FILE.parent.as_posix()}/" in ROOT.joinpath(".gitignore").read_text().splitlines()


def test_where_nothing_is_kept_no_file_is_written_and_what_is_stored_knows_no_learner(tmp_path, monkeypatch):
    """So it is in every test: the conftest.py of the root says so."""
    assert os.environ["COURSE_PROGRESS"] == ""
    monkeypatch.setattr(progress, "FILE", tmp_path / "written")
    assert repr(progress.show()) == "Run this cell in JupyterLab: it shows what you have done."
    assert progress.note("exercise dead", "done") == ""
    assert progress.status("exercise dead") == "done"
    assert progress.show().startswith("02 dead relu: 0 of")
    assert "kept" not in progress.show()
    progress.delete()
    assert not list(tmp_path.iterdir())
    path = ROOT / "notebooks" / "00_start_here.ipynb"
    if not path.exists():
        pytest.skip("topic 00 was left out")
    cells = nbformat.read(path, as_version=4).cells
    (cell,) = (cell for cell in cells if cell.source == "progress.show()")
    assert cell.outputs[0].data["text/plain"] == repr(progress.show())


PASSING = """from course.practice import check
def my_relu_grad(x):
    return (x > 0).astype(x.dtype)


check.relu_grad(my_relu_grad)"""


def store(path, folder):
    execute.main([str(path)])


def build(path, folder):
    notebook = nbformat.read(path, as_version=4)
    executed_notebooks.executed({("en", path): notebook}, folder / "store")


def hand_in(path, folder):
    classroom.main(path.parent)


def hold(path, folder):
    shutil.copy(ROOT / "conftest.py", folder)
    command = [sys.executable, "-m", "pytest", "-q", "--nbval-lax", "-p", "no:cacheprovider", str(path)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def learn(path, folder):
    """As a learner runs it; the others only count because this one is kept."""
    asyncio.run(execute.run(nbformat.read(path, as_version=4), path, 60))


@pytest.mark.slow
@pytest.mark.skipif(not running.CAN_FORK, reason="needs a system that can fork")
@pytest.mark.parametrize("by", [store, build, hand_in, pytest.param(hold, marks=pytest.mark.long), learn])
def test_what_is_run_for_somebody_else_is_not_kept(by, tmp_path, monkeypatch):
    for name in ("COURSE_FIGURES", "PYTHONWARNINGS"):
        # So that it is put back, whatever is set.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    for folder in ("notebooks", "course"):
        tmp_path.joinpath(folder).mkdir()
    path = tmp_path / "notebooks" / "passing.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(PASSING)]), path)
    monkeypatch.delenv("COURSE_PROGRESS", raising=False)
    monkeypatch.setenv("COURSE_FIGURES", "live")
    # A class is run in folders of its own, which lie in this checkout now.
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "notebooks"))
    with contextlib.suppress(SystemExit):
        by(path, tmp_path)
    assert tmp_path.joinpath(progress.FILE).exists() == (by is learn)
