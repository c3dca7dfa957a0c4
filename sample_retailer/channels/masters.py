"""Master files that do not depend on people: products with costs, campaigns and events, population."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sample_retailer.catalogue import CATEGORIES, Catalogue
from sample_retailer.places import Places
from sample_retailer.settings import FIRST_DAY, LAST_DAY, WINDOW_DAYS

_EVENT_NAMES = (
    ("Pameran Ibu & Bayi", "Kota Jakarta Pusat"),
    ("Festival Kopi Nusantara", "Kota Bandung"),
    ("Jakarta Fair", "Kota Jakarta Utara"),
    ("Surabaya Expo", "Kota Surabaya"),
    ("Pekan Ritel Medan", "Kota Medan"),
    ("Beauty Days", "Kota Semarang"),
    ("Bali Coffee Week", "Kota Denpasar"),
    ("Makassar Trade Fair", "Kota Makassar"),
)


@dataclass(frozen=True)
class Event:
    """An exhibition where the company has a booth."""

    code: str
    name: str
    city: str
    first_day: int


@dataclass(frozen=True)
class Mailing:
    """One e-mail campaign; `tested` ones hold back a tenth of the audience."""

    code: str
    name: str
    day: int
    category: int
    tested: bool


def _events() -> tuple[Event, ...]:
    step = (WINDOW_DAYS - 30) // len(_EVENT_NAMES)
    out = [Event(f"E-{n + 1:02d}", name, city, 25 + n * step) for n, (name, city) in enumerate(_EVENT_NAMES)]
    # the last exhibition falls into the daily deliveries
    return (*out, Event("E-09", "Toko Satu Expo", "Kota Bekasi", WINDOW_DAYS - 9))


def _mailings() -> tuple[Mailing, ...]:
    out = []
    for month in range(24):
        year, number = (
            FIRST_DAY.year + (FIRST_DAY.month - 1 + month) // 12,
            (FIRST_DAY.month - 1 + month) % 12 + 1,
        )
        # the last one goes out within the daily deliveries
        day = (date(year, number, 21 if month == 23 else 12) - FIRST_DAY).days
        category = (month * 3) % len(CATEGORIES)
        out.append(
            Mailing(
                f"C-{year}-{number:02d}",
                f"Promo {CATEGORIES[category]} {number}/{year}",
                day,
                category,
                month % 4 == 3,
            )
        )
    return tuple(out)


EVENTS = _events()
MAILINGS = _mailings()
_CITIES_WITHOUT_CUSTOMERS = ("Kota Blitar", "Kota Salatiga", "Kota Parepare", "Kota Bitung", "Kota Dumai")
_SHARES_BY_AGE = {
    "under 18": 0.29, "18-24": 0.12, "25-34": 0.16, "35-44": 0.15, "45-54": 0.13, "55-64": 0.09, "65+": 0.06,
}  # fmt: skip
_SHARES_BY_EDUCATION = {"SMP": 0.34, "SMA": 0.3, "SMK": 0.14, "D3": 0.06, "S1": 0.13, "S2": 0.03}
_PRICE_LISTS = (FIRST_DAY, date(2025, 10, 1), date(2026, 9, 21))


def write_products(folder: Path, catalogue: Catalogue) -> list[Path]:
    """A price list at the start, after a year, and one in the daily deliveries: costs and prices rise."""
    header = "kode;nama;kategori;subkategori;merek;jenis;warna;ukuran;hpp;harga;isi;pakai_per_hari"
    files = []
    for day in _PRICE_LISTS:
        factor = 1 + 0.04 * (day - FIRST_DAY).days / 365.25
        rows = [
            (
                catalogue.id[i],
                catalogue.name[i],
                CATEGORIES[catalogue.category[i]],
                catalogue.subcategory[i],
                catalogue.brand[i],
                catalogue.type[i],
                catalogue.colour[i],
                catalogue.size[i],
                round(int(catalogue.cost[i]) * factor / 10) * 10,
                round(int(catalogue.price[i]) * factor / 100) * 100,
                _decimal(float(catalogue.pack_size[i])),
                _decimal(float(catalogue.usage_per_day[i])),
            )
            for i in range(len(catalogue.id))
        ]
        files.append(_write(folder / f"{day.isoformat()}.csv", header, rows))
    return files


def write_campaigns(folder: Path) -> list[Path]:
    """One file per quarter with what starts in it, announced on the quarter's first day."""
    header = "kode;nama;media;mulai;selesai;biaya;acara;kota;kategori"
    rows = [
        (FIRST_DAY.toordinal() + m.day, m.code, m.name, "email", 7, 1_500_000, "", "", CATEGORIES[m.category])
        for m in MAILINGS
    ]
    rows += [
        (
            FIRST_DAY.toordinal() + e.first_day,
            e.code,
            f"Booth {e.name}",
            "pameran",
            2,
            35_000_000,
            e.name,
            e.city,
            "",
        )
        for e in EVENTS
    ]
    quarters: dict[date, list[tuple]] = {}
    for start, code, name, media, length, cost, event, city, category in sorted(rows):
        first, last = date.fromordinal(start), min(date.fromordinal(start + length), LAST_DAY)
        quarter = date(first.year, (first.month - 1) // 3 * 3 + 1, 1)
        quarters.setdefault(quarter, []).append(
            (
                code,
                name,
                media,
                f"{first:%d/%m/%Y}",
                f"{last:%d/%m/%Y}",
                f"{cost:,}".replace(",", "."),
                event,
                city,
                category,
            )
        )
    return [_write(folder / f"{day.isoformat()}.csv", header, lines) for day, lines in quarters.items()]


def write_population(folder: Path, places: Places) -> list[Path]:
    """Statistics of the cities people live in and of a few where nobody is a customer: by age and sex, and by
    education. People per customer differ from city to city, so that some are under-penetrated."""
    weights = [float(weight) for weight in places.weight]
    cities = [
        (c, w * (9_000 + 1_500 * (n * 5 % 7)))
        for n, (c, w) in enumerate(zip(places.cities, weights, strict=True))
    ]
    cities += [(city, 60_000.0 * n) for n, city in enumerate(_CITIES_WITHOUT_CUSTOMERS, start=1)]
    rows: list[tuple] = []
    for city, people in cities:
        rows += [
            (city, band, sex, "", "", 2025, round(people * share / 2))
            for band, share in _SHARES_BY_AGE.items()
            for sex in ("perempuan", "laki-laki")
        ]
        rows += [
            (city, "", "", e, "", 2025, round(people * share)) for e, share in _SHARES_BY_EDUCATION.items()
        ]
    header = "kota;usia;jenis_kelamin;pendidikan;pekerjaan;tahun;jumlah"
    return [_write(folder / f"{FIRST_DAY.isoformat()}.csv", header, rows)]


def _decimal(number: float) -> str:
    return f"{number:g}".replace(".", ",")


def _write(path: Path, header: str, rows: list[tuple]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        writer.writerow(header.split(";"))
        writer.writerows(rows)
    return path
