"""Delivered files that hold erased persons: found, and where a channel says so written anew without them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from assets.context import Context
from assets.registering import landing_files
from data_quality.leaks import UNDECODED, scan
from data_quality.needles import Needle, TextSearch
from warehouse.channels import REWRITE, Channel
from warehouse.files import clear_unfinished, write_atomic
from warehouse.landing.vcard_texts import card_texts, holds_cards

JSONL = frozenset({"jsonl", "ndjson"})
TEXT_KINDS = JSONL | {"csv", "tsv", "txt"}


def landing_files_with(context: Context, needles: Sequence[Needle]) -> list[str]:
    """The delivered files of every channel that hold what is looked for, relative to the workspace."""
    home = context.workspace.home.resolve()
    delivered = _delivered(context)
    leaks = scan(sorted({path for _, path in delivered}), needles)
    found = {leak.path for leak in leaks if leak.place != UNDECODED}
    search = TextSearch(needles)
    for channel, path in delivered:
        resolved = path.resolve()
        if resolved not in found and holds_cards(resolved) and _is_in_cards(channel, resolved, search):
            found.add(resolved)
    return sorted(str(path.relative_to(home)) for path in found)


def rewritable(context: Context) -> list[tuple[Channel, Path]]:
    """The text files of channels with `on_erasure: rewrite`, each with its channel."""
    return [
        (channel, path)
        for channel, path in _delivered(context)
        if channel.on_erasure == REWRITE and _is_text(channel, path)
    ]


def rewrite_landing(context: Context, needles: Sequence[Needle], today: date) -> list[str]:
    """Write the files of channels with `on_erasure: rewrite` anew without the lines that hold what is looked
    for; those rewritten. The ledger knows their new content, so that no run reads it. For who holds the
    warehouse's lock. Cut off in between, a run reads what is left once more, as duplicates."""
    workspace = context.workspace
    home = workspace.home.resolve()
    search = TextSearch(needles)
    for _, path in rewritable(context):
        clear_unfinished(path.resolve())
    done = {path.resolve() for channel, path in rewritable(context) if _rewritten(channel, path, search)}
    readers = [(channel.name, path) for channel, path in _delivered(context) if path.resolve() in done]
    context.ledger.rewrote(readers, today, workspace.secret, workspace.home)
    return sorted(str(path.relative_to(home)) for path in done)


def _is_in_cards(channel: Channel, path: Path, search: TextSearch) -> bool:
    """Whether cards name somebody in a way only their reader understands."""
    return any(True for columns in card_texts(path, channel.source.options) for _ in search.in_rows(columns))


def _delivered(context: Context) -> list[tuple[Channel, Path]]:
    channels = context.workspace.channels.values()
    return [(channel, path) for channel in channels for path in landing_files(context, channel)]


def _rewritten(channel: Channel, path: Path, search: TextSearch) -> bool:
    """Whether lines were taken out. A file whose lines may not be its rows is left as it is: in CSV an open
    quotation goes on in the next line, and UTF-16 has other line ends. So is one that may not be written."""
    content = path.read_bytes()
    if b"\0" in content or not search.likely_contents([content]):
        return False
    lines = content.split(b"\n")
    has_open_quotes = any(line.count(b'"') % 2 for line in lines)
    gone = {position for position, _ in search.lines_in(content)}
    if not gone or (has_open_quotes and not _is_jsonl(channel, path)):
        return False
    kept = [line for position, line in enumerate(lines) if position not in gone]
    try:
        write_atomic(path.resolve(), b"\n".join(kept), path.stat().st_mode & 0o777)
    except PermissionError:
        return False
    return True


def _is_text(channel: Channel, path: Path) -> bool:
    return _kind(channel, path) in TEXT_KINDS


def _is_jsonl(channel: Channel, path: Path) -> bool:
    return _kind(channel, path) in JSONL


def _kind(channel: Channel, path: Path) -> str:
    return channel.source.format or path.suffix.lower().removeprefix(".")
