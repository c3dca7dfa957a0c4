"""Market potential: customers beside the population, group by group, small ones pooled on both sides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.support.small_tables import Tables, day

BANDUNG, BEKASI, BOGOR, MEDAN, PALU = "32.73", "32.75", "32.71", "12.71", "72.71"
CITIES = {"Bandung": BANDUNG, "Bekasi": BEKASI, "Bogor": BOGOR, "Medan": MEDAN, "Palu": PALU}


def statistics(line: int, city: str, people: int, **by: Any) -> dict[str, Any]:
    row = {"city": city, "people": people, "year": 2025, "arrived": day("2025-06-01"), "file_seq": 1}
    return row | {"line": line} | by


def market() -> Tables:
    """Bandung: 8 customers, 6 of them buy for 100 each. Bekasi 4 and Bogor 2 customers, Medan 5; Palu has none."""
    tables = Tables()
    tables.put("city_codes", *({"city": city, "city_code": code} for city, code in CITIES.items()))
    homes = [BANDUNG] * 8 + [BEKASI] * 4 + [BOGOR] * 2 + [MEDAN] * 5
    for number, code in enumerate(homes, start=1):
        tables.put(
            "customer_traits",
            {"customer_id": number, "own_city_code": code, "own_sex": "female" if number <= 8 else "male",
             "own_education": "S1" if number <= 5 else "SMA" if number <= 8 else None},
        )  # fmt: skip
        tables.put("customer_profile", {"customer_id": number})
    for number in (1, 2, 3, 4, 5, 6, 9, 15):
        tables.put("rfm_values", {"role": "current", "customer_id": number})
        tables.put("pareto_values", {"role": "current", "customer_id": number, "revenue": Decimal(100)})
    tables.put("rfm_values", {"role": "previous", "customer_id": 7})
    return tables


def groups(tables: Tables, breakdown: str, column: str, *measures: str) -> dict[str | None, Any]:
    rows = tables.rows("market_potential", "breakdown", column, *measures)
    return {group: tuple(values) for found, group, *values in rows if found == breakdown}


def test_cities_stand_beside_their_population_and_small_ones_with_their_province() -> None:
    tables = market().put(
        "population_rows",
        *(statistics(n, city, people) for n, (city, people) in enumerate(
            [("Bandung", 1000), ("Bekasi", 500), ("Bogor", 300), ("Medan", 1000), ("Palu", 400)]
        )),
    )  # fmt: skip
    found = groups(
        tables,
        "city",
        "city_code",
        "population",
        "customers",
        "buyers",
        "potential_buyers",
        "rank_by_potential",
    )
    assert found == {  # eight buyers among 3,200 people
        BANDUNG: (1000, 8, 6, Decimal("-3.50"), 4),
        "32": (800, 6, 1, Decimal("1.00"), 2),
        MEDAN: (1000, 5, 1, Decimal("1.50"), 1),
        PALU: (400, 0, 0, Decimal("1.00"), 2),
    }
    rates = groups(tables, "city", "city_code", "penetration", "revenue_per_head", "potential_revenue")
    assert rates[MEDAN] == (Decimal("0.001"), Decimal("0.1"), Decimal(150))
    assert rates[BANDUNG] == (Decimal("0.006"), Decimal("0.6"), 0)
    under = groups(tables, "city", "city_code", "is_under_penetrated")
    assert under == {BANDUNG: (False,), "32": (True,), MEDAN: (True,), PALU: (True,)}


def test_each_breakdown_uses_statistics_that_tell_people_apart_like_it_and_never_adds_two() -> None:
    tables = market().put(
        "population_rows",
        statistics(1, "Bandung", 600, sex="female"),
        statistics(2, "Bandung", 400, sex="male"),
        statistics(3, "Bandung", 300, education="S1"),
        statistics(4, "Bandung", 700, education="SMA"),
        statistics(5, "Bandung", 1000),
        statistics(6, "Bandung", 777, year=2020),
        statistics(7, "Bandung", 888, year=2027),
    )
    assert groups(tables, "city", "city_code", "population")[BANDUNG] == (1000,)
    assert groups(tables, "sex", "sex", "population", "customers") == {"female": (600, 8), "male": (400, 11)}
    # three with SMA are too few to be told from those who said nothing, and so is their population
    assert groups(tables, "education", "education", "population", "customers") == {
        "S1": (300, 5),
        None: (700, 14),
    }
    assert groups(tables, "occupation", "occupation", "population", "customers") == {None: (None, 19)}


def test_who_says_nothing_is_counted_and_left_out_of_the_comparison() -> None:
    tables = market().put("population_rows", statistics(1, "Bandung", 1000, education="S1"))
    tables.put("population_rows", statistics(2, "Bandung", 1000, education="SMA"))
    found = groups(
        tables, "education", "education", "reference_penetration", "potential_buyers", "potential_revenue"
    )
    assert found == {"S1": (Decimal("0.005"), 0, 0), None: (None, None, None)}


def test_age_bands_cut_otherwise_count_by_their_middle() -> None:
    bands = ["0-4", "15-19", "20-24", "25-29", "25-34", "35-44", "60-64", "65+", "75+", "muda"]
    tables = market().put(
        "population_rows", *(statistics(n, "Bandung", 10, age_band=band) for n, band in enumerate(bands))
    )
    rows = tables.rows("population_groups", "own_age_band", "population")
    assert rows == [
        ("18-24", 10), ("25-34", 20), ("35-44", 10), ("55-64", 10), ("65+", 20), ("under 18", 20), (None, 10),
    ]  # fmt: skip


def test_without_statistics_customers_are_counted_and_nothing_is_compared() -> None:
    found = groups(
        market(), "city", "city_code", "population", "customers", "penetration", "potential_buyers"
    )
    assert found[BANDUNG] == (None, 8, None, None)


def test_every_breakdown_adds_up_and_a_lost_customer_is_noticed() -> None:
    tables = market()
    assert tables.rows("market_balance", "difference") == [(0,)]
    tables.con.execute(
        "UPDATE market_potential SET customers = 7 WHERE city_code = '32.73' AND breakdown = 'city'"
    )
    tables.con.execute("DROP TABLE market_balance")
    tables.forget("market_balance")
    assert tables.rows("market_balance", "difference") == [(1,)]
