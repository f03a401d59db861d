from collections import namedtuple
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from course import network
from course.activations import ACTIVATIONS, relu
from course.gradcheck import Report, check, numerical_gradient, relative_error
from course.initializers import he
from course.normalization import batch_norm


def bowl(x):
    return np.sum(x**2)


@pytest.fixture
def x():
    return np.random.default_rng(0).standard_normal((3, 4))


METHODS = [("centred", 1e-5, 1e-9), ("forward", 1e-5, 1e-4), ("complex", 1e-30, 1e-15)]


@pytest.mark.parametrize(("method", "h", "error"), METHODS)
def test_each_method_is_as_exact_as_it_promises(x, method, h, error):
    numerical = numerical_gradient(lambda x: np.sum(np.exp(x)), x, h, method)
    assert relative_error(numerical, np.exp(x)).max() < error


def test_centred_differences_beat_forward_ones(x):
    errors = [
        relative_error(numerical_gradient(bowl, x, method=m), 2 * x).max() for m in ("centred", "forward")
    ]
    assert errors[0] < errors[1] / 1000


def test_a_step_too_small_drowns_in_rounding(x):
    errors = [relative_error(numerical_gradient(np.sum, x, h=h), 1 + 0 * x).max() for h in (1e-5, 1e-14)]
    assert errors[1] > 1000 * errors[0]


def test_the_right_gradient_passes(x):
    report = check(bowl, x, 2 * x)
    assert report.error < 1e-8
    assert report.kinks == []


WRONG = {
    "off by half a thousandth": lambda g: g * 1.0005,
    "of the other sign": lambda g: -g,
    "transposed": lambda g: g.reshape(4, 3).T.reshape(3, 4),
    "without its mean": lambda g: g * 12,
    "wrong in one place": lambda g: np.where(np.arange(12).reshape(3, 4) == 5, 1.01 * g, g),
    "not a number": lambda g: np.where(np.arange(12).reshape(3, 4) == 5, np.nan, g),
    "zero": lambda g: 0 * g,
}


@pytest.mark.parametrize("spoil", WRONG.values(), ids=WRONG)
def test_a_wrong_gradient_is_found(x, spoil):
    assert check(bowl, x, spoil(2 * x)).error > 1e-4


def test_the_worst_place_is_named(x):
    wrong = 2 * x
    wrong[2, 1] *= 1.1
    assert check(bowl, x, wrong).worst == (2, 1)


def test_a_kink_is_left_out_and_named():
    x = np.array([-1.0, 0.0, 1e-7, 2.0])
    report = check(lambda x: relu(x).sum(), x, np.array([0.0, 123.0, 1.0, 1.0]))
    assert report.kinks == [(1,), (2,)]
    assert report.error < 1e-6
    assert report.norm_error < 1e-6


# In steps: on both sides of h/100 and h/10, and where a tenth of a step has a tenth of the bend, as a curve.
DISTANCES = [0.0101, 0.05, 0.0909, 0.0999, 0.1001, 0.3, 0.5, 0.9, 0.999]


@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize("slope", [-7.0, 0.0, 3.0])
def test_a_kink_within_the_step_is_named_and_hides_neither_right_nor_wrong(slope, side):
    x = side * 1e-5 * np.array(DISTANCES)
    right = slope + relu(np.sign(x))
    bent = lambda x: (slope * x + relu(x)).sum() + 2.0  # noqa: E731
    report = check(bent, x, right)
    assert report.kinks == [(i,) for i in range(x.size)]
    assert max(report.error, report.norm_error) < 1e-6
    for i in np.flatnonzero(right):
        wrong = right.copy()
        wrong[i] *= 1.0005
        report = check(bent, x, wrong)
        assert report.error == pytest.approx(5e-4, rel=0.01)
        assert report.worst == (i,)


@pytest.mark.parametrize("left", [0.02, 0.2, 0.6])
@pytest.mark.parametrize("right", [0.02, 0.2, 0.6])
@pytest.mark.parametrize("slope", [-1, 1])
def test_kinks_on_both_sides_are_named_and_measured_between(left, right, slope):
    bent = lambda x: (3 * x + relu(x - 1e-5 * right) + slope * relu(-x - 1e-5 * left)).sum()  # noqa: E731
    report = check(bent, np.zeros(2), np.full(2, 3.0))
    assert report.kinks == [(0,), (1,)]
    assert report.error < 1e-6
    assert check(bent, np.zeros(2), np.array([3.0, 3.0015])).error == pytest.approx(5e-4, rel=0.01)


def test_what_is_within_a_hundredth_of_a_step_of_a_kink_is_left_out_unless_it_is_not_a_number():
    x = np.array([-0.9e-7, 0.0, 0.9e-7, 1.1e-7])
    lost = check(lambda x: relu(x).sum(), x, np.array([9.0, 9.0, 9.0, 1.0]))
    assert (lost.error < 1e-6, lost.norm_error < 1e-6) == (True, True)
    assert check(lambda x: relu(x).sum(), x, np.array([0.0, 0.0, 1.0, 9.0])).worst == (3,)
    unknown = check(lambda x: relu(x).sum(), x, np.array([0.0, np.nan, 1.0, 1.0]))
    assert (unknown.error, unknown.norm_error, unknown.worst) == (np.inf, np.inf, (1,))


def example(seed, sizes=(4, 10, 3), rows=50, normalized=False):
    """A network at random parameters, none of them zero, and data for it."""
    rng = np.random.default_rng(seed)
    params = network.create(rng, sizes, he, normalized=normalized)
    params = [(W, *(p + 0.1 * rng.standard_normal(p.shape) for p in rest)) for W, *rest in params]
    return params, rng.standard_normal((rows, sizes[0])), rng.integers(sizes[-1], size=rows)


def loss_of(*data, **settings):
    return lambda params: network.loss_and_grads(params, *data, **settings)[0]


@pytest.mark.parametrize("seed", [124, 132])
def test_right_gradients_of_relu_networks_near_a_kink_are_right(seed):
    """Of 400 such networks: those in which centred differences alone are off, by up to .08."""
    params, *data = example(seed)
    _, grads = network.loss_and_grads(params, *data, "relu")
    report = check(loss_of(*data, "relu"), params, grads)
    assert report.kinks
    assert report.error < 1e-5
    assert report.norm_error < 1e-8
    # Also the places beside a kink are checked.
    for layer, array, *index in report.kinks:
        wrong = [tuple(p.copy() for p in grad) for grad in grads]
        wrong[layer][array][tuple(index)] *= 1.0005
        found = check(loss_of(*data, "relu"), params, wrong)
        assert found.error > 1e-4
        assert found.worst == (layer, array, *index)


def test_curvature_is_no_kink():
    x = np.array([0.0, 1e-3, 1.0])
    assert check(lambda x: np.sum(np.cosh(30 * x)), x, 30 * np.sinh(30 * x)).kinks == []
    # So sharp a bend that the two slopes differ by a fiftieth, but at a tenth of h by a tenth of that.
    assert check(lambda x: x[0] + 1000 * x[0] ** 2, np.zeros(1), np.ones(1)).kinks == []


def test_single_precision_is_refused(x):
    for measure in (numerical_gradient, lambda f, x: check(f, x, x)):
        with pytest.raises(TypeError, match=r"x must be float64, since differences drown .* float32"):
            measure(bowl, x.astype(np.float32))


def test_a_random_function_is_refused(x):
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="for the same x: fix its randomness or its state"):
        check(lambda x: bowl(x) + rng.standard_normal(), x, 2 * x)


def test_a_function_with_a_memory_is_refused(x):
    calls = []

    def counting(x):
        calls.append(x)
        return bowl(x) + len(calls)

    with pytest.raises(ValueError, match="for the same x"):
        check(counting, x, 2 * x)


def test_a_function_that_writes_into_its_point_changes_a_copy(x):
    before = x.copy()

    def careless(x):
        x *= 2
        return np.sum(x)

    assert check(careless, x, 2 + 0 * x).error < 1e-9
    np.testing.assert_allclose(numerical_gradient(careless, x, method="forward"), 2, rtol=1e-9)
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_loss_that_is_not_finite_is_said(x, bad):
    with pytest.raises(ValueError, match=f"f gives {bad} at x, where there is no gradient to check"):
        check(lambda x: bad, x, x)


@pytest.mark.parametrize("bad", [None, "3.0"])
def test_a_function_that_gives_no_number_is_named(x, bad):
    with pytest.raises(TypeError, match=f"f must return one number, but returned {bad!r}"):
        check(lambda x: bad, x, x)


@pytest.mark.parametrize("h", [0, -1e-5, np.nan, np.inf, [1e-5]])
def test_a_step_that_is_none_is_refused(x, h):
    for measure in (lambda: numerical_gradient(bowl, x, h), lambda: check(bowl, x, 2 * x, h)):
        with pytest.raises(ValueError, match="h must"):
            measure()


def test_the_error_is_relative_to_the_larger_of_the_two():
    a, b = [10.0, -1.0, 0.0, 0.0, 1e-9], [8.0, 1.0, 0.0, 3.0, 2e-9]
    np.testing.assert_allclose(relative_error(a, b), [0.2, 2, 0, 1, 0.5])


def test_a_slope_is_measured_a_hundred_thousandth_to_either_side_and_a_kink_at_a_tenth_and_a_hundredth():
    seen = []

    def spy(x):
        seen.append(float(x[0]))
        return abs(x[0])

    assert check(spy, np.zeros(1), np.ones(1)).kinks == [(0,)]
    steps = {1e-5, 1e-5 / 10, 1e-5 / 100}
    assert steps | {-h for h in steps} | {0} <= set(seen)
    # Twice at x, six times beside it, and at ten pairs of points to see why the two differ.
    assert len(seen) == 2 + 6 + 20


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_hides_nothing_else(bad):
    slopes = np.array([1.0, 1.0, 1.0])
    report = check(lambda x: slopes @ x + abs(x[2]), np.zeros(3), np.array([bad, 1.0, 1.0]))
    assert report.kinks == [(2,)]
    # Nor does a loss that is not finite on one side of a number.
    cliff = lambda x: abs(x[1]) + (bad if x[0] > 0 else 0)  # noqa: E731
    report = check(cliff, np.zeros(2), np.zeros(2))
    assert (report.error, report.worst, report.kinks) == (np.inf, (0,), [(1,)])
    # The first is the worst of all; without it the second would be.
    report = check(lambda x: slopes @ x, np.zeros(3), np.array([1.0, 3.0, bad]))
    assert report.worst == (2,)


def test_a_report_stays_as_it_was_written():
    with pytest.raises(FrozenInstanceError):
        check(np.sum, np.zeros(1), np.ones(1)).error = 0.0


def test_points_without_axes_and_without_elements():
    report = check(lambda x: float(x) ** 2, np.array(3.0), np.array(6.0))
    assert report.error < 1e-9
    assert report.worst == ()
    assert check(lambda x: abs(float(x)), np.array(0.0), np.array(0.5)).kinks == [()]
    assert check(np.sum, np.empty((0, 2)), np.empty((0, 2))) == Report(0.0, 0.0, (), [])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_gradient_that_is_not_finite_is_named_by_its_place(x, bad):
    wrong = 2 * x
    wrong[1, 2] = bad
    report = check(bowl, x, wrong)
    assert (report.error, report.worst) == (np.inf, (1, 2))


@pytest.mark.parametrize("largest", [100.0, 1e-6])
def test_what_is_far_below_the_largest_is_measured_against_a_millionth_of_it(largest):
    slopes = largest * np.array([1, 1e-9])
    report = check(lambda x: slopes @ x, np.zeros(2), largest * np.array([1, 2e-9]))
    assert report.error == pytest.approx(1e-3, rel=1e-3)
    assert report.worst == (1,)


def test_a_gradient_of_zero_is_measured_as_it_is():
    assert check(lambda x: 3.0, np.zeros(2), np.zeros(2)) == Report(0.0, 0.0, (0,), [])
    # A dead unit with a gradient: f does depend on x, but not here.
    dead = check(lambda x: relu(x - 1).sum() + 3, np.zeros(2), np.array([0.0, 1e-3]))
    assert (dead.error, dead.norm_error, dead.worst) == (1, 1, (1,))


def test_a_kink_as_flat_as_a_millionth_of_the_slope_is_none():
    def bent(by):
        return lambda x: x[0] + by * abs(x[0]) + x[1]

    # So much as it moves a slope, it is seen in an error that is called good below 1e-6.
    assert check(bent(0.9e-6), np.zeros(2), np.ones(2)).kinks == []
    assert check(bent(1.3e-6), np.zeros(2), np.ones(2)).kinks == [(0,)]


def test_the_default_step_is_small_enough_for_a_curve_and_large_enough_for_rounding():
    x = np.array([0.5])
    assert numerical_gradient(lambda x: np.sum(x**3), x)[0] - 0.75 == pytest.approx(1e-10, rel=0.5)
    forward = numerical_gradient(lambda x: np.sum(x**2), x, method="forward")[0] - 1
    assert forward == pytest.approx(1e-5, rel=0.01)


def test_shapes_must_agree(x):
    with pytest.raises(ValueError, match=r"gradient has the shape \(4, 3\), but x, of \(3, 4\)"):
        check(bowl, x, x.T)
    with pytest.raises(ValueError, match=r"f must return one number, but returned .* shape \(3, 4\)"):
        check(lambda x: x, x, x)
    with pytest.raises(ValueError, match=r"b has the shape \(2,\), but a asks for \(3,\)"):
        relative_error(np.zeros(3), np.zeros(2))
    with pytest.raises(ValueError, match="method must be one of centred, forward, complex"):
        numerical_gradient(bowl, x, method="backward")


def test_nothing_is_written_into_the_point(x):
    before = x.copy()
    check(bowl, x, 2 * x)
    np.testing.assert_array_equal(x, before)


def test_whole_numbers_without_a_sign_have_differences_below_zero(x):
    falling = numerical_gradient(lambda x: np.uint8(3 if x.sum() <= 6 else 1), np.full(3, 2.0), h=0.5)
    np.testing.assert_allclose(falling, -2)
    assert numerical_gradient(lambda x: x.sum() > 6, np.full(3, 2.0), h=0.5).tolist() == [1, 1, 1]


def test_sharp_curves_have_no_kinks():
    x = np.array([0.0, 1e-6, 1e-3, 0.3])
    assert check(lambda x: np.tanh(100 * x).sum(), x, 100 / np.cosh(100 * x) ** 2).kinks == []
    steep = check(lambda x: (1e6 * x**2).sum(), x, 2e6 * x)
    assert (steep.kinks, steep.error < 1e-6) == ([], True)
    # Bent even at a hundredth of the step, and checked all the same.
    assert check(lambda x: (x + 1e6 * x**2).sum(), np.zeros(2), np.array([1, -1])).error == pytest.approx(2)
    assert check(lambda x: np.exp(x).sum(), x, np.exp(x), h=0.05).kinks == []


def test_a_step_counts_as_it_was_rounded():
    x = np.array([1e6 + 0.1, -1e7 / 3])
    report = check(lambda at: (at - x).sum(), x, np.ones(2))
    assert (report.kinks, report.error) == ([], 0)


@pytest.mark.parametrize("offset", [0.0, 1e4, 1e7])
def test_rounding_is_no_kink(offset):
    params, *data = example(0)
    loss = loss_of(*data, "tanh")
    report = check(lambda p: loss(p) + offset, params, network.loss_and_grads(params, *data, "tanh")[1])
    assert report.kinks == []
    assert report.norm_error < 1e-9 + 1e-10 * offset


def test_the_norm_tells_rounding_from_a_wrong_gradient():
    params, X, y = example(0)
    # Pixels of the edge, which are almost nothing in almost every picture.
    X[:, 0] *= 1e-5
    data = X, y
    _, grads = network.loss_and_grads(params, *data, "tanh")
    right = check(loss_of(*data, "tanh"), params, grads)
    # Their gradients are so small that the rounding of the loss shows in them.
    assert right.error > 1e-5 > 1e-8 > right.norm_error
    layer, array, *index = right.worst
    assert abs(grads[layer][array][tuple(index)]) < 1e-4 * max(abs(g).max() for gs in grads for g in gs)
    wrong = check(loss_of(*data, "tanh"), params, [tuple(1.0005 * g for g in gs) for gs in grads])
    assert wrong.norm_error == pytest.approx(0.0005 / 1.0005, rel=1e-3)


def test_the_error_of_the_norm_is_that_of_its_formula():
    a, n = np.array([3.0, 4.0, 0.0]), np.array([3.0, 0.0, 0.0])
    assert check(lambda x: n @ x, np.zeros(3), a).norm_error == pytest.approx(4 / 5)
    assert check(lambda x: a @ x, np.zeros(3), n).norm_error == pytest.approx(4 / 5)
    huge = check(lambda x: 1e250 * (a @ x), np.zeros(3), 1e250 * n)
    assert huge.norm_error == pytest.approx(4 / 5)


# Whole networks in one call.

own_activation = pytest.fixture(
    lambda monkeypatch: monkeypatch.setitem(ACTIVATIONS, "sine", (np.sin, np.cos))
)


@pytest.mark.parametrize("normalized", [False, True])
@pytest.mark.parametrize("activation", ["tanh", "elu", "sine"])
def test_a_whole_network_is_checked_in_one_call(activation, normalized, own_activation):
    params, *data = example(0, (3, 5, 4, 2), 12, normalized)
    rng = np.random.default_rng(1)
    masks = [network.dropout(rng, (12, n), 0.4) for n in (5, 4)]
    for settings in {"reg": 0.1}, {"masks": masks}:
        _, grads = network.loss_and_grads(params, *data, activation, **settings)
        report = check(loss_of(*data, activation=activation, **settings), params, grads)
        assert report.norm_error < 1e-8
        assert report.error < 1e-4


@pytest.mark.parametrize("layer", [0, 1])
@pytest.mark.parametrize("array", [0, 1, 2])
def test_the_worst_place_of_a_network_is_its_layer_its_array_and_its_index(layer, array):
    params, *data = example(0, (3, 5, 4, 2), 12, normalized=True)
    _, grads = network.loss_and_grads(params, *data, "tanh")
    wrong = grads[layer][array]
    place = np.unravel_index(abs(wrong).argmax(), wrong.shape)
    wrong[place] *= -1
    assert check(loss_of(*data, "tanh"), params, grads).worst == (layer, array, *place)


def masked(z):
    return (z > 0).astype(float)


def test_a_loss_and_a_backward_pass_of_ones_own_are_checked_in_one_call():
    """Squared error of two layers in two lists, as a learner writes it."""
    rng = np.random.default_rng(0)
    X, t = rng.standard_normal((9, 4)), rng.standard_normal((9, 2))
    weights, biases = [rng.standard_normal((4, 5)), rng.standard_normal((5, 2))], [np.zeros(5), np.zeros(2)]

    def loss(parameters):
        (V, W), (a, b) = parameters
        return 0.5 * np.sum((np.maximum(X @ V + a, 0) @ W + b - t) ** 2)

    z = X @ weights[0] + biases[0]
    ds = np.maximum(z, 0) @ weights[1] + biases[1] - t
    dz = ds @ weights[1].T * masked(z)
    grads = [[X.T @ dz, np.maximum(z, 0).T @ ds], [dz.sum(axis=0), ds.sum(axis=0)]]
    assert check(loss, [weights, biases], grads).error < 1e-6
    grads[1][0] = dz.mean(axis=0)
    assert check(loss, (weights, biases), grads).worst[:2] == (1, 0)


def backward(params, X, y, masks, spoil):
    """Loss and gradients of a batch-normalized layer with ReLU and dropout, written out; `spoil` forgets."""
    (W, b, gamma), (V, c) = params
    z, cache = batch_norm(X @ W, gamma, b)
    h = relu(z) * masks
    loss, ds = network.cross_entropy(h @ V + c, y)
    dh = ds @ V.T * (1 if spoil == "dropout mask" else masks)
    dz = dh * (1 if spoil == "ReLU mask" else z > 0)
    xhat = cache.centred * cache.inverse_std
    mean = 0 if spoil == "path of the mean" else dz.mean(axis=0)
    var = 0 if spoil == "path of the variance" else xhat * (dz * xhat).mean(axis=0)
    dx = gamma * cache.inverse_std * (dz - mean - var)
    dW, dV = X.T @ dx, h.T @ ds
    if spoil == "transposed":
        dV = dV.T.reshape(dV.shape)
    if spoil == "sign":
        dV = -dV
    if spoil == "scale":
        dV = 1.0005 * dV
    return loss, [(dW, dz.sum(axis=0), (dz * xhat).sum(axis=0)), (dV, ds.sum(axis=0))]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("spoil", "least", "wrong"),
    [
        (None, 0, None),
        ("sign", 1, (1, 0)),
        ("scale", 4.9e-4, (1, 0)),
        ("transposed", 0.5, (1, 0)),
        ("path of the mean", 0.5, (0, 0)),
        ("path of the variance", 0.5, (0, 0)),
        ("ReLU mask", 0.5, None),
        ("dropout mask", 0.5, None),
    ],
)
def test_what_a_backward_pass_forgets_is_found(spoil, least, wrong, seed):
    params, X, y = example(seed, (4, 10, 3), 20, normalized=True)
    masks = network.dropout(np.random.default_rng(seed), (20, 10), 0.5)
    report = check(
        lambda p: backward(p, X, y, masks, None)[0], params, backward(params, X, y, masks, spoil)[1]
    )
    if spoil is None:
        assert report.norm_error < 1e-8
        assert report.error < 1e-4
    else:
        assert report.error > least
        assert report.norm_error > min(least, 0.1) / 10
        assert wrong is None or report.worst[:2] == wrong


def test_f_is_given_what_is_arranged_as_x_is():
    Layer = namedtuple("Layer", "W b")
    x = [Layer(np.ones((2, 3)), [1, 2, 3]), (np.array(2.0), [np.zeros(1), np.zeros((0, 2))])]
    grads = [(np.full((2, 3), 2.0), np.float32([1, 1, 1])), (4.0, [[0], np.zeros((0, 2))])]

    def f(x):
        layer, (scale, (zero, none)) = x
        assert type(x) is list
        assert type(layer) is Layer
        assert [part.shape for part in (*layer, scale, zero, none)] == [(2, 3), (3,), (), (1,), (0, 2)]
        value = np.sum(layer.W**2) + layer.b.sum() + scale**2 + np.sum(zero**2)
        layer.W[:] = scale[...] = 7
        return value

    assert check(f, x, grads).error < 1e-9
    grads[1][1][0] = [3.0]
    assert check(f, x, grads).worst == (1, 1, 0, 0)
    np.testing.assert_array_equal(x[0].W, 1)


class Table:
    """What NumPy makes an array of, without positions of its own."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype)


def test_what_numpy_makes_arrays_of_is_taken():
    read_only = np.array([[1.0, 2.0], [3.0, 4.0]])
    read_only.flags.writeable = False
    values = (
        [[1, 2], [3, 4]],
        Table([[1, 2], [3, 4]]),
        read_only,
        read_only.astype(">f8"),
        read_only.T.copy().T,
    )
    for x in (*values, [np.float64(1), np.float64(2)]):
        for gradient in 2 * np.asarray(x), (2 * np.asarray(x)).tolist(), Table(2 * np.asarray(x)):
            assert check(bowl, x, gradient).error < 1e-9
            np.testing.assert_allclose(numerical_gradient(bowl, x), 2 * np.asarray(x), rtol=1e-9)
    assert check(lambda x: bowl(x[0]), [Table([1.0, 2.0])], [[2, 4]]).error < 1e-9
    assert check(bowl, np.array([1.0, 2.0]), np.float32([2, 4])).error < 1e-9
    assert relative_error(np.float32([1, 2]), [1, 4]).tolist() == [0, 0.5]
    assert relative_error([np.inf], [np.inf]).dtype == np.float64


# What is wrong with f, and not with the gradient.


def wrong_and_right(f, x, right):
    """The sentence with which a right gradient and one of the wrong sign are answered, or None."""
    said = set()
    for gradient in right, [tuple(-g for g in gs) for gs in right]:
        try:
            check(f, x, gradient)
            said.add(None)
        except ValueError as error:
            said.add(str(error))
    (sentence,) = said
    return sentence


def cast(params, kind):
    return [tuple(p.astype(kind) for p in layer) for layer in params]


COARSE = {
    "all of it": lambda loss: lambda params: float(loss(cast(params, np.float32), np.float32)),
    "the parameters": lambda loss: lambda params: loss(cast(cast(params, np.float32), float), float),
    "the loss": lambda loss: lambda params: float(np.float32(loss(params, float))),
    "the parameters, in float16": lambda loss: (
        lambda params: loss(cast(cast(params, np.float16), float), float)
    ),
    "the loss, in float16": lambda loss: lambda params: float(np.float16(loss(params, float))),
}


@pytest.mark.parametrize("activation", ["relu", "tanh"])
@pytest.mark.parametrize("wrap", COARSE.values(), ids=COARSE)
def test_a_function_that_computes_in_fewer_digits_is_named(wrap, activation):
    for seed in range(3):
        params, X, y = example(seed)
        _, grads = network.loss_and_grads(params, X, y, activation)
        loss = lambda p, kind, X=X, y=y: network.loss_and_grads(p, X.astype(kind), y, activation)[0]  # noqa: E731
        assert wrong_and_right(wrap(loss), params, grads).startswith(
            "f moves in steps, as where it computes in float32"
        )


@pytest.mark.parametrize("kind", [np.float16, np.float32])
def test_a_function_that_gives_fewer_digits_is_named_however_right_the_gradient(kind):
    with pytest.raises(ValueError, match=f"f computes in {np.dtype(kind)}, but x is float64"):
        check(lambda x: x.astype(kind).sum(), np.zeros(2), np.ones(2))


def test_a_function_that_ignores_its_argument_is_named():
    params, *data = example(0)
    _, grads = network.loss_and_grads(params, *data, "relu")
    said = wrong_and_right(lambda _: network.loss_and_grads(params, *data, "relu")[0], params, grads)
    assert said.startswith("f does not depend on x: it gives ")


@pytest.mark.parametrize("offset", [0, 1e4, 1e7])
@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_honest_functions_are_not_suspected(activation, offset):
    params, *data = example(0)
    _, grads = network.loss_and_grads(params, *data, activation)
    loss = loss_of(*data, activation=activation)
    assert wrong_and_right(lambda p: loss(p) + offset, params, grads) is None
    # Functions of part of x, whose gradient is 0 in the rest.
    first = [grads[0], tuple(0 * g for g in grads[1])]
    assert wrong_and_right(lambda p: loss([p[0], params[1]]) + offset, params, first) is None


def test_what_does_not_change_a_function_does_not_make_it_suspect():
    # A sum to all scores changes no softmax, and the scale of a batch nothing in its normalization.
    scores, dout = np.zeros((1, 5)), np.random.default_rng(0).standard_normal((6, 1))
    _, exact = network.cross_entropy(scores, [1])
    assert check(lambda s: network.cross_entropy(s, [1])[0], scores, -exact).error == pytest.approx(2)
    x = np.random.default_rng(1).standard_normal((6, 1))
    loss = lambda x: (dout * batch_norm(x, [1.0], [0.0], epsilon=0)[0]).sum()  # noqa: E731
    assert check(loss, x, -numerical_gradient(loss, x)).error == pytest.approx(2)
    # All there is lies at kinks, or where a saturated softmax has no slope.
    assert check(lambda x: relu(x).sum(), np.zeros(3), np.ones(3)).kinks == [(0,), (1,), (2,)]
    # And not what is rounded beside a large constant, either.
    assert check(lambda x: 1e7 + relu(x).sum(), np.array([0.0, 1.0]), np.array([0, 1])).kinks == [(0,)]
    for sure in np.array([[[1000.0, 0.0]], [[1000.0, -1000.0]]]):
        assert check(lambda s: network.cross_entropy(s, [0])[0], sure, np.ones((1, 2))).error == 1
    # A cone so narrow that almost no direction leads into it.
    cone = lambda x: relu(x[0] - np.abs(x[1:]).sum())  # noqa: E731
    assert check(cone, np.zeros(10), np.zeros(10)).kinks == [(0,)]
    # A slope that is infinite on one side.
    with np.errstate(all="ignore"):
        assert check(lambda x: np.log(x).sum(), np.array([1e-5, 1.0]), np.array([1e5, -1.0])).error == np.inf


NETWORK = [(np.ones((2, 3)), np.zeros(3)), (np.ones((3, 2)), np.zeros(2))]


@pytest.mark.parametrize(
    ("call", "kind", "sentence"),
    [
        (lambda: check(None, [1.0], [1.0]), TypeError, "f must be a function, but is None"),
        (lambda: check(lambda a, b: 0, [1.0], [1.0]), TypeError, r"f must be a function of \(x\), but takes"),
        (lambda: check(bowl, None, [1.0]), TypeError, "x must hold real numbers"),
        (lambda: check(bowl, "text", [1.0]), TypeError, "x must hold real numbers"),
        (lambda: check(bowl, {"W": 1.0}, [1.0]), TypeError, "x must hold real numbers"),
        (lambda: check(bowl, [[1.0], [1.0, 2.0]], [1.0]), ValueError, "x must be an array of numbers"),
        (lambda: check(bowl, [1.0], None), TypeError, "gradient must hold real numbers"),
        (lambda: check(bowl, [1.0], {"W": 1.0}), TypeError, "gradient must hold real numbers"),
        (lambda: check(bowl, [1.0], [1j]), TypeError, "gradient must hold real numbers"),
        (lambda: check(bowl, NETWORK, None), TypeError, "gradient must be a sequence"),
        (lambda: check(bowl, NETWORK, NETWORK[:1]), ValueError, "gradient holds 1 parts, but x holds 2"),
        (lambda: check(bowl, NETWORK, [NETWORK[0], 3.0]), TypeError, r"gradient\[1\] must be a sequence"),
        (
            lambda: check(bowl, NETWORK, [NETWORK[0], NETWORK[1][::-1]]),
            ValueError,
            r"gradient\[1\]\[0\] has the shape \(2,\), but x\[1\]\[0\], of \(3, 2\)",
        ),
        (
            lambda: check(bowl, [NETWORK[0], (np.ones((3, 2)), None)], NETWORK),
            TypeError,
            r"x\[1\]\[1\] must hold real",
        ),
        (
            lambda: check(bowl, cast(NETWORK, np.float32), NETWORK),
            TypeError,
            r"x\[0\]\[0\] must be float64, since differences drown in the rounding of float32",
        ),
        (lambda: check(lambda p: (1.0, p), NETWORK, NETWORK), TypeError, "f must return one .* a tuple"),
        (lambda: check(lambda x: 1j, [1.0], [1.0]), TypeError, r"f must return one number, but returned 1j"),
        (lambda: check(bowl, [1.0], [1.0], h="text"), TypeError, "h must hold real numbers"),
        (lambda: check(bowl, [1e10], [1.0]), ValueError, "h is 1e-05, of which a hundredth is lost"),
        (lambda: numerical_gradient(bowl, [1e12]), ValueError, "h is 1e-05, which is lost"),
        (lambda: numerical_gradient(3, [1.0]), TypeError, "f must be a function, but is 3"),
        (lambda: numerical_gradient(bowl, [NETWORK[0]]), ValueError, "x must be an array of numbers"),
        (lambda: numerical_gradient(lambda x: 1j, [1.0]), TypeError, "f must return one number, but .* 1j"),
        (
            lambda: numerical_gradient(lambda x: abs(x).sum(), [1.0], method="complex"),
            TypeError,
            "f must return one complex number for a complex x, but returned 1.0",
        ),
        (lambda: numerical_gradient(bowl, [1.0], method=None), ValueError, "method must be one of"),
        (lambda: relative_error(None, [1.0]), TypeError, "a must hold real numbers"),
        (lambda: relative_error([1.0], {"b": 1}), TypeError, "b must hold real numbers"),
    ],
)
def test_each_wrong_argument_is_answered_in_a_sentence_that_names_it(call, kind, sentence):
    with pytest.raises(kind, match=sentence):
        call()


def test_where_nothing_was_measured_nothing_is_called_right():
    report = check(lambda x: relu(x).sum(), np.zeros(5), np.full(5, 9.0))
    assert np.isnan([report.error, report.norm_error]).all()
    assert report.worst == ()
    assert len(report.kinks) == 5


def test_a_slope_is_divided_by_the_step_that_was_made():
    for method in ("centred", "forward"):
        assert numerical_gradient(np.sum, np.array([1e10]), method=method)[0] == pytest.approx(1, rel=1e-6)


@pytest.mark.parametrize("method", ["centred", "forward"])
def test_single_precision_inside_is_refused_of_a_numerical_gradient_too(method):
    with pytest.raises(ValueError, match="f computes in float32, but x is float64"):
        numerical_gradient(lambda x: np.float32(np.sum(x**2)), np.array([0.3, -0.7]), method=method)


def test_single_precision_in_one_branch_is_named():
    def loss(x):
        return np.sum(x[:3] ** 2) + np.sum(x[3:].astype(np.float32) ** 2, dtype=float)

    x = np.random.default_rng(0).standard_normal(6)
    with pytest.raises(ValueError, match="f moves in steps, as where it computes in float32"):
        check(loss, x, 2 * x)
