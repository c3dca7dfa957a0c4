"""The SQL that makes a landing file's rows raw rows."""

from __future__ import annotations

from collections.abc import Iterable

from assets.mapping import event_candidates, expression_options
from data_quality.refused import kept_cells, refusals_sql
from transforms.records.build import event_day_sql
from warehouse.channels import Channel
from warehouse.engine import identifier, literal
from warehouse.landing import LandingTable
from warehouse.ledger import FileEntry
from warehouse.workspace import Workspace

_IDENTITY_NUMBERS = frozenset({"nik", "national_id"})


def raw_sql(workspace: Workspace, channel: Channel, entry: FileEntry, table: LandingTable) -> str:
    """The query from the view `landing` to raw rows: hashed, without secrets, each on its day of arrival."""
    packed = ", ".join(f"COALESCE({identifier(name)}, chr(30))" for name in table.columns)
    columns = ", ".join(identifier(name) for name in table.columns)
    row_hash = f"keyed_int63(concat_ws(chr(31), {packed}))" if table.columns else "CAST(0 AS BIGINT)"
    identity = _named(identity_columns(channel), table.columns)
    trusted = _named(channel.not_cards, table.columns)
    kept = [*kept_cells(table.columns, identity, trusted), "_line", "_row"]
    return f"""
SELECT {columns + ", " if columns else ""}{literal(entry.path)} AS _file, _line, _row,
    {literal(entry.file_hash)} AS _file_hash, {row_hash} AS _row_hash, _refused,
    {_arrived_sql(workspace, channel, entry, table.columns)} AS _arrived
FROM (
    SELECT {", ".join(kept)}, {refusals_sql(table.columns, identity, trusted)} AS _refused
    FROM landing
)
ORDER BY _arrived, _row
"""


def identity_columns(channel: Channel) -> tuple[str, ...]:
    """The columns mapped as they are to an identity number, whose digits may look like those of a card."""
    mapped = (field for mapping in channel.mappings for field in mapping.fields)
    return tuple(sorted({f.expression for f in mapped if f.field in _IDENTITY_NUMBERS}))


def _named(wanted: Iterable[str], columns: Iterable[str]) -> frozenset[str]:
    """Those of a file's columns that are wanted by name, whatever their case."""
    folded = {name.strip().casefold() for name in wanted}
    return frozenset(name for name in columns if name.strip().casefold() in folded)


def _arrived_sql(workspace: Workspace, channel: Channel, entry: FileEntry, columns: list[str]) -> str:
    file_day = f"DATE '{entry.file_day.isoformat()}'"
    options = expression_options(workspace, channel)
    if entry.rule == "event":
        candidates = event_candidates(workspace, channel, columns)
        return f"COALESCE({event_day_sql(candidates, workspace.settings.timezone)}, {file_day})"
    if entry.rule.startswith("column:"):
        wanted = entry.rule.removeprefix("column:").strip().casefold()
        found = next((name for name in columns if name.casefold() == wanted), None)
        if found is not None:
            return f"COALESCE(parse_date({identifier(found)}, '{options.dates}'), {file_day})"
    return file_day
