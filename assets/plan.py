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
from assets.tagging import accepted_days
from assets.units import VERDICTS, Unit, last_unit, unit_paths
from warehouse.channels import Channel, Mapping
from warehouse.engine import Engine
from warehouse.errors import SatuError
from warehouse.ledger import FileEntry, Refused

Days = dict[tuple[str, int, str, int], tuple[date | None, date | None]]
"""By channel, file, contract and mapping: the first and the last day of the rows that are accepted."""


@dataclass(frozen=True)
class NewFile:
    """A file nobody has read yet, and the days of its rows that will be accepted, else its own day; `problem`
    says why it cannot be read."""

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
    unread = [*_registered_unread(context), *registration.new]
    new_files, days = _judged(context, unread)
    units = [(stored, _arriving(planned, days)) for stored, planned in _units(context, registration.new)]
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


def _arriving(planned: Unit, days: Days) -> Unit:
    """A unit nobody has made yet on the days its rows arrive."""
    found = days.get((planned.channel, planned.file_seq, planned.contract, planned.mapping))
    return planned if found is None else replace(planned, min_arrived=found[0], max_arrived=found[1])


def _not_made_yet(context: Context, channel: Channel, mapping: Mapping, raw: RawFile) -> Unit:
    entry, (records, _) = raw.entry, unit_paths(context, channel, mapping, raw)
    return Unit(
        channel.name, mapping.contract, mapping.number, entry.seq, entry.file_day, records, None, "",
        raw.min_arrived, raw.max_arrived, dict.fromkeys(VERDICTS, 0), 0, Profile(),
    )  # fmt: skip


def _registered_unread(context: Context) -> list[FileEntry]:
    """Files that are registered and not stored, because a night ended before it came to them."""
    return [
        entry
        for channel in context.workspace.channels.values()
        for stored in ({raw.entry.seq for raw in stored_raw(context, channel)},)
        for places in (Deliveries(context, channel.name),)
        for entry in context.ledger.entries(channel.name)
        if entry.seq not in stored and places.path_of(entry) is not None
    ]


def _judged(context: Context, unread: Sequence[FileEntry]) -> tuple[list[NewFile], Days]:
    """Files nobody has read yet, and the days of every unit nobody has made yet: read as the night would."""
    days: Days = {}
    channels = context.workspace.channels.values()
    stored = {channel.name: stored_raw(context, channel) for channel in channels}
    with context.looking() as engine:
        for channel in channels:
            for position, raw in enumerate(stored[channel.name]):
                waiting = [m for m in channel.mappings if last_unit(context, channel, m, raw) is None]
                if waiting and raw.error is None:
                    engine.attach("raw", [raw.path])
                    _judge(context, engine, channel, raw, waiting, stored[channel.name][:position], days)
        return [_new_file(context, engine, entry, stored[entry.channel], days) for entry in unread], days


def _judge(
    context: Context,
    engine: Engine,
    channel: Channel,
    raw: RawFile,
    mappings: Sequence[Mapping],
    received: Sequence[RawFile],
    days: Days,
) -> None:
    """The days of the rows of `raw` that each mapping accepts, after the files received before."""
    for mapping in mappings:
        before = (last_unit(context, channel, mapping, earlier) for earlier in received)
        days[channel.name, raw.entry.seq, mapping.contract, mapping.number] = accepted_days(
            context, engine, channel, mapping, raw, [unit for unit in before if unit is not None]
        )


def _new_file(
    context: Context, engine: Engine, entry: FileEntry, received: Sequence[RawFile], days: Days
) -> NewFile:
    """A file on the days of the rows that are accepted; on its own day when none is."""
    channel = context.workspace.channels[entry.channel]
    landing = Deliveries(context, channel.name).path_of(entry) or context.workspace.home / entry.path
    try:
        table, sql = landing_rows(context, engine, channel, entry, landing)
        engine.materialise("raw", sql)
    except SatuError as problem:
        problem.file = None
        return NewFile(entry, entry.file_day, entry.file_day, str(problem))
    finally:
        engine.drop("landing")
    path = context.workspace.home / entry.path
    raw = RawFile(entry, path, "", tuple(table.columns), 0, None, None, (), (), None)
    _judge(context, engine, channel, raw, channel.mappings, received, days)
    found = [days[entry.channel, entry.seq, mapping.contract, mapping.number] for mapping in channel.mappings]
    first = min((day for day, _ in found if day is not None), default=entry.file_day)
    return NewFile(entry, first, max((day for _, day in found if day is not None), default=entry.file_day))
