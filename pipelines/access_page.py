"""The page that tells a person everything known about them, in words and in both languages, in one file."""

from __future__ import annotations

from html import escape

from pipelines.access import AccessReport
from pipelines.access_rows import DAY, KNOWN, PURPOSE, lists, quarantined, statements, tables
from pipelines.access_scores import scores
from pipelines.access_wording import Wording, facts_html, paragraphs
from pipelines.access_words import (
    CONTACT_CHANNELS,
    FIELDS,
    NO,
    NOTHING,
    PURPOSES,
    REASONS,
    RELATIONSHIPS,
    YES,
    day,
    head,
    moment,
    shown,
    word,
)
from pipelines.explain import Attribute
from pipelines.explain_text import RULES
from pipelines.pages.page import header, label, page
from pipelines.report_charts import grouped
from pipelines.report_parts import card, table, tile
from warehouse.contracts import Text

_TITLE = Text("What we know about you", "Yang kami ketahui tentang Anda")
_FROM, _WAY = Text("From", "Dari"), Text("Way", "Cara")
_SENT = Text("as sources sent them", "seperti dikirim sumber")
_IN_THEM = Text("with you in them", "yang memuat Anda")


def access_html(report: AccessReport, of: Wording) -> str:
    """The whole page."""
    body = [
        header(_TITLE, ("en", "id")),
        '<main id="top">',
        f"<h1>{label(_TITLE)}</h1>",
        f'<p class="about">{escape(report.company)} · {label(_as_of(report))}</p>',
        _tiles(report),
        _golden_record(report, of),
        _contactability(report),
        _consents(report, of),
        scores(report, of.currency),
        _people(report, of),
        statements(report, of),
        quarantined(report, of),
        lists(report, of),
        _stewards(report, of),
        tables(report, of),
        _kept(report),
        "</main>",
    ]
    title = f"{_TITLE.en} · {_TITLE.id}"
    return page(title, "\n".join(body), styles=["report.css", "access.css"], scripts=[], language="en")


def _as_of(report: AccessReport) -> Text:
    on, number = day(report.as_of), report.customer_id
    return Text(
        f"as of {on.en} · your number with us: {number}", f"per {on.id} · nomor Anda pada kami: {number}"
    )


def _tiles(report: AccessReport) -> str:
    channels = {said.channel for said in report.statements}
    figures = [
        (Text("Rows about you", "Baris tentang Anda"), len(report.statements), _SENT),
        (Text("Sources", "Sumber"), len(channels), Text("that know you", "yang mengenal Anda")),
        (Text("Orders", "Pesanan"), len(report.tables.get("orders", [])), Text("of yours", "milik Anda")),
        (Text("Lists that left", "Daftar yang keluar"), len(report.exports), _IN_THEM),
    ]
    tiles = [tile(name, grouped(count), label(note)) for name, count, note in figures]
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _golden_record(report: AccessReport, of: Wording) -> str:
    heads = [
        Text("What", "Apa"),
        Text("We believe", "Menurut kami"),
        Text("Also said", "Juga dinyatakan"),
    ]
    lines = [_attribute(attribute, of) for attribute in report.golden_record]
    lead = Text(
        "What we take to be right, and which source said it. Something wrong? Tell us, and we correct it.",
        "Yang kami anggap benar, dan dari sumber mana. Ada yang keliru? Beri tahu kami agar diperbaiki.",
    )
    return card(Text("You", "Anda"), lead, table(heads, lines, left=3) if lines else "", wide=True)


def _attribute(found: Attribute, of: Wording) -> list[str]:
    field = of.inputs["contacts"].field_named(found.attribute)
    is_day, is_code = (field is not None and field.type == "date"), found.attribute == "sex"
    why = RULES[found.rule]

    def said(value: str, channel: str, seen_on: str, because: str = "") -> str:
        text = label(day(value)) if is_day else shown(value, of.zone, is_code)
        where = f"{label(of.channel(channel))}, {label(day(seen_on))}{because}"
        return f"<div>{text} <small>({where})</small></div>"

    others = [said(other["value"], other["channel"], other["seen_on"]) for other in found.others]
    believed = said(found.value, found.channel, found.seen_on, f"; {label(why)}")
    return [label(head(found.label)), believed, "".join(others)]


def _contactability(report: AccessReport) -> str:
    heads = [
        PURPOSE,
        _WAY,
        Text("May we?", "Boleh?"),
        Text("Why not", "Mengapa tidak"),
        Text("Again from", "Boleh lagi"),
    ]
    lines = [
        [
            label(word(row["purpose"], PURPOSES)),
            label(word(row["contact_channel"], CONTACT_CHANNELS)),
            _verdict(row["is_allowed"]),
            label(NOTHING if row["is_allowed"] else word(row["reason"], REASONS)),
            label(NOTHING if row["is_allowed"] else day(row["allowed_from"])),
        ]
        for row in report.tables.get("contactability", [])
    ]
    lead = Text("For what, in which way, and why not.", "Untuk apa, dengan cara apa, dan mengapa tidak.")
    title = Text("May we contact you?", "Bolehkah kami menghubungi Anda?")
    return card(title, lead, table(heads, lines, left=5) if lines else "", wide=True)


def _consents(report: AccessReport, of: Wording) -> str:
    heads = [DAY, Text("You said", "Anda menyatakan"), Text("Counts now", "Berlaku kini"), KNOWN]
    said = {True: Text("yes", "setuju"), False: Text("no", "menolak")}
    lines = []
    for row in report.tables.get("consents", []):
        about = (
            label(word(row["purpose"], PURPOSES)),
            label(word(row["contact_channel"], CONTACT_CHANNELS)),
        )
        known = [
            (_FROM, label(of.channel(row["channel"]))),
            (Text("text you saw", "teks yang Anda lihat"), shown(row["text_version"], of.zone)),
            (Text("proof", "bukti"), shown(row["proof"], of.zone)),
        ]
        lines.append(
            [
                label(moment(row["stated_at"], of.zone)),
                f"{label(said[row['is_granted']])}: {', '.join(about)}",
                label(YES if row["is_in_force"] else NO),
                facts_html(known),
            ]
        )
    lead = Text("Everything you agreed to or refused.", "Semua yang Anda setujui atau tolak.")
    return card(Text("Consent", "Persetujuan"), lead, table(heads, lines, left=4) if lines else "", wide=True)


def _people(report: AccessReport, of: Wording) -> str:
    told = [row for row in report.tables.get("relationships", []) if row["source"] != "household"]
    lines = [
        [
            label(word(row["relationship"], RELATIONSHIPS)),
            label(of.channel(row["source"])),
            label(day(row["first_on"])),
            label(day(row["last_on"])),
        ]
        for row in told
    ]
    households = sorted({row["count_members"] for row in report.tables.get("households", [])})
    said = [
        Text(f"Your household has {n} people.", f"Rumah tangga Anda berisi {n} orang.") for n in households
    ]
    heads = [
        Text("Another person", "Orang lain"),
        _FROM,
        Text("First", "Pertama"),
        Text("Last", "Terakhir"),
    ]
    lead = Text(
        "People we think you are connected with. Who they are, only they may ask.",
        "Orang yang menurut kami terkait dengan Anda. Siapa mereka, hanya mereka yang boleh bertanya.",
    )
    inside = paragraphs(said) + (table(heads, lines, left=4) if lines else "")
    return card(Text("People around you", "Orang di sekitar Anda"), lead, inside, wide=True)


def _stewards(report: AccessReport, of: Wording) -> str:
    listed = [
        [
            Text("list of people to leave alone", "daftar yang tidak dihubungi"),
            row["listed_on"],
            row["reason"],
        ]
        for row in report.tables.get("blacklist", [])
    ]
    decided = [
        [
            Text(f"your records: {word(row['decision']).en}", f"catatan Anda: {word(row['decision']).id}"),
            row["decided_on"],
            row["note"],
        ]
        for row in report.decisions
    ]
    lines = [
        [label(what), label(day(on)), shown(why or None, of.zone)] for what, on, why in (*decided, *listed)
    ]
    heads = [Text("What", "Apa"), DAY, Text("Why", "Mengapa")]
    lead = Text("What our staff decided by hand.", "Yang diputuskan petugas kami.")
    return card(Text("Decisions", "Keputusan"), lead, table(heads, lines, left=3) if lines else "", wide=True)


def _kept(report: AccessReport) -> str:
    lines = [
        [
            label(word(row["purpose"], PURPOSES)),
            ", ".join(label(FIELDS.get(n) or head(text)) for n, text in row["fields"].items()),
        ]
        for row in report.purposes
    ]
    days = sorted({row["as_of"] for row in report.stored_days})
    first, last = (day(days[0]), day(days[-1])) if days else (NOTHING, NOTHING)
    keep, months = report.retention["days"], report.retention["month_ends"]
    sentences = [
        Text(
            f"You are in {len(days)} stored day(s), from {first.en} to {last.en}, and in"
            f" {len(report.releases)} release(s).",
            f"Anda ada di {len(days)} hari tersimpan, dari {first.id} sampai {last.id}, dan di"
            f" {len(report.releases)} rilis.",
        ),
        Text(
            f"What is computed is kept for {keep} days and {months} ends of months; the rows of sources"
            " until you ask us to erase them.",
            f"Hasil hitungan disimpan {keep} hari dan {months} akhir bulan; baris sumber sampai Anda"
            " meminta penghapusan.",
        ),
        Text(
            f"This question about you was asked {len(report.earlier_requests)} time(s) before.",
            f"Pertanyaan tentang Anda ini pernah diajukan {len(report.earlier_requests)} kali.",
        ),
    ]
    heads = [Text("Kept for", "Disimpan untuk"), Text("What", "Apa")]
    title = Text("What for and how long", "Untuk apa dan berapa lama")
    lead = Text("Why each kind of data is kept.", "Alasan tiap jenis data disimpan.")
    return card(title, lead, paragraphs(sentences) + table(heads, lines, left=2), wide=True)


def _verdict(is_allowed: bool) -> str:
    tone = "passed" if is_allowed else "warn"
    return f'<span class="verdict {tone}">{label(YES if is_allowed else NO)}</span>'
