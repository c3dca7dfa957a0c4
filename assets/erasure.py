"""An erasure carried out, step by step, so that one cut off at any point is finished by the next writer.

    <warehouse>/vault/erasing.json     0600, while an erasure is under way: whom it is about
    <warehouse>/ledger/erasures.jsonl  one chained line per erasure: keyed hashes, files, rows

Each step finds for itself what is left to do. Everybody else's stored rows stay as they are: who is who is
not asked again, nothing is fitted again; groups and ranks are made anew, on every day that is kept.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from assets.blanking import blank_raw
from assets.context import Context
from assets.dagster_forgetting import forget_in_dagster
from assets.file_states import FileState, export_files
from assets.forgetting import forget_in_partitions
from assets.forgetting_decisions import (
    blank_in_decisions,
    forget_in_blacklist,
    forget_in_decisions,
    note_erased,
)
from assets.forgetting_names import forget_unborne_names
from assets.keeping import forget_anchors
from assets.landing_erasure import rewrite_landing
from assets.night import Night
from assets.records import all_raw, all_units
from assets.renewing import keep_fresh, renew_days
from assets.suppression import suppress
from assets.tables import workspace_tables
from data_quality.leaks import scan
from data_quality.needles import Needle, TextSearch
from transforms.records.suppression import RECORD
from warehouse.encrypted_files import content_of, encrypted
from warehouse.files import fsync_dir, private_dir, write_atomic
from warehouse.publish import expire
from warehouse.recovery import clean

JOURNAL = "erasing.json"
HISTORY = "customer_id_history"
CHECKPOINTS = (
    "noted", "decisions", "partitions", "raw", "records", "names", "matching", "history", "days", "exports",
    "landing", "dagster", "published", "cleaned",
)  # fmt: skip
Checkpoint = Callable[[str], None]


@dataclass(frozen=True)
class Sought:
    """What a search before an erasure found: identifiers looked for, how many of them, in how many places."""

    identifiers: int = 0
    found: int = 0
    places: int = 0


@dataclass(frozen=True)
class Erasure:
    """Whom an erasure is about, and how everything was before it.

    `customer_ids` are the numbers in the release of `as_of`, `entries` what keeps the people out from now on,
    `persons` the keyed hashes of each one's records, `needles` what identifies them, `blacklist` the lines
    about them alone, `marks` the fingerprint each kept day had.
    """

    number: str
    begun_at: datetime
    as_of: date
    release: int
    customer_ids: tuple[int, ...]
    record_keys: tuple[str, ...]
    entries: tuple[tuple[str, str], ...]
    persons: tuple[tuple[str, ...], ...]
    sought: Sought
    needles: tuple[Needle, ...]
    blacklist: tuple[list[str], ...]
    before: tuple[FileState, ...]
    marks: tuple[tuple[date, str], ...]


def begin(context: Context, erasure: Erasure) -> None:
    """Write down what is being erased: from here on it will be finished. For who holds the lock."""
    private_dir(journal(context).parent)
    text = json.dumps(asdict(erasure), default=_as_iso)
    write_atomic(journal(context), encrypted(journal(context), text.encode()), 0o600)


def under_way(context: Context) -> Erasure | None:
    """The erasure that was begun and not finished."""
    try:
        content: dict[str, Any] = json.loads(content_of(journal(context)))
    except FileNotFoundError:
        return None
    return Erasure(
        content["number"],
        datetime.fromisoformat(content["begun_at"]),
        date.fromisoformat(content["as_of"]),
        content["release"],
        tuple(content["customer_ids"]),
        tuple(content["record_keys"]),
        tuple((kind, known) for kind, known in content["entries"]),
        tuple(map(tuple, content["persons"])),
        Sought(**content["sought"]),
        tuple(Needle(**needle | {"values": tuple(needle["values"])}) for needle in content["needles"]),
        tuple(content["blacklist"]),
        tuple(FileState(**state) for state in content["before"]),
        tuple((date.fromisoformat(day), mark) for day, mark in content["marks"]),
    )


def end(context: Context) -> None:
    """The erasure is finished: nothing says any more whom it was about."""
    journal(context).unlink()
    fsync_dir(journal(context).parent)


def carry_out(context: Context, erasure: Erasure, checkpoint: Checkpoint = lambda name: None) -> list[date]:
    """Take the people out of everything stored, and publish anew. For who holds the warehouse's lock.

    `checkpoint` is called with each name in CHECKPOINTS as that step is done. Returned are days that lost
    their groups until they are run again.
    """
    texts = TextSearch(erasure.needles)
    suppress(context, erasure.entries)
    note_erased(context, erasure.customer_ids, erasure.as_of)
    checkpoint("noted")
    forget_in_decisions(context, erasure.record_keys)
    forget_in_blacklist(context, erasure.blacklist)
    blank_in_decisions(context, texts)
    forget_anchors(context, {known for kind, known in erasure.entries if kind == RECORD})
    checkpoint("decisions")
    forget_in_partitions(context, erasure.customer_ids, erasure.record_keys)
    checkpoint("partitions")
    all_raw(context)
    blank_raw(context, erasure.needles)
    checkpoint("raw")
    units = all_units(context)
    checkpoint("records")
    forget_unborne_names(context, units)
    checkpoint("names")
    shutil.rmtree(context.workspace.warehouse / "vault" / "matching", ignore_errors=True)
    checkpoint("matching")
    _tell_history(context, erasure)
    checkpoint("history")
    without_groups = renew_days(context, units, erasure.as_of)
    keep_fresh(context, units, {day: mark for day, mark in erasure.marks if day not in without_groups})
    checkpoint("days")
    _drop_exports(context, erasure.needles)
    checkpoint("exports")
    rewrite_landing(context, erasure.needles, context.workspace.business_day(erasure.begun_at))
    checkpoint("landing")
    forget_in_dagster(context, erasure.needles)
    checkpoint("dagster")
    Night(context, erasure.as_of, units).publish()
    checkpoint("published")
    expire(context.workspace.warehouse, keep=1)
    clean(context.workspace.warehouse, context.workspace.models, context.workspace.decisions)
    checkpoint("cleaned")
    return without_groups


def _tell_history(context: Context, erasure: Erasure) -> None:
    """The event `erased` on the release's day, as a night of that day would tell it."""
    table = workspace_tables(context.workspace)[HISTORY]
    stored = context.store.partition(table, erasure.as_of)
    if stored is None:
        return
    with context.engine() as engine:
        engine.attach("stored", [stored.path])
        engine.put("erased", pa.table({"id": pa.array(erasure.customer_ids, pa.int64())}))
        rows = f"""
SELECT * FROM stored WHERE customer_id NOT IN (SELECT id FROM erased)
UNION ALL BY NAME
SELECT DATE '{erasure.as_of.isoformat()}' AS as_of, id AS customer_id, id AS previous_customer_id,
    'erased' AS event, 'asked to be forgotten' AS cause
FROM erased
"""
        context.store.write_partition(table, erasure.as_of, engine, rows, stored.fingerprint)


def _drop_exports(context: Context, needles: tuple[Needle, ...]) -> None:
    """A list that names an erased person goes, it can be exported again; so does what the person was told."""
    files = export_files(context)
    for path in {leak.path for leak in scan(files, needles)} if files and needles else ():
        path.unlink(missing_ok=True)


def _as_iso(moment: date) -> str:
    return moment.isoformat()


def journal(context: Context) -> Path:
    """What is being erased, while it is."""
    return context.workspace.warehouse / "vault" / JOURNAL
