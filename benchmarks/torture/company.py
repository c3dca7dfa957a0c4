"""A small company whose nights are killed: two channels, repeated and broken rows, one delivery a day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from textwrap import dedent

FIRST = date(2026, 1, 5)
PEOPLE = 24
GIVEN = ("Sri", "Bayu", "Rina", "Dewi", "Agus", "Putri", "Hendra", "Wati")
FAMILY = ("Hartati", "Saputra", "Lestari", "Salim", "Wijaya", "Anggraini")
SETTINGS = """\
company: {name: Toko Kecil, timezone: Asia/Jakarta, currency: IDR, country: ID}
history_start: 2026-01-01
"""
TILL = """\
channel: till
id_space: shop
source:
  path: landing/till/*.csv
  arrived: name:%Y-%m-%d
  options: {delimiter: ";", dates: ymd, decimal: "."}
maps:
  order_lines:
    - {order_id: receipt, source_id: customer, ordered_at: day, product_id: item, amount: amount}
"""
FORM = """\
channel: form
id_space: shop
source:
  path: landing/form/*.csv
  arrived: name:%Y-%m-%d
  options: {delimiter: ";", dates: ymd}
maps:
  contacts:
    - {source_id: id, seen_at: day, full_name: name, phone: phone, email: mail}
"""


def found(home: Path, secret: str = "a-secret-for-tests-that-nobody-needs-to-guess") -> Path:
    """The workspace without a delivery."""
    for name, text in (("satu.yaml", SETTINGS), ("channels/till.yaml", TILL), ("channels/form.yaml", FORM)):
        _write(home / name, dedent(text))
    _write(home / "secret.key", secret + "\n")
    return home


def day_number(number: int) -> date:
    """The day of the n-th delivery, from 0."""
    return FIRST + timedelta(days=number)


def deliver(home: Path, number: int) -> date:
    """The files of one day: sales, forms with a broken row, and the forms again under another name."""
    day = day_number(number)
    sales = [
        f"R{day:%d}-{n};{day};{n};item{n % 5};{1000 * (n + 1 + number)}"
        for n in range(0, PEOPLE, 1 + number % 3)
    ]
    forms = [f"{n};{day};{_name(n)};{_phone(n)};p{n}@toko.id" for n in range(number % 2, PEOPLE, 2)]
    forms.append(f";1850-01-01;{_name(1)};;")
    _write(home / f"landing/till/{day}.csv", _lines("receipt;day;customer;item;amount", sales))
    _write(home / f"landing/form/{day}.csv", _lines("id;day;name;phone;mail", forms))
    _write(home / f"landing/form/again-{day}.csv", _lines("id;day;name;phone;mail", forms))
    return day


def _name(n: int) -> str:
    return f"{GIVEN[n % len(GIVEN)]} {FAMILY[n % len(FAMILY)]}"


def _phone(n: int) -> str:
    return f"0812{34567800 + n}"


def _lines(header: str, rows: list[str]) -> str:
    return "\n".join([header, *rows]) + "\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
