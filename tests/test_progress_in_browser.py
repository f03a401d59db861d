"""What a reader has done on the site is kept by their browser, counted, exported and deleted."""

import functools
import http.server
import threading
from pathlib import Path

import pytest
from test_site_in_browser import AXE, CONTRAST, OF_COLOUR

from course.practice import progress
from course.practice.questions import topics

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TOPIC = "04_weight_initialization"
# What a browser does that is told to keep nothing, or has no room.
REFUSALS = {
    "private": "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException() } })",
    "full": "Storage.prototype.setItem = () => { throw new DOMException() }",
}


@pytest.fixture(scope="module")
def copies(site, tmp_path_factory):
    """Two copies of the site, on a host and on disk."""
    folder = tmp_path_factory.mktemp("copies")
    for name in ("one", "two"):
        folder.joinpath(name).symlink_to(site)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=folder)
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield {"server": f"http://127.0.0.1:{server.server_port}", "disk": folder.as_uri()}
        server.shutdown()


def answer(page, *answers):
    group = page.get_by_role("group", name="What becomes of a gradient in the backward pass?")
    for text in answers:
        group.get_by_role("button", name=text).click()
    return group


def total(number):
    """How much can be done on the page of a topic."""
    return sum(len(topics(kind)[number]) for kind in ("QUESTIONS", "PREDICTIONS"))


def counts(page):
    """What is shown of each topic: `{its name: how much is done}`."""
    shown = page.locator(".progress").locator("visible=true")
    around = "all => all.map(c => [c.closest('li').querySelector('a').innerText.slice(0, 2), c.innerText])"
    return dict(shown.evaluate_all(around))


@pytest.mark.parametrize("home", ["server", "disk"])
def test_an_answer_is_counted_on_every_page_of_its_copy_of_the_site_and_on_no_other(
    visit, copies, topic, home
):
    there, number = topic(TOPIC), total("04")
    one, two = f"{copies[home]}/one", f"{copies[home]}/two"
    page = visit(f"{one}/index.html")
    assert counts(page) == {}
    page.locator(".card", has_text="Weight init").get_by_role("link").click()
    group = answer(page, "It vanishes.")
    assert group.locator("legend").evaluate("e => getComputedStyle(e, '::after').content") == "none"
    page.go_back()
    page.wait_for_url("**/index.html")
    assert counts(page) == {"04": f"0 of {number} done"}
    page.go_forward()
    answer(page, "It grows.", "It keeps its size.")
    assert "✓" in group.locator("legend").evaluate("e => getComputedStyle(e, '::after').content")
    typed = page.get_by_role("group", name="What is the standard deviation in layer 10")
    # What is no number is no answer.
    for text, values in {"tiny": ["done"], "1e9": ["done", "tried"]}.items():
        typed.get_by_role("textbox").fill(text)
        typed.get_by_role("button", name="Answer").click()
        assert page.evaluate("Object.values(progress.all()).sort()") == values
    for other in ("index.html", "practice.html"):
        page.goto(f"{one}/{other}")
        assert counts(page) == {"04": f"1 of {number} done"}
        page.goto(f"{two}/{other}")
        assert counts(page) == {}
    page.goto(f"{two}/{there}")
    answer(page, "It keeps its size.")
    page.goto(f"{two}/practice.html")
    assert counts(page) == {"04": f"0 of {number} done"}
    page.get_by_role("button", name="Delete all of it").click()
    assert counts(page) == {}
    page.goto(f"{one}/practice.html")
    assert counts(page) == {"04": f"1 of {number} done"}
    # It is kept there and nowhere else, and nothing was sent.
    assert page.context.cookies() == []
    assert not [url for url in page.asked if not url.startswith((copies[home], "blob:"))]
    assert page.said == []


def test_pages_that_are_open_already_are_told(visit, address, topic):
    page = visit(f"{address}/index.html")
    other = page.context.new_page()
    other.goto(f"{address}/{topic(TOPIC)}")
    answer(other, "It grows.")
    page.locator(".progress").locator("visible=true").wait_for(timeout=10_000)
    assert counts(page) == {"04": f"1 of {total('04')} done"}
    # A figure that asks first: who has guessed has done it, however far off.
    other.locator(".ask[data-guess] input").first.fill("1e9")
    other.keyboard.press("Enter")
    page.get_by_text(f"2 of {total('04')} done").wait_for(timeout=10_000)
    # It was wrong, and no tick says that it was right.
    guess = other.locator(".ask[data-guess][data-done] legend").first
    assert guess.evaluate("e => getComputedStyle(e, '::after').content") == "none"
    # A browser may show a page again as it was left.
    page.evaluate(
        "localStorage.clear(); dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
    )
    assert counts(page) == {}


def test_it_is_exported_deleted_and_imported_by_keys_and_jupyterlab_reads_the_same(
    visit, copies, topic, tmp_path
):
    there, one = topic(TOPIC), f"{copies['disk']}/one"
    page = visit(f"{one}/{there}")
    answer(page, "It grows.")
    page.goto(f"{one}/practice.html")
    status = page.locator(".progress-tools").get_by_role("status")
    none = page.get_by_text("So far there is nothing.")
    assert not none.is_visible()
    save, load = (page.get_by_role("button", name=name) for name in ("Export", "Import"))
    save.focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == progress.FILE.name
    exported = tmp_path / "exported.jsonl"
    download.value.save_as(exported)
    assert status.inner_text() == "Exported as progress.jsonl."
    name = next(name for name in topics("QUESTIONS")["04"] if name.startswith("saturated"))
    assert progress._read(exported.read_bytes()) == ({f"question {name}": "done"}, [])
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert status.inner_text().startswith("Deleted:")
    assert counts(page) == {}
    assert none.is_visible()
    assert page.evaluate("localStorage.length") == 0
    # What is imported comes beside what is there, and takes nothing from it.
    page.goto(f"{one}/{topic('01_activation_functions')}")
    page.locator(".ask button:not(.ask-right)").first.click()
    page.goto(f"{one}/practice.html")
    mine = tmp_path / "mine.jsonl"
    mine.write_text(f'\n{{"question {name}": "tried", "exercise he": "done"}}\n')
    for file, said in {exported: "Imported", mine: "Imported", Path(__file__): "Not imported:"}.items():
        with page.expect_file_chooser() as chooser:
            load.press("Enter")
        chooser.value.set_files(file)
        page.wait_for_function(
            "([e, said]) => e.innerText.startsWith(said)", arg=[status.element_handle(), said]
        )
        assert counts(page) == {
            "01": f"0 of {total('01')} done", "04": f"1 of {total('04')} done"
        }  # fmt: skip
    assert page.said == []


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
def test_where_the_browser_keeps_nothing_questions_answer_and_no_page_breaks(
    visit, address, topic, refusal, tmp_path
):
    page, errors = visit(f"{address}/practice.html"), []
    page.add_init_script(refusal)
    page.on("pageerror", lambda error: errors.append(error.stack))
    page.goto(f"{address}/{topic(TOPIC)}")
    assert answer(page, "It grows.").get_by_role("status").inner_text().startswith("Right.")
    page.goto(f"{address}/practice.html")
    assert counts(page) == {}
    mine = tmp_path / "mine.jsonl"
    mine.write_text('{"exercise he": "done"}\n')
    status = page.locator(".progress-tools").get_by_role("status")
    page.locator(".progress-tools input").set_input_files(mine)
    page.get_by_text("Not imported:").wait_for()
    page.get_by_role("button", name="Delete").click()
    assert status.inner_text().startswith("Deleted:")
    # The theme asks for its own light or dark without looking out.
    assert not [error for error in errors if "/progress.js" in error or "/ask.js" in error]


def test_a_count_is_accessible_in_light_and_dark_and_buttons_are_a_finger_high_and_not_on_paper(
    visit, address
):
    axe = pytest.importorskip("axe_playwright_python", reason="needs the package axe-playwright-python")
    script = Path(axe.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    page = visit(f"{address}/index.html", viewport={"width": 390, "height": 844})
    for questions in topics("QUESTIONS").values():
        page.evaluate("name => progress.set(name, 'done')", f"question {next(iter(questions))}")
    there = {path.stem[:2] for path in Path(__file__).parents[1].glob("notebooks/*.ipynb")}
    done = {n: f"1 of {total(n)} done" for n in topics("QUESTIONS") if n in there}
    across = {"Se": f"1 of {len(topics('QUESTIONS')['all'])} done"}
    for name, part, shown in [
        ("index.html", ".cards", done),
        ("practice.html", ".progress-tools", done | across),
    ]:
        page.goto(f"{address}/{name}")
        assert counts(page) == shown
        page.evaluate(script)
        assert page.evaluate(AXE, [part, {}]) == [], name
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate(CONTRAST, [part, OF_COLOUR]) == [], f"{name}, {scheme}"
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    buttons = page.locator(".progress-buttons button")
    assert [button.bounding_box()["height"] >= 44 for button in buttons.all()] == [True] * 3
    page.emulate_media(media="print")
    assert not buttons.first.is_visible()
    assert counts(page)


def test_without_scripts_nothing_promises_to_count(visit, address):
    for name in ("index.html", "practice.html"):
        page = visit(f"{address}/{name}", java_script_enabled=False)
        assert not page.locator(".progress, .progress-tools").locator("visible=true").count()
