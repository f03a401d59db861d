"""A search draws settings, trains each of them for a while, and looks at where the good ones lie."""

import contextlib
import copy
import os
from collections.abc import Mapping
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import chain, product

import numpy as np
from tqdm.auto import tqdm

from course import arguments
from course.network import stack
from course.training import History, one_thread, train


@dataclass(frozen=True)
class Trial:
    """One setting tried: its `number` in the search, the `setting`, its `status` and its `history`.

    The status is "done", "diverged", "failed: ..." with the reason, or "interrupted". One that failed has no
    history, and one that was interrupted has that of the epochs it saw, if any. A history runs from the first
    epoch to the last, and the `score` is what stands last in it, not the best of all epochs.

    >>> Trial(0, {"reg": 0.1}, "failed: no memory").score
    0.0
    """

    number: int
    setting: dict
    status: str
    history: History | None = None

    @property
    def score(self):
        """Validation accuracy after the last epoch, 0 for a trial that is not done.

        It is NaN for one without validation, and for one whose last class scores are NaN.
        """
        return float(self.history.validation_accuracy[-1]) if self.history and self.status == "done" else 0.0


def grid(**values):
    """Return every combination of the values, the last one moving fastest. Slide 80.

    >>> grid(learning_rate=[0.1, 0.2], reg=[0, 1])[1]
    {'learning_rate': 0.1, 'reg': 1}
    """
    lists = [arguments.sequence(name, choices) for name, choices in values.items()]
    return [_setting("values", dict(zip(values, point, strict=True))) for point in product(*lists)]


def sample(rng, n, **ranges):
    """Return `n` random settings, each drawn evenly on a log scale, 10**U(log10(low), log10(high)). Slide 77.

    A range holds the two ends themselves, not their exponents: `(1e-6, 1e-3)`. Where they are equal, as
    `narrow` may give them, that value is drawn. A list of choices is for `grid`.

    >>> sample(np.random.default_rng(0), 1, learning_rate=(1e-6, 1e-3), reg=(1e-5, 1e5))[0].keys()
    dict_keys(['learning_rate', 'reg'])
    """
    arguments.generator("rng", rng)
    n, ranges = arguments.whole("n", n), {name: _range(name, ends) for name, ends in ranges.items()}
    return [{name: _drawn(rng, *ends) for name, ends in ranges.items()} for _ in range(n)]


def narrow(trials, keep=3):
    """Return the ranges that the `keep` best trials span: where to search more finely. Slide 76.

    Trials that are not done, and those whose score is NaN, are not among the best.

    >>> def trial(i, accuracy):
    ...     seen = [[[0.0]], [1.0], [accuracy], [[0.0]], False, False]
    ...     return Trial(i, {"reg": 10.0**i}, "done", History(*map(np.array, seen)))
    >>> narrow([trial(0, 0.3), trial(1, 0.7), trial(2, 0.9), trial(3, 0.2)], keep=2)
    {'reg': (10.0, 100.0)}
    """
    keep = arguments.whole("keep", keep, low=2)
    trials = arguments.several("trials", trials, arguments.instance, Trial, "a Trial, as run makes it")
    # A score that is NaN is not 0 or above.
    done = [i for i, trial in enumerate(trials) if trial.status == "done" and trial.score >= 0]
    if len(done) < 2:
        raise ValueError(f"trials must hold two or more that are done and have a score, not {len(done)}.")
    best, ranges = sorted(done, key=lambda i: -trials[i].score)[:keep], {}
    for name in trials[best[0]].setting:
        span = [arguments.single(f"trials[{i}].setting[{name!r}]", trials[i].setting.get(name)) for i in best]
        ranges[name] = min(span), max(span)
    return ranges


def run(evaluate, settings, *, seed, side_by_side=8, executor=None, progress=False):
    """Train every setting and return its `Trial`, in the order of `settings`.

    `evaluate(rngs, **columns)` trains several settings side by side: `columns` are arrays `(K,)` of the
    settings' values, `rngs` K generators, and it returns the `History` of the K networks. Trial i always
    gets the generator of (seed, i), whatever its neighbours are and wherever it runs. `executor` is any
    `concurrent.futures.Executor`, as of threads, processes or a cluster; without one all trials run here.

    What a network draws for itself, as its initial weights, it draws from its own generator. What all draw
    together, as minibatches, comes from a generator that `evaluate` makes anew: each trial then sees the same
    minibatches, and no number depends on `side_by_side`. One of the `rngs` would not do, since it is that of
    another trial where other trials train side by side.

    >>> from course.datasets import prepared_digits
    >>> from course.initializers import he
    >>> from course.network import create
    >>> X, y, X_held, y_held = prepared_digits(np.random.default_rng(0), held_out=300)
    >>> def evaluate(rngs, learning_rate, reg):
    ...     networks = stack([create(rng, [64, 20, 10], he) for rng in rngs])
    ...     minibatches = np.random.default_rng(1)
    ...     _, history = train(
    ...         networks, X, y, rng=minibatches, epochs=2, learning_rate=learning_rate, reg=reg,
    ...         validation=(X_held, y_held),
    ...     )
    ...     return history
    >>> settings = sample(np.random.default_rng(2), 4, learning_rate=(1e-3, 1.0), reg=(1e-6, 1e-2))
    >>> trials = run(evaluate, settings, seed=3)
    >>> [round(trial.score, 2) for trial in trials]
    [0.17, 0.87, 0.56, 0.14]
    >>> [round(trial.score, 2) for trial in run(evaluate, settings, seed=3, side_by_side=1)]
    [0.17, 0.87, 0.56, 0.14]

    An `evaluate` that raises fails its own trials and no others, and so does one that takes its worker with
    it; a worker lost for another reason costs nothing but time, since its trials are run once more. Where all
    trials fail, the first reason is raised as a ValueError. An interrupted search returns the trials it has,
    the rest marked "interrupted". `progress=True` shows a bar.
    """
    numbered = list(enumerate(arguments.several("settings", settings, _setting, least=0)))
    for _, setting in numbered:
        arguments.function("evaluate", evaluate, "rngs", **setting)
    arguments.instance("executor", executor, Executor | None, "an Executor, as ThreadPoolExecutor() is")
    seed, size = arguments.whole("seed", seed, low=0), arguments.whole("side_by_side", side_by_side)
    bar = tqdm(total=len(numbered), disable=not arguments.flag("progress", progress), unit="trial")
    jobs = [(evaluate, numbered[i : i + size], seed) for i in range(0, len(numbered), size)]
    found = {}
    try:
        with one_thread(), bar:
            for trials in _done(executor, jobs):
                found |= {trial.number: trial for trial in trials}
                bar.update(len(trials))
                statuses = [trial.status for trial in found.values()]
                # An evaluate that has returned nothing of use so far is not asked for more.
                if "interrupted" in statuses or all("evaluate must return" in status for status in statuses):
                    break
    except KeyboardInterrupt:
        pass
    if found and all(trial.status.startswith("failed") for trial in found.values()):
        reason = found[min(found)].status.rstrip(".")
        raise ValueError(f"evaluate fails with all settings; settings[{min(found)}] {reason}.")
    return [found.get(i) or Trial(i, setting, "interrupted") for i, setting in numbered]


def each(function, values):
    """Return `{value: function(value)}`, computed on all cores: NumPy lets threads work beside each other.

    The numbers are those of one call after the other, as long as each makes its own generators. It pays where
    NumPy has much to do at a time, as in training ten networks side by side: of Python itself, one thread
    works at a time, and small networks one by one take longer so. Of a dict, the values are its keys.

    >>> each(lambda depth: 0.5**depth, [1, 2])
    {1: 0.5, 2: 0.25}
    """
    arguments.function("function", function, "value")
    values = list(values) if isinstance(values, Mapping) else arguments.sequence("values", values, least=0)
    try:
        values = dict.fromkeys(values)
    except TypeError as error:
        raise TypeError(f"values must be keys of a dict, as numbers and texts are: {error}.") from None
    with one_thread(), ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(values, pool.map(function, values), strict=True))


def sweep(networks, rates, X, y, **settings):
    """Train each of the `networks` at each of the `rates`, and return `(params, history)`, as `train` does.

    All train side by side on the same minibatches. They have the axes `(networks, rates)`: so the validation
    accuracy after the last epoch, `history.validation_accuracy[-1]`, has a row for each network, and
    `plots.curve` draws such rows as their median within a band. Networks that are several side by side keep
    their axes, `(networks, ..., rates)`. `settings` are those of `train`.

    >>> from course.initializers import he
    >>> from course.network import create
    >>> starts = [create(np.random.default_rng(seed), [2, 4, 2], he) for seed in range(3)]
    >>> X, y, rng = np.eye(2), np.array([0, 1]), np.random.default_rng(0)
    >>> _, history = sweep(starts, [0.01, 1], X, y, rng=rng, epochs=100, batch_size=None)
    >>> print(history.cost[-1].round(2))
    [[0.29 0.  ]
     [0.52 0.  ]
     [0.62 0.01]]
    """
    nets = stack(networks)
    rates = arguments.several("rates", rates, arguments.single, 0)
    arguments.held("rates", rates, nets[0][0].dtype)
    # The axis of the rates comes after those of the networks, as of a bias (..., H).
    nets = [tuple(np.expand_dims(p, layer[1].ndim - 1) for p in layer) for layer in nets]
    return train(nets, X, y, learning_rate=rates, **settings)


def _done(executor, jobs):
    """Yield the trials of each job, as they are done."""
    if executor is None:
        yield from (_tried(*job) for job in jobs)
        return
    futures = {}
    try:
        # An executor that is broken takes no more jobs.
        with contextlib.suppress(RuntimeError):
            for job in jobs:
                futures[executor.submit(_tried, *job)] = job
        for future in as_completed(futures):
            if not future.exception():
                yield future.result()
        lost = [job for future, job in futures.items() if future.exception()] + jobs[len(futures) :]
        for evaluate, chunk, seed in lost:
            # Alone, so that a trial that kills its worker takes no other with it.
            yield from (_once_more(executor, evaluate, one, seed) for one in chunk)
    finally:
        for future in futures:
            future.cancel()


def _once_more(executor, evaluate, numbered, seed):
    """A trial that was lost with its worker, as a list of one."""
    job = _tried, evaluate, [numbered], seed
    try:
        with contextlib.suppress(BrokenExecutor):
            return executor.submit(*job).result()
        # A pool of processes does not outlive the death of one of them.
        with ProcessPoolExecutor(1) as pool:
            return pool.submit(*job).result()
    except Exception as error:
        return [Trial(*numbered, f"failed: {error!r}")]


def _tried(evaluate, chunk, seed):
    """The trials of a chunk, side by side; where that fails, one after the other."""
    numbers, settings = zip(*chunk, strict=True)
    try:
        # Settings that name different things end in a KeyError here: they do not train side by side.
        columns = {name: _column([setting[name] for setting in settings]) for name in chain(*settings)}
        history = evaluate([np.random.default_rng([seed, i]) for i in numbers], **columns)
        found = np.shape(history.diverged) if isinstance(history, History) else arguments.shown(history)
        if found != (len(chunk),):
            raise TypeError(f"evaluate must return a History of the shape {(len(chunk),)}, not {found}.")
        status = np.where(history.interrupted, "interrupted", np.where(history.diverged, "diverged", "done"))
        return [Trial(*one, str(status[k]), history.one(k)) for k, one in enumerate(chunk)]
    except Exception as error:
        if len(chunk) > 1:
            # One of them failed them all: find out which.
            return [trial for one in chunk for trial in _tried(evaluate, [one], seed)]
        # The text of some exceptions is empty, or only a key.
        name = type(error).__name__
        reason = f"{name}: {error}" if isinstance(error, KeyError) else str(error) or name
        return [Trial(*chunk[0], f"failed: {reason}")]


def _column(values):
    """The values as an array `(K,)`, of objects where NumPy would turn numbers into text or True into 1."""
    kinds = {type(value) if isinstance(value, str | bool | np.bool_) else float for value in values}
    return np.array(values, object if len(kinds) > 1 else None)


def _setting(name, setting):
    """A copy of a setting, whose names can be those of arguments; what has no copy, as a module, stays."""
    if not isinstance(setting, Mapping) or not all(isinstance(key, str) for key in setting):
        raise TypeError(f"{name} must be a dict of values by their names, but is {arguments.shown(setting)}.")
    try:
        return copy.deepcopy(dict(setting))
    except TypeError:
        return dict(setting)


def _range(name, ends):
    """The ends of a range on a log scale; zero, which has no logarithm, may be both of them."""
    ends = arguments.several(name, ends, arguments.single)
    if len(ends) != 2 or not (0 < ends[0] <= ends[1] or ends == [0, 0]):
        asked = "two ends, 0 < low <= high, of a log scale (not exponents, nor choices, as for grid)"
        raise ValueError(f"{name} must be {asked}, but is {arguments.shown(ends)}.")
    return ends


def _drawn(rng, low, high):
    return min(max(10 ** rng.uniform(*np.log10([low, high])), low), high) if low < high else low
