"""The figures of the built site in a browser: sliders move pictures, which can be played, sent and saved."""

import io
import itertools
import json
import re
from pathlib import Path

import pytest
from browsing import current, fits, pass_by
from PIL import Image

from course.practice.predicting import Spot
from course.practice.questions import Number

pytestmark = [pytest.mark.browser, pytest.mark.slow]


# After the page's own listener: what is shown for this value, once its picture has arrived.
RECORD = """slider => {
    const figure = slider.closest("figure");
    const look = async () => {
        const { src, alt } = figure.querySelector("img");
        const said = figure.querySelector("[role=status]").textContent, { value, ariaValueText } = slider;
        await Object.assign(new Image(), { src }).decode();
        return [src, alt, ariaValueText, said, value];
    };
    slider.focus();
    slider.value = slider.max;
    slider.dispatchEvent(new Event("input"));
    slider.seen = [];
    slider.addEventListener("input", () => slider.seen.push(look()));
}"""
# To its end, faster than by keys, which wait for the page to be drawn: what was seen, and what is seen then.
GO_ON = """async slider => {
    while (slider.value !== slider.max) {
        slider.stepUp();
        slider.dispatchEvent(new Event("input"));
    }
    const seen = await Promise.all(slider.seen), { src, alt } = slider.closest("figure").querySelector("img");
    slider.value = slider.min;
    slider.dispatchEvent(new Event("input"));
    return [seen, [src, alt]];
}"""


# The theme scrolls slowly, and a browser that is driven waits until nothing moves.
AT_ONCE = "document.documentElement.style.scrollBehavior = 'auto'"


def walk(page):
    """Move every slider of a page from end to end, first by keys, and yield what its figure showed."""
    page.evaluate(AT_ONCE)
    pass_by(page)
    for figure in page.locator("figure.explore[data-frames]").all():
        for slider in figure.locator("input").all():
            slider.evaluate(RECORD)
            for key in ("Home", "ArrowRight"):
                page.keyboard.press(key)
            seen, last = slider.evaluate(GO_ON)
            values = range(int(slider.get_attribute("max")) + 1)
            assert [value for *_, value in seen] == [str(value) for value in values]
            for _, alt, _, said, _ in seen:
                assert said == alt
            assert last == seen[-1][:2]
            yield seen


def test_every_slider_changes_its_picture_and_every_page_fits_and_asks_for_nothing_else(
    visit, share, site, address
):
    moved = 0
    page = visit(address)
    for path in share:
        page.asked.clear()
        page.goto(f"{address}/{path.relative_to(site).as_posix()}")
        # 1280 pixels enlarged to 200 % are 640; the navigation comes beside the text at 1008.
        for width in (320, 390, 640, 1024, 1100, 1280):
            assert fits(page, width), f"{path.name} is wider than {width}"
        for seen in walk(page):
            moved += 1
            for before, after in itertools.pairwise(seen):
                assert before[0] != after[0], f"{path.name}: the picture stays at {after[1]!r}"
                assert before[2] != after[2], f"{path.name}: the spoken value stays at {after[2]!r}"
        assert [url for url in page.asked if not url.startswith((address, "data:"))] == []
        assert page.said == [], path.name
    assert moved > 8


# Move the last slider of every figure as its listener hears it, and give the names of figures that stay.
STAYING = """async () => {
    const staying = [], end = performance.now() + 20_000;
    for (const figure of document.querySelectorAll("figure.explore[data-frames]")) {
        const image = figure.querySelector("img"), before = image.src;
        const slider = [...figure.querySelectorAll("input")].pop();
        slider.value = slider.value === slider.max ? slider.min : slider.max;
        slider.dispatchEvent(new Event("input"));
        while (image.src === before && performance.now() < end) await new Promise(requestAnimationFrame);
        await (image.src === before ? staying.push(figure.id) : image.decode());
    }
    return staying;
}"""


def test_every_page_works_from_disk(visit, share, site):
    page = visit(site.as_uri() + "/index.html")
    for path in share:
        page.goto(path.as_uri())
        pass_by(page)
        assert page.evaluate(STAYING) == [], path.name
        assert page.said == [], path.name


def test_a_slider_moves_by_mouse_and_by_touch(visit, address, topic):
    url = f"{address}/{topic('04_weight_initialization')}"
    for options in ({}, {"has_touch": True, "viewport": {"width": 390, "height": 844}}):
        page = visit(url, **options)
        pass_by(page)
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
    pass_by(page)
    page.clock.install()
    page.reload()
    pass_by(page)
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
    page.evaluate(AT_ONCE)
    page.evaluate("id => { location.hash = id }", section)
    page.wait_for_function(
        "id => Math.abs(document.getElementById(id).getBoundingClientRect().y - 350) < 350", arg=section
    )
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
    pass_by(page)
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
        pass_by(page)
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
    pass_by(page)
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
    pass_by(page)
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
    pass_by(page)
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


def test_without_scripts_the_pictures_and_their_sentences_are_there(visit, share, site, address):
    page = visit(address, java_script_enabled=False, color_scheme="dark")
    for path in share:
        page.goto(f"{address}/{path.relative_to(site).as_posix()}")
        for figure in page.locator("figure.explore").all():
            assert figure.locator("img").is_visible()
            assert figure.locator("figcaption").inner_text() == figure.locator("img").get_attribute("alt")
            assert not figure.locator(".explore-controls").is_visible()
            assert not figure.get_by_role("button").count()


# The heights of the place of a sentence, and of its own letters.
ROOM = """figure => {
    const caption = figure.querySelector("figcaption"), range = document.createRange();
    range.selectNodeContents(caption.querySelector("[role=status]"));
    return [caption, range].map(place => Math.round(place.getBoundingClientRect().height));
}"""


def test_a_slider_leaves_what_follows_its_figure_in_its_place(visit, address, topic):
    page = visit(f"{address}/{topic('06_babysitting')}", viewport={"width": 390, "height": 844})
    pass_by(page)
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
    pass_by(page)
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


ASKS = ".cell_output:has(.ask[data-guess])"


@pytest.fixture
def asking(visit, address, topic):
    """A figure that asks first, on a page of its own."""

    def opened(fragment="", **options):
        page = visit(f"{address}/{topic('04_weight_initialization')}{fragment}", **options)
        page.evaluate(AT_ONCE)
        return page.locator(ASKS).first

    return opened


def known_to(cell):
    return json.loads(cell.locator(".ask").get_attribute("data-guess"))


def test_a_guess_is_laid_upon_the_picture_where_it_belongs_with_how_far_it_is_off(asking):
    """Both as in JupyterLab."""
    cell = asking()
    figure, known = cell.locator("figure"), known_to(cell)
    question = Number("", known["key"], "", {}, known["factor"], known["within"])
    place = Spot(**{name: known[name] for name in Spot._fields})
    assert not figure.is_visible()
    for guess in ("2.1e-7", "3e-9", "0.22", "1.3e-6", "0", "-1", "1e12"):
        cell.get_by_label("Your guess").fill(guess)
        cell.page.keyboard.press("Enter")
        assert figure.is_visible()
        assert cell.get_by_role("button", name="Show me").count() == 0
        assert cell.get_by_role("status").first.inner_text().endswith(question.distance(float(guess)))
        # The marks lie in the pixels of the picture, also where that is shown smaller.
        current(figure)
        picture = figure.locator("img").bounding_box()
        natural = figure.locator("img").evaluate("i => [i.naturalWidth, i.naturalHeight]")
        assert natural == list(place.size)
        scale = picture["width"] / natural[0]
        for mark, number in {"path": float(guess), "circle": place.key}.items():
            box = figure.locator(f".explore-guess {mark}").bounding_box()
            x, y = place.point(number)
            assert box["x"] + box["width"] / 2 - picture["x"] == pytest.approx(scale * x, abs=1)
            assert box["y"] + box["height"] / 2 - picture["y"] == pytest.approx(scale * y, abs=1)
        name = "your guess" if place.pixel(float(guess))[1] else "your guess, outside"
        assert figure.locator(".explore-guess text").inner_html() == name
        # It stands on the side of the truth: below the axis are the names of its ticks.
        written = figure.locator(".explore-guess text").bounding_box()
        above = written["y"] + written["height"] / 2 - picture["y"] < scale * place.point(float(guess))[1]
        assert above == (float(guess) < place.key)
    # It holds where the figure starts, and nowhere else.
    slider, marks = figure.locator("input"), figure.locator(".explore-guess svg")
    slider.press("ArrowRight")
    marks.wait_for(state="hidden", timeout=5000)
    slider.press("ArrowLeft")
    marks.wait_for(state="visible")
    assert cell.page.said == []


@pytest.mark.parametrize("how", ["Escape", "Show me"])
def test_whoever_only_wants_to_read_passes_by_with_one_key(asking, how):
    cell = asking()
    figure, button = cell.locator("figure"), cell.get_by_role("button", name="Show me")
    assert button.bounding_box()["height"] >= 44
    if how == "Escape":
        cell.get_by_label("Your guess").press("Escape")
    else:
        button.press("Enter")
    assert figure.is_visible()
    assert button.count() == 0
    assert figure.locator("svg").count() == 0
    # What is read next is the figure.
    assert figure.evaluate("figure => figure === document.activeElement")
    cell.page.keyboard.press("Tab")
    assert figure.locator("input").evaluate("slider => slider === document.activeElement")


def test_what_is_no_number_shows_nothing_yet(asking):
    cell = asking()
    cell.get_by_label("Your guess").fill("tiny")
    cell.page.keyboard.press("Enter")
    cell.get_by_text("Type a number, such as").wait_for()
    assert not cell.locator("figure").is_visible()


def test_a_link_to_a_figure_that_asks_shows_it(asking):
    cell = asking("#figure-there-and-back:scale=0.1")
    figure = cell.locator("figure")
    cell.page.wait_for_function(IN_SIGHT, arg=figure.element_handle(), timeout=10_000)
    assert figure.locator(".explore-value").inner_text() == "0.1"
    # So does one that is followed on the page.
    cell = asking()
    cell.page.evaluate("location.hash = 'figure-there-and-back:scale=0.1'")
    cell.page.wait_for_function(IN_SIGHT, arg=cell.locator("figure").element_handle(), timeout=10_000)


@pytest.mark.parametrize("medium", ["paper", "no scripts"])
def test_a_figure_that_asks_is_there_on_paper_and_without_scripts(asking, medium):
    cell = asking(java_script_enabled=medium == "paper")
    if medium == "paper":
        cell.page.emulate_media(media="print")
        for gone in cell.get_by_role("button").all():
            assert not gone.is_visible()
    assert cell.locator("figure img").is_visible()
    assert cell.locator(".ask strong").is_visible()
