"""Consent and contact over a night: what channels deliver in, who may be contacted out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.nights import (
    COMPANY,
    TILL,
    TILL_COLUMNS,
    checksums,
    company,
    copied,
    customers_of,
    deliver,
    known,
    night,
    satu,
    table_of,
    write,
)
from warehouse.errors import ConfigError

DAY = "2026-02-10"
SETTINGS = COMPANY + "contact: {channels: [whatsapp, email], without_consent: [service]}\n"
WORDS = """
    channel: words
    id_space: till
    source:
      path: landing/words/*.csv
      options: {delimiter: ";", dates: ymd}
    maps:
      consents:
        source_id: id
        purpose: "'marketing'"
        channel: way
        granted: yes_or_no
        at: day
        text_version: "'v1'"
        proof: id
"""
BLACKLIST = "kind,value,reason,evidence,listed_on,expires_on,contact_channel\n"
REGULARS = """\
segment: buyers
description: {en: Whoever bought, id: Siapa saja yang belanja}
purpose: marketing
where: "count_order_days >= 1"
"""
PEOPLE = ((1, "Sri Hartati"), (2, "Agus Salim"), (3, "Budi Santoso"), (4, "Dewi Lestari"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sri agreed, Agus agreed and withdrew, Budi agreed and is blacklisted, Dewi was never asked."""
    home = company(tmp_path_factory.mktemp("contact") / "shop", TILL, WORDS, settings=SETTINGS)
    write(home, "segments/buyers.yaml", REGULARS)
    write(
        home, "decisions/blacklist.csv", BLACKLIST + "phone,0812 1000 0003,abuse,T-7,2026-01-01,2026-06-01,\n"
    )
    for number, name in PEOPLE:
        row = {"receipt": f"R{number}", "day": "2026-01-20", "item": "A", "amount": 100, "customer": number}
        contact = {"name": name, "phone": f"08121000000{number}", "mail": f"p{number}@toko.id"}
        deliver(home, f"till/{number}.csv", TILL_COLUMNS, row | contact)
    words = [
        (1, "2026-01-20", "yes"),
        (2, "2026-01-20", "yes"),
        (2, "2026-02-09", "no"),
        (3, "2026-01-20", "yes"),
    ]
    rows = [{"id": who, "way": "email", "yes_or_no": word, "day": day} for who, day, word in words]
    deliver(home, "words/1.csv", ("id", "way", "yes_or_no", "day"), *rows)
    night(home, DAY)
    return home


def reasons(home: Path, purpose: str, channel: str) -> dict[str, str | None]:
    people = {customer: key for key, customer in customers_of(home, DAY).items()}
    return {
        people[row["customer_id"]]: row["reason"]
        for row in table_of(home, "contactability", DAY).to_pylist()
        if (row["purpose"], row["contact_channel"]) == (purpose, channel)
    }


def test_who_may_be_contacted_and_why_not(home: Path) -> None:
    blacklisted = {"till:3": "blacklisted"}
    assert reasons(home, "marketing", "email") == {
        "till:1": None, "till:2": "withdrawn", "till:4": "no_consent", **blacklisted,
    }  # fmt: skip
    assert reasons(home, "service", "email") == {
        "till:1": None,
        "till:2": None,
        "till:4": None,
        **blacklisted,
    }
    assert set(reasons(home, "marketing", "whatsapp").values()) == {"no_consent", "blacklisted"}


def test_a_withdrawal_takes_effect_the_night_it_comes(home: Path) -> None:
    sql = "SELECT COUNT(*) AS n FROM contactability WHERE purpose = 'marketing' AND is_allowed"
    assert known(home, "2026-02-08", sql) == [{"n": 2}] and known(home, "2026-02-09", sql) == [{"n": 1}]


def test_made_again_alone_the_tables_are_the_same(home: Path) -> None:
    before = checksums(home)
    night(home, DAY, selected=["consents", "blacklist", "contactability", "segment_members"])
    assert checksums(home) == before


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("telephone,0812,abuse,T-7,,,", "the kind is not known"),
        ("phone,0812,abuse,,,,", "the evidence is empty"),
        ("phone,0812,abuse,T-7,yesterday,,", "`listed_on` is not a date"),
        ("phone,0812,abuse,T-7,,,pigeon", "the channel of contact is not known"),
    ],
)
def test_a_wrong_entry_is_named_by_its_line_without_whom_it_names(
    home: Path, tmp_path: Path, line: str, sentence: str
) -> None:
    other = copied(home, tmp_path / "shop")
    write(other, "decisions/blacklist.csv", BLACKLIST + line + "\n")
    with pytest.raises(ConfigError) as refused:
        known(other, DAY, "SELECT entry_no FROM blacklist")
    assert sentence in str(refused.value) and "blacklist.csv line 2" in str(refused.value)
    assert "0812" not in str(refused.value)
    checked = satu("check", "--home", other)
    assert checked.code == 2 and sentence in checked.err and "0812" not in checked.err


def test_unknown_channels_of_contact_are_refused_by_their_line(home: Path, tmp_path: Path) -> None:
    other = copied(home, tmp_path / "shop")
    write(other, "satu.yaml", COMPANY + "contact: {channels: [pigeon]}\n")
    said = satu("check", "--home", other)
    assert said.code == 2 and "satu.yaml line 2" in said.err + said.out and "`pigeon`" in said.err + said.out


def test_members_of_a_segment_are_marked_by_its_purpose_and_best_channel(home: Path) -> None:
    people = {customer: key for key, customer in customers_of(home, DAY).items()}
    rows = table_of(home, "segment_members", DAY).to_pylist()
    assert {people[row["customer_id"]]: row["contact_channel"] for row in rows if row["is_contactable"]} == {
        "till:1": "email"
    }
    assert len(rows) == len(PEOPLE)
