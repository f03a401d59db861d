"""The built site in a browser: every page can be read by everybody, and asks for nothing else."""

import itertools
from pathlib import Path

import pytest
from browsing import colour, fits, pass_by

pytestmark = [pytest.mark.browser, pytest.mark.slow]


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
    for (const input of question.querySelectorAll("input")) input.value = 1;
    for (const button of question.querySelectorAll("button")) button.click();
    question.querySelector("details").open = true;
}"""


def test_every_page_is_accessible_in_light_and_dark_before_and_after_its_sliders_move(
    visit, share, site, address
):
    axe = pytest.importorskip("axe_playwright_python", reason="needs the package axe-playwright-python")
    script = Path(axe.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    without_colour = {"rules": {rule: {"enabled": False} for rule in OF_COLOUR}}
    page = visit(address)
    for path in share:
        page.goto(f"{address}/{path.relative_to(site).as_posix()}")
        page.evaluate(script)
        for part, change in {"html": None, "figure.explore": MOVE, ".ask": ANSWER}.items():
            state = f"{part}, {'changed' if change else 'as it is'}"
            if change:
                if not page.locator(part).count():
                    continue
                pass_by(page)
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
        "22 %": "No. That is the first layer.",
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


def test_without_scripts_questions_and_their_folded_answers_can_be_read(visit, share, site, address):
    page = visit(address, java_script_enabled=False)
    asked = 0
    for path in share:
        if 'class="ask' not in path.read_text(encoding="utf-8"):
            continue
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
    assert asked >= 6


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
    assert names.index("rate 1e-6, cost, epoch 2") < names.index("rate 1e-6, cost, epoch 10")
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


def test_a_page_is_dark_printed_and_in_forced_colours_as_it_should_be(visit, address, topic):
    page = visit(f"{address}/{topic('02_dead_relu')}", color_scheme="dark", forced_colors="none")
    pass_by(page)
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
    # It slides in.
    page.wait_for_function("a => a.getBoundingClientRect().x >= 0", arg=link.element_handle())
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
