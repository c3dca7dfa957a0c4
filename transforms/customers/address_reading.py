"""What a city cell, the end of an address and a postcode say of the regions of a place, before it is weighed.

A district's name counts as named when the word for district stands before it; otherwise, as it may be a
village's, it only tells apart what other cells leave open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from transforms.customers.region_names import districts_named, provinces_named, regencies_named

_LEVELS = "kec|kecamatan|distrik|kab|kabupaten|kota|kotamadya|prov|provinsi|propinsi"
_PIECES = re.compile(rf"[,;]|(?<=[ .])(?=(?:{_LEVELS})[ .])")
_DISTRICT_WORD = re.compile(r"^(?:kec|kecamatan|distrik)\.? +")
_STREET_WORD = re.compile(r"^(?:jl|jln|jalan|gg|gang|perum|komplek|ruko|desa|ds|kel|kelurahan|dusun|rt|rw)\b")
_POSTCODE = re.compile(r"\b[1-9][0-9]{4}\b")
_NUMBERED = re.compile(r"^.*[0-9][^ ]*")
_LONGEST_NAME = 4


@dataclass(frozen=True)
class Said:
    """The codes one cell may mean at each level; nothing where it is silent."""

    provinces: tuple[str, ...] = ()
    regencies: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    is_named: bool = False
    postcode: str = ""


def read_city(text: str) -> Said:
    """A city cell: a city or regency, sometimes a province (Jakarta) or a district instead."""
    if found := regencies_named(text):
        return Said(regencies=found)
    if found := provinces_named(text):
        return Said(provinces=found)
    bare, labels = _DISTRICT_WORD.subn("", text.lower().strip())
    return Said(districts=districts_named(bare), is_named=labels > 0)


def districts_of_postcode(postcode: str) -> tuple[str, ...]:
    """The districts whose villages use a postcode."""
    from lokal import wilayah

    return (
        tuple(sorted({code[:8] for code in wilayah.villages_with_postal_code(postcode)})) if postcode else ()
    )


def read_address(tail: str) -> Said:
    """The end of an address: kec. X, kab. Y, kota Z, or bare names. Read backwards, from the largest."""
    postcodes = _POSTCODE.findall(tail)
    heard = _Heard()
    for piece in reversed(_PIECES.split(_POSTCODE.sub(" ", tail.lower()))):
        words = piece.strip(" .")
        if label := _DISTRICT_WORD.match(words):
            heard.district_then_larger(words[label.end() :].split())
        elif not _STREET_WORD.match(words):
            rest = heard.larger_at_end(_NUMBERED.sub("", words).split())
            heard.districts = heard.districts or districts_named(" ".join(rest))
    return Said(
        heard.provinces, heard.regencies, heard.districts, heard.is_named, postcodes[-1] if postcodes else ""
    )


@dataclass
class _Heard:
    provinces: tuple[str, ...] = ()
    regencies: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    is_named: bool = False

    def larger_at_end(self, words: list[str]) -> list[str]:
        """Take the regencies and provinces off the end of the words, the longest names first."""
        for count in range(min(len(words), _LONGEST_NAME), 0, -1):
            name = " ".join(words[-count:])
            regencies = regencies_named(name)
            provinces = () if regencies else provinces_named(name)
            if regencies or provinces:
                self.regencies = self.regencies or regencies
                self.provinces = self.provinces or provinces
                return self.larger_at_end(words[:-count])
        return words

    def district_then_larger(self, words: list[str]) -> None:
        """The longest name of a district that the words begin with; after it may stand larger regions."""
        for count in range(min(len(words), _LONGEST_NAME), 0, -1):
            if found := districts_named(" ".join(words[:count])):
                self.districts, self.is_named = found, True
                self.larger_at_end(words[count:])
                return
