"""The static site: notebooks executed at build, moved by native sliders, with nothing from outside."""

import hashlib
import os
import sys
from pathlib import Path

DOCS = Path(__file__).parent
ROOT = DOCS.parent
sys.path[:0] = [str(DOCS / "_ext"), str(ROOT / "tools")]

project = "Training neural networks"
author = "the authors of the course"
copyright = "the authors of the course; text and figures CC BY 4.0, code MIT"
language = os.environ.get("COURSE_LANGUAGE", "en")
locale_dirs = ["locale"]
gettext_compact = False

extensions = [
    "myst_nb", "sphinx.ext.autodoc",
    "asked_programs", "bibliography", "clinic_game", "coloured_code", "content_policy", "copied_notebooks",
    "diagnosis_tables", "drawn_records", "exercise_answers", "fault_sheet", "folded_code",
    "glossary_links", "left_out", "mathml", "navigation", "number_tables", "offered_book",
    "page_descriptions", "picture_files", "reader_progress", "sorted_tables", "steady_captions",
    "topic_cards", "used_in", "whole_builds",
]  # fmt: skip
# In docstrings single backquotes stand around code.
default_role = "code"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
exclude_patterns = ["_book", "_build", "_ext", "_static", "_templates", "locale", "book*.md"]
templates_path = ["_templates"]
myst_enable_extensions = ["attrs_inline", "deflist", "dollarmath"]
myst_heading_anchors = 3

# What a notebook shows depends on the package and on the locked versions too. Where they change, all
# notebooks are run and all pages are read again.
_drawn_by = hashlib.sha256(language.encode())
for _file in [ROOT / "requirements.lock", *sorted((ROOT / "course").rglob("*.*"))]:
    if _file.suffix != ".pyc":
        _drawn_by.update(_file.read_bytes())
drawn_by = _drawn_by.hexdigest()
# They are run before Sphinx reads them, by executed_notebooks.
nb_execution_mode = "off"
# A cell that draws all frames of a figure takes this long at most, in seconds.
nb_execution_timeout = 300
nb_output_stderr = "warn"
nb_merge_streams = True
nb_ipywidgets_js = {}

html_theme = "furo"
html_title = project
# Where the site is published, "https://host/path/". Only then can a link to it come with a picture.
html_baseurl = os.environ.get("COURSE_SITE", "")
html_favicon = "_static/icon.svg"
html_static_path = ["_static"]
html_css_files = ["course.css"]
# A figure that asks first is shown, where an address leads to it, before it comes into sight.
html_js_files = ["progress.js", "ask.js", "predict.js", "explore.js", "scrolling.js"]
# Furo's dark style of code is too faint on our dark ground.
pygments_dark_style = "a11y-high-contrast-dark"
# The reference and the search find everything that an index would.
html_use_index = False
html_domain_indices = False
html_copy_source = False
html_show_sourcelink = False
html_math_renderer = "mathml"
