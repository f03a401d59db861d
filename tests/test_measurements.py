"""The record behind sentences of the notebooks is of the code as it is; tests/test_headlines_*.py read it."""

import importlib
import os
from pathlib import Path

import numpy as np
import pytest

import measurements
from course import activations, reproduction
from course.clinic import record as clinic
from measurements import __main__ as refresh
from measurements import experiments, plain, record, recorded, stale, topics

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


def test_no_record_is_older_than_its_code():
    assert stale() == [], "make these anew: make measure"


@pytest.mark.parametrize("topic", topics())
def test_a_record_has_all_seeds_of_the_experiments(topic):
    assert {name: len(runs) for name, runs in record(topic)["runs"].items()} == {
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


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Records of their own, and two topics whose experiments take no time; the others are fresh."""
    for topic in ("02", "08"):
        (tmp_path / f"topic_{topic}.py").write_text("# as it is", encoding="utf-8")
    monkeypatch.setattr(measurements, "FOLDER", tmp_path)
    monkeypatch.setattr(refresh, "FOLDER", tmp_path)
    few = {"one": (lambda seed: {"x": seed / 3}, 2)}
    monkeypatch.setattr(measurements, "experiments", lambda topic: few)
    monkeypatch.setattr(refresh, "experiments", lambda topic: few)
    monkeypatch.setattr(clinic, "stale", lambda: False)
    monkeypatch.setattr(reproduction, "stale", list)
    monkeypatch.delenv("COURSE_CIFAR10", raising=False)
    return tmp_path


def test_what_is_stale_is_made_anew_and_what_needs_pictures_is_named(elsewhere, capsys):
    assert stale() == ["02", "08"]
    refresh.main([])
    assert stale() == ["08"]
    assert recorded("02", "one")["x"].tolist() == [0, 0.333333]
    said = capsys.readouterr().out
    assert "08: left as it is" in said
    assert "Older than their code: 08." in said
    (elsewhere / "topic_02.py").write_text("# changed", encoding="utf-8")
    assert stale() == ["02", "08"]


def test_an_interrupt_keeps_what_is_complete(elsewhere, monkeypatch):
    def interrupted(topic):
        if topic == "08":
            raise KeyboardInterrupt
        return measure(topic)

    measure = refresh.measure
    monkeypatch.setattr(refresh, "measure", interrupted)
    monkeypatch.setenv("COURSE_CIFAR10", "somewhere")
    with pytest.raises(SystemExit, match="interrupted; the records that were complete are kept"):
        refresh.main([])
    assert stale() == ["08"]
    with pytest.raises(SystemExit, match="no record 2; there are 02, 08, clinic, cifar10-activations"):
        refresh.main(["02", "2"])


def test_the_record_of_the_clinic_and_of_the_pictures_know_their_code(tmp_path, monkeypatch):
    source = Path(clinic.__file__).parent
    for path in (*(source / f"{module}.py" for module in clinic.CODE), *map(clinic.file, clinic.LANGUAGES)):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    words = tmp_path / "ko" / "LC_MESSAGES"
    words.mkdir(parents=True)
    (words / "clinic.po").write_bytes((clinic.LOCALE / "ko" / "LC_MESSAGES" / "clinic.po").read_bytes())
    monkeypatch.setattr(clinic, "LOCALE", tmp_path)
    monkeypatch.setattr(clinic, "__file__", str(tmp_path / "record.py"))
    assert not clinic.stale()
    # Words of one language outdate its answers alone; code, those of all.
    known = {language: clinic.digest(language) for language in clinic.LANGUAGES}
    (words / "clinic.po").write_text("# changed", encoding="utf-8")
    assert clinic.stale()
    assert [language for language, digest in known.items() if clinic.digest(language) != digest] == ["ko"]
    (tmp_path / "repairs.py").write_text("# changed", encoding="utf-8")
    assert not set(map(clinic.digest, clinic.LANGUAGES)) & set(known.values())
    seeds = reproduction.EXPERIMENTS | {"sanity": (reproduction.sanity, 99)}
    monkeypatch.setattr(reproduction, "EXPERIMENTS", seeds)
    assert stale() == ["clinic", "cifar10-sanity"]
