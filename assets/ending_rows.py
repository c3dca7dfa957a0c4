"""Which raw rows of a channel are kept no longer by which mapping, and which of their cells that empties."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import pyarrow as pa

from assets.bronze import RawFile
from assets.context import Context
from assets.mapping import columns_read
from assets.purging import fitting_mappings
from assets.units import Unit
from transforms.records.build import ACCEPTED, EXPIRED, ORDERS
from transforms.records.removal import ending_cases_sql, ending_rows_sql
from transforms.records.retention import had_gone_sql, is_expired_sql, naming_fields
from warehouse.channels import Channel, Mapping
from warehouse.engine import Engine, identifier, read_parquet

STORED = pa.schema(
    [
        ("file_seq", pa.int32()),
        ("line", pa.int64()),
        ("row_hash", pa.int64()),
        ("record_key", pa.string()),
        ("arrived", pa.date32()),
        ("event_on", pa.date32()),
    ]
)
_NO_ROWS = "SELECT CAST(0 AS INTEGER) AS file_seq, CAST(0 AS BIGINT) AS line WHERE FALSE"

Emptied = dict[str, list[int]]
"""By column, the sets of mappings which, keeping a row no longer, leave the cell empty."""


@dataclass(frozen=True)
class _Reader:
    """One mapping over files with the same columns: its bit in sets of mappings (0 when it is not about
    people), the columns it reads, and those that stay of a row it keeps no longer."""

    bit: int
    names_row: bool
    columns: set[str]
    stays: set[str]


@dataclass(frozen=True)
class EndingRows:
    """The rows of one channel, in an engine that has `params` and `expired_records`. `raws` are all its
    stored files, `units` what was made of them."""

    context: Context
    engine: Engine
    channel: Channel
    raws: list[RawFile]
    units: list[Unit]

    def find(self, raws: list[RawFile]) -> Emptied:
        """Make `ending` (file_seq, line, ended_by, marks) of files with the same columns, over `files`.

        A row that no mapping ever took, and of which nothing would go, is left out.
        """
        raws = [raw for raw in raws if raw.entry.seq in self._touched]
        if not raws:
            nothing = f"SELECT *, CAST(0 AS BIGINT) AS ended_by, '' AS marks FROM ({_NO_ROWS})"
            self.engine.materialise("ending", nothing)
            return {}
        self.engine.attach("raw", [raw.path for raw in raws])
        nothing = f"SELECT '' AS mapping, *, '' AS had_gone, FALSE AS is_new FROM ({_NO_ROWS})"
        self.engine.materialise("ending_rows", nothing)
        for mapping in self._about_people:
            self._find_of(mapping, raws)
        bits = {mapping.id: 1 << number for number, mapping in enumerate(self._about_people)}
        self.engine.materialise("ending_cases", ending_cases_sql(bits))
        readers = self._readers(list(raws[0].columns), bits)
        sets = sorted(numbers(self.engine, "SELECT ended_by FROM ending_cases"))
        emptied = {ended: _emptied(raws[0].columns, readers, ended) for ended in sets}
        self.engine.materialise(
            "ending",
            "SELECT c.file_seq, c.line, c.ended_by, c.marks FROM ending_cases AS c"
            " INNER JOIN files AS f ON f.file_seq = c.file_seq"
            " INNER JOIN raw AS r ON r._file_hash = f.file_hash AND r._row = c.line"
            f" WHERE NOT c.was_left_out OR {_says_something(emptied)}",
        )
        return {name: [ended for ended in sets if name in emptied[ended]] for name in raws[0].columns}

    @cached_property
    def _about_people(self) -> list[Mapping]:
        inputs = self.context.workspace.inputs
        return [m for m in self.channel.mappings if inputs[m.contract].is_about_people]

    @cached_property
    def _touched(self) -> set[int]:
        """The files that can hold such rows: those of expired records, and those that made no record."""
        found = {u.file_seq for u in self.units if u.received > u.counts[ACCEPTED] + u.counts[EXPIRED]}
        for mapping in self._about_people:
            self._stored_rows(mapping)
            of_expired = f"INNER JOIN expired_records AS e ON {is_expired_sql('s')}"
            found |= numbers(self.engine, f"SELECT s.file_seq FROM stored_rows AS s {of_expired}")
        return found

    def _find_of(self, mapping: Mapping, raws: list[RawFile]) -> None:
        """Add the rows that one mapping keeps no longer to `ending_rows`."""
        had_gone = had_gone_sql(mapping.id) if raws[0].expired else "CAST(NULL AS VARCHAR)"
        self.engine.define(
            "raw_rows",
            "SELECT f.file_seq, r._row AS line, r._row_hash AS row_hash, r._arrived AS arrived,"
            f" {had_gone} AS had_gone FROM raw AS r INNER JOIN files AS f ON f.file_hash = r._file_hash",
        )
        self._stored_rows(mapping)
        self._waiting_rows(mapping, {raw.entry.seq for raw in raws})
        self._ended_hashes(mapping)
        waits_until = (
            f"CAST(r.arrived + {self.context.workspace.keeping[self.channel.name].interval} AS DATE)"
        )
        found = ending_rows_sql(mapping.id, mapping.contract == ORDERS, waits_until)
        self.engine.materialise("ending_rows", f"SELECT * FROM ending_rows UNION ALL SELECT * FROM ({found})")

    def _units_of(self, mapping: Mapping) -> list[Unit]:
        return [u for u in self.units if (u.contract, u.mapping) == (mapping.contract, mapping.number)]

    def _stored_rows(self, mapping: Mapping) -> None:
        paths = [unit.records for unit in self._units_of(mapping) if unit.counts[ACCEPTED]]
        if paths:
            columns = ", ".join(STORED.names)
            self.engine.define("stored_rows", f"SELECT {columns} FROM {read_parquet(paths)}")
        else:
            self.engine.put("stored_rows", STORED.empty_table())

    def _waiting_rows(self, mapping: Mapping, files: set[int]) -> None:
        """The rows in quarantine, which of a file the mapping does not fit are all."""
        parts = [_NO_ROWS]
        for unit in self._units_of(mapping):
            if unit.file_seq not in files or unit.quarantine is None:
                continue
            if unit.problem is not None:
                parts.append(f"SELECT file_seq, line FROM raw_rows WHERE file_seq = {unit.file_seq}")
            else:
                parts.append(f"SELECT {unit.file_seq}, row_no FROM {read_parquet([unit.quarantine])}")
        self.engine.define("waiting_rows", " UNION ALL ".join(parts))

    def _ended_hashes(self, mapping: Mapping) -> None:
        """The rows that went in earlier months."""
        marked = [raw.path for raw in self.raws if raw.expired]
        if not marked:
            self.engine.put("ended_hashes", pa.schema([("row_hash", pa.int64())]).empty_table())
            return
        self.engine.define(
            "ended_hashes",
            f"SELECT _row_hash AS row_hash FROM {read_parquet(marked, by_name=True)}"
            f" WHERE {had_gone_sql(mapping.id)} IN ('{ACCEPTED}', '{EXPIRED}')",
        )

    def _readers(self, columns: list[str], bits: dict[str, int]) -> list[_Reader]:
        """Every mapping; one that does not fit these columns reads none."""
        workspace = self.context.workspace
        fitting = {mapping.id for mapping, _ in fitting_mappings(self.context, self.channel, columns)}
        naming = naming_fields(workspace.inputs[ORDERS])
        found = []
        for mapping in self.channel.mappings:
            fields = mapping.fields if mapping.id in fitting else ()
            sale = tuple(f for f in fields if f.field not in naming) if mapping.contract == ORDERS else ()
            read, stays = (
                columns_read(workspace, self.channel, replace(mapping, fields=kept, where=where), columns)
                for kept, where in ((fields, mapping.where if fields else None), (sale, None))
            )
            says_whose = mapping.contract != ORDERS or any(f.field == "source_id" for f in mapping.fields)
            names_row = mapping.role is None and says_whose
            found.append(_Reader(bits.get(mapping.id, 0), names_row, read, stays))
        return found


def numbers(engine: Engine, sql: str) -> set[int]:
    """The first column of a query, each number once."""
    return set(engine.fetch(f"SELECT DISTINCT * FROM ({sql})").column(0).to_pylist())


def _emptied(columns: tuple[str, ...], readers: list[_Reader], ended_by: int) -> set[str]:
    """The columns of a row that go with these mappings. A column nobody reads is of whom the row names."""
    ended = [reader for reader in readers if reader.bit & ended_by]
    kept = [reader for reader in readers if not reader.bit & ended_by]
    is_named = any(reader.bit and reader.names_row for reader in kept)
    theirs = set().union(*(reader.columns for reader in ended)) if is_named else set(columns)
    return theirs.difference(*(r.columns for r in kept), *(r.stays for r in ended))


def _says_something(emptied: dict[int, set[str]]) -> str:
    """Whether a row of `ending_cases AS c` has something in the cells that would go, in `raw AS r`."""
    cells = {ended: ", ".join(f"r.{identifier(c)}" for c in sorted(emptied[ended])) for ended in emptied}
    cases = "".join(f" WHEN {ended} THEN concat({names}) <> ''" for ended, names in cells.items() if names)
    return f"CASE c.ended_by{cases} ELSE FALSE END" if cases else "FALSE"
