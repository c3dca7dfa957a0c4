"""Faults of a whole delivery: each row is fine, but the day is not like the channel's other days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from tests.faults.files import good_rows
from tests.faults.model import Fault
from tests.faults.rows import Cells

HISTORY_DAYS, ROWS_A_DAY = 9, 50
SILENT = "deliveries"


def _each(change: Callable[[int, Cells], Cells]) -> Callable[[list[Cells]], list[Cells]]:
    return lambda rows: [row | change(number, row) for number, row in enumerate(rows)]


def _thousandfold(number: int, row: Cells) -> Cells:
    return {name: f"{row[name]}000" for name in ("price", "discount", "amount")}


# What the day's file of a channel is made of, instead of fifty good rows.
SPOILT: dict[str, Callable[[list[Cells]], list[Cells]]] = {
    "pos": lambda rows: rows[:5],
    "mail_orders": lambda rows: rows[:20],
    "email_campaigns": lambda rows: [r | {"email": f"{n}-{r['email']}"} for n in range(3) for r in rows],
    "partner": _each(_thousandfold),
    "points": _each(lambda number, row: {"points": "20"}),
    "loyalty": _each(lambda number, row: {"Email": "", "JK": row["JK"] if number % 2 else ""}),
    "marketplace": _each(lambda number, row: {"Status": "Dibatalkan"}),
    "permissions": _each(lambda number, row: {"granted": "true" if number % 2 else "false"}),
    "web_forms": _each(lambda number, row: {"Waktu": "nanti"} if number % 4 == 0 else {}),
}
CHANNELS = [*SPOILT, SILENT]


def history_of(channel: str, day: date) -> dict[date, list[Cells]]:
    """Good days before the day; the silent channel stops two days early."""
    last = 3 if channel == SILENT else 1
    days = [day - timedelta(days=before) for before in range(last, last + HISTORY_DAYS)]
    return {at: good_rows(channel, at, ROWS_A_DAY) for at in days}


def drift(name: str, where: str, rule: str, rows: int = 1, warns: bool = False) -> Fault:
    return Fault(name, where, (f"source_drift {rule}",), "warn" if warns else "error", rows=rows)


DRIFT_FAULTS = (
    drift("a file cut to a tenth", "pos", "volume_not_collapsed"),
    drift(
        "amounts, prices and discounts without their decimal sign", "partner", "levels_not_shifted", rows=3
    ),
    drift("a column that came empty", "loyalty", "fields_not_emptied"),
    drift("every order cancelled", "marketplace", "words_not_swapped", rows=2),
    drift("fewer than half the usual rows", "mail_orders", "volume_as_usual", warns=True),
    drift("more than twice the usual rows", "email_campaigns", "volume_as_usual", warns=True),
    drift("four times the usual points", "points", "levels_as_usual", warns=True),
    drift("a column that came half empty", "loyalty", "fields_filled_as_usual", warns=True),
    drift("half of all consents refused", "permissions", "words_as_usual", rows=2, warns=True),
    drift("a quarter of the rows in quarantine", "web_forms", "quarantine_as_usual", rows=2, warns=True),
    drift("a channel that fell silent", SILENT, "channels_fresh", warns=True),
)
OTHER_SOURCE_FAULTS = (
    Fault("a file of mostly broken rows", "pos", ("conservation mostly_accepted",)),
    Fault("a row lost on the way", "pos", ("conservation every_row_accounted",)),
    Fault("products that nobody has brought", "mail_orders", ("reference_gaps references_known",), "warn"),
)
SOURCE_FAULTS = (*DRIFT_FAULTS, *OTHER_SOURCE_FAULTS)
