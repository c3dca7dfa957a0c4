"""`python -m benchmarks.bi_clients.publisher HOME DAY DAY` publishes two stored days till it is stopped."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from assets.context import Context, open_context
from assets.tables import workspace_tables
from warehouse.publish import publish, release_table
from warehouse.recovery import clean, writing
from warehouse.release_file import ReleaseTable

LOCK_SECONDS, PAUSE_SECONDS = 60.0, 1.0


def publish_in_turn(home: Path, days: tuple[date, date]) -> Iterator[int]:
    """Publish the days in turn for ever, as a night does; gives the number of each release."""
    context = open_context(home)
    shown = {day: _tables_of(context, day, max(days)) for day in days}
    while True:
        for day in days:
            with writing(context.workspace.warehouse, LOCK_SECONDS):
                clean(context.workspace.warehouse)
                release = publish(
                    context.workspace.warehouse, shown[day]["bi"], day, vault=shown[day]["vault"]
                )
            yield release.seq


def _tables_of(context: Context, day: date, last: date) -> dict[str, list[ReleaseTable]]:
    """What a release of the day shows, by zone. Tables kept only as they were last stay as they are."""
    tables = workspace_tables(context.workspace).values()
    days = {t.name: day if t.retention == "as_of" else last for t in tables}
    return {
        zone: [release_table(context.store, t, days[t.name]) for t in tables if t.zone == zone]
        for zone in ("bi", "vault")
    }


if __name__ == "__main__":
    first, second = map(date.fromisoformat, sys.argv[2:4])
    for number in publish_in_turn(Path(sys.argv[1]), (first, second)):
        print(number, flush=True)
        time.sleep(PAUSE_SECONDS)
