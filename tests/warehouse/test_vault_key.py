"""The key of encrypted files: where it may be, what opens it, and what is said when it does not."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest

from warehouse.encrypted_files import remember
from warehouse.errors import ConfigError, InputError
from warehouse.settings import read_settings
from warehouse.vault_key import (
    company_key,
    create,
    known_source,
    opened_key,
    reseal,
    set_state,
    state_of,
    unlock,
)

SOURCE = "env:TEST_VAULT_KEY"
RANDOM = base64.b64encode(bytes(range(32))).decode()
PASSPHRASE = "kuda lari di pantai"


@pytest.fixture
def keep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """A warehouse whose key is sealed by what the environment holds."""

    def kept(value: str) -> Path:
        monkeypatch.setenv("TEST_VAULT_KEY", value)
        create(tmp_path / "warehouse", company_key(SOURCE, tmp_path))
        remember(tmp_path / "warehouse", None, is_written=False)
        return tmp_path / "warehouse"

    return kept


def settings_with(tmp_path: Path, line: str) -> str | None:
    path = tmp_path / "satu.yaml"
    path.write_text(f"company: Toko\n{line}\n", encoding="utf-8")
    return read_settings(path).encryption_key


@pytest.mark.parametrize("source", ["env:SATU_VAULT_KEY", "file:/etc/satu/vault.key"])
def test_settings_name_where_the_key_is(tmp_path: Path, source: str) -> None:
    assert settings_with(tmp_path, f"encryption: {{key: {source}}}") == source
    assert settings_with(tmp_path, "") is None


@pytest.mark.parametrize("value", [RANDOM, "env:", "file:", "env:not a name"])
def test_a_key_does_not_stand_in_the_settings(tmp_path: Path, value: str) -> None:
    with pytest.raises(ConfigError, match=r"satu\.yaml line 2") as told:
        settings_with(tmp_path, f"encryption: {{key: '{value}'}}")
    assert RANDOM not in str(told.value)


def test_the_key_of_a_company_does_not_make_days_stale(tmp_path: Path) -> None:
    path = tmp_path / "satu.yaml"
    path.write_text("company: Toko\nencryption: {key: env:A}\n", encoding="utf-8")
    with_key = repr(read_settings(path))
    path.write_text("company: Toko\n", encoding="utf-8")
    assert with_key == repr(read_settings(path))


@pytest.mark.parametrize("value", [RANDOM, PASSPHRASE, "p" * 32])
def test_what_sealed_the_key_opens_it(keep: Callable[[str], Path], tmp_path: Path, value: str) -> None:
    warehouse = keep(value)
    first = unlock(warehouse, tmp_path, SOURCE)
    assert first is not None and len(first.key) == 32 and first.state == "encrypting"
    assert value not in (warehouse / "ledger" / "vault_key.json").read_text()
    assert value not in repr(first) + repr(company_key(SOURCE, tmp_path))
    set_state(warehouse, "encrypted")
    again = unlock(warehouse, tmp_path, SOURCE)
    assert again is not None and (again.key, again.state) == (first.key, "encrypted")
    remember(warehouse, None, is_written=False)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "the environment variable TEST_VAULT_KEY is not set"),
        ("satu dua tiga", r"the key of the vault \(env:TEST_VAULT_KEY\) is too short"),
        (RANDOM.replace("A", "B"), "is not the one this vault was encrypted with"),
        (PASSPHRASE, "is not the one this vault was encrypted with"),
    ],
)
def test_another_key_opens_nothing(
    keep: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, message: str
) -> None:
    warehouse = keep(RANDOM)
    monkeypatch.setenv("TEST_VAULT_KEY", value)
    with pytest.raises(ConfigError, match=message) as told:
        unlock(warehouse, tmp_path, SOURCE)
    assert not value or value not in str(told.value)


def test_an_encrypted_vault_needs_a_key_in_the_settings(keep: Callable[[str], Path], tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"the vault is encrypted and satu\.yaml names no key"):
        unlock(keep(RANDOM), tmp_path, None)


def test_a_key_in_a_file_is_read_beside_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "vault.key").write_text(f"{RANDOM}\n", encoding="ascii")
    assert company_key("file:vault.key", tmp_path).value == bytes(range(32))
    with pytest.raises(ConfigError, match="the key of the vault cannot be read"):
        company_key("file:other.key", tmp_path)


def test_a_new_key_takes_the_place_of_the_former(
    keep: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = keep(RANDOM)
    before = opened_key(warehouse, tmp_path, SOURCE)
    monkeypatch.setenv("NEW_VAULT_KEY", PASSPHRASE)
    reseal(warehouse, before, company_key("env:NEW_VAULT_KEY", tmp_path))
    remember(warehouse, None, is_written=False)
    assert opened_key(warehouse, tmp_path, "env:NEW_VAULT_KEY").key == before.key
    with pytest.raises(ConfigError, match="is not the one"):
        opened_key(warehouse, tmp_path, SOURCE)


def test_a_damaged_key_file_is_told(keep: Callable[[str], Path], tmp_path: Path) -> None:
    warehouse = keep(RANDOM)
    (warehouse / "ledger" / "vault_key.json").write_text("{", encoding="ascii")
    with pytest.raises(ConfigError, match=r"vault_key\.json: the key of the vault is damaged"):
        unlock(warehouse, tmp_path, SOURCE)


def test_a_command_takes_a_place_and_no_key() -> None:
    assert known_source("file:vault.key") == "file:vault.key"
    with pytest.raises(InputError, match="does not name where the key is") as told:
        known_source(RANDOM)
    assert RANDOM not in str(told.value)


def test_nothing_is_encrypted_without_a_key(tmp_path: Path) -> None:
    assert state_of(tmp_path) is None and unlock(tmp_path, tmp_path, None) is None
