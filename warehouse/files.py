"""Files that survive a crash: written whole under a temporary name, synced, then renamed.

A reader sees the old file or the new one, never half of either.
"""

from __future__ import annotations

import contextlib
import fcntl
import glob
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from warehouse.errors import SatuError

TEMPORARY_PREFIX = ".tmp-"
LOCK_POLL_SECONDS = 0.05


def fsync_dir(path: Path) -> None:
    """Make renames and new names inside a folder durable."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def private_dir(path: Path) -> Path:
    """The folder, made if absent, readable by its owner only (0700)."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.stat().st_mode & 0o777 != 0o700:
        path.chmod(0o700)
    return path


def write_atomic(path: Path, content: bytes | Callable[[Path], None], mode: int = 0o644) -> None:
    """Write a whole file, or leave what was there.

    `content` is the bytes, or a function that writes the file it is given the temporary path of.
    The temporary file lies in the same folder, so that the rename is atomic.
    """
    handle, name = tempfile.mkstemp(prefix=TEMPORARY_PREFIX, suffix=f"-{path.name}", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            if isinstance(content, bytes):
                file.write(content)
        if not isinstance(content, bytes):
            content(temporary)
        temporary.chmod(mode)
        _fsync_file(temporary)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    fsync_dir(path.parent)


def clear_unfinished(path: Path) -> None:
    """Remove what `write_atomic` left beside a file when it was killed; whoever writes the file holds a lock.

    For folders that are not ours alone: no other file that begins with a dot is touched.
    """
    random = "[a-z0-9_]" * 8
    for left in path.parent.glob(f"{TEMPORARY_PREFIX}{random}-{glob.escape(path.name)}"):
        left.unlink(missing_ok=True)


def append_line(path: Path, text: str, mode: int = 0o600) -> None:
    """Append one line (or several, already separated by newlines) in one write, durably.

    The rest of a line that a crash or a full disk cut short goes first: nobody counts it.
    """
    is_new = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, mode)
    try:
        size = os.fstat(handle).st_size
        if size and os.pread(handle, 1, size - 1) != b"\n":
            os.ftruncate(handle, len(whole_lines(path)))
        remaining = memoryview((text.rstrip("\n") + "\n").encode("utf-8"))
        while remaining:
            remaining = remaining[os.write(handle, remaining) :]
        os.fsync(handle)
    finally:
        os.close(handle)
    if is_new:
        fsync_dir(path.parent)


def whole_lines(path: Path) -> bytes:
    """A file of lines up to its last newline (none: empty); what follows is the rest of a crash."""
    content = path.read_bytes() if path.exists() else b""
    return content[: content.rfind(b"\n") + 1]


@contextlib.contextmanager
def file_lock(path: Path, timeout_seconds: float = 60.0) -> Iterator[None]:
    """Hold an exclusive lock on `path`; the kernel frees it when the process ends, however it ends."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _acquire(handle, path, time.monotonic() + timeout_seconds)
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode("ascii"), 0)
        yield
    finally:
        os.close(handle)


def lock_holder(path: Path) -> str | None:
    """The process that holds the lock on `path` at this moment; None when nobody does."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _named_in(handle)
    else:
        return None
    finally:
        os.close(handle)


def _named_in(handle: int) -> str:
    return os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "unknown"


def _acquire(handle: int, path: Path, deadline: float) -> None:
    """Take the lock before the deadline, or say which process holds it."""
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise SatuError(
                    f"held by process {_named_in(handle)}, which is still at work",
                    file=path,
                    fix="wait for it to end, or stop that process, and run again",
                ) from None
        time.sleep(LOCK_POLL_SECONDS)


def _fsync_file(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
