"""Compare what is installed here with the lock, and fail where they differ: tools/compare.py [--exactly].

What the lock names must be there in its version. With --exactly, nothing else may be there either: what the
checks then see is what a new user gets.
"""

import importlib.metadata
import sys

from audit import LOCK
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# An environment brings them along itself.
SEEDS = {"pip", "setuptools", "wheel"}


def wanted(lock):
    r"""Return `{name: version}` of what a lock installs on this system and this Python.

    >>> wanted("Numpy==2.3.0 \\\n    --hash=sha256:0\nold==1 ; python_version < '3' \\")
    {'numpy': '2.3.0'}
    """
    entries = [line.rstrip("\\ ") for line in lock.splitlines() if "==" in line and line[0].isalnum()]
    requirements = [r for r in map(Requirement, entries) if r.marker is None or r.marker.evaluate()]
    return {canonicalize_name(r.name): next(iter(r.specifier)).version for r in requirements}


def installed():
    """Return `{name: version}` of the packages that Python finds here."""
    return {canonicalize_name(d.name): d.version for d in importlib.metadata.distributions()}


def differences(wanted, installed):
    """Yield a sentence for each package of the lock that is missing or has another version."""
    for name, version in sorted(wanted.items()):
        if name not in installed:
            yield f"{name} {version} is in the lock and not installed."
        elif installed[name] != version:
            yield f"{name} is {version} in the lock, but {installed[name]} is installed."


def additions(wanted, installed):
    """Yield a sentence for each package that is installed and not in the lock."""
    for name in sorted(installed.keys() - wanted.keys() - SEEDS):
        yield f"{name} {installed[name]} is installed and not in the lock."


def main(exactly):
    """Compare."""
    here, named = installed(), wanted(LOCK.read_text(encoding="utf-8"))
    if wrong := [*differences(named, here), *(additions(named, here) if exactly else [])]:
        sys.exit("\n".join(f"compare: {sentence}" for sentence in wrong))
    print(f"compare: {len(named)} packages are installed as the lock names them.")


if __name__ == "__main__":
    main(exactly="--exactly" in sys.argv[1:])
