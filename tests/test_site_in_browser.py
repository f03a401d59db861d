"""The built site in a browser: every slider moves its picture, and every page can be read by everybody."""

import functools
import http.server
import itertools
import threading
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


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


# After the page's own listener: what is shown for this value, once its picture has arrived.
RECORD = """slider => {
    const figure = slider.closest("figure");
    const look = async () => {
        const { src, alt } = figure.querySelector("img");
        const said = figure.querySelector("[role=status]").textContent, { value, ariaValueText } = slider;
        await Object.assign(new Image(), { src }).decode();
        return [src, alt, ariaValueText, said, value];
    };
    slider.seen = [];
    slider.addEventListener("input", () => slider.seen.push(look()));
    slider.focus();
}"""


def walk(page):
    """Move every slider of a page from end to end by its keys, and yield what each figure showed."""
    for figure in page.locator("figure.explore[data-frames]").all():
        for slider in figure.locator("input").all():
            slider.press("End")
            slider.evaluate(RECORD)
            last = int(slider.get_attribute("max"))
            for key in ["Home", *["ArrowRight"] * last]:
                page.keyboard.press(key)
            seen = slider.evaluate("slider => Promise.all(slider.seen)")
            assert [value for *_, value in seen] == [str(value) for value in range(last + 1)]
            for _, alt, _, said, _ in seen:
                assert said == alt
            assert current(figure) == seen[-1][:2]
            yield seen
            page.keyboard.press("Home")


def test_every_slider_changes_its_picture_and_every_page_fits_and_asks_for_nothing_else(
    visit, paths, site, address
):
    moved = 0
    page = visit(address)
    for path in paths:
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


def test_every_page_works_from_disk(visit, paths, site):
    page = visit(site.as_uri() + "/index.html")
    for path in paths:
        page.goto(path.as_uri())
        for figure in page.locator("figure.explore[data-frames]").all():
            before = current(figure)
            slider = figure.locator("input").last
            slider.press("End")
            if current(figure) == before:
                slider.press("Home")
            assert current(figure)[0] != before[0], path.name
        assert page.said == [], path.name


AXE = """([context, options]) => axe.run(context, { resultTypes: ["violations"], preload: false, ...options })
    .then(found => found.violations.map(v => [v.id, v.nodes.map(node => node.html)]))"""
OF_COLOUR = ["color-contrast", "link-in-text-block"]
# Contrast is all that light and dark can change, and takes six times as long as everything else. Of all texts
# of a page that look alike, on grounds that look alike, one is looked at.
CONTRAST = """async ([roots, rules]) => {
    const alike = new Map(), clear = "rgba(0, 0, 0, 0) none 1 none static visible";
    function visit(element, ground, around) {
        const s = getComputedStyle(element);
        if (s.display === "none") return;
        const { backgroundColor, backgroundImage, opacity, filter, position, visibility } = s;
        const own = [backgroundColor, backgroundImage, opacity, filter, position, visibility].join(" ");
        if (own !== clear) ground += own;
        const look = [ground, around, s.color, s.fontSize, s.fontWeight, s.textShadow, s.textDecoration];
        const text = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
        if (text || element.matches("input")) alike.set(look.join() + element.matches("a"), element);
        for (const child of element.children) visit(child, ground, s.color);
    }
    for (const root of document.querySelectorAll(roots)) visit(root, "", "");
    const options = { resultTypes: ["violations"], preload: false, runOnly: rules };
    const { violations } = await axe.run({ include: [...alike.values()] }, options);
    return violations.map(v => [v.id, v.nodes.map(node => node.html)]);
}"""
MOVE = """for (const slider of document.querySelectorAll("figure.explore input")) {
    slider.value = Number(slider.value) === 0 ? slider.max : 0;
    slider.dispatchEvent(new Event("input"));
}"""


ANSWER = """for (const question of document.querySelectorAll(".ask")) {
    for (const button of question.querySelectorAll("button")) button.click();
    question.querySelector("details").open = true;
}"""


def test_every_page_is_accessible_in_light_and_dark_before_and_after_its_sliders_move(
    visit, paths, site, address
):
    axe = pytest.importorskip("axe_playwright_python", reason="needs the package axe-playwright-python")
    script = Path(axe.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    without_colour = {"rules": {rule: {"enabled": False} for rule in OF_COLOUR}}
    page = visit(address)
    for path in paths:
        page.goto(f"{address}/{path.relative_to(site).as_posix()}")
        page.evaluate(script)
        for part, change in {"html": None, "figure.explore": MOVE, ".ask": ANSWER}.items():
            state = f"{part}, {'changed' if change else 'as it is'}"
            if change:
                if not page.locator(part).count():
                    continue
                page.evaluate(change)
            assert page.evaluate(AXE, [part, without_colour]) == [], f"{path.name}, {state}"
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                assert page.evaluate(CONTRAST, [part, OF_COLOUR]) == [], f"{path.name}, {scheme}, {state}"


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


@pytest.mark.parametrize("home", ["server", "disk"])
def test_questions_are_answered_by_keys_and_say_what_a_wrong_answer_reveals(
    visit, site, address, topic, home
):
    page = visit(f"{address if home == 'server' else site.as_uri()}/{topic('04_weight_initialization')}")
    choice = page.get_by_role("group", name="What becomes of a gradient in the backward pass?")
    status = choice.get_by_role("status")
    assert status.inner_text() == ""
    choice.get_by_role("button").nth(0).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert status.inner_text().startswith("No. The slopes are small")
    assert choice.get_by_role("button", pressed=True).inner_text() == "It vanishes."
    # Another try.
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    assert status.inner_text().startswith("Right. A layer multiplies the variance by")
    assert status.locator("math").count() == 2
    assert choice.get_by_role("button", pressed=True).inner_text() == "It grows."

    typed = page.get_by_role("group", name="What is the standard deviation in layer 10")
    status = typed.get_by_role("status")
    typed.get_by_role("textbox", name="Your answer").focus()
    for text, words in {
        "0,22": "No. That is the first layer.",
        "5": "No. It is less than that.",
        "1e-9": "No. It is more than that.",
        "tiny": "Type a number, such as 0.25 or 2.5e-7.",
        "3e-7": "Right. A layer multiplies by",
    }.items():
        page.keyboard.press("Control+a")
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        assert status.inner_text().startswith(words)
    page.keyboard.press("Control+a")
    page.keyboard.type("0.01")
    typed.get_by_role("button", name="Answer").click()
    assert status.inner_text().startswith("No. That is the size of one weight.")
    # What a finger needs.
    for target in [choice.get_by_role("button").first, *typed.locator("input, button").all()]:
        assert target.bounding_box()["height"] >= 44
    assert page.said == []


def test_without_scripts_questions_and_their_folded_answers_can_be_read(visit, paths, site, address):
    page = visit(address, java_script_enabled=False)
    asked = 0
    for path in paths:
        page.goto(f"{address}/{path.relative_to(site).as_posix()}")
        for question in page.locator(".ask").all():
            asked += 1
            assert "$" not in question.inner_text()
            assert not question.locator("dd").first.is_visible()
            choices = question.locator("li").all_inner_texts()
            question.locator("summary").click()
            answers = question.locator("dt").all_inner_texts()
            assert choices in ([], answers)
            assert len(answers) >= 3
            assert all(answer.is_visible() for answer in question.locator("dd").all())
            assert question.locator("button, input").count() == 0
    assert asked >= 18


def test_a_slider_moves_by_mouse_and_by_touch(visit, address, topic):
    url = f"{address}/{topic('04_weight_initialization')}"
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


def test_what_scrolls_and_no_more_is_reached_by_keys(visit, address, topic):
    page = visit(f"{address}/{topic('04_weight_initialization')}")
    reached = {}
    for width in (320, 1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function(REACHED, arg=width, timeout=10_000)
        reached[width] = page.locator("pre[tabindex]").count()
    assert reached[320] > reached[1280]


def test_without_scripts_the_pictures_and_their_sentences_are_there(visit, paths, site, address):
    page = visit(address, java_script_enabled=False, color_scheme="dark")
    for path in paths:
        page.goto(f"{address}/{path.relative_to(site).as_posix()}")
        for figure in page.locator("figure.explore").all():
            assert figure.locator("img").is_visible()
            assert figure.locator("figcaption").inner_text() == figure.locator("img").get_attribute("alt")
            assert not figure.locator(".explore-controls").is_visible()


def colour(page, selector, name):
    return page.locator(selector).first.evaluate(f"e => getComputedStyle(e).{name}")


def test_a_page_is_dark_printed_and_in_forced_colours_as_it_should_be(visit, address, topic):
    page = visit(f"{address}/{topic('02_dead_relu')}", color_scheme="dark", forced_colors="none")
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


def test_the_search_finds_a_term_without_a_server(visit, site, topic):
    topic("04_weight_initialization")
    page = visit(f"{site.as_uri()}/search.html?q=saturated")
    page.wait_for_selector("#search-results li a")
    assert "04" in page.locator("#search-results").inner_text()
