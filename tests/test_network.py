import mpmath
import numpy as np
import pytest

from course import network
from course.activations import ACTIVATIONS
from course.gradcheck import check
from course.initializers import he, normal


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def data(rng):
    return rng.standard_normal((7, 5)), rng.integers(3, size=7)


def create(rng, normalized=False):
    """A network at random parameters: biases of zero would hide mistakes."""
    params = network.create(rng, [5, 6, 4, 3], he, normalized=normalized)
    return [(W, *(p + 0.3 * rng.standard_normal(p.shape) for p in rest)) for W, *rest in params]


def replaced(params, i, j, p):
    layers = [list(layer) for layer in params]
    layers[i][j] = p
    return [tuple(layer) for layer in layers]


def worst_error(params, loss, grads):
    """Largest error of the gradients of all parameters against finite differences."""
    return max(
        check(lambda p, i=i, j=j: loss(replaced(params, i, j, p)), params[i][j], grads[i][j]).error
        for i in range(len(params))
        for j in range(len(params[i]))
    )


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("reg", [0.0, 0.1])
@pytest.mark.parametrize("normalized", [False, True])
def test_gradients_match_finite_differences(rng, data, activation, reg, normalized):
    params = create(rng, normalized)
    _, grads = network.loss_and_grads(params, *data, activation, reg)
    assert worst_error(params, lambda p: network.loss_and_grads(p, *data, activation, reg)[0], grads) < 1e-5


def test_gradients_under_dropout_match_finite_differences(rng, data):
    params = create(rng)
    masks = [network.dropout(rng, (7, n), 0.5) for n in (6, 4)]
    _, grads = network.loss_and_grads(params, *data, "tanh", 0.0, masks)
    assert (
        worst_error(params, lambda p: network.loss_and_grads(p, *data, "tanh", 0.0, masks)[0], grads) < 1e-6
    )


WRONG = {
    "of the other sign": lambda dW: -dW,
    "off by half a thousandth": lambda dW: 1.0005 * dW,
    "summed, not averaged": lambda dW: 7 * dW,
    "of the wrong order": lambda dW: dW.reshape(dW.shape[::-1]).T,
}


@pytest.mark.parametrize("spoil", WRONG.values(), ids=WRONG)
def test_a_wrong_gradient_would_be_found(rng, data, spoil):
    params = create(rng)
    _, grads = network.loss_and_grads(params, *data, "tanh")
    spoilt = replaced(grads, 1, 0, spoil(grads[1][0]))
    assert worst_error(params, lambda p: network.loss_and_grads(p, *data, "tanh")[0], spoilt) > 1e-4


def test_a_forgotten_penalty_would_be_found(rng, data):
    params = create(rng)
    _, grads = network.loss_and_grads(params, *data, "tanh", reg=0.0)
    assert worst_error(params, lambda p: network.loss_and_grads(p, *data, "tanh", 0.1)[0], grads) > 1e-3


@pytest.mark.parametrize("normalized", [False, True])
def test_networks_side_by_side_are_those_one_by_one(rng, data, normalized):
    nets = [create(np.random.default_rng(seed), normalized) for seed in range(3)]
    reg = np.array([0.0, 0.1, 0.2])
    loss, grads = network.loss_and_grads(network.stack(nets), *data, "relu", reg)
    for k, net in enumerate(nets):
        one, single = network.loss_and_grads(net, *data, "relu", reg[k])
        assert loss[k] == pytest.approx(one, rel=1e-12)
        for together, alone in zip(grads, single, strict=True):
            for a, b in zip(together, alone, strict=True):
                np.testing.assert_allclose(a[k], b, rtol=1e-9, atol=1e-14)


def test_the_gradients_of_the_layers_are_those_that_arrive(rng):
    """`backward` on one layer: what arrives is dout times the slope."""
    params, x, dout = create(rng)[:1], rng.standard_normal((4, 5)), rng.standard_normal((4, 6))
    zs, hs = network.forward(params, x, "tanh")
    (grads,), (dz,) = network.backward(params, x, zs, hs, dout, "tanh")
    np.testing.assert_allclose(dz, dout * (1 - np.tanh(zs[0]) ** 2))
    np.testing.assert_allclose(grads[0], x.T @ dz)
    np.testing.assert_allclose(grads[1], dz.sum(axis=0))


def test_the_first_loss_is_the_logarithm_of_the_classes(rng):
    params = network.create(rng, [20, 10, 10], lambda *a, **k: normal(*a, scale=1e-4, **k))
    loss, _ = network.loss_and_grads(params, rng.standard_normal((50, 20)), rng.integers(10, size=50), "relu")
    assert loss == pytest.approx(np.log(10), rel=1e-6)


def test_the_penalty_is_half_the_sum_of_squares_of_the_weights_alone(rng, data):
    params = create(rng)
    plain, _ = network.loss_and_grads(params, *data, "relu")
    punished, _ = network.loss_and_grads(params, *data, "relu", reg=2.0)
    assert punished - plain == pytest.approx(sum((W**2).sum() for W, _ in params))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_scores_of_any_size_give_a_finite_loss(dtype):
    scores = np.array([[1e4, -1e4, 0.0], [-1e4, -1e4, -1e4], [3.0, 3.0, 3.0]], dtype)
    with np.errstate(all="raise"):
        probabilities = network.softmax(scores)
        loss, dscores = network.cross_entropy(scores, [1, 2, 0])
    np.testing.assert_allclose(probabilities.sum(axis=-1), 1, rtol=1e-6)
    assert loss == pytest.approx((2e4 + 2 * np.log(3)) / 3, rel=1e-6)
    assert np.isfinite(dscores).all()
    np.testing.assert_allclose(dscores.sum(axis=-1), 0, atol=1e-6)
    assert loss.dtype == dscores.dtype == probabilities.dtype == dtype


NORMAL = np.finfo(float).tiny


def exact(scores, y):
    """Softmax, loss and gradient of one row of scores, to 60 digits."""
    e = [mpmath.exp(mpmath.mpf(float(s))) for s in scores]
    others = sum(e[:y] + e[y + 1 :])
    slopes = [value / sum(e) for value in e]
    return slopes, mpmath.log1p(others / e[y]), [*slopes[:y], -others / sum(e), *slopes[y + 1 :]]


def within(ours, theirs):
    """Whether values agree to a few units in the last place, wherever the true one is a normal number."""
    return all(
        abs(mpmath.mpf(float(a)) - b) <= 1e-15 * abs(b)
        for a, b in zip(ours, theirs, strict=True)
        if abs(b) >= NORMAL
    )


@pytest.mark.parametrize("scale", [1e-8, 1.0, 30.0, 300.0])
def test_softmax_and_its_loss_are_exact_to_the_last_places(scale):
    rng = np.random.default_rng(0)
    with mpmath.workdps(60):
        for _ in range(60):
            scores, y = scale * rng.standard_normal((1, rng.integers(2, 8))), 1
            probabilities, loss, slopes = exact(scores[0], y)
            ours, dscores = network.cross_entropy(scores, [y])
            assert within(network.softmax(scores)[0], probabilities), scores
            assert within([ours], [loss]), scores
            assert within(dscores[0], slopes), scores


def test_a_row_that_is_all_but_certain_is_not_called_certain():
    """With two classes the loss is softplus(-40), and the gradient that of a sigmoid's tail."""
    loss, dscores = network.cross_entropy([[40.0, 0.0]], [0])
    assert loss == pytest.approx(np.log1p(np.exp(-40.0)), rel=1e-15)
    np.testing.assert_allclose(dscores, [[-np.exp(-40.0), np.exp(-40.0)]], rtol=1e-15)
    loss, _ = network.cross_entropy([[-700.0, 0.0]], [1])
    assert loss == pytest.approx(np.exp(-700.0), rel=1e-15)


def test_torch_loses_what_is_all_but_certain(torch):
    scores = torch.tensor([[40.0, 0.0]], dtype=torch.float64, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(scores, torch.tensor([0]))
    loss.backward()
    assert loss == 0
    assert scores.grad[0, 0] == 0


def test_the_softmax_loss_agrees_with_torch(rng, torch):
    scores, y = 3 * rng.standard_normal((20, 6)), rng.integers(6, size=20)
    leaf = torch.tensor(scores, requires_grad=True)
    theirs = torch.nn.functional.cross_entropy(leaf, torch.tensor(y))
    theirs.backward()
    loss, dscores = network.cross_entropy(scores, y)
    assert loss == pytest.approx(theirs.item(), rel=1e-13)
    np.testing.assert_allclose(dscores, leaf.grad.numpy(), rtol=1e-11, atol=1e-16)
    np.testing.assert_allclose(network.softmax(scores), torch.softmax(leaf, -1).detach().numpy(), rtol=1e-12)


def test_scores_of_minus_infinity_are_classes_ruled_out():
    scores = np.array([[-np.inf, 0.0, 0.0], [1.0, -np.inf, -np.inf]])
    np.testing.assert_array_equal(network.softmax(scores), [[0, 0.5, 0.5], [1, 0, 0]])
    loss, dscores = network.cross_entropy(scores, [1, 0])
    assert loss == pytest.approx(np.log(2) / 2)
    np.testing.assert_array_equal(dscores, [[0, -0.25, 0.25], [0, 0, 0]])
    assert network.cross_entropy(scores, [0, 0])[0] == np.inf
    assert np.isnan(network.softmax([[np.inf, 0.0]])).all()
    assert np.isnan(network.softmax([[-np.inf, -np.inf]])).all()


def test_no_networks_have_no_losses():
    assert network.cross_entropy(np.empty((0, 2, 3)), [0, 0])[0].shape == (0,)


def test_nan_among_the_scores_stays_in_its_row():
    scores = np.array([[0.0, np.nan], [0.0, 0.0]])
    loss, dscores = network.cross_entropy(scores, [0, 0])
    assert np.isnan(loss)
    np.testing.assert_array_equal(np.isnan(dscores), [[True, True], [False, False]])
    np.testing.assert_array_equal(np.isnan(network.softmax(scores)), [[True, True], [False, False]])


def test_nan_is_not_hidden(rng, data):
    x, y = data
    x = x.copy()
    x[2, 3] = np.nan
    loss, grads = network.loss_and_grads(create(rng), x, y, "relu")
    assert np.isnan(loss)
    assert np.isnan(grads[0][0]).any()


def test_folding_leaves_the_scores_of_the_same_rows(rng, data):
    params, (x, _) = create(rng, normalized=True), data
    plain = network.fold(params, x, "relu")
    assert [len(layer) for layer in plain] == [2, 2, 2]
    in_training = network.forward(params, x, "relu")[0][-1]
    np.testing.assert_allclose(network.scores(plain, x, "relu"), in_training, rtol=1e-9)
    # At test time a single row has no mean to be taken from.
    one = network.scores(plain, x[:1], "relu")
    np.testing.assert_allclose(one, in_training[:1], rtol=1e-9)


@pytest.mark.parametrize("rows", [1, 7])
def test_batch_statistics_do_not_predict(rng, data, rows):
    params, (x, y) = create(rng, normalized=True), data
    for predict, arguments in ((network.scores, ()), (network.accuracy, (y[:rows],))):
        with pytest.raises(
            ValueError, match=r"params hold batch normalization: to predict, fold\(params, X_"
        ):
            predict(params, x[:rows], *arguments, "relu")


def test_a_batch_of_one_has_no_statistics(rng, data):
    params, (x, y) = create(rng, normalized=True), data
    for f in (network.forward, network.fold, lambda p, x, f: network.loss_and_grads(p, x, y[:1], f)):
        with pytest.raises(ValueError, match=r"x must hold at least two rows .* has the shape \(1, 5\)"):
            f(params, x[:1], "relu")


def test_a_score_of_nan_is_no_class(rng, data):
    params, (x, y) = network.stack([create(rng) for _ in range(3)]), data
    params[1][0][1, 0, 0] = np.nan
    np.testing.assert_array_equal(np.isnan(network.accuracy(params, x, y, "relu")), [False, True, False])
    broken = x.copy()
    broken[3, 2] = np.nan
    assert np.isnan(network.accuracy([tuple(p[0] for p in layer) for layer in params], broken, y, "relu"))


@pytest.mark.parametrize("normalized", [False, True])
def test_a_folded_network_shares_no_memory(rng, data, normalized):
    params = create(rng, normalized=normalized)
    plain = network.fold(params, data[0], "relu")
    assert [len(layer) for layer in plain] == [2, 2, 2]
    for layer, other in zip(params, plain, strict=True):
        assert not any(np.shares_memory(a, b) for a in layer for b in other)
    if not normalized:
        for layer, other in zip(params, plain, strict=True):
            np.testing.assert_array_equal(layer[0], other[0])


def test_networks_that_differ_in_their_layers_do_not_stack(rng):
    for other in (create(rng)[:2], create(rng, normalized=True)):
        with pytest.raises(ValueError, match=r"networks must be of equal sizes, but networks\[1\] is not as"):
            network.stack([create(rng), other])


def test_a_network_without_hidden_layers_is_a_linear_classifier(rng, data):
    ((W, b),) = params = network.create(rng, [5, 3], he)
    x, y = data
    np.testing.assert_array_equal(network.scores(params, x, "relu"), network.linear(x, W, b))
    _, grads = network.loss_and_grads(params, x, y, "relu", reg=0.1)
    assert worst_error(params, lambda p: network.loss_and_grads(p, x, y, "relu", 0.1)[0], grads) < 1e-6


def test_accuracy_is_the_share_of_the_rows_for_each_network(rng, data):
    nets, (x, y) = [create(rng) for _ in range(3)], data
    shares = [(network.scores(net, x, "relu").argmax(axis=1) == y).mean() for net in nets]
    assert len(set(shares)) > 1
    assert network.accuracy(nets[0], x, y, "relu") == shares[0]
    np.testing.assert_array_equal(network.accuracy(network.stack(nets), x, y, "relu"), shares)


def test_accuracy_of_many_rows_counts_each_once(rng):
    nets = [create(rng) for _ in range(2)]
    # The later rows are far from the first.
    x = rng.standard_normal((1234, 5)) + np.linspace(0, 3, 1234)[:, None]
    y = rng.integers(3, size=1234)
    right = [network.scores(net, x, "relu").argmax(axis=1) == y for net in nets]
    np.testing.assert_array_equal(network.accuracy(network.stack(nets), x, y, "relu"), np.mean(right, axis=1))
    assert network.accuracy(nets[1], x, y, "relu") == right[1].mean()
    assert network.accuracy(network.stack(nets), np.stack([x, x]), y, "relu").shape == (2,)


def test_dropout_keeps_the_expected_output(rng):
    mask = network.dropout(rng, (400, 500), 0.3)
    assert mask.mean() == pytest.approx(1, abs=0.01)
    assert (mask == 0).mean() == pytest.approx(0.3, abs=0.01)
    assert len(np.unique(mask)) == 2
    assert network.dropout(rng, (2, 2), 0.0).tolist() == [[1, 1], [1, 1]]
    assert mask.dtype == np.float64
    assert network.dropout(rng, (2, 2), 0.5, np.float32).dtype == np.float32


def test_nothing_is_written_into_the_arguments(rng, data):
    params, (x, y) = create(rng), data
    before = [p.copy() for layer in params for p in layer], x.copy(), y.copy()
    network.loss_and_grads(params, x, y, "relu", reg=0.1)
    for a, b in zip([*before[0], *before[1:]], [*(p for layer in params for p in layer), x, y], strict=True):
        np.testing.assert_array_equal(a, b)


def test_single_precision_is_kept(rng, data):
    x, y = data
    params = network.create(rng, [5, 6, 3], he, np.float32)
    loss, grads = network.loss_and_grads(params, x.astype(np.float32), y, "relu", reg=0.1)
    assert {loss.dtype, *(g.dtype for layer in grads for g in layer)} == {np.dtype(np.float32)}


def test_wrong_shapes_name_both(rng, data):
    x, y = data
    params = create(rng)
    with pytest.raises(ValueError, match=r"x of shape \(7, 4\) does not fit W of shape \(5, 6\)"):
        network.loss_and_grads(params, x[:, :4], y, "relu")
    with pytest.raises(ValueError, match=r"x of shape \(7, 5\) does not fit W of shape \(6, 5\)"):
        network.linear(x, params[0][0].T, params[0][1])
    with pytest.raises(ValueError, match=r"b has the shape \(1,\); W, of \(5, 6\), asks for \(6,\)"):
        network.linear(x, params[0][0], np.zeros(1))
    # Rows of biases would have given the result an axis of its own.
    with pytest.raises(ValueError, match=r"b has the shape \(1, 6\); W, of \(5, 6\), asks for \(6,\)"):
        network.linear(x, params[0][0], np.zeros((1, 6)))
    for bad in (x[0], np.float64(3)):
        with pytest.raises(ValueError, match=r"x of shape \(.*\) does not fit W of shape"):
            network.linear(bad, *params[0])
    with pytest.raises(ValueError, match=r"y must have the shape \(7,\), one label a row, but has \(7, 1\)"):
        network.loss_and_grads(params, x, y[:, None], "relu")
    with pytest.raises(ValueError, match=r"y\[0\] is 9, but labels run from 0 to 2"):
        network.loss_and_grads(params, x, np.full(7, 9), "relu")
    with pytest.raises(ValueError, match=r"scores must have the shape \(\.\.\., N, C\)"):
        network.cross_entropy(np.zeros((0, 3)), [])
    for bad in (np.zeros((2, 0)), np.zeros(3)):
        with pytest.raises(ValueError, match=r"scores must have the shape \(\.\.\., N, C\)"):
            network.cross_entropy(bad, [0, 0])
    for bad in (np.zeros((2, 0)), 1.0):
        with pytest.raises(ValueError, match=r"scores must have the shape \(\.\.\., C\) with C above 0"):
            network.softmax(bad)
    with pytest.raises(ValueError, match=r"x must have the shape \(\.\.\., N, D\) with N above 0, but"):
        network.accuracy(params, x[:0], y[:0], "relu")
    with pytest.raises(ValueError, match=r"x of shape \(5,\) does not fit W of shape \(5, 6\)"):
        network.accuracy(params, x[0], y[:0], "relu")
    with pytest.raises(ValueError, match=r"reg must lie between 0 and inf, but is -1"):
        network.loss_and_grads(params, x, y, "relu", reg=-1)
    with pytest.raises(ValueError, match="sizes must name at least an input and an output"):
        network.create(rng, [5], he)
    with pytest.raises(TypeError, match="rng must be a generator"):
        network.create(0, [5, 3], lambda rng, shape, dtype: np.zeros(shape, dtype))
    with pytest.raises(TypeError, match="rng must be a generator"):
        network.dropout(0, (2, 2), 0.5)
    with pytest.raises(ValueError, match="sizes must be a whole number of at least 1, but is 0"):
        network.create(rng, [5, 0, 3], he)
    with pytest.raises(ValueError, match="rate must lie between 0 and just below 1"):
        network.dropout(rng, (2, 2), 1.0)


def test_a_network_agrees_with_torch(rng, data, torch):
    params, (x, y) = create(rng), data
    loss, grads = network.loss_and_grads(params, x, y, "relu", reg=0.1)
    tensors = [[torch.tensor(p, requires_grad=True) for p in layer] for layer in params]
    h = torch.tensor(x)
    for W, b in tensors[:-1]:
        h = torch.relu(h @ W + b)
    peer = torch.nn.functional.cross_entropy(h @ tensors[-1][0] + tensors[-1][1], torch.tensor(y))
    peer = peer + 0.05 * sum((W**2).sum() for W, _ in tensors)
    peer.backward()
    assert loss == pytest.approx(peer.item(), rel=1e-13)
    for layer, theirs in zip(grads, tensors, strict=True):
        for g, p in zip(layer, theirs, strict=True):
            np.testing.assert_allclose(g, p.grad.numpy(), rtol=1e-10, atol=1e-14)


def test_a_network_that_explodes_gives_infinities_and_nan_without_a_warning(rng, data):
    params, (x, y) = create(rng), data
    params = [(W * 1e300, b) for W, b in params]
    masks = [network.dropout(rng, (7, n), 0.5) for n in (6, 4)]
    with np.errstate(all="raise"):
        for activation in ACTIVATIONS:
            zs, hs = network.forward(params[:2], x * 1e300, activation, masks)
            network.backward(params[:2], x, zs, hs, np.full((7, 4), 1e300), activation, masks)
            loss, _ = network.loss_and_grads(params, x * 1e300, y, activation, reg=1e300)
            assert not np.isfinite(loss)
        network.cross_entropy([[1e308, -1e308]], [1])


def test_folding_what_has_exploded_gives_nan_without_a_warning(rng, data):
    params, (x, _) = create(rng, normalized=True), data
    # Each weighted sum is just finite, their mean no longer is, and 1 / std is zero.
    x = np.ones_like(x)
    params[0] = (np.full_like(params[0][0], 1e308 / x.shape[1]), *params[0][1:])
    assert np.isnan(network.fold(params, x, "relu")[0][1]).all()


@pytest.mark.parametrize("rows", [7000, 30_000])
def test_many_rows_of_half_precision_have_a_loss_and_a_gradient(rows):
    """The number of rows times the number of classes is beyond the largest float16."""
    loss, dscores = network.cross_entropy(np.zeros((rows, 10), np.float16), np.zeros(rows, int))
    assert loss == pytest.approx(np.log(10), rel=1e-3)
    np.testing.assert_allclose(dscores[:, 0], -0.9 / rows, rtol=0.02)


def test_a_small_penalty_on_double_weights_counts_where_the_rows_are_single(rng, data):
    X, y, params = data[0].astype(np.float16), data[1], create(rng)
    squares = sum((W**2).sum() for W, *_ in params)
    plain, penalized = (network.loss_and_grads(params, X, y, "relu", reg)[0] for reg in (0, 1e-8))
    assert penalized - plain == pytest.approx(0.5e-8 * squares, rel=1e-3)


def test_a_penalty_for_other_networks_than_there_are_is_named(rng, data):
    with pytest.raises(ValueError, match=r"reg of shape \(2,\) does not fit networks of \(\)\."):
        network.loss_and_grads(create(rng), *data, "relu", [0.1, 0.2])
    with pytest.raises(ValueError, match=r"reg of shape \(2,\) does not fit networks of \(3,\)\."):
        network.loss_and_grads(network.stack([create(rng)] * 3), *data, "relu", [0.1, 0.2])


def test_a_network_is_of_the_precision_that_was_asked_for(rng):
    def wide(rng, shape, dtype):
        return rng.standard_normal(shape)

    params = network.create(rng, [4, 3], wide, np.float32)
    assert {p.dtype for p in params[0]} == {np.dtype(np.float32)}
    with pytest.raises(ValueError, match=r"what initializer returns is 1e\+60, which float32 cannot hold"):
        network.create(rng, [4, 3], lambda rng, shape, dtype: np.full(shape, 1e60), np.float32)
    with pytest.raises(ValueError, match=r"what initializer returns has the shape \(3, 4\), but sizes asks"):
        network.create(rng, [4, 3], lambda rng, shape, dtype: np.ones(shape[::-1]))


def test_a_single_row_is_told_how_to_become_one(rng, data):
    with pytest.raises(ValueError, match=r"x of shape \(5,\) does not fit .*; one row is x\[None\]"):
        network.scores(create(rng), data[0][0], "relu")


def test_no_networks_have_no_accuracies():
    none = [(np.ones((0, 4, 3)), np.zeros((0, 3)))]
    assert network.accuracy(none, np.ones((6, 4)), [0] * 6, "relu").shape == (0,)


def test_many_classes_of_half_precision_have_a_loss():
    loss, gradient = network.cross_entropy(np.zeros((2, 4000), np.float16), [0, 1])
    assert loss.dtype == gradient.dtype == np.float16
    assert float(loss) == pytest.approx(np.log(4000), rel=1e-3)


def test_rows_of_leading_axes_are_networks_of_their_own(rng, data):
    params, (x, y) = create(rng), data
    with pytest.raises(ValueError, match=r"x of shape \(2, 7, 5\) must be \(N, D\), or hold rows for each"):
        network.loss_and_grads(params, np.stack([x, x]), y, "relu")
    assert network.scores(params, np.stack([x, x]), "relu").shape == (2, 7, 3)
