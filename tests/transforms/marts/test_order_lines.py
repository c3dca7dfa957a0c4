"""Order lines and orders: which version counts, what it is worth, and which order it counts for."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.transforms.marts.company import Company, day, file, line, money


def values(company: Company) -> list[tuple[object, ...]]:
    """Each order by its own number: day, lines, status, net revenue."""
    company.build("orders")
    return company.con.execute(
        """
        SELECT h.source_order_id, o.ordered_on, o.count_lines, o.status, o.net_revenue
        FROM orders AS o INNER JOIN order_headers AS h ON o.order_id = h.order_id ORDER BY ALL
        """
    ).fetchall()


# Versions


def test_the_latest_version_of_a_line_counts() -> None:
    company = Company().sells(
        file(line("A", "06-01", "100", line_no="1"), seq=1),
        file(line("A", "06-01", "80", line_no="1"), seq=2, arrived="06-03"),
    )
    assert values(company) == [("A", day("06-01"), 1, "completed", money("80"))]


def test_a_version_that_arrives_after_as_of_is_not_known() -> None:
    company = Company(as_of=day("06-02")).sells(
        file(line("A", "06-01", "100", line_no="1"), seq=1),
        file(line("A", "06-01", "80", line_no="1"), seq=2, arrived="06-03"),
    )
    assert values(company) == [("A", day("06-01"), 1, "completed", money("100"))]


def test_an_event_after_as_of_is_not_known_even_when_it_arrived() -> None:
    company = Company(as_of=day("06-02")).sells(file(line("A", "06-05", "100"), arrived="06-01"))
    assert values(company) == []


def test_identical_lines_of_one_file_stay_and_overlapping_files_merge() -> None:
    lines = [line("A", "06-01", "10", product_id="P1"), line("A", "06-01", "10", product_id="P1")]
    company = Company().sells(file(*lines, seq=1), file(*lines, seq=2, arrived="06-02"))
    assert values(company) == [("A", day("06-01"), 2, "completed", money("20"))]


def test_the_same_order_number_in_two_order_spaces_is_two_orders() -> None:
    company = Company().sells(
        file(line("A", "06-01", "10")),
        file(line("A", "06-01", "20", channel="pos", order_space="pos"), seq=2),
    )
    assert values(company) == [
        ("A", day("06-01"), 1, "completed", money("10")),
        ("A", day("06-01"), 1, "completed", money("20")),
    ]


def test_a_reversal_that_comes_alone_in_a_later_file_does_not_replace_the_sale() -> None:
    company = Company().sells(
        file(line("A", "06-01", "100", product_id="P1"), seq=1),
        file(line("A", "06-05", "-100", product_id="P1"), seq=2),
        file(
            line("A", "06-01", "100", product_id="P1"),
            line("A", "06-05", "-100", product_id="P1"),
            seq=3,
            arrived="06-06",
        ),
    )
    assert values(company) == [("A", day("06-01"), 2, "returned", money("0"))]


def test_a_line_without_a_product_number_is_told_by_its_name() -> None:
    lines = [line("A", "06-01", "10", product_name="Tea"), line("A", "06-01", "20", product_name="Rice")]
    company = Company().sells(file(*lines), file(*reversed(lines), seq=2, arrived="06-02"))
    assert values(company) == [("A", day("06-01"), 2, "completed", money("30"))]


# Value and sign


def test_amount_defaults_to_quantity_times_price_less_discount() -> None:
    sale = line("A", "06-01", quantity=Decimal(3), unit_price=Decimal("9.995"), discount=Decimal(5))
    company = Company().sells(file(sale))
    assert company.table("order_lines", "quantity", "net_revenue") == [(Decimal("3.0000"), Decimal("24.99"))]


def test_a_cancelled_line_is_worth_nothing() -> None:
    company = Company().sells(file(line("A", "06-01", "100", status="cancelled", quantity=Decimal(2))))
    assert values(company) == [("A", day("06-01"), 1, "cancelled", money("0"))]
    assert company.table("order_lines", "status", "quantity", "net_revenue", "margin") == [
        ("cancelled", Decimal("0.0000"), money("0"), money("0"))
    ]


def test_a_sale_marked_returned_without_naming_an_order_is_undone() -> None:
    company = Company().sells(
        file(
            line("A", "06-01", "100", status="returned", product_id="P1"),
            line("A", "06-01", "30", product_id="P2"),
        )
    )
    assert values(company) == [("A", day("06-01"), 2, "part_returned", money("30"))]


def test_an_order_wholly_undone_is_returned() -> None:
    assert values(Company().sells(file(line("A", "06-01", "100", status="returned")))) == [
        ("A", day("06-01"), 1, "returned", money("0"))
    ]


def test_a_negative_quantity_makes_a_stated_amount_negative() -> None:
    company = Company().sells(file(line("A", "06-01", "100", quantity=Decimal(-2))))
    assert company.table("order_lines", "status", "quantity", "net_revenue") == [
        ("returned", Decimal("-2.0000"), money("-100"))
    ]


# Returns find their order


def test_a_linked_return_counts_for_the_original_order_and_its_day_and_customer() -> None:
    company = Company().sells(
        file(
            line("A", "05-01", "100", "C1", product_id="P1"),
            line("R", "06-01", "40", "C2", status="returned", returns_order_id="A", product_id="P1"),
        )
    )
    assert values(company) == [("A", day("05-01"), 2, "part_returned", money("60"))]
    columns = ("line_no", "customer_id", "ordered_on", "happened_on", "status", "net_revenue")
    assert company.table("order_lines", *columns) == [
        (1, 1, day("05-01"), day("05-01"), "completed", money("100")),
        (2, 1, day("05-01"), day("06-01"), "returned", money("-40")),
    ]


def test_a_negative_linked_return_is_not_made_positive() -> None:
    company = Company().sells(
        file(line("A", "05-01", "100"), line("R", "06-01", "-100", returns_order_id="A"))
    )
    assert values(company) == [("A", day("05-01"), 2, "returned", money("0"))]


def test_a_return_of_an_order_nobody_knows_stays_on_its_own_order_and_day() -> None:
    company = Company().sells(file(line("R", "06-01", "40", status="returned", returns_order_id="A")))
    assert values(company) == [("R", day("06-01"), 1, "returned", money("-40"))]


def test_a_link_into_another_order_space_does_not_count() -> None:
    company = Company().sells(
        file(line("A", "05-01", "100", channel="pos", order_space="pos")),
        file(line("R", "06-01", "-40", returns_order_id="A"), seq=2),
    )
    assert values(company) == [
        ("A", day("05-01"), 1, "completed", money("100")),
        ("R", day("06-01"), 1, "returned", money("-40")),
    ]


def test_an_exchange_keeps_the_new_goods_on_the_new_order() -> None:
    company = Company().sells(
        file(
            line("A", "05-01", "100", product_id="P1"),
            line("X", "06-01", "-100", returns_order_id="A", product_id="P1"),
            line("X", "06-01", "120", status="completed", returns_order_id="A", product_id="P2"),
        )
    )
    assert values(company) == [
        ("A", day("05-01"), 2, "returned", money("0")),
        ("X", day("06-01"), 1, "completed", money("120")),
    ]


def test_a_reversal_under_the_orders_own_number_counts_on_the_day_of_the_sale() -> None:
    company = Company().sells(
        file(line("A", "05-01", "100", product_id="P1"), line("A", "06-01", "-30", product_id="P1"))
    )
    assert values(company) == [("A", day("05-01"), 2, "part_returned", money("70"))]


# Customer


def test_an_order_belongs_to_the_customer_with_most_lines_then_the_smallest_id() -> None:
    company = Company().sells(
        file(
            line("A", "06-01", "1", "C1", product_id="P1"),
            line("A", "06-01", "2", "C2", product_id="P2"),
            line("A", "06-01", "4", "C2", product_id="P3"),
            line("B", "06-01", "8", "C4"),
            line("B", "06-01", "16", "C3", product_id="P2"),
            line("B", "06-01", "32", None, product_id="P3"),
        )
    )
    assert company.table("orders", "customer_id", "net_revenue") == [(2, money("7")), (3, money("56"))]


def test_a_record_without_a_link_is_anonymous() -> None:
    company = Company()
    company.put("order_line_rows", file(line("A", "06-01", "100", "C1")))
    assert company.table("orders", "customer_id", "net_revenue") == [(None, money("100"))]
    assert company.table("order_days") == []


# Margin


def test_margin_comes_from_the_line_then_the_product_then_the_category_then_the_default() -> None:
    company = Company().sells(
        file(
            line("A", "06-01", "100", product_id="P1", category="tea", cost=Decimal(60)),
            line("B", "06-01", "100", product_id="P2", quantity=Decimal(2)),
            line("C", "06-01", "100", product_id="P3", category="tea"),
            line("D", "06-01", "100", product_id="P4", category="rice"),
        )
    )
    company.put(
        "product_rows",
        [
            {
                "channel": "erp",
                "arrived": day("01-01"),
                "file_seq": 1,
                "line": 1,
                "product_id": "P2",
                "cost": Decimal(99),
            },
            {
                "channel": "erp",
                "arrived": day("02-01"),
                "file_seq": 2,
                "line": 1,
                "product_id": "P2",
                "cost": Decimal(35),
                "category": "snacks",
            },
            {
                "channel": "erp",
                "arrived": day("07-01"),
                "file_seq": 3,
                "line": 1,
                "product_id": "P2",
                "cost": Decimal(1),
            },
        ],
    )
    assert company.table("order_lines", "product_id", "category", "margin", "margin_source") == [
        ("P1", "tea", money("40"), "line_cost"),
        ("P2", "snacks", money("30"), "product_cost"),
        ("P3", "tea", money("40"), "category_margin"),
        ("P4", "rice", money("30"), "default_margin"),
    ]


def test_a_return_gives_its_margin_back() -> None:
    company = Company().sells(
        file(
            line("A", "06-01", "100", cost=Decimal(60), product_id="P1"),
            line("A", "06-02", "-100", cost=Decimal(60), product_id="P1"),
        )
    )
    assert company.table("orders", "net_revenue", "margin") == [(money("0"), money("0"))]


def test_goods_given_away_cost_their_cost_and_cancelled_ones_nothing() -> None:
    company = Company().sells(
        file(
            line("A", "06-01", "0", cost=Decimal(60), product_id="P1"),
            line("B", "06-01", "100", cost=Decimal(60), status="cancelled", product_id="P2"),
        )
    )
    assert company.table("order_lines", "product_id", "margin") == [("P1", money("-60")), ("P2", money("0"))]


# Identifiers


def test_lines_are_numbered_from_one_in_every_order_whatever_their_own_numbers() -> None:
    lines = [line("A", "06-01", "1", line_no=number, product_id=f"P{number}") for number in ("10", "9", "x")]
    company = Company().sells(file(*lines))
    assert company.table("order_lines", "line_no", "product_id") == [(1, "P10"), (2, "P9"), (3, "Px")]


def test_orders_are_pseudonyms_with_the_attributes_of_their_lines() -> None:
    said = {"store": "S1", "city": "Bandung", "salesperson": "E7", "payment_method": "qris"}
    company = Company().sells(file(line("A", "06-01", "1", None, **said)))
    company.put("city_codes", [{"city": "Bandung", "city_code": "32.73"}])
    expected = company.value("SELECT keyed_int53('web:A')")
    assert company.table(
        "orders", "order_id", "channel", "store", "city_code", "salesperson", "payment_method"
    ) == [(expected, "web", "S1", "32.73", "E7", "qris")]


# What rows state and what lines count


def one_of_each() -> Company:
    """A sale, its earlier version, a cancelled line, one given back whole, a linked return, a return."""
    return Company().sells(
        file(line("A", "06-01", "90", line_no="1"), seq=1),
        file(
            line("A", "06-01", "100", line_no="1"),
            line("B", "06-01", "7", status="cancelled"),
            line("C", "06-01", "5", status="returned"),
            line("D", "06-02", "30", status="returned", returns_order_id="A"),
            line("E", "06-02", "2", quantity=Decimal(-1)),
            line("F", "06-02", quantity=Decimal(-1), unit_price=Decimal(4)),
            seq=2,
            arrived="06-03",
        ),
    )


def test_stated_value_leads_to_revenue_by_what_was_replaced_void_and_turned() -> None:
    columns = ("count_rows", "count_superseded", "stated_value", "superseded_value", "void_value")
    rest = ("turned_value", "order_lines_revenue", "difference")
    assert one_of_each().table("order_lines_reconciliation", *columns, *rest) == [
        (7, 1, money("230"), money("90"), money("12"), money("64"), money("64"), money("0"))
    ]


@pytest.mark.parametrize(
    ("fault", "difference"),
    [
        ("DELETE FROM order_lines WHERE net_revenue = 100", "101"),
        ("INSERT INTO order_lines FROM order_lines WHERE net_revenue = -30", "31"),
        ("UPDATE order_lines SET net_revenue = net_revenue + 0.01 WHERE net_revenue = 100", "0.01"),
    ],
)
def test_the_reconciliation_sees_a_lost_a_doubled_and_a_changed_line(fault: str, difference: str) -> None:
    company = one_of_each()
    company.build("order_lines")
    company.con.execute(fault)
    assert company.table("order_lines_reconciliation", "difference") == [(money(difference),)]
