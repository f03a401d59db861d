"""A browser for the tests that need one, and the site as `make site` builds it."""

import functools
import http.server
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "docs" / "_ext"))
from left_out import left_out  # noqa: E402
from printed_book import BROWSERS  # noqa: E402

# The browser itself asks for outside hosts; nothing but this machine is there for it.
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
# Without a graphics card the processor would imitate one, which takes half as long again.
DRAWN_BY_PROCESSOR = "--disable-gpu"


@pytest.fixture(scope="session")
def torch():
    """PyTorch, which is not in the lock; tests that are compared with it run by `make peers`."""
    return pytest.importorskip("torch", reason="compares with PyTorch: run make peers")


@pytest.fixture
def seeds(request):
    """The number of seeds for which a proof is made."""
    return request.config.getoption("--seeds")


def pytest_collection_modifyitems(items):
    """Mark what `make peers` runs; what is slow comes first, or a core would wait for the last of it."""
    for item in items:
        if "torch" in getattr(item, "fixturenames", ()):
            item.add_marker("peer")
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers():
    """One more than there are cores: tests of JupyterLab and of what never ends wait more than they work."""
    return os.cpu_count() + 1


@pytest.fixture(scope="module")
def browser():
    """Chromium without a network; tests that need it skip where there is none.

    Its event loop runs as long as it does, and the tests of other files begin loops of their own.
    """
    playwright = pytest.importorskip("playwright.sync_api", reason="needs the package playwright")
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"needs a browser: one of {', '.join(BROWSERS)}")
    with playwright.sync_playwright() as p:
        options = [ALONE, DRAWN_BY_PROCESSOR]
        options += ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        browser = p.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site():
    """The folder of the built site, as up to date as `make site` would leave it."""
    folder = ROOT / "docs" / "_build"
    folder.mkdir(exist_ok=True)
    # Tests may run in several processes: the first of them builds, and the others wait for it.
    runs = sqlite3.connect(folder / "tested", timeout=3600, isolation_level=None)
    runs.execute("BEGIN EXCLUSIVE")
    runs.execute("CREATE TABLE IF NOT EXISTS runs (name TEXT PRIMARY KEY)")
    name = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"{os.getpid()} {time.time()}")
    if runs.execute("INSERT OR IGNORE INTO runs VALUES (?)", [name]).rowcount:
        build()
    runs.execute("COMMIT")
    runs.close()
    return folder / "html"


def build():
    command = [sys.executable, ROOT / "tools" / "publish.py", "site"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def topic():
    """Return the page of a topic, which the test looks at as an example; without that topic it skips."""

    def page(name):
        if left_out(name):
            pytest.skip(f"{name} was left out")
        return f"notebooks/{name}.html"

    return page


@pytest.fixture(scope="session")
def paths(site):
    """All pages of all editions, but the templates that the theme leaves among its files."""
    return [path for path in sorted(site.rglob("*.html")) if "_static" not in path.parts]


# One page of each kind. What is seen of a page in a browser takes a second or more, and pages of one kind are
# written by the same code.
KINDS = {
    "index.html", "clinic.html", "glossary.html", "numbers.html", "reference_kernels.html", "search.html",
    "symptoms.html", "notebooks/04_weight_initialization.html", "notebooks/09_the_clinic.html",
    "notebooks/practice/04_exercises.html", "ko/index.html", "ko/notebooks/04_weight_initialization.html",
}  # fmt: skip


@pytest.fixture(params=["one of each kind", pytest.param("all others", marks=pytest.mark.long)])
def share(request, site, paths):
    """Pages to look at in a browser: one of each kind, and all others in make long."""
    chosen = request.param == "one of each kind"
    return [path for path in paths if (path.relative_to(site).as_posix() in KINDS) == chosen]


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
