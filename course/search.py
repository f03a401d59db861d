"""A search draws settings, trains each of them for a while, and looks at where the good ones lie."""

import itertools
import os
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass

import numpy as np
from tqdm.auto import tqdm

from course.arguments import LARGEST, generator, number, whole
from course.network import stack
from course.training import History, one_thread, train


@dataclass(frozen=True)
class Trial:
    """One setting tried: its `number` in the search, the `setting`, its `status` and its `history`.

    The status is "done", "diverged", "failed: ..." with the reason, or "interrupted". One that failed has no
    history, and one that was interrupted has that of the epochs it saw, if any.
    """

    number: int
    setting: dict
    status: str
    history: History | None = None

    @property
    def score(self):
        """Validation accuracy after the last epoch, 0 for a trial that is not done."""
        return float(self.history.validation_accuracy[-1]) if self.status == "done" else 0.0


def grid(**values):
    """Return every combination of the values, the last one moving fastest. Slide 80.

    >>> grid(learning_rate=[0.1, 0.2], reg=[0, 1])[1]
    {'learning_rate': 0.1, 'reg': 1}
    """
    return [dict(zip(values, point, strict=True)) for point in itertools.product(*values.values())]


def sample(rng, n, **ranges):
    """Return `n` random settings, each drawn evenly on a log scale, 10**U(log10(low), log10(high)). Slide 77.

    >>> sample(np.random.default_rng(0), 1, learning_rate=(1e-6, 1e-3), reg=(1e-5, 1e5))[0].keys()
    dict_keys(['learning_rate', 'reg'])
    """
    generator("rng", rng)
    ends = {name: np.log10(_range(name, ends)) for name, ends in ranges.items()}
    return [
        {name: float(10 ** rng.uniform(low, high)) for name, (low, high) in ends.items()}
        for _ in range(whole("n", n))
    ]


def narrow(trials, keep=3):
    """Return the ranges that the `keep` best trials span: where to search more finely. Slide 76.

    >>> tried = [Trial(i, {"reg": 10.0**i}, "failed: no data") for i in range(5)]
    >>> narrow(tried, keep=2)
    {'reg': (1.0, 10.0)}
    """
    best = sorted(trials, key=lambda trial: -trial.score)[: whole("keep", keep, low=2)]
    if len(best) < 2:
        raise ValueError(f"trials must hold at least two, but there are {len(best)}.")
    if any(trial.score != trial.score for trial in trials):
        raise ValueError("trials must have a validation accuracy, but some were trained without validation.")
    spans = {name: [trial.setting[name] for trial in best] for name in best[0].setting}
    return {name: (min(span), max(span)) for name, span in spans.items()}


def run(evaluate, settings, *, seed, side_by_side=8, executor=None, progress=False):
    """Train every setting and return its `Trial`, in the order of `settings`.

    `evaluate(rngs, **columns)` trains several settings side by side: `columns` are arrays `(K,)` of the
    settings' values, `rngs` K generators, and it returns the `History` of the K networks. Trial i always
    gets the generator of (seed, i), whatever its neighbours are and wherever it runs. `executor` is any
    `concurrent.futures.Executor`, as of threads, processes or a cluster; without one all trials run here.

    An `evaluate` that raises fails its own trials and no others, and so does one that takes its worker with
    it; a worker lost for another reason costs nothing but time, since its trials are run once more. An
    interrupted search returns the trials it has, the rest marked "interrupted". `progress=True` shows a bar.
    """
    numbered, size = list(enumerate(settings)), whole("side_by_side", side_by_side)
    jobs = [(_tried, evaluate, numbered[i : i + size], seed) for i in range(0, len(numbered), size)]
    found = {}
    try:
        with one_thread(), tqdm(total=len(numbered), disable=not progress, unit="trial") as bar:
            for trials in _done(executor, jobs):
                found |= {trial.number: trial for trial in trials}
                bar.update(len(trials))
                if any(trial.status == "interrupted" for trial in trials):
                    break
    except KeyboardInterrupt:
        pass
    return [found.get(i) or Trial(i, setting, "interrupted") for i, setting in numbered]


def each(function, values):
    """Return `{value: function(value)}`, computed on all cores: NumPy lets threads work beside each other.

    The numbers are those of one call after the other, as long as each makes its own generators. It pays where
    NumPy has much to do at a time, as in training ten networks side by side: of Python itself, one thread
    works at a time, and small networks one by one take longer so.

    >>> each(lambda depth: 0.5**depth, [1, 2])
    {1: 0.5, 2: 0.25}
    """
    values = list(values)
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
    starts, rates = list(starts), number("rates", rates, 0)
    if not starts or rates.ndim != 1 or not rates.size:
        raise ValueError(
            f"starts and rates must be sequences of at least one, but are {len(starts)} and {rates}."
        )
    nets = [tuple(p[:, None] for p in layer) for layer in stack(starts)]
    return train(nets, X, y, learning_rate=rates, **settings)


def _done(executor, jobs):
    """Yield the trials of each job, as they are done."""
    if executor is None:
        yield from (function(*arguments) for function, *arguments in jobs)
        return
    futures, lost = {executor.submit(*job): job for job in jobs}, []
    try:
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
        columns = {name: np.array([setting[name] for setting in settings]) for name in settings[0]}
        history = evaluate([np.random.default_rng([seed, i]) for i in numbers], **columns)
        status = np.where(history.interrupted, "interrupted", np.where(history.diverged, "diverged", "done"))
        return [Trial(i, setting, str(status[k]), history.one(k)) for k, (i, setting) in enumerate(chunk)]
    except Exception as error:
        if len(chunk) > 1:
            # One of them failed them all: find out which.
            return [trial for single in chunk for trial in _tried(evaluate, [single], seed)]
        return [Trial(i, setting, f"failed: {_reason(error)}") for i, setting in chunk]


def _reason(error):
    """What an exception says, or its name where it says nothing."""
    return str(error) or type(error).__name__


def _range(name, ends):
    low, high = number(name, ends, np.finfo(float).tiny, LARGEST)
    if not low < high:
        raise ValueError(f"{name} must be a range (low, high) with low below high, but is {ends}.")
    return low, high
