"""Experiments answer in numbers and a sentence, also of networks that are beyond help."""

import warnings

import numpy as np
import pytest

from course.clinic.cases import Case
from course.clinic.experiments import EXPERIMENTS, answer, measured
from course.clinic.setup import Setup
from course.optimizers import UPDATES

SHORT = Setup(steps=12)
CASES = {
    "healthy": Case(None, 0, SHORT),
    "exploding": Case("rate far too high", 0, Setup(steps=60), strength=1e6),
    "without a gradient": Case("constant initial weights", 0, SHORT),
    "a single layer": Case(None, 0, Setup(hidden=(), steps=12)),
    "batch-normalized": Case("batch statistics at inference", 0, SHORT),
    "one row": Case("too few examples", 0, SHORT, strength=1),
}


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.mark.parametrize("kind", CASES)
def test_every_experiment_answers_every_case(kind):
    for name in EXPERIMENTS:
        numbers, sentence = answer(name, CASES[kind])
        assert all(np.ndim(value) == 0 for value in numbers.values()), name
        assert sentence[0].isupper() or sentence[0].isdigit(), name
        assert sentence.endswith("."), name
        assert "{" not in sentence, name


def test_an_experiment_asks_a_question():
    asked = [experiment.question for experiment in EXPERIMENTS.values()]
    assert all(question.endswith("?") for question in asked)
    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize("rule", UPDATES)
def test_a_healthy_step_is_what_rate_and_rule_make_it(rule):
    numbers, _ = answer("step by hand", Case(None, 0, Setup(rule=UPDATES[rule], learning_rate=1e-3)))
    assert numbers["ratio"] == pytest.approx(1, abs=1e-9)
    assert numbers["lowest"] == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize(
    ("setup", "most"),
    [(Setup(), 1e-6), (Setup(activation="sigmoid"), 1e-6), (Setup(activation="tanh", normalized=True), 1e-5)],
)
def test_a_healthy_gradient_passes_its_check(setup, most):
    assert measured("gradient check: error", Case(None, 1, setup)) < most


def test_the_gradient_is_right_of_a_loss_or_an_activation_that_is_not():
    """So that the check finds the backward pass, and nothing else."""
    tried = {
        *("summed loss", "softmax twice", "squared error", "ReLU on the scores", "no nonlinearity"),
        *("gradients not reset", "flipped gradient", "missing ReLU mask"),
    }
    wrong = {name for name in tried if measured("gradient check: error", Case(name, 0, SHORT)) > 1e-6}
    assert wrong == {"flipped gradient", "missing ReLU mask"}


@pytest.mark.parametrize(
    ("measurement", "fault", "low", "high"),
    [
        ("known scores: zero", None, np.log(10), np.log(10)),
        ("known scores: zero", "summed loss", 10 * np.log(10), 10 * np.log(10)),
        ("known scores: zero", "squared error", 0.9, 0.9),
        ("known scores: right", None, 0, 1e-9),
        ("known scores: right", "softmax twice", np.log(1 + 9 / np.e), np.log(1 + 9 / np.e)),
        ("count the labels: rows", None, 1497, 1497),
        ("count the labels: rows", "too few examples", 60, 60),
        ("duplicates: share", None, 0, 0),
        ("duplicates: share", "leaked validation rows", 1, 1),
        ("weights: over_he", None, 0.95, 1.05),
        ("weights: bias", "negative initial bias", -3.1, -2.9),
        ("weights: still", None, 0, 0),
        ("weights: still", "frozen layer", 1, 1),
        ("weights: alike", "constant initial weights", 1, 1),
        ("two evaluations: differ", None, 0, 0),
        ("scores: lowest", "ReLU on the scores", 0, 0),
        ("look at the rows: wrong", None, 0, 0.1),
        ("look at the rows: wrong", "noisy labels", 0.2, 0.45),
        ("panel: zero_first", "no nonlinearity", 0, 0),
        ("panel: lowest_update", "frozen layer", 0, 0),
        ("double batch: times", None, 0.8, 1.2),
        ("double batch: times", "summed loss", 1.6, 2.4),
        ("step by hand: ratio", "large epsilon in Adam", 0, 0.2),
        # No step is right where there is no gradient.
        ("step by hand: ratio", "constant initial weights", 1, 1),
        ("step by hand: lowest", "negative initial bias", 1, 1),
    ],
)
def test_a_number_that_one_knows_before_one_looks(measurement, fault, low, high):
    assert low - 1e-9 <= measured(measurement, Case(fault, 0, SHORT)) <= high + 1e-9


def test_twenty_examples_are_memorized_without_dropout_and_with_wrong_labels():
    for fault in ("dropout at evaluation", "misaligned labels"):
        assert measured("twenty examples: accuracy", Case(fault, 0, SHORT)) == 1


def test_nothing_is_learned_from_zeroed_inputs():
    numbers, _ = answer("zeroed inputs", Case(None, 0, Setup(steps=60)))
    assert numbers["zeroed"] > 0.95 * np.log(10) > 2 * numbers["real"]


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        (lambda: answer("pray", CASES["healthy"]), "name"),
        (lambda: answer("panel", "case"), "case"),
        (lambda: measured("pray: often", CASES["healthy"]), "measurement"),
        (lambda: measured("panel: often", CASES["healthy"]), "measurement"),
        (lambda: measured(1, CASES["healthy"]), "measurement"),
        (lambda: measured("panel: training", "case"), "case"),
    ],
)
def test_wrong_arguments_are_answered_by_name(wrong, name):
    with pytest.raises((ValueError, TypeError), match=f"^{name}.*[.]$"):
        wrong()
