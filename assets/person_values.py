"""What stored records and raw rows state of a person, and the rows of everybody who stays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import pyarrow as pa

from assets.bronze import RawFile, stored_raw
from assets.context import Context
from assets.mapping import expression_options
from assets.purging import with_same_columns
from assets.quarantine import stored_units
from assets.units import Unit
from transforms.expressions import compile_mapping
from transforms.records.build import ACCEPTED
from transforms.records.identifying import (
    identifying_fields,
    raw_cells_sql,
    record_cells_sql,
    retained_raw_sql,
    retained_records_sql,
    telling_columns,
)
from warehouse.channels import Channel
from warehouse.engine import Engine, read_parquet
from warehouse.errors import SatuError

FILES = pa.schema([("file_hash", pa.string()), ("file_seq", pa.int32())])


class StoredRows:
    """The stored records and raw rows of a workspace."""

    def __init__(self, context: Context) -> None:
        self._context = context
        units = [unit for unit in stored_units(context) if unit.counts[ACCEPTED]]
        self._by_contract = _grouped(units, "contract")
        self._by_channel = _grouped(units, "channel")
        channels = context.workspace.channels.values()
        self._raw = [
            (channel, alike)
            for channel in channels
            for alike in with_same_columns(raw for raw in stored_raw(context, channel) if raw.error is None)
        ]
        entries = {(raw.entry.file_hash, raw.entry.seq) for _, alike in self._raw for raw in alike}
        columns = zip(*sorted(entries), strict=True) if entries else ((), ())
        self.files = pa.table(list(map(list, columns)), schema=FILES)

    def cells_of(self, engine: Engine, record_keys: Sequence[str]) -> None:
        """Keep every cell that tells who the owners of the records are, under the name `cells`."""
        engine.put("own_keys", keys_table(record_keys))
        engine.put("files", self.files)
        rows = " UNION ALL ".join(
            f"SELECT record_key, file_seq, line AS row_no FROM {view}" for view in self._records.values()
        )
        engine.materialise(
            "own_rows",
            f"SELECT DISTINCT file_seq, row_no FROM ({rows})"
            " WHERE record_key IN (SELECT record_key FROM own_keys)",
        )
        inputs = self._context.workspace.inputs
        parts = [record_cells_sql(inputs[name], view) for name, view in self._records.items()]
        for channel, alike in self._raw:
            columns = self._telling(channel, list(alike[0].columns))
            if columns:
                parts.append(raw_cells_sql(_raw_view(alike), columns))
        engine.materialise("cells", " UNION ALL ".join(parts))

    def retained(self) -> Iterator[str]:
        """The stored rows of everybody but the owners of `own_keys`, as subqueries over that and `files`.

        A raw row two people share counts as theirs who go.
        """
        for view in self._records.values():
            yield retained_records_sql(view)
        for channel, alike in self._raw:
            units = self._by_channel.get(channel.name)
            if units:
                yield retained_raw_sql(_raw_view(alike), _records_view(units))

    @property
    def _records(self) -> dict[str, str]:
        return {contract: _records_view(units) for contract, units in self._by_contract.items()}

    def _telling(self, channel: Channel, columns: list[str]) -> dict[str, bool]:
        """The raw columns that identifying fields of the channel's mappings are read from."""
        options = expression_options(self._context.workspace, channel)
        used: list[tuple[str, Sequence[str]]] = []
        for mapping in channel.mappings:
            contract = self._context.workspace.inputs[mapping.contract]
            telling = set(identifying_fields(contract))
            for mapped in (m for m in mapping.fields if m.field in telling):
                try:
                    compiled = compile_mapping(mapped.expression, columns, options, channel.types, "text")
                except SatuError:
                    continue  # a file whose columns do not fit is in quarantine as a whole
                used.append((mapped.field, compiled.columns_used))
        return telling_columns(used)


def keys_table(record_keys: Sequence[str]) -> pa.Table:
    """Record keys as `own_keys`."""
    return pa.table({"record_key": pa.array(sorted(set(record_keys)), pa.string())})


def _grouped(units: list[Unit], by: str) -> dict[str, list[Unit]]:
    ordered = sorted(units, key=lambda unit: getattr(unit, by))
    return {name: list(group) for name, group in groupby(ordered, key=lambda unit: getattr(unit, by))}


def _records_view(units: list[Unit]) -> str:
    return read_parquet([unit.records for unit in units], by_name=True)


def _raw_view(raws: list[RawFile]) -> str:
    return read_parquet([raw.path for raw in raws], by_name=True)
