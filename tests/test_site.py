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
from copied_notebooks import edition, refusal
from editions import NAMES, folder
from left_out import TOPICS, left_out

import course
from course.practice.exercises import exercises

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
    parts = [page for path, page in pages.items() if path.name.startswith("reference")]
    named = set().union(*(page.names for page in parts))
    modules = pkgutil.walk_packages(course.__path__, "course.")
    # An exercise is data; its functions are shown as its solution.
    for module in (module for module in modules if ".practice.topic_" not in module.name):
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


def test_every_style_sheet_of_ours_closes_what_it_opens():
    for path in ROOT.joinpath("docs", "_static").glob("*.css"):
        text = path.read_text(encoding="utf-8")
        # A rule that is not closed swallows those that follow, and no browser says so.
        assert text.count("{") == text.count("}"), path.name


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
        language = next((part for part in path.relative_to(site).parts if part in NAMES), "en")
        if path.parent.name in ("notebooks", "practice"):
            (offered,) = [a for a in page.links if a.endswith(".ipynb")]
            below = path.relative_to(site / folder(language) / "notebooks").with_suffix(".ipynb")
            stored = edition(below.as_posix(), language)
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
        codes = [cell.source for cell in cells if cell.cell_type == "code"]
        # A question is answered on the page, and needs no code there.
        assert texts == [code for code in codes if not code.startswith("ask(")], path.name
        # Keywords and functions have colours of their own; names and brackets have that of the text.
        assert {"kn", "nf"} <= set(re.findall(r'<span class="(\w+)">', " ".join(shown))), path.name
        assert not re.search(r'<span class="(n|nn|p|w)">', page), path.name


def test_signatures_are_marked_up_where_they_are_coloured(site):
    page = (site / "reference_kernels.html").read_text(encoding="utf-8")
    (signature,) = re.findall(r'<dt class="sig [^>]*id="course.activations.relu">.*?</dt>', page, re.DOTALL)
    assert '<em class="sig-param">x</em>' in signature
    assert not re.search('<span class="(pre|n|o|p)">', signature)


def test_hints_and_solution_of_each_exercise_are_folded_under_it(site):
    shown = {}
    for path in sorted((site / "notebooks" / "practice").glob("*_exercises.html")):
        page = path.read_text(encoding="utf-8")
        for section in re.split("(?=<h2>)", page)[1:]:
            name = re.search("<h2>([^<]*)", section)[1]
            parts = re.findall(
                r'<details class="folded"><summary>(.*?)</summary>(.*?)</details>', section, re.DOTALL
            )
            shown[name] = [
                (words, html.unescape(re.sub("<[^>]*>", "", text)).strip()) for words, text in parts
            ]
            assert section.index("<pre>") < section.index("<details"), name
    there = {name: asked for name, asked in exercises().items() if not left_out(asked.topic)}
    assert list(shown) == list(there)
    for name, asked in there.items():
        *hints, (words, code) = shown[name]
        assert [words for words, _ in hints] == [
            f"Hint {n} of {len(asked.hints)}" for n in range(1, len(asked.hints) + 1)
        ]
        assert (words, code) == ("Solution", asked.solution), name


FOLDED = r'<details class="folded"><summary>(.*?)</summary>.*?<pre>(.*?)</pre>'
CELL = r'<div class="cell docutils container">.*?(?=<div class="cell docutils container">|<h2>|$)'


def lines(code):
    return sum(bool(line.strip()) for line in code.splitlines())


def test_the_imports_and_figures_of_more_than_five_lines_are_folded_and_no_other_code(site):
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        codes = [c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
        expected = [
            ("Code: imports" if code.startswith(("import ", "from ")) else "Code of this figure", code)
            for code in codes
            if code.startswith(("import ", "from ")) or ("@explore" in code and lines(code) > 5)
        ]
        page = (site / "notebooks" / f"{path.stem}.html").read_text(encoding="utf-8")
        folded = [
            (words, html.unescape(re.sub(r"<[^>]*>", "", markup)).rstrip())
            for words, markup in re.findall(FOLDED, page, re.DOTALL)
        ]
        assert folded == expected, path.name
        assert [words for words, _ in folded].count("Code: imports") == 1, path.name


def test_every_question_of_a_notebook_stands_on_its_page(site):
    seen = 0
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
        # A figure that asks first is a question too.
        asked = len(re.findall(r"^ask\(|\bguess=predict\(", code, re.MULTILINE))
        page = (site / "notebooks" / f"{path.stem}.html").read_text(encoding="utf-8")
        assert page.count('<div class="ask"') == asked, path.name
        seen += asked
    assert seen >= 18


def test_a_figure_stands_before_its_folded_code(site):
    seen = 0
    for path in site.glob("notebooks/*.html"):
        for cell in re.findall(CELL, path.read_text(encoding="utf-8"), re.DOTALL):
            if "Code of this figure" in cell:
                seen += 1
                folded = cell.index('<details class="folded"')
                assert cell.index('<figure class="explore ') < folded, path.name
    assert seen > 20


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


def test_a_page_loads_what_sorts_tables_where_it_has_a_long_one_and_nowhere_else(pages):
    found = set()
    for path, page in pages.items():
        bodies = re.findall(r"<tbody>(.*?)</tbody>", path.read_text(encoding="utf-8"), re.DOTALL)
        if any(body.count("<tr") > 15 for body in bodies):
            found.add(path.stem)
        loaded = {Path(urlsplit(address).path).name for address in page.loaded}
        assert loaded & {"tables.js", "tables.css"} == (
            {"tables.js", "tables.css"} if path.stem in found else set()
        ), path.name
    assert found >= {"numbers", "benchmarks", "lecture", "licences"}


def test_the_pages_of_numbers_open_with_a_picture_that_says_what_their_tables_say(site):
    text = html.unescape((site / "numbers.html").read_text(encoding="utf-8"))
    opening, _, tables = text.partition("<h2>")
    (said,) = re.findall(r'<figure class="[^"]*drawn"><img src="_images/[^"]*" alt="([^"]*)"', opening)
    counts = [tuple(map(int, found)) for found in re.findall(r"<p>(\d+) of (\d+) agree\.</p>", tables)]
    agree, numbers = map(sum, zip(*counts, strict=True))
    assert said.startswith(f"{agree} of the {numbers} published numbers agree")
    assert re.findall(r"(\d+) / (\d+)", said) == [(str(a), str(n)) for a, n in counts]

    text = html.unescape((site / "benchmarks.html").read_text(encoding="utf-8"))
    (said,) = re.findall(r'<figure class="[^"]*drawn"><img src="_images/[^"]*" alt="([^"]*)"', text)
    assert text.index("<figure") < text.index("<table")
    rows = [re.findall(r"<td><p>(.*?)</p>", row) for row in text.split("<tr")]
    reached = [row[-1] for row in rows if row and "over " in row[0] and row[-1] in ("yes", "no")]
    assert said.endswith(f"reached: {reached.count('yes')} of {len(reached)}.")


FOUND = re.compile(r'<meta [^>]*name="description"[^>]*>')


def described(path):
    """What a page says of itself to those who list it."""
    (tag,) = FOUND.findall(path.read_text(encoding="utf-8"))
    return html.unescape(re.search('content="([^"]*)"', tag)[1])


def test_every_page_has_a_description_of_its_own(pages):
    said = {path.name: described(path) for path in pages}
    assert len(set(said.values())) == len(said)
    for name, text in said.items():
        assert 40 < len(text) <= 160 or name.removesuffix(".html") not in TOPICS, f"{name}: {text}"
        assert 10 < len(text) <= 160, f"{name}: {text}"
        assert text[-1] in ".?", f"{name}: {text}"


def test_no_page_has_addresses_of_a_host_that_nobody_named(pages):
    for path in pages:
        assert not re.search(r'rel="canonical"|"og:|"twitter:', path.read_text(encoding="utf-8")), path.name


def cards(site):
    index = (site / "index.html").read_text(encoding="utf-8")
    return re.findall(r'<li class="card">(.*?)</li>', index, re.DOTALL)


def test_every_topic_has_a_card_with_one_link_and_its_name_question_minutes_and_use(site):
    found = {re.search(r'href="notebooks/(\w+)\.html"', card)[1]: card for card in cards(site)}
    assert list(found) == [path.stem for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]
    for name, card in found.items():
        assert card.count("<a ") == 1, name
        if name in TOPICS:
            text = html.unescape(re.sub("<[^>]*>", "", card))
            title = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4).cells[0].source
            asked = title.partition("\n")[0][len("# 00 ") :].replace("'", "\u2019")
            topic = TOPICS[name]
            assert text == f"{topic['name']}{asked}{topic['afterwards']}{topic['minutes']} minutes"


def test_a_card_shows_a_picture_of_its_topic_which_is_small_and_waits_until_it_is_needed(site):
    for card in cards(site):
        page = (site / re.search('href="([^"]*)"', card)[1]).read_text(encoding="utf-8")
        picture = re.search(r'<img [^>]* width="\d+" height="\d+"[^>]* loading="lazy"[^>]*>', card)
        assert picture, card
        source, alt = (re.search(f'{key}="([^"]*)"', picture[0])[1] for key in ("src", "alt"))
        assert f'src="../{source}" alt="{alt}"' in page
        assert (site / source).stat().st_size < 40_000


def test_the_site_opens_with_a_figure_of_a_topic(site, topic):
    page = (site / topic("04_weight_initialization")).read_text(encoding="utf-8")
    index = (site / "index.html").read_text(encoding="utf-8")
    (figure,) = re.findall(r'<figure class="explore .*?</figure>', index, re.DOTALL)
    # What is seen at once is not waited for.
    waits = ' loading="lazy" decoding="async"'
    assert waits not in figure
    assert figure.replace("_images/", "../_images/") in page.replace(waits, "")


def links_of_navigation(page):
    """The pages that the navigation names, each with what it says of being here."""
    tree = re.search(r'<div class="sidebar-tree">.*?</div>', page.read_text(encoding="utf-8"), re.DOTALL)[0]
    found = re.findall(r'<a class="reference internal" href="([^"]*)"(?:\s*aria-current="(\w+)")?>', tree)
    return {page if to == "#" else (page.parent / to).resolve(): here for to, here in found}


@pytest.fixture(params=NAMES)
def own(request, site, pages):
    """The pages of one edition, the first page first."""
    top, below = site / folder(request.param), [site / name for name in NAMES]
    deeper = [other for other in below if other != top and other.is_relative_to(top)]
    found = [path for path in pages if path.is_relative_to(top)]
    found = [path for path in found if not any(path.is_relative_to(other) for other in deeper)]
    return sorted(found, key=lambda path: path != top / "index.html")


def test_the_navigation_says_on_every_page_where_it_is(own):
    site = own[0].parent
    named = list(links_of_navigation(site / "index.html"))
    assert len(named) > 10
    for path in own:
        links = links_of_navigation(path)
        assert list(links) == named
        current = {there: here for there, here in links.items() if here}
        if path.name in ("index.html", "search.html"):
            assert current == {}
        else:
            part_of = {
                "practice": "practice",
                "reference": "reference",
                "deploying": "teaching",
                "assignment": "teaching",
            }
            whole = part_of.get(path.parent.name, part_of.get(path.stem.partition("_")[0], "about"))
            there = path if path in named else site / f"{whole}.html"
            assert current == {there: "page" if there == path else "true"}, path.name


def test_one_page_leads_to_the_next_through_all_of_the_site(own):
    site = own[0].parent
    path, seen = own[0], []
    while path not in seen:
        seen.append(path)
        following = re.search(r'<a class="next-page" href="([^"]*)"', path.read_text(encoding="utf-8"))
        path = (path.parent / following[1]).resolve() if following else path
    assert set(seen) == set(own) - {site / "search.html"}
    # The topics come first, and in their order, then what the navigation names.
    named = list(links_of_navigation(site / "index.html"))
    assert [path for path in seen if path in named] == named
    assert [path for path in seen if path.parent.name == "notebooks"] == seen[1 : 1 + len(cards(site))]
