"""The programs of `course.clinic.programs`, faulty and repaired: how well each does, from twenty seeds.

`score` is that of the faulty program and of the repaired one; of the program without a fault, its own.
"""

from dataclasses import replace
from functools import partial

import numpy as np

from course.clinic.programs import PROGRAMS, UNIFORM, score
from course.clinic.setup import train


def scores(number, seed):
    """Return the scores of a program, faulty and repaired."""
    program = PROGRAMS[number]
    setups = [setup for setup in (program.faulty, program.repaired) if setup]
    return {"score": np.array([score(setup, train(setup, seed, looks=2).run, seed) for setup in setups])}


def as_answered(seed):
    """Return the score of 34311586 repaired but for its initial weights, and trained twice as long."""
    setup = replace(PROGRAMS[34311586].repaired, initializer=UNIFORM, steps=20_000)
    return {"score": score(setup, train(setup, seed, looks=2).run, seed)}


EXPERIMENTS = {str(number): (partial(scores, number), 20) for number in PROGRAMS}
EXPERIMENTS["34311586 as answered"] = as_answered, 20
