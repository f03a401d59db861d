import numpy as np
import pytest

from course import network
from course.datasets import digits
from course.initializers import he
from course.search import Trial, grid, narrow, run, sample
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
    assert trials[0].score > 0.2
    assert trials[1].score == 0


def test_a_failure_takes_no_other_trial_with_it():
    def fragile(rngs, learning_rate, reg):
        if (reg == 13).any():
            raise ValueError("thirteen")
        return evaluate(rngs, learning_rate, reg)

    trials = run(fragile, grid(learning_rate=[0.1], reg=[0.0, 13.0, 1e-3]), seed=0)
    assert [trial.status for trial in trials] == ["done", "failed: thirteen", "done"]


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


def test_narrow_spans_the_best():
    trials = run(evaluate, grid(learning_rate=[1e-6, 0.1, 0.3, 1e6], reg=[0.0]), seed=0)
    assert narrow(trials, keep=2) == {"learning_rate": (0.1, 0.3), "reg": (0.0, 0.0)}


@pytest.mark.parametrize("ends", [(1.0, 0.1), (0.0, 1.0), (-1.0, 1.0), (1.0, np.inf), (np.nan, 1.0)])
def test_bad_ranges_are_named(ends):
    with pytest.raises(ValueError, match="rate must"):
        sample(np.random.default_rng(0), 1, rate=ends)


def test_bad_arguments_are_named():
    with pytest.raises(TypeError, match="rng must be a generator"):
        sample(0, 1, rate=(1e-6, 1e-3))
    with pytest.raises(ValueError, match="at least two"):
        narrow([Trial(0, {"reg": 1.0}, "interrupted")])
