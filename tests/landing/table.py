"""The tables of docs/landing.md: `python -m tests.landing.table` writes them anew from the corpus."""

from __future__ import annotations

import re
from pathlib import Path

from tests.landing.case import Case
from tests.landing.corpus import CASES, CLASSES

PAGE = Path(__file__).parents[2] / "docs" / "landing.md"
BETWEEN = re.compile(r"(<!-- corpus -->\n).*(<!-- /corpus -->)", re.DOTALL)


def corpus_markdown() -> str:
    """How many files there are, and a table of each class."""
    lines = [f"{len(CASES)} files, each with its outcome.", ""]
    for title, cases in CLASSES.items():
        lines += [f"### {title}: {len(cases)}", "", "| file | what happens | message |", "|---|---|---|"]
        lines += [f"| {_cell(case.name)} | {_outcome(case)} | {_message(case)} |" for case in cases]
        lines.append("")
    return "\n".join(lines)


def page_with_corpus(page: str) -> str:
    """The page with its tables as the corpus is now."""
    return BETWEEN.sub(lambda found: f"{found[1]}{corpus_markdown()}{found[2]}", page)


def _outcome(case: Case) -> str:
    if case.stage == "ledger":
        return "not taken"
    if case.whole:
        return "whole file in quarantine"
    counts = (("in", case.accepted), ("in quarantine", case.quarantined), ("seen before", case.duplicates))
    told = [f"{count} {'row' if count == 1 else 'rows'} {where}" for where, count in counts if count]
    return _cell("; ".join(filter(None, [", ".join(told) or "no row", case.note])))


def _message(case: Case) -> str:
    return f"{_cell(case.message)} ..." if case.message else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page_with_corpus(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
