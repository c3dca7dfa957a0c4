"""A file, read as far as a guess needs it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pipelines.suggest.contract import suggest_contract
from pipelines.suggest.guesses import guess_columns, header_is_data
from pipelines.suggest.meanings import OF_A_LINE
from pipelines.suggest.naming import landing_channel
from pipelines.suggest.values import holds_records, read_values
from warehouse.errors import InputError
from warehouse.landing import ReaderOptions, guess_format, read_file
from warehouse.landing.csv_layout import HEAD_BYTES, lay_out
from warehouse.landing.model import LINE
from warehouse.landing.source import find_encoding, read_head

ROWS_READ = 2_000
FIGURES = {"quantity", "unit_price", "amount"}
WITH_TITLES = ("xlsx", "html", "xml")
TITLES_READ = 20
"""How many rows under the first one are asked whether they are the header."""
Sample = dict[str, list[str | None]]


def suggest_file(path: Path) -> str:
    """A commented contract for `path`; InputError when nothing of the file can be read."""
    kind = guess_format(path)
    options = ReaderOptions()
    columns = read_sample(path, options, kind)
    if kind == "csv" and header_is_data(list(columns)):
        options = replace(options, header=False)
        columns = read_sample(path, options, kind)
    if kind in WITH_TITLES:
        options, columns = _below_titles(path, options, kind, columns)
    if not columns:
        raise InputError(
            "the file holds no columns", file=path.name, fix="give a file with a header and rows"
        )
    if kind == "csv":
        encoding = find_encoding(path, None)
        layout = lay_out(read_head(path, encoding, HEAD_BYTES), options, path)
        options = replace(options, delimiter=layout.delimiter, encoding=encoding.name)
    if kind in ("json", "jsonl"):
        options, columns = _with_lines_as_rows(path, options, kind, columns)
    return suggest_contract(columns, path.name, options, kind, landing_channel(path))


def read_sample(path: Path, options: ReaderOptions, kind: str) -> Sample:
    """The first rows of a file by column."""
    table = read_file(path, options, kind)
    sample: Sample = {name: [] for name in table.columns}
    for batch in table.batches():
        missing = ROWS_READ - len(next(iter(sample.values()), []))
        for name in sample:
            sample[name] += batch.column(name).slice(0, missing).to_pylist()
        if missing <= batch.num_rows:
            break
    return sample


def _below_titles(
    path: Path, options: ReaderOptions, kind: str, columns: Sample
) -> tuple[ReaderOptions, Sample]:
    """The same with the header's row named, where a title stands above it (a few cells of a wide sheet)."""
    named = sum(name != f"column_{place}" for place, name in enumerate(columns, start=1))
    if 2 * named > len(columns):
        return options, columns
    for batch in read_file(path, options, kind).batches():
        for row in batch.slice(0, TITLES_READ).to_pylist():
            line = row.pop(LINE)
            names = [value for value in row.values() if value]
            if 2 * len(names) <= len(columns):
                continue
            if header_is_data(names) or len({name.casefold() for name in names}) < len(names):
                break
            options = replace(options, header=line)
            return options, read_sample(path, options, kind)
        break
    return options, columns


def _with_lines_as_rows(
    path: Path, options: ReaderOptions, kind: str, columns: Sample
) -> tuple[ReaderOptions, Sample]:
    """The same with the list exploded whose entries are most like the lines of an order, if any are."""
    best, found = 1, (options, columns)
    for name in [name for name, values in columns.items() if holds_records(values)]:
        exploded = replace(options, explode=name)
        rows = read_sample(path, exploded, kind)
        said = set(guess_columns(rows, read_values(rows, is_typed=True), name)) & set(OF_A_LINE)
        if len(said) > best and said & FIGURES:
            best, found = len(said), (exploded, rows)
    return found
