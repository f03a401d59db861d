"""An update brings the new course and loses nothing that a learner has written."""

import datetime as dt
import json
import os
import re
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


def git(folder, *arguments, check=True):
    command = ["git", *AS_TEACHER, "-c", "protocol.file.allow=always", *arguments]
    done = subprocess.run(command, cwd=folder, check=check, capture_output=True, encoding="utf-8")
    return done.stdout


@pytest.fixture
def teacher(tmp_path):
    """The course as it is published: three notebooks, and what it is known by."""
    folder = tmp_path / "teacher"
    for name in ("notebooks", "tools"):
        folder.joinpath(name).mkdir(parents=True)
    folder.joinpath("tools", "update.py").write_text("the course's own\n")
    shutil.copy(ROOT / ".gitattributes", folder)
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


def state(folder):
    """All that a repository holds: its commit, what is staged, what is edited, and its files."""
    git_says = [git(folder, "rev-parse", "HEAD"), git(folder, "diff", "--cached"), git(folder, "diff")]
    return git_says, read(folder)


@pytest.fixture
def other(tmp_path):
    """Another repository, with work in it and news to be fetched."""
    home, folder = tmp_path / "home", tmp_path / "other"
    home.mkdir()
    git(home, "init", "--initial-branch=main")
    for edition in ("first", "second"):
        for name in ("paper", "data", "notes"):
            home.joinpath(name).write_text(f"{name}, {edition} edition\n")
        publish(home)
        if edition == "first":
            git(tmp_path, "clone", str(home), str(folder))
    folder.joinpath("paper").write_text("staged\n")
    folder.joinpath("unpublished").write_text("staged\n")
    git(folder, "add", "paper", "unpublished")
    folder.joinpath("data").write_text("edited\n")
    return folder


def unpack(teacher, folder):
    """Unpack the course as from a zip."""
    shutil.copytree(teacher, folder, ignore=shutil.ignore_patterns(".git"), dirs_exist_ok=True)
    folder.joinpath("notebooks", "a.ipynb").write_text("a, with my notes\n")
    return folder


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
    assert {
        name: text for name, text in read(learner).items() if re.match("notebooks/[a-z].ipynb", name)
    } == {
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


def test_a_notebook_in_another_language_is_kept_where_it_goes_on_in_it(teacher, learner, capsys):
    names = "notebooks/ko/a.ipynb", "notebooks/ko/practice/a.ipynb"
    for edition in ("second", "third"):
        for name in names:
            teacher.joinpath(name).parent.mkdir(exist_ok=True, parents=True)
            teacher.joinpath(name).write_text(f"{name}, {edition} edition\n")
            if edition == "third":
                learner.joinpath(name).write_text(f"{name}, with my notes\n")
        publish(teacher)
        update.main(learner)
    assert [read(learner)[name] for name in names] == [f"{name}, third edition\n" for name in names]
    assert [path.name for path in learner.joinpath("notebooks", "mine").iterdir()] == ["ko"]
    kept = [path.read_text() for path in learner.joinpath("notebooks", "mine", "ko").iterdir()]
    assert sorted(kept) == [f"{name}, with my notes\n" for name in names]
    assert "ko/a.ipynb is new in the course; yours is kept as notebooks/mine/ko/a-" in capsys.readouterr().out


def test_what_the_course_drops_and_the_learner_has_changed_is_kept(teacher, learner, capsys):
    teacher.joinpath("notebooks", "a.ipynb").unlink()
    learner.joinpath("notebooks", "a.ipynb").write_text("a, with my notes\n")
    publish(teacher)
    update.main(learner)
    assert "a, with my notes\n" in read(learner).values()
    assert "notebooks/a.ipynb" not in read(learner)
    assert "a.ipynb is no longer in the course; yours is kept as notebooks/mine/a-" in capsys.readouterr().out


def test_what_the_learner_has_deleted_or_renamed_comes_back_when_it_is_new(teacher, learner):
    learner.joinpath("notebooks", "a.ipynb").unlink()
    git(learner, "mv", "notebooks/b.ipynb", "notebooks/mine.ipynb")
    learner.joinpath("notebooks", "d.ipynb").touch()
    git(learner, "add", "--intent-to-add", "notebooks/d.ipynb")
    learner.joinpath("notebooks", "d.ipynb").unlink()
    for name in "abd":
        teacher.joinpath("notebooks", f"{name}.ipynb").write_text(f"{name}, second edition\n")
    publish(teacher)
    update.main(learner)
    for name in "abd":
        assert read(learner)[f"notebooks/{name}.ipynb"] == f"{name}, second edition\n"
    assert git(learner, "show", ":notebooks/mine.ipynb") == "b, first edition\n"


REFUSALS = {
    "no network": "could not be fetched: check the network",
    "no git": "git is missing: install it",
    "commits": "commits of its own: commit what is not, and merge with git",
    "no branch": "on no branch: type git checkout main",
    "no upstream": "does not follow the course: type git branch --set-upstream-to=origin/main",
    "merge": "merge or rebase of yours is unfinished: end it as git status says",
    "cherry-pick": "merge or rebase of yours is unfinished",
    "revert": "merge or rebase of yours is unfinished",
    "rebase --merge": "merge or rebase of yours is unfinished",
    "rebase --apply": "merge or rebase of yours is unfinished",
    "stash": "merge or rebase of yours is unfinished",
    "lock": "git is at work here, or was interrupted: wait, or delete .*index.lock",
    "another owner": "does not trust .* type the command above",
    "staged and edited": "a.ipynb is staged, and was edited since: type git add",
    "linked notebooks": "notebooks is a link to another folder: put the folder itself",
}


@pytest.mark.parametrize("cause", REFUSALS)
def test_where_it_cannot_update_it_says_what_to_do_and_changes_nothing(
    teacher, learner, cause, monkeypatch, tmp_path
):
    a = learner / "notebooks" / "a.ipynb"
    teacher.joinpath("notebooks", "a.ipynb").write_text("a, second edition\n")
    publish(teacher)
    a.write_text("a, with my notes\n")
    if cause == "no network":
        teacher.rename(teacher.with_name("away"))
    elif cause == "commits":
        git(learner, "commit", "--all", "--message=mine")
    elif cause == "no branch":
        git(learner, "checkout", "--detach")
    elif cause == "no upstream":
        git(learner, "checkout", "-b", "mine")
    elif cause in ("merge", "cherry-pick", "revert", "rebase --merge", "rebase --apply"):
        git(learner, "commit", "--all", "--message=mine")
        git(learner, "fetch")
        git(learner, *cause.split(), "HEAD~" if cause == "revert" else "origin/main", check=False)
        git(learner, "add", "--all")
    elif cause == "stash":
        git(learner, "stash")
        git(learner, "pull", "--ff-only")
        git(learner, "stash", "pop", check=False)
        teacher.joinpath("notebooks", "a.ipynb").write_text("a, third edition\n")
        publish(teacher)
    elif cause == "lock":
        learner.joinpath(".git", "index.lock").touch()
    elif cause == "another owner":
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    elif cause == "staged and edited":
        git(learner, "add", "--all")
        a.write_text("a, with more notes\n")
    elif cause == "linked notebooks":
        learner.joinpath("notebooks").rename(tmp_path / "elsewhere")
        learner.joinpath("notebooks").symlink_to(tmp_path / "elsewhere")
    before = read(tmp_path)
    with monkeypatch.context() as patch:
        if cause == "no git":
            patch.setenv("PATH", "")
        with pytest.raises(
            SystemExit, match=rf"^update: .*{REFUSALS[cause]}.*Nothing was changed\.$"
        ) as said:
            update.main(learner)
    assert str(said.value).count(". ") == 1
    assert read(tmp_path) == before


@pytest.mark.parametrize("where", ["bare", "inside another", "at its top", "broken"])
def test_an_unpacked_zip_is_told_how_and_no_repository_is_touched(teacher, learner, other, where, tmp_path):
    above = {"bare": tmp_path, "broken": learner}.get(where, other)
    folder = unpack(teacher, above if where == "at its top" else above / "zip")
    teacher.joinpath("notebooks", "a.ipynb").write_text("a, second edition\n")
    publish(teacher)
    if where == "broken":
        folder.joinpath(".git").mkdir()
    before = state(other), state(learner), read(tmp_path)
    with pytest.raises(SystemExit, match=r"not a git clone of the course: unpack the new course beside it"):
        update.main(folder)
    assert (state(other), state(learner), read(tmp_path)) == before


def test_an_unpacked_zip_needs_no_git_to_be_told(teacher, tmp_path, monkeypatch):
    unpack(teacher, tmp_path / "zip")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match=r"not a git clone of the course"):
        update.main(tmp_path / "zip")


# What git may set for a hook in another repository, and where it points to there.
HOOK = {
    "GIT_DIR": ".git",
    "GIT_COMMON_DIR": ".git",
    "GIT_WORK_TREE": ".",
    "GIT_INDEX_FILE": ".git/index",
    "GIT_OBJECT_DIRECTORY": ".git/objects",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES": "../teacher/.git/objects",
    "GIT_NAMESPACE": "other",
}


@pytest.mark.parametrize("how", ["submodule", "worktree", "inside another", "hook", "link"])
def test_only_the_repository_of_the_course_is_updated(teacher, learner, other, how, tmp_path, monkeypatch):
    folder = other / "course"
    if how == "submodule":
        git(other, "submodule", "add", str(teacher), "course")
        git(other, "commit", "--message=course", "--", "course", ".gitmodules")
    elif how == "worktree":
        git(learner, "branch", "mine", "--track", "origin/main")
        learner.joinpath("notebooks", "b.ipynb").write_text("b, with my notes\n")
        git(learner, "add", "--all")
        git(learner, "worktree", "add", str(folder), "mine")
    elif how == "link":
        folder.symlink_to(learner)
    else:
        git(other, "clone", str(teacher), "course")
    teacher.joinpath("notebooks", "a.ipynb").write_text("a, second edition\n")
    folder.joinpath("notebooks", "a.ipynb").write_text("a, with my notes\n")
    publish(teacher)
    head, staged = git(other, "rev-parse", "HEAD"), git(other, "diff", "--cached")
    main, learners = git(learner, "rev-parse", "main"), git(learner, "diff", "--cached")
    with monkeypatch.context() as patch:
        if how == "hook":
            for name, value in HOOK.items():
                patch.setenv(name, str(other / value))
        update.main(folder)
    git(folder, "fsck")
    assert git(other, "rev-parse", "HEAD") == head
    assert git(other, "diff", "--cached") == staged
    texts = {name: text for name, text in read(other).items() if not name.startswith("course")}
    assert texts.items() >= {
        "paper": "staged\n", "unpublished": "staged\n", "data": "edited\n", "notes": "notes, first edition\n",
    }.items()  # fmt: skip
    assert folder.joinpath("notebooks", "a.ipynb").read_text() == "a, second edition\n"
    assert "a, with my notes\n" in read(folder).values()
    if how != "link":
        assert (git(learner, "rev-parse", "main"), git(learner, "diff", "--cached")) == (main, learners)


def test_a_clone_that_is_merely_ahead_is_up_to_date(learner, capsys):
    learner.joinpath("notebooks", "a.ipynb").write_text("a, with my notes\n")
    git(learner, "commit", "--all", "--message=mine")
    learner.joinpath("notebooks", "a.ipynb").write_text("a, with more notes\n")
    before = state(learner)
    update.main(learner)
    assert state(learner) == before
    assert capsys.readouterr().out == "update: the course is up to date.\n"


@pytest.mark.parametrize("setting", ["merge.autoStash=true", "merge.ff=false"])
def test_what_is_staged_stays_staged_where_the_update_does_not_come(teacher, learner, setting):
    git(learner, "config", *setting.split("="))
    teacher.joinpath("notebooks", "a.ipynb").write_text("a, second edition\n")
    for name in "abe":
        learner.joinpath("notebooks", f"{name}.ipynb").write_text(f"{name}, with my notes\n")
    git(learner, "add", "--all")
    git(learner, "rm", "--quiet", "notebooks/c.ipynb")
    learner.joinpath("notebooks", "b.ipynb").write_text("b, with more notes\n")
    publish(teacher)
    update.main(learner)
    assert git(learner, "rev-parse", "HEAD") == git(teacher, "rev-parse", "HEAD")
    staged = git(learner, "diff", "--cached", "--name-status").split()
    assert staged == ["M", "notebooks/b.ipynb", "D", "notebooks/c.ipynb", "A", "notebooks/e.ipynb"]
    assert git(learner, "show", ":notebooks/b.ipynb") == "b, with my notes\n"
    assert learner.joinpath("notebooks", "b.ipynb").read_text() == "b, with more notes\n"
    assert "a, with my notes\n" in read(learner).values()


def test_a_file_whose_text_is_the_courses_is_not_kept(teacher, learner):
    for name in "ab":
        teacher.joinpath("notebooks", f"{name}.ipynb").write_text(f"{name}, second edition\n")
    publish(teacher)
    learner.joinpath("notebooks", "a.ipynb").chmod(0o755)
    git(learner, "rm", "--cached", "notebooks/b.ipynb")
    update.main(learner)
    texts = read(learner)
    assert [texts[f"notebooks/{name}.ipynb"] for name in "ab"] == [
        "a, second edition\n",
        "b, second edition\n",
    ]
    assert not learner.joinpath("notebooks", "mine").exists()


def test_a_name_that_git_would_quote_or_take_for_a_pattern(teacher, learner, capsys):
    names = ["죽은 ReLU's [1].ipynb", "죽은 ReLU's 1.ipynb"]
    for name in names:
        teacher.joinpath("notebooks", name).write_text("first edition\n")
    publish(teacher)
    update.main(learner)
    for name in names:
        learner.joinpath("notebooks", name).write_text(f"my notes on {name}\n")
    teacher.joinpath("notebooks", names[0]).write_text("second edition\n")
    publish(teacher)
    update.main(learner)
    kept = f"notebooks/mine/죽은 ReLU's [1]-{dt.date.today()}.ipynb"
    assert f"notebooks/{names[0]} is new in the course; yours is kept as {kept}." in capsys.readouterr().out
    texts = read(learner)
    assert texts[kept] == f"my notes on {names[0]}\n"
    assert texts[f"notebooks/{names[0]}"] == "second edition\n"
    assert texts[f"notebooks/{names[1]}"] == f"my notes on {names[1]}\n"


@pytest.mark.parametrize("step", ["checkout", "reset", "merge", "half of the merge"])
def test_an_interrupted_update_is_ended_by_the_next_one(teacher, learner, step, monkeypatch, capsys):
    for name in "abd":
        teacher.joinpath("notebooks", f"{name}.ipynb").write_text(f"{name}, second edition\n")
    for name in "ad":
        learner.joinpath("notebooks", f"{name}.ipynb").write_text(f"{name}, with my notes\n")
    publish(teacher)
    run = subprocess.run

    def interrupt(command, **options):
        if step.split()[-1] in command:
            raise KeyboardInterrupt
        return run(command, **options)

    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "run", interrupt)
        with pytest.raises(KeyboardInterrupt):
            update.main(learner)
    assert {"a, with my notes\n", "d, with my notes\n"} <= set(read(learner).values())
    if step == "half of the merge":
        for name in "bd":
            shutil.copy(teacher / "notebooks" / f"{name}.ipynb", learner / "notebooks")
    update.main(learner)
    today = dt.date.today()
    assert {name: text for name, text in read(learner).items() if name.startswith("notebooks")} == {
        "notebooks/a.ipynb": "a, second edition\n",
        "notebooks/b.ipynb": "b, second edition\n",
        "notebooks/c.ipynb": "c, first edition\n",
        "notebooks/d.ipynb": "d, second edition\n",
        f"notebooks/mine/a-{today}.ipynb": "a, with my notes\n",
        f"notebooks/mine/d-{today}.ipynb": "d, with my notes\n",
    }
    assert "b.ipynb is new" not in capsys.readouterr().out


def notebook(*cells):
    """A notebook as JupyterLab writes it."""
    cells = [{"cell_type": "markdown", "metadata": {}, "source": [text]} for text in cells]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


@pytest.mark.parametrize("how", ["as the sentence says", "as nbgitpuller does"])
def test_commits_of_ones_own_are_merged_and_a_notebook_stays_one(teacher, learner, how):
    book, own = teacher / "notebooks", learner / "notebooks"
    book.joinpath("a.ipynb").write_text(notebook("one", "two", "three", "four"))
    book.joinpath("practice").mkdir()
    book.joinpath("practice", "p.ipynb").write_text(notebook("one", "...", "two", "...", "three"))
    publish(teacher)
    update.main(learner)
    book.joinpath("practice", "p.ipynb").write_text(notebook("zero", "...", "two", "...", "three, again"))
    book.joinpath("a.ipynb").write_text(notebook("one, again", "two", "three", "four, by the course", "five"))
    book.joinpath("b.ipynb").write_text("b, second edition\n")
    publish(teacher)
    mine = notebook("one", "two", "three", "four, by me")
    own.joinpath("a.ipynb").write_text(mine)
    answered = notebook("one", "my answer to one", "two", "my answer to two", "three")
    own.joinpath("practice", "p.ipynb").write_text(answered)
    own.joinpath("c.ipynb").write_text("c, with my notes\n")
    git(learner, "commit", "--all", "--message=mine")
    with pytest.raises(SystemExit) as said:
        update.main(learner)
    recipe = re.search(r"merge with git (.*), which keeps your version", str(said.value)).group(1)
    if how == "as the sentence says":
        git(learner, *recipe.split())
        assert own.joinpath("a.ipynb").read_text() == mine
    else:
        git(learner, "merge", "--no-edit", "-X", "ours", "origin/main")
        cells = [cell["source"] for cell in json.loads(own.joinpath("a.ipynb").read_text())["cells"]]
        assert cells[0] == ["one, again"]
        assert cells[3] == ["four, by me"]
    assert own.joinpath("practice", "p.ipynb").read_text() == answered
    assert own.joinpath("b.ipynb").read_text() == "b, second edition\n"
    assert own.joinpath("c.ipynb").read_text() == "c, with my notes\n"
    update.main(learner)


def test_what_git_refuses_to_overwrite_is_named_and_a_second_update_goes_on(teacher, learner, capsys):
    for name in "ad":
        teacher.joinpath("notebooks", f"{name}.ipynb").write_text(f"{name}, second edition\n")
    publish(teacher)
    learner.joinpath("notebooks", "a.ipynb").write_text("a, with my notes\n")
    learner.joinpath("notebooks", "d.ipynb").mkdir()
    learner.joinpath("notebooks", "d.ipynb", "mine").write_text("a file of mine\n")
    with pytest.raises(SystemExit, match=r"^update: git failed, as it says above: .* Your work is whole"):
        update.main(learner)
    assert "notebooks/d.ipynb" in capsys.readouterr().err
    assert {"a, with my notes\n", "a file of mine\n"} <= set(read(learner).values())
    learner.joinpath("notebooks", "d.ipynb").rename(learner / "away")
    update.main(learner)
    assert learner.joinpath("notebooks", "a.ipynb").read_text() == "a, second edition\n"
    assert learner.joinpath("notebooks", "d.ipynb").read_text() == "d, second edition\n"
    assert [path.name for path in learner.joinpath("notebooks", "mine").iterdir()] == [
        f"a-{dt.date.today()}.ipynb"
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a name is always Unicode")
def test_a_name_that_is_no_unicode_does_not_stop_it(teacher, learner):
    teacher.joinpath("notebooks", "a.ipynb").write_text("a, second edition\n")
    publish(teacher)
    name = os.fsdecode("노트.ipynb".encode("cp949"))
    learner.joinpath("notebooks", name).write_text("a file of mine\n")
    git(learner, "add", "--all")
    update.main(learner)
    assert read(learner)["notebooks/a.ipynb"] == "a, second edition\n"
    assert learner.joinpath("notebooks", name).read_text() == "a file of mine\n"


@pytest.mark.skipif(os.name == "nt", reason="needs a shell")
def test_an_interruption_is_answered_with_a_sentence(teacher, tmp_path):
    tmp_path.joinpath("git").write_text("#!/bin/sh\nkill -INT $PPID\nsleep 1\n")
    tmp_path.joinpath("git").chmod(0o755)
    shutil.copy(ROOT / "tools" / "update.py", teacher / "tools")
    env = os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    # In the background it would not listen.
    listen = "import runpy, signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)"
    start = f"{listen}; runpy.run_path(sys.argv[1], run_name='__main__')"
    command = [sys.executable, "-c", start, str(teacher / "tools" / "update.py")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=env)
    assert done.stderr == "update: interrupted; run make update again to go on.\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows writes its terminal in Unicode")
def test_a_terminal_that_lacks_a_letter_does_not_stop_it(teacher, tmp_path):
    teacher.joinpath("notebooks", "죽은.ipynb").write_text("first edition\n")
    shutil.copy(ROOT / "tools" / "update.py", teacher / "tools")
    publish(teacher)
    git(tmp_path, "clone", str(teacher), "learner")
    for folder in ("teacher", "learner"):
        tmp_path.joinpath(folder, "notebooks", "죽은.ipynb").write_text(f"{folder}'s second\n")
    publish(teacher)
    command = [sys.executable, str(tmp_path / "learner" / "tools" / "update.py")]
    done = subprocess.run(command, capture_output=True, env=os.environ | {"PYTHONIOENCODING": "latin-1"})
    assert done.returncode == 0, done.stderr
    assert "teacher's second\n" in read(tmp_path / "learner").values()
    assert "learner's second\n" in read(tmp_path / "learner").values()


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
