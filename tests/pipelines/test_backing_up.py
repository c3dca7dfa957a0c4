"""`satu backup`, then a disaster, then `satu restore`: the same tables, and nobody who was erased."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from assets.context import open_context
from assets.erasure_ledger import erasure_ledger
from pipelines.status import status_of
from tests.pipelines.steward import DAY
from tests.support.nights import checksums, copied, night, satu
from warehouse.chained_ledger import append_entry

ERASED = {"erasure": "0" * 32, "at": "2026-11-23T00:00:00+00:00", "by": "tests", "people": [], "files": []}


def backed_up(home: Path, store: Path, *words: str) -> None:
    said = satu("backup", *words, store, "--home", home)
    assert said.code == 0, said.err


def restored(store: Path, home: Path, *words: str) -> Path:
    said = satu("restore", *words, store, "--home", home)
    assert said.code == 0, said.err
    return home


def test_the_night_after_a_restore_gives_the_same_tables_byte_for_byte(shop: Path, tmp_path: Path) -> None:
    backed_up(copied(shop, tmp_path / "lost"), tmp_path / "store")
    home = restored(tmp_path / "store", tmp_path / "new")
    assert not list((home / "warehouse").glob("lake/*")), "tables are made again"
    said = satu("status", "--home", home).out.splitlines()
    assert said[0].startswith("Nothing yet") and said[1].split() == ["next", "`satu", "run`"]
    night(home, DAY, publish=True)
    assert checksums(home) == checksums(shop)
    assert satu("status", "--home", home).out.startswith("Good: release 1 shows")


def test_a_whole_backup_is_ready_at_once(own_shop: Path, tmp_path: Path) -> None:
    backed_up(own_shop, tmp_path / "store", "--whole")
    home = restored(tmp_path / "store", tmp_path / "new")
    assert checksums(home) == checksums(own_shop)
    assert (
        satu("query", "SELECT COUNT(*) AS n FROM customers", "--format", "json", "--home", home).out
        == satu("query", "SELECT COUNT(*) AS n FROM customers", "--format", "json", "--home", own_shop).out
    )
    found = json.loads(satu("status", "--json", "--home", home).out)
    assert (found["state"], found["stale"]) == ("good", [])
    for folder in ("warehouse/raw", "warehouse/vault", "warehouse/ledger"):
        assert (home / folder).stat().st_mode & 0o777 == 0o700
    assert (home / "secret.key").stat().st_mode == (own_shop / "secret.key").stat().st_mode


def test_the_second_backup_copies_next_to_nothing_and_backups_are_listed(
    own_shop: Path, tmp_path: Path
) -> None:
    first = json.loads(satu("backup", "--json", tmp_path / "store", "--home", own_shop).out)
    second = json.loads(satu("backup", "--json", tmp_path / "store", "--home", own_shop).out)
    assert second["new_bytes"] < 1000 < first["new_bytes"]
    listed = json.loads(satu("restore", "--list", "--json", tmp_path / "store").out)
    assert [one["backup"] for one in listed][-1] == second["name"]
    assert listed[-1]["as_of"] == DAY


def test_the_status_knows_the_age_of_the_backup(own_shop: Path, tmp_path: Path) -> None:
    assert "backup      none by `satu backup`" in satu("status", "--home", own_shop).out
    backed_up(own_shop, tmp_path / "store")
    context, now = open_context(own_shop), datetime.now().astimezone()
    assert status_of(context, now)["backup"]["age_days"] == 0
    later = status_of(context, now + timedelta(days=9))
    assert "the last backup is 9 days old" in later["attention"]


def test_a_backup_older_than_an_erasure_is_refused_and_the_status_asks_for_a_new_one(
    own_shop: Path, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    backed_up(own_shop, store)
    context = open_context(own_shop)
    later = datetime.now().astimezone() + timedelta(seconds=2)
    append_entry(erasure_ledger(context), ERASED | {"at": later.isoformat()}, context.workspace.secret)
    asked = status_of(context, later)["attention"]
    assert any("somebody was erased after the last backup" in sentence for sentence in asked)
    (old,) = json.loads(satu("restore", "--list", "--json", store).out)
    backed_up(own_shop, store)
    said = satu("restore", store, "--name", old["backup"], "--home", tmp_path / "new")
    assert said.code == 2 and "1 erasure(s) were carried out after this backup" in said.err
    assert not (tmp_path / "new").exists()
    restored(store, tmp_path / "new")


def test_the_key_can_be_kept_elsewhere(own_shop: Path, tmp_path: Path) -> None:
    said = satu("backup", "--without-key", tmp_path / "store", "--home", own_shop)
    assert "secret.key is not in it" in said.err
    home = restored(tmp_path / "store", tmp_path / "new")
    assert not (home / "secret.key").exists()
    assert "there is no secret key" in satu("run", "--dry-run", "--home", home).err


@pytest.mark.parametrize(
    "words", [["backup", "{home}/backups"], ["restore", "{home}"], ["restore", "{store}"]]
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(
    own_shop: Path, tmp_path: Path, words: list[str]
) -> None:
    (tmp_path / "store").mkdir()
    asked = [word.format(home=own_shop, store=tmp_path / "store") for word in words]
    said = satu(*asked, "--home", own_shop)
    assert said.code == 2 and said.err.startswith("satu: "), said.err


def test_a_folder_without_a_backup_says_so(own_shop: Path, tmp_path: Path) -> None:
    said = satu("restore", tmp_path, "--list", "--home", own_shop)
    assert (said.code, said.out) == (0, "") and f"there is no backup in {tmp_path}" in said.err
    assert satu("restore", tmp_path, "--list", "--json", "--home", own_shop).out.strip() == "[]"
