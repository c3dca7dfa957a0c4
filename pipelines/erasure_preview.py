"""What erasing people would take, by kind of file: counts, never values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pyarrow as pa

from assets.context import Context
from assets.file_states import export_files
from assets.forgetting import named_in_partitions
from assets.quarantine import stored_units
from data_quality.leaks import Leak, scan
from data_quality.needles import Needle
from pipelines.subject import Subject
from transforms.records.build import ACCEPTED
from warehouse.engine import read_parquet
from warehouse.publish import kept_releases
from warehouse.recovery import writing

SEARCHED = {"quarantine": "warehouse/vault/quarantine", "decisions": "decisions"}


@dataclass(frozen=True)
class Going:
    """Files of one kind that hold something of the people, and in how many rows; None where rows are not
    counted because the file goes as a whole."""

    kind: str
    files: int
    rows: int | None


def preview(context: Context, subjects: Sequence[Subject], needles: Sequence[Needle]) -> list[Going]:
    """What would go, in the order of the data's way. Nothing is changed."""
    with writing(context.workspace.warehouse):
        found = [*_records(context, subjects), *_searched(context, needles), *_days(context, subjects)]
    matching = sum(1 for _ in (context.workspace.warehouse / "vault" / "matching").glob("*.arrow"))
    releases = len(kept_releases(context.workspace.warehouse))
    return [*found, Going("matching", matching, None), Going("release", releases, None)]


def _records(context: Context, subjects: Sequence[Subject]) -> Iterator[Going]:
    """Raw rows that became records of the people, and the records."""
    keys = sorted({key for subject in subjects for key in subject.record_keys})
    units = [unit for unit in stored_units(context) if unit.counts[ACCEPTED]]
    parts = [
        f"SELECT record_key, file_seq, line, {number} AS unit_no FROM {read_parquet([unit.records])}"
        for number, unit in enumerate(units)
    ]
    if not parts:
        return
    with context.engine() as engine:
        engine.put("own_keys", pa.table({"record_key": pa.array(keys, pa.string())}))
        engine.materialise(
            "own", f"SELECT * FROM ({' UNION ALL '.join(parts)}) SEMI JOIN own_keys USING (record_key)"
        )
        counted = engine.fetch(
            "SELECT COUNT(DISTINCT file_seq) AS raw_files, COUNT(DISTINCT (file_seq, line)) AS raw_rows,"
            " COUNT(DISTINCT unit_no) AS files, COUNT(*) AS records FROM own"
        ).to_pylist()[0]
    yield Going("raw", counted["raw_files"], counted["raw_rows"])
    yield Going("records", counted["files"], counted["records"])


def _searched(context: Context, needles: Sequence[Needle]) -> Iterator[Going]:
    home = context.workspace.home
    for kind, folder in SEARCHED.items():
        files = sorted(path for path in (home / folder).rglob("*") if path.is_file())
        yield _going(kind, scan(files, needles) if files else [])
    files = export_files(context)
    gone = {leak.path for leak in scan(files, needles)} if files else set[Path]()
    yield Going("export", len(gone), None)


def _going(kind: str, leaks: Iterable[Leak]) -> Going:
    """Files, and in each as many rows as its fullest place."""
    by_file = [list(found) for _, found in groupby(leaks, key=lambda leak: leak.path)]
    return Going(kind, len(by_file), sum(max(leak.count for leak in found) for found in by_file))


def _days(context: Context, subjects: Sequence[Subject]) -> Iterator[Going]:
    keys = sorted({key for subject in subjects for key in subject.record_keys})
    named = named_in_partitions(context, [subject.customer_id for subject in subjects], keys)
    yield Going("partition", len(named), sum(rows for _, rows in named))
