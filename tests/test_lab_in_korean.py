"""JupyterLab as `make lab LANGUAGE=ko` starts it: Korean menus, and Korean notebooks that speak Korean."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest
from test_lab import started

from course import words

ROOT = Path(__file__).parents[1]
SETTINGS = ROOT / "tools" / "lab" / "ko"
KOREAN = """
from course import plots, words
from course.explore import explore
print(words.LANGUAGE)
@explore(learning_rate=range(1, 61), start={"learning_rate": 2})
def draw(ax, learning_rate):
    plots.curve(ax, [0, 1], [0, learning_rate], "훈련", "upper left", xlabel="스텝 $t$", ylim=(0, 60))
    return f"기울기: {learning_rate}."
"""


def make(*arguments, **settings):
    """What make prints, and no more than that."""
    command = ["make", "--no-print-directory", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | settings, capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout.strip()


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_the_language_is_asked_for_at_make_alone():
    dry, show = ["--dry-run", "--assume-old=.venv/installed"], "--eval=show: ; @echo $$JUPYTER_CONFIG_PATH"
    assert "notebooks/ko" in make(*dry, "lab", "LANGUAGE=ko")
    assert make(show, "show", "LANGUAGE=ko") == str(SETTINGS)
    assert "COURSE_LANGUAGE=ko " in make(*dry, "class", "LANGUAGE=ko")
    # Systems have a variable of this name, with all that a reader can read.
    for settings in [{}, {"LANGUAGE": "ko:en", "JUPYTER_CONFIG_PATH": "elsewhere"}]:
        assert "/ko" not in make(*dry, "lab", **settings)
        assert make(show, "show", **settings) == ""
        assert "COURSE_LANGUAGE= " in make(*dry, "class", **settings)


@pytest.mark.long
@pytest.mark.browser
def test_menus_and_figures_are_korean_and_english_again_without_the_option(browser, tmp_path):
    home = tmp_path / "한글 lab"
    folder = home / "notebooks" / "ko"
    folder.mkdir(parents=True)
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    cells = [nbformat.v4.new_code_cell(KOREAN.strip())]
    nbformat.write(nbformat.v4.new_notebook(metadata=spec, cells=cells), folder / "small.ipynb")
    context = browser.new_context(viewport={"width": 1280, "height": 900})

    def opened(lab):
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.goto(lab.replace("/lab?", "/lab/tree/ko/small.ipynb?"))
        page.get_by_text(re.compile(r"\| (Idle|대기)")).wait_for()
        page.locator(".jp-InputArea-editor").first.click()
        return page

    def menus(page):
        return page.locator("#jp-MainMenu .lm-MenuBar-itemLabel").all_inner_texts()

    with started(home, JUPYTER_CONFIG_PATH=str(SETTINGS)) as lab:
        page = opened(lab)
        assert {"파일", "편집", "실행", "설정"} <= {*menus(page)}
        page.keyboard.press("Control+Enter")
        box, output = page.locator(".widget-vbox"), page.locator(".jp-OutputArea")
        box.get_by_text("기울기: 2.").wait_for()
        box.get_by_text(words.catalogue("ko").get("learning rate", "learning rate")).wait_for()
        output.get_by_text("ko", exact=True).wait_for()
        # A letter that a font lacks would be a warning.
        assert "Glyph" not in output.first.inner_text()
        box.locator(".noUi-handle").press("End")
        box.get_by_text("기울기: 60.").wait_for()
        if shots := os.environ.get("COURSE_SCREENSHOTS"):
            page.screenshot(path=Path(shots) / "lab_in_korean.png")
        page.close()
    with started(home) as lab:
        page = opened(lab)
        assert {"File", "Edit", "Run", "Settings"} <= {*menus(page)}
        # The notebook stays Korean, however it is opened.
        page.keyboard.press("Control+Enter")
        page.locator(".widget-vbox").get_by_text("기울기: 2.").wait_for()
        page.locator(".jp-OutputArea").get_by_text("ko", exact=True).wait_for()
        page.close()
    context.close()
