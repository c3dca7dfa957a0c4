"""Which input contracts a file can fill, and with which columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pipelines.suggest.guesses import Guess
from pipelines.suggest.meanings import ALIASES, IDENTIFYING, JOINED, STAND_INS
from warehouse.contracts import InputContract, base_inputs


@dataclass(frozen=True)
class Mapped:
    """A line of a mapping: the field, the columns it reads, and a word on why."""

    field: str
    columns: tuple[str, ...]
    why: str = ""


def contract_maps(guesses: Mapping[str, Guess]) -> dict[str, list[Mapped]]:
    """Which input contracts the file can fill, and with what."""
    inputs = base_inputs()
    unnumbered = _unnumbered_order(guesses)
    tells_orders = "order_id" in guesses or unnumbered is not None
    is_orders = tells_orders and "ordered_at" in guesses and _has_sale(guesses)
    is_contacts = any(name in guesses for name in IDENTIFYING)
    chosen = [name for name, fits in (("contacts", is_contacts), ("order_lines", is_orders)) if fits]
    if not chosen and "product_id" in guesses:
        chosen = ["products"]
    if not chosen and "source_id" in guesses:
        chosen = ["contacts"]
    maps: dict[str, list[Mapped]] = {}
    if is_orders:
        guesses = {**guesses, **_stand_in(guesses)}
    for contract in chosen:
        fields = [_mapped(inputs[contract], name, guesses) for name in inputs[contract].field_names]
        maps[contract] = [m for m in fields if m is not None]
    if is_orders and unnumbered is not None:
        maps["order_lines"].insert(0, unnumbered)
    if is_contacts and is_orders:  # what the customer's contact already says is not the sale's place
        contacts_fields = {m.columns for m in maps["contacts"] if m.field in ("city", "country")}
        maps["order_lines"] = [m for m in maps["order_lines"] if m.columns not in contacts_fields]
    return maps


def is_list_of_people(guesses: Mapping[str, Guess]) -> bool:
    """Whether the file says who people are and nothing of sales."""
    is_about_people = any(name in guesses for name in IDENTIFYING)
    return is_about_people and "order_id" not in guesses and not _has_sale(guesses)


def _has_sale(guesses: Mapping[str, Guess]) -> bool:
    return any(name in guesses for name in ("amount", "quantity", "unit_price"))


def _unnumbered_order(guesses: Mapping[str, Guess]) -> Mapped | None:
    """What tells orders apart that have no number: who bought and when.

    A counter of rows begins anew in the next file, so it is no order number.
    """
    buyer = next((guesses[name] for name in ("source_id", *STAND_INS, "full_name") if name in guesses), None)
    if "order_id" in guesses or "ordered_at" not in guesses or buyer is None:
        return None
    why = "no order number found; all that one buyer has at one time is one order"
    return Mapped("order_id", (guesses["ordered_at"].column, buyer.column), why)


def _stand_in(guesses: Mapping[str, Guess]) -> dict[str, Guess]:
    """What tells customers apart in a file of sales without customer numbers."""
    if "source_id" in guesses:
        return {}
    found = next((guesses[name] for name in STAND_INS if name in guesses), None)
    return {"source_id": replace(found, why="no customer number found; this stands in")} if found else {}


def _mapped(contract: InputContract, name: str, guesses: Mapping[str, Guess]) -> Mapped | None:
    meanings = ALIASES.get((contract.name, name), (name,))
    if contract.name == "order_lines" and name == "city":
        meanings = ("store_city", "city")
    if name in JOINED:
        parts = [guesses[meaning] for meaning in JOINED[name] if meaning in guesses]
        if not parts:
            return None
        return Mapped(
            name, tuple(part.column for part in parts), next((part.why for part in parts if part.why), "")
        )
    guess = next((guesses[meaning] for meaning in meanings if meaning in guesses), None)
    return Mapped(name, (guess.column,), guess.why) if guess else None
