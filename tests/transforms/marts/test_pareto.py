"""Pareto: classes, ties, concentration in figures, and totals that agree."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.transforms.marts.company import AS_OF, Company, file, line, money


def with_revenues(*revenues: str) -> Company:
    """Customers C1, C2 ... with one order each in the window."""
    return Company().sells(
        file(*(line(f"{n}", "06-15", r, f"C{n}") for n, r in enumerate(revenues, start=1)))
    )


def summary(company: Company, measure: str = "revenue") -> dict[str, float]:
    company.build("pareto_summary")
    rows = company.con.execute(
        "SELECT metric, value FROM pareto_summary WHERE measure = ?", [measure]
    ).fetchall()
    return {metric: float(value) for metric, value in rows}


def test_class_is_decided_by_the_share_before_the_customer() -> None:
    company = with_revenues("50", "30", "15", "5")
    assert company.table("pareto", "customer_id", "rank", "cumulative_share", "class") == [
        (1, 1, Decimal("0.500000"), "A"),
        (2, 2, Decimal("0.800000"), "A"),
        (3, 3, Decimal("0.950000"), "B"),
        (4, 4, Decimal("1.000000"), "C"),
    ]


def test_ties_share_rank_cumulative_share_and_class() -> None:
    company = with_revenues("40", "20", "20", "20")
    assert company.table("pareto", "customer_id", "rank", "cumulative_share", "class") == [
        (1, 1, Decimal("0.400000"), "A"),
        *((n, 2, Decimal("1.000000"), "A") for n in (2, 3, 4)),
    ]


def test_only_revenue_above_zero_is_ranked_and_profit_may_be_negative() -> None:
    company = Company().sells(
        file(
            line("A", "06-01", "100", "C1", cost=Decimal(130)),
            line("B", "06-01", "-10", "C2"),
            line("C", "06-01", "50", "C3"),
            line("C", "06-02", "-50", "C3"),
        )
    )
    assert company.table("pareto", "customer_id", "revenue", "profit") == [(1, money("100"), money("-30"))]
    found = summary(company)
    assert (found["customers_ranked"], found["customers_at_or_below_zero"]) == (1, 2)
    assert (found["total_ranked"], found["total_at_or_below_zero"], found["total_anonymous"]) == (100, -10, 0)


def test_customers_are_ranked_by_profit_beside_revenue_and_a_loss_has_no_rank() -> None:
    costs = {"1": "90", "2": "10", "3": "20", "4": "55"}
    revenues = {"1": "100", "2": "60", "3": "40", "4": "50"}
    company = Company().sells(
        file(*(line(n, "06-15", revenues[n], f"C{n}", cost=Decimal(costs[n])) for n in revenues))
    )
    columns = ("customer_id", "rank", "profit", "profit_rank", "profit_cumulative_share", "profit_class")
    assert company.table("pareto", *columns) == [
        (1, 1, 10, 3, Decimal("1.000000"), "B"),
        (2, 2, 50, 1, Decimal("0.625000"), "A"),
        (3, 4, 20, 2, Decimal("0.875000"), "A"),
        (4, 3, -5, None, None, None),
    ]


def test_the_previous_class_is_that_of_the_last_month_end() -> None:
    company = Company().sells(
        file(
            line("A", "05-01", "10", "C1"),
            line("B", "05-01", "1000", "C2"),
            line("C", "06-01", "99990", "C1"),
        )
    )
    assert company.table("pareto", "customer_id", "class", "previous_class") == [(1, "A", "C"), (2, "C", "A")]


def gini(values: list[float]) -> float:
    n, total = len(values), sum(values)
    return sum(abs(a - b) for a in values for b in values) / (2 * n * total)


def test_gini_is_the_mean_difference_over_twice_the_mean() -> None:
    values = ["1", "1", "2", "7", "7", "7", "30", "0.55"]
    assert summary(with_revenues(*values))["gini"] == pytest.approx(
        gini([float(v) for v in values]), abs=1e-6
    )


def test_the_best_p_percent_are_counted_downwards_and_cut_a_tie_in_part() -> None:
    company = with_revenues(*["30"] * 5, *["10"] * 15)
    found = summary(company)
    assert (found["top_1_share"], found["top_5_share"], found["top_20_share"]) == (0, 0.1, 0.4)
    assert found["customers_for_80"] == 14
    assert found["customers_for_80_share"] == 0.7
    curve = company.table("pareto_curve")
    assert [row[:3] for row in curve[:101]] == [(AS_OF, "profit", percent) for percent in range(101)]
    assert curve[101 + 25] == (AS_OF, "revenue", 25, Decimal("0.500000"))
    assert curve[101 + 100] == (AS_OF, "revenue", 100, Decimal("1.000000"))


def test_ranked_and_zero_and_anonymous_add_up_to_the_orders_of_the_window() -> None:
    company = Company(window_days=30).sells(
        file(
            line("old", "01-01", "1000000"),
            line("A", "06-01", "10.33"),
            line("N", "06-02", "3.10", None),
            line("B", "06-03", "-7", "C2"),
            line("R", "06-04", "5", returns_order_id="old"),
        )
    )
    found = summary(company)
    assert (found["total_ranked"], found["total_at_or_below_zero"], found["total_anonymous"]) == (
        10.33,
        -7,
        3.1,
    )
    columns = ("ledger_revenue", "orders_revenue", "orders_in_window_revenue", "difference")
    assert company.table("reconciliation", *columns) == [
        (money("1000001.43"), money("1000001.43"), money("6.43"), money("0")),
    ]


def test_an_empty_company_has_counts_and_totals_of_zero() -> None:
    company = Company()
    assert set(summary(company).values()) == {0.0}
    assert company.table("pareto") == []
    assert company.table("reconciliation", "difference") == [(money("0"),)]
