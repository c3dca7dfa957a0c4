"""A folder of backups: every content once, one manifest per backup, everything for its owner only.

    <to>/contents/<ab>/<sha256>     0600, whatever number of backups and paths hold it
    <to>/backups/<time>.json        0600, written last: a backup is there wholly or not at all

Knows files, not what they mean.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from warehouse.errors import InputError, SatuError
from warehouse.files import TEMPORARY_PREFIX, fsync_dir, private_dir, write_atomic

FORMAT = 1
CONTENTS, BACKUPS = "contents", "backups"
CHECKSUM = "checksum"
DATABASE_JOURNALS = ("-wal", "-shm", "-journal")
_BLOCK = 1 << 20
_SQLITE = b"SQLite format 3\x00"
_NAME = "%Y%m%dT%H%M%S.%fZ"


@dataclass(frozen=True)
class Kept:
    """A file of a backup: its content, or where it leads to when it is a link."""

    path: str
    mode: int
    size: int
    changed_ns: int
    sha256: str | None
    link: str | None = None


@dataclass(frozen=True)
class Backup:
    """One backup; `facts` are what its maker wants to know of it later."""

    name: str
    facts: dict[str, Any]
    folders: dict[str, int]
    files: tuple[Kept, ...]


@dataclass(frozen=True)
class Written:
    """A backup as it was just written: bytes that no earlier backup held."""

    backup: Backup
    new_bytes: int


def write_backup(
    store: Path, home: Path, paths: Iterable[Path], at: datetime, facts: dict[str, Any]
) -> Written:
    """Copy what is new of these files (and links) of `home`; the caller sees to it that they hold still."""
    for folder in (store, store / CONTENTS, store / BACKUPS):
        private_dir(folder)
    earlier = backups(store)
    before = {kept.path: kept for kept in earlier[-1].files} if earlier else {}
    files, new_bytes = [], 0
    for path in sorted(paths):
        kept, added = _keep(store, home, path, before)
        files.append(kept)
        new_bytes += added
    folders = {parent for kept in files for parent in Path(kept.path).parents if parent != Path()}
    modes = {str(folder): (home / folder).stat().st_mode & 0o777 for folder in sorted(folders)}
    backup = Backup(at.strftime(_NAME), facts, modes, tuple(files))
    content = {"format": FORMAT, **asdict(backup)}
    text = json.dumps(content | {CHECKSUM: _checksum(content)}, ensure_ascii=False)
    write_atomic(store / BACKUPS / f"{backup.name}.json", text.encode(), 0o600)
    return Written(backup, new_bytes)


def backups(store: Path) -> list[Backup]:
    """Every whole backup, the oldest first."""
    return [_read(path) for path in sorted((store / BACKUPS).glob("[0-9]*.json"))]


def put_back(store: Path, backup: Backup, home: Path, last: str) -> None:
    """Write a backup's files into an empty folder, each checked against its hash; `last` is written last, so
    that a folder without it is known to be half."""
    files = sorted(backup.files, key=lambda kept: (kept.path == last, kept.path))
    _refuse_damaged(store, backup)
    for folder, mode in sorted(backup.folders.items()):
        (home / folder).mkdir(parents=True, exist_ok=True)
        (home / folder).chmod(mode | 0o700)
    for kept in files:
        _put_back(store, kept, home / kept.path)


def drop_older(store: Path, keep: timedelta, at: datetime) -> int:
    """Remove backups older than `keep`, never the newest, and the contents nobody names; how many went."""
    found = backups(store)
    limit = (at - keep).strftime(_NAME)
    old = [backup for backup in found[:-1] if backup.name < limit]
    for backup in old:
        (store / BACKUPS / f"{backup.name}.json").unlink()
    fsync_dir(store / BACKUPS)
    named = {kept.sha256 for backup in backups(store) for kept in backup.files}
    for path in (store / CONTENTS).glob("*/*"):
        if path.name not in named:
            path.unlink()
    return len(old)


def _read(path: Path) -> Backup:
    try:
        content = json.loads(path.read_bytes())
        if content["format"] > FORMAT:
            raise InputError(
                "this backup was made by a newer version", file=path.name, fix="install that version"
            )
        if content.pop(CHECKSUM, None) not in (None, _checksum(content)):
            raise ValueError(CHECKSUM)
        files = tuple(Kept(**kept) for kept in content["files"])
        return Backup(content["name"], content["facts"], content["folders"], files)
    except (ValueError, KeyError, TypeError) as error:
        raise SatuError(
            "the list of this backup's files is damaged", file=f"{BACKUPS}/{path.name}",
            fix="put a copy of it back, or move it out of the folder: the other backups do without it",
        ) from error  # fmt: skip


def _checksum(content: dict[str, Any]) -> str:
    """Of a backup's list as it is written; lists of the first version have none."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _keep(store: Path, home: Path, path: Path, before: dict[str, Kept]) -> tuple[Kept, int]:
    """A file's entry, and the bytes that had to be copied for it."""
    name, status = str(path.relative_to(home)), path.lstat()
    if path.is_symlink():
        return Kept(name, 0o777, 0, status.st_mtime_ns, None, os.readlink(path)), 0
    mode = status.st_mode & 0o777
    known = None if _is_database(path) else before.get(name)  # new rows may lie in its journal alone
    if known and (known.size, known.changed_ns) == (status.st_size, status.st_mtime_ns):
        digest = str(known.sha256)
        if _content(store, digest).is_file():
            return Kept(name, mode, status.st_size, status.st_mtime_ns, digest), 0
    digest, added = _copied(store, path)
    return Kept(name, mode, status.st_size, status.st_mtime_ns, digest), added


def _copied(store: Path, path: Path) -> tuple[str, int]:
    """The hash of a file as it was copied, and its bytes when no backup held them."""
    with _temporary(store / CONTENTS) as temporary:
        if _is_database(path):
            _copy_database(path, temporary)
        else:
            shutil.copyfile(path, temporary)
        digest, size = _hash_of(temporary), temporary.stat().st_size
        target = _content(store, digest)
        if target.is_file():
            return digest, 0
        private_dir(target.parent)
        temporary.chmod(0o600)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(temporary, target)
        fsync_dir(target.parent)
    return digest, size


@contextmanager
def _temporary(folder: Path) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(prefix=TEMPORARY_PREFIX, dir=folder)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


def _copy_database(path: Path, target: Path) -> None:
    """A database another process may be writing to, as it was at one instant."""
    with (
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)


def _refuse_damaged(store: Path, backup: Backup) -> None:
    damaged = [
        kept.path
        for kept in backup.files
        if kept.sha256 is not None and not _is_whole(_content(store, kept.sha256), kept.sha256)
    ]
    if damaged:
        raise SatuError(
            f"the contents of {len(damaged)} file(s) are missing or damaged, the first is {damaged[0]}",
            file=f"{BACKUPS}/{backup.name}.json", fix="restore another backup, or a copy of this one",
        )  # fmt: skip


def _is_whole(path: Path, digest: str) -> bool:
    return path.is_file() and _hash_of(path) == digest


def _put_back(store: Path, kept: Kept, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if kept.link is not None:
        os.symlink(kept.link, target)
        return
    assert kept.sha256 is not None
    content = _content(store, kept.sha256)
    write_atomic(target, lambda temporary: _copy_to(content, temporary), kept.mode)
    os.utime(target, ns=(kept.changed_ns, kept.changed_ns))


def _copy_to(content: Path, temporary: Path) -> None:
    shutil.copyfile(content, temporary)


def _content(store: Path, digest: str) -> Path:
    return store / CONTENTS / digest[:2] / digest


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
