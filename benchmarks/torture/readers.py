"""Readers that never stop: each opens what BI opens, verifies it, and counts what it saw."""

from __future__ import annotations

import json
import os
import signal
import time
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from benchmarks.torture.judging import torn
from warehouse.publish import CURRENT, RELEASE_FILE, VAULT_FILE

READERS = 2
PAUSE_SECONDS = 1.5
_ONE_DAY = "SELECT count(DISTINCT (seq, as_of)) FROM _release"


@dataclass
class Seen:
    """What one reader saw since it began."""

    reads: int = 0
    torn: int = 0
    errors: int = 0
    seconds: float = 0.0


class Reader:
    """A process that reads the workspace the link `arena` names; each look is at one workspace."""

    def __init__(self, arena: Path, account: Path) -> None:
        self._account = account
        self.pid = os.fork()
        if self.pid == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.nice(5)
            try:
                _read_on(arena, account, os.getppid())
            finally:
                os._exit(1)

    def stop(self) -> Seen:
        """End it; what it saw."""
        os.kill(self.pid, signal.SIGTERM)
        os.waitpid(self.pid, 0)
        return Seen(**json.loads(self._account.read_bytes()))


def look(home: Path) -> list[str]:
    """Open the release and the vault the way a BI tool does, then verify the release wholly."""
    warehouse = home / "warehouse"
    found = []
    for file in (warehouse / CURRENT / RELEASE_FILE, warehouse / VAULT_FILE):
        with duckdb.connect(str(file), read_only=True) as con:
            if con.execute(_ONE_DAY).fetchone() != (1,):
                found.append(f"{file.name}: tables of several days")
    return found + torn((warehouse / CURRENT).resolve())


def _read_on(arena: Path, account: Path, parent: int) -> None:
    seen, started = Seen(), time.monotonic()
    while os.getppid() == parent:
        try:
            found = look(arena.resolve())
        except Exception:
            seen.errors += 1
            _note(account, traceback.format_exc())
        else:
            seen.torn += bool(found)
            if found:
                _note(account, "; ".join(found))
        seen.reads += 1
        seen.seconds = time.monotonic() - started
        making = account.with_suffix(".new")
        making.write_text(json.dumps(asdict(seen)), encoding="ascii")
        making.replace(account)
        time.sleep(PAUSE_SECONDS)


def _note(account: Path, text: str) -> None:
    with account.with_suffix(".log").open("a", encoding="utf-8") as log:
        log.write(f"{text}\n")
