"""Fits: what is estimated once per fit day and then only read (`models/value/<fit_day>.json`).

A fit is configuration. It is made from what was known on its own day, on demand when absent, and never
changed by a later night.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from assets.context import Context
from assets.day import Day
from transforms.value.cells import cells
from transforms.value.fallback import purchase_model, spend_model
from transforms.value.gamma_gamma import SpendModel, correlation_of_count_and_value, spend_cells
from transforms.value.holdout import evaluate_holdout
from transforms.value.purchase_model import PurchaseModel
from warehouse.files import write_atomic

FIT_VERSION = 1
BINNED_ABOVE = 100_000
SHORTEST_HOLDOUT_DAYS, LONGEST_HOLDOUT_DAYS = 30, 180


@dataclass(frozen=True)
class Fit:
    """Everything estimated on one day. `spend_cap` bounds the mean value that enters the spend model."""

    fit_day: date
    cutpoints: list[dict[str, Any]]
    purchase: PurchaseModel
    purchase_note: str
    spend: SpendModel
    spend_note: str
    spend_cap: float | None
    quality: list[dict[str, Any]]


def fit_of(context: Context, fit_day: date, make_day: Callable[[date], Day]) -> Fit:
    """The stored fit of a day, made first when there is none."""
    path = context.workspace.models / "value" / f"{fit_day.isoformat()}.json"
    if not path.is_file():
        with make_day(fit_day) as day:
            fit = _make(context, fit_day, day)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, json.dumps(_to_json(fit), indent=1).encode())
    return _from_json(json.loads(path.read_bytes()))


def cutpoint_table(fits: list[Fit]) -> pa.Table:
    """`rfm_cutpoint_fits`: the cut points of several fit days."""
    rows = [{"fit_day": fit.fit_day, **row} for fit in fits for row in fit.cutpoints]
    schema = pa.schema(
        [
            ("fit_day", pa.date32()),
            ("measure", pa.string()),
            ("score", pa.int32()),
            ("lower_bound", pa.decimal128(18, 2)),
        ]
    )
    return pa.Table.from_pylist(
        [row | {"lower_bound": Decimal(row["lower_bound"])} for row in rows], schema=schema
    )


def quality_table(fit: Fit, as_of: date) -> pa.Table:
    """`model_quality` of a day: the parameters and the hold-out of the fit that scores it."""
    schema = pa.schema(
        [
            ("as_of", pa.date32()),
            ("model", pa.string()),
            ("metric", pa.string()),
            ("value", pa.float64()),
            ("baseline", pa.float64()),
            ("cutoff", pa.date32()),
            ("horizon_days", pa.int32()),
        ]
    )
    rows = [row | {"as_of": as_of, "cutoff": date.fromisoformat(row["cutoff"])} for row in fit.quality]
    return pa.Table.from_pylist(rows, schema=schema)


def _make(context: Context, fit_day: date, day: Day) -> Fit:
    cutpoints = [
        {"measure": row["measure"], "score": row["score"], "lower_bound": str(row["lower_bound"])}
        for row in day.fetch("rfm_cutpoint_fit", "measure, score, lower_bound").to_pylist()
    ]
    cutpoints.sort(key=lambda row: (row["measure"], row["score"]))
    histories = day.fetch("purchase_cells", "x, t_x_days, T_days, n")
    data = cells(*(histories.column(name).to_numpy() for name in ("x", "t_x_days", "T_days", "n")))
    purchase, purchase_note = purchase_model(data)
    spend, spend_note, cap, extra = _fit_spend(context, day)
    quality = _parameters(fit_day, purchase, purchase_note, spend, spend_note) + [
        _row(spend.kind, name, value, None, fit_day, 0) for name, value in extra.items()
    ]
    quality += _holdout(fit_day, day)
    return Fit(fit_day, cutpoints, purchase, purchase_note, spend, spend_note, cap, quality)


def _fit_spend(context: Context, day: Day) -> tuple[SpendModel, str, float | None, dict[str, float | None]]:
    amounts = day.fetch("spend_cells", "x, mean_value, n")
    count = amounts.column("x").to_numpy()
    value = amounts.column("mean_value").cast(pa.float64()).to_numpy()
    n = amounts.column("n").to_numpy()
    cap = _winsorising_cap(value, n, context.workspace.settings.winsorise)
    capped = value if cap is None else np.minimum(value, cap)
    data = spend_cells(count, capped, n, binned=len(value) > BINNED_ABOVE)
    model, note = spend_model(data)
    facts = {
        "correlation_count_and_value": correlation_of_count_and_value(data),
        "customers_without_positive_margin": float(data.left_out),
        "winsorising_cap": cap,
    }
    return model, note, cap, facts


def _winsorising_cap(value: np.ndarray, n: np.ndarray, share: float | None) -> float | None:
    if share is None or len(value) == 0:
        return None
    order = np.argsort(value, kind="stable")
    reached = np.cumsum(n[order]) >= share * n.sum()
    return float(value[order][int(np.argmax(reached))])


def _holdout(fit_day: date, day: Day) -> list[dict[str, Any]]:
    """The same kind of model fitted some time earlier, held against what happened until the fit day."""
    first = day.engine.scalar("SELECT MIN(first_on) FROM purchase_history")
    if first is None:
        return []
    horizon = min(max((fit_day - first).days // 4, SHORTEST_HOLDOUT_DAYS), LONGEST_HOLDOUT_DAYS)
    cutoff = fit_day - timedelta(days=horizon)
    if (cutoff - first).days < horizon:
        return []
    day.put("holdout", pa.table({"cutoff": pa.array([cutoff], pa.date32())}))
    frame = day.fetch("holdout_cells", "x, t_x_days, T_days, y, n")
    x, t_x, T, y, n = (frame.column(name).to_numpy() for name in ("x", "t_x_days", "T_days", "y", "n"))
    model, _ = purchase_model(cells(x, t_x, T, n))
    metrics = evaluate_holdout(model, x, t_x, T, y, horizon, n)
    return [_row(model.kind, f"holdout_{m.metric}", m.value, m.baseline, cutoff, horizon) for m in metrics]


def _parameters(
    fit_day: date, purchase: PurchaseModel, purchase_note: str, spend: SpendModel, spend_note: str
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for model, note in ((purchase, purchase_note), (spend, spend_note)):
        record = model.to_dict()
        for name in sorted(record):
            if isinstance(record[name], (int, float)):
                rows.append(_row(model.kind, name, float(record[name]), None, fit_day, 0))
        rows.append(_row(model.kind, "is_plain_fit", float(not note), None, fit_day, 0))
    return rows


def _row(
    model: str, metric: str, value: float | None, baseline: float | None, cutoff: date, horizon: int
) -> dict[str, Any]:
    return {
        "model": model,
        "metric": metric,
        "value": value,
        "baseline": baseline,
        "cutoff": cutoff.isoformat(),
        "horizon_days": horizon,
    }


def _to_json(fit: Fit) -> dict[str, Any]:
    return {
        "version": FIT_VERSION,
        "fit_day": fit.fit_day.isoformat(),
        "rfm_cutpoints": fit.cutpoints,
        "purchase": fit.purchase.to_dict(),
        "purchase_note": fit.purchase_note,
        "spend": fit.spend.to_dict(),
        "spend_note": fit.spend_note,
        "spend_cap": fit.spend_cap,
        "quality": fit.quality,
    }


def _from_json(content: dict[str, Any]) -> Fit:
    return Fit(
        date.fromisoformat(content["fit_day"]),
        content["rfm_cutpoints"],
        PurchaseModel.from_dict(content["purchase"]),
        content["purchase_note"],
        SpendModel.from_dict(content["spend"]),
        content["spend_note"],
        content["spend_cap"],
        content["quality"],
    )
