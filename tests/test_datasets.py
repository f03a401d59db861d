import numpy as np
import pytest
from sklearn.datasets import load_digits

from course.datasets import DIGITS, DataError, cloud, digits, like_cifar10, prepared_digits, split


def test_the_digits_are_those_of_scikit_learn():
    X, y = digits()
    expected = load_digits()
    np.testing.assert_array_equal(X, expected.images)
    np.testing.assert_array_equal(y, expected.target)
    assert X.dtype == np.float64


@pytest.mark.parametrize("name", ["absent.npz", "."])
def test_a_file_that_cannot_be_read_says_what_to_do(tmp_path, name):
    with pytest.raises(DataError, match=r"cannot be read \(.+\); restore it with: git checkout"):
        digits(tmp_path / name)


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_short_is_damaged(tmp_path, share):
    whole = DIGITS.read_bytes()
    path = tmp_path / "digits.npz"
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(DataError, match=r"is damaged; restore it with: git checkout"):
        digits(path)


def test_a_flipped_byte_is_damage(tmp_path):
    whole, rng = DIGITS.read_bytes(), np.random.default_rng(0)
    path = tmp_path / "digits.npz"
    for place in rng.integers(len(whole), size=100):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << rng.integers(8)]) + whole[place + 1 :])
        with pytest.raises(DataError, match="is damaged"):
            digits(path)


def test_a_page_in_place_of_the_file_is_damage(tmp_path):
    path = tmp_path / "digits.npz"
    path.write_text("<html>Not found</html>")
    with pytest.raises(DataError, match="is damaged"):
        digits(path)


def test_nothing_is_unpickled(tmp_path):
    class Planted:
        def __reduce__(self):
            return (tmp_path.joinpath("planted").touch, ())

    path = tmp_path / "digits.npz"
    np.savez(path, images=np.array([Planted()], object), labels=np.array([Planted()], object))
    with pytest.raises(DataError, match="is damaged"):
        digits(path)
    assert not (tmp_path / "planted").exists()


def test_another_archive_is_not_taken_for_the_digits(tmp_path):
    path = tmp_path / "digits.npz"
    np.savez(path, images=np.zeros((3, 8, 8)), labels=np.zeros(3))
    with pytest.raises(DataError, match="is damaged"):
        digits(path)


def test_enlarged_digits_are_like_cifar10():
    X, _ = digits()
    large = like_cifar10(X[:5])
    assert large.shape == (5, 3072)
    assert (large.min(), large.max()) == (0, 255)
    pictures = large.reshape(5, 32, 32, 3)
    np.testing.assert_array_equal(pictures[:, ::4, ::4, 0], X[:5] * 255 / 16)
    np.testing.assert_array_equal(pictures[..., 0], pictures[..., 2])
    np.testing.assert_array_equal(pictures[:, 0:4, 0:4], pictures[:, :1, :1].repeat(4, 1).repeat(4, 2))
    with pytest.raises(ValueError, match=r"images must have the shape \(N, 8, 8\), but have \(5, 64\)"):
        like_cifar10(X[:5].reshape(5, 64))


def test_a_split_loses_nothing_and_repeats_nothing():
    X = np.arange(100)
    kept, kept_y, held, held_y = split(np.random.default_rng(0), X, -X, held_out=30)
    assert sorted([*kept, *held]) == list(X)
    np.testing.assert_array_equal(kept_y, -kept)
    np.testing.assert_array_equal(held_y, -held)
    np.testing.assert_array_equal(held, split(np.random.default_rng(0), X, -X, 30)[2])
    assert set(held) != set(split(np.random.default_rng(1), X, -X, 30)[2])


@pytest.mark.parametrize("bad", [100, 200])
def test_a_split_keeps_something(bad):
    with pytest.raises(ValueError, match=f"held_out must be below the 100 rows there are, but is {bad}"):
        split(np.random.default_rng(0), np.arange(100), np.arange(100), bad)


def test_a_cloud_has_its_centre_its_spread_and_its_angle():
    points = cloud(np.random.default_rng(0), 100_000, centre=(1, -2), spread=(3, 0.5), angle=0.7)
    np.testing.assert_allclose(points.mean(axis=0), [1, -2], atol=0.05)
    values, vectors = np.linalg.eigh(np.cov(points.T))
    np.testing.assert_allclose(np.sqrt(values), [0.5, 3], rtol=0.02)
    assert abs(vectors[1, 1] / vectors[0, 1]) == pytest.approx(np.tan(0.7), rel=0.02)
    with pytest.raises(ValueError, match="n must be a whole number of at least 1, but is 0"):
        cloud(np.random.default_rng(0), 0)
    with pytest.raises(ValueError, match="spread must lie between 0 and inf"):
        cloud(np.random.default_rng(0), 5, spread=(-1, 1))


def test_prepared_digits_are_centred_by_the_training_rows_alone():
    X_train, y_train, X_held, y_held = prepared_digits(np.random.default_rng(3), held_out=300)
    X, y = digits()
    kept, kept_y, held, held_labels = split(np.random.default_rng(3), X.reshape(-1, 64), y, held_out=300)
    np.testing.assert_array_equal([*y_train, *y_held], [*kept_y, *held_labels])
    np.testing.assert_allclose(X_train.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(X_held, (held - kept.mean(axis=0)) / 6, atol=1e-5)
    assert X_train.dtype == X_held.dtype == np.float32
