"""What is too long for a notebook: the experiments behind its sentences, and a record of what they gave.

A topic's module, such as `measurements/topic_02.py`, holds `EXPERIMENTS = {name: (experiment, seeds)}`. An
experiment is a function of a seed, which draws all that is random, and returns numbers by name. `python -m
measurements 02` runs those of a topic and writes `measurements/topic_02.json` anew; the notebooks quote what
stands there, and tests hold the two together.

Two records lie in the package: what the cases of the clinic answer, and what the lecture's experiments gave
on CIFAR-10. `stale` names all that are older than their code; without a name `python -m measurements` makes
these anew.
"""

import hashlib
import importlib
import json
from pathlib import Path

import numpy as np

from course import reproduction
from course.clinic import record as clinic

FOLDER = Path(__file__).parent


def topics():
    """Return the numbers of the topics that have measurements: ["02", ...]."""
    return sorted(path.stem.removeprefix("topic_") for path in FOLDER.glob("topic_*.py"))


def experiments(topic):
    """Return `{name: (experiment, seeds)}` of a topic."""
    return importlib.import_module(f"measurements.topic_{topic}").EXPERIMENTS


def digest(topic):
    """Return what tells whether the experiments of a topic have changed since they were run."""
    return hashlib.sha256((FOLDER / f"topic_{topic}.py").read_bytes()).hexdigest()[:16]


def plain(run):
    """Return what an experiment gave as a record keeps it: to six digits."""
    return {what: np.vectorize(lambda v: float(f"{v:.6g}"))(values).tolist() for what, values in run.items()}


def record(topic):
    """Return the record of a topic: its `digest`, and the `runs` of each experiment, one a seed."""
    path = FOLDER / f"topic_{topic}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"digest": None, "runs": {}}


def recorded(topic, name):
    """Return what an experiment gave when it was last run, `{what: array (seeds, ...)}`."""
    runs = record(topic)["runs"][name]
    return {what: np.array([run[what] for run in runs], float) for what in runs[0]}


def stale():
    """Return the names of the records that are older than their code, as "02", "clinic", "cifar10-sanity"."""
    found = [topic for topic in topics() if record(topic)["digest"] != digest(topic)]
    found += ["clinic"] * clinic.stale()
    return found + [f"cifar10-{name}" for name in reproduction.stale()]
