"""What is installed is what the lock names, and a difference is found."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import compare  # noqa: E402

LOCK = compare.LOCK.read_text(encoding="utf-8")
WANTED = {"numpy": "2.3.0", "mpmath": "1.4.1"}


@pytest.mark.skipif(Path(sys.prefix) != ROOT / ".venv", reason="tells of .venv, which `make` fills")
def test_what_the_lock_names_is_installed():
    assert list(compare.differences(compare.wanted(LOCK), compare.installed())) == []


@pytest.mark.parametrize(
    ("installed", "sentence"),
    [
        ({"numpy": "2.3.0"}, "mpmath 1.4.1 is in the lock and not installed."),
        (WANTED | {"mpmath": "1.3.0"}, "mpmath is 1.4.1 in the lock, but 1.3.0 is installed."),
        (WANTED | {"torch": "2.13.0"}, "torch 2.13.0 is installed and not in the lock."),
    ],
)
def test_less_other_and_more_are_named(installed, sentence):
    found = [*compare.differences(WANTED, installed), *compare.additions(WANTED, installed)]
    assert found == [sentence]


def test_what_a_learner_has_added_counts_only_where_it_is_asked_for(monkeypatch, capsys):
    more = compare.wanted(LOCK) | {"torch": "2.13.0", "pip": "26.0"}
    monkeypatch.setattr(compare, "installed", lambda: more)
    compare.main(exactly=False)
    assert "packages are installed as the lock names them" in capsys.readouterr().out
    with pytest.raises(SystemExit, match=r"^compare: torch 2\.13\.0 is installed and not in the lock\.$"):
        compare.main(exactly=True)


def test_every_entry_of_the_lock_is_read_but_those_of_other_systems():
    everywhere = set(re.findall(r"(?m)^([\w.-]+)==[^;\n]*$", LOCK))
    wanted = compare.wanted(LOCK)
    assert everywhere
    assert everywhere <= wanted.keys()
    assert ("colorama" in wanted) == (sys.platform == "win32")
