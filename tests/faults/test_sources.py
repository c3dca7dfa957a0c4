"""Deliveries unlike a channel's own history: the right rules, and never a release with an error in it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from assets.context import open_context
from assets.night import Night, newest_whole_day
from data_quality.results import CheckResult
from tests.faults.files import csv_of, good_rows
from tests.faults.sources import CHANNELS, DRIFT_FAULTS, SILENT, SPOILT, history_of
from tests.faults.test_rows_and_files import sample_workspace
from tests.support.nights import bring, checksums, copied, gate_in_sql, night, write
from warehouse.contracts import Table
from warehouse.errors import GateFailed
from warehouse.publish import current_release

DAY = date(2026, 10, 9)
BEFORE = DAY - timedelta(days=1)
FIRST = ["conservation", "dim_channel", "row_faults", "source_drift"]


class Heard:
    """What a night told of its checks."""

    def __init__(self) -> None:
        self.failed: Counter[tuple[str, str, str]] = Counter()

    def checked(self, table: Table, day: date, result: CheckResult) -> None:
        if not result.passed:
            self.failed[table.name, result.check, result.severity] += result.count_failed

    def built(self, *_: object) -> None:
        pass

    def published(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module", autouse=True)
def _quick_gate() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        gate_in_sql(patch)
        yield


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company after nine good days, the last of them published."""
    home = sample_workspace(tmp_path_factory.mktemp("faults") / "toko")
    for channel in CHANNELS:
        for day, rows in history_of(channel, DAY).items():
            write(home, f"landing/{channel}/{day}.csv", csv_of(channel, rows))
    known = good_rows("products", BEFORE, 1)[0] | {"kode": "10001"}
    write(home, f"landing/products/{BEFORE}.csv", csv_of("products", [known]))
    heard = Heard()
    done: Night = night(home, BEFORE, heard, publish=True)
    assert {rule for _, rule, severity in heard.failed if severity == "error"} == set()
    assert done.as_of == BEFORE
    return home


def attempt(home: Path, heard: Heard) -> str:
    """What the gate says of the day, after which the last release is what it was."""
    before, release = checksums(home), current_release(home / "warehouse")
    with pytest.raises(GateFailed) as stopped:
        night(home, DAY, heard)
    context = open_context(home)
    assert newest_whole_day(context) == BEFORE
    assert current_release(home / "warehouse") == release
    written = {table for table, day in checksums(home).keys() - before.keys() if day == DAY.isoformat()}
    assert written <= set(FIRST), "tables after the one that failed are not made"
    return str(stopped.value)


def test_a_good_day_is_not_drifted(home: Path) -> None:
    heard = Heard()
    night(home, BEFORE, heard, selected=FIRST)
    assert heard.failed == {}


def test_every_drift_is_caught_by_its_rule_at_its_severity_and_nothing_is_published(
    home: Path, tmp_path: Path
) -> None:
    home = copied(home, tmp_path / "toko")
    for channel, spoil in SPOILT.items():
        write(home, f"landing/{channel}/{DAY}.csv", csv_of(channel, spoil(good_rows(channel, DAY, 50))))
    assert SILENT not in SPOILT
    heard = Heard()
    said = attempt(home, heard)
    expected: Counter[tuple[str, str, str]] = Counter()
    for fault in DRIFT_FAULTS:
        table, rule = fault.caught[0].split(" ")
        expected[table, rule, fault.severity] += fault.rows
    assert heard.failed == expected
    assert said.startswith("source_drift is not written because it breaks 4 rules: volume_not_collapsed")


def test_a_file_of_mostly_broken_rows_stops_the_day(home: Path, tmp_path: Path) -> None:
    home = copied(home, tmp_path / "toko")
    rows = good_rows("pos", DAY, 50)
    broken = [row | {"Jumlah": "?"} for row in rows[:30]]
    write(home, f"landing/pos/{DAY}.csv", csv_of("pos", [*broken, *rows[30:]]))
    heard = Heard()
    attempt(home, heard)
    assert heard.failed == {("conservation", "mostly_accepted", "error"): 1}


def test_a_row_lost_on_the_way_stops_the_day(home: Path, tmp_path: Path) -> None:
    home = copied(home, tmp_path / "toko")
    write(home, f"landing/pos/{DAY}.csv", csv_of("pos", good_rows("pos", DAY, 50)))
    context, _ = bring(home)
    newest = max(context.ledger.entries("pos"), key=lambda entry: entry.seq)
    account = home / f"warehouse/vault/records/order_lines/pos/{newest.file_hash}.1.json"
    written = json.loads(account.read_text())
    written["counts"]["accepted"] -= 1
    account.write_text(json.dumps(written))
    heard = Heard()
    attempt(home, heard)
    assert heard.failed == {("conservation", "every_row_accounted", "error"): 1}


def test_products_that_nobody_has_brought_are_warned_of(home: Path, tmp_path: Path) -> None:
    home = copied(home, tmp_path / "toko")
    rows = [row | {"Kode": "99999"} for row in good_rows("mail_orders", DAY, 50)]
    write(home, f"landing/mail_orders/{DAY}.csv", csv_of("mail_orders", rows))
    heard = Heard()
    night(home, DAY, heard, selected=[*FIRST, "reference_gaps"])
    assert heard.failed == {
        ("reference_gaps", "references_known", "warn"): 1,
        ("source_drift", "channels_fresh", "warn"): 1,  # of the channel that is silent already
    }
