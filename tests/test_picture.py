"""The picture of the README is small, is what the course draws today, and shows what is said of it."""

import base64
import re
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from execute import alike
from picture import PICTURE, drawn, layers

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_stored_picture_is_what_is_drawn():
    assert PICTURE.stat().st_size <= 40_000
    assert alike(*(base64.b64encode(png) for png in (PICTURE.read_bytes(), drawn())))


def test_the_readme_opens_with_it_and_its_words_are_those_of_the_experiment():
    opening = README.partition("make lab")[0]
    ((words, path),) = re.findall(r"!\[(.+)\]\((.+)\)", opening)
    assert ROOT / path == PICTURE
    assert re.findall(r"\bat (\d\S+) they", words.lower()) == ["0.01", "0.045", "1.0"]
    faded, arrived, saturated = (layers(scale) for scale in (0.01, 0.045, 1.0))
    # Collapsed is what lies in the two middle bins of the picture alone.
    assert (faded.counts[2:, 29:31].sum(axis=1) > 0.99 * faded.counts[2:].sum(axis=1)).all()
    assert (faded.counts[:2, 29:31].sum(axis=1) < 0.9 * faded.counts[:2].sum(axis=1)).all()
    assert arrived.std[9] > 0.2
    ends = saturated.counts[:, [0, -1]].sum(axis=1) / saturated.counts.sum(axis=1)
    assert np.all(ends > 0.9)


def test_the_readme_has_both_commands_and_all_topics_before_its_first_section():
    first, *_ = README.partition("\n## ")
    assert re.findall(r"(?m)^    make (\w+) ", first) == ["lab", "test"]
    assert len(re.findall(r"(?m)^\| \[\d\d ", first)) == len(list((ROOT / "notebooks").glob("*.ipynb")))
