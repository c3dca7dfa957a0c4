"""`<head>_winners` and `<head>_rivals`: the statement that survives for a unit, and those against it."""

from __future__ import annotations

from transforms.customers.ranking import said_sql, standing, statement_of
from transforms.customers.units import Unit, Value, quoted, with_columns

SOURCE = ("record_key", "channel", "_seen_on")


def winners_sql(unit: Unit) -> str:
    """`<head>_winners`: one row per customer with the unit's values in the best statement, and its source.

    `_said_<column>` counts the statements with a value; among several, without those of changed records. Rows
    come in the order of the key, so that the long table made of them is nearly sorted when it is stored.
    """
    counts = []
    for value in unit.values:
        unchanged = f"COUNT({value.column}) FILTER (WHERE NOT _is_changed)"
        count = f"CASE WHEN COUNT(*) = 1 THEN COUNT({value.column}) ELSE {unchanged} END"
        counts.append(f"CAST({count} AS INTEGER) AS _said_{value.name}")
    columns = [f"s.{column}" for column in (*SOURCE, *(["_is_inferred"] if unit.inferred else []))]
    columns += [f"s.{value.column}" for value in unit.values] + [f"s.{quoted(key)}" for key in unit.keys]
    columns += [f"b._said_{value.name}" for value in unit.values]
    return f"""
WITH best AS (
    SELECT customer_id, MAX({standing(unit)}) AS _standing, CAST(COUNT(*) AS INTEGER) AS _count_statements,
        {", ".join(counts)}
    FROM ({said_sql(unit)}) AS said
    GROUP BY customer_id
)
SELECT b.customer_id, b._count_statements, {", ".join(columns)}
FROM best AS b
INNER JOIN ({said_sql(unit)}) AS s
    ON s.customer_id = b.customer_id AND s._statement_no = {statement_of(unit, "b._standing")}
ORDER BY b.customer_id
"""


def rivals_sql(unit: Unit) -> str:
    """`<head>_rivals`: one row per customer of whom something else was said than the winner says, or whose
    records changed.

    For each value: how many statements say another value (`_others_`), those of changed records left out
    (`_against_`), which is no matter of spelling; changed records that say the value (`_changed_`); other
    spellings (`_spellings_`). What the winner lacks comes from a statement that says the same of the head.
    """
    steps = [f"rivals AS ({_rivals(unit)})"]
    steps += [f"filled_{value.name} AS ({_filled(unit, value)})" for value in unit.values[1:]]
    steps.append(f"judged AS ({_judged(unit)})")
    columns = [column for value in unit.values for column in _tallies(value)]
    joins = ""
    for value in unit.values[1:]:
        name, filler = value.name, f"f_{value.name}"
        joins += f"\nLEFT JOIN filled_{name} AS {filler} ON {filler}.customer_id = j.customer_id"
        columns.append(f"MAX({filler}.{value.column}) AS {value.column}")
        columns += [f"MAX({filler}.{column}) AS _{name}_{column}" for column in SOURCE]
    return f"""
WITH {", ".join(steps)}
SELECT j.customer_id, {", ".join(columns)}
FROM judged AS j{joins}
GROUP BY j.customer_id
"""


def _rivals(unit: Unit) -> str:
    best = [f"w.{value.column} AS _best_{value.name}" for value in unit.values]
    best += [f"w.{quoted(key)} AS _best_{key}" for key in unit.keys]
    news = ["s._is_changed", *(f"s.{value.column} <> w.{value.column}" for value in unit.values)]
    if len(unit.values) > 1:
        news += [f"s.{value.column} IS NOT NULL AND w.{value.column} IS NULL" for value in unit.values]
    return f"""
    SELECT s.*, {", ".join(best)}
    FROM ({said_sql(unit)}) AS s
    INNER JOIN {unit.winners} AS w ON w.customer_id = s.customer_id
    WHERE w._count_statements > 1 AND ({" OR ".join(news)})
"""


def _filled(unit: Unit, value: Value) -> str:
    """The best statement that has what the winner lacks and says the same of its leading value."""
    same = " ".join(
        f"WHEN _best_{lead.name} IS NOT NULL THEN {_agrees(unit, lead, '_best_')}" for lead in unit.leads
    )
    columns = ", ".join(("customer_id", *SOURCE, value.column))
    return f"""
    SELECT {columns}
    FROM (
        SELECT {columns}, ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY {standing(unit)} DESC) AS _turn
        FROM rivals
        WHERE CASE WHEN {value.column} IS NOT NULL AND _best_{value.name} IS NULL
            THEN CASE {same} ELSE FALSE END ELSE FALSE END
    ) AS agreeing
    WHERE _turn = 1
"""


def _judged(unit: Unit) -> str:
    """Each rival: which of its values are the surviving ones (`_final_...`), spelt either way."""
    final, joins = [f"r._best_{unit.head.name} AS _final_{unit.head.name}"], ""
    for value in unit.values[1:]:
        name, filler = value.name, f"f_{value.name}"
        final.append(f"COALESCE(r._best_{name}, {filler}.{value.column}) AS _final_{name}")
        joins += f"\n        LEFT JOIN filled_{name} AS {filler} ON {filler}.customer_id = r.customer_id"
    agrees = [f"{_agrees(unit, value, '_final_')} AS _agrees_{value.name}" for value in unit.values]
    return f"""
    SELECT *, {", ".join(agrees)}
    FROM (
        SELECT r.*, {", ".join(final)}
        FROM rivals AS r{joins}
    ) AS settled
"""


def _tallies(value: Value) -> list[str]:
    name, column = value.name, f"j.{value.column}"
    another = f"{column} IS NOT NULL AND NOT j._agrees_{name}"
    voice = "concat(j.record_key, ' ', j.channel)"
    return [
        f"COUNT(*) FILTER (WHERE {another}) AS _others_{name}",
        f"COUNT(*) FILTER (WHERE {another} AND NOT j._is_changed) AS _against_{name}",
        f"COUNT(DISTINCT {voice}) FILTER (WHERE j._is_changed AND j._agrees_{name}) AS _changed_{name}",
        f"COUNT(DISTINCT {column}) FILTER (WHERE {column} <> j._final_{name}) AS _spellings_{name}",
    ]


def _agrees(unit: Unit, value: Value, theirs: str) -> str:
    """Whether a value is another's, spelt either way. The keys compared by are always those of the winner."""
    other = f"{theirs}{value.name}"
    if value.alike == value.column:
        return f"COALESCE({value.column} = {other}, FALSE)"
    names = {key: f"_best_{key}" for key in unit.keys} | {value.name: other}
    alike = f"COALESCE({value.alike} = {with_columns(value.alike, names)}, FALSE)"
    return f"CASE WHEN {value.column} = {other} THEN TRUE ELSE {alike} END"
