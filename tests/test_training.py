from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from course import network, search
from course.initializers import he
from course.optimizers import UPDATES
from course.training import train


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((60, 4))
    return X, (X[:, :2] > 0).sum(axis=1)


def create(seed=1, **options):
    return network.create(np.random.default_rng(seed), [4, 8, 3], he, **options)


def run(data, learning_rate=0.1, params=None, **settings):
    settings = {"rng": np.random.default_rng(2), "epochs": 5, "batch_size": 20} | settings
    return train(params or create(), *data, learning_rate=learning_rate, **settings)


def flat(params):
    return np.concatenate([p.ravel() for layer in params for p in layer])


def test_a_network_learns(data):
    _, history = run(data, epochs=200)
    assert history.cost[-1] < 0.2 < history.cost[0]
    assert history.train_accuracy[-1] > 0.95
    assert not history.diverged


def test_a_linear_classifier_learns_too(data):
    _, history = run(data, params=network.create(np.random.default_rng(1), [4, 3], he), epochs=50)
    assert history.cost[-1] < 0.7 * history.cost[0]


def test_the_same_seed_gives_the_same_numbers(data):
    (one, first), (two, again) = run(data), run(data)
    np.testing.assert_array_equal(flat(one), flat(two))
    np.testing.assert_array_equal(first.loss, again.loss)
    assert not np.array_equal(first.loss, run(data, rng=np.random.default_rng(3))[1].loss)


def test_the_history_has_its_shapes_and_its_cost_is_the_last_minibatch(data):
    _, history = run(data, learning_rate=[0.1, 0.2], validation=data)
    assert history.loss.shape == (5, 3, 2)
    assert history.train_accuracy.shape == history.validation_accuracy.shape == (5, 2)
    assert history.update_ratio.shape == (5, 2, 2)
    np.testing.assert_array_equal(history.cost, history.loss[:, -1])
    np.testing.assert_array_equal(history.one(1).loss, history.loss[..., 1])
    np.testing.assert_array_equal(history.train_accuracy, history.validation_accuracy)
    nothing = run(data, learning_rate=[0.1, 0.2])[1].validation_accuracy
    assert nothing.shape == (5, 2)
    assert np.isnan(nothing).all()


def test_one_step_of_the_full_batch_is_one_step_of_gradient_descent(data):
    params = create()
    _, grads = network.loss_and_grads(params, *data, "relu", reg=0.1)
    after, history = run(data, 0.5, params, epochs=1, batch_size=None, reg=0.1)
    np.testing.assert_allclose(flat(after), flat(params) - 0.5 * flat(grads), rtol=1e-12)
    expected = [
        0.5 * np.linalg.norm(dW) / np.linalg.norm(W) for (W, _), (dW, _) in zip(params, grads, strict=True)
    ]
    np.testing.assert_allclose(history.update_ratio[0], expected)


def test_the_order_of_the_data_in_memory_does_not_matter(data):
    X, y = data
    np.testing.assert_array_equal(run((np.asfortranarray(X), y))[1].loss, run(data)[1].loss)
    np.testing.assert_array_equal(run((np.repeat(X, 2, axis=1)[:, ::2], y))[1].loss, run(data)[1].loss)


def test_minibatches_are_drawn_with_replacement(data):
    """The first loss is that of the rows which the generator names first, and it is asked for no more."""
    rng, again = np.random.default_rng(2), np.random.default_rng(2)
    _, history = run(data, epochs=1, rng=rng)
    rows, *_ = (again.integers(60, size=20) for _ in range(3))
    loss, _ = network.loss_and_grads(create(), data[0][rows], data[1][rows], "relu")
    assert history.loss[0, 0] == loss
    assert rng.random() == again.random()


def test_a_minibatch_has_a_hundred_rows():
    X = np.random.default_rng(0).standard_normal((200, 4))
    _, history = train(
        create(), X, np.zeros(200, int), rng=np.random.default_rng(0), epochs=1, learning_rate=0.1
    )
    assert history.loss.shape == (1, 2)


def test_the_rate_decays_after_each_epoch(data):
    whole = {"batch_size": None}
    one, _ = run(data, 0.4, epochs=1, **whole)
    two, _ = run(data, 0.2, one, epochs=1, **whole)
    decayed, _ = run(data, 0.4, epochs=2, decay=0.5, **whole)
    np.testing.assert_allclose(flat(decayed), flat(two), rtol=1e-12)


@pytest.mark.parametrize("update", UPDATES)
def test_rates_side_by_side_are_runs_one_by_one(data, update):
    rates, reg = np.array([0.001, 0.01, 0.1]), np.array([0.0, 0.01, 0.1])
    together, history = run(data, rates, reg=reg, update=update, dropped=0.0)
    for k in range(3):
        alone, single = run(data, rates[k], reg=reg[k], update=update)
        np.testing.assert_allclose(history.loss[..., k], single.loss, rtol=1e-9)
        np.testing.assert_allclose(
            np.concatenate([p[k].ravel() for layer in together for p in layer]),
            flat(alone),
            rtol=1e-9,
            atol=1e-12,
        )


def test_stacked_networks_train_each_from_its_own_start(data):
    nets = [create(seed) for seed in (1, 2)]
    _, together = run(data, params=network.stack(nets))
    for k, net in enumerate(nets):
        np.testing.assert_allclose(together.loss[..., k], run(data, params=net)[1].loss, rtol=1e-9)


@pytest.mark.parametrize("rate", [1e6, 1e300, np.inf])
def test_a_network_that_explodes_keeps_its_last_finite_parameters(data, rate):
    params, history = run((1e3 * data[0], data[1]), rate, epochs=30)
    assert history.diverged
    assert np.isfinite(flat(params)).all()
    assert np.isnan(history.loss[-1, -1])


def test_a_step_beyond_the_largest_number_is_not_taken_and_gives_no_warning(data, monkeypatch):
    monkeypatch.setitem(UPDATES, "sgd", lambda dw, state, rate: (np.full_like(dw, 1e308), state))
    params, history = run(data)
    assert history.diverged
    np.testing.assert_allclose(flat(params), 1e308)


def test_one_number_that_is_not_finite_is_enough_to_stop(data, monkeypatch):
    def spoil(dw, state, rate):
        step = np.zeros_like(dw)
        step.flat[0] = np.inf
        return step, state

    monkeypatch.setitem(UPDATES, "sgd", spoil)
    params, history = run(data)
    assert history.diverged
    np.testing.assert_array_equal(flat(params), flat(create()))


def test_a_network_that_explodes_does_not_disturb_its_neighbours(data):
    params, history = run(data, [0.1, np.inf, 0.2])
    assert np.isfinite(flat(params)).all()
    np.testing.assert_array_equal(history.diverged, [False, True, False])
    np.testing.assert_allclose(history.loss[..., 2], run(data, 0.2)[1].loss, rtol=1e-9)


def test_a_run_is_given_up_beyond_a_multiple_of_its_first_loss(data):
    hopeless = (30 * data[0], data[1])
    _, patient = run(hopeless, 1.0, epochs=20)
    _, strict = run(hopeless, 1.0, epochs=20, give_up=3)
    worst = np.flatnonzero(patient.loss.ravel() > 3 * patient.loss[0, 0])
    assert worst.size
    assert strict.diverged
    assert np.isnan(strict.loss.ravel()[worst[0] + 1 :]).all()
    assert np.isfinite(strict.loss.ravel()[: worst[0] + 1]).all()


def test_a_run_that_was_given_up_is_not_taken_up_again(data):
    """At a rate of zero and with minibatches of one row the loss goes up and down with the rows."""
    patient, strict = (run(data, 0.0, epochs=1, batch_size=1, give_up=g)[1].loss.ravel() for g in (np.inf, 1))
    worse = np.flatnonzero(patient > patient[0])[0]
    assert (patient[worse:] < patient[0]).any()
    assert np.isnan(strict[worse + 1 :]).all()


def test_a_run_whose_loss_is_no_higher_than_at_first_is_not_given_up(data):
    _, history = run(data, 0.0, batch_size=None, give_up=1)
    assert np.isfinite(history.loss).all()
    assert not history.diverged


def test_a_minibatch_larger_than_the_data_is_one_step_an_epoch(data):
    _, history = run(data, epochs=1, batch_size=100)
    rows = np.random.default_rng(2).integers(60, size=100)
    loss, _ = network.loss_and_grads(create(), data[0][rows], data[1][rows], "relu")
    assert history.loss.tolist() == [[loss]]


def test_a_rate_of_zero_changes_nothing(data):
    params, history = run(data, 0.0)
    np.testing.assert_array_equal(flat(params), flat(create()))
    assert not history.diverged


def test_an_interrupted_run_gives_the_epochs_that_it_has(data, monkeypatch):
    calls = []

    def interrupted(dw, state, rate):
        calls.append(rate)
        if len(calls) > 4 * 3 * 2 + 5:
            raise KeyboardInterrupt
        return -rate * dw, state

    monkeypatch.setitem(UPDATES, "sgd", interrupted)
    _, history = run(data, epochs=100)
    assert len(history.loss) == len(history.train_accuracy) == 2
    assert np.isfinite(history.loss).all()
    assert history.interrupted


def test_a_run_that_is_interrupted_at_once_has_nothing_to_give(data, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setitem(UPDATES, "sgd", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(data)


def test_no_bar_is_shown_unless_asked_for(data, capsys):
    _, history = run(data)
    assert capsys.readouterr().err == ""
    assert not history.interrupted
    run(data, progress=True)
    bar = capsys.readouterr().err
    assert "5/5" in bar
    assert "epoch" in bar


def test_a_history_stays_as_it_was_written(data):
    with pytest.raises(FrozenInstanceError):
        run(data)[1].loss = 0.0


def test_the_arguments_stay_as_they_were(data):
    params, X, y = create(), data[0].copy(), data[1].copy()
    run((X, y), params=params)
    np.testing.assert_array_equal(flat(params), flat(create()))
    np.testing.assert_array_equal(X, data[0])
    np.testing.assert_array_equal(y, data[1])


def test_normalized_layers_and_dropout_train_too(data):
    _, history = run(data, params=create(normalized=True), epochs=100, dropped=0.2)
    assert history.loss[-20:].mean() < 0.6 * history.loss[0].mean()
    assert history.train_accuracy[-1] > 0.9


def test_single_precision_is_kept(data):
    params, history = run((data[0].astype(np.float32), data[1]), params=create(dtype=np.float32))
    assert flat(params).dtype == history.loss.dtype == np.float32


def test_the_training_accuracy_is_measured_on_a_thousand_rows():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((1500, 4))
    y = np.r_[np.zeros(1000, int), np.ones(500, int)]
    _, history = run((X, y), 0.0, epochs=1, batch_size=None)
    scores = network.scores(create(), X[:1000], "relu")
    assert history.train_accuracy[0] == (scores.argmax(axis=1) == 0).mean()


BAD = [
    ("learning_rate", -1.0, "learning_rate must lie between 0 and inf, but is -1"),
    ("learning_rate", np.nan, "learning_rate must lie"),
    ("reg", -1.0, "reg must lie between 0 and inf"),
    ("reg", np.nan, "reg must lie"),
    ("decay", 1.5, "decay must lie between 0 and 1, but is 1.5"),
    ("epochs", 0, "epochs must be a whole number of at least 1, but is 0"),
    ("epochs", 1.5, "epochs must be a whole number"),
    ("batch_size", 0, "batch_size must be a whole number of at least 1"),
    ("batch_size", 2.0, "batch_size must be"),
    ("give_up", 0.5, "give_up must lie between 1 and inf"),
    ("update", "lion", "update must be one of sgd, momentum, nesterov, rmsprop, adam, but is 'lion'"),
    ("activation", "gelu", "activation must be one of"),
    ("dropped", 1.5, "dropped must lie between 0 and just below 1, but is 1.5"),
]


@pytest.mark.parametrize(("name", "value", "words"), BAD)
def test_a_bad_setting_is_named(data, name, value, words):
    with pytest.raises(ValueError, match=words):
        run(data, **{name: value})


def test_settings_for_different_numbers_of_networks_are_named(data):
    words = r"learning_rate of shape \(2,\) and reg of \(3,\) do not fit networks of \(\)"
    with pytest.raises(ValueError, match=words):
        run(data, [0.1, 0.2], reg=[0.0, 0.1, 0.2])
    with pytest.raises(ValueError, match=r"learning_rate of shape \(3,\) .* do not fit networks of \(2,\)"):
        run(data, np.full(3, 0.1), params=network.stack([create(), create()]))
    for name in ("decay", "give_up"):
        with pytest.raises(ValueError, match=f"{name} must be one number, but has the shape"):
            run(data, **{name: [1.0, 1.0]})


@pytest.mark.parametrize("update", UPDATES)
def test_a_nan_among_the_rows_is_divergence_and_moves_nothing(data, update):
    X = data[0].copy()
    X[:, 1] = np.nan
    params, history = run((X, data[1]), update=update)
    np.testing.assert_array_equal(flat(params), flat(create()))
    assert history.diverged
    assert np.isnan(history.loss).all()


def test_bad_data_are_named(data):
    X, y = data
    with pytest.raises(ValueError, match=r"X must have the shape .* at least one row, but has \(60,\)"):
        run((X[:, 0], y))
    with pytest.raises(ValueError, match=r"X must have the shape .* at least one row, but has \(0, 4\)"):
        run((X[:0], y[:0]))
    with pytest.raises(ValueError, match=r"y must have the shape \(60,\)"):
        run((X, y[:-1]))
    rng = np.random.default_rng(2)
    with pytest.raises(ValueError, match=r"validation\[1\]\[0\] is 7, but labels run from 0 to 2"):
        run(data, validation=(X, np.full(60, 7)), rng=rng)
    # Before the first minibatch is drawn.
    assert rng.random() == np.random.default_rng(2).random()
    with pytest.raises(ValueError, match=r"validation\[0\] must have the shape .* one row, but has \(0, 4\)"):
        run(data, validation=(X[:0], y[:0]))
    for bad in (X, (X,), (X, y, y), {"X": X}):
        with pytest.raises(TypeError, match="validation must be a pair"):
            run(data, validation=bad)
    with pytest.raises(ValueError, match="X has 3 columns, but params take 4"):
        run((X[:, :3], y))
    with pytest.raises(TypeError, match="X must hold real numbers, but its dtype is complex128"):
        run((X * 1j, y))
    with pytest.raises(TypeError, match="rng must be a generator"):
        run(data, rng=0)


def threads():
    """Of the library of NumPy's matrix products, how many threads each takes."""
    return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]


def test_products_have_one_thread_while_something_trains_and_what_they_had_afterwards(data, monkeypatch):
    seen = []
    monkeypatch.setitem(UPDATES, "sgd", lambda *a, rule=UPDATES["sgd"]: seen.append(threads()) or rule(*a))
    with threadpool_limits(2, user_api="blas"):
        before = threads()
        run(data, epochs=1)
        assert threads() == before
        ones = [1] * len(before)
        # Threads beside each other must not lift each other's limit.
        assert search.each(lambda _: threads(), [0, 1]) == {0: ones, 1: ones}
        with pytest.raises(ValueError, match="evaluate must return"):
            search.run(lambda rngs, **_: seen.append(threads()), [{"reg": 0}], seed=0)
        assert threads() == before
        with pytest.raises(ValueError, match="epochs"):
            run(data, epochs=0)
        assert threads() == before
    assert before == [2] * len(before)
    assert len(seen) > 3
    assert seen == [ones] * len(seen)


def test_a_first_loss_of_zero_is_no_divergence():
    """Where each row is certain, the loss is 0 in single precision, and so is each multiple of it."""
    params = [(np.eye(2, dtype=np.float32) * 1000, np.zeros(2, np.float32))]
    rows = np.eye(2, dtype=np.float32)
    _, history = run((rows, np.array([0, 1])), params=params, batch_size=None)
    assert history.loss.max() == 0
    assert not history.diverged
    assert history.train_accuracy[-1] == 1


def test_a_network_that_was_stopped_takes_no_steps_that_could_be_measured(data):
    _, history = run((30 * data[0], data[1]), [0.01, 1e6], epochs=3, give_up=3)
    assert history.diverged.tolist() == [False, True]
    assert np.isfinite(history.update_ratio[..., 0]).all()
    assert np.isnan(history.update_ratio[-1, :, 1]).all()


def test_held_out_rows_are_normalized_as_the_training_rows_are(data):
    """By their own statistics a shift of all held-out rows would change nothing."""
    X, y = data
    params = create(normalized=True)
    shifted = X + 3
    _, history = run(data, 0.0, params=params, epochs=1, validation=(shifted, y))
    plain = network.fold(params, X, "relu")
    own = network.accuracy(network.fold(params, shifted, "relu"), shifted, y, "relu")
    assert history.validation_accuracy[0] == network.accuracy(plain, shifted, y, "relu") != own


def test_dropout_keeps_single_precision(data):
    rows = data[0].astype(np.float32), data[1]
    params, history = run(rows, params=create(dtype=np.float32), dropped=0.5)
    assert flat(params).dtype == history.loss.dtype == np.float32


def test_half_precision_learns_at_a_rate_below_its_normal_numbers_and_refuses_one_that_is_zero_in_it(data):
    """Steps are computed in single precision: 2e-7 would be 1.8e-7 in half precision, 1e-9 nothing."""
    rows, one = (1e6 * data[0], data[1]), {"epochs": 1, "batch_size": None}
    half, single = (
        flat(run(rows, 2e-7, params=create(dtype=kind), **one)[0]) - flat(create(dtype=kind))
        for kind in (np.float16, np.float32)
    )
    assert half.dtype == np.float16
    assert half.astype(float) @ single / (single @ single) == pytest.approx(1, abs=0.03)
    for name in ("learning_rate", "reg"):
        with pytest.raises(ValueError, match=f"{name} is 1e-09, which float16 cannot hold"):
            run(data, params=create(dtype=np.float16), **{name: 1e-9})


def test_a_network_trained_on_wider_rows_keeps_its_precision(data):
    params, _ = run(data, params=create(dtype=np.float32), epochs=1)
    assert flat(params).dtype == np.float32


@pytest.mark.parametrize("narrow", [{"batch_size": 1}, {"rows": 1, "batch_size": None}])
def test_one_row_is_no_batch_to_normalize_over(data, narrow):
    rows = narrow.pop("rows", 60)
    with pytest.raises(ValueError, match="batch_size and the rows of X must be two or more"):
        run((data[0][:rows], data[1][:rows]), params=create(normalized=True), **narrow)


@pytest.mark.parametrize("k", [-1, 2, 0.0, None])
def test_a_history_of_no_network_is_refused(data, k):
    _, history = run(data, [0.1, 0.2], epochs=1)
    assert history.one(1).loss.shape == history.loss.shape[:2]
    with pytest.raises(ValueError, match="k must be"):
        history.one(k)
    with pytest.raises(ValueError, match="k must be one of the"):
        history.one(0).one(0)


def test_histories_are_equal_where_their_numbers_are(data):
    first, again, other = (run(data, rate, epochs=2)[1] for rate in (0.1, 0.1, 0.2))
    assert first == again
    assert first != other
    assert first != "history"
    wider = run(data, [0.1, 0.1], epochs=2)[1]
    assert wider != first
    assert wider.one(0) == wider.one(1)
    trials = [search.Trial(0, {"reg": 0}, "done", history) for history in (first, again, other)]
    assert trials[0] == trials[1] != trials[2]


def test_one_network_of_several_axes_is_one_along_the_last(data):
    starts = [create(seed) for seed in range(3)]
    _, history = search.sweep(starts, [0.01, 0.1], *data, rng=np.random.default_rng(0), epochs=1)
    assert history.one(1).loss.shape == (*history.loss.shape[:2], 3)
    assert not np.shares_memory(history.one(1).loss, history.loss)
    with pytest.raises(ValueError, match="k must be one of the 2 networks along the last axis, but is 2"):
        history.one(2)


def test_the_update_ratio_is_that_of_the_step_really_taken(data):
    """Beside a weight of 1 a step of 1e-9 is nothing in single precision."""
    rows = data[0].astype(np.float32), data[1]
    params = [tuple(np.ones_like(p) + (p > 0) for p in layer) for layer in create(dtype=np.float32)]
    moved, history = run(rows, 1e-9, params=params, epochs=1, batch_size=None)
    np.testing.assert_array_equal(flat(moved), flat(params))
    assert not history.update_ratio.any()
