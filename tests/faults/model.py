"""What a planted fault is, and how the list of them is written for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warn", "blank"]
EFFECT = {
    "row": {
        "error": "row to quarantine",
        "warn": "row passes, warned of",
        "blank": "cell left empty, counted invalid",
    },
    "file": {"error": "to quarantine", "warn": "", "blank": "counted, nothing else"},
    "source": {"error": "night stops, nothing published", "warn": "published, warned of", "blank": ""},
    "table": {"error": "table not written, nothing published", "warn": "", "blank": ""},
}


@dataclass(frozen=True)
class Fault:
    """A fault, where it is planted, and each `contract rule field` (or `table rule`) that must catch it.

    `cells` is what differs from a good row; `rows` are the rows each of `caught` must count.
    """

    name: str
    where: str
    caught: tuple[str, ...]
    severity: Severity = "error"
    cells: dict[str, str] = field(default_factory=dict)
    rows: int = 1


def fault_table(kind: str, faults: Iterable[Fault]) -> Sequence[str]:
    """A Markdown table of faults."""
    lines = ["| fault | planted in | caught by | rows | what happens |", "|---|---|---|---|---|"]
    for fault in faults:
        caught = "<br>".join(f"`{rule}`" for rule in fault.caught) or "the ledger"
        effect = EFFECT[kind][fault.severity]
        lines.append(f"| {fault.name} | `{fault.where}` | {caught} | {fault.rows} | {effect} |")
    return lines
