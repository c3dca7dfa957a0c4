"""How pulls ended: `<warehouse>/ledger/pulls.jsonl`, one line per channel and pull.

A log for people. No table reads it, so the clock is read here.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from warehouse.files import append_line, private_dir, whole_lines

LEDGER = "pulls.jsonl"


@dataclass(frozen=True)
class PullEnd:
    """A pull that ended: with so many rows or files, or with a problem. `files` counts those that are new."""

    channel: str
    at: datetime
    received: int = 0
    files: int = 0
    problem: str | None = None


def note_pull(
    warehouse: Path, channel: str, received: int = 0, files: int = 0, problem: str | None = None
) -> PullEnd:
    """Write down how a pull ended."""
    end = PullEnd(channel, datetime.now(UTC).replace(microsecond=0), received, files, problem)
    line = json.dumps(asdict(end) | {"at": end.at.isoformat()}, ensure_ascii=False)
    append_line(private_dir(warehouse / "ledger") / LEDGER, line)
    return end


def last_pulls(warehouse: Path) -> dict[str, PullEnd]:
    """The last pull of every channel that has been pulled."""
    found = {}
    for line in whole_lines(warehouse / "ledger" / LEDGER).splitlines():
        values = json.loads(line)
        found[values["channel"]] = PullEnd(**values | {"at": datetime.fromisoformat(values["at"])})
    return found
