"""Lists as they leave: whom `contactability` allows, each with the one address that may be used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pyarrow as pa

from assets.context import Context, spill_folder
from assets.day import Day
from assets.quarantine import stored_units
from warehouse.engine import identifier


def listed_people(
    context: Context,
    as_of: date,
    members: pa.Table,
    released: Mapping[str, pa.Table],
    fields: Sequence[str] = (),
) -> pa.Table:
    """The rows of a list whom the rules of contact allow, in the list's order.

    `members` has customer_id, item, position, purpose and contact_channel; `released` holds contactability,
    customer_links and customer_profile as the release has them, the rest is computed from what was known
    that day. `fields` are columns of the profile to be shown as well.
    """
    with (
        spill_folder() as spill,
        Day(context, as_of, stored_units(context), spill=spill) as day,
    ):
        day.put("list_members", members)
        for name, table in released.items():
            day.put(name, table)
        day.need("listed_addresses")
        shown = "".join(f", p.{identifier(name)}" for name in fields)
        return day.engine.fetch(
            f"SELECT l.*{shown} FROM listed_addresses AS l"
            " INNER JOIN customer_profile AS p ON p.customer_id = l.customer_id"
            " ORDER BY l.item NULLS FIRST, l.position NULLS FIRST, l.customer_id"
        )
