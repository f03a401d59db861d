"""The navigation has the groups of the first page; a topic stands there by its name, over its question."""

from left_out import TOPICS
from sphinx import addnodes
from topic_cards import question

from course.words import say


def below(env, page):
    """Return all pages that a page leads to as its parts."""
    parts = env.toctree_includes.get(page, [])
    return [*parts, *(deeper for part in parts for deeper in below(env, part))]


def entry(app, page, there):
    """Return what the navigation of a page says of another: address, name, question, whether it is here."""
    topic = TOPICS.get(there.removeprefix("notebooks/"))
    title = app.env.titles[there].astext()
    return {
        "href": app.builder.get_relative_uri(page, there) or "#",
        "name": say(topic["name"]) if topic else title,
        "question": question(app.env, there) if topic else "",
        "current": "page" if page == there else "true" if page in below(app.env, there) else "",
    }


def groups(app, page, template, context, doctree):
    """Give the template all groups that are not empty, as pairs of a caption and its entries."""
    trees = app.env.tocs[app.config.root_doc].findall(addnodes.toctree)
    context["navigation"] = [
        (tree.get("caption"), [entry(app, page, there) for _, there in tree["entries"]])
        for tree in trees
        if tree["entries"]
    ]


def setup(app):
    """Tell Sphinx."""
    app.connect("html-page-context", groups)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
