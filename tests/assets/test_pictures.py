"""What Dagster shows of a table: groups only, small, and as a person reads them."""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import dagster as dg
import pytest

from assets.dagster_events import DagsterListener
from assets.pictures import LINES, TABLES, picture
from tests.support.small_tables import Tables
from warehouse.contracts import load_table
from warehouse.store import Partition

DAY = date(2026, 1, 31)
LIMIT = 20_000


def file_of(folder: Path, table: str, *rows: dict[str, Any]) -> Path:
    """A table's file with these rows."""
    path = folder / f"{table}.parquet"
    Tables(DAY).put(table, *rows).con.execute(f"COPY {table} TO '{path}' (FORMAT parquet)")
    return path


def test_a_count_under_five_is_not_told(tmp_path: Path) -> None:
    rows = [{"customer_id": 10**15 + i, "r_score": 5, "f_score": 1 if i < 7 else 3} for i in range(10)]
    shown = picture("rfm", file_of(tmp_path, "rfm", *rows))
    assert shown == (
        "| R / F | 1 | 2 | 3 | 4 | 5 |\n| --- | --: | --: | --: | --: | --: |\n| 5 | 7 |  | <5 |  |  |"
    )


def test_the_matrix_is_a_table_of_chances(tmp_path: Path) -> None:
    cell = {"horizon_days": 365, "customers": 9, "expected_purchases": 1}
    path = file_of(
        tmp_path,
        "value_matrix",
        {**cell, "repeats": 0, "days_from": 0, "days_to": 30, "p_alive": "0.75"},
        {**cell, "repeats": 7, "days_from": 366, "p_alive": None, "customers": 2},
    )
    shown = picture("value_matrix", path) or ""
    assert shown.splitlines()[2:] == [
        "| 0-30 | 75% |  |  |  |  |  |  |  |",
        "| 366+ |  |  |  |  |  |  |  |  |",
    ]


def test_cohorts_under_five_are_left_out(tmp_path: Path) -> None:
    rows = [
        {"cohort_month": date(2025, month, 1), "months_since": n, "customers": size, "retention": share}
        for month, size in ((11, 8), (12, 4))
        for n, share in enumerate(("1", "0.25"))
    ]
    shown = picture("cohorts", file_of(tmp_path, "cohorts", *rows)) or ""
    assert shown.splitlines()[2:] == ["| 2025-11 | 8 | 25% |  |  |  |  |  |"]


def weeks(count: int) -> list[dict[str, Any]]:
    return [
        {
            "week_end": DAY - timedelta(weeks=count - week),
            "purchases_foretold": week,
            "purchases_seen": 2 * week,
        }
        for week in range(count)
    ]


def test_a_line_is_an_image_within_the_markdown(tmp_path: Path) -> None:
    shown = picture("model_tracking", file_of(tmp_path, "model_tracking", *weeks(3))) or ""
    found = re.fullmatch(r"!\[model_tracking\]\(data:image/svg\+xml;base64,(.+)\)", shown)
    assert found is not None
    svg = b64decode(found[1]).decode()
    assert re.findall(r'points="([^"]+)"', svg) == [
        "0.0,224.0 280.0,174.0 560.0,124.0",
        "0.0,224.0 280.0,124.0 560.0,24.0",
    ]


def test_ten_years_of_weeks_still_make_a_small_event(tmp_path: Path) -> None:
    shown = picture("model_tracking", file_of(tmp_path, "model_tracking", *weeks(300)))
    assert shown is not None and len(shown) < LIMIT
    assert picture("model_tracking", file_of(tmp_path, "model_tracking", *weeks(3000))) is None


@pytest.mark.parametrize("table", [*TABLES, *LINES])
def test_only_tables_for_bi_are_shown_and_none_by_who_it_is_about(table: str, tmp_path: Path) -> None:
    assert load_table(table).zone == "bi"
    sql = TABLES.get(table) or LINES[table][1]
    assert "customer_id" not in sql and "*" not in sql.replace("COUNT(*)", "").replace("100 *", "")
    assert picture(table, file_of(tmp_path, table)) is None, "an empty table has no picture"


@pytest.mark.parametrize(("table", "has_picture"), [("rfm", True), ("pareto", False)])
def test_the_materialisation_carries_it(table: str, has_picture: bool, tmp_path: Path) -> None:
    rows = [
        {"customer_id": i, "r_score": 1, "f_score": 1} if table == "rfm" else {"customer_id": i}
        for i in range(6)
    ]
    partition = Partition(table, DAY, file_of(tmp_path, table, *rows), 6, "sum", "print")
    context = MagicMock()
    DagsterListener(context, DAY).built(load_table(table), partition, {"rows": 6, "seconds": 0.1})
    (event,) = context.log_event.call_args.args
    shown = event.metadata.get("picture")
    assert (shown is not None) == has_picture
    if has_picture:
        assert shown == dg.MetadataValue.md(picture(table, partition.path) or "")
    assert len(str(event.metadata)) < LIMIT
