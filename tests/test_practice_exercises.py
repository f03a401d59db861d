"""Every exercise is proved: its stub, its reference and variants, and each of its known mistakes."""

import re
import types
from pathlib import Path

import nbformat
import numpy as np
import pytest

from course.practice import running
from course.practice.checking import judge
from course.practice.exercises import Exercise, Finding, Mistake, exercises

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
ON_CODE = {name: each for name, each in exercises().items() if isinstance(each, Exercise)}
FINDINGS = {name: each for name, each in exercises().items() if isinstance(each, Finding)}
# What they measure takes three to eight seconds; the right answers beside them are tried each time.
LONG = {
    "race",
    "random_walk",
    "noise_gain",
    "slide_39",
    "small_batches",
    "two_candidates",
    "price_of_hiding",
}
on_code = pytest.mark.parametrize("asked", ON_CODE.values(), ids=ON_CODE)
findings = pytest.mark.parametrize("asked", FINDINGS.values(), ids=FINDINGS)
all_exercises = pytest.mark.parametrize("asked", exercises().values(), ids=exercises())


@pytest.fixture
def here(monkeypatch):
    """Call functions in this process, which is faster; ours come to an end."""
    monkeypatch.setattr(running, "CAN_FORK", False)


def handed_in(function):
    """A function as a learner would write it: it is not the course's own."""
    copied = types.FunctionType(function.__code__, function.__globals__, "my_answer", function.__defaults__)
    copied.__kwdefaults__ = function.__kwdefaults__
    return copied


def defined(stub):
    """What the code of a stub defines."""
    space = {}
    exec(stub, space)
    return space[re.search(r"my_\w+", stub)[0]]


def complaints(asked):
    """Yield in sentences what an exercise lacks."""
    least = 8 if isinstance(asked, Exercise) else 3
    if len(asked.mistakes) < least:
        yield f"{asked.name} has {len(asked.mistakes)} known mistakes, but {least} are the least."
    sentences = [mistake.sentence for mistake in asked.mistakes]
    if len(set(sentences)) < len(sentences):
        yield f"Two mistakes of {asked.name} have the same sentence."
    for text in [*sentences, *asked.hints, asked.question]:
        if not text.endswith((".", "?", ")")) or len(text.split()) < 4:
            yield f"{asked.name} has a text that is no sentence: {text!r}."
    if not asked.hints:
        yield f"{asked.name} has no hint."
    if not asked.variants:
        yield f"{asked.name} has no other right answer."
    notebook = NOTEBOOKS / f"{asked.topic}.ipynb"
    if notebook.exists():
        cells = nbformat.read(notebook, as_version=4).cells
        if f"## {asked.section}" not in [line for cell in cells for line in cell.source.splitlines()]:
            yield f"{asked.name} serves in a section that {asked.topic} does not have: {asked.section!r}."


@all_exercises
def test_an_exercise_is_complete(asked):
    assert list(complaints(asked)) == []


def test_an_exercise_without_mistakes_or_hints_is_found():
    asked = next(iter(ON_CODE.values()))
    few = Exercise(
        **{**vars(asked), "mistakes": (Mistake(abs, "No."),) * 2, "hints": (), "section": "Nowhere"}
    )
    said = " ".join(complaints(few))
    for fault in ("8 are the least", "same sentence", "no sentence", "no hint", "does not have"):
        assert fault in said


@all_exercises
def test_a_stub_is_not_started(asked):
    assert judge(asked, defined(asked.stub), np.random.default_rng(0)).status == "not started"


@on_code
def test_right_functions_pass(asked, here, seeds):
    for function in map(handed_in, (asked.reference, *asked.variants)):
        for seed in range(seeds):
            answer = judge(asked, function, np.random.default_rng(seed))
            assert answer.status == "passed", (seed, function.__code__.co_firstlineno, answer)


@on_code
def test_each_mistake_gets_its_own_sentence(asked, here, seeds):
    # Ten or more of them, for each of which a fifth of the draws is enough.
    for mistake in asked.mistakes:
        for seed in range(seeds // 5):
            answer = judge(asked, handed_in(mistake.example), np.random.default_rng(seed))
            assert (answer.status, answer.sentence) == ("not yet", mistake.sentence), seed


@on_code
def test_right_and_wrong_are_told_apart_in_a_process_of_their_own_too(asked):
    rng = np.random.default_rng()
    assert judge(asked, handed_in(asked.reference), rng).status == "passed"
    mistake = asked.mistakes[-1]
    assert judge(asked, handed_in(mistake.example), rng).sentence == mistake.sentence


@on_code
def test_the_courses_own_function_is_no_answer(asked):
    for own in (asked.reference, *asked.own):
        assert "course's own" in judge(asked, own, np.random.default_rng(0)).sentence
        called = judge(asked, lambda *arguments, own=own: own(*arguments), np.random.default_rng(0))
        assert "calls the course's own" in called.sentence


@on_code
def test_the_solution_is_the_code_of_a_passing_answer(asked):
    space = vars(__import__(asked.reference.__module__, fromlist=["*"])) | {}
    exec(asked.solution, space)
    assert judge(asked, space[f"my_{asked.name}"], np.random.default_rng(0)).status == "passed"


@findings
def test_right_findings_pass(asked):
    for found in asked.variants:
        assert judge(asked, found, None).status == "passed", found


@findings
def test_each_wrong_finding_gets_its_own_sentence(asked):
    for mistake in asked.mistakes:
        assert judge(asked, mistake.example, None).sentence == mistake.sentence


@pytest.mark.slow
@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(each, id=name, marks=[pytest.mark.long] * (name in LONG))
        for name, each in FINDINGS.items()
    ],
)
def test_what_the_solution_finds_is_right(asked):
    assert judge(asked, asked.reference(), None).status == "passed"
