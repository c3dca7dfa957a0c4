"""What the quality page reads: counts about data and checks of the release, no value of any row."""

from __future__ import annotations

from pathlib import Path

from pipelines.report_data import Rows
from warehouse.query import query

NIGHTS = 31
_QUERIES = {
    "release": "SELECT MAX(seq) AS seq, MAX(as_of) AS as_of FROM _release",
    "checks": """
        SELECT table_name, rule, severity, count_failed, count_checked FROM quality_results
        WHERE NOT is_passed ORDER BY severity, table_name, rule""",
    "count_checks": "SELECT COUNT(*) AS n FROM quality_results",
    "nights": f"""
        SELECT q.as_of, COUNT(*) FILTER (WHERE NOT q.is_passed) AS warned, COUNT(*) AS checks,
            COALESCE(MAX(f.n), 0) AS refused
        FROM history.quality_results AS q
        LEFT JOIN (
            SELECT as_of, SUM(count_rows_today) AS n FROM history.row_faults
            WHERE severity = 'error' GROUP BY 1
        ) AS f USING (as_of)
        GROUP BY 1 QUALIFY ROW_NUMBER() OVER (ORDER BY q.as_of DESC) <= {NIGHTS} ORDER BY 1""",
    "families": """
        SELECT channel, family, CAST(SUM(count_filled) AS DOUBLE) / NULLIF(SUM(count_rows), 0) AS filled,
            CAST(SUM(count_filled) AS DOUBLE) / NULLIF(SUM(count_filled) + SUM(count_invalid), 0) AS valid
        FROM data_completeness GROUP BY 1, 2 HAVING SUM(count_rows) > 0 ORDER BY 1, 2""",
    "fields": """
        SELECT channel, contract, field, family, count_rows, share_filled, share_valid, share_filled_30_days,
            share_filled_30_days_before, last_filled_on
        FROM data_completeness WHERE count_rows > 0 ORDER BY channel, contract, field""",
    "drift": """
        SELECT channel, contract, measure, item, value, usual, lowest, highest, state FROM source_drift
        WHERE measure IN ('rows', 'silence') OR state IN ('unusual', 'broken')
        ORDER BY state IN ('usual', 'unknown'), measure, channel, contract, item""",
    "faults": """
        SELECT channel, contract, rule, field, severity, count_rows, count_rows_today, last_on FROM row_faults
        ORDER BY severity, count_rows DESC, channel, contract, rule, field""",
    "conservation": """
        SELECT SUM(received) AS received, SUM(quarantined) AS quarantined FROM conservation""",
}


def quality_rows(warehouse: Path) -> dict[str, Rows]:
    """The rows of every section of the page, from the current release."""
    return {name: query(warehouse, sql).to_pylist() for name, sql in _QUERIES.items()}
