import numpy as np
import pytest

from course.optimizers import UPDATES, adam, momentum, nesterov, rmsprop, sgd


def walk(rule, w, gradient, rate, steps):
    state = None
    for _ in range(steps):
        step, state = rule(gradient(w), state, rate)
        w = w + step
    return w


@pytest.mark.parametrize("rule", UPDATES.values(), ids=UPDATES)
def test_every_rule_walks_to_the_bottom_of_a_bowl(rule):
    w = walk(rule, np.array([1.0, -2.0]), lambda w: w * [1.0, 10.0], rate=0.02, steps=2000)
    np.testing.assert_allclose(w, 0, atol=0.03)


def test_sgd_shrinks_a_quadratic_geometrically():
    assert walk(sgd, 1.0, lambda w: 3 * w, rate=0.1, steps=5) == pytest.approx(0.7**5)


def test_momentum_reaches_its_terminal_velocity():
    v = None
    for _ in range(300):
        step, v = momentum(np.array([1.0]), v, 0.1, mu=0.9)
    np.testing.assert_allclose(step, -0.1 / (1 - 0.9))


def test_nesterov_is_a_look_ahead():
    """The form in use equals evaluating the gradient at w + mu v, seen from the point looked ahead to."""
    gradient, rate, mu = (lambda w: w**3 + w), 0.05, 0.9
    w = v = 0.0
    ahead, state = 2.0, None
    w = 2.0
    for _ in range(20):
        v = mu * v - rate * gradient(w + mu * v)
        w = w + v
        step, state = nesterov(gradient(ahead), state, rate, mu)
        ahead = ahead + step
        assert ahead == pytest.approx(w + mu * v, rel=1e-12)


def test_rmsprop_forgets_the_scale_of_the_gradient():
    state = None
    for _ in range(2000):
        step, state = rmsprop(np.array([1e-3, 1.0, 1e3]), state, 0.01)
    np.testing.assert_allclose(step, -0.01, rtol=1e-4)


def test_adam_starts_with_a_full_step_whatever_the_gradient():
    for size in (1e-4, 1.0, 1e4):
        step, _ = adam(np.array([size]), None, 0.001)
        np.testing.assert_allclose(step, -0.001, rtol=1e-3)


def test_rules_agree_with_torch(torch):
    peers = {
        "sgd": lambda w: torch.optim.SGD([w], lr=0.01),
        "momentum": lambda w: torch.optim.SGD([w], lr=0.01, momentum=0.9),
        "nesterov": lambda w: torch.optim.SGD([w], lr=0.01, momentum=0.9, nesterov=True),
        "rmsprop": lambda w: torch.optim.RMSprop([w], lr=0.01, alpha=0.99),
        "adam": lambda w: torch.optim.Adam([w], lr=0.01),
    }
    start = np.random.default_rng(0).standard_normal(5)
    for name, make in peers.items():
        w = torch.tensor(start, requires_grad=True)
        optimizer = make(w)
        for _ in range(25):
            optimizer.zero_grad()
            (w**4 / 4 + w**2 / 2).sum().backward()
            optimizer.step()
        ours = walk(UPDATES[name], start, lambda w: w**3 + w, 0.01, 25)
        np.testing.assert_allclose(ours, w.detach().numpy(), rtol=1e-9, err_msg=name)


rules = pytest.mark.parametrize("rule", UPDATES.values(), ids=UPDATES)


@rules
def test_nan_in_a_gradient_comes_out_and_stays_in_its_place(rule):
    step, state = rule(np.array([np.nan, 1.0]), None, 0.1)
    np.testing.assert_array_equal(np.isnan(step), [True, False])
    np.testing.assert_array_equal(np.isnan(rule(np.ones(2), state, 0.1)[0]), [rule is not sgd, False])


@rules
@pytest.mark.parametrize("bad", [[1j], ["a"], [None]])
def test_what_is_no_number_is_refused_by_name(rule, bad):
    with pytest.raises(TypeError, match="dw must hold real numbers, but its dtype is"):
        rule(bad, None, 0.1)


@rules
def test_a_gradient_of_zero_moves_nothing_and_one_too_large_does_not_warn(rule):
    with np.errstate(all="raise"):
        assert rule(0.0, None, 0.1)[0] == 0
        assert not np.isfinite(rule(np.float64(1e308), None, 1e10)[0])


# The first two steps by hand, for gradients of 2 and then 1 and the rate 1/2.
BY_HAND = {
    "sgd": (-1, -0.5),
    "momentum": (-1, -1.4),
    "nesterov": (-1.9, -0.9 * -1 + 1.9 * -1.4),
    "rmsprop": (-1 / (np.sqrt(0.04) + 1e-8), -0.5 / (np.sqrt(0.99 * 0.04 + 0.01) + 1e-8)),
    "adam": (
        -0.5 * 2 / (2 + 1e-8),
        -0.5 * ((0.9 * 0.2 + 0.1) / 0.19) / (np.sqrt((0.999 * 0.004 + 0.001) / (1 - 0.999**2)) + 1e-8),
    ),
}


@pytest.mark.parametrize("name", UPDATES)
def test_the_first_two_steps_are_those_by_hand(name):
    first, state = UPDATES[name](2.0, None, 0.5)
    second, _ = UPDATES[name](1.0, state, 0.5)
    np.testing.assert_allclose([first, second], BY_HAND[name], rtol=1e-13)


@pytest.mark.parametrize("rule", UPDATES.values(), ids=UPDATES)
def test_float32_and_side_by_side_rates(rule):
    dw = np.ones((2, 3), np.float32)
    rate = np.array([[0.1], [0.2]], np.float32)
    step, state = rule(dw, None, rate)
    step, state = rule(dw, state, rate)
    assert step.dtype == np.float32
    np.testing.assert_allclose(step[1], 2 * step[0], rtol=1e-6)
    np.testing.assert_array_equal(dw, 1)


@rules
def test_a_step_shares_no_memory_with_what_is_remembered(rule):
    expected = walk(rule, np.array([1.0, -2.0]), lambda w: 3 * w, rate=0.1, steps=4)

    def careless(dw, state, rate):
        step, state = rule(dw, state, rate)
        scaled = step.copy()
        step *= 1000
        dw *= 0
        return scaled, state

    np.testing.assert_array_equal(walk(careless, np.array([1.0, -2.0]), lambda w: 3 * w, 0.1, 4), expected)


@rules
def test_half_precision_is_computed_in_single(rule):
    state = None
    for _ in range(3):
        step, state = rule(np.zeros(2, np.float16), state, 0.1)
        assert step.dtype == np.float16
        np.testing.assert_array_equal(step, 0)
    # Its squares would vanish, and with them what divides the step.
    small, large = (rule(np.full(2, 1e-5, kind), None, 0.1)[0] for kind in (np.float16, np.float32))
    np.testing.assert_allclose(small, large, rtol=0.01, atol=1e-7)


@rules
def test_a_state_of_another_rule_or_shape_is_refused(rule):
    gradient = np.ones((2, 3))
    states = {name: other(gradient, None, 0.1)[1] for name, other in UPDATES.items()}
    own = next(name for name, other in UPDATES.items() if other is rule)
    alike = {"momentum", "nesterov", "rmsprop"}
    for name, state in states.items():
        if name in (own, "sgd") or {name, own} <= alike:
            continue
        with pytest.raises(ValueError, match="state"):
            rule(gradient, state, 0.1)
    if own != "sgd":
        with pytest.raises(ValueError, match="state"):
            rule(np.ones(3), states[own], 0.1)


@rules
@pytest.mark.parametrize("rate", [np.nan, [0.1, np.nan], np.ones(2), np.ones((1, 1, 3)), "fast", None, 1j])
def test_a_rate_that_is_none_is_named(rule, rate):
    with pytest.raises((TypeError, ValueError), match="rate"):
        rule(np.ones((2, 3)), None, rate)
    with pytest.raises(ValueError, match="rate is 1e-50, which float32 cannot hold"):
        rule(np.ones(2, np.float32), None, 1e-50)


def test_a_falling_rate_is_remembered_in_the_velocity():
    """PyTorch multiplies the velocity by the rate of the moment; here each gradient keeps its own."""
    state, velocity, ours, theirs = None, 0.0, 1.0, 1.0
    for k in range(10):
        step, state = momentum(ours, state, 0.1 * 0.5**k)
        ours += step
        velocity = 0.9 * velocity + theirs
        theirs -= 0.1 * 0.5**k * velocity
    keras, velocity = 1.0, 0.0
    for k in range(10):
        velocity = 0.9 * velocity - 0.1 * 0.5**k * keras
        keras += velocity
    assert ours == pytest.approx(keras, rel=1e-12)
    assert abs(ours - theirs) > 0.1
