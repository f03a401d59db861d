"""The page of troubleshooting quotes what the programs say, to the letter."""

import re
import runpy
from pathlib import Path

import pytest

from course import datasets

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
QUOTES = [
    re.sub(r"\s+", " ", quote.replace("\n>", " ")) for quote in re.findall(r"(?m)^> (.*(?:\n> .*)*)", PAGE)
]
INSTALL = runpy.run_path(str(ROOT / "tools" / "install.py"))


def strings(*path):
    """The text of a program without its quotation marks, breaks of lines and indents."""
    return re.sub(r'"\s*f?"', "", ROOT.joinpath(*path).read_text(encoding="utf-8"))


@pytest.mark.parametrize("remedy", [remedy for _, remedy in INSTALL["REMEDIES"]])
def test_every_sentence_of_the_installer_is_explained(remedy):
    assert f"install: {remedy}" in QUOTES


def test_the_sentence_for_an_old_python_is_explained():
    assert "install: " + INSTALL["OLD_PYTHON"].format(3, 9) in QUOTES


@pytest.mark.parametrize("program", ["install", "update"])
def test_no_quoted_sentence_has_changed(program):
    said = (
        strings("tools", f"{program}.py")
        .replace("{}.{}", "3.9")
        .replace("--no-edit {}", "--no-edit origin/main")
    )
    quoted = [quote.removeprefix(f"{program}: ") for quote in QUOTES if quote.startswith(f"{program}: ")]
    assert len(quoted) >= 2
    assert [quote for quote in quoted if quote not in said] == []


def test_what_is_said_of_the_data_is_quoted():
    assert datasets.LOCAL_COPY in QUOTES
    assert datasets.RESTORE in QUOTES
    assert any(quote in strings("course", "datasets.py") for quote in QUOTES if "cache was damaged" in quote)


def test_every_quote_is_followed_by_what_to_do():
    for block in re.split(r"\n### ", PAGE)[1:]:
        assert not block.rstrip().splitlines()[-1].startswith(">"), block.splitlines()[0]
