"""Every step of this process that changes the disk, counted; the process can be told to die at one of them.

Python tells of each file it opens, renames or removes before it does so (audit events). Syncing and writing
to a descriptor have none, so these two are stood in for. What DuckDB and Arrow write by themselves is not
seen: it goes to names that nobody reads yet, and kills by time fall there too.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CHANGES = {
    "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.symlink", "os.truncate", "os.chmod",
    "shutil.rmtree",
}  # fmt: skip


class Failpoints:
    """The steps under `root`, from now to the end of the process; it is killed at step `die_at`, from 1."""

    def __init__(self, root: Path, die_at: int | None = None) -> None:
        self.root = str(root)
        self.die_at = die_at
        self.steps: list[str] = []

    def watch(self) -> None:
        """Count from here on. Audit hooks stay, so this is for a process of its own."""
        sys.addaudithook(self._audit)
        sync, write = os.fsync, os.write

        def syncing(handle: int) -> None:
            self._step("before fsync", os.readlink(f"/proc/self/fd/{handle}"))
            sync(handle)
            self._step("after fsync", os.readlink(f"/proc/self/fd/{handle}"))

        def writing(handle: int, content: Any) -> int:
            place = os.readlink(f"/proc/self/fd/{handle}")
            if self._is_next(place):
                write(handle, content[: len(content) // 2])
            self._step("half written", place)
            return write(handle, content)

        os.fsync, os.write = syncing, writing

    def _audit(self, event: str, words: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = words
            if isinstance(path, str | os.PathLike) and isinstance(flags, int) and flags & _WRITING:
                self._step("open", str(path))
        elif event in _CHANGES:
            place = str(words[1] if event in ("os.rename", "os.symlink") else words[0])
            within_open_folder = not os.path.isabs(place) and words[-1] not in (None, -1)
            self._step(event, f"{self.root}/{place}" if within_open_folder else place)

    def _is_next(self, place: str) -> bool:
        return place.startswith(self.root) and len(self.steps) + 1 == self.die_at

    def _step(self, what: str, place: str) -> None:
        if not place.startswith(self.root):
            return
        self.steps.append(f"{what} {place.removeprefix(self.root).lstrip('/')}")
        if len(self.steps) == self.die_at:
            os.kill(os.getpid(), signal.SIGKILL)
