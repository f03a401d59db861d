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


def _settings(n):
    ranges = {"learning_rate": (1e-4, 1e-2), "reg": (1e-5, 1e-2)}
    return search.sample(np.random.default_rng(1), n, **ranges)


def _torch_training(params, X, y, rng, learning_rate, reg, epochs, measured):
    """The same training by PyTorch, step by step; the accuracy on the rows `measured` at its end."""
    import torch

    X, y = torch.from_numpy(X), torch.from_numpy(y)
    (W1, b1), (W2, b2) = [[torch.tensor(p, requires_grad=True) for p in layer] for layer in params]
    groups = [{"params": [W1, W2], "weight_decay": reg}, {"params": [b1, b2]}]
    optimizer = torch.optim.SGD(groups, lr=learning_rate, momentum=MU)

    def scores(x):
        return torch.addmm(b2, torch.relu(torch.addmm(b1, x, W1)), W2)

    for _ in range(epochs * (len(X) // BATCH)):
        rows = torch.from_numpy(rng.integers(len(X), size=BATCH))
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(scores(X[rows]), y[rows]).backward()
        optimizer.step()
    with torch.no_grad():
        right = (scores(torch.from_numpy(measured[0])).argmax(1).numpy() == measured[1]).mean()
    return W1.detach().numpy(), right


def _course_training(params, X, y, rng, learning_rate, reg, epochs, measured=None):
    return train(
        params, X, y, rng=rng, epochs=epochs, learning_rate=learning_rate, reg=reg, batch_size=BATCH,
        update="momentum", validation=measured,
    )  # fmt: skip


@row("One training epoch, 3072-50-10, 10,000 rows, batches of 200, float32")
def training_epoch():
    """With the accuracy at its end, over PyTorch and over the matrix products that it cannot do without."""

    def ours(dtype, X, y):
        params = _start(dtype, np.random.default_rng(1))
        return _course_training(params, X, y, np.random.default_rng(2), 1e-3, 1e-4, 1)[0][0][0]

    def theirs(dtype, X, y):
        params = _start(dtype, np.random.default_rng(1))
        measured = X[:MEASURED_ROWS], y[:MEASURED_ROWS]
        return _torch_training(params, X, y, np.random.default_rng(2), 1e-3, 1e-4, 1, measured)[0]

    small = _data(np.float64, 600)
    agree(ours(np.float64, *small), theirs(np.float64, *small), rtol=1e-7)
    X, y = _data(np.float32)
    W, dh = _start(np.float32, np.random.default_rng(1))[0][0], np.ones((BATCH, H), np.float32)
    z, dW = np.empty((BATCH, H), np.float32), np.empty((D, H), np.float32)

    def products():
        for i in range(0, N, BATCH):
            np.matmul(X[i : i + BATCH], W, out=z)
            np.matmul(X[i : i + BATCH].T, dh, out=dW)
        X[:MEASURED_ROWS] @ W

    taken = times(
        {
            "ours": lambda: ours(np.float32, X, y),
            "PyTorch": lambda: theirs(np.float32, X, y),
            "products": products,
        }
    )
    return [
        ratio("over PyTorch", taken["ours"], taken["PyTorch"], "<= 0.60"),
        ratio("over its matrix products", taken["ours"], taken["products"], "<= 1.20"),
    ]


def _course_search(X, y, held_out, settings, dtype, epochs, executor=None):
    """The scores of all settings, in chunks of networks side by side."""

    def evaluate(rngs, learning_rate, reg):
        params = network.stack([_start(dtype, rng, X.shape[1]) for rng in rngs])
        rng = np.random.default_rng(2)
        return _course_training(params, X, y, rng, learning_rate, reg, epochs, held_out)[1]

    trials = search.run(evaluate, settings, seed=3, executor=executor)
    assert {trial.status for trial in trials} == {"done"}
    return [trial.score for trial in trials]


def _torch_search(X, y, held_out, settings, dtype, epochs):
    return [
        _torch_training(
            _start(dtype, np.random.default_rng([3, i]), X.shape[1]), X, y, np.random.default_rng(2),
            **setting, epochs=epochs, measured=held_out,
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

        (params, _), _ = jax.lax.scan(step, (params, jax.tree.map(jnp.zeros_like, params)), batches)
        return (scores(params, held_X).argmax(-1) == held_y).mean(dtype=held_X.dtype)

    together = jax.jit(jax.vmap(trained, in_axes=(0, 0, 0, *[None] * 5)))

    def run(X, y, held_out, settings, dtype, epochs):
        rng = np.random.default_rng(2)
        batches = np.stack([rng.integers(len(X), size=BATCH) for _ in range(epochs * (len(X) // BATCH))])
        starts = [_start(dtype, np.random.default_rng([3, i]), X.shape[1]) for i in range(len(settings))]
        rates, reg = (
            np.array([setting[name] for setting in settings], dtype) for name in ("learning_rate", "reg")
        )
        return np.asarray(together(network.stack(starts), rates, reg, X, y, batches, *held_out))

    return run


def _sklearn_search(X, y, held_out, settings):
    """RandomizedSearchCV over as many settings of the same network; it draws its starts and rows itself."""
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
    few = X, y, held_out, _settings(3), np.float64, 2
    agree(_course_search(*few), _torch_search(*few))
    agree(_course_search(*few), jax_search(*few))
    (X, y), held_out = _data(np.float32), _data(np.float32, 1000)
    all_of_it = X, y, held_out, _settings(16), np.float32, 1
    # One after the other, each trial costs the same, so that a quarter of them tells.
    few_of_it = X, y, held_out, _settings(4), np.float32, 1
    with ThreadPoolExecutor(2) as pool:
        taken = times(
            {
                "ours": lambda: _course_search(*all_of_it, executor=pool),
                "JAX": lambda: jax_search(*all_of_it),
                "PyTorch": lambda: _torch_search(*few_of_it),
                "scikit-learn": lambda: _sklearn_search(*few_of_it[:4]),
            },
            clock=time.perf_counter,
        )
    return [
        ratio("throughput, over JAX vmap + jit", taken["JAX"], taken["ours"], ">= 1.5"),
        ratio("throughput, over a PyTorch loop", 4 * taken["PyTorch"], taken["ours"], ">= 3.5"),
        ratio("throughput, over scikit-learn", 4 * taken["scikit-learn"], taken["ours"], ">= 9"),
    ]


@row("Search of 100 trials on the digits, 64-50-10, ten epochs, float32")
def search_digits():
    """Throughput on one core, over a loop in PyTorch."""
    images, y = digits()

    def problem(dtype, trials):
        X = (images.reshape(len(images), -1) / 16).astype(dtype)
        return X[:1500], y[:1500], (X[1500:], y[1500:]), _settings(trials), dtype, 10

    agree(_course_search(*problem(np.float64, 3)), _torch_search(*problem(np.float64, 3)))
    # One after the other, each trial costs the same, so that a tenth of them tells.
    all_of_it, few_of_it = problem(np.float32, 100), problem(np.float32, 10)
    taken = times({"ours": lambda: _course_search(*all_of_it), "PyTorch": lambda: _torch_search(*few_of_it)})
    trials = Figure("trials in a second", *(100 / f(taken["ours"]) for f in (np.median, np.min)))
    return [ratio("throughput, over a PyTorch loop", 10 * taken["PyTorch"], taken["ours"], ">= 11"), trials]
