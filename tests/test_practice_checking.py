"""What a check says of an answer: type, shape, precision, the first number that is wrong; and its helpers."""

import ast
import math
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import course
from course.practice import running
from course.practice.checking import Checks, judge
from course.practice.exercises import Exercise, Finding, Mistake, exercise, exercises


def column_means(X, scale):
    return X.mean(axis=0) * scale


def arguments(rng):
    return rng.standard_normal((6, 3)), float(rng.uniform(1, 2))


def exercise_of(reference, draw=arguments, mistakes=(), **more):
    return Exercise("", "", "What is it?", draw, reference, (), mistakes, ("Think.", "Look."), **more)


MEANS = exercise_of(column_means, mistakes=(Mistake(lambda X, scale: X.sum(axis=0), "this is the sum."),))
PAIR = exercise_of(lambda X, scale: (X.sum(axis=0), X.T))
NUMBER = exercise_of(lambda X, scale: X.sum() * scale)
COUNT = exercise_of(lambda X, scale: (X > 0).sum(), float32=False)
TEXT = exercise_of(lambda X, scale: "up" if X.sum() > 0 else "down", float32=False)


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.setattr(running, "CAN_FORK", False)


def said(asked, function, seed=0):
    return repr(judge(asked, function, np.random.default_rng(seed)))


@pytest.mark.parametrize(
    ("asked", "function", "words"),
    [
        (MEANS, lambda X, scale: column_means(X, scale), "passed"),
        (MEANS, lambda X, scale: X.sum(axis=0), "not yet: this is the sum."),
        (MEANS, lambda X, scale: X.sum(axis=0).astype(float), "not yet: this is the sum."),
        (
            MEANS,
            lambda X, scale: X.mean(axis=0, keepdims=True) * scale,
            "(1, 3), not (3,): there is an axis of",
        ),
        (MEANS, lambda X, scale: X.mean(axis=1), "returns the shape (6,), and (3,) is asked for"),
        (MEANS, lambda X, scale: X.mean(axis=0)[:1], "(1,), which only broadcasts to the right one, (3,)"),
        (MEANS, lambda X, scale: X.mean(), "returns one number, and an array (3,) is asked for"),
        (MEANS, lambda X, scale: list(column_means(X, scale)), "returns a list: make it an array"),
        (
            MEANS,
            lambda X, scale: X.mean(axis=0),
            "element [0] of what my_column_means returns is -0.4647, and -0.604 is right",
        ),
        (MEANS, lambda X, scale: np.arange(3.0), "the same for every input"),
        (
            MEANS,
            lambda X, scale: column_means(X, scale) / (X[0] * 0),
            "gives -inf for X=an array of float64 (6, 3), scale=1.3, and -0.604",
        ),
        (MEANS, lambda X, scale: column_means(X, scale).astype(np.float16), "returns float16, and float64"),
        (MEANS, lambda X, scale: np.array(column_means(X, scale), float), "returns float64, and float32"),
        (MEANS, lambda X: X, "lambda takes (X), but is called with (X, scale)"),
        (MEANS, lambda X, scale: X.norm, "has no attribute 'norm'"),
        (PAIR, lambda X, scale: (X.sum(axis=0), X.T), "passed"),
        (PAIR, lambda X, scale: [X.sum(axis=0), X.T], "the type list, and a tuple is asked for"),
        (PAIR, lambda X, scale: (X.sum(axis=0),), "returns 1 values, and 2 are asked for"),
        (PAIR, lambda X, scale: (X.sum(axis=0), X), "(6, 3), not (3, 6): is it transposed?"),
        (PAIR, lambda X, scale: (X.sum(axis=0), None), "the type NoneType, and an array is asked for"),
        (PAIR, lambda X, scale: (X.sum(axis=0), -X.T), "element [0, 0] of what"),
        (PAIR, lambda X, scale: (X.sum(axis=0), ...), "not started"),
        (NUMBER, lambda X, scale: X.sum() * scale, "passed"),
        (NUMBER, lambda X, scale: float(X.sum() * scale), "passed"),
        (NUMBER, lambda X, scale: np.array(X.sum() * scale), "passed"),
        (
            NUMBER,
            lambda X, scale: X.sum(axis=0) * scale,
            "returns an array (3,), and one number is asked for",
        ),
        (
            NUMBER,
            lambda X, scale: X.sum(),
            "returns -5.118 for X=an array of float64 (6, 3), scale=1.3, and -6.652",
        ),
        (COUNT, lambda X, scale: float((X > 0).sum()), "passed"),
        (COUNT, lambda X, scale: (X > 0).sum() - 1, "and"),
        (TEXT, lambda X, scale: "up" if X.mean() > 0 else "down", "passed"),
        (TEXT, lambda X, scale: "down" if X.mean() > 0 else "up", "returns up for"),
        (TEXT, lambda X, scale: X, "returns an array (6, 3), and a text is asked for"),
    ],
)
def test_what_is_returned_gets_the_most_useful_sentence(asked, function, words):
    assert words in said(asked, function)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda X, scale: max(0, X), "np.maximum"),
        (lambda X, scale: X if X > 0 else 0, "np.where"),
        (lambda X, scale: math.exp(X), "np.exp"),
        (lambda X, scale: X - X.mean(axis=1), "keepdims=True"),
    ],
)
def test_what_numpy_says_is_told_in_other_words(function, words):
    assert words in said(MEANS, function)


def test_float32_and_another_order_of_adding_pass():
    asked = exercise_of(lambda X, scale: X.std(axis=0))
    assert said(asked, lambda X, scale: np.sqrt((X**2).mean(axis=0) - X.mean(axis=0) ** 2)) == "passed"


def test_a_number_that_is_off_by_a_millionth_does_not_pass():
    assert said(NUMBER, lambda X, scale: X.sum() * scale * (1 + 1e-6)) != "passed"


def test_two_numbers_that_differ_are_written_differently():
    words = said(NUMBER, lambda X, scale: X.sum() * scale * (1 + 1e-6))
    got, right = re.search(r"returns (\S+) for .* and (\S+) is right", words).groups()
    assert got != right
    assert float(got) == pytest.approx(float(right), rel=1e-3)


def test_many_answers_may_be_right_where_a_view_says_what_counts():
    asked = exercise_of(lambda X, scale: (X, X), view=lambda result, X, scale: result[0] + result[1])
    assert said(asked, lambda X, scale: (0 * X, 2 * X)) == "passed"
    assert "from what" in said(asked, lambda X, scale: (X, 2 * X))
    assert "returns 3 values" in said(asked, lambda X, scale: (X, X, X))


def test_a_generator_is_drawn_from_afresh():
    asked = exercise_of(lambda rng: rng.standard_normal(3), lambda rng: (np.random.default_rng(rng),))
    assert said(asked, lambda rng: rng.normal(size=3)) == "passed"


FOUND = Finding(
    "",
    "",
    "How large?",
    {"size": "its size", "kind": "its kind"},
    lambda: {"size": 1.5, "kind": "a"},
    {"size": (1, 2), "kind": {"a", "b"}},
    (),
    (Mistake({"size": 9.0, "kind": "a"}, "nine is the lecture's."),),
    (),
)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"size": 1.5, "kind": "b"}, "passed"),
        ({"size": np.float64(1.5), "kind": "b", "more": 1}, "passed"),
        ({"size": ..., "kind": "b"}, "not started"),
        (..., "not started"),
        (None, "not started"),
        (1.5, "hand in a dict with size, kind"),
        ({"size": 1.5}, "has no entry kind"),
        ({"size": "1.5", "kind": "a"}, "size is to be one number, but is '1.5'"),
        ({"size": np.ones(2), "kind": "a"}, "size is to be one number, but is an array"),
        ({"size": True, "kind": "a"}, "size is to be one number, but is True"),
        ({"size": float("nan"), "kind": "a"}, "size is to be one number, but is nan"),
        ({"size": 9.0, "kind": "a"}, "nine is the lecture's"),
        ({"size": 0.5, "kind": "a"}, "size = 0.5 is too small"),
        ({"size": 2.5, "kind": "a"}, "size = 2.5 is too large"),
        ({"size": 1.5, "kind": "c"}, "kind is 'c', which is not right"),
        ({"size": 1.5, "kind": ["a"]}, "kind is to be a choice, but is ['a']"),
    ],
)
def test_a_finding_gets_a_sentence(answer, words):
    assert words in repr(judge(FOUND, answer, None))


def test_hints_come_in_steps_and_one_exercise_is_reset_alone():
    check = Checks()
    hints = exercise("relu_grad").hints
    assert [repr(check.relu_grad.hint()) for _ in range(4)] == [
        f"hint {n} of {len(hints)}: {hints[n - 1]}" for n in (1, 2, 3, 3)
    ]
    check.relu_grad(lambda x: x), check.dead(lambda z: (z <= 0).all(axis=0).mean())
    assert "01 relu_grad: not yet" in repr(check)
    assert "02 dead: passed" in repr(check)
    assert repr(check.relu_grad.reset()) == "def my_relu_grad(x):\n    ..."
    assert "01 relu_grad: not started" in repr(check)
    assert "02 dead: passed" in repr(check)
    assert "hint 1 of" in repr(check.relu_grad.hint())


def test_a_check_shows_its_question_and_its_solution():
    check = Checks()
    assert repr(check.relu_grad) == exercise("relu_grad").question
    assert repr(check.relu_grad.solution()).startswith("def my_relu_grad(x):\n    return ")


def test_all_exercises_are_listed_and_a_wrong_name_is_answered():
    check = Checks()
    assert set(exercises()) <= set(dir(check))
    assert len(repr(check).splitlines()) == len(exercises())
    with pytest.raises(AttributeError, match="no exercise relu_gard; the most similar name is relu_grad"):
        _ = check.relu_gard


@pytest.mark.parametrize("handed_in", [(), ("relu_grad",), (abs,), (abs, 1)])
def test_a_check_without_the_name_of_an_exercise_says_how_it_is_called(handed_in):
    assert "such as check.relu_grad(my_relu_grad)" in repr(Checks()(*handed_in))


def test_practice_imports_no_widgets_and_kernels_do_not_import_practice():
    code = "import sys, course.practice.checking as c; repr(c.check); print('ipywidgets' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"
    folder = Path(course.__file__).parent
    for path in folder.rglob("*.py"):
        # The game of the clinic is practice as well: it keeps points.
        if "practice" not in path.relative_to(folder).parts and path.name != "playing.py":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            names = [
                alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
            ]
            names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
            assert not any("practice" in name for name in names), path.name


def test_a_pair_in_another_precision_does_not_pass():
    assert "returns float64, and float32" in said(PAIR, lambda X, scale: (X.sum(axis=0), X.T.astype(float)))


def test_what_a_view_cannot_use_is_said():
    asked = exercise_of(
        lambda k, scale: (k, k), view=lambda result, *_: (1 / np.linalg.inv(result[0][:3]), 2.0)
    )
    assert said(asked, lambda X, scale: (X, X)) == "passed"
    assert "cannot be used" in said(asked, lambda X, scale: (0 * X, X))


def test_text_in_place_of_numbers_does_not_pass():
    assert "the type array of <U1, and an array" in said(MEANS, lambda X, scale: np.array(["a", "b", "c"]))


def test_a_list_that_grows_is_an_argument_that_changes():
    asked = exercise_of(lambda layers: len(layers), lambda rng: ([1.0, 2.0],), float32=False)
    assert "changes its argument layers" in said(asked, lambda layers: layers.append(1.0) or 2)
    assert said(asked, lambda layers: 0 * len(layers) + 2) == "passed"
