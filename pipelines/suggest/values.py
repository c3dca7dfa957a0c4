"""What the values of a column look like: days, numbers, signs, e-mail addresses and phone numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

Columns = Mapping[str, Sequence[str | None]]

LOOKS_ALIKE = 0.7  # share of values that must look like an e-mail, a date, a number, ...
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
PHONE = re.compile(r"(\+?62|0)8\d{7,11}|\+\d{8,14}")
NIK = re.compile(r"[1-9]\d{5}(0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])(0[1-9]|1[0-2])\d{6}")
NUMBER = re.compile(r"-?\d+([.,]\d+)*")
DATE = re.compile(r"(\d{1,4})[-/.\s](\d{1,2}|[A-Za-z]{3,9})[-/.\s](\d{2,4})(\D.*)?")
_MONEY_SIGNS = re.compile(r"^\(?\s*(rp\.?|idr|usd|\$|€)?\s*|\s*(idr|,-|\))?\s*$", re.IGNORECASE)
_RECORDS = re.compile(r"\[\s*\{")
_COMPACT_DATE = re.compile(r"(19|20)\d{6}(\D.*)?|(19|20)\d{12}")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan",),
            ("feb", "peb"),
            ("mar",),
            ("apr",),
            ("may", "mei"),
            ("jun",),
            ("jul",),
            ("aug", "agu", "agt", "ags"),
            ("sep",),
            ("oct", "okt"),
            ("nov", "nop"),
            ("dec", "des"),
        ),
        start=1,
    )
    for name in names
}


@dataclass(frozen=True)
class Reading:
    """How a file's values read: its decimal sign, thousands sign and order of dates, where values tell."""

    decimal: str | None = None
    thousands: str | None = None
    dates: str | None = None
    is_date_sure: bool = True


def read_values(columns: Columns, is_typed: bool = False) -> Reading:
    """Decimal and thousands signs, and the order of dates, from the values themselves.

    In typed files (spreadsheets, JSON, Parquet) a number such as 12.125 says nothing of thousands, but
    `Rp 12.000` is text there as well.
    """
    numbers: Counter[str] = Counter()
    orders: Counter[str] = Counter()
    for column in columns.values():
        values = present(column)
        if share(values, DATE) >= LOOKS_ALIKE:
            orders.update(_date_order(value) for value in values)
        elif share([bare(v) for v in values], NUMBER) >= LOOKS_ALIKE and share(values, PHONE) < 0.5:
            numbers.update(_number_form(bare(value), is_typed and bare(value) == value) for value in values)
    decimal, thousands = _signs(+numbers)
    known = [order for order in ("dmy", "mdy", "ymd") if orders[order]]
    written = [order for order in known if order != "ymd"] or known
    if len(written) == 1:
        return Reading(decimal, thousands, written[0] if written != ["ymd"] else None)
    unsure = bool(orders["either"] or len(written) > 1)
    return Reading(decimal, thousands, "dmy" if unsure else None, is_date_sure=not unsure)


def parse_date(value: str, reading: Reading) -> date | None:
    """The day a value speaks of, in the file's order of dates; None where it is none."""
    text = value.strip()
    if _COMPACT_DATE.fullmatch(text):
        return strptime(text[:8], "%Y%m%d")
    match = DATE.fullmatch(text)
    if match is None:
        return None
    first, middle, last = match.group(1), match.group(2), match.group(3)
    month = _MONTHS.get(middle[:3].lower()) if middle.isalpha() else int(middle)
    if len(first) == 4:
        year, day = int(first), int(last)
    else:
        year, day = int(last) + (0 if len(last) == 4 else 2000), int(first)
        if reading.dates == "mdy" and middle.isdigit():
            month, day = day, int(middle)
    try:
        return date(year, month or 0, day)
    except ValueError:
        return None


def parse_number(value: str, reading: Reading) -> str | None:
    """A number in plain form; None where it is none."""
    text = bare(value)
    if not NUMBER.fullmatch(text):
        return None
    if reading.thousands:
        text = text.replace(reading.thousands, "")
    return text.replace(",", ".") if reading.decimal == "," else text.replace(",", "")


def mask(value: str) -> str:
    """The first letter and ***; digits become #."""
    first = value.strip()[:1]
    return f"{'#' if first.isdigit() else first}***" if first else ""


def present(values: Sequence[str | None]) -> list[str]:
    return [value.strip() for value in values if value and value.strip()]


def share(values: Sequence[str], look: re.Pattern[str]) -> float:
    """The share of values that look so; phone signs are ignored."""
    if not values:
        return 0.0
    plain = [re.sub(r"[\s().-]", "", v) for v in values] if look in (PHONE, NIK) else values
    return sum(look.fullmatch(value) is not None for value in plain) / len(values)


def bare(value: str) -> str:
    """A sum without its currency sign."""
    return _MONEY_SIGNS.sub("", value.strip()).replace(" ", "")


def _number_form(number: str, is_typed: bool) -> str:
    """The signs a number shows: decimal then thousands sign; `?` where three digits of text leave it open."""
    signs = re.findall(r"[.,]", number)
    if not signs:
        return ""
    last = signs[-1]
    other = "." if last == "," else ","
    if len(set(signs)) == 2:
        return last + other
    if len(signs) > 1:
        return other + last
    whole, rest = number.lstrip("-").split(last)
    is_open = len(rest) == 3 and len(whole) <= 3 and whole != "0" and not is_typed
    return f"?{last}" if is_open else last


def _signs(numbers: Counter[str]) -> tuple[str | None, str | None]:
    """The decimal and thousands signs that most numbers show."""
    comma, point = (sum(numbers[form] for form in (sign, sign + other)) for sign, other in (",.", ".,"))
    if comma == point == 0:  # only `12.500` or `12,500`: three digits after one sign are thousands
        comma, point = numbers["?."], numbers["?,"]
    if comma == point == 0:
        return None, None
    decimal, other = (",", ".") if comma >= point else (".", ",")
    return decimal, other if numbers[decimal + other] or numbers[f"?{other}"] else None


def _date_order(value: str) -> str:
    match = DATE.fullmatch(value)
    if match is None:
        return ""
    first, middle = match.group(1), match.group(2)
    if len(first) == 4:
        return "ymd"
    if middle.isalpha() or int(first) > 12:
        return "dmy"
    return "mdy" if int(middle) > 12 else "either"


def holds_records(values: Sequence[str | None]) -> bool:
    """Whether a column holds JSON lists of objects."""
    texts = present(values)
    return all(text.startswith("[") for text in texts) and any(_RECORDS.match(text) for text in texts)


def strptime(text: str, pattern: str) -> date | None:
    try:
        return datetime.strptime(text, pattern).date()
    except ValueError:
        return None
