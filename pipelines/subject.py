"""Whom a request is about: a customer's number, record key, e-mail, phone or NIK led to one customer.

An identifier may fit several customers (a family's phone). Then nobody is chosen: the candidates are listed,
masked, and who asks must name one of them. No message repeats what was given.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from assets.context import spill_folder
from assets.day import Day
from assets.quarantine import stored_units
from assets.record_rows import rows_name
from pipelines.identity_view import IdentityView
from pipelines.suggest import mask
from warehouse.errors import InputError

NORMALISED = {
    "email": "email_key(norm_email($value))",
    "phone": "norm_phone(list_extract(split_phones($value), 1), $country)",
    "nik": "norm_nik($value)",
}
FITS = {"email": "email_key = $value", "phone": "list_contains(phones, $value)", "nik": "nik = $value"}
NAMES = {"email": "an e-mail address", "phone": "a phone number", "nik": "an identity number (NIK)"}
SHOWN_CANDIDATES = 10


@dataclass(frozen=True)
class Subject:
    """One customer and the keys of all records the release knows of the person, the anchor first."""

    customer_id: int
    record_keys: tuple[str, ...]


@dataclass(frozen=True)
class Candidate:
    """A customer an identifier fits: enough for who knows the person, nothing for who does not."""

    customer_id: int
    name: str
    city: str
    records: int


class SeveralFit(InputError):
    """An identifier fits more than one customer."""

    def __init__(self, candidates: list[Candidate]) -> None:
        self.candidates = candidates
        listed = "; ".join(
            f"{c.customer_id}: {c.name or 'no name'}, {c.city or 'no city'}, {c.records} record(s)"
            for c in candidates[:SHOWN_CANDIDATES]
        )
        more = len(candidates) - SHOWN_CANDIDATES
        super().__init__(
            f"this fits {len(candidates)} customers ({listed}{f'; {more} more' if more > 0 else ''})",
            fix="ask again with `--customer` and the number of one of them",
        )


def subject_of_customer(view: IdentityView, word: str) -> Subject:
    """The customer of a number, old or new, or of the key of a record."""
    return _subject(view, view.find(word).customer_id)


def subject_of_identifier(view: IdentityView, kind: str, value: str) -> Subject:
    """The one customer whose records ever stated the e-mail, phone or NIK; SeveralFit when several did."""
    customers = sorted(set(view.customers_of(_stated_by(view, kind, value)).values()))
    if not customers:
        raise InputError(
            f"no record of release {view.release} ({view.as_of}) states this {_short(kind)}",
            fix="look for the person by another identifier; after new files came, `satu run` first",
        )
    if len(customers) > 1:
        raise SeveralFit(_candidates(view, customers))
    return _subject(view, customers[0])


def _subject(view: IdentityView, customer_id: int) -> Subject:
    return Subject(customer_id, tuple(link["record_key"] for link in view.links(customer_id)))


def _stated_by(view: IdentityView, kind: str, value: str) -> list[str]:
    """The keys of the records that state an identifier, in whatever spelling it is given."""
    context = view.context
    with (
        spill_folder() as spill,
        Day(context, view.as_of, stored_units(context), spill=spill) as day,
    ):
        given: dict[str, object] = {"value": value}
        if kind == "phone":
            given["country"] = context.workspace.settings.country
        wanted = day.engine.scalar(f"SELECT {NORMALISED[kind]}", given)
        if wanted is None:
            raise InputError(f"this is not {NAMES[kind]}", fix="see that it is complete and not masked")
        rows = rows_name("contacts")
        day.need(rows)
        found: pa.Table = day.engine.fetch(
            f"SELECT DISTINCT record_key FROM {rows} WHERE {FITS[kind]} ORDER BY record_key",
            {"value": wanted},
        )
    keys: list[str] = found.column("record_key").to_pylist()
    return keys


def _candidates(view: IdentityView, customers: list[int]) -> list[Candidate]:
    values = view.profile_values(customers)
    return [
        Candidate(
            customer,
            " ".join(map(mask, values[customer].get("full_name", "").split())),
            mask(values[customer].get("city", "")),
            len(view.links(customer)),
        )
        for customer in customers
    ]


def _short(kind: str) -> str:
    return {"email": "e-mail address", "phone": "phone number", "nik": "identity number"}[kind]
