"""The SQL that turns the raw rows of one file into records of one input contract.

Pure: strings in, one SELECT out. It reads the views
`raw` (text columns and `_line, _row, _file_hash, _row_hash, _arrived`, of one or several alike files),
`files` (file_hash, file_seq, file_batch, file_day),
`earlier` (row_hash, dup_no, arrived: rows already accepted from files received before),
`suppressions` (record_hash) of the kinds `suppressing` names, and gives every raw row once, with its verdict.
Of rows that are kept no longer the cells are gone, so where they had gone is read from their mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from transforms.expression_compiler import BLANK_WORDS
from transforms.records.keys import content_hash_sql, record_key_sql
from transforms.records.retention import had_gone_sql, naming_fields
from transforms.records.suppression import is_suppressed_sql
from warehouse.contracts import Field, InputContract, duckdb_type

ACCEPTED, FILTERED, QUARANTINED = "accepted", "filtered", "quarantined"
DUPLICATE, SUPPRESSED, EXPIRED = "duplicate", "suppressed", "expired"
ORDERS = "order_lines"
_VALUE = re.compile(r"\bvalue\b")


@dataclass(frozen=True)
class CompiledField:
    """A mapped field: its parsed value and when parsing failed, both SQL over `raw`."""

    sql: str
    failed: str | None


@dataclass(frozen=True)
class RecordUnit:
    """What one mapping of one channel makes of files with the same columns. `is_marked` files say which of
    their rows are kept no longer."""

    contract: InputContract
    fields: dict[str, CompiledField]
    where: str | None
    id_space: str
    role: str | None
    mapping: int
    timezone: str
    country: str
    currency: str
    suppressing: frozenset[str] = frozenset()
    warnings: tuple[tuple[str, str], ...] = ()
    is_marked: bool = False

    @property
    def id(self) -> str:
        """Names the mapping within its channel, as `Mapping.id` does."""
        return f"{self.contract.name}.{self.mapping}"


def record_columns(contract: InputContract) -> dict[str, str]:
    """Columns of a stored record and their DuckDB types, in order.

    `line` counts the rows of the file and is unique there; `source_line` is the line people find it on, which
    several rows share when one line holds a list.
    """
    columns = {
        "record_key": "VARCHAR",
        "arrived": "DATE",
        "event_at": "TIMESTAMP",
        "event_on": "DATE",
        "file_seq": "INTEGER",
        "file_batch": "INTEGER",
        "line": "BIGINT",
        "source_line": "BIGINT",
        "mapping": "INTEGER",
        "row_hash": "BIGINT",
        "dup_no": "INTEGER",
        "occurrence": "INTEGER",
        "content_hash": "BIGINT",
    }
    columns |= {f.name: duckdb_type(f.type) for f in contract.fields}
    columns |= {name: duckdb_type(kind) for name, kind, _ in contract.derived}
    return columns


def tagged_rows_sql(unit: RecordUnit, fault_sql: str) -> str:
    """Every raw row with `verdict` and `fault`, the columns of `record_columns`, and what profiles count:
    `unusable_<field>` and `warned_<rule>`. `had_gone` is the verdict of a row before it expired; an order
    that was accepted stays so, anonymous.

    `fault_sql` is the first broken row rule over the standardised columns (NULL when the row is fine);
    parse failures are visible to it as `failed_<field>`.
    """
    contract = unit.contract
    names = [*contract.field_names, *(name for name, _, _ in contract.derived)]
    return f"""
WITH {_keyed_rows(unit)},
dated AS (
    SELECT *, COALESCE(business_date(event_at, {_text(unit.timezone)}), arrived) AS event_on,
        {fault_sql} AS fault,
        {_occurrence(unit)} AS occurrence,
        CAST(ROW_NUMBER() OVER (PARTITION BY file_seq, row_hash ORDER BY line) AS INTEGER) AS repeat_no
    FROM keyed
),
numbered AS (
    SELECT *, {"repeat_no" if _keeps_repeats(unit) else "CAST(1 AS INTEGER)"} AS dup_no
    FROM dated
),
compared AS (
    SELECT *,
        MIN(arrived) OVER (
            PARTITION BY row_hash, dup_no, repeat_no ORDER BY file_seq
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS arrived_before
    FROM numbered
)
SELECT
    CASE
        WHEN had_gone = '{ACCEPTED}' THEN '{ACCEPTED}'
        WHEN had_gone IS NOT NULL THEN '{EXPIRED}'
        WHEN is_kept IS FALSE THEN '{FILTERED}'
        WHEN ({contract.counts_when or "TRUE"}) IS FALSE THEN '{FILTERED}'
        WHEN {is_suppressed_sql(contract.name, unit.suppressing)} THEN '{SUPPRESSED}'
        WHEN fault IS NOT NULL THEN '{QUARANTINED}'
        WHEN repeat_no > dup_no THEN '{DUPLICATE}'
        WHEN arrived_before <= arrived THEN '{DUPLICATE}'
        WHEN EXISTS (
            SELECT 1 FROM earlier
            WHERE earlier.row_hash = compared.row_hash AND earlier.dup_no = compared.dup_no
                AND earlier.arrived <= compared.arrived
        ) THEN '{DUPLICATE}'
        ELSE '{ACCEPTED}'
    END AS verdict,
    fault, had_gone,
    record_key, arrived, event_at, event_on,
    file_seq, file_batch, line, source_line, CAST({unit.mapping} AS INTEGER) AS mapping,
    row_hash, dup_no, occurrence, content_hash,
    {_comma((*(_quoted(name) for name in names), *_findings(unit)))}
FROM compared
"""


def known_rows_sql(unit: RecordUnit) -> str:
    """Every raw row (file_seq, line): whether it is an erased person's, and whether the mapping keeps it."""
    known = is_suppressed_sql(unit.contract.name, unit.suppressing)
    return f"""
WITH {_keyed_rows(unit)}
SELECT file_seq, line, {known} AS is_known, is_kept IS NOT FALSE AS is_kept FROM keyed
"""


def _keyed_rows(unit: RecordUnit) -> str:
    """Raw rows mapped, standardised and with the key of their record, as the tables of a WITH."""
    event = unit.contract.event_field
    event_at = _quoted(event) if event else "CAST(NULL AS TIMESTAMP)"
    return f"""mapped AS (
    SELECT files.file_seq, files.file_batch, files.file_day AS received_on,
        _row AS line, _line AS source_line,
        _row_hash AS row_hash, _arrived AS arrived,
        {_is_kept(unit)} AS is_kept, {_had_gone(unit)} AS had_gone,
        {_comma(mapped_columns(unit))}
    FROM raw
    INNER JOIN files ON files.file_hash = raw._file_hash
),
normalised AS (
    SELECT *, {_comma(normalised_columns(unit))}
    FROM (SELECT *, {_text(unit.country)} AS default_country FROM mapped)
),
standard AS (
    SELECT file_seq, file_batch, received_on, line, source_line, row_hash, arrived, is_kept, had_gone,
        {_comma(standard_columns(unit))}
    FROM normalised
),
keyed AS (
    SELECT *, {event_at} AS event_at,
        {_text(unit.currency)} AS company_currency,
        {record_key_sql(unit.contract, unit.id_space, unit.role)} AS record_key,
        {content_hash_sql(unit.contract)} AS content_hash
    FROM standard
)"""


def failures(contract: InputContract) -> dict[str, str]:
    """For each field, when its cell held something unusable, over the columns `tagged_rows_sql` offers.

    A word that normalises to nothing is a failure only where a vocabulary decides; elsewhere it is blanked.
    """
    return {
        f.name: f"(failed_{f.name} OR blanked_{f.name})" if f.values else f"failed_{f.name}"
        for f in contract.fields
    }


def event_day_sql(candidates: list[str], timezone: str) -> str:
    """The row's own event day: the first candidate (TIMESTAMP in UTC or DATE) that is known."""
    days = [f"business_date({sql}, {_text(timezone)})" for sql in candidates]
    return f"COALESCE({', '.join(days)})" if days else "CAST(NULL AS DATE)"


def mapped_columns(unit: RecordUnit) -> list[str]:
    """What each field's expression gives (`m_<field>`), and whether it cannot be read (`failed_<field>`)."""
    parts = []
    anonymous = naming_fields(unit.contract) if unit.is_marked and unit.contract.name == ORDERS else ()
    for name, compiled in unit.fields.items():
        is_known = f"CASE WHEN {_had_gone(unit)} IS NULL THEN {compiled.sql} END"
        parts.append(f"{is_known if name in anonymous else compiled.sql} AS m_{name}")
        parts.append(f"({compiled.failed or 'FALSE'}) AS failed_{name}")
    return parts


def normalised_columns(unit: RecordUnit) -> list[str]:
    """What a record keeps of each field's cell (`n_<field>`), as yet of any type.

    Written once and read by name: DuckDB plans a long expression each time it is written.
    """
    parts = []
    for field in unit.contract.fields:
        source = _source(unit, field)
        if source is None:
            continue
        normalised = _VALUE.sub(source, field.normalise) if field.normalise else source
        if field.values and field.on_invalid == "blank":
            words = ", ".join(_text(word) for word in field.values)
            normalised = f"CASE WHEN ({normalised}) IN ({words}) THEN {normalised} END"
        parts.append(f"{normalised} AS n_{field.name}")
    return parts


def standard_columns(unit: RecordUnit) -> list[str]:
    """Every field of the contract as a record keeps it, and whether its cell said something else, over
    `mapped_columns` and `normalised_columns`.

    A mapped field is unusable when its cell says something and the record keeps nothing of it; a dash or
    `n/a` says nothing.
    """
    parts = []
    for field in unit.contract.fields:
        source = _source(unit, field)
        is_mapped = field.name in unit.fields
        kept = "NULL" if source is None else f"n_{field.name}"
        parts.append(f"CAST({kept} AS {duckdb_type(field.type)}) AS {_quoted(field.name)}")
        parts.append(f"{f'failed_{field.name}' if is_mapped else 'FALSE'} AS failed_{field.name}")
        if field.type == "text":
            blanked = f"COALESCE(length(trim({source})) > 0 AND {kept} IS NULL, FALSE)"
            parts.append(f"{'FALSE' if source is None else blanked} AS blanked_{field.name}")
        if is_mapped:
            parts.append(f"{_is_unusable(field.name, kept)} AS unusable_{field.name}")
    raw_name = "m_full_name" if "full_name" in unit.fields else _joined_name(unit)
    raw_phone = "m_phone" if "phone" in unit.fields else "CAST(NULL AS VARCHAR)"
    for name, kind, sql in unit.contract.derived:
        body = sql.replace("raw_full_name", raw_name).replace("raw_phone", raw_phone)
        for other in ("whatsapp", "landline"):
            source = f"n_{other}" if other in unit.fields else "CAST(NULL AS VARCHAR)"
            body = re.sub(rf"\b{other}\b", source, body)
        parts.append(f"CAST({body} AS {duckdb_type(kind)}) AS {_quoted(name)}")
    return parts


def _source(unit: RecordUnit, field: Field) -> str | None:
    """What a field is normalised from; None when nothing of the row says it."""
    if field.name in unit.fields:
        return f"m_{field.name}"
    return _joined_name(unit) if field.name == "full_name" else None


def _is_kept(unit: RecordUnit) -> str:
    where = unit.where or "TRUE"
    if not unit.is_marked:
        return where
    return f"CASE WHEN {_had_gone(unit)} IS NULL THEN {where} ELSE {_had_gone(unit)} <> '{FILTERED}' END"


def _had_gone(unit: RecordUnit) -> str:
    return had_gone_sql(unit.id) if unit.is_marked else "CAST(NULL AS VARCHAR)"


def _findings(unit: RecordUnit) -> list[str]:
    """What is counted about a row beside its verdict."""
    unusable = [f"unusable_{f.name}" for f in unit.contract.fields if f.name in unit.fields]
    return [*unusable, *(f"({broken}) AS warned_{rule}" for rule, broken in unit.warnings)]


def _is_unusable(name: str, kept: str) -> str:
    blank = ", ".join(_text(word) for word in BLANK_WORDS)
    says = f"m_{name} IS NOT NULL AND lower(trim(CAST(m_{name} AS VARCHAR))) NOT IN ({blank})"
    return f"(failed_{name} OR ({says} AND ({kept}) IS NULL))"


def _joined_name(unit: RecordUnit) -> str:
    parts = [f"m_{name}" for name in ("given_name", "family_name") if name in unit.fields]
    return f"NULLIF(concat_ws(' ', {', '.join(parts)}), '')" if parts else "CAST(NULL AS VARCHAR)"


def _keeps_repeats(unit: RecordUnit) -> bool:
    """Identical order lines of one file are sold twice, unless line numbers tell them apart."""
    return unit.contract.name == ORDERS and "line_no" not in unit.fields


def _occurrence(unit: RecordUnit) -> str:
    if unit.contract.name != ORDERS:
        return "CAST(1 AS INTEGER)"
    number = (
        "ROW_NUMBER() OVER (PARTITION BY file_seq, is_kept IS NOT FALSE, order_id,"
        " COALESCE(product_id, product_name, '') ORDER BY line)"
    )
    offset = (unit.mapping - 1) * 1_000_000
    return f"CAST({number} + {offset} AS INTEGER)"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _comma(parts: Iterable[str]) -> str:
    return ",\n        ".join(parts)
