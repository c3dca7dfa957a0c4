"""Hold-out: the figures known for CDNOW, and metrics checked by hand."""

from sys import float_info

import numpy as np
import pytest

from transforms.value.btyd import fit_purchases
from transforms.value.holdout import (
    auc,
    calibration_error,
    correlation,
    evaluate_holdout,
    next_purchase_coverage,
)
from transforms.value.predict import expected_purchases


def _metrics(cdnow, kind):
    table = cdnow.customers
    rows = evaluate_holdout(
        fit_purchases(cdnow.cells, kind), table["x"], table["t_x_days"], table["T_days"], table["y"], 273
    )
    return {row.metric: row for row in rows}


def test_cdnow_weeks_40_to_78_under_mbg_nbd(cdnow):
    found = _metrics(cdnow, "mbg_nbd")
    assert found["purchases_actual"].value == 1882
    assert found["purchases_predicted"].value == pytest.approx(1576.7, abs=0.05)
    assert found["correlation"].value == pytest.approx(0.6273, abs=5e-5)
    assert found["mae"].value == pytest.approx(0.765, abs=5e-4)
    assert found["mae"].baseline == pytest.approx(1.024, abs=5e-4)
    assert found["auc_any_purchase"].value == pytest.approx(0.760, abs=5e-4)
    assert found["brier_any_purchase"].value < found["brier_any_purchase"].baseline
    assert found["log_likelihood"].value > found["log_likelihood"].baseline


@pytest.mark.parametrize(
    ("kind", "related", "predicted", "mae", "auc_of_any"),
    [("bg_nbd", 0.6256, 1653.4, 0.786, 0.757), ("pareto_nbd", 0.6302, 1665.5, 0.755, 0.771)],
)
def test_cdnow_weeks_40_to_78_under_the_other_models(cdnow, kind, related, predicted, mae, auc_of_any):
    found = _metrics(cdnow, kind)
    assert found["correlation"].value == pytest.approx(related, abs=5e-5)
    assert found["purchases_predicted"].value == pytest.approx(predicted, abs=0.05)
    assert found["mae"].value == pytest.approx(mae, abs=6e-4)
    assert found["auc_any_purchase"].value == pytest.approx(auc_of_any, abs=5e-4)


def test_cdnow_buyers_ranked_by_expected_purchases_under_pareto_nbd(cdnow):
    """The .779 known for this model ranks by expected purchases, not by the chance of any."""
    table, fitted = cdnow.customers, fit_purchases(cdnow.cells, "pareto_nbd")
    expected = expected_purchases(fitted, table["x"], table["t_x_days"], table["T_days"], 273)
    found = auc(expected, (table["y"] > 0).astype(float), np.ones(len(table)))
    assert found == pytest.approx(0.779, abs=5e-4)


@pytest.mark.parametrize("kind", ["mbg_nbd", "bg_nbd", "pareto_nbd"])
def test_next_purchase_dates_of_cdnow_come_true_about_as_often_as_said(cdnow, kind):
    table, fitted = cdnow.customers, fit_purchases(cdnow.cells, kind)
    history = (table["x"], table["t_x_days"], table["T_days"])
    for row in next_purchase_coverage(fitted, *history, table["days_to_next"], 273):
        assert row.value == pytest.approx(row.baseline, abs=0.07)


def test_weights_and_order_do_not_matter_bit_for_bit(cdnow):
    model = fit_purchases(cdnow.cells)
    table = cdnow.customers.groupby(["x", "t_x_days", "T_days", "y"], as_index=False).size()
    mixed = table.sample(frac=1, random_state=4)
    cell_rows = evaluate_holdout(
        model, mixed["x"], mixed["t_x_days"], mixed["T_days"], mixed["y"], 273, n=mixed["size"]
    )
    assert {row.metric: row for row in cell_rows} == _metrics(cdnow, "mbg_nbd")


def test_nobody_has_no_metrics(cdnow):
    assert evaluate_holdout(fit_purchases(cdnow.cells), [], [], [], [], 90) == []


@pytest.mark.filterwarnings("error")
def test_a_holdout_in_which_nobody_buys_leaves_undefined_metrics_empty(cdnow):
    rows = evaluate_holdout(fit_purchases(cdnow.cells), [0, 0], [0, 0], [0, 50], [0, 0], 90)
    found = {row.metric: row for row in rows}
    assert found["auc_any_purchase"].value is None
    assert found["bias"].value is None
    assert found["correlation"].value is None
    assert found["log_likelihood"].baseline is None
    assert 0 <= found["brier_any_purchase"].value < 1


def test_auc_counts_ties_half_and_weights_fully():
    assert auc([1, 2], [0, 1], [1, 1]) == 1.0
    assert auc([1, 1], [0, 1], [1, 1]) == 0.5
    assert auc([1, 2, 3], [1, 0, 1], [1, 1, 3]) == 0.75
    assert auc([1, 2], [1, 1], [1, 1]) is None


def test_correlation_matches_numpy_on_repeated_rows():
    a, b, w = np.array([1.0, 2.0, 4.0]), np.array([2.0, 1.0, 5.0]), np.array([1, 2, 3])
    expected = np.corrcoef(np.repeat(a, w), np.repeat(b, w))[0, 1]
    assert correlation(a, b, w.astype(float)) == pytest.approx(expected, abs=4 * float_info.epsilon)


def test_calibration_error_is_the_gap_between_said_and_seen():
    said, seen, w = np.array([0.2, 0.2, 1.0]), np.array([0.0, 1.0, 1.0]), np.ones(3)
    assert calibration_error(said, seen, w) == pytest.approx((0.6 + 0.0) / 3)
