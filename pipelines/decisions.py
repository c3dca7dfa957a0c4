"""Stewards' decisions as they are given: written to `decisions/pairs.csv`, where every run reads them."""

from __future__ import annotations

import csv
import io
from dataclasses import astuple, dataclass, fields
from datetime import date

from assets.configuration import DIFFERENT, PAIRS_FILE, SAME, WITHDRAWN, pair_decisions
from assets.context import Context
from assets.matching import sorted_out
from warehouse.errors import InputError
from warehouse.files import write_atomic
from warehouse.recovery import writing

_PRIVATE = 0o600


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
    """What a decision meets: the one on the same two records it takes the place of, and whether it counts.

    A `same` that would tie two people whom another decision keeps apart does not.
    """

    replaced: dict[str, str] | None
    counts: bool


def decide(context: Context, decision: Decision) -> Outcome:
    """Write a decision down after those there are; the last one on a pair holds."""
    if decision.record_a == decision.record_b:
        raise InputError("both are the same record", fix="name two records, or two customers")
    with writing(context.workspace.warehouse):
        replaced = decision_on(context, decision.record_a, decision.record_b)
        _append(context, decision)
        return Outcome(replaced, decision.decision != SAME or _counts(context, decision))


def withdraw(context: Context, record_a: str, record_b: str, on: date, by: str, note: str) -> dict[str, str]:
    """Take back the decision on two records and return it; evidence alone speaks for them again."""
    with writing(context.workspace.warehouse):
        found = decision_on(context, record_a, record_b)
        if found is None:
            raise InputError(
                "no decision on these two is in force", fix="`satu explain` shows the decisions on a customer"
            )
        _append(context, Decision(found["record_a"], found["record_b"], WITHDRAWN, on, by, note))
    return found


def decision_on(context: Context, record_a: str, record_b: str) -> dict[str, str] | None:
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
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerows([header, *rows[1:], [values.get(column, "") for column in header]])
    mode = path.stat().st_mode & 0o777 if path.is_file() else _PRIVATE
    write_atomic(path, lines.getvalue().encode(), mode)


def _counts(context: Context, decision: Decision) -> bool:
    found = pair_decisions(context)
    keys = sorted({row[side] for row in found for side in ("record_a", "record_b")})
    number = {key: position for position, key in enumerate(keys)}
    same, _ = sorted_out(
        (number[row["record_a"]], number[row["record_b"]], row["decision"] != DIFFERENT) for row in found
    )
    return sorted((number[decision.record_a], number[decision.record_b])) in same.tolist()
