import functools

import mpmath
import numpy as np
import pytest

from course.activations import (
    ACTIVATIONS,
    elementwise,
    elu,
    elu_grad,
    leaky_relu,
    leaky_relu_grad,
    maxout,
    maxout_grad,
    named,
    prelu,
    prelu_grad,
    prelu_grad_alpha,
    relu,
    relu_grad,
    sigmoid,
    sigmoid_grad,
    tanh,
    tanh_grad,
)
from course.gradcheck import check, numerical_gradient

# Each activation with its derivative, and the slope that it has at its kink by convention.
PAIRS = {
    "sigmoid": (sigmoid, sigmoid_grad, None),
    "tanh": (tanh, tanh_grad, None),
    "relu": (relu, relu_grad, 0.0),
    "leaky_relu": (leaky_relu, leaky_relu_grad, 0.01),
    "prelu": (functools.partial(prelu, alpha=0.25), functools.partial(prelu_grad, alpha=0.25), 0.25),
    "elu": (elu, elu_grad, 1.0),
    "elu alpha 0.5": (functools.partial(elu, alpha=0.5), functools.partial(elu_grad, alpha=0.5), 0.5),
}
KERNELS = {f"{name}{end}": pair[i] for name, pair in PAIRS.items() for i, end in enumerate(["", "_grad"])}
KERNELS["prelu_grad_alpha"] = prelu_grad_alpha
EXACT = {
    sigmoid: lambda x: 1 / (1 + mpmath.exp(-x)),
    sigmoid_grad: lambda x: mpmath.exp(-abs(x)) / (1 + mpmath.exp(-abs(x))) ** 2,
    tanh: mpmath.tanh,
    tanh_grad: lambda x: mpmath.sech(x) ** 2,
    elu: lambda x: x if x > 0 else mpmath.expm1(x),
    elu_grad: lambda x: 1 if x > 0 else mpmath.exp(x),
    relu: lambda x: max(x, 0),
    relu_grad: lambda x: int(x > 0),
    leaky_relu: lambda x: x if x > 0 else mpmath.mpf(0.01) * x,
    leaky_relu_grad: lambda x: 1 if x > 0 else mpmath.mpf(0.01),
    prelu_grad_alpha: lambda x: min(x, 0),
    PAIRS["prelu"][0]: lambda x: x if x > 0 else x / 4,
    PAIRS["prelu"][1]: lambda x: 1 if x > 0 else mpmath.mpf(0.25),
    PAIRS["elu alpha 0.5"][0]: lambda x: x if x > 0 else mpmath.expm1(x) / 2,
    PAIRS["elu alpha 0.5"][1]: lambda x: 1 if x > 0 else mpmath.exp(x) / 2,
}

pairs = pytest.mark.parametrize(("f", "f_grad", "at_kink"), PAIRS.values(), ids=PAIRS)
kernels = pytest.mark.parametrize("f", KERNELS.values(), ids=KERNELS)


@pairs
@pytest.mark.parametrize("side", [-1, 1])
def test_the_derivative_is_the_slope_on_both_sides_of_zero(f, f_grad, at_kink, side):
    x = side * np.array([1e-3, 0.1, 0.5, 1.0, 2.0, 5.0])
    report = check(lambda x: f(x).sum(), x, f_grad(x))
    assert report.error < 1e-6
    assert report.kinks == []


@pairs
def test_the_derivative_at_zero_is_the_slope_or_the_stated_convention(f, f_grad, at_kink):
    zero = np.zeros(1)
    if at_kink is None:
        assert check(lambda x: f(x).sum(), zero, f_grad(zero)).error < 1e-6
    else:
        assert f_grad(0.0) == f_grad(-0.0) == at_kink
    left = numerical_gradient(lambda x: f(x - 1e-3).sum(), zero)
    right = numerical_gradient(lambda x: f(x + 1e-3).sum(), zero)
    assert min(left, right) - 1e-9 <= f_grad(zero) <= max(left, right) + 1e-3


@pytest.mark.parametrize("name", PAIRS)
def test_a_flipped_sign_is_rejected(name):
    f, f_grad, _ = PAIRS[name]
    x = np.array([-2.0, -0.5, 0.5, 2.0])
    assert check(lambda x: f(x).sum(), x, -f_grad(x)).error > 1


def test_maxout_and_its_derivative():
    x = np.random.default_rng(0).standard_normal((5, 12))
    for pieces in (2, 3, 4):
        out = maxout(x, pieces)
        assert out.shape == (5, 12 // pieces)
        grad = maxout_grad(x, pieces)
        assert check(lambda x, n=pieces: maxout(x, n).sum(), x, grad).error < 1e-6
        np.testing.assert_array_equal((x * grad).reshape(5, pieces, -1).sum(axis=1), out)


def test_maxout_contains_relu_and_leaky_relu():
    x = np.linspace(-3, 3, 7)
    np.testing.assert_array_equal(maxout(np.stack([x, 0 * x], -1).reshape(7, 2))[:, 0], relu(x))
    np.testing.assert_array_equal(maxout(np.stack([x, 0.1 * x], -1))[:, 0], leaky_relu(x, 0.1))


def test_a_tie_of_maxout_goes_to_the_first_piece():
    np.testing.assert_array_equal(maxout_grad([[2.0, 2.0]]), [[1, 0]])


def test_alpha_of_prelu_learns_from_the_negative_side():
    x = np.array([-2.0, -0.5, 0.5, 2.0])
    report = check(lambda a: prelu(x, a).sum(), np.full(4, 0.25), prelu_grad_alpha(x))
    assert report.error < 1e-6


def test_alpha_of_prelu_may_differ_from_unit_to_unit_and_be_outside_0_to_1():
    x = np.array([[-1.0, -1.0, 1.0]])
    np.testing.assert_array_equal(prelu(x, [0.5, -2.0, 3.0]), [[-0.5, 2.0, 1.0]])
    np.testing.assert_array_equal(prelu_grad(x, [0.5, -2.0, 3.0]), [[0.5, -2.0, 1.0]])


def test_tanh_is_a_sigmoid_stretched():
    x = np.linspace(-20, 20, 401)
    np.testing.assert_allclose(tanh(x), 2 * sigmoid(2 * x) - 1, atol=1e-15)


def test_the_gate_questions_of_the_slides():
    np.testing.assert_allclose(sigmoid_grad([-10, 0, 10]), [4.54e-5, 0.25, 4.54e-5], rtol=1e-3)
    np.testing.assert_array_equal(relu_grad([-10, 0, 10]), [0, 0, 1])


# Sizes all over the scale, and the ends of what still gives a normal number.
POINTS = [
    *10.0 ** np.random.default_rng(0).uniform(-300, 2.87, 150),
    *np.linspace(0.1, 60, 60),
    40.0,
    354.1,
    708.3,
]
NORMAL = np.finfo(float).tiny


@pytest.mark.parametrize("f", EXACT, ids=lambda f: getattr(f, "__name__", None))
def test_values_are_exact_to_the_last_places_where_they_are_normal_numbers(f):
    with mpmath.workdps(60):
        for x in [*POINTS, *(-x for x in POINTS)]:
            exact = EXACT[f](mpmath.mpf(x))
            if exact == 0 or abs(exact) >= NORMAL:
                assert abs(mpmath.mpf(float(f(x))) - exact) <= 1e-15 * abs(exact), x


def test_the_points_reach_into_every_tail():
    """Where the textbook forms s(x) (1 - s(x)), 1 - tanh(x)^2 and exp(x) - 1 are wrong."""
    x = np.array([*POINTS, *(-x for x in POINTS)])
    s = sigmoid(x)
    assert np.abs(s * (1 - s) / sigmoid_grad(x) - 1)[x > 37].max() > 0.9
    assert np.abs((1 - np.tanh(x) ** 2) / np.maximum(tanh_grad(x), NORMAL) - 1)[np.abs(x) > 20].max() > 0.9
    assert ((np.exp(x) - 1)[(x < 0) & (x > -1e-20)] == 0).all()


@kernels
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_large_inputs_give_limits_and_no_warning(f, dtype):
    x = np.array([-1e4, 1e4, -0.0, 0.0], dtype)
    with np.errstate(all="raise"):
        out = f(x)
    assert np.isfinite(out).all()
    assert out.dtype == dtype


@kernels
def test_nan_comes_out_as_nan(f):
    out = f(np.array([np.nan, 1.0, np.nan]))
    np.testing.assert_array_equal(np.isnan(out), [True, False, True])


def test_nan_among_the_pieces_of_maxout_comes_out():
    x = np.array([[np.nan, 1.0, 2.0, 3.0]])
    np.testing.assert_array_equal(np.isnan(maxout(x)), [[True, False]])
    np.testing.assert_array_equal(np.isnan(maxout_grad(x)), [[True, False, True, False]])


LIMITS = {
    "sigmoid": (0, 1), "sigmoid_grad": (0, 0), "tanh": (-1, 1), "tanh_grad": (0, 0), "relu": (0, np.inf),
    "relu_grad": (0, 1), "leaky_relu": (-np.inf, np.inf), "leaky_relu_grad": (0.01, 1),
    "prelu": (-np.inf, np.inf), "prelu_grad": (0.25, 1), "elu": (-1, np.inf), "elu_grad": (0, 1),
    "prelu_grad_alpha": (-np.inf, 0),
}  # fmt: skip


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_infinities_give_the_limits(name, dtype):
    limits = KERNELS[name](np.array([-np.inf, np.inf], dtype))
    np.testing.assert_array_equal(limits, np.array(LIMITS[name], dtype))


def test_infinities_under_a_leak_of_zero_are_those_of_the_relu():
    np.testing.assert_array_equal(leaky_relu([-np.inf, np.inf], alpha=0), [0, np.inf])


@pytest.mark.parametrize("f", [relu, tanh, elu, leaky_relu], ids=lambda f: f.__name__)
@pytest.mark.parametrize("tiny", [np.float64(5e-324), np.float32(1e-45)])
def test_subnormal_numbers_are_kept(f, tiny):
    assert f(tiny) == tiny


def test_elu_keeps_the_smallest_numbers_of_single_precision_below_zero():
    x = -np.float32(1e-45) * np.arange(1, 100, dtype=np.float32)
    np.testing.assert_array_equal(elu(x), x)


def test_elu_in_single_precision_is_exact_to_the_last_places():
    x = -np.logspace(-30, 2, 10_001).astype(np.float32)
    np.testing.assert_allclose(elu(x), np.expm1(x.astype(np.float64)), rtol=4 * 2**-24)


@kernels
def test_minus_zero_is_zero(f):
    assert f(-0.0) == f(0.0)


@kernels
@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("f2", "f2"),
        ("f4", "f4"),
        ("f8", "f8"),
        ("i1", "f8"),
        ("u4", "f8"),
        ("?", "f8"),
        (">f4", "f4"),
        (">i2", "f8"),
    ],
)
def test_kinds_of_numbers(f, given, kept):
    x = np.array([0, 1, 1], given)
    out = f(x)
    assert out.dtype == np.dtype(kept)
    np.testing.assert_array_equal(out, f(x.astype(kept)))


@kernels
@pytest.mark.parametrize("x", [[1j], ["a"], [None]])
def test_what_is_no_number_is_refused_by_name(f, x):
    with pytest.raises(TypeError, match="x must hold real numbers, but its dtype is"):
        f(x)


@kernels
@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (2, 3, 4)])
def test_the_shape_is_kept(f, shape):
    assert np.shape(f(np.ones(shape))) == shape


@kernels
def test_layouts_of_memory_do_not_matter_and_the_input_stays(f):
    plain = np.random.default_rng(0).standard_normal((6, 8))
    expected = f(plain.copy())
    readonly = plain.copy()
    readonly.flags.writeable = False
    np.testing.assert_array_equal(f(readonly), expected)
    np.testing.assert_array_equal(f(np.asfortranarray(plain)), expected)
    np.testing.assert_array_equal(f(plain[::-1, ::2]), expected[::-1, ::2])
    np.testing.assert_array_equal(f(np.broadcast_to(plain[0], (3, 8))), np.broadcast_to(expected[0], (3, 8)))
    np.testing.assert_array_equal(f(np.ma.masked_array(plain, False)), expected)
    np.testing.assert_array_equal(readonly, plain)


@kernels
def test_results_go_where_out_says_even_onto_the_input(f):
    x = np.random.default_rng(0).standard_normal(9)
    expected, out = f(x), np.empty(9)
    assert f(x, out=out) is out
    np.testing.assert_array_equal(out, expected)
    shifted = np.r_[x, 0]
    f(shifted[:-1], out=shifted[1:])
    np.testing.assert_array_equal(shifted[1:], expected)
    np.testing.assert_array_equal(f(x, out=x), expected)


@pytest.mark.parametrize("bad", [-0.1, 1.5, np.nan])
def test_a_leak_outside_0_to_1_is_refused(bad):
    for f in (leaky_relu, leaky_relu_grad):
        with pytest.raises(ValueError, match="alpha must lie between 0 and 1, but is"):
            f([1.0], alpha=bad)


@pytest.mark.parametrize("bad", [-1.0, np.inf, np.nan])
def test_a_height_of_elu_that_is_no_height_is_refused(bad):
    for f in (elu, elu_grad):
        with pytest.raises(ValueError, match=r"alpha must lie between 0 and 1\.79769e\+308, but is"):
            f([1.0], alpha=bad)


@pytest.mark.parametrize("f", [leaky_relu, leaky_relu_grad, elu, elu_grad])
def test_one_alpha_is_asked_for(f):
    with pytest.raises(ValueError, match=r"alpha must be one number, but has the shape \(2,\)"):
        f([1.0, 2.0], alpha=[0.1, 0.2])


def test_a_leak_of_zero_is_a_relu():
    x = [-np.inf, -1.0, 0.0, 2.0, np.inf]
    np.testing.assert_array_equal(leaky_relu(x, 0), relu(x))
    np.testing.assert_array_equal(leaky_relu_grad(x, 0), relu_grad(x))
    np.testing.assert_array_equal(leaky_relu(x, 1), x)
    out = np.empty(5)
    assert leaky_relu(x, 0, out=out) is out


@pytest.mark.parametrize("f", [prelu, prelu_grad, elu, elu_grad])
@pytest.mark.parametrize("bad", [1e39, 1e-60])
def test_a_slope_that_the_precision_of_x_cannot_hold_is_refused(f, bad):
    x = np.array([2, -1], np.float32)
    with pytest.raises(ValueError, match=f"alpha is {bad:g}, which float32 cannot hold".replace("+", r"\+")):
        f(x, bad)


def test_a_leak_of_zero_and_minus_infinity_is_nan_to_a_prelu_without_a_warning():
    with np.errstate(all="raise"):
        assert np.isnan(prelu(-np.inf, 0))
        assert prelu(-1.0, np.array(5e-324)) == -5e-324


@pytest.mark.parametrize("alpha", [0.0, 1.0, 2.0])
def test_the_height_of_elu_scales_its_tail(alpha):
    x = np.array([-3.0, -0.5, 2.0])
    np.testing.assert_allclose(elu(x, alpha), [*alpha * np.expm1(x[:2]), 2], rtol=1e-15)
    np.testing.assert_allclose(elu_grad(x, alpha), [*alpha * np.exp(x[:2]), 1], rtol=1e-15)


def test_defaults_are_those_of_the_slides():
    assert leaky_relu(-1.0) == -0.01
    assert leaky_relu_grad(-1.0) == 0.01
    assert elu(-1e4) == -1
    np.testing.assert_array_equal(maxout([1.0, 2.0, 3.0, 4.0]), [3, 4])
    np.testing.assert_array_equal(maxout_grad([1.0, 2.0, 3.0, 4.0]), [0, 0, 1, 1])


def test_other_bad_arguments_are_named():
    with pytest.raises(ValueError, match=r"x must have a last axis that 2 pieces divide, but has .* \(3,\)"):
        maxout([1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="pieces must be a whole number of at least 2, but is 1"):
        maxout([1.0], pieces=1)
    with pytest.raises(ValueError, match=r"alpha has the shape \(2,\); x of \(1, 3\) asks for \(3,\)"):
        prelu([[1.0, 2.0, 3.0]], alpha=[0.1, 0.2])
    with pytest.raises(ValueError, match=r"activation must be one of sigmoid, tanh, relu, .* but is 'gelu'"):
        named("gelu")


def test_every_named_activation_is_tested_here():
    assert set(ACTIVATIONS) <= set(PAIRS)
    for name, pair in ACTIVATIONS.items():
        assert named(name) == pair == PAIRS[name][:2]


def test_values_and_gradients_agree_with_torch(torch):
    peers = {
        "sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu, "elu": torch.nn.functional.elu,
        "leaky_relu": torch.nn.functional.leaky_relu,
        "prelu": lambda x: torch.nn.functional.prelu(x, torch.tensor([0.25], dtype=x.dtype)),
    }  # fmt: skip
    points = np.concatenate([np.linspace(-12, 12, 241), [0.0]])
    for name, peer in peers.items():
        f, f_grad, _ = PAIRS[name]
        x = torch.tensor(points, requires_grad=True)
        y = peer(x)
        y.sum().backward()
        np.testing.assert_allclose(f(points), y.detach().numpy(), rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(f_grad(points), x.grad.numpy(), rtol=1e-7, atol=1e-15, err_msg=name)


def test_maxout_agrees_with_torch(torch):
    x = torch.tensor(np.random.default_rng(0).standard_normal((5, 12)), requires_grad=True)
    y = x.reshape(5, 3, 4).amax(dim=1)
    y.sum().backward()
    np.testing.assert_array_equal(maxout(x.detach().numpy(), 3), y.detach().numpy())
    np.testing.assert_array_equal(maxout_grad(x.detach().numpy(), 3), x.grad.numpy())


def test_the_gradient_of_alpha_agrees_with_torch(torch):
    x = np.random.default_rng(0).standard_normal((5, 3))
    alpha = torch.tensor([0.1, 0.2, 0.3], dtype=torch.float64, requires_grad=True)
    torch.nn.functional.prelu(torch.tensor(x), alpha).sum().backward()
    np.testing.assert_allclose(prelu_grad_alpha(x).sum(axis=0), alpha.grad.numpy(), rtol=1e-14)


def test_torch_loses_the_tail_of_the_sigmoid_and_this_package_keeps_it(torch):
    x = torch.tensor(40.0, dtype=torch.float64, requires_grad=True)
    torch.sigmoid(x).backward()
    assert x.grad == 0
    assert sigmoid_grad(40.0) == pytest.approx(np.exp(-40.0), rel=1e-15)


def test_out_may_stand_at_its_place():
    x, out = np.array([-1.0, 2.0]), np.empty(2)
    assert maxout_grad(x, 2, out) is out
    assert out.tolist() == [0, 1]
    assert relu(x, out) is out
    assert leaky_relu(x, 0.5, out) is out
    np.testing.assert_array_equal(out, [-0.5, 2])


@kernels
@pytest.mark.parametrize(
    "out", [[0.0, 0.0], np.empty(3), np.empty(2, "f4"), np.empty((1, 2)), "out", np.empty(2, int)]
)
def test_an_out_that_does_not_fit_is_refused(f, out):
    with pytest.raises(ValueError, match=r"out must be a writable array of float64 \(2,\), but is"):
        f(np.ones(2), out=out)


def test_an_out_that_must_not_be_written_into_is_refused():
    for locked in (np.broadcast_to(1.0, 2), np.frombuffer(bytes(16))):
        with pytest.raises(ValueError, match=r"out must be a writable array"):
            relu(np.ones(2), out=locked)


def test_a_formula_becomes_an_activation():
    seen = []

    @elementwise
    def square(x, power=2, out=None):
        seen.append((x.dtype, out))
        return np.power(x, power, out=out)

    assert square([1, 2]).tolist() == [1, 4]
    assert square(np.float32([1, 2]), 3).tolist() == [1, 8]
    assert seen == [(np.dtype(float), None), (np.dtype("f4"), None)]
    with np.errstate(all="raise"):
        assert np.isinf(square(1e300))
    with pytest.raises(TypeError, match="x must hold real numbers, but its dtype is"):
        square("two")
    for bad, words in (
        (lambda x: x, "formula must be a function"),
        (2, "formula must be a function, but is 2"),
    ):
        with pytest.raises(TypeError, match=words):
            elementwise(bad)
    for wrong in (lambda x, out=None: x * 2, lambda x, out=None: None, lambda x, out=None: x[:1]):
        with pytest.raises(ValueError, match="formula must return an array of the shape of x"):
            elementwise(wrong)(np.ones(3), out=np.empty(3))
    with pytest.raises(TypeError, match=r"square\(\) missing 1 required positional argument: 'x'"):
        square()


@pytest.mark.parametrize(
    "wrong", [relu, (relu,), (relu, None), ("relu", "relu_grad"), [relu, relu_grad, relu]]
)
def test_what_is_registered_must_be_two_functions(monkeypatch, wrong):
    monkeypatch.setitem(ACTIVATIONS, "own", wrong)
    with pytest.raises(TypeError, match=r"ACTIVATIONS\['own'\] must be two functions \(f, f_grad\), but is"):
        named("own")


@pytest.mark.parametrize("kind", ["f2", "f4"])
def test_a_signalling_nan_comes_out_without_a_warning(kind):
    loud = np.array([0x7D00 if kind == "f2" else 0x7F800001], "u2" if kind == "f2" else "u4").view(kind)
    for f in KERNELS.values():
        assert np.isnan(f(loud)).all()
