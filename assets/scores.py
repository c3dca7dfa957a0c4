"""clv, its groups and churn: the fit of the day's fit day, applied to every buyer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa

from assets.day import Day
from assets.fits import Fit
from transforms.value.clv import customer_value, sum_interval, sum_terms
from transforms.value.gamma_gamma import SpendModel
from transforms.value.predict import next_purchase_days, p_alive
from transforms.value.purchase_model import PurchaseModel
from transforms.value.seasonal_time import SeasonalTime

FARTHEST_DAYS = 3_650


def score_values(day: Day, fit: Fit, horizons: tuple[int, ...], discount_rate: float) -> None:
    """Offer `value_scores`: one row per buyer and horizon, figures as DOUBLE."""
    _score(day, fit, horizons, discount_rate, customer_value, "value_scores")
    day.put("value_model", pa.table({"model": pa.array([fit.purchase.kind], pa.string())}))


def score_groups(day: Day, fit: Fit, horizons: tuple[int, ...], discount_rate: float) -> None:
    """Offer `value_terms`, one row per buyer and horizon, and `clv_group_intervals`, made of their sums."""
    _score(day, fit, horizons, discount_rate, sum_terms, "value_terms")
    sums = day.fetch("clv_group_sums").to_pandas()
    low, high = sum_interval(sums, sums["clv"].astype(float), fit.purchase, fit.spend)
    keys = {name: pa.array(sums[name]) for name in ("horizon_days", "dimension", "item")}
    day.put("clv_group_intervals", pa.table({**keys, "clv_low": pa.array(low), "clv_high": pa.array(high)}))


Scores = Callable[[pd.DataFrame, PurchaseModel, SpendModel, int, float, float, SeasonalTime], pd.DataFrame]


def _score(
    day: Day, fit: Fit, horizons: tuple[int, ...], discount_rate: float, scores: Scores, name: str
) -> None:
    """Offer a table of scores of every buyer at every horizon."""
    history = day.fetch("purchase_history", "customer_id, x, t_x_days, T_days, mean_repeat_margin").sort_by(
        "customer_id"
    )
    time = fit.time(day)
    t_x, T = time.histories(history.column("t_x_days"), history.column("T_days"))
    frame = pd.DataFrame(
        {
            "x": history.column("x").to_numpy(),
            "t_x_days": t_x,
            "T_days": T,
            "spend_count": history.column("x").to_numpy(),
            "mean_value": _capped(history, fit.spend_cap),
        }
    )
    tables = []
    for horizon in horizons:
        found = scores(frame, fit.purchase, fit.spend, horizon, discount_rate, 1.0, time)
        columns = {name: pa.array(found[name].to_numpy()) for name in found.columns}
        tables.append(
            pa.table(
                {
                    "customer_id": history.column("customer_id"),
                    "horizon_days": pa.array(np.full(len(frame), horizon, dtype=np.int32)),
                    **columns,
                }
            )
        )
    day.put(name, pa.concat_tables(tables))


def score_churn(day: Day, fit: Fit, horizons: tuple[int, ...]) -> None:
    """Offer `churn_scores`: one row per distinct purchase history and horizon."""
    histories = day.fetch("purchase_cells", "x, t_x_days, T_days")
    time = fit.time(day)
    x = histories.column("x").to_numpy()
    t_x, T = time.histories(histories.column("t_x_days"), histories.column("T_days"))
    silent = fit.p_no_purchase(x, t_x, T, horizons, time)
    alike = histories.append_column("p_alive", pa.array(p_alive(fit.purchase, x, t_x, T)))
    for name, quantile in (("next_days", 0.5), ("next_days_p25", 0.25), ("next_days_p75", 0.75)):
        days = time.calendar_days(next_purchase_days(fit.purchase, x, t_x, T, quantile))
        alike = alike.append_column(name, _days_ahead(days))
    tables = [
        alike.append_column("horizon_days", pa.array(np.full(len(x), horizon, dtype=np.int32))).append_column(
            "p_no_purchase", pa.array(silent[horizon])
        )
        for horizon in horizons
    ]
    day.put("churn_scores", pa.concat_tables(tables))
    # of its own tables the engine knows the size, and so which side of a join to hold: a quarter less time
    day.engine.materialise("churn_scores", "SELECT * FROM churn_scores")


def _days_ahead(days: np.ndarray) -> pa.Array:
    """Whole days from tomorrow on; missing where the day never comes or lies out of sight."""
    ahead = np.ceil(days)
    reachable = np.isfinite(ahead) & (ahead <= FARTHEST_DAYS)
    return pa.array(np.where(reachable, np.maximum(ahead, 1.0), 0.0), mask=~reachable)


def _capped(history: pa.Table, cap: float | None) -> np.ndarray:
    mean = history.column("mean_repeat_margin").cast(pa.float64()).fill_null(0.0).to_numpy()
    mean = np.maximum(mean, 0.0)
    return mean if cap is None else np.minimum(mean, cap)
