"""`satu vault` as people use it: the same tables, and nothing on disk that names anybody."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from assets.context import open_context
from data_quality.leaks import scan_for_values
from tests.pipelines.steward import DAY, NEXT_DAY
from tests.support.nights import TILL_COLUMNS, Said, checksums, copied, deliver, night, satu
from tests.support.workspaces import ROOT
from warehouse.encrypted_files import is_encrypted
from warehouse.errors import ConfigError
from warehouse.recovery import writing
from warehouse.vault_encryption import private_files

KEY, OTHER_KEY = "a passphrase of the tests", "another passphrase of the tests"
SETTING = "encryption: {key: env:TEST_VAULT_KEY}\n"
PEOPLE = ("Sri Hartati", "sri@toko.id", "81234567801", "bayu@toko.id", "Rina Wati", "Dewi Anggraini")
VAULT_QUERY = "SELECT * FROM vault.customer_profile ORDER BY ALL"
KILLED = """
import os, signal, sys
from pipelines.cli import main

left, replace = int(sys.argv[1]), os.replace

def counted(*names, **more):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    replace(*names, **more)

os.replace = counted
main(sys.argv[2:])
"""


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_VAULT_KEY", KEY)


@pytest.fixture
def keyed_shop(own_shop: Path) -> Path:
    """A shop whose settings name a key, and whose files are still plain."""
    settings = own_shop / "satu.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + SETTING, encoding="utf-8")
    return own_shop


@pytest.fixture
def hidden_shop(keyed_shop: Path) -> Path:
    """The shop, encrypted."""
    assert done("vault", "encrypt", "--home", keyed_shop).out.startswith("the vault is encrypted: ")
    return keyed_shop


def done(*words: str | Path) -> Said:
    said = satu(*words)
    assert said.code == 0, said.err
    return said


def profiles(home: Path) -> str:
    return done("query", "--vault", "--format", "json", VAULT_QUERY, "--home", home).out


def plain_files(home: Path) -> list[Path]:
    return [path for path in private_files(home / "warehouse") if not is_encrypted(path)]


def in_plain_bytes(home: Path) -> set[str]:
    """The people whose identifiers stand anywhere in the warehouse for who has no key."""
    contents = [path.read_bytes().lower() for path in (home / "warehouse").rglob("*") if path.is_file()]
    return {who for who in PEOPLE if any(who.lower().encode() in content for content in contents)}


def fingers(home: Path) -> dict[str, str]:
    """Every file below the warehouse, by its bytes; locks and the record of looks aside."""
    files = [path for path in (home / "warehouse").rglob("*") if path.is_file()]
    kept = [path for path in files if path.name != "access.jsonl" and not path.name.endswith(".lock")]
    return {str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest() for path in kept}


def next_delivery(home: Path) -> None:
    sale = {"receipt": "R3", "day": NEXT_DAY, "customer": "10", "name": "Rina Wati", "item": "B", "amount": 5}
    deliver(home, f"till/{NEXT_DAY}.csv", TILL_COLUMNS, sale)


@pytest.mark.slow
def test_a_shop_is_encrypted_lives_on_and_becomes_plain_again(
    shop: Path, keyed_shop: Path, tmp_path: Path
) -> None:
    home, plain = keyed_shop, copied(shop, tmp_path / "plain")
    assert in_plain_bytes(home) >= {"Sri Hartati", "bayu@toko.id", "sri@toko.id"}
    done("vault", "encrypt", "--home", home)
    assert not plain_files(home) and not in_plain_bytes(home)
    assert profiles(home) == profiles(plain) and checksums(home) == checksums(shop)
    assert scan_for_values(home / "warehouse", [PEOPLE[0]]), "who has the key still finds what is stored"
    assert json.loads(done("status", "--json", "--home", home).out)["is_vault_encrypted"]
    assert not (home / "warehouse" / "vault.duckdb").exists()

    for place in (home, plain):
        next_delivery(place)
        night(place, NEXT_DAY, publish=True)
    assert checksums(home) == checksums(plain)
    assert profiles(home) == profiles(plain)
    assert not plain_files(home) and not in_plain_bytes(home)
    assert list((home / "warehouse" / "vault" / "matching").glob("*.arrow"))
    assert not list((home / "warehouse").rglob("vault.duckdb"))

    done("vault", "decrypt", "--home", home)
    settings = home / "satu.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace(SETTING, ""), encoding="utf-8")
    assert not any(is_encrypted(path) for path in private_files(home / "warehouse"))
    assert not (home / "warehouse" / "ledger" / "vault_key.json").exists()
    assert profiles(home) == profiles(plain)
    night(home, NEXT_DAY, publish=True)
    assert checksums(home) == checksums(plain)
    assert (home / "warehouse" / "vault.duckdb").exists()


@pytest.mark.slow
def test_a_shop_that_begins_encrypted_makes_the_same_tables(shop: Path, tmp_path: Path) -> None:
    home = copied(shop, tmp_path / "new")
    for folder in ("warehouse", "models"):
        shutil.rmtree(home / folder)
    settings = home / "satu.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + SETTING, encoding="utf-8")
    assert done("vault", "encrypt", "--home", home).out == "the vault is encrypted: 0 files\n"
    night(home, DAY, publish=True)
    assert checksums(home) == checksums(shop)
    assert not plain_files(home) and not in_plain_bytes(home)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (None, "the environment variable TEST_VAULT_KEY is not set"),
        (OTHER_KEY, "is not the one this vault was encrypted with"),
    ],
    ids=["no key", "another key"],
)
@pytest.mark.parametrize(
    "words", [("status",), ("run",), ("vault", "encrypt"), ("vault", "decrypt")], ids=str
)
def test_without_its_key_no_command_does_anything(
    hidden_shop: Path, monkeypatch: pytest.MonkeyPatch, key: str | None, message: str, words: tuple[str, ...]
) -> None:
    before = fingers(hidden_shop)
    if key is None:
        monkeypatch.delenv("TEST_VAULT_KEY")
    else:
        monkeypatch.setenv("TEST_VAULT_KEY", key)
    said = satu(*words, "--home", hidden_shop)
    assert said.code == 2 and message in said.err and said.err.count("\n") == 1
    assert KEY not in said.err and OTHER_KEY not in said.err
    assert fingers(hidden_shop) == before


def test_a_key_in_the_settings_alone_hides_nothing_and_is_told(keyed_shop: Path) -> None:
    said = satu("run", "--home", keyed_shop)
    assert said.code == 2 and "run `satu vault encrypt`, or take `encryption` out" in said.err


def test_a_process_that_opened_the_workspace_before_writes_nothing_plain(keyed_shop: Path) -> None:
    settings = keyed_shop / "satu.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace(SETTING, ""), encoding="utf-8")
    early = open_context(keyed_shop)
    settings.write_text(text, encoding="utf-8")
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    words = [sys.executable, "-m", "pipelines", "vault", "encrypt", "--home", keyed_shop]
    subprocess.run(words, check=True, capture_output=True, env=environment)
    with pytest.raises(ConfigError, match="start the command again"), writing(early.workspace.warehouse):
        raise AssertionError("the lock was given")


def test_another_key_opens_the_vault_and_the_former_no_longer(
    hidden_shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, people = fingers(hidden_shop), profiles(hidden_shop)
    monkeypatch.setenv("NEW_VAULT_KEY", OTHER_KEY)
    assert satu("vault", "rekey", "--to", KEY, "--home", hidden_shop).code == 2
    done("vault", "rekey", "--to", "env:NEW_VAULT_KEY", "--home", hidden_shop)
    changed = {name for name, digest in fingers(hidden_shop).items() if before[name] != digest}
    assert changed == {"warehouse/ledger/vault_key.json"}
    assert satu("status", "--home", hidden_shop).code == 2
    settings = hidden_shop / "satu.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("TEST_", "NEW_"), encoding="utf-8")
    assert profiles(hidden_shop) == people


@pytest.mark.parametrize(
    "replaced", [3, *(pytest.param(count, marks=pytest.mark.slow) for count in (1, 2, 11, 17))]
)
def test_encrypting_that_was_killed_is_finished_by_the_same_command(keyed_shop: Path, replaced: int) -> None:
    assert killed(keyed_shop, replaced, "encrypt")
    assert plain_files(keyed_shop)
    people = profiles(keyed_shop)
    assert "`satu vault` was cut off" in done("status", "--home", keyed_shop).out
    done("vault", "encrypt", "--home", keyed_shop)
    is_finished(keyed_shop, people)


@pytest.mark.slow
def test_encrypting_that_was_killed_is_finished_by_the_next_night(keyed_shop: Path) -> None:
    assert killed(keyed_shop, 5, "encrypt")
    people = profiles(keyed_shop)
    night(keyed_shop, DAY, publish=True)
    is_finished(keyed_shop, people)


@pytest.mark.slow
def test_encrypting_that_was_killed_before_it_began_changed_nothing(keyed_shop: Path) -> None:
    before = fingers(keyed_shop)
    assert killed(keyed_shop, 0, "encrypt")
    left = {name: digest for name, digest in fingers(keyed_shop).items() if "/.tmp-" not in name}
    assert left == before
    done("vault", "encrypt", "--home", keyed_shop)
    is_finished(keyed_shop, profiles(keyed_shop))


def is_finished(home: Path, people: str) -> None:
    assert not plain_files(home) and not in_plain_bytes(home)
    assert not list((home / "warehouse").rglob(".tmp-*"))
    assert profiles(home) == people
    assert "vault       encrypted" in done("status", "--home", home).out


@pytest.mark.slow
@pytest.mark.parametrize("replaced", [0, 1, 7, 15])
def test_decrypting_that_was_killed_is_finished(hidden_shop: Path, replaced: int) -> None:
    people = profiles(hidden_shop)
    assert killed(hidden_shop, replaced, "decrypt")
    assert profiles(hidden_shop) == people
    done("vault", "decrypt", "--home", hidden_shop)
    assert not any(is_encrypted(path) for path in private_files(hidden_shop / "warehouse"))
    assert not (hidden_shop / "warehouse" / "ledger" / "vault_key.json").exists()
    assert not list((hidden_shop / "warehouse").rglob(".tmp-*"))


def killed(home: Path, replaced: int, command: str) -> bool:
    """Whether `satu vault` died when that many files had got their names."""
    words = [sys.executable, "-c", KILLED, str(replaced), "vault", command, "--home", home]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, check=False)
    return ended.returncode == -signal.SIGKILL


def test_a_query_of_the_vault_reads_its_tables_and_no_other_file(hidden_shop: Path) -> None:
    path = next(path for path in (hidden_shop / "warehouse" / "raw").rglob("*.parquet"))
    for source in (f"read_parquet('encrypted://{path}')", f"read_blob('{path}')"):
        said = satu("query", "--vault", f"SELECT * FROM {source}", "--home", hidden_shop)
        assert said.code == 2 and "a query cannot read files" in said.err
    with duckdb.connect(hidden_shop / "warehouse" / "current" / "satu.duckdb", read_only=True) as con:
        assert con.execute("SELECT count(*) FROM customers").fetchall() != [(0,)], "BI tools need no key"


@pytest.mark.slow
def test_a_backup_of_an_encrypted_vault_comes_back_encrypted(
    shop: Path, hidden_shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("backup", tmp_path / "store", "--home", hidden_shop)
    done("restore", tmp_path / "store", "--home", tmp_path / "new")
    monkeypatch.setenv("TEST_VAULT_KEY", OTHER_KEY)
    assert satu("status", "--home", tmp_path / "new").code == 2
    monkeypatch.setenv("TEST_VAULT_KEY", KEY)
    night(tmp_path / "new", DAY, publish=True)
    assert checksums(tmp_path / "new") == checksums(shop) and not plain_files(tmp_path / "new")


@pytest.mark.slow
def test_an_erasure_finds_and_removes_what_is_encrypted(
    shop: Path, hidden_shop: Path, tmp_path: Path
) -> None:
    plain = copied(shop, tmp_path / "plain")
    said = {
        home: json.loads(done("erase", "--customer", "form:1", "--yes", "--json", "--home", home).out)
        for home in (hidden_shop, plain)
    }
    told, expected = said[hidden_shop], said[plain]
    for name in ("identifiers", "found_before", "left"):
        assert told["proof"][name] == expected["proof"][name]
    assert told["proof"]["found_before"] == told["proof"]["identifiers"] > 5 and told["proof"]["left"] == []
    assert checksums(hidden_shop) == checksums(plain)
    assert not plain_files(hidden_shop) and not in_plain_bytes(hidden_shop)


def test_an_answer_to_a_person_knows_what_is_encrypted(shop: Path, hidden_shop: Path, tmp_path: Path) -> None:
    plain = copied(shop, tmp_path / "plain")
    for home in (hidden_shop, plain):
        done("access", "--customer", "form:1", "--home", home)
    answers = [
        next((home / "access").rglob("*.json")).read_text(encoding="utf-8") for home in (hidden_shop, plain)
    ]
    assert "sri@toko.id" in answers[0] and answers[0] == answers[1]


def test_rows_are_spilled_only_where_the_settings_say(hidden_shop: Path, tmp_path: Path) -> None:
    asked = "SELECT current_setting('temp_directory')"
    with open_context(hidden_shop).engine() as engine:
        assert engine.scalar(asked) == ""
    settings = hidden_shop / "satu.yaml"
    named = SETTING.replace("}", f", spill: {tmp_path / 'safe'}}}")
    settings.write_text(settings.read_text(encoding="utf-8").replace(SETTING, named), encoding="utf-8")
    with open_context(hidden_shop).engine() as engine, open_context(hidden_shop).looking() as other:
        folders = {engine.scalar(asked), other.scalar(asked)}
    assert len(folders) == 2 and all(Path(folder).is_relative_to(tmp_path / "safe") for folder in folders)
