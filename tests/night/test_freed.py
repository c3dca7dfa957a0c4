"""What a night has computed is freed once no later table reads it, and never computed again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from assets.tables import BUILD_ORDER
from tests.pipelines.steward import NEXT_DAY, shop_in
from tests.support.nights import gate_in_sql, night, write
from transforms.model import all_models
from warehouse.engine import DuckDBEngine

AT_RISK = """\
segment: at_risk
description: {en: Good customers who may not come back, id: Pelanggan baik yang mungkin tidak kembali}
purpose: marketing
where: "pareto_class = 'A' AND rfm_segment IS NOT NULL AND churn_probability_90 > 0.5 AND clv_365 > 0"
"""
"""It asks all tables that conditions may speak of, those that are computed while they are stored among them."""


def test_a_night_makes_nothing_twice_and_holds_little_beside_the_month_end_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate_in_sql(monkeypatch)
    home = shop_in(tmp_path / "shop")
    write(home, "segments/at_risk.yaml", AT_RISK)
    models = {model.name for model in all_models()}
    made: Counter[tuple[int, str]] = Counter()
    held: dict[int, set[str]] = {}
    alive: list[DuckDBEngine] = []
    most: dict[int, int] = {}
    beside: dict[int, int] = {}
    materialise, drop, close = DuckDBEngine.materialise, DuckDBEngine.drop, DuckDBEngine.close

    def counting(engine: DuckDBEngine, name: str, sql: str, *, coded: tuple[str, ...] = ()) -> None:
        materialise(engine, name, sql, coded=coded)
        if name in models:
            alive.append(engine)
            made[id(engine), name] += 1
            holds = held.setdefault(id(engine), set())
            holds.add(name)
            most[id(engine)] = max(most.get(id(engine), 0), len(holds))
            others = sum(len(names) for other, names in held.items() if other != id(engine))
            beside[id(engine)] = max(beside.get(id(engine), 0), others)

    def noticing(engine: DuckDBEngine, name: str) -> None:
        drop(engine, name)
        held.get(id(engine), set()).discard(name)

    def closing(engine: DuckDBEngine) -> None:
        close(engine)
        held.get(id(engine), set()).clear()

    monkeypatch.setattr(DuckDBEngine, "close", closing)
    monkeypatch.setattr(DuckDBEngine, "materialise", counting)
    monkeypatch.setattr(DuckDBEngine, "drop", noticing)
    night(home, NEXT_DAY)
    (before,) = (engine for engine in beside if beside[engine])
    (whole,) = (engine for engine in most if (engine, BUILD_ORDER[-2]) in made)
    in_matching = {"refined_keys", "match_identifiers", "hot_identifiers", "match_names"}
    assert [name for (engine, name), times in made.items() if times > 1 and name not in in_matching] == []
    assert most[whole] > 10
    assert beside[before] < 5
