"""What topic 07 says of long experiments follows from their record."""

import numpy as np
import pytest
from headlines import prose, row

from course import lecture
from course.statistics import interval
from measurements import recorded, topic_07

NAME = "07_hyperparameter_search"


def percent(values, digits=1):
    return [f"{100 * value:.{digits}f}" for value in values]


def points(differences, digits=1):
    """The mean of paired differences in points, with its interval, as a table has it."""
    pairs = zip(*map(np.atleast_1d, interval(differences)), strict=True)
    return [f"{100 * mean:+.{digits}f} +- {100 * half:.{digits}f}" for mean, half in pairs]


def test_07_giving_up_costs_next_to_no_work_and_a_few_good_trials():
    runs = recorded("07", "rounds")
    lost, steps, good = runs["given_up"], runs["steps"], runs["would_do"]
    assert (lost.sum(), good.sum(), lost.min(), lost.max()) == (774, 12, 30, 52)
    assert steps.mean() == pytest.approx(0.04, abs=0.002)
    kept = 100 * runs["good"].sum()
    assert f"The searches kept {kept:.0f} good trials" in prose(NAME)
    assert (kept + good.sum()) / good.sum() == pytest.approx(15, abs=0.6)
    assert "774 trials were given up, after 4% of their steps, and 12 of them would have" in prose(NAME)


def test_07_one_setting_in_twelve_is_good():
    good = recorded("07", "rounds")["good"]
    assert np.round(1 / good.mean()) == 12
    assert (good.min(), good.max()) == (0.04, 0.14)
    # Five trials hold a good one in a third of all searches, twenty in four of five.
    np.testing.assert_allclose(1 - (1 - good.mean()) ** np.array([5, 20]), [1 / 3, 0.8], atol=0.02)


def test_07_after_one_epoch_seven_of_the_best_eight_are_among_the_best():
    early = recorded("07", "rounds")["early"]
    assert early.mean() == pytest.approx(7.1, abs=0.05)
    assert (early.min(), early.max()) == (6, 8)


def test_07_the_table_of_the_rounds_is_the_record():
    runs = recorded("07", "rounds")
    for title, what in [
        ("best trial, validation, %", "best"),
        ("the same trial, test, %", "test"),
        ("median of the trials, validation, %", "median"),
    ]:
        assert row(title, percent(runs[what].mean(axis=0))) in prose(NAME)


def test_07_the_best_moves_and_much_of_it_is_epochs():
    runs = recorded("07", "rounds")
    best, test = runs["best"], runs["test"]
    assert (best[:, 2] > best[:, 0]).all()
    for difference in (
        best[:, 2] - best[:, 0],
        test[:, 2] - test[:, 0],
        runs["coarse_at_20"] - test[:, 0],
        test[:, 2] - runs["coarse_at_20"],
        test[:, 2] - test[:, 1],
    ):
        assert points(difference)[0] in prose(NAME)
    luck, half = interval(best[:, 2] - test[:, 2])
    assert luck - half > 0
    assert points(best[:, 2] - test[:, 2])[0].removeprefix("+") in prose(NAME)


def test_07_halving_finds_the_winner_for_a_quarter_of_the_work():
    runs = recorded("07", "halving")
    assert runs["same"].sum() == 19
    assert "for a quarter of the work" in prose(NAME)
    assert runs["spent"].mean() / runs["spent_all"].mean() == pytest.approx(1 / 4, abs=0.03)
    ahead = np.sign(runs["halving"] - runs["same_cost"])
    assert ((ahead > 0).sum(), (ahead == 0).sum()) == (18, 2)
    assert "beat them in 18 of 20 searches and drew level in two" in prose(NAME)
    affordable = f"{runs['affordable'].mean():.0f}"
    for title, name, work in [
        ("successive halving", "halving", f"{runs['spent'].mean():.0f}"),
        ("all 64 to the end", "all", f"{runs['spent_all'].mean():.0f}"),
        (f"{affordable} to the end, on average", "same_cost", f"up to {runs['spent'].mean():.0f}"),
    ]:
        accuracy = runs[name]
        cells = percent([accuracy.mean(), np.median(accuracy), accuracy.min()])
        assert row(title, [work, *cells]) in prose(NAME)
    np.testing.assert_allclose(interval(runs["halving"] - runs["all"]), [-0.0005, 0.001], atol=0.0001)


def test_07_on_the_digits_no_layout_is_clearly_ahead():
    runs = recorded("07", "layouts")
    for title, k in [("grid", 0), ("random", 1), ("Latin hypercube", 2)]:
        assert row(title, percent(runs["found"].mean(axis=0)[:, k], 0)) in prose(NAME)
    change, half = interval(runs["found"][..., 1] - runs["found"][..., 0])
    np.testing.assert_allclose(100 * change, [18, -12], atol=0.6)
    np.testing.assert_allclose(100 * half, [22, 18], atol=0.6)
    assert (np.abs(change) < half).all()
    change, half = interval(runs["found"][..., 2] - runs["found"][..., 1])
    assert (np.abs(change) < half).all()


def test_07_trials_on_the_same_pictures_share_their_luck():
    runs = recorded("07", "shared")
    np.testing.assert_allclose(interval(runs["rho"]), [0.57, 0.014], atol=0.002)
    assert (runs["paired"] / runs["unpaired"]).mean() == pytest.approx(0.65, abs=0.01)
    assert runs["accuracy"].mean() == pytest.approx(0.51, abs=0.005)


def test_07_equal_settings_of_this_correlation_show_540():
    rho = recorded("07", "shared")["rho"].mean()
    highest = np.random.default_rng(0).standard_normal((100_000, 22)).max(axis=1).mean()
    best = 0.52 + np.sqrt(0.52 * 0.48 / 1000 * (1 - rho)) * highest
    assert best == pytest.approx(0.540, abs=0.0006)


def test_07_the_ten_trials_at_the_upper_end_scatter_as_equal_ones_do():
    accuracy, rate, _ = lecture.FINE_SEARCH.T
    ten, rho = accuracy[rate > 5e-4], recorded("07", "shared")["rho"].mean()
    luck = np.sqrt(ten.mean() * (1 - ten.mean()) / 1000 * (1 - rho))
    np.testing.assert_allclose([ten.mean(), ten.std(ddof=1), luck], [0.517, 0.010, 0.010], atol=0.0005)
    highest = np.random.default_rng(0).standard_normal((100_000, len(ten))).max(axis=1).mean()
    assert ten.mean() + luck * highest == pytest.approx(0.533, abs=0.0005)
    # It does not depend on where the learning rate is cut off.
    for n in (8, 12):
        some = accuracy[np.argsort(-rate)[:n]]
        assert some.std(ddof=1) == pytest.approx(luck, abs=0.0006)
    assert "deviation is 0.010. Ten equal settings would scatter by 0.010 too" in prose(NAME)
    assert "the best of ten would show 0.533" in prose(NAME)


def test_07_pairs_are_worth_six_times_the_runs():
    accuracy = recorded("07", "pairs")["accuracy"]
    difference = accuracy[:, 1] - accuracy[:, 0]
    assert f"a gain of {points(difference)[0]} points" in prose(NAME)

    def worth(rows):
        return accuracy[rows].var(axis=0, ddof=1).sum() / difference[rows].var(ddof=1)

    again = np.random.default_rng(0).integers(100, size=(1000, 100))
    spread = np.percentile([worth(rows) for rows in again], [2.5, 97.5])
    np.testing.assert_allclose([worth(slice(None)), *spread], [6, 4, 8], atol=0.3)
    for words in ("A hundred starts say six", "between a fourth and an eighth", "that was worth six times"):
        assert words in prose(NAME)


def test_07_five_starts_in_pairs_tell_what_five_unpaired_do_not():
    groups = recorded("07", "pairs")["accuracy"].reshape(20, 5, 2)
    gain, half = interval(groups[..., 1] - groups[..., 0], axis=1)
    unpaired = np.hypot(*interval(groups, axis=1)[1].T)
    assert (np.sum(gain > half), np.sum(gain > unpaired)) == (17, 6)
    assert "in pairs, 17 of the groups can tell that 0.6 is better, unpaired 6" in prose(NAME)


def test_07_five_folds_are_twice_as_steady_as_one():
    scores = recorded("07", "folds")["scores"]
    one, five = scores.std(axis=0, ddof=1).mean(), scores.mean(axis=1).std(ddof=1)
    np.testing.assert_allclose([100 * one, 100 * five], [3.4, 1.6], atol=0.06)
    assert one / five == pytest.approx(np.sqrt(5), abs=0.1)


def test_07_the_good_rates_lie_lower_the_longer_the_run():
    accuracy = recorded("07", "updates")["accuracy"].mean(axis=0)
    for title, k in [("plain descent", 0), ("momentum", 1), ("Adam", 2)]:
        best = accuracy[k].argmax(axis=-1)
        assert 0 < best.min() <= best.max() < len(topic_07.UPDATE_RATES) - 1
        lowest = [topic_07.UPDATE_RATES[(epochs > 0.85).argmax()] for epochs in accuracy[k]]
        cells = [f"{rate:.2g}" for rate in lowest] + percent(accuracy[k].max(axis=-1))
        assert row(title, cells) in prose(NAME)


def test_07_no_update_beats_plain_descent_at_its_best_rate():
    accuracy = recorded("07", "updates")["accuracy"]
    for epochs in (0, 1):
        best = accuracy[:, :, epochs].mean(axis=0).argmax(axis=-1)
        plain, *others = (accuracy[:, k, epochs, rate] for k, rate in enumerate(best))
        for other in others:
            change, half = interval(other - plain)
            assert change + half < 0.004
            assert points(other - plain)[0] in prose(NAME)


def test_07_fifty_units_are_enough():
    runs = recorded("07", "units")
    best = runs["validation"].mean(axis=0).argmax(axis=-1)
    assert 0 < best.min() <= best.max() < len(topic_07.UNIT_RATES) - 1
    test = runs["test"][:, np.arange(len(topic_07.UNITS)), best]
    assert row("accuracy, %", percent(test.mean(axis=0))) in prose(NAME)
    assert points(test[:, 4] - test[:, 3])[0] in prose(NAME)


def test_07_the_penalty_and_dropout_gain_and_early_stopping_does_not():
    runs = recorded("07", "regularized")
    test, rates = runs["test"], topic_07.WRONG_RATES
    best = runs["validation"].mean(axis=0).argmax(axis=-1)
    early = runs["early_validation"].mean(axis=0).argmax()
    assert 0 < min(early, *best) <= max(early, *best) < len(rates) - 1
    reg, dropped = ([f"{x:g}" for x in some] for some in (topic_07.REGS, topic_07.DROPPED))
    names = ["nothing", *[f"penalty {x}" for x in reg], *[f"dropout {x}" for x in dropped]]
    strongest = runs["validation"].mean(axis=0).max(axis=-1)
    assert names[strongest[1:5].argmax() + 1] == "penalty 0.03"
    assert names[strongest[5:].argmax() + 5] == "dropout 0.8"
    plain = test[:, 0, best[0]]
    chosen = {name: (test[:, k, best[k]], best[k]) for k, name in enumerate(names)}
    chosen["early stopping"] = runs["early_test"][:, early], early
    for name in ("early stopping", "dropout 0.8", "penalty 0.03"):
        accuracy, rate = chosen[name]
        said = [f"{rates[rate]:.2g}", *percent([accuracy.mean()]), *points(accuracy - plain)]
        assert row(name, said) in prose(NAME)
    assert row("nothing", [f"{rates[best[0]]:.2g}", *percent([plain.mean()]), ""]) in prose(NAME)
    (high,) = np.flatnonzero(rates.round(2) == 0.32)
    assert points(runs["early_test"][:, high] - test[:, 0, high])[0] in prose(NAME)
