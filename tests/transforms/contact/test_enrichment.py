"""Contact pressure, whom to ask for what, and where fields are won: small tables in, exact tables out."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from tests.support.small_tables import Tables, day, links, record


def sent(line: int, on: str, key: str = "mail:a", **more: Any) -> dict[str, Any]:
    row = record(line, on, "10:00", source_channel="mail", record_key=key, channel="email", type="sent")
    return row | {"direction": "outbound", "campaign_id": f"C{line}"} | more


def test_pressure_is_counted_over_salespeople_channels_and_campaigns() -> None:
    tables = Tables().put("customer_links", *links(c1=["mail:a", "club:1"], c2="mail:b"))
    tables.put("contact_settings", {"window_days": 30, "max_contacts": 2, "max_per_channel": 2})
    tables.put("contact_channels", {"contact_channel": "email", "position": 1})
    call = {"channel": "phone", "type": "call", "campaign_id": None}
    rows = [
        sent(1, "05"),
        sent(2, "10"),
        sent(3, "12", "club:1", salesperson="K1", **call),
        sent(4, "09", "mail:b"),
    ]
    tables.put("interaction_rows", *rows, sent(5, "2025-12-31", "mail:b"))
    tables.put("customer_owners", {"customer_id": 1, "owner": "K2"})
    columns = (
        "customer_id", "count_contacts", "count_contact_channels", "count_salespeople", "count_campaigns",
        "count_not_by_owner", "last_contact_on", "is_over_cap", "is_under_pressure",
    )  # fmt: skip
    assert tables.rows("contact_pressure", *columns) == [
        (1, 3, 2, 1, 2, 1, day("12"), True, True),
        (2, 1, 1, 0, 1, 0, day("09"), False, False),
    ]


def queued(*allowed: int) -> list[tuple[Any, ...]]:
    """Customer 1 is worth 100 and lacks two of three fields, 2 is worth 300 and lacks one, 3 is worth nothing."""
    tables = Tables().put("contact_channels", {"contact_channel": "email", "position": 1})
    for number in allowed:
        leave = {
            "customer_id": number,
            "purpose": "marketing",
            "contact_channel": "email",
            "is_allowed": True,
        }
        tables.put("contactability", leave)
    for field in ("email", "sex", "city", "hobbies"):
        tables.put("mapped_fields", {"contract": "contacts", "field": field})
    known = {"email": "a@toko.id", "sex": "female", "city": "Depok"}
    for number, worth, lacking in ((1, 100, ("sex", "city")), (2, 300, ("sex",)), (3, 0, ("email",))):
        tables.put("customer_profile", {"customer_id": number} | known | dict.fromkeys(lacking))
        tables.put("clv", {"customer_id": number, "horizon_days": 365, "clv": Decimal(worth)})
    tables.put("contactability")
    tables.put("customer_owners", {"customer_id": 2, "owner": "K1"})
    return tables.rows("enrichment_queue", "field", "position", "customer_id", "contact_channel", "priority")


def test_the_queue_is_of_expected_profit_times_what_is_missing() -> None:
    assert queued(1, 2, 3) == [
        ("city", 1, 1, "email", Decimal("66.67")),
        ("sex", 1, 2, "email", Decimal("100.00")),
        ("sex", 2, 1, "email", Decimal("66.67")),
    ]


def test_who_may_not_be_contacted_is_not_asked() -> None:
    assert [row[2] for row in queued(2)] == [2] and queued() == []


def test_a_field_is_won_by_who_told_it_first() -> None:
    tables = Tables().put("customer_links", *links(c1=["form:1", "club:1"], c2="form:2"))
    told = {"first_on": day("05"), "phones": []}
    tables.put(
        "contact_versions", told | {"record_key": "form:1", "channel": "form", "ord": 1, "email": "a@toko.id"}
    )
    second = {"record_key": "club:1", "channel": "club", "ord": 2, "email": "a@toko.id", "sex": "female"}
    tables.put("contact_versions", told | second)
    tables.put(
        "contact_versions", told | {"record_key": "form:2", "channel": "form", "ord": 3, "city": "Depok"}
    )
    long_ago = {
        "record_key": "club:1",
        "channel": "club",
        "ord": 0,
        "city": "Depok",
        "first_on": dt.date(2024, 1, 1),
    }
    tables.put("contact_versions", told | long_ago)
    visit = record(1, "05", source_channel="club", record_key="club:1", salesperson="K1", direction="inbound")
    tables.put("interaction_rows", visit)
    columns = ("channel", "salesperson", "field", "count_statements", "count_won", "yield_share")
    assert tables.rows("enrichment_yield", *columns) == [
        ("club", "K1", "sex", 1, 1, Decimal("1.000000")),
        ("form", "(none)", "city", 2, 1, Decimal("0.500000")),
        ("form", "(none)", "email", 2, 1, Decimal("0.500000")),
    ]
