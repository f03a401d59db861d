"""What topic 06 says of long experiments follows from their record."""

import numpy as np
from headlines import prose, row

from course.faults import CHECKS, FAULTS
from course.statistics import interval
from measurements import recorded, topic_06

NOTEBOOK = "06_babysitting"


def at_best(accuracy):
    """The runs `(seeds, rates)` at the rate that is best on average, and its place, inside the grid."""
    best = accuracy.mean(axis=0).argmax()
    assert 0 < best < accuracy.shape[-1] - 1
    return accuracy[:, best], best


def percent(values, digits=0):
    return f"{100 * np.mean(values):.{digits}f}"


def test_06_whether_twenty_pictures_are_memorized_depends_on_the_rate_and_the_scale():
    runs = recorded("06", "twenty")
    places = [int(np.abs(np.log10(topic_06.ALL_RATES) - k).argmin()) for k in range(-5, 1)]
    for title, name in [("pixels 0 to 255", "plain"), ("divided by 255", "divided")]:
        medians = np.median(runs[name], axis=0)[places]
        cells = ["diverged" if loss >= 99 else f"{loss:.3f}" for loss in medians]
        assert row(title, cells) in prose(NOTEBOOK)
    slowest, lectures = places[0], places[2]
    assert runs["plain"][:, slowest].min() > 2.29
    assert runs["plain"][:, lectures].max() < 0.01
    assert runs["divided"][:, lectures].min() > 2.25
    # A few rates, a factor of ten apart, find one that memorizes.
    for name in ("plain", "divided"):
        assert (runs[name][:, places].min(axis=1) < 0.01).all()


def test_06_the_best_rate_moves_with_the_divisor_and_not_with_its_square():
    best = np.log10(topic_06.ALL_RATES)[recorded("06", "scales")["same"].argmax(axis=-1)]
    shift, half = interval(best[:, -1] - best[:, 0])
    low, middle, high = (10**decades for decades in (shift - half, shift, shift + half))
    words = f"a factor of {middle:.0f}, with a 95% interval from {low:.0f} to {high:.0f}"
    assert words in prose(NOTEBOOK)
    assert low < topic_06.DIVISORS[-1] < high < topic_06.DIVISORS[-1] ** 2
    for name in ("same", "scaled"):
        for k in range(len(topic_06.DIVISORS)):
            at_best(recorded("06", "scales")[name][:, k])


def test_06_underfitting_asks_for_epochs_or_for_units():
    runs = recorded("06", "units")
    found = {}
    for u, units in enumerate(topic_06.UNITS):
        for e, epochs in enumerate(topic_06.EPOCHS):
            held, best = at_best(runs["validation"][:, u, e])
            found[units, epochs] = runs["training"][:, u, e, best], held
    for units in (2, 10, 50, 100):
        pairs = [found[units, epochs] for epochs in topic_06.EPOCHS]
        cells = [f"{percent(seen)}, {percent(held)}" for seen, held in pairs]
        assert row(f"{units} hidden units", cells) in prose(NOTEBOOK)
    for more, less, digits, words in [
        ((50, 30), (50, 1), 1, "30 in place of one gain {} points"),
        ((100, 1), (50, 1), 1, "100 units in place of 50, after that one epoch, {}, which cannot be told"),
        ((10, 30), (2, 30), 0, "eight units more gain {} points"),
        ((2, 30), (2, 5), 0, "25 epochs more had gained {}."),
    ]:
        change, half = (100 * value for value in interval(found[more][1] - found[less][1]))
        assert words.format(f"{change:.{digits}f} ± {half:.{digits}f}") in prose(NOTEBOOK)


def test_06_noise_in_the_first_layer_is_no_sign_of_bad_training():
    runs = recorded("06", "first_layer")
    best = {(p, s): at_best(runs["accuracy"][:, p, s]) for p in range(2) for s in range(5)}
    noise = {key: percent(runs["noise"][:, *key, rate]) for key, (_, rate) in best.items()}
    assert row("noise in the filters, %", [noise[0, s] for s in range(5)]) in prose(NOTEBOOK)
    accuracy = [percent(best[0, s][0], 1) for s in range(5)]
    assert row("validation accuracy, %", accuracy) in prose(NOTEBOOK)
    clean, noisy = 0, topic_06.SCALES.index(3e-3)
    better, half = (100 * value for value in interval(best[0, noisy][0] - best[0, clean][0]))
    assert f"by {better:.1f} ± {half:.1f} points" in prose(NOTEBOOK)
    words = f"from {noise[0, clean]} to {noise[1, clean]}% at 0.0001"
    assert f"{words} and from {noise[0, noisy]} to {noise[1, noisy]}% at 0.003" in prose(NOTEBOOK)
    cost, half = (100 * value for value in interval(best[0, noisy][0] - best[1, noisy][0]))
    assert f"costs {cost:.1f} ± {half:.1f} points" in prose(NOTEBOOK)


def test_06_the_table_of_bugs_is_the_data():
    for name, fault in FAULTS.items():
        assert row(name, [fault.symptom, fault.check, fault.repair]) in prose(NOTEBOOK)


def test_06_each_bug_is_found_by_its_check_and_by_few_others():
    failed = recorded("06", "examined")["failed"]
    healthy, *bugs = failed.sum(axis=0)
    assert not healthy.any()
    assert failed[:, 0].size == 120
    for found, fault in zip(bugs, FAULTS.values(), strict=True):
        assert found[list(CHECKS).index(fault.check)] == 20
    of_each_check = (np.array(bugs) > 0).sum(axis=0)
    assert sorted(of_each_check) == [1, 1, 1, 1, 2, 4]
    missed = 20 - bugs[list(FAULTS).index("gradients not reset")][list(CHECKS).index("validation")]
    assert f"missed gradients that are not reset in {missed:.0f}," in prose(NOTEBOOK)


def test_06_two_bugs_hardly_show_in_an_accuracy():
    healthy, unmasked, uncentred = recorded("06", "planted")["accuracy"].transpose(1, 0, 2)
    (near,) = np.flatnonzero(np.isclose(topic_06.PLANTED_RATES, 0.316, atol=0.01))
    for change, words in [
        (healthy[:, near] - unmasked[:, near], "lower by {} points"),
        (at_best(healthy)[0] - at_best(unmasked)[0], "at its best of eight learning rates, by {})"),
        (healthy[:, near] - uncentred[:, near], "Uncentred pixels lose {} points"),
    ]:
        mean, half = (100 * value for value in interval(change))
        assert words.format(f"{mean:.1f} ± {half:.1f}") in prose(NOTEBOOK), (words, mean, half)


def test_06_the_table_of_checks_is_the_data():
    for name, check in CHECKS.items():
        passes = {0: f"up to {check.high:g}".replace("e-0", "e-"), 2.28: f"{check.low:g} to {check.high:g}"}
        assert row(name, [check.question, passes.get(check.low, f"{check.low:g} or more")]) in prose(NOTEBOOK)


def test_06_a_falling_rate_brings_high_down_to_good():
    low, good, high, very_high = recorded("06", "shapes")["loss"].transpose(2, 1, 0)
    for decay, words in enumerate(["{} above that of good while", "{} above it when the rate falls"]):
        mean, half = interval(high[decay] - good[decay])
        assert words.format(f"{mean:.3f} ± {half:.3f}") in prose(NOTEBOOK), (words, mean, half)
    assert (high[0] > good[0]).all()
    assert (very_high == 99).all()
    assert low.min() > 1.8


def test_06_a_plateau_grows_by_the_same_wait_for_each_factor_of_ten():
    epochs = recorded("06", "plateau")["epochs"]
    decades = np.diff(np.log10(topic_06.PLATEAU_SCALES)).sum()
    for rate, words in enumerate(["costs {} epochs at 0.0003", "and {} at 0.001"]):
        mean, half = interval((epochs[:, 0, rate] - epochs[:, -1, rate]) / decades)
        assert words.format(f"{mean:.2f} ± {half:.2f}") in prose(NOTEBOOK), (words, mean, half)
    waits = -np.diff(epochs[:, :, 0].mean(axis=0))
    assert waits.max() < 1.25 * waits.min()


def test_06_few_pictures_widen_the_gap_at_the_best_rate_too():
    runs = recorded("06", "gap")
    for k, words in enumerate(["{} points with 50 pictures", "{} with all"]):
        held, best = at_best(runs["validation"][:, k])
        mean, half = (100 * value for value in interval(runs["training"][:, k, best] - held))
        assert words.format(f"{mean:.1f} ± {half:.1f}") in prose(NOTEBOOK), (words, mean, half)


def test_06_the_update_ratio_of_a_crawling_rate_is_far_below_the_line():
    runs = {name: np.median(values, axis=0) for name, values in recorded("06", "update_ratios").items()}
    for title, name in [("W1", "W1"), ("W2", "W2")]:
        cells = [f"{ratio:.2g}".replace("e-0", "e-") for ratio in runs[name]]
        assert row(f"update ratio of {title}", cells) in prose(NOTEBOOK), cells
    for title, name in [("after one epoch", "early"), ("after ten", "late")]:
        cells = [percent(accuracy) for accuracy in runs[name]]
        assert row(f"accuracy {title}, %", cells) in prose(NOTEBOOK), cells
    # Of the crawling rates and of the last one, by how much they miss the line.
    assert (0.001 / runs["W1"][:2]).round(-1).tolist() == [110, 10]
    assert round(runs["W1"][-1] / 0.001) == 15
    assert runs["late"][2] < runs["late"][-1]
