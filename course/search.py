"""A search draws settings, trains each of them for a while, and looks at where the good ones lie."""

import copy
import inspect
import itertools
import os
from collections.abc import Mapping
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass

import numpy as np
from tqdm.auto import tqdm

from course import arguments
from course.arguments import choice, flag, generator, held, layers, sequence, shown, single, whole
from course.network import stack
from course.training import History, one_thread, train

STATUSES = ["done", "diverged", "failed", "interrupted"]


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

    def __post_init__(self):
        choice("status", str(self.status).split(":")[0], STATUSES)
        object.__setattr__(self, "number", whole("number", self.number, low=0))
        object.__setattr__(self, "setting", _setting("setting", self.setting))
        if self.history is not None or self.status in STATUSES[:2]:
            _check("history must be", self.history, ())

    @property
    def score(self):
        """Validation accuracy after the last epoch, 0 for a trial that is not done.

        It is NaN for one without validation, and for one whose last class scores are NaN.
        """
        return float(self.history.validation_accuracy[-1]) if self.status == "done" else 0.0


def grid(**values):
    """Return every combination of the values, the last one moving fastest. Slide 80.

    >>> grid(learning_rate=[0.1, 0.2], reg=[0, 1])[1]
    {'learning_rate': 0.1, 'reg': 1}
    """
    lists = [sequence(name, choices) for name, choices in values.items()]
    return [copy.deepcopy(dict(zip(values, point, strict=True))) for point in itertools.product(*lists)]


def sample(rng, n, **ranges):
    """Return `n` random settings, each drawn evenly on a log scale, 10**U(log10(low), log10(high)). Slide 77.

    A range holds the two ends themselves, not their exponents: `(1e-6, 1e-3)`. Where they are equal, as
    `narrow` may give them, that value is drawn. A list of choices is for `grid`.

    >>> sample(np.random.default_rng(0), 1, learning_rate=(1e-6, 1e-3), reg=(1e-5, 1e5))[0].keys()
    dict_keys(['learning_rate', 'reg'])
    """
    generator("rng", rng)
    n, ends = whole("n", n), {name: _range(name, ends) for name, ends in ranges.items()}
    return [{name: _drawn(rng, *pair) for name, pair in ends.items()} for _ in range(n)]


def narrow(trials, keep=3):
    """Return the ranges that the `keep` best trials span: where to search more finely. Slide 76.

    Trials that are not done, and those whose score is NaN, are not among the best.

    >>> def trial(i, accuracy):
    ...     seen = [[[0.0]], [1.0], [accuracy], [[0.0]], False, False]
    ...     return Trial(i, {"reg": 10.0**i}, "done", History(*map(np.array, seen)))
    >>> narrow([trial(0, 0.3), trial(1, 0.7), trial(2, 0.9), trial(3, 0.2)], keep=2)
    {'reg': (10.0, 100.0)}
    """
    keep, trials = whole("keep", keep, low=2), sequence("trials", trials)
    for i, trial in enumerate(trials):
        if not isinstance(trial, Trial):
            raise TypeError(f"trials[{i}] must be a Trial, as run makes it, but is {shown(trial)}.")
    ranked = {i: trial for i, trial in enumerate(trials) if trial.status == "done" and trial.score >= 0}
    if len(ranked) < 2:
        raise ValueError(f"trials must hold two or more that are done and have a score, not {len(ranked)}.")
    best, ranges = sorted(ranked, key=lambda i: -ranked[i].score)[:keep], {}
    for name in ranked[best[0]].setting:
        span = [single(f"trials[{i}].setting[{name!r}]", ranked[i].setting.get(name)) for i in best]
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
    settings = [_setting(f"settings[{i}]", s) for i, s in enumerate(sequence("settings", settings, least=0))]
    for names in dict.fromkeys(map(tuple, settings)):
        arguments.function("evaluate", evaluate, "rngs", **dict.fromkeys(names))
    if not isinstance(executor, Executor | None):
        got = executor if isinstance(executor, type) else shown(executor)
        raise TypeError(f"executor must be an Executor, as ThreadPoolExecutor() is, but is {got}.")
    numbered, size = list(enumerate(settings)), whole("side_by_side", side_by_side)
    seed, progress = whole("seed", seed, low=0), flag("progress", progress)
    jobs = [(_tried, evaluate, numbered[i : i + size], seed) for i in range(0, len(numbered), size)]
    found = {}
    try:
        with one_thread(), tqdm(total=len(numbered), disable=not progress, unit="trial") as bar:
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
        first = found[min(found)]
        raise ValueError(f"evaluate has failed in every trial; trial {first.number} {first.status}")
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
    values = sequence("values", list(values) if isinstance(values, Mapping) else values, least=0)
    try:
        values = dict.fromkeys(values)
    except TypeError as error:
        raise TypeError(f"values must be keys of a dict, as numbers and texts are: {error}.") from None
    with one_thread(), ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(values, pool.map(function, values), strict=True))


def sweep(starts, rates, X, y, **settings):
    """Train each of the networks `starts` at each of the `rates`, and return `(params, history)`, as `train`.

    All train side by side on the same minibatches. The networks have the axes `(starts, rates)`: so the
    validation accuracy after the last epoch, `history.validation_accuracy[-1]`, has a row for each start, and
    `plots.curve` draws such rows as their median within a band. `settings` are those of `train`.

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
    starts = [layers(f"starts[{i}]", start) for i, start in enumerate(sequence("starts", starts))]
    shapes = [[p.shape for p in itertools.chain(*start)] for start in starts]
    for i, own in enumerate(shapes):
        if own != shapes[0] or len(own[0]) > 2:
            raise ValueError(f"starts[{i}] must be one network shaped as starts[0], but is of {own}.")
    nets = [tuple(p[:, None] for p in layer) for layer in stack(starts)]
    rates = [single(f"rates[{i}]", rate, 0) for i, rate in enumerate(sequence("rates", rates))]
    held("rates", rates, nets[0][0].dtype)
    try:
        inspect.signature(train).bind(nets, X, y, learning_rate=rates, **settings)
    except TypeError as error:
        raise TypeError(f"settings must be those of train, but {error}.") from None
    return train(nets, X, y, learning_rate=rates, **settings)


def _done(executor, jobs):
    """Yield the trials of each job, as they are done."""
    if executor is None:
        yield from (function(*arguments) for function, *arguments in jobs)
        return
    futures, lost = {}, []
    try:
        for job in jobs:
            try:
                futures[executor.submit(*job)] = job
            except BrokenExecutor:
                lost.append(job)
            except RuntimeError as error:
                raise ValueError(f"executor must take trials, but says: {error}.") from None
        for future in as_completed(futures):
            if future.exception() is None:
                yield future.result()
            else:
                lost.append(futures[future])
        for function, evaluate, chunk, seed in lost:
            # Alone, so that a trial that kills its worker takes no other with it.
            yield [_once_more(executor, (function, evaluate, [single], seed)) for single in chunk]
    finally:
        for future in futures:
            future.cancel()


def _once_more(executor, job):
    """Run a job of one trial that was lost with its worker."""
    try:
        try:
            (trial,) = executor.submit(*job).result()
        except BrokenExecutor:
            # A pool of processes does not outlive the death of one of them.
            with ProcessPoolExecutor(1) as pool:
                (trial,) = pool.submit(*job).result()
    except Exception as error:
        ((i, setting),) = job[2]
        return Trial(i, setting, f"failed: {_reason(error)}")
    return trial


def _tried(evaluate, chunk, seed):
    """The trials of a chunk, side by side; where that fails, one after the other."""
    numbers, settings = zip(*chunk, strict=True)
    try:
        if any(setting.keys() != settings[0].keys() for setting in settings):
            raise ValueError("Settings that name different things do not train side by side.")
        columns = {name: _column([setting[name] for setting in settings]) for name in settings[0]}
        history = evaluate([np.random.default_rng([seed, i]) for i in numbers], **columns)
        _check("evaluate must return", history, (len(chunk),))
        status = np.where(history.interrupted, "interrupted", np.where(history.diverged, "diverged", "done"))
        return [Trial(i, setting, str(status[k]), history.one(k)) for k, (i, setting) in enumerate(chunk)]
    except Exception as error:
        if len(chunk) > 1:
            # One of them failed them all: find out which.
            return [trial for single in chunk for trial in _tried(evaluate, [single], seed)]
        return [Trial(i, setting, f"failed: {_reason(error)}") for i, setting in chunk]


def _column(values):
    """The values as an array `(K,)`, of objects where NumPy would turn numbers into text or True into 1."""
    kinds = {type(value) if isinstance(value, str | bool | np.bool_) else float for value in values}
    return np.array(values, object if len(kinds) > 1 else None)


def _check(what, history, networks):
    """Raise TypeError unless `history` is a `History` of networks of this shape."""
    of = f"of {np.shape(history.diverged)}" if isinstance(history, History) else shown(history)
    if of != f"of {networks}":
        raise TypeError(f"{what} a History of networks of the shape {networks}, not {of}.")


def _reason(error):
    """What an exception says, and its name where that is not enough."""
    name = type(error).__name__
    return f"{name}: {error}" if isinstance(error, KeyError) else str(error) or name


def _setting(name, setting):
    """A copy of a setting, whose names can be those of arguments."""
    if not isinstance(setting, Mapping) or not all(isinstance(key, str) for key in setting):
        raise TypeError(f"{name} must be a dict of values by their names, but is {shown(setting)}.")
    return copy.deepcopy(dict(setting))


def _range(name, ends):
    try:
        low, high = (single(name, end, 0) for end in sequence(name, ends))
    except (TypeError, ValueError):
        low, high = 1, 0
    if low > high or low == 0 < high:
        raise ValueError(
            f"{name} must be a range (low, high) with 0 < low <= high, evenly on a log scale, but is "
            f"{shown(ends)}: write (1e-6, 1e-3) for exponents of -6 to -3, and give choices to grid."
        )
    return low, high


def _drawn(rng, low, high):
    """A number that is evenly distributed on a log scale; zero, which has no logarithm, may be both ends."""
    drawn = 10 ** rng.uniform(*np.log10(np.maximum([low, high], np.finfo(float).tiny)))
    return min(max(drawn, low), high)
