"""Flows between segments: who went where since the previous month-end, and both ends that balance."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest

from tests.transforms.marts.company import AS_OF, MARTS, Company, day, file, line, money

BOUNDS = {"recency": [-400, -60, -40, -20, -7], "frequency": [1, 2, 3, 4, 5], "monetary": [1, 2, 3, 4, 5]}


def with_cut_points(company: Company) -> Company:
    company.put(
        "rfm_cutpoint_fits",
        [
            {"fit_day": fit_day, "measure": measure, "score": score, "lower_bound": Decimal(bound)}
            for fit_day in (day("05-01"), day("06-01"))
            for measure, cuts in BOUNDS.items()
            for score, bound in enumerate(cuts, start=1)
        ],
    )
    return company


@pytest.fixture(scope="module")
def company() -> Company:
    """A window of 100 days: today's begins on 23 March, that of 31 May on 22 February."""
    rows = [
        line("stay", "05-29", "60", "C1"),
        line("stay2", "05-30", "40", "C1"),
        line("stay3", "06-29", "40", "C1"),
        line("slip", "05-29", "70", "C2"),
        line("slip2", "05-30", "30", "C2"),
        line("gone", "03-01", "55", "C3"),
        line("back", "01-05", "9", "C4"),
        line("back2", "06-20", "60", "C4"),
        line("fresh", "06-28", "25", "C5"),
        line("fresh2", "06-29", "25", "C6"),
        line("never", "06-10", "-5", "C7"),
        line("asleep", "01-01", "5", "C8"),
        line("given", "05-01", "-3", "C9"),
        line("later", "06-30", "8", "C9"),
        line("who", "06-30", "1000", None),
    ]
    return with_cut_points(Company(window_days=100).sells(file(*rows)))


def test_every_customer_of_either_window_goes_one_way(company: Company) -> None:
    columns = ("from_segment", "to_segment", "flow", "customers", "revenue", "previous_revenue")
    assert company.table("rfm_migration", *columns) == [
        ("first_purchase", "new", "new", 3, money("55"), money("0")),
        ("lost", "left_window", "lost", 1, money("0"), money("55")),
        ("potential_loyalist", "about_to_sleep", "moved", 1, money("100"), money("100")),
        ("potential_loyalist", "potential_loyalist", "stayed", 1, money("140"), money("100")),
        ("returned", "promising", "returned", 1, money("60"), money("0")),
    ]


def test_days_are_those_of_rfm_and_of_its_previous_segment(company: Company) -> None:
    assert set(company.table("rfm_migration", "as_of", "previous_as_of")) == {(AS_OF, day("05-31"))}
    company.build("rfm_migration")
    pairs = company.con.execute(
        """
        SELECT from_segment, to_segment, CAST(customers AS BIGINT) FROM rfm_migration
        WHERE flow IN ('stayed', 'moved')
        EXCEPT ALL SELECT previous_segment, segment, COUNT(*) FROM rfm GROUP BY ALL
        """
    ).fetchall()
    assert pairs == []


def test_flows_into_a_segment_add_up_to_it_and_flows_out_of_it_to_what_it_was(company: Company) -> None:
    assert company.table("rfm_migration_balance") == [(AS_OF, money("0"))]
    company.build("rfm_migration")
    shares = company.con.execute("SELECT SUM(share_of_from) FROM rfm_migration GROUP BY from_segment")
    assert {share for (share,) in shares.fetchall()} == {Decimal("1.000000")}


@pytest.mark.parametrize(
    ("fault", "difference"),
    [
        ("UPDATE rfm_migration SET customers = customers + 1 WHERE flow = 'new'", "1"),
        ("UPDATE rfm_migration SET previous_revenue = 0 WHERE flow = 'lost'", "55"),
        ("UPDATE rfm_migration SET to_segment = 'loyal', flow = 'moved' WHERE flow = 'stayed'", "282"),
        ("DELETE FROM rfm_migration WHERE flow = 'returned'", "61"),
    ],
)
def test_the_balance_sees_a_customer_or_an_amount_too_many_or_too_few(fault: str, difference: str) -> None:
    company = with_cut_points(
        Company(window_days=100).sells(
            file(
                line("stay", "05-29", "60", "C1"),
                line("stay2", "05-30", "40", "C1"),
                line("stay3", "06-29", "40", "C1"),
                line("gone", "03-01", "55", "C3"),
                line("back", "01-05", "9", "C4"),
                line("back2", "06-20", "60", "C4"),
                line("fresh", "06-28", "25", "C5"),
            )
        )
    )
    company.build("rfm_migration")
    company.con.execute(fault)
    assert company.table("rfm_migration_balance", "difference") == [(money(difference),)]


def test_two_ids_that_are_one_customer_today_were_one_at_the_month_end_as_well() -> None:
    rows = file(line("A", "05-20", "10", "C1"), line("B", "06-20", "10", "C2"))
    company = with_cut_points(Company())
    company.put("order_line_rows", rows)
    company.put("customer_links", [{"record_key": f"web:C{n}", "customer_id": 1} for n in (1, 2)])
    assert company.table("rfm_migration", "flow", "customers") == [("moved", 1)]
    assert company.table("rfm_migration_balance", "difference") == [(money("0"),)]


def test_without_sales_nobody_moves() -> None:
    company = Company()
    assert company.table("rfm_migration") == []
    assert company.table("rfm_migration_balance") == [(AS_OF, money("0"))]


def test_no_segment_is_called_as_an_end_outside_the_windows_is() -> None:
    with (MARTS / "rfm_segments.csv").open(encoding="utf-8") as seed:
        segments = {row["segment"] for row in csv.DictReader(seed)}
    assert not segments & {"first_purchase", "returned", "left_window"}
