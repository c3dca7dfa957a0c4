"""Releases: readers see all of one day or all of the one before, whatever happens in between."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.samples import CUSTOMERS, PROFILE, RFM, night, publish_day, write_day
from warehouse.contracts import Text
from warehouse.errors import NightFailed
from warehouse.publish import (
    CHECKPOINTS,
    current_release,
    expire,
    kept_releases,
    manifest_of,
    publish,
    referenced_files,
    release_table,
)
from warehouse.store import Store

JANUARY = date(2026, 1, 31)
FEBRUARY = date(2026, 2, 28)


def read(path: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_the_first_release_is_whole_and_read_only(tmp_path: Path) -> None:
    release = night(tmp_path, JANUARY)
    assert (release.seq, release.as_of) == (1, JANUARY)
    assert os.readlink(tmp_path / "current") == "releases/000001"
    assert sorted(path.name for path in release.path.iterdir()) == ["manifest.json", "satu.duckdb"]
    assert (release.path / "satu.duckdb").stat().st_mode & 0o777 == 0o444
    assert read(tmp_path / "current" / "satu.duckdb", "SELECT count(*), max(monetary) FROM rfm") == [(5, 31)]


def test_the_vault_is_published_with_it_for_its_owner_only(tmp_path: Path) -> None:
    night(tmp_path, JANUARY)
    assert os.readlink(tmp_path / "vault.duckdb") == "vault_releases/000001/vault.duckdb"
    assert (tmp_path / "vault_releases").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "vault_releases" / "000001").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "vault.duckdb").stat().st_mode & 0o777 == 0o600
    assert read(tmp_path / "vault.duckdb", "SELECT count(*) FROM customer_profile") == [(5,)]
    assert "customer_profile" not in str(read(tmp_path / "current" / "satu.duckdb", "SHOW ALL TABLES"))


def test_every_table_and_column_carries_its_description_and_unit(tmp_path: Path) -> None:
    night(tmp_path, JANUARY)
    file = tmp_path / "current" / "satu.duckdb"
    assert read(file, "SELECT comment FROM duckdb_tables() WHERE comment IS NULL") == []
    assert read(file, "SELECT column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL") == [
        ("as_of",)  # added to history tables whose contract has no such column
    ]
    comments = read(
        file,
        "SELECT column_name, comment FROM duckdb_columns() WHERE schema_name = 'main' "
        "AND column_name IN ('monetary', 'segment') ORDER BY 1",
    )
    assert comments == [
        ("monetary", "Net revenue of the customer's orders. Unit: IDR."),
        ("segment", "What's best?"),
    ]
    assert read(file, "SELECT comment FROM duckdb_tables() WHERE table_name = 'rfm' LIMIT 1") == [
        ("Sample table rfm. One row per key.",)
    ]


def test_the_release_table_lets_a_reader_verify_what_it_reads(tmp_path: Path) -> None:
    night(tmp_path, JANUARY)
    partition = Store(tmp_path).partition(RFM, JANUARY)
    assert partition is not None
    rows = read(tmp_path / "current" / "satu.duckdb", "FROM _release WHERE \"table\" = 'rfm'")
    assert rows == [(1, "rfm", JANUARY, 5, partition.sha256, "IDR", "as_of, customer_id")]


def test_keys_are_declared_and_not_physical(tmp_path: Path) -> None:
    night(tmp_path, JANUARY)
    file = tmp_path / "current" / "satu.duckdb"
    assert read(file, 'SELECT * EXCLUDE ("table") FROM _keys WHERE "table" = \'rfm\' ORDER BY kind') == [
        ("primary", "as_of, customer_id", None, None),
        ("reference", "customer_id", "customers", "customer_id"),
    ]
    assert read(file, "SELECT count(*) FROM duckdb_constraints()") == [(0,)]
    assert read(file, "SELECT count(*) FROM duckdb_indexes()") == [(0,)]


def test_the_file_says_it_can_be_read_by_older_versions(tmp_path: Path) -> None:
    night(tmp_path, JANUARY)
    tags = read(
        tmp_path / "current" / "satu.duckdb", "SELECT tags FROM duckdb_databases() WHERE NOT internal"
    )
    assert "v1.4.0" in str(tags)


def test_history_has_all_days_of_small_tables_and_month_ends_of_the_others(tmp_path: Path) -> None:
    days = [date(2025, 10, 31), date(2025, 11, 30), date(2025, 12, 31), date(2026, 1, 30), JANUARY]
    for day in [*days, date(2026, 2, 1)]:
        write_day(tmp_path, day, customers=2)
    publish_day(tmp_path, JANUARY)
    file = tmp_path / "current" / "satu.duckdb"
    small = read(file, "SELECT DISTINCT as_of FROM history.customers ORDER BY 1")
    assert [day for (day,) in small] == days
    per_customer = read(file, "SELECT DISTINCT as_of FROM history.rfm ORDER BY 1")
    assert [day for (day,) in per_customer] == [days[1], days[2], days[4]]
    assert read(file, "SELECT DISTINCT as_of FROM rfm") == [(JANUARY,)]


def test_rows_lie_in_the_order_of_the_key(tmp_path: Path) -> None:
    for day in (date(2025, 12, 31), JANUARY):
        write_day(tmp_path, day, customers=50_000)
    publish_day(tmp_path, JANUARY)
    for name in ("main.rfm", "history.rfm"):
        unordered = read(
            tmp_path / "current" / "satu.duckdb",
            f"SELECT rowid FROM {name} "
            "QUALIFY (as_of, customer_id) <= lag((as_of, customer_id)) OVER (ORDER BY rowid)",
        )
        assert unordered == []


def test_a_column_younger_than_a_retained_day_is_null_there(tmp_path: Path) -> None:
    write_day(tmp_path, date(2025, 12, 31))
    write_day(tmp_path, JANUARY)
    tag = replace(CUSTOMERS.columns[1], name="tag", description=Text("Tag", "Tag"))
    grown = replace(CUSTOMERS, columns=(*CUSTOMERS.columns, tag))
    publish(tmp_path, [release_table(Store(tmp_path), grown, JANUARY)], JANUARY)
    file = tmp_path / "current" / "satu.duckdb"
    assert read(file, "SELECT DISTINCT segment, tag FROM history.customers") == [("loyal", None)]


def test_the_manifest_names_rows_checksums_and_parquet(tmp_path: Path) -> None:
    release = night(tmp_path, JANUARY)
    manifest = json.loads((release.path / "manifest.json").read_text())
    assert (manifest["seq"], manifest["as_of"], manifest["vault"]) == (1, "2026-01-31", 1)
    described = manifest["tables"][0]
    assert (described["name"], described["rows"], described["as_of"]) == ("rfm", 5, "2026-01-31")
    assert described["parquet"] == "lake/rfm/as_of=2026-01-31/000001.parquet"
    assert manifest["files"][0]["bytes"] == (release.path / "satu.duckdb").stat().st_size
    assert tmp_path / "vault/customer_profile/as_of=2026-01-31/000001.parquet" in referenced_files(tmp_path)


def test_a_reader_keeps_its_release_while_the_next_one_is_published(tmp_path: Path) -> None:
    night(tmp_path, JANUARY)
    with duckdb.connect(str(tmp_path / "current" / "satu.duckdb"), read_only=True) as reader:
        for day in (1, 2, 3, 4):
            night(tmp_path, date(2026, 2, day))
        assert not (tmp_path / "releases" / "000001").exists()
        assert reader.execute("SELECT DISTINCT monetary FROM rfm").fetchall() == [(31,)]
    assert read(tmp_path / "current" / "satu.duckdb", "SELECT DISTINCT monetary FROM rfm") == [(4,)]


def test_the_last_releases_are_kept_and_older_ones_removed(tmp_path: Path) -> None:
    write_day(tmp_path, JANUARY)
    for _ in range(5):
        publish_day(tmp_path, JANUARY)
    assert [release.seq for release in kept_releases(tmp_path)] == [3, 4, 5]
    names = ["000003", "000004", "000005"]
    assert sorted(path.name for path in (tmp_path / "releases").iterdir()) == names
    assert sorted(path.name for path in (tmp_path / "vault_releases").iterdir()) == names
    expire(tmp_path, keep=1)
    assert [release.seq for release in kept_releases(tmp_path)] == [5]


def test_readers_see_one_day_at_every_step(tmp_path: Path) -> None:
    night(tmp_path, JANUARY)
    seen = {}

    def look(step: str) -> None:
        release = current_release(tmp_path)
        assert release is not None
        day = read(tmp_path / "current" / "satu.duckdb", "SELECT DISTINCT as_of FROM _release")
        assert day == [(release.as_of,)]
        assert read(tmp_path / "vault.duckdb", "SELECT count(*) FROM customer_profile") == [(5,)]
        vault = tmp_path / "vault_releases" / f"{manifest_of(release)['vault']:06d}" / "vault.duckdb"
        assert read(vault, "SELECT DISTINCT as_of FROM _release") == day
        seen[step] = release.as_of

    night(tmp_path, FEBRUARY, look)
    switched = CHECKPOINTS.index("current_switched")
    assert seen == {step: FEBRUARY if i >= switched else JANUARY for i, step in enumerate(CHECKPOINTS)}


def test_a_release_that_cannot_be_written_leaves_the_last_one(tmp_path: Path) -> None:
    night(tmp_path, JANUARY)
    write_day(tmp_path, FEBRUARY)
    store = Store(tmp_path)
    entry = release_table(store, RFM, FEBRUARY)
    entry.main.path.write_bytes(b"PAR1 not parquet PAR1")
    with pytest.raises(NightFailed, match="the last release stays"):
        publish(tmp_path, [entry], FEBRUARY, vault=[release_table(store, PROFILE, FEBRUARY)])
    release = current_release(tmp_path)
    assert release is not None
    assert release.as_of == JANUARY
    assert [path.name for path in (tmp_path / "releases").iterdir()] == ["000001"]


def test_a_table_without_that_day_is_named(tmp_path: Path) -> None:
    write_day(tmp_path, JANUARY)
    with pytest.raises(NightFailed, match="table rfm has no partition for 2026-02-28"):
        release_table(Store(tmp_path), RFM, FEBRUARY)
    latest = replace(RFM, retention="latest")
    assert release_table(Store(tmp_path), latest, FEBRUARY).main.as_of == JANUARY


def test_extra_tables_can_be_added_to_the_file(tmp_path: Path) -> None:
    write_day(tmp_path, JANUARY)
    entry = release_table(Store(tmp_path), RFM, JANUARY)
    publish(
        tmp_path, [entry], JANUARY, extra=lambda con: con.execute("CREATE TABLE release.note AS SELECT 1")
    )
    assert read(tmp_path / "current" / "satu.duckdb", "FROM note") == [(1,)]
