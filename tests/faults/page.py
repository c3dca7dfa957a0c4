"""The tables of planted faults in docs/quality.md: `python -m tests.faults.page` writes them anew."""

from __future__ import annotations

import re
from pathlib import Path

from tests.faults.files import FILE_FAULTS
from tests.faults.model import fault_table
from tests.faults.rows import ROW_FAULTS
from tests.faults.sources import SOURCE_FAULTS
from tests.faults.tables import TABLE_FAULTS

PAGE = Path(__file__).parents[2] / "docs" / "quality.md"
BETWEEN = re.compile(r"(<!-- faults -->\n).*(<!-- /faults -->)", re.DOTALL)
KINDS = {
    "row": ("Rows", ROW_FAULTS),
    "file": ("Files and lines", FILE_FAULTS),
    "source": ("Deliveries unlike the channel's own history", SOURCE_FAULTS),
    "table": ("Tables", TABLE_FAULTS),
}


def faults_markdown() -> str:
    """How many kinds of faults are planted, and a table of each kind."""
    lines = [f"{sum(len(faults) for _, faults in KINDS.values())} kinds of faults are planted.", ""]
    for kind, (title, faults) in KINDS.items():
        lines += [f"### {title}: {len(faults)}", "", *fault_table(kind, faults), ""]
    return "\n".join(lines)


def page_with_faults(page: str) -> str:
    """The page with its tables as the suite has them now."""
    return BETWEEN.sub(lambda found: f"{found[1]}{faults_markdown()}{found[2]}", page)


if __name__ == "__main__":
    PAGE.write_text(page_with_faults(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
