"""Partitions: identical rows give identical bytes; a partition exists when its manifest names it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.warehouse.samples import PROFILE, RFM, column, engine, rows_of, table
from warehouse.contracts import arrow_schema
from warehouse.engine import DuckDBEngine
from warehouse.errors import SatuError
from warehouse.store import Store, write_parquet

DAY = date(2026, 1, 31)
MANY = 300_000
MIXED = table(
    "mixed",
    (
        column("id", "bigint"),
        column("name", "text"),
        column("tags", "text[]"),
        column("share", "decimal(7,6)"),
        column("seen_at", "timestamp"),
        column("weight", "double"),
        column("is_new", "boolean"),
    ),
    key=("id",),
)
MIXED_ROWS = f"""
SELECT i AS id, CASE WHEN i % 7 > 0 THEN 'name ' || (i % 1000) END AS name, ['a', 'b' || i % 3] AS tags,
       CAST((i % 997) / 997.0 AS DECIMAL(7,6)) AS share,
       TIMESTAMPTZ '2026-01-01 00:00:00+07' + INTERVAL 1 SECOND * i AS seen_at,
       i / CAST(3 AS DOUBLE) AS weight, i % 2 = 0 AS is_new
FROM range({MANY}, 0, -1) r(i)
"""


@pytest.fixture
def duck(tmp_path: Path) -> Iterator[DuckDBEngine]:
    with engine(tmp_path) as opened:
        yield opened


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_threads_do_not_show_in_the_bytes(tmp_path: Path, store: Store, threads: int) -> None:
    with engine(tmp_path, threads=1) as duck:
        one = store.stage(MIXED, DAY, duck, MIXED_ROWS)
    with engine(tmp_path, threads=threads) as duck:
        other = store.stage(MIXED, DAY, duck, MIXED_ROWS)
    assert one.path.read_bytes() == other.path.read_bytes()
    assert (one.sha256, one.rows) == (other.sha256, MANY)


def test_batch_sizes_do_not_show_in_the_bytes(tmp_path: Path, duck: DuckDBEngine) -> None:
    rows = duck.fetch(f"SELECT * FROM ({MIXED_ROWS}) ORDER BY id")
    schema = arrow_schema(MIXED)
    checksums = set()
    for size in (1_000, 122_879, 122_880, 122_881, MANY):
        batches = rows.combine_chunks().to_batches(max_chunksize=size)
        reader = pa.RecordBatchReader.from_batches(rows.schema, batches)
        checksums.add(write_parquet(tmp_path / f"{size}.parquet", reader, schema).sha256)
    assert len(checksums) == 1


def test_row_groups_are_of_exact_size_and_rows_ordered_by_key(store: Store, duck: DuckDBEngine) -> None:
    staged = store.stage(MIXED, DAY, duck, MIXED_ROWS)
    file = pq.ParquetFile(staged.path)
    groups = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
    assert groups == [122_880, 122_880, MANY - 2 * 122_880]
    assert file.read(["id"]).column("id").to_pylist() == list(range(1, MANY + 1))
    assert file.schema_arrow.equals(arrow_schema(MIXED))


def test_an_empty_table_is_a_file_with_a_schema(store: Store, duck: DuckDBEngine) -> None:
    partition = store.write_partition(RFM, DAY, duck, rows_of(RFM, DAY, 0), "f1")
    assert partition.rows == 0
    assert pq.read_schema(partition.path).equals(arrow_schema(RFM))


def test_arrow_rows_are_ordered_like_a_query(store: Store, duck: DuckDBEngine) -> None:
    queried = store.stage(PROFILE, DAY, duck, "SELECT i AS customer_id, 'x' AS full_name FROM range(3) r(i)")
    frame = pa.table({"full_name": ["x"] * 3, "customer_id": [2, 0, 1]})
    assert store.stage(PROFILE, DAY, duck, frame).sha256 == queried.sha256


def test_a_value_that_does_not_fit_is_named_by_column_and_not_shown(store: Store, duck: DuckDBEngine) -> None:
    with pytest.raises(SatuError, match="column customer_id") as caught:
        store.stage(PROFILE, DAY, duck, "SELECT 123.75 AS customer_id, 'Budi' AS full_name")
    assert "123" not in str(caught.value)
    assert "Budi" not in str(caught.value)
    assert list((store.root / "staging").iterdir()) == []


def test_nothing_is_visible_before_commit(store: Store, duck: DuckDBEngine) -> None:
    staged = store.stage(RFM, DAY, duck, rows_of(RFM, DAY, 3))
    assert pq.read_metadata(staged.path).num_rows == 3
    assert store.partition(RFM, DAY) is None
    committed = store.commit(staged, "f1")
    assert store.partition(RFM, DAY) == committed
    assert committed.path == store.root / "lake" / "rfm" / "as_of=2026-01-31" / "000001.parquet"
    manifest = json.loads((committed.path.parent / "manifest.json").read_text())
    assert manifest == {
        "file": "000001.parquet",
        "rows": 3,
        "sha256": committed.sha256,
        "fingerprint": "f1",
    }


def test_discarded_rows_leave_the_partition_as_it_was(store: Store, duck: DuckDBEngine) -> None:
    before = store.write_partition(RFM, DAY, duck, rows_of(RFM, DAY, 3), "f1")
    staged = store.stage(RFM, DAY, duck, rows_of(RFM, DAY, 4))
    store.discard(staged)
    assert store.partition(RFM, DAY) == before
    assert not staged.path.exists()


def test_unchanged_rows_keep_their_file_and_renew_the_fingerprint(store: Store, duck: DuckDBEngine) -> None:
    first = store.write_partition(RFM, DAY, duck, rows_of(RFM, DAY, 3), "f1")
    again = store.write_partition(RFM, DAY, duck, rows_of(RFM, DAY, 3), "f2")
    assert again == replace(first, fingerprint="f2")
    assert store.partition(RFM, DAY) == again
    assert [path.name for path in first.path.parent.glob("*.parquet")] == ["000001.parquet"]


def test_changed_rows_are_a_new_file_and_the_old_one_stays_for_its_readers(
    store: Store, duck: DuckDBEngine
) -> None:
    first = store.write_partition(RFM, DAY, duck, rows_of(RFM, DAY, 3), "f1")
    second = store.write_partition(RFM, DAY, duck, rows_of(RFM, DAY, 4), "f2")
    assert (first.path.name, second.path.name) == ("000001.parquet", "000002.parquet")
    assert first.path.exists()
    assert store.partition(RFM, DAY) == second


def test_the_vault_is_for_its_owner_only(store: Store, duck: DuckDBEngine) -> None:
    partition = store.write_partition(PROFILE, DAY, duck, rows_of(PROFILE, DAY, 3), "f1")
    assert partition.path == store.root / "vault" / "customer_profile" / "as_of=2026-01-31" / "000001.parquet"
    for folder in (partition.path.parent, *partition.path.parents[1:3], store.root / "staging"):
        assert folder.stat().st_mode & 0o777 == 0o700
    for file in partition.path.parent.iterdir():
        assert file.stat().st_mode & 0o777 == 0o600


def test_the_latest_partition_is_that_of_the_day_or_the_newest_before(
    store: Store, duck: DuckDBEngine
) -> None:
    days = [date(2026, 1, 1), date(2026, 1, 3), date(2026, 2, 1)]
    for day in reversed(days):
        store.write_partition(RFM, day, duck, rows_of(RFM, day, 1), "f1")
    assert [partition.as_of for partition in store.partitions(RFM)] == days
    found = {day: store.latest(RFM, date(2026, 1, day)) for day in (1, 2, 5)}
    assert {day: part.as_of.day for day, part in found.items() if part} == {1: 1, 2: 1, 5: 3}
    assert store.latest(RFM, date(2025, 12, 31)) is None


def test_a_dropped_partition_is_gone_with_its_folder(store: Store, duck: DuckDBEngine) -> None:
    partition = store.write_partition(RFM, DAY, duck, rows_of(RFM, DAY, 1), "f1")
    store.drop(partition)
    assert store.partition(RFM, DAY) is None
    assert not partition.path.parent.exists()
