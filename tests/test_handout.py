"""The edition for a class checks what a learner writes, and shows nobody a solution."""

import inspect
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from docutils import nodes
from docutils.utils import new_document
from test_update import git

from course import words
from course.practice.exercises import Exercise, exercises

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "docs" / "_ext")]
import exercise_answers  # noqa: E402
import handout  # noqa: E402
import practice  # noqa: E402

NO_SOLUTION = "This is the edition for a class, which has no solutions."
# There, a learner asks for each solution, and then hands it in as their own work.
LEARNER = """
import json, sys
import numpy as np
import course
from course import initializers, network, statistics, search, training, reproduction
from course.practice import check

said = {"": [course.__file__]}
for name, code in json.load(sys.stdin).items():
    shown = [repr(getattr(check, name).solution()), repr(getattr(check, name).hint())]
    space = {"np": np}
    if isinstance(code, str):
        exec(code, space)
    answer = code if isinstance(code, dict) else space["my_" + name]
    said[name] = [*shown, repr(getattr(check, name)(answer))]
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("needs git, and a clone")
    folder = tmp_path_factory.mktemp("handout")
    folder.joinpath("objects").mkdir()
    # The course as it is now: all is added, to an index and objects that are not the clone's own.
    objects = git(ROOT, "rev-parse", "--path-format=absolute", "--git-path", "objects").strip()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_ALTERNATE_OBJECT_DIRECTORIES", objects)
        patch.setenv("GIT_OBJECT_DIRECTORY", str(folder / "objects"))
        patch.setenv("GIT_INDEX_FILE", str(folder / "index"))
        git(ROOT, "add", "--all")
        handout.main(folder / "for a class")
    return folder / "for a class"


@pytest.fixture(scope="module")
def said(edition):
    """What each check of the edition says."""
    asked = {
        name: e.solution if isinstance(e, Exercise) else e.variants[0] for name, e in exercises().items()
    }
    command = [sys.executable, "-c", LEARNER]
    done = subprocess.run(command, cwd=edition, input=json.dumps(asked), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_has_no_solutions_gives_hints_and_a_right_answer_passes(edition, said):
    assert Path(said.pop("")[0]).is_relative_to(edition)
    for name, asked in exercises().items():
        solution, hint, answer = said[name]
        assert (solution, answer) == (NO_SOLUTION, "passed"), name
        assert asked.hints[0] in hint


def plain(text):
    return re.sub(r"\s+", " ", text)


def test_no_solution_and_no_mistake_can_be_read_in_any_of_its_files(edition):
    files = {
        path: path.read_bytes().decode("utf-8", "ignore") for path in edition.rglob("*") if path.is_file()
    }
    texts = {path: plain(text) for path, text in files.items()}
    assert len(texts) > 100
    for name, asked in exercises().items():
        for secret in [inspect.getsource(asked.reference), *(m.sentence for m in asked.mistakes)]:
            assert [path.name for path, text in texts.items() if plain(secret).strip() in text] == [], name


def test_its_notebooks_are_those_of_the_course_but_for_the_offer_of_a_solution(edition):
    for name, notebook in practice.notebooks().items():
        before = json.loads((ROOT / "notebooks" / "practice" / name).read_text(encoding="utf-8"))
        after = json.loads((edition / "notebooks" / "practice" / name).read_text(encoding="utf-8"))
        offers = [line for line in before["cells"][0]["source"] if line not in after["cells"][0]["source"]]
        assert len(offers) == 1
        assert ".solution()` shows" in offers[0]
        assert before["cells"][1:] == after["cells"][1:]
        assert notebook.cells[0].source != "".join(after["cells"][0]["source"])


def test_nothing_there_offers_a_solution_in_another_language(tmp_path, monkeypatch):
    # As git has them, the notebooks and catalogues of today.
    stored = "notebooks/ko/practice/01_exercises.ipynb", "course/locale/ko/LC_MESSAGES/practice_01.po"
    offer = '"- `check.dead.hint()`\\n",\n"- `check.dead.solution()`: 풀이를 보여 줍니다.\\n",\n"- 끝"\n'
    po = 'msgid "you give the sum."\nmsgstr "합을 돌려줍니다."\n'
    for name, text in zip(stored, (offer, po), strict=True):
        tmp_path.joinpath("course", name).parent.mkdir(parents=True)
        tmp_path.joinpath("course", name).write_text(text, encoding="utf-8")
    git(tmp_path / "course", "init")
    git(tmp_path / "course", "add", "--all")
    monkeypatch.setattr(handout, "ROOT", tmp_path / "course")
    handout.main(tmp_path / "edition")
    edition = tmp_path / "edition"
    assert edition.joinpath(stored[0]).read_text(encoding="utf-8") == '"- `check.dead.hint()`\\n",\n"- 끝"\n'
    assert not edition.joinpath(stored[1]).exists()
    monkeypatch.setattr(words, "LOCALE", edition / "course" / "locale")
    assert words.catalogue("ko") == {"you give the sum.": "합을 돌려줍니다."}


def test_the_edition_speaks_every_language_of_the_course(edition):
    code = "import json, sys; from course import words; json.dump(words.catalogue('ko'), sys.stdout)"
    done = subprocess.run([sys.executable, "-c", code], cwd=edition, capture_output=True, check=True)
    assert json.loads(done.stdout) == words.catalogue("ko")


def test_make_offers_nothing_there_that_needs_the_tests(edition):
    makefile = (edition / "Makefile").read_text(encoding="utf-8")
    assert "tests" not in re.sub("(?m)^.*## .*$|^#.*$", "", makefile)
    offered = set(re.findall(r"(?m)^([a-z0-9]+): .*## ", makefile))
    assert {"lab", "update", "test", "site", "notebooks", "uninstall"} <= offered
    assert set(re.search(r"\.PHONY: (.*)", makefile)[1].split()) == offered
    assert not (edition / "tests").exists()
    assert "no solutions" in (edition / "README.md").read_text(encoding="utf-8")[:200]


def test_on_its_site_hints_are_folded_under_an_exercise_and_no_solution(monkeypatch):
    def page():
        document = new_document("notebooks/practice/02_exercises")
        cell = nodes.container("", nodes.literal_block("", "check.dead(my_dead)"), nb_element="cell_code")
        document += cell
        document.settings.env = type("Env", (), {"docname": "notebooks/practice/02_exercises"})
        transform = exercise_answers.ExerciseAnswers(document)
        transform.run()
        return document.astext()

    assert "<summary>Solution</summary>" in page()
    monkeypatch.setattr(Exercise, "solution", None)
    assert "<summary>Solution</summary>" not in page()
    assert "<summary>Hint 1 of 3</summary>" in page()


def test_where_it_cannot_be_written_one_sentence_says_so(tmp_path, monkeypatch):
    with pytest.raises(SystemExit, match=r"^Say where to write it: make handout FOLDER=\.\./for_class$"):
        handout.main("")
    tmp_path.joinpath("mine").write_text("mine")
    with pytest.raises(SystemExit, match=r"is not empty: name a new folder\.$"):
        handout.main(tmp_path)
    monkeypatch.setattr(handout, "ROOT", tmp_path)
    with pytest.raises(SystemExit, match=r"^It takes git, and a clone"):
        handout.main(tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
