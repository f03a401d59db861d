"""The sheet of symptoms has each fault of the clinic once, with check and repair, and prints on one page."""

import re
from pathlib import Path

import fault_sheet
import pytest

from course.clinic import panel
from course.clinic.faults import CONFUSED, FAULTS
from course.clinic.repairs import REPAIRS

PAGE = Path(__file__).parents[1].joinpath("docs", "symptoms.md").read_text(encoding="utf-8")


def test_every_fault_stands_on_the_sheet_once():
    groups = re.findall(r"^```\{fault-sheet\}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    named = [name for group in groups for name in group.splitlines()]
    assert sorted(named) == sorted(FAULTS)


@pytest.mark.parametrize("name", FAULTS)
def test_a_row_says_what_the_clinic_knows(name):
    looks, check, cause, repair = fault_sheet.row(name)
    fault = FAULTS[name]
    assert (looks, cause, repair) == (fault.looks, fault.sentence, REPAIRS[fault.repair].sentence)
    first, *others = check.rstrip(".").lower().split("; ")
    experiment, _, number = fault.seen.partition(": ")
    assert first == (panel.READ[number].lower() if experiment == "panel" else experiment)
    told = {seen.partition(": ")[0] for pair, (seen, _) in CONFUSED.items() if name in pair}
    assert sorted(others) == sorted(told - {"panel", experiment})


def test_a_fault_that_is_unknown_is_named():
    with pytest.raises(ValueError, match="rate too hihg"):
        fault_sheet.row("rate too hihg")


def test_the_sheet_is_one_page_in_print_and_whole(visit, address):
    page = visit(f"{address}/symptoms.html")
    for paper in ("A4", "Letter"):
        assert page.pdf(format=paper).count(b"/Type /Page\n") == 1
    page.emulate_media(media="print")
    shown = page.locator("table.fault-sheet tbody tr")
    assert shown.count() == len(FAULTS)
    assert all(row.is_visible() for row in shown.all())
    assert not page.locator("table.experiments").is_visible()
    # Nothing is read under a size of 6.5 points.
    sizes = shown.locator("td").evaluate_all("tds => tds.map(e => parseFloat(getComputedStyle(e).fontSize))")
    assert min(sizes) >= 6.5 * 96 / 72
