import mpmath
import numpy as np
import pytest

from course.activations import tanh_grad
from course.initializers import he, xavier
from course.statistics import (
    dead,
    histogram,
    interval,
    layer_statistics,
    saturated,
    signal,
    standard_error,
    update_ratio,
)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("low", "high", "bins"), [(-1, 1, 30), (0, 3, 7), (-6.5, 2.25, 64), (1e-3, 2e-3, 10)]
)
def test_a_histogram_counts_as_numpy_does(rng, dtype, low, high, bins):
    x = (rng.standard_normal(20_000) * high).astype(dtype)
    expected, _ = np.histogram(x.astype(np.float64), bins, (low, high))
    counts = histogram(x, low, high, bins)
    # A value within rounding of an edge may fall to either side of it.
    assert np.abs(counts - expected).sum() <= (2 if dtype == np.float64 else 20)
    assert counts.shape == (bins,)


@pytest.mark.parametrize("bins", [30, 254, 255])
def test_a_large_histogram_counts_as_a_small_one(rng, bins):
    """Many numbers are counted in pairs; an odd one at the end and those outside are not lost or gained."""
    x = np.r_[rng.standard_normal(60_000), np.nan, np.inf, -np.inf, 1e300, 1.0]
    inside = x[np.abs(x) <= 1]
    expected = np.histogram(inside, bins, (-1, 1))[0].tolist()
    assert histogram(x, -1, 1, bins).tolist() == expected
    # Where all lie inside, none is looked at one by one; two copies are an even number.
    for copies in (1, 2, 3):
        many = np.tile(inside, copies)
        assert histogram(many, -1, 1, bins).tolist() == [copies * count for count in expected]


def test_a_histogram_includes_both_ends_and_leaves_out_the_rest():
    x = [-1.0, 1.0, np.nextafter(-1, -2), np.nextafter(1, 2), np.nan, np.inf, -np.inf, -1e300, 1e300]
    assert histogram(x, -1, 1, 4).tolist() == [1, 0, 0, 1]


def test_edges_that_are_exact_go_to_the_upper_bin():
    assert histogram(np.arange(0, 8) / 4, 0, 2, 8).tolist() == [1] * 8
    assert histogram([np.nextafter(2, 0)], 0, 2, 8).tolist() == [0] * 7 + [1]


def test_statistics_are_those_of_numpy(rng):
    arrays = [rng.standard_normal((50, 20)) * s for s in (0.1, 0.5)]
    layers = layer_statistics(arrays, -2, 2, 16)
    np.testing.assert_allclose(layers.mean, [a.mean() for a in arrays])
    np.testing.assert_allclose(layers.std, [a.std() for a in arrays])
    np.testing.assert_allclose(layers.edges, np.linspace(-2, 2, 17))
    assert layers.counts.sum(axis=1).tolist() == [1000, 1000]


def test_single_precision_is_summed_in_double():
    x = np.full((1000, 1000), 0.1, np.float32)
    assert layer_statistics([x]).mean[0] == pytest.approx(float(np.float32(0.1)), rel=1e-12)
    # The mean of two neighbours in single precision lies between them, and is none of its numbers.
    neighbours = np.array([1, np.nextafter(np.float32(1), np.float32(2))], np.float32)
    assert layer_statistics([neighbours]).mean[0] == 1 + 2.0**-24


def test_a_signal_is_that_of_the_layers_of_a_network():
    run = signal(np.random.default_rng(0), xavier, "tanh", depth=2, units=500, rows=1000)
    assert run.shape == (3, 2)
    np.testing.assert_allclose(run[0], [0, 1], atol=0.01)
    # By theory: the std of tanh of a unit gaussian.
    z = np.random.default_rng(1).standard_normal(10**6)
    assert run[1, 1] == pytest.approx(np.tanh(z).std(), rel=0.01)


def test_the_first_layer_of_he_is_the_half_of_a_gaussian():
    mean, std = signal(np.random.default_rng(0), he, "relu", depth=1)[1]
    assert mean == pytest.approx(np.sqrt(2) / np.sqrt(2 * np.pi), rel=0.01)
    assert std == pytest.approx(np.sqrt(2) * np.sqrt(1 / 2 - 1 / (2 * np.pi)), rel=0.01)


def test_saturated_counts_slopes_below_the_threshold():
    slopes = tanh_grad(np.array([[-5.0, -2.0, 0.0, 5.0]]))
    assert saturated(slopes) == 0.5
    assert saturated(slopes, threshold=0.1) == 0.75
    assert saturated(np.stack([slopes, slopes])).shape == (2,)
    assert saturated(np.empty((0, 3, 4))).shape == (0,)


def test_dead_means_off_for_every_row():
    zs = np.array([[-1.0, 0.0, 1.0, -1.0], [-2.0, -1.0, -1.0, 1e-300]])
    assert dead(zs) == 0.5
    np.testing.assert_array_equal(dead(np.stack([zs, -zs])), [0.5, 0.0])


def test_a_network_that_explodes_gives_infinities_and_nan_without_a_warning():
    def enormous(rng, shape, dtype):
        return he(rng, shape, dtype) * 1e200

    with np.errstate(all="raise"):
        run = signal(np.random.default_rng(0), enormous, "relu", depth=3, units=5, rows=5)
        layers = layer_statistics([np.array([1e308, 1e308]), np.array([np.inf, -1.0]), np.array([np.nan])])
    assert np.isfinite(run[0]).all()
    assert not np.isfinite(run[2:]).any()
    np.testing.assert_array_equal(layers.mean, [np.inf, np.inf, np.nan])
    np.testing.assert_array_equal(layers.counts.sum(axis=1), [0, 1, 0])


def test_a_signal_keeps_what_it_was_asked_for():
    seen = []

    def spy(rng, shape, dtype):
        seen.append((shape, dtype))
        return np.zeros(shape, dtype)

    run = signal(np.random.default_rng(0), spy, "tanh", dtype=np.float32)
    assert run.shape == (11, 2)
    assert seen == [((500, 500), np.float32)] * 10
    x = np.random.default_rng(0).standard_normal((1000, 500), np.float32).astype(float)
    np.testing.assert_allclose(run[0], [x.mean(), x.std()], rtol=1e-9)
    assert signal(np.random.default_rng(0), spy, "tanh", 1, units=3, rows=20)[1].tolist() == [0, 0]
    assert seen[-1][0] == (3, 3)
    x = np.random.default_rng(0).standard_normal((20, 3))
    np.testing.assert_allclose(
        signal(np.random.default_rng(0), spy, "tanh", 1, units=3, rows=20)[0], [x.mean(), x.std()]
    )


def test_layers_are_counted_between_minus_one_and_one_in_thirty_bins():
    layers = layer_statistics([np.array([-1.0, 1.0, 1.1])])
    assert layers.counts.shape == (1, 30)
    assert layers.counts[0, [0, -1]].tolist() == [1, 1]
    np.testing.assert_array_equal(layers.edges[[0, -1]], [-1, 1])


def test_statistics_stay_as_they_were_taken():
    with pytest.raises(AttributeError):
        layer_statistics([np.zeros(1)]).mean = 0.0


def test_a_slope_at_the_threshold_is_not_below_it():
    assert saturated([[0.01, -0.01, 0.0099, -0.0099]]) == 0.5


def test_a_share_with_a_nan_among_its_numbers_is_nan():
    zs = np.array([[[-1.0, 1.0]], [[np.nan, -1.0]]])
    np.testing.assert_array_equal(dead(zs), [0.5, np.nan])
    np.testing.assert_array_equal(saturated(zs, threshold=2), [1, np.nan])
    # Minus infinity is off for ever, as any number below zero.
    assert dead([[-np.inf, np.inf]]) == 0.5


def test_one_array_is_not_taken_for_its_rows():
    z = np.ones((3, 4))
    for one in (z, z[0]):
        with pytest.raises(
            ValueError, match=r"arrays must be a list of arrays, .* but is one array: write \[z\]"
        ):
            layer_statistics(one)
    np.testing.assert_array_equal(layer_statistics(np.stack([z, z])).mean, layer_statistics([z, z]).mean)
    assert layer_statistics([z.tolist(), [1, 0]]).mean.tolist() == [1, 0.5]


def test_a_signal_of_half_precision_is_one_of_single_precision_rounded():
    half, single = (signal(np.random.default_rng(0), he, "relu", 2, 50, 40, kind) for kind in ("f2", "f4"))
    np.testing.assert_allclose(half, single, rtol=5e-3, atol=1e-3)


def test_update_ratio_is_the_step_against_the_weights():
    W, dW = np.full((2, 3, 4), 0.02), np.full((2, 3, 4), 0.0002)
    ratio = update_ratio([(W, None), (W, None)], [(dW, None), (10 * dW, None)], learning_rate=0.5)
    np.testing.assert_allclose(ratio, [[0.005, 0.005], [0.05, 0.05]])
    assert update_ratio([(0 * W[0], None)], [(dW[0], None)], 1.0) == np.inf
    for grads in ([(dW, None)], [(dW, None), (dW[0], None)]):
        with pytest.raises(ValueError, match="grads must have the shapes of params, layer by layer"):
            update_ratio([(W, None), (W, None)], grads, 1.0)
    with pytest.raises(
        ValueError, match=r"learning_rate of shape \(3,\) does not fit W of shape \(2, 3, 4\)"
    ):
        update_ratio([(W, None)], [(dW, None)], np.ones(3))
    for bad, words in (
        ({"W": W}, "params must be a sequence"),
        ([W], r"params\[0\] must be a layer \(W, b\)"),
    ):
        with pytest.raises(TypeError, match=words):
            update_ratio(bad, [(dW, None)], 1.0)


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="arrays must hold at least one item"):
        layer_statistics([])
    with pytest.raises(ValueError, match="arrays must hold at least one number for each layer"):
        layer_statistics([np.empty((0, 3))])
    with pytest.raises(
        ValueError, match="low must be below high, 3 bins of float64 apart, but they are 1 and 1"
    ):
        histogram([0.0], 1, 1, 3)
    with pytest.raises(ValueError, match=r"low must lie between .*, but is -inf"):
        histogram([0.0], -np.inf, 1, 3)
    with pytest.raises(
        ValueError, match=r"low must be below high, .*, but they are -1\.7e\+308 and 1\.7e\+308"
    ):
        histogram([0.0], -1.7e308, 1.7e308, 3)
    for low, high, bins in ((0, 1e-44, 30), (0, 1e-44, 5), (1e8 + 3, 1e8 + 5, 30), (-3e38, 3e38, 4)):
        # In single precision these bins have no width, more width than the range, or an infinite range.
        with pytest.raises(ValueError, match=f"low must be below high, {bins} bins of float32 apart, but"):
            histogram(np.array([low, high], np.float32), low, high, bins)
    for share, name in ((saturated, "slopes"), (dead, "zs")):
        for bad in (np.ones(3), np.ones((0, 3)), np.ones((3, 0)), 1.0):
            with pytest.raises(
                ValueError, match=rf"{name} must have the shape \(\.\.\., N, H\) with N and H"
            ):
                share(bad)
    with pytest.raises(ValueError, match="bins must be a whole number of at least 1, but is 0"):
        histogram([0.0], 0, 1, 0)
    with pytest.raises(TypeError, match="x must hold real numbers"):
        histogram(["a"], 0, 1, 3)
    with pytest.raises(ValueError, match="depth must be a whole number"):
        signal(np.random.default_rng(0), he, "relu", depth=0)


@pytest.mark.parametrize(("low", "high", "bins"), [(0, 1, 66), (0, 1e-5, 20), (-40_000, 40_000, 30)])
def test_half_precision_is_counted_in_single(rng, low, high, bins):
    x = rng.uniform(low, high, 1000).astype(np.float16)
    x = x[(x.astype(float) >= low) & (x.astype(float) <= high)]
    assert histogram(x, low, high, bins).sum() == len(x)
    expected, _ = np.histogram(x.astype(np.float64), bins, (low, high))
    assert np.abs(histogram(x, low, high, bins) - expected).sum() <= 20


def test_a_standard_error_is_how_far_means_of_as_many_runs_lie_apart(rng):
    samples = rng.standard_normal((20_000, 5))
    # The square of a standard error is right on average, which n in place of n - 1 would not be.
    assert np.square(standard_error(samples, axis=1)).mean() == pytest.approx(1 / 5, rel=0.02)
    np.testing.assert_array_equal(standard_error(samples.T), standard_error(samples, axis=1))
    assert standard_error([1.0, 2.0, 3.0]) == pytest.approx(1 / np.sqrt(3))


@pytest.mark.parametrize("runs", [0.9, [0.9], np.empty((0, 2)), np.ones((1, 4))])
def test_a_standard_error_needs_two_runs(runs):
    with pytest.raises(ValueError, match="runs must hold at least two runs along axis 0"):
        standard_error(runs)


@pytest.mark.parametrize("n", [2, 3, 4, 5, 10, 20, 101, 1000])
def test_an_interval_leaves_out_a_twentieth_of_students_distribution(n):
    runs = np.arange(n) * 1.0
    t, df = interval(runs)[1] / standard_error(runs), n - 1
    outside = mpmath.betainc(df / 2, 0.5, 0, df / (df + t**2), regularized=True)
    assert float(outside) == pytest.approx(0.05, rel=1e-4)


def test_an_interval_covers_the_mean_nineteen_times_in_twenty(rng):
    mean, half = interval(rng.normal(3.0, 2.0, (20_000, 4)), axis=1)
    assert (np.abs(mean - 3.0) < half).mean() == pytest.approx(0.95, abs=0.006)
    with pytest.raises(ValueError, match="runs must hold at least two runs along axis 0"):
        interval([0.9])


@pytest.mark.parametrize("kind", [np.float16, np.float32])
def test_small_and_large_numbers_of_low_precision_lose_no_ratio_and_no_error(kind):
    small = 1e-4 if kind is np.float16 else 1e-25
    W, dW = np.full((2, 3), 200 * small, kind), np.full((2, 3), small, kind)
    np.testing.assert_allclose(update_ratio([(W, None)], [(dW, None)], 1.0), 0.005, rtol=1e-2)
    large = 1000 if kind is np.float16 else 1e25
    np.testing.assert_allclose(standard_error(np.array([0, large], kind)), large / 2, rtol=1e-3)
    np.testing.assert_allclose(standard_error(np.array([small, 2 * small], kind)), small / 2, rtol=1e-2)
    with pytest.raises(ValueError, match=r"threshold is .*, which float.* cannot hold"):
        saturated(np.zeros((3, 3), kind), threshold=1e-60)


def test_layers_of_different_numbers_of_networks_have_no_common_ratio():
    layers = [(np.ones((3, 4, 5)),), (np.ones((5, 5)),)]
    with pytest.raises(ValueError, match=r"grads must have the shapes of params, .* the same leading axes"):
        update_ratio(layers, layers, 1.0)
