"""A commented channel contract as YAML, with the first rows as it would read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath

from pipelines.suggest.guesses import Guess, guess_columns
from pipelines.suggest.keys import COUNTER, is_counter, with_key
from pipelines.suggest.maps import Mapped, contract_maps
from pipelines.suggest.naming import arrival_rule, channel_name
from pipelines.suggest.values import (
    Columns,
    Reading,
    holds_records,
    mask,
    parse_date,
    parse_number,
    present,
    read_values,
)
from pipelines.suggest.yaml_text import comment, quoted, scalar
from warehouse.contracts import base_inputs
from warehouse.landing import ReaderOptions
from warehouse.landing.csv_layout import WHITESPACE

ROWS_SHOWN = 10
_PLAIN_SQL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def suggest_contract(
    columns: Columns,
    file_name: str,
    options: ReaderOptions | None = None,
    kind: str = "csv",
    channel: str | None = None,
) -> str:
    """A commented channel contract for columns of text, as YAML; named as the file without `channel`."""
    found_options = options or ReaderOptions()
    reading = read_values(columns, is_typed=kind != "csv")
    guesses = with_key(guess_columns(columns, reading, found_options.explode), columns)
    maps = contract_maps(guesses)
    channel = channel or channel_name(file_name)
    suffixes = PurePath(file_name).suffixes
    suffix = "".join(suffixes[-2:] if suffixes[-1:] == [".gz"] else suffixes[-1:])
    arrived = arrival_rule(file_name, guesses, columns, reading)
    title = channel.replace("_", " ").capitalize()
    lines = [
        f"# Guessed from {comment(file_name)}. Read every line and correct it, save it as",
        f"# channels/{channel}.yaml, then run `satu check`. docs/channels.md explains every key.",
        f"channel: {channel}",
        f"description: {{en: {scalar(title)}, id: {scalar(title)}}}",
        "trust: 50                        # 0-100: whose word counts when channels disagree",
        "# id_space: crm                  # when customer numbers are shared with other channels",
        "source:",
        "  type: files",
        f"  path: landing/{channel}/**/*{suffix}",
        f"  format: {kind}",
        *_options_yaml(found_options, reading),
        f"  arrived: {scalar(arrived[0])}".ljust(33) + f"# {arrived[1]}",
        "maps:",
        *_maps_yaml(maps, guesses, columns),
        *_left_out(columns, maps, found_options),
        *_rows_shown(columns, maps, reading),
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _maps_yaml(maps: Mapping[str, list[Mapped]], guesses: Mapping[str, Guess], columns: Columns) -> list[str]:
    if not maps:
        return [
            "  # Nothing was recognised: map at least one contract, such as",
            "  # contacts:",
            "  #   source_id: ...",
        ]
    lines: list[str] = []
    for contract, fields in maps.items():
        lines.append(f"  {contract}:")
        for mapped in fields:
            example = next(iter(present(columns[mapped.columns[0]])), None)
            note = f"# e.g. {mask(example)}" if example else "# no values in the first rows"
            note += f" ({mapped.why})" if mapped.why else ""
            lines.append(f"    {mapped.field}: {_expression(mapped)}".ljust(48) + f" {note}")
        if contract == "order_lines":
            lines += _amount_note(guesses)
    return lines


def _expression(mapped: Mapped) -> str:
    if len(mapped.columns) == 1:
        return scalar(mapped.columns[0])
    names = [c if _PLAIN_SQL.fullmatch(c) else '"' + c.replace('"', '""') + '"' for c in mapped.columns]
    return "'concat_ws('', '', " + ", ".join(name.replace("'", "''") for name in names) + ")'"


def _amount_note(guesses: Mapping[str, Guess]) -> list[str]:
    if "amount" in guesses:
        return []
    return [
        "    # amount is left out: it is quantity times unit price less discount.",
        "    # A total that stands on every line of an order must not be mapped as amount.",
    ]


def _options_yaml(options: ReaderOptions, reading: Reading) -> list[str]:
    entries: list[str] = []
    if options.delimiter is not None:
        shown = options.delimiter if options.delimiter == WHITESPACE else quoted(options.delimiter)
        entries.append(f"delimiter: {shown}")
    if options.encoding in ("cp1252", "utf-16-le", "utf-16-be"):
        entries.append(f"encoding: {options.encoding}")
    if reading.decimal:
        entries.append(f"decimal: {quoted(reading.decimal)}")
    if reading.thousands:
        entries.append(f"thousands: {quoted(reading.thousands)}")
    if reading.dates:
        entries.append(f"dates: {reading.dates}")
    if options.header is False:
        entries.append("header: false")
    if options.header_line is not None:
        entries.append(f"header: {options.header_line}")
    if options.explode is not None:
        entries.append(f"explode: {scalar(options.explode)}")
    if not entries:
        return []
    note = "" if reading.is_date_sure else "   # dates: dmy or mdy? the values fit both; check"
    return ["  options: {" + ", ".join(entries) + "}" + note]


def _left_out(columns: Columns, maps: Mapping[str, list[Mapped]], options: ReaderOptions) -> list[str]:
    used = {column for fields in maps.values() for mapped in fields for column in mapped.columns}
    rest = [column for column in columns if column not in used]
    has_key = any(mapped.field == "source_id" for fields in maps.values() for mapped in fields)
    if not rest:
        return []
    return [
        "",
        "# Columns left out; map them where they belong, or register a field of your own in fields/*.yaml:",
        *(f"#   {comment(column)}{_hint(column, columns, has_key, options)}" for column in rest),
    ]


def _hint(column: str, columns: Columns, has_key: bool, options: ReaderOptions) -> str:
    """What a column left out may be good for."""
    if options.explode is None and holds_records(columns[column]):
        return f" (a list of records: `explode: {comment(column)}` under options makes rows of them)"
    return f" ({COUNTER})" if not has_key and is_counter(column, columns[column]) else ""


def _rows_shown(columns: Columns, maps: Mapping[str, list[Mapped]], reading: Reading) -> list[str]:
    """Ten rows as they would be read: text and personal values masked, other days and numbers as parsed."""
    lines: list[str] = []
    for contract, fields in maps.items():
        cells = [_cells(contract, mapped, columns, reading) for mapped in fields]
        widths = [max(len(cell) for cell in column) for column in cells]
        rows = [
            "#   " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            for row in zip(*cells, strict=True)
        ]
        note = f"# {contract}: the first {len(rows) - 1} rows as read; text and personal values are masked"
        lines += ["", note, *rows]
    return lines


def _cells(contract: str, mapped: Mapped, columns: Columns, reading: Reading) -> list[str]:
    field = base_inputs()[contract].field_named(mapped.field)
    assert field is not None
    is_open = field.privacy in ("internal", "public") and field.type != "text"
    values = columns[mapped.columns[0]][:ROWS_SHOWN]
    return [mapped.field, *(_shown(value or "", field.type, is_open, reading) for value in values)]


def _shown(value: str, kind: str, is_open: bool, reading: Reading) -> str:
    if not value.strip():
        return "-"
    if not is_open:
        return mask(value)
    parsed: object = (
        parse_date(value, reading) if kind in ("date", "timestamp") else parse_number(value, reading)
    )
    return "unreadable" if parsed is None else str(parsed)
