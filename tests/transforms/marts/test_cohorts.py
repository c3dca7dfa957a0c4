"""Cohorts: a triangle of months that ends with as_of, and revenue that is all there."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.transforms.marts.company import AS_OF, Company, day, file, line, money

FEBRUARY, APRIL, JUNE = day("02-01"), day("04-01"), day("06-01")
Cells = dict[tuple[dt.date, int], tuple[object, ...]]


def company_of(as_of: dt.date = AS_OF) -> Company:
    """C1 and C2 come in February, C3 in April, C4 in June; nobody buys in March; January is anonymous."""
    rows = [
        line("who", "01-15", "7", None),
        line("a", "02-03", "100", "C1", cost=Decimal(60)),
        line("b", "02-20", "50", "C2", cost=Decimal(10)),
        line("c", "04-02", "10", "C1", cost=Decimal(6)),
        line("d", "04-20", "5", "C1", cost=Decimal(3)),
        line("e", "04-30", "30", "C3", cost=Decimal(12)),
        line("back", "04-30", "-20", "C2", cost=Decimal(4), returns_order_id="unknown"),
        line("early", "05-02", "-4", "C4", cost=Decimal(1), returns_order_id="unknown"),
        line("f", "06-10", "40", "C4", cost=Decimal(20)),
        line("free", "05-01", "0", "C5", cost=Decimal(2)),
        line("only", "05-01", "-6", "C6", cost=Decimal(3)),
    ]
    return Company(as_of=as_of).sells(file(*(row for row in rows if row["event_on"] <= as_of)))


def cells(company: Company, *columns: str) -> Cells:
    rows = company.table("cohorts", "cohort_month", "months_since", *columns)
    return {(cohort, months): tuple(rest) for cohort, months, *rest in rows}


def test_a_cohort_has_a_cell_for_every_month_up_to_that_of_the_day_and_none_after() -> None:
    found = cells(company_of(), "customers", "active", "retention")
    half, none = Decimal("0.500000"), Decimal("0.000000")
    assert found == {
        (FEBRUARY, 0): (2, 2, 1),
        (FEBRUARY, 1): (2, 0, none),
        (FEBRUARY, 2): (2, 1, half),
        (FEBRUARY, 3): (2, 0, none),
        (FEBRUARY, 4): (2, 0, none),
        (APRIL, 0): (1, 1, 1),
        (APRIL, 1): (1, 0, none),
        (APRIL, 2): (1, 0, none),
        (JUNE, 0): (1, 1, 1),
    }


def test_revenue_is_that_of_the_months_orders_and_adds_up_from_the_first() -> None:
    """C2 gives 20 back in April; C4 gave 4 back in May, before the first purchase in June."""
    found = cells(company_of(), "revenue", "cumulative_revenue", "margin")
    assert [found[FEBRUARY, months] for months in range(4)] == [
        (money("150"), money("150"), money("80")),
        (money("0"), money("150"), money("0")),
        (money("-5"), money("145"), money("-10")),
        (money("0"), money("145"), money("0")),
    ]
    assert found[JUNE, 0] == (money("36"), money("36"), money("17"))


@pytest.mark.parametrize(("as_of", "is_complete"), [("06-29", False), ("06-30", True)])
def test_the_running_month_is_not_complete_before_its_last_day(as_of: str, is_complete: bool) -> None:
    found = cells(company_of(day(as_of)), "is_complete")
    assert found.pop((FEBRUARY, 4)) == found.pop((APRIL, 2)) == found.pop((JUNE, 0)) == (is_complete,)
    assert set(found.values()) == {(True,)}


def test_customers_of_the_first_month_with_orders_may_have_bought_before() -> None:
    assert set(cells(company_of(), "is_left_truncated").values()) == {(False,)}
    known_at_once = Company().sells(file(line("a", "02-03", "1"), line("b", "03-01", "1", "C2")))
    found = cells(known_at_once, "is_left_truncated")
    assert (found[FEBRUARY, 0], found[day("03-01"), 0]) == ((True,), (False,))


def test_a_year_is_twelve_months() -> None:
    company = Company().sells(file(line("a", "2022-11-30", "1"), line("b", "2023-12-01", "2")))
    found = cells(company, "active")
    assert [months for (_, months), (active,) in found.items() if active] == [0, 13]
    assert len(found) == 20


@pytest.mark.parametrize("as_of", ["02-03", "04-30", "05-15", "06-30"])
def test_all_cells_and_those_who_never_bought_are_the_orders_of_known_customers(as_of: str) -> None:
    company = company_of(day(as_of))
    assert company.table("cohort_reconciliation", "difference") == [(money("0"),)]
    total = company.value("SELECT SUM(revenue) FROM cohorts")
    bought = company.value(
        "SELECT SUM(net_revenue) FROM orders WHERE customer_id IN"
        " (SELECT customer_id FROM order_days WHERE net_revenue > 0)"
    )
    assert total == bought


def test_those_who_never_bought_anything_are_told_apart_from_the_cells() -> None:
    columns = ("cohort_revenue", "outside_revenue", "known_orders_revenue")
    assert company_of().table("cohort_reconciliation", *columns) == [
        (money("211"), money("-6"), money("205"))
    ]


@pytest.mark.parametrize(
    ("fault", "difference"),
    [
        ("UPDATE cohorts SET revenue = revenue + 0.01 WHERE months_since = 2", "0.02"),
        ("UPDATE cohorts SET margin = 0 WHERE cohort_month = DATE '2024-06-01'", "17"),
        ("DELETE FROM cohorts WHERE months_since = 0 AND cohort_month = DATE '2024-04-01'", "49"),
    ],
)
def test_the_reconciliation_sees_what_is_missing(fault: str, difference: str) -> None:
    company = company_of()
    company.build("cohorts")
    company.con.execute(fault)
    assert company.table("cohort_reconciliation", "difference") == [(money(difference),)]


def test_without_sales_there_are_no_cohorts() -> None:
    company = Company()
    assert company.table("cohorts") == []
    assert company.table("cohort_reconciliation", "difference") == [(money("0"),)]
