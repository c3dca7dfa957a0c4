"""Which of a customer's values is published, and what is kept of the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.nights import COMPANY, FORM, FORM_COLUMNS, company, deliver, known

BUDI = {"id": "1", "name": "Budi Santoso", "phone": "081234567890"}
FIRST, SECOND, THIRD = "2026-01-05", "2026-01-06", "2026-01-07"
WORK, RIGHT, SLIP = "budi@kantor.co.id", "budi.santoso@gmail.com", "budi.santoso@gmial.com"
EMAIL = (
    "SELECT value, seen_on, count_values, count_records, is_conflicting FROM customer_attributes"
    " WHERE attribute = 'email'"
)


def said(tmp_path: Path, *mails: str, rule: str = "recency") -> Path:
    """A company in which records 1, 2, 3 ... of Budi gave these addresses, a day apart."""
    home = company(tmp_path / "shop", FORM, settings=COMPANY + f"survivorship: {{email: {rule}}}\n")
    for number, mail in enumerate(mails, start=5):
        day = f"2026-01-{number:02}"
        deliver(home, f"form/{day}.csv", FORM_COLUMNS, BUDI | {"id": str(number), "day": day, "mail": mail})
    return home


@pytest.mark.parametrize(
    "rule", ["recency", *(pytest.param(rule, marks=pytest.mark.slow) for rule in ("trust", "frequency"))]
)
def test_a_newer_slip_does_not_take_the_place_of_the_right_address(tmp_path: Path, rule: str) -> None:
    (email,) = known(said(tmp_path, RIGHT, SLIP, rule=rule), SECOND, EMAIL)
    assert (email["value"], str(email["seen_on"])) == (RIGHT, FIRST)
    assert (email["count_values"], email["count_records"], email["is_conflicting"]) == (2, 2, False)
    (profile,) = known(tmp_path / "shop", SECOND, "SELECT email FROM customer_profile")
    assert profile["email"] == RIGHT


@pytest.mark.parametrize(
    "mails, wins",
    [
        ((SLIP,), SLIP),
        ((WORK, SLIP), SLIP),
        ((RIGHT, WORK, SLIP), RIGHT),
        ((RIGHT, SLIP, WORK), WORK),
        ((SLIP, RIGHT), RIGHT),
    ],
    ids=("alone", "the-only-one-of-its-mailbox", "mailbox-is-newest", "another-is-newest", "older-slip"),
)
def test_the_newest_mailbox_wins_in_its_right_spelling(
    tmp_path: Path, mails: tuple[str, ...], wins: str
) -> None:
    (profile,) = known(said(tmp_path, *mails), THIRD, "SELECT email FROM customer_profile")
    assert profile["email"] == wins


def test_the_first_statement_stays_first_in_its_right_spelling(tmp_path: Path) -> None:
    home = said(tmp_path, SLIP, WORK, RIGHT, rule="first")
    (profile,) = known(home, THIRD, "SELECT email FROM customer_profile")
    assert profile["email"] == RIGHT
