"""How the model is drawn: the matrix of what it expects, the hold-out by group and by week."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.support.small_tables import Tables, day
from tests.transforms.marts.company import Company, file, line
from tests.transforms.marts.company import day as day_of_2024

AS_OF, CUTOFF = day("31"), day("10")
HEAD = {"model": "mbg_nbd", "cutoff": CUTOFF, "horizon_days": 21}


def dec(text: str) -> Decimal:
    return Decimal(text)


def matrix(*histories: tuple[int, int, int, str, str]) -> Tables:
    """Customers by (how many, repeat purchases, days since the last, expected purchases, P(alive))."""
    tables, customer = Tables(AS_OF), 0
    tables.con.execute(
        "CREATE TABLE purchase_history (customer_id BIGINT, x INTEGER, t_x_days INTEGER, T_days INTEGER)"
    )
    tables.made("purchase_history")
    for count, x, since, expected, alive in histories:
        for _ in range(count):
            customer += 1
            tables.con.execute(
                "INSERT INTO purchase_history VALUES (?, ?, 100, ?)", [customer, x, 100 + since]
            )
            tables.put(
                "clv",
                {"as_of": AS_OF, "customer_id": customer, "horizon_days": 365,
                 "expected_purchases": expected, "p_alive": alive},
            )  # fmt: skip
    return tables


def test_the_matrix_holds_the_mean_of_every_cell_with_five_customers_or_more() -> None:
    tables = matrix(
        (4, 0, 30, "1", "0.5"), (1, 0, 12, "2", "1"), (4, 0, 31, "1", "0.5"), (5, 9, 400, "3", "0.25")
    )
    columns = (
        "horizon_days",
        "repeats",
        "days_from",
        "days_to",
        "customers",
        "expected_purchases",
        "p_alive",
    )
    assert tables.rows("value_matrix", *columns) == [
        (365, 0, 0, 30, 5, dec("1.2"), dec("0.6")),
        (365, 0, 31, 60, 4, None, None),
        (365, 7, 366, None, 5, dec("3"), dec("0.25")),
    ]
    assert tables.rows("value_matrix_balance", "difference") == [(0,)]


def test_the_balance_sees_a_cell_that_is_missing() -> None:
    tables = matrix((6, 2, 90, "1", "0.5"))
    tables.need("value_matrix")
    tables.con.execute("DELETE FROM value_matrix")
    assert tables.rows("value_matrix_balance", "difference") == [(6,)]


def holdout() -> Tables:
    tables = Tables(AS_OF)
    names = ("customers", "purchases_said", "purchases_seen", "buyers_said", "buyers_seen")
    head = "model VARCHAR, cutoff DATE, horizon_days INTEGER"
    figures = ", ".join(f"{name} DOUBLE" for name in names)
    tables.con.execute(
        f"CREATE TABLE foretold_groups ({head}, breakdown VARCHAR, group_no INTEGER, {figures})"
    )
    tables.con.execute(
        f"CREATE TABLE foretold_weeks ({head}, end_day INTEGER, customers DOUBLE, said DOUBLE, seen DOUBLE)"
    )
    tables.made("foretold_groups", "foretold_weeks")
    for breakdown, group, *sums in (
        ("repeats", 0, 8, 2.0, 4, 1.6, 2),
        ("repeats", 7, 4, 9.0, 8, 3.8, 4),
        ("probability", 2, 12, 11.0, 12, 3.0, 6),
    ):
        tables.con.execute(
            "INSERT INTO foretold_groups VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [*HEAD.values(), breakdown, group, *sums],
        )
    for week in ((-7, 4, 0.0, 0), (0, 10, 1.5, 2), (7, 12, 4.25, 3), (12, 12, 5.0, 3)):
        tables.con.execute("INSERT INTO foretold_weeks VALUES (?, ?, ?, ?, ?, ?, ?)", [*HEAD.values(), *week])
    return tables


def test_said_and_seen_stand_side_by_side_where_five_customers_or_more_are() -> None:
    columns = ("breakdown", "group_no", "customers", "purchases_foretold", "purchases_seen",
               "probability_foretold", "share_bought")  # fmt: skip
    assert holdout().rows("model_calibration", *columns) == [
        ("probability", 2, 12, dec("0.9167"), 1, dec("0.25"), dec("0.5")),
        ("repeats", 0, 8, dec("0.25"), dec("0.5"), dec("0.2"), dec("0.25")),
        ("repeats", 7, 4, None, None, None, None),
    ]


@pytest.mark.parametrize(("fault", "difference"), [(None, 0), ("group_no = 0", 8), ("group_no = 2", 0)])
def test_each_breakdown_holds_all_customers_of_the_hold_out(fault: str | None, difference: int) -> None:
    """A breakdown without a single group is not there to be held against anything."""
    tables = holdout()
    if fault is not None:
        tables.con.execute(f"DELETE FROM foretold_groups WHERE {fault}")
    assert tables.rows("model_calibration_balance", "difference") == [(difference,)]


def test_weeks_have_their_own_purchases_beside_the_sum_so_far() -> None:
    columns = ("week_end", "is_holdout", "customers", "purchases_foretold", "purchases_seen",
               "cumulative_foretold", "cumulative_seen")  # fmt: skip
    assert holdout().rows("model_tracking", *columns) == [
        (day("10"), False, 10, dec("1.50"), 2, dec("1.50"), 2),
        (day("17"), True, 12, dec("2.75"), 1, dec("4.25"), 3),
        (day("22"), True, 12, dec("0.75"), 0, dec("5.00"), 3),
    ], "the first week, of four customers, is not shown"


def test_repeat_days_count_from_the_cut_and_leave_out_who_came_after_it() -> None:
    bought = {
        "C1": ("01-01", "01-05", "01-10", "01-12"),
        "C2": ("01-03", "01-05", "01-31"),
        "C3": ("01-11", "01-12"),
    }
    company = Company().sells(
        file(*(line(f"{who}-{on}", on, "10", who) for who, days in bought.items() for on in days))
    )
    company.put("holdout", [{"cutoff": day_of_2024("01-10"), "horizon_days": 20, "sample_step": 1}])
    assert company.table("repeat_days", "days_after_cut", "repeats") == [(-5, 2), (0, 1), (2, 1)]
