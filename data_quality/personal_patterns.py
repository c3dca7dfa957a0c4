"""What personal data looks like in text, as DuckDB SQL over a value.

A number counts only as a whole word (letters may stand before it: `tel0812...`), so that hexadecimal keys and
long codes are not taken for phone numbers. Digits may be grouped by blanks, dots, dashes or brackets.
"""

from __future__ import annotations

from typing import Literal

Kind = Literal["email", "phone", "nik", "card"]
KINDS: tuple[Kind, ...] = ("email", "phone", "nik", "card")
NUMBER_KINDS: frozenset[Kind] = frozenset({"phone", "nik", "card"})

_NARROW = "0123456789@.+"
_WIDE = "".join(chr(ord(sign) + 0xFEE0) for sign in _NARROW)  # the full-width forms of the same signs
_START = r"(?:^|[^0-9A-Za-z])[A-Za-z]*"
_END = r"(?:$|[^0-9A-Za-z])"
_SEP = r"[ .()\-]{0,2}"

EMAIL = r"[^\s@,;:<>()\[\]\"]+(?:@|%40)[^\s@.,;<>()]+\.[^\s@,;<>()]{2,}"
MOBILE = rf"{_START}(?:(?:\+|00)?\(?62\)?{_SEP}(?:\(?0\)?)?|\(?0)8[1-9][0-9](?:{_SEP}[0-9]){{5,9}}{_END}"
INTERNATIONAL = rf"\+[1-9](?:{_SEP}[0-9]){{7,14}}{_END}"
LANDLINE = rf"\(0[2-9][0-9]{{1,2}}\) ?[0-9]{{3,4}}[ \-]?[0-9]{{3,5}}{_END}"
NINE_DIGITS = r"[0-9](?:[^0-9A-Za-z]{0,3}[0-9]){8}"
FIFTEEN_DIGITS = r"[0-9](?:[^0-9A-Za-z]*[0-9]){14}"

# Province (Kemendagri), regency, district, day (plus 40 for women), month, year, serial.
NIK = (
    r"(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-6])"
    r"(?:0[1-9]|[1-7][0-9])(?:0[1-9]|[1-9][0-9])"
    r"(?:0[1-9]|[12][0-9]|3[01]|4[1-9]|[56][0-9]|7[01])(?:0[1-9]|1[0-2])[0-9]{2}"
    r"(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
)
# Visa, Mastercard, American Express, JCB, Discover, UnionPay.
CARD = (
    r"4[0-9]{15}(?:[0-9]{3})?|5[1-5][0-9]{14}|2[2-7][0-9]{14}|3[47][0-9]{13}|35[0-9]{14}"
    r"|6[0-9]{15}(?:[0-9]{3})?"
)
_LONGEST_GROUPING = 8


def text_of(column: str) -> str:
    """A column's value as text, full-width digits and signs made plain (only where there are any)."""
    text = f"CAST({column} AS VARCHAR)"
    plain = f"translate({text}, '{_WIDE}', '{_NARROW}')"
    return f"CASE WHEN strlen({text}) = length({text}) THEN {text} ELSE {plain} END"


def worth_a_look(text: str) -> str:
    """The cheap test that nearly every innocent value fails."""
    digits = f"regexp_matches({text}, {_quoted(NINE_DIGITS)})"
    return f"(contains({text}, '@') OR contains({text}, '%40') OR {digits})"


def looks_like(kind: Kind, text: str) -> str:
    """Whether the text holds something of that kind."""
    if kind == "email":
        return f"regexp_matches({text}, {_quoted(EMAIL)})"
    if kind == "phone":
        return f"regexp_matches({text}, {_quoted('|'.join((MOBILE, INTERNATIONAL, LANDLINE)))})"
    if kind == "nik":
        return _any_number(text, f"regexp_full_match(digits, {_quoted(NIK)})")
    return _any_number(text, f"regexp_full_match(digits, {_quoted(CARD)}) AND {luhn('digits')}")


def luhn(digits: str) -> str:
    """Whether the check digit of a card number is right."""
    digit = f"CAST(substr({digits}, place, 1) AS INTEGER)"
    doubled = f"[0, 2, 4, 6, 8, 1, 3, 5, 7, 9][{digit} + 1]"
    places = f"range(1, length({digits}) + 1)"
    summed = f"lambda place: CASE WHEN (length({digits}) - place) % 2 = 1 THEN {doubled} ELSE {digit} END"
    return f"list_sum(list_transform({places}, {summed})) % 10 = 0"


def _any_number(text: str, test: str) -> str:
    """Whether some whole number of 15 digits or more in the text, written in groups or not, passes a test."""
    words = f"regexp_split_to_array({text}, '[^0-9A-Za-z]+')"
    plain = f"list_transform({words}, lambda word: regexp_replace(word, '^[A-Za-z]+', ''))"
    grouped = (
        "flatten(list_transform(range(1, len(words) + 1), lambda first: "
        f"list_transform(range({_LONGEST_GROUPING}), lambda more: "
        "array_to_string(words[first:first + more], ''))))"
    )
    numbers = f"list_transform([{plain}], lambda words: {grouped})[1]"
    long_ones = (
        f"list_filter({numbers}, lambda n: length(n) BETWEEN 15 AND 19 AND regexp_full_match(n, '[0-9]+'))"
    )
    enough = f"regexp_matches({text}, {_quoted(FIFTEEN_DIGITS)})"
    return f"CASE WHEN {enough} THEN len(list_filter({long_ones}, lambda digits: {test})) > 0 ELSE FALSE END"


def _quoted(pattern: str) -> str:
    return "'" + pattern.replace("'", "''") + "'"
