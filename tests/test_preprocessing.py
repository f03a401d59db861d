import numpy as np
import pytest

from course.preprocessing import decorrelate, principal_components, reconstruct, standardise, whiten


@pytest.fixture
def cloud():
    rng = np.random.default_rng(0)
    return rng.standard_normal((400, 3)) @ rng.standard_normal((3, 3)) + [5.0, -2.0, 0.0]


def test_standardised_columns_have_mean_zero_and_std_one(cloud):
    Z = standardise(cloud, cloud.mean(axis=0), cloud.std(axis=0))
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
    assert standardise(X, mean, X.std(axis=0)).dtype == np.float32
    np.testing.assert_array_equal(X, before)


@pytest.mark.parametrize("X", [np.ones(3), np.ones((0, 3)), np.ones((2, 2, 2))])
def test_bad_shapes_are_named(X):
    with pytest.raises(ValueError, match=r"X must have the shape \(N, D\)"):
        principal_components(X)


def test_bad_numbers_are_named():
    with pytest.raises(ValueError, match="epsilon must lie between 0"):
        whiten(np.ones((2, 1)), [0.0], np.eye(1), [1.0], epsilon=-1)
    with pytest.raises(ValueError, match="std must lie between 0"):
        standardise(np.ones((2, 1)), 0, -1)
