"""The static site: notebooks executed at build, moved by native sliders, with nothing from outside."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
sys.path.insert(0, str(Path(__file__).parents[1] / "docs" / "_ext"))
from editions import AUTHOR, COPYRIGHT, TITLE, address
from executed_notebooks import drawn_by as _drawn_by

from course.words import LANGUAGE

DOCS = Path(__file__).parent
ROOT = DOCS.parent
project, author, copyright, language = TITLE, AUTHOR, COPYRIGHT, LANGUAGE
locale_dirs = [str(DOCS / "locale")]
gettext_compact = False
# A translation refers to the terms of its own glossary; that all else is kept is a test of the catalogues.
suppress_warnings = ["i18n.inconsistent_references"]

extensions = [
    "myst_nb", "sphinx.ext.autodoc",
    "asked_programs", "bibliography", "clinic_game", "coloured_code", "content_policy", "copied_pages",
    "copied_notebooks", "diagnosis_tables", "drawn_records", "editions", "exercise_answers", "fault_sheet",
    "folded_code", "glossary_links", "korean_search", "left_out", "mathml", "navigation", "number_tables",
    "offered_book", "page_descriptions", "picture_files", "reader_progress", "sorted_glossary",
    "sorted_tables", "steady_captions", "topic_cards", "untranslated", "used_in", "whole_builds",
]  # fmt: skip
# In docstrings single backquotes stand around code.
default_role = "code"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
exclude_patterns = ["_book", "_build", "_ext", "_static", "_templates", "locale", "book*.md"]
templates_path = ["_templates"]
myst_enable_extensions = ["attrs_inline", "deflist", "dollarmath"]
myst_heading_anchors = 3

# Where the package or the locked versions change, all pages are read again.
drawn_by = _drawn_by(language)
# Notebooks are run before Sphinx reads them, by executed_notebooks.
nb_execution_mode = "off"
nb_output_stderr = "warn"
nb_merge_streams = True
nb_ipywidgets_js = {}

html_theme = "furo"
html_title = project
# Where the site is published, "https://host/path/". Only then can a link to it come with a picture.
html_baseurl = address(os.environ.get("COURSE_SITE", ""), language)
html_favicon = "_static/icon.svg"
# Of browsers, only those without a font for the language fetch the one of the figures.
_font = ROOT / "course" / "fonts" / f"{language}.ttf"
html_static_path = ["_static", *([str(_font)] if _font.exists() else [])]
html_css_files = ["course.css"]
# A figure that asks first is shown, where an address leads to it, before it comes into sight.
html_js_files = ["editions.js", "progress.js", "ask.js", "predict.js", "explore.js", "scrolling.js"]
html_js_files += ["letters.js"] if _font.exists() else []
# Furo's dark style of code is too faint on our dark ground.
pygments_dark_style = "a11y-high-contrast-dark"
# The reference and the search find everything that an index would.
html_use_index = False
html_domain_indices = False
html_copy_source = False
html_show_sourcelink = False
html_math_renderer = "mathml"
