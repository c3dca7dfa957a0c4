"""JSON and JSON Lines: nested records as text columns, parsed by DuckDB in sets.

Two walks over the file: the first finds the columns, the second takes the values. `_line` is the physical
line of a record in JSON Lines and the record's number in an array.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from warehouse.engine import connect
from warehouse.errors import InputError
from warehouse.landing.csv_careful import NUL
from warehouse.landing.json_paths import Paths, pointer, quoted
from warehouse.landing.json_records import array_elements, nested_deeper, objects_in_a_row
from warehouse.landing.lines import Lines, whole_lines
from warehouse.landing.model import (
    MOST_COLUMNS,
    LandingTable,
    ReaderOptions,
    empty,
    header_names,
    nullify,
)
from warehouse.landing.source import Encoding, find_encoding, read_head, utf8_blocks

_HEAD_BYTES = 1 << 20
_LARGEST_DOCUMENT_BYTES = 1 << 30
_BLANKS = " \t\r\n"
_DEEPEST = 200
Records = Callable[[LandingTable], Iterator[Lines]]


def read(path: Path, options: ReaderOptions, is_lines: bool = False) -> LandingTable:
    """Records of an array, of an object's only list, or one per line, as text columns."""
    encoding = find_encoding(path, options.encoding)
    head = read_head(path, encoding, _HEAD_BYTES)
    text = head.lstrip()
    if not text:
        raise empty("file", path)
    notes = [encoding.note] if encoding.note else []
    if text.startswith(b"["):
        records: Records = lambda _: array_elements(utf8_blocks(path, encoding), path)  # noqa: E731
    elif _is_one_per_line(text, len(head) == _HEAD_BYTES, is_lines):
        records = lambda table: whole_lines(utf8_blocks(path, encoding), 1, table)  # noqa: E731
    else:
        records, note = _document(path, encoding, options)
        notes += [note] if note else []
    return _table(records, options, notes, path)


def read_lines(path: Path, options: ReaderOptions) -> LandingTable:
    """A file declared as JSON Lines: a damaged first line does not make it anything else."""
    return read(path, options, is_lines=True)


def _is_one_per_line(text: bytes, is_cut: bool, is_lines: bool) -> bool:
    """Whether the first line is a whole record; the only one may be a wrapper of records unless declared."""
    first, _, rest = text.partition(b"\n")
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return is_lines and bool(rest.strip())
    return is_lines or bool(rest.strip()) or is_cut


def _document(path: Path, encoding: Encoding, options: ReaderOptions) -> tuple[Records, str | None]:
    """Records of a text that is one object, or several objects over many lines; held in memory whole."""
    parts: list[bytes] = []
    size = 0
    for block in utf8_blocks(path, encoding):
        parts.append(block)
        size += len(block)
        if size > _LARGEST_DOCUMENT_BYTES:
            raise InputError(
                "the file is one JSON object of more than 1 GB", file=path, fix="deliver it as JSON Lines"
            )
    objects = objects_in_a_row(b"".join(parts))
    parts.clear()
    if len(objects) > 1:
        return lambda _: iter([Lines(pa.array([o.decode("utf-8") for o in objects], pa.string()), 1)]), None
    only = objects[0]
    members = [text.as_py().strip() for part in array_elements([only], path) for text in part.texts]
    lists = [(name, value) for name, value in map(_member, members) if value.startswith("[")]
    lists = [(name, value) for name, value in lists if value[1:].lstrip().startswith("{")]
    if len(lists) != 1 or (options.explode or "").partition(".")[0] == lists[0][0]:
        return lambda _: iter([Lines(pa.array([only.decode("utf-8")], pa.string()), 1)]), None
    name, value = lists[0]
    note = (
        f"records taken from `{name}`; the other properties around it are left out"
        if len(members) > 1
        else None
    )
    content = value.encode("utf-8")
    return lambda _: array_elements([content], path), note


def _member(text: str) -> tuple[str, str]:
    """Name and value text of `"name": value`; an empty value where the text is not that."""
    try:
        name, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return "", ""
    return str(name), text[end:].lstrip(" \t\r\n:")


def _table(records: Records, options: ReaderOptions, notes: list[str], path: Path) -> LandingTable:
    exploded = tuple(options.explode.split(".")) if options.explode else None
    outer, inner = Paths(), Paths()
    scratch = LandingTable([], lambda _: iter(()))
    with connect(threads=1) as connection:
        for lines in records(scratch):
            texts, numbers = _objects(connection, lines, None)
            _collect(connection, texts, numbers, exploded, outer, inner)
            if len(outer.kinds) + len(inner.kinds) > MOST_COLUMNS:
                raise InputError(
                    f"the records have more than {MOST_COLUMNS:,} different properties",
                    file=path,
                    fix="check that names of properties are not data, such as dates or ids",
                )
    paths = [*outer.columns(), *inner.columns()]
    names = header_names([".".join(column) for column in paths], path, None)
    if not names:
        notes.append("the file holds no record")
    query = _query(outer, inner, exploded)
    return LandingTable(names, partial(_rows, records, query, options), notes)


def _objects(
    connection: duckdb.DuckDBPyConnection, lines: Lines, table: LandingTable | None
) -> tuple[pa.Array, pa.Array]:
    """The valid objects among some records, with their numbers; others are rejected if a table is given."""
    numbers = np.arange(lines.first, lines.first + len(lines.texts))
    is_blank = pc.equal(pc.utf8_trim(lines.texts, _BLANKS), "").to_numpy(zero_copy_only=False)
    is_deep = nested_deeper(lines.texts, _DEEPEST)
    has_nul = pc.match_substring(lines.texts, "\\u0000").to_numpy(zero_copy_only=False)
    raw = pa.table({"j": pc.if_else(pa.array(is_deep | has_nul), "", lines.texts)})
    connection.register("raw", raw)
    kinds = connection.execute(
        "SELECT CASE WHEN json_valid(j) THEN json_type(j) ELSE '' END AS kind FROM raw"
    ).to_arrow_table()["kind"]
    connection.unregister("raw")
    is_object = pc.equal(kinds, "OBJECT").to_numpy()
    if table is not None:
        table.count_blank += int(is_blank.sum())
        for row in np.flatnonzero(~is_object & ~is_blank):
            text = lines.texts[int(row)].as_py().strip()
            if is_deep[row]:
                why = (
                    "json_depth",
                    f"the record is nested deeper than {_DEEPEST} levels",
                    "flatten it",
                )
            elif has_nul[row]:
                why = NUL
            elif kinds[int(row)].as_py():
                why = ("json_object", "the record is not an object", "write each record as {...}")
            else:
                why = (
                    "json_syntax",
                    "the record is not valid JSON",
                    "correct its brackets, quotes and commas",
                )
            table.reject(int(numbers[row]), *why, text)
    kept = pa.array(is_object)
    return lines.texts.filter(kept), pa.array(numbers, pa.int64()).filter(kept)


def _collect(
    connection: duckdb.DuckDBPyConnection,
    texts: pa.Array,
    numbers: pa.Array,
    exploded: tuple[str, ...] | None,
    outer: Paths,
    inner: Paths,
) -> None:
    """Add the columns of some records, in the order in which they are first seen."""
    records = pa.table({"j": texts, "n": numbers})
    connection.register("records", records)
    found = "SELECT json_structure(j)::VARCHAR, min(n) AS first FROM records GROUP BY 1 ORDER BY 2, 1"
    for structure, _ in connection.execute(found).fetchall():
        outer.add(structure, exploded)
    if exploded:
        elements = (
            "SELECT n, unnest(l) AS e, generate_subscripts(l, 1) AS k "
            f"FROM (SELECT n, {_elements(exploded)} AS l FROM records)"
        )
        found = (
            "SELECT json_structure(e)::VARCHAR, min(row(n, k)) AS first "
            f"FROM ({elements}) WHERE e IS NOT NULL GROUP BY 1 ORDER BY 2, 1"
        )
        for structure, _ in connection.execute(found).fetchall():
            inner.add(structure, prefix=exploded)
    connection.unregister("records")


def _elements(exploded: tuple[str, ...]) -> str:
    """SQL for the list of elements of a record; a record without any has one that is NULL."""
    place = quoted(pointer(exploded))
    return (
        f"CASE WHEN json_type(j, {place}) IS NULL OR json_type(j, {place}) = 'NULL' THEN [NULL::JSON] "
        f"WHEN json_type(j, {place}) <> 'ARRAY' THEN [json_extract(j, {place})] "
        f"WHEN json_array_length(j, {place}) = 0 THEN [NULL::JSON] "
        f"""ELSE from_json(json_extract(j, {place}), '["JSON"]') END"""
    )


def _query(outer: Paths, inner: Paths, exploded: tuple[str, ...] | None) -> str:
    """SQL from records (j, n) to one column per path and the number."""
    expressions: list[str] = []
    for paths, values, text, prefix in ((outer, "v", "j", ()), (inner, "w", "e", exploded or ())):
        for place, path in enumerate(paths.columns(), start=1):
            expressions.append(paths.expression(path, f"{values}[{place}]", text, prefix))
    columns = "".join(f"{expression} AS c{number}, " for number, expression in enumerate(expressions))
    source = f"SELECT j, n, {_extract('j', outer, ())} AS v FROM records"
    if exploded:
        source = f"SELECT *, unnest({_elements(exploded)}) AS e FROM ({source})"
        source = f"SELECT *, {_extract('e', inner, exploded)} AS w FROM ({source})"
    return f"SELECT {columns}n FROM ({source})"


def _extract(text: str, paths: Paths, prefix: tuple[str, ...]) -> str:
    """SQL for the list of a record's values as text, in one parse."""
    pointers = ", ".join(quoted(pointer(path[len(prefix) :])) for path in paths.columns())
    return f"json_extract_string({text}, [{pointers}])" if pointers else "NULL::VARCHAR[]"


def _rows(
    records: Records, query: str, options: ReaderOptions, table: LandingTable
) -> Iterator[pa.RecordBatch]:
    with connect(threads=1) as connection:
        for lines in records(table):
            texts, numbers = _objects(connection, lines, table)
            if not len(texts):
                continue
            chunk = pa.table({"j": texts, "n": numbers})
            connection.register("records", chunk)
            result = connection.execute(query).to_arrow_table().combine_chunks()
            connection.unregister("records")
            for batch in result.to_batches():
                *values, row_numbers = batch.columns
                yield table.batch([nullify(value, options.null_values) for value in values], row_numbers)
