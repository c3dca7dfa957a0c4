"""What an erasure did, file by file, and its line in a ledger that cannot be changed unnoticed.

<warehouse>/ledger/erasures.jsonl   one chained line per erasure: people by keyed hash, files, rows, hashes
"""

from __future__ import annotations

import getpass
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from assets.context import Context
from assets.erasure import Checkpoint, Erasure, carry_out, end, under_way
from assets.file_states import FileState, file_states
from warehouse.chained_ledger import append_entry, entries
from warehouse.keyed import keyed_hash
from warehouse.publish import current_release

LEDGER = "erasures.jsonl"


@dataclass(frozen=True)
class FileChange:
    """A file of the workspace that an erasure changed: its rows and keyed hash before and after.

    `path` is relative to the workspace; a stored day of a table is named by its folder. `kind` is the sort of
    file (`raw`, `records`, `quarantine`, `partition`, `decisions`, `model`, `matching`, `release`, `export`,
    `landing`).
    A file that is gone holds no rows and has no hash after.
    """

    path: str
    kind: str
    rows_before: int
    rows_after: int
    hash_before: str
    hash_after: str | None


@dataclass(frozen=True)
class Closed:
    """An erasure that is done and written down. `days_to_run` lost their groups until they are run again."""

    files: tuple[FileChange, ...]
    ledger_hash: str
    release: int | None
    days_to_run: tuple[date, ...] = ()


Close = Callable[[Erasure, Closed], None]


def finish_erasure(
    context: Context, checkpoint: Checkpoint = lambda name: None, close: Close = lambda erasure, closed: None
) -> Closed | None:
    """Carry out the erasure that was begun, if there is one. For who holds the warehouse's lock.

    `close` is called when all is done and written down, before what identifies the people goes.
    """
    erasure = under_way(context)
    if erasure is None:
        return None
    days_to_run = carry_out(context, erasure, checkpoint)
    closed = replace(_written(context, erasure), days_to_run=tuple(days_to_run))
    checkpoint("written")
    close(erasure, closed)
    checkpoint("closed")
    end(context)
    return closed


def _written(context: Context, erasure: Erasure) -> Closed:
    """The erasure's line in the ledger, the one that is there already when it was cut off after it."""
    ledger = erasure_ledger(context)
    files = changes(erasure.before, file_states(context))
    release = current_release(context.workspace.warehouse)
    after = None if release is None else release.seq
    earlier = [e for e in entries(ledger, context.workspace.secret) if e["erasure"] == erasure.number]
    if earlier:
        return Closed(files, earlier[0]["hash"], after)
    entry = {
        "erasure": erasure.number,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "by": getpass.getuser(),
        "as_of": erasure.as_of.isoformat(),
        "release_before": erasure.release,
        "release_after": after,
        "people": [_hash_of_person(number, context.workspace.secret) for number in erasure.customer_ids],
        "suppressions": len(erasure.entries),
        "files": [asdict(file) for file in files],
    }
    return Closed(files, append_entry(ledger, entry, context.workspace.secret), after)


def erasure_ledger(context: Context) -> Path:
    """Where erasures are written down."""
    return context.workspace.warehouse / "ledger" / LEDGER


def changes(before: Sequence[FileState], after: Sequence[FileState]) -> tuple[FileChange, ...]:
    """The files that were there before and are another way now."""
    now = {state.place: state for state in after}
    found = []
    for state in before:
        left = now.get(state.place)
        if left is None or left.hash != state.hash:
            rows, digest = (0, None) if left is None else (left.rows, left.hash)
            found.append(FileChange(state.place, state.kind, state.rows, rows, state.hash, digest))
    return tuple(found)


def _hash_of_person(customer_id: int, secret: bytes) -> str:
    return keyed_hash(secret, f"erased {customer_id}".encode())
