"""A planted fault is found by the check that it names, and has the symptom that it tells."""

from functools import cache

import numpy as np
import pytest

from course import faults
from course.faults import CHECKS, FAULTS, HEALTHY
from course.statistics import interval

pytestmark = pytest.mark.slow
# What holds in most of SEEDS runs is seen in most of a few; `make long` runs them all.
SEEDS, FEW = 20, 5


@cache
def failures(fault, seeds=FEW):
    """In which share of the runs each check fails."""
    runs = [faults.examine(fault, seed) for seed in range(seeds)]
    return {name: np.mean([not run[name][1] for run in runs]) for name in CHECKS}


@cache
def histories(fault, learning_rate=0.3, seeds=FEW):
    return [faults.train(fault, seed, learning_rate=learning_rate)[1] for seed in range(seeds)]


def accuracies(fault, learning_rate=0.3, seeds=FEW):
    """The last validation accuracies; a network that has diverged guesses."""
    last = [history.validation_accuracy[-1] for history in histories(fault, learning_rate, seeds)]
    return np.nan_to_num(last, nan=0.1)


def most(runs):
    return np.mean(runs) >= 0.9


@pytest.mark.parametrize("check", CHECKS)
def test_a_healthy_run_passes(check):
    assert failures(None)[check] <= 0.1


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_by_the_check_that_it_names(fault):
    assert failures(fault)[FAULTS[fault].check] >= 0.9


@pytest.mark.long
@pytest.mark.parametrize("fault", [None, *FAULTS])
def test_checks_find_the_fault_and_pass_a_healthy_run_in_most_of_many_runs(fault):
    found = failures(fault, SEEDS)
    assert max(found.values()) <= 0.1 if fault is None else found[FAULTS[fault].check] >= 0.9


def test_each_check_is_needed_by_one_fault():
    assert sorted(fault.check for fault in FAULTS.values()) == sorted(CHECKS)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_changes_parts_that_there_are(fault):
    assert FAULTS[fault].change.keys() <= HEALTHY.keys()


@pytest.mark.parametrize("text", ["sentence", "symptom", "repair"])
def test_every_fault_says_what_it_is_in_sentences(text):
    said = [getattr(fault, text) for fault in FAULTS.values()]
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in said)
    assert len(set(said)) == len(said)


def test_with_shuffled_labels_the_loss_hardly_falls_and_the_accuracy_stays():
    assert most([history.loss[-1].mean() > 0.95 * np.log(10) for history in histories("shuffled labels")])
    assert most(accuracies("shuffled labels") < 0.2)


def test_with_softmax_twice_the_loss_stays_above_its_floor():
    floor = -np.log(np.e / (np.e + 9))
    assert floor == pytest.approx(1.46, abs=0.005)
    assert min(history.loss.min() for history in histories("softmax twice")) > floor
    assert most(accuracies("softmax twice") > 0.4)


def test_a_summed_loss_grows_with_the_minibatch_and_explodes():
    for name, times in [("summed loss", 2), (None, 1)]:
        loss = faults.HEALTHY["loss"] if name is None else FAULTS[name].change["loss"]
        few, many = (loss(np.zeros((n, 10)), np.zeros(n, int))[0] for n in (50, 100))
        assert many / few == pytest.approx(times)
    assert most([history.diverged for history in histories("summed loss")])
    assert not any(history.diverged for history in histories(None))


@pytest.mark.long
def test_without_the_mask_it_learns_a_little_worse():
    change, half = interval(accuracies("missing ReLU mask", seeds=SEEDS) - accuracies(None, seeds=SEEDS))
    assert -0.02 < change - half < change + half < 0


def test_where_gradients_add_up_the_loss_falls_and_then_swings():
    for history in histories("gradients not reset"):
        assert history.loss[0].min() < history.loss[0, 0] / 2
        assert history.loss[-1].mean() > 100 * history.loss[0, 0]


@pytest.mark.long
def test_at_a_modest_rate_uncentred_pixels_cost_little():
    change, half = interval(accuracies("uncentred pixels", seeds=SEEDS) - accuracies(None, seeds=SEEDS))
    assert change - half > -0.03


def test_uncentred_pixels_take_half_the_learning_rate():
    assert accuracies("uncentred pixels").mean() > accuracies(None).mean() - 0.03
    assert most(accuracies("uncentred pixels", 0.6) < accuracies(None, 0.6) - 0.05)


def test_a_seed_draws_the_same_for_all_faults():
    """The gradient of a missing mask differs, the first loss does not."""
    first = [histories(fault)[0].loss[0, 0] for fault in (None, "missing ReLU mask", "gradients not reset")]
    assert len(set(first)) == 1
    assert histories("shuffled labels")[0].loss[0, 0] == pytest.approx(first[0], abs=0.002)


@pytest.mark.parametrize("part", HEALTHY)
def test_a_part_that_is_put_back_heals(part, monkeypatch):
    monkeypatch.setitem(
        FAULTS, "repaired", faults.Fault("It.", "It.", "gradient", "It.", {part: HEALTHY[part]})
    )
    assert faults.train("repaired", seed=0, epochs=1)[1] == faults.train(None, seed=0, epochs=1)[1]


def test_a_healthy_run_is_that_of_the_trainer():
    """The same numbers as `network.loss_and_grads` gives, for the parts that are ours."""
    from course import network

    rng = np.random.default_rng(0)
    X, y, *_ = HEALTHY["data"](rng)
    params = network.create(rng, [64, 50, 10], faults.he)
    ours, theirs = faults._loss_and_grads(HEALTHY, params, X, y), network.loss_and_grads(params, X, y, "relu")
    assert ours[0] == pytest.approx(theirs[0], rel=1e-12)
    for a, b in zip(ours[1], theirs[1], strict=True):
        for mine, other in zip(a, b, strict=True):
            np.testing.assert_allclose(mine, other, rtol=1e-9, atol=1e-15)
