"""The questions of topic 08: what agreement is worth, what a refusal means, and how pixels set the rate."""

import numpy as np

from course.initializers import normal
from course.network import create, loss_and_grads
from course.practice.questions import Choice, Number, Prediction
from course.reproduction import compare, recorded
from course.statistics import interval


def _others(runs):
    """Yield each run together with all others."""
    return ((run, np.delete(runs, k, axis=0)) for k, run in enumerate(runs))


def _together():
    """Whether the numbers of table A fail together: their sum then spreads more than that of lone ones."""
    agree = [
        [compare(run, rest, 1e-6).agree for run, rest in _others(runs)]
        for runs in recorded("activations").values()
    ]
    passed = np.sum(agree, axis=(0, 2, 3))
    alone = 110 * np.mean(agree) * (1 - np.mean(agree))
    if passed.mean() < 0.9 * 110:
        return "too good to be true: 5 or 6 of 110 should be refused"
    return "less: they pass and fail together" if passed.var() > 2 * alone else "110 confirmations"


def _fifth_epoch():
    """What five epochs give more than four, in each run of table D."""
    accuracy = recorded("coarse")["validation"]
    passed = np.mean([compare(run, accuracy[:, 4], 0.001).agree for run in accuracy[:, 3]])
    gain, half = interval((accuracy[:, 4] - accuracy[:, 3]).mean(axis=1))
    if passed > 0.9 and gain > half:
        return "Yes, it does: subtract the two in each run."
    return "No: the check finds no difference."


def _one_side():
    """Whether right runs of table E lie with all 22 numbers on one side of the mean of the others."""
    accuracy = recorded("fine")["validation"][:, -1]
    above = [(run > rest.mean(axis=0)).mean() for run, rest in _others(accuracy)]
    alone = "They differ: the chance of this is one in two million."
    return "Compare the means of the two tables." if {0.0, 1.0} & set(above) else alone


def _larger_pixels():
    """The learning rate for pixels four times as large, from the gradients of both networks."""
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((20, 64)), rng.integers(10, size=20)
    before = create(rng, [64, 50, 10], normal)
    after = [(W / 2, b) for W, b in before]
    old, new = (loss_and_grads(net, z, y, "relu", 0)[1][0][0] for net, z in [(before, x), (after, 4 * x)])
    # The new weights are half of the old ones, and so must their steps be.
    return 0.01 / 2 * np.linalg.norm(old) / np.linalg.norm(new)


QUESTIONS = {
    "two_runs": Number(
        "Two runs of yours have 0.50 and 0.54, and Student's t for two runs is 12.7. How far from your mean "
        "may a published number lie and still agree? To within 5%; leave the rounding out.",
        right=lambda: compare([0.5], [[0.5], [0.54]]).tolerance.item(),
        because=r"It is $12.7 \cdot 0.028 \sqrt{{1 + 1/2}} = {key:.2f}$. Nearly any accuracy agrees with two "
        "runs, so their agreement confirms nothing.",
        wrong={
            0.359: "That is $t s$. Your mean of two has luck of its own, which the $1/k$ adds.",
            0.254: r"That is $t s / \sqrt{2}$, the interval of your mean. The published number is one run, "
            "and its luck is the larger part.",
            0.069: "That is two deviations. They are enough for many runs; two runs say next to nothing "
            "about how far others may lie.",
            0.04: "That is the distance between your runs. Two runs can be close to each other by luck.",
        },
        factor=1.05,
    ),
    "all_110": Choice(
        "All 110 numbers of table A agree. What is that worth, compared with 110 numbers that were measured "
        "one by one, each with a seed of its own?",
        {
            "110 confirmations": "A layer hands its luck on to the next, so the numbers of one run are not "
            "110 pieces of evidence.",
            "too good to be true: 5 or 6 of 110 should be refused": "So many are, on average. But they fail "
            "by the dozen in some runs and not at all in others: of our 20 right runs two have full marks.",
            "less: they pass and fail together": "In our own runs the number that passes goes from 94 to "
            "110. Each failing by itself, it would hardly leave 100 to 109.",
            "nothing: the tolerances are too wide": "They are not: with weights 1% larger no run of twenty "
            "would have held.",
        },
        right=_together,
    ),
    "fifth_epoch": Choice(
        "Runs of four epochs pass the check of table D as well as runs of five. Does the fifth epoch add "
        "accuracy, and how would you find out?",
        {
            "Yes, it does: subtract the two in each run.": "The luck of a run is in both and cancels: the "
            "fifth epoch adds 0.008 +- 0.003. The check would have to see that beside a tolerance of 0.02 "
            "to 0.05.",
            "No: the check finds no difference.": "It finds none larger than its tolerance, and that is as "
            "wide as the luck of a single run. What is not refused is not shown to be equal.",
            "Run more seeds: the check then sees it.": "More seeds make the mean sharper, but not the one "
            "published run. The tolerance never falls below two of its deviations.",
            "It cannot be known: the luck is larger.": "The luck is larger than the gain, but it is the same "
            "luck in both, if a run is compared with itself.",
        },
        right=_fifth_epoch,
    ),
    "one_side": Choice(
        "In a table like this one, 15 of 22 numbers agree, and all 22 published ones lie above ours. What "
        "next?",
        {
            "Report it as mostly reproduced.": "Of a right run about one in 20 is refused, not seven in 22. "
            "And that all lie on one side is something that a count does not see.",
            "They differ: the chance of this is one in two million.": "That would be so for 22 coins. These "
            "trials share their held-out pictures: of eight right runs of ours, three lie wholly on one "
            "side.",
            "Call it bad luck: shared pictures lift all.": "They may. Whether by so much can be computed, "
            "and until then luck is an excuse.",
            "Compare the means of the two tables.": "What all numbers share is in the mean, and the spread "
            "of this mean between seeds says how far luck can lift it.",
        },
        right=_one_side,
    ),
    "larger_pixels": Number(
        "A network of two layers trains well at a learning rate of 0.01. Now its pixels are multiplied by "
        "four, and its initial weights are divided by two. At which learning rate does it train as before?",
        right=_larger_pixels,
        because="Both gradients double, since the scores stay and the weights are half as large. The steps "
        "must be halved, as the weights were: a quarter.",
        wrong={
            0.04: "Larger pixels make larger gradients, so the steps have to be smaller.",
            0.000625: "A sixteenth is right for one layer. Two of them share the work, and the square is "
            "gone.",
            0.005: "That halves the step because the weights are half as large. But the gradient has doubled "
            "as well.",
            0.01: "The first scores are the same, but not the steps: twice the gradient moves weights half "
            "as large.",
        },
        factor=1.05,
    ),
}

# What figures ask before they are shown.
PREDICTIONS = {
    "three_runs": Prediction(
        "Three runs of ours, and the lecture's one. How many deviations must be allowed, for one true "
        "number in twenty to be refused, to within 0.5?",
        because="Three runs often lie close together by luck, and then their deviation is far too small. "
        "The wide band makes up for it.",
        wrong={
            2: "That would do if the deviation were known. From three runs it is often far too small, and "
            "almost one true number in five would be refused.",
            3: "That still refuses one true number in ten. From three runs the deviation is often far too "
            "small.",
            12.7: "That is for two runs. The third one brings it down to a third.",
        },
        within=0.5,
        line=1,
        axis="x",
    ),
    "small_pixels": Prediction(
        "The lecture's run ends near a loss of 0.003. Where does the same run end, at the same learning "
        "rate, if its pixels are divided by 255, to within a factor of 1.5?",
        because="It ends where it begins, near ln 10. Small pixels make small gradients, and at this rate "
        "the weights hardly move in 200 epochs.",
        wrong={
            0.003: "That would be so if the scale of the input did not matter. The gradients shrink with the "
            "pixels, and the learning rate has stayed.",
            0.7: "That is 255 times as much. The curve is flat before it falls, and small pixels never leave "
            "the flat part.",
            0.06: "So far the lecture's way gets in some 60 epochs. Small pixels slow it down by far "
            "more than that.",
        },
        factor=1.5,
        line=1,
        at=200,
    ),
}
