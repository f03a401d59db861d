"""Rows of training and of searches, on data of the lecture's size and on the embedded digits."""

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from benchmarks.measure import Figure, agree, ratio, row, times
from course import network, search
from course.datasets import digits
from course.initializers import normal
from course.training import MEASURED_ROWS, train

N, D, H, C, BATCH = 10_000, 3072, 50, 10, 200
MU = 0.9


def _data(dtype, n=N):
    rng = np.random.default_rng(0)
    return rng.standard_normal((n, D)).astype(dtype), rng.integers(C, size=n)


def _start(dtype, rng, inputs=D):
    return network.create(rng, [inputs, H, C], normal, dtype)


def _settings(n, reg=(1e-5, 1e-2)):
    ranges = {"learning_rate": (1e-4, 1e-2), "reg": reg}
    return search.sample(np.random.default_rng(1), n, **ranges)


def _torch_training(params, X, y, rng, learning_rate, reg, epochs, held_out=None):
    """The same training by PyTorch, step by step, and the accuracies after each epoch."""
    import torch

    X, y = torch.from_numpy(X), torch.from_numpy(y)
    (W1, b1), (W2, b2) = [[torch.tensor(p, requires_grad=True) for p in layer] for layer in params]
    groups = [{"params": [W1, W2], "weight_decay": reg}, {"params": [b1, b2]}]
    optimizer = torch.optim.SGD(groups, lr=learning_rate, momentum=MU)

    def scores(x):
        return torch.addmm(b2, torch.relu(torch.addmm(b1, x, W1)), W2)

    measured = [(X[:MEASURED_ROWS], y[:MEASURED_ROWS])]
    if held_out is not None:
        measured.append(tuple(map(torch.from_numpy, held_out)))
    accuracies = []
    for _ in range(epochs):
        for _ in range(len(X) // BATCH):
            rows = torch.from_numpy(rng.integers(len(X), size=BATCH))
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(scores(X[rows]), y[rows]).backward()
            optimizer.step()
        with torch.no_grad():
            accuracies.append([(scores(x).argmax(1) == own).double().mean().item() for x, own in measured])
    return W1.detach().numpy(), accuracies


def _course_training(params, X, y, rng, learning_rate, reg, epochs, held_out=None):
    return train(
        params, X, y, rng=rng, epochs=epochs, learning_rate=learning_rate, reg=reg, batch_size=BATCH,
        update="momentum", validation=held_out,
    )  # fmt: skip


def _bare_training(params, X, y, rng, learning_rate, reg, epochs, held_out=None):
    """The same training of K networks by NumPy's calls alone, each into an array that is there.

    Nothing is checked, no loss is told, and tails are not exact: what is left is what NumPy needs.
    """
    params, dtype = [p.copy() for layer in params for p in layer], X.dtype
    W1, b1, W2, b2 = params
    K, ones = len(W1), np.ones(BATCH, dtype)
    grads, speeds, steps = [[np.zeros_like(p) for p in params] for _ in range(3)]
    x, z, slopes, dz = np.empty((BATCH, X.shape[1]), dtype), *np.empty((3, K, BATCH, H), dtype)
    scores, e = np.empty((K, BATCH, C), dtype), np.empty((K, C, BATCH), dtype)
    dscores, each = np.swapaxes(e, 1, 2), np.arange(BATCH)
    columns = [np.asarray(values, dtype).reshape(K, 1, 1) for values in (learning_rate, reg)]
    rates, penalties = [-columns[0], -columns[0][..., 0]] * 2, [columns[1], 0, columns[1], 0]
    measured = [(X[:MEASURED_ROWS], y[:MEASURED_ROWS])] + ([] if held_out is None else [held_out])

    def forward(x):
        n = len(x)
        np.add(np.matmul(x, W1, out=z[:, :n]), b1[:, None], out=z[:, :n])
        hidden = np.clip(z[:, :n], 0, np.inf, out=dz[:, :n])
        return hidden, np.matmul(hidden, W2, out=scores[:, :n])

    def right(x, own):
        return ((forward(x)[1] + b2[:, None]).argmax(axis=-1) == own).sum(axis=-1)

    accuracies = []
    for _ in range(epochs):
        for _ in range(len(X) // BATCH):
            rows = rng.integers(len(X), size=BATCH)
            own = y[rows]
            hidden, _ = forward(np.take(X, rows, axis=0, out=x, mode="clip"))
            np.clip(np.ceil(z, out=slopes), 0, 1, out=slopes)
            np.add(np.swapaxes(scores, 1, 2), b2[..., None], out=e)
            np.exp(np.subtract(e, e.max(axis=1, keepdims=True), out=e), out=e)
            np.divide(e, e.sum(axis=1, keepdims=True) * BATCH, out=e)
            e[:, own, each] -= 1 / BATCH
            np.matmul(np.swapaxes(hidden, 1, 2), dscores, out=grads[2])
            e.sum(axis=2, out=grads[3])
            np.multiply(np.matmul(dscores, np.swapaxes(W2, 1, 2), out=dz), slopes, out=dz)
            np.matmul(x.T, dz, out=grads[0])
            np.matmul(ones, dz, out=grads[1])
            for p, grad, v, step, rate, penalty in zip(
                params, grads, speeds, steps, rates, penalties, strict=True
            ):
                if p.ndim == 3:
                    np.add(grad, np.multiply(penalty, p, out=step), out=grad)
                np.add(np.multiply(v, dtype.type(MU), out=v), np.multiply(rate, grad, out=step), out=v)
                np.add(p, v, out=p)
        accuracies.append(
            [
                sum(right(x[i : i + BATCH], own[i : i + BATCH]) for i in range(0, len(x), BATCH)) / len(x)
                for x, own in measured
            ]
        )
    return W1, np.moveaxis(accuracies, -1, 0)


def _products(X):
    """A function that does the two large matrix products of an epoch, and no more."""
    W, z = np.ones((D, H), X.dtype), np.empty((BATCH, H), X.dtype)
    dz, dW = np.ones_like(z), np.empty_like(W)

    def run():
        for i in range(0, len(X) - BATCH + 1, BATCH):
            np.matmul(X[i : i + BATCH], W, out=z)
            np.matmul(X[i : i + BATCH].T, dz, out=dW)
        X[:MEASURED_ROWS] @ W

    return run


@row("One training epoch, 3072-50-10, 10,000 rows, batches of 200, float32")
def training_epoch():
    """With the accuracy at its end, over PyTorch and over the matrix products that it cannot do without."""

    def ours(dtype, X, y):
        params = _start(dtype, np.random.default_rng(1))
        return _course_training(params, X, y, np.random.default_rng(2), 1e-3, 1e-4, 1)[0][0][0]

    def theirs(dtype, X, y):
        params = _start(dtype, np.random.default_rng(1))
        return _torch_training(params, X, y, np.random.default_rng(2), 1e-3, 1e-4, 1)[0]

    def bare(dtype, X, y):
        params = network.stack([_start(dtype, np.random.default_rng(1))])
        return _bare_training(params, X, y, np.random.default_rng(2), 1e-3, 1e-4, 1)[0][0]

    small = _data(np.float64, 600)
    for one in (ours, bare):
        agree(one(np.float64, *small), theirs(np.float64, *small), rtol=1e-7)
    X, y = _data(np.float32)
    taken = times(
        {
            "ours": lambda: ours(np.float32, X, y),
            "bare": lambda: bare(np.float32, X, y),
            "PyTorch": lambda: theirs(np.float32, X, y),
            "products": _products(X),
        }
    )
    return [
        ratio("over PyTorch", taken["ours"], taken["PyTorch"], "<= 0.60"),
        ratio("over its matrix products", taken["ours"], taken["products"], "<= 1.20"),
        ratio("NumPy's calls alone, over PyTorch", taken["bare"], taken["PyTorch"]),
        ratio("NumPy's calls alone, over the matrix products", taken["bare"], taken["products"]),
    ]


def _course_search(X, y, held_out, settings, dtype, epochs, executor=None):
    """The accuracies of all settings `(trials, epochs, 2)`, in chunks of networks side by side."""

    def evaluate(rngs, learning_rate, reg):
        params = network.stack([_start(dtype, rng, X.shape[1]) for rng in rngs])
        rng = np.random.default_rng(2)
        return _course_training(params, X, y, rng, learning_rate, reg, epochs, held_out)[1]

    trials = search.run(evaluate, settings, seed=3, executor=executor)
    assert {trial.status for trial in trials} == {"done"}
    return [
        np.column_stack([trial.history.train_accuracy, trial.history.validation_accuracy]) for trial in trials
    ]


def _bare_search(X, y, held_out, settings, dtype, epochs, pool=None):
    """The same by NumPy's calls alone, on the threads of a pool where one is given."""

    def chunk(i):
        columns = {name: [one[name] for one in settings[i : i + 8]] for name in settings[0]}
        starts = [np.random.default_rng([3, i + k]) for k in range(len(columns["reg"]))]
        params = network.stack([_start(dtype, rng, X.shape[1]) for rng in starts])
        rng = np.random.default_rng(2)
        return _bare_training(params, X, y, rng, **columns, epochs=epochs, held_out=held_out)[1]

    chunks = range(0, len(settings), 8)
    return np.concatenate(list(pool.map(chunk, chunks) if pool else map(chunk, chunks)))


def _torch_search(X, y, held_out, settings, dtype, epochs):
    return [
        _torch_training(
            _start(dtype, np.random.default_rng([3, i]), X.shape[1]), X, y, np.random.default_rng(2),
            **setting, epochs=epochs, held_out=held_out,
        )[1]
        for i, setting in enumerate(settings)
    ]  # fmt: skip


def _jax_search():
    """A function like `_torch_search` that trains all networks by one compiled program."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def scores(params, x):
        (W1, b1), (W2, b2) = params
        return jnp.maximum(x @ W1 + b1, 0) @ W2 + b2

    def loss(params, x, y, reg):
        s = jax.nn.log_softmax(scores(params, x))
        penalty = 0.5 * reg * sum((W**2).sum() for W, _ in params)
        return penalty - jnp.take_along_axis(s, y[:, None], 1).mean()

    def trained(params, learning_rate, reg, X, y, batches, held_X, held_y):
        def step(state, rows):
            params, v = state
            grads = jax.grad(loss)(params, X[rows], y[rows], reg)
            v = jax.tree.map(lambda v, g: MU * v - learning_rate * g, v, grads)
            return (jax.tree.map(jnp.add, params, v), v), None

        def epoch(state, batches):
            state, _ = jax.lax.scan(step, state, batches)
            measured = (X[:MEASURED_ROWS], y[:MEASURED_ROWS]), (held_X, held_y)
            return state, [(scores(state[0], x).argmax(-1) == own).mean(dtype=X.dtype) for x, own in measured]

        _, accuracies = jax.lax.scan(epoch, (params, jax.tree.map(jnp.zeros_like, params)), batches)
        return jnp.stack(accuracies, axis=-1)

    together = jax.jit(jax.vmap(trained, in_axes=(0, 0, 0, *[None] * 5)))

    def run(X, y, held_out, settings, dtype, epochs):
        rng = np.random.default_rng(2)
        steps = len(X) // BATCH
        batches = np.array([[rng.integers(len(X), size=BATCH) for _ in range(steps)] for _ in range(epochs)])
        starts = [_start(dtype, np.random.default_rng([3, i]), X.shape[1]) for i in range(len(settings))]
        rates, reg = (
            np.array([setting[name] for setting in settings], dtype) for name in ("learning_rate", "reg")
        )
        return np.asarray(together(network.stack(starts), rates, reg, X, y, batches, *held_out))

    return run


def _sklearn_search(X, y, held_out, settings):
    """RandomizedSearchCV over as many settings of the same network.

    It draws its starts and rows itself, and measures on the held-out rows alone, once, at the end.
    """
    from sklearn.model_selection import PredefinedSplit, RandomizedSearchCV
    from sklearn.neural_network import MLPClassifier

    net = MLPClassifier(
        (H,), solver="sgd", batch_size=BATCH, max_iter=1, momentum=MU, nesterovs_momentum=False
    )
    columns = {
        theirs: [setting[ours] for setting in settings]
        for ours, theirs in (("learning_rate", "learning_rate_init"), ("reg", "alpha"))
    }
    fold = PredefinedSplit(np.r_[np.full(len(X), -1), np.zeros(len(held_out[0]), int)])
    tried = RandomizedSearchCV(net, columns, n_iter=len(settings), cv=fold, refit=False, n_jobs=2)
    return tried.fit(np.concatenate([X, held_out[0]]), np.concatenate([y, held_out[1]]))


@row("Search of 16 trials, each one such epoch, on two cores", cores=2)
def search_two_cores():
    """Throughput, on two threads, over JAX's vmap and jit, a loop in PyTorch, and scikit-learn."""
    jax_search = _jax_search()
    (X, y), held_out = _data(np.float64, 600), _data(np.float64, 200)
    # Penalties large enough to be missed where one of the variants forgets them.
    few = X, y, held_out, _settings(3, reg=(0.1, 100)), np.float64, 2
    agree(_course_search(*few), _torch_search(*few))
    agree(_course_search(*few), jax_search(*few))
    agree(_course_search(*few), _bare_search(*few))
    (X, y), held_out = _data(np.float32), _data(np.float32, 1000)
    all_of_it = X, y, held_out, _settings(16), np.float32, 1
    # One after the other, each trial costs the same, so that a quarter of them tells.
    few_of_it = X, y, held_out, _settings(4), np.float32, 1
    with ThreadPoolExecutor(2) as pool:
        taken = times(
            {
                "ours": lambda: _course_search(*all_of_it, executor=pool),
                "bare": lambda: _bare_search(*all_of_it, pool),
                "JAX vmap + jit": lambda: jax_search(*all_of_it),
                "a PyTorch loop": lambda: _torch_search(*few_of_it),
                "scikit-learn": lambda: _sklearn_search(*few_of_it[:4]),
            },
            clock=time.perf_counter,
        )
    for name in ("a PyTorch loop", "scikit-learn"):
        taken[name] = 4 * taken[name]
    goals = {"JAX vmap + jit": ">= 1.5", "a PyTorch loop": ">= 3.5", "scikit-learn": ">= 9"}
    figures = [ratio(f"throughput, over {name}", taken[name], taken["ours"], goals[name]) for name in goals]
    return figures + [
        ratio(f"NumPy's calls alone, over {name}", taken[name], taken["bare"]) for name in goals
    ]


@row("Search of 100 trials on the digits, 64-50-10, ten epochs, float32")
def search_digits():
    """Throughput on one core, over a loop in PyTorch."""
    images, y = digits()

    def problem(dtype, trials):
        X = (images.reshape(len(images), -1) / 16).astype(dtype)
        return X[:1500], y[:1500], (X[1500:], y[1500:]), _settings(trials), dtype, 10

    for ours in (_course_search, _bare_search):
        agree(ours(*problem(np.float64, 3)), _torch_search(*problem(np.float64, 3)))
    # One after the other, each trial costs the same, so that a tenth of them tells.
    all_of_it, few_of_it = problem(np.float32, 100), problem(np.float32, 10)
    taken = times(
        {
            "ours": lambda: _course_search(*all_of_it),
            "bare": lambda: _bare_search(*all_of_it),
            "PyTorch": lambda: _torch_search(*few_of_it),
        }
    )
    theirs = 10 * taken["PyTorch"]
    return [
        ratio("throughput, over a PyTorch loop", theirs, taken["ours"], ">= 11"),
        ratio("NumPy's calls alone, over a PyTorch loop", theirs, taken["bare"]),
        Figure("trials in a second", *(100 / f(taken["ours"]) for f in (np.median, np.min))),
    ]
