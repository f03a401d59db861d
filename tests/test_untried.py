"""One page says what could not be tried here; every other file leaves it to that page."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "untried.md"
WRITTEN = ["*.md", "*.yml", "*.ipynb", "postBuild", "Makefile"]
WRITTEN += ["docs/*.md", "docs/conf.py", "notebooks/*.ipynb", ".github/workflows/*.yml"]
FILES = [path for pattern in WRITTEN for path in sorted(ROOT.glob(pattern)) if path != PAGE]
SAYS_SO = r"\b(not|never|neither|nobody|none)\b[^.;:|]{0,40}\b(tried|run (on|there))\b|\buntried\b"
# What files said before there was the page.
CONFESSIONS = [
    "# Not yet run on GitHub: it was checked by its grammar.",
    "# everything in environment.yml is installed. Not yet run there.",
    "for Colab `colab.ipynb`; neither has been tried there yet.",
    "the official archive has not been tried.",
    "they have not been\ntried with this course yet",
    "have not been tried there yet.",
    "This is untried on a Mac.",
]


def confession(text):
    """Return the words in which a text says that something was not tried, or None."""
    # The page's name is no such word; nor are the marks that begin a line of a comment or a quotation.
    words = re.sub(r"\buntried\.md|^untried$|^\s*[#>]", " ", text, flags=re.MULTILINE)
    found = re.search(SAYS_SO, re.sub(r"\s+", " ", words), re.IGNORECASE)
    return found and found[0]


@pytest.mark.parametrize("text", CONFESSIONS)
def test_such_a_sentence_is_found(text):
    assert confession(text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_other_file_says_what_was_not_tried(path):
    assert confession(path.read_text(encoding="utf-8")) is None


def test_the_page_is_in_the_site_and_the_readme_leads_to_it():
    assert re.search(r"(?m)^untried$", (ROOT / "docs" / "about.md").read_text(encoding="utf-8"))
    assert "(docs/untried.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
