"""What records state, as numbers: two records agree on a field where they have the same number.

Whatever takes a closer look at two values (how many letters differ) does so once per two distinct values.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from transforms.identity.key_index import one_piece

FIELDS = {
    "name": "name_key",
    "birth": "birth_text",
    "phone": "phone",
    "email": "email",
    "nik": "nik",
    "national_id": "national_id",
    "member_id": "member_id",
    "address": "address_key",
    "postcode": "postcode",
    "city": "city",
    "sex": "sex",
    "occupation": "occupation",
    "handle": "social_handle",
    "household": "household_key",
}
"""Field and the column of match_features that states it."""
NAME_COLUMNS = (
    "name_key",
    "count_words",
    "word_bits",
    "given",
    "family",
    "given_code",
    "family_code",
    "words_hash",
)
"""The columns of match_features that describe the name."""
SILENT = -1
_NO_DAY = -10_000_000


@dataclass(frozen=True)
class Coded:
    """A text per record: its number, -1 where a record is silent, and the distinct texts by number."""

    codes: np.ndarray
    texts: pa.Array

    @classmethod
    def of(cls, column: pa.ChunkedArray) -> Coded:
        """The texts of a column, numbered in the order they come in."""
        encoded = pc.dictionary_encode(one_piece(column))
        codes = encoded.indices.fill_null(SILENT).to_numpy(zero_copy_only=False)
        return cls(codes, encoded.dictionary)

    @cached_property
    def lengths(self) -> np.ndarray:
        """Letters of each distinct text."""
        return np.asarray(pc.utf8_length(self.texts).to_numpy(zero_copy_only=False), dtype=np.int64)

    @property
    def first_rows(self) -> pa.Array:
        """The row that states each distinct text first."""
        highest = np.maximum.accumulate(np.append(SILENT, self.codes))
        return pa.array(np.flatnonzero(self.codes > highest[:-1]))

    def per_record(self, by_text: np.ndarray) -> np.ndarray:
        """Something known per distinct text as a lookup by number, 0 for silence."""
        return np.append(by_text, np.zeros(1, dtype=by_text.dtype))


class FieldValues:
    """The values of `match_features`, by field; `names` describes the distinct names."""

    def __init__(self, features: pa.Table) -> None:
        numbers = features.column("record_no").to_numpy()
        self._row = np.full(int(numbers.max(initial=-1)) + 1, -1, dtype=np.int32)
        self._row[numbers] = np.arange(len(numbers), dtype=np.int32)
        self.coded = {field: Coded.of(features.column(column)) for field, column in FIELDS.items()}
        self.names = features.select(NAME_COLUMNS).take(self.coded["name"].first_rows)
        self.phones = one_piece(features.column("phones"))
        self.count_phones = pc.list_value_length(self.phones).fill_null(0).to_numpy(zero_copy_only=False)
        self.first_day, self.last_day = (_days(features.column(name)) for name in ("first_on", "last_on"))
        self.is_dated = np.minimum(self.first_day, self.last_day) > _NO_DAY

    def rows(self, records: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The rows of record numbers, and which of them there are."""
        row = np.full(len(records), -1, dtype=np.int32)
        inside = records < len(self._row)
        row[inside] = self._row[records[inside]]
        return row, row >= 0


def distinct_pairs(a: np.ndarray, b: np.ndarray, kinds: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Unordered pairs of numbers below `kinds`: low and high of the distinct ones, and which one each is."""
    packed = np.minimum(a, b).astype(np.int64) * kinds + np.maximum(a, b)
    which, distinct = pd.factorize(packed)
    return distinct // kinds, distinct % kinds, which


def _days(column: pa.ChunkedArray) -> np.ndarray:
    """Days since 1970, very early where there is none."""
    days = column.cast(pa.date32()).cast(pa.int32()).cast(pa.int64()).fill_null(_NO_DAY)
    return np.asarray(days.to_numpy(), dtype=np.int64)
