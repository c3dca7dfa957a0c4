"""landing → raw: every row as it came, once per file content, each row on its day of arrival."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from assets.context import Context, fingerprint_of
from assets.deliveries import Deliveries
from assets.raw_sql import identity_columns, raw_sql
from data_quality.refused import REFUSED_TEXT, Refusal, holds_card_sql, refusals_of
from warehouse.channels import Channel
from warehouse.contracts.refused import secret_kind
from warehouse.encrypted_files import content_of, encrypted
from warehouse.engine import Engine
from warehouse.errors import SatuError
from warehouse.files import TEMPORARY_PREFIX, private_dir, write_atomic
from warehouse.landing import LandingTable, Reject, read_file
from warehouse.ledger import FileEntry
from warehouse.store import write_parquet

RAW_VERSION = 4
EVENTS = frozenset({"seen_at", "ordered_at", "at"})
ROW = pa.field("_row", pa.int64())
GONE = "gone"
_SPECIAL = {
    "_file": pa.string(),
    "_line": pa.int64(),
    "_row": pa.int64(),
    "_file_hash": pa.string(),
    "_row_hash": pa.int64(),
    "_refused": pa.string(),
    "_arrived": pa.date32(),
}


@dataclass(frozen=True)
class RawFile:
    """A stored raw file and what the reader said of it; with `error` set nothing was readable.

    `refused` counts cells that are not kept because they held a secret; None for a file stored before that
    was looked for. `erased` counts rows and rejects taken out since, because they were of erased
    people, and `rewritten` is the checksum of what stayed; `purged` says under which suppressions rows were
    looked for, `held` the same when some were found. `expired` is the day of which rows are kept no longer:
    the file has a column that marks them.
    """

    entry: FileEntry
    path: Path
    fingerprint: str
    columns: tuple[str, ...]
    rows: int
    min_arrived: date | None
    max_arrived: date | None
    rejects: tuple[Reject, ...]
    notes: tuple[str, ...]
    error: str | None
    refused: tuple[Refusal, ...] | None = ()
    erased: int = 0
    rewritten: str = ""
    purged: str = ""
    held: str = ""
    expired: str = ""

    @property
    def layout(self) -> tuple[bool, bool, tuple[str, ...]]:
        """Files of one layout can be read together."""
        return self.refused is None, bool(self.expired), self.columns


def raw_files(
    context: Context, channel: Channel, progress: Callable[[str], None] = lambda text: None
) -> list[RawFile]:
    """Every registered file of a channel as raw rows, reading those not stored yet or stored differently."""
    entries, places = context.ledger.entries(channel.name), Deliveries(context, channel.name)
    found = [_fresh(context, channel, entry, places) for entry in entries]
    waiting = sum(raw is None for raw in found)
    if waiting == 0:
        return [raw for raw in found if raw is not None]
    progress(f"{channel.name}: reading {waiting} file(s)")
    with context.engine() as engine:
        return [
            raw or _raw_file(context, engine, channel, entry, places)
            for raw, entry in zip(found, entries, strict=True)
        ]


def stored_raw(context: Context, channel: Channel) -> list[RawFile]:
    """The raw files of a channel that are stored, without reading any landing file."""
    found = (_stored(context, entry) for entry in context.ledger.entries(channel.name))
    return [raw for raw in found if raw is not None]


def _fresh(context: Context, channel: Channel, entry: FileEntry, places: Deliveries) -> RawFile | None:
    """The stored raw file, when read as the channel is declared now or when its content is gone."""
    stored = _stored(context, entry)
    if stored is None or stored.fingerprint == _fingerprint(context, channel, entry):
        return stored
    return stored if places.path_of(entry) is None else None


def planned_raw(context: Context, channel: Channel, entry: FileEntry, places: Deliveries) -> RawFile:
    """A raw file under the fingerprint it would be stored with now; nothing is read or written."""
    fingerprint = _fingerprint(context, channel, entry)
    stored = _stored(context, entry)
    if stored is None:
        path = _path(context, entry)
        return RawFile(entry, path, fingerprint, (), 0, None, None, (), (), None)
    if stored.fingerprint == fingerprint or places.path_of(entry) is None:
        return stored
    return replace(stored, fingerprint=fingerprint)


def _fingerprint(context: Context, channel: Channel, entry: FileEntry) -> str:
    """What reading depends on: how files are written, and the event fields that give rows their day."""
    settings = context.workspace.settings
    events = [
        (m.contract, f.field, f.expression) for m in channel.mappings for f in m.fields if f.field in EVENTS
    ]
    company = (settings.timezone, settings.country)
    return fingerprint_of(
        RAW_VERSION, channel.source, channel.types, events, company, entry.rule, entry.file_day.isoformat(),
        identity_columns(channel), channel.not_cards,
    )  # fmt: skip


def _raw_file(
    context: Context, engine: Engine, channel: Channel, entry: FileEntry, places: Deliveries
) -> RawFile:
    """A file read and stored, if it holds what was registered, before and after it is read.

    Otherwise nothing is stored, so that the content is read once it is there again.
    """
    landing, final = places.path_of(entry), _path(context, entry)
    path = final.with_name(f"{TEMPORARY_PREFIX}{final.name}")
    private_dir(private_dir(path.parents[1]) / path.parent.name)
    made = None
    if landing is not None:
        made = _read(context, engine, channel, entry, landing, path)
    if made is None or places.path_of(entry) != landing:
        path.unlink(missing_ok=True)
        gone = SatuError(
            "the file was changed or removed before it was read", file=entry.path, fix="deliver it again"
        )
        return RawFile(entry, final, GONE, (), 0, entry.file_day, entry.file_day, (), (), str(gone))
    if made.error is None:
        os.replace(path, final)
    made = replace(made, path=final)
    write_raw_meta(made)
    return made


def _read(
    context: Context, engine: Engine, channel: Channel, entry: FileEntry, landing: Path, path: Path
) -> RawFile:
    fingerprint = _fingerprint(context, channel, entry)
    try:
        table, sql = landing_rows(context, engine, channel, entry, landing)
        schema = pa.schema([*((name, pa.string()) for name in table.columns), *_SPECIAL.items()])
        write_parquet(path, engine.reader(sql), schema, mode=0o600)
        engine.drop("landing")
    except SatuError as problem:
        problem.file = entry.path  # the same words wherever the workspace lies
        return RawFile(entry, path, fingerprint, (), 0, entry.file_day, entry.file_day, (), (), str(problem))
    rejects = _without_secrets(engine, table)
    columns, notes = tuple(table.columns), tuple(table.notes)
    return counted(engine, RawFile(entry, path, fingerprint, columns, 0, None, None, rejects, notes, None))


def landing_rows(
    context: Context, engine: Engine, channel: Channel, entry: FileEntry, landing: Path
) -> tuple[LandingTable, str]:
    """A landing file as the view `landing` of the engine, and the query that makes its raw rows."""
    table = read_file(landing, channel.source.options, channel.source.format)
    engine.put("landing", pa.RecordBatchReader.from_batches(table.schema.append(ROW), _numbered(table)))
    return table, raw_sql(context.workspace, channel, entry, table)


def counted(engine: Engine, raw: RawFile) -> RawFile:
    """A raw file with what is counted of its rows as they are stored now."""
    engine.attach("stored", [raw.path])
    days = engine.fetch("SELECT COUNT(*) AS n, MIN(_arrived) AS a, MAX(_arrived) AS b FROM stored")
    found = days.to_pylist()[0]
    refused = None if raw.refused is None else _refused(engine, raw.columns)
    return replace(raw, rows=found["n"], min_arrived=found["a"], max_arrived=found["b"], refused=refused)


def _refused(engine: Engine, columns: Sequence[str]) -> tuple[Refusal, ...]:
    flags = engine.fetch(
        "SELECT _refused AS flags, COUNT(*) AS n FROM stored WHERE _refused IS NOT NULL GROUP BY ALL"
    )
    return tuple(refusals_of(columns, {row["flags"]: row["n"] for row in flags.to_pylist()}))


def _without_secrets(engine: Engine, table: LandingTable) -> tuple[Reject, ...]:
    """Lines that could not be read, without the text of those that hold a secret, or may hold one."""
    if not table.rejects:
        return ()
    is_secret_file = any(secret_kind(name) is not None for name in table.columns)
    engine.put("rejected", pa.table({"text": pa.array([r.raw_text for r in table.rejects], pa.string())}))
    flags = engine.fetch(f"SELECT {holds_card_sql('text')} AS is_refused FROM rejected")["is_refused"]
    engine.drop("rejected")
    return tuple(
        replace(reject, raw_text=REFUSED_TEXT) if is_secret_file or is_refused else reject
        for reject, is_refused in zip(table.rejects, flags.to_pylist(), strict=True)
    )


def _numbered(table: LandingTable) -> Iterator[pa.RecordBatch]:
    """The file's rows with their number: a line that holds a list becomes several rows."""
    first = 1
    for batch in table.batches():
        numbers = np.arange(first, first + batch.num_rows, dtype=np.int64)
        yield batch.append_column(ROW, pa.array(numbers))
        first += batch.num_rows


def _stored(context: Context, entry: FileEntry) -> RawFile | None:
    path = _path(context, entry)
    try:
        meta = json.loads(content_of(path.with_suffix(".json")))
    except FileNotFoundError:
        return None
    if meta["error"] is None and not path.is_file():
        return None
    refused: list[dict[str, Any]] | None = meta.get("refused")
    return RawFile(
        entry=entry,
        path=path,
        fingerprint=meta["fingerprint"],
        columns=tuple(meta["columns"]),
        rows=meta["rows"],
        min_arrived=_day(meta["min_arrived"]),
        max_arrived=_day(meta["max_arrived"]),
        rejects=tuple(Reject(**reject) for reject in meta["rejects"]),
        notes=tuple(meta["notes"]),
        error=meta["error"],
        refused=None if refused is None else tuple(Refusal(**cells) for cells in refused),
        erased=meta.get("erased", 0),
        rewritten=meta.get("rewritten", ""),
        purged=meta.get("purged", ""),
        held=meta.get("held", ""),
        expired=meta.get("expired", ""),
    )


def write_raw_meta(raw: RawFile) -> None:
    """Commit a raw file: its description is written after its rows."""
    content = asdict(raw) | {"entry": None, "path": None}
    for key in ("min_arrived", "max_arrived"):
        content[key] = None if content[key] is None else content[key].isoformat()
    text = json.dumps({k: v for k, v in content.items() if k not in ("entry", "path")}, indent=1)
    path = raw.path.with_suffix(".json")  # it quotes rows that nobody could read
    write_atomic(path, encrypted(path, text.encode()), 0o600)


def _path(context: Context, entry: FileEntry) -> Path:
    return context.workspace.warehouse / "raw" / entry.channel / f"{entry.file_hash}.parquet"


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
