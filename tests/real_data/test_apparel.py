"""A clothes shop whose days are counted from 1970, once in the process and once as the nightly job."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from assets.context import open_context
from assets.fits import Fit
from pipelines.running import bring_in, run_days
from tests.support.workspaces import (
    NightDone,
    accounts,
    assert_every_row_is_accounted_for,
    at_origin,
    fit_on,
    make_workspace,
    read,
    run_night,
    shared_data,
)

AS_OF = date(2010, 12, 31)
SOURCE = Path(__file__).parent / "workspaces" / "apparel"


@pytest.fixture(scope="module")
def apparel(tmp_path_factory: pytest.TempPathFactory) -> NightDone:
    landing = {"shop/transactions.csv": shared_data("apparel_transactions.csv")}
    return run_night(make_workspace(tmp_path_factory.mktemp("apparel") / "home", SOURCE, landing), AS_OF)


def test_days_counted_from_1970_are_read(apparel: NightDone) -> None:
    assert_every_row_is_accounted_for(apparel)
    assert accounts(apparel, "shop") == [{"received": 3187, "accepted": 3187}]
    (days,) = apparel.rows("SELECT MIN(ordered_on) AS a, MAX(ordered_on) AS b FROM orders")
    assert days == {"a": date(2005, 1, 2), "b": date(2010, 12, 20)}


def test_customers_and_sales_are_those_of_the_file(apparel: NightDone) -> None:
    assert apparel.value("SELECT COUNT(*) FROM customers") == 600
    assert apparel.value("SELECT COUNT(*) FROM orders") == 3183
    assert apparel.value("SELECT SUM(net_revenue) FROM orders") == Decimal("124356.90")
    assert apparel.value("SELECT COUNT(*) FROM clv") == 600


@pytest.mark.slow
def test_the_nightly_job_publishes_the_same_bytes(
    apparel: NightDone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing = {"shop/transactions.csv": shared_data("apparel_transactions.csv")}
    home = make_workspace(tmp_path / "home", SOURCE, landing)
    for name in ("DAGSTER_HOME", "SATU_HOME"):
        monkeypatch.setenv(name, str(home))
    bring_in(open_context(home), lambda text: None)
    outcome = run_days(home, AS_OF, AS_OF)
    assert (outcome.succeeded, outcome.problems) == (True, [])
    sql = 'SELECT "table", as_of, rows, checksum FROM _release ORDER BY 1'
    assert read(home, sql).to_pylist() == apparel.rows(sql)


LAST_DAY = date(2010, 12, 20)


@pytest.fixture(scope="module")
def fits(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Fit]:
    """The last day's fits: half a year from three origins, and the four years that follow two.

    By the calendar, as the papers have them, and `by_its_year` as a company gets them that says nothing.
    """
    landing = {"shop/transactions.csv": shared_data("apparel_transactions.csv")}
    home = make_workspace(tmp_path_factory.mktemp("fits") / "home", SOURCE, landing)
    asked = {model: (model, "none") for model in ("mbg_nbd", "bg_nbd", "pareto_nbd")}
    company, found = (home / "satu.yaml").read_text(), {}
    for name, (model, season) in (asked | {"by_its_year": ("mbg_nbd", "auto")}).items():
        churn = f"churn: {{horizon_days: [180, 1450], season: {season}}}\n"
        (home / "satu.yaml").write_text(f"{company}{churn}value: {{model: {model}}}\n")
        found[name] = fit_on(home, LAST_DAY)
    return found


@pytest.mark.parametrize(
    ("model", "auc", "mae"),
    [("mbg_nbd", 0.810, 2.031), ("bg_nbd", 0.799, 2.122), ("pareto_nbd", 0.791, 2.040)],
)
def test_four_years_are_foretold_as_well_as_is_known_for_these_data(
    fits: dict[str, Fit], model: str, auc: float, mae: float
) -> None:
    found = at_origin(fits[model], model, date(2006, 12, 31), 1450)
    assert found["auc_any_purchase"] > auc - 0.005
    assert found["mae"] < 1.02 * mae
    assert found["mae"] < found["mae_baseline"]
    assert found["brier_any_purchase"] < found["brier_any_purchase_baseline"]


def test_half_a_year_is_foretold_better_than_by_any_rule_at_every_origin(fits: dict[str, Fit]) -> None:
    """Also by the same half-year of the year before."""
    for cutoff in (date(2009, 6, 28), date(2009, 12, 25), date(2010, 6, 23)):
        found = at_origin(fits["mbg_nbd"], "mbg_nbd", cutoff, 180)
        assert at_origin(fits["mbg_nbd"], "naive_last_year", cutoff, 180)
        for more in ("auc_any_purchase", "correlation", "lift_top_decile"):
            assert found[more] > found[f"{more}_baseline"], (cutoff, more)
        for less in ("brier_any_purchase", "mae", "mae_of_median"):
            assert found[less] < found[f"{less}_baseline"], (cutoff, less)


def test_dates_of_the_next_purchase_hold_over_half_a_year(fits: dict[str, Fit]) -> None:
    """Nine in ten within half a year is said of a handful of customers only, too few to judge."""
    origins = (date(2009, 6, 28), date(2009, 12, 25), date(2010, 6, 23))
    for share in (25, 50, 75):
        name = f"next_purchase_by_p{share}"
        seen = [at_origin(fits["mbg_nbd"], "mbg_nbd", cutoff, 180)[name] for cutoff in origins]
        assert sum(seen) / 3 == pytest.approx(share / 100, abs=0.07)


def test_its_year_of_busy_months_wins_on_its_own_past(fits: dict[str, Fit]) -> None:
    """June and the autumn are busy in all six years; asked for a calendar it gets the calendar."""
    found = {row["metric"]: row for row in fits["by_its_year"].quality if row["cutoff"] == "2010-12-20"}
    assert found["is_year_in_use"]["value"] == 1
    assert found["year_gain"]["value"] > found["year_gain"]["baseline"] > 0
    months = {number: found[f"year_pace_{number:02}"]["value"] for number in range(1, 13)}
    assert sorted(months, key=lambda number: months[number])[-3:] == [6, 11, 10]
    assert not any(row["metric"].startswith(("year_", "is_year")) for row in fits["mbg_nbd"].quality)
