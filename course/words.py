"""The words that figures show and say, in the reader's language: English, or a catalogue's translation."""

import gettext
import os
import re
import textwrap
from pathlib import Path

from course import arguments

# A translation is the catalogue locale/LANGUAGE/LC_MESSAGES/course.mo; without one the English text stands.
_catalogue = gettext.translation(
    "course", Path(__file__).with_name("locale"), [os.environ.get("COURSE_LANGUAGE", "en")], fallback=True
)


def say(text, /, **values):
    """Return `text` in the reader's language with `values` put in as str.format does, numbers `short`.

    Without values it stays as it is written, braces included. The English text is the key of its translation,
    so it must stand in the code as it is, not built up. This is for what the package itself says; notebooks
    are translated as they are, and write f-strings. Raises ValueError for values that do not fit the text.

    >>> say("The standard deviation is {std:.2e}.", std=2.91e-7)
    'The standard deviation is 2.91e-7.'
    """
    # The key "" would give the catalogue's own header.
    written = _catalogue.gettext(text) if arguments.instance("text", text, str, "text") else text
    try:
        return short(written.format(**values)) if values else written
    except (LookupError, ValueError, TypeError, AttributeError):
        raise ValueError(f"text {text!r} asks for other values than {', '.join(values)}.") from None


def short(text):
    """Write powers of ten short, as people do.

    >>> short("from 1e-06 to 2.5e+10")
    'from 1e-6 to 2.5e10'
    """
    arguments.instance("text", text, str, "text")
    return re.sub(r"(?<=\d)e([+-])0*(?=\d)", lambda m: "e" + m[1].strip("+"), text)


def reason(error):
    """Return in a short line, and without the names of what lies inside, what an `error` of a library says.

    >>> reason(TypeError("Legend.__init__() got an unexpected keyword argument 'place'"))
    "Legend got an unexpected keyword argument 'place'"
    """
    lines = str(error).strip().splitlines() or [type(error).__name__]
    line = re.sub("<.*>", "that", re.sub(r"(\.__init__)?\(\)", "", lines[-1]))
    return textwrap.shorten(line.strip(" .?"), 130, placeholder=" and so on")


class Text(str):
    """A text that a notebook shows as it is."""

    __slots__ = ()
    __repr__ = str.__str__
