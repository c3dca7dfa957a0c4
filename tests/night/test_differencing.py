"""The differencing attack: published groups of people, subtracted from one another, leave nobody nearly alone."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from tests.night.conftest import SAMPLE_DAY
from tests.support.nights import table_of
from tests.support.published_groups import (
    CUSTOMERS,
    Group,
    People,
    Told,
    aggregate_tables,
    breakdowns,
    few_left,
    told,
)
from tests.support.small_tables import Tables, day

BY_BEHAVIOUR = {
    "cohorts": "months of purchases",
    "model_calibration": "numbers of purchases of a hold-out",
    "model_tracking": "weeks",
    "pareto_trend": "months",
    "revenue_outlook": "months to come",
    "rfm_migration": "segments, which say how often and how much somebody buys",
    "value_matrix": "numbers of purchases and days since the last",
}
"""Tables that tell customers apart by nothing but what they did: who they are or where is not in them."""
WAYS_BY_BEHAVIOUR = {
    ("clv_groups", "segment"),
    ("clv_groups", "cohort_month"),
    ("pareto_groups", "segment"),
    ("pareto_groups", "category"),
    ("pareto_groups", "product"),
    *(("product_sales", name) for name in ("category", "type", "product", "colour", "size")),
}
"""The same of some ways of looking, in tables that also tell people apart by who or where they are."""


@pytest.fixture(scope="module")
def tables(sample_home: Path) -> Tables:
    """The published tables of a night, and the customers' education and occupation behind them."""
    tables = Tables(day(SAMPLE_DAY))
    stored = ("customers", "orders", "order_lines", "rfm", "clv", "dim_date", "dim_product", "customer_profile",
              *{table for table, _ in told()})  # fmt: skip
    for name in stored:
        tables.con.register("stored", table_of(sample_home, name, SAMPLE_DAY))
        tables.con.execute(f"CREATE TABLE {name} AS FROM stored")
    tables.made(*stored)
    window = {"role": "current", "as_of": day(SAMPLE_DAY), "window_start": day("2024-10-01")}
    tables.put("as_of_dates", window).put("customer_traits").put("campaign_rows")
    tables.con.execute(
        "INSERT INTO customer_traits BY NAME"
        " SELECT customer_id, education AS own_education, occupation AS own_occupation FROM customer_profile"
    )
    for name in ("leads", "clv_group_members", "pareto_series", "product_sale_lines", "sale_periods",
                 "folded_education", "folded_occupation", "folded_lead_events", "folded_lead_places",
                 "folded_lead_interests"):  # fmt: skip
        tables.need(name)
    return tables


def test_every_published_table_of_groups_is_attacked_or_tells_people_apart_by_what_they_did() -> None:
    ways = {(name, way) for name, table in aggregate_tables().items() for way in breakdowns(table)}
    behaviour = {(name, way) for name, way in ways if name in BY_BEHAVIOUR}
    assert set(told()) | WAYS_BY_BEHAVIOUR | behaviour == ways
    assert {name for name, _ in behaviour} == set(BY_BEHAVIOUR)
    for name in BY_BEHAVIOUR:
        columns = aggregate_tables()[name].columns
        assert not [
            c.name for c in columns if c.privacy == "quasi" or c.family in ("geographic", "demographic")
        ]


@pytest.mark.parametrize(("table", "way"), sorted(told()))
def test_the_groups_attacked_are_those_published(tables: Tables, table: str, way: str) -> None:
    for one in told()[table, way]:
        people = People()
        found = {group.label: people.count(group.facts) for group in people.groups(tables, one.people)}
        said = {tuple(label): n for *label, n in tables.con.execute(one.said).fetchall()}
        assert said
        if None in said.values():
            assert set(found) <= set(said)
        else:
            assert found == said


@pytest.mark.parametrize("among", sorted({one.among for ways in told().values() for one in ways}))
def test_totals_less_parts_leave_five_people_or_nobody(tables: Tables, among: str) -> None:
    people = People()
    ways = {
        f"{table} by {way}": people.groups(tables, one.people)
        for (table, way), all_told in told().items()
        for one in all_told
        if one.among == among
    }
    if among == "customers":
        ways |= {one.people: people.groups(tables, one.people) for one in CUSTOMERS}
    everybody = 0
    for groups in ways.values():
        for group in groups:
            everybody |= group.facts
    assert people.count(everybody) > 100
    assert list(few_left(people, ways | {"all": [Group(("all",), everybody)]})) == []


def test_groups_of_the_cube_share_five_people_or_nobody(tables: Tables) -> None:
    """Place, age band and sex: every group that customers or the market shows, crossed with every other."""
    people = People()
    ways = [
        *CUSTOMERS,
        *(told()["market_potential", name][0] for name in ("city", "age_band", "sex", "city_age_sex")),
    ]
    groups = {group.facts for one in ways for group in people.groups(tables, one.people)}
    assert len(groups) > 60
    for one, other in combinations(groups, 2):
        for shared in (one & other, one & ~other, other & ~one):
            assert not 0 < people.count(shared, 5) < 5


def test_the_attack_finds_what_pooling_by_cells_would_leave() -> None:
    """Two sources in two cities: three of the fair in Bekasi are hidden, and follow from totals less parts."""
    people, tables = People(), Tables()
    tables.con.execute(
        "CREATE TABLE everybody (source VARCHAR, city VARCHAR, shown VARCHAR, customer_id BIGINT)"
    )
    cells = (("app", "32.75", "(other)", 9), ("fair", "32.75", "(other)", 3), ("app", "31.71", "app", 8),
             ("fair", "31.71", "fair", 7))  # fmt: skip
    number = 0
    for source, city, shown, count in cells:
        for number in range(number + 1, number + count + 1):  # noqa: B020
            tables.con.execute("INSERT INTO everybody VALUES (?, ?, ?, ?)", [source, city, shown, number])
    ways = {
        columns: people.groups(
            tables, Told("leads", f"SELECT {columns}, customer_id FROM everybody", "").people
        )
        for columns in ("source", "city", "shown, city")
    }
    assert ("source less shown, city", "", 3) in list(few_left(people, ways))
