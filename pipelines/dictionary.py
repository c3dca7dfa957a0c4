"""The data dictionary: every table and every field a channel can map, from the contracts and nothing else.

`python -m pipelines.dictionary` prints docs/data-dictionary.md; `satu docs` writes the page.
Both speak English and Indonesian. The page is one file that loads nothing from outside.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from html import escape

from warehouse.contracts import (
    Column,
    Field,
    InputContract,
    Rule,
    Table,
    Text,
    all_tables,
    base_inputs,
)

PRIVACY_MEANING = {
    "public": Text("open to anyone", "terbuka untuk siapa pun"),
    "internal": Text("about the business, not about a person", "tentang usaha, bukan tentang seseorang"),
    "pseudonym": Text(
        "about one person, known only by a pseudonym", "tentang satu orang, hanya dikenal lewat pseudonim"
    ),
    "quasi": Text(
        "harmless alone, telling in combination: published only for groups of five or more",
        "aman sendiri, mengungkap bila digabung: terbit hanya untuk kelompok lima orang atau lebih",
    ),
    "personal": Text(
        "names or reaches a person: vault only", "menyebut atau menghubungi orang: hanya di brankas"
    ),
    "specific": Text(
        "specially protected by law: vault only, for a stated purpose",
        "dilindungi khusus oleh undang-undang: hanya di brankas, untuk tujuan yang dinyatakan",
    ),
    "secret": Text("never stored", "tidak pernah disimpan"),
}
GROUPS = {
    "landing": Text("files as they arrive", "berkas sebagaimana datang"),
    "raw": Text("every row as it came", "setiap baris sebagaimana datang"),
    "records": Text("typed and normalised rows", "baris bertipe dan dinormalkan"),
    "clusters": Text("who is who", "siapa adalah siapa"),
    "customers": Text("the single view", "satu pandangan pelanggan"),
    "marts": Text("value, behaviour, quality", "nilai, perilaku, mutu"),
    "published": Text("about the release itself", "tentang rilis itu sendiri"),
}
ZONES = {
    "bi": Text("BI: no personal data", "BI: tanpa data pribadi"),
    "vault": Text("Vault: personal data", "Brankas: data pribadi"),
}
HISTORY = {
    "none": Text("latest only", "hanya yang terbaru"),
    "small": Text("all retained dates", "semua tanggal yang disimpan"),
    "month_ends": Text("last three month-ends", "tiga akhir bulan terakhir"),
}
FAMILIES = {
    "biographic": Text("biographic", "biografis"),
    "geographic": Text("geographic", "geografis"),
    "demographic": Text("demographic", "demografis"),
    "psychographic": Text("psychographic", "psikografis"),
    "transactional": Text("transactional", "transaksi"),
    "technical": Text("technical", "teknis"),
}


@dataclass(frozen=True)
class ReleaseFacts:
    """What a page can say about one company's release; empty for the dictionary of the code alone."""

    company: str = ""
    as_of: date | None = None
    rows: Mapping[str, int] = field(default_factory=dict)


def dictionary_markdown(tables: Mapping[str, Table], inputs: Mapping[str, InputContract]) -> str:
    """docs/data-dictionary.md: tables in the order of the data's way, then the input contracts."""
    lines = [
        "# Data dictionary · Kamus data",
        "",
        "Generated from `warehouse/contracts/`; change it there, then run `make docs`.",
        "",
        "Dihasilkan dari `warehouse/contracts/`; ubah di sana, lalu jalankan `make docs`.",
        "",
        "## Privacy classes · Kelas privasi",
        "",
        "| class | meaning | arti |",
        "|---|---|---|",
        *(f"| `{name}` | {meaning.en} | {meaning.id} |" for name, meaning in PRIVACY_MEANING.items()),
        "",
        "## Tables · Tabel",
        "",
        "| table | group | zone | what | isi |",
        "|---|---|---|---|---|",
    ]
    ordered = in_order(tables.values())
    for table in ordered:
        what = f"{_cell(table.description.en)} | {_cell(table.description.id)}"
        lines.append(f"| [`{table.name}`](#{table.name}) | {table.group} | {table.zone} | {what} |")
    lines.append("")
    for table in ordered:
        lines += _table_markdown(table)
    lines += [
        "## Input contracts · Kontrak masukan",
        "",
        "What a channel contract can map (see [channels.md](channels.md)). Every field but those marked"
        " *required* may be left out.",
        "",
        "Yang dapat dipetakan sebuah kontrak kanal. Semua kolom selain yang bertanda *required* boleh"
        " ditinggalkan.",
        "",
    ]
    for contract in inputs.values():
        lines += _input_markdown(contract)
    return "\n".join(lines).rstrip("\n") + "\n"


def dictionary_html(
    tables: Mapping[str, Table],
    inputs: Mapping[str, InputContract],
    release: ReleaseFacts | None = None,
) -> str:
    """The dictionary as one page with search and a language switch; nothing is loaded from outside."""
    facts = release or ReleaseFacts()
    ordered = in_order(tables.values())
    groups = list(dict.fromkeys(table.group for table in ordered))
    body = [
        _header(),
        '<div class="page">',
        _navigation(ordered, groups, inputs),
        '<main id="top">',
        _about(facts, ordered, len(inputs)),
        _introduction(),
        '<p id="nothing" hidden>' + _both(Text("Nothing matches.", "Tidak ada yang cocok.")) + "</p>",
    ]
    for group in groups:
        members = [table for table in ordered if table.group == group]
        meaning = _both(GROUPS[group]) if group in GROUPS else ""
        heading = f"<b>{escape(group.capitalize())}</b> {meaning}"
        body.append(f'<section class="group"><h2 id="group-{escape(group)}">{heading}</h2>')
        body += [_table_html(table, facts, tables) for table in members]
        body.append("</section>")
    body.append(
        '<section class="group"><h2 id="group-inputs"><b>Inputs</b> ' + _both(_INPUTS_HEADING) + "</h2>"
    )
    body.append(f'<p class="lead">{_both(_INPUTS_LEAD)}</p>')
    body += [_input_html(contract) for contract in inputs.values()]
    body += ["</section>", "</main></div>"]
    title = f"Satu · {facts.company or 'data dictionary'}"
    return _PAGE.format(title=escape(title), style=_STYLE, body="\n".join(body), script=_SCRIPT)


def in_order(tables: Iterable[Table]) -> list[Table]:
    """Tables along the data's way, by name within a group."""
    order = list(GROUPS)
    return sorted(
        tables, key=lambda t: (order.index(t.group) if t.group in order else len(order), t.group, t.name)
    )


def _cell(text: str) -> str:
    """Text that fits a Markdown table cell."""
    return " ".join(text.split()).replace("|", "\\|")


def _limits(column: Column) -> list[str]:
    """What a column's values must satisfy, in short."""
    found = []
    if column.required:
        found.append("required")
    if column.minimum is not None and column.maximum is not None:
        found.append(f"{column.minimum} to {column.maximum}")
    elif column.minimum is not None:
        found.append(f"at least {column.minimum}")
    elif column.maximum is not None:
        found.append(f"at most {column.maximum}")
    if column.values:
        found.append("one of " + ", ".join(column.values))
    if column.references:
        found.append(f"in {column.references}")
    return found


def _table_markdown(table: Table) -> list[str]:
    lines = [
        f"### {table.name}",
        "",
        f"{table.description.en}  ",
        f"*{table.description.id}*",
        "",
        f"{table.grain}",
        "",
        f"Key: {', '.join(f'`{name}`' for name in table.key)} · {ZONES[table.zone].en}"
        f" · history: {HISTORY[table.history].en}"
        + ("" if table.published else " · not part of the BI file"),
        "",
        "| column | type | unit | privacy | meaning | arti | limits |",
        "|---|---|---|---|---|---|---|",
    ]
    for column in table.columns:
        lines.append(
            f"| `{column.name}` | {column.type} | {column.unit} | {column.privacy} |"
            f" {_cell(column.description.en)} | {_cell(column.description.id)} |"
            f" {_cell('; '.join(_limits(column)))} |"
        )
    return [*lines, "", *_rules_markdown(table.rules)]


def _input_markdown(contract: InputContract) -> list[str]:
    lines = [
        f"### {contract.name} (input)",
        "",
        f"{contract.description.en}  ",
        f"*{contract.description.id}*",
        "",
        f"{contract.grain}",
        "",
        f"Key: {', '.join(f'`{name}`' for name in contract.key)}"
        + (f" · event: `{contract.event_field}`" if contract.event_field else ""),
        "",
        "| field | type | privacy | purpose | meaning | arti | limits |",
        "|---|---|---|---|---|---|---|",
    ]
    for entry in contract.fields:
        limits = "; ".join(_field_limits(entry))
        lines.append(
            f"| `{entry.name}` | {entry.type} | {entry.privacy} | {entry.purpose} |"
            f" {_cell(entry.description.en)} | {_cell(entry.description.id)} | {_cell(limits)} |"
        )
    return [*lines, "", *_rules_markdown(contract.rules)]


def _field_limits(entry: Field) -> list[str]:
    found = ["required"] if entry.required else []
    if entry.values:
        found.append("one of " + ", ".join(entry.values))
    if entry.on_invalid == "quarantine":
        found.append("unreadable value: row to quarantine")
    return found


def _rules_markdown(rules: Iterable[Rule]) -> list[str]:
    lines = [
        f"- `{rule.name}` ({rule.severity}): {_cell(rule.description.en)} *{_cell(rule.description.id)}*"
        for rule in rules
    ]
    return ["Rules:", "", *lines, ""] if lines else []


# The page -----------------------------------------------------------------------------------------

_INPUTS_HEADING = Text("what channels can map", "yang dapat dipetakan kanal")
_INPUTS_LEAD = Text(
    "For those who write channel contracts. A field may be left out unless it is marked required.",
    "Untuk penulis kontrak kanal. Kolom boleh ditinggalkan kecuali bertanda wajib.",
)
_WORDS = {
    "key": Text("key", "kunci"),
    "required": Text("required", "wajib"),
    "rows": Text("rows", "baris"),
    "column": Text("Column", "Kolom"),
    "field": Text("Field", "Kolom"),
    "type": Text("Type", "Tipe"),
    "meaning": Text("Meaning", "Arti"),
    "privacy": Text("Privacy", "Privasi"),
    "rules": Text("Rules", "Aturan"),
    "added": Text("added by this company", "ditambahkan perusahaan ini"),
    "history": Text("History", "Riwayat"),
    "event": Text("Event", "Peristiwa"),
    "quarantine": Text("unreadable: row to quarantine", "tak terbaca: baris ke karantina"),
    "blank": Text("unreadable: left empty", "tak terbaca: dikosongkan"),
    "purpose": Text("purpose", "tujuan"),
}


def _both(text: Text) -> str:
    """One meaning in both languages; the switch on the page hides one of them."""
    if text.en == text.id:
        return escape(text.en)
    english = f'<span class="en" lang="en">{escape(text.en)}</span>'
    return f'{english}<span class="id" lang="id">{escape(text.id)}</span>'


def _label(text: Text) -> str:
    """A word of the page itself: one language at a time, English while both are shown."""
    return f'<span class="label">{_both(text)}</span>'


def _word(name: str) -> str:
    return _label(_WORDS[name])


def _header() -> str:
    buttons = "".join(
        f'<button type="button" data-language="{value}" title="{title}">{label}</button>'
        for value, label, title in (
            ("en", "EN", "English"),
            ("id", "ID", "Bahasa Indonesia"),
            ("both", "EN + ID", "Both · Keduanya"),
        )
    )
    return (
        '<header><div class="bar"><a class="brand" href="#top"><b>satu</b>'
        f"<span>{_label(Text('Data dictionary', 'Kamus data'))}</span></a>"
        '<input id="search" type="search" autocomplete="off" spellcheck="false"'
        ' placeholder="Search · Cari   /" aria-label="Search tables and columns · Cari tabel dan kolom">'
        f'<div class="languages" role="group" aria-label="Language · Bahasa">{buttons}</div></div>'
        "</header>"
    )


def _navigation(ordered: list[Table], groups: list[str], inputs: Mapping[str, InputContract]) -> str:
    parts = ['<nav aria-label="Tables · Tabel">']
    for group in groups:
        parts.append(f'<a class="title" href="#group-{escape(group)}">{escape(group)}</a>')
        parts += [
            f'<a href="#{escape(t.name)}" data-for="{escape(t.name)}"'
            + (' class="locked"' if t.zone == "vault" else "")
            + f">{escape(t.name)}</a>"
            for t in ordered
            if t.group == group
        ]
    parts.append('<a class="title" href="#group-inputs">inputs</a>')
    parts += [f'<a href="#input-{escape(n)}" data-for="input-{escape(n)}">{escape(n)}</a>' for n in inputs]
    return "".join([*parts, "</nav>"])


def _about(facts: ReleaseFacts, ordered: list[Table], inputs: int) -> str:
    columns = sum(len(table.columns) for table in ordered)
    counts = Text(
        f"{len(ordered)} tables, {columns} columns, {inputs} input contracts",
        f"{len(ordered)} tabel, {columns} kolom, {inputs} kontrak masukan",
    )
    parts = [f"<b>{escape(facts.company)}</b>"] if facts.company else []
    if facts.as_of is not None:
        parts.append(f"{facts.as_of:%Y-%m-%d}")
    return f'<p class="about">{" · ".join([*parts, _label(counts)])}</p>'


def _introduction() -> str:
    lead = Text(
        "Every table below is a pure function of what was known at the end of one business day (as_of). "
        "BI tables hold no personal data; vault tables are for those allowed to see people.",
        "Setiap tabel di bawah adalah fungsi murni dari yang diketahui pada akhir satu hari bisnis (as_of). "
        "Tabel BI tidak memuat data pribadi; tabel brankas hanya untuk yang berwenang melihat orang.",
    )
    classes = "".join(
        f"<li>{_badge(name)}<span>{_both(meaning)}</span></li>" for name, meaning in PRIVACY_MEANING.items()
    )
    heading = _label(Text("Privacy classes", "Kelas privasi"))
    return (
        f'<p class="lead">{_both(lead)}</p>'
        f'<details class="legend"><summary>{heading}</summary><ul>{classes}</ul></details>'
    )


def _badge(privacy: str) -> str:
    meaning = PRIVACY_MEANING[privacy]
    title = escape(f"{meaning.en} · {meaning.id}")
    return f'<span class="badge {escape(privacy)}" title="{title}">{escape(privacy)}</span>'


def _table_html(table: Table, facts: ReleaseFacts, tables: Mapping[str, Table]) -> str:
    rows = facts.rows.get(table.name)
    count = f'<span class="rows">{rows:,} {_word("rows")}</span>' if rows is not None else ""
    lock = f'<span class="zone {table.zone}">{_label(ZONES[table.zone])}</span>'
    facts_line = (
        f"<dl><div><dt>{_word('key')}</dt><dd>{_codes(table.key)}</dd></div>"
        f"<div><dt>{_word('history')}</dt><dd>{_label(HISTORY[table.history])}</dd></div></dl>"
    )
    lines = "".join(_column_html(table, column, tables) for column in table.columns)
    return _card(
        table.name, table.name, table.description, table.grain, lock + count, facts_line, lines, table.rules
    )


def _input_html(contract: InputContract) -> str:
    event = (
        f"<div><dt>{_word('event')}</dt><dd>{_codes((contract.event_field,))}</dd></div>"
        if contract.event_field
        else ""
    )
    facts_line = f"<dl><div><dt>{_word('key')}</dt><dd>{_codes(contract.key)}</dd></div>{event}</dl>"
    lines = "".join(_field_html(contract, entry) for entry in contract.fields)
    chip = f'<span class="zone input">{_label(Text("Input", "Masukan"))}</span>'
    return _card(
        f"input-{contract.name}",
        contract.name,
        contract.description,
        contract.grain,
        chip,
        facts_line,
        lines,
        contract.rules,
        first="field",
    )


def _card(
    anchor: str,
    name: str,
    description: Text,
    grain: str,
    chips: str,
    facts_line: str,
    lines: str,
    rules: Iterable[Rule],
    first: str = "column",
) -> str:
    """One table or input contract on the page."""
    head = "".join(f"<th>{_word(word)}</th>" for word in (first, "type", "meaning", "privacy"))
    return (
        f'<article id="{escape(anchor)}" data-text="{escape(_searchable(name, description))}">'
        f'<h3><a href="#{escape(anchor)}">{escape(name)}</a>{chips}</h3>'
        f'<p class="what">{_both(description)}</p><p class="grain">{escape(grain)}</p>{facts_line}'
        f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>{_rules_html(rules)}</article>"
    )


def _column_html(table: Table, column: Column, tables: Mapping[str, Table]) -> str:
    marks = f'<span class="mark">{_word("key")}</span>' if column.name in table.key else ""
    notes = []
    if column.minimum is not None or column.maximum is not None:
        low = "" if column.minimum is None else column.minimum
        high = "" if column.maximum is None else column.maximum
        sign = f"{low} – {high}" if low and high else f"≥ {low}" if low else f"≤ {high}"
        notes.append(escape(sign))
    if column.references:
        target = column.references.partition(".")[0]
        reference = f"<code>{escape(column.references)}</code>"
        notes.append(
            f'→ <a href="#{escape(target)}">{reference}</a>' if target in tables else f"→ {reference}"
        )
    unit = f'<span class="unit">{escape(column.unit)}</span>' if column.unit else ""
    return _line(
        column.name,
        column.required,
        f"{escape(column.type)}{unit}",
        column.description,
        column.values,
        notes,
        column.privacy,
        FAMILIES[column.family],
        marks,
    )


def _field_html(contract: InputContract, entry: Field) -> str:
    marks = f'<span class="mark">{_word("key")}</span>' if entry.name in contract.key else ""
    if entry.added:
        marks += f'<span class="mark added">{_word("added")}</span>'
    notes = [f"{_word('purpose')}: {escape(entry.purpose)}"]
    if entry.type != "text" or entry.on_invalid == "quarantine":
        notes.append(_word(entry.on_invalid))
    return _line(
        entry.name,
        entry.required,
        escape(entry.type),
        entry.description,
        entry.values,
        notes,
        entry.privacy,
        FAMILIES[entry.family],
        marks,
    )


def _line(
    name: str,
    required: bool,
    type_html: str,
    description: Text,
    values: tuple[str, ...],
    notes: list[str],
    privacy: str,
    family: Text,
    marks: str,
) -> str:
    """One column or field as a row."""
    if required:
        marks += f'<span class="mark">{_word("required")}</span>'
    chosen = f'<div class="values">{_codes(values)}</div>' if values else ""
    noted = f'<div class="notes">{" · ".join(notes)}</div>' if notes else ""
    return (
        f'<tr data-text="{escape(_searchable(name, description))}">'
        f'<td class="name"><code>{escape(name)}</code>{marks}</td>'
        f'<td class="type">{type_html}</td>'
        f'<td class="meaning">{_both(description)}{chosen}{noted}</td>'
        f'<td class="privacy">{_badge(privacy)}<small>{_label(family)}</small></td></tr>'
    )


def _rules_html(rules: Iterable[Rule]) -> str:
    entries = "".join(
        f'<li><span class="severity {rule.severity}">{rule.severity}</span>'
        f"<code>{escape(rule.name)}</code> {_both(rule.description)}"
        f"<pre>{escape(rule.check)}</pre></li>"
        for rule in rules
    )
    if not entries:
        return ""
    return f'<details class="rules"><summary>{_word("rules")}</summary><ul>{entries}</ul></details>'


def _codes(names: Iterable[str]) -> str:
    return " ".join(f"<code>{escape(name)}</code>" for name in names)


def _searchable(name: str, description: Text) -> str:
    return f"{name} {name.replace('_', ' ')} {description.en} {description.id}".lower()


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
<script>{script}</script>
</body>
</html>
"""

_STYLE = """
:root {
  --paper: #f6f5f2; --card: #ffffff; --ink: #1d2430; --soft: #5d6675; --faint: #8a92a0;
  --line: #e4e2dc; --tint: #f1f0ec; --accent: #0b6b5d; --accent-soft: #e0f0ec;
    --shadow: 0 1px 2px #1d243012;
  --green: #17693f; --green-bg: #e1f3e8; --blue: #1f5596; --blue-bg: #e3eefb; --violet: #6339a3;
  --violet-bg: #eee7fa; --amber: #8a5a00; --amber-bg: #fdf1d5; --red: #a3272e; --red-bg: #fbe5e5;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  --bar: 3.5rem;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12161c; --card: #1a2028; --ink: #e5e9ef; --soft: #a4aebb; --faint: #7e8998;
    --line: #2b333e; --tint: #222a34; --accent: #5fc7b3; --accent-soft: #173a36; --shadow: none;
    --green: #86d8a7; --green-bg: #17382a; --blue: #94c1f7; --blue-bg: #1a3250; --violet: #c3a8f2;
    --violet-bg: #33264f; --amber: #f0c674; --amber-bg: #40320f; --red: #f4a0a0; --red-bg: #4a2023;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: calc(var(--bar) + 1rem); -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Ubuntu,
    "Liberation Sans", sans-serif; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code, pre { font-family: var(--mono); font-size: .86em; }
header { position: sticky; top: 0; z-index: 2; background: var(--card);
  border-bottom: 1px solid var(--line); }
.bar { display: flex; align-items: center; gap: 1.25rem; padding: .6rem 1.5rem; }
.brand { display: flex; align-items: baseline; gap: .6rem; color: var(--ink); white-space: nowrap; }
.brand:hover { text-decoration: none; }
.brand b { font-size: 1.35rem; letter-spacing: -.02em; color: var(--accent); }
.brand span { color: var(--soft); }
#search { flex: 1; max-width: 34rem; margin-left: auto; min-width: 0; font: inherit; color: inherit;
  padding: .38rem .8rem; border: 1px solid var(--line); border-radius: 8px; background: var(--paper); }
#search::placeholder { color: var(--faint); }
.languages { display: flex; border: 1px solid var(--line); border-radius: 8px; overflow: hidden;
  flex: none; }
.languages button { font: inherit; font-size: .82rem; color: var(--soft); background: none; border: 0;
  padding: .42rem .7rem; cursor: pointer; }
.languages button + button { border-left: 1px solid var(--line); }
.languages button[aria-pressed=true] { background: var(--accent-soft); color: var(--accent);
  font-weight: 600; }
.about { margin: 0 0 .5rem; color: var(--faint); font-size: .88rem; } .about b { color: var(--ink); }
.page { display: grid; grid-template-columns: 14.5rem minmax(0, 1fr); max-width: 88rem;
  margin: 0 auto; }
nav { position: sticky; top: var(--bar); align-self: start; height: calc(100vh - var(--bar));
  overflow: auto;
  padding: 1.25rem .75rem 2rem 1.5rem; scrollbar-width: thin; }
nav a { display: block; padding: .14rem .6rem; border-radius: 6px; color: var(--soft);
  font-size: .86rem;
  overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
nav a:hover, nav a.here { background: var(--accent-soft); color: var(--accent); text-decoration: none; }
nav a.title { margin-top: .9rem; color: var(--faint); font-size: .7rem; font-weight: 700;
  letter-spacing: .09em;
  text-transform: uppercase; background: none; }
nav a.title:first-child { margin-top: 0; }
nav a.locked::after { content: ""; display: inline-block; width: .4rem; height: .4rem;
  margin-left: .45rem;
  border-radius: 50%; background: var(--amber); opacity: .7; vertical-align: .08rem; }
main { padding: 1.25rem 1.5rem 5rem .75rem; }
.lead { color: var(--soft); max-width: 60rem; margin: 0 0 1rem; }
h2 { font-size: 1.2rem; font-weight: 650; letter-spacing: -.01em; margin: 2.2rem 0 .9rem; }
article { background: var(--card); border: 1px solid var(--line); border-radius: 12px;
  box-shadow: var(--shadow);
  padding: 1.1rem 1.3rem .5rem; margin: 0 0 1.1rem; }
article:target { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
h3 { display: flex; flex-wrap: wrap; align-items: center; gap: .3rem .6rem; margin: 0;
  font-size: 1.05rem; }
h3 a { color: var(--ink); font-family: var(--mono); font-size: 1rem; overflow-wrap: anywhere; }
.zone, .rows, .badge, .mark, .severity { font-size: .72rem; font-weight: 500; border-radius: 99px;
  padding: .08rem .55rem; white-space: nowrap; }
.zone.bi { background: var(--accent-soft); color: var(--accent); }
.zone.vault { background: var(--amber-bg); color: var(--amber); }
.zone.input { background: var(--blue-bg); color: var(--blue); }
.rows { margin-left: auto; color: var(--soft); font-weight: 400;
  font-variant-numeric: tabular-nums; padding: 0; }
.what { margin: .35rem 0 0; }
.grain { margin: .1rem 0 .5rem; color: var(--soft); font-size: .88rem; }
dl { display: flex; flex-wrap: wrap; gap: .25rem 1.6rem; margin: 0 0 .9rem; font-size: .85rem; }
dl div { display: flex; flex-wrap: wrap; gap: .2rem .5rem; align-items: baseline; }
dt { color: var(--faint); } dd { margin: 0; color: var(--soft); }
dd code, .values code { background: var(--tint); border-radius: 5px; padding: .05rem .36rem;
  color: var(--ink); }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
th { text-align: left; font-size: .7rem; font-weight: 600; letter-spacing: .05em;
  text-transform: uppercase;
  color: var(--faint); padding: .3rem .6rem .3rem 0; }
th:nth-child(1) { width: 24%; } th:nth-child(2) { width: 15%; } th:nth-child(4) { width: 8.2rem; }
td { vertical-align: top; padding: .5rem .6rem .5rem 0; border-top: 1px solid var(--line); }
td.name code { font-weight: 600; margin-right: .4rem; overflow-wrap: anywhere; }
td.type { color: var(--soft); font-size: .85rem; font-family: var(--mono); overflow-wrap: anywhere; }
td.type .unit { display: block; font-family: system-ui, sans-serif; color: var(--faint);
  font-size: .8rem; }
.mark { display: inline-block; padding: 0 .42rem; background: var(--tint); color: var(--soft);
  font-size: .68rem;
  margin-right: .25rem; }
.mark.added { background: var(--violet-bg); color: var(--violet); }
.notes { color: var(--faint); font-size: .8rem; margin-top: .1rem; overflow-wrap: anywhere; }
.values { margin-top: .2rem; line-height: 1.75; font-size: .9rem; }
td.privacy small { display: block; color: var(--faint); font-size: .74rem; margin-top: .1rem;
  padding-left: .15rem; }
.badge { display: inline-block; }
.badge.public { background: var(--green-bg); color: var(--green); }
.badge.internal { background: var(--tint); color: var(--soft); }
.badge.pseudonym { background: var(--blue-bg); color: var(--blue); }
.badge.quasi { background: var(--violet-bg); color: var(--violet); }
.badge.personal { background: var(--amber-bg); color: var(--amber); }
.badge.specific, .badge.secret { background: var(--red-bg); color: var(--red); }
.legend { margin: 0; font-size: .88rem; color: var(--soft); }
.legend ul { list-style: none; padding: 0; margin: .6rem 0 0; display: grid; gap: .3rem; }
.legend li { display: grid; grid-template-columns: 6.2rem 1fr; gap: .6rem; align-items: baseline; }
.legend .badge { justify-self: start; }
summary { cursor: pointer; color: var(--soft); font-size: .86rem; width: max-content; }
.rules { border-top: 1px solid var(--line); padding: .55rem 0 .5rem; }
.rules ul { list-style: none; padding: 0; margin: .5rem 0 0; font-size: .88rem; }
.rules li { margin-bottom: .6rem; }
.rules pre { margin: .25rem 0 0; padding: .4rem .6rem; background: var(--tint); border-radius: 6px;
  white-space: pre-wrap; overflow-wrap: anywhere; color: var(--soft); }
.severity { margin-right: .4rem; } .severity.error { background: var(--red-bg); color: var(--red); }
.severity.warn { background: var(--amber-bg); color: var(--amber); }
.en + .id::before { content: " · "; color: var(--faint); }
.what .id, .meaning > .id, .lead .id, .legend .id, .rules .id { display: block; color: var(--soft); }
.meaning > .id { font-size: .9rem; }
.what .id::before, .meaning > .id::before, .lead .id::before, .legend .id::before, .rules .id::before {
  content: none !important; }
.label .id { display: none; } [data-language=id] .label .id { display: inline !important; }
h2 .en, h2 .id { color: var(--soft); font-weight: 400; font-size: .95rem; } h2 b { margin-right: .5rem; }
[data-language=en] .id, [data-language=id] .en { display: none !important; }
[data-language=id] .en + .id::before { content: none; }
[data-language=id] .what .id, [data-language=id] .meaning > .id { color: var(--ink);
  font-size: inherit; }
[hidden] { display: none !important; }
mark { background: var(--amber-bg); color: inherit; border-radius: 3px; }
#nothing { color: var(--soft); padding: 2rem 0; text-align: center; }
@media (max-width: 60rem) {
  .page { display: block; } nav { display: none; } main { padding: 1rem 1rem 4rem; }
}
@media (max-width: 44rem) {
  :root { --bar: 6.4rem; }
  body { font-size: 14.5px; }
  .bar { flex-wrap: wrap; gap: .5rem; padding: .6rem 1rem; }
  .brand { flex: 1; } #search { order: 3; flex-basis: 100%; max-width: none; font-size: 16px; }
  .languages button { padding: .35rem .55rem; }
  article { padding: .9rem .95rem .3rem; border-radius: 10px; }
  .rows { margin-left: 0; }
  table, tbody { display: block; } thead { display: none; }
  tbody tr { display: grid; grid-template-columns: 1fr auto; gap: .1rem .8rem; padding: .6rem 0;
    border-top: 1px solid var(--line); }
  td { display: block; border: 0; padding: 0; }
  td.type { text-align: right; } td.type .unit { display: inline; margin-left: .4rem; }
  td.meaning { grid-column: 1; } td.privacy { text-align: right; } td.privacy small { display: none; }
}
@media print {
  header, nav { display: none; } .page { display: block; } body { background: #fff; }
  article { break-inside: avoid; box-shadow: none;
    } details::details-content { content-visibility: visible; }
}
"""

_SCRIPT = """
(function () {
  var root = document.documentElement, search = document.getElementById('search');
  var nothing = document.getElementById('nothing');
  var articles = [].slice.call(document.querySelectorAll('article'));
  var links = {};
  document.querySelectorAll('nav a[data-for]').forEach(function (a) { links[a.dataset.for] = a; });

  function remember(value) { try { localStorage.setItem('satu-language', value);
    } catch (e) { /* private */ } }
  function remembered() { try { return localStorage.getItem('satu-language');
    } catch (e) { return null; } }
  function speak(language) {
    root.dataset.language = language;
    root.lang = language === 'id' ? 'id' : 'en';
    document.querySelectorAll('[data-language]').forEach(function (b) {
      if (b !== root) b.setAttribute('aria-pressed', String(b.dataset.language === language));
    });
  }
  document.querySelectorAll('.languages button').forEach(function (button) {
    button.addEventListener('click', function () {
      speak(button.dataset.language); remember(button.dataset.language);
    });
  });
  speak(remembered() || 'both');

  function has(element, words) {
    return words.every(function (word) { return element.dataset.text.indexOf(word) >= 0; });
  }
  function find() {
    var words = search.value.toLowerCase().split(/\\s+/).filter(Boolean), any = false;
    articles.forEach(function (article) {
      var whole = has(article, words), shown = whole;
      article.querySelectorAll('tbody tr').forEach(function (row) {
        var hit = whole || has(row, words);
        row.hidden = !hit;
        shown = shown || hit;
      });
      article.hidden = !shown;
      any = any || shown;
      if (links[article.id]) links[article.id].hidden = !shown;
    });
    document.querySelectorAll('section.group').forEach(function (group) {
      group.hidden = !group.querySelector('article:not([hidden])');
      var title = document.querySelector('nav a.title[href="#' + group.querySelector('h2').id + '"]');
      if (title) title.hidden = group.hidden;
    });
    nothing.hidden = any;
  }
  search.addEventListener('input', find);
  if (search.value) find();
  document.addEventListener('keydown', function (event) {
    if (event.key === '/' && document.activeElement !== search) { event.preventDefault();
      search.focus(); }
    if (event.key === 'Escape' && document.activeElement === search) { search.value = ''; find();
      search.blur(); }
  });
  window.addEventListener('hashchange', function () { if (search.value) { search.value = '';
    find(); } });

  if ('IntersectionObserver' in window) {
    var observer = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        var link = links[entry.target.id];
        if (link) link.classList.toggle('here', entry.isIntersecting);
      });
    }, { rootMargin: '-15% 0px -75% 0px' });
    articles.forEach(function (article) { observer.observe(article); });
  }
})();
"""


if __name__ == "__main__":
    sys.stdout.write(dictionary_markdown(all_tables(), base_inputs()))
