"""What others show of a page, as a search engine or a message with a link: a sentence, and a picture.

A page of Markdown begins with its sentence, a topic's is its question and what one can do afterwards. The
picture is that of the figure which opens the first page. Links show it by its whole address, so there is none
before COURSE_SITE names the host.
"""

import base64
import html
import io
import re
from pathlib import Path

from left_out import TOPICS
from picture_files import EMBEDDED
from PIL import Image
from topic_cards import PICTURE, question

from course.words import say

DESCRIPTION = re.compile(r'<meta content="([^"]*)" name="description"')
# As large as those who show it advise.
SIZE, FILE = (1200, 630), "_images/preview.png"


def describe(app, page, template, context, doctree):
    """Give a page its description, and a site that has a host what its links show."""
    tags = context.get("metatags", "")
    if found := DESCRIPTION.search(tags):
        text = html.unescape(found[1])
    else:
        text = description(app.env, page)
        tags += f'\n<meta name="description" content="{html.escape(text)}">'
    if app.config.html_baseurl:
        title = html.unescape(re.sub("<[^>]*>", "", context.get("title", "")))
        told = {"og:type": "website", "og:site_name": app.config.html_title, "og:title": title}
        told |= {"og:description": text, "og:url": context["pageurl"]}
        figure = opening_figure(app)
        if figure:
            told |= {"og:image": app.config.html_baseurl.rstrip("/") + "/" + FILE}
            told |= {"og:image:alt": html.unescape(re.search('alt="([^"]*)"', PICTURE.search(figure)[2])[1])}
        for name, content in told.items():
            tags += f'\n<meta property="{name}" content="{html.escape(content)}">'
        card = "summary_large_image" if figure else "summary"
        tags += f'\n<meta name="twitter:card" content="{card}">'
    context["metatags"] = tags


def description(env, page):
    """Return the description of a page that does not begin with one."""
    if page == "search":
        return say("Search the topics, the glossary and the reference of the course; works without a server.")
    if topic := TOPICS.get(page.removeprefix("notebooks/")):
        asked, afterwards = question(env, page), say(topic["afterwards"])
        return say("{question} {afterwards}", question=asked, afterwards=afterwards)
    if page == "notebooks/practice/self_test":
        return say("Questions that need two topics or more at once, and what a wrong answer reveals.")
    if page.startswith("notebooks/practice/"):
        number = page.rpartition("/")[2][:2]
        return say("Exercises of topic {number}, with a check that names the usual mistakes.", number=number)
    return env.titles[page].astext()


def opening_figure(app):
    """Return the HTML of the figure that the site opens with, if there is one."""
    return app.env.metadata[app.config.root_doc].get("opening_figure", "")


def draw(app, exception):
    """Put the figure, as it is at its start, in the middle of a picture of the size that links show."""
    if exception is None and app.builder.format == "html" and app.config.html_baseurl and opening_figure(app):
        data = EMBEDDED.search(PICTURE.search(opening_figure(app))[2])[2]
        figure = Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")
        picture = Image.new("RGB", SIZE, "white")
        picture.paste(figure, ((SIZE[0] - figure.width) // 2, (SIZE[1] - figure.height) // 2))
        picture.save(Path(app.outdir, FILE))


def setup(app):
    """Tell Sphinx."""
    app.connect("html-page-context", describe)
    app.connect("build-finished", draw)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
