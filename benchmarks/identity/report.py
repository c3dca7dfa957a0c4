"""The results as Markdown: one table per data set, the mean over seeds, and ours against each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.identity.scores import Difference, Scores, difference

OURS = "satu"
HEAD = (
    "| engine | pairs P | pairs R | pairs F1 | B³ P | B³ R | B³ F1 | CPU s | start-up s | peak MB |"
    " ours − it, pairs | | ours − it, B³ | |\n|---|" + "---:|" * 10 + "---|---:|---|"
)
BY_LABELS = "threshold by labels \\*"


@dataclass
class Row:
    """What one engine (and threshold) reached on the cases of one group, seed by seed."""

    key: str
    title: str
    scores: list[Scores] = field(default_factory=list)
    parts: list[np.ndarray] = field(default_factory=list)
    accounts: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def table(group: str, seeds: int, records: int, people: int, rows: Sequence[Row]) -> str:
    """The table of one group."""
    ours = next((row for row in rows if row.key == OURS and row.scores), None)
    lines = [f"### {group}", "", f"{records:,} records of {people:,} people", "", HEAD]
    if seeds > 1:
        lines[2] += f" (mean of {seeds} seeds)"
    for row in rows:
        lines.append(_line(row, ours, seeds))
    return "\n".join(lines)


def _line(row: Row, ours: Row | None, seeds: int) -> str:
    accounts = [a for a in row.accounts if a]
    cost = [_mean(accounts, name, form) for name, form in COSTS]
    if not row.scores:
        reason = "; ".join(sorted(set(row.problems))) or "no result"
        return f"| {row.title} | {reason} " + "| " * 6 + f"| {' | '.join(cost)} | | | | |"
    title = row.title
    if len(row.scores) < seeds:
        title += f" ({len(row.scores)} of {seeds} seeds; {'; '.join(sorted(set(row.problems)))})"
    values = [*_means([s.pairwise for s in row.scores]), *_means([s.bcubed for s in row.scores])]
    cells = [f"{value:.4f}" for value in values]
    against = ["", "", "", ""]
    if ours is not None and row.key != OURS and len(ours.parts) == len(row.parts):
        by_metric = [difference(ours.parts, row.parts, metric) for metric in ("pairwise", "bcubed")]
        against = [text for found in by_metric for text in (_interval(found), f"**{found.verdict}**")]
    return f"| {title} | {' | '.join(cells)} | {' | '.join(cost)} | {' | '.join(against)} |"


COSTS = (("cpu_seconds", ".1f"), ("startup_cpu_seconds", ".1f"), ("peak_mb", ",.0f"))


def _mean(accounts: Sequence[dict[str, Any]], name: str, form: str) -> str:
    found = [a[name] for a in accounts if name in a]
    return format(float(np.mean(found)), form) if found else ""


def _means(triples: Sequence[tuple[float, float, float]]) -> list[float]:
    return [float(value) for value in np.mean(triples, axis=0)]


def _interval(found: Difference) -> str:
    return f"{found.value:+.4f} [{found.low:+.4f}, {found.high:+.4f}]"


def page(tables: Sequence[str], skipped: Sequence[str], machine: str) -> str:
    """The whole report."""
    lines = [
        "# Identity: Satu beside its peers",
        "",
        machine,
        "",
        "Every engine gets the same normalised columns, in a process and an environment of its own. CPU"
        " seconds are user and system time of training, matching and clustering, children included; the"
        " interpreter and its imports are told apart as start-up. *Ahead* and *behind* mean that the"
        " bootstrap 95 % interval, over people and seeds, of the difference in F1 leaves zero out; else it"
        f" is *level*. {BY_LABELS.capitalize()}: picked by looking at the truth, which nobody has in"
        " practice; its cost is that of the run it belongs to.",
        "",
    ]
    lines += ["\n\n".join(tables)]
    if skipped:
        lines += ["", "Left out:", "", *(f"- {reason}" for reason in skipped)]
    return "\n".join(lines) + "\n"
