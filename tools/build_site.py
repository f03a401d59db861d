"""Build the site in docs/_build/html, with all its editions or some: tools/build_site.py [LANGUAGE]...

First the notebooks of all editions are run, one on each core. Then Sphinx, which takes one core, builds the
editions side by side. Each has a folder of its own for pages and for what was read of them.
"""

import os
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


def command(language):
    """Return how Sphinx builds an edition, and make the folder of its pages."""
    own = BUILD if language == "en" else BUILD / language
    source = DOCS if language == "en" else own / "docs"
    source.mkdir(parents=True, exist_ok=True)
    options = ["-W", "--keep-going", "-q", "-b", "html", "-c", DOCS, "-d", own / "doctrees"]
    return [sys.executable, "-m", "sphinx", *options, source, BUILD / "html" / folder(language)]


def main(languages):
    """Build them; the exit status tells whether all are whole."""
    if unknown := {*languages} - {*NAMES}:
        sys.exit(f"The site has no edition {', '.join(sorted(unknown))}, only {', '.join(NAMES)}.")
    languages = [language for language in NAMES if language in languages or not languages]
    environ = os.environ | {"COURSE_EDITIONS": " ".join(languages)}
    with alone(BUILD):
        try:
            refuse()
            ran(languages)
        except ExtensionError as error:
            sys.exit(str(error))
    builds = [
        subprocess.Popen(command(language), env=environ | {"COURSE_LANGUAGE": language})
        for language in languages
    ]
    try:
        sys.exit(max([build.wait() for build in builds]))
    finally:
        for build in builds:
            build.terminate()


if __name__ == "__main__":
    main(sys.argv[1:])
