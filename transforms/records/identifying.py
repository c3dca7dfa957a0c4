"""What of a person's stored rows tells who it is: the cells that do, alone or two of them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from warehouse.contracts import InputContract, duckdb_type

PERSONAL = frozenset({"personal", "specific"})
FAMILIES = frozenset({"biographic", "geographic", "transactional", "technical"})
BIRTH = "birth_date"
DERIVED = ("name_key", "email_key", "address_key", "phones")
_SIGNS = r"length(regexp_replace({text}, '[^0-9A-Za-z\x{{80}}-\x{{10FFFF}}]+', '', 'g'))"
_IS_OTHERS = "(record_key IN (SELECT record_key FROM own_keys)) IS NOT TRUE"
_FEWEST_DIGITS, _FEWEST_SIGNS, _FEWEST_TOGETHER, _FEWEST_EACH = 9, 8, 10, 3


def identifying_fields(contract: InputContract) -> list[str]:
    """The fields of a contract that tell who somebody is; a birth date does so only with another one."""
    found = [
        f.name
        for f in contract.fields
        if f.privacy in PERSONAL and (f.family in FAMILIES or f.name == BIRTH) and f.type in ("text", "date")
    ]
    return [*found, *(name for name, _, _ in contract.derived if name in DERIVED)]


def record_cells_sql(contract: InputContract, records: str) -> str:
    """(stored_as, file_seq, row_no, is_birth, value) of the records in `records` that `own_keys` names."""
    types = {name: duckdb_type(kind) for name, kind, _ in contract.derived}
    fields = {name: _texts(name, types.get(name, "")) for name in identifying_fields(contract)}
    return _cells_sql(
        f"SELECT * FROM {records} WHERE record_key IN (SELECT record_key FROM own_keys)",
        f"concat('{contract.name}.', mapping) AS stored_as, file_seq, line AS row_no",
        fields,
    )


def raw_cells_sql(raw: str, columns: Mapping[str, bool]) -> str:
    """The same of the raw rows in `own_rows` (file_seq, row_no), over `files` (file_hash, file_seq) as well;
    `columns` says which hold a birth date only."""
    fields = {name: f"[{_quoted(name)}]" for name in columns}
    births = frozenset(name for name, is_birth in columns.items() if is_birth)
    rows = (
        f"SELECT raw.*, own_rows.file_seq, own_rows.row_no FROM {raw} AS raw"
        " INNER JOIN files ON files.file_hash = raw._file_hash"
        " INNER JOIN own_rows ON own_rows.file_seq = files.file_seq AND own_rows.row_no = raw._row"
    )
    return _cells_sql(rows, "'raw' AS stored_as, file_seq, row_no", fields, births)


def retained_records_sql(records: str) -> str:
    """The records of everybody but the owners of `own_keys` (record_key)."""
    return f"(SELECT * FROM {records} WHERE {_IS_OTHERS}) AS retained"


def retained_raw_sql(raw: str, records: str) -> str:
    """The raw rows that records were made from, but none of an owner of `own_keys`; `files` as above."""
    rows = (
        f"SELECT 1 FROM {records} AS stored INNER JOIN files USING (file_seq)"
        " WHERE files.file_hash = raw._file_hash AND stored.line = raw._row"
    )
    return (
        f"(SELECT raw.* FROM {raw} AS raw WHERE EXISTS ({rows} AND {_IS_OTHERS})"
        f" AND NOT EXISTS ({rows} AND NOT ({_IS_OTHERS}))) AS retained"
    )


def alone_sql() -> str:
    """The values of `cells` that are telling enough to count alone.

    Short numbers and single words stand for other things as well: a customer number is an amount elsewhere.
    """
    return f"""
SELECT DISTINCT value
FROM cells
WHERE NOT is_birth AND CASE
    WHEN regexp_matches(value, '^[^A-Za-z\\x{{80}}-\\x{{10FFFF}}]*$')
        THEN {_SIGNS.format(text="value")} >= {_FEWEST_DIGITS}
    ELSE {_SIGNS.format(text="value")} >= {_FEWEST_SIGNS} AND regexp_matches(value, '[0-9@ ]')
END
ORDER BY value
"""


def together_sql() -> str:
    """Two values of one row of `cells` that are telling enough together."""
    return f"""
WITH telling AS (
    SELECT DISTINCT stored_as, file_seq, row_no, value, {_SIGNS.format(text="value")} AS signs
    FROM cells
)
SELECT DISTINCT one.value AS value, other.value AS other_value
FROM telling AS one
INNER JOIN telling AS other
    ON other.stored_as = one.stored_as AND other.file_seq = one.file_seq AND other.row_no = one.row_no
    AND other.value > one.value
WHERE LEAST(one.signs, other.signs) >= {_FEWEST_EACH}
    AND one.signs + other.signs >= {_FEWEST_TOGETHER}
    AND NOT contains(lower(one.value), lower(other.value))
    AND NOT contains(lower(other.value), lower(one.value))
ORDER BY ALL
"""


def _cells_sql(
    rows: str, row: str, fields: Mapping[str, str], births: frozenset[str] = frozenset({BIRTH})
) -> str:
    """Each filled cell of some rows as a row of its own."""
    cells = ", ".join(
        f"list_transform({texts}, lambda one: {{'is_birth': {str(name in births).upper()}, 'value': one}})"
        for name, texts in fields.items()
    )
    return f"""
SELECT stored_as, file_seq, row_no, cell.is_birth AS is_birth, trim(cell.value) AS value
FROM (SELECT {row}, UNNEST(flatten([{cells}])) AS cell FROM ({rows}))
WHERE trim(COALESCE(cell.value, '')) <> ''
"""


def _texts(name: str, kind: str) -> str:
    return _quoted(name) if kind.endswith("[]") else f"[CAST({_quoted(name)} AS VARCHAR)]"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def telling_columns(used: Sequence[tuple[str, Sequence[str]]]) -> dict[str, bool]:
    """The raw columns that identifying fields are read from, and whether only a birth date is."""
    found: dict[str, bool] = {}
    for field, columns in used:
        for column in columns:
            found[column] = found.get(column, True) and field == BIRTH
    return found
