"""What reading a landing file gives: columns, batches of text, rejected rows, notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from warehouse.errors import InputError

LINE = "_line"
RESERVED_COLUMNS = frozenset({LINE, "_file", "_file_hash", "_row_hash", "_refused", "_arrived"})
REJECT_TEXT_CHARACTERS = 65_536
MOST_COLUMNS = 1_000
_AROUND_NAMES = " \t\r\n\v\f\u00a0\u200b\ufeff"


@dataclass(frozen=True)
class ReaderOptions:
    """How a channel's files are written (`source.options`); None: found out, or left to the settings.

    `delimiter` may be `whitespace`; `header` is True, False or the number of the header's line.
    `decimal`, `thousands`, `dates` and `timezone` are for whoever parses the text, not for the readers.
    """

    delimiter: str | None = None
    encoding: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    dates: str | None = None
    header: bool | int = True
    names: Sequence[str] = ()
    sheet: int | str = 1
    skip: int = 0
    null_values: Sequence[str] = ()
    timezone: str | None = None
    explode: str | None = None

    @property
    def header_line(self) -> int | None:
        """The header's physical line where the contract gives it."""
        return None if isinstance(self.header, bool) else self.header


@dataclass(frozen=True)
class Reject:
    """A row that could not be read: where, why, what to do, and the text as it stood."""

    line: int
    column: str | None
    rule: str
    reason: str
    fix: str
    raw_text: str


Reader = Callable[["LandingTable"], Iterator[pa.RecordBatch]]


@dataclass
class LandingTable:
    """One file's rows. `rejects` and `count_blank` are complete once `batches()` is exhausted."""

    columns: list[str]
    reader: Reader
    notes: list[str] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    count_blank: int = 0

    @property
    def schema(self) -> pa.Schema:
        """Every column as text, then `_line`."""
        return pa.schema([*((name, pa.string()) for name in self.columns), (LINE, pa.int64())])

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows in the file's order; may be called again."""
        self.rejects.clear()
        self.count_blank = 0
        for batch in self.reader(self):
            if batch.num_rows:
                yield batch

    def reject(
        self, line: int, rule: str, reason: str, fix: str, raw_text: str, column: str | None = None
    ) -> None:
        """Set a row aside."""
        self.rejects.append(Reject(line, column, rule, reason, fix, raw_text[:REJECT_TEXT_CHARACTERS]))

    def batch(self, columns: Sequence[pa.Array], lines: pa.Array) -> pa.RecordBatch:
        """One batch of this table; rows without any value are dropped as blank."""
        batch = pa.RecordBatch.from_arrays([*columns, lines], schema=self.schema)
        if not columns or any(column.null_count == 0 for column in columns):
            return batch
        blank = columns[0].is_null()
        for column in columns[1:]:
            blank = pc.and_(blank, column.is_null())
        kept = batch.filter(pc.invert(blank))
        self.count_blank += batch.num_rows - kept.num_rows
        return kept


def empty(what: str, path: Path) -> InputError:
    """Nothing at all was delivered, not even the names of columns."""
    return InputError(
        f"the {what} is empty",
        file=path,
        fix="deliver it again; where there is nothing to tell, with its header",
    )


def nullify(column: pa.Array, null_values: Sequence[str]) -> pa.Array:
    """Empty text, and the channel's own words for nothing, become NULL; all other text stays as it is."""
    is_nothing = pc.is_in(column, value_set=pa.array(["", *null_values], pa.string()))
    return pc.if_else(is_nothing, pa.scalar(None, pa.string()), column)


def header_names(written: Sequence[str], path: Path, line: int | None) -> list[str]:
    """Column names from a header: trimmed, empty ones numbered, doubles refused whatever their case."""
    if len(written) > MOST_COLUMNS:
        raise InputError(
            f"the file has {len(written):,} columns, more than {MOST_COLUMNS:,}",
            file=path,
            line=line,
            fix="check options.delimiter, or deliver only the columns that are read",
        )
    names = [name.strip(_AROUND_NAMES) or f"column_{number}" for number, name in enumerate(written, start=1)]
    if any("\0" in name for name in names):
        raise InputError(
            "the header holds NUL characters", file=path, line=line, fix="deliver the file again"
        )
    places: dict[str, list[str]] = {}
    for number, name in enumerate(names, start=1):
        places.setdefault(name.casefold(), []).append(str(number))
    doubles = [" and ".join(numbers) for numbers in places.values() if len(numbers) > 1]
    if doubles:  # by number, because a file without its header has data in this place
        raise InputError(
            f"the header names columns alike: {', '.join(doubles)}",
            file=path,
            line=line,
            fix="give each column its own name, or set options.names and options.skip",
        )
    reserved = [name for name in names if name.casefold() in RESERVED_COLUMNS]
    if reserved:
        raise InputError(
            f"the column name `{reserved[0]}` is kept for Satu's own use",
            file=path,
            line=line,
            fix="rename it",
        )
    return names


def named_columns(options: ReaderOptions, header: Sequence[str] | None, width: int, path: Path) -> list[str]:
    """The columns' names: `options.names`, else the header's, else column_1, column_2, ..."""
    if options.names:
        if len(options.names) != width:
            raise InputError(
                f"options.names holds {len(options.names)} names but the file has {width} columns",
                file=path,
                fix="name every column, from left to right",
            )
        return header_names(options.names, path, None)
    if header is not None:
        return header_names(header, path, None)
    return [f"column_{number}" for number in range(1, width + 1)]
