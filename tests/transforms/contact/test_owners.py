"""One salesperson looks after a customer: small tables in, exact tables out."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.support.small_tables import Tables, day, links, record

_AS_OF = 16
COLUMNS = ("customer_id", "owner", "owned_since", "last_touch_on", "count_touches", "count_others")


def dealt(line: int, on: str, salesperson: str | None, key: str = "desk:a", **more: Any) -> dict[str, Any]:
    row = record(line, on, "10:00", source_channel="desk", record_key=key, channel="phone", type="call")
    return row | {"direction": "outbound", "salesperson": salesperson} | more


def company(owner_days: int = 7, by_sale: bool = False) -> Tables:
    tables = Tables(day(f"{_AS_OF}")).put("customer_links", *links(c1=["desk:a", "desk:b"], c2="desk:c"))
    return tables.put("contact_settings", {"owner_days": owner_days, "is_owned_by_sale": by_sale})


def test_the_owner_is_who_has_dealt_with_a_customer_for_longest_without_a_pause() -> None:
    rows = [
        dealt(1, "2025-12-01", "K1"),
        dealt(2, "02", "K2"), dealt(3, "09", "K2", "desk:b"), dealt(4, "16", "K2"),
        dealt(5, "12", "K1"), dealt(6, "13", "K1"), dealt(7, "13", "K1"), dealt(8, "14", "K1"),
        dealt(9, "15", None, "desk:c"),
    ]  # fmt: skip
    tables = company().put("interaction_rows", *rows).put("order_headers")
    assert tables.rows("customer_owners", *COLUMNS) == [(1, "K2", day("02"), day("16"), 3, 1)]


def test_who_falls_silent_loses_the_customer_and_calls_that_reached_nobody_do_not_count() -> None:
    rows = [dealt(1, "02", "K1"), dealt(2, "10", "K2"), dealt(3, "15", "K1", type="failed")]
    tables = company().put("interaction_rows", *rows).put("order_headers")
    assert tables.rows("customer_owners", *COLUMNS) == [(1, "K2", day("10"), day("10"), 1, 0)]


def test_sales_count_where_the_company_says_so() -> None:
    sale = {"customer_id": 2, "salesperson": "T7", "ordered_on": day("14"), "order_id": 1}
    nobodys = sale | {"customer_id": None, "order_id": 2}
    for by_sale, found in ((False, []), (True, [(2, "T7", day("14"), day("14"), 1, 0)])):
        tables = company(by_sale=by_sale).put("interaction_rows").put("order_headers", sale, nobodys)
        assert tables.rows("customer_owners", *COLUMNS) == found


@given(st.lists(st.tuples(st.integers(1, 16), st.sampled_from(["K1", "K2", "K3"])), max_size=12))
def test_a_customer_has_one_owner_whose_spell_no_other_began_before(
    touches: list[tuple[int, str]],
) -> None:
    rows = [dealt(n, f"{on:02}", who) for n, (on, who) in enumerate(touches, 1)]
    found = company().put("interaction_rows", *rows).put("order_headers").rows("customer_owners", *COLUMNS)
    spells = {
        who: spell for who in ("K1", "K2", "K3") if (spell := _spell([d for d, w in touches if w == who]))
    }
    assert len(found) == (1 if spells else 0)
    for _, owner, since, last, _, others in found:
        assert (since, last) == spells[owner]
        assert since == min(first for first, _ in spells.values())
        assert others == len(spells) - 1


def _spell(days: list[int]) -> tuple[dt.date, dt.date] | None:
    """The days at the end of which no pause is longer than 7 days, told one after the other."""
    start = previous = None
    for number in sorted(days):
        start = number if previous is None or number - previous > 7 else start
        previous = number
    if previous is None or start is None or _AS_OF - previous > 7:
        return None
    return day(f"{start:02}"), day(f"{previous:02}")
