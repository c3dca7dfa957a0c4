"""received = accepted + filtered + quarantined + duplicates + suppressed, for every file and mapping."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.nights import TILL, TILL_COLUMNS, bring, company, deliver, night
from warehouse.errors import GateFailed

DAY = "2026-01-05"


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
