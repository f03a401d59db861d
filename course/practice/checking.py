"""Compares a learner's function with what is asked for, and answers with the one most useful sentence.

`check.relu_grad(my_relu_grad)` answers "not started", "passed", or "not yet" with the sentence.
"""

import copy
import dis
import inspect
from dataclasses import dataclass, replace

import numpy as np

from course.arguments import shown
from course.practice import findings, progress, running
from course.practice.exercises import Finding, exercise, exercises
from course.practice.running import Value, value
from course.words import Text, say

# Fresh arguments for each check; one more call has them in float32.
DRAWS = 4
# How far a right number may be off, for each precision, over the largest number of its array.
TOLERANCES = {2: 1e-2, 4: 1e-4, 8: 1e-7}
# What NumPy means by what it says to a learner most often.
MEANT = {
    "truth value of an array": "One truth value is asked for by `if`, `and`, `or`, `max` and `min`, and an "
    "array has one for each element: use np.where, &, |, np.maximum or np.minimum.",
    "arrays can be converted to Python scalars": "Functions of math take one number: those of NumPy, such as "
    "np.exp, take arrays.",
    "could not be broadcast": "Of two shapes each axis must be equal or 1: keepdims=True keeps the axis of a "
    "sum or a mean.",
}
PLACEHOLDERS = None, ..., NotImplemented


@dataclass(frozen=True)
class Answer:
    """What a check answers: "not started", "passed", or "not yet" with its sentence.

    The sentence of what has passed, if there is one, says why that cannot be kept.
    """

    status: str
    sentence: str = ""

    def __repr__(self):
        words = {"not yet": say("not yet"), "passed": say("passed"), "not started": say("not started")}
        return ": ".join(filter(None, [words[self.status], self.sentence]))


NOT_STARTED, PASSED = Answer("not started"), Answer("passed")


def judge(asked, answer, rng):
    """Return the `Answer` to what was handed in for an exercise; `rng` draws the arguments of functions."""
    if any(answer is placeholder for placeholder in PLACEHOLDERS):
        return NOT_STARTED
    if isinstance(asked, Finding):
        if findings.is_unfinished(asked, answer):
            return NOT_STARTED
        sentence = findings.compared(asked, answer)
        return _not_yet(sentence) if sentence else PASSED
    if _is_stub(answer):
        return NOT_STARTED
    if not callable(answer):
        return _not_yet(say("hand in the function itself, my_{name} without parentheses.", name=asked.name))
    if any(answer is own for own in (asked.reference, *asked.own)):
        return _not_yet(say("this is the course's own function: write one of yours."))
    calls = [asked.arguments(rng) for _ in range(DRAWS)]
    if asked.float32:
        calls.append(_in_float32(calls[0]))
    ran = running.run(answer, calls, (*asked.own, asked.reference))
    if _is_unfinished(ran):
        return NOT_STARTED
    sentence = _ended(asked, answer, ran, calls) or _compared(asked, ran, calls)
    return _not_yet(sentence) if sentence else PASSED


def _not_yet(sentence):
    return Answer("not yet", sentence)


def _is_stub(function):
    """Tell whether a function does nothing: it has no line yet but a docstring, `...` or pass."""
    code = getattr(function, "__code__", None)
    idle = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST"}
    steps = [] if code is None else list(dis.get_instructions(code))
    constants = [step.argval for step in steps if step.opname in ("LOAD_CONST", "RETURN_CONST")]
    return bool(steps) and {step.opname for step in steps} <= idle and constants in ([None], [...])


def _is_unfinished(ran):
    """Tell whether a placeholder is still somewhere in the code, which begins otherwise."""
    if ran.end == "raised":
        return "ellipsis" in ran.words["error"] or ran.words["error"].startswith("NotImplementedError")
    return any(_holds_placeholder(returned) for returned in ran.values)


def _holds_placeholder(returned):
    if isinstance(returned.data, tuple):
        return any(map(_holds_placeholder, returned.data))
    return returned.kind in ("ellipsis", "NotImplementedType")


def _in_float32(arguments):
    wide = (isinstance(a, np.ndarray) and a.dtype == np.float64 for a in arguments)
    return tuple(a.astype(np.float32) if w else a for a, w in zip(arguments, wide, strict=True))


# What went wrong while the function ran.


def _ended(asked, answer, ran, calls):
    """Return the sentence of a function that did not return something each time, or None."""
    name = getattr(answer, "__name__", type(answer).__name__).replace("<lambda>", "lambda")
    names = list(inspect.signature(asked.reference).parameters)
    if ran.end == "raised":
        if not _takes(answer, calls[0]):
            takes = inspect.signature(answer)
            given = ", ".join(names)
            return say(
                "{name} takes {takes}, but is called with ({given}).", name=name, takes=takes, given=given
            )
        given = _written(names, calls[ran.words["call"]])
        values = {"name": name, "given": given, **ran.words}
        if ran.words["line"]:
            said = say("{name}({given}) raises {error}, in its line `{line}`.", **values)
        else:
            said = say("{name}({given}) raises {error}.", **values)
        meant = next((meant for words, meant in MEANT.items() if words in ran.words["error"]), None)
        return f"{said} {say(meant)}" if meant else said
    if ran.end == "undefined":
        missing = ran.words["name"]
        return say(
            "{name} needs {missing}, which is not defined: run the cell that defines it, or look at the "
            "spelling.",
            name=name,
            missing=missing,
        )
    if ran.end == "own":
        return say("{name} calls the course's own {own}: write it yourself.", name=name, own=ran.words["own"])
    if ran.end == "changed":
        place = names[ran.words["place"]]
        return say(
            "{name} changes its argument {place}: work on a copy, {place}.copy().", name=name, place=place
        )
    if ran.end != "returned":
        return {
            "endless": say(
                "{name} was still running after {n} seconds: does its loop end?", name=name, n=running.SECONDS
            ),
            "memory": say(
                "{name} needs more memory than there is: does something grow in a loop?", name=name
            ),
            "ended": say("{name} ends the whole process: return instead, and leave exit alone.", name=name),
            "overwritten": say("np is no longer NumPy but something else: run `import numpy as np` again."),
            "global random": say(
                "{name} uses NumPy's or Python's global random state: draw from rng.", name=name
            ),
        }[ran.end]
    if any(returned.kind == "NoneType" for returned in ran.values):
        if ran.printed.strip():
            return say("{name} prints and returns None: write return in place of print.", name=name)
        return say("{name} returns None: did you forget return?", name=name)
    return None


def _takes(function, arguments):
    try:
        inspect.signature(function).bind(*arguments)
    except TypeError:
        return False
    except ValueError:
        # Some functions in C do not say what they take.
        return True
    return True


# What was returned.


def _compared(asked, ran, calls):
    """Return the sentence of what differs from the reference, or None."""
    returned, right = list(ran.values), _values(asked.reference, calls)
    seen, wanted = _viewed(asked, returned, calls), _viewed(asked, right, calls)
    formed, same = all(map(_same_form, returned, right)), all(map(_alike, seen, wanted))
    precise = not asked.float32 or all(map(_same_precision, returned, right))
    if formed and same and precise:
        return None
    if mistake := _recognized(asked, returned, calls, same):
        return say(mistake.sentence)
    parts = zip(seen, wanted, calls, strict=True)
    return (
        next(filter(None, (_form(asked.name, *pair) for pair in zip(returned, right, strict=True))), None)
        or _hard_coded(asked.name, seen, wanted)
        or next(filter(None, (_first_difference(asked, *part) for part in parts)), None)
        or _precision(asked.name, returned, right)
    )


def _recognized(asked, returned, calls, right):
    """Return the known mistake that gives the same as what was returned, or None.

    First those that are the same in type and precision too. Then, as a mistake may be written in another
    precision, those with the same numbers, unless these are `right`.
    """
    seen, known = _viewed(asked, returned, calls), []
    for mistake in asked.mistakes:
        values = _values(mistake.example, calls)
        if all(map(_alike, _viewed(asked, values, calls), seen)):
            if all(map(_same_form, values, returned)) and all(map(_same_precision, values, returned)):
                return mistake
            known.append(mistake)
    return known[0] if known and not right else None


def _values(function, calls):
    """Return a value for each call of one of our own functions, which may change what it is given."""
    with np.errstate(all="ignore"):
        return [value(function(*copy.deepcopy(arguments))) for arguments in calls]


def _viewed(asked, values, calls):
    """Return what of each value is compared, as a `Value`; a view that fails shows nothing."""
    if asked.view is None:
        return values
    seen = []
    for v, arguments in zip(values, calls, strict=True):
        try:
            seen.append(v if v.data is None else value(asked.view(_raw(v), *arguments)))
        except Exception:
            seen.append(Value(v.kind, None))
    return seen


def _raw(v):
    return tuple(map(_raw, v.data)) if isinstance(v.data, tuple) else v.data


def _alike(a, b):
    """Tell whether two values are the same numbers, in arrays of the same shape, to within rounding."""
    if isinstance(a.data, tuple) or isinstance(b.data, tuple):
        both = isinstance(a.data, tuple) and isinstance(b.data, tuple) and len(a.data) == len(b.data)
        return both and all(map(_alike, a.data, b.data))
    if a.data is None or b.data is None or a.data.shape != b.data.shape:
        return False
    return bool(_close(a.data, b.data).all())


def _close(a, b):
    """Tell where two arrays are the same to within rounding, over the largest number of `b`."""
    if a.dtype.kind == "U" or b.dtype.kind == "U":
        return np.asarray(a == b)
    size = min([x.dtype.itemsize for x in (a, b) if x.dtype.kind == "f"], default=8)
    tolerance = TOLERANCES.get(size, TOLERANCES[8])
    with np.errstate(all="ignore"):
        # Infinities are the same, and NaN is where the other is too.
        far = np.abs(np.subtract(a, b, dtype=complex if "c" in (a.dtype.kind, b.dtype.kind) else float))
        largest = np.abs(b[np.isfinite(b)]).max(initial=0)
        return (far <= tolerance * largest) | (a == b) | ((a != a) & (b != b))


def _form_of(v):
    if isinstance(v.data, tuple):
        return "tuple"
    if v.data is None:
        return "other"
    if v.data.dtype.kind == "U":
        return "text"
    if v.kind == "ndarray" or not v.data.ndim:
        return "array" if v.data.ndim else "number"
    return "other"


def _same_form(a, b):
    if (form := _form_of(a)) != _form_of(b):
        return False
    if form == "tuple":
        return len(a.data) == len(b.data) and all(map(_same_form, a.data, b.data))
    return a.data.shape == b.data.shape


def _same_precision(a, b):
    """Tell whether two values have the same precision; single numbers may be of any."""
    if isinstance(a.data, tuple) and isinstance(b.data, tuple) and len(a.data) == len(b.data):
        return all(map(_same_precision, a.data, b.data))
    if a.data is None or b.data is None or isinstance(a.data, tuple) or isinstance(b.data, tuple):
        return False
    if not a.data.ndim and not b.data.ndim:
        return (a.data.dtype.kind == "b") == (b.data.dtype.kind == "b")
    return a.data.dtype == b.data.dtype


def _form(name, a, b):
    """Return what is wrong with the type or the shape of `a`, where `b` is right, or None."""
    wanted = {
        "tuple": say("a tuple"),
        "array": say("an array"),
        "number": say("one number"),
        "text": say("a text"),
    }
    form, right = _form_of(a), _form_of(b)
    if form != right:
        what = {"name": name, "kind": a.kind, "wanted": wanted[right]}
        if right == "array" and a.kind == "list":
            return say("my_{name} returns a list: make it an array, by np.array(...).", name=name)
        if right == "array" and a.data is not None and form == "other":
            return say("my_{name} returns the type {kind}: make it an array, by np.asarray(...).", **what)
        if right == "array" and form == "number":
            shape = b.data.shape
            return say(
                "my_{name} returns one number, and an array {shape} is asked for.", name=name, shape=shape
            )
        if form == "array":
            what["shape"] = a.data.shape
            return say("my_{name} returns an array {shape}, and {wanted} is asked for.", **what)
        return say("my_{name} returns the type {kind}, and {wanted} is asked for.", **what)
    if form == "tuple":
        if len(a.data) != len(b.data):
            counts = {"n": len(a.data), "wanted": len(b.data)}
            return say("my_{name} returns {n} values, and {wanted} are asked for.", name=name, **counts)
        return next(filter(None, (_form(name, *pair) for pair in zip(a.data, b.data, strict=True))), None)
    if a.data.shape == b.data.shape:
        return None
    shapes = {"name": name, "shape": a.data.shape, "wanted": b.data.shape}
    if a.data.shape == b.data.shape[::-1]:
        return say("my_{name} returns the shape {shape}, not {wanted}: is it transposed?", **shapes)
    if a.data.squeeze().shape == b.data.squeeze().shape:
        return say(
            "my_{name} returns the shape {shape}, not {wanted}: there is an axis of length 1 too many or too "
            "few.",
            **shapes,
        )
    if _broadcasts(a.data.shape, b.data.shape):
        return say(
            "my_{name} returns the shape {shape}, which only broadcasts to the right one, {wanted}.", **shapes
        )
    return say("my_{name} returns the shape {shape}, and {wanted} is asked for.", **shapes)


def _broadcasts(small, large):
    try:
        return np.broadcast_shapes(small, large) == large
    except ValueError:
        return False


def _hard_coded(name, seen, wanted):
    fixed = all(_alike(seen[0], other) for other in seen[1:DRAWS])
    if fixed and not all(_alike(wanted[0], other) for other in wanted[1:DRAWS]):
        return say("my_{name} returns the same for every input: compute it from the arguments.", name=name)
    return None


def _precision(name, returned, right):
    """Return the sentence of the first array in another precision."""
    for a, b in zip(returned, right, strict=True):
        if isinstance(b.data, tuple):
            if sentence := _precision(name, a.data, b.data):
                return sentence
        elif not _same_precision(a, b):
            types = {"got": str(a.data.dtype), "wanted": str(b.data.dtype)}
            return say("my_{name} returns {got}, and {wanted} is asked for.", name=name, **types)
    return None


def _first_difference(asked, a, b, arguments):
    """Return the sentence of the first wrong number, with its input where that can be told, or None."""
    if not _same_form(a, b):
        # Only what a view has made of it can have another form here.
        return say("what my_{name} returns cannot be used as it should.", name=asked.name)
    if isinstance(b.data, tuple):
        parts = zip(a.data, b.data, strict=True)
        return next(filter(None, (_first_difference(asked, *pair, arguments) for pair in parts)), None)
    wrong = ~_close(a.data, b.data)
    if not wrong.any():
        return None
    # What became infinite or NaN tells most.
    lost = wrong & ~np.isfinite(a.data) if a.data.dtype.kind == "f" else wrong
    place = tuple(np.argwhere(lost if lost.any() else wrong)[0].tolist())
    names = list(inspect.signature(asked.reference).parameters)
    given = _written(names, arguments)
    got, right = a.data[place], b.data[place]
    # Two numbers that are nearly the same need more digits.
    digits = next((n for n in range(4, 18) if _number(got, n) != _number(right, n)), 4)
    values = {"got": _number(got, digits), "right": _number(right, digits), "name": asked.name}
    if a.data.dtype.kind == "f" and not np.isfinite(a.data[place]):
        values["name"] += "" if not place else say(", element {place},", place=list(place))
        return say(
            "my_{name} gives {got} for {given}, and {right} is right: does something overflow or divide by "
            "zero?",
            given=given,
            **values,
        )
    if asked.view is not None:
        return say("from what my_{name} returns follows {got}, and {right} is right.", **values)
    first = np.asarray(arguments[0])
    if place and first.shape == b.data.shape:
        where = f"{names[0]}{list(place)} = {_number(first[place])}"
        return say("for {where} my_{name} returns {got}, and {right} is right.", where=where, **values)
    if place:
        return say(
            "element {place} of what my_{name} returns is {got}, and {right} is right.",
            place=list(place),
            **values,
        )
    return say("my_{name} returns {got} for {given}, and {right} is right.", given=given, **values)


def _number(x, digits=4):
    return str(x) if x.dtype.kind in "bU" else f"{x:.{digits}g}"


def _written(names, arguments):
    """Write arguments by their names, in a few words."""
    return ", ".join(f"{name}={_few(a)}" for name, a in zip(names, arguments, strict=False))


def _few(x):
    if isinstance(x, np.ndarray) and x.size <= 8:
        return np.array2string(x, precision=3, separator=", ").replace("\n", "")
    return _number(np.asarray(x)) if isinstance(x, float) else shown(x)


class Check:
    """The check of one exercise: call it with an answer. `hint()`, `solution()` and `reset()` help."""

    def __init__(self, asked):
        self._asked, self._hints = asked, 0

    @property
    def status(self):
        """What the check has answered last, here or in the notebook that the learner closed."""
        kept = progress.status(f"exercise {self._asked.name}")
        return "passed" if kept == "done" else "not yet" if kept else "not started"

    def __call__(self, answer=None):
        """Return the `Answer` to what is handed in."""
        said = judge(self._asked, answer, np.random.default_rng())
        if said.status == "not started":
            return said
        passed = said.status == "passed"
        unkept = progress.note(f"exercise {self._asked.name}", "done" if passed else "tried")
        return replace(said, sentence=unkept) if unkept else said

    def __repr__(self):
        return say(self._asked.question)

    def hint(self):
        """Return the next hint; after the last one, that one again."""
        self._hints = min(self._hints + 1, len(self._asked.hints))
        of = {"number": self._hints, "all": len(self._asked.hints)}
        return Text(say("hint {number} of {all}: ", **of) + say(self._asked.hints[self._hints - 1]))

    def solution(self):
        """Return the solution, the source of the reference; or say that this edition has none."""
        return Text(self._asked.solution or say("This is the edition for a class, which has no solutions."))

    def reset(self):
        """Forget hints and answers of this exercise, and return the code to begin with."""
        self._hints = 0
        progress.note(f"exercise {self._asked.name}", None)
        return Text(self._asked.stub)


class Checks:
    """The checks by name, `check.relu_grad`; shown alone, it lists all exercises with what is done."""

    def __init__(self):
        self._made = {}

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        asked = exercise(name)
        return self._made.setdefault(name, Check(asked))

    def __call__(self, *_answers):
        """Tell who has left out the name of the exercise how a check is called."""
        return Text(say("name the exercise behind a dot, such as check.relu_grad(my_relu_grad)."))

    def __dir__(self):
        return list(exercises())

    def __repr__(self):
        lines = [f"{e.topic[:2]} {name}: {getattr(self, name).status}" for name, e in exercises().items()]
        return "\n".join(lines)


check = Checks()
