"""A case is a set-up, a fault in it or none, and a seed: a network that is trained in a tenth of a second."""

from dataclasses import dataclass, replace

import numpy as np

from course.arguments import choice, instance, sequence, single, whole
from course.clinic import setup as sound
from course.clinic.faults import FAULTS
from course.clinic.repairs import REPAIRS
from course.clinic.setup import Setup

HEALTHY = Setup()


@dataclass(frozen=True)
class Case:
    """A case: a `fault` of `FAULTS`, or None for a healthy run, in a `setup` that a `seed` trains.

    `strength` is that of the fault, the usual where it is None; `repairs` are names of `REPAIRS`, in their
    order, or functions that take a set-up and return another. Another set-up has other widths, rates or data:
    `Setup(hidden=(30, 30))`.

    >>> case = Case("large initial weights", seed=0)
    >>> healed = replace(case, repairs=("sound initial weights",))
    >>> [train(one).run.validation_accuracy[-1].round(2) for one in (case, healed, case.twin)]
    [np.float64(0.07), np.float64(0.98), np.float64(0.98)]
    """

    fault: str | None
    seed: int
    setup: Setup = HEALTHY
    strength: float | None = None
    repairs: tuple = ()

    def __post_init__(self):
        if self.fault is not None:
            choice("fault", self.fault, FAULTS)
        whole("seed", self.seed, low=0)
        instance("setup", self.setup, Setup, "a Setup")
        if self.strength is not None:
            single("strength", self.strength, 0)
        for repair in sequence("repairs", self.repairs, least=0):
            callable(repair) or choice("repairs", repair, REPAIRS)

    @property
    def sound(self):
        """The healthy set-up that the fault is planted in."""
        return replace(self.setup, **FAULTS[self.fault].needs(self.setup)) if self.fault else self.setup

    @property
    def planted(self):
        """The set-up with the fault, and with what the repairs made of it."""
        planted = self.sound
        if self.fault:
            fault = FAULTS[self.fault]
            strength = fault.strengths[1] if self.strength is None else self.strength
            planted = replace(planted, **fault.change(planted, strength))
        for repair in self.repairs:
            planted = (
                instance("what a repair returns", repair(planted), Setup, "a Setup")
                if callable(repair)
                else replace(planted, **REPAIRS[repair].change(planted, self.sound))
            )
        return planted

    @property
    def twin(self):
        """The healthy case beside it: the same network, data and seed."""
        return Case(None, self.seed, self.sound)


def train(case, **options):
    """Train a case, as `setup.train` does."""
    return sound.train(case.planted, case.seed, **options)


def drawn(number):
    """Return the case of this number: one in six is healthy, and of the others each fault is as frequent.

    Healthy cases are the healthy twins of cases, so that dropout or Adam tells nothing.

    >>> drawn(3).fault is None or drawn(3).fault in FAULTS
    True
    """
    rng = np.random.default_rng(whole("number", number, low=0))
    case = Case(str(rng.choice(list(FAULTS))), int(rng.integers(1000)))
    return case.twin if rng.random() < 1 / 6 else case
