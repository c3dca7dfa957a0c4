"""Who may be contacted: statements, wishes, complaints, contacts and the blacklist in, reasons out."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.small_tables import AS_OF, Tables, at, day, links, record

ENTRY = {"entry_no": 2, "reason": "abuse", "evidence": "T-9", "contact_channel": "any", "country": "ID"}
MARKETING, SERVICE = "marketing", "service"
SRI, OTHER = "club:1", "club:2"
SRIS_MAIL, SRIS_PHONE = "sri@toko.id", "+6281234567890"


def company(max_contacts: int = 8, max_per_channel: int = 4, **hours: str) -> Tables:
    """Sri with a mailbox and a telephone, known to a club and a mailing tool; e-mail and whatsapp are used."""
    tables = Tables().put("customer_links", *links(c1=[SRI, "mail:sri"]))
    tables.put(
        "contact_settings",
        {"window_days": 30, "max_contacts": max_contacts, "max_per_channel": max_per_channel} | hours,
    )
    for position, channel in enumerate(("email", "whatsapp"), start=1):
        tables.put("contact_channels", {"contact_channel": channel, "position": position})
    tables.put("contact_purposes", {"purpose": MARKETING, "needs_consent": True})
    tables.put("contact_purposes", {"purpose": SERVICE, "needs_consent": False})
    tables.put("blacklist_entries")
    tables.put(
        "contact_versions",
        {"record_key": SRI, "email": SRIS_MAIL, "email_key": SRIS_MAIL, "phones": [SRIS_PHONE]},
    )
    tables.put(
        "contact_versions",
        {"record_key": "mail:sri", "email": SRIS_MAIL, "email_key": SRIS_MAIL, "phones": []},
    )
    return customer(tables, 1, email=SRIS_MAIL, phone=SRIS_PHONE)


def customer(tables: Tables, number: int, **known: Any) -> Tables:
    flags = {name: known.pop(name, False) for name in ("is_placeholder", "has_open_complaint")}
    tables.put("customers", {"as_of": AS_OF, "customer_id": number} | flags)
    tables.put("customer_traits", {"customer_id": number, "own_age_band": known.pop("age_band", None)})
    return tables.put("customer_profile", {"customer_id": number} | known)


def said(line: int, on: str, granted: bool, key: str = SRI, **more: Any) -> dict[str, Any]:
    row = record(line, on, "09:00", source_channel=key.split(":")[0], record_key=key, granted=granted)
    return row | {"purpose": MARKETING, "channel": "email"} | more


def agreed(tables: Tables, key: str = SRI) -> Tables:
    """A grant for every channel of contact."""
    return tables.put("consent_rows", said(1, "02", True, key, channel=None))


def sent(line: int, on: str, **more: Any) -> dict[str, Any]:
    row = record(
        line, on, "10:00", source_channel="mail", record_key="mail:sri", channel="email", type="sent"
    )
    return row | {"direction": "outbound", "campaign_id": f"C{line}"} | more


def reason(tables: Tables, purpose: str = MARKETING, channel: str = "email", number: int = 1) -> str | None:
    return judged(tables, purpose, channel, number)[0]


def judged(
    tables: Tables, purpose: str = MARKETING, channel: str = "email", number: int = 1
) -> tuple[str | None, dt.date | None]:
    """The reason why not, and from when contact is allowed."""
    columns = ("customer_id", "purpose", "contact_channel", "is_allowed", "reason", "allowed_from")
    found = {row[:3]: row[3:] for row in tables.rows("contactability", *columns)}
    allowed, why, since = found[number, purpose, channel]
    assert allowed == (why is None)
    return why, since


def test_every_customer_purpose_and_channel_is_judged_once() -> None:
    tables = customer(agreed(company()), 2)
    columns = ("customer_id", "purpose", "contact_channel", "reason")
    assert tables.rows("contactability", *columns) == [
        (1, MARKETING, "email", None),
        (1, MARKETING, "whatsapp", None),
        (1, SERVICE, "email", None),
        (1, SERVICE, "whatsapp", None),
        (2, MARKETING, "email", "no_consent"),
        (2, MARKETING, "whatsapp", "no_consent"),
        (2, SERVICE, "email", "no_valid_address"),
        (2, SERVICE, "whatsapp", "no_valid_address"),
    ]


def test_consent_is_for_the_channel_it_names() -> None:
    tables = company().put("consent_rows", said(1, "02", True, channel="whatsapp"))
    assert reason(tables) == "no_consent" and reason(tables, channel="whatsapp") is None


def test_push_reaches_the_registration_that_agreed_to_it_and_nobody_without_one() -> None:
    tables = company().put("contact_channels", {"contact_channel": "push", "position": 3})
    tables = customer(agreed(tables), 2).put("customer_links", *links(c1="app:A:1", c2="app:7"))
    spoken = [
        said(2, "03", True, "app:A:1", channel="push"),
        said(3, "05", False, "club:9", channel="push"),
        said(4, "06", True, "app:7", channel=None),
    ]
    tables.put("customer_links", *links(c1="club:9")).put("consent_rows", *spoken)
    found = tables.rows("contact_addresses", "customer_id", "contact_channel", "address")
    assert [row for row in found if row[1] == "push"] == [(1, "push", "A:1")]
    assert reason(tables, channel="push") == "withdrawn"
    assert reason(tables, channel="push", number=2) == "no_valid_address"


def test_a_withdrawal_by_another_record_closes_the_channel_and_a_newer_grant_opens_it() -> None:
    rows = [said(2, "05", False, "mail:sri"), said(3, "09", True)]
    assert reason(agreed(company()).put("consent_rows", rows[0])) == "withdrawn"
    assert reason(agreed(company()).put("consent_rows", *rows)) is None


def test_a_withdrawal_of_any_purpose_and_channel_closes_all() -> None:
    gone = said(2, "05", False, purpose="any", channel=None)
    tables = agreed(company()).put("consent_rows", gone)
    found = {reason(tables, purpose, c) for purpose in (MARKETING, SERVICE) for c in ("email", "whatsapp")}
    assert found == {"withdrawn"}


def test_who_shares_a_mailbox_with_somebody_who_withdrew_is_left_alone_there() -> None:
    tables = agreed(company()).put("customer_links", *links(c2=OTHER))
    tables.put("contact_versions", {"record_key": OTHER, "email": SRIS_MAIL, "phones": []})
    tables.put("consent_rows", said(2, "05", False, OTHER))
    assert reason(tables) == "suppressed" and reason(tables, channel="whatsapp") is None
    again = agreed(company()).put("customer_links", *links(c2=OTHER))
    again.put("contact_versions", {"record_key": OTHER, "email": SRIS_MAIL, "phones": []})
    again.put("consent_rows", said(2, "05", False, OTHER), said(3, "08", True))
    assert reason(again) is None


@pytest.mark.parametrize(
    ("kind", "value"),
    [("record", "mail:sri"), ("email", " SRI@toko.id"), ("phone", "0812-3456-7890")],
)
def test_the_blacklist_names_records_and_identifiers(kind: str, value: str) -> None:
    tables = agreed(company()).put("blacklist_entries", ENTRY | {"kind": kind, "value": value})
    assert judged(tables) == ("blacklisted", None) and reason(tables, SERVICE) == "blacklisted"
    assert tables.rows("blacklist", "customer_id", "entry_no", "reason", "evidence") == [
        (1, 2, "abuse", "T-9")
    ]


def test_the_blacklist_follows_its_record_when_customers_are_split() -> None:
    tables = customer(company(), 2).put("blacklist_entries", ENTRY | {"kind": "record", "value": "mail:sri"})
    tables.con.execute("UPDATE customer_links SET customer_id = 2 WHERE record_key = 'mail:sri'")
    assert tables.rows("blacklist", "customer_id") == [(2,)]


def test_an_entry_holds_from_its_day_until_it_expires_and_for_its_channel() -> None:
    entry = ENTRY | {"kind": "record", "value": SRI, "contact_channel": "email"}
    tables = agreed(company()).put("blacklist_entries", entry | {"expires_on": dt.date(2026, 3, 1)})
    assert judged(tables) == ("blacklisted", dt.date(2026, 3, 1))
    assert reason(tables, channel="whatsapp") is None
    for over in ({"expires_on": AS_OF}, {"listed_on": dt.date(2026, 2, 1)}):
        assert reason(agreed(company()).put("blacklist_entries", entry | over)) is None


def test_contact_is_allowed_again_when_the_last_reason_ends() -> None:
    entry = ENTRY | {"kind": "record", "value": SRI, "expires_on": dt.date(2026, 3, 1)}
    tables = company().put("blacklist_entries", entry)
    assert judged(tables) == ("blacklisted", None)


def test_children_fakes_and_open_complaints_get_no_offers() -> None:
    tables = company()
    born = dt.date(2010, 5, 20)
    for number, known in enumerate(
        (
            {"age_band": "under 18", "birth_date": born},
            {"is_placeholder": True},
            {"has_open_complaint": True},
        ),
        start=2,
    ):
        customer(tables, number, email=f"a{number}@toko.id", **known)
        tables.put("customer_links", *links(**{f"c{number}": f"club:{number}"}))
        tables.put("consent_rows", said(number, "02", True, f"club:{number}"))
    assert judged(tables, number=2) == ("child", dt.date(2028, 5, 20))
    assert judged(tables, number=3) == ("fake", None)
    assert judged(tables, number=4) == ("complaint", None)
    assert reason(tables, SERVICE, number=4) is None


def test_a_mailbox_whose_mail_came_back_is_no_address_until_it_answers() -> None:
    back = sent(2, "05", type="bounced", campaign_id="C1")
    assert reason(agreed(company()).put("interaction_rows", sent(1, "04"), back)) == "no_valid_address"
    answered = sent(3, "06", type="clicked", direction="inbound")
    assert reason(agreed(company()).put("interaction_rows", back, answered)) is None
    assert reason(agreed(company()).put("interaction_rows", back | {"outcome": "soft"})) is None


def test_wishes_close_a_channel_or_its_hours() -> None:
    wish = record(1, "03", source_channel="club", record_key=SRI, channel="email")
    for wanted, why in (
        ({"max_per_month": 0}, "declined"),
        ({"hours": "whenever"}, "quiet_hours"),
        ({"hours": "00:00-00:00"}, "quiet_hours"),
        ({"hours": "9-17.30", "language": "id"}, None),
    ):
        tables = agreed(company()).put("preference_rows", wish | wanted)
        assert reason(tables) == why, wanted
    columns = ("contact_channel", "contact_from", "contact_until", "language")
    rows = {row for row in tables.rows("contactability", *columns) if row[0] == "email"}
    assert rows == {("email", "09:00", "17:30", "id")}


@pytest.mark.parametrize(
    ("wished", "kept"),
    [
        (None, ("08:00", "20:00")),
        ("09:00-17:00", ("09:00", "17:00")),
        ("06:00-10:00", ("08:00", "10:00")),
        ("18:00-24:00", ("18:00", "20:00")),
        ("19:00-09:00", ("19:00", "20:00")),
        ("21:00-09:00", ("08:00", "09:00")),
        ("05:00-07:00", None),
        ("21:00-23:00", None),
        ("20:00-08:00", None),
        ("00:00-00:00", None),
    ],
)
def test_nobody_is_contacted_outside_the_companys_hours(
    wished: str | None, kept: tuple[str, str] | None
) -> None:
    tables = agreed(company(hours_from="08:00", hours_until="20:00"))
    tables.put(
        "preference_rows",
        record(1, "03", source_channel="club", record_key=SRI, channel="email", hours=wished),
    )
    assert reason(tables) == (None if kept else "quiet_hours")
    columns = ("purpose", "contact_channel", "contact_from", "contact_until")
    hours = {row[2:] for row in tables.rows("contactability", *columns) if row[1] == "email"}
    assert kept is None or hours == {kept}
    others = {row[2:] for row in tables.rows("contactability", *columns) if row[1] == "whatsapp"}
    assert others == {("08:00", "20:00")}


def test_the_newest_wish_counts() -> None:
    wish = record(1, "03", source_channel="club", record_key=SRI, channel="email")
    newer = record(1, "04", source_channel="club", record_key="mail:sri", channel="any", max_per_month=2)
    assert reason(agreed(company()).put("preference_rows", wish | {"max_per_month": 0}, newer)) is None


def test_too_many_contacts_close_the_channel_until_enough_are_forgotten() -> None:
    mails = [sent(1, "05"), sent(2, "10", salesperson="K1"), sent(3, "20", salesperson="K2")]
    tables = agreed(company(max_per_channel=2)).put("interaction_rows", *mails)
    assert judged(tables) == ("pressure", day("10") + dt.timedelta(days=30))
    assert reason(tables, channel="whatsapp") is None and reason(tables, SERVICE) is None


def test_caps_count_over_all_channels_and_a_customers_own_cap_counts_too() -> None:
    mails = [sent(1, "10"), sent(2, "20", channel="phone", type="call", campaign_id=None, salesperson="K1")]
    tables = agreed(company(max_contacts=2)).put("interaction_rows", *mails)
    assert reason(tables) == "pressure" and reason(tables, channel="whatsapp") == "pressure"
    wish = record(1, "03", source_channel="club", record_key=SRI, channel="email", max_per_month=1)
    own = agreed(company()).put("interaction_rows", *mails).put("preference_rows", wish)
    assert reason(own) == "pressure" and reason(own, channel="whatsapp") is None


def test_what_came_back_or_was_long_ago_or_came_from_the_customer_is_no_pressure() -> None:
    rows = [
        sent(1, "10"),
        sent(2, "11", type="bounced", campaign_id="C1", outcome="soft"),
        sent(3, "2026-01-01"),
        sent(4, "12", direction="inbound", type="opened"),
    ]
    assert reason(agreed(company(max_contacts=1, max_per_channel=1)).put("interaction_rows", *rows)) is None


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.integers(2, 30), st.booleans(), st.sampled_from([SRI, "mail:sri"])), max_size=6))
def test_without_a_grant_as_the_last_word_nobody_is_contacted(words: list[tuple[int, bool, str]]) -> None:
    rows = [said(n, f"{on:02}", granted, key) for n, (on, granted, key) in enumerate(words, start=1)]
    last = max((on for on, _, _ in words), default=0)
    is_granted = bool(words) and all(granted for on, granted, _ in words if on == last)
    assert (reason(company().put("consent_rows", *rows)) is None) == is_granted


def test_a_statement_made_after_as_of_is_not_known() -> None:
    late = said(2, "2026-02-01", False)
    assert late["event_at"] == at(dt.date(2026, 2, 1), "09:00")
    assert reason(agreed(company()).put("consent_rows", late)) is None
