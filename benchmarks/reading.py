"""Rows of what a reader waits for: a redrawn figure, a page of the site, a build of it, all notebooks."""

import functools
import gzip
import http.server
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbclient
import nbformat
import numpy as np

from benchmarks.measure import ROUNDS, chromium, plain, ratio, row, times
from course import explore, plots
from course.statistics import histogram

ROOT = Path(__file__).parents[1]
SITE = ROOT / "docs" / "_build" / "html"
PAGE = "notebooks/04_weight_initialization.html"


@row("Redraw of ten histograms of 500,000 float32 numbers each")
def redraw():
    """Over a fresh figure of `ax.hist`; then with its file, as JupyterLab and as the site have it."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Fresh

    values = np.random.default_rng(0).standard_normal((10, 500_000)).astype(np.float32)
    counts, edges = np.array([histogram(layer, -4, 4, 30) for layer in values]), np.linspace(-4, 4, 31)
    moves = iter(range(10**9))

    def layers(ax, n):
        moved = np.roll(counts, n, axis=1)
        plots.histograms(
            ax, moved, edges, xlabel="layer", ylabel="value", xticks=range(2, 11, 2), ylim=(-4, 4)
        )
        return "Ten layers."

    def fresh():
        fig = Fresh(figsize=(20, 3))
        for ax, layer in zip(fig.subplots(1, 10), values, strict=True):
            ax.hist(layer, bins=30, range=(-4, 4))
        FigureCanvasAgg(fig).draw()

    paint = explore.painter(layers)

    def picture(kind, **options):
        return lambda: explore._encode(paint(n=next(moves))[0], kind, **options)

    taken = times(
        {
            "redraw": lambda: paint(n=next(moves)),
            "live": picture("png", compress_level=1),
            "frame": picture("webp", lossless=True, method=1, quality=0),
            "fresh": fresh,
        }
    )
    return [
        ratio("over a fresh figure", taken["redraw"], taken["fresh"], "<= 0.01"),
        plain("with a PNG file, ms", 1e3 * taken["live"], "<= 20"),
        plain("with a WebP file, ms", 1e3 * taken["frame"], "<= 40"),
    ]


# From a key until the first display frame after the new picture is there.
PRESSED = """picture => new Promise(done => {
    const old = picture.src;
    addEventListener("keydown", ({ timeStamp }) => {
        const look = () => picture.src !== old && picture.complete
            ? done(performance.now() - timeStamp) : requestAnimationFrame(look);
        requestAnimationFrame(look);
    }, { once: true, capture: true });
})"""


def _build():
    """Build the site as it is now: the first time takes minutes, and the next ones seconds."""
    build = [sys.executable, "tools/publish.py", "site"]
    subprocess.run(build, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


@row("A page of the site in Chromium", cores=2)
def static_page():
    """Topic 04: what it transfers until it is loaded, its first moved slider, a key and its picture."""
    from playwright.sync_api import sync_playwright

    _build()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    asked, first, keys = [], [], []
    handler = functools.partial(Quiet, directory=SITE)
    with (
        http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"http://127.0.0.1:{server.server_port}/{PAGE}", wait_until="load")
        files = {re.sub(r"https?://[^/]*/|[?#].*", "", url) for url in asked}
        for _ in range(ROUNDS):
            page = browser.new_page()
            # A new window loads hundreds of files of Chromium's own menus, which take the cores for a while.
            page.wait_for_timeout(1500)
            begun = time.perf_counter()
            page.goto((SITE / PAGE).as_uri(), wait_until="commit")
            slider = page.locator("figure.explore input").first
            picture = page.locator("figure.explore:has(input) img").first.element_handle()
            old = picture.get_attribute("src")
            slider.wait_for(state="visible")
            slider.press("ArrowRight")
            page.wait_for_function("([img, old]) => img.getAttribute('src') !== old", arg=[picture, old])
            first.append(time.perf_counter() - begun)
            page.wait_for_timeout(500)
            for key in ("ArrowRight", "ArrowLeft"):
                promise = page.evaluate_handle(f"picture => ({{ p: ({PRESSED})(picture) }})", picture)
                slider.press(key)
                keys.append(promise.evaluate("({ p }) => p"))
            page.close()
        server.shutdown()
    return [
        plain("key to picture, ms", keys, "<= 17"),
        plain("from its opening to the first moved slider, from disk, s", first, "<= 0.8"),
        plain("transferred until it is loaded, compressed, KB", [sum(map(_sent, files)) / 1e3], "<= 400"),
    ]


def _sent(path):
    """Bytes of a file as a server sends it: text is compressed, and pictures already are."""
    data = (SITE / path).read_bytes()
    return len(data if path.endswith((".webp", ".png")) else gzip.compress(data))


@row("All notebooks but topic 08, one after the other", cores=2)
def all_notebooks():
    """From fresh kernels, their start included."""
    os.environ |= {"PYTHONPATH": str(ROOT), "COURSE_FIGURES": "still", "COURSE_PROGRESS": ""}
    begins, cells, begun = [], [], time.perf_counter()
    for path in sorted((ROOT / "notebooks").glob("0[0-7]*.ipynb")):
        nbclient.NotebookClient(
            nbformat.read(path, as_version=4),
            kernel_name="python3",
            resources={"metadata": {"path": str(path.parent)}},
            on_cell_execute=lambda **_: begins.append(time.perf_counter()),
            on_cell_executed=lambda **_: cells.append(time.perf_counter() - begins[-1]),
        ).execute()
    return [
        plain("all of them, s", [time.perf_counter() - begun], "<= 90"),
        plain("the slowest cell, s", [max(cells)], "<= 10"),
    ]


@row("A second build of the site, where nothing has changed", cores=2)
def second_build():
    """After a first one, which may take minutes."""
    _build()
    taken = []
    for _ in range(3):
        begun = time.perf_counter()
        _build()
        taken.append(time.perf_counter() - begun)
    return [plain("all of it, s", taken, "<= 15")]
