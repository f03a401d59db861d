"""The panel takes the arrays of any training, says what is wrong with them in a sentence, and is drawn."""

import warnings
from dataclasses import fields

import numpy as np
import pytest
from panels import DW, LOOK, MOVED, ODD, H, W, short

from course.clinic import drawing, panel
from course.clinic.cases import Case, train
from course.clinic.panel import Run, look, summary
from course.clinic.setup import Setup
from course.statistics import dead, update_ratio


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def test_a_look_has_the_numbers_of_the_course():
    seen = look(H, DW, W, MOVED, "relu")
    assert seen.mean == H[0].mean()
    assert seen.std == H[0].std()
    assert seen.zero == 4 / 6
    assert seen.dead == dead(H[0]) == 0.5
    assert np.isnan(seen.saturated)
    layers = [
        [(w, None) for w in arrays] for arrays in (W, [w - new for w, new in zip(W, MOVED, strict=True)])
    ]
    np.testing.assert_allclose(seen.update_ratio, update_ratio(*layers, 1.0))
    np.testing.assert_allclose(seen.gradient, [1e-3, 2e-3])


@pytest.mark.parametrize(("activation", "ends"), [("tanh", (-1, 1)), ("sigmoid", (0, 1))])
def test_saturated_is_what_lies_near_the_ends(activation, ends):
    middle = sum(ends) / 2
    h = np.array([[ends[0], ends[1]], [middle, middle + 0.3 * (ends[1] - middle)]])
    assert look([h], DW, W, MOVED, activation).saturated == 0.5


def test_every_value_is_in_a_histogram_whatever_its_size():
    h = np.array([[1e9, -1e9], [0.1, -0.1], [3.0, 0.0]])
    seen = look([h], [np.full((4, 2), 1e-30), np.full((2, 3), 1e9)], W, MOVED, "relu")
    assert seen.counts.sum() == 6
    assert seen.gradient_counts.sum(axis=1).tolist() == [8, 6]


def test_time_is_the_first_axis():
    seen = short()
    assert seen.layers.mean.shape == (2, 1)
    assert seen.layers.update_ratio.shape == (2, 2)
    assert seen.layers.counts.shape == (2, 1, len(panel.ACTIVATION_EDGES) - 1)
    assert seen.layers.gradient_counts.shape == (2, 2, len(panel.GRADIENT_EDGES) - 1)


@pytest.mark.parametrize("kind", ODD)
def test_of_an_odd_run_is_said_and_drawn_what_there_is(kind):
    seen = ODD[kind]()
    assert all(np.ndim(value) == 0 for value in summary(seen).values())
    fig, sentence = drawing.figure(seen, short())
    fig.canvas.draw()
    assert sentence.endswith(".")


def test_the_sentence_leaves_out_what_was_not_seen():
    words = {kind: drawing.sentence(ODD[kind]()) for kind in ODD}
    assert "validation" not in words["no validation"]
    assert "right" not in words["no accuracies"]
    assert "does not stay finite" in words["NaN everywhere"]
    assert "of the training rows 50% are right; of the validation rows 40% are right;" in words["one step"]


def test_the_sentence_says_what_the_pictures_of_the_layers_show():
    run = train(Case("negative initial bias", 0)).run
    words = drawing.sentence(run)
    assert f"{run.layers.dead[0].mean():.0%} of the units are dead at the start" in words
    assert f"{run.layers.std[0][-1]:.2g} in the last" in words
    assert "saturated" not in words
    assert "are saturated at the start" in drawing.sentence(train(Case("saturated tanh", 0)).run)


def test_what_was_not_seen_is_unknown_and_what_is_not_finite_has_nothing_right():
    assert np.isnan(summary(ODD["no validation"]())["validation"])
    assert np.isnan(summary(ODD["a single layer"]())["dead_first"])
    found = summary(ODD["NaN everywhere"]())
    assert found["validation"] == 0
    assert found["last_loss"] == found["highest_loss"] == np.inf


WRONG = [
    (lambda: look([np.ones((3, 5))], DW, W, MOVED, "relu"), "activations[0]"),
    (lambda: look([np.ones(2)], DW, W, MOVED, "relu"), "activations[0]"),
    (lambda: look([], DW, W, MOVED, "relu"), "activations"),
    (lambda: look(H, DW[:1], W, MOVED, "relu"), "gradients"),
    (lambda: look(H, [DW[0].T, DW[1]], W, MOVED, "relu"), "gradients[0]"),
    (lambda: look(H, DW, W, [W[0], W[0]], "relu"), "moved[1]"),
    (lambda: look(H, DW, "weights", MOVED, "relu"), "weights"),
    (lambda: look(H, DW, W, MOVED, "swishy"), "activation"),
    (lambda: short(loss=[[2.0, 1.0]]), "loss"),
    (lambda: short(loss=[]), "loss"),
    (lambda: short(steps=[0, 5]), "steps"),
    (lambda: short(steps=[0, 0]), "steps"),
    (lambda: short(loss=[2.0, 1.0, 0.5], steps=[0, 2, 1], looks=[LOOK] * 3), "steps"),
    (lambda: short(steps=[np.nan, 1]), "steps"),
    (lambda: short(looks=[LOOK]), "steps"),
    (lambda: short(looks=[LOOK, (1, 2)]), "looks[1]"),
    (lambda: short(looks=[LOOK, look([], DW[:1], W[:1], MOVED[:1], "relu")]), "looks"),
    (lambda: short(train_accuracy=[0.5]), "train_accuracy"),
    (lambda: short(inputs="rows"), "inputs"),
    (lambda: short(inputs=[]), "inputs"),
    (lambda: short(classes=0), "classes"),
    (lambda: drawing.figure("run"), "run"),
    (lambda: drawing.figure(short(), "twin"), "twin"),
    (lambda: drawing.draw([None] * 5, short()), "axes"),
]


@pytest.mark.parametrize(("wrong", "name"), WRONG)
def test_wrong_arrays_are_answered_by_name(wrong, name):
    with pytest.raises((ValueError, TypeError)) as refused:
        wrong()
    said = str(refused.value)
    assert said.startswith(name)
    assert said.endswith(".")
    assert "\n" not in said


def test_a_training_of_the_clinic_fills_the_panel():
    seen = train(Case(None, 0, Setup(steps=30)), looks=4).run
    assert seen.steps.tolist() == [0, 10, 19, 29]
    assert seen.layers.std.shape == (4, 3)
    assert all(np.isfinite(getattr(seen, field.name)).all() for field in fields(Run)[:4])
    fig, sentence = drawing.figure(seen)
    assert len(fig.axes) == 6
    assert "standard deviation of 1;" in sentence


def test_layers_keep_their_colour_and_the_twin_is_grey():
    twin, seen = (train(Case(None, seed, Setup(steps=30)), looks=3).run for seed in (0, 1))
    fig, _ = drawing.figure(seen, twin)
    update = fig.axes[-1]
    colours = [line.get_color() for line in update.lines]
    assert colours == [drawing.GREY] * 4 + drawing.plots.COLOURS[:4]
    alone, _ = drawing.figure(seen)
    assert [line.get_color() for line in alone.axes[-1].lines] == colours[4:]
