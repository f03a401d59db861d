"""What topic 09 says of many seeds follows from the records, and its questions ask with their numbers."""

import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from headlines import prose, row

from course.clinic import diagnosis
from course.clinic.cases import Case, drawn, train
from course.clinic.experiments import told_apart
from course.clinic.faults import FAULTS
from course.clinic.setup import Setup
from course.practice import questions_09
from measurements import recorded, topic_09_story

sys.path.insert(0, str(Path(__file__).parents[1] / "docs" / "_ext"))
import diagnosis_tables

TEXT = prose("09_the_clinic")


def of_twenty(values):
    return f"{np.median(values):.2f} ({values.min():.2f} to {values.max():.2f})"


def firsts(fault, view):
    return [run[0] for run in diagnosis_tables.causes(fault, view)]


def test_09_a_missing_mask_cost_in_topic_06_what_is_quoted():
    quoted = re.search(r"In topic 06 that cost (\S+ ± \S+) points of accuracy, or (\S+ ± \S+) with", TEXT)
    for words, numbers in zip(
        ("lower by {} points", "at its best of eight learning rates, by {})"), quoted.groups(), strict=True
    ):
        assert words.format(numbers) in prose("06_babysitting")


def test_09_two_repairs_bring_the_accuracy_back_and_leave_the_gradient_wrong():
    runs = recorded("09_story", "hidden")
    reached, error = runs["validation"], runs["error"]
    assert topic_09_story.REPAIRS[1:3] == ("a tenth of the rate", "clip at one")
    assert row("validation accuracy", [of_twenty(one) for one in reached.T]) in TEXT
    assert (reached[:, 0] < 0.2).all()
    assert (reached[:, 1:3] > 0.9).all()
    assert "brought all twenty above 0.9" in TEXT
    np.testing.assert_array_equal(error[:, [1, 2]], error[:, [0, 0]])
    assert f"where it was, at {error[:, 1].min():.2f} or more" in TEXT
    assert error[:, 3].max() < 1e-6
    np.testing.assert_allclose(reached[:, 3], reached[:, 4])


def test_09_a_step_by_hand_tells_a_low_rate_from_a_clipped_gradient_each_time():
    pairs = recorded("09", "rate too low")["clipped gradient"]
    assert told_apart(*pairs.T) == len(pairs) == 20
    assert "In twenty seeds, with both faults at their usual strength, this number told the two apart" in TEXT


def test_09_wrong_labels_leave_validation_above_training_and_a_relu_no_score_below_zero():
    accuracy = recorded("09_story", "noise")["accuracy"]
    for k, split in enumerate(("training", "validation")):
        cells = [f"{100 * mean:.0f}" for mean in accuracy[:, :, k].mean(axis=0)]
        assert row(f"{split} accuracy, %", cells) in TEXT
    shares = [f"{100 * share:.0f}" for share in topic_09_story.SHARES]
    assert row("wrong labels, %", shares) in TEXT
    assert (accuracy[:, 3, 1] > accuracy[:, 3, 0]).all()
    runs = recorded("09_story", "alike")
    seen, (wrong, relu) = runs["accuracy"][:, 1, 0], runs["lowest"].T
    assert f"anywhere from {seen.min():.2f} to {seen.max():.2f}" in TEXT
    assert (relu == 0).all()
    assert f"with wrong labels never above {wrong.max():.0f}" in TEXT


def test_09_healthy_networks_differ_and_with_dropout_look_ill():
    runs = recorded("09_story", "healthy")
    first, (plain, dropout) = runs["first"], runs["last"].T
    assert f"the first loss is {first.min():.2f} to {first.max():.2f} times ln 10" in TEXT
    assert f"a limit on one number called {np.sum(np.abs(first - 1) > 0.2)} healthy networks of 20" in TEXT
    assert f"B ended at a loss of {of_twenty(dropout)}" in TEXT
    assert f"the same networks without dropout at {np.median(plain):.3f}" in TEXT
    held, beside = (of_twenty(values) for values in runs["validation"].T[::-1])
    assert f"their validation accuracies were {held} and {beside}" in TEXT
    assert f"nothing wrong with B in {np.sum(runs['causes'] == 0)} of the 20" in TEXT


def test_09_the_accuracies_of_five_seeds_and_the_gradients_of_the_patient_are_those_that_the_prose_reads():
    kinds = (Case("noisy labels", 0), Case(None, 0, Setup(dropped=0.5)))
    gaps = [
        [100 * (run.validation_accuracy - run.train_accuracy)[-1] for run in runs]
        for runs in ([train(replace(case, seed=seed)).run for seed in range(5)] for case in kinds)
    ]
    (low, high), (below, above) = ((min(gap), max(gap)) for gap in gaps)
    assert f"ends {low:.0f} to {high:.0f} points above that of training with wrong labels" in TEXT
    assert f"with dropout between {-below:.0f} points below and {above:.0f} above" in TEXT
    patient = drawn(110)
    ill, sound = (train(case).run.layers.gradient[0, 0] for case in (patient, patient.twin))
    assert f"there it is {ill:.2f}, and in the twin {sound:.3f}" in TEXT


def test_09_what_is_read_off_the_patients_diagnosis_is_what_it_says():
    run, twin = (train(case).run for case in (drawn(110), drawn(110).twin))
    first, second, *_ = diagnosis.diagnose(run, twin).causes
    line = diagnosis.RULES[first.fault].signs[0]
    value = diagnosis.measured(run, twin)[line.measurement]
    assert f"{value:.2f} where the limit is {line.limit:g}" in TEXT
    assert second.fault == "rate too high"
    assert "a learning rate that is too high stands second" in TEXT


def test_09_the_diagnosis_is_as_often_right_as_its_record_says():
    for view, text in diagnosis_tables.VIEWS.items():
        assert row(text, [f"{100 * share:.0f}" for share in diagnosis_tables.shares(view)]) in TEXT
    curves, panel, more = (
        diagnosis_tables.shares(view)[0] for view in ("curves", "panel", "panel and experiments")
    )
    assert 0.35 < curves < 0.45
    assert panel > 2 * curves
    named = f"the diagnosis named {100 * panel:.0f}% of the faults first, with experiments {100 * more:.0f}%"
    assert named in TEXT
    low, few = (("rate too low", "clipped gradient"), ("too few examples", "unbalanced classes"))
    for fault, other in (low, few):
        assert f"{firsts(fault, 'panel').count(other)} for {'a ' * (fault == low[0])}{other}" in TEXT
    right = [firsts(fault, "panel and experiments").count(fault) for fault, _ in (low, few)]
    assert right == [10, 10]
    assert "With the experiments it named all of them rightly" in TEXT
    leaked = firsts("leaked validation rows", "panel")
    assert set(leaked) == {None, "leaked validation rows"}
    assert f"raised it in {10 - leaked.count(None)} of the ten such runs" in TEXT


def test_09_the_question_on_alarms_has_the_numbers_of_the_record():
    ill = [first is not None for fault in FAULTS for first in firsts(fault, "panel")]
    assert round(float(np.mean(ill)), 2) == questions_09.ALARM_ILL
    assert round(diagnosis_tables.shares("panel")[2], 3) == questions_09.ALARM_HEALTHY
    asked = questions_09.QUESTIONS["alarm"]
    assert f"{100 * questions_09.ALARM_ILL:g}% of the ill runs" in asked.text
    assert f"{100 * questions_09.ALARM_HEALTHY:g}% of the healthy ones" in asked.text
    assert all(wrong == questions_09.ILL or abs(wrong - asked.key) > asked.within for wrong in asked.wrong)
