import numpy as np
import pytest

from course.preprocessing import decorrelate, principal_components, reconstruct, standardize, whiten


@pytest.fixture
def cloud():
    rng = np.random.default_rng(0)
    return rng.standard_normal((400, 3)) @ rng.standard_normal((3, 3)) + [5.0, -2.0, 0.0]


def test_standardized_columns_have_mean_zero_and_std_one(cloud):
    Z = standardize(cloud, cloud.mean(axis=0), cloud.std(axis=0))
    np.testing.assert_allclose(Z.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(Z.std(axis=0), 1, rtol=1e-12)


def test_decorrelated_covariance_is_diagonal_with_falling_variances(cloud):
    mean, directions, variances = principal_components(cloud)
    Z = decorrelate(cloud, mean, directions)
    np.testing.assert_allclose(Z.T @ Z / len(Z), np.diag(variances), atol=1e-10)
    assert (np.diff(variances) < 0).all()
    np.testing.assert_allclose(directions.T @ directions, np.eye(3), atol=1e-12)


def test_whitened_covariance_is_the_identity(cloud):
    Z = whiten(cloud, *principal_components(cloud), epsilon=0)
    np.testing.assert_allclose(Z.T @ Z / len(Z), np.eye(3), atol=1e-10)


def test_epsilon_keeps_an_empty_direction_from_exploding():
    X = np.column_stack([np.linspace(-1, 1, 50), np.zeros(50)])
    Z = whiten(X, *principal_components(X), epsilon=1e-5)
    assert np.isfinite(Z).all()
    np.testing.assert_allclose(Z[:, 1], 0)


def test_all_directions_reconstruct_and_fewer_lose_their_variance(cloud):
    mean, directions, variances = principal_components(cloud)
    np.testing.assert_allclose(reconstruct(decorrelate(cloud, mean, directions), mean, directions), cloud)
    kept = directions[:, :2]
    lost = cloud - reconstruct(decorrelate(cloud, mean, kept), mean, kept)
    np.testing.assert_allclose(np.square(lost).sum(axis=1).mean(), variances[2])


def test_statistics_of_one_split_serve_another(cloud):
    train, test = cloud[:300], cloud[300:]
    mean, directions, variances = principal_components(train)
    np.testing.assert_allclose(
        whiten(test, mean, directions, variances, 0), (test - mean) @ directions / np.sqrt(variances)
    )


def test_float32_is_kept_and_the_argument_untouched():
    X = np.ones((4, 2), np.float32)
    X[0] = 3
    before = X.copy()
    mean, directions, variances = principal_components(X)
    assert directions.dtype == variances.dtype == np.float32
    assert standardize(X, mean, X.std(axis=0)).dtype == np.float32
    np.testing.assert_array_equal(X, before)


def test_a_feature_that_never_varies_becomes_zero():
    np.testing.assert_array_equal(
        standardize([[3.0, 7.0], [5.0, 7.0]], [4.0, 7.0], [1.0, 0.0]), [[-1, 0], [1, 0]]
    )
    np.testing.assert_array_equal(standardize([[3.0], [5.0]], 4, 2), [[-0.5], [0.5]])
    # In another split it may vary after all: it is centred, and keeps its scale.
    np.testing.assert_array_equal(standardize([[3.0, 8.0]], [4.0, 7.0], [0.5, 0.0]), [[-2, 1]])


@pytest.mark.parametrize("value", [0.1, -7.7, 123.4])
@pytest.mark.parametrize(
    ("kind", "rows"),
    [(k, n) for k in (np.float16, np.float32, np.float64) for n in (20, 100, 1000, 30_000)][:-1],
)
def test_a_feature_whose_std_is_rounding_alone_becomes_zero(kind, rows, value):
    X = np.full((rows, 2), value, kind)
    # Beside it one that varies by little.
    X[::2, 1] *= kind(1.1)
    with np.errstate(over="ignore"):
        mean, std = X.mean(axis=0), X.std(axis=0)
    if not np.isfinite(std[0]):
        with pytest.raises(ValueError, match=r"std must lie between 0 and 1.79769e\+308, but is inf"):
            standardize(X, mean, std)
        return
    mean[1], std[1] = X[:, 1].mean(dtype=float), X[:, 1].std(dtype=float)
    out = standardize(X, mean, std)
    assert not out[:, 0].any()
    assert out[:, 1].std(dtype=float) == pytest.approx(1, rel=0.02)
    # What it never was in training keeps its scale, and does not explode.
    if rows <= 100:
        assert standardize([[2 * value, value]], mean, std)[0, 0] == pytest.approx(value, rel=0.02)


def test_a_feature_that_varies_little_is_none_that_never_varies():
    stamps = 1.7e9 + np.arange(1000.0)[:, None]
    out = standardize(stamps, stamps.mean(axis=0), stamps.std(axis=0))
    assert out.std() == pytest.approx(1)
    kelvin = (300 + 0.1 * np.random.default_rng(0).standard_normal((1000, 1))).astype(np.float32)
    assert standardize(kelvin, kelvin.mean(axis=0), kelvin.std(axis=0)).std() == pytest.approx(1, rel=1e-3)


def test_statistics_of_half_precision_hide_no_variation():
    X = 100 + 0.5 * np.random.default_rng(0).standard_normal((1000, 1))
    mean, std = X.mean(axis=0).astype(np.float16), X.std(axis=0).astype(np.float16)
    for kind in (np.float16, np.float32, np.float64):
        assert standardize(X.astype(kind), mean, std).std(dtype=float) == pytest.approx(1, rel=0.02)


def test_components_that_their_precision_cannot_hold_are_refused():
    with pytest.raises(ValueError, match="X must hold numbers of finite variance, but column 0 does not"):
        principal_components(np.array([[300, 0], [-300, 1]], np.float16))


def test_a_mean_is_subtracted_in_its_own_precision():
    X = np.array([[1000.0], [1001.0]], np.float16)
    np.testing.assert_allclose(standardize(X, [1000.3], [0.1]), [[-3], [7]], rtol=1e-3)
    np.testing.assert_allclose(decorrelate(X, [1000.3], [[10.0]]), [[-3], [7]], rtol=1e-3)


def test_the_kind_of_the_data_is_kept_whatever_the_statistics_are():
    X = np.array([[3, 1], [1, 1], [0, 2]], np.float16)
    mean, directions, variances = principal_components(X)
    exact = principal_components(X.astype(np.float64))
    for ours, theirs in zip((mean, np.abs(directions), variances), exact, strict=True):
        assert ours.dtype == np.float16
        np.testing.assert_allclose(ours, np.abs(theirs), rtol=4e-3, atol=1e-3)
    for out in (
        standardize(X, np.zeros(2), np.ones(2)),
        decorrelate(X, *exact[:2]),
        whiten(X, *exact),
        reconstruct(X, *exact[:2]),
    ):
        assert out.dtype == np.float16


@pytest.mark.parametrize(("bad", "column"), [(np.nan, 1), (np.inf, 1), (1e200, 1)])
def test_directions_of_what_is_not_finite_are_refused_by_column(bad, column):
    with pytest.raises(
        ValueError, match=f"X must hold numbers of finite variance, but column {column} does not"
    ):
        principal_components([[0.0, bad], [1.0, 2.0]])


def test_one_mean_for_all_features_will_do():
    np.testing.assert_array_equal(reconstruct([[1.0, 2.0]], 0.5, np.eye(2)), [[1.5, 2.5]])
    np.testing.assert_array_equal(decorrelate([[1.0, 2.0]], 0.5, np.eye(2)), [[0.5, 1.5]])


def test_a_variance_that_rounding_made_negative_is_zero():
    X = np.outer(np.linspace(-1, 1, 7), [1.0, 1 / 3, 1 / 7])
    variances = principal_components(X)[2]
    assert (variances >= 0).all()
    np.testing.assert_allclose(variances[1:], 0, atol=1e-15)


def test_whitening_adds_epsilon_to_the_variance():
    assert whiten([[4.0]], [0.0], np.eye(1), [3.0], epsilon=1.0) == 2
    assert whiten([[4.0]], [0.0], np.eye(1), [0.0]) == 4 / np.sqrt(1e-5)


X23, I3 = np.ones((2, 3)), np.eye(3)
MISFITS = [
    (
        lambda: standardize(X23, np.ones(2), 1.0),
        r"mean has the shape \(2,\); X, of \(2, 3\), asks for \(3,\)",
    ),
    (lambda: standardize(X23, 1.0, np.ones((2, 1))), r"std has the shape \(2, 1\)"),
    (lambda: decorrelate(X23, np.ones(2), I3), r"mean has the shape \(2,\); X, of \(2, 3\), asks for \(3,\)"),
    (
        lambda: decorrelate(X23, np.ones(3), np.eye(2)),
        r"directions must have the shape \(3, k\), but has \(2, 2\)",
    ),
    (
        lambda: decorrelate(X23, np.ones(3), np.ones(3)),
        r"directions must have the shape \(3, k\), but has \(3,\)",
    ),
    (
        lambda: whiten(X23, np.ones(3), I3[:, :2], np.ones(3)),
        r"variances has the shape \(3,\), but directions asks for \(2,\)",
    ),
    (
        lambda: reconstruct(X23, np.ones(3), I3[:, :2]),
        r"directions must have the shape \(D, 3\), but has \(3, 2\)",
    ),
    (lambda: reconstruct(X23, np.ones(2), I3), r"mean has the shape \(2,\); X, of \(2, 3\), asks for \(3,\)"),
    (lambda: reconstruct(np.ones(3), np.ones(3), I3), r"Z must have the shape \(N, D\)"),
]


@pytest.mark.parametrize(("call", "sentence"), MISFITS)
def test_shapes_that_do_not_fit_are_named(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


@pytest.mark.parametrize("X", [np.ones(3), np.ones((0, 3)), np.ones((2, 2, 2))])
def test_bad_shapes_are_named(X):
    with pytest.raises(ValueError, match=r"X must have the shape \(N, D\)"):
        principal_components(X)


def test_bad_numbers_are_named():
    with pytest.raises(ValueError, match="epsilon must lie between 0"):
        whiten(np.ones((2, 1)), [0.0], np.eye(1), [1.0], epsilon=-1)
    with pytest.raises(ValueError, match="std must lie between 0"):
        standardize(np.ones((2, 1)), 0, -1)
