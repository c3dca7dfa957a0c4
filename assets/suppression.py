"""Suppression entries of a person, written to `decisions/suppressions.csv`, where every run reads them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pyarrow as pa

from assets.configuration import SUPPRESSIONS_FILE
from assets.context import Context
from assets.quarantine import stored_units
from assets.units import record_schema
from transforms.records.build import ACCEPTED
from transforms.records.suppression import entries_sql
from warehouse.engine import read_parquet
from warehouse.files import write_atomic

_COLUMNS = ("kind", "record_hash")
_READ = "record_key, nik, email_key, phones, name_key"


def suppression_entries(context: Context, *people: Sequence[str]) -> list[tuple[str, str]]:
    """What makes people known again, each given by the record keys: (kind, keyed hash), in order."""
    contacts = [u for u in stored_units(context) if u.contract == "contacts" and u.counts[ACCEPTED]]
    with context.looking() as engine:
        paths = [unit.records for unit in contacts]
        schema = record_schema(context.workspace.inputs["contacts"])
        if paths:
            engine.define("contacts", f"SELECT {_READ} FROM {read_parquet(paths, by_name=True)}")
        else:
            engine.attach("contacts", [], schema)
        engine.put("own_keys", _keys_of(people))
        found = engine.fetch(entries_sql()).to_pydict()
    return list(zip(found["kind"], found["record_hash"], strict=True))


def _keys_of(people: Sequence[Sequence[str]]) -> pa.Table:
    pairs = [(person, key) for person, keys in enumerate(people) for key in sorted(set(keys))]
    return pa.table(
        {
            "person": pa.array([person for person, _ in pairs], pa.int32()),
            "record_key": pa.array([key for _, key in pairs], pa.string()),
        }
    )


def suppress(context: Context, entries: Sequence[tuple[str, str]]) -> None:
    """Add entries after those there are, each once. For who holds the warehouse's lock."""
    path = context.workspace.decisions / SUPPRESSIONS_FILE
    path.parent.mkdir(exist_ok=True)
    text = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    rows = list(csv.DictReader(io.StringIO(text)))
    known = {row["record_hash"] for row in rows}
    header = [*_COLUMNS, *(name for name in (rows[0] if rows else ()) if name not in _COLUMNS)]
    added = [dict(zip(_COLUMNS, entry, strict=True)) for entry in entries if entry[1] not in known]
    written = io.StringIO()
    writer = csv.DictWriter(written, header, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows([*rows, *added])
    write_atomic(path, written.getvalue().encode(), 0o600)
