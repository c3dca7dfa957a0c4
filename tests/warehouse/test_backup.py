"""A folder of backups: files come back as they were, contents are kept once, damage is found before anything."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from warehouse.backup import Written, backups, drop_older, put_back, write_backup
from warehouse.errors import SatuError

AT = datetime(2026, 11, 1, 22, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    (home / "private").mkdir(parents=True)
    (home / "private").chmod(0o700)
    (home / "satu.yaml").write_text("company: Toko\n")
    (home / "private" / "a.bin").write_bytes(b"one")
    (home / "private" / "a.bin").chmod(0o600)
    (home / "private" / "same.bin").write_bytes(b"one")
    os.symlink("a.bin", home / "private" / "link")
    return home


def written(store: Path, home: Path, day: int = 0) -> Written:
    paths = [path for path in home.rglob("*") if path.is_symlink() or path.is_file()]
    return write_backup(store, home, paths, AT + timedelta(days=day), {"day": day})


def tree(folder: Path) -> dict[str, tuple[object, ...]]:
    """Every file and link: content, mode, time of change."""
    found: dict[str, tuple[object, ...]] = {}
    for path in sorted(folder.rglob("*")):
        name, status = str(path.relative_to(folder)), path.lstat()
        if path.is_symlink():
            found[name] = ("link", os.readlink(path))
        elif path.is_file():
            found[name] = (path.read_bytes(), status.st_mode & 0o777, status.st_mtime_ns)
        else:
            found[name] = ("folder", status.st_mode & 0o777)
    return found


def test_what_was_backed_up_comes_back_as_it_was(home: Path, tmp_path: Path) -> None:
    made = written(tmp_path / "store", home)
    put_back(tmp_path / "store", made.backup, tmp_path / "back", last="satu.yaml")
    assert tree(tmp_path / "back") == tree(home)
    assert backups(tmp_path / "store") == [made.backup]


def test_only_new_contents_are_copied_and_all_is_for_the_owner_only(home: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    first = written(store, home)
    assert first.new_bytes == len("company: Toko\n") + len("one")
    (home / "private" / "b.bin").write_bytes(b"two!")
    assert written(store, home, day=1).new_bytes == 4
    modes = {path.stat().st_mode & 0o777 for path in [store, *store.rglob("*")] if path.is_dir()}
    assert modes == {0o700}
    assert {path.stat().st_mode & 0o777 for path in store.rglob("*") if path.is_file()} == {0o600}


def test_a_database_that_is_written_to_is_copied_as_of_one_instant(tmp_path: Path) -> None:
    home, store = tmp_path / "home", tmp_path / "store"
    home.mkdir()
    with closing(sqlite3.connect(home / "log.db")) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        for number in (1, 2):
            writer.execute("CREATE TABLE IF NOT EXISTS events (n INTEGER)")
            writer.execute("INSERT INTO events VALUES (?)", (number,))
            writer.commit()
            made = write_backup(store, home, [home / "log.db"], AT + timedelta(days=number), {})
        writer.execute("INSERT INTO events VALUES (3)")
    put_back(store, made.backup, tmp_path / "back", last="log.db")
    with closing(sqlite3.connect(tmp_path / "back" / "log.db")) as reader:
        assert reader.execute("SELECT n FROM events ORDER BY n").fetchall() == [(1,), (2,)]


def test_damage_is_found_before_anything_is_written(home: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    made = written(store, home)
    content = next(path for path in store.glob("contents/*/*") if path.read_bytes() == b"one")
    content.write_bytes(b"0ne")
    with pytest.raises(SatuError, match=r"2 file\(s\) are missing or damaged, the first is private/a.bin"):
        put_back(store, made.backup, tmp_path / "back", last="satu.yaml")
    assert not (tmp_path / "back").exists()


@pytest.mark.parametrize("damage", [b"", b'{"format": 1, "na', b'{"format": 1}', b"[]", b"\xff\xfe{"])
def test_a_damaged_list_of_files_is_named_and_the_other_backups_do_without_it(
    home: Path, tmp_path: Path, damage: bytes
) -> None:
    store = tmp_path / "store"
    kept, lost = written(store, home), written(store, home, day=1)
    (store / "backups" / f"{lost.backup.name}.json").write_bytes(damage)
    with pytest.raises(
        SatuError, match=rf"{lost.backup.name}\.json: the list of this backup's files is damaged"
    ):
        backups(store)
    (store / "backups" / f"{lost.backup.name}.json").rename(tmp_path / "aside.json")
    assert backups(store) == [kept.backup]


def test_a_list_that_was_altered_is_damaged_and_one_of_the_first_version_is_read(
    home: Path, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    made = written(store, home).backup
    path = store / "backups" / f"{made.name}.json"
    whole = json.loads(path.read_bytes())
    path.write_text(json.dumps(whole | {"files": whole["files"][1:]}), encoding="utf-8")
    with pytest.raises(SatuError, match="the list of this backup's files is damaged"):
        backups(store)
    del whole["checksum"]
    path.write_text(json.dumps(whole), encoding="utf-8")
    assert backups(store) == [made]


def test_a_backup_cut_off_leaves_no_backup_and_the_next_one_is_whole(home: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    with pytest.raises(FileNotFoundError):
        write_backup(store, home, [home / "satu.yaml", home / "zz-gone"], AT, {})
    assert backups(store) == []
    made = written(store, home)
    put_back(store, made.backup, tmp_path / "back", last="satu.yaml")
    assert tree(tmp_path / "back") == tree(home)


def test_old_backups_go_with_what_they_alone_held(home: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    written(store, home)
    (home / "private" / "a.bin").write_bytes(b"changed")
    (home / "private" / "same.bin").write_bytes(b"changed")
    written(store, home, day=10)
    assert drop_older(store, timedelta(days=11), AT + timedelta(days=10)) == 0
    assert drop_older(store, timedelta(days=5), AT + timedelta(days=10)) == 1
    (left,) = backups(store)
    put_back(store, left, tmp_path / "back", last="satu.yaml")
    assert b"one" not in {path.read_bytes() for path in store.glob("contents/*/*")}
    assert drop_older(store, timedelta(days=5), AT + timedelta(days=99)) == 0, "the newest always stays"
