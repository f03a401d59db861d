"""Topic 09, the clinic: each fault of `course.clinic` beside a healthy run, its neighbours, and its repair.

An experiment of each fault gives pairs of a measurement, its own and theirs: `healthy` is that in which it
differs from a healthy run, the neighbours those in which it is told from them. `accuracy` is that of the
validation rows with the fault, repaired, and healthy.
"""

from functools import partial

import numpy as np

from course.clinic.cases import Case
from course.clinic.experiments import measured, train
from course.clinic.faults import FAULTS, neighbours

# What is infinite has no place in a record.
MOST = 1e9


def proof(fault, seed):
    """Return the measurements of a fault, `{name: (own, theirs)}`, and its accuracies."""
    case, found = Case(fault, seed), {}
    pairs = {"healthy": (case.twin, FAULTS[fault].seen)}
    pairs |= {name: (Case(name, seed), named) for name, (named, _) in neighbours(fault).items()}
    for name, (other, measurement) in pairs.items():
        found[name] = np.minimum([measured(measurement, one) for one in (case, other)], MOST)
    repaired = Case(fault, seed, repairs=(FAULTS[fault].repair,))
    last = [train(one).run.validation_accuracy[-1] for one in (case, repaired, case.twin)]
    return found | {"accuracy": np.nan_to_num(last)}


EXPERIMENTS = {fault: (partial(proof, fault), 20) for fault in FAULTS}
