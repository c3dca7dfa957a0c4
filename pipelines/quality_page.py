"""The quality page: how complete, valid and fresh the data are, what the checks said, what to do about it.

Counts about data only; nothing is loaded from outside.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from data_quality.row_rules import fault_texts
from pipelines.dictionary import FAMILIES
from pipelines.pages.page import header, label, page
from pipelines.quality_runbook import runbook_section
from pipelines.report_charts import Bar, columns, grouped, percent
from pipelines.report_data import Rows
from pipelines.report_parts import card, code, masthead, table, tile
from pipelines.report_words import spoken
from warehouse.contracts import InputContract, Table, Text

MEASURES = {
    "rows": Text("rows", "baris"),
    "filled": Text("share filled", "porsi terisi"),
    "level": Text("level (logarithm)", "tingkat (logaritma)"),
    "word": Text("share of a word", "porsi kata"),
    "quarantine": Text("share in quarantine", "porsi karantina"),
    "silence": Text("days of silence", "hari tanpa kiriman"),
}
STATES = {
    "usual": Text("usual", "biasa"),
    "unusual": Text("unusual", "tak biasa"),
    "broken": Text("broken", "rusak"),
    "unknown": Text("no history yet", "belum ada riwayat"),
}
_CHANNEL, _FIELD, _RULE = Text("Channel", "Kanal"), Text("Field", "Kolom"), Text("Rule", "Aturan")


def quality_html(
    company: str, rows: dict[str, Rows], tables: Mapping[str, Table], inputs: Mapping[str, InputContract]
) -> str:
    """The page; `rows` as `quality_rows` reads them."""
    links = {
        "report.html": Text("customers and their value", "pelanggan dan nilainya"),
        "dictionary.html": Text("what every table means", "arti setiap tabel"),
    }
    body = [
        header(Text("Quality", "Mutu"), ("en", "id")),
        '<main id="top">',
        masthead(company, rows["release"][0], links),
        _tiles(rows),
        f'<div class="columns"><div>{_nights(rows["nights"])}{_drift(rows["drift"])}</div>'
        f"<div>{_failed(rows['checks'])}</div></div>",
        _families(rows["families"]),
        _faults(rows["faults"], inputs),
        _fields(rows["fields"]),
        runbook_section(tables.values()),
        "</main>",
    ]
    return page(f"Satu · {company}", "\n".join(body), styles=["report.css"], scripts=[], language="en")


def _tiles(rows: dict[str, Rows]) -> str:
    account = rows["conservation"][0]
    received, refused = int(account["received"] or 0), int(account["quarantined"] or 0)
    checks, failed = int(rows["count_checks"][0]["n"]), len(rows["checks"])
    silent = [r["channel"] for r in rows["drift"] if r["measure"] == "silence" and r["state"] == "unusual"]
    share = percent(refused / received, 2) if received else Text("", "")
    of_rows = Text(f"{share.en} of {received:,} rows", f"{share.id} dari {grouped(received).id} baris")
    shown = [
        tile(
            Text("Checks", "Pemeriksaan"), grouped(checks), label(Text("on every table", "pada setiap tabel"))
        ),
        tile(
            Text("Warned of", "Diperingatkan"),
            grouped(failed),
            label(Text("this night", "malam ini")),
            failed > 0,
        ),
        tile(Text("Rows in quarantine", "Baris di karantina"), grouped(refused), label(of_rows)),
        tile(
            Text("Silent channels", "Kanal diam"),
            grouped(len(silent)),
            escape(", ".join(silent)),
            bool(silent),
        ),
    ]
    return f'<div class="tiles">{"".join(shown)}</div>'


def _nights(rows: Rows) -> str:
    bars = [
        Bar(_day(row["as_of"]), float(row["refused"]), f"{row['as_of']}: {row['refused']}, {row['warned']}")
        for row in rows
    ]
    lines = [
        [label(_day(row["as_of"])), *(label(grouped(row[k])) for k in ("refused", "warned"))] for row in rows
    ]
    heads = [Text("Day", "Hari"), Text("Rows refused", "Baris ditolak"), Text("Checks warned", "Peringatan")]
    return card(
        Text("Night by night", "Malam demi malam"),
        Text("Rows that arrived that day and went to quarantine.", "Baris hari itu yang dikarantina."),
        columns(bars, every=max(1, len(bars) // 8)) + table(heads, lines[-7:]) if rows else "",
    )


def _drift(rows: Rows) -> str:
    heads = [
        _CHANNEL,
        Text("Measure", "Ukuran"),
        Text("State", "Keadaan"),
        Text("That day", "Hari itu"),
        Text("Usual", "Biasanya"),
        Text("Range", "Rentang"),
    ]
    lines = [
        [
            code(row["channel"]),
            label(MEASURES[row["measure"]]) + ("" if row["item"] == "all" else f" · {escape(row['item'])}"),
            f'<span class="verdict {_tone(row["state"])}">{label(STATES[row["state"]])}</span>',
            label(_figure(row["value"])),
            label(_figure(row["usual"])),
            f"{label(_figure(row['lowest']))} – {label(_figure(row['highest']))}",
        ]
        for row in rows
    ]
    return card(
        Text("Deliveries beside their history", "Kiriman dibanding riwayatnya"),
        Text(
            "Volume and silence of every channel; the rest when unlike before.",
            "Volume dan diamnya tiap kanal; sisanya bila tak biasa.",
        ),
        table(heads, lines, left=3) if lines else "",
    )


def _families(rows: Rows) -> str:
    channels = sorted({row["channel"] for row in rows})
    families = [name for name in FAMILIES if any(row["family"] == name for row in rows)]
    found = {(row["channel"], row["family"]): row for row in rows}
    lines = [[code(name), *(_filled(found.get((name, family))) for family in families)] for name in channels]
    return card(
        Text("Completeness by family of data", "Kelengkapan menurut rumpun data"),
        Text("Share of cells that are filled, all rows.", "Porsi sel yang terisi, seluruh baris."),
        table([_CHANNEL, *(FAMILIES[name] for name in families)], lines) if rows else "",
        wide=True,
    )


def _failed(rows: Rows) -> str:
    heads = [Text("Table", "Tabel"), _RULE, Text("Rows", "Baris")]
    lines = [
        [
            code(row["table_name"]),
            f'<a href="#{escape(row["table_name"])}">{code(row["rule"])}</a>',
            label(grouped(row["count_failed"])),
        ]
        for row in rows
    ]
    return card(
        Text("What was warned of", "Yang diperingatkan"),
        Text("What to do stands in the runbook below.", "Tindakannya ada di buku panduan di bawah."),
        table(heads, lines, left=2) if lines else "",
    )


def _faults(rows: Rows, inputs: Mapping[str, InputContract]) -> str:
    said = {
        (name, text.rule, text.column): (Text(text.reason_en, text.reason_id), Text(text.fix_en, text.fix_id))
        for name, contract in inputs.items()
        for text in fault_texts(contract, with_warnings=True)
    }
    heads = [
        _CHANNEL, Text("What is wrong", "Apa yang salah"), Text("What to do", "Tindakan"),
        Text("Last", "Terakhir"), Text("Rows", "Baris"), Text("That day", "Hari itu"),
    ]  # fmt: skip
    lines = []
    for row in rows:
        name = spoken(row["rule"])
        reason, fix = said.get((row["contract"], row["rule"], row["field"]), (name, Text("", "")))
        tone = "failed" if row["severity"] == "error" else "warn"
        lines.append(
            [
                f"{code(row['channel'])} {escape(row['contract'])}",
                f'<span class="verdict long {tone}">{label(reason)}</span>',
                label(fix),
                label(_day(row["last_on"])),
                label(grouped(row["count_rows"])),
                label(grouped(row["count_rows_today"])),
            ]
        )
    return card(
        Text("Rows by the rule they broke", "Baris menurut aturan yang dilanggar"),
        Text(
            "Red rows wait in quarantine (satu quarantine list), amber ones passed.",
            "Merah menunggu di karantina (satu quarantine list), kuning lolos.",
        ),
        table(heads, lines, left=4) if lines else "",
        wide=True,
    )


def _fields(rows: Rows) -> str:
    heads = [
        _FIELD, Text("Family", "Rumpun"), Text("Last filled", "Terakhir terisi"), Text("Rows", "Baris"),
        Text("Filled", "Terisi"), Text("Valid", "Sah"), Text("30 days", "30 hari"),
        Text("30 days before", "30 hari sebelumnya"),
    ]  # fmt: skip
    parts = []
    for channel in sorted({row["channel"] for row in rows}):
        lines = [
            [
                f"{escape(row['contract'])} · {code(row['field'])}",
                label(FAMILIES[row["family"]]),
                label(_day(row["last_filled_on"])),
                label(grouped(row["count_rows"])),
                *(label(_share(row[name])) for name in _SHARES),
            ]
            for row in rows
            if row["channel"] == channel
        ]
        inside = table(heads, lines, left=3)
        parts.append(f"<details><summary>{code(channel)}</summary>{inside}</details>")
    return card(
        Text("Every field of every channel", "Setiap kolom setiap kanal"),
        Text(
            "Completeness, validity, freshness, and the trend of completeness.",
            "Kelengkapan, keabsahan, kebaruan, dan tren kelengkapan.",
        ),
        "".join(parts),
        wide=True,
    )


_SHARES = ("share_filled", "share_valid", "share_filled_30_days", "share_filled_30_days_before")


def _filled(row: dict[str, Any] | None) -> str:
    return "–" if row is None or row["filled"] is None else label(percent(row["filled"]))


def _share(value: Any) -> Text:
    return Text("–", "–") if value is None else percent(float(value), 1)


def _day(value: Any) -> Text:
    return Text("–", "–") if value is None else Text(str(value), str(value))


def _figure(value: Any) -> Text:
    if value is None:
        return Text("–", "–")
    number = float(value)
    if number == int(number):
        return grouped(number)
    return Text(f"{number:.2f}", f"{number:.2f}".replace(".", ","))


def _tone(state: str) -> str:
    return {"usual": "passed", "unknown": "passed", "unusual": "warn"}.get(state, "failed")
