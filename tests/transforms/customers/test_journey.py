"""Every touch of a customer in order: events of every contract in, numbered touches out."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from tests.support.small_tables import Tables, at, day, links, record

SEEN = ("touch_no", "touched_on", "hour", "channel", "touch", "detail")


def company() -> Tables:
    tables = Tables().put("customer_links", *links(c1=["shop:1", "club:1"], c2="shop:1-2/recipient"))
    for name in ("app", "club", "shop"):
        tables.put("channels", {"channel": name, "id_space": name})
    return tables.put("orders").put("order_lines")


def journey(tables: Tables, customer: int = 1, columns: tuple[str, ...] = SEEN) -> list[tuple[Any, ...]]:
    tables.need("journey")
    chosen = ", ".join(columns)
    return tables.con.execute(
        f"SELECT {chosen} FROM journey WHERE customer_id = {customer} ORDER BY touch_no"
    ).fetchall()


def sells(tables: Tables, order_id: int, on: str, clock: str | None = "10:15", **fields: Any) -> Tables:
    """An order of customer 1 with one line, as `orders` and `order_lines` tell it."""
    order = {"order_id": order_id, "customer_id": 1, "ordered_on": day(on), "channel": "shop"}
    shown = {"store": "T1", "city_code": "31.74", "purchase_method": "online", "payment_method": "card"}
    line = {"line_no": 1, "happened_on": day(on), "status": "completed", "net_revenue": Decimal(100)}
    ordered_at = at(day(on), clock) if clock else at(day(on), "00:00")
    sold = order | line | fields
    worth = {"status": sold["status"], "gross_revenue": max(sold["net_revenue"], Decimal(0))}
    tables.put("orders", order | shown | worth | {"customer_id": sold["customer_id"]})
    tables.put("order_lines", sold)
    header = {"order_space": "shop", "source_order_id": f"R{order_id}", "order_id": order_id}
    return tables.put("order_headers", header | {"ordered_at": ordered_at})


def gives_back(tables: Tables, order_id: int, on: str, amount: int) -> Tables:
    line = {"order_id": order_id, "line_no": 2, "customer_id": 1, "channel": "shop", "status": "returned"}
    worth = {"ordered_on": day("05"), "happened_on": day(on), "net_revenue": Decimal(amount)}
    return tables.put("order_lines", line | worth)


def mail(line: int, on: str, clock: str, type_name: str, **fields: Any) -> dict[str, Any]:
    row = record(line, on, clock, record_key="shop:1", source_channel="mail", channel="email", type=type_name)
    return row | {"campaign_id": "C1", "direction": "inbound"} | fields


def test_touches_of_all_kinds_stand_in_the_order_they_happened() -> None:
    tables = company()
    tables.put("contact_rows", record(1, "04", channel="club", record_key="club:1"))
    granted = {"purpose": "marketing", "channel": "whatsapp", "granted": True}
    tables.put("consent_rows", record(1, "04", "09:00", source_channel="club", record_key="club:1") | granted)
    tables.put("interaction_rows", mail(1, "05", "08:00", "sent", direction="outbound"))
    tables.put("interaction_rows", mail(2, "05", "09:30", "clicked"))
    sells(tables, 11, "05")
    gives_back(tables, 11, "05", -40)
    parcel = {
        "delivery_id": "D1",
        "attempt": 1,
        "order_id": "R11",
        "order_space": "shop",
        "status": "delivered",
    }
    tables.put("delivery_rows", record(1, "07", "14:00", channel="courier", record_key="shop:1") | parcel)
    spent = {"type": "burn", "points": Decimal(-3), "order_id": "R11", "order_space": "shop"}
    tables.put("loyalty_event_rows", record(1, "08", "12:00", channel="club", record_key="club:1") | spent)
    premium = {"policy_id": "P1", "due_on": day("10"), "paid_on": day("09"), "amount": Decimal(55)}
    tables.put("premium_rows", record(1, "09", channel="club", record_key="club:1") | premium)
    assert journey(tables) == [
        (1, day("04"), None, "club", "registered", None),
        (2, day("04"), 9, "club", "consent_given", "marketing"),
        (3, day("05"), 8, "mail", "campaign_sent", "C1"),
        (4, day("05"), 9, "mail", "campaign_clicked", "C1"),
        (5, day("05"), 10, "shop", "order", None),
        (6, day("05"), None, "shop", "return", None),
        (7, day("07"), 14, "courier", "delivered", None),
        (8, day("08"), 12, "club", "points_spent", None),
        (9, day("09"), None, "club", "premium_paid", None),
    ]


def test_a_touch_says_where_and_how() -> None:
    tables = sells(company(), 11, "05", clock=None)
    columns = ("hour", "is_inbound", "how", "payment_method", "store", "city_code", "order_id", "amount")
    assert journey(tables, columns=columns) == [
        (None, True, "online", "card", "T1", "31.74", 11, Decimal("100.00"))
    ]


def test_a_cancelled_order_is_one_touch_and_an_anonymous_one_is_nobodys() -> None:
    tables = sells(company(), 11, "05", status="cancelled", net_revenue=Decimal(0))
    sells(tables, 12, "05", customer_id=None)
    assert journey(tables, columns=("touch", "amount")) == [("cancelled", Decimal("0.00"))]
    assert len(tables.rows("journey")) == 1


def test_a_sale_undone_on_an_unknown_day_stays_an_order() -> None:
    tables = sells(company(), 11, "05", status="returned", net_revenue=Decimal(0))
    assert journey(tables, columns=("touch", "amount")) == [("order", Decimal("0.00"))]


def test_an_order_number_under_which_things_only_came_back_is_no_order() -> None:
    tables = sells(company(), 12, "06", status="returned", net_revenue=Decimal(-30))
    assert journey(tables, columns=("touch", "amount")) == [("return", Decimal("-30.00"))]


def test_a_channel_that_meets_a_customer_through_a_dealing_registers_nobody() -> None:
    tables = sells(company(), 11, "05")
    bought = record(1, "05", "10:15", channel="shop", record_key="shop:1")
    tables.put("order_line_rows", bought).put("contact_rows", bought)
    assert journey(tables, columns=("touch",)) == [("order",)]


def test_being_held_out_of_a_campaign_is_no_touch() -> None:
    tables = company()
    held = record(1, "05", channel="mail", record_key="shop:1")
    tables.put("campaign_target_rows", held | {"campaign_id": "C1", "holdout": True}).put(
        "contact_rows", held
    )
    assert journey(tables) == []


def test_the_recipient_of_a_parcel_is_named_and_the_buyer_is_not() -> None:
    tables = company().put("mapping_roles", {"channel": "courier", "mapping": 1, "role": "recipient"})
    row = record(1, "07", "14:00", channel="courier")
    parcel = {"record_key": "shop:1", "delivery_id": "D1", "status": "failed"}
    tables.put("delivery_rows", row | parcel).put("contact_rows", row | {"record_key": "shop:1-2/recipient"})
    assert journey(tables, customer=2) == [(1, day("07"), None, "courier", "named", "recipient")]
    assert journey(tables, columns=("touch",)) == [("delivery_failed",)]


def test_the_latest_version_of_a_ticket_a_consent_and_a_parcel_counts() -> None:
    tables = company()
    ticket = {"note_id": "T1", "campaign_id": None}
    tables.put("interaction_rows", mail(1, "05", "08:00", "complaint") | ticket)
    tables.put("interaction_rows", mail(2, "05", "08:00", "complaint", direction="outbound") | ticket)
    consent = record(1, "06", "09:00", source_channel="club", record_key="club:1", purpose="marketing")
    tables.put("consent_rows", consent | {"granted": True})
    tables.put("consent_rows", consent | {"granted": False, "arrived": day("08"), "file_seq": 2})
    parcel = record(1, "07", "14:00", channel="courier", record_key="shop:1", delivery_id="D1")
    tables.put("delivery_rows", parcel | {"status": "failed"})
    tables.put("delivery_rows", parcel | {"status": "returned", "line": 2})
    assert journey(tables, columns=("touch", "is_inbound")) == [
        ("interaction", False),
        ("consent_withdrawn", True),
        ("delivery_returned", False),
    ]


def test_points_an_order_earned_are_told_by_the_order() -> None:
    tables = company()
    earned = record(1, "05", "10:00", channel="club", record_key="club:1", type="earn", points=Decimal(5))
    tables.put("loyalty_event_rows", earned | {"order_id": "R1"})
    tables.put("loyalty_event_rows", earned | {"line": 2})
    assert journey(tables, columns=("touch", "points")) == [("points_earned", Decimal("5.00"))]


def test_a_premium_not_paid_by_as_of_shows_when_it_fell_due() -> None:
    tables = company()
    premium = {"policy_id": "P1", "due_on": day("10"), "amount": Decimal(55)}
    row = record(1, "02", channel="club", record_key="club:1") | premium
    tables.put("premium_rows", row | {"paid_on": dt.date(2026, 2, 2)})
    tables.put("premium_rows", row | {"policy_id": "P2", "due_on": dt.date(2026, 3, 1), "line": 2})
    assert journey(tables, columns=("touch", "touched_on")) == [("premium_due", day("10"))]


def test_touches_after_as_of_are_not_known_and_numbers_have_no_gaps() -> None:
    tables = company()
    for line, on in enumerate(("05", "05", "09", "31", "2026-02-01"), start=1):
        tables.put("interaction_rows", mail(line, on, "08:00", "opened"))
    assert journey(tables, columns=("touch_no",)) == [(1,), (2,), (3,), (4,)]


def test_the_day_is_that_of_the_companys_zone() -> None:
    tables = company()
    row = mail(1, "06", "00:30", "opened")
    assert row["event_at"] == dt.datetime(2026, 1, 5, 17, 30)
    tables.put("interaction_rows", row)
    assert journey(tables, columns=("touched_on", "hour")) == [(day("06"), 0)]
