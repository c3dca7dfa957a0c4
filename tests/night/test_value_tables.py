"""A night of the sample retailer: what the tables about customers' behaviour say together."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.nights import checksums, gate_in_sql, night

DAY = date(2026, 9, 30)


@pytest.fixture(scope="module")
def release(sample_home: Path) -> Path:
    return sample_home / "warehouse" / "current" / "satu.duckdb"


def rows(release: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(release), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_every_buyer_has_a_band_and_a_reason_at_every_horizon(release: Path) -> None:
    ((buyers, churning),) = rows(
        release, "SELECT (SELECT COUNT(*) FROM clv), (SELECT COUNT(*) FROM churn WHERE horizon_days = 90)"
    )
    assert buyers == churning > 100
    found = rows(
        release,
        "SELECT churn_band, MIN(churn_probability) >= .66, MAX(churn_probability) < .33"
        " FROM churn GROUP BY 1 ORDER BY 1",
    )
    assert found == [("high", True, False), ("low", False, True), ("medium", False, False)]
    codes = {code for (code,) in rows(release, "SELECT DISTINCT reason_code FROM churn")}
    assert {"as_usual", "one_time_silent", "overdue_vs_own_cadence", "first_purchase_recent"} <= codes


def test_who_is_overdue_is_less_likely_to_buy(release: Path) -> None:
    ((late, on_time),) = rows(
        release,
        "SELECT AVG(churn_probability) FILTER (WHERE days_overdue > 0),"
        " AVG(churn_probability) FILTER (WHERE days_overdue <= 0) FROM churn WHERE horizon_days = 90",
    )
    assert late > on_time + 0.2


def test_run_out_days_lie_ahead_and_are_held_against_what_was_bought(release: Path) -> None:
    ((found, past, families),) = rows(
        release,
        "SELECT COUNT(*), COUNT(*) FILTER (WHERE run_out_date <= as_of OR remind_on <= as_of),"
        " COUNT(DISTINCT product_family) FROM runout",
    )
    assert (found > 300, past, families > 30) == (True, 0, True)
    sql = "SELECT metric, value, baseline FROM model_quality WHERE model = 'runout'"
    quality = {metric: (value, baseline) for metric, value, baseline in rows(release, sql)}
    assert quality["holdout_pairs"][0] > 300
    assert quality["holdout_auc_any_purchase"][0] > 0.55
    assert quality["holdout_brier_any_purchase"][0] < quality["holdout_brier_any_purchase"][1]


def test_groups_add_up_to_clv_and_their_intervals_are_those_of_sums(release: Path) -> None:
    ((dimensions, differing, pooled),) = rows(
        release,
        "SELECT COUNT(*), COUNT(*) FILTER (WHERE n <> (SELECT COUNT(*) FROM clv) OR v <> (SELECT SUM(clv) FROM clv)),"
        " BOOL_AND(small) FROM (SELECT dimension, SUM(customers) AS n, SUM(clv) AS v,"
        " MIN(customers) >= 5 AS small FROM clv_groups GROUP BY 1)",
    )
    assert (dimensions, differing, pooled) == (5, 0, True)
    ((narrow, wide),) = rows(
        release,
        "SELECT (SELECT clv_high - clv_low FROM clv_groups WHERE dimension = 'all'),"
        " (SELECT SUM(clv_high - clv_low) FROM clv)",
    )
    assert 0 < narrow < wide / 2
    passed = rows(
        release, "SELECT is_passed FROM quality_results WHERE table_name = 'clv_groups' AND rule = 'balance'"
    )
    assert passed == [(True,)]
    sources = {source for (source,) in rows(release, "SELECT DISTINCT margin_source FROM clv")}
    assert sources <= {"cost", "category_margin", "default_margin"} and "cost" in sources


def test_the_outlook_begins_with_the_next_month_and_knows_last_year(release: Path) -> None:
    found = rows(
        release,
        "SELECT months_ahead, month_start, revenue_low < revenue AND revenue < revenue_high, last_year_orders > 0"
        " FROM revenue_outlook ORDER BY 1",
    )
    assert [row[0] for row in found] == list(range(1, 13))
    assert (found[0][1], found[-1][1]) == (date(2026, 10, 1), date(2027, 9, 1))
    assert all(row[2:] == (True, True) for row in found)
    ((said, last_year),) = rows(
        release,
        "SELECT SUM(last_year_revenue), (SELECT SUM(net_revenue) FROM orders"
        " WHERE customer_id IS NOT NULL AND ordered_on > DATE '2025-09-30') FROM revenue_outlook",
    )
    assert abs(float(said / last_year) - 1) < 0.05
    metrics = {
        metric
        for (metric,) in rows(release, "SELECT metric FROM model_quality WHERE model = 'revenue_outlook'")
    }
    assert "holdout_revenue_bias" in metrics


def test_the_matrix_holds_every_buyer_and_who_is_silent_longer_is_less_alive(release: Path) -> None:
    ((cells, balanced),) = rows(
        release, "SELECT SUM(customers), SUM(customers) = (SELECT COUNT(*) FROM clv) FROM value_matrix"
    )
    assert (cells > 100, balanced) == (True, True)
    ((recent, silent),) = rows(
        release,
        "SELECT AVG(p_alive) FILTER (WHERE days_to <= 180), AVG(p_alive) FILTER (WHERE days_from >= 181)"
        " FROM value_matrix",
    )
    assert recent > silent


def test_the_hold_out_is_drawn_from_the_model_in_use_and_adds_up_to_model_quality(release: Path) -> None:
    tested = "SELECT value FROM model_quality WHERE metric = ? AND model = (SELECT MAX(model) FROM clv)"
    ((customers,),) = rows(release, tested.replace("?", "'holdout_customers'"))
    ((bought,),) = rows(release, tested.replace("?", "'holdout_purchases_actual'"))
    found = rows(
        release,
        "SELECT breakdown, SUM(customers), MAX(model) = (SELECT MAX(model) FROM clv) FROM model_calibration"
        " GROUP BY 1 ORDER BY 1",
    )
    assert found == [("probability", customers, True), ("repeats", customers, True)]
    ((weeks, after, seen_after),) = rows(
        release,
        "SELECT COUNT(*), COUNT(*) FILTER (WHERE is_holdout), SUM(purchases_seen) FILTER (WHERE is_holdout)"
        " FROM model_tracking",
    )
    ((days,),) = rows(release, "SELECT DISTINCT horizon_days FROM model_calibration")
    assert (weeks > 90, after, seen_after) == (True, -(-days // 7), bought)


def test_each_table_made_again_alone_is_the_same(release: Path) -> None:
    home = release.parents[2]
    before = checksums(home)
    with pytest.MonkeyPatch.context() as patch:
        gate_in_sql(patch)
        for name in (
            "clv",
            "clv_groups",
            "value_matrix",
            "churn",
            "runout",
            "revenue_outlook",
            "model_quality",
            "model_calibration",
            "model_tracking",
        ):
            night(home, DAY, selected=[name])
    assert checksums(home) == before
