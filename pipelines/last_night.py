"""Whether last night was good: what was to be there by now, what is there, what failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from warehouse.nights import NightEnd
from warehouse.operations import Operations, day_of_night
from warehouse.publish import Release
from warehouse.store import MANIFEST

GOOD, LATE, FAILED, NONE = "good", "late", "failed", "none"


@dataclass(frozen=True)
class LastNight:
    """The state of the last night that should be done by now.

    `good`: a night ended well since it was to begin, or the release shows its day. `late`: neither. `failed`:
    a night failed whose day is the release's or a later one. `none`: nothing has ever been run.
    `failed` are the last words on days that stay failed, the newest first.
    """

    state: str
    made_at: datetime | None
    due_at: datetime
    expected: date
    failed: tuple[NightEnd, ...]


def last_night(
    ends: Sequence[NightEnd],
    release: Release | None,
    operations: Operations,
    zone: ZoneInfo,
    keep_days: int,
    now: datetime,
) -> LastNight:
    """The state at `now`. A release of a version that wrote no nights down counts from its own time."""
    begins, due = operations.last_due(now, zone)
    expected = day_of_night(begins)
    made = None if release is None else _made_at(release.path / MANIFEST)
    good = max((end.ended_at for end in ends if end.problem is None), default=made)
    shown = None if release is None else release.as_of
    failed = _failed(ends, good, shown, keep_days)
    if any(end.day is None or shown is None or end.day >= shown for end in failed):
        state = FAILED
    elif good is None or shown is None:
        state = NONE
    else:
        state = GOOD if good >= begins or shown >= expected else LATE
    return LastNight(state, made, due, expected, failed)


def _failed(
    ends: Sequence[NightEnd], good: datetime | None, shown: date | None, keep_days: int
) -> tuple[NightEnd, ...]:
    """The last end of each day, where it is a bad one; a night without a day until the next good one."""
    in_order = sorted(ends, key=lambda end: end.ended_at)
    last = {end.day: end for end in in_order}
    failed = [
        end
        for day, end in last.items()
        if end.problem is not None
        and (
            shown is None or day > shown - timedelta(days=keep_days)
            if day
            else good is None or end.ended_at > good
        )
    ]
    return tuple(sorted(failed, key=lambda end: end.ended_at, reverse=True))


def _made_at(manifest: Path) -> datetime:
    """When the release was made: its manifest is written once. After a restore the copy keeps that time."""
    return datetime.fromtimestamp(int(manifest.stat().st_mtime)).astimezone()
