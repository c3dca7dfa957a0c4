"""The record of processing as one page in both languages, for who answers for it and for who inspects.

Names of fields, counts, declarations; nothing is loaded from outside.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from pipelines.dictionary import FAMILIES
from pipelines.pages.page import header, label, page
from pipelines.processing_words import (
    AMISS,
    BASES,
    CLASSES,
    CRITERIA,
    KEPT,
    MATCHING,
    MEASURES,
    PURPOSES,
    UNITS,
)
from pipelines.report_charts import grouped, percent
from pipelines.report_parts import card, code, masthead, table, tile
from pipelines.report_words import METRICS, spoken
from warehouse.contracts import Text

_YES, _NO, _UNKNOWN = Text("yes", "ya"), Text("no", "tidak"), Text("not known yet", "belum diketahui")
_MISSING = Text("missing", "belum ada")
_CHANNEL, _PURPOSE = Text("Channel", "Kanal"), Text("Purpose", "Tujuan")
_TABLE, _FIELD = Text("Table", "Tabel"), Text("Field", "Kolom")


def processing_html(record: dict[str, Any]) -> str:
    """The page; `record` as `processing_record` makes it."""
    links = {
        "report.html": Text("customers and their value", "pelanggan dan nilainya"),
        "quality.html": Text("quality of the data", "mutu datanya"),
        "dictionary.html": Text("what every table means", "arti setiap tabel"),
    }
    seen = {"as_of": record["as_of"] or "–", "seq": record["release"] or "–"}
    body = [
        header(Text("Processing", "Pemrosesan"), ("en", "id")),
        '<main id="top">',
        masthead(record["company"], seen, links),
        _tiles(record),
        _activities(record),
        f'<div class="columns"><div>{_security(record)}{_uses(record)}{_unused(record)}</div>'
        f"<div>{_criteria(record)}{_matching(record)}{_recipients(record)}{_kept(record)}</div></div>",
        _evaluations(record),
        "</main>",
    ]
    title = f"Satu · {record['company']}"
    return page(title, "\n".join(body), styles=["report.css"], scripts=[], language="en")


def _tiles(record: dict[str, Any]) -> str:
    impact, activities = record["impact"], record["activities"]
    missing = {a["channel"] for a in activities if a["legal_basis"] is None}
    weak = [m for m in record["security"] if not m["is_in_force"]]
    purposes = len({a["purpose"] for a in activities})
    shown = [
        tile(
            Text("Persons", "Orang"),
            _count(impact["persons"]),
            label(Text("customers and prospects", "pelanggan dan calon")),
        ),
        tile(
            Text("Activities", "Kegiatan"),
            grouped(len(activities)),
            label(Text(f"{purposes} purposes", f"{purposes} tujuan")),
        ),
        tile(
            Text("Without legal basis", "Tanpa dasar hukum"),
            grouped(len(missing)),
            label(Text("channels; add `legal_basis`", "kanal; tambahkan `legal_basis`")),
            bool(missing),
        ),
        tile(
            Text("Measures not in force", "Langkah belum berlaku"),
            grouped(len(weak)),
            label(Text(f"of {len(record['security'])}", f"dari {len(record['security'])}")),
            bool(weak),
        ),
        tile(
            Text("Fields without use", "Kolom tanpa guna"),
            grouped(len(record["unused_fields"])),
            label(Text("collect less", "kurangi yang dikumpulkan")),
        ),
    ]
    return f'<div class="tiles">{"".join(shown)}</div>'


def _activities(record: dict[str, Any]) -> str:
    heads = [
        _CHANNEL, _PURPOSE, Text("Whose data", "Data siapa"), Text("Kinds of data", "Jenis data"),
        Text("Fields by class", "Kolom menurut kelas"), Text("Kept after last event", "Disimpan sesudah"),
        Text("Legal basis", "Dasar hukum"),
    ]  # fmt: skip
    lines = [
        [
            code(a["channel"]),
            _purpose(a["purpose"]),
            _joined(Text(**person) for person in a["persons"]),
            _joined(FAMILIES[family] for family in a["families"]),
            _fields_by_class(a["data"]),
            label(_period(a["kept"])),
            _basis(a["legal_basis"]),
        ]
        for a in record["activities"]
    ]
    return card(
        Text("Activities by channel and purpose", "Kegiatan menurut kanal dan tujuan"),
        Text(
            "Whose data come from where, what for, and on which ground (UU 27/2022, articles 20 and 31).",
            "Data siapa, dari mana, untuk apa, dan atas dasar apa (UU 27/2022, pasal 20 dan 31).",
        ),
        table(heads, lines, left=7, is_named=True) if lines else "",
        wide=True,
    )


def _fields_by_class(data: dict[str, list[str]]) -> str:
    parts = (
        f'<span title="{escape(", ".join(names))}">{label(CLASSES[name])} {len(names)}</span>'
        for name, names in data.items()
    )
    return ", ".join(parts)


def _purpose(name: str) -> str:
    return label(PURPOSES.get(name, spoken(name)))


def _basis(basis: str | None) -> str:
    if basis is None:
        return f'<span class="verdict warn">{label(_MISSING)}</span>'
    return label(BASES[basis])


def _uses(record: dict[str, Any]) -> str:
    heads = [Text("Segment", "Segmen"), _PURPOSE, Text("What it holds", "Isinya")]
    lines = [
        [code(u["segment"]), _purpose(u["purpose"]), label(Text(**u["description"]))] for u in record["uses"]
    ]
    return card(
        Text("Groups people are put into", "Kelompok yang dibentuk"),
        Text("Every segment has a purpose.", "Setiap segmen memiliki tujuan."),
        table(heads, lines, left=3) if lines else "",
    )


def _recipients(record: dict[str, Any]) -> str:
    heads = [Text("List", "Daftar"), _PURPOSE, Text("Exports", "Ekspor"), Text("Rows", "Baris")]
    lines = [
        [
            code(r["list"]),
            _purpose(r["purpose"]),
            label(grouped(r["exports"])),
            label(grouped(r["rows"])),
        ]
        for r in record["recipients"]
    ]
    return card(
        Text("Recipients", "Penerima"),
        Text("Lists that left by way of exports.", "Daftar yang keluar lewat ekspor."),
        table(heads, lines, left=2) if lines else "",
    )


def _kept(record: dict[str, Any]) -> str:
    lines = [[label(KEPT[entry["what"]]), label(_period(entry))] for entry in record["kept"]]
    return card(
        Text("How long it is kept", "Lama penyimpanan"),
        Text("Records of channels: in the table above.", "Catatan kanal: di tabel di atas."),
        table([Text("What", "Apa"), Text("Kept", "Disimpan")], lines),
    )


def _period(entry: dict[str, Any] | None) -> Text:
    if entry is None:
        return Text("until erased", "sampai dihapus")
    count, unit = entry["count"], UNITS[entry["unit"]]
    return Text(f"{count} {unit.en}{'' if count == 1 else 's'}", f"{count} {unit.id}")


def _security(record: dict[str, Any]) -> str:
    lines = [
        [label(MEASURES[m["measure"]]), _verdict(m["is_in_force"], good=True)] for m in record["security"]
    ]
    return card(
        Text("Security measures", "Langkah pengamanan"),
        Text("As found when this page was written.", "Menurut keadaan saat halaman ini dibuat."),
        table([Text("Measure", "Langkah"), Text("In force", "Berlaku")], lines, left=2),
    )


def _criteria(record: dict[str, Any]) -> str:
    lines = [
        [label(CRITERIA[c["criterion"]]), _verdict(c["applies"], good=False)]
        for c in record["impact"]["criteria"]
    ]
    impact = record["impact"]
    facts = [
        [label(Text("Sources whose records are joined", "Sumber yang catatannya digabungkan")),
         label(grouped(len(impact["sources_joined"])))],
        [label(Text("Persons under 18", "Orang di bawah 18 tahun")), label(_count(impact["children"]))],
        [label(Text("Fields of specific data", "Kolom data spesifik")),
         label(grouped(len(impact["specific_fields"])))],
    ]  # fmt: skip
    heads = [Text("Criterion", "Kriteria"), Text("Applies", "Berlaku")]
    return card(
        Text("Inputs for an impact assessment", "Masukan penilaian dampak"),
        Text(
            "Criteria of UU 27/2022, article 34, that the data can tell.",
            "Kriteria UU 27/2022, pasal 34, yang terlihat dari data.",
        ),
        table(heads, lines, left=2) + table([Text("Fact", "Fakta"), Text("Count", "Jumlah")], facts),
    )


def _matching(record: dict[str, Any]) -> str:
    impact = record["impact"]
    lines = [
        [label(MATCHING[name]), label(_figure(name, value))]
        for name, value in impact["matching"].items()
        if value is not None
    ]
    lines += [
        [f"{label(METRICS.get(m['metric'], (spoken(m['metric']), ''))[0])} {code(m['model'])}",
         f"{m['value']:.4g}"]
        for m in impact["models"]
    ]  # fmt: skip
    return card(
        Text("How right matching and models are", "Ketepatan pencocokan dan model"),
        Text("The matching's own estimates; models on days they had not seen.",
             "Perkiraan pencocokan sendiri; model pada hari yang belum dilihat."),
        table([Text("Figure", "Ukuran"), Text("Value", "Nilai")], lines) if lines else "",
    )  # fmt: skip


def _evaluations(record: dict[str, Any]) -> str:
    heads = [_TABLE, Text("What it says of people", "Yang dikatakan tentang orang"), Text("From", "Dari")]
    lines = [
        [
            code(e["table"]),
            label(Text(**e["description"])),
            ", ".join(code(name) for name in e["made_from"]),
        ]
        for e in record["evaluations"]
    ]
    return card(
        Text("Scores, classes and lists made by the machine", "Skor, kelas dan daftar buatan mesin"),
        Text(
            "Nothing is sent or refused by Satu itself; people decide with these tables.",
            "Satu sendiri tidak mengirim atau menolak apa pun; orang yang memutuskan dengan tabel ini.",
        ),
        table(heads, lines, left=3),
        wide=True,
    )


def _unused(record: dict[str, Any]) -> str:
    lines = [
        [f"{escape(u['contract'])} · {code(u['field'])}", _purpose(u["purpose"]), label(AMISS[u["amiss"]])]
        for u in record["unused_fields"]
    ]
    return card(
        Text("Fields without use", "Kolom tanpa guna"),
        Text(
            "Only the golden record keeps them; no other table, rule or segment names them.",
            "Hanya disimpan catatan emas; tak disebut tabel, aturan atau segmen lain.",
        ),
        table([_FIELD, _PURPOSE, Text("What is amiss", "Masalahnya")], lines, left=3) if lines else "",
    )


def _verdict(state: bool | None, good: bool) -> str:
    """Yes or no; what calls for attention is marked."""
    if state is None:
        return label(_UNKNOWN)
    tone = "passed" if state == good else "warn"
    return f'<span class="verdict {tone}">{label(_YES if state else _NO)}</span>'


def _joined(texts: Iterable[Text]) -> str:
    return ", ".join(label(text) for text in texts)


def _count(value: int | None) -> Text:
    return Text("–", "–") if value is None else grouped(value)


def _figure(name: str, value: float) -> Text:
    return percent(value, 1) if name.startswith("estimated") else grouped(value)
