import multiprocessing
import os
import resource
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import FrozenInstanceError, replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from course import network
from course.datasets import digits
from course.initializers import he
from course.search import Trial, each, grid, narrow, run, sample, sweep
from course.training import train

X, y = digits()
X = X.reshape(len(X), -1)[:300] / 16
y = y[:300]


def evaluate(rngs, learning_rate, reg):
    params = network.stack([network.create(rng, [64, 10, 10], he) for rng in rngs])
    settings = {"learning_rate": learning_rate, "reg": reg, "give_up": 3}
    rng = np.random.default_rng(0)
    return train(
        params, X[:200], y[:200], rng=rng, epochs=3, batch_size=10, validation=(X[200:], y[200:]), **settings
    )[1]


def test_a_grid_holds_every_combination():
    points = grid(learning_rate=[0.1, 1.0], reg=[0.0, 1.0, 2.0])
    assert len(points) == 6
    assert {tuple(point.values()) for point in points} == {
        (a, b) for a in (0.1, 1.0) for b in (0.0, 1.0, 2.0)
    }


def test_samples_are_even_on_a_log_scale():
    settings = sample(np.random.default_rng(0), 4000, rate=(1e-6, 1e-2))
    logs = np.log10([setting["rate"] for setting in settings])
    counts = np.histogram(logs, bins=4, range=(-6, -2))[0]
    assert counts.sum() == 4000
    assert np.abs(counts - 1000).max() < 5 * np.sqrt(4000 * 0.25 * 0.75)


def test_the_grouping_of_trials_changes_no_number():
    settings = sample(np.random.default_rng(1), 5, learning_rate=(1e-2, 1.0), reg=(1e-5, 1e-1))
    alone, together = run(evaluate, settings, seed=7, side_by_side=1), run(evaluate, settings, seed=7)
    for a, b in zip(alone, together, strict=True):
        assert (a.number, a.setting, a.status) == (b.number, b.setting, b.status)
        np.testing.assert_allclose(a.history.loss, b.history.loss, rtol=1e-12)
    assert run(evaluate, settings, seed=8)[0].history.loss[0, 0] != alone[0].history.loss[0, 0]


def test_a_diverged_trial_is_recorded_and_scores_nothing():
    trials = run(evaluate, grid(learning_rate=[0.3, 1e6], reg=[0.0]), seed=0)
    assert [trial.status for trial in trials] == ["done", "diverged"]
    *_, before, last = trials[0].history.validation_accuracy
    assert trials[0].score == last != before
    assert trials[0].score > 0.2
    assert trials[1].score == 0


def test_a_failure_takes_no_other_trial_with_it():
    def fragile(rngs, learning_rate, reg):
        if (reg == 13).any():
            raise ValueError("thirteen")
        return evaluate(rngs, learning_rate, reg)

    trials = run(fragile, grid(learning_rate=[0.1], reg=[0.0, 13.0, 1e-3]), seed=0)
    assert [trial.status for trial in trials] == ["done", "failed: thirteen", "done"]


@pytest.mark.parametrize(
    ("evaluate", "reason"),
    [
        (lambda rngs, reg: None, "'NoneType' object has no attribute 'interrupted'"),
        (lambda rngs: None, "unexpected keyword argument 'reg'"),
        (lambda rngs, reg: [][reg[0]], "list indices"),
    ],
)
def test_an_evaluate_that_does_not_keep_to_its_form_fails_its_trials(evaluate, reason):
    trials = run(evaluate, grid(reg=[0.0, 1.0]), seed=0)
    assert all(trial.status.startswith("failed: ") and reason in trial.status for trial in trials)


def test_a_reason_without_words_is_the_name_of_the_error():
    def full(rngs, reg):
        raise MemoryError

    assert run(full, grid(reg=[0.0]), seed=0)[0].status == "failed: MemoryError"


def test_settings_that_name_different_things_are_tried_one_by_one():
    def either(rngs, learning_rate=None, reg=None):
        rate = np.array([0.1]) if learning_rate is None else learning_rate
        return evaluate(rngs, rate, np.zeros(1) if reg is None else reg)

    trials = run(either, [{"learning_rate": 0.1}, {"reg": 0.01}], seed=0)
    assert [trial.status for trial in trials] == ["done", "done"]


def test_eight_train_side_by_side_and_no_bar_is_shown_unless_asked_for(capsys):
    sizes = []

    def counting(rngs, reg):
        sizes.append(len(rngs))
        raise ValueError("enough")

    run(counting, grid(reg=np.arange(9.0)), seed=0)
    assert (sizes[0], sizes[-1]) == (8, 1)
    assert capsys.readouterr().err == ""
    run(counting, grid(reg=np.arange(9.0)), seed=0, progress=True)
    bar = capsys.readouterr().err
    assert "9/9" in bar
    assert "trial" in bar


def test_three_are_kept_by_default_and_a_trial_stays_as_it_was():
    tried = [Trial(i, {"reg": 10.0**i}, "failed: no data") for i in range(5)]
    assert narrow(tried) == {"reg": (1.0, 100.0)}
    with pytest.raises(FrozenInstanceError):
        tried[0].status = "done"


def test_no_settings_are_no_trials():
    assert run(evaluate, [], seed=0) == []


def test_the_same_setting_twice_is_two_trials():
    settings = [{"learning_rate": 0.1, "reg": 0.0}] * 3
    trials = run(evaluate, settings, seed=0)
    assert [(trial.number, trial.status) for trial in trials] == [(0, "done"), (1, "done"), (2, "done")]
    assert len({trial.history.loss[0, 0] for trial in trials}) == 3


def test_an_interrupted_search_gives_what_it_has():
    calls = []

    def interrupted(rngs, learning_rate, reg):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return evaluate(rngs, learning_rate, reg)

    trials = run(interrupted, grid(learning_rate=[0.1, 0.2, 0.3], reg=[0.0]), seed=0, side_by_side=1)
    assert [trial.status for trial in trials] == ["done", "interrupted", "interrupted"]
    assert [trial.number for trial in trials] == [0, 1, 2]


def test_narrow_asks_for_validation():
    history = run(evaluate, [{"learning_rate": 0.1, "reg": 0.0}], seed=0)[0].history
    blind = replace(history, validation_accuracy=np.full_like(history.validation_accuracy, np.nan))
    trials = [Trial(i, {"reg": float(i)}, "done", blind) for i in range(3)]
    with pytest.raises(ValueError, match="trials must have a validation accuracy"):
        narrow(trials, keep=2)


def test_narrow_spans_the_best():
    trials = run(evaluate, grid(learning_rate=[1e-6, 0.1, 0.3, 1e6], reg=[0.0]), seed=0)
    assert narrow(trials, keep=2) == {"learning_rate": (0.1, 0.3), "reg": (0.0, 0.0)}


@pytest.mark.parametrize(
    "ends", [(1.0, 0.1), (1.0, 1.0), (0.0, 1.0), (-1.0, 1.0), (1.0, np.inf), (np.nan, 1.0)]
)
def test_bad_ranges_are_named(ends):
    with pytest.raises(ValueError, match="rate must"):
        sample(np.random.default_rng(0), 1, rate=ends)


def test_bad_arguments_are_named():
    with pytest.raises(TypeError, match="rng must be a generator"):
        sample(0, 1, rate=(1e-6, 1e-3))
    with pytest.raises(ValueError, match="at least two"):
        narrow([Trial(0, {"reg": 1.0}, "interrupted")])
    with pytest.raises(ValueError, match="keep must be a whole number of at least 2, but is 1"):
        narrow([Trial(i, {"reg": 1.0}, "interrupted") for i in range(2)], keep=1)


class Interrupting(np.random.Generator):
    """A generator that draws two epochs' minibatches, and then the learner stops the training."""

    def __init__(self, left):
        super().__init__(np.random.PCG64(0))
        self.left = left

    def integers(self, *args, **kwargs):
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return super().integers(*args, **kwargs)


def test_a_training_that_is_interrupted_ends_the_search_and_keeps_its_epochs():
    def stopped(rngs, learning_rate):
        params = network.stack([network.create(rng, [64, 10, 10], he) for rng in rngs])
        rng = Interrupting(40 if learning_rate[0] == 0.2 else 10_000)
        return train(
            params, X, y, rng=rng, epochs=3, batch_size=15, learning_rate=learning_rate, validation=(X, y)
        )[1]

    trials = run(stopped, grid(learning_rate=[0.1, 0.2, 0.3]), seed=0, side_by_side=1)
    assert [trial.status for trial in trials] == ["done", "interrupted", "interrupted"]
    assert [len(trial.history.loss) for trial in trials[:2]] == [3, 2]
    assert trials[2].history is None
    assert trials[1].score == 0


# What follows runs somewhere else, in threads, in processes and on a cluster.
SETTINGS = sample(np.random.default_rng(1), 9, learning_rate=(1e-2, 1.0), reg=(1e-5, 1e-1))


@pytest.fixture(scope="module")
def here():
    return run(evaluate, SETTINGS, seed=7, side_by_side=2)


@pytest.fixture(scope="module")
def cluster():
    distributed = pytest.importorskip("distributed", reason="needs the group cluster")
    import dask

    # A task whose worker has died is given back at once.
    calm = {"distributed.scheduler.allowed-failures": 0, "distributed.admin.tick.limit": "60s"}
    with (
        dask.config.set(calm),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.fixture(params=["threads", "processes", "Dask"])
def executor(request):
    if request.param == "Dask":
        yield request.getfixturevalue("cluster").get_executor(pure=False)
    else:
        with (ThreadPoolExecutor if request.param == "threads" else spawned)(2) as pool:
            yield pool


def spawned(workers):
    """A pool of processes that begin afresh, since the tests themselves run threads."""
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


def same(trials, others):
    assert [(t.number, t.setting, t.status) for t in trials] == [
        (t.number, t.setting, t.status) for t in others
    ]
    for trial, other in zip(trials, others, strict=True):
        np.testing.assert_array_equal(trial.history.loss, other.history.loss)
        np.testing.assert_array_equal(trial.history.validation_accuracy, other.history.validation_accuracy)


def test_the_same_seed_gives_the_same_numbers_wherever_it_runs(executor, here):
    same(run(evaluate, SETTINGS, seed=7, side_by_side=2, executor=executor), here)


def fatal_once(marker, rngs, learning_rate, reg):
    """Take the worker along, the first time that the fourth setting comes."""
    if SETTINGS[3]["reg"] in reg and not marker.exists():
        marker.touch()
        os._exit(1)
    return evaluate(rngs, learning_rate, reg)


def fatal(rngs, learning_rate, reg):
    if SETTINGS[3]["reg"] in reg:
        os._exit(1)
    return evaluate(rngs, learning_rate, reg)


@pytest.mark.parametrize("executor", ["processes", "Dask"], indirect=True)
def test_a_worker_that_dies_loses_no_trial_and_none_counts_twice(executor, here, tmp_path):
    evaluate = partial(fatal_once, tmp_path / "died")
    trials = run(evaluate, SETTINGS, seed=7, side_by_side=2, executor=executor)
    assert (tmp_path / "died").exists()
    same(trials, here)


@pytest.mark.parametrize("executor", ["processes", "Dask"], indirect=True)
def test_a_trial_that_kills_its_worker_fails_alone(executor, here):
    trials = run(fatal, SETTINGS, seed=7, side_by_side=2, executor=executor)
    assert trials[3].status.startswith("failed: ")
    assert trials[3].history is None
    same(trials[:3] + trials[4:], here[:3] + here[4:])


def test_the_same_setting_twice_is_two_trials_wherever_it_runs(executor):
    settings = [SETTINGS[0]] * 4
    trials = run(evaluate, settings, seed=7, side_by_side=1, executor=executor)
    same(trials, run(evaluate, settings, seed=7, side_by_side=1))
    assert len({trial.history.loss[0, 0] for trial in trials}) == 4


def confine():
    """What this worker may take in all: 2 GB beyond what it has."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + 2 * 2**30,) * 2)


def hungry(rngs, learning_rate, reg):
    if SETTINGS[3]["reg"] in reg:
        np.ones(2**40)
    return evaluate(rngs, learning_rate, reg)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits memory as Linux does")
def test_a_trial_that_eats_all_memory_fails_alone(here):
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn"), confine) as pool:
        trials = run(hungry, SETTINGS, seed=7, side_by_side=2, executor=pool)
    assert trials[3].status.startswith("failed: Unable to allocate 8.00 TiB")
    same(trials[:3] + trials[4:], here[:3] + here[4:])


def unknown(rngs, learning_rate, reg):
    """A trial whose every number is NaN."""
    return evaluate(rngs, np.where(reg == SETTINGS[3]["reg"], np.nan, learning_rate), reg)


def test_a_trial_of_nan_fails_alone(executor, here):
    trials = run(unknown, SETTINGS, seed=7, side_by_side=2, executor=executor)
    assert trials[3].status == "failed: learning_rate must lie between 0 and inf, but is [nan]."
    assert trials[3].score == 0
    same(trials[:3] + trials[4:], here[:3] + here[4:])


def mixed(rngs, learning_rate, reg):
    if (reg == 13).any():
        raise MemoryError("no room")
    return evaluate(rngs, learning_rate, reg)


def test_trials_that_raise_or_explode_fail_alone_wherever_they_run(executor):
    settings = grid(learning_rate=[0.1, 1e6], reg=[0.0, 13.0]) + grid(learning_rate=[0.1], reg=[0.0])
    trials = run(mixed, settings, seed=0, executor=executor)
    expected = ["done", "failed: no room", "diverged", "failed: no room", "done"]
    assert [trial.status for trial in trials] == expected
    assert min(trials[0].score, trials[4].score) > 0.2


def test_what_cannot_be_sent_to_a_worker_is_said():
    with spawned(1) as pool:
        trials = run(lambda rngs, reg: None, grid(reg=[0.0, 1.0]), seed=0, executor=pool)
    assert all("ickle" in trial.status for trial in trials)


def test_an_interrupt_cancels_what_waits_and_keeps_what_is_done(monkeypatch):
    class Bar:
        def __init__(self, **_):
            pass

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return False

        def update(self, n):
            raise KeyboardInterrupt

    begun = []

    def counting(rngs, **columns):
        begun.append(len(rngs))
        return evaluate(rngs, **columns)

    monkeypatch.setattr("course.search.tqdm", Bar)
    with ThreadPoolExecutor(1) as pool:
        trials = run(counting, SETTINGS, seed=7, side_by_side=1, executor=pool)
    # The one that is done, and the one or two that had begun by then.
    assert 1 <= len(begun) <= 3
    statuses = [trial.status for trial in trials]
    assert statuses[0] == "done"
    assert statuses.count("interrupted") == len(SETTINGS) - 1


def test_each_value_has_its_answer_in_order_and_an_error_is_raised():
    both = threading.Barrier(2, timeout=60)

    def met(value):
        both.wait()
        return value**2

    if os.cpu_count() > 1:
        # Two at a time, or nobody would ever be met.
        assert each(met, iter([3, 1])) == {3: 9, 1: 1}
    assert list(each(abs, [-2, 1, 0])) == [-2, 1, 0]
    with pytest.raises(ZeroDivisionError):
        each(lambda value: 1 / value, [1, 0])


@pytest.mark.parametrize("normalized", [False, True])
def test_a_sweep_trains_each_start_at_each_rate_as_training_it_alone_does(normalized):
    def start(seed):
        return network.create(np.random.default_rng(seed), [64, 10, 10], he, np.float32, normalized)

    settings = {"epochs": 2, "batch_size": 20, "validation": (X[200:], y[200:]), "reg": 1e-3}
    rates = [0.01, 0.1, 0.3]
    rng = np.random.default_rng(0)
    params, history = sweep(map(start, range(2)), rates, X[:200], y[:200], rng=rng, **settings)
    assert history.validation_accuracy.shape == (2, 2, 3)
    for i in range(2):
        for j, rate in enumerate(rates):
            rng = np.random.default_rng(0)
            alone, seen = train(start(i), X[:200], y[:200], rng=rng, learning_rate=rate, **settings)
            for ours, theirs in zip(params[0], alone[0], strict=True):
                np.testing.assert_allclose(ours[i, j], theirs, rtol=1e-4, atol=1e-6)
            np.testing.assert_allclose(history.cost[:, i, j], seen.cost, rtol=1e-4)
            np.testing.assert_allclose(history.validation_accuracy[:, i, j], seen.validation_accuracy)


@pytest.mark.parametrize(
    ("starts", "rates", "words"),
    [
        ([], [0.1], "but are 0 and"),
        ([1], 0.1, "starts and rates must be sequences of at least one"),
        ([1], [-0.1], "rates must lie between 0 and"),
        ([1], [], "starts and rates must be sequences of at least one"),
    ],
)
def test_what_cannot_be_swept_is_refused_in_a_sentence(starts, rates, words):
    starts = [network.create(np.random.default_rng(seed), [64, 10], he) for seed in starts]
    with pytest.raises(ValueError, match=words):
        sweep(starts, rates, X, y, rng=np.random.default_rng(0), epochs=1)
