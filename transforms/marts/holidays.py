"""Public holidays of the company's country, as the `holidays` package knows them."""

from __future__ import annotations

from datetime import date

import holidays as calendars
import pyarrow as pa

SCHEMA = pa.schema([("date", pa.date32()), ("name", pa.string())])


def public_holidays(country: str, first: date, as_of: date) -> pa.Table:
    """(date, name) from the year of `first` to the year after `as_of`; empty for a country not known."""
    if country not in calendars.list_supported_countries():
        return SCHEMA.empty_table()
    years = range(first.year, as_of.year + 2)
    found = calendars.country_holidays(country, years=years)
    return pa.Table.from_pylist([{"date": day, "name": found[day]} for day in sorted(found)], schema=SCHEMA)
