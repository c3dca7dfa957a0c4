"""Whom suppression keeps out, and whom it does not: the family, the number's next owner, a namesake."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.context import open_context
from assets.suppression import suppress, suppression_entries
from tests.support.nights import (
    COMPANY,
    FORM,
    FORM_COLUMNS,
    SECRET,
    TILL,
    TILL_COLUMNS,
    account,
    bring,
    company,
    copied,
    deliver,
    known,
    write,
)
from warehouse.errors import ConfigError

DAY, LATER = "2026-01-05", "2026-01-20"
NIK, OTHER_NIK = "3174014508900001", "3174011203850002"
SRI = {"name": "Sri Hartati", "phone": "081234567801", "mail": "sri@toko.id", "nik": NIK}
BUDI = {"name": "Budi Hartati", "phone": "081234567801"}
FILE_ROWS = (
    {"id": "1", "day": DAY} | SRI,
    {"id": "2", "day": DAY} | BUDI,
    {"id": "3", "day": DAY, "name": "Dewi Lestari", "mail": "keluarga@toko.id", "nik": OTHER_NIK},
    {"id": "4", "day": DAY, "name": "Agus Lestari", "mail": "keluarga@toko.id"},
)


@pytest.fixture(scope="module")
def toko(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = company(
        tmp_path_factory.mktemp("toko") / "toko", FORM, TILL, settings=COMPANY + "history_start: 2026-01-01\n"
    )
    deliver(made, "form/a.csv", FORM_COLUMNS, *FILE_ROWS)
    deliver(
        made,
        "till/a.csv",
        TILL_COLUMNS,
        {"receipt": "R1", "day": DAY, "customer": "8", "item": "A", "amount": 10},
    )
    bring(made)
    return made


@pytest.fixture
def home(toko: Path, tmp_path: Path) -> Path:
    return copied(toko, tmp_path / "toko")


def forget_person(home: Path, *keys: str) -> list[str]:
    """Suppress the person of these records; the kinds of entries written."""
    context = open_context(home)
    entries = suppression_entries(context, keys)
    suppress(context, entries)
    return [kind for kind, _ in entries]


def keys(home: Path) -> set[str]:
    """The records there are, of people and of orders."""
    both = "SELECT record_key FROM contact_rows UNION SELECT record_key FROM order_line_rows"
    return {row["record_key"] for row in known(home, LATER, both)}


def test_the_person_goes_and_the_family_on_the_same_phone_stays(home: Path) -> None:
    assert forget_person(home, "form:1") == ["email", "nik", "phone_name", "record"]
    assert keys(home) == {"form:2", "form:3", "form:4", "till:8"}


def test_a_file_delivered_again_in_another_form_does_not_bring_the_person_back(home: Path) -> None:
    forget_person(home, "form:1")
    again = [dict(row, day=LATER) for row in FILE_ROWS]
    deliver(home, "form/b.csv", FORM_COLUMNS, *reversed(again))
    assert keys(home) == {"form:2", "form:3", "form:4", "till:8"}


@pytest.mark.parametrize(
    "said",
    [
        {"mail": "SRI@toko.id"},
        {"name": "S. Hartati", "nik": NIK},
        {"name": "HARTATI SRI", "phone": "+62 812-3456-7801"},
    ],
    ids=["e-mail", "identity number", "phone and name"],
)
def test_a_new_customer_number_does_not_bring_the_person_back(home: Path, said: dict[str, str]) -> None:
    forget_person(home, "form:1")
    deliver(home, "form/b.csv", FORM_COLUMNS, {"id": "77", "day": LATER} | said)
    assert "form:77" not in keys(home)
    assert account(home)["b.csv", "contacts.1"] == {"suppressed": 1}


@pytest.mark.parametrize(
    "said",
    [{"name": "Joko Susilo", "phone": "081234567801"}, {"name": "Sri Hartati", "phone": "081299998888"}],
    ids=["next owner of the number", "namesake"],
)
def test_others_are_let_in(home: Path, said: dict[str, str]) -> None:
    forget_person(home, "form:1")
    deliver(home, "form/b.csv", FORM_COLUMNS, {"id": "78", "day": LATER} | said)
    assert "form:78" in keys(home)


def test_an_e_mail_that_somebody_who_stays_states_too_counts_only_with_the_name(home: Path) -> None:
    assert forget_person(home, "form:3") == ["email_name", "nik", "record"]
    deliver(
        home, "form/b.csv", FORM_COLUMNS,
        {"id": "4", "day": LATER, "name": "Agus Lestari", "mail": "keluarga@toko.id", "phone": "081277776666"},
        {"id": "79", "day": LATER, "name": "Lestari Dewi", "mail": "keluarga@toko.id"},
    )  # fmt: skip
    assert keys(home) == {"form:1", "form:2", "form:4", "till:8"}


def test_orders_of_a_suppressed_record_go_as_well(home: Path) -> None:
    assert forget_person(home, "till:8") == ["record"]
    assert "till:8" not in keys(home)
    assert account(home)["a.csv", "order_lines.1"] == {"suppressed": 1}


def test_a_broken_row_of_the_person_does_not_wait_in_quarantine(home: Path) -> None:
    forget_person(home, "form:1")
    deliver(home, "form/b.csv", FORM_COLUMNS, {"id": "1", "day": "1850-01-01"} | SRI)
    assert account(home)["b.csv", "contacts.1"] == {"suppressed": 1}


def test_the_file_holds_no_value_and_names_each_entry_once(home: Path) -> None:
    forget_person(home, "form:1")
    path = home / "decisions" / "suppressions.csv"
    first = path.read_text()
    forget_person(home, "form:1")
    assert path.read_text() == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert not [v for v in (*SRI.values(), "form:1", "+6281234567801", SECRET) if v in first]


def test_a_file_of_hashes_alone_is_of_records_and_an_unknown_kind_is_refused(home: Path) -> None:
    hashed = dict(suppression_entries(open_context(home), ["form:2"]))["record"]
    write(home, "decisions/suppressions.csv", f"record_hash\n{hashed}\n")
    assert "form:2" not in keys(home)
    write(home, "decisions/suppressions.csv", f"kind,record_hash\naddress,{hashed}\n")
    with pytest.raises(ConfigError, match="no kind of suppression `address`"):
        bring(home)
