"""The rules of the diagnosis are data that hold together, and it has a sentence for every run."""

import json
import re
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from panels import ODD, short

from course.clinic import diagnosis, experiments
from course.clinic.cases import Case, train
from course.clinic.diagnosis import ANSWERS, MEASURES, RULES, USUAL, diagnose, measured
from course.clinic.experiments import EXPERIMENTS, answer
from course.clinic.faults import FAULTS
from course.clinic.repairs import REPAIRS
from course.clinic.setup import Setup

ROOT = Path(__file__).parents[1]

LINES = [(fault, line) for fault, rule in RULES.items() for line in rule.signs + rule.proof]


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def plainly(measurement):
    """Return the name of a measurement without the twin."""
    return re.sub(r" [/-] twin$", "", measurement)


def test_each_fault_has_a_rule_and_each_line_a_name():
    assert {*RULES} == {*FAULTS}
    assert {plainly(line.measurement) for _, line in LINES} <= {*MEASURES, *ANSWERS}
    assert {line.side for _, line in LINES} == {"<", ">"}
    assert all(rule.signs for rule in RULES.values())


def test_what_is_named_is_measured():
    case = Case(None, 0, Setup(steps=12))
    seen = train(case).run
    assert [*diagnosis._read(seen)] == [*MEASURES]
    answers = {name: answer(name, case)[0] for name in EXPERIMENTS if name != "panel"}
    assert {*diagnosis._answered(answers, 10, 0.5)} >= {*ANSWERS}
    numbers = measured(seen, seen, answers)
    assert {line.measurement for _, line in LINES} == {*numbers}
    unknown = {name for name, value in numbers.items() if np.isnan(value)}
    # Of a ReLU, which has no bounds, nothing is saturated; clean rows need no batch statistics.
    assert unknown == {"saturated", "saturated - twin"}


def test_what_is_compared_with_the_twin_has_its_usual_number():
    compared = {
        plainly(line.measurement) for _, line in LINES if line.measurement != plainly(line.measurement)
    }
    assert compared <= {*USUAL} <= {*MEASURES}


def test_every_name_is_used():
    used = {plainly(line.measurement) for _, line in LINES}
    assert used == {*MEASURES, *ANSWERS}


def test_lines_of_a_fault_can_hold_together():
    for rule in RULES.values():
        for part in (rule.signs, rule.proof):
            for name in {line.measurement for line in part}:
                above = [line.limit for line in part if line[:2] == (name, ">")]
                below = [line.limit for line in part if line[:2] == (name, "<")]
                assert len(above) <= 1, name
                assert len(below) <= 1, name
                assert not above or not below or above < below, name


def test_the_section_of_a_rule_is_a_heading_of_its_topic():
    for fault, rule in RULES.items():
        topic, heading = rule.section.split(": ", 1)
        (path,) = (ROOT / "notebooks").glob(f"{topic}_*.ipynb")
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
        headings = [re.sub(r" \(.*\)$", "", line) for line in re.findall(r"^#+ (.*)", text, re.MULTILINE)]
        assert heading in [re.sub(rf"^{topic} ", "", line) for line in headings], fault


def side(line, holds):
    """Return a number on this side of a line."""
    return line.limit + (1e-6 if (line.side == ">") == holds else -1e-6)


def numbers_of(rule, signs=True, proof=None):
    """Return numbers by which the lines of a rule hold, or not; where `proof` is None, none is known."""
    numbers = dict.fromkeys((line.measurement for _, line in LINES), np.nan)
    both = {}
    for part, holds in ((rule.proof, proof), (rule.signs, signs)):
        for line in part if holds is not None else ():
            both.setdefault(line.measurement, []).append((line, holds))
    for name, lines in both.items():
        # Between two limits of one number, where both hold.
        numbers[name] = np.mean([side(*one) for one in lines]) if len(lines) > 1 else side(*lines[0])
    return numbers


@pytest.mark.parametrize("fault", FAULTS)
def test_each_line_of_a_rule_counts(fault):
    rule = RULES[fault]
    numbers = numbers_of(rule)
    assert diagnosis._verdict(rule, numbers) == "suspected"
    for line in rule.signs:
        # Nothing is ruled out before an experiment was made, whatever else belongs to its proof.
        assert diagnosis._verdict(rule, numbers | {line.measurement: side(line, False)}) == "open", line
    assert diagnosis._verdict(rule, numbers | {rule.signs[0].measurement: np.nan}) == "open"
    if rule.proof:
        numbers = numbers_of(rule, proof=True)
        assert diagnosis._verdict(rule, numbers) == "found"
        for line in rule.proof:
            off = numbers | {line.measurement: side(line, False)}
            assert diagnosis._verdict(rule, off) == "ruled out", line


@pytest.mark.parametrize("fault", FAULTS)
def test_a_rule_names_its_fault_first(fault):
    case = Case(fault, 0)
    found = diagnose(experiments.train(case).run, experiments.train(case.twin).run)
    assert found.causes[0].fault == fault
    assert found.causes[0].evidence in found.sentence


def test_an_answer_outweighs_the_panel():
    case = Case("flipped gradient", 0)
    seen, twin = train(case).run, train(case.twin).run
    suspected = diagnose(seen, twin).causes[0]
    assert (suspected.fault, suspected.verdict) == ("flipped gradient", "suspected")
    assert suspected.experiment == "gradient check"
    found = diagnose(seen, twin, {"gradient check": answer("gradient check", case)[0]})
    assert (found.causes[0].fault, found.causes[0].verdict) == ("flipped gradient", "found")
    assert found.causes[0].experiment is None
    ruled_out = diagnose(seen, twin, {"gradient check": {"error": 1e-9}})
    assert "flipped gradient" not in [cause.fault for cause in ruled_out.causes]


def test_the_sentence_names_evidence_and_what_to_do_next():
    case = Case("missing ReLU mask", 0)
    found = diagnose(train(case).run, train(case.twin).run)
    assert found.sentence.startswith("The likeliest cause is: missing ReLU mask. ")
    assert found.causes[0].evidence in found.sentence
    assert found.sentence.endswith("Next: Does the gradient agree with finite differences?")


def test_where_nothing_is_left_to_ask_a_twin_or_the_repair_is_next():
    case = Case("inputs not scaled", 0)
    alone = diagnose(train(case).run)
    assert alone.causes[0].experiment == "healthy twin"
    assert alone.sentence.endswith("Next: What does a healthy network of this kind do?")
    beside = diagnose(train(case).run, train(case.twin).run)
    assert beside.causes[0].experiment is None
    assert beside.sentence.endswith("Next: " + REPAIRS["scale the inputs"].sentence)


def test_where_nothing_is_found_it_says_what_was_looked_at():
    case = Case(None, 0)
    seen = train(case).run
    sentence = diagnose(seen, seen, {"scores": answer("scores", case)[0]}).sentence
    assert sentence == (
        "Nothing found. Looked at: the loss of 300 steps, the training accuracy, the validation accuracy, "
        "activations, gradients, updates, inputs, a healthy twin, the answers of experiments: scores."
    )


def ended_lower(run, by):
    """Return the run with a lower validation accuracy at its end, which no fault explains."""
    return replace(run, validation_accuracy=run.validation_accuracy - by * (run.steps == run.steps[-1]))


def test_of_a_run_far_below_its_twin_the_nearest_three_are_named():
    twin = train(Case(None, 0)).run
    assert diagnose(ended_lower(twin, 0.09), twin).causes == []
    low = ended_lower(twin, 0.11)
    found = diagnose(low, twin)
    numbers = measured(low, twin)
    away = {fault: diagnosis._distance(rule.signs, numbers) for fault, rule in RULES.items()}
    assert [cause.fault for cause in found.causes] == sorted(RULES, key=away.get)[:3]
    assert {cause.verdict for cause in found.causes} == {"possible"}
    assert found.sentence.startswith("It learns far less than its twin, but no cause shows all ")
    assert found.causes[0].evidence in found.sentence
    # Without a twin nobody knows how far the network could have come.
    assert diagnose(ended_lower(twin, 0.3)).causes == []
    (first, *_) = found.causes
    assert RULES[first.fault].proof
    answers = {name: answer(name, Case(None, 0))[0] for name in EXPERIMENTS if name != "panel"}
    assert first.fault not in [cause.fault for cause in diagnose(low, twin, answers).causes]


def test_a_distance_is_that_of_the_farthest_sign():
    rule = diagnosis.rule("gain > 2, zeros < 0.1", "", "")
    assert diagnosis._distance(rule.signs, {"gain": 1.5, "zeros": 0.05}) == pytest.approx(0.25)
    assert diagnosis._distance(rule.signs, {"gain": 1.5, "zeros": 0.15}) == pytest.approx(0.5)
    assert diagnosis._distance(rule.signs, {"gain": 1.5, "zeros": np.nan}) == pytest.approx(0.25)
    assert diagnosis._distance(rule.signs, {"gain": np.nan, "zeros": 0.15}) == np.inf


@pytest.mark.parametrize("twin", [None, short()])
@pytest.mark.parametrize("kind", ODD)
def test_of_an_odd_run_is_said_what_there_is(kind, twin):
    found = diagnose(ODD[kind](), twin)
    assert found.sentence[-1] in ".?"
    assert "nan" not in found.sentence
    for cause in found.causes:
        assert cause.evidence.endswith(".")


def test_what_was_not_seen_is_not_said_to_be_looked_at():
    assert "validation" not in diagnose(ODD["no validation"]()).sentence
    assert diagnose(ODD["NaN everywhere"]()).sentence.startswith("The loss is no number from the first step")
    for kind in "weights of zero", "weights of zero that move":
        assert diagnose(ODD[kind]()).causes[0].fault == "constant initial weights"


def test_where_every_gradient_is_zero_and_units_live_no_rate_is_to_blame():
    still = ODD["gradients of zero"]()
    assert diagnosis.stands_still(still)
    assert diagnose(still).causes == []
    assert diagnose(still).sentence.startswith("Every gradient is exactly zero, though units are alive")
    # Dead units and weights of zero leave no gradient either, and have rules of their own.
    for kind in ODD.keys() - {"gradients of zero"}:
        assert not diagnosis.stands_still(ODD[kind]()), kind


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        (lambda: diagnose("run"), "run"),
        (lambda: diagnose(short(), "twin"), "twin"),
        (lambda: diagnose(short(), None, ["scores"]), "answers"),
        (lambda: diagnose(short(), None, {"pray": {}}), "answers"),
        (lambda: diagnose(short(), None, {"scores": 3}), "answers['scores']"),
        (lambda: diagnose(short(), None, {"scores": {"lowest": "low"}}), "answers['scores']['lowest']"),
        (lambda: diagnose(short(), None, {"scores": {"lowest": [0, 1]}}), "answers['scores']['lowest']"),
    ],
)
def test_wrong_arguments_are_answered_by_name(wrong, name):
    with pytest.raises((ValueError, TypeError)) as refused:
        wrong()
    said = str(refused.value)
    assert said.startswith(name)
    assert said.endswith(".")
    assert "\n" not in said
