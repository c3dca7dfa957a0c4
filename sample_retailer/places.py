"""Where people live and stores stand: 70 cities with real districts, villages and postcodes.

`data/places.csv` is an extract of the regions of the Ministry of Home Affairs (Kemendagri).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property
from importlib import resources

import numpy as np

from sample_retailer.lexicon import ARABIC, BALINESE, BATAK, CHINESE, EASTERN, JAVANESE, MINANG, SUNDANESE

STREETS = (
    "Melati", "Mawar", "Kenanga", "Anggrek", "Merdeka", "Sudirman", "Diponegoro", "Ahmad Yani",
    "Gatot Subroto", "Pahlawan", "Kartini", "Imam Bonjol", "Hasanuddin", "Teuku Umar", "Gajah Mada",
    "Hayam Wuruk", "Pemuda", "Veteran", "Cempaka", "Dahlia", "Flamboyan", "Kamboja", "Cendana", "Mahoni",
    "Beringin", "Rajawali", "Merpati", "Garuda", "Cendrawasih", "Kutilang", "Nusa Indah", "Bougenville",
    "Teratai", "Seroja", "Wijaya Kusuma", "Sisingamangaraja", "Urip Sumoharjo", "Letjen Suprapto",
    "MT Haryono", "S. Parman", "Panglima Polim", "Raden Saleh", "Dr. Sutomo", "Ki Hajar Dewantara",
    "Pattimura", "Slamet Riyadi", "Basuki Rahmat", "Siliwangi", "Otto Iskandardinata", "Dewi Sartika",
    "Cut Nyak Dien", "Antasari", "Sam Ratulangi", "Mangga", "Rambutan", "Durian", "Manggis", "Jambu",
    "Belimbing", "Nangka", "Semangka", "Kelapa", "Bambu", "Pinang", "Kenari", "Jati", "Akasia", "Angsana",
    "Kapuk Raya", "Pasar Baru", "Stasiun", "Masjid", "Sekolah", "Lapangan", "Sawah", "Kebon",
    "Sumber Rejeki", "Makmur", "Sejahtera", "Damai", "Rukun", "Bahagia", "Harapan", "Tentram", "Subur",
    "Cemara",
)  # fmt: skip
_AREA_CODES = {
    "Jakarta": 21, "Bekasi": 21, "Depok": 21, "Tangerang": 21, "Bogor": 251, "Bandung": 22, "Cimahi": 22,
    "Semarang": 24, "Surakarta": 271, "Yogyakarta": 274, "Sleman": 274, "Bantul": 274, "Surabaya": 31,
    "Sidoarjo": 31, "Gresik": 31, "Malang": 341, "Denpasar": 361, "Badung": 361, "Gianyar": 361,
    "Medan": 61, "Padang": 751, "Pekanbaru": 761, "Batam": 778, "Palembang": 711, "Makassar": 411,
    "Manado": 431, "Balikpapan": 542, "Samarinda": 541, "Banjarmasin": 511, "Pontianak": 561, "Serang": 254,
    "Cilegon": 254,
}  # fmt: skip
_DEFAULT_GROUPS = {JAVANESE: 0.3, ARABIC: 0.4, CHINESE: 0.1, BATAK: 0.08, MINANG: 0.07, SUNDANESE: 0.05}
_GROUPS = {
    "Jawa Tengah": {JAVANESE: 0.84, ARABIC: 0.1, CHINESE: 0.06},
    "Daerah Istimewa Yogyakarta": {JAVANESE: 0.86, ARABIC: 0.08, CHINESE: 0.03, BATAK: 0.03},
    "Jawa Timur": {JAVANESE: 0.72, ARABIC: 0.2, CHINESE: 0.08},
    "Jawa Barat": {SUNDANESE: 0.48, JAVANESE: 0.22, ARABIC: 0.2, BATAK: 0.05, CHINESE: 0.05},
    "Banten": {SUNDANESE: 0.3, ARABIC: 0.32, JAVANESE: 0.2, CHINESE: 0.12, BATAK: 0.06},
    "Bali": {BALINESE: 0.8, JAVANESE: 0.12, ARABIC: 0.04, CHINESE: 0.04},
    "Sumatera Utara": {BATAK: 0.58, ARABIC: 0.22, JAVANESE: 0.1, CHINESE: 0.1},
    "Sumatera Barat": {MINANG: 0.85, ARABIC: 0.12, CHINESE: 0.03},
    "Sulawesi Utara": {EASTERN: 0.8, ARABIC: 0.12, CHINESE: 0.08},
    "Nusa Tenggara Timur": {EASTERN: 0.85, ARABIC: 0.08, CHINESE: 0.07},
    "Maluku": {EASTERN: 0.62, ARABIC: 0.35, CHINESE: 0.03},
    "Maluku Utara": {EASTERN: 0.35, ARABIC: 0.63, CHINESE: 0.02},
    "Papua": {EASTERN: 0.7, JAVANESE: 0.18, ARABIC: 0.12},
}


@dataclass(frozen=True)
class Places:
    """One entry per village; `city_of` leads from a village to its city."""

    village: list[str]
    district: list[str]
    district_code: np.ndarray
    postcode: list[str]
    city_of: np.ndarray
    cities: list[str]
    regions: list[str]
    weight: np.ndarray

    @cached_property
    def village_share(self) -> np.ndarray:
        """A city's weight spread over its villages."""
        count = np.bincount(self.city_of, minlength=len(self.cities))
        return self.weight[self.city_of] / count[self.city_of]

    @cached_property
    def store_city(self) -> np.ndarray:
        """Store number to city: the thirty largest cities have a store."""
        return np.sort(np.argsort(-self.weight, kind="stable")[:30])

    @cached_property
    def nearest_store(self) -> np.ndarray:
        """City to store: its own, else one in the same region, else the first."""
        region = np.unique(self.regions, return_inverse=True)[1]
        out = np.zeros(len(self.cities), np.int16)
        for city in range(len(self.cities)):
            own = np.flatnonzero(self.store_city == city)
            near = np.flatnonzero(region[self.store_city] == region[city])
            out[city] = own[0] if len(own) else near[0] if len(near) else city % len(self.store_city)
        return out

    @cached_property
    def area_code(self) -> np.ndarray:
        """Landline area code by city; 0 where the sample has none."""
        return np.array([next((c for n, c in _AREA_CODES.items() if n in city), 0) for city in self.cities])

    def groups(self, city: int) -> np.ndarray:
        """Shares of the name groups in a city."""
        shares = np.zeros(8)
        for group, share in _GROUPS.get(self.regions[city], _DEFAULT_GROUPS).items():
            shares[group] = share
        return shares


def load_places() -> Places:
    """The places shipped with the package."""
    file = resources.files("sample_retailer") / "data" / "places.csv"
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    cities = list(dict.fromkeys((r["city"], r["region"], float(r["city_weight"])) for r in rows))
    number = {city: i for i, (city, _, _) in enumerate(cities)}
    return Places(
        village=[r["village"] for r in rows],
        district=[r["district"] for r in rows],
        district_code=np.array([int(r["district_code"]) for r in rows]),
        postcode=[r["postcode"] for r in rows],
        city_of=np.array([number[r["city"]] for r in rows], np.int16),
        cities=[c for c, _, _ in cities],
        regions=[r for _, r, _ in cities],
        weight=np.array([w for _, _, w in cities]),
    )
