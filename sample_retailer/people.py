"""The people behind the records: who they are, where they live, how they are reached.

Everything here is numbers; `sheets.py` turns it into what somebody once wrote on a form.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sample_retailer.lexicon import BALINESE, BATAK, CHINESE, EASTERN, JAVANESE, MINANG, SUNDANESE, Lexicon
from sample_retailer.places import STREETS, Places
from sample_retailer.randoms import Streams, pick, spread
from sample_retailer.settings import WINDOW_DAYS, Settings

NEVER = -10_000
_MOBILE = np.array([
    812, 813, 821, 822, 852, 853, 811, 857, 856, 858, 815, 878, 877, 819, 859, 896, 895, 897, 838, 831, 881,
    882,
])  # fmt: skip
_PEOPLE_BORN_FROM = -10_950  # 1940-01-08, in days since 1970
_EIGHT_DIGITS = 89_999_983  # prime; numbers begin at 10 000 000


@dataclass(frozen=True)
class People:
    """One entry per person of a chunk. `first_*` is how things were before the day of a change."""

    id: np.ndarray
    household: np.ndarray
    shares_household: np.ndarray
    group: np.ndarray
    sex: np.ndarray  # 0 male, 1 female
    born: np.ndarray  # days since 1970
    words: np.ndarray  # three word numbers
    honours: np.ndarray  # 0 none, else a title before the name
    degree: np.ndarray  # 0 none, else a degree after the name
    village: np.ndarray
    street: np.ndarray
    house: np.ndarray
    first_village: np.ndarray
    first_street: np.ndarray
    moved_on: np.ndarray
    phone: np.ndarray
    first_phone: np.ndarray
    phone_since: np.ndarray
    shares_phone: np.ndarray
    landline: np.ndarray
    has_email: np.ndarray
    email_style: np.ndarray
    nik_district: np.ndarray
    nik_serial: np.ndarray
    fond_of_old_spelling: np.ndarray

    def __len__(self) -> int:
        return len(self.id)


def make_people(
    settings: Settings, draw: Streams, lexicon: Lexicon, places: Places, first_id: int, count: int, chunk: int
) -> People:
    """`count` people; households and passed-on phone numbers stay within the chunk."""
    rng = draw("people")
    ids = np.arange(first_id, first_id + count, dtype=np.int64)
    household, size = _households(rng, count, settings.shared_households)
    head = household == np.arange(count)
    village = pick(rng, places.village_share, count)[household]
    street = rng.integers(0, len(STREETS), count)[household]
    house = rng.integers(1, 180, count)[household]
    group = _groups(rng, places, places.city_of[village])[household]
    sex = rng.integers(0, 2, count)
    born = _birthdays(rng, head)
    words = _names(rng, lexicon, group, sex, household, head)
    phones = _phones(settings, draw("phones"), ids, household, size, head)
    moved = head & (rng.random(count) < settings.moved)
    moved_on = np.where(moved, rng.integers(60, WINDOW_DAYS, count), NEVER)[household]
    registered = np.where(rng.random(count) < 0.8, village, pick(rng, places.village_share, count))
    district = places.district_code[registered]
    age = (20_700 - born) / 365.25
    return People(
        id=ids,
        household=ids[household],
        shares_household=size > 1,
        group=group,
        sex=sex,
        born=born,
        words=words,
        honours=_honours(rng, age, count),
        degree=np.where((age > 22) & (rng.random(count) < 0.09), rng.integers(1, 12, count), 0),
        village=village,
        street=street,
        house=house,
        first_village=np.where(moved_on > 0, pick(rng, places.village_share, count)[household], village),
        first_street=np.where(moved_on > 0, rng.integers(0, len(STREETS), count)[household], street),
        moved_on=moved_on,
        landline=_landlines(rng, settings, places, ids, village, household),
        has_email=rng.random(count) < settings.has_email,
        email_style=rng.integers(0, 24, count),
        nik_district=district,
        nik_serial=_serials(district, born, sex, chunk, settings),
        fond_of_old_spelling=rng.random(count) < np.where(age > 60, 0.25, 0.02),
        **phones,
    )


def _households(rng: np.random.Generator, count: int, share: float) -> tuple[np.ndarray, np.ndarray]:
    """(index of the head, size) per person: the last `share` of people live two to five together."""
    singles = round(count * (1 - share))
    sizes = 2 + pick(rng, [0.4, 0.25, 0.25, 0.1], count)
    start = singles + np.concatenate(([0], np.cumsum(sizes)))
    start = start[start < count - 1]  # a last person on their own joins the previous household
    heads = np.concatenate((np.arange(singles), start))
    length = np.diff(np.append(heads, count))
    return np.repeat(heads, length), np.repeat(length, length)


def _groups(rng: np.random.Generator, places: Places, city: np.ndarray) -> np.ndarray:
    cumulative = np.cumsum([places.groups(c) for c in range(len(places.cities))], axis=1)
    return (rng.random(len(city))[:, None] > cumulative[city] / cumulative[city][:, -1:]).sum(1).clip(0, 7)


def _birthdays(rng: np.random.Generator, head: np.ndarray) -> np.ndarray:
    """Customers are adults born 1940 to 2008; household members may be a little younger than the head."""
    adult = _PEOPLE_BORN_FROM + (rng.beta(4.2, 2.2, len(head)) * 24_800).astype(np.int64)
    return np.where(head, adult.clip(None, 12_400), adult)


def _names(
    rng: np.random.Generator,
    lexicon: Lexicon,
    group: np.ndarray,
    sex: np.ndarray,
    household: np.ndarray,
    head: np.ndarray,
) -> np.ndarray:
    count = len(group)
    given = lexicon.draw(rng, group, sex, "given")
    second = lexicon.draw(rng, group, sex, "second")
    third = lexicon.draw(rng, group, sex, "second")
    clan = lexicon.draw(rng, group, sex, "clan")[household]
    second = np.where(second == given, third, second)
    length = 1 + pick(rng, [0.13, 0.52, 0.35], count)
    first, middle, last = (
        given,
        np.where(length > 1, second, 0),
        np.where((length > 2) & (third != second), third, 0),
    )
    with_clan = np.isin(group, (BATAK, CHINESE, EASTERN))
    middle = np.where(with_clan & (length < 3), clan, middle)
    last = np.where(with_clan & (length == 3), clan, np.where(with_clan, 0, last))
    balinese = group == BALINESE
    order = np.where(
        sex == 0,
        lexicon.birth_order[0][rng.integers(0, 6, count)],
        lexicon.birth_order[1][rng.integers(0, 6, count)],
    )
    first, middle, last = (
        np.where(balinese, order, first),
        np.where(balinese, given, middle),
        np.where(balinese, np.where(length > 1, second, 0), last),
    )
    muslim = ~np.isin(group, (BATAK, BALINESE, CHINESE, EASTERN))
    chance = rng.random(count)
    leading = np.where(group == JAVANESE, 0.10, np.where(np.isin(group, (SUNDANESE, MINANG)), 0.16, 0.26))
    led = muslim & (chance < leading)
    lead = np.where(sex == 0, lexicon.muhammad[0], lexicon.siti[0])
    first, middle, last = (
        np.where(led, lead, first),
        np.where(led, given, middle),
        np.where(led, middle, last),
    )
    # a wife may add the name of the head of the household
    wife = ~head & (sex == 1) & (sex[household] == 0) & muslim & (rng.random(count) < 0.12)
    last = np.where(wife, given[household], last)
    return np.stack((first, middle, last), axis=1).astype(np.int32)


def _honours(rng: np.random.Generator, age: np.ndarray, count: int) -> np.ndarray:
    """1-2 H./Hj. (pilgrims, mostly older), 3 dr., 4 Ir., 5 Drs./Dra., 6 Prof."""
    kind = 1 + pick(rng, [0.7, 0.0, 0.1, 0.12, 0.06, 0.02], count)
    return np.where((age > 35) & (rng.random(count) < 0.07), kind, 0)


def _phones(
    settings: Settings,
    rng: np.random.Generator,
    ids: np.ndarray,
    household: np.ndarray,
    size: np.ndarray,
    head: np.ndarray,
) -> dict[str, np.ndarray]:
    """Own numbers, changed numbers, numbers passed on to a stranger, and numbers shared by a family."""
    count = len(ids)
    first, now = _numbers(rng, ids * 2), _numbers(rng, ids * 2 + 1)
    changed = rng.random(count) < settings.changed_phone
    since = np.where(changed, rng.integers(20, WINDOW_DAYS - 20, count), NEVER)
    order = np.flatnonzero(changed)
    order = order[np.argsort(since[order], kind="stable")]
    half = len(order) // 2
    giver, taker = order[:half], order[half : 2 * half]
    # a lapsed number may be sold again 60 days after it died
    passed = (since[taker] - since[giver] > 60) & (rng.random(half) < 2 * settings.recycled_phone)
    now[taker[passed]] = first[giver[passed]]
    shares = ~head & (size > 1) & (rng.random(count) < settings.shared_phone)
    return {
        "phone": np.where(shares, now[household], now),
        "first_phone": np.where(shares, first[household], first),
        "phone_since": np.where(shares, since[household], since),
        "shares_phone": shares,
    }


def _numbers(rng: np.random.Generator, numbers: np.ndarray) -> np.ndarray:
    """Mobile numbers without the leading zero: prefix and eight, sometimes seven, digits; never twice."""
    prefix = _MOBILE[rng.integers(0, len(_MOBILE), len(numbers))]
    long = prefix * 10**8 + 10_000_000 + spread(numbers, 5, _EIGHT_DIGITS)
    short = prefix * 10**7 + spread(numbers, 11)
    return np.where(rng.random(len(numbers)) < 0.85, long, short)


def _landlines(
    rng: np.random.Generator,
    settings: Settings,
    places: Places,
    ids: np.ndarray,
    village: np.ndarray,
    household: np.ndarray,
) -> np.ndarray:
    """Area code and seven digits as one number; one line per household, 0 where there is none."""
    area = places.area_code[places.city_of[village]]
    number = area * 10**7 + 2_000_000 + spread(ids, 23, 7_999_993)
    return np.where((area > 0) & (rng.random(len(ids)) < settings.has_landline), number, 0)[household]


def _serials(
    district: np.ndarray, born: np.ndarray, sex: np.ndarray, chunk: int, settings: Settings
) -> np.ndarray:
    """NIK serials count up within district, birthday and sex, and never meet those of another chunk."""
    chunks = -(-settings.customers // settings.chunk_people)
    cell = (district.astype(np.int64) * 100_000 + born + 50_000) * 2 + sex
    order = np.argsort(cell, kind="stable")
    ordered = cell[order]
    new = np.concatenate(([True], ordered[1:] != ordered[:-1]))
    position = np.arange(len(cell))
    rank = position - np.maximum.accumulate(np.where(new, position, 0))
    serial = np.empty(len(cell), np.int64)
    serial[order] = 1 + rank * chunks + chunk
    return serial
