"""Pareto of regions, segments, categories, products and months; customers at a loss apart."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.support.small_tables import Tables, day


def window() -> Tables:
    """Six customers buy coffee in Bandung for 10 each, one buys a kettle for 100 and gives a lamp back; one nobody."""
    tables = Tables()
    tables.put("as_of_dates", {"role": "current", "as_of": day("31"), "window_start": day("2025-12-01")})
    tables.put(
        "as_of_dates", {"role": "previous", "as_of": day("2025-12-31"), "window_start": day("2025-11-01")}
    )
    for number in range(1, 8):
        tables.put("customers", {"customer_id": number, "city_code": "32.73" if number < 7 else "31"})
        tables.put("rfm", {"customer_id": number, "segment": "loyal" if number < 7 else "champions"})

    def sold(number: int | None, on: str, product: str, revenue: int, margin: int) -> None:
        tables.put(
            "order_lines",
            {"customer_id": number, "ordered_on": day(on), "product_id": product, "net_revenue": revenue,
             "margin": margin, "category": "Coffee" if product == "K" else None},
        )  # fmt: skip
        tables.put(
            "orders", {"customer_id": number, "ordered_on": day(on), "net_revenue": revenue, "margin": margin}
        )

    for number in range(1, 7):
        sold(number, "05", "K", 10, 2)
    sold(7, "2025-12-20", "KETTLE", 100, -4)
    sold(7, "06", "LAMP", -30, -10)
    sold(None, "07", "K", 40, 8)
    sold(1, "2025-11-30", "K", 999, 9)
    return tables


def groups(tables: Tables, dimension: str, measure: str, *columns: str) -> dict[str, Any]:
    rows = tables.rows("pareto_groups", "dimension", "measure", "item", *columns)
    return {item: tuple(rest) for d, m, item, *rest in rows if (d, m) == (dimension, measure)}


def test_products_are_ranked_and_what_was_given_back_is_there_without_a_rank() -> None:
    columns = ("value", "rank", "cumulative_share", "class", "customers")
    assert groups(window(), "product", "revenue", *columns) == {
        "K": (100, 1, 1, "A", 6),
        "KETTLE": (100, 1, 1, "A", 1),
        "LAMP": (-30, None, None, None, 0),
    }
    assert groups(window(), "product", "profit", "value", "rank") == {
        "K": (20, 1), "KETTLE": (-4, None), "LAMP": (-10, None),
    }  # fmt: skip


def test_regions_and_segments_leave_anonymous_sales_apart() -> None:
    tables = window()
    for number in range(8, 12):
        sale = {"customer_id": number, "ordered_on": day("06"), "net_revenue": 5, "margin": 1}
        tables.put("customers", {"customer_id": number, "city_code": "31.71"})
        tables.put("order_lines", sale | {"category": "Coffee", "product_id": "K"})
        tables.put("rfm", {"customer_id": number, "segment": "loyal"})
    assert groups(tables, "region", "revenue", "value", "rank", "class") == {
        "31": (90, 1, "A"), "32": (60, 2, "A"), "(anonymous)": (40, None, None),
    }  # fmt: skip
    assert groups(tables, "segment", "profit", "value", "rank") == {
        "loyal": (16, 1), "champions": (-14, None), "(anonymous)": (8, None),
    }  # fmt: skip
    assert groups(tables, "category", "revenue", "value", "rank") == {
        "Coffee": (120, 1),
        "(none)": (70, None),
    }


def test_a_region_of_fewer_than_five_buyers_is_not_told_apart() -> None:
    assert groups(window(), "region", "revenue", "value", "rank") == {
        "(none)": (130, None),
        "(anonymous)": (40, None),
    }


def test_equal_customers_have_a_gini_of_nothing_and_fewer_than_five_have_none() -> None:
    tables = window()
    assert groups(tables, "segment", "revenue", "gini", "hhi", "top_20_share") == {
        "loyal": (0, Decimal("0.1666666667"), Decimal("0.166667")),
        "champions": (None, None, None),
        "(anonymous)": (None, None, None),
    }


def test_the_trend_tells_how_concentrated_each_month_of_the_window_is() -> None:
    tables = window()
    found = tables.rows(
        "pareto_trend", "month", "measure", "customers", "gini", "hhi", "top_10_share", "is_complete"
    )
    assert found == [
        (day("2025-12-01"), "revenue", 1, 0, 1, 0, True),
        (day("01"), "profit", 6, 0, Decimal("0.1666666667"), 0, True),
        (day("01"), "revenue", 6, 0, Decimal("0.1666666667"), 0, True),
    ]


def test_one_who_has_nearly_all_is_concentration() -> None:
    tables = Tables()
    tables.put("as_of_dates", {"role": "current", "as_of": day("20"), "window_start": day("01")})
    tables.put("customers").put("rfm")
    for number in range(1, 11):
        value = 910 if number == 1 else 10
        line = {
            "customer_id": number,
            "ordered_on": day("05"),
            "product_id": "K",
            "net_revenue": value,
            "margin": 1,
        }
        tables.put("order_lines", line)
    assert tables.rows(
        "pareto_trend", "measure", "gini", "hhi", "top_10_share", "top_20_share", "is_complete"
    ) == [
        ("profit", 0, Decimal("0.1"), Decimal("0.1"), Decimal("0.2"), False),
        ("revenue", Decimal("0.81"), Decimal("0.829"), Decimal("0.91"), Decimal("0.92"), False),
    ]


def test_customers_who_bring_nothing_or_a_loss_stand_apart() -> None:
    tables = Tables()
    for number, (revenue, profit) in enumerate([(100, 20), (100, -3), (-5, -1), (0, 0)], start=1):
        row = {"role": "current", "customer_id": number, "revenue": revenue, "profit": profit}
        tables.put("pareto_values", row, row | {"role": "previous"})
    assert tables.rows("pareto_negative", "customer_id", "revenue", "profit", "is_ranked") == [
        (2, 100, -3, True), (3, -5, -1, False), (4, 0, 0, False),
    ]  # fmt: skip


def test_every_dimension_adds_up_and_a_lost_group_is_noticed() -> None:
    tables = window()
    assert tables.rows("pareto_groups_balance", "difference") == [(0,)]
    tables.con.execute("DELETE FROM pareto_groups WHERE item = 'LAMP' AND measure = 'profit'")
    tables.con.execute("DROP TABLE pareto_groups_balance")
    tables.forget("pareto_groups_balance")
    assert tables.rows("pareto_groups_balance", "difference") == [(10,)]
