"""A browser for the tests that need one, and the site as `make site` builds it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "chrome"]
# The browser itself asks for outside hosts; nothing but this machine is there for it.
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


@pytest.fixture(scope="session")
def torch():
    """PyTorch, which is not in the lock; tests that are compared with it run by `make peers`."""
    return pytest.importorskip("torch", reason="compares with PyTorch: run make peers")


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


@pytest.fixture(scope="session")
def browser():
    """Chromium without a network; tests that need it skip where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs the package playwright")
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"needs a browser: one of {', '.join(BROWSERS)}")
    with playwright.sync_playwright() as p:
        options = [ALONE] + (["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [])
        browser = p.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site():
    """The folder of the built site, as up to date as `make site` would leave it."""
    folder = ROOT / "docs" / "_build"
    command = [
        sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html",
        "-d", str(folder / "doctrees"), str(ROOT / "docs"), str(folder / "html"),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder / "html"
