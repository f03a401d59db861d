"""The files of the built site: everything in them comes from the site itself."""

import html
import importlib
import inspect
import pkgutil
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
sys.path.insert(0, str(Path(__file__).parents[1] / "docs" / "_ext"))
from bibliography import sources
from copied_notebooks import refusal

import course

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
LOADING = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src", "form": "action"}


class Page(HTMLParser):
    """The addresses, names and pictures of a page."""

    def __init__(self, path):
        super().__init__()
        self.links, self.loaded, self.names, self.pictures = [], [], set(), []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.names |= {found[key] for key in ("id", "name") if found.get(key)}
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])
        if tag == "img":
            self.pictures.append(found)
        address = found.get(LOADING.get(tag, ""))
        # A link may also name what is not loaded, as the page's author.
        if address and not (tag == "link" and "stylesheet" not in found.get("rel", "")):
            self.loaded.append(address)


@pytest.fixture(scope="module")
def pages(paths):
    return {path: Page(path) for path in paths}


def test_there_is_a_page_for_every_notebook(site, pages):
    notebooks = ROOT.joinpath("notebooks").glob("*.ipynb")
    assert {site / "notebooks" / f"{path.stem}.html" for path in notebooks} <= set(pages)


def test_the_reference_has_every_public_function(site, pages):
    named = pages[site / "reference.html"].names
    for module in pkgutil.walk_packages(course.__path__, "course."):
        for name, thing in vars(importlib.import_module(module.name)).items():
            is_ours = inspect.isfunction(thing) or inspect.isclass(thing)
            if is_ours and thing.__module__ == module.name and not name.startswith("_"):
                assert f"{module.name}.{name}" in named


def test_the_bibliography_has_every_source_once(site):
    found = sources(ROOT / "notebooks")
    text = html.unescape(re.sub(r"<[^>]*>", "", (site / "bibliography.html").read_text(encoding="utf-8")))
    for source in found:
        assert text.count(f"{source}. Topic") == 1
    # The same work must be written in the same way wherever it is named.
    assert len({re.sub(r"\W", "", source.split(", ")[-1]) for source in found if "arXiv" in source}) == sum(
        "arXiv" in source for source in found
    )


def test_nothing_is_loaded_from_another_host(pages):
    for path, page in pages.items():
        assert [a for a in page.loaded if urlsplit(a).scheme not in ("", "data")] == [], path.name
        assert [a for a in page.loaded if a.startswith("//")] == [], path.name


def test_no_style_sheet_loads_from_another_host(site):
    for path in site.rglob("*.css"):
        assert not re.search(r"(url\(|@import)\s*['\"]?(https?:)?//", path.read_text(encoding="utf-8")), path


def test_every_link_within_the_site_resolves(pages):
    for path, page in pages.items():
        for address in page.links + page.loaded:
            parts = urlsplit(address)
            if parts.scheme:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.exists(), f"{path.name}: {address}"
            if parts.fragment and target in pages:
                assert parts.fragment in pages[target].names, f"{path.name}: {address}"


def test_every_picture_states_its_finding(pages):
    for path, page in pages.items():
        for picture in page.pictures:
            assert len(picture.get("alt", "").split()) > 3, f"{path.name}: {picture}"
            assert picture["alt"].endswith("."), f"{path.name}: {picture}"


def test_every_notebook_is_offered_for_download(site, pages):
    for path, page in pages.items():
        if path.parent.name == "notebooks":
            (offered,) = [a for a in page.links if a.endswith(".ipynb")]
            stored = ROOT / "notebooks" / f"{path.stem}.ipynb"
            assert (path.parent / offered).resolve().read_bytes() == stored.read_bytes()


def test_the_first_use_of_a_term_links_to_the_glossary(site, pages, topic):
    links = pages[site / topic("02_dead_relu")].links
    assert sum(link.endswith("glossary.html#term-dead-unit") for link in links) == 1


def test_formulas_are_drawn_by_the_browser_itself(site, topic):
    text = (site / topic("04_weight_initialization")).read_text(encoding="utf-8")
    assert text.count("<math") > 10
    assert not re.search(r"<script[^>]*mathjax", text, re.IGNORECASE)


CODE = r'<div class="cell_input[^>]*>\s*<div class="[^"]*"><div class="highlight"><pre>(.*?)</pre>'


def test_code_is_that_of_the_notebook_and_marked_up_where_it_is_coloured(site):
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        page = (site / "notebooks" / f"{path.stem}.html").read_text(encoding="utf-8")
        shown = re.findall(CODE, page, re.DOTALL)
        texts = [html.unescape(re.sub(r"<[^>]*>", "", markup)).rstrip() for markup in shown]
        assert texts == [cell.source for cell in cells if cell.cell_type == "code"], path.name
        # Keywords and functions have colours of their own; names and brackets have that of the text.
        assert {"kn", "nf"} <= set(re.findall(r'<span class="(\w+)">', " ".join(shown))), path.name
        assert not re.search(r'<span class="(n|nn|p|w)">', page), path.name


@pytest.mark.parametrize(
    "source", ["<script>alert(1)</script>", 'A <b onclick="x()">word</b>.', "<!-- x -->"]
)
def test_a_text_that_holds_markup_is_refused(source):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(source)])
    assert refusal(notebook).startswith("Cell 0 has HTML in its text")


SHOWN = {
    "code": "Where `<b>` stands.\n\n```\n<script>\n```\n",
    "a formula": "$a<b$ and x < y",
    "no tag": "Units with n<k, and -1<x<1, or <3.",
}


@pytest.mark.parametrize("text", SHOWN.values(), ids=SHOWN)
def test_a_text_that_speaks_of_markup_or_compares_is_not(text):
    assert refusal(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])) is None


UNFIT = {
    "a directive": (
        nbformat.v4.new_markdown_cell("```{raw} html\n<script>alert(1)</script>\n```"),
        "a directive",
    ),
    "a raw cell": (nbformat.v4.new_raw_cell("<script>alert(1)</script>"), "is a raw cell"),
    "a picture that is not there": (nbformat.v4.new_markdown_cell("![A picture.](a.png)"), "shows 'a.png'"),
    "a file of somebody else": (nbformat.v4.new_markdown_cell("![A.](../Makefile)"), "shows '../Makefile'"),
    "a picture from elsewhere": (
        nbformat.v4.new_markdown_cell("![A.](https://example.org/a.png)"),
        "shows 'https",
    ),
    "a picture that was not pasted": (
        nbformat.v4.new_markdown_cell("![A.](attachment:a.png)"),
        "shows 'attach",
    ),
}


@pytest.mark.parametrize(("cell", "reason"), UNFIT.values(), ids=UNFIT)
def test_what_no_page_could_show_is_refused(cell, reason):
    notebook = nbformat.v4.new_notebook(cells=[cell])
    assert refusal(notebook, ROOT / "notebooks").startswith("Cell 0 ")
    assert reason in refusal(notebook, ROOT / "notebooks")


def test_every_page_begins_with_its_policy(pages):
    for path in pages:
        head = path.read_text(encoding="utf-8").partition("<body>")[0]
        policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="(.*?)">', head)
        assert policy, path.name
        assert not re.search(r"<(script|style|link)", head[: policy.start()]), path.name
        assert "'unsafe-inline'" not in policy[1]
        assert "'unsafe-eval'" not in policy[1]
        assert not re.search(r"https?:|\*", policy[1])
