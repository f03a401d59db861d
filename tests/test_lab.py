"""JupyterLab, started as a learner starts it: notebooks run, sliders move, and faults can be read."""

import contextlib
import filecmp
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
NOTEBOOK = "04_weight_initialization.ipynb"
# A notebook of faults: its cells, each by a name.
FAULTS = {
    "drawing": """
from course import plots
from course.explore import explore
calls = []
def draw(ax, slope, fault):
    calls.append(slope)
    if fault == "raises":
        raise ValueError("<no> slope")
    while fault == "never ends":
        pass
    plots.curve(ax, [0, 1], [0, slope], ylim=(0, 60))
    return f"The slope is {slope}."
""",
    "figure": "explore(slope=range(61), fault=['none', 'raises', 'never ends'])(draw);",
    "endless": "print('begun')\nwhile True: pass",
    "deadly": "import os; os._exit(1)",
    "harmless": "print('drawn', len(calls), 'times')",
}
# A notebook of one figure.
LIVE = """
from course import plots
from course.explore import explore
@explore(slope=range(1, 61), start={"slope": 2})
def draw(ax, slope):
    plots.curve(ax, [0, 1], [0, slope], ylim=(0, 60))
    return f'The "slope" is <{slope}>.'
"""


# A notebook of two questions: one with a formula and answers to choose from, one that wants a number.
ASKED = """
from course.practice import ask
ask("saturated_gradient")
ask("tenth_layer")
"""
# A notebook of one figure that asks first.
GUESSED = """
from course import plots
from course.explore import explore
from course.practice import predict
@explore(scale=[0.5, 0.25], guess=predict("ten_sigmoids"))
def draw(ax, scale):
    plots.curve(ax, range(1, 11), [scale ** (10 - k) for k in range(1, 11)], yscale="log", ylim=(1e-8, 10))
    return f"A step leaves {scale}."
"""
# A notebook of one case.
PLAYED = """
from course.clinic.playing import play
play(3)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder for a copy of the notebooks."""
    return tmp_path_factory.mktemp("lab") / "notebooks"


@pytest.fixture(scope="module")
def lab(folder):
    """The address of a JupyterLab, token included, on a copy of the notebooks."""
    if not (ROOT / "notebooks" / NOTEBOOK).exists():
        pytest.skip(f"{NOTEBOOK} was left out")
    home = folder.parent
    shutil.copytree(ROOT / "notebooks", home / "notebooks", ignore=shutil.ignore_patterns(".*"))
    # Without a kernel's name JupyterLab would ask for one.
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in FAULTS.values()]
    nbformat.write(nbformat.v4.new_notebook(metadata=spec, cells=cells), home / "notebooks" / "faults.ipynb")
    for name, source in {"live": LIVE, "asked": ASKED, "guessed": GUESSED, "played": PLAYED}.items():
        cells = [nbformat.v4.new_code_cell(source.strip())]
        notebook = nbformat.v4.new_notebook(metadata=spec, cells=cells)
        nbformat.write(notebook, home / "notebooks" / f"{name}.ipynb")
    # A topic's notebook as far as its second figure: the experiments after it take most of its time.
    topic = nbformat.read(ROOT / "notebooks" / NOTEBOOK, as_version=4)
    (last,) = (n for n, cell in enumerate(topic.cells) if "def there_and_back" in cell.source)
    topic.cells = topic.cells[: last + 1]
    nbformat.write(topic, home / "notebooks" / "begun.ipynb")
    with started(home, COURSE_PROGRESS=str(home / "progress.jsonl")) as address:
        yield address


@contextlib.contextmanager
def started(home, **settings):
    """Start a JupyterLab on the folder notebooks of `home`, and yield its address, token included."""
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ServerApp.port=0", "--allow-root"]
    # So that a test can ask a notebook, and not only its picture, whether it was changed.
    command += ["--expose-app-in-browser"]
    log = home / "log"
    with log.open("w") as out:
        # Ask for no widget home: a learner's figures are live.
        surroundings = {k: v for k, v in os.environ.items() if k != "COURSE_FIGURES"} | settings
        server = subprocess.Popen(command, cwd=home / "notebooks", stdout=out, stderr=out, env=surroundings)
    try:
        yield waited_for(lambda: answering(log), log)
    finally:
        server.terminate()
        # It shuts down its kernels first, which takes long on a busy machine.
        server.wait(120)


def answering(log):
    """The address that the server has written to its log, once somebody answers there."""
    if address := re.search(r"http://127\.0\.0\.1:\d+/lab\?token=\w+", log.read_text()):
        try:
            urllib.request.urlopen(address[0]).close()
        except urllib.error.URLError:
            return None
        return address[0]
    return None


def waited_for(found, log, seconds=120):
    end = time.monotonic() + seconds
    while not (result := found()):
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.2)
    return result


def test_a_server_asks_for_its_token_and_shows_no_news(lab):
    root, token = lab.split("/lab?token=")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{root}/api/contents")
    with urllib.request.urlopen(f"{root}/api/contents?token={token}") as answer:
        assert NOTEBOOK in [entry["name"] for entry in json.load(answer)["content"]]
    with urllib.request.urlopen(f"{root}/lab?token={token}") as answer:
        config = json.loads(
            re.search(r'id="jupyter-config-data"[^>]*>(.*?)<', answer.read().decode(), re.DOTALL)[1]
        )
    assert "@jupyterlab/apputils-extension:announcements" in str(config["disabledExtensions"])


# Open a notebook, wait until its kernel has said what it is, and save. Was it marked as changed before?
OPEN_AND_SAVE = """async path => {
    const { context, title } = await window.jupyterapp.commands.execute("docmanager:open", { path })
    await context.sessionContext.ready
    const { kernel } = context.sessionContext.session
    await Promise.all([kernel.info, kernel.spec])
    await new Promise(requestAnimationFrame)
    const marked = context.model.dirty || title.className.includes("jp-mod-dirty")
    await context.save()
    await context.sessionContext.shutdown()
    return marked
}"""


@pytest.mark.long
@pytest.mark.browser
def test_a_stored_notebook_that_is_opened_is_not_marked_as_changed(browser, lab, folder):
    page = browser.new_page()
    page.set_default_timeout(120_000)
    page.goto(lab.replace("/lab?", "/lab/workspaces/stored?"))
    page.wait_for_function("window.jupyterapp")
    page.evaluate("window.jupyterapp.restored")
    names = sorted(path.name for path in ROOT.glob("notebooks/*.ipynb"))
    assert [name for name in names if page.evaluate(OPEN_AND_SAVE, name)] == []
    # What JupyterLab has saved is what is stored, byte for byte.
    folders = ROOT / "notebooks", folder
    assert filecmp.cmpfiles(*folders, names, shallow=False) == (names, [], [])
    page.close()


@pytest.mark.browser
def test_a_notebook_shows_its_pictures_runs_and_moves(browser, lab):
    from playwright.sync_api import expect

    expect.set_options(timeout=60_000)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(lab.replace("/lab?", "/lab/tree/begun.ipynb?"))
    # The stored pictures are there before anything has run.
    page.wait_for_selector(".jp-Notebook .jp-OutputArea-output img")
    page.get_by_text("| Idle").wait_for()
    # The answer comes when all cells have run. Until then JupyterLab moves what is seen, and keys go astray.
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    # By its words: what is far from what is seen is not on the page, and the first figure may be another.
    box = page.locator(".widget-vbox", has_text="From a constant, step")
    slider, picture, caption = (box.locator(f) for f in (".noUi-handle", "img.widget-image", "[role=status]"))
    slider.first.scroll_into_view_if_needed()
    page.wait_for_function("img => img.complete && img.naturalWidth > 0", arg=picture.element_handle())
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft"):
        said, shown = caption.inner_text(), picture.get_attribute("src")
        slider.first.press(key)
        expect(picture).not_to_have_attribute("src", shown)
        expect(caption).not_to_have_text(said)
    expect(caption).to_contain_text("From a constant, step 300:")
    # A figure with a preview shows it at once, and the whole picture when its slider rests.
    box = page.locator(".widget-vbox", has_text="What is its standard deviation in layer 1")
    box.get_by_role("button", name="Show me").click()
    box.get_by_text("Weights of 0.01: the std of layer 10").wait_for()
    box.locator(".noUi-handle").scroll_into_view_if_needed()
    image = box.locator("img.widget-image").element_handle()
    image.evaluate("""img => {
        img.shown = []
        new MutationObserver(() => img.shown.push(img.src)).observe(img, { attributeFilter: ["src"] })
    }""")
    box.locator(".noUi-handle").press("ArrowRight")
    page.locator("[role=status]", has_text="Weights of 0.02: the std of layer 10").wait_for()
    assert len(set(image.evaluate("img => img.shown"))) == 2
    if folder := os.environ.get("COURSE_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / "lab.png")
    context.close()


def shut_down_kernels(lab, name):
    root, token = lab.split("/lab?token=")
    with urllib.request.urlopen(f"{root}/api/sessions?token={token}") as answer:
        sessions = json.load(answer)
    for session in sessions:
        if session["name"] == name:
            address = f"{root}/api/sessions/{session['id']}?token={token}"
            urllib.request.urlopen(urllib.request.Request(address, method="DELETE")).close()


@pytest.mark.long
@pytest.mark.browser
def test_a_live_figure_that_is_saved_is_a_picture_when_it_is_opened_again(browser, lab, folder, tmp_path):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    stored, sentence = folder / "live.ipynb", 'The "slope" is <2>.'

    def opened(name="live.ipynb"):
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.goto(lab.replace("/lab?", f"/lab/workspaces/{name[:4]}/tree/{name}?"))
        page.get_by_text("| Idle").wait_for()
        return page

    def stand_in(page):
        return page.get_by_role("img", name=sentence)

    page = opened()
    page.locator(".jp-InputArea-editor").first.click()
    page.keyboard.press("Control+Enter")
    page.locator(".widget-vbox").wait_for()
    page.locator(".noUi-handle").press("End")
    page.get_by_text('The "slope" is <60>.').wait_for()
    assert not stand_in(page).count()
    assert not page.locator("p", has_text=sentence).locator("visible=true").count()
    page.keyboard.press("Control+s")
    waited_for(lambda: "widget-view" in stored.read_text(encoding="utf-8"), folder.parent / "log")
    assert stored.stat().st_size < 100_000
    # As long as its kernel lives, the widgets come back.
    page.reload()
    page.locator(".widget-vbox").wait_for()
    assert not stand_in(page).count()
    page.close()

    shut_down_kernels(lab, "live.ipynb")
    page = opened()
    stand_in(page).wait_for()
    assert page.get_by_text(sentence).locator("visible=true").count() == 1
    assert stand_in(page).bounding_box()["height"] > 200
    assert "url(" in stand_in(page).evaluate("e => getComputedStyle(e).backgroundImage")
    assert not page.get_by_text("model not found").locator("visible=true").count()
    if shots := os.environ.get("COURSE_SCREENSHOTS"):
        page.screenshot(path=Path(shots) / "stand_in.png")
    page.close()

    # A file that was not saved here is not trusted, and shows the picture that stands beside the widgets.
    notebook = nbformat.read(stored, as_version=4)
    notebook.cells[0].source += "\n"
    nbformat.write(notebook, folder / "else.ipynb")
    page = opened("else.ipynb")
    page.locator(".jp-RenderedImage img").wait_for()
    assert page.get_by_text(sentence).locator("visible=true").count() == 1
    assert not stand_in(page).count()
    page.close()

    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "html", "--template", "classic"]
    subprocess.run([*command, "--output-dir", tmp_path, stored], check=True, capture_output=True)
    page = context.new_page()
    page.goto((tmp_path / "live.html").as_uri())
    assert page.get_by_role("img", name=sentence).count() == 1
    assert page.locator("img").get_attribute("alt") == sentence
    assert page.locator("img").is_visible()
    assert page.get_by_text(sentence).locator("visible=true").count() == 1
    context.close()


@pytest.mark.long
@pytest.mark.browser
def test_questions_are_answered_by_keys_and_can_be_read_when_the_notebook_is_opened_again(
    browser, lab, folder
):
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    stored = folder / "asked.ipynb"

    def opened():
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.goto(lab.replace("/lab?", "/lab/workspaces/asked/tree/asked.ipynb?"))
        page.get_by_text("| Idle").wait_for()
        return page

    page = opened()
    page.locator(".jp-InputArea-editor").first.click()
    page.keyboard.press("Control+Enter")
    choice, typed = (page.locator(".asked").nth(n) for n in (0, 1))
    choice.get_by_role("button", name="It vanishes.").focus()
    page.keyboard.press("Enter")
    choice.get_by_role("status").get_by_text("No. The slopes are small").wait_for()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    choice.get_by_role("status").get_by_text("Right. A layer multiplies the variance").wait_for()
    # The formula is drawn, and not shown between its dollars.
    choice.locator("mjx-container").first.wait_for()
    assert "$" not in choice.inner_text()
    typed.get_by_label("Your answer").focus()
    for text, words in {
        "0.22": "That is the first layer.",
        "much": "Type a number",
        "3e-7": "Right.",
    }.items():
        page.keyboard.press("Control+a")
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        typed.get_by_role("status").get_by_text(words).wait_for()
    # Each was tried first, and then done.
    kept = [json.loads(line) for line in (folder.parent / "progress.jsonl").read_text().splitlines()]
    names = "saturated_gradient", "tenth_layer"
    assert kept == [{f"question {name}": value} for name in names for value in ("tried", "done")]
    if shots := os.environ.get("COURSE_SCREENSHOTS"):
        page.screenshot(path=Path(shots) / "asked.png")
    # What stands in for the widgets is not there beside them.
    assert page.locator("summary").locator("visible=true").count() == 0
    # The keys go to the field of the question.
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    waited_for(lambda: "widget-view" in stored.read_text(encoding="utf-8"), folder.parent / "log")
    page.close()

    shut_down_kernels(lab, "asked.ipynb")
    page = opened()
    folded = page.locator("summary").locator("visible=true")
    folded.first.wait_for()
    assert folded.count() == 2
    assert not page.get_by_text("model not found").locator("visible=true").count()
    answer = page.locator("dd", has_text="That is the first layer.").locator("visible=true")
    assert answer.count() == 0
    folded.last.click()
    assert answer.count() == 1
    if shots := os.environ.get("COURSE_SCREENSHOTS"):
        page.screenshot(path=Path(shots) / "asked_again.png")
    page.close()

    # A file that was not saved here is not trusted, and says the same.
    notebook = nbformat.read(stored, as_version=4)
    notebook.cells[0].source += "\n"
    nbformat.write(notebook, stored)
    page = opened()
    folded = page.locator("summary").locator("visible=true")
    folded.first.wait_for()
    assert folded.count() == 2
    folded.last.click()
    assert page.locator("dd", has_text="That is the first layer.").locator("visible=true").count() == 1
    context.close()


@pytest.mark.long
@pytest.mark.browser
def test_a_figure_that_asks_waits_for_a_guess_shows_it_and_is_a_picture_when_it_is_opened_again(
    browser, lab, folder
):
    context = browser.new_context(viewport={"width": 1280, "height": 1200})
    stored = folder / "guessed.ipynb"

    def opened():
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.goto(lab.replace("/lab?", "/lab/workspaces/guessed/tree/guessed.ipynb?"))
        page.get_by_text("| Idle").wait_for()
        return page

    page = opened()
    page.locator(".jp-InputArea-editor").first.click()
    page.keyboard.press("Control+Enter")
    page.get_by_label("Your guess").focus()
    picture = page.locator("img.widget-image")
    assert not picture.is_visible()
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("The figure says 0.00195: your guess is too large").wait_for()
    picture.wait_for()
    assert not page.get_by_role("button", name="Show me").is_visible()
    if shots := os.environ.get("COURSE_SCREENSHOTS"):
        page.screenshot(path=Path(shots) / "guessed.png")
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    waited_for(lambda: "widget-view" in stored.read_text(encoding="utf-8"), folder.parent / "log")
    page.close()

    shut_down_kernels(lab, "guessed.ipynb")
    page = opened()
    page.get_by_role("img", name="A step leaves 0.5.").wait_for()
    assert page.locator("p", has_text="What is its standard deviation in layer 1").is_visible()
    assert not page.get_by_text("model not found").locator("visible=true").count()
    context.close()


@pytest.mark.long
@pytest.mark.browser
def test_a_case_is_played_by_keys_and_is_its_panel_when_it_is_opened_again(browser, lab, folder):
    context = browser.new_context(viewport={"width": 1280, "height": 1500})
    stored, progress = folder / "played.ipynb", folder.parent / "progress.jsonl"
    name = "The inputs have a mean of 0 and a standard deviation of 1"

    def opened():
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.goto(lab.replace("/lab?", "/lab/workspaces/played/tree/played.ipynb?"))
        page.get_by_text("| Idle").wait_for()
        return page

    def chosen(page, label, text):
        page.get_by_label(label, exact=True).focus()
        page.keyboard.press("Control+a")
        page.keyboard.type(text)

    def pressed(page, name):
        page.get_by_role("button", name=name).focus()
        page.keyboard.press("Enter")

    def told(page, words):
        page.get_by_role("status").filter(has_text=words).wait_for()

    page = opened()
    page.locator(".jp-InputArea-editor").first.click()
    page.keyboard.press("Control+Enter")
    page.get_by_role("img", name=name).wait_for()
    # What stands in for the widgets is not there beside them.
    assert page.get_by_text("run this cell in JupyterLab").locator("visible=true").count() == 0
    chosen(page, "Experiment", "What does a hundredth of the learning rate change?")
    pressed(page, "Make the experiment")
    told(page, "At a hundredth of the rate")
    chosen(page, "Cause", "Flipped gradient")
    chosen(page, "Repair", "Clip the gradient to a norm of one.")
    pressed(page, "Change this")
    told(page, "Flipped gradient: Not this one: a hundredth of the rate heals")
    chosen(page, "Cause", "Rate far too high")
    chosen(page, "Repair", "Take a learning rate that healthy networks train with.")
    pressed(page, "Change this")
    told(page, "That cures it.")
    page.get_by_text("Points for the cause: 6. Points for the repair: 2.").wait_for()
    assert {"case 3": "done"} in [json.loads(line) for line in progress.read_text().splitlines()]
    if shots := os.environ.get("COURSE_SCREENSHOTS"):
        page.locator(".jp-OutputArea").first.screenshot(path=Path(shots) / "played.png")
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    waited_for(lambda: "widget-view" in stored.read_text(encoding="utf-8"), folder.parent / "log")
    # The keys go on from the next case.
    pressed(page, "Next case")
    told(page, "Case 1:")
    page.wait_for_function("document.activeElement.tagName === 'INPUT'")
    assert page.get_by_label("Experiment", exact=True).evaluate("e => e === document.activeElement")
    page.close()

    shut_down_kernels(lab, "played.ipynb")
    page = opened()
    page.get_by_text("Case 3: run this cell in JupyterLab to play it.").locator("visible=true").wait_for()
    assert page.get_by_role("img", name=name).is_visible()
    assert not page.get_by_text("model not found").locator("visible=true").count()
    if shots := os.environ.get("COURSE_SCREENSHOTS"):
        page.screenshot(path=Path(shots) / "played_again.png")
    context.close()


class Faults:
    """The notebook of faults on a page of JupyterLab."""

    def __init__(self, page):
        self.page = page
        self.figure = self.cell("figure")
        self.picture = self.figure.locator("img.widget-image")

    def cell(self, name):
        return self.page.locator(".jp-Notebook .jp-Cell").nth(list(FAULTS).index(name))

    def run(self, *names):
        for name in names:
            self.cell(name).locator(".jp-InputArea-editor").click()
            self.page.keyboard.press("Control+Enter")

    def says(self, name, words):
        # The stored sentence is there too, though it is not shown.
        shown = self.cell(name).locator(".jp-OutputArea").get_by_text(words).locator("visible=true")
        shown.first.wait_for()

    def slider(self, name):
        return self.figure.locator(".widget-slider", has_text=name).locator(".noUi-handle")


@pytest.fixture(scope="module")
def page_of_faults(browser, lab):
    context = browser.new_context(viewport={"width": 1280, "height": 1800})
    page = context.new_page()
    page.set_default_timeout(120_000)
    # A workspace of its own, or the tabs of other tests would open too.
    page.goto(lab.replace("/lab?", "/lab/workspaces/faults/tree/faults.ipynb?"))
    page.get_by_text("| Idle").wait_for()
    page.set_default_timeout(60_000)
    yield Faults(page)
    context.close()


@pytest.fixture
def faults(page_of_faults):
    """The notebook of faults, run afresh and without a fault."""
    page_of_faults.run("drawing", "figure")
    page_of_faults.says("figure", "The slope is 0.")
    yield page_of_faults
    if folder := os.environ.get("COURSE_SCREENSHOTS"):
        name = os.environ["PYTEST_CURRENT_TEST"].split("::")[1].split()[0]
        page_of_faults.page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.mark.long
@pytest.mark.browser
def test_sixty_quick_moves_leave_no_queue_and_the_last_picture_is_right(faults):
    slider = faults.slider("slope")
    slider.press("End")
    faults.says("figure", "The slope is 60.")
    right = faults.picture.screenshot()
    slider.press("Home")
    faults.says("figure", "The slope is 0.")
    assert faults.picture.screenshot() != right
    # Keys from outside come slowly on a busy machine; these come all at once.
    press = "new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true })"
    slider.evaluate(f"handle => {{ for (let i = 0; i < 60; i++) handle.dispatchEvent({press}) }}")
    faults.figure.get_by_text("The slope is 60.").wait_for(timeout=10_000)
    assert slider.get_attribute("aria-valuetext") == "60"
    assert faults.picture.screenshot() == right
    faults.run("harmless")
    faults.says("harmless", "drawn")
    drawn = int(re.search(r"drawn (\d+) times", faults.cell("harmless").inner_text())[1])
    assert drawn <= 10, "each move was drawn"


@pytest.mark.long
@pytest.mark.browser
def test_a_picture_that_cannot_be_drawn_says_why_and_the_next_one_is_drawn(faults):
    faults.slider("fault").press("ArrowRight")
    faults.figure.locator("[role=alert]", has_text="ValueError: <no> slope").wait_for()
    faults.slider("fault").press("ArrowLeft")
    faults.says("figure", "The slope is 0.")
    assert faults.figure.locator("[role=alert]").count() == 0


@pytest.mark.long
@pytest.mark.browser
def test_an_endless_cell_is_stopped_and_cells_and_sliders_go_on(faults):
    faults.run("endless")
    faults.says("endless", "begun")
    faults.page.get_by_title("Interrupt the kernel").first.click()
    faults.says("endless", "KeyboardInterrupt")
    faults.run("harmless")
    faults.says("harmless", "drawn 1 times")
    faults.slider("slope").press("End")
    faults.says("figure", "The slope is 60.")


@pytest.mark.long
@pytest.mark.browser
def test_an_endless_picture_goes_with_a_restart(faults):
    faults.slider("fault").press("End")
    faults.page.get_by_text("| Busy").wait_for()
    faults.page.get_by_title("Restart the kernel").first.click()
    faults.page.get_by_role("button", name="Confirm Kernel Restart").click()
    faults.figure.locator(".jupyter-widgets-disconnected").first.wait_for()
    faults.run("drawing", "figure")
    faults.says("figure", "The slope is 0.")
    faults.slider("slope").press("End")
    faults.says("figure", "The slope is 60.")


@pytest.mark.long
@pytest.mark.browser
def test_a_kernel_that_dies_is_started_again_and_a_cell_run_too_early_says_what_is_missing(faults):
    faults.run("deadly")
    dialog = faults.page.locator(
        ".jp-Dialog", has_text="appears to have died. It will restart automatically."
    )
    dialog.get_by_role("button").click()
    faults.run("figure")
    faults.says("figure", "NameError: name 'explore' is not defined")
    faults.run("drawing", "figure")
    faults.says("figure", "The slope is 0.")
