"""Stewards' input in `decisions/`: files of comma-separated values with a header."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from assets.context import Context
from warehouse.errors import ConfigError
from warehouse.files import write_atomic

PRIVATE = 0o600


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


def read_rows(path: Path) -> list[list[str]]:
    """Every line of a file as people wrote it, the header first; none when there is no file."""
    if not path.is_file():
        return []
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def write_rows(path: Path, rows: Iterable[Sequence[object]]) -> None:
    """Replace a file by these lines; a new one is for its owner alone."""
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows(rows)
    mode = path.stat().st_mode & 0o777 if path.is_file() else PRIVATE
    path.parent.mkdir(exist_ok=True)
    write_atomic(path, lines.getvalue().encode(), mode)
