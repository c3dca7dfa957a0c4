"""What a killed pull leaves in landing goes with the next writer, and nothing else there does."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from warehouse.recovery import writing
from warehouse.sources.delivery import deliver_rows
from warehouse.sources.objects import ObjectSource, fetch_new
from warehouse.sources.staged import pulling

DAY, SECRET = date(2026, 1, 5), b"a secret of these tests"
FOREIGN = ("form/.tmp-abc_12x9-a.csv", "form/.tmp-a.csv", "form/a.csv")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A workspace in which a pull of a database and one of an object store were killed."""
    for name in FOREIGN:
        (tmp_path / "landing/form").mkdir(parents=True, exist_ok=True)
        (tmp_path / "landing" / name).write_text("of others")
    folder = tmp_path / "landing" / "shop"
    folder.mkdir()
    for kill in (_while_rows_come, _between_two_names):
        child = os.fork()
        if child == 0:
            kill(folder)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    return tmp_path


def _while_rows_come(folder: Path) -> None:
    def rows() -> Iterator[dict[str, object]]:
        yield {"id": 1, "name": "Sri Hartati"}
        _die()

    deliver_rows(rows(), folder, DAY, SECRET)


def _between_two_names(folder: Path) -> None:
    bucket = folder.parent.parent / "bucket"
    bucket.mkdir()
    (bucket / "a.csv").write_text("name\nSri Hartati\n")
    os.rename = lambda *names: _die()  # type: ignore[assignment]
    fetch_new(ObjectSource(bucket.as_uri(), "**"), folder, DAY, SECRET)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_the_next_writer_removes_what_killed_pulls_left_and_nothing_else(home: Path) -> None:
    assert len(list((home / "landing/shop").iterdir())) == 2
    with writing(home / "warehouse"):
        assert list((home / "landing/shop").iterdir()) == []
    left = sorted(str(path.relative_to(home / "landing")) for path in (home / "landing").rglob("*.*"))
    assert left == sorted(FOREIGN)


def test_what_a_pull_at_work_writes_stays_its_own(home: Path) -> None:
    before = sorted((home / "landing/shop").iterdir())
    with pulling(home / "warehouse", 1), writing(home / "warehouse"):
        assert sorted((home / "landing/shop").iterdir()) == before
