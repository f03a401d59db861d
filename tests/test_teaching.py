"""The teachers' page keeps time, and leaves out no topic."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "docs" / "_ext"))
from left_out import TOPICS, left_out  # noqa: E402

PAGE = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
# Those of the course. What somebody adds for a class needs no notes and no week.
NUMBERS = [name[:2] for name in TOPICS if not left_out(name)]


def table(heading):
    """The rows of the table under a heading, without its head."""
    section = re.split(r"(?m)^## ", PAGE.split(f"## {heading}\n")[1])[0]
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in section.splitlines() if line[:1] == "|"
    ]
    return rows[2:]


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


def test_the_lecture_fills_its_75_minutes():
    assert sum(int(minutes) for minutes, *_ in table("One lecture of 75 minutes")) == 75


def test_the_seminar_has_eight_weeks_and_every_topic():
    rows = table("A seminar of eight weeks")
    assert [int(week) for week, *_ in rows] == list(range(1, 9))
    planned = set(re.findall(r"\d\d", " ".join(topics for _, topics, _ in rows)))
    missing = sorted(set(NUMBERS) - planned)
    assert not missing, f"docs/teaching.md: the seminar has no week for {missing}."
