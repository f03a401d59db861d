"""What the page of advice says in numbers follows from the records of the topics."""

from pathlib import Path

import numpy as np
import pytest
from test_headlines_03 import gain
from test_headlines_05 import of_noise, tuned

from course.statistics import interval
from measurements import recorded, topic_02, topic_05

ADVICE = Path(__file__).parents[1].joinpath("docs", "advice.md").read_text(encoding="utf-8")


def points(mean, half):
    return f"{mean:.1f} ± {half:.1f}"


def dead_units():
    """Yield what is said of dead units, at the learning rates 0.1, 0.85, 1 and 1.2."""
    runs, some = recorded("02", "by_rate"), [topic_02.RATES.index(rate) for rate in (0.1, 0.85, 1)]
    none, many, half = runs["dead"].mean(axis=0)[some]
    yield f"{none:.0%} at 0.1, {many:.0%} at 0.85, {half:.0%} at 1."
    negative = recorded("02", "by_bias")["dead"].mean(axis=0)[topic_02.BIASES.index(-1), 0]
    yield f"one of -1 halved the deaths ({100 * negative:.1f}% dead)"
    leaky = recorded("02", "by_leak")["accuracy"][:, topic_02.LEAKS.index(0.1), some[1]]
    change, error = interval(runs["accuracy"][:, some[1]] - leaky)
    yield f"a leak of 0.1 cost {points(100 * change, 100 * error)} points of accuracy"
    low, middle, high = 100 * recorded("02", "by_warm_up")["ramp_dead"].mean(axis=0)
    yield f"left {low:.1f}% dead at 0.85 and {middle:.1f}% at 1, but {high:.0f}% at 1.2"


def preparations():
    """Yield what is said of the preparation of pictures."""
    yield f"centring gained {points(*gain('preparations', 'mean image', 'nothing'))} points"
    yield f"dividing all pixels by one number {points(*gain('preparations', 'divided', 'nothing'))}"
    yield f"both together {points(*gain('preparations', 'centred and divided', 'mean image'))} more"
    change, error = gain("few", "normalized", "centred and divided")
    yield f"a divisor for each pixel lost {points(-change, error)} points"
    change, error = gain("few", "epsilon 1e-05", "epsilon 10000")
    yield f"raises the noise, lost {points(-change, error)}"
    yield f"could be seen ({points(*gain('leakage', 'centring, leaked', 'centring, honest'))})"
    yield f"whitening gained {points(*gain('leakage', 'whitening, leaked', 'whitening, honest'))} points"


def noise_of_batches():
    """Yield what is said of the noise of batches of 20, at 0.1 and at the best learning rates."""
    batch, whole, _ = 100 * np.array(of_noise(20))
    at = np.isclose(topic_05.RATES, 0.1).argmax()
    yield f"gains {points(*interval(batch[:, at] - whole[:, at]))} points at a learning rate of 0.1"
    differences = interval(100 * tuned(batch / 100) - 100 * tuned(whole / 100))
    yield f"where each has its best: {points(*differences)}."


def searches():
    """Yield what is said of successive halving, and of comparisons in pairs."""
    runs, accuracy = recorded("07", "halving"), recorded("07", "pairs")["accuracy"]
    parts = {2: "half", 3: "a third", 4: "a quarter", 5: "a fifth"}
    work = parts.get(round(runs["spent_all"].mean() / runs["spent"].mean()))
    yield f"the winner of the full search in {runs['same'].sum():.0f} of 20, for {work} of the work"
    worth = accuracy.var(axis=0, ddof=1).sum() / np.diff(accuracy).var(ddof=1)
    times = {5: "five", 6: "six", 7: "seven"}.get(round(worth), worth)
    yield f"over a hundred splits that was worth about {times} times the runs"


@pytest.mark.parametrize("said", [*dead_units(), *preparations(), *noise_of_batches(), *searches()])
def test_the_page_says_what_the_record_gives(said):
    assert said in ADVICE


def test_the_table_of_conditions_is_that_of_the_measurements():
    sizes = "-".join(map(str, topic_05.UNITS))
    for title, network, rates in [
        ("02", "64-100-10", topic_02.RATES),
        ("05, the sizes", sizes, topic_05.SIZE_RATES),
        ("05, the noise", sizes, topic_05.RATES),
    ]:
        (row,) = [line for line in ADVICE.splitlines() if line.startswith(f"| {title} |")]
        low, high = (f"{float(f'{rate:.1g}'):g}" for rate in (min(rates), max(rates)))
        assert row.endswith(f"| {network} | {len(rates)}, from {low} to {high} |")
