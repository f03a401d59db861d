from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from course.activations import relu
from course.gradcheck import Report, check, numerical_gradient, relative_error


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


def test_a_slope_is_measured_a_hundred_thousandth_to_either_side_and_a_kink_at_a_tenth_too():
    seen = []

    def spy(x):
        seen.append(float(x[0]))
        return abs(x[0])

    assert check(spy, np.zeros(1), np.ones(1)).kinks == [(0,)]
    assert set(seen) == {0, 1e-5, -1e-5, 1e-5 / 10, -1e-5 / 10}


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_hides_nothing_else(bad):
    slopes = np.array([1.0, 1.0, 1.0])
    report = check(lambda x: slopes @ x + abs(x[2]), np.zeros(3), np.array([bad, 1.0, 1.0]))
    assert report.kinks == [(2,)]
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
    assert check(np.sum, np.empty((0, 2)), np.empty((0, 2))) == Report(0.0, (), [])


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
    assert check(lambda x: 3.0, np.zeros(2), np.zeros(2)).error == 0
    assert check(lambda x: 3.0, np.zeros(2), np.array([0.0, 1e-3])).error == 1


def test_a_kink_as_flat_as_a_thousandth_of_the_slope_is_none():
    def bent(by):
        return lambda x: x[0] + by * abs(x[0]) + x[1]

    # The slopes on the two sides differ by twice as much.
    assert check(bent(0.49e-3), np.zeros(2), np.ones(2)).kinks == []
    assert check(bent(0.51e-3), np.zeros(2), np.ones(2)).kinks == [(0,)]


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
    with pytest.raises(ValueError, match=r"The gradients differ in shape: \(3,\) and \(2,\)"):
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
