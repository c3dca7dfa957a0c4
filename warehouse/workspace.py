"""The workspace: everything that belongs to one company, apart from the code."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path

from warehouse.channels import Channel, read_channel
from warehouse.contracts import InputContract, RegisteredField, with_registered_fields
from warehouse.errors import ConfigError, SatuError
from warehouse.fields import read_fields
from warehouse.periods import Period
from warehouse.segments import Segment, read_segment
from warehouse.settings import Settings, read_settings
from warehouse.survivorship import check_survivorship, ruled_contract
from warehouse.vault_key import unlock

DEFAULT_HOME = "workspace"


def home_from_environment() -> Path:
    """SATU_HOME, else ./workspace."""
    return Path(os.environ.get("SATU_HOME", DEFAULT_HOME))


@dataclass(frozen=True)
class Workspace:
    """A loaded workspace. `problems` holds what is wrong with single contracts; the rest still works."""

    home: Path
    settings: Settings
    inputs: dict[str, InputContract]
    channels: dict[str, Channel]
    problems: tuple[SatuError, ...] = ()
    segments: dict[str, Segment] = field(default_factory=dict)

    @property
    def warehouse(self) -> Path:
        return self.home / "warehouse"

    @property
    def models(self) -> Path:
        return self.home / "models"

    @property
    def decisions(self) -> Path:
        return self.home / "decisions"

    @property
    def dagster_home(self) -> Path:
        return self.home / "dagster"

    @cached_property
    def ruled_contacts(self) -> InputContract:
        """The contacts contract with the company's survivorship rules. Only the golden record reads it: a
        changed rule must not make records stale."""
        return ruled_contract(self.inputs["contacts"], self.settings.survivorship)

    @cached_property
    def secret(self) -> bytes:
        """The key of every keyed hash: SATU_SECRET, else `secret.key`."""
        from_environment = os.environ.get("SATU_SECRET")
        if from_environment:
            return from_environment.encode()
        path = self.home / "secret.key"
        try:
            key = path.read_bytes().strip()
        except OSError:
            raise ConfigError(
                "there is no secret key", file="secret.key", fix="run `satu init`, or set SATU_SECRET"
            ) from None
        if len(key) < 16:
            raise ConfigError(
                "the secret key is too short", file="secret.key", fix="use 32 random bytes or more"
            )
        return key

    def purposes_of(self, channel: Channel) -> tuple[str, ...]:
        """What a channel's records of people are for: as declared, else the purposes of its mapped fields."""
        about_people = [
            (self.inputs[mapping.contract], entry.field)
            for mapping in channel.mappings
            if self.inputs[mapping.contract].is_about_people
            for entry in mapping.fields
        ]
        found = (contract.field_named(name) for contract, name in about_people)
        of_fields = sorted({field.purpose for field in found if field is not None})
        return channel.purposes if of_fields and channel.purposes else tuple(of_fields)

    @cached_property
    def keeping(self) -> dict[str, Period]:
        """By channel, how long its records are kept after their last event: as long as the longest of its
        purposes. A channel with a purpose that has no period is kept for ever, and not named here."""
        periods = dict(self.settings.retention_purposes)
        purposes = {name: self.purposes_of(channel) for name, channel in self.channels.items()}
        return {
            name: max((periods[purpose] for purpose in named), key=lambda period: period.days)
            for name, named in purposes.items()
            if named and all(purpose in periods for purpose in named)
        }

    def business_day(self, moment: datetime) -> date:
        """The day a file seen at `moment` (with zone) belongs to: before the cut-off it is the day before."""
        local = moment.astimezone(self.settings.zone)
        early = local.time() < self.settings.arrival_cutoff
        return (local - timedelta(days=1)).date() if early else local.date()


def load_workspace(home: Path) -> Workspace:
    """The workspace at `home`.

    A wrong `satu.yaml`, or a wrong key of the vault, raises ConfigError; a wrong channel, field or segment
    file is left out and reported in `problems`, so that the rest of the night goes on. From here on this
    process can read the workspace's encrypted files.
    """
    workspace = read_workspace(home)
    source = workspace.settings.encryption_key
    if unlock(workspace.warehouse, workspace.home, source) is None and source is not None:
        raise ConfigError(
            "satu.yaml names a key for the vault, and the vault is not encrypted",
            fix="run `satu vault encrypt`, or take `encryption` out of satu.yaml",
        )
    return workspace


def read_workspace(home: Path) -> Workspace:
    """The workspace at `home` as it is configured, without access to its encrypted files."""
    if not (home / "satu.yaml").is_file():
        raise ConfigError(
            f"no workspace at {home} (satu.yaml is missing)", fix="run `satu init DIR` or give --home DIR"
        )
    home = home.resolve()
    settings = read_settings(home / "satu.yaml")
    problems: list[SatuError] = []
    inputs = with_registered_fields(_fields(home, problems))
    try:
        check_survivorship(inputs["contacts"], settings.survivorship)
    except ConfigError as problem:
        if not problems:
            raise
        problems.append(problem)  # the field may stand in a file that could not be read
    channels: dict[str, Channel] = {}
    for path in sorted((home / "channels").glob("*.y*ml")):
        shown_as = f"channels/{path.name}"
        try:
            channel = read_channel(path, shown_as, inputs)
            if channel.name in channels:
                raise ConfigError(
                    f"channel `{channel.name}` is also declared in {channels[channel.name].file}",
                    file=shown_as,
                    fix="give one of them another name",
                )
            channels[channel.name] = channel
        except SatuError as problem:
            problems.append(problem)
    segments = _segments(home, problems)
    return Workspace(home, settings, inputs, channels, tuple(problems), segments)


def _segments(home: Path, problems: list[SatuError]) -> dict[str, Segment]:
    found: dict[str, Segment] = {}
    for path in sorted((home / "segments").glob("*.y*ml")):
        shown_as = f"segments/{path.name}"
        try:
            segment = read_segment(path, shown_as)
            if segment.name in found:
                raise ConfigError(
                    f"segment `{segment.name}` is also declared in {found[segment.name].file}",
                    file=shown_as,
                    fix="give one of them another name",
                )
            found[segment.name] = segment
        except SatuError as problem:
            problems.append(problem)
    return found


def _fields(home: Path, problems: list[SatuError]) -> list[RegisteredField]:
    found: list[RegisteredField] = []
    for path in sorted((home / "fields").glob("*.y*ml")):
        try:
            for registered in read_fields(path, f"fields/{path.name}"):
                if any(
                    (f.contract, f.field.name) == (registered.contract, registered.field.name) for f in found
                ):
                    raise ConfigError(
                        f"field `{registered.field.name}` is registered twice",
                        file=f"fields/{path.name}",
                        fix="keep one of them",
                    )
                found.append(registered)
        except SatuError as problem:
            problems.append(problem)
    return found
