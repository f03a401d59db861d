"""What topic 04 says of long experiments follows from their record."""

import numpy as np
import pytest
from headlines import prose, row

from course import reproduction
from course.reproduction import compare
from course.statistics import interval
from measurements import recorded, topic_04

NOTEBOOK = "04_weight_initialization"


def at_best(accuracy):
    """The runs at the learning rate that is the best on average, which must lie inside the grid."""
    best = accuracy.mean(axis=0).argmax()
    assert 0 < best < accuracy.shape[1] - 1
    return accuracy[:, best]


def deep(rule, depth):
    return at_best(recorded("04", "by_rate")[f"{rule}_{depth}"])


def percent(runs):
    return f"{100 * runs.mean():.0f}"


def difference(runs, others, digits=0):
    mean, half = interval(runs - others)
    return f"{100 * mean:.{digits}f} ± {100 * half:.{digits}f}"


def test_04_what_a_hundred_equal_units_learn():
    runs = recorded("04", "alike")
    # Guessing has no best learning rate.
    zeros = runs["zeros"][:, runs["zeros"].mean(axis=0).argmax()]
    columns = [100 * found for found in (zeros, at_best(runs["constant"]), at_best(runs["he"]))]
    said = [f"{c.mean():.0f} ({c.min():.0f} to {c.max():.0f})" for c in columns]
    assert row("accuracy, %", said) in prose(NOTEBOOK)


def test_04_a_nudge_turns_the_gradient_of_large_weights_and_not_of_small_ones():
    large, small = recorded("04", "turned")["cosine"].T
    assert f"between {large.min():.2f} and {large.max():.2f}" in prose(NOTEBOOK)
    assert small.min() > 0.995


def test_04_the_signal_of_the_relu_walks_and_that_of_tanh_does_not():
    for name, ends in recorded("04", "walk").items():
        # Tanh is told with the digits that its spread allows.
        digits = 1 if name == "tanh_he" else 2
        said = []
        for column, d in zip(ends.T, (2, digits), strict=True):
            said.append(f"{np.median(column):.{d}f} ({column.min():.{d}f} to {column.max():.{d}f})")
        title = name.replace("relu_", "ReLU, ").replace("tanh_", "tanh, ")
        title = title.replace("xavier", "Xavier").replace(", he", ", He")
        assert row(title, said) in prose(NOTEBOOK)


@pytest.mark.parametrize(("depth", "digits"), [(5, 1), (10, 0), (20, 0)])
def test_04_what_the_factor_of_two_gains_by_depth(depth, digits):
    one, two = deep("xavier", depth), deep("he", depth)
    assert row(f"{depth} layers", [percent(one), percent(two), difference(two, one, digits)]) in prose(
        NOTEBOOK
    )


def test_04_at_twenty_layers_no_rate_rescues_one_over_n_in_five_epochs():
    accuracy = recorded("04", "by_rate")["xavier_20"]
    assert f"beyond {100 * accuracy.max():.0f}%" in prose(NOTEBOOK)
    # Zero stands for a run that diverged.
    assert (topic_04.RATES[0], topic_04.RATES[-1]) == (0.0056, 10)
    assert not accuracy[:, -1].any()


def test_04_patience_and_adam_do():
    one, two = (at_best(recorded("04", "with_adam")[name]) for name in ("xavier", "he"))
    patient = at_best(recorded("04", "patience")["accuracy"])
    five = [percent(deep("xavier", 20)), percent(deep("he", 20))]
    assert row("SGD, 5 epochs", ["0.18 and 0.018", *five]) in prose(NOTEBOOK)
    assert row("SGD, 20 epochs", ["0.1", percent(patient), ""]).replace("|  |", "| |") in prose(NOTEBOOK)
    assert row("Adam, 5 epochs", ["0.00032 and 0.0018", percent(one), percent(two)]) in prose(NOTEBOOK)
    assert f"{difference(two, one)} points ahead with Adam" in prose(NOTEBOOK)


def test_04_orthogonal_weights_learn_better():
    orthogonal = deep("orthogonal", 20)
    said = (
        f"reach {percent(orthogonal)}% with plain SGD, {difference(orthogonal, deep('he', 20))} points more"
    )
    assert said in prose(NOTEBOOK)


def test_04_a_tolerance_of_five_per_cent_fails_for_most_seeds():
    std = recorded("04", "tenth")["std"]
    assert f"between {std.min():.2f} and {std.max():.2f}" in prose(NOTEBOOK)
    assert f"{np.sum(np.abs(std / std.mean() - 1) > 0.05)} of the 40" in prose(NOTEBOOK)


def test_04_at_the_depth_of_slide_51_one_over_n_guesses():
    one, two = (recorded("04", "thirty")[rule] for rule in ("xavier", "he"))
    cells = [percent(at_best(one)), percent(at_best(two)), difference(at_best(two), at_best(one))]
    assert row("30 layers", cells) in prose(NOTEBOOK)
    assert f"none at 30 layers beyond {100 * one.max():.0f}%" in prose(NOTEBOOK)


def test_04_the_layers_of_the_figure_are_half_as_wide_and_learn_less():
    one, two = (percent(at_best(recorded("04", "narrow")[rule])) for rule in ("xavier", "he"))
    assert f"ten layers reach {one}% with $1/n$ and {two}% with $2/n$" in prose(NOTEBOOK)


def test_04_rescaling_orthogonal_weights_by_the_pictures_changes_nothing_that_could_be_seen():
    said = difference(at_best(recorded("04", "rescaled")["accuracy"]), deep("orthogonal", 20), 1)
    assert f"changes the accuracy by {said} points" in prose(NOTEBOOK)


def test_04_table_a_would_notice_weights_one_per_cent_larger():
    wrong, ours = recorded("08", "activations")["1 % larger"], reproduction.recorded("activations")
    columns = [
        [compare(run, ours[key], 1e-6).agree.sum() for key, run in zip(ours, runs, strict=True)]
        for runs in wrong
    ]
    found = np.sum(columns, axis=1)
    assert f"on average {found.mean():.0f} of the 110 pass" in prose(NOTEBOOK)
    assert found.max() < 0.9 * 110
