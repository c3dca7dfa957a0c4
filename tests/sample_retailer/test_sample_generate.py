"""The sample is the same for the same seed, complete, and its truth covers its records."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
import yaml

from sample_retailer import SampleSummary, Settings, generate
from sample_retailer.accidents import REDELIVERED


def _hashes(home: Path) -> dict[str, str]:
    folders = (home, home.with_name(f"{home.name}-truth"))
    return {
        str(p.relative_to(home.parent)).replace(home.name, "home"): hashlib.sha256(p.read_bytes()).hexdigest()
        for folder in folders
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def test_same_seed_gives_the_same_bytes(small: tuple[Path, SampleSummary], tmp_path: Path) -> None:
    generate(tmp_path / "again", customers=300)
    assert _hashes(tmp_path / "again") == _hashes(small[0])


def test_another_seed_gives_other_people(small: tuple[Path, SampleSummary], tmp_path: Path) -> None:
    generate(tmp_path / "other", customers=300, seed=7)
    here, there = _hashes(small[0]), _hashes(tmp_path / "other")
    assert here["home/landing/pos/history.csv"] != there["home/landing/pos/history.csv"]
    assert here["home/channels/pos.yaml"] == there["home/channels/pos.yaml"]


def test_every_declared_channel_has_files_under_its_path(small: tuple[Path, SampleSummary]) -> None:
    home, _ = small
    contracts = [yaml.safe_load(p.read_text()) for p in sorted((home / "channels").glob("*.yaml"))]
    assert len(contracts) == 17
    for contract in contracts:
        assert list(home.glob(contract["source"]["path"])), contract["channel"]


def test_the_summary_names_every_file(small: tuple[Path, SampleSummary]) -> None:
    home, summary = small
    assert sorted(summary.files) == sorted(p for p in home.rglob("*") if p.is_file())


_KEY_COLUMNS = {
    "loyalty": ("member", "No Member"),
    "pos": ("member", "No Member"),
    "loyalty_points": ("member", "No Member"),
    "mail_orders": ("mail_order", "No Pelanggan"),
    "web_forms": ("web_form", "No Form"),
    "service_calls": ("service", "No Tiket"),
    "prize_draw": ("prize_draw", "No Undian"),
    "deliveries": ("online", "No Pelanggan"),
    "email_campaigns": ("email_tool", "email"),
    "campaign_targets": ("email_tool", "email"),
}


@pytest.mark.parametrize("channel", sorted(_KEY_COLUMNS))
def test_truth_covers_the_customer_numbers_of_csv_channels(
    small: tuple[Path, SampleSummary], channel: str
) -> None:
    home, summary = small
    space, column = _KEY_COLUMNS[channel]
    files = str(home / "landing" / channel / "*.csv")
    sign = "," if channel in ("mail_orders", "email_campaigns", "campaign_targets") else ";"
    rows = duckdb.read_csv(  # noqa: F841 - read by name below
        files, all_varchar=True, ignore_errors=True, header=True, quotechar='"', sep=sign
    )
    truth = duckdb.read_parquet(str(summary.truth)).select("record_key")
    missing = duckdb.sql(
        f"""SELECT DISTINCT "{column}" FROM rows WHERE coalesce("{column}", '') <> ''
            AND '{space}:' || "{column}" NOT IN (SELECT record_key FROM truth)"""
    ).fetchall()
    assert truth.shape[0] > 0
    # broken rows carry made-up numbers that no reader accepts
    assert [m for (m,) in missing if not m.startswith(("X-", "TSX", "W1", "not-an"))] == []


def test_truth_covers_online_customers_and_their_recipients(small: tuple[Path, SampleSummary]) -> None:
    home, summary = small
    known = set(pq.read_table(summary.truth).column("record_key").to_pylist())
    lines = (home / "landing/web_shop/history.jsonl").read_text().splitlines()
    orders = [json.loads(line) for line in lines if line.startswith('{"order_no":"WEB-0')]
    assert orders
    assert all(f"online:{order['customer']['id']}" in known for order in orders)
    rows = (home / "landing/deliveries/history.csv").read_text().splitlines()[1:]
    cells = [row.split(";") for row in rows if not row.startswith("RESI-X")]
    assert all(f"online:{c[2]}-{c[3]}/recipient" in known for c in cells)


def test_a_record_belongs_to_one_person(small: tuple[Path, SampleSummary]) -> None:
    keys = pq.read_table(small[1].truth).column("record_key").to_pylist()
    assert len(keys) == len(set(keys))


@pytest.fixture(scope="module")
def landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("larger") / "toko"
    generate(home, customers=2_000)
    return home / "landing"


def test_a_file_comes_again_under_a_new_name(landing: Path) -> None:
    for channel, nth in REDELIVERED:
        folder = landing / channel
        first = Settings().day(Settings().first_delivery + nth).isoformat()
        (again,) = folder.glob("*_resend.csv")
        assert again.read_bytes() == (folder / f"{first}.csv").read_bytes()


def test_an_overlapping_export_repeats_whole_rows_of_the_day_before(landing: Path) -> None:
    folder = landing / "web_shop"
    day = Settings().first_delivery + 7
    before, today = (
        (folder / f"{Settings().day(d).isoformat()}.jsonl").read_text().splitlines() for d in (day - 1, day)
    )
    assert len(set(before) & set(today)) == len(before) * 2 // 5 > 0


def test_too_few_customers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least 20"):
        generate(tmp_path / "toko", customers=3)


def test_a_landing_folder_with_files_is_left_alone(small: tuple[Path, SampleSummary]) -> None:
    with pytest.raises(ValueError, match="already holds files"):
        generate(small[0], customers=300)
