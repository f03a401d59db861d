"""The game deals what it says, judges cause and repair apart, and its widgets say what it judged."""

import json
import re
import threading
import time
from dataclasses import replace

import ipywidgets
import pytest

from course.clinic import cases, game, playing
from course.clinic.cases import Case
from course.clinic.experiments import EXPERIMENTS
from course.clinic.faults import FAULTS, neighbours
from course.clinic.repairs import REPAIRS
from course.practice import progress


@pytest.fixture(autouse=True)
def nothing_is_kept(monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", "")
    monkeypatch.setattr(progress, "_latest", {})


@pytest.fixture
def quickly(monkeypatch):
    """Draw no panel, which takes longer than the training it shows."""
    monkeypatch.setattr(playing, "picture", lambda run, twin=None, grey="": f"<img><p>{grey}</p>")


def test_the_order_has_every_fault_once_and_one_in_six_is_healthy():
    dealt = [game.dealt(number) for number in range(1, len(game.ORDER) + 1)]
    named = [case.fault for case in dealt if case.fault]
    assert sorted(named) == sorted(FAULTS)
    assert len(dealt) == 36
    assert sum(case.fault is None for case in dealt) == 6
    assert [case.seed for case in dealt] == list(range(1, 37))
    # A healthy case looks like the one before it, dropout and all.
    assert game.dealt(30).setup == Case("dropout at evaluation", 30).sound
    assert game.dealt(37) == cases.drawn(37)


def test_what_was_missed_comes_back():
    kept = {}
    seen = []
    for _ in range(60):
        now = seen[-1] if seen else 0
        number = game.following(kept.get, now)
        assert number != now
        # Number 3 is missed twice, and found then.
        kept[number] = "tried" if number == 3 and seen.count(3) < 2 else "done"
        seen.append(number)
    assert seen.count(3) >= 3
    assert set(seen) == set(range(1, 37))
    # And soon, but not at once.
    assert 3 in seen[seen.index(3) + 2 : seen.index(3) + 6]


@pytest.mark.parametrize("fault", ["softmax twice", "noisy labels", None])
def test_a_cause_is_right_or_refuted_by_what_the_case_answers(fault):
    case = Case(fault, 2)
    assert game.judge_cause(case, fault).right
    for other in [None, *neighbours(fault or "squared error")]:
        if other == fault:
            continue
        right, words = game.judge_cause(case, other)
        assert not right
        if fault and other:
            measurement, why = neighbours(fault)[other]
            assert why[1:] in words
            assert game._shown(measurement, case) in words


def test_a_cause_that_would_show_as_well_is_refuted_by_what_is_wrong():
    case = Case("small initial weights", 2)
    # A step is small here too, so that it tells nothing.
    words = game.judge_cause(case, "rate too low").words
    assert "update ratio" not in words
    assert game._shown(FAULTS[case.fault].seen, case) in words
    assert "In the healthy twin: " in words
    assert (
        "it would show here. The inputs' standard deviation: 1."
        in game.judge_cause(case, "inputs not scaled").words
    )


def test_a_repair_heals_hides_does_nothing_or_harms():
    masked = Case("missing ReLU mask", 4)
    assert game.judge_repair(masked, "mend the backward pass").right
    right, words = game.judge_repair(masked, "a tenth of the rate")
    assert not right
    assert words.startswith("It seems to work, but the fault is still there.")
    # By the experiment that shows it: the gradient is as wrong as it was, and that of the twin is right.
    ours, theirs = re.findall(r"[Tt]he gradient is (\S+) away", words)
    assert float(ours) > 0.01 > 1e-6 > float(theirs)
    assert "nothing has changed" in game.judge_repair(masked, "do not clip").words
    assert "nothing has changed" in game.judge_repair(Case("noisy labels", 1), "do not clip").words
    assert "nothing has changed" in game.judge_repair(Case("noisy labels", 1), "scale the inputs").words
    assert "does not cure it" in game.judge_repair(Case("noisy labels", 1), "a tenth of the rate").words
    assert "says nothing" in game.judge_repair(Case("frozen layer", 1), "train longer").words
    # A tenth of a rate that was ten times too high is the rate itself.
    assert game.judge_repair(Case("rate too high", 1), "a tenth of the rate").right
    healthy = Case(None, 1)
    assert game.judge_repair(healthy, None).right
    assert not game.judge_repair(healthy, "clip at one").right


@pytest.mark.parametrize("call", [lambda: game.judge_cause(Case(None, 1), "a cold"),
                                  lambda: game.judge_repair(Case(None, 1), "tea"),
                                  lambda: game.dealt(0), lambda: playing.play(0)])  # fmt: skip
def test_what_is_unknown_is_named_in_a_sentence(call):
    with pytest.raises(ValueError, match=r"^(cause|repair|case) "):
        call()


def parts(table):
    """Return the table's boxes to choose from, buttons and texts, by what stands on them."""
    children = [*table.children[:-1], *table.children[-1].children]
    chosen = {c.description: c for c in children if isinstance(c, ipywidgets.Combobox)}
    buttons = {c.description: c for c in children if isinstance(c, ipywidgets.Button)}
    return (
        chosen,
        buttons,
        lambda: " ".join(c.value for c in table.children if isinstance(c, ipywidgets.HTML)),
    )


def test_a_case_is_played_from_experiment_to_score(quickly):
    table = ipywidgets.VBox()
    playing.deal(table, 28)
    chosen, buttons, shown = parts(table)
    assert game.dealt(28).fault == "missing ReLU mask"
    assert "missing" not in shown().lower()
    buttons["Change this, and train again"].click()
    assert "Choose a cause" in shown()
    for name in ("gradient check", "gradient check", "scores"):
        chosen["Experiment"].value = EXPERIMENTS[name].question
        buttons["Make the experiment, for a point"].click()
    assert shown().count("away from finite differences") == 1
    assert "Experiments: 2." in shown()
    chosen["Cause"].value = "Missing ReLU mask"
    chosen["Repair"].value = REPAIRS["a tenth of the rate"].sentence
    buttons["Change this, and train again"].click()
    assert "seems to work" in shown()
    # What was wrong is chosen anew, and what was right stays.
    assert (chosen["Cause"].value, chosen["Repair"].value) == ("Missing ReLU mask", "")
    assert shown().count("<img") == 2
    assert "Points for the cause: 8." in shown()
    assert "Points for the repair" not in shown()
    assert progress.status("case 28") == "tried"
    chosen["Repair"].value = REPAIRS["mend the backward pass"].sentence
    buttons["Change this, and train again"].click()
    assert "That cures it." in shown()
    assert "Points for the repair: 2." in shown()
    assert progress.status("case 28") == "done"
    assert progress.status("points of case 28") == 10
    assert "Solved so far: 1, for 10 points." in shown()
    # What is judged is named, and what is grey is said.
    assert (
        "<strong>Correct the backward pass until the gradient check passes:</strong> That cures it."
        in shown()
    )
    assert "In grey, as it was before the repair." in shown()
    buttons["Next case"].click()
    assert "Case 1:" in table.children[0].value
    parts(table)[1]["A random case"].click()
    assert int(re.search(r"Case (\d+):", table.children[0].value)[1]) > 36


def test_fields_are_ready_for_another_answer_before_words_are_said(quickly):
    """Or what is typed at once would be cleared."""
    table = ipywidgets.VBox()
    playing.deal(table, 28)
    chosen, buttons, _ = parts(table)
    heard = []
    for text in (child for child in table.children if isinstance(child, ipywidgets.HTML)):
        text.observe(
            lambda change: heard.append((change.new, [field.value for field in chosen.values()])), "value"
        )
    chosen["Experiment"].value = EXPERIMENTS["gradient check"].question
    buttons["Make the experiment, for a point"].click()
    assert next(fields for words, fields in heard if "finite differences" in words) == ["", "", ""]
    chosen["Cause"].value = "Summed loss"
    chosen["Repair"].value = REPAIRS["a tenth of the rate"].sentence
    buttons["Change this, and train again"].click()
    assert next(fields for words, fields in heard if "Summed loss:" in words) == ["", "", ""]


def test_answers_stay_and_the_newest_is_read_out(quickly):
    table = ipywidgets.VBox()
    playing.deal(table, 1)
    chosen, buttons, shown = parts(table)
    make = buttons["Make the experiment, for a point"]
    make.click()
    assert "Choose an experiment." in shown()
    for name in ("count the labels", "known scores", "known scores"):
        chosen["Experiment"].value = EXPERIMENTS[name].question
        make.click()
    spoken = [text for text in re.findall(r'<p role="status".*?</p>', shown()) if "Case 1" not in text]
    assert len(spoken) == 1
    assert "its answer is above" in spoken[0]
    assert shown().count("training rows, ") == shown().count("nearly certain") == 1
    chosen["Experiment"].value = EXPERIMENTS["healthy twin"].question
    make.click()
    assert "In grey, its healthy twin." in shown()
    assert "Experiments: 3." in shown()


def test_a_repair_of_ones_own_is_judged_as_others_are():
    flipped = Case("flipped gradient", 3)
    mend = game.judge_repair(flipped, lambda setup: replace(setup, backward=Case(None, 3).planted.backward))
    assert mend.right
    rate = Case("rate too high", 11)
    right, words = game.judge_repair(rate, lambda setup: replace(setup, learning_rate=0.025))
    assert right
    assert words.startswith("That cures it, as far as the experiments can tell.")
    right, words = game.judge_repair(Case("missing ReLU mask", 4), lambda s: replace(s, learning_rate=0.003))
    assert not right
    assert "seems to work" in words
    assert "from finite differences" in words
    assert "nothing has changed" in game.judge_repair(rate, lambda setup: setup).words
    with pytest.raises(TypeError, match=r"^what a repair returns must be a Setup"):
        game.judge_repair(rate, lambda setup: None)


def endless(setup):
    while True:
        pass


@pytest.mark.parametrize(
    ("repair", "said"),
    [
        (endless, "it does not end within 0.5 seconds"),
        (lambda setup: replace(setup, steps=10**9), "it does not end within 0.5 seconds"),
        (lambda setup: exit(), "SystemExit"),
        (lambda setup: 1 / 0, "division by zero"),
        (lambda setup: replace(setup, learning_rate="high"), "learning_rate must"),
    ],
)
def test_a_repair_that_never_ends_or_raises_leaves_the_case_open(quickly, monkeypatch, repair, said):
    monkeypatch.setattr(playing.within, "__defaults__", (0.5,))
    table, before = ipywidgets.VBox(), threading.active_count()
    playing.deal(table, 2, repair)
    chosen, buttons, shown = parts(table)
    chosen["Cause"].value, chosen["Repair"].value = "Small initial weights", "Your own repair."
    buttons["Change this, and train again"].click()
    assert f"It could not be trained: {said}" in shown()
    assert "Points" not in shown()
    assert progress.status("case 2") is None
    # And it is over: nothing goes on behind.
    end = time.monotonic() + 10
    while threading.active_count() > before and time.monotonic() < end:
        time.sleep(0.01)
    assert threading.active_count() == before


@pytest.mark.parametrize("home", ["live", "still", "frames"])
def test_a_file_shows_the_panel_and_a_page_leads_to_the_game(monkeypatch, home, capsys):
    shown = []
    monkeypatch.setenv("COURSE_FIGURES", home)
    monkeypatch.setattr("IPython.display.display", lambda data, **kinds: shown.append((data, kinds)))
    playing.play(3)
    (data, kinds), printed = shown[-1], capsys.readouterr().out
    if home == "frames":
        assert '<a href="../clinic.html">' in data["text/html"]
    elif home == "still":
        assert kinds["metadata"]["image/png"]["alt"] in printed
        assert "Case 3: run this cell in JupyterLab to play it." in printed
        assert len(data["image/png"]) < 60_000
    else:
        # JupyterLab hides it where the widgets are, and shows it in a file where nothing runs.
        assert '<div class="stored-' in data["text/html"]
        assert "Case 3: run this cell" in data["text/html"]
        assert data["text/html"].count("<img") == 1
        assert "widget-view" in json.dumps(shown[0][0])


def test_a_training_that_raises_ends_in_a_sentence_and_the_case_stays_open(quickly, monkeypatch):
    table = ipywidgets.VBox()
    playing.deal(table, 1)
    chosen, buttons, shown = parts(table)

    def fails(*_):
        raise MemoryError("no room")

    monkeypatch.setattr(game, "judge_repair", fails)
    chosen["Cause"].value = "Inputs not scaled"
    chosen["Repair"].value = REPAIRS["scale the inputs"].sentence
    buttons["Change this, and train again"].click()
    assert "could not be trained: no room" in shown()
    monkeypatch.undo()
    buttons["Change this, and train again"].click()
    assert "That cures it." in shown()
    assert "Points for the cause: 10." in shown()


def test_who_gives_up_is_told_and_gets_no_points(quickly):
    table = ipywidgets.VBox()
    playing.deal(table, 1)
    _, buttons, shown = parts(table)
    buttons["Show me"].click()
    assert FAULTS["inputs not scaled"].sentence in shown()
    assert "Points for the cause: 0." in shown()
    assert progress.status("case 1") == "tried"


def test_points_fall_with_experiments_and_wrong_answers_and_stay_above_zero(monkeypatch):
    verdict = {"right": game.Judged(True, ""), "wrong": game.Judged(False, "")}
    monkeypatch.setattr(game, "judge_cause", lambda case, named: verdict[named])
    monkeypatch.setattr(game, "judge_repair", lambda case, name: verdict[name])
    monkeypatch.setattr(game, "answer", lambda name, case: ({}, name))

    def earned(experiments, *changes):
        play = game.Play(Case(None, 1))
        for n in [*range(experiments), 0]:
            if experiments:
                play.experiment(f"{n}")
        for change in changes:
            play.change(*change)
        return play.earned

    right, wrong = ("right", "right"), ("wrong", "wrong")
    assert [earned(n, right)["cause"] for n in (0, 3, 19)] == [10, 7, 1]
    assert [earned(0, *n * [wrong], right) for n in (1, 2, 4)] == [
        {"cause": 7, "repair": 2},
        {"cause": 4, "repair": 1},
        {"cause": 1, "repair": 1},
    ]
    # What was right is earned once, whatever is said later.
    assert earned(0, right, wrong, right) == {"cause": 10, "repair": 5}


def test_what_was_shown_is_not_done_and_what_was_done_stays_so(quickly):
    table = ipywidgets.VBox()
    playing.deal(table, 1)
    chosen, buttons, shown = parts(table)
    buttons["Show me"].click()
    chosen["Cause"].value = "Inputs not scaled"
    chosen["Repair"].value = REPAIRS["scale the inputs"].sentence
    buttons["Change this, and train again"].click()
    assert "That cures it." in shown()
    assert progress.status("case 1") == "tried"
    progress.note("case 1", "done")
    buttons["Show me"].click()
    assert progress.status("case 1") == "done"


def test_a_repaired_case_is_the_case_with_its_repair():
    case = Case("noisy labels", 1)
    assert game.repaired(case, None) is case
    assert game.repaired(case, "do not clip") == replace(case, repairs=("do not clip",))
