"""The rows behind the page of access: what sources say, what is broken, which lists, what was computed."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from assets.person import Statement
from pipelines.access import AccessReport
from pipelines.access_wording import Wording, facts_html
from pipelines.access_words import COLUMNS, CONTRACTS, FIELDS, PURPOSES, TABLES, day, shown, word
from pipelines.identity_view import Row
from pipelines.pages.page import label
from pipelines.report_parts import card, table
from warehouse.contracts import InputContract, Text

DAY, PURPOSE = Text("Day", "Hari"), Text("Purpose", "Tujuan")
KNOWN = Text("How we know", "Dari mana kami tahu")
COMPUTED = {
    "orders": ("ordered_on", "channel", "status", "count_lines", "net_revenue"),
    "runout": ("product_family", "last_purchase", "purchases", "run_out_date", "remind_on"),
    "contact_pressure": ("last_contact_on", "count_contacts", "count_campaigns"),
    "journey": ("touched_on", "touch", "channel", "detail", "amount", "points"),
}
"""Tables that are shown besides those with a section of their own, and what of them says something."""


def statements(report: AccessReport, of: Wording) -> str:
    """Every row of every source about the person."""
    parts = [_contract(report, of, contract) for contract in of.inputs.values()]
    lead = Text(
        "Every row that names you, as its source sent it, with the file and the line it stands on.",
        "Setiap baris tentang Anda seperti dikirim sumbernya, dengan berkas dan barisnya.",
    )
    return card(Text("What each source says", "Yang dikatakan tiap sumber"), lead, "".join(parts), wide=True)


def _contract(report: AccessReport, of: Wording, contract: InputContract) -> str:
    found = [said for said in report.statements if said.contract == contract.name]
    lines = [_statement(said, of, contract) for said in found]
    if contract.key == ("record_key",):  # the lines of one order tell the same person again and again
        lines = [line for position, line in enumerate(lines) if line not in lines[:position]]
    inside = table([DAY, Text("What it says", "Isinya"), KNOWN], lines, left=3)
    return _folded(word(contract.name, CONTRACTS), len(lines), inside) if found else ""


def _statement(said: Statement, of: Wording, contract: InputContract) -> list[str]:
    """When, what, and where it stands; the time of the event stands beside the day, not among the rest."""
    at = said.values.get(contract.event_field or "")
    facts = [
        of.fact(field, said.values[field.name])
        for field in contract.fields
        if field.name in said.values and field.name != contract.event_field
    ]
    where = f"{label(of.channel(said.channel))}<br>{of.place(said.file, said.line, said.arrived_on)}"
    return [shown(said.happened_on if at is None else at, of.zone), facts_html(facts), where]


def quarantined(report: AccessReport, of: Wording) -> str:
    """Rows in quarantine that state the person."""
    heads = [
        Text("Why it is not used", "Mengapa tidak dipakai"),
        Text("What is yours in it", "Isinya yang milik Anda"),
        KNOWN,
    ]
    lines = [
        [
            escape(row.reason),
            facts_html([(Text(name, name), escape(value)) for name, value in row.values.items()]),
            f"{label(of.channel(row.channel))}<br>{of.place(row.file, row.line, row.arrived_on)}",
        ]
        for row in report.quarantined
    ]
    lead = Text(
        "Rows that name you but are broken, so nothing is made of them. Cells that may be about somebody"
        " else are left out.",
        "Baris yang menyebut Anda tetapi rusak, sehingga tidak dipakai. Sel yang mungkin tentang orang lain"
        " tidak ditampilkan.",
    )
    title = Text("Rows we could not read", "Baris yang tak terbaca")
    return card(title, lead, table(heads, lines, left=3) if lines else "", wide=True)


def lists(report: AccessReport, of: Wording) -> str:
    """Lists the person stood in, and those that left."""
    stood: dict[tuple[str, str], list[Row]] = {}
    for row in report.lists:
        stood.setdefault((row["list"], str(row.get("field") or "")), []).append(row)
    heads = [Text("List", "Daftar"), PURPOSE, Text("First", "Pertama"), Text("Last", "Terakhir")]
    lines = [
        [
            label(of.list(name)),
            label(word(rows[-1]["purpose"].strip().lower(), PURPOSES)),
            label(day(min(row["as_of"] for row in rows))),
            label(day(max(row["as_of"] for row in rows))),
        ]
        for (name, _), rows in stood.items()
    ]
    sent_heads = [
        Text("Left on", "Keluar pada"),
        Text("List", "Daftar"),
        PURPOSE,
        Text("Told of you", "Isinya tentang Anda"),
    ]
    sent = [
        [
            label(day(line["at"][:10])),
            label(of.list(line["list"])),
            label(word(line["purpose"], PURPOSES)),
            ", ".join(label(word(name, FIELDS)) for name in line["columns"]),
        ]
        for line in report.exports
    ]
    lead = Text(
        "Groups you were counted in on the days that are kept, and lists that were given out.",
        "Kelompok yang memuat Anda pada hari yang tersimpan, dan daftar yang diberikan keluar.",
    )
    inside = (table(heads, lines, left=4) if lines else "") + (
        table(sent_heads, sent, left=4) if sent else ""
    )
    return card(Text("Lists", "Daftar"), lead, inside, wide=True)


def tables(report: AccessReport, of: Wording) -> str:
    """What was computed, row by row."""
    parts = [_table(name, columns, report, of) for name, columns in COMPUTED.items() if name in report.tables]
    lead = Text(
        "Made of these rows. The file in JSON beside this page holds every figure.",
        "Dibuat dari baris itu. Berkas JSON di samping halaman ini memuat semua angkanya.",
    )
    return card(Text("What we make of it", "Yang kami buat darinya"), lead, "".join(parts), wide=True)


def _table(name: str, columns: Sequence[str], report: AccessReport, of: Wording) -> str:
    fields = [of.tables[name].column(column) for column in columns]
    rows = sorted(report.tables[name], key=lambda row: str(row[columns[0]]))
    lines = [[of.fact(field, row[field.name])[1] for field in fields] for row in rows]
    heads = [word(column, COLUMNS) for column in columns]
    return _folded(word(name, TABLES), len(rows), table(heads, lines, left=len(heads)))


def _folded(title: Text, count: int, inside: str) -> str:
    return f"<details><summary>{label(title)} · {count:,}</summary>{inside}</details>"
