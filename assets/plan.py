"""What the next night would find: files to read, records to make again, units as they will be. Read only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assets.bronze import RawFile, landing_rows, planned_raw, stored_raw
from assets.context import Context
from assets.deliveries import Deliveries
from assets.profiles import Profile
from assets.registering import unregistered_landing
from assets.silver import unit_fingerprints
from assets.units import VERDICTS, Unit, last_unit, unit_paths
from warehouse.channels import Channel, Mapping
from warehouse.engine import Engine
from warehouse.errors import SatuError
from warehouse.ledger import FileEntry, Refused


@dataclass(frozen=True)
class NewFile:
    """A file nobody has read yet, and the days its rows will arrive on; `problem` says why it has none."""

    entry: FileEntry
    first_day: date
    last_day: date
    problem: str | None = None


@dataclass(frozen=True)
class Plan:
    """What is there to be done. `read_again` counts stored files by channel, `made_again` stored units by
    channel and mapping. `changed_from` is the first day that any of it touches, `units` are all units under
    the fingerprints they will have."""

    new_files: tuple[NewFile, ...]
    refused: tuple[Refused, ...]
    read_again: dict[str, int]
    made_again: dict[str, int]
    changed_from: date | None
    units: tuple[Unit, ...]

    @property
    def latest_arrival(self) -> date | None:
        """The latest day on which anything usable will have arrived."""
        days = (unit.max_arrived for unit in self.units)
        return max((day for day in days if day is not None), default=None)


def planned_units(context: Context, new: Sequence[FileEntry] = ()) -> list[Unit]:
    """Every unit under the fingerprint it will have once everything registered has been read again as it is
    declared now. It stands on the days it had when it was stored last, by whatever version; one that is not
    stored on the days its file's rows arrived, without rows."""
    return [planned for _, planned in _units(context, new)]


def plan(context: Context) -> Plan:
    """What a night would find now."""
    registration = unregistered_landing(context)
    read_again = Counter(
        channel.name
        for channel in context.workspace.channels.values()
        for places in (Deliveries(context, channel.name),)
        for raw in stored_raw(context, channel)
        if planned_raw(context, channel, raw.entry, places).fingerprint != raw.fingerprint
    )
    new_files = _new_files(context, registration.new)
    days = {(file.entry.channel, file.entry.seq): file for file in new_files if file.problem is None}
    units = [
        (stored, _arriving(planned, days.get((planned.channel, planned.file_seq))))
        for stored, planned in _units(context, registration.new)
    ]
    made_again = Counter(
        f"{planned.channel} {planned.contract}.{planned.mapping}"
        for stored, planned in units
        if stored is not None and stored.fingerprint != planned.fingerprint
    )
    touched = (
        planned.first_day
        for stored, planned in units
        if stored is None or stored.fingerprint != planned.fingerprint
    )
    return Plan(
        tuple(new_files),
        tuple(registration.refused),
        dict(read_again),
        dict(made_again),
        min(touched, default=None),
        tuple(planned for _, planned in units),
    )


def _units(context: Context, new: Sequence[FileEntry]) -> Iterator[tuple[Unit | None, Unit]]:
    """Every unit as it is stored, and as it will be."""
    for channel in context.workspace.channels.values():
        entries = [*context.ledger.entries(channel.name), *(e for e in new if e.channel == channel.name)]
        places = Deliveries(context, channel.name)
        raws = [planned_raw(context, channel, entry, places) for entry in entries]
        for mapping in channel.mappings:
            prints = unit_fingerprints(context, channel, mapping, raws)
            for raw, fingerprint in zip(raws, prints, strict=True):
                stored = last_unit(context, channel, mapping, raw)
                base = stored or _not_made_yet(context, channel, mapping, raw)
                yield stored, replace(base, fingerprint=fingerprint)


def _arriving(planned: Unit, file: NewFile | None) -> Unit:
    """A unit of a new file on the days its rows arrive."""
    return (
        planned if file is None else replace(planned, min_arrived=file.first_day, max_arrived=file.last_day)
    )


def _not_made_yet(context: Context, channel: Channel, mapping: Mapping, raw: RawFile) -> Unit:
    entry, (records, _) = raw.entry, unit_paths(context, channel, mapping, raw)
    return Unit(
        channel.name, mapping.contract, mapping.number, entry.seq, entry.file_day, records, None, "",
        raw.min_arrived, raw.max_arrived, dict.fromkeys(VERDICTS, 0), 0, Profile(),
    )  # fmt: skip


def _new_files(context: Context, entries: Sequence[FileEntry]) -> list[NewFile]:
    """The days of new files, found by reading them as the night would."""
    if not entries:
        return []
    with context.looking() as engine:
        return [_new_file(context, engine, entry) for entry in entries]


def _new_file(context: Context, engine: Engine, entry: FileEntry) -> NewFile:
    try:
        _, sql = landing_rows(
            context,
            engine,
            context.workspace.channels[entry.channel],
            entry,
            context.workspace.home / entry.path,
        )
        (row,) = engine.fetch(f"SELECT MIN(_arrived) AS a, MAX(_arrived) AS b FROM ({sql})").to_pylist()
        engine.drop("landing")
    except SatuError as problem:
        return NewFile(entry, entry.file_day, entry.file_day, str(problem))
    return NewFile(entry, row["a"] or entry.file_day, row["b"] or entry.file_day)
