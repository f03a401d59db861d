"""Programs that people asked about do not learn, and repaired they do, from twenty seeds.

The records are those of `python -m measurements 09_programs 09_asked`; tests/test_measurements.py runs a part
of them again.
"""

import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from course import gradcheck
from course.clinic import drawing, panel
from course.clinic.diagnosis import diagnose, measured
from course.clinic.faults import FAULTS
from course.clinic.programs import IRISES, PROGRAMS, score
from course.clinic.setup import Setup, loss_and_grads, start, train
from measurements import recorded, topic_09_asked, topic_09_programs

sys.path.insert(0, str(Path(__file__).parents[1] / "docs" / "_ext"))
import asked_programs

PAGE = Path(__file__).parents[1] / "docs" / "clinic_programs.md"
MOST = 18
# Two fall short of it, and the page says so: how often the faulty one fails, and the repaired works.
SHORT = {34311586: (20, 17), 48251943: (14, 18)}
ASKED = {number: program for number, program in PROGRAMS.items() if program.faults}
SETUPS = [
    (number, which)
    for number, program in PROGRAMS.items()
    for which in ("faulty", "repaired")
    if getattr(program, which)
]


def test_there_are_ten_programs_with_faults_and_one_without():
    assert len(ASKED) == 10
    assert PROGRAMS.keys() - ASKED.keys() == {41372874}
    assert topic_09_programs.EXPERIMENTS.keys() == {*map(str, PROGRAMS), "34311586 as answered"}
    assert topic_09_asked.EXPERIMENTS.keys() == {*map(str, PROGRAMS)}


@pytest.mark.parametrize("number", ASKED)
def test_a_faulty_program_fails_and_the_repaired_one_works(number):
    scores = recorded("09_programs", str(number))["score"]
    faulty, repaired = (scores >= PROGRAMS[number].enough).T
    counts = (~faulty).sum(), repaired.sum()
    assert counts == SHORT[number] if number in SHORT else min(counts) >= MOST


def test_the_program_without_a_fault_works():
    assert (recorded("09_programs", "41372874")["score"] >= PROGRAMS[41372874].enough).all()


def test_most_runs_from_the_weights_of_the_program_do_not_learn_xor():
    program = PROGRAMS[34311586]
    assert "most runs do not learn XOR" in program.repair
    assert (recorded("09_programs", "34311586 as answered")["score"] >= program.enough).sum() <= 2


@pytest.mark.parametrize("number", PROGRAMS)
def test_what_is_said_of_a_program_is_whole(number):
    program = PROGRAMS[number]
    for sentence in (program.meant, program.data, program.repair, program.looks, *program.faults):
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert sentence.endswith(".")
    assert {*program.planted} <= {*FAULTS}


@pytest.mark.parametrize(("number", "which"), SETUPS)
def test_its_gradients_are_those_of_its_loss(number, which):
    setup = replace(getattr(PROGRAMS[number], which), dropped=0.0)
    X, y, *_ = setup.data(0)
    # A softmax of one output makes the loss a constant; finite differences agree that its gradient is zero.
    X, y = X[:6, X.std(axis=0).argsort()[-2:]], y[:6]
    small = replace(setup, hidden=(3,) * len(setup.hidden))
    rng = np.random.default_rng(1)
    params = [
        tuple(0.3 * rng.standard_normal(p.shape) for p in layer) for layer in start(small, 0, X.shape[1])
    ]
    _, grads = loss_and_grads(small, params, X, y)
    report = gradcheck.check(lambda params: loss_and_grads(small, params, X, y)[0], params, grads)
    assert report.norm_error < 1e-6


@pytest.mark.parametrize("number", [31880720, 34311586, 45337371])
def test_a_softmax_of_one_output_leaves_no_gradient(number):
    found = train(PROGRAMS[number].faulty, seed=0, looks=3).run
    assert (found.layers.gradient == 0).all()
    assert "as behind a softmax over one output" in diagnose(found).sentence
    repaired = replace(PROGRAMS[number].repaired, steps=2)
    assert (train(repaired, seed=0, looks=2).run.layers.gradient[0] > 0).all()


def test_inputs_far_from_zero_count_as_large():
    seen = train(replace(PROGRAMS[39525358].faulty, steps=2), seed=0, looks=2).run
    assert seen.input_std < 3
    assert diagnose(seen).causes[0].fault == "inputs not scaled"


def test_a_number_is_scored_by_what_it_explains():
    setup = PROGRAMS[48934338].repaired
    found = train(replace(setup, steps=20), seed=0, looks=2).run
    assert found.classes == 1
    assert np.isnan(found.validation_accuracy).all()
    variance = setup.data(0)[1].var()
    for loss, worth in ((variance, 0), (0, 1), (2 * variance, -1)):
        assert score(setup, replace(found, loss=np.full(20, loss)), 0) == pytest.approx(worth)


def test_where_numbers_are_predicted_nothing_is_said_of_guessing():
    found = train(replace(PROGRAMS[48251943].faulty, steps=10), seed=0, looks=2).run
    assert np.isnan(panel.summary(found)["over_ln_C"])
    read = measured(found)
    assert np.isnan([read["first loss"], read["last loss"], read["jumps"], read["over guessing"]]).all()
    said = drawing.sentence(found)
    assert "the loss starts at" in said
    assert "guessing" not in said
    drawn, _ = drawing.figure(found)
    assert ":" not in {line.get_linestyle() for line in drawn.axes[0].get_lines()}
    drawn, _ = drawing.figure(replace(found, classes=2))
    assert ":" in {line.get_linestyle() for line in drawn.axes[0].get_lines()}


@pytest.mark.parametrize("wrong", [0, 1.5, "one"])
def test_outputs_must_be_a_number_of_units(wrong):
    with pytest.raises(ValueError, match=r"^outputs must"):
        Setup(outputs=wrong)


def test_data_are_as_they_are_said_to_be():
    X, y, *_ = PROGRAMS[59278771].faulty.data(0)
    for kind, (mean, std) in enumerate(IRISES):
        assert X[y == kind].mean(axis=0) == pytest.approx(mean, abs=0.3)
        assert X[y == kind].std(axis=0) == pytest.approx(std, rel=0.4)
    X, y, *_ = PROGRAMS[38648195].faulty.data(0)
    assert X.sum(axis=1).mean() == pytest.approx(50, abs=1)
    assert y.mean() == pytest.approx(0.6, abs=0.03)
    assert y.mean() < PROGRAMS[38648195].enough
    X, y, *_ = PROGRAMS[48934338].faulty.data(0)
    assert y.max() < 140
    X, y, *_ = PROGRAMS[39525358].repaired.data(0)
    assert X.mean(axis=0) == pytest.approx(0, abs=1e-9)
    assert (PROGRAMS[41372874].faulty.data(0)[1] == 1).all()


def test_each_table_has_a_row_for_each_program_and_as_many_cells():
    for name, numbers in ("said", PROGRAMS), ("alarms", ASKED):
        rows = [*asked_programs.TABLES[name]()]
        assert [row.split(" | ")[0] for row in rows[2:]] == [f"| {number}" for number in numbers]
        assert {row.count("|") for row in rows} == {rows[0].count("|")}
    heads = [line for line in asked_programs.programs() if line.startswith("-")]
    assert heads == [f"- **{number}** {program.meant}" for number, program in PROGRAMS.items()]
    totals = [*asked_programs.tools()]
    assert {row.count("|") for row in totals} == {5}
    assert sum("| ours |" in row for row in totals) == 3


def test_causes_are_counted_by_what_comes_first_and_by_what_the_program_has(monkeypatch):
    names = list(FAULTS)
    ours, other = names.index("rate too low"), names.index("softmax twice")
    runs = np.array([[ours, other, -1], [other, ours, -1], [other, -1, -1], [-1, -1, -1]])
    monkeypatch.setattr(asked_programs, "recorded", lambda *_: {"faulty": runs})
    assert asked_programs.firsts(31556268, "faulty") == (
        "softmax twice (2), nothing found (1), rate too low (1)"
    )
    assert [asked_programs.hits(31556268, "faulty", n) for n in (1, 2, 3)] == [1, 2, 2]
    assert asked_programs.named(31556268, "faulty") == 3
    assert asked_programs.most("faulty", lambda number: asked_programs.named(number, "faulty")) == 10
    assert asked_programs.most("faulty", lambda number: asked_programs.hits(number, "faulty", 3)) == 0


def test_where_every_gradient_is_zero_a_softmax_over_one_output_is_right(monkeypatch):
    runs = np.array([[-2, -1, -1], [-1, -1, -1]])
    monkeypatch.setattr(asked_programs, "recorded", lambda *_: {"faulty": runs})
    assert asked_programs.firsts(31880720, "faulty") == "every gradient is zero (1), nothing found (1)"
    for number, hits in {31880720: 1, 34311586: 1, 31556268: 0}.items():
        assert asked_programs.hits(number, "faulty", 1) == hits


def test_the_page_says_what_the_records_do():
    said = " ".join(PAGE.read_text(encoding="utf-8").split())
    answered = recorded("09_programs", "34311586 as answered")["score"] >= PROGRAMS[34311586].enough
    assert f"learns XOR in {answered.sum()} of 20 runs" in said
    assert f"it does in {asked_programs.works(34311586)[1]} of 20" in said
    faulty, repaired = asked_programs.works(48251943)
    assert f"{faulty} of 20 runs end above the best constant, with the repair {repaired} do" in said
    alone = [number for number, program in ASKED.items() if not program.planted]
    assert "no fault of the thirty: too few epochs on few units (59278771)" in said
    assert alone == [31880720, 45337371, 59278771]
    assert {*map(int, re.findall(r"\d{8}", said))} <= {*PROGRAMS}

    def most(view, count):
        return asked_programs.most(view, lambda number: count(number, view))

    # What was added after a first look finds four; of the others one is named first.
    firsts = [number for number in ASKED if asked_programs.hits(number, "faulty", 1) > 10]
    assert firsts == [31880720, 34311586, 38648195, 39525358, 45337371]
    assert "names 39525358" in said
    assert "31880720, 34311586 and 45337371 have" in said
    assert "Of the other six, one is named first (38648195), and two more among three" in said
    among = [number for number in ASKED if asked_programs.hits(number, "faulty", 3) > 10]
    assert {*among} - {*firsts} == {31556268, 48385830}
    # Most of the repaired ones are suspected.
    assert f"{most('repaired', asked_programs.named)} of the ten repaired programs" in said
    assert asked_programs.named(41372874, "faulty") > 10
    for number in (31556268, 34311586):
        assert asked_programs.firsts(number, "repaired").startswith("squared error")
