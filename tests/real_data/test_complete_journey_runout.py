"""When households need a kind of product again (Complete Journey): 195,817 pairs of household and category."""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd
import pytest

from tests.support.workspaces import shared_data
from transforms.functions import create_macros
from transforms.model import Model
from transforms.value.families import evaluate_families, fit_families
from transforms.value.holdout import auc

CUTOFF, HORIZON = date(2017, 9, 30), 30


@pytest.fixture(scope="module")
def cells() -> pd.DataFrame:
    """Histories of category purchases up to the cut-off, and what was bought in the thirty days after it."""
    with duckdb.connect() as con:
        create_macros(con)
        con.execute(
            f"""CREATE TABLE family_days AS
            SELECT DISTINCT household_id AS customer_id, product_category AS product_family, CAST(
                transaction_timestamp AT TIME ZONE 'UTC' AT TIME ZONE 'America/New_York' AS DATE) AS ordered_on
            FROM '{shared_data("complete_journey/transactions.parquet")}' AS t
            JOIN '{shared_data("complete_journey/products.parquet")}' AS p USING (product_id)
            WHERE t.sales_value > 0 AND product_category IS NOT NULL"""
        )
        con.execute("DELETE FROM family_days WHERE ordered_on > ?", [date(2017, 10, 30)])
        con.execute("CREATE TABLE family_holdout AS SELECT CAST(? AS DATE) AS cutoff", [CUTOFF])
        found = con.execute(Model.load("marts/family_holdout_cells").render()).df()
    return found


def test_where_a_rhythm_is_known_the_figures_are_those_measured_before(cells: pd.DataFrame) -> None:
    """AUC .727, Brier .2043, mean .439 against .429 were measured on 82,867 such pairs."""
    models = fit_families(cells)
    found = {m.metric: m for m in evaluate_families(models, cells[cells["x"] >= 2], HORIZON)}
    assert found["pairs"].value == 84_146
    assert found["auc_any_purchase"].value == pytest.approx(0.727, abs=0.003)
    assert found["brier_any_purchase"].value == pytest.approx(0.2043, abs=0.001)
    assert found["share_bought"].value == pytest.approx(0.439, abs=0.002)
    assert found["share_bought"].baseline == pytest.approx(0.429, abs=0.001)


def test_all_pairs_are_told_apart_better_than_by_recency(cells: pd.DataFrame) -> None:
    found = {m.metric: m for m in evaluate_families(fit_families(cells), cells, HORIZON)}
    assert found["auc_any_purchase"].value == pytest.approx(0.782, abs=0.002)
    assert found["auc_any_purchase"].baseline == pytest.approx(0.719, abs=0.002)
    assert found["calibration_error"].value == pytest.approx(0.018, abs=0.003)


def test_a_due_date_by_the_mean_gap_is_worse_than_chance(cells: pd.DataFrame) -> None:
    """Last purchase plus the mean gap, leaning on the category's: half of these days are past already."""
    known = cells[cells["x"] >= 2]
    sums = known.assign(days=known["t_x_days"] * known["n"], gaps=known["x"] * known["n"])
    sums = sums.groupby("product_family")[["days", "gaps"]].transform("sum")
    gap = (known["t_x_days"] + 4 * sums["days"] / sums["gaps"]) / (known["x"] + 4)
    until_due = gap - (known["T_days"] - known["t_x_days"])
    assert auc(-until_due, (known["y"] > 0).astype(float), known["n"]) == pytest.approx(0.411, abs=0.002)
