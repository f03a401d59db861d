"""An audit says what is wrong, and never ends well where it has looked at nothing."""

import doctest
import itertools
import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import audit  # noqa: E402

PINNED = [("numpy", "2.3.0"), ("soupsieve", "2.10"), ("soupsieve", "4.1.2")]
HOLE = {"id": "CVE-2020-0001", "fix_versions": ["9.1", "9.2"]}


def clean(pins):
    """What pip-audit says where it finds nothing but the canary."""
    return [
        {"name": name, "version": version, "vulns": [HOLE] if (name, version) == audit.CANARY else []}
        for name, version in pins
    ]


def test_examples():
    assert doctest.testmod(audit).failed == 0
    assert doctest.testmod(audit).attempted > 0


def test_every_pin_of_every_system_is_looked_up():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = audit.pins(lock)
    assert len(pinned) == lock.count("==") - lock.count(" == ") > 100
    assert {"appnope", "pywinpty", "colorama"} <= {name for name, _ in pinned}
    assert sorted(itertools.chain(*audit.rounds(pinned))) == sorted(pinned)


def test_an_audit_that_saw_everything_and_found_nothing_is_silent():
    assert list(audit.complaints(PINNED, clean([*PINNED, audit.CANARY]))) == []


SKIPPED = [{"name": name, "skip_reason": "not found on PyPI"} for name, _ in [*PINNED, audit.CANARY]]
HOLED = [*clean([*PINNED[1:], audit.CANARY]), {"name": "numpy", "version": "2.3.0", "vulns": [HOLE]}]
BAD = {
    "a lock without pins": ([], clean([audit.CANARY]), "The lock pins nothing"),
    "no answer at all": (PINNED, [], "the audit is blind"),
    "a service that knows no package": (PINNED, SKIPPED, "numpy 2.3.0 was not audited: not found on PyPI."),
    "a service that knows no vulnerability": (PINNED, clean(PINNED), "the audit is blind"),
    "one left out": (
        PINNED,
        clean([*PINNED[:2], audit.CANARY]),
        "soupsieve 4.1.2 was not audited: it was left out.",
    ),
    "another version": (
        PINNED,
        clean([*PINNED[1:], ("numpy", "2.3.1"), audit.CANARY]),
        "numpy 2.3.0 was not",
    ),
    "a vulnerability": (
        PINNED,
        HOLED,
        "numpy 2.3.0 has the vulnerability CVE-2020-0001, mended in 9.1 or 9.2.",
    ),
}


@pytest.mark.parametrize(("pinned", "told", "complaint"), BAD.values(), ids=BAD)
def test_what_is_wrong_is_said(pinned, told, complaint):
    assert complaint in " ".join(audit.complaints(pinned, told))


# In the place of pip-audit: answers for each line of the file it is given, as ANSWER says.
STAND_IN = """
import json, pathlib, sys
pins = [line.split("==") for line in pathlib.Path(sys.argv[-1]).read_text().splitlines()]
print(json.dumps({"dependencies": [ANSWER for name, version in pins]}))
sys.exit(1)
"""
ANSWERS = {
    "well": '{"name": name, "version": version, "vulns": [HOLE] if name == "jinja2" else []}',
    "blind": '{"name": name, "skip_reason": "not found"}',
}


def run(
    tmp_path,
    capsys,
    program,
    lock="numpy==2.3.0 \\\n    --hash=sha256:00\nsoupsieve==2.10\nsoupsieve==4.1.2\n",
):
    (tmp_path / "stand_in.py").write_text(program)
    (tmp_path / "lock").write_text(lock)
    audit.main([sys.executable, str(tmp_path / "stand_in.py")], tmp_path / "lock")
    return capsys.readouterr().out


def test_the_whole_way_through_another_program(tmp_path, capsys):
    program = STAND_IN.replace("ANSWER", ANSWERS["well"]).replace("HOLE", json.dumps(HOLE))
    assert run(tmp_path, capsys, program).startswith("audit: 3 versions were looked up")
    with pytest.raises(SystemExit, match="The lock pins nothing"):
        run(tmp_path, capsys, program, lock="# nothing\n")


def test_a_service_that_knows_nothing_fails_the_audit(tmp_path, capsys):
    with pytest.raises(SystemExit, match=r"blind(.*\n)+.*numpy 2.3.0 was not audited: not found"):
        run(tmp_path, capsys, STAND_IN.replace("ANSWER", ANSWERS["blind"]))


@pytest.mark.parametrize("program", ["import sys; sys.exit('no network')", "print('{}')"])
def test_a_program_that_fails_fails_the_audit(tmp_path, capsys, program):
    with pytest.raises(SystemExit, match=r"audit: pip-audit failed, and said: (no network|nothing)"):
        run(tmp_path, capsys, program)
