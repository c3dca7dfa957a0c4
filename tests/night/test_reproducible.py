"""The same inputs give the same bytes: again, on any number of threads, in any order of days, from scratch."""

from __future__ import annotations

import hashlib
import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from sample_retailer import generate
from tests.support.nights import SECRET, checksums, copied, forget, night, partitions, write

LAST = date(2026, 9, 30)
WEEK = [LAST - timedelta(days=back) for back in range(6, -1, -1)]
CHANNELS = ("pos", "loyalty", "web_shop", "web_forms", "marketplace", "products")
DERIVED = (
    "raw",
    "vault",
    "lake",
    "releases",
    "vault_releases",
    "current",
    "vault.duckdb",
    "spill",
    "staging",
)


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some channels of the sample retailer with a week of daily deliveries, nothing built."""
    home = tmp_path_factory.mktemp("retailer") / "home"
    generate(home, customers=300, days=7)
    write(home, "secret.key", SECRET)
    for path in (home / "channels").iterdir():
        if path.stem not in CHANNELS:
            path.unlink()
    return home


@pytest.fixture(scope="module")
def week(landed: Path) -> Path:
    """The same after seven nights in order."""
    home = copied(landed, landed.with_name("week"))
    for day in WEEK:
        night(home, day)
    return home


def last_day(home: Path) -> dict[str, str]:
    return {table: sha for (table, day), sha in checksums(home).items() if day == LAST.isoformat()}


def test_checksums_in_manifests_are_those_of_the_files(week: Path) -> None:
    for partition in partitions(week):
        assert hashlib.sha256(partition.path.read_bytes()).hexdigest() == partition.sha256


def test_the_same_night_twice_leaves_every_file_as_it_was(week: Path, tmp_path: Path) -> None:
    home = copied(week, tmp_path / "again")
    before = {p.path.relative_to(home): p.path.stat().st_mtime_ns for p in partitions(home)}
    night(home, LAST)
    assert {p.path.relative_to(home): p.path.stat().st_mtime_ns for p in partitions(home)} == before
    assert checksums(home) == checksums(week)


def test_neither_threads_nor_where_tables_are_read_from_show(
    landed: Path,
    week: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SATU_THREADS", "1")
    monkeypatch.setattr("assets.day_memory.MOST_ROWS_KEPT", 0)
    home = copied(landed, tmp_path / "home")
    night(home, LAST)
    assert last_day(home) == last_day(week)


@pytest.mark.slow
def test_seven_days_in_any_order_give_the_same_tables_and_ids(
    landed: Path, week: Path, tmp_path: Path
) -> None:
    home = copied(landed, tmp_path / "home")
    days = random.Random(7).sample(WEEK, len(WEEK))
    assert days != WEEK
    for day in days:
        night(home, day)
    assert len(checksums(week)) >= len(WEEK) * 20
    assert checksums(home) == checksums(week)
    assert _bytes(home, "models/value") == _bytes(week, "models/value")


def test_deleted_derived_folders_come_back_byte_for_byte(week: Path, tmp_path: Path) -> None:
    home = copied(week, tmp_path / "home")
    raw, records = _bytes(home, "warehouse/raw"), _bytes(home, "warehouse/vault/records")
    forget(home, *DERIVED)
    assert partitions(home) == []
    night(home, LAST, publish=True)
    assert last_day(home) == last_day(week)
    assert (_bytes(home, "warehouse/raw"), _bytes(home, "warehouse/vault/records")) == (raw, records)
    assert (home / "warehouse" / "current" / "satu.duckdb").is_file()


def test_the_order_of_rows_inside_a_file_changes_no_customer(
    landed: Path, week: Path, tmp_path: Path
) -> None:
    """Receipt order breaks ties between versions of one row; the sales of people and their ids do not hang on it."""
    home = copied(landed, tmp_path / "home")
    for path in (home / "landing" / "web_forms").glob("*.csv"):
        header, *rows = path.read_bytes().splitlines(keepends=True)
        random.Random(1).shuffle(rows)
        path.write_bytes(b"".join([header, *rows]))
    night(home, LAST)
    tables = ("rfm", "pareto", "clv", "churn", "customer_id_history", "orders")
    assert {t: last_day(home)[t] for t in tables} == {t: last_day(week)[t] for t in tables}


def _bytes(home: Path, folder: str) -> dict[Path, str]:
    """Every data file below a folder and its checksum; descriptions beside Parquet files are not data."""
    files = [
        p
        for p in (home / folder).rglob("*")
        if p.suffix == ".parquet" or ("models" in p.parts and p.is_file())
    ]
    assert files
    return {p.relative_to(home): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}
