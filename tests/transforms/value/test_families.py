"""Families: each leans on all together; what they say is held against what was bought."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from transforms.value.families import evaluate_families, fit_families
from transforms.value.predict import p_no_purchase


def histories(family: str, gap_days: int, customers: int = 200) -> pd.DataFrame:
    """Customers of a family who buy about every gap_days and have been watched for a year."""
    rng = np.random.default_rng(gap_days)
    rows = []
    for _ in range(customers):
        days = np.unique(np.cumsum(rng.exponential(gap_days, 40)).astype(int) + 1)
        days = days[days <= 365][: rng.geometric(0.15)]
        last = int(days[-1]) if len(days) else 0
        rows.append((family, len(days), last, 365, 1))
    return pd.DataFrame(rows, columns=["product_family", "x", "t_x_days", "T_days", "n"])


@pytest.fixture(scope="module")
def sold() -> pd.DataFrame:
    return pd.concat([histories("Teh", 20), histories("Kopi", 90), histories("Lampu", 30, customers=1)])


def test_a_family_of_many_has_its_own_pace_and_a_small_or_new_one_that_of_all(sold: pd.DataFrame) -> None:
    models = fit_families(sold)
    pace = {name: model.r / model.alpha * 52 for name, model in models.families.items()}
    pooled = models.pooled.r / models.pooled.alpha * 52
    assert pace["Teh"] > 2.5 * pace["Kopi"]
    assert pace["Lampu"] == pytest.approx(pooled, rel=0.6)
    assert models.of("Sabun") is models.pooled


def test_models_do_not_depend_on_the_order_of_rows(sold: pd.DataFrame) -> None:
    assert fit_families(sold) == fit_families(sold.sample(frac=1, random_state=1))


def test_without_any_sale_there_is_a_model_and_no_metric(sold: pd.DataFrame) -> None:
    nothing = sold.iloc[:0]
    models = fit_families(nothing)
    assert models.families == {}
    assert evaluate_families(models, nothing.assign(y=0), 30) == []


def test_metrics_are_those_of_the_pairs() -> None:
    cells = histories("Teh", 20).assign(y=1)
    cells.loc[:99, "y"] = 0
    models = fit_families(cells)
    found = {m.metric: m for m in evaluate_families(models, cells, 30)}
    said = 1 - p_no_purchase(models.of("Teh"), cells["x"], cells["t_x_days"], cells["T_days"], 30)
    assert found["pairs"].value == 200
    assert found["share_bought"] == ("share_bought", pytest.approx(said.mean()), 0.5)
    assert found["brier_any_purchase"].value == pytest.approx(((said - (cells["y"] > 0)) ** 2).mean())
    assert found["brier_any_purchase"].baseline == 0.25
