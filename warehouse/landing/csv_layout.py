"""Where a CSV file's data begin and how it is divided: delimiter, header, names, first data line."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from warehouse.errors import InputError
from warehouse.landing.model import ReaderOptions, named_columns

HEAD_BYTES = 1 << 20
WHITESPACE = "whitespace"
_CANDIDATES = (",", ";", "\t", "|")
_SAMPLE_RECORDS = 200
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
_SEPARATOR_LINE = re.compile(r"sep=(.)\s*", re.IGNORECASE)
_LONGEST_HEADER_LINES = 50


@dataclass(frozen=True)
class Layout:
    """How to read a CSV file from its first data line on; `data_offset` counts bytes of UTF-8."""

    columns: list[str]
    delimiter: str
    data_offset: int
    first_line: int


def lay_out(head: bytes, options: ReaderOptions, path: Path) -> Layout:
    """Read the head of a file (its beginning as UTF-8) for what the parser needs to be told."""
    lines = _LINE.findall(head)
    position = 0
    delimiter = options.delimiter
    announced = _SEPARATOR_LINE.fullmatch(_text(lines[0]))
    if announced:
        position = 1
        delimiter = delimiter or announced.group(1)
    position = _first_line(lines, options, position, path)
    if delimiter is None:
        delimiter = (
            "\t" if ".tsv" in path.suffixes else find_delimiter(lines[position:], options.header is not False)
        )
    header: list[str] | None = None
    if options.header is not False:
        if lines[position:] and len(head) == HEAD_BYTES and _bytes_of(lines[: position + 1]) == HEAD_BYTES:
            raise InputError(
                f"the header is longer than {HEAD_BYTES >> 20} MB",
                file=path,
                line=position + 1,
                fix="check the line ends of the file",
            )
        header, count_lines = _header(lines[position:], delimiter, path, position + 1)
        position += count_lines
    width = len(header) if header is not None else _usual_width(lines[position:], delimiter)
    columns = named_columns(options, header, width, path)
    return Layout(columns, delimiter, _bytes_of(lines[:position]), position + 1)


def _bytes_of(lines: Sequence[bytes]) -> int:
    return sum(len(line) for line in lines)


def split_line(text: str, delimiter: str) -> list[str]:
    """A record's values; quotes count unless the delimiter is whitespace or several characters."""
    if delimiter == WHITESPACE:
        return text.split()
    if len(delimiter) > 1:
        return text.rstrip("\r\n").split(delimiter)
    return next(csv.reader([text], delimiter=delimiter), [])


def find_delimiter(lines: Sequence[bytes], has_header: bool) -> str:
    """The candidate that divides the most records alike, and like the header; a comma when none divides."""
    best, best_score = ",", (0.0, 0.0, 0)
    for delimiter in _CANDIDATES:
        widths = [len(record) for record in _sample(lines, delimiter)]
        if not widths:
            continue
        usual, count = Counter(widths).most_common(1)[0]
        share = count / len(widths)
        fits_header = share if not has_header or widths[0] == usual else 0.0
        score = (fits_header, share, usual)
        if usual > 1 and score > best_score:
            best, best_score = delimiter, score
    return best


def _first_line(lines: list[bytes], options: ReaderOptions, position: int, path: Path) -> int:
    """The index of the line that holds the header, or the first data line when there is none."""
    if options.header_line is not None:
        if options.header_line > len(lines):
            raise InputError(
                f"the header should be on line {options.header_line} but the file ends before it",
                file=path,
                fix="correct options.header",
            )
        return options.header_line - 1
    position = max(position, options.skip)
    while position < len(lines) and not lines[position].strip():
        position += 1
    return position


def _header(lines: list[bytes], delimiter: str, path: Path, number: int) -> tuple[list[str], int]:
    """The header's names and how many physical lines it takes."""
    if not lines:
        raise InputError(
            "there is no header", file=path, fix="correct options.skip, or set options.header: false"
        )
    if delimiter == WHITESPACE or len(delimiter) > 1:
        return split_line(_text(lines[0]), delimiter), 1
    reader = csv.reader(
        (_text(line) for line in lines[:_LONGEST_HEADER_LINES]), delimiter=delimiter, strict=True
    )
    try:
        return next(reader), reader.line_num
    except csv.Error:
        raise InputError(
            "a quote in the header is not closed", file=path, line=number, fix="correct the header's quotes"
        ) from None


def _usual_width(lines: Sequence[bytes], delimiter: str) -> int:
    """The most frequent number of values among the first records."""
    widths = Counter(len(record) for record in _sample(lines, delimiter))
    return widths.most_common(1)[0][0] if widths else 1


def _sample(lines: Sequence[bytes], delimiter: str) -> Iterator[list[str]]:
    """The first records that are not blank; the last line of a longer head may be cut off and is left out."""
    usable = lines[:-1] if len(lines) > _SAMPLE_RECORDS else lines
    texts = [_text(line) for line in islice(usable, 4 * _SAMPLE_RECORDS)]
    if delimiter == WHITESPACE or len(delimiter) > 1:
        records = (split_line(text, delimiter) for text in texts)
    else:
        records = (record for record in csv.reader(texts, delimiter=delimiter))
    try:
        yield from islice((record for record in records if record), _SAMPLE_RECORDS)
    except csv.Error:
        return


def _text(line: bytes) -> str:
    return line.decode("utf-8", "ignore")
