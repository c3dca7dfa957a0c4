"""Clean-up at the start of every writing command, after a night that was killed at any instant.

Nothing here decides what is true: manifests and the link `current` do. What they do not name was never
committed, or is superseded, and goes. No Parquet file is opened.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.files import TEMPORARY_PREFIX, file_lock
from warehouse.publish import (
    CURRENT,
    RELEASES,
    VAULT_FILE,
    VAULT_RELEASES,
    align_vault,
    referenced_files,
    remove_folder,
)
from warehouse.sources.staged import clear_unfinished_pulls
from warehouse.store import MANIFEST, read_partition
from warehouse.vault_encryption import is_under_way, refuse_other_state, rewrite_files
from warehouse.withheld import withholding_values

LOCK = ".lock"
SCRATCH = ("staging", "spill")
LOCK_SECONDS = 60.0


@contextmanager
def writing(warehouse: Path, timeout_seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """The warehouse for one writer at a time; the first one makes its folder, readable for BI.

    What was cut off in the middle of an encryption is finished, what killed pulls left in landing is gone.
    """
    with withholding_values():
        if not warehouse.is_dir():
            warehouse.mkdir(parents=True, exist_ok=True)
            warehouse.chmod(0o755)
        with file_lock(warehouse / LOCK, timeout_seconds):
            refuse_other_state(warehouse)
            finish_encryption(warehouse)
            clear_unfinished_pulls(warehouse)
            yield


def finish_encryption(warehouse: Path) -> None:
    """Carry on where files were being encrypted, or made plain again. For who holds the warehouse lock."""
    if is_under_way(warehouse):
        for _ in (*_clear_scratch(warehouse), *_clear_temporary(warehouse)):
            pass
        rewrite_files(warehouse)
        align_vault(warehouse)


def recover(warehouse: Path) -> list[Path]:
    """Clean under the warehouse lock; what was removed or realigned, in order."""
    with writing(warehouse):
        return clean(warehouse)


def clean(warehouse: Path, *written_under_its_lock: Path) -> list[Path]:
    """The same for a caller that holds the warehouse lock already; in other folders, names never finished."""
    cleaned = [*_clear_scratch(warehouse), *_clear_temporary(warehouse), *_clear_releases(warehouse)]
    cleaned += [path for folder in written_under_its_lock for path in _clear_temporary(folder)]
    if align_vault(warehouse):
        cleaned.append(warehouse / VAULT_FILE)
    return [*cleaned, *_clear_partitions(warehouse)]


def _clear_scratch(warehouse: Path) -> Iterator[Path]:
    """Rows staged for a gate that never decided, and what an engine spilled."""
    for folder in SCRATCH:
        for path in sorted((warehouse / folder).glob("*")):
            _remove(path)
            yield path


def _clear_temporary(warehouse: Path) -> Iterator[Path]:
    """Files, folders and links that never got their final name."""
    for folder, folders, files in os.walk(warehouse):
        for name in sorted([*folders, *files]):
            if name.startswith(TEMPORARY_PREFIX):
                path = Path(folder, name)
                _remove(path)
                yield path
        folders[:] = [name for name in folders if not name.startswith(TEMPORARY_PREFIX)]


def _clear_releases(warehouse: Path) -> Iterator[Path]:
    """Releases newer than `current` were never switched to; a vault without its release has no reader."""
    current = warehouse / CURRENT
    newest = int(Path(os.readlink(current)).name) if current.is_symlink() else 0
    for folder in sorted((warehouse / RELEASES).glob("[0-9]*")):
        if int(folder.name) > newest:
            remove_folder(folder)
            yield folder
    for folder in sorted((warehouse / VAULT_RELEASES).glob("[0-9]*")):
        if not (warehouse / RELEASES / folder.name).exists():
            remove_folder(folder)
            yield folder


def _clear_partitions(warehouse: Path) -> Iterator[Path]:
    """Files in partition folders that neither the manifest nor a kept release names."""
    referenced = referenced_files(warehouse)
    for zone in ("lake", "vault"):
        for folder in sorted((warehouse / zone).glob("*/as_of=*")):
            partition = read_partition(folder)
            named = {partition.path, folder / MANIFEST} if partition else set()
            for path in sorted(folder.iterdir()):
                if path not in named and path.resolve() not in referenced:
                    path.unlink()
                    yield path
            if not any(folder.iterdir()):
                folder.rmdir()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
