import multiprocessing
import os
import re
import resource
import sys
import threading
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import FrozenInstanceError, replace
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from course import network
from course.datasets import digits
from course.initializers import he
from course.search import Trial, each, grid, narrow, run, sample, sweep
from course.training import History, train

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


def alone(rngs, learning_rate):
    """What an outsider writes first: the history of the first network, whatever was asked for."""
    return evaluate(rngs[:1], learning_rate[:1], 0.0)


def out_of_memory(rngs, learning_rate):
    raise MemoryError


@pytest.mark.parametrize(
    ("evaluate", "reason"),
    [
        (lambda rngs, learning_rate: 0.5, r"evaluate must return .* of the shape \(1,\), not 0.5"),
        (lambda rngs, learning_rate: None, r"evaluate must return .* of the shape \(1,\), not None"),
        (lambda rngs, learning_rate: ([], None), r"evaluate must return .* not a tuple"),
        (lambda rngs, learning_rate: evaluate(rngs * 3, 0.1, 0.0), r"evaluate must return .* not \(3,\)"),
        (lambda rngs, learning_rate: [][learning_rate[0]], "list indices must be"),
        (lambda rngs, learning_rate: {}["lr"], "KeyError: 'lr'"),
        (lambda rngs, learning_rate: evaluate(rngs, learning_rate, rag=0), "keyword argument 'rag'"),
        (out_of_memory, "MemoryError"),
    ],
)
@pytest.mark.parametrize("side_by_side", [1, 8])
def test_a_search_in_which_all_failed_says_so_with_the_first_reason(evaluate, reason, side_by_side):
    words = r"^evaluate fails with all settings; settings\[0\] failed: .*" + reason
    with pytest.raises(ValueError, match=words) as raised:
        run(evaluate, grid(learning_rate=[0.1, 0.2]), seed=0, side_by_side=side_by_side)
    assert raised.traceback[-1].path.name == "search.py"
    assert re.search(r"[^.]\.$", str(raised.value))


def test_a_history_of_another_number_of_networks_fails_where_it_is_one():
    trials = run(alone, grid(learning_rate=[0.1, 0.2]), seed=0, side_by_side=2)
    # Two at a time get one history, and are then tried one by one.
    assert [trial.status for trial in trials] == ["done", "done"]


def test_an_evaluate_that_returns_nothing_is_not_asked_to_train_all_the_others():
    asked = []
    with pytest.raises(ValueError, match="evaluate must return"):
        run(lambda rngs, reg: asked.append(reg), grid(reg=np.arange(9.0)), seed=0, side_by_side=1)
    assert len(asked) == 1


def test_a_typo_in_its_keywords_is_found_before_anything_is_trained():
    def typing(rngs, learning_rat, reg=0.0):
        raise AssertionError

    words = r"of \(rngs, learning_rate=..., reg=...\), but takes \(rngs, learning_rat,"
    for settings in [{}, {"learning_rate": 0.1, "reg": 0.0}], grid(learning_rate=[0.1], reg=[0.0]):
        with pytest.raises(TypeError, match="evaluate must be a function of") as raised:
            run(typing, settings, seed=0)
    assert re.search(words, str(raised.value))


def test_settings_that_name_different_things_are_tried_one_by_one():
    def either(rngs, learning_rate=None, reg=None):
        rate = np.array([0.1]) if learning_rate is None else learning_rate
        return evaluate(rngs, rate, np.zeros(1) if reg is None else reg)

    settings = [{"learning_rate": 0.2}, {"learning_rate": 0.2, "reg": 1.0}, {"reg": 0.01}]
    for few in settings[:2], settings:
        together, apart = (run(either, few, seed=0, side_by_side=k) for k in (3, 1))
        assert {trial.status for trial in together} == {"done"}
        same(together, apart)


def test_values_of_several_kinds_stay_what_they_are_whoever_trains_beside_them():
    seen = []

    def keeping(rngs, **columns):
        seen.extend(columns["value"])
        return evaluate(rngs, np.full(len(rngs), 0.1), 0.0)

    for values in ["relu", 0.5], [True, 0.5, 3], [None, "relu", True]:
        seen.clear()
        for side_by_side in (len(values), 1):
            run(keeping, grid(value=values), seed=0, side_by_side=side_by_side)
        assert list(map(str, seen)) == list(map(str, [*values, *values]))


def test_a_name_of_our_own_functions_is_a_name_like_any_other():
    def named(rngs, name, f):
        return evaluate(rngs, name, f)

    assert run(named, grid(name=[0.1], f=[0.0]), seed=0)[0].status == "done"


def test_a_trial_shares_no_memory_with_the_setting_that_was_given():
    settings = [{"learning_rate": 0.1, "sizes": [64, 10]}]

    def changing(rngs, learning_rate, sizes):
        sizes *= 0
        return evaluate(rngs, learning_rate, 0.0)

    (trial,) = run(changing, settings, seed=0)
    settings[0]["learning_rate"] = 5.0
    settings[0]["sizes"].append(10)
    assert trial.setting == {"learning_rate": 0.1, "sizes": [64, 10]}
    sizes = [64]
    first, second = grid(sizes=[sizes], reg=[0.0, 1.0])
    first["sizes"].append(10)
    assert second["sizes"] == sizes == [64]


def test_what_has_no_copy_can_be_chosen_too():
    def computed(rngs, library):
        assert set(library) <= {np, os}
        return evaluate(rngs, np.full(len(rngs), 0.1), 0.0)

    settings = grid(library=[np, os])
    assert [trial.setting for trial in run(computed, settings, seed=0)] == [{"library": np}, {"library": os}]


def test_eight_train_side_by_side_and_no_bar_is_shown_unless_asked_for(capsys):
    sizes = []

    def counting(rngs, reg):
        sizes.append(len(rngs))
        return evaluate(rngs, 0.1, reg)

    run(counting, grid(reg=np.arange(9.0)), seed=0)
    assert sizes == [8, 1]
    assert capsys.readouterr().err == ""
    run(counting, grid(reg=np.arange(9.0)), seed=0, progress=True)
    bar = capsys.readouterr().err
    assert "9/9" in bar
    assert "trial" in bar


def trials_with(scores, **settings):
    """A trial that is done for each score, or one with the status that stands in its place."""
    trials = []
    for i, score in enumerate(scores):
        setting = {"reg": 10.0**i} | {name: values[i] for name, values in settings.items()}
        if isinstance(score, str):
            trials.append(Trial(i, setting, score))
        else:
            seen = [[[0.0]], [1.0], [score], [[0.0]], False, False]
            trials.append(Trial(i, setting, "done", History(*map(np.array, seen))))
    return trials


def test_three_are_kept_by_default_and_a_trial_stays_as_it_was():
    tried = trials_with([0.5] * 5)
    assert narrow(tried) == {"reg": (1.0, 100.0)}
    with pytest.raises(FrozenInstanceError):
        tried[0].status = "done"


def test_narrow_takes_the_best_of_those_that_are_done_and_have_a_score():
    scores = ["failed: no data", np.nan, 0.1, 0.3, np.nan, 0.2, "interrupted", 0.0]
    for order in (scores, scores[::-1]):
        trials = trials_with(order)
        best = [10.0 ** order.index(score) for score in (0.2, 0.3)]
        assert narrow(trials, keep=2) == {"reg": (min(best), max(best))}
        scored = [10.0 ** order.index(score) for score in (0.0, 0.1, 0.2, 0.3)]
        assert narrow(iter(trials), keep=9) == {"reg": (min(scored), max(scored))}
    assert np.isnan(trials_with(scores)[1].score)


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
    with pytest.raises(
        ValueError, match="trials must hold two or more that are done and have a score, not 0"
    ):
        narrow(trials, keep=2)


def test_what_narrow_gives_can_be_sampled():
    trials = trials_with([0.1, 0.5, 0.5], learning_rate=[1.0, 0.3, 0.3], hidden=[8, 16, 64], decay=[0, 0, 0])
    ranges = narrow(trials, keep=2)
    assert ranges == {"reg": (10, 100), "learning_rate": (0.3, 0.3), "hidden": (16, 64), "decay": (0, 0)}
    settings = sample(np.random.default_rng(0), 20, **ranges)
    assert {(s["learning_rate"], s["decay"]) for s in settings} == {(0.3, 0.0)}
    assert 16 <= min(s["hidden"] for s in settings) < max(s["hidden"] for s in settings) <= 64


@pytest.mark.parametrize("other", ["relu", None, np.nan, [64, 32]])
def test_a_setting_that_spans_no_range_is_named(other):
    with pytest.raises((TypeError, ValueError), match=r"^trials\[1\].setting\['kind'\] must"):
        narrow(trials_with([0.1, 0.2], kind=[1.0, other]), keep=2)
    # One that lacks the name altogether.
    with pytest.raises(TypeError, match=r"^trials\[1\].setting\['kind'\] must"):
        narrow([*trials_with([0.3], kind=[1.0]), *trials_with([0.2])], keep=2)


def test_narrow_spans_the_best():
    trials = run(evaluate, grid(learning_rate=[1e-6, 0.1, 0.3, 1e6], reg=[0.0]), seed=0)
    assert narrow(trials, keep=2) == {"learning_rate": (0.1, 0.3), "reg": (0.0, 0.0)}


@pytest.mark.parametrize(
    "ends",
    [
        (1.0, 0.1), (0.0, 1.0), (-1.0, 1.0), (-6, -3), (0, 0.5), (-2, -2), (1e-6, 1e-3, 1e-1), [16, 32, 64],
        (0.1,),
    ],
)  # fmt: skip
def test_bad_ranges_are_named_with_what_a_range_is(ends):
    words = (
        r"^rate must be two ends, 0 < low <= high, of a log scale \(not exponents, nor choices, as for grid\)"
    )
    with pytest.raises(ValueError, match=words) as raised:
        sample(np.random.default_rng(0), 1, rate=ends)
    assert raised.traceback[-1].path.name == "search.py"


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        *[(ends, "rate must be a sequence") for ends in (0.1, None, "ab", {1: 2, 3: 4})],
        ((), "rate must hold at least one"), ((1.0, np.inf), r"rate\[1\] must lie"),
        ((np.nan, 1.0), r"rate\[0\] must lie"), (("a", "b"), r"rate\[0\] must hold real numbers"),
        ([[1, 2], [3, 4]], r"rate\[0\] must be one number"), ((None, 1), r"rate\[0\] must hold real numbers"),
        ((True, "x"), r"rate\[1\] must hold real numbers"),
    ],
)  # fmt: skip
def test_ranges_of_other_things_than_two_numbers_are_named(ends, words):
    with pytest.raises((TypeError, ValueError), match=f"^{words}") as raised:
        sample(np.random.default_rng(0), 1, rate=ends)
    assert raised.traceback[-1].path.parent.name == "course"


def test_ranges_are_taken_from_all_that_holds_two_numbers():
    expected = sample(np.random.default_rng(0), 3, rate=(1e-3, 1.0))
    for ends in [[1e-3, 1.0], np.array([1e-3, 1.0]), (1e-3, 1), iter([1e-3, 1])]:
        assert sample(np.random.default_rng(0), 3, rate=ends) == expected


BAD_CALLS = [
    (TypeError, "rng must be a generator", lambda: sample(0, 1, rate=(1e-6, 1e-3))),
    (ValueError, "n must be a whole number", lambda: sample(np.random.default_rng(0), 1.5)),
    (TypeError, "lr must be a sequence", lambda: grid(lr=0.1)),
    (TypeError, "kind must be a sequence, .* 'relu'", lambda: grid(kind="relu")),
    (TypeError, "lr must be a sequence", lambda: grid(lr={0.1: 1})),
    (ValueError, "lr must hold at least one", lambda: grid(reg=[1], lr=[])),
    (ValueError, "lr has masked values", lambda: grid(lr=np.ma.masked_equal([0.1, 0.2], 0.2))),
    (ValueError, "trials must hold two or more .*, not 0", lambda: narrow(trials_with(["interrupted"]))),
    (ValueError, "keep must be a whole number of at least 2", lambda: narrow(trials_with([1, 1]), keep=1)),
    (TypeError, r"trials\[1\] must be a Trial, .*, but is a dict", lambda: narrow([*trials_with([1]), {}])),
    (TypeError, "trials must be a sequence", lambda: narrow(None)),
    (TypeError, "evaluate must be a function, but is None", lambda: run(None, [{}], seed=0)),
    (ValueError, "seed must be a whole number .*Generator",
     lambda: run(evaluate, SETTINGS, seed=np.random.default_rng(0))),
    (ValueError, "seed must be a whole number of at least 0", lambda: run(evaluate, SETTINGS, seed=-1)),
    (TypeError, "executor must be an Executor, .* but is the class ThreadPoolExecutor",
     lambda: run(evaluate, SETTINGS, seed=0, executor=ThreadPoolExecutor)),
    (ValueError, "evaluate fails with all settings; .* shutdown",
     lambda: run(evaluate, SETTINGS, seed=0, executor=ended())),
    (ValueError, "side_by_side must be a whole", lambda: run(evaluate, SETTINGS, seed=0, side_by_side=0)),
    (TypeError, "progress must be True or False", lambda: run(evaluate, SETTINGS, seed=0, progress="no")),
    (TypeError, r"settings\[0\] must be a dict", lambda: run(evaluate, [(0.1, 0.0)], seed=0)),
    (TypeError, r"settings\[1\] must be a dict .* names", lambda: run(lambda rngs: 0, [{}, {1: 0}], seed=0)),
    (TypeError, "settings must be a sequence", lambda: run(evaluate, {"learning_rate": 0.1}, seed=0)),
    (TypeError, "values must be a sequence", lambda: each(abs, 3)),
    (TypeError, "values must be keys of a dict, .*: unhashable", lambda: each(len, [[1], [2]])),
    (TypeError, "function must be a function", lambda: each("abs", [1])),
    (TypeError, r"function must be a function of \(value\)", lambda: each(lambda a, b: a, [1])),
]  # fmt: skip


def ended():
    with ThreadPoolExecutor(1) as pool:
        return pool


@pytest.mark.parametrize(("error", "words", "call"), BAD_CALLS)
def test_bad_arguments_are_named(error, words, call):
    with pytest.raises(error, match=words) as raised:
        call()
    assert raised.traceback[-1].path.parent.name == "course"


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
    assert trials[3].status == "failed: learning_rate must lie between 0 and inf, but is nan."
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
    with (
        spawned(1) as pool,
        pytest.raises(ValueError, match=r"settings\[0\] failed: .*ickle"),
    ):
        run(lambda rngs, reg: None, grid(reg=[0.0, 1.0]), seed=0, executor=pool)


def test_a_pool_that_was_broken_before_costs_no_trial(here):
    with spawned(1) as pool:
        with pytest.raises(BrokenExecutor):
            pool.submit(os._exit, 1).result()
        same(run(evaluate, SETTINGS[:2], seed=7, side_by_side=2, executor=pool), here[:2])


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


def net(*sizes, seed=0, **options):
    return network.create(np.random.default_rng(seed), sizes, he, **options)


TRAINED = {"rng": np.random.default_rng(0), "epochs": 1}
BAD_SWEEPS = [
    (ValueError, "networks must hold at least one", [], [0.1], TRAINED),
    (TypeError, r"networks\[0\]\[0\] must be \(W, b\)", net(64, 10), [0.1], TRAINED),
    (TypeError, "networks must be a sequence", None, [0.1], TRAINED),
    (ValueError, r"but networks\[1\] is not as", [net(64, 10), net(64, 9, 10)], [0.1], TRAINED),
    (ValueError, r"but networks\[1\]", [net(64, 9, 10), net(64, 9, 10, normalized=True)], [0.1], TRAINED),
    (TypeError, "rates must be a sequence", [net(64, 10)], 0.1, TRAINED),
    (TypeError, "rates must be a sequence", [net(64, 10)], "sgd", TRAINED),
    (ValueError, "rates must hold at least one", [net(64, 10)], [], TRAINED),
    (ValueError, r"rates\[0\] must lie between 0 and", [net(64, 10)], [-0.1], TRAINED),
    (ValueError, r"rates\[1\] must lie between 0 and", [net(64, 10)], [0.1, np.nan], TRAINED),
    (ValueError, r"rates\[0\] must be one number", [net(64, 10)], [[0.1, 1.0]], TRAINED),
    (ValueError, "rates is 1e-09, which float16", [net(64, 10, dtype=np.float16)], [1e-9], TRAINED),
]


@pytest.mark.parametrize(("error", "words", "starts", "rates", "settings"), BAD_SWEEPS)
def test_what_cannot_be_swept_is_refused_in_a_sentence(error, words, starts, rates, settings):
    with pytest.raises(error, match=words) as raised:
        sweep(starts, rates, X, y, **settings)
    assert raised.traceback[-1].path.parent.name == "course"


def test_networks_that_are_several_side_by_side_keep_their_axes():
    starts = [[net(64, 10, seed=2 * i + k) for k in range(2)] for i in range(3)]
    settings = {"epochs": 2, "batch_size": 20, "validation": (X[200:], y[200:])}
    stacked, apart = (
        sweep(nets, [0.1, 0.3, 0.5, 0.7], X, y, rng=np.random.default_rng(0), **settings)[1]
        for nets in (map(network.stack, starts), chain(*starts))
    )
    assert stacked.cost.shape == (2, 3, 2, 4)
    np.testing.assert_allclose(stacked.cost.reshape(apart.cost.shape), apart.cost)


def test_starts_and_rates_are_taken_as_plain_lists():
    nets = [net(64, 10), net(64, 10)]
    settings = {"rng": np.random.default_rng(0), "epochs": 1}
    plain, _ = sweep(
        [[(W.tolist(), b.tolist()) for W, b in start] for start in nets], [1, 0], X, y, **settings
    )
    settings = {"rng": np.random.default_rng(0), "epochs": 1}
    arrays, _ = sweep(nets, np.array([1.0, 0.0]), X, y, **settings)
    np.testing.assert_array_equal(plain[0][0], arrays[0][0])
