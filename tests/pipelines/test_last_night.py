"""Good, late or failed: what is there beside what was to be there by now."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipelines.last_night import LastNight, last_night
from warehouse.nights import NightEnd, nights, noting_failure, noting_night
from warehouse.operations import Operations
from warehouse.publish import Release

JAKARTA = ZoneInfo("Asia/Jakarta")
BROKEN = "orders is not written"


def at(text: str) -> datetime:
    """A time in Jakarta on a day of November 2026."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=JAKARTA)


def ended(day: int | None, when: str, problem: str | None = None) -> NightEnd:
    on = None if day is None else date(2026, 11, day)
    return NightEnd(on, at(when), at(when), 1, problem)


def release_of(folder: Path, day: int, made: str) -> Release:
    manifest = folder / "manifest.json"
    manifest.write_text("{}", encoding="utf-8")
    os.utime(manifest, (at(made).timestamp(),) * 2)
    return Release(1, folder, date(2026, 11, day))


def state(ends: list[NightEnd], release: Release | None, now: str) -> LastNight:
    return last_night(ends, release, Operations(), JAKARTA, 35, at(now))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("23 06:40", "good"),
        ("24 06:29", "good"),
        ("24 08:29", "good"),
        ("24 08:30", "late"),
        ("25 12:00", "late"),
    ],
)
def test_a_night_is_late_when_its_time_has_passed_without_a_good_one(
    tmp_path: Path, now: str, expected: str
) -> None:
    found = state([ended(22, "23 06:33")], release_of(tmp_path, 22, "23 06:33"), now)
    assert found.state == expected


def test_a_night_that_found_nothing_new_is_a_good_one(tmp_path: Path) -> None:
    release = release_of(tmp_path, 20, "23 06:33")
    assert state([ended(20, "23 06:33")], release, "23 09:00").state == "good"


def test_a_night_run_before_its_time_is_good_when_it_shows_the_day(tmp_path: Path) -> None:
    release = release_of(tmp_path, 22, "23 01:00")
    assert state([ended(22, "23 01:00")], release, "23 09:00").state == "good"


def test_a_release_made_before_nights_were_written_down_counts_from_its_own_time(tmp_path: Path) -> None:
    release = release_of(tmp_path, 20, "23 06:33")
    assert state([], release, "23 09:00").state == "good"
    assert state([], release, "24 09:00").state == "late"


def test_a_failed_night_stays_failed_until_its_day_is_made(tmp_path: Path) -> None:
    release = release_of(tmp_path, 21, "22 06:33")
    failed = [ended(21, "22 06:33"), ended(22, "23 06:33", BROKEN)]
    found = state(failed, release, "23 07:00")
    assert (found.state, [end.problem for end in found.failed]) == ("failed", [BROKEN])
    backfilled = [*failed, ended(15, "23 07:10")]
    assert state(backfilled, release, "23 07:20").state == "failed", "an older day heals nothing"
    healed = state([*backfilled, ended(22, "23 07:30")], release_of(tmp_path, 22, "23 07:30"), "23 07:40")
    assert (healed.state, healed.failed) == ("good", ())


def test_an_older_day_that_failed_is_named_beside_a_good_night(tmp_path: Path) -> None:
    ends = [ended(15, "16 06:33", BROKEN), ended(22, "23 06:33")]
    found = state(ends, release_of(tmp_path, 22, "23 06:33"), "23 07:00")
    assert (found.state, [end.day for end in found.failed]) == ("good", [date(2026, 11, 15)])


def test_a_failure_before_a_day_was_begun_counts_until_a_good_night(tmp_path: Path) -> None:
    release = release_of(tmp_path, 22, "23 06:33")
    failed = [ended(22, "23 06:33"), ended(None, "23 07:00", "held by process 7")]
    assert state(failed, release, "23 07:10").state == "failed"
    assert state([*failed, ended(22, "23 07:20")], release, "23 07:30").state == "good"


def test_before_the_first_night_there_is_nothing_or_a_failure() -> None:
    assert state([], None, "23 07:00").state == "none"
    assert state([ended(None, "23 06:33", BROKEN)], None, "23 07:00").state == "failed"
    long_ago = NightEnd(date(2026, 1, 5), at("23 06:00"), at("23 06:33"), None, BROKEN)
    assert state([long_ago], None, "23 07:00").state == "failed", "whatever day was tried"


def test_the_time_of_the_night_can_be_another(tmp_path: Path) -> None:
    release = release_of(tmp_path, 20, "23 02:10")
    early = Operations(night_at=at("23 02:00").time(), night_due=at("23 04:00").time())
    found = last_night([ended(20, "23 02:10")], release, early, JAKARTA, 35, at("24 04:00"))
    assert (found.state, found.expected) == ("late", date(2026, 11, 23))


def test_what_is_written_down_is_read_again_and_a_torn_line_is_left_out(tmp_path: Path) -> None:
    day = date(2026, 11, 22)
    with noting_night(tmp_path, day):
        pass
    name = "Ratnawulan Kertapati"
    with pytest.raises(ValueError, match=name), noting_failure(tmp_path, None):
        int(name)
    with (tmp_path / "ledger" / "nights.jsonl").open("a") as file:
        file.write('{"day": "2026-')
    good, bad = nights(tmp_path)
    assert (good.day, good.problem, bad.day) == (day, None, None)
    assert bad.problem is not None and name not in bad.problem and "ValueError" in bad.problem
    assert good.began_at <= good.ended_at <= datetime.now(UTC)
