"""Order days, purchase history, rhythm: what a customer's days say."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.transforms.marts.company import Company, day, file, line, money


def sales(*days: str, customer: str = "C1", amount: str = "10") -> list[object]:
    return [line(f"{customer}{on}", on, amount, customer) for on in days]


def test_orders_of_one_day_are_one_order_day() -> None:
    company = Company().sells(
        file(line("A", "06-01", "10"), line("B", "06-01", "20"), line("C", "06-02", "40"))
    )
    assert company.table("order_days") == [
        (1, day("06-01"), money("30"), money("9"), 2, 0, True),
        (1, day("06-02"), money("40"), money("12"), 1, 0, True),
    ]


def test_a_day_given_back_stays_in_order_days_but_is_no_purchase_day() -> None:
    company = Company().sells(
        file(
            *sales("05-01", "05-11"),
            line("R", "06-01", "10", status="returned", returns_order_id="C105-11"),
            line("K", "06-02", "99", status="cancelled"),
        )
    )
    assert company.table("order_days", "ordered_on", "net_revenue", "count_orders", "count_given_back") == [
        (day("05-01"), money("10"), 1, 0),
        (day("05-11"), money("0"), 1, 1),
        (day("06-02"), money("0"), 0, 0),
    ]
    assert company.table("purchase_history", "last_on", "count_order_days") == [(day("05-01"), 1)]


def test_something_taken_for_nothing_is_a_purchase_day() -> None:
    """The published CDNOW figures count customers whose only purchase cost nothing."""
    company = Company().sells(
        file(
            *sales("05-01", amount="0"),
            *sales("05-11"),
            line("B", "05-21", "0"),
            line("R", "05-21", "-10"),
            line("S", "05-21", "10"),
        )
    )
    assert company.table("order_days", "ordered_on", "is_purchase") == [
        (day("05-01"), True),
        (day("05-11"), True),
        (day("05-21"), False),
    ]
    assert company.table("purchase_history", "last_on", "x") == [(day("05-11"), 1)]


def test_purchase_history_counts_repeats_gaps_and_means() -> None:
    company = Company().sells(
        file(*sales("05-01", "05-31", "06-10"), *sales("06-01", customer="C2", amount="25"))
    )
    columns = (
        "customer_id",
        "x",
        "t_x_days",
        "T_days",
        "revenue",
        "mean_revenue",
        "mean_margin",
        "mean_gap_days",
        "mean_repeat_margin",
    )
    assert company.table("purchase_history", *columns) == [
        (
            1,
            2,
            40,
            60,
            money("30"),
            Decimal("10.0000"),
            Decimal("3.0000"),
            Decimal("20.0000"),
            Decimal("3.0000"),
        ),
        (2, 0, 0, 29, money("25"), Decimal("25.0000"), Decimal("7.5000"), None, None),
    ]


def test_equal_histories_share_a_cell() -> None:
    company = Company().sells(
        file(*sales("06-01"), *sales("06-01", customer="C2"), *sales("06-01", "06-05", customer="C3"))
    )
    assert company.table("purchase_cells") == [(0, 0, 29, 2), (1, 4, 29, 1)]


@pytest.mark.parametrize(
    ("days", "state", "is_won_back"),
    [
        (["06-20"], "new", False),
        (["05-05"], "lapsing", False),
        (["2023-12-01"], "lapsed", False),
        (["05-21", "06-10"], "active", False),
        (["04-01", "04-21", "05-11"], "lapsing", False),
        (["02-01", "02-21", "03-12"], "lapsed", False),
        (["2023-06-01", "2023-06-21", "06-20"], "active", True),
        (["2023-06-01", "06-20"], "active", True),
    ],
)
def test_state_against_the_own_rhythm(days: list[str], state: str, is_won_back: bool) -> None:
    """Twenty others buy every 20 days, so that the population's gap is near 20."""
    others = [row for n in range(2, 102) for row in sales("05-01", "05-21", customer=f"C{n}")]
    company = Company().sells(file(*sales(*days), *others))
    company.build("customer_rhythm")
    found = company.con.execute(
        "SELECT state, is_won_back FROM customer_rhythm WHERE customer_id = 1"
    ).fetchall()
    assert found == [(state, is_won_back)]


def test_the_typical_gap_leans_on_the_population_and_is_at_least_a_week() -> None:
    company = Company().sells(
        file(*sales("06-01", "06-02", "06-03"), *sales("06-01", "06-22", customer="C2"))
    )
    assert company.table("customer_rhythm", "customer_id", "typical_gap_days", "population_gap_days") == [
        (1, Decimal("7.0000"), Decimal("11.0000")),
        (2, Decimal("14.3333"), Decimal("11.0000")),
    ]


def test_without_repeaters_the_population_gap_is_thirty_days() -> None:
    company = Company().sells(file(*sales("06-01")))
    assert company.table("customer_rhythm", "state", "typical_gap_days") == [("new", Decimal("30.0000"))]
