"""The page of licences names what the lock pins, and says of each package what the package says itself."""

import email.message
import importlib.metadata
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import audit  # noqa: E402
import licences  # noqa: E402

LISTED = licences.listed(licences.PAGE.read_text(encoding="utf-8"))
PINNED = audit.pins(audit.LOCK.read_text(encoding="utf-8"))


def test_the_page_has_a_row_for_each_version_in_the_lock_and_no_other():
    assert list(LISTED) == sorted(PINNED), "run make licences"


def test_each_row_says_what_the_package_says():
    compared = 0
    for (name, version), licence in LISTED.items():
        try:
            package = importlib.metadata.metadata(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        if package["Version"] == version:
            # What a package does not state stands on the page by hand.
            assert licences.stated(package) in (licence, None), name
            compared += 1
    assert compared > 100


def test_no_licence_forbids_a_use_or_reaches_over_to_the_course():
    # Docutils is in the public domain but for a mode of Emacs, which nothing here uses.
    strict = {name for (name, _), licence in LISTED.items() if re.search("GPL|General Public|NC", licence)}
    assert strict <= {"docutils"}


@pytest.mark.parametrize(
    ("fields", "licence"),
    [
        ([("License-Expression", "MIT"), ("License", "other")], "MIT"),
        (
            [("License", "BSD-3-Clause"), ("Classifier", "License :: OSI Approved :: BSD License")],
            "BSD-3-Clause",
        ),
        ([("License", "x" * 99), ("Classifier", "License :: OSI Approved :: BSD License")], "BSD License"),
        ([("License", "UNKNOWN"), ("Classifier", "Topic :: Education")], None),
    ],
)
def test_the_newest_field_counts(fields, licence):
    package = email.message.Message()
    for field in fields:
        package.add_header(*field)
    assert licences.stated(package) == licence


def test_what_is_not_installed_keeps_its_row_or_is_named():
    page = "| nowhere | 1.0 | MIT |"
    assert licences.found([("nowhere", "1.1")], page) == {("nowhere", "1.1"): "MIT"}
    with pytest.raises(SystemExit, match=r"elsewhere 2\.0 is not installed here or states none"):
        licences.found([("elsewhere", "2.0")], page)
