"""The CDNOW sample, whose figures are published (Fader, Hardie and Lee 2005), as one channel."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assets.fits import Fit
from tests.support.workspaces import (
    NightDone,
    accounts,
    assert_every_row_is_accounted_for,
    at_origin,
    fit_on,
    make_workspace,
    run_night,
    shared_data,
)
from transforms.value.btyd import fit_purchases
from transforms.value.cells import cells
from transforms.value.predict import expected_purchases

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


def test_every_candidate_has_its_published_figures_from_the_same_event_log(cdnow: NightDone) -> None:
    """BG/NBD: Fader, Hardie, Lee 2005, figure 1. Pareto/NBD: the same paper's comparison, and CLVTools."""
    bg, pareto = quality(cdnow, "bg_nbd"), quality(cdnow, "pareto_nbd")
    assert [bg[name] for name in ("r", "alpha", "a", "b")] == pytest.approx(
        [0.2426, 4.4136, 0.7929, 2.4259], abs=5e-5
    )
    assert bg["log_likelihood"] == pytest.approx(-9582.4292, abs=5e-5)
    assert [pareto[name] for name in ("r", "alpha", "s", "beta")] == pytest.approx(
        [0.5533, 10.5777, 0.6062, 11.6687], abs=5e-5
    )
    assert pareto["log_likelihood"] == pytest.approx(-9594.976, abs=5e-4)
    errors = [pareto[f"se_{name}"] for name in ("r", "alpha", "s", "beta")]
    assert errors == pytest.approx([0.0476, 0.843, 0.187, 6.21], rel=5e-3)
    assert [found["converged"] for found in (bg, pareto)] == [1, 1]


def test_the_default_is_in_use_and_count_and_value_are_independent_enough(cdnow: NightDone) -> None:
    in_use = cdnow.column("SELECT model FROM model_quality WHERE metric = 'is_in_use' AND value = 1")
    assert in_use == ["mbg_nbd"]
    rows = cdnow.rows(
        "SELECT value, baseline FROM model_quality WHERE metric = 'correlation_count_and_value'"
    )
    assert rows == [{"value": pytest.approx(0.114, abs=5e-4), "baseline": 0.3}]


@pytest.fixture(scope="module")
def weeks_40_to_78(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Fit]:
    """The fits of the last day of week 78 under each model; their back-test of 273 days starts in week 39."""
    home = make_workspace(
        tmp_path_factory.mktemp("later") / "home",
        Path(__file__).parent / "workspaces" / "cdnow",
        {"cdnow/sample.txt": shared_data("cdnow_sample.txt")},
    )
    settings, fits = (home / "satu.yaml").read_text(), {}
    for model in ("mbg_nbd", "bg_nbd", "pareto_nbd"):
        (home / "satu.yaml").write_text(f"{settings}value: {{model: {model}}}\n")
        fits[model] = fit_on(home, date(1998, 6, 30))
    return fits


@pytest.mark.parametrize(
    ("model", "correlation", "predicted", "mae", "auc"),
    [
        ("mbg_nbd", 0.6273, 1576.7, 0.765, 0.760),
        ("bg_nbd", 0.6256, 1653.4, 0.786, 0.757),
        ("pareto_nbd", 0.6302, 1665.5, 0.755, 0.771),
    ],
)
def test_the_hold_out_of_weeks_40_to_78_is_the_published_one(
    weeks_40_to_78: dict[str, Fit], model: str, correlation: float, predicted: float, mae: float, auc: float
) -> None:
    found = at_origin(weeks_40_to_78[model], model, AS_OF, 273)
    assert found["purchases_actual"] == 1882
    assert found["correlation"] == pytest.approx(correlation, abs=5e-5)
    assert found["purchases_predicted"] == pytest.approx(predicted, abs=0.05)
    assert found["mae"] == pytest.approx(mae, abs=6e-4)
    assert found["auc_any_purchase"] == pytest.approx(auc, abs=5e-4)
    for share in (25, 50, 75, 90):
        assert found[f"next_purchase_by_p{share}"] == pytest.approx(share / 100, abs=0.07)


def test_conditional_expectations_are_the_published_ones_for_parameters_from_the_event_log(
    cdnow: NightDone,
) -> None:
    """Hardie's example for BG/NBD and BTYD's for Pareto/NBD, with the histories in days."""
    day = cdnow.day()
    try:
        histories = day.fetch("purchase_cells", "x, t_x_days, T_days, n")
    finally:
        day.close()
    data = cells(*(histories.column(name).to_numpy() for name in ("x", "t_x_days", "T_days", "n")))
    bg, pareto = fit_purchases(data, "bg_nbd"), fit_purchases(data, "pareto_nbd")
    assert expected_purchases(bg, 2, 213, 272, 273) == pytest.approx(1.226, abs=5e-4)
    assert expected_purchases(pareto, 26, 216, 217, 364) == pytest.approx(25.46, abs=5e-3)


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
