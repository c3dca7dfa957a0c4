"""Fits: what is estimated once per fit day and then only read (`models/value/<fit_day>.json`).

A fit is configuration. It is made from what was known on its own day, on demand when absent, and never
changed by a later night.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from assets.backtests import Backtest, Foretold, Quality, candidates, judge
from assets.context import Context
from assets.day import Day
from transforms.value.calibration import Platt
from transforms.value.cells import Cells, FloatArray, cells
from transforms.value.fallback import pooled_rate, purchase_model, spend_model
from transforms.value.gamma_gamma import (
    LARGEST_CORRELATION,
    SpendModel,
    correlation_of_count_and_value,
    spend_cells,
)
from transforms.value.predict import p_no_purchase
from transforms.value.purchase_model import FALLBACK_KIND, PurchaseKind, PurchaseModel
from warehouse.contracts import all_tables, arrow_schema
from warehouse.files import write_atomic

FIT_VERSION = 3
"""Of what a stored fit holds; one of another version is made again from what was known on its day."""
BINNED_ABOVE = 100_000


Figures = dict[str, tuple[float | None, float | None]]
"""Value and baseline by metric."""


@dataclass(frozen=True)
class Fit:
    """Everything estimated on one day, under the model `satu.yaml` asked for.

    `spend_cap` bounds the mean value that enters the spend model; `corrections` holds, by horizon, the
    correction of probabilities that won its back-test. `foretold` is None without a hold-out.
    """

    fit_day: date
    asked_model: str
    cutpoints: list[dict[str, Any]]
    purchase: PurchaseModel
    purchase_note: str
    spend: SpendModel
    spend_note: str
    spend_cap: float | None
    corrections: dict[int, Platt]
    quality: list[dict[str, Any]]
    foretold: Foretold | None

    def p_no_purchase(
        self, x: FloatArray, t_x_days: FloatArray, T_days: FloatArray, horizons: tuple[int, ...]
    ) -> dict[int, FloatArray]:
        """P(no purchase) by horizon, corrected where a correction was earned.

        A correction of one horizon alone could make a longer silence likelier than a shorter one: the
        shorter horizon then stands for the longer as well.
        """
        found: dict[int, FloatArray] = {}
        likeliest = np.ones(len(x))
        for horizon in sorted(horizons):
            silent = p_no_purchase(self.purchase, x, t_x_days, T_days, horizon)
            correction = self.corrections.get(horizon)
            corrected = silent if correction is None else 1.0 - correction.apply(1.0 - silent)
            likeliest = np.minimum(likeliest, corrected)
            found[horizon] = likeliest
        return found


def fit_of(context: Context, fit_day: date, make_day: Callable[[date], Day]) -> Fit:
    """The stored fit of a day, made first when there is none or the settings ask for another model."""
    path = context.workspace.models / "value" / f"{fit_day.isoformat()}.json"
    stored = json.loads(path.read_bytes()) if path.is_file() else {}
    asked = context.workspace.settings.value_model
    if (stored.get("version"), stored.get("asked_model")) != (FIT_VERSION, asked):
        with make_day(fit_day) as day:
            stored = _to_json(_make(context, fit_day, day))
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, json.dumps(stored, indent=1).encode())
    return _from_json(stored)


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


def quality_table(quality: Iterable[Mapping[str, Any]], as_of: date) -> pa.Table:
    """Rows of `model_quality` on a day, from what fits keep of their parameters and back-tests."""
    rows = [{**row, "as_of": as_of, "cutoff": date.fromisoformat(row["cutoff"])} for row in quality]
    return pa.Table.from_pylist(rows, schema=arrow_schema(all_tables()["model_quality"]))


def foretold_tables(fit: Fit) -> dict[str, pa.Table]:
    """`foretold_groups` and `foretold_weeks`: what the model in use said of the hold-out, and what came."""
    key = [("model", pa.string()), ("cutoff", pa.date32()), ("horizon_days", pa.int32())]
    names = ("customers", "purchases_said", "purchases_seen", "buyers_said", "buyers_seen")
    groups = [("breakdown", pa.string()), ("group_no", pa.int32()), *((name, pa.float64()) for name in names)]
    weeks = [("end_day", pa.int32()), *((name, pa.float64()) for name in ("customers", "said", "seen"))]
    said = fit.foretold
    head = {} if said is None else {name: getattr(said, name) for name, _ in key}
    return {
        "foretold_groups": pa.Table.from_pylist(
            [head | row for row in (said.groups if said else [])], schema=pa.schema([*key, *groups])
        ),
        "foretold_weeks": pa.Table.from_pylist(
            [head | row for row in (said.weeks if said else [])], schema=pa.schema([*key, *weeks])
        ),
    }


def _make(context: Context, fit_day: date, day: Day) -> Fit:
    cutpoints = [
        {"measure": row["measure"], "score": row["score"], "lower_bound": str(row["lower_bound"])}
        for row in day.fetch("rfm_cutpoint_fit", "measure, score, lower_bound").to_pylist()
    ]
    cutpoints.sort(key=lambda row: (row["measure"], row["score"]))
    histories = day.fetch("purchase_history", "x, t_x_days, T_days")
    data = cells(*(histories.column(name).to_numpy() for name in histories.column_names))
    quality = Quality()
    purchase, purchase_note, corrections, foretold = _fit_purchases(context, day, fit_day, data, quality)
    spend, spend_note, cap, extra = _fit_spend(context, day)
    _keep_parameters(quality, fit_day, spend, spend_note)
    for name, (value, baseline) in extra.items():
        quality.add(spend.kind, name, value, baseline, fit_day)
    asked = context.workspace.settings.value_model
    return Fit(
        fit_day, asked, cutpoints, purchase, purchase_note, spend, spend_note, cap, corrections,
        quality.to_json(), foretold,
    )  # fmt: skip


def _fit_purchases(
    context: Context, day: Day, fit_day: date, data: Cells, quality: Quality
) -> tuple[PurchaseModel, str, dict[int, Platt], Foretold | None]:
    """The model in use: the one asked for or chosen, unless it is no better than naive at any horizon."""
    settings = context.workspace.settings
    first = day.engine.scalar("SELECT MIN(first_on) FROM purchase_history")
    kinds = candidates(settings.value_model)
    fitted = {kind: purchase_model(data, kind) for kind in kinds}
    for model, note in fitted.values():
        _keep_parameters(quality, fit_day, model, note)
    if first is None:
        model, note = fitted[kinds[0]]
        _mark_in_use(quality, fit_day, model)
        return model, note, {}, None
    test = Backtest(day, fit_day, first, data.customers)
    chosen = test.choose(settings.value_model, quality)
    model, note = fitted[chosen]
    horizons = settings.churn_horizon_days
    skills, corrections = _test(test, chosen, model.kind, horizons, quality)
    if model.kind != FALLBACK_KIND and skills and max(skills) <= 0:
        model, note = pooled_rate(data), f"{model.kind} is no better than naive forecasts in the back-test"
        _keep_parameters(quality, fit_day, model, note)
        _, corrections = _test(test, FALLBACK_KIND, FALLBACK_KIND, horizons, quality)
        chosen = FALLBACK_KIND
    _mark_in_use(quality, fit_day, model)
    return model, note, corrections, test.foretold(chosen)


def _test(
    test: Backtest, kind: PurchaseKind, name: str, horizons: tuple[int, ...], quality: Quality
) -> tuple[list[float], dict[int, Platt]]:
    """The skills of a kind at the horizons that could be tested, and the corrections it earned."""
    skills, corrections = [], {}
    for horizon in horizons:
        reached, correction = judge(test.origins(kind, horizon), name, horizon, test.fit_day, quality)
        if reached is not None:
            skills.append(reached)
        if correction is not None:
            corrections[horizon] = correction
    return skills, corrections


def _mark_in_use(quality: Quality, fit_day: date, model: PurchaseModel) -> None:
    for name in {name for name, metric, _, _ in quality.rows if metric == "is_plain_fit"}:
        quality.add(name, "is_in_use", float(name == model.kind), None, fit_day)


def _fit_spend(context: Context, day: Day) -> tuple[SpendModel, str, float | None, Figures]:
    amounts = day.fetch("spend_cells", "x, mean_value, n")
    count = amounts.column("x").to_numpy()
    value = amounts.column("mean_value").cast(pa.float64()).to_numpy()
    n = amounts.column("n").to_numpy()
    cap = _winsorising_cap(value, n, context.workspace.settings.winsorise)
    capped = value if cap is None else np.minimum(value, cap)
    data = spend_cells(count, capped, n, binned=len(value) > BINNED_ABOVE)
    model, note = spend_model(data)
    facts: Figures = {
        "correlation_count_and_value": (correlation_of_count_and_value(data), LARGEST_CORRELATION),
        "customers_without_positive_margin": (float(data.left_out), None),
        "winsorising_cap": (cap, None),
    }
    return model, note, cap, facts


def _winsorising_cap(value: np.ndarray, n: np.ndarray, share: float | None) -> float | None:
    if share is None or len(value) == 0:
        return None
    order = np.argsort(value, kind="stable")
    reached = np.cumsum(n[order]) >= share * n.sum()
    return float(value[order][int(np.argmax(reached))])


def _keep_parameters(quality: Quality, fit_day: date, model: PurchaseModel | SpendModel, note: str) -> None:
    """Every number of a fit under the name the papers give it, and whether it is the plain maximum."""
    record = model.to_dict()
    if isinstance(model, PurchaseModel):
        called = dict(zip(("r", "alpha", "a", "b"), model.names, strict=True))
        called |= {f"se_{field}": f"se_{name}" for field, name in called.items()}
        record = {called.get(name, name): value for name, value in record.items()}
    for name, value in record.items():
        if isinstance(value, (int, float)):
            quality.add(model.kind, name, float(value), None, fit_day)
    quality.add(model.kind, "is_plain_fit", float(not note), None, fit_day)


def _to_json(fit: Fit) -> dict[str, Any]:
    return {
        "version": FIT_VERSION,
        "fit_day": fit.fit_day.isoformat(),
        "asked_model": fit.asked_model,
        "rfm_cutpoints": fit.cutpoints,
        "purchase": fit.purchase.to_dict(),
        "purchase_note": fit.purchase_note,
        "spend": fit.spend.to_dict(),
        "spend_note": fit.spend_note,
        "spend_cap": fit.spend_cap,
        "corrections": {str(h): [c.intercept, c.slope] for h, c in fit.corrections.items()},
        "quality": fit.quality,
        "foretold": None
        if fit.foretold is None
        else asdict(fit.foretold) | {"cutoff": fit.foretold.cutoff.isoformat()},
    }


def _from_json(content: dict[str, Any]) -> Fit:
    said = content["foretold"]
    return Fit(
        date.fromisoformat(content["fit_day"]),
        content["asked_model"],
        content["rfm_cutpoints"],
        PurchaseModel.from_dict(content["purchase"]),
        content["purchase_note"],
        SpendModel.from_dict(content["spend"]),
        content["spend_note"],
        content["spend_cap"],
        {int(horizon): Platt(*pair) for horizon, pair in content["corrections"].items()},
        content["quality"],
        None if said is None else Foretold(**said | {"cutoff": date.fromisoformat(said["cutoff"])}),
    )
