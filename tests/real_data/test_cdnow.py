"""The CDNOW sample, whose figures are published (Fader, Hardie and Lee 2005), as one channel."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.support.workspaces import (
    NightDone,
    accounts,
    assert_every_row_is_accounted_for,
    make_workspace,
    run_night,
    shared_data,
)
from transforms.value.btyd import fit_purchases
from transforms.value.cells import cells

AS_OF = date(1997, 9, 30)
CUSTOMERS, BOUGHT_FOR_NOTHING = 2357, 8


@pytest.fixture(scope="module")
def cdnow(tmp_path_factory: pytest.TempPathFactory) -> NightDone:
    home = make_workspace(
        tmp_path_factory.mktemp("cdnow") / "home",
        Path(__file__).parent / "workspaces" / "cdnow",
        {"cdnow/sample.txt": shared_data("cdnow_sample.txt")},
    )
    return run_night(home, AS_OF)


def quality(done: NightDone, model: str) -> dict[str, float]:
    rows = done.rows(f"SELECT metric, value FROM model_quality WHERE model = '{model}'")
    return {row["metric"]: row["value"] for row in rows}


def test_every_row_is_accepted_whatever_its_day(cdnow: NightDone) -> None:
    assert_every_row_is_accounted_for(cdnow)
    assert accounts(cdnow, "cdnow") == [{"received": 6919, "accepted": 6919}]


def test_customers_exist_by_their_orders_alone(cdnow: NightDone) -> None:
    assert cdnow.value("SELECT COUNT(*) FROM customers") == CUSTOMERS
    assert cdnow.value("SELECT COUNT(*) FROM vault.customer_links") == CUSTOMERS
    assert cdnow.value("SELECT COUNT(*) FROM customers WHERE lifecycle_stage = 'prospect'") == 0


def test_nothing_after_as_of_is_visible(cdnow: NightDone) -> None:
    assert cdnow.value("SELECT MAX(happened_on) FROM order_lines") <= AS_OF
    assert cdnow.value("SELECT MAX(last_seen) FROM customers") <= AS_OF
    assert cdnow.value("SELECT COUNT(*) FROM order_lines") == 4960


def test_the_published_purchase_model_is_fitted(cdnow: NightDone) -> None:
    found = quality(cdnow, "mbg_nbd")
    assert (found["n"], found["is_plain_fit"], found["converged"]) == (CUSTOMERS, 1, 1)
    assert found["r"] == pytest.approx(0.5248, abs=5e-5)
    assert found["alpha"] == pytest.approx(6.1831, abs=5e-5)
    assert found["a"] == pytest.approx(0.8914, abs=5e-5)
    assert found["b"] == pytest.approx(1.6140, abs=5e-5)
    assert found["log_likelihood"] == pytest.approx(-9582.1357, abs=5e-5)


def test_the_published_spend_model_is_fitted(cdnow: NightDone) -> None:
    found = quality(cdnow, "gamma_gamma")
    assert (found["n"], found["is_plain_fit"], found["winsorising_cap"]) == (946, 1, None)
    assert found["p"] == pytest.approx(6.25, abs=5e-3)
    assert found["q"] == pytest.approx(3.74, abs=5e-3)
    assert found["gamma"] == pytest.approx(15.44, abs=5e-3)
    assert found["log_likelihood"] == pytest.approx(-4055.92, abs=5e-3)


def test_the_fit_day_is_the_night_itself(cdnow: NightDone) -> None:
    days = cdnow.column("SELECT DISTINCT cutoff FROM model_quality WHERE metric IN ('r', 'p')")
    assert days == [AS_OF]


def test_the_older_purchase_model_has_its_published_figures_on_the_same_histories(cdnow: NightDone) -> None:
    day = cdnow.day()
    try:
        histories = day.fetch("purchase_cells", "x, t_x_days, T_days, n")
    finally:
        day.close()
    data = cells(*(histories.column(name).to_numpy() for name in ("x", "t_x_days", "T_days", "n")))
    model = fit_purchases(data, "bg_nbd")
    assert model.parameters == pytest.approx([0.2426, 4.4136, 0.7929, 2.4259], abs=5e-5)
    assert model.log_likelihood == pytest.approx(-9582.4292, abs=5e-5)


def test_concentration_is_the_published_one_once_those_who_paid_nothing_are_added(cdnow: NightDone) -> None:
    """Published over all 2,357 customers (Gini .5853, top 20 % 63.3 %); the eight at zero are not ranked."""
    rows = cdnow.rows("SELECT metric, value FROM pareto_summary WHERE measure = 'revenue'")
    found = {row["metric"]: float(row["value"]) for row in rows}
    ranked, unranked = found["customers_ranked"], found["customers_at_or_below_zero"]
    assert (ranked, unranked) == (CUSTOMERS - BOUGHT_FOR_NOTHING, BOUGHT_FOR_NOTHING)
    assert 1 - ranked / CUSTOMERS * (1 - found["gini"]) == pytest.approx(0.5853, abs=5e-5)
    assert found["top_20_share"] == pytest.approx(0.633, abs=2e-3)
    top = cdnow.column("SELECT revenue FROM pareto ORDER BY revenue DESC")
    assert float(sum(top[: round(CUSTOMERS / 5)]) / sum(top)) == pytest.approx(0.633, abs=1e-3)


def test_scores_are_there_for_every_buyer_and_sane(cdnow: NightDone) -> None:
    assert cdnow.value("SELECT COUNT(*) FROM rfm") == CUSTOMERS - BOUGHT_FOR_NOTHING
    (rfm,) = cdnow.rows(
        "SELECT SUM(frequency) AS days, MIN(frequency) AS least, MIN(recency_days) AS newest,"
        " MAX(recency_days) AS oldest, SUM(monetary) AS monetary FROM rfm"
    )
    pareto = cdnow.value("SELECT SUM(revenue) FROM pareto")
    assert (rfm["days"], rfm["least"], rfm["monetary"]) == (4814 - BOUGHT_FOR_NOTHING, 1, pareto)
    assert 0 <= rfm["newest"] <= rfm["oldest"] <= 272
    assert cdnow.value("SELECT COUNT(*) FROM clv WHERE horizon_days = 273 AND model = 'mbg_nbd'") == CUSTOMERS
    assert cdnow.value("SELECT COUNT(*) FROM churn") == 2 * CUSTOMERS
    expected = cdnow.value("SELECT SUM(expected_purchases) FROM clv")
    assert float(expected) == pytest.approx(1576.7, abs=0.5), "the hold-out forecast of the same model"


def test_one_time_buyers_share_one_frequency_score(cdnow: NightDone) -> None:
    scores = cdnow.column("SELECT DISTINCT f_score FROM rfm WHERE frequency = 1")
    assert scores == [1]
