"""The site has an edition in each language: English in its folder, each other in a folder below, as html/ko.

Every page leads to the same page in each other language that is built; its parts have the same names
there, and docs/_static/editions.js keeps the place. Once COURSE_SITE names the host, search engines are told.
"""

import html
import logging
import os
import posixpath
from pathlib import Path

from fontTools import subset
from left_out import DOCS

from course.words import LANGUAGE, say

# It tells of each table of a font.
logging.getLogger("fontTools").setLevel(logging.WARNING)

# What each language calls itself.
NAMES = {"en": "English", "ko": "한국어"}
# Those that are built side by side lead to each other; whoever builds one by hand has that one.
BUILT = os.environ.get("COURSE_EDITIONS", LANGUAGE).split()
TITLE = say("Training neural networks")
AUTHOR = say("the authors of the course")
COPYRIGHT = say("the authors of the course; text and figures CC BY 4.0, code MIT")


def folder(language):
    """Return where an edition lies below the site: "" or "ko/"."""
    return "" if language == "en" else f"{language}/"


def address(site, language):
    """Return the whole address of an edition, of a site that has one."""
    return site and f"{site.rstrip('/')}/{folder(language)}"


def lead(app, page, template, context, doctree):
    """Give the page its links to the same page in the other languages."""
    here = folder(app.config.language) + app.builder.get_target_uri(page)
    there = {one: folder(one) + app.builder.get_target_uri(page) for one in app.config.editions}
    context["editions"] = [
        (language, NAMES[language], posixpath.relpath(path, posixpath.dirname(here) or "."))
        for language, path in there.items()
        if language != app.config.language
    ]
    if app.config.html_baseurl and context["editions"]:
        site = app.config.html_baseurl.removesuffix(folder(app.config.language))
        for language, path in {**there, "x-default": there.get("en")}.items():
            if path:
                link = html.escape(site + path)
                context["metatags"] += f'\n<link rel="alternate" hreflang="{language}" href="{link}">'


def write_letters(app, exception):
    """Bring the letters of the other languages' names, for browsers that have no font for them."""
    if exception or app.builder.name != "html":
        return
    for language in {*app.config.editions} - {app.config.language}:
        font = DOCS.parent / "course" / "fonts" / f"{language}.ttf"
        if font.exists():
            options = subset.Options()
            letters = subset.load_font(font, options)
            subsetter = subset.Subsetter(options)
            subsetter.populate(text=NAMES[language])
            subsetter.subset(letters)
            subset.save_font(letters, Path(app.outdir, "_static", "names.ttf"), options)


def setup(app):
    """Tell Sphinx."""
    app.add_config_value("editions", BUILT, "html")
    app.connect("html-page-context", lead)
    app.connect("build-finished", write_letters)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
