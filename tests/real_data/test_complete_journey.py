"""A year of a grocery chain (Complete Journey): tills, a survey among households, products, campaigns, coupons."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.support.workspaces import (
    NightDone,
    accounts,
    assert_every_row_is_accounted_for,
    make_workspace,
    run_night,
    shared_data,
)

AS_OF = date(2017, 12, 31)
LANDING = {
    "baskets/transactions.parquet": "transactions",
    "households/survey_2017-01-01.parquet": "demographics",
    "products/master_2017-01-01.parquet": "products",
    "campaigns/list_2017-01-01.parquet": "campaign_descriptions",
    "campaign_mailings/mailed_2017-12-30.parquet": "campaigns",
    "coupons/redeemed.parquet": "coupon_redemptions",
}
RECEIVED = {
    "baskets": 1_469_307,
    "households": 801,
    "products": 92_331,
    "campaigns": 27,
    "campaign_mailings": 6_589,
    "coupons": 2_102,
}


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> NightDone:
    home = make_workspace(
        tmp_path_factory.mktemp("journey") / "home",
        Path(__file__).parent / "workspaces" / "complete_journey",
        {place: shared_data(f"complete_journey/{name}.parquet") for place, name in LANDING.items()},
    )
    return run_night(home, AS_OF)


def raw(name: str, select: str) -> list[tuple[object, ...]]:
    """A SELECT over the file itself, by nothing of ours."""
    path = shared_data(f"complete_journey/{name}.parquet")
    with duckdb.connect() as con:
        return con.execute(f"SELECT {select} FROM '{path}'").fetchall()


def test_every_row_of_every_channel_is_accepted(journey: NightDone) -> None:
    assert_every_row_is_accounted_for(journey)
    for channel, received in RECEIVED.items():
        assert accounts(journey, channel) == [{"received": received, "accepted": received}]


def test_sales_are_those_of_the_file_to_the_cent(journey: NightDone) -> None:
    """The last till slips are of 4 in the morning UTC on New Year's Day: still the old year in New York."""
    ((lines, baskets, value),) = raw(
        "transactions",
        "COUNT(*), COUNT(DISTINCT basket_id), SUM(CAST(sales_value AS DECIMAL(18, 2)))",
    )
    assert journey.value("SELECT COUNT(*) FROM order_lines") == lines
    assert journey.value("SELECT COUNT(*) FROM orders") == baskets
    assert journey.value("SELECT SUM(net_revenue) FROM order_lines") == value
    assert journey.value("SELECT SUM(net_revenue) FROM orders") == value
    assert journey.value("SELECT MAX(ordered_on) FROM orders") == AS_OF


def test_sales_of_every_household_are_those_of_the_file(journey: NightDone) -> None:
    wanted = raw(
        "transactions",
        "SUM(CAST(sales_value AS DECIMAL(18, 2))) AS v GROUP BY household_id ORDER BY v"
        .replace(" GROUP", " FROM_ GROUP"),
    ) if False else _household_sales()
    assert journey.column("SELECT SUM(net_revenue) AS v FROM orders GROUP BY customer_id ORDER BY v") == wanted


def _household_sales() -> list[object]:
    path = shared_data("complete_journey/transactions.parquet")
    with duckdb.connect() as con:
        rows = con.execute(
            f"SELECT SUM(CAST(sales_value AS DECIMAL(18, 2))) AS v FROM '{path}' GROUP BY household_id ORDER BY v"
        ).fetchall()
    return [row[0] for row in rows]
