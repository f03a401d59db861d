"""Each fault is told from a healthy run and from its neighbours, and its repair heals, on twenty seeds.

The record is that of `python -m measurements 09`; tests/test_measurements.py runs some of it again.
"""

import re
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from course.clinic import faults, repairs
from course.clinic.cases import Case, train
from course.clinic.experiments import EXPERIMENTS, told_apart
from course.clinic.faults import CONFUSED, FAULTS, MET, neighbours
from course.clinic.repairs import REPAIRS, Repair
from course.clinic.setup import Setup
from measurements import recorded, topic_09

ROOT = Path(__file__).parents[1]
MOST = 18
# Most of what a healthy network may lose without being ill.
CLOSE = 0.02
# Nothing else in the network is like it.
ALONE = {"leaked validation rows"}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_from_a_healthy_run_and_from_each_neighbour(fault):
    runs = recorded("09", fault)
    assert set(runs) == {"healthy", "accuracy", *neighbours(fault)}
    for other in {"healthy", *neighbours(fault)}:
        assert told_apart(*runs[other].T) >= MOST, other


@pytest.mark.parametrize("fault", FAULTS)
def test_its_repair_brings_back_the_healthy_accuracy(fault):
    _, repaired, healthy = recorded("09", fault)["accuracy"].T
    assert (np.abs(repaired - healthy) <= CLOSE).sum() >= MOST


def test_what_is_told_apart_has_a_threshold_between():
    low, high = np.arange(20.0), np.arange(20.0) + 100
    assert told_apart(low, high) == told_apart(high, low) == 20
    assert told_apart(low, low) < 12
    assert told_apart(np.r_[low[:17], 200, 200, 200], high) == 17
    assert told_apart(np.full(20, np.nan), high) == 0
    assert told_apart(np.zeros(20), np.full(20, 1e-9)) == 20


def test_a_fault_without_separation_is_found(monkeypatch):
    """One that changes nothing, and one that is another under a new name."""
    monkeypatch.setitem(
        FAULTS,
        "nothing",
        replace(FAULTS["noisy labels"], seen="panel: last_loss", change=lambda setup, _: {}),
    )
    monkeypatch.setitem(FAULTS, "noise", FAULTS["noisy labels"])
    monkeypatch.setitem(CONFUSED, ("noisy labels", "noise"), ("panel: training", "It."))
    monkeypatch.setattr(topic_09, "Case", partial(Case, setup=Setup(steps=20)))
    for fault, other in ("nothing", "healthy"), ("noise", "noisy labels"):
        runs = np.array([topic_09.proof(fault, seed)[other] for seed in range(3)])
        assert told_apart(*runs.T) < 3


def test_every_fault_has_a_neighbour():
    assert {name for name in FAULTS if not neighbours(name)} == ALONE
    assert {name for pair in CONFUSED for name in pair} == set(FAULTS) - ALONE
    assert all((b, a) not in CONFUSED for a, b in CONFUSED)
    assert len(FAULTS) == 30


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_says_what_it_is_in_sentences(fault):
    told = FAULTS[fault]
    said = [told.sentence, told.met, told.looks, *(words for _, words in neighbours(fault).values())]
    assert all(words[0].isupper() or words[0].isdigit() for words in said)
    assert all(words.endswith(".") and "  " not in words for words in said)
    assert any(met.split("(")[-1] in told.met for met in MET.values())
    low, usual, high = told.strengths
    assert low <= usual <= high
    assert told.repair in REPAIRS


def test_no_two_say_the_same():
    for words in ("sentence", "looks"):
        assert len({getattr(fault, words) for fault in FAULTS.values()}) == len(FAULTS)


@pytest.mark.parametrize(
    "named", sorted({fault.seen for fault in FAULTS.values()} | {m for m, _ in CONFUSED.values()})
)
def test_what_a_text_names_can_be_measured(named):
    name, _, number = named.partition(": ")
    assert number in EXPERIMENTS[name].measure(Case(None, 0, Setup(steps=10)))


@pytest.mark.parametrize("fault", FAULTS)
def test_its_repair_undoes_the_change_and_leaves_a_healthy_set_up_alone(fault):
    repair = FAULTS[fault].repair
    case = Case(fault, 0, Setup(steps=12))
    ill, repaired, healthy = (
        train(one, looks=2) for one in (case, Case(fault, 0, case.setup, repairs=(repair,)), case.twin)
    )
    assert not same(ill, healthy)
    # In place of sigmoids stand the ReLUs of the twin; scaled again, inputs differ in their last digits.
    assert same(repaired, healthy)
    assert same(train(Case(None, 0, case.sound, repairs=(repair,)), looks=2), healthy)


def same(one, other):
    """Whether two trainings are the same, but for the rounding of inputs that were scaled again."""
    a, b = one.run, other.run
    return (
        len(a.loss) == len(b.loss)
        and np.allclose(a.loss, b.loss, rtol=1e-6, equal_nan=True)
        and np.array_equal(a.validation_accuracy, b.validation_accuracy)
        and all(
            np.allclose(p, q, rtol=1e-6, atol=1e-9)
            for layers in zip(one.params, other.params, strict=True)
            for p, q in zip(*layers, strict=True)
        )
    )


@pytest.mark.parametrize("name", REPAIRS)
def test_a_repair_is_told_in_a_sentence_and_can_be_made_on_every_network(name):
    assert REPAIRS[name].sentence.endswith(".")
    for fault in FAULTS:
        case = Case(fault, 0, Setup(steps=2), repairs=(name,))
        assert set(REPAIRS[name].change(case.sound, case.sound)) <= set(vars(case.sound))
        _ = case.planted


def test_a_repair_of_another_fault_does_not_heal():
    """Each is tried on each. A rate that is ten times too high is right at a tenth."""
    found = {
        fault: [name for name in REPAIRS if name != FAULTS[fault].repair and heals(fault, name)]
        for fault in FAULTS
    }
    assert {fault: names for fault, names in found.items() if names} == {
        "rate too high": ["a tenth of the rate"]
    }


def heals(fault, name):
    """Whether the repair leaves no part of the set-up as the fault made it."""
    case = Case(fault, 0, repairs=(name,))
    changed = set(FAULTS[fault].change(case.sound, FAULTS[fault].strengths[1]))
    planted, sound = vars(case.planted), vars(case.sound)
    return all(planted[part] == sound[part] for part in changed)


def test_the_example_of_how_to_add_a_fault_is_told_apart_and_healed(monkeypatch):
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Add a fault")[2]
    names = {**vars(faults), "FAULTS": {}, "CONFUSED": {}}
    exec(re.search("```python\n(.*?)```", text, re.DOTALL)[1], names)
    (name, fault), (pair, told) = *names["FAULTS"].items(), *names["CONFUSED"].items()
    mended = Repair("It.", repairs._undone("data", names["_mirrored"]))
    monkeypatch.setitem(FAULTS, name, fault)
    monkeypatch.setitem(CONFUSED, pair, told)
    monkeypatch.setitem(REPAIRS, fault.repair, mended)
    runs = [topic_09.proof(name, seed) for seed in range(2)]
    for other in ("healthy", *neighbours(name)):
        assert told_apart(*np.array([run[other] for run in runs]).T) == 2
    assert all(run["accuracy"][0] < run["accuracy"][1] == run["accuracy"][2] for run in runs)


def test_the_strength_is_how_strong():
    steps = {"setup": Setup(steps=2)}
    few, many = (Case("too few examples", 0, strength=rows, **steps).planted.data(0)[1] for rows in (40, 100))
    assert (len(few), len(many)) == (40, 100)
    assert Case("rate too low", 0, strength=50).planted.learning_rate == Setup().learning_rate / 50
    assert Case("rate too low", 0).planted.learning_rate == Setup().learning_rate / 100


def test_a_fault_and_a_repair_leave_the_data_that_they_change_as_they_are():
    kept = Setup().data(0)
    before = [part.copy() for part in kept]
    setup = Setup(data=lambda seed: kept)
    for fault, told in FAULTS.items():
        Case(fault, 0, setup, repairs=(told.repair, "scale the inputs")).planted.data(0)
        Case(fault, 0, setup).planted.data(0)
        assert all(map(np.array_equal, kept, before)), fault
