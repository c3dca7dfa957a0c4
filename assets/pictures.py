"""What Dagster shows of a table beside its row count: a few rows of groups, or two lines, as Markdown.

Belongs here: one small SELECT per table that has something to show, over the file just written. Groups only:
counts under the smallest group are not told, means of them are already absent, and no column names anybody.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from warehouse.engine import connect, read_parquet

SMALLEST_GROUP = 5
MOST_BYTES = 16_000
"""Of a picture; an event of Dagster is a row in its database."""


def _count(condition: str = "TRUE") -> str:
    """A count of rows, told only where nobody stands out."""
    counted = f"COUNT(*) FILTER (WHERE {condition})"
    few = f"WHEN {counted} < {SMALLEST_GROUP} THEN '<{SMALLEST_GROUP}'"
    return f"CASE WHEN {counted} = 0 THEN '' {few} ELSE FORMAT('{{:,}}', {counted}) END"


def _columns(cells: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f'{expression} AS "{name}"' for name, expression in cells)


def _percent(share: str) -> str:
    return f"COALESCE(PRINTF('%.0f%%', 100 * CAST({share} AS DOUBLE)), '')"


_BY_F = _columns([(str(f), _count(f"f_score = {f}")) for f in range(1, 6)])
_BY_BAND = _columns([(band, _count(f"churn_band = '{band}'")) for band in ("low", "medium", "high")])
_BY_MONTH = _columns(
    [(f"+{m}", _percent(f"MAX(retention) FILTER (WHERE months_since = {m})")) for m in range(1, 7)]
)
_BY_REPEATS = _columns(
    [("7+" if x == 7 else str(x), _percent(f"MAX(p_alive) FILTER (WHERE repeats = {x})")) for x in range(8)]
)
TABLES = {
    "rfm": f'SELECT r_score AS "R / F", {_BY_F} FROM rows GROUP BY 1 ORDER BY 1 DESC',
    "churn": f"SELECT horizon_days AS days, {_BY_BAND} FROM rows GROUP BY 1 ORDER BY 1",
    "rfm_migration": f"""
        SELECT from_segment AS "from", to_segment AS "to", customers FROM rows
        WHERE flow <> 'stayed' AND customers >= {SMALLEST_GROUP} ORDER BY customers DESC, 1, 2 LIMIT 10""",
    "cohorts": f"""
        SELECT STRFTIME(cohort_month, '%Y-%m') AS "first purchase", MAX(customers) AS customers, {_BY_MONTH}
        FROM rows GROUP BY cohort_month HAVING MAX(customers) >= {SMALLEST_GROUP}
        ORDER BY cohort_month DESC LIMIT 12""",
    "value_matrix": f"""
        SELECT days_from || COALESCE('-' || days_to, '+') AS "days / repeats", {_BY_REPEATS}
        FROM rows WHERE horizon_days = (SELECT MAX(horizon_days) FROM rows)
        GROUP BY days_from, days_to ORDER BY days_from""",
    "model_calibration": """
        SELECT group_no AS repeats, customers, purchases_foretold AS foretold, purchases_seen AS seen
        FROM rows WHERE breakdown = 'repeats' AND purchases_seen IS NOT NULL ORDER BY 1""",
    "revenue_outlook": """
        SELECT STRFTIME(month_start, '%Y-%m') AS month, revenue, revenue_low AS low, revenue_high AS high,
            last_year_revenue AS "last year"
        FROM rows ORDER BY months_ahead""",
}
LINES = {
    "pareto_curve": (
        ("profit", "revenue"),
        """SELECT customer_percent, MAX(share) FILTER (WHERE measure = 'profit') AS profit,
            MAX(share) FILTER (WHERE measure = 'revenue') AS revenue
        FROM rows GROUP BY 1 ORDER BY 1""",
    ),
    "model_tracking": (
        ("foretold", "seen"),
        "SELECT week_end, purchases_foretold, purchases_seen FROM rows ORDER BY 1",
    ),
}
_TONES = ("#d99a1c", "#0f8a76")


def picture(table: str, path: Path) -> str | None:
    """What to show of a table's file; None for a table without a picture, an empty one or one too large."""
    if table in TABLES:
        names, rows = _read(TABLES[table], path)
        shown = _table(names, rows)
    elif table in LINES:
        names, (_, rows) = list(LINES[table][0]), _read(LINES[table][1], path)
        shown = _lines(table, names, [[float(value or 0) for value in row[1:]] for row in rows])
    else:
        return None
    return shown if rows and len(shown.encode()) <= MOST_BYTES else None


def _read(sql: str, path: Path) -> tuple[list[str], list[tuple[Any, ...]]]:
    with connect(threads=1) as con:
        found = con.execute(f"WITH rows AS (FROM {read_parquet([path])}) {sql}")
        return [column[0] for column in found.description or []], found.fetchall()


def _table(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> str:
    """Rows as a Markdown table; a figure's thousands apart."""

    def cell(value: Any) -> str:
        if isinstance(value, int):
            return f"{value:,}"
        return "" if value is None else str(value).replace("|", "\\|")

    lines = [[*names], ["---", *["--:"] * (len(names) - 1)]]
    lines += [[cell(value) for value in row] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _lines(title: str, names: Sequence[str], rows: Sequence[Sequence[float]]) -> str:
    """Columns of numbers as lines of one SVG in the Markdown: Dagster's page shows data URIs as images."""
    wide, high, top = 560, 200, 24
    highest = max((value for row in rows for value in row), default=0.0) or 1.0
    step = wide / max(len(rows) - 1, 1)
    parts = []
    for place, (name, tone) in enumerate(zip(names, _TONES, strict=True)):
        points = " ".join(
            f"{step * i:.1f},{top + high * (1 - row[place] / highest):.1f}" for i, row in enumerate(rows)
        )
        parts.append(f'<polyline fill="none" stroke="{tone}" stroke-width="2" points="{points}"/>')
        parts.append(f'<text x="{10 + 110 * place}" y="14" fill="{tone}">{name}</text>')
    box = f'viewBox="0 0 {wide} {top + high}" width="{wide}" height="{top + high}"'
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" {box} font-family="sans-serif" font-size="13">'
    code = b64encode(f"{drawn}{''.join(parts)}</svg>".encode()).decode()
    return f"![{title}](data:image/svg+xml;base64,{code})"
