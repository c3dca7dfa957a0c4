"""Companies that keep records for as long as their purposes last, for tests of what goes when they have run out."""

from __future__ import annotations

from pathlib import Path

from tests.support.nights import COMPANY, FORM, FORM_COLUMNS, TILL, TILL_COLUMNS, company, deliver, write

KEEPING = COMPANY + "retention: {purposes: {marketing: 3 months, warranty: 6 months}}\n"
FORGETFUL = FORM.replace("channel: form", "channel: form\n    purposes: [marketing]")
DATED = FORGETFUL.replace("options:", "arrived: name:%Y-%m-%d\n      options:")
SELLING = TILL.replace("channel: till", "channel: till\n    purposes: [marketing, warranty]")
SRI: dict[str, object] = {"name": "Sri Hartati", "mail": "sri@toko.id", "phone": "081234567801"}
AGUS: dict[str, object] = {"id": "2", "day": "2026-01-10", "name": "Agus Salim", "mail": "agus@toko.id"}


def in_shop(home: Path, *, settings: str = KEEPING) -> Path:
    """Sri filled in a form in January and bought in March; Agus only filled in a form; Dewi bought long ago."""
    company(home, FORGETFUL, SELLING, settings=settings)
    deliver(home, "form/a.csv", FORM_COLUMNS, SRI | {"id": "1", "day": "2026-01-10"})
    deliver(home, "form/b.csv", FORM_COLUMNS, AGUS | {"day": "2026-01-31"})
    dewi = {"customer": "9", "name": "Dewi Lestari"}
    deliver(
        home,
        "till/a.csv",
        TILL_COLUMNS,
        SRI | {"receipt": "R1", "day": "2026-03-01", "customer": "8", "item": "A", "amount": 10},
        dewi | {"receipt": "R2", "day": "2024-02-01", "item": "A", "amount": 7},
    )
    return home


def in_old_shop(home: Path) -> Path:
    """Sri is still a customer, but the form that tells her mailbox is old; Agus, Dewi, Rina (a broken row), Tono (a
    sale under no number) and Budi (a line nobody can read) are kept no longer by May 2026."""
    company(home, DATED, SELLING, settings=KEEPING)
    sri = {"id": "1", "day": "2026-01-10", **SRI}
    rina = {"id": "4", "day": "2026-13-45", "name": "Rina Wati", "mail": "rina@toko.id"}
    first = deliver(home, "form/2026-01-10.csv", FORM_COLUMNS, sri, AGUS, rina)
    write(home, "landing/form/2026-01-10.csv", first.read_text() + "5;2026-01-10;Budi Hilang;1;2;3;4;5\n")
    deliver(
        home, "form/2026-03-20.csv", FORM_COLUMNS, AGUS, {"id": "6", "day": "2026-03-20", "name": "Wati Ayu"}
    )
    dewi = {"customer": "9", "name": "Dewi Lestari", "phone": "081234567809", "note": "for Dewi Lestari"}
    old, new = {"day": "2024-02-01", "item": "A"}, {"day": "2026-03-01", "item": "B"}
    deliver(
        home,
        "till/a.csv",
        (*TILL_COLUMNS, "note"),
        new | {"receipt": "R1", "customer": "8", "amount": 10, "name": SRI["name"], "phone": SRI["phone"]},
        new | {"receipt": "R2", "amount": 3},
        old | dewi | {"receipt": "R3", "amount": 7},
        old | dewi | {"receipt": "R3", "amount": 7},
        old | {"receipt": "R4", "amount": 5},
        old | {"receipt": "R5", "amount": 2, "name": "Tono Lama"},
    )
    return home


PARCELS = """
    channel: shop
    purposes: [warranty]
    source:
      path: landing/shop/*.csv
      options: {delimiter: ";", dates: ymd, decimal: "."}
    maps:
      contacts:
        - {source_id: customer, seen_at: day, full_name: name, phone: phone}
        - {as: recipient, where: to_name IS NOT NULL, source_id: customer, seen_at: day, full_name: to_name, phone: to_phone}
      order_lines:
        {where: status <> 'draft', order_id: receipt, source_id: customer, ordered_at: day, product_id: item, amount: amount,
         card_text: card}
"""
PARCEL_COLUMNS = (
    "receipt", "day", "status", "customer", "name", "phone", "to_name", "to_phone", "note", "card", "item", "amount",
)  # fmt: skip
CARD_TEXT = """
    - name: card_text
      table: order_lines
      type: text
      description: {en: Text on the card, id: Teks kartu}
      family: transactional
      privacy: personal
      purpose: sales
"""


def with_parcels(home: Path) -> Path:
    """By May 2026 Sri is kept, whom she sent a parcel to is not; nor is Agus, who bought, and left a draft."""
    company(home, PARCELS, settings=KEEPING, fields__cards=CARD_TEXT)
    sri = {"customer": "1", "name": SRI["name"], "phone": SRI["phone"], "item": "A", "amount": 10}
    budi = {"to_name": "Budi Santoso", "to_phone": "081234567802"}
    agus = {
        "customer": "2",
        "name": "Agus Salim",
        "note": "gate 9",
        "card": "from Agus",
        "item": "B",
        "amount": 5,
    }
    old = {"day": "2025-10-20"}
    deliver(
        home,
        "shop/a.csv",
        PARCEL_COLUMNS,
        old | {"receipt": "R1", "note": "gate 7", "card": "from Sri"} | sri | budi,
        old | {"receipt": "R2"} | agus,
        old | {"receipt": "R3", "status": "draft"} | agus,
        {"day": "2026-02-01", "receipt": "R4"} | sri,
    )
    return home
