"""Topic 03: what the digits gain by each preparation, each at its own best learning rate.

Each seed draws a split, a start and the minibatches, the same for all that is compared. What is returned are
held-out accuracies after the last epoch, one for each learning rate.
"""

import numpy as np

from course import datasets, network
from course.initializers import he
from course.preprocessing import decorrelate, principal_components, standardize, whiten
from course.training import train

# Ten and four learning rates a decade.
FINE, COARSE = np.logspace(-2.5, 1, 36), np.logspace(-2, 0.75, 12)
SGD, ADAM = np.logspace(-1, 1.25, 10), np.logspace(-3, -0.5, 11)
COMPONENTS, EPSILONS = [1, 2, 4, 8, 16, 32, 64], [1e-5, 0.1, 1, 10, 100, 1e4]
FLOORS = [0.5, 3]


def _split(seed, few=None):
    images, labels = datasets.digits()
    X, y, *held = datasets.split(np.random.default_rng(seed), images.reshape(-1, 64), labels, held_out=300)
    return X[:few], y[:few], *held


def _learn(way, rates, split, seed, epochs):
    """The training run of the notebook's `learn`."""
    X, y, X_held, y_held = split
    X, held = way(X).astype(np.float32), (way(X_held).astype(np.float32), y_held)
    params = network.create(np.random.default_rng(seed), [X.shape[1], 100, 10], he, np.float32)
    settings = {"rng": np.random.default_rng(seed), "epochs": epochs, "validation": held}
    return train(params, X, y, learning_rate=rates, **settings)[1].validation_accuracy


def _whitening(seen, epsilon=1e-5):
    axes = principal_components(seen)
    return lambda x: whiten(x, *axes, epsilon)


def _scaled_whitening(seen, epsilon):
    """Whitening, divided by the overall standard deviation of what it gives."""
    way = _whitening(seen, epsilon)
    size = way(seen).std()
    return lambda x: way(x) / size


def _ways(X):
    mean, std, one = X.mean(axis=0), X.std(axis=0), X.std()
    ways = {"nothing": lambda x: x, "divided": lambda x: x / one, "one mean": lambda x: x - X.mean()}
    ways |= {"mean image": lambda x: x - mean, "centred and divided": lambda x: (x - mean) / one}
    return ways | {"normalized": lambda x: standardize(x, mean, std), "whitened": _whitening(X, 0.1)}


def preparations(seed):
    """All of the preparations, for ten epochs."""
    split = _split(seed)
    return {name: _learn(way, FINE, split, seed, 10)[-1] for name, way in _ways(split[0]).items()}


def longer(seed):
    """The same for thirty epochs."""
    split = _split(seed)
    return {name: _learn(way, COARSE, split, seed, 30)[-1] for name, way in _ways(split[0]).items()}


def smaller_weights(seed):
    """Centred pixels as they are, with the initial weights of the first layer divided in their place."""
    X, y, X_held, y_held = _split(seed)
    mean, found = X.mean(axis=0), {}
    for name, divisor in {"as they are": 1, "divided": X.std()}.items():
        (W, b), last = network.create(np.random.default_rng(seed), [64, 100, 10], he)
        rows, held = (X - mean, y), (X_held - mean, y_held)
        settings = {"rng": np.random.default_rng(seed), "epochs": 10, "validation": held}
        run = train([(W / divisor, b), last], *rows, learning_rate=COARSE, **settings)[1]
        found |= {name: run.validation_accuracy[-1], f"initial loss, {name}": run.loss[0, 0, 0]}
    return found


def few(seed):
    """From 200 pictures, for 100 epochs: one divisor, one for each pixel, and whitening by each epsilon.

    A floor is the least that a pixel is divided by.
    """
    split = _split(seed, few=200)
    X = split[0]
    mean, std, ways = X.mean(axis=0), X.std(axis=0), _ways(X)
    ways = {name: ways[name] for name in ("centred and divided", "normalized")}
    ways |= {f"floor {least}": lambda x, least=least: (x - mean) / np.maximum(std, least) for least in FLOORS}
    ways |= {f"epsilon {epsilon:g}": _scaled_whitening(X, epsilon) for epsilon in EPSILONS}
    return {name: _learn(way, COARSE, split, seed, 100)[-1] for name, way in ways.items()}


def few_longer(seed):
    """The least and the most epsilon for 300 epochs."""
    split = _split(seed, few=200)
    ways = {f"epsilon {epsilon:g}": _scaled_whitening(split[0], epsilon) for epsilon in (1e-5, 1e4)}
    return {name: _learn(way, COARSE, split, seed, 300)[-1] for name, way in ways.items()}


def floors(seed):
    """From all pictures: one divisor for each pixel, and never less than a floor."""
    split = _split(seed)
    mean, std = split[0].mean(axis=0), split[0].std(axis=0)
    ways = {f"floor {least}": lambda x, least=least: (x - mean) / np.maximum(std, least) for least in FLOORS}
    return {name: _learn(way, FINE, split, seed, 10)[-1] for name, way in ways.items()}


def components(seed):
    """The first k components, for twenty epochs, of which the last ten are averaged."""
    split = _split(seed)
    mean, U, _ = principal_components(split[0])
    size = split[0].std()
    found = {}
    for k in COMPONENTS:
        accuracy = _learn(lambda x, k=k: decorrelate(x, mean, U[:, :k]) / size, COARSE, split, seed, 20)
        found[f"{k}"] = accuracy[-10:].mean(axis=0)
    return found


def turned(seed):
    """Pixels with one divisor, and the same turned onto their axes; a rate for all weights, and one for each.

    The mean loss of the minibatches of the third epoch, of the network and of one without a hidden layer.
    """
    X, y, *_ = _split(seed)
    mean, U, _ = principal_components(X)
    rows, found = {"pixels": (X - mean) / X.std(), "turned": decorrelate(X, mean, U) / X.std()}, {}
    for kind, layers in {"network": [64, 100, 10], "linear": [64, 10]}.items():
        for update, rates in {"sgd": SGD, "adam": ADAM}.items():
            for name, Z in rows.items():
                params = network.create(np.random.default_rng(seed), layers, he, np.float32)
                settings = {"rng": np.random.default_rng(seed), "epochs": 3, "update": update}
                run = train(params, Z.astype(np.float32), y, learning_rate=rates, **settings)[1]
                found[f"{kind}, {update}, {name}"] = run.loss[-1].mean(axis=0)
    return found


def noise(seed):
    """The fraction of whitened pictures along the later half of the axes that vary at all."""
    X, _, X_held, _ = _split(seed)
    mean, U, variances = principal_components(X)
    vary = variances > 1e-9
    energy = np.square(whiten(X_held, mean, U[:, vary], variances[vary]))
    later = energy[:, vary.sum() // 2 :]
    return {"of eight": later[:8].sum() / energy[:8].sum(), "of all": later.sum() / energy.sum()}


def leakage(seed):
    """A mean image and a whitening of 100 training rows, and of all rows."""
    X, y, *_ = _split(seed)
    split = datasets.split(np.random.default_rng(seed), X, y, len(X) - 100)
    fits = {"centring": lambda seen: lambda x: (x - seen.mean(axis=0)) / 6, "whitening": _whitening}
    found = {}
    for name, fit in fits.items():
        found[f"{name}, honest"] = _learn(fit(split[0]), COARSE, split, seed, 30)[-1]
        found[f"{name}, leaked"] = _learn(fit(X), COARSE, split, seed, 30)[-1]
    return found


def digits_alone(seed):
    """Of the held-out pictures of each digit, how many are known less the training mean, less their own."""
    X, y, X_held, y_held = _split(seed)
    mean, start = X.mean(axis=0), network.create(np.random.default_rng(seed), [64, 100, 10], he)
    params, _ = train(start, X - mean, y, rng=np.random.default_rng(seed), epochs=10, learning_rate=0.1)
    found = {"training mean": [], "own mean": []}
    for digit in range(10):
        rows = X_held[y_held == digit]
        for name, centre in {"training mean": mean, "own mean": rows.mean(axis=0)}.items():
            found[name].append(network.accuracy(params, rows - centre, np.full(len(rows), digit), "relu"))
    return {name: np.array(values) for name, values in found.items()}


EXPERIMENTS = {
    "preparations": (preparations, 20),
    "longer": (longer, 20),
    "smaller weights": (smaller_weights, 20),
    "few": (few, 20),
    "few, longer": (few_longer, 20),
    "floors": (floors, 20),
    "components": (components, 20),
    "turned": (turned, 20),
    "noise": (noise, 20),
    "leakage": (leakage, 20),
    "digits alone": (digits_alone, 20),
}
