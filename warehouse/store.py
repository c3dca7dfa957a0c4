"""Partitions: one Parquet file per table and day, byte-identical for identical rows.

    <warehouse>/lake/<table>/as_of=YYYY-MM-DD/{000001.parquet, manifest.json}     BI tables
    <warehouse>/vault/<table>/as_of=YYYY-MM-DD/{000001.parquet, manifest.json}    personal data, 0700 and 0600
    <warehouse>/staging/                                                          written, not yet accepted

A partition exists when its manifest names it: replacing the manifest is the commit point. A file is never
changed; new content is a new file, and the old one stays for its readers until `recovery` finds that neither
a manifest nor a kept release names it. No clock and no run id enters a Parquet file.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.contracts import Table, arrow_schema
from warehouse.encrypted_files import binary, sink
from warehouse.engine import Engine, identifier
from warehouse.errors import SatuError
from warehouse.files import fsync_dir, private_dir, write_atomic

ROW_GROUP_ROWS = 122_880
ZSTD_LEVEL = 3
MANIFEST = "manifest.json"
PRIVATE = 0o600
_STAGED_ROWS = "_rows_to_stage"


@dataclass(frozen=True)
class WriteResult:
    """What was written: number of rows, checksum and size of the file."""

    rows: int
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Partition:
    """A committed day of a table. `fingerprint` says from which inputs and logic it was made."""

    table: str
    as_of: date
    path: Path
    rows: int
    sha256: str
    fingerprint: str


@dataclass(frozen=True)
class Staged:
    """A day of a table, written aside for the gate to look at; `commit` or `discard` it."""

    table: Table
    as_of: date
    path: Path
    rows: int
    sha256: str


def write_parquet(
    path: Path,
    reader: pa.RecordBatchReader,
    schema: pa.Schema,
    *,
    row_group_size: int = ROW_GROUP_ROWS,
    metadata: dict[str, str] | None = None,
    mode: int = 0o644,
) -> WriteResult:
    """Stream rows into one Parquet file, atomically. The bytes depend on rows, order and schema only.

    Batches are cut anew into exact row groups, so neither batch sizes nor threads show. Columns are taken by
    name and cast to `schema`; a value that does not fit is an error, never rounded. A private file is
    encrypted where private files are; the checksum is that of its content.
    """
    if metadata:
        schema = schema.with_metadata(metadata)
    rows = 0

    def write(temporary: Path) -> None:
        nonlocal rows
        with (
            sink(path, temporary) if mode == PRIVATE else nullcontext(temporary) as target,
            pq.ParquetWriter(target, schema, **_encoding(schema)) as writer,
        ):
            for group in _row_groups(reader, schema, row_group_size):
                writer.write_table(group, row_group_size=row_group_size)
                rows += group.num_rows

    write_atomic(path, write, mode)
    with binary(path) as file:
        checksum = hashlib.file_digest(file, "sha256").hexdigest()
    return WriteResult(rows, checksum, path.stat().st_size)


class Store:
    """The partitions under one warehouse folder. Only the holder of the warehouse lock writes."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def stage(self, table: Table, as_of: date, engine: Engine, rows: str | pa.Table) -> Staged:
        """Write a query's rows (or an Arrow table's), ordered by the table's key, aside for the gate."""
        staging = private_dir(self.root / "staging")
        path = staging / f"{table.name}.{as_of}.{secrets.token_hex(4)}.parquet"
        if isinstance(rows, pa.Table):
            engine.put(_STAGED_ROWS, rows)
            rows = f"SELECT * FROM {_STAGED_ROWS}"
        try:
            reader = engine.reader(ordered_select(table, rows))
            mode = PRIVATE if table.zone == "vault" else 0o644
            written = write_parquet(path, reader, arrow_schema(table), mode=mode)
        except pa.ArrowInvalid as error:
            raise SatuError(f"table {table.name} for {as_of}: {error}", fix="cast it in the model") from error
        finally:
            engine.drop(_STAGED_ROWS)
        return Staged(table, as_of, path, written.rows, written.sha256)

    def commit(self, staged: Staged, fingerprint: str) -> Partition:
        """Make staged rows the partition. Unchanged rows keep their file; only the fingerprint is renewed."""
        current = self.partition(staged.table, staged.as_of)
        if current is not None and current.sha256 == staged.sha256:
            staged.path.unlink()
            committed = replace(current, fingerprint=fingerprint)
            if committed != current:
                self._write_manifest(committed)
            return committed
        folder = self._folder(staged.table, staged.as_of)
        if not folder.exists():
            _make_folder(folder, private=staged.table.zone == "vault")
        path = folder / f"{_next_sequence(folder):06d}.parquet"
        os.replace(staged.path, path)
        fsync_dir(folder)
        committed = Partition(staged.table.name, staged.as_of, path, staged.rows, staged.sha256, fingerprint)
        self._write_manifest(committed)
        return committed

    def renew(self, partition: Partition, fingerprint: str) -> Partition:
        """The same rows as what other inputs give."""
        renewed = replace(partition, fingerprint=fingerprint)
        self._write_manifest(renewed)
        return renewed

    def discard(self, staged: Staged) -> None:
        """Throw staged rows away; the partition stays as it was."""
        staged.path.unlink(missing_ok=True)

    def write_partition(
        self, table: Table, as_of: date, engine: Engine, rows: str | pa.Table, fingerprint: str
    ) -> Partition:
        """Stage and commit at once, for tables without a gate."""
        return self.commit(self.stage(table, as_of, engine, rows), fingerprint)

    def days(self, tables: Iterable[Table]) -> list[date]:
        """The days of which any of the tables has a partition, in order."""
        return sorted({part.as_of for table in tables for part in self.partitions(table)})

    def partition(self, table: Table, as_of: date) -> Partition | None:
        """The committed partition of that very day."""
        return read_partition(self._folder(table, as_of))

    def partitions(self, table: Table) -> list[Partition]:
        """All committed partitions, oldest first."""
        folders = (self.root / _zone_folder(table) / table.name).glob("as_of=*")
        found = (read_partition(folder) for folder in sorted(folders))
        return [partition for partition in found if partition is not None]

    def latest(self, table: Table, as_of: date) -> Partition | None:
        """The newest committed partition of that day or before it."""
        last = f"as_of={as_of.isoformat()}"
        folders = (self.root / _zone_folder(table) / table.name).glob("as_of=*")
        newest_first = sorted((f for f in folders if f.name <= last), reverse=True)
        return next((found for f in newest_first if (found := read_partition(f)) is not None), None)

    def drop(self, partition: Partition) -> None:
        """Remove a partition, its manifest first, so that a crash leaves only files nobody names."""
        folder = partition.path.parent
        (folder / MANIFEST).unlink(missing_ok=True)
        fsync_dir(folder)
        shutil.rmtree(folder)
        fsync_dir(folder.parent)

    def _folder(self, table: Table, as_of: date) -> Path:
        return self.root / _zone_folder(table) / table.name / f"as_of={as_of.isoformat()}"

    def _write_manifest(self, partition: Partition) -> None:
        content = {
            "file": partition.path.name,
            "rows": partition.rows,
            "sha256": partition.sha256,
            "fingerprint": partition.fingerprint,
        }
        text = json.dumps(content, indent=2) + "\n"
        mode = partition.path.stat().st_mode & 0o777
        write_atomic(partition.path.parent / MANIFEST, text.encode(), mode)


def ordered_select(table: Table, sql: str) -> str:
    """The contract's columns of a query in total order: by the full key, or by every column without one."""
    columns = ", ".join(identifier(name) for name in table.column_names)
    order = ", ".join(f"{identifier(name)} ASC NULLS LAST" for name in table.key or table.column_names)
    return f"SELECT {columns} FROM (\n{sql}\n) ORDER BY {order}"


def read_partition(folder: Path) -> Partition | None:
    """The partition a folder's manifest names; None without a manifest or when the file it names is gone."""
    try:
        content = json.loads((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        return None
    path = folder / content["file"]
    if not path.exists():
        return None
    as_of = date.fromisoformat(folder.name.removeprefix("as_of="))
    return Partition(
        folder.parent.name, as_of, path, content["rows"], content["sha256"], content["fingerprint"]
    )


def _row_groups(reader: pa.RecordBatchReader, schema: pa.Schema, size: int) -> Iterator[pa.Table]:
    """The stream cut into tables of exactly `size` rows (the last one shorter), each in one chunk."""
    pending: list[pa.Table] = []
    pending_rows = 0
    for batch in reader:
        table = _cast(pa.Table.from_batches([batch]), schema)
        while pending_rows + table.num_rows >= size:
            head = table.slice(0, size - pending_rows)
            yield pa.concat_tables([*pending, head]).combine_chunks()
            table = table.slice(head.num_rows)
            pending, pending_rows = [], 0
        pending.append(table)
        pending_rows += table.num_rows
    if pending_rows:
        yield pa.concat_tables(pending).combine_chunks()


def _cast(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The schema's columns, by name, in its types; the error names the column and not the value."""
    columns = []
    for field in schema:
        try:
            columns.append(table.column(field.name).cast(field.type))
        except KeyError:
            raise pa.ArrowInvalid(f"column {field.name} is missing") from None
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            found = table.column(field.name).type
            raise pa.ArrowInvalid(f"column {field.name}: a {found} does not fit {field.type}") from None
    return pa.Table.from_arrays(columns, schema=schema)


def _encoding(schema: pa.Schema) -> dict[str, Any]:
    """Writer settings: integer keys as deltas, dictionaries where values repeat; measured half the time and
    two thirds of the size of the defaults."""
    long = [field.name for field in schema if pa.types.is_int64(field.type)]
    plain = (pa.types.is_int64, pa.types.is_decimal, pa.types.is_floating, pa.types.is_nested)
    repeating = [field.name for field in schema if not any(test(field.type) for test in plain)]
    return {
        "version": "2.6",
        "compression": "zstd",
        "compression_level": ZSTD_LEVEL,
        "use_dictionary": repeating or False,
        "column_encoding": dict.fromkeys(long, "DELTA_BINARY_PACKED") or None,
        "store_decimal_as_integer": True,
    }


def _make_folder(folder: Path, *, private: bool) -> None:
    """A partition's folder and those above it, durable; the vault's are readable by their owner only."""
    for path in (folder.parents[1], folder.parent, folder):
        if private:
            private_dir(path)
        path.mkdir(parents=True, exist_ok=True)
        fsync_dir(path.parent)


def _next_sequence(folder: Path) -> int:
    """One more than the highest file number in a partition's folder, so that no name is used twice."""
    return 1 + max((int(path.stem) for path in folder.glob("*.parquet") if path.stem.isdigit()), default=0)


def _zone_folder(table: Table) -> str:
    return "vault" if table.zone == "vault" else "lake"
