"""Times of rivals on the same arrays, and the ratios between them.

Times differ from minute to minute with whatever else a machine does; ratios of times taken side by side do
not, or less so. So all variants run in every round, in random order, and what is told is the median of the
rounds' ratios, and the best time over the best.
"""

import os
import platform
import random
import shutil
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROUNDS = 11
ROWS = {}


class Figure(NamedTuple):
    """One line of the table: `what` over which rival, two ratios, and the `goal`, as "<= 0.95"."""

    what: str
    median: float
    best: float
    goal: str = ""


class Row(NamedTuple):
    """A run of its own: `run()` returns its figures; `cores` says how it is timed."""

    title: str
    cores: int
    run: callable


def row(title, cores=1):
    """Make a function a row of the benchmark. With two cores it is timed by the clock on the wall."""

    def register(run):
        ROWS[run.__name__] = Row(title, cores, run)
        return run

    return register


def times(variants, clock=time.process_time, least=0.005):
    """Return `{name: times}` of one call of each variant, over `ROUNDS` rounds in random order.

    A variant that is faster than `least` seconds is called so many times in a row that it is not.
    """
    repeats = {}
    for name, variant in variants.items():
        variant()  # what is compiled or allocated once is not timed
        begin, calls = clock(), 0
        while clock() - begin < least and calls < 1000:
            variant()
            calls += 1
        repeats[name] = max(1, calls)
    taken = {name: [] for name in variants}
    for _ in range(ROUNDS):
        for name in random.sample(list(variants), len(variants)):
            begin = clock()
            for _ in range(repeats[name]):
                variants[name]()
            taken[name].append((clock() - begin) / repeats[name])
    return {name: np.array(series) for name, series in taken.items()}


def ratio(what, taken, over, goal=""):
    """Compare the times of one variant with those of another."""
    return Figure(what, float(np.median(taken / over)), float(taken.min() / over.min()), goal)


def plain(what, values, goal=""):
    """Tell the median and the least of values that are no ratios; `what` names their unit."""
    return Figure(what, float(np.median(values)), float(np.min(values)), goal)


def geometric_mean(what, figures, goal=""):
    """Return the mean ratio of several figures."""
    logs = np.log([[figure.median, figure.best] for figure in figures])
    return Figure(what, *map(float, np.exp(logs.mean(axis=0))), goal)


def agree(ours, theirs, rtol=1e-9):
    """Raise AssertionError unless the numbers of two variants are the same in float64."""
    np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=1e-14)


def chromium():
    """Return where a Chromium is on this machine."""
    names = ["chromium", "chromium-browser", "google-chrome", "chrome"]
    return next(filter(None, map(shutil.which, names)))


def machine():
    """Say what the times were taken on."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        name = next(line.split(":")[1].strip() for line in text.splitlines() if "model name" in line)
    except (OSError, StopIteration):
        name = platform.processor() or platform.machine()
    parts = [f"{os.cpu_count()} cores of {name}", f"Python {platform.python_version()}"]
    for package, label in PACKAGES.items():
        try:
            parts.append(f"{label} {version(package)}")
        except PackageNotFoundError:
            parts.append(f"no {label}")
    return ", ".join(parts)


PACKAGES = {"numpy": "NumPy", "torch": "PyTorch", "jax": "JAX", "scikit-learn": "scikit-learn"}
