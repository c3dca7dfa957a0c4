"""The ledger of consent: what records say in, who said what and what is in force out."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.small_tables import Tables, at, day, links, record

SEEN = ("customer_id", "record_key", "is_granted", "is_in_force")


def said(
    line: int, on: str, key: str, granted: bool, clock: str | None = "09:00", **more: Any
) -> dict[str, Any]:
    row = record(line, on, clock, source_channel=key.split(":")[0], record_key=key, granted=granted)
    return row | {"purpose": "marketing", "channel": "email"} | more


def in_force(*rows: dict[str, Any], **customers: list[str]) -> dict[int, bool]:
    """Customer → whether the newest word is a grant."""
    tables = Tables().put("customer_links", *links(**customers)).put("consent_rows", *rows)
    found = tables.rows("consents", *SEEN)
    return {customer: granted for customer, _, granted, counts in found if counts}


def test_a_statement_keeps_its_time_text_and_proof() -> None:
    row = said(1, "05", "form:1", True, text_version="v2", proof="F-1", channel=None)
    tables = Tables().put("customer_links", *links(c1="form:1")).put("consent_rows", row)
    columns = ("purpose", "contact_channel", "channel", "stated_on", "stated_at", "text_version", "proof")
    assert tables.rows("consents", *columns) == [
        ("marketing", "any", "form", day("05"), at(day("05"), "09:00"), "v2", "F-1")
    ]


def test_the_newest_word_counts_whatever_record_said_it() -> None:
    rows = (said(1, "05", "form:1", True), said(1, "07", "mail:a", False), said(2, "09", "form:1", True))
    assert in_force(*rows[:2], c1=["form:1", "mail:a"]) == {1: False}
    assert in_force(*rows, c1=["form:1", "mail:a"]) == {1: True}


def test_statements_follow_their_records_when_customers_are_split() -> None:
    rows = (said(1, "05", "form:1", True), said(1, "07", "mail:a", False))
    assert in_force(*rows, c1=["form:1"], c2=["mail:a"]) == {1: True, 2: False}


def test_of_one_moment_the_withdrawal_counts_and_without_a_time_of_day_it_counts_for_its_day() -> None:
    granted = said(1, "05", "form:1", True, clock="21:00")
    assert in_force(granted, said(2, "05", "form:2", False, clock="21:00"), c1=["form:1", "form:2"]) == {
        1: False
    }
    assert in_force(granted, said(2, "05", "form:2", False, clock="20:59"), c1=["form:1", "form:2"]) == {
        1: True
    }
    assert in_force(granted, said(2, "05", "form:2", False, clock=None), c1=["form:1", "form:2"]) == {
        1: False
    }
    renewed = said(3, "06", "form:1", True, clock=None)
    withdrawn = said(2, "05", "form:2", False, clock=None)
    assert in_force(granted, withdrawn, renewed, c1=["form:1", "form:2"]) == {1: True}


def test_a_corrected_statement_replaces_its_earlier_version() -> None:
    row = said(1, "05", "form:1", True)
    corrected = row | {"granted": False, "arrived": day("08"), "file_seq": 2}
    assert in_force(row, corrected, c1=["form:1"]) == {1: False}


def test_a_statement_that_came_after_as_of_is_not_known() -> None:
    late = said(2, "07", "form:1", False) | {"arrived": dt.date(2026, 2, 1)}
    assert in_force(said(1, "05", "form:1", True), late, c1=["form:1"]) == {1: True}


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(4)), st.lists(st.booleans(), min_size=4, max_size=4))
def test_the_order_in_which_rows_are_read_decides_nothing(order: list[int], grants: list[bool]) -> None:
    rows = [said(n, "05", f"form:{n}", granted) for n, granted in enumerate(grants)]
    keys = [f"form:{n}" for n in range(4)]
    assert in_force(*(rows[n] for n in order), c1=keys) == {1: all(grants)}
