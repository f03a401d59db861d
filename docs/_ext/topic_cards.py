"""The first page: a figure of a topic, to be moved at once, and a card for each topic."""

import html
import re
from pathlib import Path

import nbformat
from docutils import nodes
from left_out import DOCS, TOPICS
from reader_progress import counter
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from course.words import say

PICTURE = re.compile(r'<figure class="explore explore-(\w+)".*?<img ([^>]*)>', re.DOTALL)


def figures(path):
    """Return the HTML of all figures of a notebook that was run for the site."""
    cells = nbformat.read(path, as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    shown = [output.get("data", {}).get("text/html", "") for output in outputs]
    return [markup for markup in shown if '<figure class="explore ' in markup]


def question(env, page):
    """Return the title of a topic without its number."""
    return re.sub(r"^\d\d ", "", env.titles[page].astext())


class OpeningFigure(SphinxDirective):
    """`{opening-figure} 04_weight_initialization 2`: that figure below the text, if the topic is there."""

    required_arguments = 2
    has_content = True

    def run(self):
        """Take the figure from the notebook as it was run."""
        name, number = self.arguments
        path = Path(self.env.srcdir, "notebooks", f"{name}.ipynb")
        if not path.exists():
            return []
        self.env.note_dependency(str(path))
        found = figures(path)
        if not 1 <= int(number) <= len(found):
            raise self.error(f"{path.name} has {len(found)} figures, and no figure {number}.")
        # It is seen at once, and has nothing to wait for.
        figure = found[int(number) - 1].replace(' loading="lazy" decoding="async"', "")
        self.env.metadata[self.env.docname]["opening_figure"] = figure
        around = nodes.container(classes=["opening"])
        self.state.nested_parse(self.content, self.content_offset, around)
        around += nodes.raw("", figure, format="html")
        return [around]


class Cards(nodes.General, nodes.Element):
    """The place of the cards, with the picture of each: their titles are known when all pages are read."""


class TopicCards(SphinxDirective):
    """`{topic-cards}`: a card for each topic that is there."""

    def run(self):
        """Look for the pictures."""
        self.env.note_dependency(str(DOCS / "topics.toml"))
        pictures = {}
        for path in sorted(Path(self.env.srcdir, "notebooks").glob("*.ipynb")):
            self.env.note_dependency(str(path))
            found, number = figures(path), TOPICS.get(path.stem, {}).get("figure", 1)
            pictures[path.stem] = found[number - 1] if number <= len(found) else ""
        return [Cards(pictures=pictures)]


class WriteCards(SphinxPostTransform):
    """Write the cards, before picture_files puts their pictures into files."""

    default_priority = 590

    def run(self, **kwargs):
        """Go through the page."""
        for node in list(self.document.findall(Cards)):
            cards = "\n".join(self.card(*topic) for topic in node["pictures"].items())
            node.replace_self(nodes.raw("", f'<ul class="cards">\n{cards}\n</ul>', format="html"))

    def card(self, name, figure):
        """Return a card. Its one link covers all of it."""
        page, topic = f"notebooks/{name}", TOPICS.get(name)
        asked = html.escape(question(self.env, page))
        here, there = (self.app.builder.get_target_uri(docname) for docname in (self.env.docname, page))
        name = html.escape(say(topic["name"])) if topic else asked
        parts = [f'<h3><a href="{relative_uri(here, there)}">{name}</a></h3>']
        if topic:
            minutes = say("{minutes} minutes", minutes=topic["minutes"])
            parts += [
                f'<p class="card-question">{asked}</p>',
                f"<p>{html.escape(say(topic['afterwards']))}</p>",
                f'<p class="card-minutes">{html.escape(minutes)}{counter(self.env, page)}</p>',
            ]
        if picture := PICTURE.search(figure):
            parts.append(f'<img class="card-{picture[1]}" {picture[2]}>')
        return f'<li class="card">{"".join(parts)}</li>'


def setup(app):
    """Tell Sphinx."""
    app.add_node(Cards)
    app.add_directive("opening-figure", OpeningFigure)
    app.add_directive("topic-cards", TopicCards)
    app.add_post_transform(WriteCards)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
