"""A page that has no catalogue in the language of an edition says that it is in English, and is marked so."""

from left_out import DOCS

from course.words import say


def translated(page, language):
    """Return whether a page is in the language of an edition."""
    return language == "en" or DOCS.joinpath("locale", language, "LC_MESSAGES", f"{page}.po").exists()


def mark(app, page, template, context, doctree):
    """Say so under the title."""
    language = app.config.language
    if doctree and not translated(page, language):
        words = say("This page is in English only.")
        said = f'</h1>\n<p class="untranslated" lang="{language}">{words}</p>'
        context["body"] = f'<div lang="en">{context["body"].replace("</h1>", said, 1)}</div>'
        context["toc"] = context["toc"].replace("<ul>", '<ul lang="en">', 1)


def setup(app):
    """Tell Sphinx."""
    app.connect("html-page-context", mark)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
