"""What topic 02 says of long experiments follows from their record."""

import numpy as np
import pytest
from headlines import prose, row

from course.statistics import interval
from measurements import recorded, topic_02


def at(rates, *some):
    return [rates.index(rate) for rate in some]


def test_02_the_table_of_the_census_is_the_record():
    runs, some = recorded("02", "by_rate"), at(topic_02.RATES, 0.1, 0.3, 0.5, 0.7, 0.85, 1)
    dead, highest = 100 * runs["dead"][:, some], runs["first_epoch"].max(axis=-1)[:, some]
    spans = zip(dead.mean(0), dead.min(0), dead.max(0), strict=True)
    dead = [f"{mean:.0f} ({low:.0f} to {high:.0f})" for mean, low, high in spans]
    accuracy = [f"{100 * mean:.1f}" for mean in runs["accuracy"][:, some].mean(axis=0)]
    loss = [f"{median:.2g}" for median in np.median(highest, axis=0)]
    for title, cells in [("dead units, %", dead), ("accuracy, %", accuracy)]:
        assert row(title, cells) in prose("02_dead_relu")
    assert row("highest loss of the first epoch", loss) in prose("02_dead_relu")


def test_02_the_accuracy_is_silent():
    accuracy = recorded("02", "by_rate")["accuracy"]
    best, many_dead = at(topic_02.RATES, 0.5, 0.85)
    assert accuracy.mean(axis=0).argmax() == best
    change = interval(accuracy[:, many_dead] - accuracy[:, best])
    np.testing.assert_allclose(change, [-0.003, 0.005], atol=0.0006)


def test_02_the_loss_of_the_first_epoch_is_not():
    runs = recorded("02", "by_rate")
    loss = runs["first_epoch"]
    rise, dying = loss.max(axis=-1) / loss[..., 0], runs["dead"] >= 0.1
    assert not (rise[:, at(topic_02.RATES, 0.1)] > 1).any()
    assert (rise[dying] > 1).all()
    assert dying[rise > 3].all()
    assert (dying.size, dying.sum(), (rise > 3).sum()) == (280, 125, 92)


def test_02_a_bias_of_one_hundredth_saves_nobody_and_one_of_minus_1_half():
    dead = recorded("02", "by_bias")["dead"][:, :, 0]
    change, half = interval(dead - dead[:, :1])
    small, negative, one = at(topic_02.BIASES, 0.01, -1, 1)
    assert change[small] - half[small] > -0.005
    assert change[one] - half[one] > 0.1
    assert change[negative] + half[negative] < -0.1
    said = [f"{100 * change[k]:+.1f} ± {100 * half[k]:.1f}" for k in at(topic_02.BIASES, -1, 0.01, 0.1, 1)]
    assert row("dead units", said) in prose("02_dead_relu")
    assert dead.mean(axis=0)[negative] / dead.mean(axis=0)[0] == pytest.approx(0.5, abs=0.05)


def test_02_with_a_mean_image_nobody_dies():
    runs = recorded("02", "by_centre")
    dead, accuracy = runs["dead"], runs["accuracy"].mean(axis=0)
    some = at(topic_02.RATES, 0.1, 0.3, 0.5, 0.85, 1, 1.5)
    for k, centre in enumerate(topic_02.CENTRES[:3]):
        said = [f"{100 * fraction:.0f}" for fraction in dead[:, k, some].mean(axis=0)]
        assert row(centre, said) in prose("02_dead_relu")
    # Also where they are as wide as with one mean.
    assert not dead[:, 2:].any()
    best = accuracy.argmax(axis=-1)
    assert 0 < best.min() <= best.max() < len(topic_02.RATES) - 1
    gain = interval(runs["accuracy"][:, 2, best[2]] - runs["accuracy"][:, 1, best[1]])
    np.testing.assert_allclose(gain, [0.004, 0.003], atol=0.0005)
    assert list(runs["diverged"][:, [1, 3], -1].sum(axis=0)) == [0, 20]
    assert dead[:, 1, -1].mean() == pytest.approx(0.98, abs=0.005)
    shared = runs["shared"].mean(axis=0)
    assert shared[1] == pytest.approx(0.94, abs=0.005)
    assert (shared[2:] < 0.003).all()


def test_02_they_die_in_the_first_steps_and_nobody_comes_back():
    runs = recorded("02", "by_step")
    dead, (some,) = runs["dead"], at(topic_02.STEP_RATES, 0.85)
    assert (np.diff(dead, axis=1) >= 0).all()
    assert set(np.diff(dead[..., some], axis=1).argmax(axis=1) + 1) <= {2, 3}
    gone = dead[..., some].mean(axis=0)
    first, second, sixth = gone[[1, 2, 6]] / gone[-1]
    assert first == pytest.approx(0.1, abs=0.02)
    assert second > 0.5
    assert sixth > 0.9
    # The second minibatch is the first that sees the step.
    assert np.median(runs["loss"], axis=0)[:2, some] == pytest.approx([3.9, 12], abs=0.1)


def test_02_a_leaky_network_with_all_units_off_is_linear_until_they_return():
    runs = recorded("02", "born_off")
    some = at(topic_02.SLOW_RATES, 0.032, 0.1, 0.32, 0.56)

    def percent(what, digits=1):
        return [f"{100 * mean:.{digits}f}" for mean in runs[what][:, some].mean(axis=0)]

    for title, cells in [
        ("softmax regression, accuracy, %", percent("softmax_accuracy")),
        ("leak of 0.1, all units off at first, %", percent("leaky_accuracy")),
        ("its units still off, %", percent("leaky_off", 0)),
        ("healthy ReLU network, %", percent("healthy_accuracy")),
    ]:
        assert row(title, cells) in prose("02_dead_relu")
    names = ["softmax", "leaky", "healthy"]
    best = [runs[f"{name}_accuracy"].mean(axis=0).argmax() for name in names]
    assert 0 < min(best) <= max(best) < len(topic_02.SLOW_RATES) - 1
    softmax, leaky, healthy = (runs[f"{n}_accuracy"][:, k] for n, k in zip(names, best, strict=True))
    np.testing.assert_allclose(interval(leaky - softmax), [0.006, 0.004], atol=0.0005)
    np.testing.assert_allclose(interval(leaky - healthy), [-0.0075, 0.0026], atol=0.0005)
    after_10 = runs["leaky_at_10"][:, some[1]]
    found = [after_10.mean(), after_10.min(), after_10.max()]
    np.testing.assert_allclose(found, [0.84, 0.74, 0.90], atol=0.005)


def test_02_a_leak_costs_where_units_die():
    relu, leaks = recorded("02", "by_rate"), recorded("02", "by_leak")
    small, _, tenth, large = range(4)
    change, half = interval(leaks["accuracy"] - relu["accuracy"][:, None])
    diverged = leaks["diverged"].sum(axis=0)
    low, middle, high, higher, highest = at(topic_02.RATES, 0.1, 0.5, 0.85, 1, 1.5)
    assert relu["diverged"].sum() == 0
    assert (diverged[tenth, highest], *diverged[large, [high, higher, highest]]) == (20,) * 4

    def cells(leak, rates, digits):
        pairs = [(100 * change[leak, k], 100 * half[leak, k]) for k in rates]
        return [f"{mean:+.{digits}f} ± {error:.{digits}f}" for mean, error in pairs]

    lost = "diverged: 20 of 20"
    for title, said in [
        (
            "leak 0.01",
            cells(small, [low, middle], 2) + cells(small, [high, higher], 1) + cells(small, [highest], 0),
        ),
        ("leak 0.1", cells(tenth, [low, middle], 2) + cells(tenth, [high, higher], 0) + [lost]),
        ("leak 0.3", cells(large, [low, middle], 2) + [lost] * 3),
    ]:
        assert row(title, said) in prose("02_dead_relu")


def test_02_no_leak_gains_half_a_point_at_its_best_rate():
    relu, leaks = recorded("02", "by_rate")["accuracy"], recorded("02", "by_leak")["accuracy"]
    for k in range(len(topic_02.LEAKS)):
        best = leaks[:, k].mean(axis=0).argmax()
        assert 0 < best < len(topic_02.RATES) - 1
        change, half = interval(leaks[:, k, best] - relu[:, relu.mean(axis=0).argmax()])
        assert change - half > -0.01
        assert change + half < 0.005


def test_02_a_ramp_beats_the_best_slow_epoch():
    runs = recorded("02", "by_warm_up")
    dead = {name: runs[f"{name}_dead"].mean(axis=0) for name in ("plain", "one", "five", "ramp")}
    best, columns = dead["one"].argmin(axis=0), range(3)
    assert 0 < best.min() <= best.max() < len(topic_02.FIRST_RATES) - 1
    change, half = interval(runs["ramp_dead"] - runs["one_dead"][:, best, columns])
    assert (change + half < 0).all()
    said = [
        ("full rate from the start", [f"{100 * d:.0f}" for d in dead["plain"]]),
        ("the best slow epoch", [f"{100 * d:.0f}" for d in dead["one"].min(axis=0)]),
        ("five epochs of a ramp", [f"{100 * d:.0f}" for d in dead["ramp"]]),
        (
            "ramp against the best slow epoch",
            [f"{100 * c:.0f} ± {100 * h:.0f}" for c, h in zip(change, half, strict=True)],
        ),
    ]
    for title, cells in said:
        assert row(title, cells) in prose("02_dead_relu")
    gain = interval(runs["ramp_accuracy"][:, 0] - runs["plain_accuracy"][:, 0])
    np.testing.assert_allclose(gain, [0.004, 0.003], atol=0.0005)
    np.testing.assert_allclose(dead["five"].min(axis=0), [0.10, 0.20, 0.41], atol=0.005)
