"""A record unit: the stored records one mapping made of one file, and where each of its rows went."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from assets.bronze import RawFile
from assets.context import Context
from assets.profiles import Profile
from transforms.records import build
from warehouse.channels import Channel, Mapping
from warehouse.contracts import InputContract, arrow_type
from warehouse.files import private_dir, write_atomic

VERDICTS = (
    build.ACCEPTED, build.FILTERED, build.QUARANTINED, build.DUPLICATE, build.SUPPRESSED, build.EXPIRED,
)  # fmt: skip


@dataclass(frozen=True)
class Unit:
    """received = accepted + filtered + quarantined + duplicate + suppressed + expired: `received` is what the
    reader found in the file, the verdicts are counted afterwards, and the gate holds the two together. A row
    that was not accepted counts as before when it has expired.

    `min_arrived` and `max_arrived` are those of rows that were accepted, expired or not. `problem` says why
    a whole file was unusable; `expired` is what the raw file says of rows that are kept no longer.
    """

    channel: str
    contract: str
    mapping: int
    file_seq: int
    file_day: date
    records: Path
    quarantine: Path | None
    fingerprint: str
    min_arrived: date | None
    max_arrived: date | None
    counts: dict[str, int]
    received: int
    profile: Profile
    problem: str | None = None
    expired: str = ""

    @property
    def first_day(self) -> date:
        """The day from which the unit can matter: its file's, or its first accepted row's."""
        return self.file_day if self.min_arrived is None else min(self.file_day, self.min_arrived)


def record_schema(contract: InputContract) -> pa.Schema:
    """The Arrow schema of stored records of a contract."""
    types = {f.name: f.type for f in contract.fields} | {name: kind for name, kind, _ in contract.derived}
    simple = {
        "VARCHAR": pa.string(),
        "DATE": pa.date32(),
        "TIMESTAMP": pa.timestamp("us"),
        "INTEGER": pa.int32(),
        "BIGINT": pa.int64(),
    }
    return pa.schema(
        [
            pa.field(name, arrow_type(types[name]) if name in types else simple[duckdb])
            for name, duckdb in build.record_columns(contract).items()
        ]
    )


def unit_paths(context: Context, channel: Channel, mapping: Mapping, raw: RawFile) -> tuple[Path, Path]:
    """Where a unit's records and quarantine lie."""
    name = f"{raw.entry.file_hash}.{mapping.number}.parquet"
    records, quarantine = (folder / name for folder in _folders(context, channel, mapping))
    return records, quarantine


def make_unit_folders(context: Context, channel: Channel, mapping: Mapping) -> None:
    """The folders of a mapping's units, for their owner only."""
    for folder in _folders(context, channel, mapping):
        for level in (*reversed(folder.parents[:3]), folder):
            private_dir(level)


def _folders(context: Context, channel: Channel, mapping: Mapping) -> tuple[Path, Path]:
    vault = context.workspace.warehouse / "vault"
    records, quarantine = (
        vault / kind / mapping.contract / channel.name for kind in ("records", "quarantine")
    )
    return records, quarantine


def stored_unit(context: Context, channel: Channel, mapping: Mapping, raw: RawFile) -> Unit | None:
    """The unit as stored; None when it was never completed, or by a version that counted less."""
    meta = _description(context, channel, mapping, raw)
    return None if meta is None or "profile" not in meta else _described(context, channel, mapping, raw, meta)


def last_unit(context: Context, channel: Channel, mapping: Mapping, raw: RawFile) -> Unit | None:
    """The unit as any version stored it last, to be looked at; the profile is empty if it counted less."""
    meta = _description(context, channel, mapping, raw)
    return None if meta is None else _described(context, channel, mapping, raw, meta)


def _description(context: Context, channel: Channel, mapping: Mapping, raw: RawFile) -> dict[str, Any] | None:
    """What is written down beside a unit whose files are there."""
    records, quarantine = unit_paths(context, channel, mapping, raw)
    try:
        meta: dict[str, Any] = json.loads(records.with_suffix(".json").read_bytes())
    except FileNotFoundError:
        return None
    is_whole = records.is_file() and (not meta["has_quarantine"] or quarantine.is_file())
    return meta if is_whole else None


def _described(
    context: Context, channel: Channel, mapping: Mapping, raw: RawFile, meta: dict[str, Any]
) -> Unit:
    records, quarantine = unit_paths(context, channel, mapping, raw)
    days = [
        None if meta[key] is None else date.fromisoformat(meta[key]) for key in ("min_arrived", "max_arrived")
    ]
    counts = dict.fromkeys(VERDICTS, 0) | meta["counts"]
    return Unit(
        channel.name, mapping.contract, mapping.number, raw.entry.seq, raw.entry.file_day, records,
        quarantine if meta["has_quarantine"] else None, meta["fingerprint"], days[0], days[1],
        counts, meta.get("received", sum(counts.values())),
        Profile.from_json(meta["profile"]) if "profile" in meta else Profile(), meta["problem"],
        meta.get("expired", ""),
    )  # fmt: skip


def write_meta(unit: Unit) -> None:
    """Commit a unit: its description is written last, so a crash leaves it to be made again."""
    content = {
        "fingerprint": unit.fingerprint,
        "min_arrived": None if unit.min_arrived is None else unit.min_arrived.isoformat(),
        "max_arrived": None if unit.max_arrived is None else unit.max_arrived.isoformat(),
        "counts": unit.counts,
        "received": unit.received,
        "profile": unit.profile.to_json(),
        "has_quarantine": unit.quarantine is not None,
        "problem": unit.problem,
        "expired": unit.expired,
    }
    write_atomic(unit.records.with_suffix(".json"), json.dumps(content).encode(), 0o600)
