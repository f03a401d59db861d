"""The letters of figures: those of DejaVu Sans, and what it lacks from the font of a language."""

from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
from matplotlib import _mathtext
from matplotlib.font_manager import fontManager, get_font
from matplotlib.mathtext import MathTextParser

from course import arguments


def families(language):
    """Return the fonts of figures, by name and known to matplotlib: each letter is of the first that has it.

    The font of a language is the file of this folder that bears its name, such as ko.ttf; English needs none.
    """
    arguments.instance("language", language, str, "the name of a language")
    path = Path(__file__).with_name(f"{language}.ttf")
    if not path.exists():
        return mpl.rcParamsDefault["font.family"]
    fontManager.addfont(path)
    # It has one weight, which stands for bold too; otherwise matplotlib would complain of each bold letter.
    fontManager.ttflist.append(replace(fontManager.ttflist[-1], weight=700))
    _BesideFormulas.path = path
    MathTextParser._font_type_mapping["dejavusans"] = _BesideFormulas
    return ["DejaVu Sans", get_font(path).family_name]


class _BesideFormulas(_mathtext.DejaVuSansFonts):
    """matplotlib takes a text that has a formula in it, words included, from the first family alone."""

    def _get_glyph(self, fontname, font_class, sym):
        font = get_font(self.path)
        if len(sym) == 1 and font.get_char_index(ord(sym)):
            return font, ord(sym), False
        return super()._get_glyph(fontname, font_class, sym)
