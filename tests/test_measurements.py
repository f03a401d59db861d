"""The record behind sentences of the notebooks is of the code as it is; tests/test_headlines_*.py read it."""

import importlib
import os

import numpy as np
import pytest

from course import activations
from measurements import digest, experiments, plain, record, recorded, topics

NAMES = [(topic, name) for topic in topics() for name in experiments(topic)]
# One seed of each takes two to ten seconds, all together far longer than all others: `make long` runs them
# again. What they rest on is run again by the others of their topic.
LONG = {
    *[("01", name) for name in ("by_depth", "by_first_slope", "race")],
    *[("02", name) for name in ("born_off", "by_centre", "by_warm_up")],
    *[
        ("03", name)
        for name in ("few", "longer", "few, longer", "preparations", "components", "floors", "leakage")
    ],
    *[("04", name) for name in ("by_rate", "thirty", "patience", "with_adam", "rescaled", "narrow")],
    *[("05", name) for name in ("initial_sizes", "noise", "shifted")],
    *[("06", name) for name in ("planted", "units", "examined", "update_ratios", "first_layer", "twenty")],
    *[("07", name) for name in ("regularized", "rounds", "updates", "halving", "layouts", "units")],
    ("08", "activations"),
}
# Of the clinic's thirty faults, which are measured alike, three are run again.
FEW = {"inputs not scaled", "clipped gradient", "squared error"}
LONG |= {("09", name) for name in experiments("09") if name not in FEW}
# tests/test_clinic_trust.py makes some of these again, and holds each to its number.
LONG |= {("09_diagnosis", name) for name in experiments("09_diagnosis") if name not in FEW}
# Of the programs that people asked about, those that train for thousands of steps.
LONG |= {
    *[("09_programs", name) for name in ("31556268", "34311586", "34311586 as answered")],
    *[("09_programs", name) for name in ("38648195", "41372874", "59278771")],
    *[("09_asked", name) for name in ("31556268", "34311586", "38648195", "41372874", "59278771")],
}


def test_two_experiments_of_a_topic_or_more_are_run_again_each_time():
    assert set(NAMES) >= LONG
    for topic in topics():
        assert sum(of == topic for of, _ in set(NAMES) - LONG) >= 2, topic
    assert {*experiments("09")} > FEW


@pytest.mark.parametrize("topic", topics())
def test_a_record_is_of_the_experiments_as_they_are(topic):
    found = record(topic)
    assert found["digest"] == digest(topic), f"run python -m measurements {topic}"
    assert {name: len(runs) for name, runs in found["runs"].items()} == {
        name: seeds for name, (_, seeds) in experiments(topic).items()
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("topic", "name"), [pytest.param(*each, marks=[pytest.mark.long] * (each in LONG)) for each in NAMES]
)
def test_an_experiment_gives_again_what_is_recorded(topic, name, monkeypatch):
    """Within half of what the seeds span: at high rates the last digits of a processor become first ones."""
    module = importlib.import_module(f"measurements.topic_{topic}")
    if name in getattr(module, "PICTURES", ()) and not os.environ.get("COURSE_CIFAR10"):
        pytest.skip("needs the pictures that COURSE_CIFAR10 names")
    # An experiment may register activations of its own.
    monkeypatch.setattr(activations, "ACTIVATIONS", dict(activations.ACTIVATIONS))
    experiment, seeds = experiments(topic)[name]
    again = plain(experiment(seeds // 2))
    for what, runs in recorded(topic, name).items():
        # As nanmin and nanmax, which warn where all are NaN.
        low, high = np.fmin.reduce(runs, axis=0), np.fmax.reduce(runs, axis=0)
        margin = (high - low) / 2 + 1e-3 * np.abs(high) + 1e-9
        values = np.array(again[what], float)
        unknown = np.isnan(values)
        assert (unknown <= np.isnan(runs).any(axis=0)).all(), (name, what)
        inside = (values >= low - margin) & (values <= high + margin)
        assert (inside | unknown).all(), (name, what)
