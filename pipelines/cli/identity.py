"""explain, review, train-identity: who is one person, and why; what a steward says of it."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from datetime import date, datetime

import click

from assets.configuration import DIFFERENT, SAME
from assets.context import Context
from pipelines.cli.shared import as_json, opened, print_json, print_table, tell, to_day
from pipelines.decisions import Decision, decide, withdraw
from pipelines.decisions_text import FROM_NOW_ON, PEOPLE, decision_sentences, origin
from pipelines.explain import explain_customer, explain_pair, in_language
from pipelines.explain_text import explanation_text, pair_text
from pipelines.identity_view import IdentityView, Named, look_at_people
from pipelines.retraining import is_fixed, retrain
from pipelines.review import count_questions, questions
from pipelines.review_text import questions_text, retraining_rows
from warehouse.errors import InputError
from warehouse.runs import record_vault_use

in_words = click.option(
    "--lang", "language", type=click.Choice(["en", "id"]), default="en", show_default=True, help="Language."
)


@click.command()
@click.argument("customer", metavar="[ID]", required=False)
@click.option("--record", metavar="KEY", help="The customer a record belongs to, instead of ID.")
@click.option("--with", "other", metavar="KEY", help="Compare --record with this record.")
@in_words
@as_json
def explain(customer: str | None, record: str | None, other: str | None, language: str, as_json: bool) -> int:
    """Why these records are one person: the evidence, who was kept apart, which values competed.

    ID is a customer's number (an earlier one too) or the key of one of its records, such as till:8. Shows
    personal data; its use is recorded.
    """
    named = record if customer is None else customer
    if named is None or (customer is not None and (record is not None or other is not None)):
        raise InputError(
            "explain needs one customer or one record",
            fix="write `satu explain ID`, or `satu explain --record KEY` (and `--with KEY` for a second one)",
        )
    context = opened()
    record_vault_use(context.workspace, f"explain {named} {other or ''}")
    with look_at_people(context) as view:
        if other is not None:
            return _explain_two(view, named, other, language, as_json)
        found = view.find_record(named) if record is not None else view.find(named)
        explanation = explain_customer(view, found.customer_id, found.earlier_id)
    if as_json:
        print_json(in_language(explanation, language))
    else:
        print(explanation_text(explanation, language))
    return 0


@click.group()
def review() -> None:
    """Customers who may be one person: see them, decide, take a decision back."""


@review.command("list")
@click.option("--limit", type=click.IntRange(min=1), default=10, show_default=True, help="Questions to show.")
@in_words
@as_json
def review_list(limit: int, language: str, as_json: bool) -> int:
    """The open questions, those first on which most depends. Shows personal data; its use is recorded."""
    context = opened()
    record_vault_use(context.workspace, "review list")
    with look_at_people(context) as view:
        found = questions(view, limit)
        counts = count_questions(view)
    if as_json:
        print_json(in_language(found, language))
    else:
        print(questions_text(found, counts, context.workspace.settings.currency, language))
    return 0


def deciding(command: Callable[..., int]) -> Callable[..., int]:
    """The arguments that every decision has."""
    for option in (
        click.option("--note", default="", help="Why, for those who read it later."),
        click.option("--on", metavar="DATE", help="The day it was decided [default: today]."),
        click.option("--by", help="Who decides [default: the name you are logged in with]."),
        click.argument("b", metavar="B"),
        click.argument("a", metavar="A"),
    ):
        command = option(command)
    return command


@review.command("same")
@deciding
def review_same(a: str, b: str, by: str | None, on: str | None, note: str) -> int:
    """A and B (record keys or customer numbers) are one person."""
    return _decide(SAME, a, b, by, on, note)


@review.command("different")
@deciding
def review_different(a: str, b: str, by: str | None, on: str | None, note: str) -> int:
    """A and B are two people. To part one customer, name two of its record keys."""
    return _decide(DIFFERENT, a, b, by, on, note)


@review.command("undo")
@deciding
def review_undo(a: str, b: str, by: str | None, on: str | None, note: str) -> int:
    """Take back the decision on A and B, so that evidence alone speaks again."""
    context = opened()
    one, other = _two(context, a, b)
    day, who = _day(context, on), by or getpass.getuser()
    found = withdraw(context, one.record_key, other.record_key, day, who, note)
    print(f"Taken back: {PEOPLE[found['decision']]}{origin(found)}. {FROM_NOW_ON}")
    return 0


@click.command("train-identity")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@as_json
def train_identity(dry_run: bool, as_json: bool) -> int:
    """Learn anew from all records how much each agreement weighs; nights never do this by themselves."""
    context = opened()
    tell("learning from all records; this can take minutes ...")
    found = retrain(context, is_kept=not dry_run)
    if as_json:
        print_json(in_language(found, "en"))
        return 0
    print_table(["", found.before or "before", found.after or "new"], retraining_rows(found))
    if found.before is not None and not found.levels:
        print("No agreement weighs more than a bit otherwise than before.")
    if found.after is None:
        print("Nothing was kept.")
        return 0
    if is_fixed(context):
        print(f"satu.yaml still names {found.in_use}; to use the new one, name {found.after} there.")
        return 0
    days = len(found.stale_days)
    print(
        f"{found.after} is in use. Stored days made with another model: {days}. `satu run` makes the latest"
    )
    print("anew, `satu backfill FROM TO` the others; `satu status` lists them.")
    if found.before is not None:
        print(f"To go back, write `identity: {{model: {found.before}}}` into satu.yaml.")
    return 0


def _explain_two(view: IdentityView, record: str, other: str, language: str, as_json: bool) -> int:
    one = _found(view.find_record, record, "--record")
    two = _found(view.find_record, other, "--with")
    if one.record_key == two.record_key:
        raise InputError("both keys are the same record", fix="name two records")
    pairs = explain_pair(view, one.record_key, two.record_key)
    is_one = one.customer_id == two.customer_id
    if as_json:
        print_json({"is_one_customer": is_one, "pairs": in_language(pairs, language)})
    else:
        print(pair_text(pairs, is_one, language))
    return 0


def _decide(decision: str, a: str, b: str, by: str | None, on: str | None, note: str) -> int:
    context = opened()
    one, other = _two(context, a, b)
    written = Decision(
        one.record_key, other.record_key, decision, _day(context, on), by or getpass.getuser(), note
    )
    outcome = decide(context, written)
    for sentence in decision_sentences(written, outcome, (a, b), one.customer_id == other.customer_id):
        print(sentence)
    return 0


def _two(context: Context, a: str, b: str) -> tuple[Named, Named]:
    """The records that stand for A and B."""
    with look_at_people(context) as view:
        one, other = _found(view.find, a, "the first"), _found(view.find, b, "the second")
    if one.record_key == other.record_key:
        raise InputError(
            "both name the same customer", fix="to part a customer, name two of its records (`satu explain`)"
        )
    return one, other


def _found(find: Callable[[str], Named], word: str, which: str) -> Named:
    """What was named; InputError that says which of the two is unknown."""
    try:
        return find(word)
    except InputError as unknown:
        raise InputError(f"{which}: {unknown.message}", fix=unknown.fix) from None


def _day(context: Context, on: str | None) -> date:
    """The day of a decision: today unless told, and never one to come."""
    today = datetime.now(context.workspace.settings.zone).date()
    day = today if on is None else to_day(on)
    if day > today:
        raise InputError(f"{day} is still to come", fix=f"leave `--on` out, or give a day up to {today}")
    return day


COMMANDS = (explain, review, train_identity)
