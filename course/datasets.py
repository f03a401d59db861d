"""Data to train on: digits that come with the course, the lecture's own pictures, and clouds of points."""

import contextlib
import hashlib
import io
import os
import re
import tarfile
import zipfile
import zlib
from pathlib import Path

import numpy as np
from tqdm.auto import tqdm

from course.arguments import LARGEST, examples, flag, floats, generator, number, shown, single, whole

DIGITS = Path(__file__).with_name("digits.npz")
SHA256 = "b2dab7b501728c22e9119ad76740b2e17c77a231e42d1e592380d90886f1a05e"
RESTORE = f"restore it with: git checkout {DIGITS.parent.name}/{DIGITS.name}"

CIFAR10_URL = "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"
CIFAR10_SHA256 = "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"
CIFAR10_CLASSES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
CIFAR10_FOLDER = "cifar-10-batches-bin"
CIFAR10_FILES = [*(f"data_batch_{i}.bin" for i in range(1, 6)), "test_batch.bin"]
# Pictures in each of the six files, and the bytes of one: its label, then 32 x 32 of red, of green, of blue.
CIFAR10_ROWS, CIFAR10_RECORD = 10_000, 1 + 3 * 32 * 32
# Whatever else lies beside the pictures, and a picture as a JPEG file, is far smaller than this.
SMALL_FILE = 100_000
LOCAL_COPY = (
    "Name a local copy, as in cifar10('cifar-10-binary.tar.gz') or in the environment variable "
    "COURSE_CIFAR10; no other topic than 08 needs it."
)
# What people have in its place, by the name of an archive, a folder or a file.
MISTAKEN = {
    "cifar-100": "CIFAR-100, which has other pictures",
    r"batches-py|10-python|data_batch_\d$": "the Python version, which is pickled",
    r"batches-mat|10-matlab|data_batch_\d\.mat$": "the Matlab version",
}


class DataError(Exception):
    """A data file is missing or damaged; the message says which, and what to do."""


def digits(path=DIGITS):
    """Return 1797 real handwritten digits: images `(1797, 8, 8)` of 0.0 to 16.0, and labels 0 to 9.

    Optical recognition of handwritten digits (Alpaydin & Kaynak 1998), CC BY 4.0, as scikit-learn has it.
    Raises DataError where the file is missing or damaged.

    >>> X, y = digits()
    >>> X.shape, y[:5]
    ((1797, 8, 8), array([0, 1, 2, 3, 4]))
    """
    path = _path("path", path)
    try:
        stored = path.read_bytes()
    except OSError as error:
        raise DataError(f"The digits file {path} cannot be read ({error.strerror}); {RESTORE}") from None
    if hashlib.sha256(stored).hexdigest() != SHA256:
        raise DataError(f"The digits file {path} is damaged; {RESTORE}")
    with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
        return arrays["images"].astype(np.float64), arrays["labels"].astype(np.intp)


def like_cifar10(images):
    """Enlarge digits `(N, 8, 8)` of 0 to 16 to the lecture's input `(N, 3072)` of 0 to 255.

    Each pixel becomes 4 x 4 pixels of three equal colours, so that an image is 32 x 32 x 3. The scale of
    the input sets the scale of the learning rate, so this keeps the lecture's numbers within reach.

    >>> X, _ = digits()
    >>> like_cifar10(X).shape, like_cifar10(X).max()
    ((1797, 3072), np.float64(255.0))
    """
    images = floats("images", images)
    if images.ndim != 3 or images.shape[1:] != (8, 8):
        raise ValueError(f"images must have the shape (N, 8, 8), but have {images.shape}.")
    large = images.repeat(4, axis=1).repeat(4, axis=2) * (255 / 16)
    return np.repeat(large[..., None], 3, axis=-1).reshape(len(images), 3072)


def split(rng, X, y, held_out):
    """Return `(X_train, y_train, X_held, y_held)`, a random `held_out` of the rows being held out.

    `X` and `y` have as many rows as each other, and are taken by position, whatever index a table has.

    >>> X_train, y_train, X_held, y_held = split(np.random.default_rng(0), *digits(), held_out=300)
    >>> len(X_train), len(X_held)
    (1497, 300)
    """
    generator("rng", rng)
    X, y = examples(X, y)
    if not 0 < whole("held_out", held_out) < len(X):
        raise ValueError(f"held_out must be below the {len(X)} rows there are, but is {held_out}.")
    order = rng.permutation(len(X))
    held, kept = order[:held_out], order[held_out:]
    return X[kept], y[kept], X[held], y[held]


def prepared_digits(rng, held_out):
    """Return `split` of the digits as rows `(N, 64)`, float32, ready for a network.

    Pixels are divided by 6, about their standard deviation, and the mean image of the training rows is
    taken from all, as slide 39 advises.

    >>> X_train, y_train, X_held, y_held = prepared_digits(np.random.default_rng(0), held_out=300)
    >>> X_train.shape, X_train.std().round(1), X_held.mean().round(2)
    ((1497, 64), np.float32(0.7), np.float32(0.01))
    """
    images, labels = digits()
    rows = (images.reshape(len(images), -1) / 6).astype(np.float32)
    X_train, y_train, X_held, y_held = split(rng, rows, labels, held_out)
    mean = X_train.mean(axis=0)
    return X_train - mean, y_train, X_held - mean, y_held


def cifar10(source=None, progress=True):
    """Return `(X_train, y_train, X_test, y_test, copy)`, the lecture's own pictures (Krizhevsky 2009).

    Pictures have the shapes `(50000, 32, 32, 3)` and `(10000, 32, 32, 3)` and whole numbers of 0 to 255;
    labels are 0 to 9, the places in `CIFAR10_CLASSES`; `copy` says in a few words which copy was read.
    `source` is the official archive cifar-10-binary.tar.gz, a folder that holds its six .bin files, or a
    folder or zip of JPEG files train/CLASS/*.jpg and test/CLASS/*.jpg; these may lie in one folder more.
    Where it is None, the environment variable COURSE_CIFAR10 names it; where that is empty, the archive is
    fetched, once. Nothing is unpickled or extracted, so that the Python version of CIFAR-10 will not do.
    Raises DataError where there is no copy or a damaged one.
    """
    flag("progress", progress)
    given = os.environ.get("COURSE_CIFAR10") or fetch_cifar10(progress) if source is None else source
    source = _path("source", given)
    try:
        if zipfile.is_zipfile(source):
            with zipfile.ZipFile(source) as archive:
                return _pictures(zipfile.Path(archive), source, progress)
        if not source.is_dir():
            return _records(_members(source), "the official archive")
        if found := [*source.glob("*_batch*.bin"), *source.glob("*/*_batch*.bin")]:
            files = {name: found[0].with_name(name).read_bytes() for name in CIFAR10_FILES}
            return _records(files, "its .bin files")
        return _pictures(source, source, progress)
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, zlib.error) as error:
        raise _no_copy(f"{source} is damaged ({error})") from None
    except OSError as error:
        raise _no_copy(f"{error.filename or source} cannot be read ({error.strerror or error})") from None


def fetch_cifar10(progress=True):
    """Return the path of the official archive of CIFAR-10, 170 MB, which is downloaded at the first call.

    It is kept in the user's folder of caches. A download that breaks, or that brings something else, leaves
    nothing behind; an archive found damaged later is put aside under a name that ends in .bad. Raises
    DataError, which says what to do, for both.
    """
    flag("progress", progress)
    import pooch  # costs more than the rest of this module, and is needed once

    pooch.get_logger().setLevel("WARNING")
    folder = pooch.os_cache("training-neural-networks")
    path = folder / CIFAR10_URL.rsplit("/", 1)[-1]
    try:
        if not path.exists():
            pooch.retrieve(CIFAR10_URL, CIFAR10_SHA256, path.name, folder, progressbar=progress)
        elif _sha256(path) != CIFAR10_SHA256:
            bad = path.replace(path.with_name(path.name + ".bad"))
            raise DataError(f"The archive in the cache was damaged and is now called {bad}; try again.")
    except (OSError, ValueError) as error:
        raise _no_copy(f"CIFAR-10 could not be fetched from {CIFAR10_URL} ({error})") from None
    return path


def cloud(rng, n, centre=(0.0, 0.0), spread=(1.0, 1.0), angle=0.0):
    """Return a gaussian cloud `(n, 2)` around `centre`, `spread` wide along axes turned by `angle` radians.

    >>> cloud(np.random.default_rng(0), 500, centre=(3, 0)).mean(axis=0).round(1)
    array([ 2.9, -0. ])
    """
    generator("rng", rng)
    n, angle = whole("n", n), single("angle", angle)
    c, s = np.cos(angle), np.sin(angle)
    centre, spread = number("centre", centre, -LARGEST, LARGEST), number("spread", spread, 0, LARGEST)
    for name, pair in ("centre", centre), ("spread", spread):
        if pair.shape not in ((), (2,)):
            raise ValueError(f"{name} must be one number for each axis, but has the shape {pair.shape}.")
    return rng.standard_normal((n, 2)) * spread @ np.array([[c, s], [-s, c]]) + centre


def _path(name, given):
    try:
        return Path(os.path.expanduser(os.fspath(given)))
    except TypeError:
        raise TypeError(f"{name} must be a path, but is {shown(given)}.") from None


def _no_copy(words):
    """The error that there is no copy of CIFAR-10, as these words say, and what to do."""
    return DataError(f"{words}. {LOCAL_COPY}")


def _refused(source, words):
    """The error for a `source` that is something else, as its name or a name in it tells, or else `words`."""
    names = [source.name]
    with contextlib.suppress(OSError, EOFError, zlib.error, tarfile.TarError):
        if source.is_dir():
            names += [path.name for path in (*source.glob("*"), *source.glob("*/*"))]
        elif zipfile.is_zipfile(source):
            names += zipfile.ZipFile(source).namelist()
        else:
            with tarfile.open(source) as archive:
                for member in archive:
                    names.append(member.name)
                    # To pass by a large file would take as long as to read it.
                    if member.size:
                        break
    for pattern, kind in MISTAKEN.items():
        if any(re.search(pattern, name) for name in names):
            words = f"is {kind}; only the binary version of CIFAR-10 is read"
    return _no_copy(f"{source} {words}")


def _sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _members(path):
    """The bytes of the six files in the official archive, by name; nothing is written to the disk."""
    if _sha256(path) != CIFAR10_SHA256:
        words = "is not the official archive, or is damaged: its sha256 differs. If it was packed anew, name "
        raise _refused(path, words + "the folder that it unpacks to")
    found = {}
    with tarfile.open(path, "r:gz") as archive:
        for member in archive:
            folder, _, name = member.name.partition("/")
            most = CIFAR10_ROWS * CIFAR10_RECORD if name in CIFAR10_FILES else SMALL_FILE
            plain = (member.isreg() or member.isdir()) and member.size <= most
            if folder != CIFAR10_FOLDER or "/" in name or not plain or name in found:
                raise DataError(f"{path} holds {member.name!r}, which the official archive does not.")
            if name in CIFAR10_FILES:
                found[name] = archive.extractfile(member).read()
    return found


def _records(files, copy):
    """The arrays in the bytes of the six files, the last of which holds the test pictures."""
    pictures, labels = [], []
    for name in CIFAR10_FILES:
        stored = files.get(name, b"")
        if len(stored) != (size := CIFAR10_ROWS * CIFAR10_RECORD):
            raise DataError(f"{name} has {len(stored)} bytes, but {size} are its size.")
        records = np.frombuffer(stored, np.uint8).reshape(CIFAR10_ROWS, CIFAR10_RECORD)
        if (largest := records[:, 0].max()) >= len(CIFAR10_CLASSES):
            raise DataError(f"{name} is damaged: it holds the label {largest}, but labels run from 0 to 9.")
        labels.append(records[:, 0].astype(np.intp))
        pictures.append(records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1))
    train = np.concatenate(pictures[:-1]), np.concatenate(labels[:-1])
    return *train, np.ascontiguousarray(pictures[-1]), labels[-1], copy


def _pictures(root, source, progress):
    """The arrays in the JPEG files of a folder or of an open zip, by part and class."""
    root = next((folder for folder in (root, *root.iterdir()) if (folder / "train").is_dir()), None)
    if root is None:
        raise _refused(source, "holds neither pictures train/CLASS/*.jpg nor, unpacked, the six .bin files")
    arrays = []
    for part, of_class in ("train", CIFAR10_ROWS // 2), ("test", CIFAR10_ROWS // 10):
        X = np.empty((len(CIFAR10_CLASSES), of_class, 32, 32, 3), np.uint8)
        for k, name in enumerate(tqdm(CIFAR10_CLASSES, desc=part, unit="class", disable=not progress)):
            folder = root / part / name
            files = [file for file in folder.iterdir() if file.name[0] != "."] if folder.is_dir() else []
            if len(files) != of_class:
                raise _no_copy(f"{folder} holds {len(files)} pictures, but {of_class} are expected")
            X[k] = [_picture(file) for file in sorted(files, key=lambda file: file.name)]
        arrays += [X.reshape(-1, 32, 32, 3), np.arange(len(CIFAR10_CLASSES)).repeat(of_class)]
    return *arrays, "JPEG copies of the pictures"


def _picture(file):
    from PIL import Image

    try:
        with file.open("rb") as stream:
            stored = stream.read(SMALL_FILE + 1)
        if len(stored) > SMALL_FILE:
            raise ValueError(f"it has more than {SMALL_FILE} bytes")
        with Image.open(io.BytesIO(stored), formats=["JPEG"]) as image:
            if image.size != (32, 32):
                raise ValueError(f"its size is {image.size}")
            return np.asarray(image.convert("RGB"))
    except (OSError, ValueError, SyntaxError, zlib.error, zipfile.BadZipFile) as error:
        raise DataError(f"{file} is no picture of 32 x 32 pixels ({error}).") from None
