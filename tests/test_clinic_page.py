"""What the page of the clinic knows of its cases is what they answer."""

import html
import json
import re

import numpy as np
import pytest

from course.clinic import game, paged, record
from course.clinic.experiments import answer

# Those that train nothing.
QUICK = ("count the labels", "double batch", "known scores")


def spoken(text):
    """A sentence without its numbers, and these."""
    number = r"(?<![\w.])-?\d+(?:\.\d+)?(?:e-?\d+)?%?"
    return re.sub(number, "#", text), [float(found.rstrip("%")) for found in re.findall(number, text)]


def same(now, kept):
    """Whether a case answers what is recorded; last digits may differ from machine to machine."""
    (right, words), (was_right, recorded) = now, kept
    (said, numbers), (before, old) = spoken(words), spoken(recorded)
    assert (right, said) == (was_right, before)
    np.testing.assert_allclose(numbers, old, rtol=0.3, atol=0.05)


def test_the_record_has_all_that_can_be_asked_of_at_least_24_cases_of_which_one_in_six_is_healthy():
    kept = record.recorded()
    assert [int(number) for number in kept] == list(record.NUMBERS)
    assert len(kept) >= 24
    assert sum(found["causes"][""][0] for found in kept.values()) * 6 == len(kept)
    for found in kept.values():
        assert sum(right for right, _ in found["causes"].values()) == 1
        assert any(right for right, _ in found["repairs"].values())


def test_the_record_is_what_the_cases_answer_without_training():
    for number, found in record.recorded().items():
        case = game.dealt(int(number))
        same([True, game.truth(case)], found["truth"][""])
        for name in QUICK:
            same([True, answer(name, case)[1]], found["experiments"][name])


@pytest.mark.long
@pytest.mark.parametrize("number", record.NUMBERS)
def test_the_record_is_what_every_case_answers(number):
    kept, now = record.recorded()[f"{number}"], record.asked(number)
    for what, found in now.items():
        assert found.keys() == kept[what].keys()
        for name, pair in found.items():
            same(pair, kept[what][name])


def test_the_record_has_what_a_case_answers_to_a_repair_that_seems_to_work_and_to_two_causes():
    kept, case = record.recorded()["28"], game.dealt(28)
    same(game.judge_repair(case, "a tenth of the rate"), kept["repairs"]["a tenth of the rate"])
    for cause in ("rate too high", "summed loss"):
        same(game.judge_cause(case, cause), kept["causes"][cause])
    said = kept["repairs"]["a tenth of the rate"][1]
    assert said.startswith("It seems to work, but the fault is still there.")
    assert "away from finite differences. In the healthy twin: the gradient is" in said


@pytest.mark.parametrize("language", record.LANGUAGES[1:])
def test_another_language_has_the_same_answers_in_its_own_words(language):
    english, translated = record.recorded("en"), record.recorded(language)
    assert translated != english

    def verdicts(kept):
        return {(n, what, name): answer[0] for n, found in kept.items() for what, answers in found.items()
                for name, answer in answers.items()}  # fmt: skip

    assert verdicts(translated) == verdicts(english)

    def said(kept):
        return {text for found in kept.values() for answers in found.values() for _, text in answers.values()}

    assert [text for text in said(translated) & said(english) if re.search("[a-z]{4}", text)] == []


def test_what_is_written_is_read_again(tmp_path, monkeypatch):
    kept = record.recorded()
    monkeypatch.setattr(record, "file", lambda language="en": tmp_path / f"record.{language}.json")
    record.write(kept)
    assert record.recorded() == kept


@pytest.fixture(scope="module")
def drawn():
    return {4: paged.pictures(4)}


def test_a_case_has_pictures_with_its_twin_and_with_the_repairs_that_change_it(drawn):
    found = drawn[4]
    assert list(found) == ["", "healthy twin", "biases of zero", "a tenth of the rate", "clip at one"]
    assert len({webp for webp, *_ in found.values()}) == len(found)
    # Where the case hides nothing else, the right repair makes its twin of it.
    assert "of the validation rows 9" in found["biases of zero"][2]
    assert all(len(webp) < 40_000 for webp, *_ in found.values())


def test_a_page_says_of_a_case_what_is_recorded(drawn, monkeypatch):
    monkeypatch.setattr(paged, "_drawn", lambda numbers: [drawn[number] for number in numbers])
    page = paged.page([4])
    known, shown = (
        json.loads(html.unescape(re.search(f"data-{name}='(.*?)'", page)[1]))
        for name in ("known", "pictures")
    )

    def read(places):
        return " ".join(known["texts"][place] for place in places)

    kept = record.recorded()["4"]
    for what in ("experiments", "causes", "repairs"):
        assert known[what].keys() == kept[what].keys()
        for name, (right, *places) in zip(known[what], known["cases"]["4"][what], strict=True):
            assert [bool(right), read(places)] == kept[what][name]
    assert {name: read(places) for name, (_, *places) in shown.items()} == {
        name: words for name, (*_, words) in drawn[4].items()
    }
    assert html.escape(kept["truth"][""][1]) in page
