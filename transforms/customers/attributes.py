"""The golden record in its two published forms, long and wide, and every value that competed."""

from __future__ import annotations

from transforms.customers.ranking import is_doubtful, said_sql, standing
from transforms.customers.units import Unit, Value, units_of
from transforms.customers.winners import SOURCE
from warehouse.contracts import InputContract
from warehouse.contracts.survivorship import AGEING_RULES


def customer_attributes_sql(contract: InputContract) -> str:
    """`customer_attributes`: one row per customer and attribute, with its source, its rule and its rivals."""
    return "UNION ALL".join(_attribute(unit, value) for unit in units_of(contract) for value in unit.values)


def customer_profile_sql(contract: InputContract) -> str:
    """`customer_profile`: one row per customer, one column per attribute, with first and last day seen."""
    columns, joins = [], []
    for unit in units_of(contract):
        joins.append(f"LEFT JOIN {unit.winners} ON {unit.winners}.customer_id = s.customer_id")
        columns.append(f"{unit.winners}.{unit.head.column}")
        if len(unit.values) > 1:
            joins.append(f"LEFT JOIN {unit.rivals} ON {unit.rivals}.customer_id = s.customer_id")
        for value in unit.values[1:]:
            either = f"COALESCE({unit.winners}.{value.column}, {unit.rivals}.{value.column})"
            columns.append(f"{either} AS {value.column}")
    fields, tables = ", ".join(columns), "\n".join(joins)
    return f"""
WITH seen AS (
    SELECT l.customer_id, MIN(r.first_on) AS first_seen, MAX(r.last_on) AS last_seen
    FROM customer_links AS l
    INNER JOIN record_registry AS r ON r.record_key = l.record_key
    GROUP BY l.customer_id
)
SELECT s.customer_id, s.first_seen, s.last_seen, {fields}
FROM seen AS s
{tables}
"""


def attribute_values_sql(contract: InputContract) -> str:
    """`attribute_values`: one row per customer, attribute and statement, the losing ones included.

    `position` is the statement's place, 1 the winner; `score` the channel's trust, halved with the age of the
    statement where the rule says so. Meant for one customer at a time (`assets/few_records.py`).
    """
    return "UNION ALL".join(_values(unit, value) for unit in units_of(contract) for value in unit.values)


def _attribute(unit: Unit, value: Value) -> str:
    name, column, source = value.name, f"w.{value.column}", [f"w.{column}" for column in SOURCE]
    if value != unit.head:
        source = [f"CASE WHEN {column} IS NULL THEN r._{name}_{c} ELSE w.{c} END" for c in SOURCE]
        column = f"COALESCE({column}, r.{value.column})"
    record_key, channel, seen_on = source
    rule = f"'{unit.rule}'"
    if unit.inferred is not None:
        rule = f"CASE WHEN w._is_inferred THEN 'inferred' ELSE {rule} END"
    return f"""
SELECT w.customer_id, '{name}' AS attribute, CAST({column} AS VARCHAR) AS value,
    {record_key} AS record_key, {channel} AS channel, {seen_on} AS seen_on, {rule} AS rule,
    CAST(1 + COALESCE(r._spellings_{name}, 0) AS INTEGER) AS count_values,
    CAST(w._said_{name} - COALESCE(r._against_{name}, 0) + COALESCE(r._changed_{name}, 0) AS INTEGER)
        AS count_records,
    COALESCE(r._others_{name}, 0) > 0 AS is_conflicting
FROM {unit.winners} AS w
LEFT JOIN {unit.rivals} AS r ON r.customer_id = w.customer_id
WHERE {column} IS NOT NULL
"""


def _values(unit: Unit, value: Value) -> str:
    score = "CAST(v._trust AS DOUBLE)"
    if unit.rule in AGEING_RULES:
        age = f"CAST(days_between(v._seen_on, v.as_of) AS DOUBLE) / {unit.half_life_days}"
        score += f" * POWER(CAST(0.5 AS DOUBLE), {age})"
    return f"""
SELECT v.customer_id, '{value.name}' AS attribute, CAST(v.{value.column} AS VARCHAR) AS value,
    v.record_key, v.channel, v._seen_on AS seen_on,
    CASE WHEN v._is_inferred THEN 'inferred' ELSE '{unit.rule}' END AS rule,
    CAST(v._position AS INTEGER) AS position, CAST({score} AS DECIMAL(7, 4)) AS score,
    v._is_doubtful AS is_doubtful
FROM (
    SELECT *, {is_doubtful(unit)} AS _is_doubtful,
        ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY {standing(unit)} DESC) AS _position
    FROM ({said_sql(unit)}) AS said
) AS v
WHERE v.{value.column} IS NOT NULL
"""
