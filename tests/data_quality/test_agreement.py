"""Great Expectations, our SQL and plain Python count the same failing rows on any table."""

from __future__ import annotations

import math
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from data_quality.gx_runner import run_suite
from data_quality.results import CheckResult
from data_quality.sql_runner import run_sql
from tests.data_quality.samples import column, rule, table, write

OTHER = table("other", [column("code", "text")], ["code"])
TABLE = table(
    "t",
    [
        column("rank", "bigint", required=True, minimum="1"),
        column("class", "text", values=("A", "B", "it's"), references="other.code"),
        column("share", "decimal(7,6)", minimum="0.1", maximum="0.9"),
        column("ratio", "double", maximum="1.5"),
        column("date", "date", minimum="2024-01-01", maximum="2024-12-31"),
        column("flag", "boolean", required=True),
    ],
    ["rank", "class"],
    min_rows=2,
    rules=(
        rule("share_below_ratio", "share < ratio", "warn"),
        rule("flagged_have_class", "NOT flag OR class IS NOT NULL"),
    ),
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "rank": st.none() | st.integers(-2, 4),
            "class": st.none() | st.sampled_from(["A", "B", "it's", "a", "", "C"]),
            "share": st.none()
            | st.sampled_from([Decimal(s) for s in ("0.1", "0.099999", "0.9", "0.900001", "0.5")]),
            "ratio": st.none() | st.sampled_from([0.1, 0.5, 1.5, 1.6, -3.0, float("inf"), float("nan")]),
            "date": st.none() | st.dates(date(2023, 12, 30), date(2025, 1, 2)),
            "flag": st.none() | st.booleans(),
        }
    ),
    max_size=8,
)
KNOWN = ["A", "it's"]
ORACLE: dict[str, Callable[[dict[str, Any]], bool]] = {
    "rank_not_null": lambda r: r["rank"] is None,
    "rank_at_least_1": lambda r: r["rank"] is not None and r["rank"] < 1,
    "class_in_vocabulary": lambda r: r["class"] is not None and r["class"] not in ("A", "B", "it's"),
    "class_found_in_other": lambda r: r["class"] is not None and r["class"] not in KNOWN,
    "share_between_0_1_and_0_9": lambda r: (
        r["share"] is not None and not Decimal("0.1") <= r["share"] <= Decimal("0.9")
    ),
    "ratio_finite": lambda r: r["ratio"] is not None and not math.isfinite(r["ratio"]),
    "ratio_at_most_1_5": lambda r: r["ratio"] is not None and math.isfinite(r["ratio"]) and r["ratio"] > 1.5,
    "date_between_2024_01_01_and_2024_12_31": lambda r: r["date"] is not None and r["date"].year != 2024,
    "flag_not_null": lambda r: r["flag"] is None,
    "share_below_ratio": lambda r: None not in (r["share"], r["ratio"]) and float(r["share"]) >= r["ratio"],
    "flagged_have_class": lambda r: r["flag"] is True and r["class"] is None,
}


def by_hand(rows: list[dict[str, Any]]) -> dict[str, int]:
    keys = Counter((row["rank"], row["class"]) for row in rows)
    counted = {name: sum(map(broken, rows)) for name, broken in ORACLE.items()}
    counted["key_unique"] = sum(n for n in keys.values() if n > 1)
    counted["row_count_at_least_2"] = max(0, 2 - len(rows))
    return counted | {"schema_as_declared": 0}


# No shrinking: a run costs a fifth of a second, and eight small rows are read as they are.
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(rows=ROWS)
def test_three_ways_to_count_agree(rows: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = write(Path(folder) / "t.parquet", TABLE, rows)
        other = write(Path(folder) / "other.parquet", OTHER, [{"code": code} for code in KNOWN])
        by_sql = run_sql(TABLE, file, {"other": other})
        by_gx = run_suite(TABLE, file, {"other": other})
    assert [_of_sql(result) for result in by_gx] == by_sql
    assert {result.check: result.count_failed for result in by_sql} == by_hand(rows)
    assert all(result.passed == (result.count_failed == 0) for result in by_sql)


def _of_sql(result: CheckResult) -> CheckResult:
    """The result as the other runner gives it; what the file proves is the same for both."""
    return replace(result, engine="sql") if result.engine == "great_expectations" else result
