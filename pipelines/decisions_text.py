"""What `satu review same`, `different` and `undo` say: one thing about what holds from now on."""

from __future__ import annotations

from collections.abc import Iterator

from assets.configuration import DIFFERENT, SAME
from pipelines.decisions import Decision, Outcome, Row

PEOPLE = {SAME: "one person", DIFFERENT: "two people"}
FROM_NOW_ON = (
    "It holds on every day from the next run on: `satu run` now, or tonight's. Days made before show it after"
    " `satu backfill FROM TO`."
)


def decision_sentences(
    decision: Decision, outcome: Outcome, named: tuple[str, str], is_one_now: bool
) -> Iterator[str]:
    """What became of a decision on the two that were named; `is_one_now`: they are one customer today."""
    yield _what_was_noted(decision, outcome, named)
    if outcome.in_the_way is not None:
        other = outcome.in_the_way
        yield (
            f"It does not count while this holds: {_statement(other)}."
            f" `satu review undo {other['record_a']} {other['record_b']}` takes that back."
        )
    elif decision.decision == SAME and is_one_now:
        yield "They are one customer already; the decision keeps them together whatever comes."
    elif decision.decision == DIFFERENT and is_one_now:
        yield "They are one customer now; each further record goes where the evidence is stronger."
    if outcome.earlier is not None and not outcome.is_repeated:
        yield f"It takes the place of: {PEOPLE[outcome.earlier['decision']]}{origin(outcome.earlier)}."
    for row in outcome.silenced:
        yield f"This does not count any more, since both cannot hold: {_statement(row)}."


def origin(decision: Row) -> str:
    """`, decided by ani on 2026-01-05`, as far as it is known."""
    by = f" by {decision['by']}" if decision["by"] else ""
    on = f" on {decision['decided_on']}" if decision["decided_on"] else ""
    return f", decided{by}{on}" if by or on else ""


def _what_was_noted(decision: Decision, outcome: Outcome, named: tuple[str, str]) -> str:
    said = f"{named[0]} and {named[1]} are {PEOPLE[decision.decision]}"
    if outcome.earlier is not None and outcome.is_repeated:
        known = f"{said}{origin(outcome.earlier)}"
        kept = "The new note is kept with it." if outcome.is_written else "Nothing was changed."
        return f"Already decided: {known}. {kept}"
    return f"Noted: {said}." + ("" if outcome.in_the_way is not None else f" {FROM_NOW_ON}")


def _statement(row: Row) -> str:
    return f"{row['record_a']} and {row['record_b']} are {PEOPLE[row['decision']]}{origin(row)}"
