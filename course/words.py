"""The words that figures show and say, in the reader's language: English, or a catalogue's translation."""

import gzip
import os
import re
import textwrap
from pathlib import Path

from course import arguments

LOCALE = Path(__file__).with_name("locale")


def language():
    """Return the reader's language: that of COURSE_LANGUAGE, or of the folder of notebooks that is worked in.

    A kernel works in the folder of its notebook, so that those of notebooks/ko speak Korean wherever they are
    opened, and so do those that an update has kept in notebooks/mine/ko. Anything else is "en".
    """
    asked, folders = os.environ.get("COURSE_LANGUAGE"), Path.cwd().parts
    below = folders[folders.index("notebooks") + 1 :] if "notebooks" in folders else ()
    names = [asked] if asked else below
    return next((name for name in names if LOCALE.joinpath(name, "LC_MESSAGES").is_dir()), "en")


def catalogue(language):
    """Return the translations of a language, `{text: translation}`: those of all its catalogues.

    >>> catalogue("ko")["layer"]
    '층'
    """
    arguments.instance("language", language, str, "the name of a language")
    if language == "en":
        return {}
    # Only a translation needs it, and it takes a while to load.
    from babel.messages.pofile import read_po

    texts = {}
    # In the edition for a class those that tell of mistakes are packed.
    for path in sorted(LOCALE.joinpath(language, "LC_MESSAGES").glob("*.po*")):
        with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as file:
            texts |= {one.id: one.string for one in read_po(file) if one.id and one.string and not one.fuzzy}
    return texts


LANGUAGE = language()
_catalogue = catalogue(LANGUAGE)


def say(text, /, **values):
    """Return `text` in the reader's language with `values` put in as str.format does, numbers `short`.

    Without values it stays as it is written, braces included. The English text is the key of its translation,
    so it must stand in the code as it is, not built up. This is for what the package itself says; notebooks
    are translated as they are, and write f-strings. Raises ValueError for values that do not fit the text.

    >>> say("The standard deviation is {std:.2e}.", std=2.91e-7)
    'The standard deviation is 2.91e-7.'
    """
    arguments.instance("text", text, str, "text")
    written = _catalogue.get(text, text)
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
