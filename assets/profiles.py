"""The profile of a file: counts about its rows by day of arrival, stored beside where the rows went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa

from data_quality.row_rules import SEPARATOR
from transforms.records import build, profile
from warehouse.engine import Engine
from warehouse.landing import Reject

COLUMNS = (
    ("channel", pa.string()),
    ("contract", pa.string()),
    ("mapping", pa.int32()),
    ("file_day", pa.date32()),
    ("arrived", pa.date32()),
    ("measure", pa.string()),
    ("item", pa.string()),
    ("n", pa.int64()),
)


@dataclass
class Profile:
    """How often something was seen in the rows of one file: (measure, item) → day of arrival → count."""

    counts: dict[tuple[str, str], dict[date, int]] = field(default_factory=dict)

    def add(self, measure: str, item: str, day: date, count: int) -> None:
        """Count something once more; nothing is kept of a zero."""
        if count:
            days = self.counts.setdefault((measure, item), {})
            days[day] = days.get(day, 0) + count

    def add_rejects(self, rejects: Iterable[Reject], day: date) -> None:
        """Count rows that the reader could not read: they came on the day of the file."""
        for reject in rejects:
            self.add(profile.FAULT, f"{reject.rule}{SEPARATOR}{reject.column or ''}", day, 1)
            self.add(profile.READ, "", day, 1)
            self.add(profile.NEW, "", day, 1)

    def to_json(self) -> list[list[Any]]:
        """As lists, for the description of a unit."""
        return [
            [measure, item, [day.isoformat() for day in days], list(days.values())]
            for (measure, item), days in self.counts.items()
        ]

    @classmethod
    def from_json(cls, written: list[list[Any]]) -> Profile:
        """The profile that `to_json` wrote."""
        return cls(
            {
                (measure, item): dict(zip(map(date.fromisoformat, days), counts, strict=True))
                for measure, item, days, counts in written
            }
        )


def profiles_of_tagged(engine: Engine, unit: build.RecordUnit) -> dict[int, Profile]:
    """The profile of every file in `tagged`, by its number in the ledger."""
    found: dict[int, Profile] = {}
    counts = profile.counts_of(unit)
    for row in engine.fetch(profile.counts_sql(counts.values())).to_pylist():
        for number, (measure, item) in enumerate(counts):
            made = found.setdefault(row["file_seq"], Profile())
            made.add(measure, item, row["arrived"], row[f"c{number}"] or 0)
    for row in engine.fetch(profile.faults_sql()).to_pylist():
        found[row["file_seq"]].add(profile.FAULT, row["fault"], row["arrived"], row["n"])
    return found


def profile_of_whole_file(rule: str, day: date, rows: int) -> Profile:
    """The profile of a file none of whose rows can be used."""
    made = Profile()
    for measure, item in ((profile.FAULT, f"{rule}{SEPARATOR}"), (profile.READ, ""), (profile.NEW, "")):
        made.add(measure, item, day, rows)
    return made


def profile_table(rows: Iterable[tuple[str, str, int, date, Profile]]) -> pa.Table:
    """The counts of many files, given as (channel, contract, mapping, day of the file, profile)."""
    columns: list[list[Any]] = [[] for _ in COLUMNS]
    for channel, contract, mapping, file_day, made in rows:
        for (measure, item), days in made.counts.items():
            values = (channel, contract, mapping, file_day, measure, item)
            for position, value in enumerate((*values[:4], None, *values[4:])):
                columns[position].extend(days if position == 4 else [value] * len(days))
            columns[7].extend(days.values())
    return pa.table(
        {name: pa.array(values, kind) for (name, kind), values in zip(COLUMNS, columns, strict=True)}
    )
