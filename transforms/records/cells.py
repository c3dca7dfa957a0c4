"""What the cells of a file come to in one mapping: how many give a value, how many cannot be used."""

from __future__ import annotations

from transforms.expression_compiler import BLANK_WORDS
from transforms.records.build import RecordUnit, mapped_columns, standard_columns


def cells_sql(unit: RecordUnit) -> str:
    """One row over the view `raw`: `rows`, and `filled_<field>` and `unusable_<field>` of every mapped field.

    A cell is filled when the record keeps a value of it, by the very SQL that makes records. It is unusable
    when it says something and the record keeps nothing; a dash or `n/a` says nothing. `$arrived` is the day
    of arrival.
    """
    counts = [f"COUNT(*) FILTER (WHERE {_is_unusable(name)}) AS unusable_{name}" for name in unit.fields]
    counts += [f'COUNT("{name}") AS filled_{name}' for name in unit.fields]
    stated = ", ".join(f"m_{name}" for name in unit.fields)
    country = unit.country.replace("'", "''")
    return f"""
WITH mapped AS (
    SELECT {unit.where or "TRUE"} AS is_kept, $arrived AS arrived, '{country}' AS default_country,
        {", ".join(mapped_columns(unit))}
    FROM raw
),
standard AS (
    SELECT {stated}, {", ".join(standard_columns(unit))}
    FROM mapped
    WHERE is_kept IS NOT FALSE
)
SELECT COUNT(*) AS rows, {", ".join(counts)}
FROM standard
"""


def _is_unusable(name: str) -> str:
    blank = ", ".join(f"'{word}'" for word in BLANK_WORDS)
    says = f"m_{name} IS NOT NULL AND lower(trim(CAST(m_{name} AS VARCHAR))) NOT IN ({blank})"
    return f'failed_{name} OR ({says} AND "{name}" IS NULL)'
