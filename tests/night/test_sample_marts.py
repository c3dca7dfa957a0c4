"""One night of the sample retailer: what its value tables say agrees with the facts they were made from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.context import open_context
from assets.day import Day
from assets.days_beside import day_to_fit
from assets.records import all_units
from tests.night.conftest import SAMPLE_DAY as DAY
from tests.support.nights import table_of
from tests.support.small_tables import day


@pytest.fixture(scope="module")
def home(sample_home: Path) -> Path:
    return sample_home


def answer(home: Path, sql: str, *tables: str) -> list[tuple[Any, ...]]:
    """The rows of a query over stored tables of the night."""
    with duckdb.connect() as con:
        for name in tables:
            con.register(name, table_of(home, name, DAY))
        return con.execute(sql).fetchall()


def test_all_balances_hold(home: Path) -> None:
    checks = answer(
        home,
        "SELECT table_name, is_passed FROM quality_results WHERE rule IN ('reconciliation', 'balance')",
        "quality_results",
    )
    assert {"product_sales", "cohorts", "lead_sources", "market_potential", "pareto_groups"} <= {
        table for table, _ in checks
    }
    assert all(is_passed for _, is_passed in checks)


def test_every_breakdown_of_the_year_is_all_that_was_sold_anonymous_sales_included(home: Path) -> None:
    sold = answer(
        home,
        "SELECT DISTINCT SUM(net_revenue), SUM(margin), SUM(quantity)"
        " FROM product_sales WHERE period = 'year' GROUP BY breakdown",
        "product_sales",
    )
    lines = answer(
        home,
        f"SELECT SUM(net_revenue), SUM(margin), SUM(quantity) FROM order_lines"
        f" WHERE ordered_on > DATE '{DAY}' - 365",
        "order_lines",
    )
    assert sold == lines
    anonymous = "SELECT COUNT(*) FROM product_sales WHERE anonymous_share > 0 AND breakdown = 'category'"
    assert answer(home, anonymous, "product_sales") > [(0,)]


def test_nobody_can_be_told_apart_in_a_group_of_fewer_than_five(home: Path) -> None:
    """By city, age band and sex, by any two of them, and by each: the sizes of all groups of `customers`."""
    sizes = "SELECT COUNT(*) FROM customers GROUP BY CUBE (city_code, age_band, sex)"
    assert min(answer(home, sizes, "customers")) >= (5,)
    shown = "SELECT COUNT(DISTINCT city_code), COUNT(DISTINCT age_band), COUNT(DISTINCT sex) FROM customers"
    ((cities, bands, sexes),) = answer(home, shown, "customers")
    assert cities > 20 and bands > 1 and sexes == 2


def test_cities_without_customers_are_listed_with_their_potential(home: Path) -> None:
    nobody = (
        "SELECT city_code FROM market_potential WHERE breakdown = 'city' AND customers = 0 AND population > 0"
    )
    assert ("73.72",) in answer(home, nobody, "market_potential")
    ahead = "SELECT COUNT(*) FROM market_potential WHERE breakdown = 'city' AND potential_buyers < 0"
    assert answer(home, ahead, "market_potential") > [(0,)]


def test_leads_by_city_are_the_groups_of_customers_and_events_bear_their_cost(home: Path) -> None:
    by_city = "SELECT item, leads FROM lead_sources WHERE breakdown = 'city' ORDER BY ALL"
    counted = "SELECT COALESCE(city_code, '(other)'), COUNT(*) FROM customers GROUP BY 1 ORDER BY ALL"
    assert answer(home, by_city, "lead_sources") == answer(home, counted, "customers")
    assert answer(home, "SELECT COUNT(*) FROM lead_sources WHERE leads BETWEEN 1 AND 4", "lead_sources") == [
        (0,)
    ]
    cost = "SELECT SUM(cost) FROM lead_sources WHERE breakdown = 'event'"
    assert answer(home, cost, "lead_sources") == [(9 * 35_000_000,)]


def test_the_segments_of_the_sample_have_members_who_are_what_their_condition_says(home: Path) -> None:
    found = answer(
        home, "SELECT DISTINCT segment FROM segment_members WHERE status <> 'left'", "segment_members"
    )
    assert {"win_back", "members_without_email"} <= {segment for (segment,) in found}
    wrong = (
        "SELECT COUNT(*) FROM segment_members AS m JOIN customers AS c USING (customer_id)"
        " WHERE m.segment = 'win_back' AND m.status <> 'left'"
        " AND (c.lifecycle_stage NOT IN ('lapsing', 'lapsed') OR c.count_order_days < 4)"
    )
    assert answer(home, wrong, "segment_members", "customers") == [(0,)]


def test_all_that_was_sold_in_the_window_is_in_every_dimension_of_the_pareto(home: Path) -> None:
    sums = "SELECT DISTINCT measure, SUM(value) FROM pareto_groups GROUP BY dimension, measure"
    assert len(answer(home, sums, "pareto_groups")) == 2
    regions = "SELECT COUNT(*) FROM pareto_groups WHERE dimension = 'region' AND rank IS NOT NULL"
    assert answer(home, regions, "pareto_groups") > [(9,)]
    assert answer(home, "SELECT COUNT(*) FROM pareto_trend WHERE is_complete", "pareto_trend") == [(48,)]


def test_a_day_to_fit_knows_the_same_purchases_without_making_the_golden_record(home: Path) -> None:
    context = open_context(home)
    units, on = all_units(context), day(DAY)
    with Day(context, on, units) as whole, day_to_fit(context, on, units) as lean:
        for name in ("purchase_cells", "spend_cells", "family_days"):
            rows = [sorted(map(str, one.fetch(name).to_pylist())) for one in (whole, lean)]
            assert rows[0] == rows[1] != []
        assert ("customer_profile" in whole.timings, "customer_profile" in lean.timings) == (True, False)


def test_the_sample_shows_why_people_may_not_be_contacted(home: Path) -> None:
    reasons = "SELECT DISTINCT reason FROM contactability WHERE purpose = 'marketing' AND NOT is_allowed"
    expected = {"blacklisted", "withdrawn", "no_consent", "no_valid_address"}
    assert expected <= {reason for (reason,) in answer(home, reasons, "contactability")}
    for name in ("contact_pressure", "enrichment_queue", "enrichment_yield"):
        assert answer(home, f"SELECT COUNT(*) FROM {name}", name) > [(0,)]
