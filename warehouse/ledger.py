"""When each file content arrived: `ledger/files.jsonl`, append-only, decided once per content.

The ledger is data, not a cache: it is backed up and never derived again. A pass registers every landing
file at once and ends with a line of kind `pass`; lines after the last such line are the rest of a crash
and count for nothing, so a pass is there wholly or not at all.

This module never reads a clock: the day of registration is an argument.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from warehouse.errors import ConfigError, SatuError
from warehouse.files import append_line, file_lock, private_dir
from warehouse.landing.arrival import NAME_RULE, date_in_name
from warehouse.landing.content import ContentHasher, Refusal, path_in_home

EVENT_RULE = "event"


@dataclass(frozen=True)
class LandingFile:
    """A file found in landing, with its channel's `arrived` rule."""

    channel: str
    path: Path
    arrived_rule: str = EVENT_RULE


@dataclass(frozen=True)
class FileEntry:
    """One file content of one channel, the first time it was seen.

    `batch` is the registration pass, `seq` the order of receipt, `file_day` the day the rule gives the file.
    """

    seq: int
    batch: int
    channel: str
    path: str
    file_hash: str
    size: int
    file_day: date
    rule: str


@dataclass(frozen=True)
class Redelivery:
    """Content already known in the channel, found again under this path."""

    seq: int
    batch: int
    channel: str
    path: str
    file_hash: str
    day: date


@dataclass(frozen=True)
class Rewrite:
    """A delivered file that has been written anew in its place, for the content `seq` first had."""

    seq: int
    channel: str
    path: str
    file_hash: str


@dataclass(frozen=True)
class Refused:
    """A file that was not registered, and why, in words."""

    path: str
    reason: str


@dataclass(frozen=True)
class Registration:
    """What one pass found: new contents, contents seen before under another name, files not taken."""

    new: list[FileEntry]
    redelivered: list[Redelivery]
    refused: list[Refused]


@dataclass
class _Known:
    """The ledger as read: entries, the content last seen under each path, the length of the whole part."""

    entries: list[FileEntry] = field(default_factory=list)
    seq_by_content: dict[tuple[str, str], int] = field(default_factory=dict)
    content_by_path: dict[tuple[str, str], str] = field(default_factory=dict)
    paths_by_seq: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    seq_by_path: dict[tuple[str, str], int] = field(default_factory=dict)
    last_batch: int = 0
    last_day: date | None = None
    whole_bytes: int = 0


class Ledger:
    """The files ledger at `path` (`<warehouse>/ledger/files.jsonl`)."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self, channel: str | None = None) -> list[FileEntry]:
        """Every registered content in the order of receipt."""
        return [entry for entry in self._read().entries if channel is None or entry.channel == channel]

    def paths(self) -> dict[tuple[str, int], str]:
        """(channel, seq) → the path a content was first found under."""
        return {(entry.channel, entry.seq): entry.path for entry in self.entries()}

    @property
    def stat_cache(self) -> Path:
        """What the last pass knew of each file, beside the ledger."""
        return self.path.parent / "stat_cache.json"

    def contents(self, channel: str) -> dict[str, int]:
        """Content → the `seq` it counts as."""
        known = self._read().seq_by_content
        return {content: seq for (name, content), seq in known.items() if name == channel}

    def places(self, channel: str) -> dict[int, list[str]]:
        """`seq` → every path its content was found under, the first one first."""
        known = self._read().paths_by_seq
        return {seq: paths for (name, seq), paths in known.items() if name == channel}

    def replaced(self, by: date = date.max) -> set[tuple[str, int]]:
        """(channel, seq) of contents that another one stands for now, under the name they came under; where a
        day is given, one that belongs to that day or an earlier one."""
        known = self._read()
        days = {(entry.channel, entry.seq): entry.file_day for entry in known.entries}
        stands = {(channel, path): (channel, seq) for (channel, path), seq in known.seq_by_path.items()}
        return {
            (entry.channel, entry.seq)
            for entry in known.entries
            if (now := stands[entry.channel, entry.path]) != (entry.channel, entry.seq) and days[now] <= by
        }

    def rewrote(self, files: Iterable[tuple[str, Path]], today: date, secret: bytes, home: Path) -> None:
        """Take note that these files (channel, path) were written anew on purpose: what they hold now counts
        as what they held before, so that the next pass finds nothing new."""
        folder = private_dir(self.path.parent)
        with file_lock(folder / "files.lock"):
            known = self._read()
            self._drop_torn_tail(known)
            hasher = ContentHasher(home, secret, self.stat_cache)
            lines: list[dict[str, object]] = []
            for channel, path in files:
                relative = path_in_home(path, home)
                seq = known.seq_by_path.get((channel, relative))
                if seq is not None:
                    rewrite = Rewrite(seq, channel, relative, hasher.hash(relative)[0])
                    lines.append({"kind": "rewrite", **asdict(rewrite)})
            if lines:
                batch = known.last_batch + 1
                lines.append({"kind": "pass", "batch": batch, "day": today, "files": 0, "redeliveries": 0})
                append_line(self.path, "\n".join(_line(line) for line in lines))

    def register(self, files: Iterable[LandingFile], today: date, secret: bytes, home: Path) -> Registration:
        """Register all landing files in one pass; what is known already changes nothing.

        `today` is the business day of the registration (the arrival cut-off already applied).
        """
        folder = private_dir(self.path.parent)
        with file_lock(folder / "files.lock"):
            known = self._read()
            self._drop_torn_tail(known)
            hasher = ContentHasher(home, secret, self.stat_cache)
            registration = _one_pass(files, today, home, known, hasher)
            if registration.new:
                _refuse_a_clock_gone_back(today, known.last_day)
            if registration.new or registration.redelivered:
                append_line(self.path, "\n".join(_lines(registration, known.last_batch + 1, today)))
            hasher.save()
        return registration

    def preview(self, files: Iterable[LandingFile], today: date, secret: bytes, home: Path) -> Registration:
        """What `register` would do now. Nothing is written, no lock is taken."""
        hasher = ContentHasher(home, secret, self.stat_cache)
        return _one_pass(files, today, home, self._read(), hasher)

    def _read(self) -> _Known:
        """The whole part of the ledger: everything up to the last `pass` line."""
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return _Known()
        known = _Known()
        waiting: list[dict[str, Any]] = []
        position = 0
        lines = content.split(b"\n")
        for number, line in enumerate(lines, start=1):
            position += len(line) + 1
            if number == len(lines):
                break  # what follows the last newline: nothing, or a torn line
            try:
                record = json.loads(line)
                if record["kind"] != "pass":
                    waiting.append(record)
                    continue
                for earlier in waiting:
                    _remember(known, earlier)
                known.last_batch = int(record["batch"])
                known.last_day = date.fromisoformat(record["day"])
            except (ValueError, KeyError, TypeError):
                if b'"kind": "pass"' not in content[position:]:
                    break  # nothing whole follows: the rest of a crash
                raise SatuError(
                    "the files ledger is damaged",
                    file=self.path,
                    line=number,
                    fix="restore it from the backup",
                ) from None
            waiting.clear()
            known.whole_bytes = position
        return known

    def _drop_torn_tail(self, known: _Known) -> None:
        """Cut off what a crash left after the last whole pass. Only under the lock."""
        if self.path.exists() and self.path.stat().st_size > known.whole_bytes:
            with self.path.open("r+b") as file:
                file.truncate(known.whole_bytes)


def _refuse_a_clock_gone_back(today: date, last_day: date | None) -> None:
    """The ledger keeps the day for ever: none is taken from a clock that stands before what it said itself.

    One day is let pass, for a company that moved its time zone.
    """
    if last_day is not None and today < last_day - timedelta(days=1):
        raise SatuError(
            f"the clock says {today}, and files were registered on {last_day} already",
            file="ledger/files.jsonl",
            fix="set the clock of this machine; if it was ahead then, restore the ledger from the backup",
        )


def _remember(known: _Known, record: dict[str, Any]) -> None:
    """Take one line of a whole pass into account."""
    place = (record["channel"], record["path"])
    known.content_by_path[place] = record["file_hash"]
    known.seq_by_path[place] = record["seq"]
    known.paths_by_seq.setdefault((record["channel"], record["seq"]), []).append(record["path"])
    if record["kind"] == "file":
        values = {name: record[name] for name in FileEntry.__dataclass_fields__}
        entry = FileEntry(**{**values, "file_day": date.fromisoformat(record["file_day"])})
        known.entries.append(entry)
        known.seq_by_content[entry.channel, entry.file_hash] = entry.seq
    elif record["kind"] == "rewrite":
        known.seq_by_content.setdefault((record["channel"], record["file_hash"]), record["seq"])


def _one_pass(
    files: Iterable[LandingFile], today: date, home: Path, known: _Known, hasher: ContentHasher
) -> Registration:
    """Decide, in a fixed order, what each file is."""
    batch = known.last_batch + 1
    next_seq = max((entry.seq for entry in known.entries), default=0) + 1
    registration = Registration([], [], [])
    for day_in_name, relative, file in _in_order(files, home, registration.refused):
        try:
            file_hash, size = hasher.hash(relative)
        except Refusal as refusal:
            registration.refused.append(Refused(relative, str(refusal)))
            continue
        place, content = (file.channel, relative), (file.channel, file_hash)
        if known.content_by_path.get(place) == file_hash:
            continue
        known.content_by_path[place] = file_hash
        if content in known.seq_by_content:
            seq = known.seq_by_content[content]
            registration.redelivered.append(Redelivery(seq, batch, file.channel, relative, file_hash, today))
            continue
        has_no_date = file.arrived_rule.startswith(NAME_RULE) and day_in_name is None
        rule = EVENT_RULE if has_no_date else file.arrived_rule
        known.seq_by_content[content] = next_seq
        registration.new.append(
            FileEntry(next_seq, batch, file.channel, relative, file_hash, size, day_in_name or today, rule)
        )
        next_seq += 1
    return registration


def _in_order(
    files: Iterable[LandingFile], home: Path, refused: list[Refused]
) -> list[tuple[date | None, str, LandingFile]]:
    """Files in the order of receipt within a pass: by the date in the name (none first), then by path."""
    found: list[tuple[date | None, str, LandingFile]] = []
    for file in files:
        try:
            relative = path_in_home(file.path, home)
            rule = file.arrived_rule
            name = PurePosixPath(relative).name
            day = date_in_name(name, rule.removeprefix(NAME_RULE)) if rule.startswith(NAME_RULE) else None
        except (Refusal, ConfigError) as reason:
            shown = str(file.path).encode("utf-8", "replace").decode("utf-8")
            refused.append(Refused(shown.replace(f"{home}/", "", 1), str(reason)))
            continue
        found.append((day, relative, file))
    return sorted(found, key=lambda item: (item[0] or date.min, item[1], item[2].channel))


def _lines(registration: Registration, batch: int, today: date) -> list[str]:
    """The lines of one pass; the last one makes it count."""
    records: list[dict[str, object]] = [{"kind": "file", **asdict(entry)} for entry in registration.new]
    records += [{"kind": "redelivery", **asdict(again)} for again in registration.redelivered]
    counts = {"files": len(registration.new), "redeliveries": len(registration.redelivered)}
    records.append({"kind": "pass", "batch": batch, "day": today, **counts})
    return [_line(record) for record in records]


def _line(record: dict[str, object]) -> str:
    return json.dumps(record, default=str, ensure_ascii=False)
