"""The data dictionary as one page with search and a language switch; nothing is loaded from outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from pipelines.dictionary import FAMILIES, GROUPS, HISTORY, PRIVACY_MEANING, ZONES, ReleaseFacts, in_order
from pipelines.pages.page import LANGUAGES, both, header, label, page
from warehouse.contracts import Column, Field, InputContract, Rule, Table, Text

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
_SEARCH = (
    '<input id="search" type="search" autocomplete="off" spellcheck="false" placeholder="Search · Cari   /"'
    ' aria-label="Search tables and columns · Cari tabel dan kolom">'
)


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
        header(Text("Data dictionary", "Kamus data"), LANGUAGES, _SEARCH),
        '<div class="page">',
        _navigation(ordered, groups, inputs),
        '<main id="top">',
        _about(facts, ordered, len(inputs)),
        _introduction(),
        '<p id="nothing" hidden>' + both(Text("Nothing matches.", "Tidak ada yang cocok.")) + "</p>",
    ]
    for group in groups:
        members = [table for table in ordered if table.group == group]
        meaning = both(GROUPS[group]) if group in GROUPS else ""
        heading = f"<b>{escape(group.capitalize())}</b> {meaning}"
        body.append(f'<section class="group"><h2 id="group-{escape(group)}">{heading}</h2>')
        body += [_table_html(table, facts, tables) for table in members]
        body.append("</section>")
    body.append(
        '<section class="group"><h2 id="group-inputs"><b>Inputs</b> ' + both(_INPUTS_HEADING) + "</h2>"
    )
    body.append(f'<p class="lead">{both(_INPUTS_LEAD)}</p>')
    body += [_input_html(contract) for contract in inputs.values()]
    body += ["</section>", "</main></div>"]
    title = f"Satu · {facts.company or 'data dictionary'}"
    return page(title, "\n".join(body), styles=["dictionary.css"], scripts=["dictionary.js"], language="both")


def _word(name: str) -> str:
    return label(_WORDS[name])


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
    return f'<p class="about">{" · ".join([*parts, label(counts)])}</p>'


def _introduction() -> str:
    lead = Text(
        "Every table below is a pure function of what was known at the end of one business day (as_of). "
        "BI tables hold no personal data; vault tables are for those allowed to see people.",
        "Setiap tabel di bawah adalah fungsi murni dari yang diketahui pada akhir satu hari bisnis (as_of). "
        "Tabel BI tidak memuat data pribadi; tabel brankas hanya untuk yang berwenang melihat orang.",
    )
    classes = "".join(
        f"<li>{_badge(name)}<span>{both(meaning)}</span></li>" for name, meaning in PRIVACY_MEANING.items()
    )
    heading = label(Text("Privacy classes", "Kelas privasi"))
    return (
        f'<p class="lead">{both(lead)}</p>'
        f'<details class="legend"><summary>{heading}</summary><ul>{classes}</ul></details>'
    )


def _badge(privacy: str) -> str:
    meaning = PRIVACY_MEANING[privacy]
    title = escape(f"{meaning.en} · {meaning.id}")
    return f'<span class="badge {escape(privacy)}" title="{title}">{escape(privacy)}</span>'


def _table_html(table: Table, facts: ReleaseFacts, tables: Mapping[str, Table]) -> str:
    rows = facts.rows.get(table.name)
    count = f'<span class="rows">{rows:,} {_word("rows")}</span>' if rows is not None else ""
    lock = f'<span class="zone {table.zone}">{label(ZONES[table.zone])}</span>'
    facts_line = (
        f"<dl><div><dt>{_word('key')}</dt><dd>{_codes(table.key)}</dd></div>"
        f"<div><dt>{_word('history')}</dt><dd>{label(HISTORY[table.history])}</dd></div></dl>"
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
    chip = f'<span class="zone input">{label(Text("Input", "Masukan"))}</span>'
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
        f'<p class="what">{both(description)}</p><p class="grain">{escape(grain)}</p>{facts_line}'
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
        f'<td class="meaning">{both(description)}{chosen}{noted}</td>'
        f'<td class="privacy">{_badge(privacy)}<small>{label(family)}</small></td></tr>'
    )


def _rules_html(rules: Iterable[Rule]) -> str:
    entries = "".join(
        f'<li><span class="severity {rule.severity}">{rule.severity}</span>'
        f"<code>{escape(rule.name)}</code> {both(rule.description)}"
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
