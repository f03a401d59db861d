"""Training repeats one step, a small walk downhill on a minibatch, and watches whether it still works."""

import contextlib
import functools
import itertools
from dataclasses import dataclass

import numpy as np
from tqdm.auto import tqdm

from course import arguments
from course.activations import named
from course.network import _loss_and_grads, accuracy, dropout, fold
from course.optimizers import UPDATES
from course.statistics import update_ratio

# The lecture measures its training accuracy on this many of the training pictures.
MEASURED_ROWS = 1000


@contextlib.contextmanager
def one_thread():
    """Give each matrix product one thread, for the time of a `with` block.

    Matrices are small here. Two threads gain little where nothing else runs; where something does, they wait
    for each other and lose far more, twenty times where several trainings do so side by side. With one,
    the last digits do not hang on the number of cores either.

    >>> with one_thread():
    ...     print(np.ones((2, 2)) @ [3.0, 4.0])
    [7. 7.]
    """
    with _blas().limit(limits=1, user_api="blas"):
        yield


@functools.cache
def _blas():
    # Imported when it is needed: the course is imported in the time of NumPy, and this takes a tenth of it.
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@dataclass(frozen=True)
class History:
    """What was seen during training: time is the first axis, and networks side by side, `...`, are the last.

    `loss` `(epochs, steps, ...)` is that of each minibatch, NaN once a network has diverged. Measured after
    each epoch: `train_accuracy` and `validation_accuracy` `(epochs, ...)`, and the `update_ratio`
    `(epochs, layers, ...)` of its last step, by the step really taken, norm(step) / norm(W), NaN where none
    was. `diverged` `(...)` tells which networks were stopped since they were no longer finite, or were given
    up, and `interrupted` `(...)` is true where a keyboard interrupt came before the last epoch.
    """

    loss: np.ndarray
    train_accuracy: np.ndarray
    validation_accuracy: np.ndarray
    update_ratio: np.ndarray
    diverged: np.ndarray
    interrupted: np.ndarray

    @property
    def cost(self):
        """Loss of each epoch's last minibatch, `(epochs, ...)`: the number that the lecture prints."""
        return self.loss[:, -1]

    def __eq__(self, other):
        alike = isinstance(other, History)
        return alike and all(np.array_equal(a, vars(other)[k], equal_nan=True) for k, a in vars(self).items())

    def one(self, k):
        """Return the history of network k of several side by side."""
        if arguments.whole("k", k, low=0) >= (networks := (0, *self.diverged.shape)[-1]):
            raise ValueError(f"k must be one of the {networks} networks along the last axis, but is {k}.")
        return History(*(series[..., k].copy() for series in vars(self).values()))


@one_thread()
def train(
    params, X, y, *, rng, epochs, learning_rate, reg=0.0, decay=1.0, batch_size=100, activation="relu",
    update="sgd", dropped=0.0, give_up=np.inf, validation=None, progress=False,
):  # fmt: skip
    """Train on minibatches and return `(params, history)`; the arguments stay as they were.

    An epoch is N // batch_size minibatches drawn with replacement, as in the lecture's trainer, where other
    libraries go through a shuffled copy; of a `batch_size` above N it is one minibatch, in which rows repeat.
    `batch_size=None` takes all rows at every step. `decay` multiplies the learning rate after each epoch,
    `update` names a rule of `course.optimizers.UPDATES`, and `dropped` is the share of hidden units that
    dropout takes out of a step. `reg` is that of `loss_and_grads`. `learning_rate` and `reg` may have the
    shape `(K,)`: K networks then train side by side on the same minibatches. A network whose loss or
    parameters cease to be finite keeps its last finite parameters and takes no further step; so does one
    whose loss exceeds `give_up` times its first (slide 76 gives up at 3). `validation` is a pair `(X, y)`.
    An accuracy is NaN where a score is. `progress=True` shows a bar, and a run that is interrupted returns
    the epochs it has.

    The parameters keep their precision. Batch-normalized layers are trained with the statistics of each
    minibatch and measured with those of the measured training rows; to predict with them, `fold` them first.

    >>> from course.initializers import he
    >>> from course.network import create
    >>> rng = np.random.default_rng(0)
    >>> X, y = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0, 1])
    >>> params, history = train(
    ...     create(rng, [2, 8, 2], he), X, y, rng=rng, epochs=100, learning_rate=[0.01, 1.0], batch_size=None
    ... )
    >>> print(history.cost[-1].round(3), history.train_accuracy[-1])
    [0.561 0.001] [1. 1.]
    """
    params = arguments.layers("params", params)
    X, y = _rows("X", X, "y", y, params)
    if validation is not None and not (isinstance(validation, tuple | list) and len(validation) == 2):
        raise TypeError(f"validation must be a pair (X, y), but is {arguments.shown(validation)}.")
    held_out = validation and _rows("validation[0]", validation[0], "validation[1]", validation[1], params)
    arguments.generator("rng", rng)
    f, f_grad = named(activation)
    rule = UPDATES[arguments.choice("update", update, UPDATES)]
    arguments.flag("progress", progress)
    rate, reg = arguments.number("learning_rate", learning_rate, 0), arguments.number("reg", reg, 0)
    if 0 in (*rate.shape, *reg.shape):
        raise ValueError("learning_rate and reg must hold at least one number each, but one is empty.")
    decay, give_up = arguments.single("decay", decay, 0, 1), arguments.single("give_up", give_up, 1, np.inf)
    dropped = arguments.single("dropped", dropped, 0, arguments.BELOW_ONE)
    batch_size = None if batch_size is None else arguments.whole("batch_size", batch_size)
    if len(params[-1]) == 3:
        raise ValueError("params[-1] must be a layer (W, b), since scores are not normalized.")
    if any(len(layer) == 3 for layer in params) and min(len(X), batch_size or len(X)) < 2:
        raise ValueError("batch_size and the rows of X must be two or more to normalize over, but are fewer.")
    params, rate, reg = _side_by_side(params, rate, reg)
    states = [[None] * len(layer) for layer in params]
    alive, limit = np.full(rate.shape, True), None
    seen, epochs = [], arguments.whole("epochs", epochs)
    try:
        for _ in tqdm(range(epochs), disable=not progress, unit="epoch"):
            losses = []
            for some, theirs in _minibatches(rng, X, y, batch_size):
                masks = _masks(rng, params, len(some), dropped)
                loss, grads = _loss_and_grads(params, some, theirs, f, f_grad, reg, masks)
                if limit is None:
                    # No multiple of a first loss of 0 would be a limit.
                    limit = give_up * np.maximum(loss, np.finfo(loss.dtype).tiny)
                losses.append(np.where(alive, loss, np.nan))
                steps, states = _steps(rule, grads, states, rate)
                before, fine = params, alive & np.isfinite(loss) & (loss <= limit)
                params, alive = _moved(params, steps, fine)
            ratio = np.where(alive, update_ratio(before, _taken(params, before), 1.0), np.nan)
            seen.append((losses, *_accuracies(params, X, y, held_out, activation), ratio))
            rate = rate * decay
    except KeyboardInterrupt:
        if not seen:
            raise
    series = (np.array(one) for one in zip(*seen, strict=True))
    return params, History(*series, diverged=~alive, interrupted=np.full(alive.shape, len(seen) < epochs))


def _minibatches(rng, X, y, batch_size):
    """Yield the rows and labels of each step of an epoch; the next rows take the place of the last."""
    if batch_size is None:
        yield X, y
        return
    X, place = np.ascontiguousarray(X), np.empty((batch_size, X.shape[1]), X.dtype)
    for _ in range(max(len(X) // batch_size, 1)):
        rows = rng.integers(len(X), size=batch_size)
        # The rows exist, so that clipping changes none; it saves take a copy that it needs for its check.
        yield np.take(X, rows, axis=0, out=place, mode="clip"), y[rows]


def _masks(rng, params, n, dropped):
    return [dropout(rng, (n, W.shape[-1]), dropped, W.dtype) for W, *_ in params[:-1]] if dropped else None


def _steps(rule, grads, states, rate):
    """The step of each parameter by the update rule, and the rule's memory of it."""
    moves = [
        [rule(dp, state, _spread(rate, dp)) for dp, state in zip(layer, memory, strict=True)]
        for layer, memory in zip(grads, states, strict=True)
    ]
    return ([[move[k] for move in layer] for layer in moves] for k in (0, 1))


@np.errstate(all="ignore")
def _moved(params, steps, alive):
    """The parameters after a step, for the networks that are alive and stay finite; and which these are."""
    moved = [
        tuple((p + step).astype(p.dtype, copy=False) for p, step in zip(layer, taken, strict=True))
        for layer, taken in zip(params, steps, strict=True)
    ]
    for p in itertools.chain(*moved):
        alive = alive & np.isfinite(p).all(axis=tuple(range(alive.ndim, p.ndim)))
    if alive.all():
        return moved, alive
    kept = [
        tuple(np.where(_spread(alive, p), new, p) for p, new in zip(layer, changed, strict=True))
        for layer, changed in zip(params, moved, strict=True)
    ]
    return kept, alive


@np.errstate(all="ignore")
def _taken(params, before):
    """The steps really taken, in which what is lost beside large parameters is zero."""
    return [[p - q for p, q in zip(*pair, strict=True)] for pair in zip(params, before, strict=True)]


def _spread(values, p):
    """Give values, one for each network, the further axes of that network's parameters."""
    return values.reshape(values.shape + (1,) * (p.ndim - values.ndim))


def _side_by_side(params, rate, reg):
    """Copy the parameters, rate and reg, once for each network that the three ask for."""
    own = params[0][1].shape[:-1]
    try:
        lead = np.broadcast_shapes(rate.shape, reg.shape, own)
    except ValueError:
        words = f"learning_rate of shape {rate.shape} and reg of {reg.shape} do not fit networks of {own}."
        raise ValueError(words) from None
    kind = params[0][0].dtype
    arguments.held("learning_rate", rate, kind), arguments.held("reg", reg, kind)
    wide = np.promote_types(kind, np.float32)
    copies = [tuple(np.broadcast_to(p, lead + p.shape[len(own) :]).copy() for p in layer) for layer in params]
    return copies, *(np.broadcast_to(setting, lead).astype(wide) for setting in (rate, reg))


def _accuracies(params, X, y, held_out, activation):
    X, y = X[:MEASURED_ROWS], y[:MEASURED_ROWS]
    plain = fold(params, X, activation) if any(len(layer) == 3 for layer in params) else params
    nothing = np.full(params[0][1].shape[:-1], np.nan)
    validated = nothing if held_out is None else accuracy(plain, *held_out, activation)
    return accuracy(plain, X, y, activation), validated


def _rows(X_name, X, y_name, y, params):
    """Rows that fit the first layer, and labels that the last one can tell apart."""
    X, features, classes = arguments.floats(X_name, X), params[0][0].shape[-2], params[-1][0].shape[-1]
    if X.ndim != 2 or not len(X):
        raise ValueError(f"{X_name} must have the shape (N, D) with at least one row, but has {X.shape}.")
    if X.shape[1] != features:
        raise ValueError(f"{X_name} has {X.shape[1]} columns, but params take {features}.")
    return X, arguments.labels(y_name, y, len(X), classes)
