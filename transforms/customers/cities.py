"""Places as people write them → official region codes (Kemendagri), on distinct values that are joined back.

`city_codes` reads a city cell alone; `place_codes` weighs what a city cell, the end of an address, a postcode
and a province cell say of one place; `nik_regions` tells what the region inside a NIK is today.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from transforms.customers.address_reading import Said, districts_of_postcode, read_address, read_city
from transforms.customers.region_names import (
    RENUMBERED,
    is_city,
    provinces_named,
    regencies_named,
    regions,
)

PLACE = ("city", "region", "postcode", "address_tail")
CODES = ("province_code", "regency_code", "district_code")


def city_codes(names: Iterable[str]) -> pa.Table:
    """(city, city_code) for the names that are a city or regency; a bare name means the city (kota) first."""
    pairs = [(name, codes[0]) for name in sorted(set(names)) if (codes := regencies_named(name))]
    return _table(("city", "city_code"), pairs)


def place_codes(places: pa.Table) -> pa.Table:
    """The distinct (city, region, postcode, address_tail) given, with their codes and what told them.

    Give places of Indonesia only: five digits are a postcode elsewhere too. `evidence` names the cells that
    agree with the codes, `disagrees` those that say something else. The city counts before the address, the
    address before the postcode. A district needs its own name or a postcode; the name of a village, which
    hundreds of places share, is never used.
    """
    columns = (places.column(name).to_pylist() for name in PLACE)
    rows = sorted(set(zip(*columns, strict=True)), key=lambda row: tuple(cell or "" for cell in row))
    return _table((*PLACE, *CODES, "evidence", "disagrees"), [(*row, *_resolve(*row)) for row in rows])


def nik_regions(codes: Iterable[str]) -> pa.Table:
    """(nik_region, province_code, regency_code, district_code) of today for the regions inside NIKs.

    A number keeps the code it was given with: a district that was divided since is known by its regency only,
    a regency that moved to a new province by its code there.
    """
    return _table(("nik_region", *CODES), [(code, *_today(code)) for code in sorted(set(codes))])


def _today(code: str) -> tuple[str | None, str | None, str | None]:
    known = regions().codes
    regency = RENUMBERED.get(code[:5], code[:5])
    if regency not in known:
        return (code[:2] if code[:2] in known else None), None, None
    return regency[:2], regency, code if code in known else None


def _resolve(
    city: str | None, region: str | None, postcode: str | None, tail: str | None
) -> tuple[str | None, ...]:
    address = read_address(tail or "")
    districts = districts_of_postcode(postcode or address.postcode)
    said = {
        "city": read_city(city or ""),
        "address": address,
        "postcode": Said(
            regencies=tuple({code[:5] for code in districts}), districts=districts, is_named=True
        ),
        "region": Said(provinces=provinces_named(region or "")),
    }
    place = _Place()
    for narrow in (place.narrow_regencies, place.narrow_provinces, place.narrow_districts):
        for cell, words in said.items():
            narrow(cell, words)
    evidence = "+".join(cell for cell in said if cell in place.agree)
    disagrees = "+".join(cell for cell in said if cell in place.disagree)
    return *place.codes(), evidence or None, disagrees or None


@dataclass
class _Place:
    """What is left possible after each cell has been heard; empty where nothing is known yet."""

    provinces: tuple[str, ...] = ()
    regencies: set[str] = field(default_factory=set)
    districts: set[str] = field(default_factory=set)
    agree: set[str] = field(default_factory=set)
    disagree: set[str] = field(default_factory=set)

    def narrow_regencies(self, cell: str, said: Said) -> None:
        if said.regencies:
            kept = self.regencies & set(said.regencies) if self.regencies else set(said.regencies)
            self._hear(cell, bool(kept))
            self.regencies = kept or self.regencies

    def narrow_provinces(self, cell: str, said: Said) -> None:
        if not said.provinces:
            return
        if self.regencies:
            kept = {code for code in self.regencies if code[:2] in said.provinces}
            self._hear(cell, bool(kept))
            self.regencies = kept or self.regencies
        else:
            both = tuple(code for code in self.provinces if code in said.provinces)
            self._hear(cell, bool(both or not self.provinces))
            self.provinces = both or self.provinces or said.provinces

    def narrow_districts(self, cell: str, said: Said) -> None:
        inside = {code for code in said.districts if self._may_hold(code)}
        both = self.districts & inside if self.districts else inside
        if not both:
            if said.districts and said.is_named:
                self._hear(cell, False)
            return
        if not self.regencies and not (said.is_named and len(both) == 1):
            return
        self._hear(cell, True)
        self.districts, self.regencies = both, {code[:5] for code in both}

    def codes(self) -> tuple[str | None, str | None, str | None]:
        """Province, regency, district, each NULL where more than one is left."""
        regency = self._regency()
        district = next(iter(self.districts)) if len(self.districts) == 1 else None
        provinces = {code[:2] for code in self.regencies} or set(self.provinces[:1])
        return (next(iter(provinces)) if len(provinces) == 1 else None), regency, district

    def _regency(self) -> str | None:
        """Of a city and a regency with one bare name, the city; of several by postcode, none."""
        if len(self.regencies) > 1 and self.agree & {"city", "address"}:
            cities = [code for code in self.regencies if is_city(code)]
            return cities[0] if len(cities) == 1 else None
        return next(iter(self.regencies)) if len(self.regencies) == 1 else None

    def _may_hold(self, district: str) -> bool:
        if self.regencies:
            return district[:5] in self.regencies
        return not self.provinces or district[:2] in self.provinces

    def _hear(self, cell: str, is_agreeing: bool) -> None:
        (self.agree if is_agreeing else self.disagree).add(cell)


def _table(names: tuple[str, ...], rows: Sequence[tuple[str | None, ...]]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in zip(names, columns, strict=True)})
