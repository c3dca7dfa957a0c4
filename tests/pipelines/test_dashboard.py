"""The dashboard definition and the questions of docs/bi.md fit the release they are asked of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from ruamel.yaml import YAML

from benchmarks.bi_clients.questions import agreement, documented
from tests.support.small_releases import publish_rows
from warehouse.contracts import all_tables
from warehouse.contracts.model import duckdb_type

DEFINITION = Path(__file__).resolve().parents[2] / "docs" / "dashboard" / "superset"


def read(folder: str) -> dict[str, dict[str, Any]]:
    """Every file of a folder of the definition, by the identity others name it by."""
    files = [YAML(typ="safe").load(path) for path in sorted((DEFINITION / folder).rglob("*.yaml"))]
    return {file["uuid"]: file for file in files}


DATASETS, CHARTS = read("datasets"), read("charts")
(DATABASE,) = read("databases").values()
(DASHBOARD,) = read("dashboards").values()


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    warehouse = tmp_path_factory.mktemp("warehouse")
    publish_rows(warehouse, {})
    with duckdb.connect(warehouse / "current" / "satu.duckdb", read_only=True) as con:
        yield con


@pytest.mark.parametrize("question", documented(), ids=lambda sql: sql.splitlines()[0][:40])
def test_every_question_of_the_page_can_be_asked(release: duckdb.DuckDBPyConnection, question: str) -> None:
    assert release.execute(question).description


def test_a_release_agrees_with_itself_and_is_told_when_it_does_not(
    release: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    agreed = release.execute(agreement()).fetchone()
    assert agreed is not None and agreed[2] == 0
    publish_rows(tmp_path, {})
    file = (tmp_path / "current" / "satu.duckdb").resolve()
    file.chmod(0o600)
    with duckdb.connect(file) as con:
        con.execute("INSERT INTO rfm (as_of, customer_id) VALUES (DATE '2026-01-30', 7)")
        found = con.execute(agreement()).fetchone()
        assert found is not None and found[2] == 1


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=lambda d: d["table_name"])
def test_datasets_describe_columns_as_the_contracts_do(
    release: duckdb.DuckDBPyConnection, dataset: dict[str, Any]
) -> None:
    table = all_tables()[dataset["table_name"]]
    for column in dataset["columns"]:
        declared = table.column(column["column_name"])
        assert column["description"] == declared.description.en
        assert column["type"] == duckdb_type(declared.type)
    for metric in dataset["metrics"]:
        release.execute(f"SELECT {metric['expression']} FROM {table.name}")
    assert dataset["database_uuid"] == DATABASE["uuid"]


@pytest.mark.parametrize("chart", CHARTS.values(), ids=lambda c: c["slice_name"])
def test_charts_name_what_their_dataset_has(chart: dict[str, Any]) -> None:
    dataset, params = DATASETS[chart["dataset_uuid"]], chart["params"]
    columns = {column["column_name"] for column in dataset["columns"]}
    metrics = {metric["metric_name"] for metric in dataset["metrics"]}
    named = [*params.get("groupby", []), *([params["x_axis"]] if "x_axis" in params else [])]
    assert {*named, *(f["subject"] for f in params["adhoc_filters"])} <= columns
    asked = [params["metric"]] if "metric" in params else params["metrics"]
    assert asked and set(asked) <= metrics


def test_the_dashboard_shows_every_chart_once() -> None:
    shown = [part["meta"] for part in DASHBOARD["position"].values() if part_type(part) == "CHART"]
    assert sorted(meta["uuid"] for meta in shown) == sorted(CHARTS)
    assert all(meta["sliceName"] == CHARTS[meta["uuid"]]["slice_name"] for meta in shown)


def part_type(part: Any) -> Any:
    return part["type"] if isinstance(part, dict) else None
