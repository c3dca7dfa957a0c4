"""The purchase model at the grain of customer and product family: when a kind of product is bought again.

Each family is fitted around the fit of all families together, so that a small one keeps everybody's figures
where its own customers say nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from transforms.value.cells import Cells, cells_from_frame
from transforms.value.fallback import purchase_model
from transforms.value.groups import fit_group
from transforms.value.holdout import Metric, auc, calibration_error
from transforms.value.predict import p_no_purchase
from transforms.value.purchase_model import PurchaseModel

HISTORY = ["x", "t_x_days", "T_days", "n"]


@dataclass(frozen=True)
class FamilyModels:
    """One model per family, and the pooled one for families that had no purchase when it was fitted."""

    pooled: PurchaseModel
    families: dict[str, PurchaseModel]

    def of(self, family: str) -> PurchaseModel:
        """The model of a family."""
        return self.families.get(family, self.pooled)


def fit_families(histories: pd.DataFrame) -> FamilyModels:
    """Models from columns product_family, x, t_x_days, T_days, n, in any order. Never fails."""
    pooled, _ = purchase_model(_cells(histories), "mbg_nbd")
    found = {
        str(family): fit_group(_cells(rows), pooled)[0]
        for family, rows in histories.groupby("product_family", sort=True)
    }
    return FamilyModels(pooled, found)


def evaluate_families(models: FamilyModels, cells: pd.DataFrame, horizon_days: int) -> list[Metric]:
    """Metrics over pairs of customer and family with y purchases in the horizon_days after T.

    The baseline of ranks is the time since the last purchase; that of Brier the base rate.
    """
    if cells.empty:
        return []
    cells = cells.sort_values(["product_family", "x", "t_x_days", "T_days", "y"])
    said = np.concatenate(
        [
            1.0
            - p_no_purchase(models.of(str(family)), rows["x"], rows["t_x_days"], rows["T_days"], horizon_days)
            for family, rows in cells.groupby("product_family", sort=True)
        ]
    )
    bought = (cells["y"].to_numpy() > 0).astype(np.float64)
    n = cells["n"].to_numpy(np.float64)
    recency = (cells["t_x_days"] - cells["T_days"]).to_numpy(np.float64)
    base = float((n * bought).sum() / n.sum())
    return [
        Metric("pairs", float(n.sum()), None),
        Metric("share_bought", float((n * said).sum() / n.sum()), base),
        Metric("auc_any_purchase", auc(said, bought, n), auc(recency, bought, n)),
        Metric("brier_any_purchase", float((n * (said - bought) ** 2).sum() / n.sum()), base * (1.0 - base)),
        Metric("calibration_error", calibration_error(said, bought, n), None),
    ]


def _cells(rows: pd.DataFrame) -> Cells:
    return cells_from_frame(rows[HISTORY])
