"""What retention by purpose leaves behind: the keyed stubs of anchors.

A stub is the keyed hash of a record that stays, with the number it had from an anchor that is kept no longer.
Like the files ledger it is data: decided once, backed up, never derived again.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assets.context import Context
from warehouse.contracts import load_table
from warehouse.encrypted_files import opened
from warehouse.engine import Engine
from warehouse.files import private_dir
from warehouse.store import write_parquet

STUBS = pa.schema([("record_hash", pa.string()), ("customer_id", pa.int64()), ("anchor_ord", pa.int64())])
_DAY_ZERO, _DAYS = date(1900, 1, 1), 1_000_000


def kept_anchors(context: Context, as_of: date) -> pa.Table:
    """The stubs of anchors that had arrived by a day, by the hash of the record that bears the number."""
    stubs = _stored(context)
    since = (as_of - _DAY_ZERO).days
    ords = stubs.column("anchor_ord")
    arrived = pc.subtract(ords, pc.multiply(pc.divide(ords, _DAYS), _DAYS))
    return stubs.filter(pc.less_equal(arrived, since))


def keep_anchors(context: Context, as_of: date, engine: Engine, all_rows: list[str]) -> None:
    """Write down whose number came from an anchor that lost rows, before the day that shows it without them.

    The last stored links, those of the day itself when it is made again, say who was one with whom. Needs
    `expired_records` and `record_touches` of the day; `all_rows` are the stored rows of every contract about
    people.
    """
    links = [p for p in context.store.partitions(load_table("customer_links")) if p.as_of <= as_of]
    if not links:
        return
    engine.attach("links_before", [links[-1].path])
    engine.put("stubs_before", _stored(context))
    found = engine.fetch(_stubs_sql(all_rows))
    _store(context, found)


def forget_anchors(context: Context, record_hashes: Collection[str]) -> None:
    """Remove the stubs of erased records. For who holds the warehouse's lock."""
    stubs = _stored(context)
    gone = pc.is_in(stubs.column("record_hash"), pa.array(sorted(record_hashes), pa.string()))
    _store(context, stubs.filter(pc.invert(gone)))


def _stubs_sql(all_rows: list[str]) -> str:
    """Of several numbers a record could bear, that of the earliest anchor stays."""
    touches = " UNION ALL ".join(f"SELECT record_key, file_batch, arrived FROM {name}" for name in all_rows)
    return f"""
WITH lost AS (
    SELECT DISTINCT l.anchor FROM links_before AS l SEMI JOIN expired_records AS e ON e.record_key = l.anchor
),
received AS (
    SELECT a.anchor,
        MIN(CAST(t.file_batch AS BIGINT) * {_DAYS} + days_between(DATE '{_DAY_ZERO}', t.arrived))
            AS anchor_ord
    FROM lost AS a
    INNER JOIN ({touches}) AS t ON t.record_key = a.anchor
    GROUP BY a.anchor
),
anchored AS (
    SELECT r.anchor, LEAST(r.anchor_ord, COALESCE(MIN(s.anchor_ord), r.anchor_ord)) AS anchor_ord
    FROM received AS r
    LEFT JOIN stubs_before AS s ON s.record_hash = keyed_hash(r.anchor)
    GROUP BY r.anchor, r.anchor_ord
),
stubs AS (
    SELECT record_hash, customer_id, anchor_ord FROM stubs_before
    UNION ALL
    SELECT keyed_hash(l.record_key), l.customer_id, a.anchor_ord
    FROM links_before AS l
    INNER JOIN anchored AS a ON a.anchor = l.anchor
    WHERE l.record_key IN (SELECT t.record_key FROM record_touches AS t)
)
SELECT record_hash, customer_id, anchor_ord
FROM stubs
QUALIFY ROW_NUMBER() OVER (PARTITION BY record_hash ORDER BY anchor_ord, customer_id) = 1
ORDER BY record_hash
"""


def _stored(context: Context) -> pa.Table:
    path = _path(context)
    return pq.read_table(opened(path), schema=STUBS) if path.is_file() else STUBS.empty_table()


def _store(context: Context, stubs: pa.Table) -> None:
    if stubs != _stored(context):
        rows = pa.RecordBatchReader.from_batches(STUBS, stubs.to_batches())
        write_parquet(_path(context), rows, STUBS, mode=0o600)


def _path(context: Context) -> Path:
    return private_dir(context.workspace.warehouse / "ledger") / "anchors.parquet"
