"""A machine that refuses room, memory or writing: one sentence, the last release whole, the next night clean."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.torture import company
from benchmarks.torture.judging import faults
from benchmarks.torture.nights import few_tables
from tests.reliability.conftest import Eve
from tests.support.nights import Said, satu
from warehouse.errors import NightFailed

FULL = "the disk has no room left"
READ_ONLY = "the workspace cannot be written to"
NO_MEMORY = "the memory does not suffice"


@contextmanager
def limited(kind: int, size: int) -> Iterator[None]:
    """This process may have no more than `size` of it for a while."""
    before = resource.getrlimit(kind)
    resource.setrlimit(kind, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(kind, before)


@contextmanager
def mounted(place: Path, *options: str) -> Iterator[None]:
    """A disk of its own at a folder, as root may have one."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a disk")
    place.mkdir(exist_ok=True)
    done = subprocess.run(["mount", *options, str(place)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("no disk may be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@contextmanager
def filled(disk: Path, room: int) -> Iterator[None]:
    """The disk with that many bytes left, for a while."""
    filler = disk / "filler"
    with filler.open("wb") as file:
        size = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize - room
        os.posix_fallocate(file.fileno(), 0, size)
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def read_only(home: Path) -> Iterator[None]:
    """The workspace on a disk that takes no writing, for a while."""
    with mounted(home, "--bind", str(home)):
        subprocess.run(["mount", "-o", "remount,ro,bind", str(home)], check=True)
        yield


def refused(eve: Eve, sentence: str) -> None:
    """The night ends with that one sentence, and readers see what they saw before."""
    with pytest.raises(NightFailed) as told:
        few_tables(eve.home, eve.day)
    assert str(told.value).startswith(sentence)
    eve.is_whole()


def one_sentence(said: Said, sentence: str) -> None:
    """A command that failed said why in its last line, and nothing of Python's."""
    assert said.code == 1, said.err
    assert any(line.startswith(f"satu: {sentence}") for line in said.err.splitlines()), said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize("size", [200, 3_000, 50_000])
def test_a_file_that_may_not_grow_ends_the_night(eve: Eve, size: int) -> None:
    with limited(resource.RLIMIT_FSIZE, size):
        refused(eve, FULL)
    eve.next_night_is_clean()


@pytest.mark.parametrize(
    "room",
    [100_000, *(pytest.param(room, marks=pytest.mark.slow) for room in (0, 20_000, 500_000, 1_500_000))],
)
def test_a_full_disk_ends_the_night(made: Eve, tmp_path: Path, room: int) -> None:
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=64m", "tmpfs"):
        eve = made.at(tmp_path / "disk" / "shop")
        with filled(tmp_path / "disk", room):
            refused(eve, FULL)
        eve.next_night_is_clean()


@pytest.mark.slow
@pytest.mark.parametrize("room", [300_000, 1_500_000, 3_000_000])
def test_a_disk_that_fills_up_under_a_command(made: Eve, tmp_path: Path, room: int) -> None:
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=64m", "tmpfs"):
        eve = made.at(tmp_path / "disk" / "shop")
        with filled(tmp_path / "disk", room):
            one_sentence(satu("run", "--as-of", str(eve.day), "--home", eve.home), FULL)
            eve.is_whole()
        assert satu("run", "--as-of", str(eve.day), "--home", eve.home).code == 0
        assert faults(eve.home) == []
        eve.is_whole(2)


def test_a_read_only_disk_is_read_and_not_written(eve: Eve) -> None:
    with read_only(eve.home):
        refused(eve, READ_ONLY)
        one_sentence(satu("run", "--home", eve.home), READ_ONLY)
        assert satu("query", "SELECT max(seq) FROM _release", "--home", eve.home).code == 0
        assert satu("tables", "--home", eve.home).code == 0
    eve.next_night_is_clean()


def test_a_clock_set_back_builds_no_older_day(eve: Eve) -> None:
    ahead = company.deliver(eve.home, 3000)
    few_tables(eve.home, ahead)
    said = satu("run", "--home", eve.home)
    assert said.code == 2
    assert f"and readers see {ahead} already; set the clock" in said.err
    eve.is_whole(2)


def test_too_little_memory_ends_the_night(eve: Eve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATU_MEMORY", "3MB")
    refused(eve, NO_MEMORY)
    monkeypatch.delenv("SATU_MEMORY")
    eve.next_night_is_clean()
