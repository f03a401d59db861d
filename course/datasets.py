"""Data to train on: real handwritten digits that come with the course, and clouds drawn by a generator."""

import hashlib
import io
from pathlib import Path

import numpy as np

from course.arguments import floats, generator, number, whole

DIGITS = Path(__file__).with_name("digits.npz")
SHA256 = "b2dab7b501728c22e9119ad76740b2e17c77a231e42d1e592380d90886f1a05e"
RESTORE = f"restore it with: git checkout {DIGITS.parent.name}/{DIGITS.name}"


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
    try:
        stored = Path(path).read_bytes()
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
    return np.repeat(large[..., None], 3, axis=-1).reshape(len(images), -1)


def split(rng, X, y, held_out):
    """Return `(X_train, y_train, X_held, y_held)`, a random `held_out` of the rows being held out.

    >>> X_train, y_train, X_held, y_held = split(np.random.default_rng(0), *digits(), held_out=300)
    >>> len(X_train), len(X_held)
    (1497, 300)
    """
    generator("rng", rng)
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


def cloud(rng, n, centre=(0.0, 0.0), spread=(1.0, 1.0), angle=0.0):
    """Return a gaussian cloud `(n, 2)` around `centre`, `spread` wide along axes turned by `angle` radians.

    >>> cloud(np.random.default_rng(0), 500, centre=(3, 0)).mean(axis=0).round(1)
    array([ 2.9, -0. ])
    """
    generator("rng", rng)
    c, s = np.cos(angle), np.sin(angle)
    points = rng.standard_normal((whole("n", n), 2)) * number("spread", spread, 0)
    return points @ np.array([[c, s], [-s, c]]) + number("centre", centre)
