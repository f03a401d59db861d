import pytest

from course import words
from course.words import say, short


def test_values_are_put_in():
    assert say("{name}: {x:.2f}", name="a", x=0.123) == "a: 0.12"


@pytest.mark.parametrize("text", ["", "{x}", "{", "$10^{-3}$", "{0} and {}"])
def test_text_without_values_stays_as_it_is_written(text, monkeypatch):
    assert say(text) == text
    # Of a catalogue the key "" is the header.
    monkeypatch.setattr(words._catalogue, "gettext", lambda key: {"": "Project-Id-Version"}.get(key, key))
    assert say(text) == text


def test_text_without_a_translation_stays():
    assert say("a sentence that nobody has translated") == "a sentence that nobody has translated"


@pytest.mark.parametrize(
    ("number", "written"),
    [(1e-6, "1e-6"), (1e6, "1e6"), (2.5e-10, "2.5e-10"), (1e100, "1e100"), (0.001, "0.001"), (3, "3")],
)
def test_powers_of_ten_are_short(number, written):
    value = f"{number:g}"
    assert say("rate {value}.", value=value) == f"rate {written}."
    assert say("rate {number:g}.", number=number) == f"rate {written}."
    assert short(f"rate {number:g}.") == f"rate {written}."


def test_words_with_an_e_are_left_alone():
    assert short("layer 2e, e-07, the02") == "layer 2e, e-07, the02"
