"""How nights ended: `<warehouse>/ledger/nights.jsonl`, one line per day that was run up to its release.

A log for people and alarms. No table reads it, so the clock is read here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from warehouse.files import append_line, private_dir
from warehouse.interruption import INTERRUPTED, interruption_in
from warehouse.publish import current_release
from warehouse.withheld import sentence_of

LEDGER = "nights.jsonl"


@dataclass(frozen=True)
class NightEnd:
    """A night that ended: well, or with a problem. Without a day it ended before its day was known.

    `release` is what readers saw after it.
    """

    day: date | None
    began_at: datetime
    ended_at: datetime
    release: int | None = None
    problem: str | None = None


@contextmanager
def noting_night(warehouse: Path, day: date) -> Iterator[None]:
    """Writes down how the night inside ended."""
    began = _now()
    with noting_failure(warehouse, day):
        yield
    _note(warehouse, NightEnd(day, began, _now(), _shown(warehouse)))


@contextmanager
def noting_failure(warehouse: Path, day: date | None) -> Iterator[None]:
    """Writes down that a part of a night failed or was interrupted; what an error quotes is withheld."""
    began = _now()
    try:
        yield
    except BaseException as error:
        problem = INTERRUPTED if interruption_in(error) is not None else sentence_of(error)
        _note(warehouse, NightEnd(day, began, _now(), _shown(warehouse), problem))
        raise


def nights(warehouse: Path) -> list[NightEnd]:
    """Every night that ended, the oldest first. A line that a crash cut short is left out."""
    try:
        lines = (warehouse / "ledger" / LEDGER).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [end for end in map(_read, lines) if end is not None]


def _read(line: str) -> NightEnd | None:
    try:
        found = json.loads(line)
        return NightEnd(
            None if found["day"] is None else date.fromisoformat(found["day"]),
            datetime.fromisoformat(found["began_at"]),
            datetime.fromisoformat(found["ended_at"]),
            found["release"],
            found["problem"],
        )
    except (ValueError, KeyError, TypeError):
        return None


def _note(warehouse: Path, end: NightEnd) -> None:
    folder = private_dir(warehouse / "ledger")
    append_line(folder / LEDGER, json.dumps(asdict(end), default=_text, ensure_ascii=False))


def _text(value: date | datetime) -> str:
    return value.isoformat()


def _shown(warehouse: Path) -> int | None:
    release = current_release(warehouse)
    return None if release is None else release.seq


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
