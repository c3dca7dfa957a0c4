"""Pairs of records compared: how far each field agrees, as the small levels of comparisons.py.

-1 says that a side is silent, 0 that the two differ. Fields that are equal are found by number; only values
that differ are looked at as texts, each two of them once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.identity.comparisons import NAMES, pack
from transforms.identity.values import NAME_COLUMNS, FieldValues, distinct_pairs

Ask = Callable[[str, pa.Table], pa.Table]
"""The rows of a SQL model over a table it reads as `value_pairs`."""

_FAR = 9_999
_VALID_DAYS = 365
_LONG_NAME = 6
_LONG_ID = 8


@dataclass(frozen=True)
class Compared:
    """Pairs of records and their levels, packed; whether two names that differ have one given name."""

    record_a: np.ndarray
    record_b: np.ndarray
    pattern: np.ndarray
    is_same_given: np.ndarray

    @classmethod
    def of(cls, parts: Sequence[Compared]) -> Compared:
        """Parts put together, in their order."""
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__annotations__))


def compare(values: FieldValues, record_a: np.ndarray, record_b: np.ndarray, ask: Ask) -> Compared:
    """Compare pairs of records; a pair with a record that states nothing is left out."""
    (row_a, has_a), (row_b, has_b) = values.rows(record_a), values.rows(record_b)
    both = has_a & has_b
    sides = _Sides(values, row_a[both], row_b[both], ask)
    name_level, is_same_given = _name(sides)
    levels = {
        "name": name_level,
        "birth": _birth(sides),
        "phone": _phone(sides),
        "email": _email(sides),
        "identity": _identity(sides),
        "place": _place(sides),
        **{field: _alike(sides, field) for field in ("sex", "occupation", "handle", "household")},
    }
    return Compared(record_a[both], record_b[both], pack([levels[name] for name in NAMES]), is_same_given)


class _Sides:
    """The two sides of many pairs: rows of the values."""

    def __init__(self, values: FieldValues, a: np.ndarray, b: np.ndarray, ask: Ask) -> None:
        self.values, self.a, self.b, self.ask = values, a, b, ask
        self._codes: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    def codes(self, field: str) -> tuple[np.ndarray, np.ndarray]:
        """The numbers of both sides."""
        if field not in self._codes:
            codes = self.values.coded[field].codes
            self._codes[field] = codes[self.a], codes[self.b]
        return self._codes[field]

    def agree(self, field: str) -> tuple[np.ndarray, np.ndarray]:
        """Where both sides are known, and where they are equal."""
        a, b = self.codes(field)
        known = (a >= 0) & (b >= 0)
        return known, known & (a == b)

    def lengths(self, field: str) -> tuple[np.ndarray, np.ndarray]:
        """The letters of both sides, 0 for silence."""
        coded = self.values.coded[field]
        lengths = coded.per_record(coded.lengths)
        a, b = self.codes(field)
        return lengths[a], lengths[b]

    def slips(self, field: str, where: np.ndarray) -> np.ndarray:
        """How many letters differ where it is asked (both sides known), very many elsewhere."""
        texts = self.values.coded[field].texts
        low, high, at, which = self._distinct(field, where)
        found = np.full(len(self.a), _FAR)
        table = {"a": texts.take(pa.array(low)), "b": texts.take(pa.array(high))}
        (slips,) = answers(self.ask, "slips", table, "slips")
        found[at] = slips[which]
        return found

    def names(self, where: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The pairs of names that differ: where they are, their level, whether the given names are equal."""
        names = self.values.names
        low, high, at, which = self._distinct("name", where)
        sides = (("a", names.take(pa.array(low))), ("b", names.take(pa.array(high))))
        table = {f"{side}_{name}": found.column(name) for side, found in sides for name in NAME_COLUMNS}
        level, is_same = answers(self.ask, "name_levels", table, "level", "is_same_given")
        return at, level[which], is_same[which]

    def texts(self, field: str, at: np.ndarray, without: str) -> tuple[pa.Array, pa.Array]:
        """The texts of both sides of some pairs, without what a pattern matches."""
        coded = self.values.coded[field]
        return tuple(
            pc.replace_substring_regex(coded.texts.take(pa.array(codes[at])), without, "")
            for codes in self.codes(field)
        )

    def _distinct(self, field: str, where: np.ndarray) -> tuple[np.ndarray, ...]:
        at = np.flatnonzero(where)
        a, b = (codes[at] for codes in self.codes(field))
        low, high, which = distinct_pairs(a, b, max(len(self.values.coded[field].texts), 1))
        return low, high, at, which


def answers(ask: Ask, model: str, table: dict[str, pa.Array], *columns: str) -> list[np.ndarray]:
    """Columns of what a model says of each row of a table, in the order of its rows."""
    count = len(next(iter(table.values())))
    if count == 0:
        return [np.empty(0, dtype=np.int64) for _ in columns]
    found = ask(model, pa.table({"pair_no": np.arange(count), **table}))
    place = np.argsort(found.column("pair_no").to_numpy())
    return [found.column(name).to_numpy()[place] for name in columns]


def _leveled(known: np.ndarray, *steps: tuple[np.ndarray, int]) -> np.ndarray:
    """The level of the first step that holds, 0 where none does, -1 where nothing is known."""
    return np.select([~known, *(holds for holds, _ in steps)], [-1, *(level for _, level in steps)], 0)


def _alike(sides: _Sides, field: str) -> np.ndarray:
    known, same = sides.agree(field)
    return _leveled(known, (same, 1))


def _name(sides: _Sides) -> tuple[np.ndarray, np.ndarray]:
    known, same = sides.agree("name")
    coded = sides.values.coded["name"]
    words = coded.per_record(sides.values.names.column("count_words").to_numpy())[sides.codes("name")[0]]
    level = _leveled(known, (same & (words > 1), 9), (same, 7))
    is_same_given = same.copy()
    at, differing, given = sides.names(known & ~same)
    level[at], is_same_given[at] = differing, given
    return level, is_same_given


def _birth(sides: _Sides) -> np.ndarray:
    known, same = sides.agree("birth")
    coded = sides.values.coded["birth"]
    a, b = sides.codes("birth")

    def part(start: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
        numbers = pc.cast(pc.utf8_slice_codeunits(coded.texts, start, stop), pa.int32()).to_numpy(False)
        lookup = coded.per_record(numbers)
        return lookup[a], lookup[b]

    (year_a, year_b), (month_a, month_b), (day_a, day_b) = part(0, 4), part(5, 7), part(8, 10)
    year, month, day = year_a == year_b, month_a == month_b, day_a == day_b
    slips = sides.slips("birth", known & ~same)
    return _leveled(
        known,
        (same, 5),
        (year & (month_a == day_b) & (day_a == month_b) | (slips <= 1), 4),
        (year & (month | day) | month & day | (slips <= 2), 3),
        (year, 2),
        (abs(year_a - year_b) <= 10, 1),
    )


def _phone(sides: _Sides) -> np.ndarray:
    known, same = sides.agree("phone")
    values, a, b = sides.values, sides.a, sides.b
    more = np.flatnonzero(known & ~same & (values.count_phones[a] + values.count_phones[b] > 2))
    lists = {"a": values.phones.take(pa.array(a[more])), "b": values.phones.take(pa.array(b[more]))}
    (same[more],) = answers(sides.ask, "shared_phones", lists, "is_shared")
    first, last = values.first_day, values.last_day
    dated = values.is_dated[a] & values.is_dated[b]
    near = dated & (first[b] - last[a] <= _VALID_DAYS) & (first[a] - last[b] <= _VALID_DAYS)
    length_a, length_b = sides.lengths("phone")
    slips = sides.slips("phone", known & ~same & (length_a == length_b))
    return _leveled(known, (same & near, 3), (same, 2), (slips <= 2, 1))


def _email(sides: _Sides) -> np.ndarray:
    known, same = sides.agree("email")
    differ = np.flatnonzero(known & ~same)
    name_a, name_b = sides.texts("email", differ, "@.*")
    length_a, length_b = sides.lengths("email")
    slips = sides.slips("email", known & ~same & (abs(length_a - length_b) <= 2))
    alike = np.flatnonzero(slips <= 2)
    digits_a, digits_b = sides.texts("email", alike, "[^0-9]+")
    is_name, is_slip = np.zeros_like(same), np.zeros_like(same)
    long_enough = pc.greater_equal(pc.utf8_length(name_a), _LONG_NAME)
    is_name[differ] = pc.and_(pc.equal(name_a, name_b), long_enough).to_numpy(zero_copy_only=False)
    is_slip[alike] = pc.equal(digits_a, digits_b).to_numpy(zero_copy_only=False)
    return _leveled(known, (same, 3), (is_name, 2), (is_slip, 1))


def _identity(sides: _Sides) -> np.ndarray:
    (nik, same_nik), (other, same_other) = sides.agree("nik"), sides.agree("national_id")
    member, same_member = sides.agree("member_id")
    slips = sides.slips("nik", nik & ~same_nik)
    of_other = sides.slips("national_id", other & ~same_other)
    allowed = np.where(sides.lengths("national_id")[0] > _LONG_ID, 2, 1)
    return _leveled(
        nik | other | member,
        (same_nik | same_other | same_member, 3),
        (nik & (slips <= 2), 2),
        (nik, 0),
        (other & (of_other <= allowed), 2),
        (other, 0),
        (member, 1),
    )


def _place(sides: _Sides) -> np.ndarray:
    (address, same_address), (postcode, same_postcode) = sides.agree("address"), sides.agree("postcode")
    city, same_city = sides.agree("city")
    elsewhere = postcode & city & ~same_postcode & ~same_city
    return _leveled(
        address | postcode | city,
        (same_address, 6),
        (_addresses_alike(sides, address & ~same_address & ~elsewhere), 5),
        (same_postcode, 4),
        (same_city, 3),
        (_postcodes_alike(sides, postcode & ~same_postcode & ~same_city), 2),
        (_cities_alike(sides, city & ~same_city & ~same_postcode), 1),
    )


def _addresses_alike(sides: _Sides, where: np.ndarray) -> np.ndarray:
    """A quarter of the letters may differ."""
    a, b = sides.lengths("address")
    longer = np.maximum(a, b)
    alike: np.ndarray = sides.slips("address", where & (abs(a - b) * 4 <= longer)) * 4 <= longer
    return alike & where


def _postcodes_alike(sides: _Sides, where: np.ndarray) -> np.ndarray:
    a, b = sides.lengths("postcode")
    alike: np.ndarray = sides.slips("postcode", where & (a == b)) <= 1
    return alike


def _cities_alike(sides: _Sides, where: np.ndarray) -> np.ndarray:
    """A city that begins with a digit is an official code: two codes are alike or not."""
    coded = sides.values.coded["city"]
    spelt = coded.per_record(pc.greater_equal(coded.texts, "a").to_numpy(zero_copy_only=False))
    code_a, code_b = sides.codes("city")
    a, b = sides.lengths("city")
    may = where & spelt[code_a] & spelt[code_b] & (np.minimum(a, b) >= 4) & (abs(a - b) <= 2)
    alike: np.ndarray = sides.slips("city", may) <= 2
    return alike
