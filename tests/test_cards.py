"""The cards that Anki imports: every term and every question once, as text that Anki can show."""

import html
import re
import sys
from pathlib import Path

import pytest

from course.practice.asking import QUESTIONS

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import cards  # noqa: E402

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("cards") / "cards.txt"
    cards.main(path)
    return path


@pytest.fixture(scope="module")
def rows(file):
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def test_every_term_and_every_question_has_one_card(rows):
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").partition("```{glossary}")[2]
    defined = [line for line in glossary.partition("```\n")[0].splitlines() if line and line[0] != " "]
    names = [name for name, *_ in rows]
    assert names == [f"term {term}" for term in defined] + [f"question {name}" for name in QUESTIONS]
    assert len(set(names)) == len(names) > 100


def test_a_card_has_two_sides_and_no_mark_of_the_pages(rows):
    for name, front, back, tag in rows:
        assert front.strip(), name
        assert len(back) > 10, name
        assert tag == "glossary" or re.fullmatch(r"topic_(\d\d|all)", tag), name
        text = html.unescape(front + back)
        assert not re.search(r"\{term\}|\]\(|\$|`|FORMULA|ipynb", text), (name, text)
        assert set(re.findall(r"</?(\w+)", front + back)) <= {
            "b",
            "br",
            "code",
            "em",
            "li",
            "strong",
            "ul",
        }, name


def test_a_formula_is_kept_as_it_was_written():
    assert cards.markup(r"Of $x_1 < *y*$ and `a_b`.") == r"Of \(x_1 &lt; *y*\) and <code>a_b</code>."


@pytest.mark.peer
def test_anki_imports_all_of_them_and_a_second_time_none(file, rows, tmp_path):
    collection = pytest.importorskip("anki.collection", reason="imports with Anki: run make peers")
    from anki import import_export_pb2 as wanted

    anki = collection.Collection(str(tmp_path / "collection.anki2"))
    try:
        for _ in range(2):
            metadata = anki.get_csv_metadata(path=str(file), delimiter=None)
            anki.import_csv(wanted.ImportCsvRequest(path=str(file), metadata=metadata))
            notes = [anki.get_note(note) for note in anki.find_notes("")]
            assert {(note.guid, *note.fields, *note.tags) for note in notes} == {tuple(row) for row in rows}
            assert len(notes) == len(rows)
    finally:
        anki.close()
