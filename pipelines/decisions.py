"""Stewards' decisions as they are given: written to `decisions/pairs.csv`, where every run reads them."""

from __future__ import annotations

import csv
import io
from dataclasses import astuple, dataclass, fields
from datetime import date

from assets.configuration import DIFFERENT, PAIRS_FILE, SAME, WITHDRAWN, pair_decisions
from assets.context import Context
from assets.decision_files import write_rows
from pipelines.proven_erasing import writing_after_erasure
from transforms.identity.decided import sorted_out
from warehouse.errors import InputError

Row = dict[str, str]


@dataclass(frozen=True)
class Decision:
    """One line of the file; the fields are its columns."""

    record_a: str
    record_b: str
    decision: str
    decided_on: date
    by: str
    note: str


@dataclass(frozen=True)
class Outcome:
    """What a decision meets.

    `earlier` is the one in force on the same two records, `is_repeated` when it says the same: nothing was
    written then unless there is a new note (`is_written`). `in_the_way` says that two are different people
    whom this one would tie, so it does not count; `silenced` are decisions that count no longer.
    """

    earlier: Row | None
    is_repeated: bool
    is_written: bool
    in_the_way: Row | None
    silenced: list[Row]


def decide(context: Context, decision: Decision) -> Outcome:
    """Write a decision down after those there are; the last one on a pair holds."""
    if decision.record_a == decision.record_b:
        raise InputError("both are the same record", fix="name two records, or two customers")
    with writing_after_erasure(context):
        before = pair_decisions(context)
        earlier = decision_on(context, decision.record_a, decision.record_b)
        is_repeated = earlier is not None and earlier["decision"] == decision.decision
        is_news = earlier is None or not is_repeated or decision.note not in ("", earlier["note"])
        if is_news:
            _append(context, decision)
        after = pair_decisions(context)
    pair = {decision.record_a, decision.record_b}
    counted = [_pair(row) for row in _counted(after)]
    return Outcome(
        earlier,
        is_repeated,
        is_news,
        None if pair in counted else _in_the_way(after, pair),
        [row for row in _counted(before) if _pair(row) != pair and _pair(row) not in counted],
    )


def withdraw(context: Context, record_a: str, record_b: str, on: date, by: str, note: str) -> Row:
    """Take back the decision on two records and return it; evidence alone speaks for them again."""
    with writing_after_erasure(context):
        found = decision_on(context, record_a, record_b)
        if found is None:
            raise InputError(
                "no decision on these two is in force", fix="`satu explain` shows the decisions on a customer"
            )
        _append(context, Decision(found["record_a"], found["record_b"], WITHDRAWN, on, by, note))
    return found


def decision_on(context: Context, record_a: str, record_b: str) -> Row | None:
    """The decision in force on two records, None when there is none."""
    pair = {record_a, record_b}
    return next((d for d in pair_decisions(context) if {d["record_a"], d["record_b"]} == pair), None)


def _append(context: Context, decision: Decision) -> None:
    """The file with one line more: what people wrote into it stays, columns they left out are added."""
    path = context.workspace.decisions / PAIRS_FILE
    path.parent.mkdir(exist_ok=True)
    text = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    rows = list(csv.reader(io.StringIO(text)))
    header = rows[0] if rows else []
    columns = [field.name for field in fields(Decision)]
    header = [*header, *(column for column in columns if column not in header)]
    values = dict(zip(columns, astuple(decision), strict=True))
    write_rows(path, [header, *rows[1:], [values.get(column, "") for column in header]])


def _pair(row: Row) -> set[str]:
    return {row["record_a"], row["record_b"]}


def _counted(found: list[Row]) -> list[Row]:
    """The decisions that count: every `different`, and each `same` that ties nobody who is kept apart."""
    keys = sorted({key for row in found for key in _pair(row)})
    number = {key: position for position, key in enumerate(keys)}
    same, _ = sorted_out(
        (number[row["record_a"]], number[row["record_b"]], row["decision"] == SAME) for row in found
    )
    tied = [{keys[a], keys[b]} for a, b in same.tolist()]
    return [row for row in found if row["decision"] == DIFFERENT or _pair(row) in tied]


def _in_the_way(found: list[Row], pair: set[str]) -> Row | None:
    """The decision that keeps apart two records which the counted ones and `pair` would tie."""
    together, before = set(pair), set[str]()
    ties = [_pair(row) for row in _counted(found) if row["decision"] == SAME]
    while together != before:
        before = set(together)
        together.update(*(tie for tie in ties if tie & together))
    return next((row for row in found if row["decision"] == DIFFERENT and _pair(row) <= together), None)
