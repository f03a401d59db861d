"""The book: the pages of the course as an EPUB, in which nothing moves and what is folded stands at the end.

A figure is the picture where its sliders start, and its code follows it. The answers to questions and
guesses, and the hints and solutions of exercises, have a page of their own, with links there and back. Links
to pages that the book does not have become plain text. `printed_book` prints the same pages.
"""

import base64
import functools
import html
import io
import posixpath
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import nbformat
from docutils import nodes
from docutils.statemachine import StringList
from exercise_answers import CHECK
from picture_files import EMBEDDED
from PIL import Image
from printed_book import print_book
from sphinx import locale
from sphinx.builders.epub3 import Epub3Builder
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from course.practice.exercises import exercises
from course.words import say

LINK = re.compile(r"\[([^][]*)\]\(([\w/.]+)\.(?:md|ipynb)(?:#[^)\s]*)?\)")
# What a cell shows may lead to a page that the site alone has.
ELSEWHERE = re.compile(r'<a href="[^"]*\.html">(.*?)</a>')
FIGURE = re.compile(r'<figure class="explore .*?<img ([^>]*)>', re.DOTALL)
SLIDER = re.compile(r'"explore-name">(.*?)</span>.*?"explore-value"[^>]*>(.*?)</span>')
SENTENCE = re.compile(r"<figcaption><p[^>]*>(.*?)</p>")
QUESTION = re.compile(
    r'<div class="ask" data-progress="(.*?)".*?>(<p>.*?)<details>.*?(<dl>.*</dl>)</details>', re.DOTALL
)
DESCRIPTION = say("How neural networks fail to train, how to see it, and what repairs them.")
LOOK_UP = ["symptoms", "advice", "lecture", "numbers", "notation", "glossary", "bibliography"]
ANSWERS = "book_answers"


def unlink(app, docname, source):
    """Keep the text alone of each link to a page that the book does not have."""

    def kept(link):
        page = posixpath.normpath(posixpath.join(posixpath.dirname(docname), link[2]))
        return link[0] if page in app.env.found_docs else link[1]

    source[0] = LINK.sub(kept, source[0])


def notebooks(env):
    """Return the pages that are notebooks: each topic before its exercises, and what is asked of all last."""
    pages = sorted(page for page in env.found_docs if page.startswith("notebooks/"))
    return sorted(pages, key=lambda page: page.rpartition("/")[2][:2])


class Contents(SphinxDirective):
    """`{book-contents}`: all pages in their order."""

    def run(self):
        """Write the lists as Markdown and have them parsed."""
        others = [page for page in (*LOOK_UP, ANSWERS) if page in self.env.found_docs]
        lines = []
        for caption, pages in {say("Topics"): notebooks(self.env), say("Look up"): others}.items():
            lines += ["```{toctree}", f":caption: {caption}", ":maxdepth: 2", *pages, "```", ""]
        node = nodes.container()
        self.state.nested_parse(StringList(lines, source="book"), 0, node)
        return node.children


class Asked(NamedTuple):
    """What a page asks: its id there, its name, what the link to its answer says, and the answer as nodes."""

    id: str
    name: str
    link: str
    answer: list


@functools.cache
def asked(path):
    """Return the title of a notebook and all that it asks, in its order."""
    cells, found = nbformat.read(path, as_version=4).cells, []
    for cell in cells:
        for output in cell.get("outputs", []):
            if question := QUESTION.search(output.get("data", {}).get("text/html", "")):
                number = sum(one.id.startswith("asked") for one in found) + 1
                name = say("Question {number}", number=number)
                link = say("Answer to question {number}", number=number)
                answer = nodes.raw("", f'<div class="ask">{question[3]}</div>', format="html")
                found.append(Asked(nodes.make_id(f"asked {question[1]}"), name, link, [answer]))
        if (check := CHECK.search(cell.source)) and (exercise := exercises().get(check[1])):
            hints = [nodes.list_item("", nodes.paragraph("", say(hint))) for hint in exercise.hints]
            answer = [nodes.enumerated_list("", *hints)]
            # The edition for a class has none.
            if exercise.solution:
                answer.append(nodes.literal_block(exercise.solution, exercise.solution, language="python"))
            link = say("Hints and solution of {exercise}", exercise=check[1])
            found.append(Asked(nodes.make_id(f"exercise {check[1]}"), check[1], link, answer))
    return cells[0].source.splitlines()[0].strip("# "), found


class Answers(SphinxDirective):
    """`{book-answers}`: what is asked on each page is answered in a section."""

    def run(self):
        """Gather the answers from the notebooks, as they were run."""
        sections = []
        for page in notebooks(self.env):
            path = self.env.doc2path(page)
            self.env.note_dependency(str(path))
            title, found = asked(path)
            if found:
                catalogue, _ = locale.init(self.config.locale_dirs, self.config.language, page)
                name = nodes.title("", catalogue.gettext(title))
                section = nodes.section("", name, ids=[nodes.make_id(f"answers {page}")])
                there = self.env.app.builder.get_relative_uri(self.env.docname, page)
                for one in found:
                    link = nodes.reference("", one.name, refuri=f"{there}#{one.id}", internal=True)
                    name = nodes.paragraph("", "", link, ids=[f"answer-{one.id}"], classes=["answer"])
                    section += [name, *one.answer]
                sections.append(section)
        return sections


def still(markup, name):
    """Return a figure as it is where its sliders start, with its sentence and what they say."""
    data, buffer = EMBEDDED.search(FIGURE.search(markup)[1])[2], io.BytesIO()
    # As in a notebook that is stored.
    image = Image.open(io.BytesIO(base64.b64decode(data))).quantize(64, dither=Image.Dither.NONE)
    image.save(buffer, "png", optimize=True)
    uri = "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
    sentence = html.unescape(SENTENCE.search(markup)[1])
    picture = nodes.image("", uri=uri, alt=sentence, candidates={"?": ""})
    figure = nodes.figure("", picture, nodes.caption("", sentence), ids=[name])
    if sliders := SLIDER.findall(markup):
        text = "; ".join(html.unescape(f"{name}: {value}") for name, value in sliders)
        figure += nodes.legend("", nodes.paragraph("", text))
    return figure


class StillPages(SphinxPostTransform):
    """Have figures stand still, and put a link in the place of each answer."""

    # After myst_nb has chosen the form of each output, at 4, and before pictures become files, at 150.
    default_priority = 6

    def run(self, **kwargs):
        """Go through one page."""
        page = self.env.docname
        found = asked(self.env.doc2path(page))[1] if page.startswith("notebooks/") else []
        links = {one.id: self.link(one) for one in found}
        for number, node in enumerate(list(self.document.findall(nodes.raw))):
            if FIGURE.search(markup := node.astext()):
                node.replace_self(still(markup, f"figure-{number}"))
            elif ELSEWHERE.search(markup):
                node.replace_self(nodes.raw("", ELSEWHERE.sub(r"\1", markup), format="html"))
        for cell in list(self.document.findall(nodes.container)):
            if cell.get("nb_element") != "cell_code":
                continue
            source, *output = cell.children
            questions = [raw for raw in cell.findall(nodes.raw) if QUESTION.search(raw.astext())]
            for node in questions:
                question = QUESTION.search(node.astext())
                ask = nodes.raw("", f'<div class="ask">{question[2]}</div>', format="html")
                node.replace_self([ask, links[nodes.make_id(f"asked {question[1]}")]])
            figures = list(cell.findall(nodes.figure))
            if figures or questions:
                # The code of a figure follows it; that which asks a question says nothing.
                cell.children = []
                cell.extend([*output, source] if figures else output)
            check = CHECK.search(source.astext())
            if check and check[1] in exercises():
                cell += links[nodes.make_id(f"exercise {check[1]}")]

    def link(self, one):
        """Return what leads to an answer."""
        there = self.app.builder.get_relative_uri(self.env.docname, ANSWERS) + f"#answer-{one.id}"
        link = nodes.reference("", one.link, refuri=there, internal=True)
        return nodes.paragraph("", "", link, ids=[one.id], classes=["answer"])


class Book(Epub3Builder):
    """Sphinx' own EPUB, which also says which of its pages have formulas: readers may count on it."""

    # Pictures are files of their own.
    supported_data_uri_images = False

    def build_content(self):
        """Write the list of files."""
        super().build_content()
        content = Path(self.outdir, "content.opf")
        text = content.read_text(encoding="utf-8")
        for name in [name for name in self.files if name.endswith(self.out_suffix)]:
            if "<math" in Path(self.outdir, name).read_text(encoding="utf-8"):
                item = f'href="{html.escape(quote(name))}"'
                text = text.replace(f"{item} media", f'{item} properties="mathml" media')
        content.write_text(text, encoding="utf-8")


def style(app, page, template, context, doctree):
    """Load our style sheet and that of code, and no other, and say in which language the page is."""
    language = f'lang="{app.config.language}" xml:lang="{app.config.language}"'
    context["html_tag"] = context["html_tag"].replace("<html", f"<html {language}", 1)
    ours = "pygments.css", "book.css"
    context["css_files"] = [css for css in context["css_files"] if css.filename.endswith(ours)]


def finish(app, exception):
    """Lay the EPUB beside the folder of its pages, and have these printed."""
    if exception is None:
        name = app.config.epub_basename
        epub = Path(app.outdir, f"{name}.epub").replace(Path(app.outdir).parent / f"{name}.epub")
        pages = [app.config.root_doc, *app.env.toctree_includes[app.config.root_doc]]
        titles = {page: app.env.titles[page].astext() for page in pages}
        print_book(Path(app.outdir), titles, epub.with_suffix(".pdf"))


def setup(app):
    """Tell Sphinx."""
    app.add_builder(Book, override=True)
    app.add_directive("book-contents", Contents)
    app.add_directive("book-answers", Answers)
    app.add_post_transform(StillPages)
    app.connect("source-read", unlink)
    app.connect("html-page-context", style)
    app.connect("build-finished", finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
