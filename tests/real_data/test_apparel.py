"""A clothes shop whose days are counted from 1970, once in the process and once as the nightly job."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from assets.context import open_context
from pipelines.running import bring_in, run_days
from tests.support.workspaces import (
    NightDone,
    accounts,
    assert_every_row_is_accounted_for,
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
