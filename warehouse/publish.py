"""Releases: all tables of one day, shown to readers in one instant.

    <warehouse>/releases/<seq>/{satu.duckdb, manifest.json}           read-only, for BI
    <warehouse>/vault_releases/<seq>/{vault.duckdb, manifest.json}    0700 and 0600, shows people
    <warehouse>/current -> releases/<seq>                             replacing this link is THE commit point
    <warehouse>/vault.duckdb -> vault_releases/<seq>/vault.duckdb     follows `current`

Where private files are encrypted there is no vault.duckdb: `satu query --vault` reads the tables themselves.

Both folders are whole and synced before `current` is replaced. The manifest in `current` names the vault
release that belongs to it; a kill before the second link is replaced leaves the previous vault readable, and
`recovery` moves the link on. Writers hold the warehouse lock.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.contracts import Table
from warehouse.encrypted_files import is_written_encrypted
from warehouse.errors import NightFailed
from warehouse.files import TEMPORARY_PREFIX, fsync_dir, private_dir, write_atomic
from warehouse.machine import refusal
from warehouse.release_file import Hook, ReleaseTable, build_file
from warehouse.store import MANIFEST, Partition, Store

KEPT_RELEASES = 3
HISTORY_MONTH_ENDS = 3
CURRENT = "current"
RELEASES = "releases"
RELEASE_FILE = "satu.duckdb"
VAULT_RELEASES = "vault_releases"
VAULT_FILE = "vault.duckdb"

Checkpoint = Callable[[str], None]
CHECKPOINTS = (
    "vault_built",
    "release_built",
    "vault_placed",
    "release_placed",
    "current_linked",
    "current_switched",
    "vault_linked",
    "vault_switched",
    "expired",
)


@dataclass(frozen=True)
class Release:
    """A published release: its number, its folder, the day it describes."""

    seq: int
    path: Path
    as_of: date


def release_table(store: Store, table: Table, as_of: date) -> ReleaseTable:
    """What a release of `as_of` shows of a table; tables kept only in their latest state may be older."""
    main = store.latest(table, as_of) if table.retention == "latest" else store.partition(table, as_of)
    if main is None:
        raise NightFailed(f"table {table.name} has no partition for {as_of}", fix="run that day again")
    return ReleaseTable(table, as_of, main, _history(store, table, as_of))


def _history(store: Store, table: Table, as_of: date) -> list[Partition]:
    """Small tables: all retained days. Per-customer tables: the last month-ends."""
    if table.history == "none":
        return []
    retained = [part for part in store.partitions(table) if part.as_of <= as_of]
    if table.history == "small":
        return retained
    return [part for part in retained if is_month_end(part.as_of)][-HISTORY_MONTH_ENDS:]


def is_month_end(day: date) -> bool:
    """Whether a day is the last of its month."""
    return (day + timedelta(days=1)).day == 1


def publish(
    warehouse: Path,
    tables: Sequence[ReleaseTable],
    as_of: date,
    *,
    vault: Sequence[ReleaseTable] = (),
    currency: str = "IDR",
    keep: int = KEPT_RELEASES,
    extra: Hook | None = None,
    checkpoint: Checkpoint = lambda name: None,
) -> Release:
    """Build a release and its vault, then switch readers to it. On any failure the last release stays.

    A table that is not `published` stays out of the file: the manifest names its Parquet for `satu query`.
    `checkpoint` is called with each name in CHECKPOINTS as that step is done; crash tests stop there.
    """
    seq = 1 + max(_sequences(warehouse), default=0)
    name = f"{seq:06d}"
    releases, vaults = warehouse / RELEASES, warehouse / VAULT_RELEASES
    making, vault_making = (folder / f"{TEMPORARY_PREFIX}{name}" for folder in (releases, vaults))
    manifest = {"seq": seq, "as_of": as_of.isoformat(), "currency": currency, "vault": seq if vault else None}
    try:
        if vault:
            private_dir(private_dir(vaults) / vault_making.name)
            is_encrypted = is_written_encrypted(warehouse)
            if not is_encrypted:
                build_file(vault_making / VAULT_FILE, vault, seq=seq, currency=currency)
            _seal(warehouse, vault_making, None if is_encrypted else VAULT_FILE, vault, manifest, 0o600)
            checkpoint("vault_built")
        making.mkdir(parents=True)
        in_file = [entry for entry in tables if entry.table.published]
        build_file(making / RELEASE_FILE, in_file, seq=seq, currency=currency, extra=extra)
        _seal(warehouse, making, RELEASE_FILE, tables, manifest, 0o444)
        checkpoint("release_built")
        if vault:
            _place(vault_making, vaults / name)
            checkpoint("vault_placed")
        _place(making, releases / name)
        checkpoint("release_placed")
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        raise refusal(error) or NightFailed(
            f"the release for {as_of} could not be written ({type(error).__name__})",
            file=warehouse,
            fix="the last release stays; see that the disk has room, then run again",
        ) from error
    finally:
        for folder in (making, vault_making):
            shutil.rmtree(folder, ignore_errors=True)
    switch(warehouse / CURRENT, f"{RELEASES}/{name}", lambda: checkpoint("current_linked"))
    checkpoint("current_switched")
    align_vault(warehouse, lambda: checkpoint("vault_linked"))
    checkpoint("vault_switched")
    expire(warehouse, keep)
    checkpoint("expired")
    return Release(seq, releases / name, as_of)


def current_release(warehouse: Path) -> Release | None:
    """The release readers see now; None before the first."""
    return _release((warehouse / CURRENT).resolve())


def kept_releases(warehouse: Path) -> list[Release]:
    """The current release and the older ones still on disk, oldest first."""
    current = current_release(warehouse)
    found = (_release(folder) for folder in sorted((warehouse / RELEASES).glob("[0-9]*")))
    return [release for release in found if release and current and release.seq <= current.seq]


def manifest_of(release: Release) -> dict[str, Any]:
    """What a release says of itself: {seq, as_of, currency, vault, tables, files}."""
    content: dict[str, Any] = json.loads((release.path / MANIFEST).read_bytes())
    return content


def referenced_files(warehouse: Path) -> set[Path]:
    """The Parquet files the kept releases name, resolved; retention and recovery leave them alone."""
    named: set[Path] = set()
    for release in kept_releases(warehouse):
        vault = warehouse / VAULT_RELEASES / release.path.name / MANIFEST
        for manifest in (release.path / MANIFEST, vault):
            if manifest.exists():
                entries = json.loads(manifest.read_bytes())["tables"]
                named |= {(warehouse / entry["parquet"]).resolve() for entry in entries}
    return named


def expire(warehouse: Path, keep: int) -> list[Path]:
    """Remove all but the last `keep` releases, oldest first; open readers keep what they have open.

    An erasure publishes anew, expires with `keep=1` and then recovers, so that no older copy remains.
    """
    removed = []
    for release in kept_releases(warehouse)[: -max(keep, 1)]:
        for folder in (release.path, warehouse / VAULT_RELEASES / release.path.name):
            if folder.exists():
                remove_folder(folder)
                removed.append(folder)
    return removed


def align_vault(warehouse: Path, linked: Callable[[], None] = lambda: None) -> bool:
    """Point `vault.duckdb` at the vault the current release names; True when the link had to move."""
    release = current_release(warehouse)
    link = warehouse / VAULT_FILE
    named = release is not None and manifest_of(release)["vault"] is not None
    target = f"{VAULT_RELEASES}/{release.path.name}/{VAULT_FILE}" if release is not None else ""
    if not named or not (warehouse / target).exists():
        stale = link.is_symlink()
        link.unlink(missing_ok=True)
        return stale
    if link.is_symlink() and os.readlink(link) == target:
        return False
    switch(link, target, linked)
    return True


def switch(link: Path, target: str, linked: Callable[[], None] = lambda: None) -> None:
    """Point a symbolic link elsewhere in one instant."""
    temporary = link.with_name(f"{TEMPORARY_PREFIX}{link.name}")
    temporary.unlink(missing_ok=True)
    os.symlink(target, temporary)
    linked()
    os.replace(temporary, link)
    fsync_dir(link.parent)


def remove_folder(folder: Path) -> None:
    """Remove a folder of a release; it loses its name first, so no half of it is ever seen."""
    going = folder.with_name(f"{TEMPORARY_PREFIX}{folder.name}-removed")
    os.replace(folder, going)
    fsync_dir(folder.parent)
    shutil.rmtree(going)


def _seal(
    warehouse: Path,
    folder: Path,
    name: str | None,
    tables: Sequence[ReleaseTable],
    head: dict[str, Any],
    mode: int,
) -> None:
    """Sync the database file, fix its mode and write the manifest beside it."""
    files = [] if name is None else [_synced(folder / name, mode)]
    described = [
        {
            "name": entry.table.name,
            "rows": entry.main.rows,
            "as_of": entry.as_of.isoformat(),
            "checksum": entry.main.sha256,
            "parquet": str(entry.main.path.resolve().relative_to(warehouse.resolve())),
            "in_file": entry.table.published,
            "history": [part.as_of.isoformat() for part in entry.history],
        }
        for entry in tables
    ]
    text = json.dumps(head | {"tables": described, "files": files}, indent=2) + "\n"
    write_atomic(folder / MANIFEST, text.encode(), mode)


def _synced(file: Path, mode: int) -> dict[str, Any]:
    with file.open("rb") as handle:
        os.fsync(handle.fileno())
        checksum = hashlib.file_digest(handle, "sha256").hexdigest()
    file.chmod(mode)
    return {"name": file.name, "bytes": file.stat().st_size, "sha256": checksum}


def _place(making: Path, folder: Path) -> None:
    os.replace(making, folder)
    fsync_dir(folder.parent)


def _release(folder: Path) -> Release | None:
    """The release in a folder, read from its manifest; None when there is none."""
    try:
        content = json.loads((folder / MANIFEST).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    return Release(content["seq"], folder, date.fromisoformat(content["as_of"]))


def _sequences(warehouse: Path) -> list[int]:
    """All release numbers in use, also by a release that was never switched to."""
    folders = [*(warehouse / RELEASES).glob("[0-9]*"), *(warehouse / VAULT_RELEASES).glob("[0-9]*")]
    return [int(folder.name) for folder in folders if folder.name.isdigit()]
