"""A night killed at any instant: the last release is whole, and recovery leaves a clean tree."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.samples import RFM, engine, night, publish_day, rows_of, write_day
from warehouse.errors import SatuError
from warehouse.files import file_lock
from warehouse.publish import CHECKPOINTS, current_release
from warehouse.recovery import LOCK, clean, recover
from warehouse.store import Store

REPOSITORY = Path(__file__).parents[2]
FIRST, SECOND, THIRD = date(2026, 1, 30), date(2026, 1, 31), date(2026, 2, 1)
TELLING = ("release_placed", "current_linked", "current_switched")  # around the commit point
KILLED_NIGHT = """
import os, signal, sys
from datetime import date
from pathlib import Path
from tests.warehouse.samples import night

def kill_at(step):
    if step == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

night(Path(sys.argv[1]), date(2026, 1, 31), kill_at)
"""


def tree(warehouse: Path) -> set[str]:
    """All files and links, the lock apart."""
    found = (path for path in warehouse.rglob("*") if path.is_symlink() or not path.is_dir())
    return {str(path.relative_to(warehouse)) for path in found if path.name != LOCK}


def day_in(file: Path) -> object:
    with duckdb.connect(str(file), read_only=True) as con:
        rows = con.execute("SELECT DISTINCT as_of FROM _release").fetchall()
    assert len(rows) == 1
    return rows[0][0]


@pytest.mark.parametrize(
    "step", [step if step in TELLING else pytest.param(step, marks=pytest.mark.slow) for step in CHECKPOINTS]
)
def test_a_killed_night_leaves_a_whole_release_and_a_clean_tree(tmp_path: Path, step: str) -> None:
    night(tmp_path, FIRST)
    command = [sys.executable, "-c", KILLED_NIGHT, str(tmp_path), step]
    killed = subprocess.run(command, cwd=REPOSITORY, check=False)
    assert killed.returncode == -signal.SIGKILL

    committed = CHECKPOINTS.index(step) >= CHECKPOINTS.index("current_switched")
    expected = SECOND if committed else FIRST
    assert day_in(tmp_path / "current" / "satu.duckdb") == expected
    assert day_in(tmp_path / "vault.duckdb") in (FIRST, expected)

    recover(tmp_path)
    assert day_in(tmp_path / "current" / "satu.duckdb") == day_in(tmp_path / "vault.duckdb") == expected
    seqs = ["000001", "000002"] if committed else ["000001"]
    published = {f"releases/{seq}/{name}" for seq in seqs for name in ("manifest.json", "satu.duckdb")}
    published |= {
        f"vault_releases/{seq}/{name}" for seq in seqs for name in ("manifest.json", "vault.duckdb")
    }
    partitions = {path for path in tree(tmp_path) if "as_of=" in path}
    assert tree(tmp_path) == published | partitions | {"current", "vault.duckdb"}
    assert recover(tmp_path) == []

    night(tmp_path, THIRD)
    assert day_in(tmp_path / "current" / "satu.duckdb") == day_in(tmp_path / "vault.duckdb") == THIRD


def test_a_kill_in_the_very_first_night_leaves_nothing_published(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED_NIGHT, str(tmp_path), "release_placed"]
    assert subprocess.run(command, cwd=REPOSITORY, check=False).returncode == -signal.SIGKILL
    recover(tmp_path)
    assert current_release(tmp_path) is None
    assert not {path for path in tree(tmp_path) if "release" in path}
    assert Store(tmp_path).partition(RFM, SECOND) is not None


def test_rows_staged_and_files_without_a_manifest_go(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with engine(tmp_path) as duck:
        kept = store.write_partition(RFM, FIRST, duck, rows_of(RFM, FIRST, 3), "f1")
        staged = store.stage(RFM, SECOND, duck, rows_of(RFM, SECOND, 3))
    orphan = tmp_path / "lake" / "rfm" / f"as_of={SECOND}" / "000001.parquet"
    orphan.parent.mkdir()
    orphan.write_bytes(b"renamed, and killed before its manifest")
    half = kept.path.parent / ".tmp-abc-manifest.json"
    half.write_text("{")
    assert set(recover(tmp_path)) == {staged.path, orphan, half}
    assert not orphan.parent.exists()
    assert store.partition(RFM, FIRST) == kept


def test_names_never_finished_go_from_folders_written_under_the_same_lock(tmp_path: Path) -> None:
    models = tmp_path / "models"
    (models / "value").mkdir(parents=True)
    left, kept = models / "value" / ".tmp-a1-2026-01-01.json", models / "value" / "2026-01-01.json"
    left.write_text("{")
    kept.write_text("{}")
    assert clean(tmp_path / "warehouse", models) == [left]
    assert [path for path in models.rglob("*") if path.is_file()] == [kept]


def test_a_superseded_file_stays_while_a_kept_release_names_it(tmp_path: Path) -> None:
    night(tmp_path, FIRST)
    old = Store(tmp_path).partition(RFM, FIRST)
    assert old is not None
    write_day(tmp_path, FIRST, customers=7)
    assert recover(tmp_path) == []
    for _ in range(3):
        publish_day(tmp_path, FIRST)
    assert old.path in recover(tmp_path)
    assert not old.path.exists()


def test_the_vault_link_follows_the_current_release(tmp_path: Path) -> None:
    night(tmp_path, FIRST)
    night(tmp_path, SECOND)
    (tmp_path / "vault.duckdb").unlink()
    os.symlink("vault_releases/000001/vault.duckdb", tmp_path / "vault.duckdb")
    assert recover(tmp_path) == [tmp_path / "vault.duckdb"]
    assert day_in(tmp_path / "vault.duckdb") == SECOND


def test_records_and_the_ledger_are_left_alone(tmp_path: Path) -> None:
    kept = [
        tmp_path / "vault" / "records" / "contacts" / "pos" / "abc.parquet",
        tmp_path / "raw" / "pos" / "abc.parquet",
        tmp_path / "ledger" / "files.jsonl",
    ]
    for path in kept:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"data")
    assert recover(tmp_path) == []
    assert all(path.exists() for path in kept)


def test_recovery_waits_for_a_night_at_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.recovery.file_lock", lambda path, _: file_lock(path, timeout_seconds=0.1))
    with file_lock(tmp_path / LOCK):
        with pytest.raises(SatuError, match="still at work"):
            recover(tmp_path)
        assert clean(tmp_path) == []
