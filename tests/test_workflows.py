"""The maintainer's CI calls targets that there are, with no more rights than it needs."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted(ROOT.joinpath(".github", "workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def steps(workflow):
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.fixture(params=WORKFLOWS, ids=lambda path: path.stem)
def workflow(request):
    return yaml.safe_load(request.param.read_text(encoding="utf-8"))


def test_there_are_workflows():
    assert len(WORKFLOWS) == 4


def test_every_make_target_exists(workflow):
    called = [word for step in steps(workflow) for word in made(step.get("run", ""))]
    assert called
    assert set(called) <= TARGETS


def made(command):
    """The targets of a make command: its words that are no settings."""
    if command.startswith("make "):
        yield from (word for word in command.split()[1:] if "=" not in word)


def test_rights_and_times_are_limited(workflow):
    assert workflow["permissions"] == {"contents": "read"}
    assert all(job["timeout-minutes"] <= 45 for job in workflow["jobs"].values())


def test_every_action_is_an_official_one_of_a_stated_version(workflow):
    for step in steps(workflow):
        if "uses" in step:
            assert re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"])
