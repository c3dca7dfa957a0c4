"""The loyalty programme: sign-ups, points, and the app."""

from __future__ import annotations

import numpy as np

from sample_retailer.chunk import Chunk, Delivery
from sample_retailer.feeds import Feed, Form, Keys
from sample_retailer.people import People
from sample_retailer.purchases import POS
from sample_retailer.randoms import pick, scramble
from sample_retailer.settings import WINDOW_DAYS
from sample_retailer.text import moments, words

PETS = ("", "kucing", "anjing", "ikan", "burung")
RUPIAH_PER_POINT = 10_000
_ASKED = (
    "name", "nik", "sex", "birth_date", "phone", "email", "address", "city", "region", "postcode",
    "education", "occupation",
)  # fmt: skip
SIGN_UP = Form(
    "loyalty",
    "csv",
    {
        "No Member": "member",
        "Tgl": "dmy(moment)",
        "Nama": "name",
        "NIK": "nik",
        "JK": "sex",
        "Tgl Lahir": "CASE WHEN gives_birthday THEN birth_date END",
        "No HP": "phone",
        "Email": "CASE WHEN gives_email THEN email END",
        "Alamat": "address",
        "Kota": "city",
        "Provinsi": "region",
        "Kode Pos": "postcode",
        "Pendidikan": "education",
        "Pekerjaan": "occupation",
        "Hewan Peliharaan": "pet",
        "Setuju WA": "CASE WHEN agrees THEN 'Y' ELSE 'T' END",
        "Toko": "'T' || lpad(store::VARCHAR, 2, '0')",
    },
)
POINTS = Form(
    "loyalty_points",
    "csv",
    {
        "No Member": "numbered('TS', member)",
        "Waktu": "strftime(moment, '%d/%m/%Y %H:%M')",
        "Jenis": "kind",
        "Poin": "points",
        "No Struk": "CASE WHEN receipt > 0 THEN 'STR-' || lpad(receipt::VARCHAR, 9, '0') END",
        "Saldo": "balance",
    },
)
APP = Form(
    "app_registrations",
    "jsonl",
    {
        "line": """to_json(struct_pack(registration := registration,
            registered_at := strftime(moment, '%Y-%m-%dT%H:%M:%S+07:00'),
            profile := struct_pack(name := name, email := email, phone := phone,
                birth_date := CASE WHEN gives_birthday THEN birth_iso END,
                sex := CASE sex WHEN 'L' THEN 'Pria' ELSE 'Wanita' END),
            member_no := CASE WHEN links_card THEN member END, platform := platform,
            referrer := CASE WHEN referred THEN referrer END, push_consent := agrees,
            consent_text := 'app-v3'))::VARCHAR"""
    },
)


def loyalty(chunk: Chunk) -> Delivery:
    """Sign-ups of members, once per card, and again when a member reports a new phone number."""
    rng = chunk.draw("loyalty")
    person, second, joined = _cards(chunk, rng)
    people, day = chunk.people, joined.astype(np.int64)
    sheets = chunk.desk.fill("loyalty", person, _ASKED, honorific=0.05, nik=0.72)
    members = chunk.number("TS", people.id[person] * 2 + second, "member")
    columns: dict[str, object] = {
        "member": members,
        "moment": moments(joined),
        "gives_birthday": rng.random(len(person)) < 0.85,
        "gives_email": rng.random(len(person)) < 0.7,
        "pet": words(pick(rng, [0.7, 0.16, 0.04, 0.06, 0.04], len(person)), PETS, empty=0),
        "agrees": rng.random(len(person)) < 0.66,
        "store": chunk.places.nearest_store[chunk.places.city_of[people.village[person]]] + 1,
    } | sheets.at(np.arange(len(person)), day, *_ASKED)
    first = Feed(SIGN_UP, columns, chunk.delivered(day, chunk.lags(rng, len(person))))
    changed = people.phone_since[person]
    news = np.flatnonzero((changed > day) & (changed < WINDOW_DAYS) & (rng.random(len(person)) < 0.5))
    told = sheets.at(news, changed[news], *_ASKED)
    update = first.again(news, changed[news], moment=moments(changed[news] + 0.5), **told)
    return Delivery([first, update], [Keys("member", members, people.id[person])])


def _cards(chunk: Chunk, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(person, second card or not, moment of sign-up): with the first purchase on the card, else any day."""
    orders, count = chunk.orders, len(chunk.people)
    shown = np.flatnonzero((orders.channel == POS) & orders.shows_card & (orders.returns < 0))
    card = orders.person[shown] * 2 + orders.second[shown]
    used, first = np.unique(card, return_index=True)  # orders are sorted by time
    moment = np.full(2 * count, -1.0)
    moment[used] = orders.time[shown][first]
    unused = np.flatnonzero(chunk.member & (moment[0::2] < 0) & (moment[1::2] < 0)) * 2
    moment[unused] = chunk.days(rng, len(unused))
    cards = np.flatnonzero(moment >= 0)
    cards = cards[np.argsort(moment[cards], kind="stable")]
    return cards // 2, cards % 2, moment[cards]


def loyalty_points(chunk: Chunk) -> Delivery:
    """Points earned at the till; some are burnt at once, some expire or are adjusted. Balances add up."""
    rng = chunk.draw("loyalty_points")
    orders = chunk.orders
    index = np.flatnonzero((orders.channel == POS) & orders.shows_card & (orders.returns < 0))
    spent = np.bincount(chunk.lines.order, weights=chunk.lines.amount, minlength=len(orders))[index]
    earned = (spent // RUPIAH_PER_POINT).astype(np.int64)
    index, earned = index[earned > 0], earned[earned > 0]
    kind = pick(rng, [0.80, 0.13, 0.05, 0.02], len(index))
    more = np.flatnonzero((kind > 0) & (earned > 1))
    order = np.concatenate((index, index[more]))
    points = np.concatenate((earned, -(earned[more] // 2)))
    kinds = np.concatenate((np.zeros(len(index), np.int64), kind[more]))
    time = orders.time[order] + np.where(kinds == 0, 0.0, np.where(kinds == 1, 0.004, 20.0))
    sorting = np.argsort(time, kind="stable")
    sorting = sorting[time[sorting] < WINDOW_DAYS]
    order, points, kinds, time = order[sorting], points[sorting], kinds[sorting], time[sorting]
    card = chunk.people.id[orders.person[order]] * 2 + orders.second[order]
    columns = {
        "member": scramble(card, "member"),
        "moment": moments(time),
        "kind": words(kinds, ("peroleh", "tukar", "hangus", "koreksi")),
        "points": points,
        "receipt": np.where(kinds < 2, chunk.first_order + order + 1, 0),
        "balance": _balance(card, points),
    }
    return Delivery([Feed(POINTS, columns, chunk.delivered(time, orders.lag[order]))])


def _balance(card: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Running sum of points per card, in the order given."""
    order = np.argsort(card, kind="stable")
    running = np.cumsum(points[order])
    begins = np.concatenate(([True], card[order][1:] != card[order][:-1]))
    before = np.where(begins, running - points[order], 0)
    start = np.maximum.accumulate(np.where(begins, np.arange(len(card)), 0))
    out = np.empty(len(card), np.int64)
    out[order] = running - before[start]
    return out


def app_registrations(chunk: Chunk) -> Delivery:
    """People who registered in the app; some link their card, some were sent by a member."""
    rng = chunk.draw("app")
    people: People = chunk.people
    person = np.flatnonzero(rng.random(len(people)) < 0.26)
    moment = np.sort(chunk.days(rng, len(person)))
    person = rng.permutation(person)
    day = moment.astype(np.int64)
    sheets = chunk.desk.fill("app", person, ("name", "email", "phone", "birth_iso", "sex"), honorific=0.0)
    registrations = chunk.number("A", people.id[person], "app")
    friend = rng.integers(0, len(people), len(person))
    columns: dict[str, object] = {
        "registration": registrations,
        "moment": moments(moment),
        "gives_birthday": rng.random(len(person)) < 0.6,
        "links_card": chunk.member[person] & (rng.random(len(person)) < 0.35),
        "member": chunk.number("TS", people.id[person] * 2, "member"),
        "referred": chunk.member[friend] & (rng.random(len(person)) < 0.2),
        "referrer": chunk.number("TS", people.id[friend] * 2, "member"),
        "platform": words(pick(rng, [0.82, 0.18], len(person)), ("android", "ios")),
        "agrees": rng.random(len(person)) < 0.7,
    } | sheets.at(np.arange(len(person)), day, "name", "email", "phone", "birth_iso", "sex")
    feed = Feed(APP, columns, chunk.delivered(day, chunk.lags(rng, len(person))))
    return Delivery([feed], [Keys("app", registrations, people.id[person])])
