"""The book has all of the course as PDF and EPUB: nothing moves, and links lead to each answer and back."""

import base64
import io
import posixpath
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
sys.path.insert(0, str(Path(__file__).parents[1] / "docs" / "_ext"))
import printed_book
from book import still
from docutils import nodes
from PIL import Image

from course.practice.asking import QUESTIONS
from course.practice.exercises import exercises
from course.practice.predicting import PREDICTIONS

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
PAGE = '<html xmlns="http://www.w3.org/1999/xhtml"><body><div class="body">{}</div></body></html>'
CONTENTS = '<div class="toctree-wrapper compound"><a href="{0}#x"/><a href="{1}#x"/><a href="{1}"/></div>'


def sheets(pdf):
    """Return the sizes of the sheets of a PDF, in points."""
    boxes = re.findall(rb"/Type /Page\b.*?/MediaBox \[0 0 (\S+) (\S+)\]", pdf.read_bytes(), re.DOTALL)
    return [(round(float(width)), round(float(height))) for width, height in boxes]


def webp(colour):
    buffer = io.BytesIO()
    Image.new("RGB", (8, 4), colour).save(buffer, "webp", lossless=True)
    return "data:image/webp;base64," + base64.b64encode(buffer.getvalue()).decode()


def test_a_figure_stands_still_where_its_sliders_start():
    figure = still(
        f'<figure class="explore explore-plot" id="figure-f" data-frames=\'[["{webp("red")}","Red."]]\'>'
        f'<img src="{webp("blue")}" alt="1 &lt; 2." width="8" height="4"><div class="explore-controls">'
        '<label><span class="explore-name">rate</span><input><span class="explore-value" aria-hidden="true">'
        '0.1</span></label></div><figcaption><p role="status">1 &lt; 2.</p></figcaption></figure>',
        "figure-0",
    )
    picture, caption, legend = figure.children
    kind, data = picture["uri"].split(",")
    assert kind == "data:image/png;base64"
    assert Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB").getpixel((0, 0)) == (0, 0, 255)
    assert (picture["alt"], caption.astext(), legend.astext()) == ("1 < 2.", "1 < 2.", "rate: 0.1")
    assert isinstance(legend, nodes.legend)


@pytest.fixture
def folder(tmp_path):
    """A book of three small pages, of which the second is longer than a sheet of paper."""
    below = tmp_path / "notebooks"
    below.mkdir()
    links = CONTENTS.format("notebooks/a%20b.xhtml", "last.xhtml")
    long = '<p style="break-after: page">1</p><p id="x">2 <img src="../_images/p.png" alt="."/></p>'
    pages = {"book": links, "notebooks/a b": long, "last": '<p id="x"><a href="https://a.b/">out</a></p>'}
    for name, text in pages.items():
        tmp_path.joinpath(f"{name}.xhtml").write_text(PAGE.format(text))
    return tmp_path


TITLES = {"book": "Book", "notebooks/a b": 'A "quoted" title', "last": "Last"}


def test_pages_that_are_joined_keep_their_links_and_pictures(folder):
    whole = printed_book.join(folder, TITLES)
    links = [a.get("href") for a in whole.iterfind(".//{*}a")]
    assert links == ["#page1-x", "#page2-x", "#page2", "https://a.b/"]
    assert {link[1:] for link in links[:3]} <= {element.get("id") for element in whole.iter()}
    assert [img.get("src") for img in whole.iterfind(".//{*}img")] == ["notebooks/../_images/p.png"]


def test_a_book_in_another_language_says_so_and_brings_its_letters(folder, monkeypatch):
    monkeypatch.setattr(printed_book, "FONTS", folder)
    (folder / "ko.ttf").touch()
    style = "{*}head/{*}style"
    assert "ko.ttf" not in printed_book.join(folder, TITLES).find(style).text
    first = folder / "book.xhtml"
    first.write_text(first.read_text().replace("<html ", '<html lang="ko" '))
    whole = printed_book.join(folder, TITLES)
    assert whole.get("lang") == "ko"
    assert (folder / "ko.ttf").as_uri() in whole.find(style).text


def test_the_contents_say_on_which_page_something_lies(folder):
    pytest.importorskip("playwright.sync_api", reason="needs the package playwright")
    if not any(map(shutil.which, printed_book.BROWSERS)):
        pytest.skip(f"needs a browser: one of {', '.join(printed_book.BROWSERS)}")
    printed_book.print_book(folder, TITLES, folder / "book.pdf")
    whole = ET.parse(folder / "whole.xhtml")
    # The contents have a page of their own.
    assert [a.get("data-page") for a in whole.iterfind(".//{*}a")] == ["3", "4", "4", None]
    assert len(sheets(folder / "book.pdf")) == 4


def test_without_a_browser_one_sentence_says_so_and_nothing_is_printed(folder, monkeypatch, capsys):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    printed_book.print_book(folder, TITLES, folder / "book.pdf")
    assert not (folder / "book.pdf").exists()
    said = capsys.readouterr().err
    assert said.startswith("The book is an EPUB alone: no browser is there to print it")
    assert said.count("\n") == 1


@pytest.fixture(scope="module")
def book(site, tmp_path_factory):
    """The whole book, in a folder beside that of its pages; the notebooks were run for the site."""
    folder = tmp_path_factory.mktemp("book")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "epub"]
    command += ["-c", ROOT / "docs" / "_book", "-d", folder / "doctrees", ROOT / "docs", folder / "pages"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(book):
    """The pages of the EPUB as it is packed, `{path: tree}`, in the order in which they are read."""
    (packed,) = book.glob("*.epub")
    with zipfile.ZipFile(packed) as archive:
        content = ET.fromstring(archive.read("content.opf"))
        items = {item.get("id"): item for item in content.iterfind(".//{*}item")}
        spine = [items[ref.get("idref")].get("href") for ref in content.iterfind(".//{*}itemref")]
        return {unquote(path): ET.fromstring(archive.read(unquote(path))) for path in spine}


def classed(tree, kind):
    return [element for element in tree.iter() if kind in element.get("class", "").split()]


@pytest.mark.long
def test_every_page_says_its_language(pages):
    assert {page.get("lang") for path, page in pages.items() if not path.startswith("nav")} == {"en"}


@pytest.mark.long
def test_the_book_has_each_topic_before_its_exercises_and_the_answers_last(pages):
    paths = [path for folder in ("", "practice/") for path in ROOT.glob(f"notebooks/{folder}[0-9]*.ipynb")]
    stored = [path.relative_to(ROOT).with_suffix(".xhtml") for path in paths]
    topics = sorted(stored, key=lambda path: (path.name[:2], len(path.parts)))
    read = [PurePosixPath(path) for path in pages]
    assert read[0].name == "book.xhtml"
    assert [str(path) for path in read[1 : len(topics) + 1]] == [path.as_posix() for path in topics]
    assert read[len(topics) + 1].name == "self_test.xhtml"
    looked_up = {"symptoms", "advice", "lecture", "numbers", "notation", "glossary", "bibliography"}
    assert {path.stem for path in read[len(topics) + 2 : -1]} == looked_up
    assert read[-1].name == "book_answers.xhtml"


@pytest.mark.long
def test_every_link_in_the_book_leads_somewhere(pages):
    for path, tree in pages.items():
        for link in tree.iterfind(".//{*}a[@href]"):
            parts = urlsplit(link.get("href"))
            if not parts.scheme:
                there = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path)))
                names = {element.get("id") for element in pages[there if parts.path else path].iter()}
                assert not parts.fragment or parts.fragment in names, f"{path}: {link.get('href')}"


@pytest.mark.long
def test_each_question_and_exercise_leads_to_its_answer_and_that_back(pages):
    answers = {p.get("id"): p.find("{*}a") for p in classed(pages["book_answers.xhtml"], "answer")}
    led, asked = {}, 0
    for path, tree in pages.items():
        if path.startswith("notebooks/"):
            asked += len(classed(tree, "ask"))
            for paragraph in classed(tree, "answer"):
                to = paragraph.find("{*}a").get("href").partition("#")[2]
                led[to] = f"{path}#{paragraph.get('id')}"
    assert led == {name: link.get("href") for name, link in answers.items()}
    assert sum(name.startswith("answer-asked") for name in led) == asked == len(QUESTIONS | PREDICTIONS)
    assert sum(name.startswith("answer-exercise") for name in led) == len(exercises())


@pytest.mark.long
def test_nothing_in_the_book_moves_and_each_figure_says_what_it_shows(pages):
    figures = 0
    for path, tree in pages.items():
        text = ET.tostring(tree, encoding="unicode")
        assert not re.search("<script|<details|<button|<input|data-frames|webp", text), path
        for figure in tree.iterfind(".//{*}figure"):
            figures += 1
            picture, caption = figure.find("{*}img"), figure.find("{*}figcaption")
            assert picture.get("src").endswith(".png")
            assert picture.get("alt") == "".join(caption.find("{*}p").itertext())
    stored = [path.read_text(encoding="utf-8") for path in ROOT.glob("notebooks/*.ipynb")]
    assert figures >= sum(text.count('"@explore(') for text in stored) > 50


@pytest.mark.long
def test_the_epub_is_one(book):
    checker, java = shutil.which("epubcheck"), shutil.which("java")
    if not (checker and java):
        pytest.skip("needs epubcheck, which Debian has")
    done = subprocess.run([java, "-jar", checker, *book.glob("*.epub")], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No errors or warnings" in done.stdout


@pytest.mark.long
def test_the_pdf_has_pages_of_a4_and_contents_that_know_them(book, browser):
    (pdf,) = book.glob("*.pdf")
    sizes = sheets(pdf)
    assert set(sizes) == {(595, 842)}
    whole = ET.parse(book / "pages" / "whole.xhtml")
    contents, answers = (
        [int(link.get("data-page")) for link in whole.iterfind(kind)] for kind in printed_book.NUMBERED
    )
    assert contents == sorted(contents)
    assert 1 < contents[0] < contents[-1] <= len(sizes)
    # Each question is before its answer, and so it is told.
    assert 1 < min(answers) < contents[-1] < max(answers) <= len(sizes)
