"""The checks that a table's own files prove, so that no question about its rows is asked.

Footers tell NULLs and bounds, dictionaries the words of a column, the order of rows that no key comes twice,
and numbers are looked up in the sorted numbers of the other table. What is not proved here is not broken: it
is asked as before.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from data_quality.column_pass import NumbersAmong, Rising, Watcher, Words, WordsAmong, watch
from data_quality.footers import Footers
from data_quality.parquet import Files, References, file_list
from data_quality.rules import Check
from warehouse.encrypted_files import opened


def proven(checks: Sequence[Check], files: Files, references: References) -> frozenset[str]:
    """The names of those checks that these files prove to hold; nothing when they cannot be read."""
    try:
        footers = Footers(files)
        by_footer = {check.name for check in checks if _said_by(footers, check)}
        watched = [
            (check.name, _watcher(check, references)) for check in checks if check.name not in by_footer
        ]
        watchers = {name: watcher for name, watcher in watched if watcher is not None}
        held = watch(files, list(watchers.values()))
    except (OSError, pa.ArrowException):
        return frozenset()
    return frozenset(by_footer | {name for name, watcher in watchers.items() if watcher in held})


def words_of(files: Files, columns: Collection[str]) -> dict[str, set[str]]:
    """The different words of those of the columns that repeat few; the others are left out."""
    try:
        held = watch(files, [Words(column) for column in columns])
    except (OSError, pa.ArrowException):
        return {}
    return {watcher.columns[0]: watcher.found for watcher in held}


def _said_by(footers: Footers, check: Check) -> bool:
    if check.kind == "row_count":
        return footers.rows >= check.min_rows
    if check.kind not in ("key_not_null", "not_null", "range"):
        return False
    bounds = footers.bounds(check.columns[0])
    if bounds is None:
        return False
    return bounds.lie_within(check.minimum, check.maximum) if check.kind == "range" else bounds.nulls == 0


def _watcher(check: Check, references: References) -> Watcher | None:
    if check.kind == "key_unique":
        return Rising([name for name in check.columns if name != "as_of"] or check.columns)
    if check.kind == "in_set":
        return WordsAmong(check.columns[0], check.values)
    if check.kind == "reference":
        return _looked_up(check, references)
    return None


def _looked_up(check: Check, references: References) -> Watcher | None:
    read = [
        pq.ParquetFile(opened(path)).read(columns=[check.other_column], use_threads=False)
        for path in file_list(references[check.other_table])
    ]
    known = pa.concat_tables(read)[0].combine_chunks().drop_null()
    if pa.types.is_integer(known.type):
        return NumbersAmong(check.columns[0], np.sort(known.to_numpy(), kind="stable"))
    if pa.types.is_string(known.type):
        return WordsAmong(check.columns[0], known.unique().to_pylist())
    return None
