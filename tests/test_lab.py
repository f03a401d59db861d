"""JupyterLab, started as a learner starts it: a notebook runs there and its slider moves the picture."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOK = "04_weight_initialization.ipynb"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab, token included, on a copy of the notebooks."""
    home = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", home / "notebooks", ignore=shutil.ignore_patterns(".*"))
    settings = {name: str(home / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}
    settings |= {
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "open"),
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ServerApp.port=0", "--allow-root"]
    log = home / "log"
    with log.open("w") as out:
        # Ask for no widget home: a learner's figures are live.
        surroundings = {k: v for k, v in os.environ.items() if k != "COURSE_FIGURES"} | settings
        server = subprocess.Popen(command, cwd=home / "notebooks", stdout=out, stderr=out, env=surroundings)
    try:
        yield waited_for(lambda: re.search(r"http://127\.0\.0\.1:\d+/lab\?token=\w+", log.read_text()), log)[
            0
        ]
    finally:
        server.terminate()
        server.wait(30)


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


@pytest.mark.browser
def test_a_notebook_shows_its_pictures_runs_and_moves(browser, lab):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(lab.replace("/lab?", f"/lab/tree/{NOTEBOOK}?"))
    # The stored pictures are there before anything has run.
    page.wait_for_selector(".jp-Notebook .jp-OutputArea-output img")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.wait_for_selector(".jupyter-widgets .noUi-handle")
    slider = page.locator(".jupyter-widgets .noUi-handle").first
    slider.scroll_into_view_if_needed()
    box = page.locator(".widget-vbox", has=page.locator(".noUi-handle")).first
    picture, caption = box.locator("img.widget-image"), box.locator("[role=status]")
    said, shown = caption.inner_text(), picture.get_attribute("src")
    slider.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft"):
        slider.press(key)
        page.wait_for_function("([img, old]) => img.src !== old", arg=[picture.element_handle(), shown])
        page.wait_for_function("([p, old]) => p.innerText !== old", arg=[caption.element_handle(), said])
        said, shown = caption.inner_text(), picture.get_attribute("src")
    assert said.startswith("With 30 inputs")
    if folder := os.environ.get("COURSE_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / "lab.png")
    context.close()
