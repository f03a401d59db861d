import gzip
import hashlib
import http.server
import io
import pickle
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits

from course import datasets
from course.datasets import DIGITS, DataError, cifar10, cloud, digits, like_cifar10, prepared_digits, split


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


class Table:
    """What a table of pandas is here: columns behind the brackets, and rows by position for NumPy alone."""

    def __init__(self, rows):
        self.rows = np.asarray(rows)

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, label):
        raise KeyError(label)

    def __array__(self, dtype=None, copy=None):
        return self.rows


def test_a_split_takes_lists_and_tables_by_position():
    X, y = np.arange(20).reshape(10, 2), np.arange(10)
    expected = split(np.random.default_rng(0), X, y, 3)
    for given in [(X.tolist(), y.tolist()), (Table(X), Table(y)), (X, list(y)), (Table(X), y.tolist())]:
        for got, right in zip(split(np.random.default_rng(0), *given, 3), expected, strict=True):
            np.testing.assert_array_equal(got, right)


def test_a_split_takes_tables_of_pandas_whatever_their_index():
    pandas = pytest.importorskip("pandas")
    X, y = np.arange(20).reshape(10, 2), np.arange(10)
    shuffled = np.random.default_rng(1).permutation(10)
    table = pandas.DataFrame(X, index=shuffled, columns=["a", "b"]), pandas.Series(y, index=shuffled[::-1])
    expected = split(np.random.default_rng(0), X, y, 3)
    for got, right in zip(split(np.random.default_rng(0), *table, 3), expected, strict=True):
        np.testing.assert_array_equal(got, right)


def test_what_a_split_returns_is_not_what_it_was_given():
    X = np.arange(10.0)
    for part in split(np.random.default_rng(0), X, X, 3):
        assert not np.shares_memory(part, X)


@pytest.mark.parametrize(
    ("X", "y", "held_out", "error", "words"),
    [
        (np.zeros((10, 2)), range(20), 3, ValueError, "y must have 10 rows, as X has, but has 20"),
        (np.zeros((10, 2)), range(6), 3, ValueError, "y must have 10 rows, as X has, but has 6"),
        ([], [], 1, ValueError, "X must hold at least one row"),
        (None, [1], 1, ValueError, "X must hold at least one row"),
        ([[1], [2, 3]], [0, 1], 1, ValueError, "X must be an array of numbers"),
        ([1, 2], 5, 1, ValueError, "y must hold at least one row"),
        ([1, 2], [1, 2], 0, ValueError, "held_out must be a whole number of at least 1, but is 0"),
        ([1, 2], [1, 2], -1, ValueError, "held_out must be a whole number"),
        ([1, 2], [1, 2], 0.5, ValueError, "held_out must be a whole number"),
        ([1, 2], [1, 2], None, ValueError, "held_out must be a whole number"),
        ([1, 2], [1, 2], True, ValueError, "held_out must be a whole number"),
    ],
)
def test_a_wrong_split_is_refused_in_a_sentence(X, y, held_out, error, words):
    with pytest.raises(error, match=re.escape(words)):
        split(np.random.default_rng(0), X, y, held_out)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: split(0, [1, 2], [1, 2], 1), "rng must be a generator"),
        (lambda: prepared_digits(None, 300), "rng must be a generator"),
        (lambda: digits(None), "path must be a path, but is None"),
        (lambda: digits(5), "path must be a path, but is 5"),
        (lambda: cifar10(b"x"), "source must be a path, but is b'x'"),
        (lambda: cifar10(5), "source must be a path, but is 5"),
        (lambda: cifar10(False), "source must be a path, but is False"),
        (lambda: cifar10("x", progress=1), "progress must be True or False, but is 1"),
        (lambda: datasets.fetch_cifar10("no"), "progress must be True or False, but is 'no'"),
        (lambda: like_cifar10(None), "images must hold real numbers"),
    ],
)
def test_a_wrong_argument_is_named(call, words):
    with pytest.raises(TypeError, match=words):
        call()


def test_no_digits_and_whole_digits_are_enlarged():
    assert like_cifar10(np.zeros((0, 8, 8))).shape == (0, 3072)
    whole = digits()[0][:3].astype(np.uint8)
    np.testing.assert_array_equal(like_cifar10(whole), like_cifar10(whole.astype(float)))


def test_a_tilde_is_the_home_of_the_user(tmp_path, monkeypatch, few):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    shutil.copy(DIGITS, tmp_path / "digits.npz")
    assert len(digits("~/digits.npz")[0]) == 1797
    tmp_path.joinpath("bin").mkdir()
    for name, rows in few.items():
        tmp_path.joinpath("bin", name).write_bytes(rows.tobytes())
    check(cifar10("~/bin", progress=False), few, "its .bin files")
    monkeypatch.setenv("COURSE_CIFAR10", "~/bin")
    check(cifar10(progress=False), few, "its .bin files")


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


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"spread": (-1, 1)}, ValueError, "spread must lie between 0 and"),
        ({"spread": np.inf}, ValueError, "spread must lie between 0 and"),
        (
            {"spread": [1, 2, 3]},
            ValueError,
            "spread must be one number for each axis, but has the shape (3,)",
        ),
        ({"centre": np.zeros((2, 5))}, ValueError, "centre must be one number for each axis"),
        ({"centre": (np.nan, 0)}, ValueError, "centre must lie between"),
        ({"centre": None}, TypeError, "centre must hold real numbers"),
        ({"angle": [0, 1]}, ValueError, "angle must be one number, but has the shape (2,)"),
        ({"angle": "right"}, TypeError, "angle must hold real numbers"),
        ({"angle": np.nan}, ValueError, "angle must lie between"),
        ({"n": 2.0}, ValueError, "n must be a whole number"),
        ({"rng": np.random.RandomState(0)}, TypeError, "rng must be a generator"),
    ],
)
def test_a_wrong_cloud_is_refused_before_anything_is_drawn(given, error, words):
    rng = np.random.default_rng(0)
    with pytest.raises(error, match=re.escape(words)):
        cloud(**({"rng": rng, "n": 3} | given))
    assert rng.random() == np.random.default_rng(0).random()


def test_one_number_is_the_centre_or_the_spread_of_both_axes():
    points = [cloud(np.random.default_rng(0), 4, 1, spread) for spread in (2, [2, 2], np.float32([2, 2]))]
    np.testing.assert_array_equal(points[0], points[1])
    np.testing.assert_array_equal(points[0], points[2])


def test_prepared_digits_are_centred_by_the_training_rows_alone():
    X_train, y_train, X_held, y_held = prepared_digits(np.random.default_rng(3), held_out=300)
    X, y = digits()
    kept, kept_y, held, held_labels = split(np.random.default_rng(3), X.reshape(-1, 64), y, held_out=300)
    np.testing.assert_array_equal([*y_train, *y_held], [*kept_y, *held_labels])
    np.testing.assert_allclose(X_train.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(X_held, (held - kept.mean(axis=0)) / 6, atol=1e-5)
    assert X_train.dtype == X_held.dtype == np.float32


# CIFAR-10: everything below is in the official layout, only with fewer pictures, drawn at random.
ROWS = 20


@pytest.fixture
def few(monkeypatch):
    """The archive's six files with 20 records each, and the course told that these are all."""
    monkeypatch.setattr(datasets, "CIFAR10_ROWS", ROWS)
    rng = np.random.default_rng(0)
    records = rng.integers(256, size=(6, ROWS, 3073), dtype=np.uint8)
    records[..., 0] %= 10
    return dict(zip(datasets.CIFAR10_FILES, records, strict=True))


def pack(path, members, kind=tarfile.REGTYPE, folder="cifar-10-batches-bin/"):
    """Write an archive of `(name, bytes)`; a kind other than a file makes the last member that."""
    with tarfile.open(path, "w:gz") as archive:
        for i, (name, stored) in enumerate(members):
            member = tarfile.TarInfo(folder + name)
            member.type = kind if i == len(members) - 1 else tarfile.REGTYPE
            member.linkname = "/etc/passwd"
            member.size = len(stored) if member.type == tarfile.REGTYPE else 0
            archive.addfile(member, io.BytesIO(stored))
    return path


@pytest.fixture
def archive(few, tmp_path, monkeypatch):
    members = [("batches.meta.txt", b"airplane\n"), *((name, rows.tobytes()) for name, rows in few.items())]
    path = pack(tmp_path / "cifar-10-binary.tar.gz", members)
    monkeypatch.setattr(datasets, "CIFAR10_SHA256", hashlib.sha256(path.read_bytes()).hexdigest())
    return path


def trusted(monkeypatch, path):
    """Let the hash pass, so that what stands behind it is tried."""
    monkeypatch.setattr(datasets, "CIFAR10_SHA256", hashlib.sha256(path.read_bytes()).hexdigest())


def check(arrays, few, copy):
    X_train, y_train, X_test, y_test, told = arrays
    records = np.concatenate(list(few.values()))
    X, y = np.concatenate([X_train, X_test]), np.concatenate([y_train, y_test])
    assert (X.dtype, X.shape, told) == (np.uint8, (6 * ROWS, 32, 32, 3), copy)
    assert len(X_test) == ROWS
    np.testing.assert_array_equal(y, records[:, 0])
    # 1024 red bytes first, row by row, then green, then blue.
    np.testing.assert_array_equal(X[..., 0].reshape(len(X), -1), records[:, 1:1025])
    np.testing.assert_array_equal(X[..., 2].reshape(len(X), -1), records[:, 2049:])
    np.testing.assert_array_equal(X[7, 3, 5, 1], records[7, 1 + 1024 + 3 * 32 + 5])


def test_the_official_archive_is_read_in_memory(archive, few, monkeypatch):
    before = sorted(archive.parent.rglob("*"))
    check(cifar10(archive, progress=False), few, "the official archive")
    monkeypatch.setenv("COURSE_CIFAR10", str(archive))
    check(cifar10(progress=False), few, "the official archive")
    assert sorted(archive.parent.rglob("*")) == before


@pytest.mark.parametrize("inner", ["", "cifar-10-batches-bin", "another name"])
def test_a_folder_of_records_is_read(few, tmp_path, inner):
    folder = tmp_path / "a folder of 그림" / inner
    folder.mkdir(parents=True)
    for name, rows in few.items():
        folder.joinpath(name).write_bytes(rows.tobytes())
    check(cifar10(tmp_path / "a folder of 그림", progress=False), few, "its .bin files")
    for name in ("data_batch_3.bin", "test_batch.bin"):
        stored = folder.joinpath(name).read_bytes()
        folder.joinpath(name).unlink()
        with pytest.raises(DataError, match=rf"{name} cannot be read \(No such file"):
            cifar10(folder, progress=False)
        folder.joinpath(name).write_bytes(stored)


def pictures(root):
    """Two parts of ten classes; the colour of each picture tells its class and number."""
    for part, n in (("train", ROWS // 2), ("test", ROWS // 10)):
        for k, name in enumerate(datasets.CIFAR10_CLASSES):
            root.joinpath(part, name).mkdir(parents=True)
            for i in range(n):
                colour = (20 * k, 20 * i, 100 if part == "train" else 200)
                Image.new("RGB", (32, 32), colour).save(root / part / name / f"{i:04d}.jpg", quality=95)
    return root


@pytest.mark.parametrize("kind", ["folder", "folder above", "zip", "zip of the folder"])
def test_pictures_are_read_by_class(few, tmp_path, kind):
    source = root = pictures(tmp_path / "above" / "pictures")
    # What a file manager leaves behind.
    root.joinpath("train", "cat", ".DS_Store").write_bytes(b"")
    if "above" in kind or "of the folder" in kind:
        source = root.parent
    if kind.startswith("zip"):
        source = shutil.make_archive(str(tmp_path / "pictures"), "zip", source)
    X_train, y_train, X_test, y_test, copy = cifar10(source, progress=False)
    assert (len(X_train), len(X_test), copy) == (5 * ROWS, ROWS, "JPEG copies of the pictures")
    for X, y, n, blue in ((X_train, y_train, ROWS // 2, 100), (X_test, y_test, ROWS // 10, 200)):
        expected = np.column_stack([20 * y, 20 * (np.arange(len(y)) % n), np.full(len(y), blue)])
        np.testing.assert_allclose(X[:, 16, 16], expected, atol=4)


def test_a_zip_whose_list_is_damaged_is_named(few, tmp_path):
    source = Path(shutil.make_archive(str(tmp_path / "pictures"), "zip", pictures(tmp_path / "pictures")))
    data = source.read_bytes()
    source.write_bytes(data.replace(b"PK\x01\x02", b"PK\x01\x00"))
    with pytest.raises(DataError, match=r"pictures\.zip is damaged \(.*\)"):
        cifar10(source, progress=False)


def spoil_size(file):
    Image.new("RGB", (33, 32)).save(file)


SPOILT_PICTURES = {
    "a page": (lambda file: file.write_text("<html>"), "no picture of 32 x 32 pixels"),
    "another size": (spoil_size, r"its size is \(33, 32\)"),
    "empty": (lambda file: file.write_bytes(b""), "no picture"),
    "cut short": (lambda file: file.write_bytes(file.read_bytes()[:300]), "no picture"),
    "large": (lambda file: file.write_bytes(bytes(100_001)), "more than 100000 bytes"),
    "missing": (lambda file: file.unlink(), "holds 9 pictures, but 10 are expected"),
    "another kind": (lambda file: Image.new("RGB", (32, 32)).save(file, format="PNG"), "no picture"),
}


@pytest.mark.parametrize(("spoil", "words"), SPOILT_PICTURES.values(), ids=SPOILT_PICTURES)
def test_a_spoilt_picture_is_named(few, tmp_path, spoil, words):
    root = pictures(tmp_path / "pictures")
    spoil(root / "train" / "cat" / "0004.jpg")
    with pytest.raises(DataError, match=words) as error:
        cifar10(root, progress=False)
    assert "cat" in str(error.value)


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 0.999])
def test_an_archive_cut_short_is_damaged(archive, share):
    whole = archive.read_bytes()
    archive.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(DataError, match="is not the official archive, or is damaged"):
        cifar10(archive)


def test_a_flipped_byte_in_an_archive_is_damage(archive):
    whole, rng = archive.read_bytes(), np.random.default_rng(0)
    for place in rng.integers(len(whole), size=500):
        archive.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << rng.integers(8)]) + whole[place + 1 :])
        with pytest.raises(DataError, match="is damaged"):
            cifar10(archive)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_damage_behind_a_right_hash_is_found_too(archive, monkeypatch, share):
    whole = archive.read_bytes()
    archive.write_bytes(whole[: int(share * len(whole))])
    trusted(monkeypatch, archive)
    with pytest.raises(DataError, match=r"is damaged|has 0 bytes"):
        cifar10(archive)


def test_a_flipped_byte_behind_a_right_hash_gives_the_pictures_or_a_sentence(archive, few, monkeypatch):
    """The hash finds every one of them; without it none gives anything but pictures or a sentence."""
    whole, rng, found = archive.read_bytes(), np.random.default_rng(0), 0
    monkeypatch.setattr(datasets, "_sha256", lambda path: datasets.CIFAR10_SHA256)
    # A third of the flips in the headers, where they do more than spoil a checksum.
    for place in [*rng.integers(64, size=60), *rng.integers(len(whole), size=140)]:
        archive.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << rng.integers(8)]) + whole[place + 1 :])
        try:
            cifar10(archive)
        except DataError:
            found += 1
    assert found > 20


@pytest.mark.parametrize(
    "stored", [b"<html>Not found</html>", b"\x1f\x8b<html>", pickle.dumps({"data": [1]})]
)
def test_something_else_in_place_of_the_archive_is_damage(archive, monkeypatch, stored):
    archive.write_bytes(stored)
    with pytest.raises(DataError, match=r"is not the official archive, or is damaged.* Name a local copy"):
        cifar10(archive)
    trusted(monkeypatch, archive)
    with pytest.raises(DataError, match=r"is damaged|cannot be read"):
        cifar10(archive)


FOREIGN = {
    "a way out": ("../evil", tarfile.REGTYPE),
    "a root": ("evil", tarfile.REGTYPE),
    "a symbolic link": ("data_batch_1.bin", tarfile.SYMTYPE),
    "a hard link": ("data_batch_1.bin", tarfile.LNKTYPE),
    "a device": ("data_batch_1.bin", tarfile.CHRTYPE),
    "a pipe": ("readme.html", tarfile.FIFOTYPE),
    "a second one": ("test_batch.bin", tarfile.REGTYPE),
}


@pytest.mark.parametrize(("name", "kind"), FOREIGN.values(), ids=FOREIGN)
def test_a_foreign_member_is_refused(few, tmp_path, monkeypatch, name, kind):
    members = [(own, rows.tobytes()) for own, rows in few.items() if own != name or kind == tarfile.REGTYPE]
    folder = "/" if name == "evil" else "cifar-10-batches-bin/"
    path = pack(tmp_path / "a.tar.gz", [*members, (name, b"x")], kind)
    if name == "evil":
        path = pack(tmp_path / "b.tar.gz", [("evil", b"x")], kind, folder)
    trusted(monkeypatch, path)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(DataError, match="which the official archive does not"):
        cifar10(path)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_bomb_is_refused_before_it_is_read(tmp_path, monkeypatch):
    header = tarfile.TarInfo("cifar-10-batches-bin/data_batch_1.bin")
    header.size = 10 * 2**30
    path = tmp_path / "bomb.tar.gz"
    path.write_bytes(gzip.compress(header.tobuf() + bytes(10_000)))
    trusted(monkeypatch, path)
    with pytest.raises(DataError, match="which the official archive does not"):
        cifar10(path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda few: few.pop("data_batch_2.bin"), "data_batch_2.bin has 0 bytes, but 61460 are its size"),
        (lambda few: few.update({"test_batch.bin": np.zeros(5, np.uint8)}), "test_batch.bin has 5 bytes"),
        (
            lambda few: few["data_batch_4.bin"].__setitem__((3, 0), 200),
            "it holds the label 200, but labels run",
        ),
    ],
)
def test_a_wrong_member_is_named(few, tmp_path, monkeypatch, change, words):
    change(few)
    path = pack(tmp_path / "a.tar.gz", [(name, rows.tobytes()) for name, rows in few.items()])
    trusted(monkeypatch, path)
    with pytest.raises(DataError, match=words):
        cifar10(path)


def test_a_copy_that_is_not_there_says_what_to_do(tmp_path):
    with pytest.raises(DataError, match=r"absent cannot be read .* Name a local copy, as in cifar10\("):
        cifar10(tmp_path / "absent")
    with pytest.raises(
        DataError, match=r"holds neither pictures train/CLASS/.*nor, unpacked, the six .bin files"
    ):
        cifar10(tmp_path)
    tmp_path.joinpath("train").mkdir()
    with pytest.raises(DataError, match="holds 0 pictures, but 5000 are expected"):
        cifar10(tmp_path)


OTHERS = {
    "Python": ("cifar-10-batches-py/data_batch_1", "the Python version, which is pickled"),
    "Matlab": ("cifar-10-batches-mat/data_batch_1.mat", "the Matlab version"),
    "CIFAR-100": ("cifar-100-binary/train.bin", "CIFAR-100, which has other pictures"),
    "CIFAR-100 in Python": ("cifar-100-python/train", "CIFAR-100, which has other pictures"),
}


# The files of CIFAR-100 have names that tell nothing.
KINDS = ["gz", "tar", "zip", "folder", "folder above", "renamed folder", "file"]
PLACES = [(kind, *other) for other in OTHERS.values() for kind in KINDS[: 5 if "100" in other[0] else 7]]


@pytest.mark.parametrize(("kind", "inside", "words"), PLACES)
def test_what_people_have_in_its_place_is_recognised_and_never_unpickled(tmp_path, kind, inside, words):
    class Planted:
        def __reduce__(self):
            return (tmp_path.joinpath("planted").touch, ())

    member = tmp_path / "above" / inside
    member.parent.mkdir(parents=True)
    member.write_bytes(pickle.dumps(Planted()))
    sources = {"folder": member.parent, "folder above": tmp_path / "above", "file": member}
    if kind == "renamed folder":
        sources[kind] = member.parent.rename(tmp_path / "pictures")
    source = sources.get(kind) or shutil.make_archive(
        str(tmp_path / "mine"), kind.replace("gz", "gztar"), tmp_path / "above"
    )
    with pytest.raises(DataError, match=f"is {words}; only the binary version of CIFAR-10 is read. Name a"):
        cifar10(source, progress=False)
    assert not (tmp_path / "planted").exists()


def test_an_archive_that_was_packed_anew_is_to_be_unpacked(few, tmp_path):
    members = [(name, rows.tobytes()) for name, rows in few.items()]
    with pytest.raises(DataError, match="If it was packed anew, name the folder that it unpacks to"):
        cifar10(pack(tmp_path / "cifar-10-binary.tar.gz", members))
    for name, stored in members:
        tmp_path.joinpath("unpacked", "cifar-10-batches-bin").mkdir(parents=True, exist_ok=True)
        tmp_path.joinpath("unpacked", "cifar-10-batches-bin", name).write_bytes(stored)
    check(cifar10(tmp_path / "unpacked", progress=False), few, "its .bin files")
    packed = shutil.make_archive(str(tmp_path / "a"), "zip", tmp_path / "unpacked")
    with pytest.raises(DataError, match=r"holds neither pictures .* nor, unpacked, the six .bin files"):
        cifar10(packed, progress=False)


class Server(http.server.ThreadingHTTPServer):
    """An own host, which answers as it is told to and counts how often."""

    answer, count = None, 0


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.count += 1
        self.server.answer(self)

    def log_message(self, *_):
        pass


def send(stored, status=200, promised=None):
    def answer(request):
        request.send_response(status)
        request.send_header("Content-Length", str(promised or len(stored)))
        request.end_headers()
        request.wfile.write(stored)

    return answer


@pytest.fixture
def server(monkeypatch, tmp_path):
    """A host of this machine in place of the archive's, and an empty folder of caches."""
    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setattr(
            datasets, "CIFAR10_URL", f"http://127.0.0.1:{server.server_port}/cifar-10-binary.tar.gz"
        )
        monkeypatch.delenv("COURSE_CIFAR10", raising=False)
        monkeypatch.setattr("pooch.os_cache", lambda name: tmp_path / "캐시 folder" / name)
        yield server
        server.shutdown()
        thread.join()


def cached(tmp_path):
    return sorted(path for path in (tmp_path / "캐시 folder").rglob("*") if path.is_file())


def test_the_archive_is_fetched_once(server, archive, few, tmp_path):
    server.answer = send(archive.read_bytes())
    check(cifar10(progress=False), few, "the official archive")
    check(cifar10(progress=False), few, "the official archive")
    assert server.count == 1
    assert [path.name for path in cached(tmp_path)] == ["cifar-10-binary.tar.gz"]


def redirect(request):
    """First to elsewhere, as the page of a network that wants a password does."""
    if request.path == "/login":
        return send(b"<html>Log in</html>")(request)
    request.send_response(302)
    request.send_header("Location", "/login")
    request.send_header("Content-Length", "0")
    request.end_headers()
    return None


ANSWERS = {
    "a page that it was sent to": redirect,
    "a page": send(b"<html>Welcome to this network</html>"),
    "not found": send(b"", 404),
    "busy": send(b"", 503),
    "cut short": send(b"123", promised=1000),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_a_download_that_fails_leaves_nothing_and_says_what_to_do(server, archive, tmp_path, answer):
    server.answer = answer
    with pytest.raises(DataError, match=r"could not be fetched from http.* Name a local copy"):
        cifar10(progress=False)
    assert cached(tmp_path) == []
    server.answer = send(archive.read_bytes())
    assert len(cifar10(progress=False)) == 5


def test_no_network_says_what_to_do(server, monkeypatch):
    monkeypatch.setattr(datasets, "CIFAR10_URL", "http://127.0.0.1:9/cifar-10-binary.tar.gz")
    with pytest.raises(DataError, match=r"could not be fetched .* Name a local copy"):
        cifar10(progress=False)


def test_a_proxy_that_refuses_is_said(server, archive, tmp_path, monkeypatch):
    server.answer = send(archive.read_bytes())
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(DataError, match=r"could not be fetched .*roxy.* Name a local copy"):
        cifar10(progress=False)
    assert server.count == 0
    assert cached(tmp_path) == []


def test_an_interrupted_download_leaves_nothing(server, archive, tmp_path, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    server.answer = send(archive.read_bytes())
    monkeypatch.setattr("requests.models.Response.iter_content", interrupted)
    with pytest.raises(KeyboardInterrupt):
        cifar10(progress=False)
    assert cached(tmp_path) == []


def test_a_full_disk_leaves_nothing_and_says_so(server, archive, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    server.answer = send(archive.read_bytes())
    monkeypatch.setattr("requests.models.Response.iter_content", full)
    with pytest.raises(DataError, match="No space left on device"):
        cifar10(progress=False)
    assert cached(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="limits files as Unix does")
def test_a_disk_that_fills_up_while_it_is_written_leaves_nothing(server, archive, few, tmp_path):
    import resource

    stored, limits = archive.read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    server.answer = send(stored)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(stored) // 2, limits[1]))
    try:
        with pytest.raises(DataError, match=r"could not be fetched .*File too large.* Name a local copy"):
            cifar10(progress=False)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert cached(tmp_path) == []
    check(cifar10(progress=False), few, "the official archive")


def test_a_home_that_cannot_be_written_is_said(server, archive, tmp_path):
    (tmp_path / "캐시 folder").write_text("a file in the place of the folder")
    with pytest.raises(DataError, match=r"could not be fetched .*캐시 folder.* Name a local copy"):
        cifar10(progress=False)


def test_a_damaged_cache_is_put_aside_and_fetched_again(server, archive, few, tmp_path):
    server.answer = send(archive.read_bytes())
    path = datasets.fetch_cifar10(progress=False)
    path.write_bytes(b"not what it was")
    with pytest.raises(DataError, match=r"was damaged and is now called .*gz\.bad; try again"):
        cifar10(progress=False)
    assert [path.name for path in cached(tmp_path)] == ["cifar-10-binary.tar.gz.bad"]
    check(cifar10(progress=False), few, "the official archive")


# What was started in the background ignores Ctrl-C, and so does all that it starts.
FETCH = """
import pathlib, signal, sys
import pooch
from course import datasets
signal.signal(signal.SIGINT, signal.default_int_handler)
datasets.CIFAR10_URL, datasets.CIFAR10_SHA256 = sys.argv[1:3]
pooch.os_cache = lambda name: pathlib.Path(sys.argv[3]) / name
print(datasets.fetch_cifar10(progress=False))
"""


def fetching(tmp_path):
    """Another process that fetches the archive into the same folder of caches."""
    command = [sys.executable, "-c", FETCH, datasets.CIFAR10_URL, datasets.CIFAR10_SHA256]
    return subprocess.Popen(
        [*command, tmp_path / "캐시 folder"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        cwd=Path(__file__).parents[1],
    )  # fmt: skip


def test_two_processes_that_fetch_at_once_both_get_it(server, archive, tmp_path):
    together = threading.Barrier(2)

    def answer(request):
        together.wait(60)
        send(archive.read_bytes())(request)

    server.answer = answer
    outcomes = [process.communicate(timeout=120) for process in [fetching(tmp_path), fetching(tmp_path)]]
    (path,) = cached(tmp_path)
    assert outcomes == [(f"{path}\n", "")] * 2
    assert server.count == 2
    assert path.read_bytes() == archive.read_bytes()


def test_an_interrupt_from_the_keyboard_leaves_nothing(server, archive, tmp_path):
    stored, begun, over = archive.read_bytes(), threading.Event(), threading.Event()

    def answer(request):
        send(stored[: len(stored) // 2], promised=len(stored))(request)
        begun.set()
        over.wait(60)

    server.answer = answer
    process = fetching(tmp_path)
    assert begun.wait(60)
    deadline = time.monotonic() + 60
    while not cached(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(cached(tmp_path)) == 1
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    over.set()
    assert errors.strip().endswith("KeyboardInterrupt")
    assert cached(tmp_path) == []


def test_a_pickle_planted_in_the_cache_is_never_opened(server, archive, tmp_path):
    class Planted:
        def __reduce__(self):
            return (tmp_path.joinpath("planted").touch, ())

    server.answer = send(archive.read_bytes())
    datasets.fetch_cifar10(progress=False).write_bytes(pickle.dumps(Planted()))
    with pytest.raises(DataError, match="was damaged and is now called"):
        cifar10(progress=False)
    assert not (tmp_path / "planted").exists()


def test_nothing_in_the_course_can_unpickle():
    for path in Path(datasets.__file__).parent.glob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert not re.search(
            r"allow_pickle=True|\b(import|from) (pickle|marshal|shelve|dill|joblib)\b", source
        ), path
        assert source.count("np.load(") == source.count("allow_pickle=False"), path


def test_a_host_that_falls_silent_is_said(server, archive, tmp_path, monkeypatch):
    stored, over = archive.read_bytes(), threading.Event()

    def answer(request):
        send(stored[: len(stored) // 2], promised=len(stored))(request)
        over.wait(60)

    server.answer = answer
    # pooch waits 30 seconds for the next bytes.
    monkeypatch.setattr("pooch.downloaders.DEFAULT_TIMEOUT", 1)
    try:
        with pytest.raises(DataError, match=r"could not be fetched .*timed out.* Name a local copy"):
            cifar10(progress=False)
    finally:
        over.set()
    assert cached(tmp_path) == []


def test_a_slow_host_shows_progress(server, archive, capfd):
    stored, slow = archive.read_bytes(), 3000

    def answer(request):
        request.send_response(200)
        request.send_header("Content-Length", str(len(stored)))
        request.end_headers()
        # 1 kB in a second, for three seconds; nobody would wait for the rest.
        for i in range(0, slow, 250):
            request.wfile.write(stored[i : i + 250])
            request.wfile.flush()
            time.sleep(0.25)
        request.wfile.write(stored[slow:])

    server.answer = answer
    begun = time.monotonic()
    path = datasets.fetch_cifar10()
    assert time.monotonic() - begun > 2.9
    assert path.read_bytes() == stored
    bar = capfd.readouterr().err
    assert "100%" in bar
    assert bar.count("\r") > 3
