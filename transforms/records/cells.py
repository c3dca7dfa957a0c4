"""What the cells of a file come to in one mapping: how many give a value, how many cannot be used."""

from __future__ import annotations

from transforms.records.build import RecordUnit, mapped_columns, normalised_columns, standard_columns


def cells_sql(unit: RecordUnit) -> str:
    """One row over the view `raw`: `rows`, and `filled_<field>` and `unusable_<field>` of every mapped field.

    A cell is filled when the record keeps a value of it, by the very SQL that makes records. `$arrived` is
    the day of arrival.
    """
    counts = [f"COUNT(*) FILTER (WHERE unusable_{name}) AS unusable_{name}" for name in unit.fields]
    counts += [f'COUNT("{name}") AS filled_{name}' for name in unit.fields]
    country = unit.country.replace("'", "''")
    return f"""
WITH mapped AS (
    SELECT {unit.where or "TRUE"} AS is_kept, $arrived AS arrived, '{country}' AS default_country,
        {", ".join(mapped_columns(unit))}
    FROM raw
),
normalised AS (
    SELECT *, {", ".join(normalised_columns(unit))}
    FROM mapped
    WHERE is_kept IS NOT FALSE
),
standard AS (
    SELECT {", ".join(standard_columns(unit))}
    FROM normalised
)
SELECT COUNT(*) AS rows, {", ".join(counts)}
FROM standard
"""
