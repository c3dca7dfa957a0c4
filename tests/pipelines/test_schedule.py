"""Dagster's daemon runs the nightly schedule while somebody starts a night by hand: both end well, nothing is torn."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster._core.scheduler.instigation import InstigatorType, ScheduleInstigatorData

from benchmarks.torture.judging import faults
from benchmarks.torture.readers import Reader
from pipelines.instance import open_instance
from tests.pipelines.days import DAYS, release_day, three_days
from tests.pipelines.test_ui import serving
from tests.support.nights import checksums, copied, night
from warehouse.nights import nights

MINUTES_TO_START = (2, 5, 12)
"""Tried in turn: the daemon runs no schedule whose time had passed when it first looked at it."""
SECONDS_TO_END = 1800
SCHEDULE = InstigatorType.SCHEDULE


def due_in(home: Path, plain: str, minutes: int) -> datetime:
    """When the night begins: in a few minutes, about noon in the company's zone, so that no day ends meanwhile."""
    now = datetime.now(UTC)
    zone = f"Etc/GMT{now.hour - 12:+d}"
    at = (now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
    text = plain.replace("Asia/Jakarta", zone)
    night_at = f'night: {{at: "{at.astimezone(ZoneInfo(zone)):%H:%M}", due: "23:00"}}'
    (home / "satu.yaml").write_text(f"{text}{night_at}\n", encoding="utf-8")
    return at


def watched_since(home: Path, moment: datetime) -> bool:
    """Whether the daemon began to watch the schedule, as it is now, after a moment."""
    with open_instance(home) as instance:
        states = [state.instigator_data for state in instance.all_instigator_state(None, None, SCHEDULE)]
    starts = [data.start_timestamp or 0 for data in states if isinstance(data, ScheduleInstigatorData)]
    return max(starts, default=0) > moment.timestamp()


@contextmanager
def watched_schedule(home: Path) -> Iterator[None]:
    """`satu ui` with a daemon that watches a schedule whose time is still to come."""
    plain = (home / "satu.yaml").read_text(encoding="utf-8")
    for minutes in MINUTES_TO_START:
        begun = datetime.now(UTC)
        due = due_in(home, plain, minutes)
        with serving(home):
            wait_until(partial(watched_since, home, begun))
            if not watched_since(home, due):
                yield
                return
    raise AssertionError("the daemon was never there in time")


def runs(home: Path) -> list[dg.DagsterRun]:
    with open_instance(home) as instance:
        return list(instance.get_runs())


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS_TO_END
    while not is_so():
        assert time.monotonic() < until, "it did not come to that"
        time.sleep(1)


@pytest.mark.slow
def test_the_schedule_and_a_night_started_by_hand(tmp_path: Path) -> None:
    home = three_days(tmp_path / "home", bad=False)
    night(home, DAYS[0], publish=True)
    peace = copied(home, tmp_path / "peace")
    with watched_schedule(home):
        wait_until(lambda: any(run.status is dg.DagsterRunStatus.STARTED for run in runs(home)))
        scheduled = runs(home)[0].tags["dagster/partition"]
        earlier = (date.fromisoformat(scheduled) - timedelta(days=1)).isoformat()
        reader = Reader(home, tmp_path / "reader.json")
        words = [sys.executable, "-m", "pipelines", "run", "--as-of", earlier, "--home", str(home)]
        by_hand = subprocess.run(words, capture_output=True, text=True, cwd=Path(__file__).parents[2])
        assert by_hand.returncode == 0, by_hand.stderr
        wait_until(lambda: all(run.is_finished for run in runs(home)))
        seen = reader.stop()
    assert [run.status for run in runs(home)] == [dg.DagsterRunStatus.SUCCESS] * 2
    assert [run.tags["dagster/partition"] for run in runs(home)] == [earlier, scheduled]
    assert "dagster/schedule_name" in runs(home)[1].tags
    assert (seen.torn, seen.errors) == (0, 0)
    assert release_day(home) == scheduled and faults(home) == []
    assert all(end.problem is None for end in nights(home / "warehouse"))
    for day in (scheduled, earlier):
        night(peace, day, publish=True)
    assert checksums(home) == checksums(peace)
