"""What is taken out of stored rows once their records have expired, and where each of them had gone before.

A row that made a record goes with the record. One delivered again goes with the row it repeats. One that
made none, because it was left out or waits in quarantine, is kept as long from its arrival.
"""

from __future__ import annotations

from collections.abc import Mapping

from transforms.records.build import ACCEPTED, DUPLICATE, EXPIRED, FILTERED, QUARANTINED
from transforms.records.retention import SEEN_ON, is_expired_sql


def removed_records_sql(sources: list[str]) -> str:
    """`expired_records` with `seen_again_on`, the first day of rows that begin anew; over stored rows."""
    touches = " UNION ALL ".join(f"SELECT record_key, {SEEN_ON} AS seen_on FROM {name}" for name in sources)
    return f"""
SELECT e.record_key, e.expired_through,
    MIN(CASE WHEN t.seen_on > e.expired_through THEN t.seen_on END) AS seen_again_on
FROM expired_records AS e
INNER JOIN ({touches}) AS t ON t.record_key = e.record_key
GROUP BY e.record_key, e.expired_through
ORDER BY e.record_key
"""


def ending_rows_sql(mapping: str, is_about_sales: bool, waits_until: str) -> str:
    """The rows one mapping keeps no longer: mapping, file_seq, line, had_gone, and whether that is new.

    Over `expired_records`, and of that mapping `stored_rows` (file_seq, line, row_hash, record_key, arrived,
    event_on), `raw_rows` (file_seq, line, row_hash, arrived, had_gone), `waiting_rows` (file_seq, line) and
    `ended_hashes` (row_hash) of rows that went earlier. `waits_until` gives the day until which a row is kept
    from its arrival, over `arrived`. An order stays accepted, as an anonymous sale.
    """
    went = ACCEPTED if is_about_sales else EXPIRED
    return f"""
WITH ending AS (
    SELECT s.file_seq, s.line, s.row_hash
    FROM stored_rows AS s
    INNER JOIN expired_records AS e ON {is_expired_sql("s")}
),
ended AS (
    SELECT row_hash FROM ending
    UNION
    SELECT row_hash FROM ended_hashes
),
without_record AS (
    SELECT r.file_seq, r.line, r.row_hash, {waits_until} AS waits_until
    FROM raw_rows AS r
    ANTI JOIN stored_rows AS s ON s.file_seq = r.file_seq AND s.line = r.line
    WHERE r.had_gone IS NULL
),
others AS (
    SELECT r.file_seq, r.line,
        CASE
            WHEN w.line IS NOT NULL THEN '{QUARANTINED}'
            WHEN e.row_hash IS NOT NULL THEN '{DUPLICATE}'
            ELSE '{FILTERED}'
        END AS had_gone,
        r.waits_until < p.as_of AS is_old,
        r.row_hash IN (SELECT row_hash FROM stored_rows) AS is_known
    FROM without_record AS r
    CROSS JOIN params AS p
    LEFT JOIN waiting_rows AS w ON w.file_seq = r.file_seq AND w.line = r.line
    LEFT JOIN ended AS e ON e.row_hash = r.row_hash
)
SELECT '{mapping}' AS mapping, r.file_seq, r.line, COALESCE(r.had_gone, '{went}') AS had_gone,
    r.had_gone IS NULL AS is_new
FROM raw_rows AS r
LEFT JOIN ending AS e ON e.file_seq = r.file_seq AND e.line = r.line
WHERE r.had_gone IS NOT NULL OR e.line IS NOT NULL
UNION ALL
SELECT '{mapping}' AS mapping, file_seq, line, had_gone, TRUE AS is_new
FROM others
WHERE had_gone = '{DUPLICATE}' OR (is_old AND (had_gone = '{QUARANTINED}' OR NOT is_known))
"""


def ending_cases_sql(bits: Mapping[str, int]) -> str:
    """Rows of `ending_rows` that one more mapping keeps no longer, with all that do: `ended_by` as a set of
    bits, `marks` as the raw file keeps them, and whether none of them ever took the row."""
    bit = " ".join(f"WHEN '{mapping}' THEN {value}" for mapping, value in bits.items())
    return f"""
SELECT file_seq, line,
    CAST(BIT_OR(CASE mapping {bit} END) AS BIGINT) AS ended_by,
    string_agg(mapping || '=' || had_gone, ' ' ORDER BY mapping) AS marks,
    BOOL_AND(had_gone = '{FILTERED}') AS was_left_out
FROM ending_rows
GROUP BY file_seq, line
HAVING BOOL_OR(is_new)
"""
