"""What topic 05 says of long experiments follows from their record."""

import numpy as np
import pytest

from course.statistics import interval
from measurements import recorded, topic_05


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
    np.testing.assert_allclose([right.mean(), wrong.mean()], [0.979, 0.974], atol=5e-4)
    np.testing.assert_allclose(interval(wrong - right), [-0.004, 0.004], atol=6e-4)
    assert wrong.min() >= 0.96
    at = np.isclose(topic_05.WIDE_RATES, 0.1).argmax()
    differences = runs["shortcut"][:, at] - runs["right"][:, at]
    np.testing.assert_allclose(interval(differences), [-0.020, 0.006], atol=6e-4)


def test_05_with_the_best_rate_for_each_size_eight_of_nine_learn_and_two_of_nine_without():
    runs = recorded("05", "initial_sizes")
    learned = {}
    for name, accuracy in runs.items():
        best = accuracy.mean(axis=0).argmax(axis=-1)
        at_best = np.take_along_axis(accuracy, best[None, :, None], axis=2)[..., 0]
        learned[name] = (at_best > 0.9).mean(axis=0)
    assert topic_05.SIZES[learned["plain"] == 1] == pytest.approx([0.1, 0.316], rel=1e-2)
    assert (learned["plain"] > 0).sum() == 2
    assert learned["normalized"].tolist() == [1] * 8 + [0]
    assert runs["normalized"].mean(axis=0)[-1].max() == pytest.approx(0.73, abs=5e-3)


def test_05_normalized_networks_take_rates_three_times_as_high_and_gain_a_point():
    plain_runs, normalized = (recorded("05", "initial_sizes")[name][:, 5] for name in ("plain", "normalized"))
    assert topic_05.SIZES[5] == pytest.approx(0.1)
    np.testing.assert_allclose(plain_runs.mean(axis=0)[[10, 11]], [0.96, 0.41], atol=5e-3)
    assert normalized.mean(axis=0)[12] == pytest.approx(0.97, abs=5e-3)
    np.testing.assert_allclose(topic_05.WIDE_RATES[[10, 11, 12]], [1, 1.78, 3.16], rtol=1e-2)
    np.testing.assert_allclose(interval(tuned(normalized) - tuned(plain_runs)), [0.013, 0.006], atol=6e-4)


def test_05_before_or_after_the_nonlinearity_is_level_at_the_best_rates():
    before, after = (recorded("05", "placing")[name] for name in ("before", "after"))
    np.testing.assert_allclose([tuned(before).mean(), tuned(after).mean()], [0.975, 0.973], atol=6e-4)
    np.testing.assert_allclose(interval(tuned(after) - tuned(before)), [-0.002, 0.004], atol=6e-4)
    at = np.isclose(topic_05.WIDE_RATES, 0.0316, rtol=1e-2).argmax()
    np.testing.assert_allclose(interval(after[:, at] - before[:, at]), [0.04, 0.01], atol=3e-3)
