"""The words that figures show and say, in the reader's language: English, or a catalogue's translation."""

import gettext
import os
import re
from pathlib import Path

# A translation is the catalogue locale/LANGUAGE/LC_MESSAGES/course.mo; without one the English text stands.
_catalogue = gettext.translation(
    "course", Path(__file__).with_name("locale"), [os.environ.get("COURSE_LANGUAGE", "en")], fallback=True
)


def say(text, **values):
    """Return `text` in the reader's language with `values` put in as str.format does.

    The English text is the key of its translation, so it must stand in the code as it is, not built up.
    Powers of ten are written short, 1e-6 rather than 1e-06.

    >>> say("The standard deviation is {std:.2e}.", std=2.91e-7)
    'The standard deviation is 2.91e-7.'
    """
    written = _catalogue.gettext(text).format(**values)
    return re.sub(r"(?<=\d)e([+-])0*(?=\d)", lambda m: "e" + m[1].strip("+"), written)
