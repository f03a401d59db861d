"""Rows of a live figure in a JupyterLab: from a key to its picture, and a slider that is dragged."""

import contextlib
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.measure import ROUNDS, chromium, plain, ratio, row

# The same ten layers, as explore and as interact draw them.
CELLS = [
    """import numpy as np
from course import plots
from course.explore import explore
from course.statistics import layer_statistics
rng, drawn, SCALES = np.random.default_rng(0), [], [0.5 + i / 40 for i in range(61)]
x = rng.standard_normal((1000, 500), dtype=np.float32)
weights = rng.standard_normal((10, 500, 500), dtype=np.float32) / np.float32(500**0.5)
def layers(scale, rows=1000):
    drawn.append(scale)
    h = x[:rows]
    return [h := np.tanh(h @ (np.float32(scale) * W)) for W in weights]""",
    """@explore(scale=SCALES, preview={"rows": 20})
def ours(ax, scale, rows=1000):
    h = layer_statistics(layers(scale, rows))
    plots.histograms(ax, h.counts, h.edges, xlabel="layer", ylabel="activation", ylim=(-1, 1))
    return f"The scale is {scale:g}."
""",
    """ready = layer_statistics(layers(1))
@explore(scale=SCALES)
def nothing(ax, scale):
    plots.histograms(ax, ready.counts, ready.edges, xlabel="layer", ylabel="activation", ylim=(-1, 1))
    ax.set(title=f"{scale:g}")
    return f"The scale is {scale:g}."
""",
    """%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import SelectionSlider, interact
@interact(scale=SelectionSlider(options=SCALES))
def plain(scale):
    fig, axes = plt.subplots(1, 10, figsize=(20, 3))
    for ax, h in zip(axes, layers(scale)):
        ax.hist(h.ravel(), bins=30, range=(-1, 1))
    plt.show()""",
    "print(len(drawn))",
]
# Press `keys`, `pause` milliseconds apart, and wait until the picture is another, decoded, and on the screen.
# Where a `sentence` is given, the picture is the right one once it stands below. In milliseconds.
MOVE = """async ([cell, key, times, pause, sentence]) => {
    const slider = cell.querySelector(".noUi-handle"), frame = () => new Promise(requestAnimationFrame)
    const old = cell.querySelector("img").src, begin = performance.now()
    for (let i = 0; i < times; i++) {
        slider.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }))
        const next = begin + (i + 1) * pause
        if (i + 1 < times) await new Promise(done => setTimeout(done, next - performance.now()))
    }
    const moved = performance.now()
    const done = () => {
        const picture = cell.querySelector("img")
        return picture && picture.src !== old && picture.complete && cell.innerText.includes(sentence)
    }
    while (!done()) await frame()
    await cell.querySelector("img").decode()
    await frame()
    return [moved - begin, performance.now() - moved]
}"""


@contextlib.contextmanager
def notebook():
    """Run `CELLS` in a JupyterLab in Chromium; give the page and its cells."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as home, sync_playwright() as p:
        cells = [
            {"cell_type": "code", "id": f"cell-{i}", "source": source, "metadata": {}, "outputs": []}
            | {"execution_count": None}
            for i, source in enumerate(CELLS)
        ]
        metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
        stored = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
        Path(home, "live.ipynb").write_text(json.dumps(stored), encoding="utf-8")
        folders = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
        settings = dict.fromkeys((*folders, "JUPYTERLAB_WORKSPACES_DIR"), home) | {"COURSE_FIGURES": "live"}
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ServerApp.port=0", "--allow-root"]
        log = Path(home, "log")
        # As many threads as a learner's kernel has.
        surroundings = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"} | settings
        with log.open("w") as out:
            server = subprocess.Popen(command, cwd=home, stdout=out, stderr=out, env=surroundings)
        try:
            while not (address := re.search(r"http://127\.0\.0\.1:\d+/lab\?token=\w+", log.read_text())):
                assert server.poll() is None, log.read_text()
                time.sleep(0.2)
            page = p.chromium.launch(executable_path=chromium(), args=["--no-sandbox"]).new_page(
                viewport={"width": 1280, "height": 2400}
            )
            page.set_default_timeout(120_000)
            page.goto(address[0].replace("/lab?", "/lab/tree/live.ipynb?"))
            page.get_by_text("| Idle").wait_for()
            page.get_by_role("menuitem", name="Run", exact=True).click()
            page.get_by_text("Run All Cells", exact=True).click()
            shown = page.locator(".jp-Notebook .jp-Cell")
            for i in (1, 2, 3):
                shown.nth(i).locator("img").wait_for()
            shown.nth(4).locator("pre", has_text=re.compile(r"^\d+\s*$")).wait_for()
            yield page, shown
        finally:
            server.terminate()
            server.wait(30)


def move(page, cell, key, times=1, pause=0, sentence=""):
    """Return how long the moves took, and how long after the last one its picture came, in seconds."""
    page.wait_for_timeout(300)
    arguments = [cell.element_handle(), key, times, pause, sentence]
    return np.array(page.evaluate(MOVE, arguments)) / 1000


@row("Key to picture in JupyterLab", cores=2)
def live_key():
    """Ten histograms of 1000 x 500 activations each, by explore, over interact and ax.hist."""
    cell_of = {"preview": 1, "whole": 1, "nothing": 2, "interact": 3}
    taken, scale = {name: [] for name in cell_of}, 0.5
    with notebook() as (page, cells):
        for _ in range(ROUNDS):
            for name in random.sample(list(cell_of), len(cell_of)):
                scale += (cell_of[name] == 1) / 40
                sentence = f"is {scale:g}." if name == "whole" else ""
                taken[name].append(move(page, cells.nth(cell_of[name]), "ArrowRight", sentence=sentence)[1])
    preview, whole, nothing, theirs = map(np.array, taken.values())
    print(*(f"{name}: {np.median(series):.3f} s" for name, series in taken.items()), file=sys.stderr)
    return [
        ratio("ten histograms with explore, over interact and ax.hist", preview, theirs, "<= 0.1"),
        ratio("the same at rest, of all rows, over interact and ax.hist", whole, theirs),
        ratio("the same where nothing is computed, over interact and ax.hist", nothing, theirs),
    ]


@row("Sixty moves of a slider in a second", cores=2)
def live_drag():
    """How long after the last move the right picture is there, and how many were drawn on the way."""
    waits, draws = [], []
    with notebook() as (page, cells):
        count = cells.nth(4)

        def drawn():
            count.locator(".jp-InputArea-editor").click()
            before = count.locator(".jp-InputPrompt").inner_text()
            page.keyboard.press("Control+Enter")
            page.wait_for_function(
                "([prompt, old]) => /\\d/.test(prompt.innerText) && prompt.innerText !== old",
                arg=[count.locator(".jp-InputPrompt").element_handle(), before],
            )
            page.wait_for_timeout(300)
            return int(count.locator("pre").last.inner_text())

        for i in range(ROUNDS):
            key, sentence = ("ArrowLeft", "is 0.5.") if i % 2 else ("ArrowRight", "is 2.")
            before = drawn()
            moved, wait = move(page, cells.nth(1), key, 60, 1000 / 60, sentence)
            waits.append(wait)
            draws.append(drawn() - before)
            print(f"{moved:.2f} s moved, {wait:.3f} s waited, {draws[-1]} drawn", file=sys.stderr)
    return [
        plain("last picture after the last move, in seconds", waits, "<= 0.3"),
        plain("pictures drawn on the way", draws),
    ]
