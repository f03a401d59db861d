"""List the licences of what the lock installs on a page of the site, as the packages state them."""

import importlib.metadata
import re
import sys
from pathlib import Path

from audit import LOCK, pins

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "licences.md"
ROW = re.compile(r"^\| (?P<name>\S+) \| (?P<version>\d\S*) \| (?P<licence>.+) \|$", re.MULTILINE)
HEAD = re.compile(r".*^\|(?:-+\|)+\n", re.MULTILINE | re.DOTALL)


def stated(package):
    """Return the licence that the metadata of a package state, in their own words, or None.

    The newest field is an expression of SPDX. Older ones are a free text, which may be the licence in
    full, and the classifiers.
    """
    if expression := package["License-Expression"]:
        return expression
    classes = [
        entry.split(" :: ")[-1] for entry in package.get_all("Classifier", []) if "License ::" in entry
    ]
    text = (package["License"] or "").strip()
    return text if 0 < len(text) < 40 and text != "UNKNOWN" else " or ".join(classes) or None


def listed(page):
    """Return the rows of the page: `{(name, version): licence}`."""
    return {(row["name"], row["version"]): row["licence"] for row in ROW.finditer(page)}


def found(pinned, page):
    """Return the licence of each pinned version; the page keeps what is not stated here.

    A lock holds for all systems, so that some of it is never installed on this one; and some state none.
    """
    licences = {}
    known = {name: licence for (name, _), licence in listed(page).items()}
    for name, version in pinned:
        try:
            package = importlib.metadata.metadata(name)
        except importlib.metadata.PackageNotFoundError:
            package = {"Version": None}
        licence = (stated(package) if package["Version"] == version else None) or known.get(name)
        if not licence:
            sys.exit(f"licences: {name} {version} is not installed here or states none: add its row by hand.")
        licences[name, version] = licence
    return licences


def main():
    """Write the page anew, below its head."""
    page = PAGE.read_text(encoding="utf-8")
    rows = found(pins(LOCK.read_text(encoding="utf-8")), page)
    table = "".join(
        f"| {name} | {version} | {licence} |\n" for (name, version), licence in sorted(rows.items())
    )
    PAGE.write_text(HEAD.match(page)[0] + table, encoding="utf-8")


if __name__ == "__main__":
    main()
