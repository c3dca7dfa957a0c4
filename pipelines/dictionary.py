"""The data dictionary: every table and every field a channel can map, from the contracts and nothing else.

`python -m pipelines.dictionary` prints docs/data-dictionary.md. The page that `satu docs` writes is made in
`dictionary_page.py` from the same words. Both speak English and Indonesian.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

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


if __name__ == "__main__":
    sys.stdout.write(dictionary_markdown(all_tables(), base_inputs()))
