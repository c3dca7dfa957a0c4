"""Days opened beside the one a night makes, each for a single question."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa

from assets.configuration import decisions_but_those_of
from assets.context import Context
from assets.day import Day
from assets.units import Unit


def day_to_fit(context: Context, on: date, units: list[Unit]) -> Day:
    """A day of which fits read purchases alone: without anybody's place, and so without the golden record."""
    day = Day(context, on, units)
    for name, places in (("customer_traits", ("own_city_code",)), ("customer_groups", ("city_code",))):
        columns = [("customer_id", pa.int64()), *((place, pa.string()) for place in places)]
        day.put(name, pa.schema(columns).empty_table())
    return day


def links_before(context: Context, as_of: date, units: list[Unit]) -> pa.Table:
    """The links (record_key, customer_id) of the day before, as yet without the decisions of this one."""
    with Day(context, as_of - timedelta(days=1), units) as before:
        before.put("decisions", decisions_but_those_of(context, as_of))
        return before.fetch("customer_links", "record_key, customer_id")
