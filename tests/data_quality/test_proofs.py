"""What files prove without being asked about rows: never a rule that is broken, and nearly all of a good table."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

from data_quality.privacy import scan_parquet
from data_quality.proofs import proven, words_of
from data_quality.rules import checks_for
from tests.data_quality.samples import column, rfm_rows, table, write
from tests.data_quality.test_agreement import KNOWN, OTHER, ROWS, TABLE, by_hand
from warehouse.contracts import arrow_schema, load_table

NUMBERS = table("t", [column("n", "bigint", references="other.n"), column("x", "double", minimum="0")], ["n"])


def grouped(path: Path, of: Any, rows: list[dict[str, Any]], size: int) -> Path:
    """The rows in row groups of that size."""
    pq.write_table(pa.Table.from_pylist(rows, schema=arrow_schema(of)), path, row_group_size=size)
    return path


@settings(max_examples=60, deadline=None)
@given(rows=ROWS)
def test_nothing_broken_is_proven(rows: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = grouped(Path(folder) / "t.parquet", TABLE, rows, 3)
        other = write(Path(folder) / "other.parquet", OTHER, [{"code": code} for code in KNOWN])
        held = proven(checks_for(TABLE), file, {"other": other})
    assert not held & {name for name, failed in by_hand(rows).items() if failed}


def test_a_good_table_proves_all_but_what_compares_columns(tmp_path: Path) -> None:
    rfm = load_table("rfm")
    file = grouped(tmp_path / "rfm.parquet", rfm, rfm_rows(), 2)
    customers = grouped(tmp_path / "c.parquet", rfm, rfm_rows(), 2)
    left = {c.name for c in checks_for(rfm)} - proven(checks_for(rfm), file, {"customers": customers})
    assert left == {"schema_as_declared"} | {rule.name for rule in rfm.rules}


@pytest.mark.parametrize(
    ("rows", "unproven"),
    [
        ([{"n": 1}, {"n": 2}, {"n": 2}, {"n": 3}], {"key_unique"}),  # alike across two row groups
        ([{"n": 1}, {"n": 3}, {"n": 2}], {"key_unique"}),  # in no order
        ([{"n": 1}, {"n": 4}], {"n_found_in_other"}),
        ([{"n": 1}, {"n": None}], {"key_unique"}),
        ([{"n": 1, "x": float("nan")}], {"x_finite", "x_at_least_0"}),
        ([{"n": 1, "x": 0.5}, {"n": 2, "x": float("inf")}], {"x_finite", "x_at_least_0"}),
        ([{"n": 1, "x": -0.5}], {"x_finite", "x_at_least_0"}),
        ([], {"x_finite"}),
    ],
)
def test_what_is_in_doubt_is_not_proven(
    rows: list[dict[str, Any]], unproven: set[str], tmp_path: Path
) -> None:
    file = grouped(tmp_path / "t.parquet", NUMBERS, rows, 2)
    other = grouped(tmp_path / "o.parquet", NUMBERS, [{"n": n} for n in (3, 1, 2, None)], 2)
    checks = [check for check in checks_for(NUMBERS) if check.kind != "schema"]
    left = {check.name for check in checks} - proven(checks, file, {"other": other})
    assert left == unproven | {"x_finite"}


def test_a_column_with_as_many_words_as_rows_is_no_column_of_words(tmp_path: Path) -> None:
    rows = pa.table(
        {"state": [f"s{i % 3}" for i in range(20_000)], "note": [f"of row {i}" for i in range(20_000)]}
    )
    pq.write_table(rows, tmp_path / "t.parquet")
    assert words_of(tmp_path / "t.parquet", ["state", "note"]) == {"state": {"s0", "s1", "s2"}}


@pytest.mark.parametrize("place", ["state", "note"])
def test_personal_text_is_found_among_words_and_in_free_text(place: str, tmp_path: Path) -> None:
    columns = {
        "state": [f"s{i % 3}" for i in range(20_000)],
        "note": [f"of row {i}" for i in range(20_000)],
    }
    columns[place][12_345] = "ask +62 812-3456-7890"
    pq.write_table(pa.table(columns), tmp_path / "t.parquet")
    found = scan_parquet("t", tmp_path / "t.parquet")
    assert [(f.column, f.kind, f.count) for f in found] == [(place, "phone", 1)]
