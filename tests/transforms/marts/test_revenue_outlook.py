"""What the revenue outlook is made from: histories up to a cut, newcomers, last year's same days."""

from __future__ import annotations

from decimal import Decimal

from tests.transforms.marts.company import AS_OF, Company, day, file, line, money


def sold(*rows: object, cutoff: str = "06-30", as_of: str | None = None) -> Company:
    company = Company(as_of=AS_OF if as_of is None else day(as_of)).sells(file(*rows))
    company.put("outlook_cut", [{"cutoff": day(cutoff)}])
    return company


def buys(customer: str, **amounts: str) -> list[object]:
    return [
        line(f"{customer}{on}", on[1:].replace("_", "-"), value, customer) for on, value in amounts.items()
    ]


def test_histories_end_at_the_cut_and_tell_first_from_repeat_revenue() -> None:
    rows = [*buys("C1", d05_01="10", d05_11="20", d05_21="30", d06_25="99"), *buys("C2", d06_20="7")]
    columns = ("customer_id", "x", "t_x_days", "T_days", "first_revenue", "repeat_revenue")
    assert sold(*rows, cutoff="05-31").table("outlook_histories", *columns) == [
        (1, 2, 20, 30, money("10"), money("50"))
    ]
    company = sold(*rows)
    assert company.table("outlook_cells") == [(0, 0, 10, 1, money("0")), (3, 55, 60, 1, money("149"))]
    assert company.table("revenue_cells") == [(3, Decimal("49.6667"), 1)]


def test_the_pace_of_newcomers_leaves_out_the_first_days_of_a_history() -> None:
    """In the first 90 days everybody is new; of a long history the last 180 count, here from 3 January."""
    rows = [
        *buys("C1", d2022_06_01="5"),
        *buys("C2", d01_02="5"),
        *buys("C3", d01_03="8"),
        *buys("C4", d06_30="4"),
    ]
    assert sold(*rows).table("outlook_acquisition") == [(2, 180, money("12"))]
    young = [*buys("C1", d01_01="5"), *buys("C2", d03_30="5"), *buys("C3", d06_01="8")]
    assert sold(*young).table("outlook_acquisition") == [(1, 92, money("8"))]
    assert sold(*buys("C1", d06_01="5")).table("outlook_acquisition") == [(1, 30, money("5"))]
    assert sold().table("outlook_acquisition") == []


def test_facts_of_a_back_test_are_those_after_the_cut_a_year_before_and_just_before() -> None:
    rows = [
        *buys("C1", d2023_06_10="1", d05_20="20", d06_01="300", d06_30="4000"),
        *buys("C2", d2023_05_31="50000"),
    ]
    columns = ("revenue", "revenue_year_before", "revenue_before")
    assert sold(*rows, cutoff="05-31").table("outlook_actuals", *columns) == [
        (money("4300"), money("1"), money("20"))
    ]
    assert sold(*rows[1:4], cutoff="05-31").table("outlook_actuals", *columns) == [
        (money("4300"), None, money("20"))
    ]


def test_last_year_is_the_same_month_and_of_a_running_one_the_same_days() -> None:
    rows = buys("C1", d2023_06_10="1", d2023_06_20="20", d2023_07_01="300", d2023_07_31="4000", d06_01="9")
    company = sold(*rows, as_of="06-15")
    said = dict.fromkeys(
        ("repeat_orders", "repeat_revenue", "new_customers", "new_orders", "new_revenue", "revenue_low",
         "revenue_high"), 2.125
    )  # fmt: skip
    months = (("06-01", 15), ("07-01", 31), ("08-01", 31), ("2025-06-01", 30))
    company.put(
        "outlook_months",
        [
            {**said, "months_ahead": place, "month_start": day(start), "count_days": days}
            for place, (start, days) in enumerate(months)
        ],
    )
    columns = ("month_start", "revenue", "last_year_orders", "last_year_revenue")
    assert company.table("revenue_outlook", *columns) == [
        (day("06-01"), money("4.26"), 1, money("20")),
        (day("07-01"), money("4.26"), 2, money("4300")),
        (day("08-01"), money("4.26"), 0, money("0")),
        (day("2025-06-01"), money("4.26"), 1, money("9")),
    ]
    company.con.execute("DROP TABLE revenue_outlook")
    company.con.execute("DELETE FROM order_days WHERE ordered_on < DATE '2023-06-15'")
    company.built.discard("revenue_outlook")
    assert company.table("revenue_outlook", *columns)[0] == (day("06-01"), money("4.26"), None, None)
