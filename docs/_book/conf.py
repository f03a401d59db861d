"""The book: the site's pages that are read in a row, made by its extensions, with nothing that moves."""

import sys
import tomllib
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / folder) for folder in (".", "_ext")]
from book import DESCRIPTION, LOOK_UP
from conf import *  # noqa: F403
from conf import ROOT, author, exclude_patterns, extensions, html_title, language

# What is there for the site alone: its scripts, navigation, cards, and what is folded.
for _name in (
    "clinic_game", "coloured_code", "content_policy", "exercise_answers", "folded_code", "navigation",
    "offered_book", "page_descriptions", "picture_files", "sorted_tables", "steady_captions",
):  # fmt: skip
    extensions.remove(_name)
extensions.append("book")
root_doc = "book"
exclude_patterns.remove("book*.md")
include_patterns = ["book*.md", "notebooks/**", *(f"{_name}.md" for _name in LOOK_UP)]
templates_path = []
html_static_path = ["static"]
html_favicon = None

version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
epub_title = html_title
epub_basename = "training-neural-networks" + (f"-{language}" if language != "en" else "")
epub_css_files = ["book.css"]
epub_uid = epub_identifier = epub_basename
epub_description = DESCRIPTION
epub_contributor = author
epub_tocdepth = 2
# The title page is among the contents already.
epub_tocdup = False
epub_show_urls = "no"
