"""What topic 01 says of long experiments follows from their record."""

from pathlib import Path

import numpy as np
import pytest
from headlines import prose, row

from course.statistics import interval
from measurements import recorded, topic_01

TEXT = prose("01_activation_functions")
DOCS = Path(__file__).parents[1] / "docs"
PAGES = {name: DOCS.joinpath(f"{name}.md").read_text(encoding="utf-8") for name in ("advice", "teaching")}
SIGMOID, TANH, RELU, XAVIER_TANH = 0, 1, 2, 6
POSITIVE, CENTRED = 0, 1


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
    """Geometric mean of paired ratios, and its 95% interval."""
    mean, half = interval(np.log(runs / others))
    return np.exp([mean, mean - half, mean + half])


def fewest(steps):
    """Of (seed, factor): each seed's steps at the factor whose mean is lowest, and that factor."""
    k = steps.mean(axis=0).argmin()
    assert 0 < k < len(topic_01.FACTORS) - 1
    return steps[:, k], topic_01.FACTORS[k]


def test_01_the_table_of_the_zigzag_is_the_record():
    steps = recorded("01", "zigzag")["steps"]
    for n in (1, 5, 100):
        best = [fewest(steps[:, c, topic_01.BATCHES.index(n)]) for c in (POSITIVE, CENTRED)]
        said = row(f"batches of {n}", [f"{found.mean():.1f} ({factor:g})" for found, factor in best])
        assert said in TEXT
    many, one = (fewest(steps[:, POSITIVE, n])[0].mean() for n in (-1, 0))
    centred = fewest(steps[:, CENTRED, -1])[0].mean()
    said = f"a smooth path takes {many:.0f} steps instead of {one:.0f}, and centring takes {centred:.0f}."
    assert said in " ".join(PAGES["teaching"].split())


def test_01_the_zigzag_costs_less_than_the_shift_and_is_not_the_fault_of_the_sign():
    runs = recorded("01", "zigzag")
    one, hundred = ([fewest(runs["steps"][:, c, n])[0] for c in (POSITIVE, CENTRED)] for n in (0, -1))
    zigzag, without_sign = (ratio(one[c], hundred[c]) for c in (POSITIVE, CENTRED))
    assert "{:.2f} times as many steps as the smooth path ({:.2f} to {:.2f})".format(*zigzag) in TEXT
    assert f"it costs {zigzag[0]:.1f} times as many steps" in TEXT
    assert without_sign[1] > zigzag[2]
    assert f"even more without a batch, a factor of {without_sign[0]:.1f}" in TEXT
    single, many = (ratio(found[POSITIVE], found[CENTRED]) for found in (one, hundred))
    assert single[1] > zigzag[2]
    assert f"{single[0]:.1f} times as many steps with single examples, and {many[0]:.1f} times" in TEXT
    assert f"the shift itself costs {single[0]:.1f} to {many[0]:.0f} times" in TEXT


def test_01_single_positive_examples_do_not_stand_a_factor_of_two():
    farther = recorded("01", "zigzag")["farther"][:, POSITIVE, :, topic_01.FACTORS.index(2)]
    assert farther[:, 0].mean() == pytest.approx(0.4, abs=0.05)
    assert "at a factor of 2, four in ten of its walks end further from the goal" in TEXT
    assert (farther[:, 1:].mean(axis=0) < 0.05).all()


def test_01_at_one_learning_rate_for_both_the_relu_is_at_most_1_7_times_as_fast():
    steps = recorded("01", "race")["steps"][:, [TANH, RELU]]
    there = (steps < 999).all(axis=(0, 1))
    most = max(ratio(steps[:, 0, g, k], steps[:, 1, g, k])[0] for g, k in np.argwhere(there))
    assert f"tanh took at most {most:.1f} times as many steps" in TEXT
    assert f"at most {most:.1f} times at one learning rate" in TEXT
    assert f"the ReLU was at most {most:.1f} times as fast as tanh" in PAGES["advice"]
    assert f"Here it is at most {most:.1f} times at one learning rate for both" in PAGES["teaching"]


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
