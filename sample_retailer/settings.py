"""How large, how long and how messy the sample retailer is: every knob in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

FIRST_DAY = date(2024, 10, 1)
LAST_DAY = date(2026, 9, 30)
WINDOW_DAYS = (LAST_DAY - FIRST_DAY).days + 1
IDULFITRI = (date(2025, 3, 31), date(2026, 3, 20))


@dataclass(frozen=True)
class Settings:
    """Shares are of people unless said otherwise. Days are numbered from FIRST_DAY = 0."""

    customers: int = 20_000
    deliveries: int = 14
    seed: int = 2026

    buyers: float = 0.65
    shared_households: float = 0.25
    shared_phone: float = 0.40  # of those in a shared household: gives the household head's number
    has_email: float = 0.62
    has_landline: float = 0.12
    changed_phone: float = 0.08
    recycled_phone: float = 0.30  # of changed numbers: the old one passes to a stranger
    moved: float = 0.05
    walk_in_orders: float = 0.25  # anonymous store sales per person
    members_among_store_buyers: float = 0.62
    members_among_others: float = 0.15
    second_account: float = 0.04

    typo: float = 0.025
    late: float = 0.03  # of orders and forms: delivered one to four days late
    cancelled: float = 0.03
    returned: float = 0.035

    chunk_people: int = 100_000
    xlsx_rows_per_file: int = 50_000
    xlsx_rows_in_all: int = 200_000

    @property
    def first_delivery(self) -> int:
        """The day number of the first daily delivery; everything earlier is history."""
        return WINDOW_DAYS - self.deliveries

    @staticmethod
    def day(number: int) -> date:
        return FIRST_DAY + timedelta(days=number)
