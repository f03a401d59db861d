"""Hangul in figures: each syllable is drawn as itself, and other letters as ever."""

import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from fontTools.ttLib import TTFont
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.mathtext import MathTextParser

from course import fonts, plots

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "course" / "fonts"
sys.path.insert(0, str(ROOT / "tools"))
import hangul  # noqa: E402


@pytest.fixture(autouse=True)
def korean(monkeypatch):
    """What a Korean reader's figures are drawn with, for one test alone."""
    formulas = MathTextParser._font_type_mapping
    monkeypatch.setattr(MathTextParser, "_font_type_mapping", dict(formulas))
    monkeypatch.setattr(fonts.fontManager, "ttflist", [*fonts.fontManager.ttflist])
    monkeypatch.setitem(plots.STYLE, "font.family", fonts.families("ko"))


def picture(text, **look):
    """The pixels of a figure that holds a text, and no warning."""
    with plots.styled():
        figure = Figure((6, 1))
        figure.text(0.01, 0.3, text, **look)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        return np.array(canvas.buffer_rgba())


def names(font):
    """What a font calls itself, and who made it."""
    return {name.nameID: str(name) for name in font["name"].names}


def test_the_font_is_what_the_tool_makes():
    stored, made = TTFont(FOLDER / "ko.ttf"), hangul.made(FOLDER / "ko.ttf")
    assert set(stored.getBestCmap()) == {*map(ord, hangul.characters())}
    assert set(made.getBestCmap()) == set(stored.getBestCmap())
    assert names(made) == names(stored)
    assert len([text for text in hangul.characters() if "가" <= text <= "힣"]) == 2350


def test_the_font_is_small_and_bears_its_own_name_and_its_makers_notice():
    font = TTFont(FOLDER / "ko.ttf")
    assert (FOLDER / "ko.ttf").stat().st_size < 450_000
    assert "fpgm" not in font
    assert {names(font)[1], names(font)[4]} == {"Course Hangul"}
    assert font["OS/2"].usWeightClass == 400
    licence = (FOLDER / "OFL.txt").read_text(encoding="utf-8")
    assert names(font)[0].removeprefix("(c) ").rstrip(".") in licence
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence


def test_every_syllable_is_drawn_without_a_warning():
    text = "".join(sorted(hangul.characters()))
    for start in range(0, len(text), 200):
        picture(text[start : start + 200])


def test_a_syllable_that_the_font_lacks_is_a_warning():
    # No word has it, and the Korean standard neither.
    with pytest.raises(UserWarning, match="missing from font"):
        picture("뷁")


@pytest.mark.parametrize("form", ["{}", "{} $x^2$", "{}\n$x$", r"$\text{{{}}} = 1$"])
def test_syllables_are_no_boxes_alone_and_beside_formulas(form, caplog):
    # Boxes, or whatever stands for letters that are missing, would be the same for both.
    one, other = (picture(form.format(text)) for text in ("손실", "학습"))
    assert (one != other).any(axis=2).sum() > 200
    assert not caplog.records


def test_bold_letters_are_drawn_without_a_complaint(caplog):
    assert (picture("손실 loss", weight="bold") != picture("학습 loss", weight="bold")).any()
    assert not caplog.records


@pytest.mark.parametrize("text", ["accuracy: 0.85 – “std”", "$\\partial L/\\partial w$ of layer 3", "×±−µ"])
def test_other_letters_are_drawn_as_in_an_english_figure(text, monkeypatch):
    drawn = picture(text)
    # Back to what a figure of this process, which is English, is drawn with.
    monkeypatch.undo()
    assert plots.STYLE["font.family"] == mpl.rcParamsDefault["font.family"]
    np.testing.assert_array_equal(drawn, picture(text))


# Whether matplotlib knows the font, and which figures ask for.
FRESH = """
from matplotlib.font_manager import fontManager
from course import plots
print("Course Hangul" in fontManager.get_font_names(), plots.STYLE["font.family"])
"""


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ko", "True ['DejaVu Sans', 'Course Hangul']"),
        ("en", "False ['sans-serif']"),
        ("xx", "False ['sans-serif']"),
    ],
)
def test_the_language_of_the_reader_chooses_the_font(language, said, monkeypatch):
    monkeypatch.setenv("COURSE_LANGUAGE", language)
    done = subprocess.run([sys.executable, "-c", FRESH], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == said
