"""What installing says where it cannot go on: one sentence each, with what to do."""

import ast
import collections
import runpy
import sys
from pathlib import Path

import pytest

INSTALL = Path(__file__).parents[1] / "tools" / "install.py"
Version = collections.namedtuple("Version", "major minor")


@pytest.fixture
def install():
    return runpy.run_path(str(INSTALL))


def says(text, status=1):
    """A command that says something and fails."""
    return sys.executable, "-c", f"import sys; print({text!r}); sys.exit({status})"


def test_an_old_python_can_read_it():
    ast.parse(INSTALL.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_an_old_python_says_what_is_needed(install, monkeypatch):
    monkeypatch.setattr(sys, "version_info", Version(3, 9))
    with pytest.raises(
        SystemExit, match=r"^install: this is Python 3\.9, but 3\.11 or newer is needed: run, say, make"
    ):
        install["main"]()


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (
            "The environment was not created because ensurepip is not available.",
            "apt install python3-venv",
        ),
        ("/usr/bin/python3: No module named venv", "apt install python3-venv"),
        ("Failed to establish a new connection: [Errno 101]", "check the network and its proxy settings"),
        ("ERROR: Could not find a version (from versions: none)", "check the network"),
        ("error: Failed to fetch: error sending request for url", "check the network"),
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("something else went wrong", "the step above failed"),
    ],
)
def test_a_failed_step_names_its_remedy_in_one_sentence(install, words, remedy, capsys):
    with pytest.raises(SystemExit) as stopped:
        install["run"](*says(words))
    sentence = str(stopped.value)
    assert remedy in sentence
    assert sentence.startswith("install: ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    # Its own words are shown where no remedy is known.
    assert (words in capsys.readouterr().err) == ("the step above" in sentence)


def test_a_step_that_succeeds_is_silent(install, capsys):
    install["run"](*says("all is well", status=0))
    assert capsys.readouterr() == ("", "")


def test_it_installs_again_only_when_the_lock_has_changed(install, tmp_path):
    stamp = tmp_path / "installed"
    install["installed"].__globals__["STAMP"] = str(stamp)
    assert not install["installed"]()
    install["write"](install["fingerprint"](), str(stamp))
    assert install["installed"]()
    install["write"]("another lock", str(stamp))
    assert not install["installed"]()


def test_an_interruption_says_how_to_go_on(install, tmp_path):
    def interrupted():
        raise KeyboardInterrupt

    install["main"].__globals__.update(installed=interrupted, STAMP=str(tmp_path / "installed"))
    with pytest.raises(SystemExit, match="interrupted; run make again"):
        install["main"]()
    assert not (tmp_path / "installed").exists()
