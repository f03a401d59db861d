"""The clinic on the site is played by keys, on a server and from disk, and found again by its address."""

import gzip
from pathlib import Path

import pytest
from browsing import fits
from test_site_in_browser import AXE, CONTRAST, OF_COLOUR

from course.clinic import game, record

ROOT = Path(__file__).parents[1]
pytestmark = [pytest.mark.browser, pytest.mark.slow]
HIDDEN = "#case=28&made=healthy+twin&cause=rate+too+high&repair=a+tenth+of+the+rate"


@pytest.fixture
def clinic(visit, address):
    return lambda place="", home=address, **options: visit(f"{home}/clinic.html{place}", **options)


def pick(page, label, words):
    """Choose by typing how an option begins."""
    page.get_by_label(label, exact=True).focus()
    page.keyboard.type(words)


def press(page, name):
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("button", name=name).evaluate("e => e === document.activeElement")


def score(page):
    return page.locator(".clinic-score").inner_text()


def said(page):
    """What is read aloud of the last answer."""
    return page.locator(".clinic-desk > [role=status]").inner_text()


MOVED = """
window.moved = 0;
new PerformanceObserver((list) => { for (const { value } of list.getEntries()) moved += value; })
    .observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_that_is_seen_moves_when_the_game_appears(browser, address, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.add_init_script(MOVED)
    # As slow as a phone, or the game is there before anything is seen.
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(f"{address}/clinic.html")
    page.get_by_role("heading", name="Case 1:").wait_for()
    page.wait_for_timeout(500)
    assert page.evaluate("moved") < 0.01
    page.close()


@pytest.mark.parametrize("home", ["server", "disk"])
def test_a_case_is_played_by_keys_and_its_score_is_kept(clinic, site, address, home):
    home = address if home == "server" else site.as_uri()
    page = clinic(home=home)
    assert page.get_by_role("heading", name="Case 1:").is_visible()
    press(page, "Change this")
    assert said(page) == "Name a cause, and choose what to change."
    pick(page, "Experiment", "Does the gradient")
    press(page, "Make it")
    kept = record.recorded()["1"]
    assert kept["experiments"]["gradient check"][1] in page.locator(".clinic [aria-live] li").inner_text()
    press(page, "Make it")
    assert "Choose an experiment" in page.locator(".clinic form [role=status]").inner_text()
    pick(page, "Cause", "Summed")
    pick(page, "Repair", "Clip")
    press(page, "Change this")
    assert kept["causes"]["summed loss"][1] in said(page)
    assert kept["repairs"]["clip at one"][1] in said(page)
    assert score(page) == "Experiments: 1. The cause is worth 6 points now, the repair 2."
    pick(page, "Cause", "Inputs")
    pick(page, "Repair", "Subtract")
    press(page, "Change this")
    # Ten less an experiment and a wrong cause, five less a wrong repair.
    assert "Points for the cause: 6, for the repair: 2. Points in all cases: 8 of 540." in score(page)
    for image in page.locator(".clinic img").locator("visible=true").all():
        assert image.evaluate("i => i.decode().then(() => i.naturalWidth)") > 0
        assert image.get_attribute("alt").endswith(".")
    # Another reader of the address sees the same, and has no points for it.
    there = clinic(page.url.partition("clinic.html")[2], home)
    assert "Points for the cause: 6, for the repair: 2." in score(there)
    assert "in all" not in score(there)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.get_by_role("heading", name="Case 2:").evaluate("e => e === document.activeElement")
    page.reload()
    assert page.get_by_role("heading", name="Case 2:").is_visible()
    assert "Points in all cases: 8 of 540." in score(page)
    page.go_back()
    assert page.get_by_role("heading", name="Case 1:").is_visible()
    assert "Points for the cause: 6, for the repair: 2." in score(page)
    assert page.said == there.said == []


def test_a_picture_has_the_twin_once_it_is_asked_for_and_what_a_repair_made(clinic):
    page = clinic("#case=28")
    (first,) = page.locator(".clinic img").locator("visible=true").all()
    alone = first.get_attribute("src")
    # None is loaded before it is shown.
    page.wait_for_load_state("networkidle")
    assert sum("/frames/" in url for url in page.asked) == 1
    page.get_by_label("Experiment").select_option("healthy twin")
    page.get_by_role("button", name="Make it").click()
    assert first.get_attribute("src") != alone
    assert first.get_attribute("alt").endswith("In grey, its healthy twin.")
    page.get_by_label("Cause").select_option("rate too high")
    page.get_by_label("Repair").select_option("a tenth of the rate")
    page.get_by_role("button", name="Change this").click()
    assert "It seems to work, but the fault is still there." in said(page)
    mended = page.locator(".clinic-desk img")
    assert mended.get_attribute("alt").endswith("In grey, as it was before the repair.")
    # What changes nothing has no picture.
    page.get_by_label("Repair").select_option("do not clip")
    page.get_by_role("button", name="Change this").click()
    assert mended.count() == 0 or not mended.is_visible()


def test_who_is_shown_gets_no_points_and_the_case_comes_back(clinic):
    page = clinic("#case=3")
    page.get_by_role("button", name="Show me").click()
    assert said(page) == record.recorded()["3"]["truth"][""][1]
    assert "Points for the cause: 0, for the repair: 0." in score(page)
    assert page.get_by_label("Case", exact=True).locator("option:checked").inner_text() == "3, missed"
    page.goto(page.url.partition("#")[0] + "#case=3")
    assert score(page).startswith("You missed it before.")
    met = []
    for _ in range(6):
        page.get_by_role("button", name="Next case").click()
        met.append(int(page.get_by_label("Case", exact=True).input_value()))
        page.evaluate("n => progress.set(`case ${n}`, 'done')", met[-1])
    kept = {3: "tried"}
    for before, number in zip([3, *met], met, strict=False):
        assert number == game.following(kept.get, before)
        kept[number] = "done"
    assert 3 in met


def test_points_fall_by_no_later_try(clinic):
    page = clinic()
    page.evaluate("for (const n of [9, 4]) progress.set('points of case 1', n)")
    assert page.evaluate("progress.get('points of case 1')") == 9


def test_an_address_that_makes_no_sense_is_a_case_from_the_start(clinic):
    for place in ("#case=99", "#case=toString", "#case=2&cause=a+cold&made=tea", "#nothing"):
        page = clinic(place)
        assert page.get_by_role("heading", level=2).count() == 1
        assert score(page).startswith("Experiments: 0.")
        assert page.said == []


def test_the_page_fits_on_a_phone_and_is_small(clinic, site):
    page = clinic()
    assert fits(page, 360)
    for control in page.locator(".clinic :is(button, select)").all():
        assert control.bounding_box()["height"] >= 44
    page.wait_for_load_state("networkidle")
    loaded = {url.split("/", 3)[3].partition("?")[0].partition("#")[0] for url in page.asked}
    assert sum(site.joinpath(path).stat().st_size for path in loaded) < 400_000
    # What the site itself adds of scripts; the theme's are not ours.
    ours = [path for path in loaded if path.endswith(".js") and ROOT.joinpath("docs", path).exists()]
    assert "_static/clinic.js" in ours
    assert sum(len(gzip.compress(site.joinpath(path).read_bytes())) for path in ours) <= 20_000


def test_it_is_accessible_in_light_and_dark_once_it_was_played(clinic):
    axe = pytest.importorskip("axe_playwright_python", reason="needs the package axe-playwright-python")
    script = Path(axe.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    page = clinic(HIDDEN)
    page.evaluate(script)
    assert page.evaluate(AXE, [".clinic", {}]) == []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(CONTRAST, [".clinic", OF_COLOUR]) == []


def test_without_scripts_each_case_is_a_picture_with_what_it_is_folded(clinic):
    page = clinic(java_script_enabled=False)
    assert page.locator(".clinic figure img").count() == len(record.NUMBERS)
    assert page.locator(".clinic button, .clinic select").count() == 0
    first = page.locator(".clinic details").first
    truth = first.locator("p")
    assert not truth.is_visible()
    first.locator("summary").click()
    assert truth.inner_text() == record.recorded()["1"]["truth"][""][1]
