"""Make the font of Korean figures from Noto Sans KR: tools/hangul.py NotoSansKR_400Regular.ttf.

It has the syllables of KS X 1001, to which Korean prose keeps, and letters and marks that DejaVu Sans lacks.
The licence reserves no name but "Source"; still it has another, for it is no longer the font that Noto means.
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONT = Path(__file__).parents[1] / "course" / "fonts" / "ko.ttf"
FAMILY = "Course Hangul"
# EUC-KR writes KS X 1001: its syllables are in the rows B0 to C8, with 94 in each.
SYLLABLES = bytes(byte for row in range(0xB0, 0xC9) for cell in range(0xA1, 0xFF) for byte in (row, cell))
# Letters by themselves, ㄱ to ㅣ, and the brackets 〈 to 】 with 、 and 。.
OTHERS = [*range(0x3131, 0x3164), *range(0x3001, 0x3003), *range(0x3008, 0x3012)]
# The numbers of a font's names: family, style, identity, full name, and name in PostScript.
NAMES = {1: FAMILY, 2: "Regular", 3: FAMILY, 4: FAMILY, 6: FAMILY.replace(" ", "")}
# And of those that stay: copyright, version, trademark, makers, licence and where it is found.
KEPT = [0, 5, 7, 8, 9, 10, 11, 13, 14]


def characters():
    """Return all that the font is to have."""
    return {*SYLLABLES.decode("euc_kr"), *map(chr, OTHERS)}


def made(path):
    """Return the font of figures as a part of the one at `path`."""
    font = TTFont(path, recalcTimestamp=False)
    # Pictures need outlines alone: no hints, no columns of text from top to bottom, no old letters.
    options = Options(hinting=False, layout_features=[], name_IDs=KEPT, notdef_outline=True)
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "STAT", "vhea", "vmtx"]
    part = Subsetter(options)
    part.populate(text="".join(characters()))
    part.subset(font)
    for number, name in NAMES.items():
        font["name"].setName(name, number, 3, 1, 0x409)
    return font


if __name__ == "__main__":
    made(sys.argv[1]).save(FONT)
