"""Files as they arrive: a history per channel, then one file per channel and day, with their accidents.

A history is appended chunk by chunk; the daily files are small and wait in memory until the end.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa

from sample_retailer.accidents import BROKEN_ROWS, OVERLAPPING, REDELIVERED
from sample_retailer.feeds import Feed, Form
from sample_retailer.settings import WINDOW_DAYS, Settings
from sample_retailer.text import Scribe
from warehouse.xlsx_writer import sheet_row, write_xlsx


@dataclass
class _Open:
    """A channel under way."""

    form: Form
    folder: Path
    history: BinaryIO | None = None
    waiting: list[tuple[bytes, int]] = field(default_factory=list)  # spreadsheet rows of the history
    sheets: int = 0
    sheet_rows: int = 0
    rows: int = 0
    daily: dict[int, list[pa.Array]] = field(default_factory=dict)  # text form
    daily_sheet: dict[int, list[pa.Array]] = field(default_factory=dict)


class Landing:
    """Writes the landing folder of a workspace."""

    def __init__(self, home: Path, settings: Settings, scribe: Scribe) -> None:
        self._root = home / "landing"
        self._settings = settings
        self._scribe = scribe
        self._channels: dict[str, _Open] = {}
        self.files: list[Path] = []

    @property
    def rows(self) -> dict[str, int]:
        return {name: channel.rows for name, channel in sorted(self._channels.items())}

    def add(self, feed: Feed) -> None:
        """Appends history rows and keeps the rest for its days."""
        channel = self._channel(feed.form)
        table, early = feed.table(), feed.day < self._settings.first_delivery
        channel.rows += len(table)
        past = table.filter(pa.array(early)) if not early.all() else table
        if len(past):
            self._add_history(channel, past)
        if len(past) < len(table):
            self._add_daily(channel, table.filter(pa.array(~early)), feed.day[~early])

    def finish(self) -> None:
        """Writes what waits: daily files, the last spreadsheet, broken, repeated and overlapping rows."""
        for name, channel in sorted(self._channels.items()):
            broken = BROKEN_ROWS.get(name, ())
            self._close_history(channel, broken[::2])
            self._write_days(channel, broken[1::2])

    def _channel(self, form: Form) -> _Open:
        if form.channel not in self._channels:
            folder = self._root / form.channel
            folder.mkdir(parents=True, exist_ok=True)
            self._channels[form.channel] = _Open(form, folder)
        return self._channels[form.channel]

    def _add_history(self, channel: _Open, table: pa.Table) -> None:
        if channel.form.kind == "xlsx":
            # a fifth of the spreadsheet rows is left for the daily files
            room = max(0, self._settings.xlsx_rows_in_all * 4 // 5 - channel.sheet_rows)
            first, table = table.slice(0, room), table.slice(room)
            if len(first):
                self._add_sheets(channel, first)
            if not len(table):
                return
        if channel.history is None:
            channel.history = self._start(channel, "history")
        for piece in self._text(channel.form, table).chunks:
            channel.history.write(_bytes(piece))

    def _add_sheets(self, channel: _Open, table: pa.Table) -> None:
        channel.sheet_rows += len(table)
        per_file = self._settings.xlsx_rows_per_file
        while len(table):
            held = sum(count for _, count in channel.waiting)
            piece = table.slice(0, per_file - held)
            table = table.slice(len(piece))
            rows = b"".join(_bytes(c) for c in self._sheet(channel.form, piece).chunks)
            channel.waiting.append((rows, len(piece)))
            if held + len(piece) == per_file:
                self._write_history_sheet(channel)

    def _write_history_sheet(self, channel: _Open, broken: tuple[str, ...] = ()) -> None:
        channel.sheets += 1
        path = channel.folder / f"history-{channel.sheets:02d}.xlsx"
        extra = [sheet_row(row.split("|")) for row in broken]
        write_xlsx(path, channel.form.cells, [rows for rows, _ in channel.waiting] + extra)
        channel.waiting.clear()
        self.files.append(path)

    def _add_daily(self, channel: _Open, table: pa.Table, day: np.ndarray) -> None:
        order = np.argsort(day, kind="stable")
        table, days = table.take(pa.array(order)), np.unique(day, return_counts=True)
        texts = _one_array(self._text(channel.form, table))
        sheets = _one_array(self._sheet(channel.form, table)) if channel.form.kind == "xlsx" else None
        start = 0
        for number, count in zip(days[0].tolist(), days[1].tolist(), strict=True):
            channel.daily.setdefault(number, []).append(texts.slice(start, count))
            if sheets is not None:
                channel.daily_sheet.setdefault(number, []).append(sheets.slice(start, count))
            start += count

    def _close_history(self, channel: _Open, broken: tuple[str, ...]) -> None:
        if channel.form.kind == "xlsx" and channel.waiting:
            self._write_history_sheet(channel, broken)
            broken = ()
        if channel.history is not None:
            channel.history.write(
                "".join(f"{row}\n" for row in broken if channel.form.kind != "xlsx").encode()
            )
            channel.history.close()

    def _write_days(self, channel: _Open, broken: tuple[str, ...]) -> None:
        before: pa.Array | None = None
        for number in sorted(channel.daily):
            day = self._settings.day(number).isoformat()
            rows = pa.concat_arrays(channel.daily[number])
            nth = number - self._settings.first_delivery
            extra = broken if number == max(channel.daily) else ()
            if channel.form.kind == "xlsx" and len(rows) <= self._room(channel):
                self._write_day_sheet(channel, number, day, extra)
                continue
            repeated = before.slice(0, len(before) * 2 // 5) if before is not None else None
            with self._start(channel, day) as file:
                if (channel.form.channel, nth) in OVERLAPPING and repeated is not None:
                    file.write(_bytes(repeated))
                file.write(_bytes(rows))
                file.write("".join(f"{row}\n" for row in extra if channel.form.kind != "xlsx").encode())
            if (channel.form.channel, nth) in REDELIVERED:
                original = self.files[-1]
                later = self._settings.day(min(number + 2, WINDOW_DAYS - 1)).isoformat()
                self._copy(original, f"{later}_resend")
            before = rows

    def _room(self, channel: _Open) -> int:
        return min(self._settings.xlsx_rows_per_file, self._settings.xlsx_rows_in_all - channel.sheet_rows)

    def _write_day_sheet(self, channel: _Open, number: int, day: str, broken: tuple[str, ...]) -> None:
        rows = channel.daily_sheet[number]
        channel.sheet_rows += sum(len(r) for r in rows)
        path = channel.folder / f"{day}.xlsx"
        extra = [sheet_row(row.split("|")) for row in broken]
        write_xlsx(path, channel.form.cells, [*(_bytes(r) for r in rows), *extra])
        self.files.append(path)

    def _start(self, channel: _Open, name: str) -> BinaryIO:
        form = channel.form
        kind = "csv" if form.kind == "xlsx" else form.kind
        path = channel.folder / f"{name}.{kind}"
        file = path.open("wb", buffering=1 << 20)
        self.files.append(path)
        if kind == "csv":
            file.write((form.delimiter.join(form.cells) + "\n").encode())
        return file

    def _copy(self, path: Path, name: str) -> None:
        copy = path.with_name(f"{name}{path.suffix}")
        copy.write_bytes(path.read_bytes())
        self.files.append(copy)

    def _text(self, form: Form, table: pa.Table) -> pa.ChunkedArray:
        if form.kind == "jsonl":
            line = next(iter(form.cells.values()))
            return self._scribe.project(table, f"({line}) || chr(10)").column(0)
        cells = f" || '{form.delimiter}' || ".join(
            f"csv_cell(({sql})::VARCHAR, '{form.delimiter}')" for sql in form.cells.values()
        )
        return self._scribe.project(table, f"{cells} || chr(10)").column(0)

    def _sheet(self, form: Form, table: pa.Table) -> pa.ChunkedArray:
        cells = " || ".join(
            f"sheet_number({sql})" if name in form.numbers else f"sheet_text(({sql})::VARCHAR)"
            for name, sql in form.cells.items()
        )
        return self._scribe.project(table, f"'<row>' || {cells} || '</row>' || chr(10)").column(0)


def _one_array(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(column.chunks)


def _bytes(rows: pa.Array) -> bytes | memoryview:
    """The text of consecutive rows as it lies in memory: rows end with a line break, so this is the file."""
    if not len(rows):
        return b""
    wide = pa.types.is_large_string(rows.type)
    offsets = np.frombuffer(rows.buffers()[1], np.int64 if wide else np.int32)
    first, last = int(offsets[rows.offset]), int(offsets[rows.offset + len(rows)])
    return memoryview(rows.buffers()[2])[first:last]
