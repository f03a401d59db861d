"""What topic 08 hands to the check: how many numbers of a right run, and of a wrong one, it lets through.

A right run of ours is held against the others of ours, a run under a wrong condition against all of ours, in
place of the lecture's. Table E has no score: there the lecture's own numbers are refused.
"""

from functools import cache

import numpy as np

from course import lecture
from course.reproduction import EXPLODED, RATE_COLUMNS, compare, comparisons, recorded
from measurements import recorded as measured
from measurements import topic_08

ACCURATE = np.isfinite(lecture.OVERFIT_20[:, 2])
THE_LECTURE, OUR_OWN = "the lecture", "one of our own runs"
# In the order of the experiments in topic_08.
OF_PICTURES = ["pixels / 255", "momentum 0.9", "initial weights ten times as large"]
OF_ACTIVATIONS = {
    "1 % larger": "weights 1% larger",
    "10 % larger": "weights 10% larger",
    "uniform": "weights from a uniform distribution",
}
# How many epochs in place of the five of table D.
OF_EPOCHS = {"four epochs in place of five": 4, "three epochs in place of five": 3}


def agreeing(wrong, ours, unit=0.0):
    """Return how many numbers of each wrong run agree with ours."""
    return np.array([compare(run, ours, unit).agree.sum() for run in wrong])


def _of_a(run, ours):
    return sum(agreeing([run[column]], ours[column], 1e-6)[0] for column in ours)


def _of_first_loss(run, ours):
    return agreeing([run["loss"]], ours["loss"])[0]


def _of_b(run, ours):
    costs = agreeing([run["cost"]], ours["cost"], 1e-6)[0]
    return costs + agreeing([run["train"][ACCURATE]], ours["train"][:, ACCURATE], 0.01)[0]


def _of_c(run, ours):
    """As `comparisons` compares: the cost of a run that has exploded is inf, as the lecture printed it."""
    found = 0
    for column, table in enumerate(lecture.LEARNING_RATES.values()):
        n = len(table)
        whole, run_whole = ours["cost"][:, :n, column] < EXPLODED, run["cost"][:n, column] < EXPLODED
        for what, unit in RATE_COLUMNS.items():
            numbers = run[what][:n, column]
            handed_in = np.where(run_whole, numbers, np.inf) if what == "cost" else numbers
            like = whole if what == "cost" else whole == run_whole
            found += agreeing([handed_in], np.where(like, ours[what][:, :n, column], np.nan), unit)[0]
    return found


def _of_d(run, ours):
    return agreeing([run["validation"][-1]], ours["validation"][:, -1], 0.001)[0]


# Of each table, how a run is scored and the experiment that gave ours.
SCORES = {
    "A": (_of_a, "activations"),
    "first loss": (_of_first_loss, "sanity"),
    "B": (_of_b, "overfit"),
    "C": (_of_c, "rates"),
    "D": (_of_d, "coarse"),
}


def right(table):
    """Return our runs of a table, `{what: array (seeds, ...)}`; of B the epochs that are printed."""
    ours = recorded(SCORES[table][1])
    return {what: runs[:, topic_08.PRINTED] for what, runs in ours.items()} if table == "B" else ours


def of_our_own(table):
    """Return how many numbers of each of our runs agree with the others."""
    ours, score = right(table), SCORES[table][0]
    return np.array(
        [
            score(
                {what: runs[k] for what, runs in ours.items()},
                {what: np.delete(runs, k, axis=0) for what, runs in ours.items()},
            )
            for k in range(len(next(iter(ours.values()))))
        ]
    )


def of_wrong(table, experiment, k):
    """Return how many numbers agree of each run under the wrong condition k."""
    wrong, ours = measured("08", experiment), right(table)
    seeds = range(len(next(iter(wrong.values()))))
    runs = [{what: wrong[what][seed, k] for what in wrong} for seed in seeds]
    return np.array([SCORES[table][0](run, ours) for run in runs])


def of_wrong_activations(wrong):
    """Return how many numbers of table A agree of each run with these weights."""
    runs, ours = measured("08", "activations")[wrong], recorded("activations")
    return sum(agreeing(runs[:, k], ours[column], 1e-6) for k, column in enumerate(ours))


def of_the_coarse_search():
    """Return how many numbers of table D agree of each run under each wrong condition."""
    wrong, ours = measured("08", "coarse")["validation"], recorded("coarse")["validation"]
    five, moved = ours[:, -1], recorded("coarse_momentum")["validation"][:, -1]
    runs = dict(zip(OF_PICTURES, [wrong[:, 0], moved, wrong[:, 1]], strict=True))
    runs |= {name: ours[:, epochs - 1] for name, epochs in OF_EPOCHS.items()}
    return {name: agreeing(found, five, 0.001) for name, found in runs.items()}


@cache
def scores():
    """Return how many numbers agree, `{table: {what was handed in: array (runs,)}}`."""
    wrong = {
        "A": {name: of_wrong_activations(key) for key, name in OF_ACTIVATIONS.items()},
        "D": of_the_coarse_search(),
    }
    of_pictures = {"first loss": "first_loss_and_twenty", "B": "first_loss_and_twenty", "C": "rates"}
    for table, experiment in of_pictures.items():
        wrong[table] = {name: of_wrong(table, experiment, k) for k, name in enumerate(OF_PICTURES)}
    published = comparisons()
    return {
        table: {
            THE_LECTURE: np.array([sum(row.agree.sum() for row in published[table].values())]),
            OUR_OWN: of_our_own(table),
            **wrong[table],
        }
        for table in SCORES
    }


@cache
def sizes():
    """Return how many numbers each table has."""
    return {table: sum(row.published.size for row in rows.values()) for table, rows in comparisons().items()}
