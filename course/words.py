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
    """Return `text` in the reader's language with `values` put in as str.format does, numbers `short`.

    Without values it stays as it is written, braces included. The English text is the key of its translation,
    so it must stand in the code as it is, not built up. This is for what the package itself says; notebooks
    are translated as they are, and write f-strings.

    >>> say("The standard deviation is {std:.2e}.", std=2.91e-7)
    'The standard deviation is 2.91e-7.'
    """
    # The key "" would give the catalogue's own header.
    written = _catalogue.gettext(text) if text else text
    return short(written.format(**values)) if values else written


def short(text):
    """Write powers of ten short, as people do.

    >>> short("from 1e-06 to 2.5e+10")
    'from 1e-6 to 2.5e10'
    """
    return re.sub(r"(?<=\d)e([+-])0*(?=\d)", lambda m: "e" + m[1].strip("+"), text)
