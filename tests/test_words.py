import gzip

import pytest

from course import words
from course.words import say, short


def test_values_are_put_in():
    assert say("{name}: {x:.2f}", name="a", x=0.123) == "a: 0.12"


@pytest.mark.parametrize("text", ["", "{x}", "{", "$10^{-3}$", "{0} and {}"])
def test_text_without_values_stays_as_it_is_written(text):
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


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: say(None), TypeError, "text must be text, but is None."),
        (lambda: say(5, x=1), TypeError, "text must be text, but is 5."),
        (lambda: short(1e-6), TypeError, "text must be text, but is 1e-06."),
        (lambda: say("{y}", x=1), ValueError, "text '{y}' asks for other values than x."),
        (lambda: say("{x} $10^{-3}$", x=1), ValueError, "text '{x} $10^{-3}$' asks for other values than x."),
        (lambda: say("{x:q}", x=1), ValueError, "text '{x:q}' asks for other values than x."),
        (lambda: say("{", x=1), ValueError, "text '{' asks for other values than x."),
    ],
)
def test_what_is_no_text_and_what_does_not_fit_it_is_refused_in_a_sentence(call, error, message):
    with pytest.raises(error) as raised:
        call()
    assert str(raised.value) == message


def test_a_value_may_be_called_text():
    assert say("{text} of {self}", text="a", self="b") == "a of b"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("Unknown symbol.\n  ^\nfound it. "), "found it"),
        (TypeError("Legend.__init__() got 'a'"), "Legend got 'a'"),
        (ZeroDivisionError(), "ZeroDivisionError"),
        (ValueError("<module 'os' from '/os.py'> is not a scale"), "that is not a scale"),
        (ValueError("It must be " + "this or " * 50), "It must be " + "this or " * 13 + "this and so on"),
    ],
)
def test_the_reason_of_an_error_is_one_line(error, said):
    assert words.reason(error) == said


@pytest.mark.parametrize(
    ("asked", "folder", "spoken"),
    [
        ("", "notebooks", "en"),
        ("", "notebooks/ko", "ko"),
        ("", "notebooks/ko/practice", "ko"),
        ("", "notebooks/mine/ko", "ko"),
        ("", "notebooks/mine", "en"),
        ("", "ko", "en"),
        ("", "ko/notebooks", "en"),
        ("en", "notebooks/ko", "en"),
        ("ko", "notebooks", "ko"),
        ("xx", "notebooks/ko", "en"),
    ],
)
def test_the_language_is_what_is_asked_for_or_that_of_the_folder(
    asked, folder, spoken, tmp_path, monkeypatch
):
    tmp_path.joinpath(folder).mkdir(parents=True)
    monkeypatch.chdir(tmp_path / folder)
    monkeypatch.setenv("COURSE_LANGUAGE", asked)
    assert words.language() == spoken


def test_a_packed_catalogue_is_read_too(tmp_path, monkeypatch):
    folder = tmp_path / "xx" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    folder.joinpath("one.po").write_text('msgid "loss"\nmsgstr "손실"\n', encoding="utf-8")
    packed = gzip.compress('msgid "step"\nmsgstr "스텝"\n'.encode())
    folder.joinpath("two.po.gz").write_bytes(packed)
    monkeypatch.setattr(words, "LOCALE", tmp_path)
    assert words.catalogue("xx") == {"loss": "손실", "step": "스텝"}
