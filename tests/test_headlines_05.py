"""What topic 05 says of long experiments follows from their record."""

import numpy as np
import pytest
from headlines import prose, row

from course.statistics import interval
from measurements import recorded, topic_05

NAME = "05_batch_normalization"


def tuned(accuracy):
    """Accuracies (seeds,) at the learning rate with the best mean, which must lie inside its grid."""
    best = accuracy.mean(axis=0).argmax()
    assert 0 < best < accuracy.shape[1] - 1
    return accuracy[:, best]


def of_noise(batch_size):
    """Accuracies (seeds, rates) at a size of minibatch: with its statistics, with those of all, without."""
    runs, at = recorded("05", "noise"), topic_05.BATCHES.index(batch_size)
    whole = runs["whole"][:, topic_05.COMPARED.index(batch_size)] if batch_size in topic_05.COMPARED else None
    return runs["batch"][:, at], whole, runs["plain"][:, at]


@pytest.mark.parametrize(
    ("batch_size", "gain", "half", "ahead"), [(10, 1.9, 0.5, 19), (20, 2.5, 0.4, 20), (50, 1.8, 0.3, 20)]
)
def test_05_at_one_rate_the_noise_of_batch_statistics_regularizes(batch_size, gain, half, ahead):
    batch, whole, _ = of_noise(batch_size)
    at = np.isclose(topic_05.RATES, 0.1).argmax()
    found = interval(batch[:, at] - whole[:, at])
    np.testing.assert_allclose(100 * np.array(found), [gain, half], atol=0.06)
    assert found[0] > found[1]
    assert (batch[:, at] > whole[:, at]).sum() == ahead


@pytest.mark.parametrize(("batch_size", "gain", "half"), [(10, -1.2, 0.8), (20, -1.0, 0.7), (50, 0.4, 0.6)])
def test_05_at_its_best_rate_each_the_noise_gains_nothing(batch_size, gain, half):
    batch, whole, _ = of_noise(batch_size)
    found = interval(tuned(batch) - tuned(whole))
    np.testing.assert_allclose(100 * np.array(found), [gain, half], atol=0.06)
    # More than a point would have been seen.
    assert sum(found) < 0.01


def test_05_normalizing_gains_a_point_without_its_noise():
    for batch_size in topic_05.COMPARED:
        _, whole, plain_runs = of_noise(batch_size)
        mean, half = interval(tuned(whole) - tuned(plain_runs))
        assert half < mean == pytest.approx(0.01, abs=0.0015)


def test_05_small_batches_do_harm():
    found = {}
    for batch_size in topic_05.BATCHES:
        batch, _, plain_runs = of_noise(batch_size)
        found[batch_size] = [tuned(plain_runs).mean(), tuned(batch).mean()]
        found[batch_size] += interval(tuned(batch) - tuned(plain_runs))
    percent = {size: [round(100 * v) for v in values[:2]] for size, values in found.items()}
    assert percent == {2: [81, 29], 5: [86, 83], 10: [87, 86], 20: [87, 87], 50: [87, 88]}
    np.testing.assert_allclose(found[5][2:], [-0.031, 0.012], atol=6e-4)
    assert all(abs(found[size][2]) < found[size][3] < 0.01 for size in (10, 20))


def test_05_a_wrong_gradient_trains_and_costs_half_a_point_at_its_best_rate():
    runs = recorded("05", "wrong_gradient")
    right, wrong = tuned(runs["right"]), tuned(runs["shortcut"])
    np.testing.assert_allclose([right.mean(), wrong.mean()], [0.979, 0.975], atol=5e-4)
    np.testing.assert_allclose(interval(wrong - right), [-0.004, 0.004], atol=6e-4)
    assert wrong.min() >= 0.96
    at = np.isclose(topic_05.WIDE_RATES, 0.1).argmax()
    differences = runs["shortcut"][:, at] - runs["right"][:, at]
    np.testing.assert_allclose(interval(differences), [-0.024, 0.006], atol=6e-4)


def learns(accuracy):
    """Where the median start is right on more than nine pictures of ten, at each rate."""
    return np.median(accuracy, axis=0) > 0.9


def test_05_with_the_best_rate_for_each_size_eight_of_nine_learn_and_two_of_nine_without():
    runs = recorded("05", "initial_sizes")
    learned = {}
    for name, accuracy in runs.items():
        means = accuracy.mean(axis=0)
        best = means.argmax(axis=-1)
        # The best rate lies inside the grid, or no rate does better than a guess.
        inside = (best > 0) & (best < means.shape[-1] - 1)
        assert (inside | (means.max(axis=-1) < 0.12)).all()
        at_best = np.take_along_axis(accuracy, best[None, :, None], axis=2)[..., 0]
        learned[name] = (at_best > 0.9).mean(axis=0)
    assert topic_05.SIZES[learned["plain"] == 1] == pytest.approx([0.1, 0.316], rel=1e-2)
    assert (learned["plain"] > 0).sum() == 2
    assert learned["normalized"].tolist() == [1] * 8 + [0]
    largest = {name: accuracy.mean(axis=0)[-1].max() for name, accuracy in runs.items()}
    assert largest == pytest.approx({"plain": 0.84, "normalized": 0.73}, abs=5e-3)
    mean, half = interval(tuned(runs["plain"][:, -1]) - tuned(runs["normalized"][:, -1]))
    assert mean > half


def test_05_at_one_rate_two_sizes_learn_and_with_normalization_all_but_the_two_largest():
    at = np.isclose(topic_05.SIZE_RATES, 0.316, rtol=1e-2).argmax()
    learned = {name: learns(runs[..., at]) for name, runs in recorded("05", "initial_sizes").items()}
    assert learned["plain"].sum() == 2
    assert learned["normalized"].tolist() == [True] * 7 + [False] * 2


def test_05_the_rates_at_which_each_size_learns_are_those_of_the_table():
    rates, runs = topic_05.SIZE_RATES, recorded("05", "initial_sizes")
    for size, at in {"0.01": 3, "0.03": 4, "0.1": 5, "0.3": 6, "1": 7}.items():
        ranges = [rates[learns(accuracy[:, at])] for accuracy in runs.values()]
        assert row(size, [span(found) for found in ranges]) in prose(NAME)
    lowest = [rates[learns(runs["normalized"][:, at])].min() for at in (5, 7)]
    assert lowest[1] / lowest[0] == pytest.approx(18, abs=0.5)


def span(rates):
    return f"{rates.min():.2g} to {rates.max():.2g}" if rates.size else "none"


def test_05_normalized_networks_take_higher_rates_and_gain_a_point():
    plain_runs, normalized = (recorded("05", "initial_sizes")[name][:, 5] for name in ("plain", "normalized"))
    assert topic_05.SIZES[5] == pytest.approx(0.1)
    at = [np.isclose(topic_05.SIZE_RATES, rate, rtol=1e-2).argmax() for rate in (1, 1.78, 3.16, 0.562)]
    np.testing.assert_allclose(plain_runs.mean(axis=0)[at[:2]], [0.96, 0.41], atol=5e-3)
    assert normalized.mean(axis=0)[at[2]] == pytest.approx(0.97, abs=6e-3)
    assert [runs.mean(axis=0).argmax() for runs in (plain_runs, normalized)] == [at[0], at[3]]
    np.testing.assert_allclose(interval(tuned(normalized) - tuned(plain_runs)), [0.013, 0.006], atol=6e-4)


def test_05_with_shifts_put_back_in_a_normalized_network_is_no_worse_than_a_plain_one():
    runs, rates = recorded("05", "shifted"), topic_05.WIDE_RATES
    titles = {"plain": "plain", "normalized": "normalized", "shifts": "normalized, then shifted at random"}
    for name, title in titles.items():
        mean, half = (100 * value for value in interval(tuned(runs[name]) - tuned(runs["plain"])))
        gain = "" if name == "plain" else f"{mean:.1f} ± {half:.1f}"
        best = f"{rates[runs[name].mean(axis=0).argmax()]:.2g}"
        cells = [best, f"{100 * tuned(runs[name]).mean():.1f}%", gain, span(rates[learns(runs[name])])]
        assert row(title, cells).replace("|  |", "| |") in prose(NAME)
    cost = interval(tuned(runs["shifts"]) - tuned(runs["normalized"]))
    np.testing.assert_allclose(cost, [-0.010, 0.006], atol=6e-4)
    mean, half = interval(tuned(runs["shifts"]) - tuned(runs["plain"]))
    assert mean - half > -0.003
    assert [learns(runs[name]).sum() for name in ("shifts", "plain")] == [7, 3]


@pytest.mark.parametrize("batch_size", topic_05.COMPARED)
def test_05_the_noise_by_learning_rate_is_that_of_the_table(batch_size):
    batch, whole, _ = of_noise(batch_size)
    at = [np.isclose(topic_05.RATES, rate, rtol=1e-2).argmax() for rate in (0.0316, 0.1, 0.316, 1)]
    means, halves = interval(100 * (batch - whole)[:, at])
    gains = [f"{mean:.1f} ± {half:.1f}" for mean, half in zip(means, halves, strict=True)]
    assert row(str(batch_size), gains) in prose(NAME)


def test_05_without_noise_the_best_rate_for_minibatches_of_20_is_three_times_as_high():
    batch, whole, _ = of_noise(20)
    best = [topic_05.RATES[runs.mean(axis=0).argmax()] for runs in (batch, whole)]
    assert best == pytest.approx([0.316, 1], rel=1e-2)


@pytest.mark.parametrize("batch_size", topic_05.BATCHES)
def test_05_the_noise_at_the_best_rates_is_that_of_the_table(batch_size):
    batch, whole, plain = of_noise(batch_size)
    cells = [f"{100 * tuned(runs).mean():.0f}%" for runs in (plain, batch)]
    if whole is None:
        assert f"{row(str(batch_size), cells)} | |\n" in prose(NAME)
        return
    mean, half = (100 * value for value in interval(tuned(batch) - tuned(whole)))
    cells += [f"{100 * tuned(whole).mean():.0f}%", f"{mean:.1f} ± {half:.1f}"]
    assert row(str(batch_size), cells) in prose(NAME)


def test_05_before_or_after_the_nonlinearity_is_level_at_the_best_rates():
    before, after = (recorded("05", "placing")[name] for name in ("before", "after"))
    np.testing.assert_allclose([tuned(before).mean(), tuned(after).mean()], [0.975, 0.973], atol=6e-4)
    np.testing.assert_allclose(interval(tuned(after) - tuned(before)), [-0.002, 0.004], atol=6e-4)
    at = np.isclose(topic_05.WIDE_RATES, 0.0316, rtol=1e-2).argmax()
    np.testing.assert_allclose(interval(after[:, at] - before[:, at]), [0.04, 0.01], atol=3e-3)
