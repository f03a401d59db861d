"""The notebooks and catalogues of another language are those of the English course, and no older."""

import doctest
import re
import sys
from collections import Counter
from pathlib import Path

import nbformat
import pytest
from babel.messages.pofile import read_po
from korean import spelled
from test_notebooks import NOTEBOOKS, code_cells, differences, faults_of_code, is_question, said

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import catalogues  # noqa: E402
import execute  # noqa: E402
import notebook_prose  # noqa: E402
import notebook_words  # noqa: E402
import translate  # noqa: E402

pytestmark = pytest.mark.slow
LANGUAGES = sorted(path.name for path in ROOT.glob("course/locale/*") if path.is_dir())
EDITIONS = {
    (language, name): notebook for language in LANGUAGES for name, notebook in translate.notebooks(language)
}
TOPICS = [one for one in EDITIONS if "/" not in one[1]]
# A number as the course prints it; of 1,000 and 5e-06 all digits belong to it.
NUMBER = re.compile(r"[+-]?\d[\d,]*\.?\d*(?:e[+-]?\d+)?")


def stored(language, name):
    return nbformat.read(ROOT / "notebooks" / language / name, as_version=4)


@pytest.mark.parametrize("edition", EDITIONS, ids="/".join)
def test_a_notebook_says_what_the_english_one_and_the_catalogues_say(edition):
    # `make catalogues` writes it anew.
    assert translate.sources(stored(*edition)) == translate.sources(EDITIONS[edition])


def test_no_notebook_is_left_without_an_original():
    for language in LANGUAGES:
        folder = ROOT / "notebooks" / language
        there = {path.relative_to(folder).as_posix() for path in folder.rglob("*.ipynb")}
        assert there == {name for own, name in EDITIONS if own == language}


@pytest.mark.parametrize("edition", TOPICS, ids="/".join)
def test_a_stored_notebook_is_whole(edition):
    notebook = stored(*edition)
    assert notebook.metadata == execute.METADATA
    counts = [cell.execution_count for cell in code_cells(notebook)]
    assert counts == list(range(1, len(counts) + 1))
    # A call whose words are longer may take a line more, but what the English one shows it shows.
    faults = [fault for cell in code_cells(notebook) for fault in faults_of_code(cell)]
    assert [fault for fault in faults if "lines of code" not in fault] == []


@pytest.mark.skipif(sys.platform != "linux", reason="outputs are compared where they were made")
@pytest.mark.parametrize("edition", TOPICS, ids="/".join)
def test_what_is_stored_is_what_the_site_has_run(edition, site):
    language, name = edition
    ran = nbformat.read(ROOT / "docs" / "_build" / language / "docs" / "notebooks" / name, as_version=4)
    assert list(differences(stored(*edition), ran)) == []


def numbers(cell):
    """Return the numbers that a cell says, which stand in another order in another language."""
    text = " ".join(said(cell)).replace("\N{MINUS SIGN}", "-")
    return Counter(number.lstrip("+").rstrip(",.") for number in NUMBER.findall(text))


def other_numbers(english, translated):
    """Yield in sentences where the same cell says other numbers in two languages."""
    for place, (one, other) in enumerate(zip(english.cells, translated.cells, strict=True)):
        if one.cell_type == "code" and not is_question(one):
            missing, more = numbers(one) - numbers(other), numbers(other) - numbers(one)
            # "A tenth of the rate" may say its number in digits.
            more = [number for number in more if number not in spelled(" ".join(said(one)))]
            if missing or more:
                yield f"Cell {place} lacks {sorted(missing)} and has {sorted(more)}."


@pytest.mark.parametrize("edition", TOPICS, ids="/".join)
def test_both_languages_say_the_same_numbers(edition):
    english = nbformat.read(ROOT / "notebooks" / edition[1], as_version=4)
    assert list(other_numbers(english, stored(*edition))) == []


def test_another_number_is_found():
    english = nbformat.read(NOTEBOOKS[1], as_version=4)
    translated = stored(LANGUAGES[0], NOTEBOOKS[1].name)
    cell = next(cell for cell in code_cells(translated) if any("text" in o for o in cell.outputs))
    cell.outputs[0].text += "0.123\n"
    assert "0.123" in " ".join(other_numbers(english, translated))


def ids(path):
    with path.open("rb") as file:
        return [message.id for message in read_po(file) if message.id]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogues_have_the_messages_of_code_and_package(language):
    own = ROOT / "course" / "locale" / language / "LC_MESSAGES"
    package = catalogues.said()
    assert {path.stem: ids(path) for path in own.glob("*.po")} == package
    remarks = {f"# {text}" for texts in package.values() for text in texts}
    code = ROOT / "docs" / "locale" / language / "LC_MESSAGES" / "code"
    asked = {name: [t for t in texts if t not in remarks] for name, texts in catalogues.code().items()}
    assert {path.stem: ids(path) for path in code.glob("*.po")} == asked


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogues_have_the_messages_of_the_pages(language, site):
    pages = ROOT / "docs" / "locale" / language / "LC_MESSAGES"
    found = {path.relative_to(pages).with_suffix("").as_posix(): ids(path) for path in pages.rglob("*.po")}
    own = {page: texts for page, texts in found.items() if page != "sphinx" and not page.startswith("code/")}
    asked = catalogues.prose()
    assert own.keys() == asked.keys()
    assert [page for page in own if own[page] != asked[page]] == []


@pytest.mark.parametrize("module", [notebook_prose, notebook_words], ids=lambda module: module.__name__)
def test_the_examples_hold(module):
    failed, tried = doctest.testmod(module)
    assert failed == 0 < tried


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('plots.curve(ax, x, y, xlabel="layer", yscale="log")', ["layer"]),
        ('ask("two_hinges")', []),
        ('network.loss(params, "relu")', []),
        (
            '@explore(data=["mean image", "one"], start={"data": "one"})\ndef f(ax):\n    ...',
            ["mean image", "one"],
        ),
        ("print(f\"{', '.join(f'{n} units' for n in ns)}: done\")", None),
        ('numbers["first loss"]["loss"]', []),
        ('runs["first loss"]', ["first loss"]),
        ("x = 1  # a step\n# two lines\n# of one remark\ny = 2", ["# a step", "# two lines of one remark"]),
        ("f'{x:.2f} $x$'", []),
    ],
)
def test_words_are_told_from_names(source, found):
    if found is None:
        found = ["{', '.join((f'{n} units' for n in ns))}: done", "{n} units"]
    assert notebook_words.words(source) == found


def test_an_f_string_may_change_its_order_and_its_inner_words():
    source = "print(f\"{name}: {x:.1f} of {', '.join(f'{n} units' for n in ns)}\")"
    say = {
        "{name}: {x:.1f} of {', '.join((f'{n} units' for n in ns))}":
            "{', '.join((f'{n} units' for n in ns))} 가운데 {x:.1f}: {name}",
        "{n} units": "유닛 {n}개",
    }  # fmt: skip
    written = notebook_words.translated(source, lambda text: say.get(text, text))
    printed = []
    exec(written, {"print": printed.append, "name": "A", "x": 0.25, "ns": [1, 2]})
    assert printed == ["유닛 1개, 유닛 2개 가운데 0.2: A"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# A title\n\nTwo lines\nof one paragraph.", "# A TITLE\n\nTWO LINES OF ONE PARAGRAPH."),
        ("- one\n  item\n- two", "- ONE ITEM\n- TWO"),
        ("1. one\n\n   more of it\n2. two", "1. ONE\n\n   MORE OF IT\n2. TWO"),
        ("| a | b |\n|---|--:|\n| a | `c` d |", "| A | B |\n|---|--:|\n| A | `C` D |"),
        ("> quoted\n> twice", "> QUOTED TWICE"),
        ("$$\nx\n$$", "$$\nX\n$$"),
    ],
)
def test_prose_keeps_its_form(text, said):
    assert notebook_prose.translated(text, str.upper) == said
