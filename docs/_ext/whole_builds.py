"""A build leaves what a build from clean would leave: one at a time, and every page knows all others.

Editions in two languages may be built at the same time; each then has pages and a lock of its own.
"""

import contextlib
import shutil
import sqlite3
import sys
from pathlib import Path

from editions import NAMES
from left_out import DOCS, TOPICS
from sphinx import addnodes
from sphinx.application import ENV_PICKLE_FILENAME


def alone(folder):
    """Hold a lock until it is closed: that of SQLite works on every system, and no crash leaves it."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = sqlite3.connect(folder / "lock", timeout=0, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        print("Another build of the site is running; this one waits for it.", file=sys.stderr)
        lock.execute("PRAGMA busy_timeout = 3600000")
        lock.execute("BEGIN EXCLUSIVE")
    return contextlib.closing(lock)


def wait_for_other_builds(app, config):
    """Hold the lock of an edition until this process ends."""
    source = Path(app.srcdir)
    app.lock = alone(source / "_build" if source == DOCS else source)


def write_all(app, env):
    """Write the whole site anew where the list of its pages or a title has changed: each page shows it."""
    titles = {name: env.titles[name].astext() for name in sorted(env.found_docs)}
    trees = env.tocs[app.config.root_doc].findall(addnodes.toctree)
    groups = [(tree.get("caption"), tree["entries"]) for tree in trees]
    shown = titles, groups, TOPICS
    if shown == getattr(env, "shown_on_all_pages", None):
        return ()
    env.shown_on_all_pages = shown
    for path in Path(app.outdir).iterdir():
        # The editions below this one are none of its pages.
        if path.name not in NAMES:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return env.found_docs


def forget_what_failed(app, exception):
    """After a warning, which is an error, read all pages again: it is given only for those that are read."""
    if exception or app._warncount:
        Path(app.doctreedir, ENV_PICKLE_FILENAME).unlink(missing_ok=True)


def setup(app):
    """Tell Sphinx."""
    app.connect("config-inited", wait_for_other_builds)
    app.connect("env-updated", write_all)
    app.connect("build-finished", forget_what_failed)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
