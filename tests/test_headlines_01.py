"""What topic 01 says of long experiments follows from their record."""

import numpy as np
import pytest
from headlines import prose, row

from course.statistics import interval
from measurements import recorded, topic_01

TEXT = prose("01_activation_functions")
SIGMOID, TANH, RELU, XAVIER_TANH = 0, 1, 2, 6


def best(runs, fewest=False):
    """Index of the best rate by the mean over seeds, inside the grid; a network that diverged has nothing."""
    mean = runs.mean(axis=0) if fewest else np.nan_to_num(runs).mean(axis=0)
    k = mean.argmin() if fewest else mean.argmax()
    assert 0 < k < len(mean) - 1
    return k


def at_best(runs, fewest=False):
    return runs[:, best(runs, fewest)]


def points(differences, digits=1):
    mean, half = interval(100 * differences)
    return f"{mean:+.{digits}f} ± {half:.{digits}f}"


def ratio(runs, others):
    """Geometric mean of paired ratios, and its 95 % interval."""
    mean, half = interval(np.log(runs / others))
    return np.exp([mean, mean - half, mean + half])


def test_01_the_table_of_the_race_is_the_record():
    steps, fixed = recorded("01", "race")["steps"], topic_01.RATES.index(0.56)
    goals = range(len(topic_01.GOALS))
    names = {"sigmoid, steps (learning rate)": SIGMOID, "tanh": TANH, "ReLU": RELU}
    for title, k in names.items():
        rates = [topic_01.RATES[best(steps[:, k, g], fewest=True)] for g in goals]
        means = [at_best(steps[:, k, g], fewest=True).mean() for g in goals]
        assert row(title, [f"{n:.0f} ({rate:g})" for n, rate in zip(means, rates, strict=True)]) in TEXT
    alike = [ratio(steps[:, TANH, g, fixed], steps[:, RELU, g, fixed]) for g in goals]
    each = [ratio(at_best(steps[:, TANH, g], True), at_best(steps[:, RELU, g], True)) for g in goals]
    for title, ratios in [("tanh / ReLU, both at 0.56", alike), ("tanh / ReLU, each at its best", each)]:
        assert row(title, [f"{mean:.2f} ({low:.2f} to {high:.2f})" for mean, low, high in ratios]) in TEXT


def test_01_xavier_takes_the_lead_of_tanh_away_and_the_sigmoid_is_behind():
    steps = recorded("01", "race")["steps"]
    ratios = np.array(
        [
            [ratio(at_best(steps[:, k, g], True), at_best(steps[:, RELU, g], True)) for g in range(3)]
            for k in (XAVIER_TANH, SIGMOID)
        ]
    )
    assert ratios[0, 0, 2] < 1
    assert (ratios[0, 1:, 1] < 1).all()
    assert (ratios[0, 1:, 2] > 1).all()
    assert (np.abs(ratios[0, 1:] - 1) < 0.12).all()
    assert (ratios[1, :, 0].round(1) >= 2.6).all()
    assert (ratios[1, :, 0].round(1) <= 2.7).all()


def test_01_the_table_of_accuracies_is_the_record():
    runs = recorded("01", "race")["accuracy"]
    relu = at_best(runs[:, RELU])
    for k, name in enumerate(["sigmoid", "tanh", "ReLU", "leaky ReLU", "ELU", "SiLU"]):
        own, rate = at_best(runs[:, k]), topic_01.RATES[best(runs[:, k])]
        change = points(own - relu) if k != RELU else ""
        said = row(name, [f"{100 * own.mean():.1f}", f"{rate:g}", change]).replace("|  |", "| |")
        assert said in TEXT
        mean, half = interval(own - relu)
        # A difference of half a point would have shown, either way.
        assert half < 0.005
        assert mean - half < 0.0005
        assert mean + half >= 0
    assert interval(at_best(runs[:, SIGMOID]) - relu)[0] == pytest.approx(-0.003, abs=0.0005)


def test_01_the_first_layer_ends_higher_by_a_hundredth_and_the_slopes_gain_nothing():
    runs = recorded("01", "by_depth")
    k, slopes = best(runs["prelu"]), runs["mean"]
    assert topic_01.DEEP_RATES[k] == 0.32
    first, last = slopes[:, k, 0], slopes[:, k, -1]
    mean, half = interval(first - last)
    said = f"{first.mean():.3f} in the first layer and {last.mean():.3f} in the last, a difference of"
    assert f"{said} {mean:.3f} ± {half:.3f}" in TEXT
    relu, leak, prelu = (at_best(runs[name]) for name in ("relu", "leak", "prelu"))
    # Half of a thousandth is rounded by the last digit of a mean.
    np.testing.assert_allclose(interval(prelu - relu), [-0.0005, 0.0039], atol=0.0001)
    np.testing.assert_allclose(interval(prelu - leak), [-0.0005, 0.0020], atol=0.0001)
    assert "-0.1 ± 0.4 points against the ReLU and by -0.1 ± 0.2 against a leak" in TEXT


def test_01_slopes_stay_near_where_they_began():
    runs = recorded("01", "by_first_slope")
    began = np.array(topic_01.FIRST_SLOPES)[:, None]
    assert np.abs(runs["long"].mean(axis=0) - began).max() < 0.05
    assert np.abs(runs["long"] - runs["short"]).max() < 0.02


def test_01_the_table_of_maxout_is_the_record():
    runs, rates = recorded("01", "units")["accuracy"], topic_01.UNIT_RATES
    for k, (unit, width, outputs) in enumerate(topic_01.UNITS):
        title = f"{outputs} {'maxout units' if unit == 'maxout' else 'ReLUs'}"
        size = 65 * width + 10 * (outputs + 1)
        tuned, plain = at_best(runs[:, k]), runs[:, k, rates.index(0.1)]
        cells = [
            f"{size}",
            f"{100 * plain.mean():.1f}",
            f"{100 * tuned.mean():.1f} ({rates[best(runs[:, k])]:g})",
        ]
        assert row(title, cells) in TEXT
    maxout, narrow, wide = (at_best(runs[:, k]) for k in range(3))
    assert f"by {points(maxout - narrow).lstrip('+')} points" in TEXT
    assert f"left of that: {points(maxout - wide)} points" in TEXT
