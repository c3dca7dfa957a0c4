"""What stewards see and do, asked on the command line: one small company and the people in it."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from tests.support.made_once import made_once
from tests.support.nights import (
    COMPANY,
    FORM,
    FORM_COLUMNS,
    TILL,
    TILL_COLUMNS,
    Said,
    company,
    customers_of,
    deliver,
    night,
    satu,
)

DAY, NEXT_DAY = "2026-01-05", "2026-01-06"
ARRIVING = "arrived: name:%Y-%m-%d\n      options:"
SRI = {"name": "Sri Hartati", "phone": "081234567801"}
PEOPLE = (
    SRI | {"id": "1", "mail": "sri@toko.id"},
    SRI | {"id": "2", "name": "Hartati Sri"},
    {"id": "3", "name": "Agus Hartati", "phone": "081234567801"},
    {"id": "4", "name": "Dewi Lestari", "phone": "081234567804"},
    {"id": "5", "name": "Dewi Anggraini", "phone": "081234567804"},
    {"id": "6", "name": "Bayu Saputra", "mail": "bayu@toko.id"},
    {"id": "7", "name": "Rina Wati", "mail": "rina@toko.id"},
)


def shop_in(home: Path) -> Path:
    """A release of a few people: two records of Sri, a namesake of hers by phone, two Dewis on one phone, single ones."""
    return made_once("shop", _make, home)


def _make(home: Path) -> None:
    company(
        home,
        TILL.replace("options:", ARRIVING),
        FORM.replace("options:", ARRIVING),
        settings=COMPANY + "history_start: 2026-01-01\n",
    )
    deliver(home, f"form/{DAY}.csv", FORM_COLUMNS, *({"day": DAY} | person for person in PEOPLE))
    sales = [
        {"receipt": "R1", "day": DAY, "customer": "8", "name": "Sri Hartati", "mail": "sri@toko.id"},
        {"receipt": "R2", "day": DAY, "customer": "9"},
    ]
    deliver(home, f"till/{DAY}.csv", TILL_COLUMNS, *(sale | {"item": "A", "amount": 10} for sale in sales))
    night(home, DAY, publish=True)


def told(home: Path, *words: object) -> dict[str, Any]:
    """What a command says as JSON."""
    said = satu(*map(str, words), "--json", "--home", home)
    assert said.code == 0, said.err
    found: dict[str, Any] = json.loads(said.out)
    return found


def decided(home: Path) -> list[dict[str, str]]:
    """The lines of the file of decisions."""
    with (home / "decisions" / "pairs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def again(home: Path, day: str = DAY) -> dict[str, int]:
    """Record → customer after another night."""
    night(home, day, publish=True)
    return customers_of(home, day)


def good(said: Said) -> str:
    """What a command that went well says."""
    assert said.code == 0, said.err
    return said.out
