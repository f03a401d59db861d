"""The built site in a browser: every slider moves its picture, and every page can be read by everybody."""

import functools
import http.server
import io
import itertools
import json
import re
import threading
from pathlib import Path

import pytest
from PIL import Image

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
    # A picture is loaded when it comes near.
    figure.scroll_into_view_if_needed()
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

    def marks():
        contents = "all => all.map(b => getComputedStyle(b, '::after').content).filter(c => c !== 'none')"
        return [content[1] for content in choice.get_by_role("button").evaluate_all(contents)]

    assert marks() == []
    choice.get_by_role("button").nth(0).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert status.inner_text().startswith("No. The slopes are small")
    assert choice.get_by_role("button", pressed=True).inner_text() == "It vanishes."
    assert marks() == ["✗"]
    # Another try.
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    assert status.inner_text().startswith("Right. A layer multiplies the variance by")
    assert status.locator("math").count() == 2
    assert choice.get_by_role("button", pressed=True).inner_text() == "It grows."
    assert marks() == ["✓"]

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


# What a figure showed from now on, whenever its slider, its sentence or its button changed.
WATCH = """figure => {
    const parts = ["input", "[role=status]", ".explore-play"];
    const [slider, said, play] = parts.map(part => figure.querySelector(part));
    figure.seen = [];
    new MutationObserver(() => {
        const { src, complete } = figure.querySelector("img");
        figure.seen.push([Number(slider.value), said.textContent, said.ariaLive, play.textContent, complete]);
    }).observe(figure, { attributes: true, childList: true, subtree: true });
}"""


@pytest.fixture
def figure(visit, address, topic):
    """A figure with one slider, whose time passes as a test says."""
    page = visit(f"{address}/{topic('04_weight_initialization')}")
    page.clock.install()
    page.reload()
    figure = page.locator("#figure-there-and-back")
    figure.scroll_into_view_if_needed()
    figure.evaluate(WATCH)
    return figure


def place(figure):
    return int(figure.locator("input").input_value())


def plays_on(figure, seconds):
    """Let time pass; pictures arrive in the browser's own."""
    for _ in range(round(seconds * 10)):
        figure.page.clock.run_for(100)
        figure.page.wait_for_timeout(5)


def test_a_figure_plays_to_its_end_when_it_is_asked_to_and_only_then(figure):
    play = figure.locator(".explore-play")
    last = int(figure.locator("input").get_attribute("max"))
    plays_on(figure, 3)
    assert figure.evaluate("figure => figure.seen") == []
    assert play.inner_text() == "Play"
    assert play.bounding_box()["height"] >= 44
    play.press("Enter")
    plays_on(figure, 0.7 * last + 1)
    assert play.inner_text() == "Play"
    seen = figure.evaluate("figure => figure.seen")
    assert [value for value, _ in itertools.groupby(value for value, *_ in seen)] == [*range(last + 1)][
        seen[0][0] :
    ]
    assert all(complete for *_, complete in seen), "a picture was shown before it was there"
    # It says Pause while it plays, and what is read aloud is the last sentence alone.
    assert {(live, says) for value, _, live, says, _ in seen if value < last - 1} == {("off", "Pause")}
    assert [seen[-1][2], seen[-1][3]] == [None, "Play"]
    quiet = [live for value, _, live, _, _ in seen if value == last]
    assert set(quiet) == {None}
    # At its end it begins anew, and so stands still at its end once more.
    plays_on(figure, 3)
    assert place(figure) == last
    play.click()
    plays_on(figure, 1)
    assert place(figure) < last


@pytest.mark.parametrize("how", ["Pause", "a key", "a tab that is hidden"])
def test_what_plays_stops_where_it_is(figure, how):
    play = figure.locator(".explore-play")
    play.click()
    plays_on(figure, 1)
    assert play.inner_text() == "Pause"
    before = place(figure)
    assert before > 0
    if how == "Pause":
        play.click()
    elif how == "a key":
        figure.locator("input").press("Home")
        before = 0
    else:
        figure.page.evaluate(
            "Object.defineProperty(document, 'hidden', { value: true });"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )
    plays_on(figure, 2)
    assert place(figure) == before
    assert play.inner_text() == "Play"
    assert figure.locator("[role=status]").get_attribute("aria-live") is None


# Below the bar of a phone, and so that all of its picture is there.
IN_SIGHT = """figure => {
    const { top, bottom } = figure.querySelector("img").getBoundingClientRect();
    return top >= 48 && bottom <= innerHeight;
}"""


@pytest.mark.parametrize("home", ["server", "disk"])
def test_the_address_leads_to_the_picture_that_was_moved_last(visit, site, address, topic, home):
    base = f"{address if home == 'server' else site.as_uri()}/{topic('04_weight_initialization')}"
    page = visit(f"{base}#figure-levels")
    figure = page.locator("#figure-levels")
    page.wait_for_function(IN_SIGHT, arg=figure.element_handle(), timeout=10_000)
    first, second = figure.locator("input").all()
    start = [first.input_value(), second.input_value()]
    first.press("End")
    second.press("Home")
    page.wait_for_url(re.compile("#figure-levels:activation=tanh&initializer="))
    link, shown = page.url, current(figure)

    # Elsewhere on the page, and there from another page.
    page = visit(base)
    figure = page.locator("#figure-levels")
    assert current(figure) != shown
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    section = page.locator("section section[id]").last.get_attribute("id")
    page.evaluate(
        "id => new Promise(done => { addEventListener('scrollend', done); location.hash = id; })", section
    )
    assert 0 <= page.locator(f"#{section}").bounding_box()["y"] < 700
    page.evaluate("address => { location.href = address }", link)
    page.wait_for_function(IN_SIGHT, arg=figure.element_handle(), timeout=10_000)
    assert current(figure) == shown
    for width in (320, 1280):
        other = visit(link, viewport={"width": width, "height": 800})
        figure = other.locator("#figure-levels")
        other.wait_for_function(IN_SIGHT, arg=figure.element_handle(), timeout=10_000)
        assert current(figure) == shown
        assert figure.locator("[role=status]").inner_text() == shown[1]
        assert figure.locator(".explore-value").all_inner_texts()[0] == "tanh"
        # The other figures stand where they stood, and the address is as it was.
        assert other.locator("#figure-chaos .explore-value").inner_text() == "2"
        assert other.url == link
        assert other.said == []

    # Of values that are not there the figure shows none, and stands at its start.
    for odd in ("activation=gone", "activation=tanh&initializer=", "activation=%E0%A4%A&x"):
        other.evaluate("link => { location.href = link }", link)
        figure.get_by_text("tanh", exact=True).wait_for()
        other.evaluate("odd => { location.hash = `figure-levels:${odd}` }", odd)
        figure.get_by_text("relu", exact=True).wait_for()
        other.wait_for_function(IN_SIGHT, arg=figure.element_handle(), timeout=10_000)
        assert [slider.input_value() for slider in figure.locator("input").all()] == start, odd
    assert other.said == []


def test_a_link_to_the_picture_is_copied_or_stands_in_the_address(visit, address, topic):
    url = f"{address}/{topic('04_weight_initialization')}"
    link = f"{url}#figure-there-and-back:scale=0.01"
    page = visit(url, permissions=["clipboard-read", "clipboard-write"])
    figure = page.locator("#figure-there-and-back")
    figure.locator("input").press("Home")
    figure.locator(".explore-link").press("Enter")
    said = figure.locator("output")
    said.get_by_text("The link is copied.").wait_for()
    assert page.url == page.evaluate("navigator.clipboard.readText()") == link
    figure.locator("input").press("End")
    assert said.inner_text() == ""
    # A browser that does not let a page copy, or a server without encryption.
    for without in ("writeText: () => Promise.reject()", None):
        page = visit(url)
        value = f"{{ {without} }}" if without else "undefined"
        page.evaluate(f"Object.defineProperty(navigator, 'clipboard', {{ value: {value} }})")
        figure = page.locator("#figure-there-and-back")
        figure.locator("input").press("Home")
        figure.locator(".explore-link").click()
        figure.locator("output").get_by_text("The address of this page is now").wait_for()
        assert page.url == link
        assert page.said == []


def test_a_picture_is_saved_once_with_its_sentence_on_white(visit, address, topic):
    page = visit(f"{address}/{topic('04_weight_initialization')}", color_scheme="dark")
    figure = page.locator("#figure-there-and-back")
    figure.locator("input").press("End")
    files = []
    page.on("download", lambda file: files.append(file))
    with page.expect_download() as waited:
        figure.locator(".explore-save").dblclick()
    assert waited.value.suggested_filename == "there-and-back_scale=1.png"
    figure.locator("output").get_by_text("The picture is saved with its sentence.").wait_for()
    saved = Image.open(io.BytesIO(Path(waited.value.path()).read_bytes()))
    (source, _) = current(figure)
    shown = Image.open(io.BytesIO(page.request.get(source).body()))
    assert saved.format == "PNG"
    saved = saved.convert("RGB")
    assert saved.crop((0, 0, *shown.size)).tobytes() == shown.convert("RGB").tobytes()
    assert saved.width == shown.width
    beneath = saved.crop((0, shown.height, *saved.size)).convert("L")
    black = [min(beneath.crop((0, y, beneath.width, y + 1)).tobytes()) < 128 for y in range(beneath.height)]
    # Two lines of the sentence in black, and one in grey that names the page; white around them.
    assert sum(dark for dark, _ in itertools.groupby(black)) >= 3
    assert beneath.getpixel((0, 0)) == beneath.getpixel((beneath.width - 1, beneath.height - 1)) == 255
    page.wait_for_timeout(300)
    assert len(files) == 1
    assert page.said == []


def test_from_disk_the_picture_alone_is_opened_and_said_to_be(visit, site, topic):
    page = visit(f"{site.as_uri()}/{topic('04_weight_initialization')}")
    figure = page.locator("#figure-there-and-back")
    (source, _) = current(figure)
    with page.context.expect_page() as opened:
        figure.locator(".explore-save").press("Enter")
    opened.value.wait_for_url(source)
    figure.locator("output").get_by_text("A page opened from disk cannot add the sentence.").wait_for()
    assert page.url.endswith(".html")
    assert page.said == []


def test_no_picture_is_loaded_before_it_is_near_and_all_are_printed(visit, address, topic):
    page = visit(f"{address}/{topic('04_weight_initialization')}", viewport={"width": 1280, "height": 900})
    figure = page.locator("#figure-chaos")
    names = [name for name, _ in json.loads(figure.get_attribute("data-frames"))]

    def asked():
        return {url.rpartition("/")[2] for url in page.asked} & set(names)

    page.wait_for_timeout(500)
    assert not asked()
    # Each picture is an image of the printed file, 960 pixels wide.
    assert page.pdf().count(b"/Width 960") >= page.locator("figure.explore").count()
    page.reload(wait_until="networkidle")
    page.asked.clear()
    slider = figure.locator("input")
    start = int(slider.input_value())
    # One step to each side is fetched when it comes near, all others when somebody is about to move it.
    figure.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    assert asked() - {names[start]} == {names[start - 1], names[start + 1]}
    slider.focus()
    page.wait_for_timeout(500)
    assert asked() | {names[start]} == set(names)


REACHED = """width => [...document.querySelectorAll("pre")].filter(e => e.checkVisibility()).every(
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
    # So does folded code, once it is open.
    page.evaluate("for (const code of document.querySelectorAll('details')) code.open = true")
    page.wait_for_function(REACHED, arg=320, timeout=10_000)
    assert page.locator("pre[tabindex]").count() > reached[320]


def test_without_scripts_the_pictures_and_their_sentences_are_there(visit, paths, site, address):
    page = visit(address, java_script_enabled=False, color_scheme="dark")
    for path in paths:
        page.goto(f"{address}/{path.relative_to(site).as_posix()}")
        for figure in page.locator("figure.explore").all():
            assert figure.locator("img").is_visible()
            assert figure.locator("figcaption").inner_text() == figure.locator("img").get_attribute("alt")
            assert not figure.locator(".explore-controls").is_visible()
            assert not figure.get_by_role("button").count()


def column(table, place):
    """What is read in a column, from top to bottom; hidden rows and titles of groups are not."""
    return table.evaluate(
        """(table, place) => [...table.tBodies[0].rows]
            .filter(row => row.checkVisibility() && row.cells.length > 1)
            .map(row => row.cells[place].innerText.trim())""",
        place,
    )


def test_a_long_table_is_sorted_by_a_column_and_back_by_mouse_and_keys(visit, address):
    page = visit(f"{address}/numbers.html")
    table = page.locator("table.sorted").nth(2)
    heads = table.locator("th")
    before, unsorted = column(table, 1), column(table, 0)
    published = [float(text) if text != "not finite" else None for text in before]
    missing = published.count(None)
    assert missing == 5
    finite = sorted(number for number in published if number is not None)
    for press, order, expected in [
        (lambda b: b.click(), "ascending", finite),
        (lambda b: b.press("Enter"), "descending", finite[::-1]),
    ]:
        press(heads.nth(1).get_by_role("button"))
        assert heads.nth(1).get_attribute("aria-sort") == order
        found = column(table, 1)
        assert [float(text) for text in found[:-missing]] == expected
        # What is no number comes last in either order, as it came before.
        assert found[-missing:] == ["not finite"] * missing
        assert [name for name in unsorted if name in column(table, 0)[-missing:]] == column(table, 0)[
            -missing:
        ]
    heads.nth(1).get_by_role("button").press("Space")
    assert heads.nth(1).get_attribute("aria-sort") is None
    assert column(table, 0) == unsorted
    # Texts are sorted as people do, epoch 2 before epoch 10, and equal ones stay as they were.
    heads.nth(1).get_by_role("button").click()
    heads.nth(0).get_by_role("button").click()
    assert table.locator("[aria-sort]").count() == 1
    names = column(table, 0)
    assert names.index("rate 1e-06, cost, epoch 2") < names.index("rate 1e-06, cost, epoch 10")
    heads.nth(4).get_by_role("button").click()
    assert column(table, 0) == unsorted


def test_a_long_table_is_filtered_its_count_is_said_and_print_has_every_row(visit, address):
    page = visit(f"{address}/benchmarks.html")
    table, tools = page.locator("table.sorted"), page.locator(".table-tools")
    rows, titles = column(table, 0), table.locator(".group-title")
    said = tools.get_by_role("status")
    assert said.inner_text() == f"{len(rows)} of {len(rows)} rows"
    sought = tools.get_by_role("searchbox", name="Filter: How fast it is")
    sought.fill(" PyTorch LOOP ")
    found = [row for row in rows if "a PyTorch loop" in row]
    assert column(table, 0) == found
    assert said.inner_text() == f"{len(found)} of {len(rows)} rows"
    assert sum(title.is_visible() for title in titles.all()) == 2
    # The title of a group stands for its rows.
    sought.fill("Sixty moves")
    assert "pictures drawn on the way" in column(table, 0)
    sought.fill("")
    tools.get_by_role("checkbox").check()
    assert set(column(table, 4)) == {"no"}
    assert said.inner_text() == f"{len(column(table, 4))} of {len(rows)} rows"
    # Rows are sorted below their title.
    table.locator("th button").nth(2).click()
    medians = table.evaluate(
        """table => { const groups = [];
        for (const row of table.tBodies[0].rows)
            if (row.cells.length === 1) groups.push([]);
            else if (!row.hidden) groups.at(-1).push(Number(row.cells[2].innerText));
        return groups; }"""
    )
    assert max(map(len, medians)) > 2
    assert medians == [sorted(group) for group in medians]
    for target in [sought, *table.locator("th button").all()]:
        assert target.bounding_box()["height"] >= 44
    page.emulate_media(media="print")
    assert len(column(table, 0)) == len(rows)
    assert not tools.is_visible()


def test_without_scripts_a_long_table_is_whole_and_nothing_about_it_promises_more(visit, site, address):
    page = visit(f"{address}/numbers.html", java_script_enabled=False)
    assert not page.locator(".table-tools").first.is_visible()
    assert page.locator("table button").count() == 0
    assert page.locator("table.sorted tbody tr").first.is_visible()


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
        ".explore-buttons",
        ".notebook-offer",
        ".ask summary",
        ".ask form button",
    ):
        assert not page.locator(gone).first.is_visible(), gone
    page.emulate_media(media="screen", forced_colors="active")
    slider = page.locator("figure.explore input").first
    assert slider.is_visible()
    slider.focus()
    assert colour(page, "figure.explore input", "outlineStyle") != "none"
    assert colour(page, "figure.explore input", "appearance") == "auto"


# The letters of every line of prose, by the place of each. Tables, code and formulas are no prose.
LINES = """() => [...document.querySelectorAll("article :is(p, li, dd):not(table *)")].flatMap(element => {
    const lines = new Map(), range = document.createRange(), blocks = "p, li, dd, table, pre, math";
    const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const text = walk.currentNode;
        if (text.parentElement.closest(blocks) !== element) continue;
        for (let i = 0; i < text.length; i++) {
            range.setStart(text, i);
            range.setEnd(text, i + 1);
            const [box] = range.getClientRects();
            if (!box?.width) continue;
            const at = [...lines.keys()].find(y => Math.abs(y - box.bottom) < 9) ?? box.bottom;
            lines.set(at, (lines.get(at) ?? "") + text.data[i]);
        }
    }
    return [...lines.values()].map(line => line.trim().replace(/\\s+/g, " "));
})"""


def test_a_line_of_prose_has_at_most_75_letters(visit, site, address, topic):
    page = visit(address)
    for path in (topic("04_weight_initialization"), "teaching.html", "glossary.html"):
        page.goto(f"{address}/{path}")
        for width in (1280, 1920):
            page.set_viewport_size({"width": width, "height": 900})
            lines = page.evaluate(LINES)
            longest = max(lines, key=len)
            assert len(longest) <= 75, f"{path} at {width}: {longest!r}"
            # They are not short either, and code has the room that is left.
            assert sorted(map(len, lines))[len(lines) * 3 // 4] > 60, f"{path} at {width}"
        assert page.locator("div.cell pre[tabindex]").count() == 0, path
        # Here a list of the page's sections begins to take room, and letters grow.
        assert fits(page, 1320), path
        assert fits(page, 1560), path


def test_folded_code_opens_by_keys_without_scripts_and_is_not_printed(visit, address, topic):
    page = visit(f"{address}/{topic('04_weight_initialization')}", java_script_enabled=False)
    code = page.locator("details.folded").nth(1)
    summary, text = code.locator("summary"), code.locator("pre")
    assert not text.is_visible()
    summary.focus()
    page.keyboard.press("Enter")
    assert text.is_visible()
    page.keyboard.press("Space")
    assert not text.is_visible()
    page.emulate_media(media="print")
    assert page.locator("details.folded pre >> visible=true").count() == 0
    assert page.locator("details.folded summary >> visible=true").count() == 0
    assert page.locator("div.cell_input pre >> visible=true").count() > 10


def test_words_in_folded_code_are_found_by_the_browser(visit, address, topic):
    # A link to words does what a search in the page does: it opens what hides them.
    page = visit(f"{address}/{topic('04_weight_initialization')}#:~:text=np.unique")
    page.wait_for_selector("details.folded[open] pre")


# The heights of the place of a sentence, and of its own letters.
ROOM = """figure => {
    const caption = figure.querySelector("figcaption"), range = document.createRange();
    range.selectNodeContents(caption.querySelector("[role=status]"));
    return [caption, range].map(place => Math.round(place.getBoundingClientRect().height));
}"""


def test_a_slider_leaves_what_follows_its_figure_in_its_place(visit, address, topic):
    page = visit(f"{address}/{topic('06_babysitting')}", viewport={"width": 390, "height": 844})
    wrapped = 0
    for figure in page.locator("figure.explore[data-frames]").all():
        slider, seen = figure.locator("input").last, []
        slider.focus()
        for key in ["Home", *["ArrowRight"] * int(slider.get_attribute("max"))]:
            page.keyboard.press(key)
            seen.append(figure.evaluate(ROOM))
        heights, texts = zip(*seen, strict=True)
        assert len(set(heights)) == 1
        wrapped += len(set(texts)) > 1
    assert wrapped > 0


def test_a_value_of_several_words_moves_nothing_either(visit, address, topic):
    page = visit(f"{address}/{topic('03_data_preprocessing')}", viewport={"width": 1280, "height": 800})
    words = 0
    for label in page.locator(".explore-controls label").all():
        slider, seen = label.locator("input"), []
        slider.focus()
        for key in ["Home", *["ArrowRight"] * int(slider.get_attribute("max"))]:
            page.keyboard.press(key)
            seen.append((label.bounding_box()["height"], label.locator(".explore-value").inner_text()))
        assert len({height for height, _ in seen}) == 1, seen
        words += any(" " in value for _, value in seen)
    assert words > 0


def test_the_search_finds_a_term_without_a_server(visit, site, topic):
    topic("04_weight_initialization")
    page = visit(f"{site.as_uri()}/search.html?q=saturated")
    page.wait_for_selector("#search-results li a")
    assert "04" in page.locator("#search-results").inner_text()


def bottoms(page, *selectors):
    """Where the last of what each selector finds ends, in pixels below the top of the screen."""
    return [page.locator(s).last.evaluate("e => e.getBoundingClientRect().bottom") for s in selectors]


def test_the_first_screen_has_what_to_do_and_where_to_go(visit, address, topic):
    topic("04_weight_initialization")
    opening = ["h1", ".opening-sentence", ".opening img", ".opening input"]
    page = visit(address, viewport={"width": 1280, "height": 800})
    assert page.locator(".ways a").count() == 3
    for height in (800, 720):
        page.set_viewport_size({"width": 1280, "height": height})
        assert max(bottoms(page, *opening, ".ways li")) <= height
    page.set_viewport_size({"width": 390, "height": 844})
    assert max(bottoms(page, *opening)) <= 844
    # Enlarged to 200 %, the letters of a picture grow as well.
    page.set_viewport_size({"width": 640, "height": 400})
    assert page.locator(".opening img").bounding_box()["height"] >= 250


def test_the_navigation_is_seen_whole(visit, address, topic):
    # Wide screens have larger letters.
    for width in (1280, 1600):
        page = visit(f"{address}/licences.html", viewport={"width": width, "height": 900})
        assert max(bottoms(page, ".sidebar-tree")) <= 900
        assert page.locator(".sidebar-scroll").evaluate("e => e.scrollHeight <= e.clientHeight")
        heights = page.locator(".sidebar-tree a").evaluate_all("all => all.map(a => a.offsetHeight)")
        # A finger, or a hand that trembles, needs that much.
        assert min(heights) >= 24


def test_a_card_leads_to_its_topic_wherever_it_is_clicked_and_its_pictures_wait(visit, site, address, topic):
    page = visit(address, viewport={"width": 390, "height": 844})
    page.wait_for_load_state("networkidle")
    assert page.locator(".card img").last.evaluate("i => i.currentSrc") not in page.asked
    card = page.locator(".card").last
    card.scroll_into_view_if_needed()
    picture = card.locator("img")
    page.wait_for_function("i => i.complete && i.naturalWidth", arg=picture.element_handle())
    there = card.locator("a").get_attribute("href")
    # The focus is seen around the card.
    card.locator("a").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert colour(page, ".card:focus-within", "outlineStyle") == "solid"
    for place in (picture, card.locator("p").last):
        page.goto(address)
        place.scroll_into_view_if_needed()
        box = place.bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_url(f"**/{there}")


def test_what_a_phone_shows_above_the_page_is_a_finger_high_and_wide(visit, address, topic):
    page = visit(f"{address}/{topic('02_dead_relu')}", viewport={"width": 320, "height": 640})
    targets = [
        page.locator(f".mobile-header {t}")
        for t in (".nav-overlay-icon", ".theme-toggle", ".toc-overlay-icon")
    ]
    boxes = [target.bounding_box() for target in targets]
    for box in boxes:
        assert box["width"] >= 44
        # The line below belongs to the bar.
        assert box["height"] >= 43
    for left, right in itertools.pairwise(boxes):
        assert left["x"] + left["width"] <= right["x"]


def test_the_drawer_of_a_phone_opens_and_closes_by_keys(visit, address):
    page = visit(f"{address}/glossary.html", viewport={"width": 390, "height": 844})
    drawer = page.locator(".sidebar-drawer")
    assert not drawer.is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className").startswith("skip-to-content")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "__navigation"
    assert colour(page, ".nav-overlay-icon", "outlineStyle") == "solid"
    page.keyboard.press("Space")
    drawer.wait_for(state="visible")
    link = page.locator(".sidebar-tree a").first
    while not link.evaluate("a => a === document.activeElement"):
        page.keyboard.press("Tab")
    assert link.bounding_box()["x"] >= 0
    while page.evaluate("document.activeElement.id") != "__navigation":
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    drawer.wait_for(state="hidden")
    # What is not seen is not reached.
    reached = set()
    for _ in range(8):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("!!document.activeElement.closest('.sidebar-drawer')"))
    assert reached == {False}
