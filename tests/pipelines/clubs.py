"""A club with segments, for lists that leave: who agreed to what, and who is in which list."""

from __future__ import annotations

from pathlib import Path

from tests.support.made_once import made_once
from tests.support.nights import COMPANY, company, deliver, night

DAY = "2026-01-05"
CLUB = """
    channel: club
    source:
      path: landing/club/*.csv
      arrived: name:%Y-%m-%d
      options: {delimiter: ";", dates: ymd, decimal: "."}
    maps:
      contacts:
        - {source_id: id, seen_at: day, full_name: name, email: mail, phone: phone, address: home, hobbies: hobby, referrer_id: friend}
        - {where: "gift_to IS NOT NULL", as: recipient, source_id: id, seen_at: day, full_name: gift_to, phone: gift_phone}
      consents:
        - {where: "yes IS NOT NULL", source_id: id, purpose: "'marketing'", channel: "NULLIF(through, '')", granted: "yes = 'y'", at: day, text_version: version, proof: proof}
      preferences:
        - {where: "hours IS NOT NULL", source_id: id, channel: "'any'", hours: hours}
      order_lines:
        - {where: "receipt IS NOT NULL", order_id: receipt, source_id: id, ordered_at: day, product_id: item, amount: amount}
"""
CLUB_COLUMNS = (
    "id", "day", "name", "mail", "phone", "home", "hobby", "friend", "gift_to", "gift_phone", "yes", "through", "version", "proof", "hours",
    "receipt", "item", "amount",
)  # fmt: skip
SEGMENT = """
    segment: {name}
    description: {{en: Everybody, id: Semua orang}}
    purpose: {purpose}
    where: "count_records >= 1"
"""
AGREED = {"yes": "y", "version": "v3", "proof": "form 17"}
HOME = {"home": "Jalan Melati No. 7 RT 002/RW 003"}
GIFT = {"gift_to": "Sri Hartati", "gift_phone": "081234567801"}
PEOPLE = (
    AGREED
    | HOME
    | {"id": "1", "name": "Sri Hartati", "mail": "sri@toko.id", "phone": "081234567801"}
    | {"hours": "09:00-17:00", "friend": "5"},
    HOME | {"id": "2", "name": "Bayu Saputra", "mail": "bayu@toko.id", "phone": "081234567801"},
    AGREED | {"id": "3", "name": "=Rina", "phone": "081234567803", "hobby": "catur"},
    AGREED | {"id": "4", "name": "Dewi Lestari", "mail": "dewi@toko.id", "yes": "n"},
    AGREED | {"id": "5", "name": "Agus Salim", "mail": "agus@toko.id", "through": "email"} | GIFT,
)
"""Sri agreed to everything, Bayu was never asked, Rina has a phone only, Dewi refused, Agus agreed to e-mail.
Sri and Bayu live together; Agus brought Sri to the club
and had something sent to her."""
BROKEN = {"id": "1", "day": "2026-45-45", "name": "Sri Hartati", "hobby": "menari dengan Bayu"}
"""A row that names Sri and cannot be used; what it says beside that may be about somebody else."""


def club_in(home: Path) -> Path:
    """A release of the club, with a segment of everybody for marketing and one for analysis."""
    return made_once("club", _make, home)


def _make(home: Path) -> None:
    segments = {f"segments__{name}": SEGMENT.format(name=name, purpose=purpose)
                for name, purpose in (("everybody", "Marketing"), ("studied", "analysis"))}  # fmt: skip
    settings = COMPANY + "history_start: 2026-01-01\ncontact: {without_consent: [analysis]}\n"
    company(home, CLUB, settings=settings, **segments)
    rows = ({"day": DAY, "receipt": f"R{p['id']}", "item": "A", "amount": 10} | p for p in PEOPLE)
    deliver(home, f"club/{DAY}.csv", CLUB_COLUMNS, *rows, BROKEN)
    night(home, DAY, publish=True)
