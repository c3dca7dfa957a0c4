"""Product sales: periods beside the one before, ranks from both ends, and nothing sold that is not counted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.transforms.marts.company import Company, day, file, line

AS_OF = day("06-20")


def company_of() -> Company:
    """Tea sells best in June, coffee in May; a cup has no category; juice was given back; as of the 20th of June."""
    tea = {
        "product_id": "T1",
        "category": "Tea",
        "quantity": Decimal(2),
        "cost": Decimal(30),
        "colour": "green",
    }
    coffee = {"product_id": "K1", "category": "Coffee", "quantity": Decimal(1), "size": "250 G"}
    juice = {"product_id": "J1", "category": "Juice", "quantity": Decimal(1)}
    rows = [
        line("last year", "2023-06-20", "40", "C1", **coffee),
        line("a", "05-03", "100", "C1", **coffee),
        line("b", "05-25", "300", "C1", **coffee),
        line("c", "05-20", "60", "C2", **tea),
        line("d", "06-01", "60", "C1", **tea),
        line("d", "06-01", "60", "C1", **tea),
        line("e", "06-10", "60", None, **tea),
        line("f", "06-20", "80", "C2", **coffee),
        line("g", "06-05", "10", "C2", product_id="CUP", quantity=Decimal(5)),
        line("h", "06-07", "50", "C1", **juice),
        line("h back", "06-18", "-50", "C1", returns_order_id="h", **juice),
        line("no", "06-08", "999", "C2", status="cancelled", **coffee),
    ]
    return Company(as_of=AS_OF).sells(file(*rows))


def items(company: Company, breakdown: str, period: str, starts_on: str, *columns: str) -> dict[str, Any]:
    company.build("product_sales")
    rows = company.con.execute(
        f"SELECT item, {', '.join(columns)} FROM product_sales WHERE breakdown = ? AND period = ? AND starts_on = ?",
        [breakdown, period, day(starts_on)],
    ).fetchall()
    return {item: tuple(values) for item, *values in rows}


def test_a_running_month_is_compared_with_the_same_days_of_the_month_before() -> None:
    found = items(
        company_of(),
        "category",
        "month",
        "06-01",
        "net_revenue",
        "previous_net_revenue",
        "change",
        "is_complete",
    )
    assert found == {
        "Tea": (180, 60, 2, False),
        "Coffee": (80, 100, Decimal("-0.2"), False),
        "Juice": (0, 0, None, False),
        "(none)": (10, 0, None, False),
    }


def test_a_month_that_is_over_is_compared_with_the_whole_month_before() -> None:
    company = company_of()
    found = items(company, "category", "month", "05-01", "net_revenue", "previous_net_revenue", "ends_on")
    assert found == {"Coffee": (400, 0, day("05-31")), "Tea": (60, 0, day("05-31"))}
    assert items(company, "category", "month", "2023-07-01", "net_revenue", "previous_net_revenue") == {
        "Coffee": (0, 40)
    }


def test_the_year_ends_with_the_day_and_stands_beside_the_year_before() -> None:
    found = items(
        company_of(), "product", "year", "2023-06-22", "net_revenue", "previous_net_revenue", "ends_on"
    )
    assert found["K1"] == (480, 40, AS_OF)
    assert found["T1"] == (240, 0, AS_OF)


def test_best_and_worst_are_ranked_by_quantity_and_by_value_without_the_unnamed() -> None:
    columns = (
        "rank_by_quantity", "rank_from_last_by_quantity", "rank_by_revenue", "rank_from_last_by_revenue",
    )  # fmt: skip
    assert items(company_of(), "category", "month", "06-01", *columns) == {
        "Tea": (1, 3, 1, 3),
        "Coffee": (2, 2, 2, 2),
        "Juice": (3, 1, 3, 1),
        "(none)": (None, None, None, None),
    }


def test_orders_and_customers_are_counted_once_and_anonymous_sales_are_said() -> None:
    columns = ("quantity", "count_orders", "count_customers", "anonymous_share", "returned_share", "margin")
    assert items(company_of(), "category", "month", "06-01", *columns) == {
        "Tea": (6, 2, 1, Decimal("0.333333"), 0, 90),
        "Coffee": (1, 1, 1, 0, 0, 24),
        "Juice": (0, 1, 1, 0, 1, 0),
        "(none)": (5, 1, 1, 0, 0, 3),
    }


def test_colour_and_size_are_those_of_the_line_or_of_the_product_master() -> None:
    company = company_of()
    company.put(
        "product_rows",
        [{"channel": "m", "arrived": day("01-01"), "file_seq": 9, "line": 1, "product_id": "K1", "size": "1 KG",
          "colour": "brown", "type": "beans"}],
    )  # fmt: skip
    june = ("month", "06-01", "net_revenue")
    assert items(company, "colour", *june) == {"green": (180,), "brown": (80,), "(none)": (10,)}
    assert items(company, "size", *june) == {"250 G": (80,), "(none)": (190,)}
    assert items(company, "type", *june) == {"beans": (80,), "(none)": (190,)}


def test_every_breakdown_adds_up_to_the_order_lines_and_a_lost_line_is_noticed() -> None:
    company = company_of()
    assert company.table("product_sales_reconciliation") == [(AS_OF, 0)]
    company.con.execute("UPDATE product_sales SET net_revenue = 60 WHERE item = 'T1' AND period = 'year'")
    company.con.execute("DROP TABLE product_sales_reconciliation")
    company.built.remove("product_sales_reconciliation")
    assert company.table("product_sales_reconciliation") == [(AS_OF, 180)]


def by_city(*sales: tuple[str | None, str, int, int]) -> Company:
    """So many customers who spend ten each on a category in a city; customers are numbered from `first`."""
    rows = [
        line(f"{city} {category} {n}", "06-01", "10", f"C{n}", city=city, category=category)
        for city, category, count, first in sales
        for n in range(first, first + count)
    ]
    rows.append(line("medan", "06-04", "3", None, city="Medan", category="Tea"))
    company = Company(as_of=AS_OF).sells(file(*rows))
    codes = {"Bandung": "32.73", "Bekasi": "32.75", "Bogor": "32.71", "Medan": "12.71", "Semarang": "33.74"}
    company.put("city_codes", [{"city": city, "city_code": code} for city, code in codes.items()])
    return company


def test_a_city_with_few_customers_counts_with_its_province_and_anonymous_ones_stand_by_themselves() -> None:
    company = by_city(
        ("Bandung", "Tea", 6, 1), ("Bekasi", "Tea", 3, 20), ("Bogor", "Tea", 2, 30), (None, "Tea", 5, 40)
    )
    company.put("order_line_rows", [line("before", "2023-06-03", "4", "C20", city="Bekasi", line=99)])
    columns = ("net_revenue", "count_customers", "previous_net_revenue")
    assert items(company, "city", "year", "2023-06-22", *columns) == {
        "32.73": (60, 6, 0),
        "12.71": (3, 0, 0),
        "(none)": (100, 10, 4),
    }, "a single customer of the year before cannot stand in a province"
    assert items(company, "city", "month", "06-01", *columns) == {}
    assert company.table("product_sales_reconciliation") == [(AS_OF, 0)]


def test_a_city_is_told_apart_in_orders_by_five_customers_of_any_time() -> None:
    company = by_city(
        ("Bandung", "Tea", 6, 1), ("Bekasi", "Tea", 3, 20), ("Bogor", "Tea", 2, 30), (None, "Tea", 5, 40)
    )
    company.build("orders")
    counted = "SELECT city_code, COUNT(*) FROM orders GROUP BY 1 ORDER BY 1"
    found = company.con.execute(counted).fetchall()
    assert found == [("12.71", 1), ("32", 5), ("32.73", 6), (None, 5)]


def test_an_order_from_the_customers_own_city_says_no_more_of_it_than_customers_does() -> None:
    """Of the six who bought in Bekasi one lives there, of whom `customers` shows the province."""
    company = by_city(("Bekasi", "Tea", 6, 1), ("Bandung", "Tea", 5, 11))
    company.put("customer_traits", [{"customer_id": 1, "own_city_code": "32.75"}])
    company.put("customer_groups", [{"customer_id": 1, "city_code": "32"}])
    company.build("orders")
    found = company.con.execute(
        "SELECT city_code, MIN(customer_id), COUNT(*) FROM orders WHERE customer_id > 0 GROUP BY 1 ORDER BY 1"
    ).fetchall()
    assert found == [("32", 1, 6), ("32.75", 2, 5)], "the one of the province stands there with Bandung"


def test_categories_stand_within_cities_where_each_has_five_customers_or_none() -> None:
    company = by_city(
        ("Bandung", "Tea", 9, 1), ("Bandung", "Coffee", 6, 1), ("Semarang", "Tea", 7, 20),
        ("Bekasi", "Tea", 8, 30), ("Bekasi", "Coffee", 2, 40), ("Bogor", "Tea", 6, 50), ("Bogor", "Coffee", 5, 50),
    )  # fmt: skip
    company.build("product_sales")
    crossed = company.con.execute(
        "SELECT item, within, net_revenue, count_customers, rank_by_revenue FROM product_sales"
        " WHERE breakdown = 'category_city' ORDER BY within, rank_by_revenue"
    ).fetchall()
    assert crossed == [
        ("Tea", "12.71", 3, 0, 1),
        ("Tea", "32", 140, 14, 1),
        ("Coffee", "32", 70, 7, 2),
        ("Tea", "32.73", 90, 9, 1),
        ("Coffee", "32.73", 60, 6, 2),
        ("Tea", "33.74", 70, 7, 1),
    ]
    assert company.table("product_sales_reconciliation") == [(AS_OF, 0)]
