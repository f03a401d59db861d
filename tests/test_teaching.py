"""The teachers' page keeps time, and leaves out no topic."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
NUMBERS = [path.name[:2] for path in sorted(ROOT.joinpath("notebooks").glob("[0-9]*.ipynb"))]


def table(heading):
    """The rows of the table under a heading, without its head."""
    section = re.split(r"(?m)^## ", PAGE.split(f"## {heading}\n")[1])[0]
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in section.splitlines() if line[:1] == "|"
    ]
    return rows[2:]


def test_every_topic_has_its_notes():
    assert len(NUMBERS) >= 8
    for number in NUMBERS:
        notes = re.search(rf"(?ms)^### \[?{number} .*?(?=^##|\Z)", PAGE)
        assert notes, number
        assert "Ask first\n: " in notes[0], number
        assert "Often misunderstood\n: " in notes[0], number


def test_the_minutes_are_those_of_the_readme():
    minutes = dict(re.findall(r"(?m)^### \[(\d\d) .*\((\d+) minutes\)$", PAGE))
    assert len(minutes) >= 8
    for line in README.splitlines():
        if row := re.match(r"\| (\d\d) .*\| (\d+) \|$", line):
            assert minutes.get(row[1], row[2]) == row[2], line


def test_the_lecture_fills_its_75_minutes():
    assert sum(int(minutes) for minutes, *_ in table("One lecture of 75 minutes")) == 75


def test_the_seminar_has_eight_weeks_and_every_topic():
    rows = table("A seminar of eight weeks")
    assert [int(week) for week, *_ in rows] == list(range(1, 9))
    assert set(NUMBERS) <= set(re.findall(r"\d\d", " ".join(topics for _, topics, _ in rows)))
