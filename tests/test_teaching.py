"""The teachers' pages keep time, leave out no topic, and name exercises and questions that there are."""

import doctest
import importlib
import math
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from course.practice.exercises import exercises
from course.practice.questions import Choice

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "docs" / "_ext")]
import handout  # noqa: E402
from left_out import TOPICS, left_out  # noqa: E402

ASSIGNMENT = (ROOT / "docs" / "assignment.md").read_text(encoding="utf-8")
SOLUTION = ROOT / "tests" / "assignment" / "solution.md"
PAGE = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
# Those of the course. What somebody adds for a class needs no notes and no week.
NUMBERS = [name[:2] for name in TOPICS if not left_out(name)]


# An outcome can be checked: nobody sees whether somebody understands.
UNSEEN = {"Understand", "Know", "Learn", "Appreciate", "See", "Be", "Grasp", "Explore"}
# The answers of the five-minute check, as the questions there ask for them.
CHECKED = [
    (str((np.zeros((100, 64)) @ np.zeros((64, 10)) + np.zeros(10)).shape), "every row"),
    (str(np.array([[1, 2], [5, 8]]).mean(axis=0)), "columns"),
    (f"= {(1 * 2 - 5) * 2}$", "$w$ grows"),
    (f"It is {0.25 * 4:g},", "multiplied"),
    (f"It is {math.sqrt(100 * 1):g}.", "variances"),
    (f"{math.log(1 / 10):.1f} and {math.log10(0.001):.0f}", "guesses"),
]


def section(heading):
    """What stands under a heading."""
    return re.split(r"(?m)^## ", PAGE.split(f"## {heading}\n")[1])[0]


def rows(text):
    """The rows of the table in a text, without its head."""
    found = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line[:1] == "|"
    ]
    return found[2:]


def table(heading):
    """The rows of the table under a heading, without its head."""
    return rows(section(heading))


def asked(number):
    """Questions and guesses of a topic, by their names."""
    module = importlib.import_module(f"course.practice.questions_{number}")
    return module.QUESTIONS | module.PREDICTIONS


def exercises_of(numbers):
    """The names of the exercises of topics."""
    return {name for name, exercise in exercises().items() if exercise.topic[:2] in numbers}


@pytest.mark.parametrize("number", NUMBERS)
def test_every_topic_has_two_or_three_outcomes_that_an_exercise_or_a_question_checks(number):
    found = re.search(rf"(?ms)^\*\*{number} .*?(?=\n\n)", section("What they can do afterwards"))
    assert found, f"docs/teaching.md has no outcomes of topic {number}."
    outcomes = re.split(r"(?m)^:? +- ", found[0])[1:]
    assert len(outcomes) in (2, 3)
    for outcome in outcomes:
        assert outcome.split()[0] not in UNSEEN, outcome
        names = set(re.findall(r"`(\w+)`", outcome))
        assert names, f"Nothing checks this: {outcome}"
        assert names <= exercises_of([number]) | asked(number).keys(), outcome


def test_the_names_of_topics_over_the_outcomes_are_theirs():
    names = re.findall(r"(?m)^\*\*(\d\d .*)\*\*$", section("What they can do afterwards"))
    assert set(names) >= {topic["name"] for name, topic in TOPICS.items() if not left_out(name)}


def test_the_five_minute_check_has_an_answer_folded_under_each_question_and_it_is_right():
    text = section("What learners should know")
    questions = re.findall(r"(?ms)^(\d)\. (.*?)(?=^\d\. |^\w|\Z)", text)
    assert [int(number) for number, _ in questions] == list(range(1, 7))
    for (_, question), answer in zip(questions, CHECKED, strict=True):
        (folded,) = re.findall(
            r'<details class="folded"><summary>Answer</summary>\n\n(.*?)\n\n +</details>', question, re.DOTALL
        )
        for part in answer:
            assert part in folded, folded


def test_what_a_learner_says_is_a_wrong_answer_of_the_question_that_is_named():
    believed = table("What they tend to believe")
    assert {number for number, *_ in believed} >= set(NUMBERS)
    for number, said, _, question, exercise in believed:
        known, said = asked(number)[question.strip("`")], said.strip('"')
        wrong = set(known.answers) - {known.key} if isinstance(known, Choice) else set(map(str, known.wrong))
        assert said in wrong, f"{question} has no wrong answer {said!r}."
        assert not exercise or exercise.strip("`") in exercises_of([number]), exercise


@pytest.mark.parametrize("number", NUMBERS)
def test_every_topic_has_its_notes(number):
    notes = re.search(rf"(?ms)^### \[?{number} .*?(?=^##|\Z)", PAGE)
    assert notes, f"docs/teaching.md has no notes on topic {number}."
    for part in ("Ask first", "Often misunderstood"):
        assert f"{part}\n: " in notes[0], f"docs/teaching.md does not say {part!r} of topic {number}."


def test_the_minutes_are_those_of_the_list_of_topics():
    minutes = dict(re.findall(r"(?m)^### \[(\d\d) .*\((\d+) minutes\)$", PAGE))
    assert minutes.keys() >= set(NUMBERS)
    for name, topic in TOPICS.items():
        assert minutes.get(name[:2], str(topic["minutes"])) == str(topic["minutes"]), name


def test_the_path_fills_its_90_minutes_and_without_its_last_row_75():
    minutes = [int(minutes) for minutes, *_ in table("A path of 90 minutes")]
    assert (sum(minutes), sum(minutes[:-1])) == (90, 75)
    assert "(clinic.md)" in table("A path of 90 minutes")[-1][2]


def test_the_semester_has_fourteen_weeks_every_topic_and_exercises_of_its_own_weeks():
    weeks = table("A semester")
    assert [int(week) for week, *_ in weeks] == list(range(1, 15))
    planned = set(re.findall(r"\d\d", " ".join(topics for _, topics, *_ in weeks)))
    missing = sorted(set(NUMBERS) - planned)
    assert not missing, f"docs/teaching.md: the semester has no week for {missing}."
    for week, topics, _, homework in weeks:
        names = set(re.findall(r"`(\w+)`", homework))
        assert names <= exercises_of(re.findall(r"\d\d", topics)), f"week {week}: {homework}"
    given = " ".join(" ".join(week) for week in weeks)
    assert "(assignment.md)" in given
    assert "(clinic.md)" in given


def test_the_rubric_gives_a_hundred_points_and_says_what_half_and_none_of_them_are_for():
    rubric = rows(ASSIGNMENT)
    assert sum(int(points) for points, *_ in rubric) == 100
    assert all(all(row) and len(row) == 5 for row in rubric)


def test_the_solution_of_the_assignment_is_on_no_page_and_handed_out_to_nobody():
    assert SOLUTION.relative_to(ROOT).as_posix() in PAGE
    assert SOLUTION.relative_to(ROOT).parts[0] in handout.FOLDERS
    # What it finds, with its interval.
    found = re.findall(r"\d+\.\d ± \d\.\d points", " ".join(SOLUTION.read_text(encoding="utf-8").split()))
    assert found
    for path in (ROOT / "docs").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        assert "1.245" not in text, path.name
        assert path.name not in ("teaching.md", "assignment.md") or not any(f in text for f in found)


def test_the_assignment_and_its_solution_begin_with_the_same_pictures():
    (code,) = re.findall(r"```python\n(.*?)```", ASSIGNMENT, re.DOTALL)
    given = [line for line in code.splitlines() if line and not re.match("import|from", line)]
    assert given
    solved = SOLUTION.read_text(encoding="utf-8").splitlines()
    assert [line for line in given if f">>> {line}" not in solved] == []


@pytest.mark.long
def test_the_solution_of_the_assignment_gives_its_numbers():
    options = {"optionflags": doctest.NORMALIZE_WHITESPACE, "encoding": "utf-8"}
    failed, run = doctest.testfile(str(SOLUTION), module_relative=False, **options)
    assert (failed, run > 20) == (0, True)


def test_what_the_judgement_quotes_is_what_the_comparison_printed():
    text = SOLUTION.read_text(encoding="utf-8")
    printed = {f"{a} ± {b}" for a, b in re.findall(r"(\d+\.\d) \+- (\d\.\d) points", text)}
    quoted = set(re.findall(r"\d+\.\d ± \d\.\d", text))
    assert quoted
    assert quoted <= printed
