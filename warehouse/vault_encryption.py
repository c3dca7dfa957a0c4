"""Encrypting all private files of a warehouse, and making them plain again.

`vault_key.json` says which of the two is under way before the first file is written anew, and files say of
themselves what they are: cut off anywhere, it goes on where it was, whichever command takes the lock next.
Releases of people in DuckDB's form and the state of matching are removed; they can be made again.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from warehouse.encrypted_files import copy_content, is_encrypted, is_written_encrypted, written_key
from warehouse.errors import ConfigError
from warehouse.files import fsync_dir, write_atomic
from warehouse.publish import VAULT_FILE, VAULT_RELEASES
from warehouse.vault_key import forget, set_state, state_of

PRIVATE = (
    "raw/**/*.parquet",
    "raw/**/*.json",
    "vault/**/*.parquet",
    "vault/*.json",
    "ledger/anchors.parquet",
    "ledger/exports/*.parquet",
)
"""What is encrypted of a warehouse. Manifests and descriptions of records hold counts and stay plain."""


def private_files(warehouse: Path) -> Iterator[Path]:
    """The files that are encrypted where files are."""
    for pattern in PRIVATE:
        yield from (path for path in sorted(warehouse.glob(pattern)) if path.is_file())


def refuse_other_state(warehouse: Path) -> None:
    """ConfigError when the vault was encrypted, or made plain, since this process opened the workspace."""
    if (state_of(warehouse) in ("encrypting", "encrypted")) != is_written_encrypted(warehouse):
        raise ConfigError(
            "the vault was encrypted or decrypted since this process began", fix="start the command again"
        )


def is_under_way(warehouse: Path) -> bool:
    """Whether some files are still as they should no longer be."""
    return state_of(warehouse) in ("encrypting", "decrypting")


def rewrite_files(warehouse: Path) -> None:
    """Write every private file anew that is not as the state says. For who holds the warehouse lock."""
    key = written_key(warehouse)
    for path in sorted((warehouse / VAULT_RELEASES).glob(f"*/{VAULT_FILE}")):
        path.unlink()
        fsync_dir(path.parent)
    shutil.rmtree(warehouse / "vault" / "matching", ignore_errors=True)
    for path in private_files(warehouse):
        if is_encrypted(path) != (key is not None):
            _rewrite(path, key)
    if key is None:
        forget(warehouse)
    else:
        set_state(warehouse, "encrypted")


def _rewrite(path: Path, key: bytes | None) -> None:
    mode = path.stat().st_mode & 0o777
    write_atomic(path, lambda temporary: copy_content(path, temporary, key), mode)
