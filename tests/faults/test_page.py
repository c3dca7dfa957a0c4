"""The guide says of planted faults what the suite plants."""

from __future__ import annotations

from tests.faults.page import BETWEEN, KINDS, PAGE, page_with_faults


def test_the_guide_lists_the_faults_of_the_suite() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert BETWEEN.search(written)
    assert written == page_with_faults(written), "run python -m tests.faults.page"


def test_at_least_forty_kinds_of_faults_have_names_of_their_own() -> None:
    names = [fault.name for _, faults in KINDS.values() for fault in faults]
    assert len(names) == len(set(names)) >= 40
