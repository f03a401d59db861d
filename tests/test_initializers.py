from functools import partial

import numpy as np
import pytest

from course.initializers import constant, he, normal, xavier, zeros
from course.statistics import signal

FAN_IN, FAN_OUT = 600, 400
# What each one promises: the variance of its weights.
VARIANCES = {
    "normal": (partial(normal, scale=0.3), 0.09),
    "xavier": (xavier, 1 / FAN_IN),
    "xavier average": (partial(xavier, mode="fan_avg"), 2 / (FAN_IN + FAN_OUT)),
    "he": (he, 2 / FAN_IN),
}
drawn = pytest.mark.parametrize(("initializer", "variance"), VARIANCES.values(), ids=VARIANCES)


def keeps_its_word(W, variance):
    """Mean and variance of a gaussian sample of this size, each within five of its standard errors."""
    mean_error, variance_error = np.sqrt(variance / W.size), variance * np.sqrt(2 / W.size)
    return abs(W.mean()) < 5 * mean_error and abs(W.var() - variance) < 5 * variance_error


@drawn
def test_the_variance_is_what_was_promised(initializer, variance):
    W = initializer(np.random.default_rng(0), (FAN_IN, FAN_OUT))
    assert keeps_its_word(W, variance)
    assert not keeps_its_word(1.05 * W, variance)
    assert not keeps_its_word(W + 0.05 * np.sqrt(variance), variance)


@drawn
def test_weights_are_gaussian(initializer, variance):
    W = initializer(np.random.default_rng(1), (FAN_IN, FAN_OUT)) / np.sqrt(variance)
    assert np.mean(W**4) == pytest.approx(3, abs=5 * np.sqrt(96 / W.size))


@drawn
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_kind_shape_and_seed(initializer, variance, dtype):
    shape = (2, FAN_IN, FAN_OUT)
    W = initializer(np.random.default_rng(2), shape, dtype=dtype)
    assert (W.shape, W.dtype) == (shape, dtype)
    np.testing.assert_array_equal(W, initializer(np.random.default_rng(2), shape, dtype=dtype))
    assert not np.array_equal(W, initializer(np.random.default_rng(3), shape, dtype=dtype))
    assert not np.array_equal(W[0], W[1])


def test_weights_without_randomness():
    np.testing.assert_array_equal(zeros(None, (2, 3)), np.zeros((2, 3)))
    np.testing.assert_array_equal(constant(None, (2, 3), 0.5), np.full((2, 3), 0.5))


@pytest.mark.parametrize("initializer", [zeros, partial(constant, value=1), normal, xavier, he])
def test_weights_are_floats(initializer):
    with pytest.raises(TypeError, match="dtype must be a kind of floats, but is int64"):
        initializer(np.random.default_rng(0), (2, 3), dtype=np.int64)
    assert initializer(np.random.default_rng(0), (2, 3)).dtype == np.float64
    assert initializer(np.random.default_rng(0), [4, 2, 3], dtype="f4").dtype == np.float32


def test_the_same_draw_is_scaled():
    def drawn(initializer, **options):
        return initializer(np.random.default_rng(0), (8, 2), **options)

    unit = np.random.default_rng(0).standard_normal((8, 2))
    np.testing.assert_allclose(drawn(normal), 0.01 * unit, rtol=1e-15)
    np.testing.assert_allclose(drawn(xavier), unit / np.sqrt(8), rtol=1e-15)
    np.testing.assert_allclose(drawn(xavier, mode="fan_avg"), unit / np.sqrt(5), rtol=1e-15)
    np.testing.assert_allclose(drawn(he), unit / 2, rtol=1e-15)
    # Single precision has draws of its own, and half precision rounds them.
    unit = np.random.default_rng(0).standard_normal((8, 2), np.float32)
    for kind in (np.float32, np.float16):
        np.testing.assert_array_equal(drawn(normal, scale=1, dtype=kind), unit.astype(kind))


@drawn
def test_the_variance_agrees_with_torch(initializer, variance, torch):
    init = torch.nn.init
    peers = {
        1 / FAN_IN: lambda W: init.kaiming_normal_(W, nonlinearity="linear"),
        2 / (FAN_IN + FAN_OUT): init.xavier_normal_,
        2 / FAN_IN: lambda W: init.kaiming_normal_(W, nonlinearity="relu"),
        0.09: lambda W: init.normal_(W, std=0.3),
    }
    torch.manual_seed(0)
    # PyTorch's weights have the shape (fan_out, fan_in).
    assert keeps_its_word(peers[variance](torch.empty(FAN_OUT, FAN_IN)).double().numpy(), variance)


@pytest.mark.parametrize("bad", [1e7, 1e-30])
def test_a_scale_or_a_value_that_the_precision_cannot_hold_is_refused(bad):
    words = f"is {bad:g}, which float16 cannot hold".replace("+", r"\+")
    with pytest.raises(ValueError, match="scale " + words):
        normal(np.random.default_rng(0), (2, 3), bad, np.float16)
    with pytest.raises(ValueError, match="value " + words):
        constant(None, (2, 3), bad, np.float16)


def test_a_scale_for_each_of_several_networks():
    W = normal(np.random.default_rng(0), (3, 200, 200), scale=[0.0, 1.0, 2.0])
    np.testing.assert_allclose(W.std(axis=(1, 2)), [0, 1, 2], rtol=0.02)


# Fifty layers with a ReLU walk at random; this is how far from 1 the signal strays over fifty seeds, as a
# standard deviation of its logarithm, and where it begins: after the first layer at sqrt(1 - 1/pi).
DEPTH, SEEDS = 50, range(8)


def depth_50(initializer):
    """Mean logarithm of the last layer's std over several seeds, relative to the first layer's."""
    runs = [signal(np.random.default_rng(s), initializer, "relu", DEPTH, units=300, rows=100) for s in SEEDS]
    logs = np.log([run[DEPTH, 1] / run[1, 1] for run in runs])
    return logs.mean(), logs.std(ddof=1) / np.sqrt(len(SEEDS))


def stays_level(initializer):
    """Whether the signal neither fades nor grows by more than chance, three standard errors, allows.

    Theory adds a drift of its own: the mean logarithm falls by about 5 / (4 n) a layer for n units.
    """
    mean, error = depth_50(initializer)
    return abs(mean + DEPTH * 5 / (4 * 300)) < 3 * error


def scaled(initializer, factor):
    return lambda rng, shape, dtype=np.float64: factor * initializer(rng, shape, dtype=dtype)


def test_he_keeps_a_signal_level_through_fifty_layers():
    assert stays_level(he)


@pytest.mark.parametrize("factor", [0.9, 1.1, np.sqrt(0.5)])
def test_a_scale_wrong_by_a_tenth_does_not(factor):
    assert not stays_level(scaled(he, factor))


def test_small_weights_collapse():
    last = signal(np.random.default_rng(0), normal, "tanh", DEPTH, units=300, rows=100)[-1, 1]
    assert last < 1e-30


def test_bad_arguments_are_named():
    rng = np.random.default_rng(0)
    for initializer in (zeros, normal, xavier, he):
        with pytest.raises(ValueError, match=r"shape must be \(\.\.\., fan_in, fan_out\), but is \(3,\)"):
            initializer(rng, (3,))
        with pytest.raises(ValueError, match="shape must be a whole number of at least 1, but is 0"):
            initializer(rng, (0, 3))
    for initializer in (normal, xavier, he):
        with pytest.raises(TypeError, match=r"rng must be a generator, .* but is 0"):
            initializer(0, (2, 3))
    with pytest.raises(ValueError, match=r"scale must lie between 0 and 1\.79769e\+308, but is -1"):
        normal(rng, (2, 3), scale=-1)
    for bad in (np.inf, np.nan):
        with pytest.raises(ValueError, match="scale must lie between 0 and"):
            normal(rng, (2, 3), scale=bad)
    with pytest.raises(ValueError, match="value must lie between"):
        constant(rng, (2, 3), np.nan)
    with pytest.raises(ValueError, match="mode must be one of fan_in, fan_avg, but is 'fan_out'"):
        xavier(rng, (2, 3), mode="fan_out")
    with pytest.raises(TypeError, match="value must hold real numbers"):
        constant(rng, (2, 3), "one")
