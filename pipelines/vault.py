"""Encrypting a workspace's vault, making it plain again, giving it another key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.errors import ConfigError, InputError
from warehouse.recovery import finish_encryption, writing
from warehouse.vault_encryption import private_files
from warehouse.vault_key import (
    company_key,
    create,
    is_kept,
    known_source,
    opened_key,
    reseal,
    set_state,
    unlock,
)
from warehouse.workspace import Workspace, read_workspace

LOCK_SECONDS = 6 * 3600.0


def encrypt(home: Path) -> int:
    """Encrypt every private file, now and from now on; how many there are. Waits for the night to end.

    ConfigError when satu.yaml names no key, or another one than files are encrypted with already.
    """
    with _held(home) as workspace:
        source = _source(workspace)
        if not is_kept(workspace.warehouse):
            create(workspace.warehouse, company_key(source, workspace.home))
        finish_encryption(workspace.warehouse)
        return sum(1 for _ in private_files(workspace.warehouse))


def decrypt(home: Path) -> int:
    """Make every private file plain again; how many there are."""
    if not is_kept(read_workspace(home).warehouse):
        raise InputError("the vault is not encrypted", fix="take `encryption` out of satu.yaml")
    with _held(home) as workspace:
        if is_kept(workspace.warehouse):  # else one that was cut off has just been finished
            set_state(workspace.warehouse, "decrypting")
            unlock(workspace.warehouse, workspace.home, _source(workspace))
            finish_encryption(workspace.warehouse)
        return sum(1 for _ in private_files(workspace.warehouse))


def rekey(home: Path, source: str) -> None:
    """Let the key that `source` names open the vault from now on, and the former key no longer."""
    with _held(home) as workspace:
        if not is_kept(workspace.warehouse):
            raise InputError("the vault is not encrypted", fix="run `satu vault encrypt` first")
        new = company_key(known_source(source), workspace.home)
        vault_key = opened_key(workspace.warehouse, workspace.home, _source(workspace))
        reseal(workspace.warehouse, vault_key, new)


@contextmanager
def _held(home: Path) -> Iterator[Workspace]:
    """The workspace, its files readable, under the warehouse's lock; what was cut off is finished."""
    workspace = read_workspace(home)
    unlock(workspace.warehouse, workspace.home, workspace.settings.encryption_key)
    with writing(workspace.warehouse, LOCK_SECONDS):
        yield workspace


def _source(workspace: Workspace) -> str:
    source = workspace.settings.encryption_key
    if source is None:
        raise ConfigError(
            "satu.yaml names no key for the vault",
            fix="write `encryption: {key: env:SATU_VAULT_KEY}` into it",
        )
    return source
