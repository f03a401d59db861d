"""What topic 03 says of long experiments follows from their record."""

import numpy as np
import pytest
from headlines import prose, row

from course.statistics import interval
from measurements import recorded, topic_03


def at_its_best_rate(runs):
    """Of runs `(seeds, rates)`, each seed's value at the rate that was highest over the other seeds."""
    runs = np.where(np.isnan(runs), -np.inf, runs)
    best = [np.delete(runs, seed, axis=0).mean(axis=0).argmax() for seed in range(len(runs))]
    # None of them lies at an end of the grid.
    assert 0 < min(best) <= max(best) < runs.shape[1] - 1
    return runs[np.arange(len(runs)), best]


def gain(name, a, b, sign=1):
    """The mean of a less b, paired, each at its best rate, and half its interval of 95%."""
    runs = recorded("03", name)
    difference = sign * (at_its_best_rate(sign * runs[a]) - at_its_best_rate(sign * runs[b]))
    return 100 * np.array(interval(difference))


GAINS_03 = {
    ("preparations", "mean image", "nothing"): (1.7, 0.6),
    ("preparations", "divided", "nothing"): (1.4, 0.5),
    ("preparations", "centred and divided", "mean image"): (0.8, 0.4),
    ("longer", "centred and divided", "mean image"): (0.8, 0.3),
    ("longer", "mean image", "nothing"): (0.4, 0.4),
    ("smaller weights", "divided", "as they are"): (1.1, 0.4),
    ("preparations", "mean image", "one mean"): (0.9, 0.5),
    ("longer", "mean image", "one mean"): (0.3, 0.4),
    ("preparations", "normalized", "centred and divided"): (-0.5, 0.4),
    ("preparations", "normalized", "mean image"): (0.3, 0.4),
    ("preparations", "whitened", "centred and divided"): (-1.2, 0.4),
    ("few", "normalized", "centred and divided"): (-2.0, 0.7),
    ("few", "floor 0.5", "normalized"): (0.3, 0.3),
    ("few", "floor 3", "normalized"): (0.8, 0.6),
    ("few", "epsilon 1e-05", "epsilon 10000"): (-9.7, 1.4),
    ("few", "epsilon 100", "epsilon 10000"): (-0.4, 0.4),
    ("few, longer", "epsilon 1e-05", "epsilon 10000"): (-9.3, 1.2),
    ("components", "16", "64"): (-0.3, 0.2),
    ("components", "32", "64"): (0.3, 0.3),
    ("leakage", "whitening, leaked", "whitening, honest"): (6.1, 1.9),
}


@pytest.mark.parametrize(("run", "said"), GAINS_03.items(), ids=map(", ".join, GAINS_03))
def test_03_says_what_a_preparation_gains_in_points(run, said):
    assert gain(*run) == pytest.approx(said, abs=0.06)
    assert f"{abs(said[0])} ± {said[1]}" in prose("03_data_preprocessing")


def test_03_centring_and_dividing_gain_alike():
    mean, half = gain("preparations", "divided", "mean image")
    assert abs(mean) < half < 0.5


def test_03_a_leaked_mean_gains_nothing_that_could_be_seen():
    mean, half = gain("leakage", "centring, leaked", "centring, honest")
    assert abs(mean) < half < 0.15


@pytest.mark.parametrize(("kind", "where"), [("network", ""), ("linear", ", no hidden layer")])
def test_03_the_turn_helps_adam_and_not_gradient_descent(kind, where):
    runs = recorded("03", "turned")
    for update, title in [("sgd", "gradient descent"), ("adam", "Adam")]:
        pixels, turned = (-at_its_best_rate(-runs[f"{kind}, {update}, {x}"]) for x in ("pixels", "turned"))
        change, half = interval(turned - pixels)
        cells = [f"{pixels.mean():.4f}", f"{turned.mean():.4f}", f"{change:+.4f} ± {half:.4f}"]
        assert row(title + where, cells) in prose("03_data_preprocessing")
        assert (abs(change) > half) == (update == "adam")
    assert np.sum(turned < pixels) == 19


# In the order of the table, and the learning rates between which each is right about 90%.
RANGES_03 = {
    "nothing": "0.006 to 0.13",
    "divided": "0.02 to 0.63",
    "one mean": "0.007 to 0.32",
    "mean image": "0.008 to 0.4",
    "centred and divided": "0.03 to 3.2",
    "normalized": "0.03 to 2.5",
    "whitened": "0.06 to 5",
}


@pytest.mark.parametrize("name", RANGES_03)
def test_03_the_table_of_preparations(name):
    runs, longer = recorded("03", "preparations")[name], recorded("03", "longer")[name]
    good = [np.logspace(-2.5, 1, 36)[run > 0.9] for run in runs]
    lowest, highest, span = np.median([(g[0], g[-1], g[-1] / g[0]) for g in good], axis=0)
    said = [float(rate) for rate in RANGES_03[name].split(" to ")]
    assert [lowest, highest] == pytest.approx(said, rel=0.06)
    accuracies = [f"{at_its_best_rate(some).mean():.1%}" for some in (runs, longer)]
    assert row(name, [RANGES_03[name], f"{span:.0f}", *accuracies]) in prose("03_data_preprocessing")


def test_03_the_table_of_epsilons():
    runs = recorded("03", "few")
    cells = [f"{at_its_best_rate(runs[f'epsilon {e:g}']).mean():.1%}" for e in topic_03.EPSILONS]
    assert row("held-out accuracy", cells) in prose("03_data_preprocessing")


def test_03_dividing_moves_the_good_learning_rates_up_three_to_eightfold():
    ends = {name: np.array([float(rate) for rate in said.split(" to ")]) for name, said in RANGES_03.items()}
    up = [ends["divided"] / ends["nothing"], ends["centred and divided"] / ends["mean image"]]
    assert 3 <= np.min(up) < np.max(up) <= 8 + 1e-9


ACCURACIES_03 = {
    ("components", "64"): 97.8,
}


@pytest.mark.parametrize(("run", "said"), ACCURACIES_03.items(), ids=map(", ".join, ACCURACIES_03))
def test_03_says_how_many_are_right(run, said):
    name, way = run
    assert 100 * at_its_best_rate(recorded("03", name)[way]).mean() == pytest.approx(said, abs=0.06)


def test_03_the_noise_takes_half_of_a_whitened_picture():
    later = np.sort(recorded("03", "noise")["of all"])
    assert later[0] > 0.455
    assert later[16] < 0.625
    assert later[-1] == pytest.approx(0.89, abs=0.005)


def test_03_the_initial_loss_falls_with_the_weights():
    runs = recorded("03", "smaller weights")
    assert runs["initial loss, as they are"].mean() == pytest.approx(10.0, abs=0.05)
    assert runs["initial loss, divided"].mean() == pytest.approx(2.8, abs=0.05)


def test_03_digits_alone_are_no_longer_known():
    runs = recorded("03", "digits alone")
    assert runs["training mean"][:, 7].mean() == pytest.approx(0.98, abs=0.006)
    assert runs["own mean"][:, 7].mean() == pytest.approx(0.12, abs=0.006)
    assert runs["own mean"][:, 7].max() < 0.275
    known = runs["own mean"].mean(axis=0)
    assert known[8] == pytest.approx(0.41, abs=0.005)
    others = np.delete(known, 8)
    assert [others.min(), others.max()] == pytest.approx([0.04, 0.16], abs=0.005)
