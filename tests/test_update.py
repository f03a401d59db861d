"""An update brings the new course and loses nothing that a learner has written."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import update  # noqa: E402

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
AS_TEACHER = ["-c", "user.name=teacher", "-c", "user.email=teacher@example.org"]


def git(folder, *arguments):
    subprocess.run(["git", *AS_TEACHER, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def teacher(tmp_path):
    """The course as it is published: three notebooks."""
    folder = tmp_path / "teacher"
    folder.joinpath("notebooks").mkdir(parents=True)
    for name in "abc":
        folder.joinpath("notebooks", f"{name}.ipynb").write_text(f"{name}, first edition\n")
    git(folder, "init", "--initial-branch=main")
    publish(folder)
    return folder


def publish(teacher):
    git(teacher, "add", "--all")
    git(teacher, "commit", "--message=edition")


@pytest.fixture
def learner(teacher, tmp_path):
    """A clone of it, in a folder that is not plain ASCII."""
    folder = tmp_path / "my 학습"
    git(tmp_path, "clone", str(teacher), str(folder))
    return folder


def read(folder):
    """All files of a folder but git's own, by name."""
    paths = [path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_text() for path in paths}


def test_what_both_have_changed_is_kept_beside_the_new_one(teacher, learner, capsys):
    book, own = teacher / "notebooks", learner / "notebooks"
    book.joinpath("a.ipynb").write_text("a, second edition\n")
    book.joinpath("d.ipynb").write_text("d, a new topic\n")
    own.joinpath("a.ipynb").write_text("a, with my notes\n")
    own.joinpath("b.ipynb").write_text("b, with my notes\n")
    own.joinpath("d.ipynb").write_text("d, a file of mine\n")
    own.joinpath("e.ipynb").write_text("e, a file of mine\n")
    git(learner, "add", "notebooks/a.ipynb", "notebooks/d.ipynb")
    publish(teacher)
    update.main(learner)
    (kept_a, kept_d) = sorted(own.joinpath("mine").iterdir())
    assert {name: text for name, text in read(learner).items() if "mine" not in name} == {
        "notebooks/a.ipynb": "a, second edition\n",
        "notebooks/b.ipynb": "b, with my notes\n",
        "notebooks/c.ipynb": "c, first edition\n",
        "notebooks/d.ipynb": "d, a new topic\n",
        "notebooks/e.ipynb": "e, a file of mine\n",
    }
    assert kept_a.read_text() == "a, with my notes\n"
    assert kept_d.read_text() == "d, a file of mine\n"
    said = capsys.readouterr().out
    assert f"a.ipynb is new in the course; yours is kept as notebooks/mine/{kept_a.name}.\n" in said
    assert said.endswith("the course is up to date.\n")


def test_a_second_update_on_one_day_overwrites_nothing(teacher, learner):
    for edition in ("second", "third"):
        teacher.joinpath("notebooks", "a.ipynb").write_text(f"a, {edition} edition\n")
        learner.joinpath("notebooks", "a.ipynb").write_text(f"my notes on the {edition} edition\n")
        publish(teacher)
        update.main(learner)
    texts = {path.read_text() for path in learner.joinpath("notebooks", "mine").iterdir()}
    assert texts == {"my notes on the second edition\n", "my notes on the third edition\n"}
    assert learner.joinpath("notebooks", "a.ipynb").read_text() == "a, third edition\n"


def test_what_the_course_drops_and_the_learner_has_changed_is_kept(teacher, learner):
    teacher.joinpath("notebooks", "a.ipynb").unlink()
    learner.joinpath("notebooks", "a.ipynb").write_text("a, with my notes\n")
    publish(teacher)
    update.main(learner)
    assert "a, with my notes\n" in read(learner).values()
    assert "notebooks/a.ipynb" not in read(learner)


def test_what_the_learner_has_deleted_comes_back_when_it_is_new(teacher, learner):
    learner.joinpath("notebooks", "a.ipynb").unlink()
    teacher.joinpath("notebooks", "a.ipynb").write_text("a, second edition\n")
    publish(teacher)
    update.main(learner)
    assert read(learner)["notebooks/a.ipynb"] == "a, second edition\n"


@pytest.mark.parametrize("cause", ["no network", "commits", "no clone", "no git"])
def test_where_it_cannot_update_it_says_why_and_changes_nothing(teacher, learner, cause, monkeypatch):
    teacher.joinpath("notebooks", "a.ipynb").write_text("a, second edition\n")
    learner.joinpath("notebooks", "a.ipynb").write_text("a, with my notes\n")
    publish(teacher)
    sentence = {
        "no network": "could not be fetched: check the network",
        "commits": "has commits of its own: merge them",
        "no clone": "that this folder is a clone",
        "no git": "git is missing",
    }[cause]
    if cause == "no network":
        teacher.rename(teacher.with_name("away"))
    elif cause == "commits":
        git(learner, "commit", "--all", "--message=mine")
    elif cause == "no clone":
        shutil.rmtree(learner / ".git")
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(learner.parent))
    else:
        monkeypatch.setenv("PATH", "")
    before = read(learner)
    with pytest.raises(SystemExit, match=rf"^update: .*{sentence}.*Nothing was changed\.$"):
        update.main(learner)
    assert read(learner) == before


def test_where_a_copy_cannot_be_kept_nothing_is_changed(teacher, learner, monkeypatch):
    teacher.joinpath("notebooks", "a.ipynb").write_text("a, second edition\n")
    learner.joinpath("notebooks", "a.ipynb").write_text("a, with my notes\n")
    publish(teacher)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copy2", full)
    with pytest.raises(SystemExit, match=r"a.ipynb could not be kept \(No space .*Nothing was changed"):
        update.main(learner)
    assert read(learner)["notebooks/a.ipynb"] == "a, with my notes\n"
