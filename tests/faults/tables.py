"""Faults in tables the night makes: what a wrong model or a wrong join would leave behind."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.faults.model import Fault

ORDER: dict[str, Any] = {
    "order_id": 1,
    "customer_id": 7,
    "ordered_on": date(2026, 10, 8),
    "channel": "pos",
    "store": "T01",
    "city_code": "32.76",
    "salesperson": "K01",
    "purchase_method": "toko",
    "payment_method": "tunai",
    "status": "completed",
    "count_lines": 1,
    "gross_revenue": Decimal(100),
    "returned_revenue": Decimal(0),
    "net_revenue": Decimal(100),
    "margin": Decimal(30),
}
GOOD_ORDERS = [ORDER | {"order_id": number} for number in (1, 2, 3)]
CHANNELS = [{"channel": "pos"}]

# What differs from a good fourth order; None for the file's own columns, see the test.
CHANGES: dict[str, dict[str, Any] | None] = {
    "two orders of one number": {"order_id": 1},
    "an order without number": {"order_id": None},
    "a customer number beyond what JavaScript keeps": {"customer_id": 2**53},
    "an order without day": {"ordered_on": None},
    "an order in an unknown state": {"status": "lost"},
    "an order without lines": {"count_lines": 0},
    "gross revenue below zero": {"gross_revenue": Decimal(-1), "net_revenue": Decimal(-1)},
    "a return that brings money": {"returned_revenue": Decimal(5), "net_revenue": Decimal(105)},
    "net that is not gross less returns": {"net_revenue": Decimal("99.99")},
    "an order of a channel that does not exist": {"channel": "elsewhere"},
    "a phone number in a column for analysis": {"store": "hp 0812-3456-7890"},
    "an e-mail address in a column for analysis": {"salesperson": "budi@toko.id"},
    "an identity number in a column for analysis": {"payment_method": "3273015203900001"},
    "a card number in a column for analysis": {"payment_method": "4111 1111 1111 1111"},
    "a column of another type": None,
    "a column that is missing": None,
}
RULES = {
    "two orders of one number": ("key_unique", 2),
    "an order without number": ("order_id_not_null", 1),
    "a customer number beyond what JavaScript keeps": ("customer_id_between_1_and_9007199254740991", 1),
    "an order without day": ("ordered_on_not_null", 1),
    "an order in an unknown state": ("status_in_vocabulary", 1),
    "an order without lines": ("count_lines_at_least_1", 1),
    "gross revenue below zero": ("gross_revenue_at_least_0", 1),
    "a return that brings money": ("returned_revenue_at_most_0", 1),
    "net that is not gross less returns": ("net_is_gross_less_returns", 1),
    "an order of a channel that does not exist": ("channel_found_in_dim_channel", 1),
    "a phone number in a column for analysis": ("no_personal_text", 1),
    "an e-mail address in a column for analysis": ("no_personal_text", 1),
    "an identity number in a column for analysis": ("no_personal_text", 1),
    "a card number in a column for analysis": ("no_personal_text", 1),
    "a column of another type": ("schema_as_declared", 1),
    "a column that is missing": ("schema_as_declared", 1),
}
TABLE_FAULTS = tuple(
    Fault(name, "orders", (f"orders {rule}",), rows=rows) for name, (rule, rows) in RULES.items()
)
