import pytest

from course.words import say


def test_values_are_put_in():
    assert say("{name}: {x:.2f}", name="a", x=0.123) == "a: 0.12"


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


def test_words_with_an_e_are_left_alone():
    assert say("layer 2e, e-07, the02") == "layer 2e, e-07, the02"
