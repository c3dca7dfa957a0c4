"""The channels that the nasty files are delivered to: one company, many ways of writing files."""

from __future__ import annotations

from pathlib import Path

from tests.support.nights import company
from warehouse.channels import Source
from warehouse.workspace import load_workspace

SETTINGS = """\
company: {name: Toko Kecil, timezone: Asia/Jakarta, currency: IDR, country: ID}
history_start: 2024-03-01
"""
ORDER_LINES = "{order_id: receipt, ordered_at: day, product_id: item, amount: amount}"
JSON_LINES = "{order_id: id, ordered_at: day, product_id: items.sku, amount: items.price}"
CONTACTS = "{source_id: id, seen_at: day, full_name: nama, phone: telepon, email: email}"
CARDS = "{source_id: uid, seen_at: revised_at, full_name: full_name, phone: phone, email: email}"
CHANNELS = {
    "shop": ("**/*", "{dates: ymd}", "order_lines", ORDER_LINES),
    "comma": ("**/*.csv", '{delimiter: ";", dates: ymd}', "order_lines", ORDER_LINES),
    "titles": ("**/*", "{skip: 3, dates: ymd}", "order_lines", ORDER_LINES),
    "nameless": (
        "**/*", "{header: false, names: [receipt, day, item, amount], dates: ymd}", "order_lines", ORDER_LINES,
    ),
    "declared": ("**/*", "{encoding: utf-16-le, dates: ymd}", "order_lines", ORDER_LINES),
    "rupiah": ("**/*", '{decimal: ",", thousands: ".", dates: dmy}', "order_lines", ORDER_LINES),
    "june": ("**/*", "{sheet: Juni, dates: ymd}", "order_lines", ORDER_LINES),
    "web": ("**/*", "{dates: ymd, explode: items}", "order_lines", JSON_LINES),
    "people": ("**/*", "{dates: ymd}", "contacts", CONTACTS),
    "phones": ("**/*", "{}", "contacts", CARDS),
    "dated": ("**/*", "{dates: ymd}", "order_lines", ORDER_LINES),
}  # fmt: skip


def corpus_workspace(home: Path) -> Path:
    """A workspace with every channel of the corpus and nothing in landing."""
    contracts = []
    for name, (pattern, options, contract, fields) in CHANNELS.items():
        arrived = "\n  arrived: name:%Y-%m-%d" if name == "dated" else ""
        contracts.append(
            f"channel: {name}\nsource:\n  path: landing/{name}/{pattern}\n  options: {options}{arrived}\n"
            f"maps:\n  {contract}: {fields}\n"
        )
    return company(home, *contracts, settings=SETTINGS)


def sources(home: Path) -> dict[str, Source]:
    """How each channel's files are read."""
    return {name: channel.source for name, channel in load_workspace(home).channels.items()}
