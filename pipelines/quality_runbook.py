"""The runbook on the quality page: every rule of every table, its fault and the remedy, in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from data_quality.runbook import runbook
from pipelines.pages.page import label
from pipelines.report_parts import card, table
from warehouse.contracts import Table, Text

_HEADS = [
    Text("Rule", "Aturan"),
    Text("Severity", "Tingkat"),
    Text("When it is red", "Bila merah"),
    Text("What to do", "Tindakan"),
]
_SEVERITIES = {
    "error": Text("stops the night", "menghentikan malam"),
    "warn": Text("warns", "memperingatkan"),
}


def runbook_section(tables: Iterable[Table]) -> str:
    """One fold-out per table with all its rules."""
    parts = []
    for given in sorted(tables, key=lambda t: t.name):
        lines = [
            [
                f"<code>{escape(row.check)}</code>",
                label(_SEVERITIES[row.severity]),
                label(row.wording.problem),
                label(row.wording.fix),
            ]
            for row in runbook(given)
        ]
        parts.append(
            f'<details id="{escape(given.name)}"><summary><code>{escape(given.name)}</code></summary>'
            f"{table(_HEADS, lines, left=4)}</details>"
        )
    return card(
        Text("Runbook", "Buku panduan"),
        Text(
            "What every rule means when it is red, and what to do.",
            "Arti setiap aturan bila merah, dan tindakannya.",
        ),
        "".join(parts),
        wide=True,
    )
