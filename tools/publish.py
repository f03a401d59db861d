"""Build the site or the book, in all languages or in some: tools/publish.py site|book [LANGUAGE]...

First the notebooks of all editions are run, one on each core. Then Sphinx, which takes one core, builds the
editions side by side. Each has a folder of its own for pages and for what was read of them.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
sys.path.insert(0, str(Path(__file__).parents[1] / "docs" / "_ext"))
from copied_notebooks import ran, refuse
from editions import NAMES, folder
from left_out import DOCS
from sphinx.errors import ExtensionError
from whole_builds import alone

BUILD = DOCS / "_build"


def command(what, language):
    """Return how Sphinx builds an edition, and make the folder of its pages."""
    own = BUILD / folder(language)
    source = DOCS if language == "en" else own / "docs"
    source.mkdir(parents=True, exist_ok=True)
    builder, settings, read, out = {
        "site": ("html", DOCS, "doctrees", BUILD / "html" / folder(language)),
        "book": ("epub", DOCS / "_book", "doctrees-book", BUILD / "book" / f"pages-{language}"),
    }[what]
    options = ["-W", "--keep-going", "-q", "-b", builder, "-c", settings, "-d", own / read]
    return [sys.executable, "-m", "sphinx", *options, source, out]


def main(what, *languages):
    """Build them; the exit status tells whether all are whole."""
    if unknown := {*languages} - {*NAMES}:
        sys.exit(f"There is no edition {', '.join(sorted(unknown))}, only {', '.join(NAMES)}.")
    languages = [language for language in NAMES if language in languages or not languages]
    with alone(BUILD):
        try:
            refuse()
            ran(languages)
        except ExtensionError as error:
            sys.exit(str(error))
    if what == "book":
        shutil.rmtree(BUILD / "book", ignore_errors=True)
    environ = os.environ | {"COURSE_EDITIONS": " ".join(languages)}
    builds = [
        subprocess.Popen(command(what, language), env=environ | {"COURSE_LANGUAGE": language})
        for language in languages
    ]
    try:
        sys.exit(max([build.wait() for build in builds]))
    finally:
        for build in builds:
            build.terminate()


if __name__ == "__main__":
    main(*sys.argv[1:])
