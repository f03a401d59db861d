"""The built site: everything in it comes from itself, and every slider moves its picture."""

import functools
import html
import http.server
import importlib
import inspect
import itertools
import pkgutil
import re
import sys
import threading
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
def pages(site):
    """All pages but the templates that the theme leaves among its files."""
    return {path: Page(path) for path in sorted(site.rglob("*.html")) if "_static" not in path.parts}


def test_there_is_a_page_for_every_notebook(site, pages):
    notebooks = ROOT.joinpath("notebooks").glob("*.ipynb")
    assert {site / "notebooks" / f"{path.stem}.html" for path in notebooks} <= set(pages)


def test_the_reference_has_every_public_function(site, pages):
    named = pages[site / "reference.html"].names
    for module in pkgutil.iter_modules(course.__path__, "course."):
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


def test_the_first_use_of_a_term_links_to_the_glossary(site, pages):
    links = pages[site / "notebooks" / "02_dead_relu.html"].links
    assert sum(link.endswith("glossary.html#term-dead-unit") for link in links) == 1


def test_formulas_are_drawn_by_the_browser_itself(site):
    text = (site / "notebooks" / "04_weight_initialization.html").read_text(encoding="utf-8")
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


@pytest.fixture(scope="module")
def address(site):
    """The site on a server of this machine."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=site)
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def visit(browser, address):
    """Open a page, and collect what it asked for and complained of."""
    contexts = []

    def open_page(url, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.asked, page.said = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda m: page.said.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()


def current(figure):
    figure.page.wait_for_function(
        "f => { const i = f.querySelector('img'); return i.complete && i.naturalWidth }",
        arg=figure.element_handle(),
    )
    return figure.locator("img").evaluate("i => [i.src, i.alt]")


def fits(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    return page.evaluate("document.documentElement.scrollWidth") <= width


def walk(page):
    """Move every slider of a page from end to end by its keys, and yield what each figure showed."""
    for figure in page.locator("figure.explore[data-frames]").all():
        for slider in figure.locator("input").all():
            slider.focus()
            slider.press("Home")
            seen = [[*current(figure), slider.get_attribute("aria-valuetext")]]
            for _ in range(int(slider.get_attribute("max"))):
                slider.press("ArrowRight")
                seen.append([*current(figure), slider.get_attribute("aria-valuetext")])
            assert figure.locator("[role=status]").inner_text() == seen[-1][1]
            yield seen
            slider.press("Home")


@pytest.mark.browser
def test_every_slider_changes_its_picture_and_every_page_fits_and_asks_for_nothing_else(
    visit, pages, site, address
):
    moved = 0
    page = visit(address)
    for path in pages:
        page.asked.clear()
        page.goto(f"{address}/{path.relative_to(site).as_posix()}")
        # 1280 pixels enlarged to 200 % are 640.
        for width in (320, 390, 640, 1280):
            assert fits(page, width), f"{path.name} is wider than {width}"
        for seen in walk(page):
            moved += 1
            for before, after in itertools.pairwise(seen):
                assert before[0] != after[0], f"{path.name}: the picture stays at {after[1]!r}"
                assert before[2] != after[2], f"{path.name}: the spoken value stays at {after[2]!r}"
        assert [url for url in page.asked if not url.startswith((address, "data:"))] == []
        assert page.said == [], path.name
    assert moved > 20


@pytest.mark.browser
def test_every_page_works_from_disk(visit, pages, site):
    page = visit(site.as_uri() + "/index.html")
    for path in pages:
        page.goto(path.as_uri())
        for figure in page.locator("figure.explore[data-frames]").all():
            before = current(figure)
            slider = figure.locator("input").last
            slider.press("End")
            if current(figure) == before:
                slider.press("Home")
            assert current(figure)[0] != before[0], path.name
        assert page.said == [], path.name


AXE = """axe.run(%s, { resultTypes: ["violations"], preload: false })
    .then(found => found.violations.map(v => [v.id, v.nodes.map(node => node.html)]))"""
MOVE = """for (const slider of document.querySelectorAll("figure.explore input")) {
    slider.value = Number(slider.value) === 0 ? slider.max : 0;
    slider.dispatchEvent(new Event("input"));
}"""


@pytest.mark.browser
def test_every_page_is_accessible_in_light_and_dark_before_and_after_its_sliders_move(
    visit, pages, site, address
):
    axe = pytest.importorskip("axe_playwright_python", reason="needs the package axe-playwright-python")
    script = Path(axe.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    page = visit(address)
    for path in pages:
        page.goto(f"{address}/{path.relative_to(site).as_posix()}")
        page.evaluate(script)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate(AXE % "document") == [], f"{path.name}, {scheme}"
        page.evaluate(MOVE)
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)
            if page.locator("figure.explore").count():
                assert page.evaluate(AXE % "'figure.explore'") == [], f"{path.name}, {scheme}, moved"


SCRIPT = "Object.assign(document.createElement('script'), { text: 'ran = 1' })"
ADD = "document.body.insertAdjacentHTML('beforeend', `%s`);"
FORBIDDEN = {
    "script-src-elem": f"document.body.append({SCRIPT})",
    "script-src-attr": ADD % "<p onclick='ran = 1'>x</p>" + "document.body.lastElementChild.click()",
    "style-src-elem": ADD % "<style>p { color: red }</style>",
    "style-src-attr": ADD % "<p style='color: red'>x</p>",
    "img-src": ADD % "<img src='http://example.org/x.png'>",
    "frame-src": ADD % "<iframe src='http://example.org/'></iframe>",
    "base-uri": ADD % "<base href='http://example.org/'>",
    "connect-src": "fetch('http://example.org/').catch(() => 0)",
}


@pytest.mark.browser
@pytest.mark.parametrize("home", ["server", "disk"])
def test_what_a_page_may_not_do_is_stopped(visit, site, address, home):
    page = visit(f"{address if home == 'server' else site.as_uri()}/index.html")
    page.evaluate(
        "addEventListener('securitypolicyviolation', e => (window.stopped ??= []).push(e.effectiveDirective))"
    )
    for directive, attempt in FORBIDDEN.items():
        page.evaluate(attempt)
        page.wait_for_function("directive => stopped.includes(directive)", arg=directive, timeout=10_000)
    assert page.evaluate("window.ran") is None


@pytest.mark.browser
def test_a_slider_moves_by_mouse_and_by_touch(visit, address):
    url = f"{address}/notebooks/04_weight_initialization.html"
    for options in ({}, {"has_touch": True, "viewport": {"width": 390, "height": 844}}):
        page = visit(url, **options)
        figure = page.locator("figure.explore[data-frames]").first
        slider = figure.locator("input").first
        slider.scroll_into_view_if_needed()
        before, box = current(figure), slider.bounding_box()
        # A finger needs 44 pixels.
        assert box["height"] >= 44
        (page.touchscreen.tap if options else page.mouse.click)(
            box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2
        )
        assert current(figure) != before


REACHED = """width => [...document.querySelectorAll("pre")].every(
    element => element.hasAttribute("tabindex") === (element.scrollWidth > element.clientWidth)
) && innerWidth === width"""


@pytest.mark.browser
def test_what_scrolls_and_no_more_is_reached_by_keys(visit, address):
    page = visit(f"{address}/notebooks/04_weight_initialization.html")
    reached = {}
    for width in (320, 1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function(REACHED, arg=width, timeout=10_000)
        reached[width] = page.locator("pre[tabindex]").count()
    assert reached[320] > reached[1280]


@pytest.mark.browser
def test_without_scripts_the_pictures_and_their_sentences_are_there(visit, pages, site, address):
    page = visit(address, java_script_enabled=False, color_scheme="dark")
    for path in pages:
        page.goto(f"{address}/{path.relative_to(site).as_posix()}")
        for figure in page.locator("figure.explore").all():
            assert figure.locator("img").is_visible()
            assert figure.locator("figcaption").inner_text() == figure.locator("img").get_attribute("alt")
            assert not figure.locator(".explore-controls").is_visible()


def colour(page, selector, name):
    return page.locator(selector).first.evaluate(f"e => getComputedStyle(e).{name}")


@pytest.mark.browser
def test_a_page_is_dark_printed_and_in_forced_colours_as_it_should_be(visit, address):
    page = visit(f"{address}/notebooks/02_dead_relu.html", color_scheme="dark", forced_colors="none")
    assert colour(page, "body", "backgroundColor") != "rgb(255, 255, 255)"
    assert "invert" in colour(page, "figure.explore img", "filter")
    # Printed pages are light, wherever they are printed, as wide as the paper, and without what moves.
    page.emulate_media(media="print", color_scheme="dark")
    assert fits(page, 700)
    assert colour(page, "figure.explore img", "filter") == "none"
    assert page.locator("figure.explore img").first.is_visible()
    for gone in (
        ".sidebar-drawer",
        ".mobile-header",
        ".skip-to-content",
        "figure.explore input",
        ".notebook-offer",
    ):
        assert not page.locator(gone).first.is_visible(), gone
    page.emulate_media(media="screen", forced_colors="active")
    slider = page.locator("figure.explore input").first
    assert slider.is_visible()
    slider.focus()
    assert colour(page, "figure.explore input", "outlineStyle") != "none"
    assert colour(page, "figure.explore input", "appearance") == "auto"


@pytest.mark.browser
def test_the_search_finds_a_term_without_a_server(visit, site):
    page = visit(f"{site.as_uri()}/search.html?q=saturated")
    page.wait_for_selector("#search-results li a")
    assert "04" in page.locator("#search-results").inner_text()
