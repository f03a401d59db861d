"""Topic 07, searching: what each part of the advice is worth, and how good the best of many trials is.

A seed draws the split of the digits, the settings, the initial weights and the minibatches, alike for all
that is compared. What was chosen on the validation set is measured on a test set that chose nothing.
"""

from functools import partial

import numpy as np

from course import datasets, network, search
from course.initializers import he
from course.training import train

BOX = {"learning_rate": (1e-5, 1e2), "reg": (1e-5, 1e5)}
RUNGS = [1, 2, 4, 8, 16]
BUDGETS = [9, 16]
UPDATES = ["sgd", "momentum", "adam"]
UPDATE_RATES = np.logspace(-4, 1, 21)
UPDATE_EPOCHS = [5, 40]
UNITS = [5, 10, 20, 50, 200]
UNIT_RATES = np.logspace(-1.25, 0.5, 8)
WRONG_RATES = np.logspace(-2, 0, 9)
REGS = [0.01, 0.03, 0.06, 0.1]
DROPPED = [0.5, 0.8, 0.9]
PAIR = [0.3, 0.6]


def digits(seed, test=300):
    """Return training rows with their labels, a validation set of 300, and a test set, split anew."""
    X, y, *held = datasets.prepared_digits(np.random.default_rng([seed, 0]), held_out=300 + test)
    return X, y, tuple(part[:300] for part in held), tuple(part[300:] for part in held)


def start(rng, units=50):
    """Return the network of the notebook: 64 inputs, one hidden layer, ten classes."""
    return network.create(rng, [64, units, 10], he, np.float32)


def searcher(seed):
    """Return the `evaluate` of the notebook, on this seed's split, and its test set."""
    X, y, validation, test = digits(seed)

    def evaluate(rngs, held=validation, **settings):
        nets, rng = network.stack([start(rng) for rng in rngs]), np.random.default_rng([seed, 1])
        return train(nets, X, y, rng=rng, decay=0.9, validation=held, **settings)[1]

    return evaluate, test


def again(evaluate, trial, seed, **settings):
    """Train a trial of `run(..., seed=seed)` once more, and return its last accuracy on other pictures."""
    columns = {name: np.array([value]) for name, value in trial.setting.items()}
    history = evaluate([np.random.default_rng([seed, trial.number])], **columns, **settings)
    return history.validation_accuracy[-1, 0]


def best_of(trials):
    """Return the trial of the highest validation accuracy, the first of several."""
    return max(trials, key=lambda trial: trial.score)


def rounds(seed):
    """Coarse, fine, finer: what was given up, how early the best show, and the best of each round."""
    evaluate, test = searcher(seed)
    settings = search.sample(np.random.default_rng([seed, 2]), 100, **BOX)
    trials = search.run(partial(evaluate, epochs=5, give_up=3), settings, seed=seed)
    lost = [trial for trial in trials if trial.status == "diverged"]
    patient = search.run(partial(evaluate, epochs=5), [trial.setting for trial in lost], seed=seed)
    done = np.array([trial.history.validation_accuracy for trial in trials if trial.status == "done"])
    early, late = (set(np.argsort(-done[:, k], kind="stable")[:8]) for k in (0, 4))
    found = {
        "good": np.mean([trial.score > 0.9 for trial in trials]),
        "given_up": len(lost),
        "steps": np.isfinite([trial.history.loss for trial in lost]).mean(),
        "would_do": sum(trial.score > 0.9 for trial in patient),
        "early": len(early & late),
    }
    best = [best_of(trials)]
    found["coarse_at_20"] = again(evaluate, best[0], seed, held=test, epochs=20)
    median, on_test = [], []
    for epochs in (5, 10, 20):
        if epochs > 5:
            settings = search.sample(np.random.default_rng([seed, 3]), 40, **search.narrow(trials, keep=8))
            trials = search.run(partial(evaluate, epochs=epochs, give_up=3), settings, seed=seed)
            best.append(best_of(trials))
        median.append(np.median([trial.score for trial in trials]))
        on_test.append(again(evaluate, best[-1], seed, held=test, epochs=epochs))
    return found | {"best": [trial.score for trial in best], "median": median, "test": on_test}


def halving(seed):
    """Successive halving of 64 trials, against as many as its work trains to the end, and against all 64.

    Work is counted in epochs that were run: a trial that was given up costs next to nothing.
    """
    evaluate, test = searcher(seed)
    settings = search.sample(np.random.default_rng([seed, 2]), 64, **BOX)
    trials = search.run(partial(evaluate, epochs=16, give_up=3), settings, seed=seed)
    work = np.array([np.isfinite(trial.history.loss).mean(axis=-1) for trial in trials])
    left, spent, before = trials, 0, 0
    for rung in RUNGS:
        spent += sum(work[trial.number, before:rung].sum() for trial in left)
        ranked = sorted(left, key=lambda trial: -seen(trial, rung))
        left, before = ranked[: max(len(left) // 2, 1)], rung
    affordable = np.flatnonzero(work.sum(axis=1).cumsum() <= spent)
    chosen = {"halving": left[0], "same_cost": best_of(trials[: len(affordable)]), "all": best_of(trials)}
    found = {name: again(evaluate, trial, seed, held=test, epochs=16) for name, trial in chosen.items()}
    found |= {"spent": spent, "spent_all": work.sum(), "affordable": len(affordable)}
    return found | {"same": left[0].number == chosen["all"].number}


def seen(trial, epoch):
    """Return the validation accuracy after an epoch, 0 for a trial that was given up."""
    return trial.history.validation_accuracy[epoch - 1] if trial.status == "done" else 0


def latin(rng, n):
    """Return n points of the unit square, one in each of n columns and of n rows."""
    return (rng.permuted([np.arange(n)] * 2, axis=1).T + rng.random((n, 2))) / n


def square(n):
    """Return n points of the unit square as a grid, in the middles of its cells."""
    ticks = (np.arange(n**0.5) + 0.5) / n**0.5
    return np.array([(a, b) for a in ticks for b in ticks])


def layouts(seed, boxes=2):
    """Best validation accuracy and how often it exceeds 0.9, with the axes (budget, layout).

    Of each box, the ranges of the search lie up to a decade lower or higher, alike for all layouts.
    """
    (evaluate, _), rng = searcher(seed), np.random.default_rng([seed, 2])
    best = np.zeros((boxes, len(BUDGETS), 3))
    for box in range(boxes):
        low = np.array([-5, -5]) + rng.uniform(-1, 1, 2)
        for i, n in enumerate(BUDGETS):
            for j, points in enumerate([square(n), rng.random((n, 2)), latin(rng, n)]):
                exponents = low + points * [7, 10]
                settings = [{"learning_rate": 10**a, "reg": 10**b} for a, b in exponents]
                run = search.run(partial(evaluate, epochs=5, give_up=3), settings, seed=seed)
                best[box, i, j] = best_of(run).score
    return {"best": best.mean(axis=0), "found": (best > 0.9).mean(axis=0)}


def shared(seed):
    """Twenty-two networks that are about half right, of one setting, on the same pictures.

    `rho` is the mean correlation of being right between two of them, `luck` how much of the lead of the best
    of them over their mean is gone on other pictures, `paired` the standard error of a difference.
    """
    X, y, *held = datasets.prepared_digits(np.random.default_rng([seed, 0]), held_out=1700)
    nets = network.stack([start(np.random.default_rng([seed, 1, k])) for k in range(22)])
    rng = np.random.default_rng([seed, 2])
    nets, _ = train(nets, X[:20], y[:20], rng=rng, epochs=20, learning_rate=0.1, batch_size=None)
    right = network.scores(nets, held[0], "relu").argmax(axis=-1) == held[1]
    chosen, other = right[:, :850], right[:, 850:]
    best, correlation = chosen.mean(axis=1).argmax(), np.corrcoef(chosen)
    lead, later = (part[best].mean() - part.mean() for part in (chosen, other))
    differences = chosen[:, None].astype(float) - chosen[None]
    apart = differences.std(axis=-1)[np.triu_indices(22, 1)].mean()
    return {
        "accuracy": chosen.mean(),
        "rho": correlation[np.triu_indices(22, 1)].mean(),
        "lead": lead,
        "luck": lead - later,
        "paired": apart / np.sqrt(850),
        "unpaired": np.sqrt(2 * chosen.mean() * (1 - chosen.mean()) / 850),
    }


def updates(seed):
    """Accuracy on 600 pictures held out, with the axes (update, epochs, rate)."""
    X, y, *held = datasets.prepared_digits(np.random.default_rng([seed, 0]), held_out=600)
    found = []
    for update in UPDATES:
        rng, net = np.random.default_rng([seed, 1]), start(np.random.default_rng([seed, 2]))
        settings = {"rng": rng, "epochs": 40, "update": update, "validation": held}
        history = search.sweep([net], UPDATE_RATES, X, y, **settings)[1]
        found.append(history.validation_accuracy[np.array(UPDATE_EPOCHS) - 1, 0])
    return {"accuracy": found}


def units(seed):
    """Validation and test accuracy after ten epochs, with the axes (units, rate)."""
    X, y, validation, test = digits(seed)
    found = {"validation": [], "test": []}
    for n in UNITS:
        rng, net = np.random.default_rng([seed, 1]), start(np.random.default_rng([seed, 2]), n)
        nets, history = search.sweep([net], UNIT_RATES, X, y, rng=rng, epochs=10, validation=validation)
        found["validation"].append(history.validation_accuracy[-1, 0])
        found["test"].append(network.accuracy(nets, *test, "relu")[0])
    return found


def regularized(seed, epochs=40):
    """Accuracies with the axes (method, rate), of 400 pictures a fifth of which has got a random label.

    The methods are none, one for each of REGS, and one for each of DROPPED; `early_...` is that of none after
    the epoch at which the validation accuracy was highest, and `epoch` says which.
    """
    X, y, validation, test = digits(seed, test=600)
    rng = np.random.default_rng([seed, 1])
    X, y = X[:400], np.where(rng.random(400) < 0.2, rng.integers(10, size=400), y[:400])
    methods = [{}, *[{"reg": reg} for reg in REGS], *[{"dropped": dropped} for dropped in DROPPED]]
    found = {"validation": [], "test": [], "training": []}
    for method in methods:
        rng, seen = np.random.default_rng([seed, 2]), []
        nets = network.stack([start(np.random.default_rng([seed, 3]), 100)] * len(WRONG_RATES))
        for _ in range(epochs):
            nets, history = train(
                nets, X, y, rng=rng, epochs=1, learning_rate=WRONG_RATES, batch_size=50,
                validation=validation, **method,
            )  # fmt: skip
            seen.append((history.validation_accuracy[-1], network.accuracy(nets, *test, "relu")))
        on_validation, on_test = np.array(seen).transpose(1, 0, 2)
        if not method:
            stop, columns = on_validation.argmax(axis=0), range(len(WRONG_RATES))
            early = {
                "epoch": stop + 1,
                "early_validation": on_validation[stop, columns],
                "early_test": on_test[stop, columns],
            }
        found["validation"].append(on_validation[-1])
        found["test"].append(on_test[-1])
        found["training"].append(history.train_accuracy[-1])
    return found | early


def folds(seed):
    """The accuracy of each of five folds of 500 pictures."""
    X, y, *_ = digits(seed)
    parts = np.array_split(np.arange(500), 5)
    scores = []
    for fold in range(5):
        others, rng = np.concatenate(parts[:fold] + parts[fold + 1 :]), np.random.default_rng([seed, 1])
        net = start(np.random.default_rng([seed, 2]))
        net, _ = train(net, X[others], y[others], rng=rng, epochs=5, learning_rate=0.3)
        scores.append(network.accuracy(net, X[parts[fold]], y[parts[fold]], "relu"))
    return {"scores": scores}


def pairs(seed):
    """Accuracy at two learning rates, of the same split, initial weights and minibatches."""
    X, y, *held = datasets.prepared_digits(np.random.default_rng([seed, 0]), held_out=300)
    rng, net = np.random.default_rng([seed, 1]), start(np.random.default_rng([seed, 2]))
    history = search.sweep([net], PAIR, X, y, rng=rng, epochs=5, validation=held)[1]
    return {"accuracy": history.validation_accuracy[-1, 0]}


EXPERIMENTS = {
    "rounds": (rounds, 20),
    "halving": (halving, 20),
    "layouts": (layouts, 20),
    "shared": (shared, 100),
    "updates": (updates, 20),
    "units": (units, 20),
    "regularized": (regularized, 20),
    "folds": (folds, 100),
    "pairs": (pairs, 100),
}
