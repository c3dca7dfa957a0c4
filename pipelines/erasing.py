"""The right to be forgotten: people out of everything that is stored, and what that did, file by file."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from assets.context import Context
from assets.erasure import Checkpoint, Erasure, Sought, begin
from assets.erasure_ledger import Close, FileChange, finish_erasure
from assets.file_states import file_states
from assets.forgetting_decisions import blacklist_lines_of
from assets.night import day_fingerprint
from assets.records import all_units
from assets.removal import finish_removal
from assets.suppression import suppression_entries
from assets.tables import workspace_tables
from data_quality.needles import Needle, TextSearch
from pipelines.subject import Subject
from warehouse.errors import InputError
from warehouse.keyed import keyed_hash
from warehouse.publish import current_release
from warehouse.recovery import writing

LOCK_SECONDS = 3600.0
NOT_SOUGHT = Sought()


@dataclass(frozen=True)
class Erased:
    """One erasure: whom it was about, what it changed, the line of the ledger it closed with.

    `as_of` is the day of the release that the events `erased` stand on. `days_to_run` are days whose groups
    could not be made from what is stored: they have none until they are run again.
    """

    subjects: tuple[Subject, ...]
    as_of: date
    files: tuple[FileChange, ...]
    suppressions: int
    ledger_hash: str
    release_before: int
    release_after: int | None
    days_to_run: tuple[date, ...] = ()


def erase(
    context: Context,
    subjects: Sequence[Subject],
    needles: Sequence[Needle],
    checkpoint: Checkpoint = lambda name: None,
    sought: Sought = NOT_SOUGHT,
    close: Close = lambda erasure, closed: None,
) -> Erased:
    """Erase people from raw files to releases, in one pass whatever their number.

    `needles` are what identifies them and nobody who stays, `sought` what searching for that found. Cut off
    at any point after it was begun, the next writing command finishes it; `close` is what ends it.
    """
    with writing(context.workspace.warehouse, LOCK_SECONDS):
        finish_erasure(context, close=close)
        finish_removal(context)
        erasure = _planned(context, subjects, needles, sought)
        begin(context, erasure)
        checkpoint("planned")
        closed = finish_erasure(context, checkpoint, close)
    assert closed is not None
    return Erased(
        tuple(subjects), erasure.as_of, closed.files, len(erasure.entries), closed.ledger_hash,
        erasure.release, closed.release, closed.days_to_run,
    )  # fmt: skip


def _planned(
    context: Context, subjects: Sequence[Subject], needles: Sequence[Needle], sought: Sought
) -> Erasure:
    """Everything that can be known only while the people are there."""
    release = current_release(context.workspace.warehouse)
    if release is None:
        raise InputError("nothing is published yet", fix="run `satu run` first")
    keys = tuple(sorted({key for subject in subjects for key in subject.record_keys}))
    units = all_units(context)
    return Erasure(
        number=secrets.token_hex(16),
        begun_at=datetime.now(context.workspace.settings.zone),
        as_of=release.as_of,
        release=release.seq,
        customer_ids=tuple(sorted({subject.customer_id for subject in subjects})),
        record_keys=keys,
        entries=tuple(suppression_entries(context, *(subject.record_keys for subject in subjects))),
        persons=tuple(_hashes(context, subject.record_keys) for subject in subjects),
        sought=sought,
        needles=tuple(needles),
        blacklist=tuple(blacklist_lines_of(context, units, release.as_of, keys, TextSearch(needles))),
        before=tuple(file_states(context)),
        marks=tuple(
            (day, day_fingerprint(context, day, units))
            for day in context.store.days(workspace_tables(context.workspace).values())
        ),
    )


def _hashes(context: Context, record_keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(keyed_hash(context.workspace.secret, key.encode()) for key in record_keys))
