"""Three days of a small shop for the tests of backfills; the second can be given a delivery of mostly broken rows."""

from __future__ import annotations

import hashlib
from pathlib import Path

import dagster as dg

from pipelines.instance import open_instance
from tests.support.nights import COMPANY, TILL, TILL_COLUMNS, checksums, company, deliver
from warehouse.publish import current_release, manifest_of

DAYS = ("2026-01-05", "2026-01-06", "2026-01-07")
BAD = DAYS[1]


def three_days(home: Path, bad: bool) -> Path:
    """A delivery on each day; on a bad one 12 of 20 amounts cannot be read."""
    till = TILL.replace("options:", "arrived: name:%Y-%m-%d\n      options:")
    company(home, till, settings=COMPANY + "history_start: 2026-01-01\n")
    for day in DAYS:
        broken = 12 if bad and day == BAD else 0
        rows = [
            {
                "receipt": f"{day}-{n}",
                "day": day,
                "customer": n % 5,
                "item": "A",
                "amount": "?" if n < broken else 100,
            }
            for n in range(20)
        ]
        deliver(home, f"till/{day}.csv", TILL_COLUMNS, *rows)
    return home


def days_with_tables(home: Path) -> dict[str, int]:
    """Day → number of tables stored for it."""
    days = [day for _, day in checksums(home)]
    return {day: days.count(day) for day in sorted(set(days))}


def release_day(home: Path) -> str:
    """The day of the release readers see, after verifying its checksums."""
    release = current_release(home / "warehouse")
    assert release is not None
    for file in manifest_of(release)["files"]:
        found = hashlib.sha256((release.path / file["name"]).read_bytes()).hexdigest()
        assert found == file["sha256"]
    return release.as_of.isoformat()


def materialised(home: Path, asset: str) -> set[str]:
    """The days Dagster shows as materialised."""
    with open_instance(home) as instance:
        return set(instance.get_materialized_partitions(dg.AssetKey(asset)))
