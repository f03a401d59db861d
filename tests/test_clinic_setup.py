"""A set-up trains as the course's own networks do, and what a seed draws is the same with every fault."""

import inspect
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from course import network
from course.clinic import setup as sound
from course.clinic.cases import Case, drawn, train
from course.clinic.experiments import measured
from course.clinic.faults import FAULTS
from course.clinic.setup import Setup, loss_and_grads, start, walk
from course.initializers import xavier
from course.optimizers import UPDATES, sgd
from course.training import History
from course.training import train as train_plainly

X, Y, *HELD = sound.digits(0)


@pytest.mark.parametrize(
    "setup",
    [
        Setup(),
        Setup(hidden=()),
        Setup(normalized=True),
        Setup(hidden=(8, 7), activation="tanh", initializer=xavier, bias=0.1),
    ],
)
def test_loss_and_gradients_are_those_of_the_course(setup):
    params = start(setup, 0, 64)
    ours = loss_and_grads(setup, params, X[:50], Y[:50])
    theirs = network.loss_and_grads(params, X[:50], Y[:50], setup.activation)
    assert ours[0] == theirs[0]
    for layers in zip(ours[1], theirs[1], strict=True):
        for mine, other in zip(*layers, strict=True):
            np.testing.assert_allclose(mine, other, rtol=1e-12, atol=1e-15)


def test_dropout_and_decay_are_those_of_the_course():
    setup = Setup(hidden=(8,), dropped=0.5, decay=0.1, rule=sgd)
    params = start(setup, 0, 64)
    masks = sound.dropout(setup, np.random.default_rng([0, 3]), setup.batch_size)
    rows = next(sound.shuffled(np.random.default_rng([0, 2]), Y, setup.batch_size))
    _, grads = network.loss_and_grads(params, X[rows], Y[rows], "relu", reg=0.1, masks=masks)
    step = next(walk(setup, 0, X, Y))
    for before, after, theirs in zip(params, step.moved, grads, strict=True):
        for p, moved, dp in zip(before, after, theirs, strict=True):
            np.testing.assert_allclose(moved, p - setup.learning_rate * dp, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("rule", UPDATES)
def test_a_training_on_all_rows_is_that_of_the_trainer(rule):
    """Loss for loss, and so parameter for parameter."""
    setup = Setup(hidden=(6, 5), rule=UPDATES[rule], learning_rate=0.01, batch_size=60)
    params = start(setup, 0, 64)
    settings = {"epochs": 5, "learning_rate": 0.01, "batch_size": None, "update": rule}
    _, history = train_plainly(params, X[:60], Y[:60], rng=np.random.default_rng(0), **settings)
    assert isinstance(history, History)
    ours = [step.loss for step in islice(walk(setup, 0, X[:60], Y[:60]), 5)]
    np.testing.assert_allclose(ours, history.cost, rtol=1e-9)


def test_each_epoch_has_every_row_once():
    rows = list(islice(sound.shuffled(np.random.default_rng(0), np.zeros(100), 25), 8))
    for epoch in rows[:4], rows[4:]:
        assert sorted(np.concatenate(epoch)) == list(range(100))
    assert not np.array_equal(rows[:4], rows[4:])


def test_few_rows_make_one_minibatch():
    rows = list(islice(sound.shuffled(np.random.default_rng(0), np.zeros(7), 50), 3))
    assert [len(some) for some in rows] == [7, 7, 7]


def test_a_seed_draws_the_same_for_all_faults():
    """What a fault does not change is bit for bit what it is in its twin."""
    first = train(Case(None, 1, Setup(steps=2)), looks=2)
    for fault in ("missing ReLU mask", "clipped gradient", "flipped gradient", "rate too low"):
        other = train(Case(fault, 1, Setup(steps=2)), looks=2)
        assert other.run.loss[0] == first.run.loss[0]
        for mine, theirs in zip(other.first, first.first, strict=True):
            assert all(map(np.array_equal, mine, theirs))


def test_the_same_case_gives_the_same_run_and_another_seed_another():
    runs = [train(Case("noisy labels", seed, Setup(steps=20)), looks=2).run.loss for seed in (0, 0, 1)]
    assert np.array_equal(runs[0], runs[1])
    assert not np.array_equal(runs[0], runs[2])


def test_what_is_no_longer_finite_is_NaN_from_there_on():
    found = train(Case("flipped gradient", 0)).run
    lost = np.isnan(found.loss)
    assert lost.any()
    assert not lost[0]
    assert (np.diff(lost.astype(int)) >= 0).all()
    assert found.validation_accuracy.shape == found.steps.shape


def test_strength_width_rate_batch_and_data_are_arguments_of_a_case():
    def three(seed):
        rng = np.random.default_rng(seed)
        y = np.arange(240) % 3
        rows = rng.standard_normal((240, 6)) + 3 * np.eye(3, 6)[y]
        return rows[:200], y[:200], rows[200:], y[200:]

    setup = Setup(hidden=(12, 9), learning_rate=0.01, batch_size=20, steps=150, classes=3, data=three)
    found = train(Case(None, 0, setup), looks=3)
    assert [W.shape for W, _ in found.params] == [(6, 12), (12, 9), (9, 3)]
    assert found.run.classes == 3
    assert found.run.validation_accuracy[-1] > 0.8
    for fault in FAULTS:
        assert train(Case(fault, 0, replace(setup, steps=5)), looks=2).run.loss.shape == (5,), fault
    noise = [measured("look at the rows: wrong", Case("noisy labels", 0, setup, s)) for s in (0.1, 0.8)]
    assert noise[0] < noise[1] - 0.3


def test_a_set_up_that_a_fault_needs_keeps_its_own_rate_and_width():
    for rate in (0.01, 0.09):
        case = Case("large epsilon in Adam", 0, Setup(learning_rate=rate))
        assert case.sound.learning_rate == pytest.approx(rate / 10)
        assert Case("ten layers of sigmoids", 0, Setup(hidden=(7, 5))).sound.hidden == (7,) * 10


def test_one_case_in_six_is_healthy_and_every_fault_has_its_turn():
    cases = [drawn(number) for number in range(1200)]
    healthy = [case for case in cases if case.fault is None]
    assert 150 < len(healthy) < 250
    assert {case.fault for case in cases} == {None, *FAULTS}
    # A healthy network may have dropout or Adam, too.
    assert len({case.setup for case in healthy}) > 3
    assert drawn(5) == drawn(5) != drawn(6)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        (lambda: Case("no such fault", 0), "fault"),
        (lambda: Case(None, -1), "seed"),
        (lambda: Case(None, 0, "set-up"), "setup"),
        (lambda: Case("noisy labels", 0, strength="strong"), "strength"),
        (lambda: Case(None, 0, repairs=("pray",)), "repairs"),
        (lambda: Setup(hidden=50), "hidden"),
        (lambda: Setup(hidden=(50, 0)), "hidden"),
        (lambda: Setup(activation="swishy"), "activation"),
        (lambda: Setup(learning_rate=-1), "learning_rate"),
        (lambda: Setup(learning_rate=np.nan), "learning_rate"),
        (lambda: Setup(batch_size=0), "batch_size"),
        (lambda: Setup(steps=2.5), "steps"),
        (lambda: Setup(dropped=1), "dropped"),
        (lambda: Setup(normalized="yes"), "normalized"),
        (lambda: sound.train("set-up", 0), "setup"),
        (lambda: sound.train(Setup(), 0.5), "seed"),
        (lambda: sound.train(Setup(), 0, looks=0), "looks"),
        (lambda: drawn(-1), "number"),
    ],
)
def test_wrong_arguments_are_answered_by_name(wrong, name):
    with pytest.raises((ValueError, TypeError), match=f"^{name}.*[.]$"):
        wrong()


def test_widths_may_be_a_list():
    assert Setup(hidden=[8, 7]) == Setup(hidden=(8, 7))
    assert hash(Case(None, 0, Setup(hidden=[8, 7])))


def test_every_part_of_a_set_up_is_explained():
    names = inspect.signature(Setup).parameters
    assert [name for name in names if f"`{name}" not in Setup.__doc__] == []
