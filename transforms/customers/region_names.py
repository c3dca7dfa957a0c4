"""What people call the provinces, regencies and districts of Indonesia, and the official code of each name.

Belongs here: names, abbreviations, regions that were divided or renumbered. Codes are those of the Ministry
of Home Affairs (Kemendagri), from the `lokal` package. Villages have no place here: hundreds share one name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

_LEVEL_WORD = re.compile(
    r"^(?:(?P<city>kota administrasi|kota adm|kotamadya|kodya|kota)\.?"
    r"|(?:kabupaten|kab)\.?(?: +administrasi| +adm\.?)?) +"
)
_ENGLISH_LEVEL = re.compile(r" +(?:(?P<city>city)|regency)$")
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_OTHER_WORDS = re.compile(r"^(?:provinsi|propinsi|prov|special region of|special capital region of)\.? +")

_PROVINCE_ALIASES = {
    "11": "nad, nanggroe aceh darussalam, di aceh",
    "12": "sumut, north sumatra, north sumatera",
    "13": "sumbar, west sumatra, west sumatera",
    "16": "sumsel, south sumatra, south sumatera",
    "19": "babel, bangka belitung",
    "21": "kepri, riau islands",
    "31": "dki, dki jakarta, jakarta, jakarta raya, daerah khusus jakarta, jkt",
    "32": "jabar, west java",
    "33": "jateng, central java",
    "34": "diy, di yogyakarta, di jogjakarta, daerah istimewa jogjakarta",
    "35": "jatim, east java",
    "52": "ntb, west nusa tenggara",
    "53": "ntt, east nusa tenggara",
    "61": "kalbar, west kalimantan",
    "62": "kalteng, central kalimantan",
    "63": "kalsel, south kalimantan",
    "64": "kaltim, east kalimantan",
    "65": "kaltara, north kalimantan",
    "71": "sulut, north sulawesi",
    "72": "sulteng, central sulawesi",
    "73": "sulsel, south sulawesi",
    "74": "sultra, southeast sulawesi, south east sulawesi",
    "76": "sulbar, west sulawesi",
    "82": "malut, north maluku",
    "91": "irian jaya",
    "92": "west papua, irian jaya barat",
}
_REGENCY_ALIASES = {
    "31.71": "jakpus, central jakarta",
    "31.72": "jakut, north jakarta",
    "31.73": "jakbar, west jakarta",
    "31.74": "jaksel, south jakarta",
    "31.75": "jaktim, east jakarta",
    "31.01": "pulau seribu, thousand islands",
    "33.72": "solo",
    "34.71": "jogja, yogya, jogjakarta, yogyakarta",
    "36.74": "tangsel, south tangerang",
    "73.71": "makasar, ujung pandang",
    "32.73": "bdg",
    "35.78": "sby",
}
# Provinces that were parts of another one within living memory: an address may still name the old one.
DIVIDED = {
    "14": ("14", "21"),
    "16": ("16", "19"),
    "32": ("32", "36"),
    "64": ("64", "65"),
    "71": ("71", "75"),
    "73": ("73", "76"),
    "81": ("81", "82"),
    "91": ("91", "93", "94", "95", "92", "96"),
    "92": ("92", "96"),
}
# Regencies and cities that were renumbered when Kalimantan Utara and the new Papuan provinces were made.
RENUMBERED = {
    "64.04": "65.01", "64.05": "65.03", "64.06": "65.02", "64.10": "65.04", "64.73": "65.71",
    "91.01": "93.01", "91.16": "93.02", "91.17": "93.03", "91.18": "93.04",
    "91.04": "94.01", "91.07": "94.02", "91.08": "94.03", "91.09": "94.04",
    "91.25": "94.05", "91.26": "94.06", "91.27": "94.07", "91.28": "94.08",
    "91.02": "95.01", "91.12": "95.02", "91.13": "95.03", "91.14": "95.04",
    "91.21": "95.05", "91.22": "95.06", "91.23": "95.07", "91.24": "95.08",
    "92.01": "96.01", "92.04": "96.02", "92.05": "96.03", "92.09": "96.04", "92.10": "96.05",
    "92.71": "96.71",
}  # fmt: skip


@dataclass(frozen=True)
class Regions:
    """Official codes by plain name. Of a regency and a city with one bare name the city comes first."""

    provinces: Mapping[str, str]
    regencies: Mapping[str, tuple[str, ...]]
    districts: Mapping[str, tuple[str, ...]]
    codes: frozenset[str]


def plain(name: str) -> str:
    """A name without case, signs and blanks: Pangkal Pinang and Pangkalpinang are one."""
    return _NOT_PLAIN.sub("", name.lower())


@cache
def regions() -> Regions:
    """The names of all regions; read once, about half a second."""
    from lokal import wilayah

    provinces, regencies, districts = {}, {}, {}
    for province in wilayah.list_wilayah():
        provinces[province.code] = [province.name, *_split(_PROVINCE_ALIASES.get(province.code, ""))]
        for regency in wilayah.list_wilayah(province.code):
            bare = _LEVEL_WORD.sub("", regency.name.lower())
            regencies[regency.code] = [bare, *_split(_REGENCY_ALIASES.get(regency.code, ""))]
            for district in wilayah.list_wilayah(regency.code):
                districts[district.code] = [district.name]
    return Regions(
        provinces={plain(name): code for code, names in provinces.items() for name in names},
        regencies=_by_name(regencies, order=lambda code: (not is_city(code), code)),
        districts=_by_name(districts, order=lambda code: (False, code)),
        codes=frozenset((*provinces, *regencies, *districts)),
    )


def is_city(code: str) -> bool:
    """Whether a regency's code is that of a city (kota): cities are numbered from 71."""
    return code[3:5] > "70"


def regencies_named(text: str) -> tuple[str, ...]:
    """Codes a city cell may mean: one where it says kota or kab or the name is unique, or the city first."""
    lowered = " ".join(text.lower().split())
    level = _LEVEL_WORD.match(lowered) or _ENGLISH_LEVEL.search(lowered)
    if level is None:
        return regions().regencies.get(plain(lowered), ())
    bare = plain(lowered[: level.start()] + lowered[level.end() :])
    wants_city = level["city"] is not None
    said = tuple(code for code in regions().regencies.get(bare, ()) if is_city(code) == wants_city)
    return said or regions().regencies.get(plain(lowered), ())


def provinces_named(text: str) -> tuple[str, ...]:
    """Codes a province cell may mean: the province itself and those that were made of it later."""
    code = regions().provinces.get(plain(_OTHER_WORDS.sub("", " ".join(text.lower().split()))))
    return () if code is None else DIVIDED.get(code, (code,))


def districts_named(text: str) -> tuple[str, ...]:
    """Codes of the districts of that name, anywhere in the country."""
    return regions().districts.get(plain(text), ())


def _split(aliases: str) -> list[str]:
    return [alias for alias in aliases.split(", ") if alias]


def _by_name(
    names: Mapping[str, Iterable[str]], order: Callable[[str], tuple[bool, str]]
) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for code in sorted(names, key=order):
        for name in names[code]:
            found.setdefault(plain(name), []).append(code)
    return {name: tuple(dict.fromkeys(codes)) for name, codes in found.items()}


@cache
def region_names() -> Mapping[str, str]:
    """The official name of every province, city and regency by its code."""
    from lokal import wilayah

    provinces = list(wilayah.list_wilayah())
    regencies = [regency for province in provinces for regency in wilayah.list_wilayah(province.code)]
    return {region.code: str(region.name) for region in (*provinces, *regencies)}
