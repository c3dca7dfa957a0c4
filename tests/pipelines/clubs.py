"""A club with segments, for lists that leave: who agreed to what, and who is in which list."""

from __future__ import annotations

from pathlib import Path

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
        - {source_id: id, seen_at: day, full_name: name, email: mail, phone: phone, city: city, hobbies: hobby}
      consents:
        - {where: "yes <> ''", source_id: id, purpose: "'marketing'", channel: "NULLIF(through, '')", granted: "yes = 'y'", at: day, text_version: version, proof: proof}
      preferences:
        - {where: "hours <> ''", source_id: id, channel: "'any'", hours: hours}
      order_lines:
        - {where: "receipt <> ''", order_id: receipt, source_id: id, ordered_at: day, product_id: item, amount: amount}
"""
CLUB_COLUMNS = (
    "id", "day", "name", "mail", "phone", "city", "hobby", "yes", "through", "version", "proof", "hours",
    "receipt", "item", "amount",
)  # fmt: skip
SEGMENT = """
    segment: {name}
    description: {{en: Everybody, id: Semua orang}}
    purpose: {purpose}
    where: "count_records >= 1"
"""
AGREED = {"yes": "y", "version": "v3", "proof": "form 17"}
PEOPLE = (
    AGREED
    | {
        "id": "1",
        "name": "Sri Hartati",
        "mail": "sri@toko.id",
        "phone": "081234567801",
        "hours": "09:00-17:00",
    },
    {"id": "2", "name": "Bayu Saputra", "mail": "bayu@toko.id", "phone": "081234567802"},
    AGREED | {"id": "3", "name": "=Rina", "phone": "081234567803", "hobby": "catur"},
    AGREED | {"id": "4", "name": "Dewi Lestari", "mail": "dewi@toko.id", "yes": "n"},
    AGREED | {"id": "5", "name": "Agus Salim", "mail": "agus@toko.id", "through": "email"},
)
"""Sri agreed to everything, Bayu was never asked, Rina has a phone only, Dewi refused, Agus agreed to e-mail."""


def club_in(home: Path) -> Path:
    """A release of the club, with a segment of everybody for marketing and one for analysis."""
    segments = {f"segments__{name}": SEGMENT.format(name=name, purpose=purpose)
                for name, purpose in (("everybody", "Marketing"), ("studied", "analysis"))}  # fmt: skip
    settings = COMPANY + "history_start: 2026-01-01\ncontact: {without_consent: [analysis]}\n"
    company(home, CLUB, settings=settings, **segments)
    rows = ({"day": DAY, "receipt": f"R{p['id']}", "item": "A", "amount": 10} | p for p in PEOPLE)
    deliver(home, f"club/{DAY}.csv", CLUB_COLUMNS, *rows)
    night(home, DAY, publish=True)
    return home
