"""Topic 09: what the diagnosis says of the programs that people asked about, from twenty seeds.

Each view gives the numbers of the first three causes in `FAULTS`, -1 where there are fewer, and -2 first
where it is said that every gradient is zero: of the `faulty` program by its panel alone, of it `beside` the
repaired one as its twin, and of the `repaired` one alone.
"""

from functools import partial

import numpy as np

from course.clinic.diagnosis import diagnose, stands_still
from course.clinic.faults import FAULTS
from course.clinic.programs import PROGRAMS
from course.clinic.setup import train


def said(number, seed):
    """Return the first three causes in each view of a program."""
    program = PROGRAMS[number]
    views = {"faulty": [train(program.faulty, seed).run]}
    if program.repaired:
        views["repaired"] = [train(program.repaired, seed).run]
        views["beside"] = views["faulty"] + views["repaired"]
    names, found = list(FAULTS), {}
    for view, runs in views.items():
        causes = [names.index(cause.fault) for cause in diagnose(*runs).causes[:3]]
        causes = [-2] if stands_still(runs[0]) else causes
        found[view] = np.array([*causes, -1, -1, -1][:3])
    return found


EXPERIMENTS = {str(number): (partial(said, number), 20) for number in PROGRAMS}
