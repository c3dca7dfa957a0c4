"""Stewards' input in `decisions/`: files of comma-separated values with a header."""

from __future__ import annotations

import csv

from assets.context import Context
from warehouse.errors import ConfigError


def read_decisions(
    context: Context, name: str, columns: tuple[str, ...], optional: tuple[str, ...] = ()
) -> list[dict[str, str]]:
    """The rows of a file, none when there is no such file; ConfigError when a column is missing."""
    path = context.workspace.decisions / name
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in columns if column not in (reader.fieldnames or [])]
        if missing:
            raise ConfigError(
                f"the column `{missing[0]}` is missing", file=f"decisions/{name}", line=1,
                fix=f"the header must hold {', '.join(columns)}",
            )  # fmt: skip
        return [{c: (row.get(c) or "").strip() for c in (*columns, *optional)} for row in reader]
