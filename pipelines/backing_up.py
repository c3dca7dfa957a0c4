"""Backups of a workspace and back: what nothing can make again, optionally all of it."""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assets.context import Context
from assets.erasure_ledger import erasure_ledger
from assets.removal import finish_removal
from pipelines.proven_erasing import finish_proven
from warehouse.backup import DATABASE_JOURNALS, Backup, Written, backups, drop_older, put_back, write_backup
from warehouse.chained_ledger import entries
from warehouse.errors import InputError
from warehouse.files import TEMPORARY_PREFIX, append_line, private_dir, whole_lines
from warehouse.publish import current_release
from warehouse.recovery import LOCK, SCRATCH, clean, writing

SETTINGS = "satu.yaml"
ALWAYS = (
    SETTINGS, "secret.key", "channels", "fields", "segments", "decisions", "models", "landing",
    "warehouse/ledger", "warehouse/raw",
)  # fmt: skip
"""`warehouse/raw` too: a company may clear its landing folder, and then nothing else holds those rows."""
DERIVED = ("warehouse", "dagster")
KEY = "secret.key"
LEDGER = "backups.jsonl"
LOCK_SECONDS = 6 * 3600.0


@dataclass(frozen=True)
class Restored:
    """A workspace that was put back. `is_whole` says whether its tables came along."""

    backup: Backup
    is_whole: bool


def back_up(
    context: Context, store: Path, *, whole: bool, with_key: bool = True, keep_days: int | None = None
) -> Written:
    """Back the workspace up between two nights, and forget backups older than `keep_days`."""
    workspace = context.workspace
    store = store.resolve()
    if store.is_relative_to(workspace.home):
        raise InputError("a backup inside the workspace is lost with it", fix="name a folder elsewhere")
    at = datetime.now(UTC)
    with writing(workspace.warehouse, LOCK_SECONDS):
        finish_proven(context)
        finish_removal(context)
        clean(workspace.warehouse, workspace.models, workspace.decisions)
        paths = [p for p in _files(workspace.home, whole) if with_key or p != workspace.home / KEY]
        written = write_backup(store, workspace.home, paths, at, _facts(context, at, whole))
    if keep_days is not None:
        drop_older(store, timedelta(days=keep_days), at)
    line = {"at": at.isoformat(timespec="seconds"), "name": written.backup.name, "whole": whole}
    append_line(private_dir(workspace.warehouse / "ledger") / LEDGER, json.dumps(line))
    return written


def last_backup(context: Context) -> datetime | None:
    """When this workspace was backed up last; None when never."""
    lines = whole_lines(context.workspace.warehouse / "ledger" / LEDGER).splitlines()
    return max((datetime.fromisoformat(json.loads(line)["at"]) for line in lines), default=None)


def last_erasure(context: Context) -> datetime | None:
    """When somebody was erased last."""
    found = entries(erasure_ledger(context), context.workspace.secret)
    return datetime.fromisoformat(found[-1]["at"]) if found else None


def restore(store: Path, home: Path, name: str | None = None) -> Restored:
    """A workspace in an empty folder, from the newest backup or the one that is named.

    A backup older than an erasure the store knows of would bring the person back, and is refused.
    """
    if home.exists() and any(home.iterdir()):
        raise InputError(f"{home} is not empty", fix="restore into a new folder")
    known = backups(store)
    if not known:
        raise InputError("there is no backup here", file=store, fix="name the folder `satu backup` wrote to")
    chosen = known[-1] if name is None else _named(known, name)
    since = known[-1].facts["erasures"] - chosen.facts["erasures"]
    if since > 0:
        raise InputError(
            f"{since} erasure(s) were carried out after this backup, which still holds these people",
            file=chosen.name, fix="restore the newest backup",
        )  # fmt: skip
    put_back(store, chosen, home, last=SETTINGS)
    return Restored(chosen, bool(chosen.facts["whole"]))


def _named(known: list[Backup], name: str) -> Backup:
    found = [backup for backup in known if backup.name == name]
    if not found:
        newest = ", ".join(backup.name for backup in known[-5:])
        raise InputError(f"there is no backup {name}", fix=f"name one of {newest}")
    return found[0]


def _facts(context: Context, at: datetime, whole: bool) -> dict[str, Any]:
    release = current_release(context.workspace.warehouse)
    return {
        "at": at.isoformat(timespec="seconds"),
        "satu": importlib.metadata.version("satu"),
        "whole": whole,
        "release": None if release is None else release.seq,
        "as_of": None if release is None else release.as_of.isoformat(),
        "erasures": len(entries(erasure_ledger(context), context.workspace.secret)),
    }


def _files(home: Path, whole: bool) -> Iterator[Path]:
    """Files and links to be kept, each once."""
    names = (*ALWAYS, *DERIVED) if whole else ALWAYS
    seen: set[Path] = set()
    for name in names:
        top = home / name
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            if path not in seen and (path.is_symlink() or path.is_file()) and not _is_passing(path, home):
                seen.add(path)
                yield path


def _is_passing(path: Path, home: Path) -> bool:
    """Locks, journals and files without their final name: of no use to anybody later."""
    relative = path.relative_to(home)
    return (
        relative.parts[:2] in {("warehouse", name) for name in (*SCRATCH, LOCK)}
        or path.name.startswith(TEMPORARY_PREFIX)
        or path.name.endswith(".lock")
        or path.name == "stat_cache.json"
        or (relative.parts[0] == "dagster" and path.name.endswith(DATABASE_JOURNALS))
    )
