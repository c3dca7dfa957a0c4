"""Lead sources: who came from where, who of them buys in time, what it brought and what it cost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.support.small_tables import Tables, day

FAIR, EXPO = "Jakarta Fair", "Expo"


def campaign(line: int, cost: int, **fields: Any) -> dict[str, Any]:
    """A campaign announced in 2025."""
    row = {"campaign_id": f"C{line}", "cost": Decimal(cost), "arrived": day("2025-01-01"), "file_seq": 1}
    return row | {"line": line, "starts_on": day("2025-03-01")} | fields


def leads() -> Tables:
    """Ten from the fair (three buy, one of them late, one is new), six from Google, three by a leaflet, two by radio.

    The fair cost 1000 and Google's campaigns 60; the expo cost 500 and brought nobody.
    """
    tables = Tables()
    for number in range(1, 22):
        source = (
            "pameran" if number <= 10 else "google" if number <= 16 else "brosur" if number <= 19 else "radio"
        )
        seen = day("2026-01-20") if number in (10, 16) else day("2025-03-02")
        bought = {1: day("2025-03-02"), 2: day("2025-04-01"), 3: day("2025-12-01"), 11: day("2025-05-01")}
        tables.put(
            "customers",
            {"customer_id": number, "acquisition_source": source, "first_seen": seen,
             "acquisition_event": FAIR if number <= 10 else None, "first_purchase_on": bought.get(number),
             "city_code": "31.71" if number <= 8 else None},
        )  # fmt: skip
        if number in bought:
            tables.put(
                "orders",
                {"order_id": number, "customer_id": number, "ordered_on": bought[number], "status": "completed",
                 "net_revenue": Decimal(100 * number), "margin": Decimal(10 * number)},
            )  # fmt: skip
    tables.put(
        "orders", {"order_id": 99, "ordered_on": day("2025-03-02"), "net_revenue": Decimal(7), "margin": 1}
    )
    tables.put("campaign_rows", campaign(1, 1000, event_name=FAIR, channel="pameran"))
    tables.put("campaign_rows", campaign(2, 40, channel="google"), campaign(3, 20, channel="google"))
    tables.put("campaign_rows", campaign(4, 500, event_name=EXPO))
    return tables.put("order_lines")


def items(tables: Tables, breakdown: str, *measures: str) -> dict[str, Any]:
    rows = tables.rows("lead_sources", "breakdown", "item", *measures)
    return {item: tuple(values) for found, item, *values in rows if found == breakdown}


def crossed(tables: Tables, breakdown: str) -> dict[tuple[str, str], int]:
    """Leads of a crossing by source and what it is within."""
    rows = tables.rows("lead_sources", "breakdown", "item", "within", "leads")
    return {(item, within): leads for found, item, within, leads in rows if found == breakdown}


def spread(*cells: tuple[int, str, str | None]) -> Tables:
    """So many leads of a source in a city, by cell; nobody has bought."""
    tables = Tables().put("orders").put("order_lines").put("campaign_rows")
    number = 0
    for count, source, city in cells:
        for _ in range(count):
            number += 1
            tables.put(
                "customers",
                {"customer_id": number, "acquisition_source": source, "city_code": city,
                 "first_seen": day("2025-03-02")},
            )  # fmt: skip
    return tables


def test_conversion_is_counted_within_the_window_among_leads_whose_window_is_over() -> None:
    columns = ("leads", "leads_matured", "bought_at_once", "converted", "conversion_rate", "buyers")
    assert items(leads(), "source", *columns) == {
        "pameran": (10, 9, 1, 2, Decimal("0.222222"), 3),
        "google": (6, 5, 0, 1, Decimal("0.2"), 1),
        "(other)": (5, 5, 0, 0, 0, 0),
    }


def test_revenue_and_cost_are_told_by_source_and_event() -> None:
    columns = ("revenue", "margin", "revenue_per_lead", "cost", "cost_per_lead", "cost_per_buyer")
    assert items(leads(), "source", *columns) == {
        "pameran": (600, 60, 60, 1000, 100, Decimal("333.33")),
        "google": (1100, 110, Decimal("183.33"), 60, 10, 60),
        "(other)": (0, 0, 0, None, None, None),
    }
    assert items(leads(), "event", "leads", "cost", "cost_per_lead", "revenue") == {
        FAIR: (10, 1000, 100, 600),
        EXPO: (0, 500, None, 0),
        "(other)": (11, None, None, 1100),
    }


def test_the_city_is_that_of_the_cube_and_bears_the_cost_of_its_leads() -> None:
    assert items(leads(), "city", "leads", "buyers", "cost") == {
        "31.71": (8, 3, 800),
        "(other)": (13, 1, 260),
    }


def test_a_source_does_not_bear_an_event_its_people_came_to_later() -> None:
    tables = leads()
    tables.con.execute("UPDATE customers SET acquisition_event = ? WHERE customer_id = 11", [FAIR])
    assert items(tables, "source", "cost") == {"pameran": (1000,), "google": (60,), "(other)": (None,)}
    assert items(tables, "event", "leads", "cost_per_lead")[FAIR] == (11, Decimal("90.91"))


def test_the_latest_version_of_a_campaign_counts_and_one_to_come_does_not() -> None:
    tables = leads()
    tables.put("campaign_rows", campaign(1, 2000, event_name=FAIR, arrived=day("2025-06-01")))
    tables.put("campaign_rows", campaign(5, 9000, event_name=FAIR, starts_on=day("2026-02-01")))
    assert items(tables, "event", "cost")[FAIR] == (2000,)


def test_every_breakdown_adds_up_and_a_lost_lead_is_noticed() -> None:
    tables = leads()
    assert tables.rows("lead_balance", "difference") == [(0,)]
    tables.con.execute("DELETE FROM lead_sources WHERE item = '31.71'")
    tables.con.execute("DROP TABLE lead_balance")
    tables.forget("lead_balance")
    assert tables.rows("lead_balance", "difference") == [(8 + 600 + 60,)]


def test_sources_stand_within_cities_where_each_has_five_leads_or_none() -> None:
    """In Bekasi few came by the app: all of Bekasi counts with its province, whoever they came by."""
    tables = spread(
        (20, "app", "32.73"), (9, "fair", "32.73"), (6, "fair", "32.75"), (3, "app", "32.75"), (5, "app", "32.76"),
        (7, "fair", "31.71"), (8, "app", None),
    )  # fmt: skip
    assert crossed(tables, "source_city") == {
        ("app", "32.73"): 20, ("fair", "32.73"): 9, ("app", "32"): 8, ("fair", "32"): 6, ("fair", "31.71"): 7,
        ("app", "(other)"): 8,
    }  # fmt: skip
    assert tables.rows("lead_balance", "difference") == [(0,)]


def test_a_source_with_a_few_leads_everywhere_hides_no_city_but_counts_with_the_next_smallest() -> None:
    cities = ("32.73", "31.71", "35.78", "34.71", "12.71")
    few = [(2, "radio", city) for city in cities]
    some, many = [(8, "fair", city) for city in cities], [(30, "app", city) for city in cities]
    found = crossed(spread(*few, *some, *many), "source_city")
    assert found == {(item, city): n for city in cities for item, n in (("app", 30), ("(other)", 10))}


def test_the_product_is_that_of_the_first_purchase_or_of_the_event_the_lead_came_to() -> None:
    tables = leads()
    tables.put("campaign_rows", campaign(6, 10, event_name=FAIR, offer_category="Coffee"))
    for number, on, category, amount in (
        (1, "2025-03-02", "Tea", 40), (1, "2025-03-02", "Juice", 60), (1, "2025-03-09", "Tea", 90),
        (2, "2025-04-01", "Juice", 10), (3, "2025-12-01", "Juice", 10), (11, "2025-05-01", "Tea", 10),
    ):  # fmt: skip
        line = {"customer_id": number, "ordered_on": day(on), "category": category, "status": "completed"}
        tables.put("order_lines", line | {"net_revenue": Decimal(amount)})
    assert tables.rows("lead_interests") == [
        (1, "Juice"), (2, "Juice"), (3, "Juice"), *((n, "Coffee") for n in range(4, 11)), (11, "Tea"),
    ]  # fmt: skip
    assert items(tables, "product", "leads", "buyers", "revenue") == {
        "Coffee": (7, 0, 0), "(other)": (14, 4, 1700),
    }  # fmt: skip
    assert crossed(tables, "source_product") == {
        ("pameran", "(other)"): 10, ("google", "(other)"): 6, ("(other)", "(other)"): 5,
    }, "three of the fair with other products cannot stand alone"  # fmt: skip


def test_an_event_that_offers_several_categories_says_nothing_of_interest() -> None:
    tables = leads()
    for line, category in ((6, "Coffee"), (7, "Tea")):
        tables.put("campaign_rows", campaign(line, 10, event_name=FAIR, offer_category=category))
    assert items(tables, "product", "leads") == {"(other)": (21,)}
