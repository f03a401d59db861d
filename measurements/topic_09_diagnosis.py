"""Topic 09, the diagnosis: what `course.clinic.diagnosis` says of runs that its rules were not set on.

A run has other widths, depths, minibatches, rates, initial weights and update rules than its twin, in at
least two of these, a strength of its own, and one in three other data: clouds of points in place of digits.
Of a healthy one the set-up is drawn as that of a fault, which is then left out; one that ends more than a
tenth below its twin is no healthy run, and is drawn again. Each view of a run gives the numbers of the first
three causes in `FAULTS`, -1 where there are fewer. The rules were set on seeds from 1000 on. Seeds below
`FROM` were measured twice before, and after each limits were set anew.
"""

from dataclasses import replace
from functools import partial

import numpy as np

from course import datasets
from course.clinic import cases, experiments
from course.clinic.cases import Case
from course.clinic.diagnosis import RETRAINED, RULES, diagnose
from course.clinic.faults import FAULTS
from course.clinic.panel import Look
from course.clinic.setup import Setup, digits
from course.initializers import he, xavier
from course.optimizers import UPDATES

RATES = {"sgd": 0.2, "momentum": 0.03, "nesterov": 0.03, "rmsprop": 0.002, "adam": 0.003}
# Faults of rates, and those that a rule takes away which divides by the size of the gradient.
SCALED = {
    "rate far too high", "rate too high", "rate too low", "summed loss", "clipped gradient",
    "too much regularization", "gradients not reset", "ten layers of sigmoids", "large epsilon in Adam",
}  # fmt: skip
# Experiments that a practitioner makes without another training.
ASKED = sorted(
    {line.measurement.partition(": ")[0] for rule in RULES.values() for line in rule.proof}
    & {*experiments.EXPERIMENTS} - {*RETRAINED}
)
CLOSE = 0.1
FROM = 600


def clouds(classes, features, seed):
    """Return data as `setup.digits` does, with three gaussian clouds for each class."""
    rng = np.random.default_rng([seed, 0])
    centres = rng.standard_normal((3 * classes, features))
    of = rng.integers(3 * classes, size=1800)
    points = centres[of] + 0.62 * rng.standard_normal((1800, features))
    X, y, X_held, y_held = datasets.split(rng, points, of % classes, held_out=300)
    mean = X.mean(axis=0)
    std = (X - mean).std()
    return (X - mean) / std, y, (X_held - mean) / std, y_held


def drawn(fault, seed):
    """Return a case of a fault and its twin, whose sound set-ups differ in two or more of five parts."""
    rng = np.random.default_rng([seed, *fault.encode()])
    data, classes = digits, 10
    if rng.random() < 1 / 3:
        classes = int(rng.integers(4, 9))
        data = partial(clouds, classes, int(rng.integers(12, 25)))
    plain = Setup(hidden=(50,) * int(rng.integers(2, 5)), data=data, classes=classes)
    twin = Case(None, seed, replace(plain, **FAULTS[fault].needs(plain)))
    low, usual, high = FAULTS[fault].strengths
    between = 0 < low < high
    strength = np.exp(rng.uniform(*np.log([low, high]))) if between else rng.choice([low, usual, high])
    while True:
        case = Case(fault, seed, _varied(rng, fault, plain), float(strength))
        if differing(case.sound, twin.sound) >= 2:
            return case, twin


def _varied(rng, fault, setup):
    """Return a set-up with other parts, each of which may also be what it was."""
    rule = str(rng.choice(["momentum", "nesterov"] if fault in SCALED else list(RATES)))
    factor = 1.0 if "rate" in fault.split() else float(rng.choice([1 / 3, 1 / 2, 1 / 1.5, 1, 1.5, 2, 3]))
    return replace(
        setup,
        hidden=(int(rng.choice([25, 35, 50, 75, 100])),) * len(setup.hidden),
        batch_size=int(rng.choice([25, 50, 75, 100])),
        initializer=(he, xavier)[rng.integers(2)],
        rule=UPDATES["momentum" if fault == "large epsilon in Adam" else rule],
        learning_rate=factor * RATES[rule],
    )


def differing(one, other):
    """Return in how many of five parts two set-ups differ."""
    names = "hidden", "learning_rate", "batch_size", "initializer", "rule"
    return sum(getattr(one, name) != getattr(other, name) for name in names)


def views(run, twin, answers):
    """Yield what somebody has who sees the loss alone, the curves, the panel, and more."""
    unseen = Look(*(np.full_like(part, np.nan, float) for part in run.layers))
    nothing = np.full(run.steps.shape, np.nan)
    curves = replace(run, layers=unseen, input_mean=np.nan, input_std=np.nan, input_range=(np.nan, np.nan))
    yield "loss", (replace(curves, train_accuracy=nothing, validation_accuracy=nothing), twin)
    yield "curves", (curves, twin)
    yield "without a twin", (run,)
    yield "panel", (run, twin)
    yield "panel and experiments", (run, twin, answers)


def diagnosed(case, twin):
    """Return the first three causes in each view, and the last validation accuracies."""
    seen, beside = experiments.train(case).run, cases.train(twin, looks=6).run
    answers = {name: experiments.answer(name, case)[0] for name in ASKED}
    found = {"validation": np.nan_to_num([seen.validation_accuracy[-1], beside.validation_accuracy[-1]])}
    names = list(FAULTS)
    for view, given in views(seen, beside, answers):
        causes = [names.index(cause.fault) for cause in diagnose(*given).causes[:3]]
        found[view] = np.array([*causes, -1, -1, -1][:3])
    return found


def ill(fault, seed):
    """Return what is said of a run with a fault."""
    return diagnosed(*drawn(fault, FROM + seed))


def healthy(seed):
    """Return what is said of a healthy run."""
    fault = list(FAULTS)[seed % len(FAULTS)]
    for again in range(FROM + seed, 10**6, 10**4):
        case, twin = drawn(fault, again)
        case = Case(None, again, case.sound)
        last = [cases.train(one, looks=2).run.validation_accuracy[-1] for one in (case, twin)]
        if last[0] >= last[1] - CLOSE:
            return diagnosed(case, twin)
    raise RuntimeError(f"No healthy run was drawn for seed {seed}.")


EXPERIMENTS = {fault: (partial(ill, fault), 10) for fault in FAULTS} | {"healthy": (healthy, 210)}
