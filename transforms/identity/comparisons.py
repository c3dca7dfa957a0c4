# ruff: noqa: E501  (the levels read best as one line each)
"""What two records are compared by: the comparisons, what each level says, and how patterns are packed.

The levels themselves are computed in `comparing.py`. Here stand their order, their meaning in words, what
is expected of them before any data are seen, and which levels blocking finds completely.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

MISSING = -1
_BITS = 4


@dataclass(frozen=True)
class Level:
    """One level: in words, and how often pairs of one person (m), of one household (h) and of strangers (u) show
    it, before any data are seen."""

    en: str
    id: str
    m: float
    h: float
    u: float
    is_found: bool = False  # blocking finds (nearly) every pair at this level


@dataclass(frozen=True)
class Comparison:
    """One comparison. `is_identifier`: unrelated people hardly ever agree on it."""

    name: str
    en: str
    id: str
    levels: tuple[Level, ...]
    is_identifier: bool = False


COMPARISONS = (
    Comparison(
        "name", "name", "nama",
        (
            Level("different names", "nama berbeda", 0.02, 0.55, 0.93),
            Level("one word of the name in common", "satu kata nama sama", 0.01, 0.06, 0.02),
            Level("same last name, another first name", "nama belakang sama, nama depan lain", 0.02, 0.30, 0.02),
            Level("same first name only", "hanya nama depan sama", 0.04, 0.05, 0.0216),
            Level("first and last name agree", "nama depan dan belakang cocok", 0.04, 0.01, 0.0005),
            Level("a single name that is part of the longer one", "nama tunggal bagian dari nama yang lebih panjang", 0.06, 0.01, 0.004),
            Level("the shorter name is part of the longer one", "nama pendek bagian dari nama panjang", 0.06, 0.005, 0.0009),
            Level("same single name", "nama tunggal sama", 0.10, 0.005, 0.002, True),
            Level("same name in another order or spelling", "nama sama, urutan atau ejaan lain", 0.25, 0.005, 0.0005),
            Level("same name", "nama sama", 0.40, 0.005, 0.0005, True),
        ),
    ),
    Comparison(
        "birth", "birth date", "tanggal lahir",
        (
            Level("birth dates far apart", "tanggal lahir jauh berbeda", 0.01, 0.60, 0.62),
            Level("birth years within ten years", "tahun lahir selisih hingga sepuluh tahun", 0.01, 0.25, 0.3),
            Level("same birth year only", "hanya tahun lahir sama", 0.01, 0.10, 0.03),
            Level("birth dates with two slips", "tanggal lahir dengan dua salah tulis", 0.03, 0.03, 0.045),
            Level("birth dates with one slip or day and month swapped", "tanggal lahir satu salah tulis atau hari dan bulan tertukar", 0.06, 0.01, 0.0049),
            Level("same birth date", "tanggal lahir sama", 0.88, 0.01, 0.0001, True),
        ),
    ),
    Comparison(
        "phone", "phone", "telepon",
        (
            Level("different phones", "telepon berbeda", 0.25, 0.40, 0.9988),
            Level("phones one or two digits apart", "telepon berbeda satu atau dua angka", 0.03, 0.03, 0.001),
            Level("same phone, more than a year apart", "telepon sama, terpaut lebih dari setahun", 0.12, 0.07, 0.0001, True),
            Level("same phone", "telepon sama", 0.60, 0.50, 0.0001, True),
        ),
        is_identifier=True,
    ),
    Comparison(
        "email", "e-mail", "surel",
        (
            Level("different e-mails", "surel berbeda", 0.25, 0.80, 0.99948),
            Level("e-mails with a slip", "surel dengan salah tulis", 0.03, 0.02, 0.0003),
            Level("same name at another provider", "nama surel sama di penyedia lain", 0.05, 0.03, 0.0002, True),
            Level("same e-mail", "surel sama", 0.67, 0.15, 0.00002, True),
        ),
        is_identifier=True,
    ),
    Comparison(
        "identity", "identity number", "nomor identitas",
        (
            Level("different identity numbers", "nomor identitas berbeda", 0.02, 0.60, 0.99708),
            Level("different membership numbers", "nomor anggota berbeda", 0.03, 0.05, 0.002),
            Level("identity numbers with a slip", "nomor identitas dengan salah tulis", 0.04, 0.33, 0.0009),
            Level("same identity or membership number", "nomor identitas atau anggota sama", 0.91, 0.02, 0.00002, True),
        ),
        is_identifier=True,
    ),
    Comparison(
        "place", "place", "tempat",
        (
            Level("different places", "tempat berbeda", 0.15, 0.15, 0.55),
            Level("cities spelt alike", "kota mirip ejaannya", 0.02, 0.02, 0.05),
            Level("postcodes one digit apart", "kode pos berbeda satu angka", 0.03, 0.03, 0.02),
            Level("same city", "kota sama", 0.15, 0.10, 0.3),
            Level("same postcode", "kode pos sama", 0.15, 0.10, 0.05),
            Level("addresses written alike", "alamat mirip", 0.15, 0.15, 0.02),
            Level("same address", "alamat sama", 0.35, 0.45, 0.01, True),
        ),
    ),
    Comparison(
        "sex", "sex", "jenis kelamin",
        (Level("different sex", "jenis kelamin berbeda", 0.03, 0.60, 0.5), Level("same sex", "jenis kelamin sama", 0.97, 0.40, 0.5)),
    ),
    Comparison(
        "occupation", "occupation", "pekerjaan",
        (Level("different occupations", "pekerjaan berbeda", 0.30, 0.70, 0.85), Level("same occupation", "pekerjaan sama", 0.70, 0.30, 0.15)),
    ),
    Comparison(
        "handle", "social media account", "akun media sosial",
        (
            Level("different accounts", "akun berbeda", 0.10, 0.98, 0.9998),
            Level("same account", "akun sama", 0.90, 0.02, 0.0002, True),
        ),
        is_identifier=True,
    ),
    Comparison(
        "household", "household number", "nomor rumah tangga",
        (
            Level("different households", "rumah tangga berbeda", 0.10, 0.05, 0.999),
            Level("same household", "rumah tangga sama", 0.90, 0.95, 0.001, True),
        ),
    ),
)  # fmt: skip
NAMES = tuple(comparison.name for comparison in COMPARISONS)


def comparison(name: str) -> Comparison:
    """The comparison of a name; KeyError when there is none."""
    return {one.name: one for one in COMPARISONS}[name]


def pack(levels: list[np.ndarray]) -> np.ndarray:
    """Levels, one array per comparison, in one number per pair: the inverse of `unpack`."""
    packed = np.zeros(len(levels[0]), dtype=np.int64)
    for number, level in enumerate(levels):
        packed |= (level.astype(np.int64) + 1) << number * _BITS
    return packed


def unpack(patterns: np.ndarray) -> np.ndarray:
    """Levels of packed patterns: one row per pattern, one column per comparison, -1 where a side is silent."""
    shifts = np.arange(len(COMPARISONS), dtype=np.int64) * _BITS
    levels: np.ndarray = ((patterns[:, None].astype(np.int64) >> shifts) & (2**_BITS - 1)) - 1
    return levels


def known_mask(levels: np.ndarray) -> np.ndarray:
    """One bit per comparison that neither side is silent on, for each row of levels."""
    mask: np.ndarray = (levels >= 0) @ (1 << np.arange(len(COMPARISONS), dtype=np.int64))
    return mask


def level_codes() -> pa.Table:
    """`identity_levels` (item, unit, code): a pattern shows the level `item` when pattern // unit % 16 = code."""
    rows = [
        (f"{one.name} {level}", 1 << number * _BITS, level + 1)
        for number, one in enumerate(COMPARISONS)
        for level in range(len(one.levels))
    ]
    kinds = {"item": pa.string(), "unit": pa.int64(), "code": pa.int64()}
    return pa.table(
        {name: pa.array([row[n] for row in rows], kind) for n, (name, kind) in enumerate(kinds.items())}
    )
