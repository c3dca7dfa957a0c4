"""received = accepted + filtered + quarantined + duplicates + suppressed, for every file and mapping."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.quarantine import waiting_rows
from assets.records import all_units
from tests.pipelines.days import BAD, three_days
from tests.support.nights import TILL, TILL_COLUMNS, bring, company, deliver, night, table_of, write
from warehouse.errors import GateFailed
from warehouse.ledger import LandingFile, Ledger

DAY = "2026-01-05"
HEADER = ";".join(TILL_COLUMNS) + "\n"
NOISE = st.text(st.characters(codec="utf-8", exclude_characters='\n\r";\0\ufeff'), max_size=6)
CELLS = st.one_of(st.sampled_from(["", DAY, "31/02/2026", "7", "-1", "1.000,5", "n/a", "'", "=1+1"]), NOISE)
LINES = st.lists(st.lists(CELLS, min_size=7, max_size=9), max_size=6)
BYTES = st.binary(max_size=120)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = company(tmp_path / "shop", TILL)
    sales = ({"receipt": f"R{n}", "day": DAY, "item": "A", "amount": n} for n in range(1, 4))
    deliver(home, "till/day.csv", TILL_COLUMNS, *sales)
    return home


def test_a_row_that_is_lost_between_the_file_and_the_records_stops_the_night(home: Path) -> None:
    bring(home)
    (account,) = (home / "warehouse/vault/records/order_lines").rglob("*.json")
    written = json.loads(account.read_text())
    assert (written["received"], written["counts"]["accepted"]) == (3, 3)
    written["counts"]["accepted"] = 2
    account.write_text(json.dumps(written))
    with pytest.raises(GateFailed, match="every_row_accounted"):
        night(home, DAY, selected=["conservation", "dim_channel"])


@settings(max_examples=12, deadline=None)
@given(files=st.lists(LINES, min_size=1, max_size=3), repeats=st.integers(0, 3), noise=BYTES)
def test_every_row_of_dirty_files_ends_in_exactly_one_place(
    files: list[list[list[str]]], repeats: int, noise: bytes
) -> None:
    """Lines of too few and too many cells, cells of any text, repeated lines and files, and plain noise."""
    with TemporaryDirectory() as folder:
        home = company(Path(folder) / "shop", TILL)
        lines: dict[str, int] = {}
        for number, rows in enumerate(files):
            told = [f"R{place};{';'.join(cells)}\n" for place, cells in enumerate(rows)]
            told += told[:repeats]
            text = HEADER + "".join(told)
            if text not in (path.read_text(encoding="utf-8") for path in home.rglob("*.csv")):
                write(home, f"landing/till/{number}.csv", text.encode())
                lines[f"{number}.csv"] = len(told)
        write(home, "landing/till/noise.csv", HEADER.encode() + noise)
        context, _ = bring(home)
        names = {entry.seq: Path(entry.path).name for entry in context.ledger.entries()}
        waiting = Counter((row["file"], row["contract"]) for row in waiting_rows(context).to_pylist())
        for unit in all_units(context):
            name, account = names[unit.file_seq], (unit.counts, unit.received)
            assert unit.received == sum(unit.counts.values()), account
            assert name == "noise.csv" or unit.received == lines[name], account
            listed = waiting[f"landing/till/{name}", f"{unit.contract}.{unit.mapping}"]
            assert unit.problem is not None or listed == unit.counts["quarantined"], account


def test_a_day_passes_once_its_broken_file_has_come_again_corrected(tmp_path: Path) -> None:
    home = three_days(tmp_path / "home", bad=True)
    with pytest.raises(GateFailed, match="mostly_accepted"):
        night(home, BAD)
    rows = [
        {"receipt": f"{BAD}-{n}", "day": BAD, "customer": n % 5, "item": "A", "amount": 100}
        for n in range(20)
    ]
    deliver(home, "till/another name.csv", TILL_COLUMNS, *rows[:19])
    with pytest.raises(GateFailed, match="mostly_accepted"):
        night(home, BAD)
    deliver(home, f"till/{BAD}.csv", TILL_COLUMNS, *rows)
    night(home, BAD)
    assert len(table_of(home, "orders", BAD)) == 40


def test_a_correction_of_a_later_day_leaves_the_day_of_the_broken_file_as_it_was(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger" / "files.jsonl")
    file = tmp_path / "landing" / "till" / "sales.csv"
    file.parent.mkdir(parents=True)
    for day, text in ((date(2026, 1, 5), "broken"), (date(2026, 1, 8), "corrected")):
        file.write_text(text)
        ledger.register([LandingFile("till", file, "file")], day, b"secret", tmp_path)
    assert ledger.replaced(date(2026, 1, 7)) == set()
    assert len(ledger.replaced(date(2026, 1, 8))) == len(ledger.replaced()) == 1
