"""The files ledger: arrival is decided once per content, survives crashes, and never reads a clock."""

from __future__ import annotations

import json
import multiprocessing
import os
from datetime import date
from pathlib import Path

import pytest

from warehouse.errors import ConfigError, InputError, SatuError
from warehouse.files import append_line, file_lock, private_dir, whole_lines, write_atomic
from warehouse.landing.arrival import date_in_name
from warehouse.ledger import FileEntry, LandingFile, Ledger, Registration

SECRET = b"a secret of sixteen bytes or more"
TODAY = date(2024, 6, 1)


class Shop:
    """A workspace with one landing folder."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.landing = home / "landing" / "pos"
        self.landing.mkdir(parents=True)
        self.ledger = Ledger(home / "warehouse" / "ledger" / "files.jsonl")

    def deliver(self, name: str, content: str) -> Path:
        (self.landing / name).write_text(content)
        return self.landing / name

    def register(self, rule: str = "event", today: date = TODAY, channel: str = "pos") -> Registration:
        files = [LandingFile(channel, path, rule) for path in self.landing.iterdir()]
        return self.ledger.register(files, today, SECRET, self.home)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def names(entries: list[FileEntry]) -> list[str]:
    return [Path(entry.path).name for entry in entries]


def test_a_pass_orders_by_the_date_in_the_name_none_first_then_by_path(shop: Shop) -> None:
    for name in ("b_2024-03-01.csv", "a_2024-04-01.csv", "z.csv", "c_2024-03-01.csv"):
        shop.deliver(name, name)
    found = shop.register("name:%Y-%m-%d").new
    assert names(found) == ["z.csv", "b_2024-03-01.csv", "c_2024-03-01.csv", "a_2024-04-01.csv"]
    assert [entry.seq for entry in found] == [1, 2, 3, 4]
    assert {entry.batch for entry in found} == {1}
    assert [(entry.file_day, entry.rule) for entry in found[:2]] == [
        (TODAY, "event"),
        (date(2024, 3, 1), "name:%Y-%m-%d"),
    ]
    assert found[0].path == "landing/pos/z.csv"
    assert len(found[0].file_hash) == 32
    assert shop.ledger.entries() == found
    assert shop.ledger.entries("other") == []


def test_the_next_pass_adds_only_what_is_new(shop: Shop) -> None:
    shop.deliver("a.csv", "1")
    shop.register()
    before = shop.ledger.path.read_bytes()
    assert shop.register(today=date(2024, 6, 2)).new == []
    assert shop.ledger.path.read_bytes() == before
    shop.deliver("b.csv", "2")
    (entry,) = shop.register(today=date(2024, 6, 2), rule="file").new
    assert (entry.seq, entry.batch, entry.file_day, entry.rule) == (2, 2, date(2024, 6, 2), "file")
    assert shop.ledger.path.read_bytes().startswith(before)


def test_a_clock_set_back_registers_nothing(shop: Shop) -> None:
    shop.deliver("a.csv", "1")
    shop.register()
    assert shop.register(today=date(2023, 6, 1)).new == []
    shop.deliver("b.csv", "2")
    before = shop.ledger.path.read_bytes()
    with pytest.raises(SatuError, match="the clock says 2023-06-01, and files were registered on 2024-06-01"):
        shop.register(today=date(2023, 6, 1))
    assert shop.ledger.path.read_bytes() == before
    assert names(shop.register(today=date(2024, 5, 31)).new) == ["b.csv"]


def test_the_same_content_again_is_a_redelivery_recorded_once(shop: Shop) -> None:
    shop.deliver("a.csv", "1")
    shop.register()
    shop.deliver("copy.csv", "1")
    again = shop.register()
    assert again.new == []
    assert [(r.path, r.seq) for r in again.redelivered] == [("landing/pos/copy.csv", 1)]
    assert shop.register().redelivered == []
    kinds = [json.loads(line)["kind"] for line in shop.ledger.path.read_text().splitlines()]
    assert kinds == ["file", "pass", "redelivery", "pass"]


def test_the_same_content_in_another_channel_is_another_entry(shop: Shop) -> None:
    shop.deliver("a.csv", "1")
    shop.register()
    assert len(shop.register(channel="web").new) == 1


def test_the_same_name_with_new_content_is_a_new_entry(shop: Shop) -> None:
    shop.deliver("a.csv", "1")
    (first,) = shop.register().new
    shop.deliver("a.csv", "2")
    (second,) = shop.register().new
    assert first.path == second.path
    assert first.file_hash != second.file_hash


def test_a_torn_last_pass_counts_for_nothing_and_is_taken_again_alike(shop: Shop) -> None:
    shop.deliver("a.csv", "1")
    first = shop.register().new
    whole = shop.ledger.path.read_bytes()
    shop.deliver("b.csv", "2")
    shop.deliver("c.csv", "3")
    second = shop.register().new
    complete = shop.ledger.path.read_bytes()
    for length in range(len(whole), len(complete)):
        shop.ledger.path.write_bytes(complete[:length])
        assert shop.ledger.entries() == first
    assert shop.register().new == second
    assert shop.ledger.path.read_bytes() == complete


def test_a_damaged_middle_is_an_error_that_names_the_line(shop: Shop) -> None:
    shop.deliver("a.csv", "1")
    shop.register()
    text = shop.ledger.path.read_text()
    shop.ledger.path.write_text("{torn\n" + text)
    with pytest.raises(SatuError, match=r"files\.jsonl line 1: .*damaged.*backup"):
        shop.ledger.entries()


def test_the_stat_cache_saves_reading_and_may_be_deleted_or_wrong(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shop.deliver("a.csv", "1")
    shop.register()
    cache = shop.ledger.path.parent / "stat_cache.json"
    with monkeypatch.context() as patched:
        patched.setattr("warehouse.landing.content.ContentHasher._read", lambda *_: pytest.fail("read again"))
        assert shop.register().new == []
    os.utime(path, ns=(1, 1))  # a change that keeps size, inode and time still changes ctime
    path.write_text("2")
    os.utime(path, ns=(1, 1))
    assert len(shop.register().new) == 1
    for content in ("", "[]", '{"key": 1}'):
        cache.write_text(content)
        assert shop.register().new == []
    cache.unlink()
    assert shop.register().new == []


def test_files_that_lead_out_of_the_workspace_are_refused(
    shop: Shop, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.csv"
    outside.write_text("x")
    (shop.landing / "link.csv").symlink_to(outside)
    (shop.landing / "inside.csv").symlink_to(shop.deliver("real.csv", "1"))
    os.mkfifo(shop.landing / "pipe.csv")
    files = [
        *(LandingFile("pos", path) for path in sorted(shop.landing.iterdir())),
        LandingFile("pos", shop.landing / ".." / ".." / ".." / "secret.csv"),
        LandingFile("pos", outside),
        LandingFile("pos", Path("landing/pos/absent.csv")),
        LandingFile("pos", Path("landing/pos/new\nline.csv")),
        LandingFile("pos", shop.landing / "real.csv", "name:%Q"),
    ]
    found = shop.ledger.register(files, TODAY, SECRET, shop.home)
    assert names(found.new) == ["inside.csv"]
    assert [Path(again.path).name for again in found.redelivered] == ["real.csv"]
    reasons = " / ".join(refused.reason for refused in found.refused)
    for word in (
        "link leads out",
        "`..`",
        "outside the workspace",
        "no such file",
        "control",
        "not a regular",
        "`%Q`",
    ):
        assert word in reasons


def test_dates_in_names() -> None:
    assert date_in_name("pos_20240131.csv", "%Y%m%d") == date(2024, 1, 31)
    assert date_in_name("12_20249999_20240131T101500.csv", "%Y%m%d") == date(2024, 1, 31)
    assert date_in_name("31.01.24.csv", "%d.%m.%y") == date(2024, 1, 31)
    assert date_in_name("pos_2024-02-30.csv", "%Y-%m-%d") is None
    with pytest.raises(ConfigError, match="no year"):
        date_in_name("a", "%d")


def test_errors_say_what_where_and_what_to_do() -> None:
    error = InputError("a quote is not closed", file="landing/a.csv", line=12, column=5, fix="close it")
    assert str(error) == "landing/a.csv line 12 column 5: a quote is not closed; close it"
    assert error.exit_code == 2
    assert str(SatuError("no workspace")) == "no workspace"


def test_an_atomic_write_leaves_the_old_file_when_it_fails(tmp_path: Path) -> None:
    path = tmp_path / "a"
    write_atomic(path, b"old")

    def fail(temporary: Path) -> None:
        temporary.write_bytes(b"half")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_atomic(path, fail)
    assert (path.read_bytes(), os.listdir(tmp_path)) == (b"old", ["a"])
    write_atomic(path, lambda temporary: temporary.write_bytes(b"new") and None, mode=0o600)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o600)


def test_appended_lines_and_private_folders(tmp_path: Path) -> None:
    folder = private_dir(tmp_path / "a" / "b")
    assert folder.stat().st_mode & 0o777 == 0o700
    append_line(folder / "log", "one")
    append_line(folder / "log", "two\n")
    assert (folder / "log").read_text() == "one\ntwo\n"


@pytest.mark.parametrize("torn", [b"thr", b"thr\xc3"])
def test_the_rest_of_a_line_cut_short_goes_before_the_next_one(tmp_path: Path, torn: bytes) -> None:
    path = tmp_path / "log"
    append_line(path, "one\ntwo")
    with path.open("ab") as file:
        file.write(torn)
    assert whole_lines(path) == b"one\ntwo\n"
    append_line(path, "four")
    assert path.read_bytes() == b"one\ntwo\nfour\n"
    path.write_bytes(torn)
    append_line(path, "one")
    assert path.read_bytes() == b"one\n"


def _register(home: Path) -> None:
    files = [LandingFile("pos", path) for path in (home / "landing" / "pos").iterdir()]
    Ledger(home / "warehouse" / "ledger" / "files.jsonl").register(files, TODAY, SECRET, home)


def test_processes_registering_at_once_agree(shop: Shop) -> None:
    for number in range(20):
        shop.deliver(f"{number}.csv", str(number))
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_register, args=(shop.home,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [entry.seq for entry in shop.ledger.entries()] == list(range(1, 21))


def test_a_held_lock_names_its_holder(tmp_path: Path) -> None:
    with (
        file_lock(tmp_path / "lock"),
        pytest.raises(SatuError, match=f"held by process {os.getpid()}"),
        file_lock(tmp_path / "lock", timeout_seconds=0.1),
    ):
        pass
    with file_lock(tmp_path / "lock", timeout_seconds=0.1):
        pass
