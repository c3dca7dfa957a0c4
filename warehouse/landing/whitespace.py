"""Text tables whose columns are separated by runs of blanks, as statistics programs write them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from warehouse.landing.csv_careful import NUL, shape
from warehouse.landing.csv_layout import Layout
from warehouse.landing.lines import Lines, whole_lines
from warehouse.landing.model import LandingTable, nullify
from warehouse.landing.source import Encoding, utf8_blocks

_BLANKS = " \t\r\n\x1a"
_RUN_OF_BLANKS = "[ \t]+"


def rows(
    path: Path, encoding: Encoding, layout: Layout, null_values: Sequence[str], table: LandingTable
) -> Iterator[pa.RecordBatch]:
    """Batches of rows; a line with another number of values than columns is rejected."""
    for lines in whole_lines(utf8_blocks(path, encoding, layout.data_offset), layout.first_line, table):
        yield _split(lines, null_values, table)


def _split(lines: Lines, null_values: Sequence[str], table: LandingTable) -> pa.RecordBatch:
    width = len(table.columns)
    texts = pc.utf8_trim(lines.texts, _BLANKS)
    numbers = np.arange(lines.first, lines.first + len(texts))
    is_blank = pc.equal(texts, "").to_numpy(zero_copy_only=False)
    table.count_blank += int(is_blank.sum())
    values = pc.split_pattern_regex(texts, _RUN_OF_BLANKS)
    widths = pc.list_value_length(values).to_numpy(zero_copy_only=False)
    has_nul = pc.match_substring(texts, "\0").to_numpy(zero_copy_only=False)
    is_right = (widths == width) & ~is_blank & ~has_nul
    for row in np.flatnonzero(~is_right & ~is_blank):
        why = NUL if has_nul[row] else shape(int(widths[row]), width)
        table.reject(int(numbers[row]), *why, texts[int(row)].as_py())
    flat = values.filter(pa.array(is_right)).flatten()
    count_rows = int(is_right.sum())
    columns = [
        nullify(flat.take(pa.array(np.arange(count_rows, dtype=np.int64) * width + number)), null_values)
        for number in range(width)
    ]
    return table.batch(columns, pa.array(numbers[is_right], pa.int64()))
