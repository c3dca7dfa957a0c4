"""Rows as a file for other tools: CSV, XLSX, Parquet or JSON, by the file's ending."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from warehouse.errors import InputError
from warehouse.xlsx_writer import sheet_row, write_xlsx

_FORMULA = r"^[=+\-@\t\r\n]"
_PHONE = r"^\+[0-9]+$"
_NO_XML = r"[\x00-\x08\x0b\x0c\x0e-\x1f]"


def file_writer(path: Path) -> Callable[[pa.Table], bytes]:
    """What turns rows into the content of such a file; InputError when the ending is not known."""
    if path.suffix.lower() not in WRITERS:
        raise InputError(
            f"files ending in `{path.suffix}` cannot be written", fix=f"use one of {', '.join(WRITERS)}"
        )
    return WRITERS[path.suffix.lower()]


def guarded(rows: pa.Table) -> pa.Table:
    """The rows with a quote before every text that a spreadsheet would run as a formula.

    A plus and nothing but digits is a phone number, harmless in a sheet and needed as it is by what dials it.
    """
    for position, field in enumerate(rows.schema):
        if pa.types.is_string(field.type):
            column = rows.column(position)
            is_formula = pc.match_substring_regex(column, _FORMULA)
            is_phone = pc.match_substring_regex(column, _PHONE)
            quoted = pc.binary_join_element_wise("'", column, "")
            column = pc.if_else(pc.and_not(is_formula, is_phone), quoted, column)
            rows = rows.set_column(position, field, column)
    return rows


def _csv(rows: pa.Table) -> bytes:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rows.column_names)
    writer.writerows(zip(*(column.to_pylist() for column in guarded(rows).columns), strict=True))
    return text.getvalue().encode()


def _json(rows: pa.Table) -> bytes:
    return (json.dumps(rows.to_pylist(), ensure_ascii=False, indent=1, default=str) + "\n").encode()


def _parquet(rows: pa.Table) -> bytes:
    content = BytesIO()
    pq.write_table(rows, content, compression="zstd")
    return content.getvalue()


def _xlsx(rows: pa.Table) -> bytes:
    """Cells are text, which a spreadsheet shows and never runs."""
    texts = [
        pc.replace_substring_regex(pc.fill_null(column.cast(pa.string()), ""), _NO_XML, "").to_pylist()
        for column in rows.columns
    ]
    with TemporaryDirectory(prefix="satu-list-") as folder:
        path = Path(folder) / "list.xlsx"
        write_xlsx(path, rows.column_names, map(sheet_row, zip(*texts, strict=True)))
        return path.read_bytes()


WRITERS: dict[str, Callable[[pa.Table], bytes]] = {
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".parquet": _parquet,
    ".json": _json,
}
