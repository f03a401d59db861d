import mpmath
import numpy as np
import pytest

from course import network
from course.gradcheck import check, relative_error
from course.initializers import he
from course.normalization import batch_norm, batch_norm_backward, batch_norm_inference, layer_norm


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def gradients_of(x, gamma, beta, weights):
    """Worst error of (dx, dgamma, dbeta) for the loss sum(weights * out)."""
    _, cache = batch_norm(x, gamma, beta)
    dx, dgamma, dbeta = batch_norm_backward(weights, cache)
    return [
        check(lambda x: (weights * batch_norm(x, gamma, beta)[0]).sum(), x, dx).error,
        check(lambda gamma: (weights * batch_norm(x, gamma, beta)[0]).sum(), gamma, dgamma).error,
        check(lambda beta: (weights * batch_norm(x, gamma, beta)[0]).sum(), beta, dbeta).error,
    ]


def test_output_has_the_mean_beta_and_the_std_gamma(rng):
    x = 5 + 3 * rng.standard_normal((1000, 4))
    out, cache = batch_norm(x, gamma=[1.0, 2.0, 3.0, 4.0], beta=[0.0, 1.0, 2.0, 3.0])
    np.testing.assert_allclose(out.mean(axis=0), [0, 1, 2, 3], atol=1e-12)
    np.testing.assert_allclose(out.std(axis=0), [1, 2, 3, 4], rtol=1e-5)
    np.testing.assert_allclose(cache.mean, x.mean(axis=0))
    np.testing.assert_allclose(cache.var, x.var(axis=0))


def test_identity_is_recovered_to_machine_precision(rng):
    x = 5 + 3 * rng.standard_normal((50, 4))
    out, _ = batch_norm(x, gamma=np.sqrt(x.var(axis=0) + 1e-5), beta=x.mean(axis=0))
    np.testing.assert_allclose(out, x, rtol=1e-14)


def test_gradients_match_finite_differences(rng):
    x, gamma, beta = rng.standard_normal((7, 3)), rng.standard_normal(3), rng.standard_normal(3)
    assert max(gradients_of(x, gamma, beta, rng.standard_normal((7, 3)))) < 1e-6


def test_staged_graph_and_closed_form_agree(rng):
    x, dout = 2 + rng.standard_normal((9, 5)), rng.standard_normal((9, 5))
    gamma = rng.standard_normal(5)
    _, cache = batch_norm(x, gamma, np.zeros(5))
    centred, n = x - cache.mean, len(x)
    dxhat = dout * gamma
    dvar = (dxhat * centred * -0.5 * cache.inverse_std**3).sum(axis=0)
    dmean = -(dxhat * cache.inverse_std).sum(axis=0) - 2 * dvar * centred.mean(axis=0)
    staged = dxhat * cache.inverse_std + dvar * 2 * centred / n + dmean / n
    assert relative_error(batch_norm_backward(dout, cache)[0], staged).max() < 1e-12


def test_inference_with_the_batch_statistics_equals_training(rng):
    x, gamma, beta = rng.standard_normal((20, 3)), rng.standard_normal(3), rng.standard_normal(3)
    out, cache = batch_norm(x, gamma, beta)
    np.testing.assert_allclose(batch_norm_inference(x, gamma, beta, cache.mean, cache.var), out, atol=1e-14)


@pytest.mark.parametrize("rows", [1, 2])
def test_one_row_and_constant_features_stay_finite(rows):
    out, cache = batch_norm(np.full((rows, 2), 7.0), np.ones(2), np.full(2, 3.0))
    np.testing.assert_array_equal(out, 3)
    assert np.isfinite(batch_norm_backward(np.ones((rows, 2)), cache)[0]).all()


def test_pictures_are_not_taken_for_networks():
    x, ones = np.ones((8, 6, 6, 4)), np.ones(4)
    with pytest.raises(ValueError, match=r"gamma has the shape \(4,\); x, .*, since leading axes are netw"):
        batch_norm(x, ones, ones)
    # A fixed map of each channel, and rows that do not see each other, need no such care.
    assert batch_norm_inference(x, ones, ones, ones, ones).shape == x.shape == layer_norm(x, ones, ones).shape


def test_an_update_of_gamma_does_not_reach_into_the_cache(rng):
    x, gamma = rng.standard_normal((5, 3)), np.ones(3)
    _, cache = batch_norm(x, gamma, np.zeros(3))
    expected = batch_norm_backward(x, cache)[0]
    gamma *= 7
    np.testing.assert_array_equal(batch_norm_backward(x, cache)[0], expected)


def test_a_nan_feature_stays_in_its_column():
    x = np.array([[1.0, np.nan], [2.0, 1.0]])
    out, cache = batch_norm(x, np.ones(2), np.zeros(2))
    dx, dgamma, _ = batch_norm_backward(np.ones((2, 2)), cache)
    np.testing.assert_array_equal(np.isnan(dx), [[False, True], [False, True]])
    np.testing.assert_array_equal(np.isnan(dgamma), [False, True])
    assert np.isfinite(out[:, 0]).all()
    assert np.isnan(out[:, 1]).all()


def test_networks_side_by_side_equal_single_ones(rng):
    x, gamma, beta = rng.standard_normal((3, 8, 4)), rng.standard_normal((3, 4)), rng.standard_normal((3, 4))
    dout = rng.standard_normal(x.shape)
    out, cache = batch_norm(x, gamma, beta)
    back = batch_norm_backward(dout, cache)
    for k in range(3):
        single, single_cache = batch_norm(x[k], gamma[k], beta[k])
        np.testing.assert_allclose(out[k], single, rtol=1e-14)
        for a, b in zip(back, batch_norm_backward(dout[k], single_cache), strict=True):
            np.testing.assert_allclose(a[k], b, rtol=1e-12, atol=1e-14)
    with pytest.raises(ValueError, match=r"gamma has the shape \(4,\); .* since leading axes are networks"):
        batch_norm(x, gamma[0], beta[0])


def test_layer_norm_normalizes_each_row(rng):
    x = 4 + 2 * rng.standard_normal((6, 500))
    out = layer_norm(x, np.ones(500), np.zeros(500))
    np.testing.assert_allclose(out.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(out.std(axis=1), 1, rtol=1e-5)
    np.testing.assert_array_equal(out[2:3], layer_norm(x[2:3], np.ones(500), np.zeros(500)))


def test_gradients_of_a_normalized_network_match_finite_differences(rng):
    params = network.create(rng, [5, 6, 4, 3], he, normalized=True)
    params = [tuple(p + 0.1 * rng.standard_normal(p.shape) for p in layer) for layer in params]
    x, y = rng.standard_normal((9, 5)), rng.integers(3, size=9)
    masks = [network.dropout(rng, (9, n), 0.3) for n in (6, 4)]
    _, grads = network.loss_and_grads(params, x, y, "tanh", reg=0.1, masks=masks)
    for i, layer in enumerate(params):
        for j in range(len(layer)):

            def loss(p, i=i, j=j):
                changed = [list(layer) for layer in params]
                changed[i][j] = p
                return network.loss_and_grads(changed, x, y, "tanh", reg=0.1, masks=masks)[0]

            assert check(loss, params[i][j], grads[i][j]).error < 1e-6, (i, j)


def test_fold_gives_the_scores_of_the_statistics_it_was_given(rng):
    params = network.create(rng, [5, 6, 4, 3], he, normalized=True)
    params = [tuple(p + 0.1 * rng.standard_normal(p.shape) for p in layer) for layer in params]
    x = rng.standard_normal((40, 5))
    plain, in_training = network.fold(params, x, "relu"), network.forward(params, x, "relu")[0][-1]
    np.testing.assert_allclose(network.scores(plain, x, "relu"), in_training, atol=1e-12)
    np.testing.assert_allclose(network.scores(plain, x[:1], "relu"), in_training[:1], atol=1e-12)


def test_dropout_keeps_the_mean_and_drops_the_share(rng):
    mask = network.dropout(rng, (1000, 1000), 0.3)
    assert abs((mask == 0).mean() - 0.3) < 5 * np.sqrt(0.3 * 0.7 / 1e6)
    np.testing.assert_allclose(np.unique(mask), [0, 1 / 0.7])


def test_normalization_agrees_with_torch(rng, torch):
    x, dout = rng.standard_normal((10, 4)), rng.standard_normal((10, 4))
    gamma, beta = rng.standard_normal(4), rng.standard_normal(4)
    leaves = [torch.tensor(a, requires_grad=True) for a in (x, gamma, beta)]
    theirs = torch.nn.functional.batch_norm(leaves[0], None, None, leaves[1], leaves[2], training=True)
    theirs.backward(torch.tensor(dout))
    out, cache = batch_norm(x, gamma, beta)
    np.testing.assert_allclose(out, theirs.detach().numpy(), rtol=1e-10)
    for ours, leaf in zip(batch_norm_backward(dout, cache), leaves, strict=True):
        np.testing.assert_allclose(ours, leaf.grad.numpy(), rtol=1e-8, atol=1e-12)
    normed = torch.nn.functional.layer_norm(torch.tensor(x), (4,), torch.tensor(gamma), torch.tensor(beta))
    np.testing.assert_allclose(layer_norm(x, gamma, beta), normed.numpy(), rtol=1e-10)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((np.ones(3), np.ones(3), np.ones(3)), r"x must have the shape \(\.\.\., N, D\), but has \(3,\)"),
        ((np.ones((2, 3)), np.ones(2), np.ones(3)), r"gamma has the shape \(2,\)"),
        ((np.ones((2, 3)), np.ones(3), np.ones(1)), r"beta has the shape \(1,\)"),
        # Broadcasting would have taken these, and given the result an axis of its own.
        (
            (np.ones((2, 3)), np.ones((1, 3)), np.ones(3)),
            r"gamma has the shape \(1, 3\); x, of \(2, 3\), asks",
        ),
        ((np.ones((2, 3)), np.ones(3), np.ones((2, 3))), r"beta has the shape \(2, 3\)"),
        ((np.ones((2, 3)), 1.0, np.ones(3)), r"gamma has the shape \(\)"),
        (
            (np.ones((4, 2, 3)), np.ones((2, 3)), np.ones(3)),
            r"gamma has the shape \(2, 3\); .* asks for \(4, 3\)",
        ),
    ],
)
@pytest.mark.parametrize("f", [batch_norm, layer_norm])
def test_bad_shapes_are_named(f, arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        f(*arguments)


def test_a_batch_without_rows_is_refused():
    with pytest.raises(ValueError, match=r"x must hold at least one row .* has the shape \(0, 3\)"):
        batch_norm(np.ones((0, 3)), np.ones(3), np.ones(3))
    assert layer_norm(np.ones((0, 3)), np.ones(3), np.ones(3)).shape == (0, 3)
    assert batch_norm_inference(np.ones((0, 3)), *np.ones((4, 3))).shape == (0, 3)


BAD_STATISTICS = [
    ([0.0], np.ones(3), r"mean has the shape \(1,\); x, of \(2, 3\), asks for \(3,\)"),
    (0.0, np.ones(3), r"mean has the shape \(\)"),
    (np.zeros(3), np.ones((2, 3)), r"var has the shape \(2, 3\)"),
    (np.zeros(3), [1.0, -1.0, 1.0], "var must lie between 0 and 1.79769e.308, but is"),
    (np.zeros(3), [1.0, np.nan, 1.0], "var must lie between 0 and 1.79769e.308, but is"),
]


@pytest.mark.parametrize(("mean", "var", "sentence"), BAD_STATISTICS)
def test_bad_running_averages_are_named(mean, var, sentence):
    with pytest.raises(ValueError, match=sentence):
        batch_norm_inference(np.ones((2, 3)), np.ones(3), np.ones(3), mean, var)


@pytest.mark.parametrize("epsilon", [-1e-5, np.inf, np.nan, [1e-5, 1e-5]])
def test_a_bad_epsilon_is_named(epsilon):
    for f in (
        batch_norm,
        layer_norm,
        lambda x, *p, epsilon: batch_norm_inference(x, *p, *p, epsilon=epsilon),
    ):
        with pytest.raises(ValueError, match="epsilon must"):
            f(np.ones((2, 3)), np.ones(3), np.ones(3), epsilon=epsilon)


def test_a_gradient_of_another_shape_is_refused():
    _, cache = batch_norm(np.ones((2, 3)), np.ones(3), np.ones(3))
    with pytest.raises(ValueError, match=r"dout has the shape \(3,\), but the forward pass asks for"):
        batch_norm_backward(np.ones(3), cache)


def test_a_call_that_fails_changes_nothing(rng):
    """Running averages are the caller's; neither a refusal nor a NaN in one batch can spoil them."""
    x, gamma, beta = rng.standard_normal((4, 3)), np.ones(3), np.zeros(3)
    given = [x, gamma, beta, *np.ones((2, 3))]
    before = [a.copy() for a in given]
    with pytest.raises(ValueError, match="beta has the shape"):
        batch_norm(x, gamma, np.zeros(2))
    with pytest.raises(ValueError, match="epsilon must"):
        batch_norm_inference(*given, epsilon=-1)
    batch_norm(np.full((4, 3), np.nan), gamma, beta)
    batch_norm_inference(*given)
    out, cache = batch_norm(x, gamma, beta)
    out += 1
    batch_norm_backward(out, cache)
    for a, b in zip(given, before, strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(cache.centred, batch_norm(x, gamma, beta)[1].centred)


def test_half_precision_normalizes_what_its_squares_would_not_hold():
    x = np.array([[-400, 30_000], [400, -30_000]], np.float16)
    for out in (batch_norm(x, np.ones(2), np.zeros(2))[0], layer_norm(x.T, np.ones(2), np.zeros(2)).T):
        assert out.dtype == np.float16
        np.testing.assert_allclose(out, [[-1, 1], [1, -1]], rtol=np.finfo(np.float16).eps)
    out = batch_norm_inference(x, np.ones(2), np.zeros(2), [0, 0], [400.0**2, 30_000.0**2])
    np.testing.assert_allclose(out, [[-1, 1], [1, -1]], rtol=np.finfo(np.float16).eps)


def test_what_a_kind_cannot_hold_is_infinite_without_a_warning():
    with np.errstate(all="raise"):
        out = batch_norm_inference(np.full((1, 1), 6e4, np.float16), [1.0], [0.0], [0.0], [1e-5])
    np.testing.assert_array_equal(out, np.inf)


def test_single_precision_is_kept_in_the_cache_too(rng):
    _, cache = batch_norm(rng.standard_normal((4, 3)).astype(np.float32), np.ones(3), np.zeros(3))
    assert {array.dtype for array in cache} == {np.dtype(np.float32)}


def test_half_precision_is_kept_on_the_way_back(rng):
    x = rng.standard_normal((4, 3)).astype(np.float16)
    out, cache = batch_norm(x, np.ones(3), np.zeros(3))
    assert {array.dtype for array in (out, *batch_norm_backward(out, cache))} == {np.dtype(np.float16)}


def test_epsilon_is_added_to_the_variance():
    x = np.array([[-1.0], [1.0]])
    for f in (batch_norm, lambda *a, **k: (batch_norm_inference(*a, [0.0], [1.0], **k),)):
        assert f(x, [1.0], [0.0], epsilon=3.0)[0][1, 0] == 0.5
        assert f(x, [1.0], [0.0])[0][1, 0] == pytest.approx(1 / np.sqrt(1 + 1e-5), rel=1e-15)
    assert layer_norm(x.T, [1.0, 1.0], [0.0, 0.0], epsilon=3.0)[0, 1] == 0.5
    assert layer_norm(x.T, [1.0, 1.0], [0.0, 0.0])[0, 1] == pytest.approx(1 / np.sqrt(1 + 1e-5), rel=1e-15)


# Exact to a few units in the last place of the largest term: what cancels has the places of what it was.
CLOSE = mpmath.mpf(1e-15)


def exact_batch_norm(x, gamma, beta, dout, epsilon=1e-5):
    """One feature to 60 digits: (out, dx, dgamma, dbeta), and the sizes of the terms that each one adds."""
    x, dout = [mpmath.mpf(float(v)) for v in x], [mpmath.mpf(float(v)) for v in dout]
    gamma, beta, epsilon, n = mpmath.mpf(float(gamma)), mpmath.mpf(float(beta)), mpmath.mpf(epsilon), len(x)
    mean = mpmath.fsum(x) / n
    std = mpmath.sqrt(mpmath.fsum((v - mean) ** 2 for v in x) / n + epsilon)
    xhat, widest = [(v - mean) / std for v in x], max(abs(v) for v in x) / std
    dgamma = mpmath.fsum(d * v for d, v in zip(dout, xhat, strict=True))
    dbeta = mpmath.fsum(dout)
    dx = [gamma / std * (d - (dbeta + v * dgamma) / n) for d, v in zip(dout, xhat, strict=True)]
    steepest = max(map(abs, dout))
    sizes = 2 * abs(gamma) * widest + abs(beta), abs(gamma) / std * steepest * (2 + 3 * widest**2)
    return [gamma * v + beta for v in xhat], dx, dgamma, dbeta, sizes, steepest * n * (1 + widest)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e6])
@pytest.mark.parametrize("offset", [0.0, 1.0])
def test_batch_norm_is_exact_to_the_last_places(rng, scale, offset):
    x, dout = scale * (rng.standard_normal((12, 4)) + offset), rng.standard_normal((12, 4))
    gamma, beta = rng.standard_normal((2, 4))
    out, cache = batch_norm(x, gamma, beta)
    dx, dgamma, dbeta = batch_norm_backward(dout, cache)
    inference = batch_norm_inference(x, gamma, beta, cache.mean, cache.var)
    rows = layer_norm(x.T, np.full(12, gamma[0]), np.full(12, beta[0]))
    with mpmath.workdps(60):
        for j in range(4):
            *exact, (size, slope), total = exact_batch_norm(x[:, j], gamma[j], beta[j], dout[:, j])
            for i in range(12):
                assert abs(float(out[i, j]) - exact[0][i]) <= CLOSE * size
                assert abs(float(inference[i, j]) - exact[0][i]) <= CLOSE * size
                assert abs(float(dx[i, j]) - exact[1][i]) <= CLOSE * slope
            assert abs(float(dgamma[j]) - exact[2]) <= CLOSE * total
            assert abs(float(dbeta[j]) - exact[3]) <= CLOSE * total
            exact, *_, (size, _), _ = exact_batch_norm(x[:, j], gamma[0], beta[0], dout[:, j])
            for i in range(12):
                assert abs(float(rows[j, i]) - exact[i]) <= CLOSE * size


def test_where_nothing_cancels_every_value_is_exact():
    """Pairs of opposite numbers have the mean 0, from the smallest variance to the largest."""
    a = 10.0 ** np.arange(-150, 151, 10)
    x = np.stack([-a, a])
    ones, zeros = np.ones_like(a), np.zeros_like(a)
    with mpmath.workdps(60):
        exact = [mpmath.mpf(v) / mpmath.sqrt(mpmath.mpf(v) ** 2 + mpmath.mpf(1e-5)) for v in map(float, a)]
        for ours in (
            batch_norm(x, ones, zeros)[0],
            batch_norm_inference(x, ones, zeros, zeros, a**2),
            np.stack([layer_norm(pair[None], [1, 1], [0, 0])[0] for pair in x.T], axis=1),
        ):
            for value, opposite, true in zip(ours[1], ours[0], exact, strict=True):
                assert value == -opposite
                assert abs(float(value) - true) <= CLOSE * true


def test_inference_agrees_with_torch(rng, torch):
    layer = torch.nn.BatchNorm1d(4, dtype=torch.float64, momentum=0.1)
    mean, var = np.zeros(4), np.ones(4)
    for _ in range(5):
        x = 2 + 3 * rng.standard_normal((10, 4))
        layer(torch.tensor(x))
        _, cache = batch_norm(x, np.ones(4), np.zeros(4))
        # PyTorch's running variance is the unbiased one.
        mean, var = 0.9 * mean + 0.1 * cache.mean, 0.9 * var + 0.1 * cache.var * 10 / 9
    np.testing.assert_allclose(mean, layer.running_mean.numpy(), rtol=1e-12)
    np.testing.assert_allclose(var, layer.running_var.numpy(), rtol=1e-12)
    theirs = layer.eval()(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(
        batch_norm_inference(x, np.ones(4), np.zeros(4), mean, var), theirs, rtol=1e-11
    )


@pytest.mark.parametrize(("kind", "size"), [(np.float32, 1e20), (np.float64, 1e200)])
def test_a_variance_that_is_too_large_hides_no_explosion(rng, kind, size):
    x = (size * rng.standard_normal((4, 3))).astype(kind)
    assert np.isnan(batch_norm(x, np.ones(3), np.zeros(3))[0]).all()
    if kind is np.float64:
        assert np.isnan(layer_norm(x, np.ones(3), np.zeros(3))).all()


@pytest.mark.parametrize("kinds", [("f2", "f4"), ("f4", "f2"), ("f4", "f8"), ("f8", "f2"), ("f2", "f8")])
def test_the_way_back_takes_a_gradient_of_another_precision(rng, kinds):
    x, dout = (rng.standard_normal((6, 3)).astype(kind) for kind in kinds)
    back = batch_norm_backward(dout, batch_norm(x, np.ones(3), np.zeros(3))[1])
    exact = batch_norm_backward(dout.astype(float), batch_norm(x.astype(float), np.ones(3), np.zeros(3))[1])
    for ours, theirs in zip(back, exact, strict=True):
        assert ours.dtype == np.result_type(*kinds)
        np.testing.assert_allclose(ours, theirs, atol=5e-3)
