"""Nights with every kind of failure, run as people run them: nothing outside the vault names anybody."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import pytest

from data_quality.many_needles import NUMBER_DIGITS, scan_for_many
from data_quality.needles import Needle
from data_quality.parquet import literal
from sample_retailer import generate
from tests.faults.files import csv_of, good_rows, landing_files
from tests.faults.rows import GOOD, ROW_FAULTS
from tests.support.nights import SECRET, write

DAYS = ("2026-09-30", "2026-10-01", "2026-10-02", "2026-10-03")
HOLDS_PEOPLE = (
    "landing",
    "decisions",
    "secret.key",
    "warehouse/vault",
    "warehouse/raw",
    "warehouse/vault_releases",
)
KNOWS_NOBODY = (
    "channels",
    "fields",
    "segments",
    "satu.yaml",
    "landing/products",
    "landing/campaigns",
    "landing/population",
)
COMMON_NAME = 5
BROKEN = {
    "name": "Ratnawulan Kertapati Sosrodihardjo",
    "email": "ratnawulan.kertapati@surel-uji.id",
    "phone": "0812-9988-7766",
    "nik": "3273015203900001",
    "card": "4539 1488 0343 6467",
}
"""Somebody whose rows break rules, so that messages about broken rows have a name to leak."""


@dataclass(frozen=True)
class Nights:
    """A workspace after its nights: who is known, and how each command ended."""

    home: Path
    needles: list[Needle] = field(repr=False)
    codes: dict[str, int]

    @property
    def places(self) -> list[Path]:
        """Everything that is no vault."""
        held = {self.home / name for name in HOLDS_PEOPLE}
        files = [path for path in self.home.rglob("*") if path.is_file() and not path.is_symlink()]
        return [path for path in files if not held & {path, *path.parents}]


def command(home: Path, name: str, *words: str) -> int:
    """The command line in a process of its own; what it says is kept as a file of the workspace."""
    done = subprocess.run(
        [sys.executable, "-m", "pipelines", *words],
        env=os.environ | {"SATU_HOME": str(home)},
        capture_output=True,
    )
    write(home, f"said/{name}.out", done.stdout)
    write(home, f"said/{name}.err", done.stderr)
    return done.returncode


def run(home: Path, day: str) -> int:
    return command(home, f"run-{day}", "run", "--as-of", day)


def person(channel: str, number: int, **spoilt: str) -> dict[str, str]:
    """A row of the channel about the person of the broken rows."""
    told = {"Nama": BROKEN["name"], "Email": BROKEN["email"], "No HP": BROKEN["phone"], "NIK": BROKEN["nik"]}
    row = GOOD[channel](date.fromisoformat(DAYS[0]), number)
    return row | {name: value for name, value in told.items() if name in row} | spoilt


def deliver_secrets(home: Path) -> None:
    """Rows with secrets in free text and names where days and words should be, and a file without its header."""
    spoilt = [
        person("service_calls", 9_200, Waktu=BROKEN["name"], Jenis=BROKEN["email"]),
        person("service_calls", 9_201, Arah=f"card {BROKEN['card']} of {BROKEN['name']}"),
    ]
    write(home, f"landing/service_calls/{DAYS[0]}-spoilt.csv", csv_of("service_calls", spoilt))
    members = csv_of("loyalty", [person("loyalty", 9_200, **{"Tgl Lahir": BROKEN["name"]})] * 2)
    write(home, f"landing/loyalty/{DAYS[0]}-headless.csv", members.split("\n", 1)[1])


def deliver_faults(home: Path) -> None:
    """A day with every fault in rows, lines and files, and with a file most of whose rows are broken."""
    day = date.fromisoformat(DAYS[1])
    for channel in sorted(channel for channel in GOOD if (home / "channels" / f"{channel}.yaml").exists()):
        faults = [fault.cells for fault in ROW_FAULTS if fault.where == channel]
        rows = good_rows(channel, day, 40, first=9_000)
        rows += [person(channel, 9_100 + n) | cells for n, cells in enumerate(faults)]
        write(home, f"landing/{channel}/{day}-faults.csv", csv_of(channel, rows))
    for name, content in landing_files(day).items():
        write(home, f"landing/{name}", content)
    broken = [person("loyalty", 9_300 + n, Tgl=f"{BROKEN['name']} {n}") for n in range(40)]
    write(home, f"landing/loyalty/{day}-broken.csv", csv_of("loyalty", broken))


def spoil_store(home: Path) -> None:
    """Stored records in which names stand where days were: reading them raises inside an asset."""
    for file in sorted((home / "warehouse" / "vault" / "records" / "contacts" / "loyalty").glob("*.parquet")):
        spoilt = file.with_suffix(".new")
        duckdb.sql(
            f"COPY (SELECT * REPLACE (full_name AS event_on, full_name AS seen_at) FROM {literal(str(file))})"
            f" TO {literal(str(spoilt))} (FORMAT parquet)"
        )
        spoilt.replace(file)


def spoil_configuration(home: Path) -> None:
    """A contract that maps columns which are not there, and settings that are no settings."""
    contract = home / "channels" / "loyalty.yaml"
    text = contract.read_text(encoding="utf-8")
    contract.write_text(text.replace("full_name: Nama", "full_name: nowhere(Nama"), encoding="utf-8")
    settings = home / "satu.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + "\nno_such_setting: 1\n", encoding="utf-8")


def identifiers(home: Path) -> list[Needle]:
    """Who is known: names of two words or more that few share, e-mails, phones, identity numbers, addresses,
    record keys; and the person of the broken rows."""
    records = home / "warehouse" / "vault" / "records" / "contacts" / "*" / "*.parquet"
    contacts = f"read_parquet({literal(str(records))}, union_by_name = true)"
    shared = f"SELECT full_name FROM {contacts} GROUP BY ALL HAVING COUNT(DISTINCT source_id) < {COMMON_NAME}"
    values = set(BROKEN.values())
    for column in (f"full_name IN ({shared}) AND full_name", "email", "phone", "landline", "nik", "address"):
        wanted, name = column, column.rsplit(" ", 1)[-1]
        rows = duckdb.sql(f"SELECT DISTINCT {name} FROM {contacts} WHERE {wanted} IS NOT NULL").fetchall()
        values |= {value for (value,) in rows if is_identifier(value)}
    keys = duckdb.sql(f"SELECT DISTINCT record_key FROM {contacts}").fetchall()
    return [
        *(Needle((value,)) for value in sorted(values)),
        *(Needle((key,), True) for (key,) in sorted(keys)),
    ]


def is_identifier(value: str) -> bool:
    """Whether a value points to somebody by itself: a number of some length, or two whole words, unmasked."""
    words = [word for word in re.findall(r"[^\W\d_]+", value) if len(word) > 1]
    return "*" not in value and (len(words) > 1 or len(re.findall(r"[0-9]", value)) >= NUMBER_DIGITS)


def without_public_words(home: Path, needles: list[Needle]) -> list[Needle]:
    """The needles but those that configuration, products, campaigns or places state as well: public words."""
    public = scan_for_many([home / name for name in KNOWS_NOBODY], needles)
    stated = frozenset[int]().union(*(leak.needles for leak in public))
    return [needle for position, needle in enumerate(needles) if position not in stated]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    home = tmp_path_factory.mktemp("leaks") / "toko"
    generate(home, customers=200, days=2)
    write(home, "secret.key", SECRET)
    codes = {}
    deliver_secrets(home)
    codes["check"] = command(home, "check", "check")
    codes["good night"] = run(home, DAYS[0])
    codes["docs"] = command(home, "docs", "docs")
    codes["quarantine"] = command(home, "quarantine", "quarantine", "list")
    codes["query"] = command(home, "query", "query", "SELECT * FROM customers")
    needles = without_public_words(home, identifiers(home))
    deliver_faults(home)
    codes["failing gate"] = run(home, DAYS[1])
    spoil_store(home)
    codes["exception"] = run(home, DAYS[2])
    codes["status"] = command(home, "status", "status")
    spoil_configuration(home)
    codes["configuration"] = run(home, DAYS[3])
    return Nights(home, needles, codes)


@pytest.mark.slow
def test_the_nights_failed_in_every_way(nights: Nights) -> None:
    assert nights.codes == {
        "check": 2, "good night": 0, "docs": 0, "quarantine": 0, "query": 0,
        "failing gate": 1, "exception": 1, "status": 0, "configuration": 2,
    }  # fmt: skip
    said = {path.name: path.read_text(encoding="utf-8") for path in (nights.home / "said").iterdir()}
    assert "mostly_accepted" in said[f"run-{DAYS[1]}.err"]
    assert len(nights.needles) > 1000


@pytest.mark.slow
def test_nothing_outside_the_vault_names_anybody(nights: Nights) -> None:
    found = scan_for_many(nights.places, nights.needles)
    assert [(str(leak.path.relative_to(nights.home)), leak.place, leak.count) for leak in found] == []


@pytest.mark.slow
def test_whoever_is_looked_for_is_in_the_vault(nights: Nights) -> None:
    vault = scan_for_many(nights.home / "warehouse" / "vault" / "records", nights.needles)
    found = frozenset[int]().union(*(leak.needles for leak in vault))
    missing = {nights.needles[n].values[0] for n in set(range(len(nights.needles))) - found}
    assert missing <= set(BROKEN.values())


@pytest.mark.slow
def test_a_planted_identifier_is_found(nights: Nights, tmp_path: Path) -> None:
    home = tmp_path / "toko"
    shutil.copytree(nights.home / "dagster", home / "dagster")
    (events,) = (home / "dagster" / "history" / "runs").glob("index.db")
    with sqlite3.connect(events) as con:
        con.execute("UPDATE event_logs SET event = event || ? WHERE id = 1", (f" {BROKEN['name'].upper()}",))
    con.close()
    log = write(home, "said/run.err", f"satu: cannot read {BROKEN['phone']}\n")
    found = {leak.path.name for leak in scan_for_many(home, nights.needles)}
    assert found == {events.name, log.name}
