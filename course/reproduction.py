"""The lecture's own experiments, run again under the conditions that its slides leave out.

Pixels run from 0 to 255, less the mean picture of the training split. Weights begin as 0.0001 randn,
biases as zero. The penalty is 0.5 reg sum(W^2), and minibatches of 100 are drawn with replacement. An
experiment is a function of a seed, which draws the split, the weights and the minibatches; it returns arrays
by name.

The pictures of CIFAR-10 are not part of the course, and the experiments take minutes. What came out is
therefore kept in a record beside this file, which `make cifar10` writes anew.
"""

import hashlib
import inspect
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from course import lecture, search
from course.arguments import choice, floats, generator, instance, matching, several, single, whole
from course.datasets import DataError, cifar10, split
from course.initializers import he, normal, xavier
from course.network import accuracy, create, loss_and_grads, stack
from course.statistics import _students_t, signal
from course.training import train

RECORD = Path(__file__).with_name("reproduction.json")
SIZES = [3072, 50, 10]
# What table C prints of each epoch, and the unit of its last digit.
RATE_COLUMNS = {"cost": 1e-6, "train": 1e-3, "validation": 1e-3}
# A run whose cost is above this, four times its first, has exploded, whether or not it is finite yet.
EXPLODED = 10
_copy = cache(cifar10)
small = partial(normal, scale=1e-4)
RULES = {"normal 0.01": normal, "normal 1.0": partial(normal, scale=1.0), "xavier": xavier, "he": he}


def pictures(seed, divide_by=1):
    """Return `(X, y, X_held, y_held, X_test, y_test)`, pictures as rows `(N, 3072)`, float32.

    Of the 50,000 training pictures 1,000 are held out, and the mean of the other 49,000 is subtracted from
    all (slide 39). `divide_by=255` brings the pixels below 1, which the lecture did not do.
    """
    seed, divide_by = whole("seed", seed, low=0), single("divide_by", divide_by, 1e-30, 1e30)
    X, y, X_test, y_test, _ = _copy()
    X, y, X_held, y_held = split(np.random.default_rng(seed), X, y, held_out=1000)
    mean = X.mean(axis=0, dtype=np.float64).astype(np.float32)

    def rows(part):
        return ((part - mean) / np.float32(divide_by)).reshape(len(part), -1)

    return rows(X), y, rows(X_held), y_held, rows(X_test), y_test.copy()


def networks(rngs):
    """Return the lecture's network 3072-50-10, once for each generator, side by side."""
    return stack([create(rng, SIZES, small, np.float32) for rng in several("rngs", rngs, generator)])


def activations(seed):
    """Return mean and std of the input and of ten layers, `(11, 2)`, of each network of slides 44 to 51."""
    seed = whole("seed", seed, low=0)
    return {
        f"{f}, {rule}": signal(np.random.default_rng(seed), RULES[rule], f, dtype=np.float32)
        for f, rule in lecture.ACTIVATION_STATISTICS
    }


def sanity(seed):
    """Return the first loss of 5,000 pictures without and with a penalty, `(2,)`. Slides 64 and 65."""
    X, y = (part[:5000] for part in pictures(seed)[:2])
    params = create(np.random.default_rng(seed), SIZES, small, np.float32)
    return {"loss": [loss_and_grads(params, X, y, "relu", reg)[0] for reg in lecture.SANITY_LOSS]}


def overfit(seed, divide_by=1):
    """Return cost and accuracy of 200 epochs with twenty pictures, all at each step. Slides 66 and 67."""
    X, y, *_ = pictures(seed, divide_by)
    rng = np.random.default_rng(seed)
    params = create(rng, SIZES, small, np.float32)
    _, history = train(params, X[:20], y[:20], rng=rng, epochs=200, learning_rate=1e-3, batch_size=None)
    return {"cost": history.cost, "train": history.train_accuracy}


def rates(seed, divide_by=1, learning_rates=tuple(lecture.LEARNING_RATES)):
    """Return cost and accuracies of ten epochs at each learning rate, `(10, rates)`. Slides 68 to 74."""
    learning_rates = several("learning_rates", learning_rates, single, 0)
    X, y, *held_out = pictures(seed, divide_by)[:4]
    rng, *rngs = np.random.default_rng(seed).spawn(1 + len(learning_rates))
    _, history = train(
        networks(rngs), X, y, rng=rng, epochs=10, learning_rate=learning_rates, reg=1e-6, validation=held_out
    )
    return {"cost": history.cost, "train": history.train_accuracy, "validation": history.validation_accuracy}


def retrain(seed, table, epochs=5, decay=0.9, update="sgd"):
    """Return the validation accuracies of the rows (accuracy, rate, reg) of a table, `(epochs, rows)`.

    Five epochs and a decay of 0.9 are those of slide 77; slides 78 and 79 print none.
    """
    rows = several("table", table, several, single, 0)
    rows = several("table", rows, matching, (3,), "a row (accuracy, rate, reg)")
    settings = [{"learning_rate": rate, "reg": reg} for _, rate, reg in rows]
    trials = _trials(pictures(seed), settings, seed, epochs=epochs, decay=decay, update=update)
    return {"validation": np.stack([trial.history.validation_accuracy for trial in trials], axis=1)}


def search_anew(seed):
    """Return the trials of a search from coarse to fine, and what the best one makes of the test pictures.

    Each stage draws from the ranges that the best trials of the one before span: 40 trials of one epoch,
    given up at three times their first loss; 16 of five; 8 of twenty, with the mirror images of the pictures
    beside them and a decay of 0.85. A trial is a row (accuracy, rate, reg).
    """
    data = X, y, *held_out, X_test, y_test = pictures(seed)
    rng = np.random.default_rng(seed)
    wide = search.sample(rng, 40, learning_rate=(1e-6, 1e-2), reg=(1e-5, 1e5))
    coarse = _trials(data, wide, seed, epochs=1, give_up=3)
    fine = _trials(data, search.sample(rng, 16, **search.narrow(coarse, 6)), seed, epochs=5, decay=0.9)
    last = search.sample(rng, 8, **search.narrow(fine, 4))
    rate, reg = (np.array([setting[name] for setting in last]) for name in last[0])
    mirrored = X.reshape(-1, 32, 32, 3)[:, :, ::-1].reshape(X.shape)
    params, history = train(
        networks(rng.spawn(8)), np.concatenate([X, mirrored]), np.concatenate([y, y]), rng=rng, epochs=20,
        learning_rate=rate, reg=reg, decay=0.85, validation=held_out,
    )  # fmt: skip
    validation = history.validation_accuracy[-1]
    # To argmax, NaN would be the highest of all.
    winner = np.nan_to_num(validation, nan=-1).argmax()
    best = [tuple(p[winner] for p in layer) for layer in params]
    stages = {"coarse": coarse, "fine": fine}
    found = {stage: [(t.score, *t.setting.values()) for t in trials] for stage, trials in stages.items()}
    last = np.stack([validation, rate, reg], axis=1)
    return found | {"last": last, "test": accuracy(best, X_test, y_test, "relu")}


# The experiments by name, each with the number of seeds it is repeated with.
EXPERIMENTS = {
    "activations": (activations, 20),
    "sanity": (sanity, 100),
    "overfit": (overfit, 20),
    "overfit_divided": (partial(overfit, divide_by=255), 5),
    "rates": (rates, 20),
    "rates_divided": (partial(rates, divide_by=255, learning_rates=(1e-6, 3e-3, 0.1, 0.3)), 3),
    "coarse": (partial(retrain, table=lecture.COARSE_SEARCH), 8),
    "coarse_momentum": (partial(retrain, table=lecture.COARSE_SEARCH, update="momentum"), 3),
    "fine": (partial(retrain, table=lecture.FINE_SEARCH), 8),
    "fine_longer": (partial(retrain, table=lecture.FINE_SEARCH, epochs=15, decay=0.95), 3),
    "search": (search_anew, 3),
}


def recorded(name):
    """Return what an experiment gave when it was last run, `{what: array (seeds, ...)}`.

    >>> recorded("sanity")["loss"].shape
    (100, 2)
    """
    runs = _entry(name)["runs"]
    return {what: np.array([run[what] for run in runs], float) for what in runs[0]}


def copy_of(name):
    """Say in a few words which copy of the pictures an experiment was run on.

    >>> copy_of("activations")
    'no pictures'
    """
    return _entry(name)["copy"]


def digest(name):
    """Return what tells whether an experiment has changed since it was run: its code, settings and seeds."""
    experiment, seeds = EXPERIMENTS[choice("name", name, EXPERIMENTS)]
    function, settings = getattr(experiment, "func", experiment), getattr(experiment, "keywords", {})
    code = "".join(inspect.getsource(part) for part in (pictures, networks, _trials, function))
    plain = {key: np.asarray(value).tolist() for key, value in settings.items()}
    return hashlib.sha256(f"{code}{plain}{seeds}".encode()).hexdigest()[:16]


def stale():
    """Return the experiments whose record is older than their code.

    >>> set(stale()) <= set(EXPERIMENTS)
    True
    """
    record = _record()
    return [name for name in EXPERIMENTS if record.get(name, {}).get("digest") != digest(name)]


class Comparison(NamedTuple):
    """Published numbers, the mean of our runs, the `tolerance` between the two, and whether they `agree`."""

    published: np.ndarray
    mean: np.ndarray
    tolerance: np.ndarray
    agree: np.ndarray


@np.errstate(all="ignore")
def compare(published, runs, unit=0.0):
    """Compare published numbers with our `runs`, `(seeds, ...)`, by the spread that the seeds give.

    A published number is one run more. It may so lie t s sqrt(1 + 1 / seeds) from our mean, where s is the
    standard deviation of our runs, and half a `unit` of its last digit farther. By Student (1908), t leaves
    5% outside, 4.3 for three runs, 2.4 for eight, 2.1 for twenty: so often is a number refused that was made
    as ours were. Runs that are not finite are left out of mean and s; a number that is not finite agrees
    where one of our runs is not finite either, and one that is finite only where two of our runs are.

    >>> compare([0.60, 0.63], [[0.50, 0.50], [0.52, 0.52], [0.54, 0.54]], unit=0.001).agree
    array([ True, False])
    """
    published, runs = np.array(floats("published", published), float), floats("runs", runs).astype(float)
    if not published.size or runs.shape[1:] != published.shape or runs.shape[:1] < (2,):
        raise ValueError(f"runs must be two or more like published, {published.shape}, not {runs.shape}.")
    unit = single("unit", unit, 0)
    finite = np.isfinite(runs)
    count = finite.sum(axis=0)
    mean = np.where(finite, runs, 0).sum(axis=0) / count
    s = np.sqrt(np.where(finite, np.square(runs - mean), 0).sum(axis=0) / (count - 1))
    t = {n: _students_t(int(n) - 1, 0.95) if n > 1 else np.nan for n in np.unique(count)}
    tolerance = np.vectorize(t.get, otypes=[float])(count) * s * np.sqrt(1 + 1 / count) + unit / 2
    agree = np.where(np.isfinite(published), np.abs(published - mean) <= tolerance, count < len(runs))
    return Comparison(published, mean, tolerance, agree)


def holds(*comparisons):
    """Say whether nine of ten numbers agree, or more: a table holds, whichever few of its numbers do not.

    Chance refuses one number in twenty. But the numbers of a run share their luck: of our own runs, each held
    against the others, up to one in four has more than a tenth of a table's numbers refused.

    >>> runs = [[0.50, 0.50], [0.52, 0.52], [0.54, 0.54]]
    >>> holds(compare([0.53, 0.51], runs)), holds(compare([0.53, 0.63], runs))
    (True, False)
    """
    found = several("comparisons", comparisons, instance, Comparison, "a Comparison, as compare makes it")
    return bool(np.mean(np.concatenate([np.ravel(comparison.agree) for comparison in found])) >= 0.9)


def comparisons():
    """Return every published number beside ours, `{table: {row: Comparison}}`, a row's numbers in one array.

    In table C a number of a run that has exploded is compared with those of our runs that have, and one of a
    run that has not with those that have not.

    >>> list(comparisons())
    ['A', 'first loss', 'B', 'C', 'D', 'E']
    """
    A, first, B, C, D, E = map(recorded, ["activations", "sanity", "overfit", "rates", "coarse", "fine"])

    def of_overfitting(what, column, unit):
        printed = lecture.OVERFIT_20[np.isfinite(lecture.OVERFIT_20[:, column])]
        return compare(printed[:, column], B[what][:, printed[:, 0].astype(int) - 1], unit)

    def of_rates(k, table, column, what, unit):
        # The cost of a run that explodes is any number; its accuracy is that of a network in ruins.
        whole, published_whole = C["cost"][:, : len(table), k] < EXPLODED, table[:, 1] < EXPLODED
        like = whole if what == "cost" else whole == published_whole
        return compare(table[:, column], np.where(like, C[what][:, : len(table), k], np.nan), unit)

    return {
        "A": {key: compare(lecture.ACTIVATION_STATISTICS[tuple(key.split(", "))], A[key], 1e-6) for key in A},
        "first loss": {"loss": compare(list(lecture.SANITY_LOSS.values()), first["loss"])},
        "B": {"cost": of_overfitting("cost", 1, 1e-6), "train": of_overfitting("train", 2, 0.01)},
        "C": {
            f"{rate:g}, {what}": of_rates(k, table, column, what, unit)
            for k, (rate, table) in enumerate(lecture.LEARNING_RATES.items())
            for column, (what, unit) in enumerate(RATE_COLUMNS.items(), 1)
        },
        "D": {"validation": compare(lecture.COARSE_SEARCH[:, 0], D["validation"][:, -1], 0.001)},
        "E": {"validation": compare(lecture.FINE_SEARCH[:, 0], E["validation"][:, -1], 0.001)},
    }


def main(names):
    """Run the experiments of these names, or all; each is recorded as soon as it is complete."""
    try:
        for name in [choice("name", name, EXPERIMENTS) for name in names] or EXPERIMENTS:
            experiment, seeds = EXPERIMENTS[name]
            runs = [experiment(seed) for seed in tqdm(range(seeds), desc=name, unit="seed")]
            copy = "no pictures" if experiment is activations else _copy()[-1]
            entry = {"digest": digest(name), "copy": copy}
            record = _record() | {name: entry | {"runs": [_plain(run) for run in runs]}}
            lines = (f"{json.dumps(key)}: {json.dumps(record[key])}" for key in EXPERIMENTS if key in record)
            RECORD.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    except (DataError, ValueError) as error:
        sys.exit(f"cifar10: {error}")
    except KeyboardInterrupt:
        sys.exit("cifar10: interrupted; the experiments that were complete are recorded.")


def _trials(data, settings, seed, **options):
    """The trials of a search, on all cores; all see the same minibatches, whatever their neighbours are."""
    X, y, *held_out = data[:4]

    def evaluate(rngs, **columns):
        rng = np.random.default_rng(seed)
        return train(networks(rngs), X, y, rng=rng, validation=held_out, **columns, **options)[1]

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        trials = search.run(evaluate, settings, seed=seed, executor=pool)
    for trial in trials:
        if trial.status == "interrupted":
            raise KeyboardInterrupt
        if trial.status.startswith("failed"):
            raise ValueError(f"Trial {trial.number}, {trial.setting}, {trial.status}")
    return trials


def _entry(name):
    """What is recorded of an experiment."""
    record = _record()
    return record[choice("name", name, record)]


def _record():
    return json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}


def _plain(run):
    """Eight digits: the first losses differ from seed to seed in their sixth."""
    return {what: np.vectorize(lambda v: float(f"{v:.8g}"))(values).tolist() for what, values in run.items()}


if __name__ == "__main__":
    main(sys.argv[1:])
