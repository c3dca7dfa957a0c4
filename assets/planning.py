"""Fits behind the tables that look ahead, once per fit day (`models/planning/<fit_day>.json`).

Like the fits of assets/fits.py: made from what was known on their own day, on demand when absent, and never
changed by a later night.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from assets.configuration import fit_day
from assets.context import Context
from assets.day import Day
from assets.fits import Fit
from assets.outlook import fit_revenue, outlook_holdout
from transforms.value.families import FamilyModels, evaluate_families, fit_families
from transforms.value.gamma_gamma import SpendModel
from transforms.value.holdout import Metric
from transforms.value.purchase_model import PurchaseModel
from warehouse.files import write_atomic

PLANNING_VERSION = 2
"""Of what stored fits hold; those of another version are made again from what was known on their day."""
RUNOUT_HORIZON_DAYS = 30
SHORTEST_HISTORY_DAYS = 60
"""Before the cut-off of a back-test; a shorter history says nothing about gaps."""


@dataclass(frozen=True)
class Planning:
    """Everything estimated on one day for the tables that look ahead."""

    fit_day: date
    families: FamilyModels
    revenue: SpendModel
    quality: list[dict[str, Any]]

    @property
    def outlook_error(self) -> float:
        """How far the revenue outlook was off in its back-test, as a share; 0 without one."""
        found = (row["value"] for row in self.quality if row["metric"] == "holdout_revenue_bias")
        return abs(next(found, 0.0))


def planning_of(context: Context, as_of: date, make_day: Callable[[date], Day], fit: Fit) -> Planning:
    """The stored fits that score a day, made first when there are none. fit: the one that scores the day."""
    on = fit_day(context, as_of)
    if not _is_stored(context, on):
        with make_day(on) as day:
            make_planning(context, day, fit)
    return _from_json(json.loads(_path(context, on).read_bytes()))


def make_planning(context: Context, day: Day, fit: Fit) -> None:
    """Store the fits of a fit day that is at hand, unless they are there."""
    if not _is_stored(context, day.as_of):
        path = _path(context, day.as_of)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, json.dumps(_to_json(_make(day.as_of, day, fit)), indent=1).encode())


def _is_stored(context: Context, on: date) -> bool:
    """Whether a fit day left its fits, of this version."""
    path = _path(context, on)
    return path.is_file() and json.loads(path.read_bytes()).get("version") == PLANNING_VERSION


def _path(context: Context, on: date) -> Path:
    return context.workspace.models / "planning" / f"{on.isoformat()}.json"


def family_model_table(planning: Planning, families: Iterable[str]) -> pa.Table:
    """`family_models`: the parameters of each of these families, those of all for one not seen before."""
    rows = [
        {"product_family": family, **dict(zip(("r", "alpha", "a", "b"), model.parameters, strict=True))}
        for family in sorted(families)
        for model in [planning.families.of(family)]
    ]
    names = [("product_family", pa.string()), *((name, pa.float64()) for name in ("r", "alpha", "a", "b"))]
    return pa.Table.from_pylist(rows, schema=pa.schema(names))


def _make(on: date, day: Day, fit: Fit) -> Planning:
    families = fit_families(_frame(day, "family_cells", "product_family, x, t_x_days, T_days, n"))
    quality = _family_holdout(on, day)
    quality += [_quality("revenue_outlook", *figure) for figure in outlook_holdout(on, day, fit)]
    return Planning(on, families, fit_revenue(day, on), quality)


def _family_holdout(on: date, day: Day) -> list[dict[str, Any]]:
    """Families fitted thirty days earlier, held against what was bought until the fit day."""
    cutoff = on - timedelta(days=RUNOUT_HORIZON_DAYS)
    day.need("family_days")
    first = day.engine.scalar("SELECT MIN(ordered_on) FROM family_days")
    if first is None or (cutoff - first).days < SHORTEST_HISTORY_DAYS:
        return []
    day.put("family_holdout", pa.table({"cutoff": pa.array([cutoff], pa.date32())}))
    cells = _frame(day, "family_holdout_cells", "product_family, x, t_x_days, T_days, y, n")
    metrics = evaluate_families(fit_families(cells), cells, RUNOUT_HORIZON_DAYS)
    return [_quality("runout", metric, cutoff, RUNOUT_HORIZON_DAYS) for metric in metrics]


def _frame(day: Day, name: str, columns: str) -> pd.DataFrame:
    return day.fetch(name, columns).to_pandas()


def _quality(model: str, metric: Metric, cutoff: date, horizon_days: int) -> dict[str, Any]:
    return {
        "model": model,
        "metric": f"holdout_{metric.metric}",
        "value": metric.value,
        "baseline": metric.baseline,
        "cutoff": cutoff.isoformat(),
        "horizon_days": horizon_days,
    }


def _to_json(planning: Planning) -> dict[str, Any]:
    families = planning.families
    return {
        "version": PLANNING_VERSION,
        "fit_day": planning.fit_day.isoformat(),
        "pooled_family": families.pooled.to_dict(),
        "families": {name: model.to_dict() for name, model in families.families.items()},
        "revenue": planning.revenue.to_dict(),
        "quality": planning.quality,
    }


def _from_json(content: dict[str, Any]) -> Planning:
    families = {name: PurchaseModel.from_dict(model) for name, model in content["families"].items()}
    return Planning(
        date.fromisoformat(content["fit_day"]),
        FamilyModels(PurchaseModel.from_dict(content["pooled_family"]), families),
        SpendModel.from_dict(content["revenue"]),
        content["quality"],
    )
