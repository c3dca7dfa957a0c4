"""The cells that were not kept because they held a secret, as a table of counts."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from assets.bronze import stored_raw
from assets.context import Context
from warehouse.contracts import arrow_schema, load_table


def refused_secrets(context: Context, as_of: date) -> pa.Table:
    """One row per file, column and kind of secret, of files that had come by a day."""
    rows = [
        {
            "channel": channel.name,
            "file": raw.entry.path,
            "file_day": raw.entry.file_day,
            "column_name": cells.column,
            "kind": cells.kind,
            "count_rows": cells.rows,
        }
        for channel in context.workspace.channels.values()
        for raw in stored_raw(context, channel)
        if min(raw.entry.file_day, raw.min_arrived or raw.entry.file_day) <= as_of
        for cells in raw.refused or ()
    ]
    return pa.Table.from_pylist(rows, schema=arrow_schema(load_table("refused_secrets")))
