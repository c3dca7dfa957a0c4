"""What a pull writes before its files are whole: the names it has until then, and its end after a crash."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.errors import SatuError
from warehouse.files import TEMPORARY_PREFIX, file_lock, private_dir

STAGED = f"{TEMPORARY_PREFIX}pulled"
_LOCK = "pulls.lock"
_WRITTEN = f"{TEMPORARY_PREFIX}{'[a-z0-9_]' * 8}-{STAGED}*"
"""As `write_atomic` calls a staged file while it is being written."""


@contextmanager
def pulling(warehouse: Path, timeout_seconds: float) -> Iterator[None]:
    """Landing for one pull at a time."""
    with file_lock(private_dir(warehouse / "ledger") / _LOCK, timeout_seconds):
        yield


def clear_unfinished_pulls(warehouse: Path) -> None:
    """Remove what killed pulls left below landing, also of channels that are no longer there.

    Nothing else that is hidden goes: other folders are written by who delivers. A pull at work keeps its own.
    """
    if not _left(warehouse):
        return
    try:
        with pulling(warehouse, 0):
            for path in _left(warehouse):
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()
    except SatuError:
        return


def _left(warehouse: Path) -> list[Path]:
    landing = warehouse.parent / "landing"
    return [path for name in (f"{STAGED}*", _WRITTEN) for path in landing.glob(f"*/{name}")]
