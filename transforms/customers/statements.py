"""`golden_statements`: what each record said, for which customer, and where it stands under each rule."""

from __future__ import annotations

from transforms.customers.units import Unit, columns_needed, quoted, units_of
from warehouse.contracts import InputContract
from warehouse.contracts.survivorship import AGEING_RULES

# Ranks count in days times 1,000; what is left holds the channel's trust (0-100), which decides within a day.
_DAY = 1000
_LOG2_E = 1.4426950408889634
NEVER_BELIEVED_DAYS = 1_000_000


def golden_statements_sql(contract: InputContract) -> str:
    """`golden_statements`: one row per customer and version of a contact, numbered in the order of receipt.

    Trust that halves every H days orders statements as (day it was seen + H * log2(trust)) does: twice the
    trust is worth one half-life of freshness. So the order of two statements never changes with `as_of`.
    `_is_changed` marks records of which several versions are known: each of them is one voice, not several.
    """
    ageing = [unit for unit in units_of(contract) if unit.rule in AGEING_RULES]
    half_lives = sorted({unit.half_life_days for unit in ageing})
    gains = "".join(f",\n        {_gained_days(days)} AS gained_{days}" for days in half_lives)
    ranks = ",\n    ".join(f"{sql} * {_DAY} + w.trust AS {name}" for name, sql in _days(contract).items())
    columns = [f"v.{quoted(name)}" for name in columns_needed(contract)]
    columns += [_implied(unit) for unit in units_of(contract) if unit.inferred is not None]
    return f"""
WITH weighed_channels AS (
    SELECT channel, trust{gains}
    FROM channels
),
changed AS (
    SELECT record_key, channel
    FROM contact_versions
    GROUP BY record_key, channel
    HAVING COUNT(*) > 1
),
numbered AS (
    SELECT l.customer_id, v.ord, v.mapping,
        ROW_NUMBER() OVER (PARTITION BY l.customer_id ORDER BY v.ord, v.mapping) AS statement_no
    FROM contact_versions AS v
    INNER JOIN customer_links AS l ON l.record_key = v.record_key
)
SELECT n.customer_id, n.statement_no AS _statement_no, v.record_key, v.channel, p.as_of, w.trust AS _trust,
    v.first_on AS _first_on, v.last_on AS _last_on, c.record_key IS NOT NULL AS _is_changed,
    {ranks},
    {", ".join(columns)}
FROM contact_versions AS v
CROSS JOIN params AS p
INNER JOIN numbered AS n ON n.ord = v.ord AND n.mapping = v.mapping
INNER JOIN weighed_channels AS w ON w.channel = v.channel
LEFT JOIN changed AS c ON c.record_key = v.record_key AND c.channel = v.channel
"""


def _implied(unit: Unit) -> str:
    """What a statement implies of a head; most statements have nothing to infer it from."""
    known = " AND ".join(f"v.{quoted(name)} IS NOT NULL" for name in unit.inferred_from)
    return f"CASE WHEN {known} THEN {unit.inferred} END AS {unit.implied}"


def _gained_days(half_life_days: int) -> str:
    """By how much a channel's statement counts as fresher than it is: never more than one of full trust."""
    gained = f"{half_life_days * _LOG2_E!r} * LN(CAST(GREATEST(trust, 1) AS DOUBLE) / 100)"
    return f"CASE WHEN trust > 0 THEN CAST(ROUND({gained}) AS BIGINT) ELSE -{NEVER_BELIEVED_DAYS} END"


def _days(contract: InputContract) -> dict[str, str]:
    """For each rank column some unit reads, the days it counts in."""
    seen = "CAST(days_between(DATE '1900-01-01', v.last_on) AS BIGINT)"
    found = {}
    for unit in units_of(contract):
        if unit.rule == "first":
            found[unit.rank] = "-CAST(days_between(DATE '1900-01-01', v.first_on) AS BIGINT)"
        elif unit.rule in AGEING_RULES:
            found[unit.rank] = f"({seen} + w.gained_{unit.half_life_days})"
        else:
            found[unit.rank] = seen
    return dict(sorted(found.items()))
