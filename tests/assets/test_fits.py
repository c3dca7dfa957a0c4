"""A fit day from the event log: which model is in use, when a simple one takes its place, what never fails."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from assets.context import open_context
from assets.day import Day
from assets.fits import Fit, _from_json, _to_json
from assets.records import all_units
from assets.scores import score_churn, score_values
from tests.support.nights import COMPANY, company, deliver, gate_in_sql, night, table_of
from tests.support.workspaces import fit_on
from transforms.value.calibration import Platt

START, AS_OF = date(2024, 1, 1), date(2024, 12, 25)
DAILY = COMPANY + "clv: {refit: daily, horizon_days: 90, default_margin: 1.0}\nchurn: {horizon_days: 30}\n"
SALES = """
    channel: till
    source:
      path: landing/till/*.csv
      options: {delimiter: ";", dates: ymd, decimal: "."}
    maps:
      order_lines: {order_id: receipt, source_id: customer, ordered_at: day, product_id: item, amount: amount}
"""
"""Customers are there by their orders alone."""
COLUMNS = ("receipt", "day", "customer", "item", "amount")
Sale = tuple[int, date, float]


def shop(home: Path, sales: Iterable[Sale], settings: str = DAILY) -> Path:
    """A till with these sales: customer, day, amount."""
    company(home, SALES, settings=settings)
    rows = [
        {"receipt": f"R{number}", "day": day, "customer": who, "item": "A", "amount": amount}
        for number, (who, day, amount) in enumerate(sales)
    ]
    deliver(home, "till/sales.csv", COLUMNS, *rows)
    return home


def ordinary(customers: int = 120, seed: int = 1) -> list[Sale]:
    """Customers who came at different times, buy at different rates and leave."""
    rng, sales = np.random.default_rng(seed), []
    for who in range(customers):
        rate, day = rng.gamma(0.8, 1 / 30), float(rng.integers(0, 200))
        while day < 359:
            sales.append((who, START + timedelta(days=int(day)), float(rng.integers(5, 50))))
            if rng.random() < 0.15:
                break
            day += 1 + rng.exponential(1 / max(rate, 1e-3))
    return sales


def alternating() -> list[Sale]:
    """Half of the customers buy weekly in every other thirty days, the other half in those between."""
    return [
        (who, START + timedelta(days=age), 10.0)
        for who in range(200)
        for age in range(who % 7, 360, 7)
        if (age // 30) % 2 == who % 2
    ]


def found(fit: Fit, metric: str) -> dict[str, float | None]:
    """A metric by model; the newest cut-off where there are several."""
    return {row["model"]: row["value"] for row in fit.quality if row["metric"] == metric}


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Fit]:
    home = shop(tmp_path_factory.mktemp("usual") / "shop", ordinary())
    return home, fit_on(home, AS_OF)


def test_every_candidate_is_fitted_and_one_is_in_use(usual: tuple[Path, Fit]) -> None:
    _, fit = usual
    candidates = {"mbg_nbd", "bg_nbd", "pareto_nbd"}
    assert set(found(fit, "r")) >= candidates
    assert set(found(fit, "holdout_log_likelihood")) == candidates
    assert {name for name, value in found(fit, "is_in_use").items() if value} == {fit.purchase.kind}
    assert set(found(fit, "choice_gain")) == candidates - {"mbg_nbd"}
    assert "s" in {row["metric"] for row in fit.quality if row["model"] == "pareto_nbd"}
    assert "s" not in {row["metric"] for row in fit.quality if row["model"] == "mbg_nbd"}


def test_origins_roll_back_by_the_horizon_and_rules_stand_beside_the_model(usual: tuple[Path, Fit]) -> None:
    _, fit = usual
    tested = [row for row in fit.quality if row["metric"] == "backtest_brier_any_purchase"]
    cutoffs = {row["cutoff"] for row in tested if row["model"] == fit.purchase.kind}
    assert cutoffs == {(AS_OF - timedelta(days=30 * k)).isoformat() for k in (1, 2, 3)}
    assert {row["model"] for row in tested} >= {"naive_base_rate", "naive_own_rate"}
    assert {row["horizon_days"] for row in tested} == {30}
    keys = [(row["model"], row["metric"], row["cutoff"], row["horizon_days"]) for row in fit.quality]
    assert len(keys) == len(set(keys))


def test_of_many_customers_a_sample_by_number_is_tested_and_all_are_fitted(
    usual: tuple[Path, Fit], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, _ = usual
    monkeypatch.setattr("assets.windows.MOST_CUSTOMERS", 40)
    fit = fit_on(home, AS_OF - timedelta(days=1))
    (tested,) = found(fit, "holdout_customers").values()
    assert found(fit, "n")["mbg_nbd"] == 120
    assert tested is not None
    assert 20 <= tested <= 60, "every third number"


def test_rows_in_any_order_and_any_number_of_threads_make_the_same_fit(
    usual: tuple[Path, Fit], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, _ = usual
    stored = f"models/value/{AS_OF.isoformat()}.json"
    mixed = ordinary()
    random.Random(3).shuffle(mixed)
    monkeypatch.setenv("SATU_THREADS", "1")
    other = shop(tmp_path / "mixed", mixed)
    fit_on(other, AS_OF)
    assert (other / stored).read_bytes() == (home / stored).read_bytes()


def test_the_settings_can_name_the_model_and_a_fit_under_another_name_is_made_again(tmp_path: Path) -> None:
    home = shop(tmp_path / "shop", ordinary(), DAILY + "value: {model: pareto_nbd}\n")
    stored = home / f"models/value/{AS_OF.isoformat()}.json"
    fit = fit_on(home, AS_OF)
    assert fit.purchase.kind == "pareto_nbd"
    assert "r" not in {row["metric"] for row in fit.quality if row["model"] == "mbg_nbd"}
    before = stored.read_bytes()
    stored.write_bytes(before.replace(b'"spend_note": ""', b'"spend_note": "kept"'))
    assert fit_on(home, AS_OF).spend_note == json.loads(stored.read_bytes())["spend_note"]
    (home / "satu.yaml").write_text(DAILY + "value: {model: bg_nbd}\n")
    assert fit_on(home, AS_OF).purchase.kind == "bg_nbd"


def test_under_bg_nbd_churn_is_not_the_chance_of_having_left(tmp_path: Path) -> None:
    """There every one-time buyer is surely alive; the chance of silence is not zero for it."""
    home = shop(tmp_path / "shop", ordinary(), DAILY + "value: {model: bg_nbd}\n")
    with scored(home) as day:
        rows = day.fetch("churn_scores").to_pylist()
    once = [row for row in rows if row["x"] == 0]
    assert {row["p_alive"] for row in once} == {1.0}
    assert min(row["p_no_purchase"] for row in once) > 0.2


def test_a_model_worse_than_naive_is_warned_of_and_replaced_by_the_named_fallback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever bought last month is gone this month: recency points the wrong way."""
    home = shop(tmp_path / "shop", alternating())
    gate_in_sql(monkeypatch)
    night(home, AS_OF.isoformat())
    assert set(table_of(home, "clv", AS_OF).column("model").to_pylist()) == {"fallback_pooled_rate"}
    rows = table_of(home, "model_quality", AS_OF).to_pylist()
    skills = {row["model"]: row["value"] for row in rows if row["metric"] == "backtest_skill"}
    assert set(skills) == {"mbg_nbd", "fallback_pooled_rate"}
    assert skills["mbg_nbd"] <= 0
    checks = table_of(home, "quality_results", AS_OF).to_pylist()
    assert [
        (row["severity"], row["is_passed"], row["count_failed"] > 0)
        for row in checks
        if row["table_name"] == "model_quality" and row["rule"] == "better_than_naive"
    ] == [("warn", False, True)]


def test_a_correction_that_was_earned_changes_churn_and_survives_the_file(usual: tuple[Path, Fit]) -> None:
    _, fit = usual
    history = (np.array([0.0, 3.0]), np.array([0.0, 80.0]), np.array([100.0, 90.0]))
    raw = replace(fit, corrections={}).p_no_purchase(*history, (30, 90))
    corrected = replace(fit, corrections={30: Platt(-1.0, 0.8)})
    found = corrected.p_no_purchase(*history, (30, 90))
    assert (found[30] > raw[30]).all()
    assert found[90] == pytest.approx(raw[90])
    assert _from_json(json.loads(json.dumps(_to_json(corrected)))) == corrected


def test_a_correction_never_makes_a_longer_silence_likelier_than_a_shorter_one(
    usual: tuple[Path, Fit],
) -> None:
    _, fit = usual
    x = np.array([0.0, 3.0, 20.0])
    history = (x, np.array([0.0, 80.0, 99.0]), np.array([100.0, 90.0, 100.0]))
    for correction in ({30: Platt(3.0, 1.0)}, {90: Platt(-3.0, 1.0)}):
        silent = replace(fit, corrections=correction).p_no_purchase(*history, (90, 180, 30))
        assert (silent[30] >= silent[90]).all()
        assert (silent[90] >= silent[180]).all()


@contextmanager
def scored(home: Path) -> Iterator[Day]:
    """The day's tables with the scores of its fit."""
    fit = fit_on(home, AS_OF)
    context = open_context(home)
    settings = context.workspace.settings
    with Day(context, AS_OF, all_units(context)) as day:
        score_values(day, fit, settings.clv_horizon_days, settings.discount_rate)
        score_churn(day, fit, settings.churn_horizon_days)
        yield day


EXTREMES: dict[str, list[Sale]] = {
    "one customer, one order": [(1, START, 10.0)],
    "one customer, today": [(1, AS_OF, 10.0)],
    "everybody came today": [(who, AS_OF, 10.0) for who in range(150)],
    "only one-time buyers": [(who, START + timedelta(days=who % 300), 10.0) for who in range(400)],
    "five thousand orders": [
        *ordinary(),
        *((1000, AS_OF - timedelta(days=age), 20.0) for age in range(5000)),
    ],
    "nothing but gifts": [(who, day, 0.0) for who, day, _ in ordinary()],
    "sold at a loss": [
        (who, day, -amount if i % 3 else amount) for i, (who, day, amount) in enumerate(ordinary())
    ],
    "everybody buys daily": [
        (who, START + timedelta(days=age), 1.0) for who in range(101) for age in range(260, 359)
    ],
}


@pytest.mark.parametrize("sales", EXTREMES.values(), ids=EXTREMES.keys())
def test_every_company_has_finite_figures_for_every_buyer(tmp_path: Path, sales: list[Sale]) -> None:
    with scored(shop(tmp_path / "shop", sales)) as day:
        buyers, histories = (day.fetch(name).num_rows for name in ("purchase_history", "purchase_cells"))
        values, churn = (day.fetch(name) for name in ("value_scores", "churn_scores"))
    assert (values.num_rows, churn.num_rows) == (buyers, histories)
    assert buyers > 0
    for table, names in ((values, values.column_names), (churn, ("p_no_purchase", "p_alive"))):
        for name in names:
            column = table.column(name)
            assert column.null_count == 0, name
            assert np.isfinite(column.to_numpy().astype(float)).all(), name
    low, point, high = (values.column(name).to_numpy() for name in ("clv_low", "clv", "clv_high"))
    assert ((low >= 0) & (low <= point) & (point <= high)).all()
    for table in (values, churn):
        for name in ("p_alive", "p_no_purchase"):
            assert ((table.column(name).to_numpy() >= 0) & (table.column(name).to_numpy() <= 1)).all()
