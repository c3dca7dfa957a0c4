"""The order of a customer's statements on one unit: what the golden record and `explain` share."""

from __future__ import annotations

from transforms.customers.statements import NEVER_BELIEVED_DAYS
from transforms.customers.units import Unit, quoted

NUMBERS = 2**24
"""More statements than any customer has: `_standing` ends in the number of the statement."""
_RANKS = 2**31
_ABOVE_ZERO = 1_100 * NEVER_BELIEVED_DAYS
_LEVELS = 255
_DOUBTFUL = 100


def said_sql(unit: Unit) -> str:
    """Every statement that has a value of the unit or implies one; an implied one never hides a good one."""
    head = unit.head
    day = "s._first_on" if unit.rule == "first" else "s._last_on"
    said = [f"s.{value.column} IS NOT NULL" for value in unit.leads]
    value, is_inferred = f"s.{head.column}", "FALSE"
    if unit.inferred is not None:
        good = f"{head.column} IS NOT NULL AND NOT ({head.doubtful})"
        value = f"CASE WHEN {good} THEN {head.column} ELSE COALESCE(s.{unit.implied}, {head.column}) END"
        is_inferred = f"CASE WHEN {good} THEN FALSE ELSE s.{unit.implied} IS NOT NULL END"
        said.append(f"s.{unit.implied} IS NOT NULL")
    others = [value.name for value in unit.values[1:]] + sorted({*unit.keys, *unit.reads})
    sql = f"""
    SELECT s.customer_id, s._statement_no, s.record_key, s.channel, {day} AS _seen_on, s.as_of, s._trust,
        s._is_changed, s.{unit.rank} AS _rank, {value} AS {head.column}, {is_inferred} AS _is_inferred
        {"".join(f", s.{quoted(name)}" for name in others)}
    FROM golden_statements AS s
    WHERE {" OR ".join(said)}
"""
    if unit.rule == "frequency":
        sql = _placed(unit, sql)
    return sql if unit.misspelt is None else _respelt(unit, sql)


def standing(unit: Unit) -> str:
    """One number that orders what `said_sql` gives, the highest first, and ends in the statement's number.

    The order: no doubt before doubt, the head before what may stand for it, stated before inferred, the rule,
    the statement received last (under `first`: first). Where a slip is known, `_turn` says it.
    """
    if unit.misspelt is None:
        return _standing(unit)
    number = f"{NUMBERS - 1} - _statement_no" if unit.rule == "first" else "_statement_no"
    turn = f"({_RANKS} - _turn) * {NUMBERS} + {number}"
    return f"CASE WHEN _turn IS NULL THEN {_standing(unit)} ELSE {turn} END"


def statement_of(unit: Unit, standing_column: str) -> str:
    """The number of the statement that has this standing."""
    number = f"{standing_column} % {NUMBERS}"
    return f"{NUMBERS - 1} - {number}" if unit.rule == "first" else number


def is_doubtful(unit: Unit) -> str:
    """Whether nothing the statement says of the unit is beyond doubt."""
    return f"({_level(unit)}) >= {_DOUBTFUL}"


def _standing(unit: Unit) -> str:
    """The same, whatever the spelling."""
    if unit.rule == "frequency":
        return f"({_RANKS} - _place) * {NUMBERS} + _statement_no"
    number = f"{NUMBERS - 1} - _statement_no" if unit.rule == "first" else "_statement_no"
    level = f"CAST({_LEVELS} - ({_level(unit)}) AS BIGINT)"
    return f"({level} * {_RANKS} + _rank + {_ABOVE_ZERO}) * {NUMBERS} + {number}"


def _level(unit: Unit) -> str:
    """How much of the unit a statement has, from the head alone downwards, everything doubtful last."""
    good, doubtful = [], []
    for number, value in enumerate(unit.leads):
        good.append(f"WHEN {value.column} IS NOT NULL AND NOT ({value.doubtful}) THEN {2 * number}")
        doubtful.append(f"WHEN {value.column} IS NOT NULL THEN {_DOUBTFUL + 2 * number}")
    inferred = " + CASE WHEN _is_inferred THEN 1 ELSE 0 END" if unit.inferred else ""
    return f"CASE {' '.join(good + doubtful)} END{inferred}"


def _placed(unit: Unit, said: str) -> str:
    """`_place` in an order that counts first how many records (of a channel) say the same of the unit."""
    spelling = " ".join(
        f"WHEN {v.column} IS NOT NULL THEN COALESCE(CAST({v.alike} AS VARCHAR), CAST({v.column} AS VARCHAR))"
        for v in unit.leads
    )
    levelled = f"SELECT *, {_level(unit)} AS _level, CASE {spelling} END AS _spelling FROM ({said}) AS said"
    return f"""
    SELECT t.*, ROW_NUMBER() OVER (
        PARTITION BY t.customer_id ORDER BY t._level, f._heard DESC, t._rank DESC, t._statement_no DESC
    ) AS _place
    FROM ({levelled}) AS t
    INNER JOIN (
        SELECT customer_id, _level, _spelling, COUNT(*) AS _heard
        FROM (
            SELECT DISTINCT customer_id, record_key, channel, _level, _spelling FROM ({levelled}) AS voices
        ) AS records
        GROUP BY customer_id, _level, _spelling
    ) AS f ON f.customer_id = t.customer_id AND f._level = t._level AND f._spelling = t._spelling
"""


def _respelt(unit: Unit, said: str) -> str:
    """`_turn`: where a customer's statements stand when one of them is a known slip, NULL for all others.

    Statements with one key keep the place of the best of them, and among them a slip comes last.
    """
    head = unit.head
    is_misspelt = f"COALESCE({unit.misspelt}, FALSE)"
    key = f"COALESCE(CAST({head.alike} AS VARCHAR), CAST({head.column} AS VARCHAR))"
    return f"""
    SELECT t.*, r._turn
    FROM ({said}) AS t
    LEFT JOIN (
        SELECT customer_id, _statement_no, ROW_NUMBER() OVER (
            PARTITION BY customer_id ORDER BY _best_of_key DESC, _is_misspelt, _standing DESC
        ) AS _turn
        FROM (
            SELECT customer_id, _statement_no, _is_misspelt, _standing,
                MAX(_standing) OVER (PARTITION BY customer_id, _key) AS _best_of_key
            FROM (
                SELECT customer_id, _statement_no, {is_misspelt} AS _is_misspelt,
                    {_standing(unit)} AS _standing, {key} AS _key
                FROM ({said}) AS s
                WHERE customer_id IN (SELECT customer_id FROM golden_statements WHERE {is_misspelt})
            ) AS spelt
        ) AS grouped
    ) AS r ON r.customer_id = t.customer_id AND r._statement_no = t._statement_no
"""
