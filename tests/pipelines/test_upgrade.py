"""A workspace an older version made is opened by this one: told as stale, made anew, never half."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.pipelines.days import three_days
from tests.pipelines.steward import DAY
from tests.support.nights import bring, checksums, copied, night, satu

SINCE_ADDED = ("refused", "erased", "rewritten", "purged")
"""What descriptions of raw files did not say before."""


def changed(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """A JSON file as an older version would have left it."""
    content = json.loads(path.read_bytes())
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def counted_less(meta: dict[str, Any]) -> None:
    """The description of records as it was before deliveries were counted and rows expired."""
    for name in ("profile", "received", "expired"):
        meta.pop(name)
    meta["counts"].pop("expired")


def of_another_code(description: dict[str, Any]) -> None:
    description["fingerprint"] = "0" * 32


@pytest.fixture
def old(shop: Path, tmp_path: Path) -> Path:
    """A released shop with everything an older version left out or wrote otherwise."""
    home = copied(shop, tmp_path / "old")
    warehouse = home / "warehouse"
    for path in warehouse.glob("raw/*/*.json"):
        changed(path, lambda meta: [meta.pop(name) for name in SINCE_ADDED])  # type: ignore[arg-type,return-value]
    for path in warehouse.glob("vault/records/**/*.json"):
        changed(path, counted_less)
    for zone in ("lake", "vault"):
        for path in warehouse.glob(f"{zone}/*/as_of=*/manifest.json"):
            changed(path, of_another_code)
    for path in (home / "models" / "value").glob("*.json"):
        changed(path, lambda fit: fit.pop("version"))
    for path in warehouse.glob("vault/matching/manifest.json"):
        changed(path, of_another_code)
    (warehouse / "ledger" / "nights.jsonl").unlink(missing_ok=True)
    return home


def names_in_bi(home: Path) -> set[tuple[str, str]]:
    """(table, column) of what BI tools open."""
    sql = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'main'"
    rows = json.loads(satu("query", sql, "--format", "json", "--home", home).out)
    return {(row["table_name"], row["column_name"]) for row in rows}


def test_readers_keep_their_release_and_the_old_days_are_told_as_stale(old: Path) -> None:
    found = json.loads(satu("status", "--json", "--home", old).out)
    assert (found["state"], found["as_of"]) == ("good", DAY)
    assert {entry["as_of"] for entry in found["stale"]} == {DAY}
    told = json.loads(satu("run", "--dry-run", "--json", "--home", old).out)
    assert told["tables"]["stale"] and told["tables"]["not_there"] == []
    assert told["because"] == [told["tables"]["why"]]


def test_the_day_foretold_is_that_of_the_rows_and_not_that_on_which_files_were_seen(old: Path) -> None:
    assert json.loads(satu("run", "--dry-run", "--json", "--home", old).out)["as_of"] == DAY


def test_rows_wait_in_quarantine_until_they_are_read_anew(tmp_path: Path) -> None:
    home = three_days(tmp_path / "home", bad=True)
    bring(home)

    def waiting() -> tuple[int, list[Any]]:
        said = json.loads(satu("status", "--json", "--home", home).out)
        return said["quarantined"], json.loads(satu("quarantine", "list", "--json", "--home", home).out)

    count, rows = waiting()
    assert count == len(rows) == 12
    for path in (home / "warehouse").glob("vault/records/**/*.json"):
        changed(path, counted_less)
    assert waiting() == (count, rows)


def test_the_next_night_makes_them_anew_as_if_this_version_had_always_been_there(
    old: Path, shop: Path
) -> None:
    before = names_in_bi(old)
    night(old, DAY, publish=True)
    assert checksums(old) == checksums(shop)
    assert names_in_bi(old) == before
    found = json.loads(satu("status", "--json", "--home", old).out)
    assert (found["state"], found["stale"]) == ("good", [])
