"""Couriers: one row per attempt to deliver an online order, with the recipient's name, phone and address."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sample_retailer.chunk import Chunk, Delivery
from sample_retailer.feeds import Feed, Form, Keys
from sample_retailer.purchases import COMPLETED, WEB
from sample_retailer.settings import WINDOW_DAYS
from sample_retailer.text import moments, words

COURIERS = ("JNX", "SiKilat", "AnterCepat", "J&P")
REASONS = ("", "alamat tidak ditemukan", "penerima tidak di rumah", "nomor tidak aktif")
_WRITTEN = ("name", "phone", "address", "city")
FORM = Form(
    "deliveries",
    "csv",
    {
        "No Resi": "'RESI-' || lpad(parcel::VARCHAR, 10, '0')",
        "No Order": "order_no",
        "No Pelanggan": "customer",
        "Penerima Ke": "recipient",
        "Nama Penerima": "name",
        "HP Penerima": "phone",
        "Alamat": "address",
        "Kota": "city",
        "Kurir": "courier",
        "Status": "CASE WHEN NOT fails THEN 'terkirim' WHEN attempt = 2 THEN 'kembali' ELSE 'gagal' END",
        "Waktu": "strftime(moment, '%d/%m/%Y %H:%M')",
        "Percobaan": "attempt",
        "Alasan": "CASE WHEN fails THEN reason END",
    },
)


def deliveries(chunk: Chunk) -> Delivery:
    """Parcels to the customer, to somebody of the household (2) or as a gift to a stranger (3)."""
    rng = chunk.draw("deliveries")
    orders = chunk.orders
    index = np.flatnonzero((orders.channel == WEB) & (orders.status == COMPLETED) & (orders.returns < 0))
    person, first, position = chunk.accounts(index)
    book = _address_book(chunk, rng, person)
    chance = rng.random(len(index))
    recipient = np.where(chance < 0.80, 0, np.where(chance < 0.92, 1, 2))
    # who lives alone has nobody of the household to send to
    recipient = np.where((recipient == 1) & (book[position, 1] == person[position]), 0, recipient)
    entry, entry_of = np.unique(position * 3 + recipient, return_inverse=True)
    sheets = chunk.desk.fill("deliveries", book[entry // 3, entry % 3], _WRITTEN, honorific=0.15)
    numbers = chunk.number("W", first, "online")
    # most parcels arrive at the first attempt, one in sixteen needs a second
    tries = np.concatenate((np.arange(len(index)), np.flatnonzero(rng.random(len(index)) < 0.06)))
    attempt = np.where(np.arange(len(tries)) < len(index), 1, 2)
    retried = np.isin(tries, tries[attempt == 2])
    wait = (1 + rng.integers(0, 4, len(index)) + rng.random(len(index)) * 0.6)[tries] + 1.2 * (attempt - 1)
    moment = np.floor(orders.time[index][tries]) + wait + 0.35
    order = np.argsort(moment, kind="stable")
    order = order[moment[order] < WINDOW_DAYS]
    tries, attempt, moment, retried = tries[order], attempt[order], moment[order], retried[order]
    day = moment.astype(np.int64)
    columns: dict[str, object] = {
        "parcel": chunk.first_order + index[tries] + 1,
        "order_no": chunk.order_numbers("WEB-", index[tries]),
        "customer": numbers.take(pa.array(position[tries])),
        "recipient": recipient[tries] + 1,
        "courier": words(index[tries] % len(COURIERS), COURIERS),
        "fails": np.where(attempt == 1, retried, rng.random(len(tries)) < 0.3),
        "attempt": attempt,
        "moment": moments(moment),
        "reason": words(1 + index[tries] % 3, REASONS),
    } | sheets.at(entry_of[tries], day, *_WRITTEN)
    feed = Feed(FORM, columns, chunk.delivered(day, chunk.lags(rng, len(tries))))
    seen = np.unique(entry_of[tries])
    return Delivery([feed], [_keys(chunk, numbers, entry[seen], book)])


def _keys(chunk: Chunk, numbers: pa.ChunkedArray, entry: np.ndarray, book: np.ndarray) -> Keys:
    """A recipient's key is the customer number and the place in the address book."""
    written = chunk.scribe.write(
        {"customer": numbers.take(pa.array(entry // 3)), "nth": entry % 3 + 1},
        {"source_id": "customer || '-' || nth"},
    )
    return Keys("online", written.column(0), chunk.people.id[book[entry // 3, entry % 3]], "recipient")


def _address_book(chunk: Chunk, rng: np.random.Generator, person: np.ndarray) -> np.ndarray:
    """Three people per account: oneself, somebody of the household, a friend elsewhere."""
    count = len(chunk.people)
    following = np.minimum(person + 1, count - 1)
    before = np.maximum(person - 1, 0)
    household = chunk.people.household
    mate = np.where(household[following] == household[person], following, before)
    mate = np.where(household[mate] == household[person], mate, person)
    return np.stack((person, mate, rng.integers(0, count, len(person))), axis=1)
