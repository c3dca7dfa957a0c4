"""The key of a workspace's encrypted files.

    <warehouse>/ledger/vault_key.json     0600: the files' own key, sealed by the one the company keeps

The files' key is random and never changes; what satu.yaml names (32 bytes in base64, or a passphrase) only
opens it, so that another company key means one small file written anew. Without vault_key.json, or without
the company's key, nobody reads the encrypted files again. It also says what is under way, so that what was
cut off is finished.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from warehouse.encrypted_files import remember
from warehouse.errors import ConfigError, InputError
from warehouse.files import private_dir, write_atomic
from warehouse.sources.environment import PREFIX, checked, resolved
from warehouse.yamltext import YamlNode

FILE = "vault_key.json"
STORED_FILE_PREFIX = "file:"
SHORTEST_PASSPHRASE = 16
_FORMAT = 1
_KEY_BYTES = 32
_NONCE_BYTES = 12
_PURPOSE = b"satu vault key"
_EXAMPLES = "env:SATU_VAULT_KEY, or file:/etc/satu/vault.key"
_STRETCHED = {"n": 1 << 16, "r": 8, "p": 1}

State = Literal["encrypting", "encrypted", "decrypting"]


@dataclass(frozen=True, repr=False)
class CompanyKey:
    """What the company keeps: 32 random bytes, or a passphrase, stretched so that guessing is slow."""

    value: bytes
    is_passphrase: bool


@dataclass(frozen=True, repr=False)
class VaultKey:
    """The key of a warehouse's files, and how far its files are."""

    key: bytes
    state: State


def read_key_source(node: YamlNode) -> str:
    """`encryption.key` of satu.yaml: it names where the key is and never is the key."""
    text = checked(node)
    if not _names_a_place(text):
        raise node.error("the key itself does not belong here", f"write {_EXAMPLES}")
    return text


def known_source(text: str) -> str:
    """The same for an argument of a command."""
    if not _names_a_place(text):
        raise InputError("this does not name where the key is", fix=f"write {_EXAMPLES}")
    return text


def company_key(source: str, home: Path) -> CompanyKey:
    """The key a source names. ConfigError when it is missing or too weak."""
    if source.startswith(STORED_FILE_PREFIX):
        path = home / source.removeprefix(STORED_FILE_PREFIX)
        try:
            value = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise ConfigError(
                "the key of the vault cannot be read", file=path, fix="see that it is there and yours"
            ) from None
    else:
        value = resolved(source).strip()
    try:
        key = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) == _KEY_BYTES:
        return CompanyKey(key, is_passphrase=False)
    if len(value) < SHORTEST_PASSPHRASE:
        raise ConfigError(
            f"the key of the vault ({source}) is too short",
            fix=f"use 32 random bytes in base64 (openssl rand -base64 32) or {SHORTEST_PASSPHRASE} letters",
        )
    return CompanyKey(value.encode(), is_passphrase=True)


def is_kept(warehouse: Path) -> bool:
    """Whether this warehouse has a key: its files are encrypted, or are becoming so or plain again."""
    return _file(warehouse).is_file()


def unlock(warehouse: Path, home: Path, source: str | None) -> VaultKey | None:
    """Make the encrypted files of a warehouse readable in this process; None when nothing is encrypted.

    ConfigError when the key is missing or another one.
    """
    if not is_kept(warehouse):
        remember(warehouse, None, is_written=False)
        return None
    if source is None:
        raise ConfigError(
            "the vault is encrypted and satu.yaml names no key",
            fix="write `encryption: {key: env:SATU_VAULT_KEY}` into it, as it was",
        )
    vault_key = opened_key(warehouse, home, source)
    remember(warehouse, vault_key.key, is_written=vault_key.state != "decrypting")
    return vault_key


def create(warehouse: Path, company: CompanyKey) -> VaultKey:
    """A new key for files that are to be encrypted from now on."""
    return _kept(warehouse, VaultKey(os.urandom(_KEY_BYTES), "encrypting"), company)


def set_state(warehouse: Path, state: State) -> None:
    """Write down how far the files are."""
    content = _read(warehouse) | {"state": state}
    _write(warehouse, content)


def state_of(warehouse: Path) -> State | None:
    """How far the files are; None when nothing is encrypted."""
    return _read(warehouse)["state"] if is_kept(warehouse) else None


def reseal(warehouse: Path, vault_key: VaultKey, company: CompanyKey) -> None:
    """Let another company key open the files' key from now on, and the former no longer."""
    _kept(warehouse, vault_key, company)


def forget(warehouse: Path) -> None:
    """Remove the key: no file needs it any longer."""
    _file(warehouse).unlink(missing_ok=True)
    remember(warehouse, None, is_written=False)


def _kept(warehouse: Path, vault_key: VaultKey, company: CompanyKey) -> VaultKey:
    salt, nonce = os.urandom(_KEY_BYTES), os.urandom(_NONCE_BYTES)
    sealed = nonce + _cipher(company, salt).encrypt(nonce, vault_key.key, _PURPOSE)
    content = {
        "format": _FORMAT,
        "state": vault_key.state,
        "salt": base64.b64encode(salt).decode(),
        "sealed": base64.b64encode(sealed).decode(),
    }
    _write(warehouse, content)
    remember(warehouse, vault_key.key, is_written=vault_key.state != "decrypting")
    return vault_key


def opened_key(warehouse: Path, home: Path, source: str) -> VaultKey:
    """The key of a warehouse's files; ConfigError when the source names another one than opens it."""
    content = _read(warehouse)
    salt, sealed = (base64.b64decode(content[name]) for name in ("salt", "sealed"))
    cipher = _cipher(company_key(source, home), salt)
    from cryptography.exceptions import InvalidTag

    try:
        key = cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _PURPOSE)
    except InvalidTag:
        raise ConfigError(
            f"the key in {source} is not the one this vault was encrypted with", fix="give the right key"
        ) from None
    return VaultKey(key, content["state"])


def _cipher(company: CompanyKey, salt: bytes) -> Any:
    """What seals the files' key."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if not company.is_passphrase:
        return AESGCM(company.value)
    return AESGCM(hashlib.scrypt(company.value, salt=salt, maxmem=128 << 20, dklen=_KEY_BYTES, **_STRETCHED))


def _names_a_place(text: str) -> bool:
    return text.startswith((PREFIX, STORED_FILE_PREFIX)) and text not in (PREFIX, STORED_FILE_PREFIX)


def _read(warehouse: Path) -> dict[str, Any]:
    path = _file(warehouse)
    try:
        content: dict[str, Any] = json.loads(path.read_bytes())
        content["state"], content["salt"], content["sealed"]
    except (ValueError, KeyError, TypeError):
        raise ConfigError(
            "the key of the vault is damaged", file=path, fix="restore it from a backup"
        ) from None
    return content


def _write(warehouse: Path, content: dict[str, Any]) -> None:
    private_dir(_file(warehouse).parent)
    write_atomic(_file(warehouse), json.dumps(content, indent=1).encode(), 0o600)


def _file(warehouse: Path) -> Path:
    return warehouse / "ledger" / FILE
