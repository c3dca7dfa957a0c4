"""Which column has which meaning, by its header first, then by what its values look like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.suggest.headers import header_score
from pipelines.suggest.meanings import DATED, MEANINGS, NUMERIC, OF_A_LINE
from pipelines.suggest.values import (
    DATE,
    EMAIL,
    LOOKS_ALIKE,
    NIK,
    NUMBER,
    PHONE,
    Columns,
    Reading,
    bare,
    parse_date,
    parse_number,
    present,
    share,
)

HEADER_SHARE = 0.6  # share of a header's letters that a known word must cover


@dataclass(frozen=True)
class Guess:
    """The column for a meaning, and why."""

    column: str
    why: str = ""


def guess_columns(columns: Columns, reading: Reading, lines: str | None = None) -> dict[str, Guess]:
    """The column for every meaning found, by header first, then by what values look like.

    `lines` is the list whose entries became rows: what a line says is looked for inside it and nowhere else,
    because a figure of the whole record stands on each of its rows.
    """
    scored: list[tuple[float, int, str, str]] = []
    for position, (column, values) in enumerate(columns.items()):
        for meaning in MEANINGS:
            if lines is not None and (meaning in OF_A_LINE) != column.startswith(f"{lines}."):
                continue
            score = header_score(column, meaning, lines)
            if score >= HEADER_SHARE and _values_fit(meaning, present(values), reading):
                scored.append((-score, position, meaning, column))
    found: dict[str, Guess] = {}
    taken: set[str] = set()
    for _, _, meaning, column in sorted(scored):
        if meaning not in found and column not in taken:
            found[meaning] = Guess(column)
            taken.add(column)
    for meaning, look in (("email", EMAIL), ("nik", NIK), ("phone", PHONE)):
        for column, values in columns.items():
            if meaning not in found and column not in taken and share(present(values), look) >= LOOKS_ALIKE:
                found[meaning] = Guess(column, why="guessed from its values")
                taken.add(column)
    if lines is not None and "ordered_at" not in found and "seen_at" in found:
        found["ordered_at"] = Guess(found["seen_at"].column, why="each record is taken for an order")
    return _sums_of_money(found, columns, reading, may_repeat=lines is None)


def _values_fit(meaning: str, values: list[str], reading: Reading) -> bool:
    """Whether values can have a meaning; a column without values is taken at its word."""
    if not values:
        return True
    if meaning in NUMERIC:
        return share([bare(v) for v in values], NUMBER) >= LOOKS_ALIKE
    if meaning in DATED:
        return sum(parse_date(v, reading) is not None for v in values) >= LOOKS_ALIKE * len(values)
    if meaning == "email":
        return share(values, EMAIL) >= 0.3
    if meaning in ("phone", "phone_2", "whatsapp", "landline"):
        return sum(len(re.sub(r"\D", "", v)) >= 6 for v in values) >= 0.5 * len(values)
    if meaning == "nik":
        return sum(len(re.sub(r"\D", "", v)) == 16 for v in values) >= 0.3 * len(values)
    if meaning in ("full_name", "given_name", "family_name", "product_name", "address"):
        return sum(any(c.isalpha() for c in v) for v in values) >= 0.5 * len(values)
    if meaning == "sex":
        return len({v.strip().lower() for v in values}) <= 8
    return True


def _sums_of_money(
    found: dict[str, Guess], columns: Columns, reading: Reading, may_repeat: bool
) -> dict[str, Guess]:
    """`Jumlah` is a quantity or a sum; a total repeated on each line of an order is not a line's amount."""
    quantity = found.get("quantity")
    if quantity and "amount" not in found and "unit_price" not in found:
        sizes = sorted(
            float(n) for n in (parse_number(v, reading) for v in values_of(columns, quantity)) if n
        )
        if sizes and sizes[len(sizes) // 2] >= 500:
            found = {**found, "amount": quantity}
            del found["quantity"]
    is_computable = {"amount", "quantity", "unit_price"} <= found.keys()
    if may_repeat and is_computable and is_order_total(found, columns):
        found = {meaning: guess for meaning, guess in found.items() if meaning != "amount"}
    return found


def is_order_total(found: Mapping[str, Guess], columns: Columns) -> bool:
    """Whether the amount is the whole order's, standing on each of its lines."""
    if "order_id" not in found or "amount" not in found:
        return False
    lines: dict[str, list[str]] = {}
    for order, amount in zip(columns[found["order_id"].column], columns[found["amount"].column], strict=True):
        if order and amount:
            lines.setdefault(order, []).append(amount)
    several = [amounts for amounts in lines.values() if len(amounts) > 1]
    return bool(several) and all(len(set(amounts)) == 1 for amounts in several)


def values_of(columns: Columns, guess: Guess | None) -> list[str]:
    """The values of a guessed column, without empty ones."""
    return present(columns[guess.column]) if guess else []


def header_is_data(headers: list[str]) -> bool:
    """Whether a header row is a row of values: an e-mail, a phone number, a day or a sum among them."""
    looks = (EMAIL, PHONE, DATE, re.compile(r"-?\d+([.,]\d+)+"), re.compile(r"\d{5,}"))
    return any(look.fullmatch(header.strip()) for header in headers for look in looks)
