"""City names as people write them → official codes (Kemendagri), on distinct names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import pyarrow as pa

_PREFIX = re.compile(r"^(kota administrasi|kota adm|kotamadya|kota|kabupaten|kab)\.?\s+")
_BLANKS = re.compile(r"[^a-z0-9]+")


def city_codes(names: Iterable[str]) -> pa.Table:
    """(city, city_code) for the names that are a city or regency; a bare name means the city (kota) first."""
    known = _official()
    pairs = [(name, code) for name in sorted(set(names)) if (code := known.get(_key(name))) is not None]
    return pa.table(
        {
            "city": pa.array([name for name, _ in pairs], pa.string()),
            "city_code": pa.array([code for _, code in pairs], pa.string()),
        }
    )


@cache
def _official() -> dict[str, str]:
    from lokal import wilayah

    regencies = [
        region for province in wilayah.list_wilayah() for region in wilayah.list_wilayah(province.code)
    ]
    codes: dict[str, str] = {}
    for region in sorted(regencies, key=lambda r: (r.type != "kota", r.code)):
        full = _key(region.name)
        codes.setdefault(full, region.code)
        codes.setdefault(full.replace("kota administrasi ", "kota "), region.code)
        codes.setdefault(full.replace("kabupaten ", "kab "), region.code)
        codes.setdefault(_PREFIX.sub("", full), region.code)
    return codes


def _key(name: str) -> str:
    return _BLANKS.sub(" ", name.lower()).strip()
