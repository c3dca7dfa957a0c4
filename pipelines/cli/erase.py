"""erase: the right to be forgotten."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby

import click

from pipelines.cli.shared import as_json, opened, print_json, print_table, tell
from pipelines.erasure_certificate import KINDS
from pipelines.erasure_preview import Going, preview
from pipelines.erasure_proof import person_needles
from pipelines.identity_view import IdentityView, look_at_people
from pipelines.phases import Phases
from pipelines.proven_erasing import Proven, erase_and_prove
from pipelines.subject import Subject, subject_of_customer, subject_of_identifier
from warehouse.errors import InputError
from warehouse.runs import record_vault_use

FROM_STDIN = "-"
Asked = dict[str, list[str]]


@click.command("erase")
@click.option(
    "--customer",
    "customers",
    multiple=True,
    metavar="ID",
    help="A customer's number or record key; may be repeated.",
)
@click.option("--email", metavar="X", help="Whoever states this e-mail address; `-` reads it from stdin.")
@click.option("--phone", metavar="X", help="Whoever states this phone number; `-` reads it from stdin.")
@click.option("--nik", metavar="X", help="Whoever states this identity number; `-` reads it from stdin.")
@click.option("--yes", "is_meant", is_flag=True, help="Do it; without this nothing is changed.")
@as_json
def erase_people(
    customers: tuple[str, ...],
    email: str | None,
    phone: str | None,
    nik: str | None,
    is_meant: bool,
    as_json: bool,
) -> int:
    """Erase people from everything stored and keep them out; first shows what would go.

    Many numbers are one pass: repeat --customer, or `--customer -` with one per line on stdin. An identifier
    that fits several customers erases nobody: the candidates are listed, masked.
    """
    asked = {
        "customer": [number for word in customers for number in _given(word)],
        **{kind: _given(word) for kind, word in (("email", email), ("phone", phone), ("nik", nik)) if word},
    }
    if not any(asked.values()):
        raise InputError("nobody is named", fix="give --customer, --email, --phone or --nik")
    context = opened()
    record_vault_use(context.workspace, "erase")
    with look_at_people(context) as view:
        subjects = _subjects(view, asked)
    if not is_meant:
        return _show(subjects, preview(context, subjects, person_needles(context, subjects)), as_json)
    tell(f"erasing {len(subjects)} customer(s); every kept day is made anew ...")
    phases = Phases()
    return _tell_done(erase_and_prove(context, subjects, phases), phases, as_json)


def _given(word: str) -> list[str]:
    """What was written on the command line, or the lines of stdin, so that it is in no shell history."""
    lines = sys.stdin.read().splitlines() if word == FROM_STDIN else [word]
    return [line.strip() for line in lines if line.strip()]


def _subjects(view: IdentityView, asked: Asked) -> list[Subject]:
    found = [subject_of_customer(view, word) for word in asked["customer"]]
    for kind in ("email", "phone", "nik"):
        found += [subject_of_identifier(view, kind, value) for value in asked.get(kind, [])]
    return list({subject.customer_id: subject for subject in found}.values())


def _show(subjects: Sequence[Subject], going: Sequence[Going], as_json: bool) -> int:
    if as_json:
        customers = [subject.customer_id for subject in subjects]
        print_json({"customers": customers, "would_go": [asdict(kind) for kind in going]})
        return 0
    print_table(["what would go", "files", "rows"], [[_in_words(g.kind), g.files, g.rows] for g in going])
    print(f"{len(subjects)} customer(s). Nothing was changed; add --yes to erase.")
    return 0


def _tell_done(done: Proven, phases: Phases, as_json: bool) -> int:
    """What was done, and where the people are still found: then the erasure has not succeeded."""
    changed = _changed(done)
    if as_json:
        print_json(
            {
                "customers": [subject.customer_id for subject in done.erased.subjects],
                "release": done.erased.release_after,
                "changed": changed,
                "suppressions": done.erased.suppressions,
                "ledger_hash": done.erased.ledger_hash,
                "proof": asdict(done.proof),
                "landing": done.landing,
                "certificate": done.certificate,
                "days_to_run": done.erased.days_to_run,
                "phases": [asdict(phase) for phase in phases.taken],
            }
        )
    else:
        rows = [[_in_words(str(kind["kind"])), kind["files"], kind["rows"]] for kind in changed]
        print_table(["changed", "files", "rows less"], rows)
        print(
            f"{done.proof.found_before} of {done.proof.identifiers} identifiers were found before,"
            f" {len(done.proof.left)} place(s) hold one now. Certificate: {done.certificate}"
        )
        for day in done.erased.days_to_run:
            print(f"{day} has no groups now; `satu backfill {day} {day}` makes them")
        for path in done.landing:
            print(f"still delivered with them, for its owner to correct: {path}")
    for place in done.proof.left:
        tell(f"satu: still found in {place.path}, {place.place}")
    return 1 if done.proof.left else 0


def _in_words(kind: str) -> str:
    """A kind of files as the certificate names it."""
    return KINDS[kind].en.lower()


def _changed(done: Proven) -> list[dict[str, str | int]]:
    files = sorted(done.erased.files, key=lambda file: file.kind)
    return [
        {"kind": kind, "files": len(of_kind), "rows": sum(f.rows_before - f.rows_after for f in of_kind)}
        for kind, group in groupby(files, key=lambda file: file.kind)
        for of_kind in [list(group)]
    ]


COMMANDS = (erase_people,)
