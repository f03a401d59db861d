"""What the notebooks say of long experiments: the record is of the code as it is, and their sentences follow."""

import numpy as np
import pytest

from measurements import digest, experiments, plain, record, topics

NAMES = [(topic, name) for topic in topics() for name in experiments(topic)]


@pytest.mark.parametrize("topic", topics())
def test_a_record_is_of_the_experiments_as_they_are(topic):
    found = record(topic)
    assert found["digest"] == digest(topic), f"run python -m measurements {topic}"
    assert {name: len(runs) for name, runs in found["runs"].items()} == {
        name: seeds for name, (_, seeds) in experiments(topic).items()
    }


@pytest.mark.slow
@pytest.mark.parametrize(("topic", "name"), NAMES)
def test_an_experiment_gives_again_what_is_recorded(topic, name):
    experiment, seeds = experiments(topic)[name]
    seed = seeds // 2
    again, kept = plain(experiment(seed)), record(topic)["runs"][name][seed]
    for what, values in kept.items():
        np.testing.assert_allclose(again[what], values, rtol=1e-3, atol=1e-9, err_msg=f"{name}, {what}")
