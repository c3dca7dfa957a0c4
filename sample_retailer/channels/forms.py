"""Forms people fill in: on the web, at exhibition booths, for a prize draw."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sample_retailer.channels.masters import EVENTS
from sample_retailer.chunk import Chunk, Delivery
from sample_retailer.feeds import Feed, Form, Keys
from sample_retailer.randoms import pick, scramble
from sample_retailer.text import moments, words

SOURCES = ("instagram", "google", "facebook", "tiktok", "teman", "brosur", "")
TOPICS = ("promo", "info produk", "kerja sama", "keluhan", "newsletter")
COMPANIES = (
    "PT Maju Bersama", "CV Sumber Makmur", "Toko Berkah", "PT Karya Abadi", "UD Sejahtera", "Kopi Pojok",
    "RS Harapan", "Hotel Nusantara", "", "", "",
)  # fmt: skip
JOBS = ("Pemilik", "Manajer Pembelian", "Staf", "Direktur", "Barista", "Guru", "Supervisor", "")
FAKES = (
    ("Test Test", "0812-0000-0000", "test@test.com"),
    ("Mickey Mouse", "08123456789", "mickey@mouse.com"),
    ("asdf", "081111111111", "asdf@asdf.com"),
    ("xxx", "0800000000", ""),
    ("Orang Iseng", "08999999999", "a@a.com"),
    ("Coba Coba", "-", "coba@coba.co"),
)
WEB = Form(
    "web_forms",
    "csv",
    {
        "No Form": "form_no",
        "Waktu": "strftime(moment, '%Y-%m-%d %H:%M:%S')",
        "Nama": "name",
        "Email": "email",
        "No HP": "CASE WHEN gives_phone THEN phone END",
        "Kota": "city",
        "Topik": "topic",
        "Setuju": "agrees",
        "Versi Teks": "version",
        "Sumber": "source",
    },
)
BOOTH = Form(
    "booth",
    "xlsx",
    {
        "No Form": "form_no",
        "Tanggal": "written_date(moment, date_style)",
        "Acara": "event",
        "Kota Acara": "event_city",
        "Nama": "name",
        "Telepon": "concat_ws(' / ', phone, CASE WHEN several THEN coalesce(landline, other_phone) END)",
        "Email": "CASE WHEN gives_email THEN email END",
        "Perusahaan": "company",
        "Jabatan": "job",
        "Pengambil Keputusan": "CASE WHEN decides THEN 'Ya' ELSE 'Tidak' END",
        "Sales": "'S' || lpad(sales::VARCHAR, 2, '0')",
    },
)
PRIZE = Form(
    "prize_draw",
    "csv",
    {
        "No Undian": "form_no",
        "Tanggal": "dmy(moment)",
        "Nama": "name",
        "No HP": "phone",
        "Email": "email",
        "Kota": "city",
        "Toko": "'T' || lpad(store::VARCHAR, 2, '0')",
    },
)


def web_forms(chunk: Chunk) -> Delivery:
    """Enquiries with the consent tick-box and the version of the text shown."""
    rng = chunk.draw("web_forms")
    person, form_no, moment = _filled_in(chunk, rng, 0.26, "F", "web_form", again=0.2)
    day = moment.astype(np.int64)
    said = ("name", "email", "phone", "city")
    sheets = chunk.desk.fill("web_forms", person, said, honorific=0.06, careful=0.7)
    columns: dict[str, object] = {
        "form_no": form_no,
        "moment": moments(moment),
        "gives_phone": rng.random(len(person)) < 0.7,
        "topic": words(pick(rng, [0.4, 0.25, 0.05, 0.1, 0.2], len(person)), TOPICS),
        "agrees": words(pick(rng, [0.55, 0.3, 0.15], len(person)), ("Ya", "Tidak", ""), empty=2),
        "version": words((day > 200) + (day > 500), ("v1", "v2", "v3")),
        "source": words(pick(rng, [0.3, 0.25, 0.15, 0.12, 0.08, 0.04, 0.06], len(person)), SOURCES, empty=6),
    } | sheets.at(np.arange(len(person)), day, *said)
    return _delivery(chunk, rng, WEB, columns, day, Keys("web_form", form_no, chunk.people.id[person]))


def booth(chunk: Chunk) -> Delivery:
    """Visitors of exhibitions, typed off paper: several phones in a cell, job and company."""
    rng = chunk.draw("booth")
    person, form_no, _ = _filled_in(chunk, rng, 0.03, "B", "booth")
    event = np.sort(rng.integers(0, len(EVENTS), len(person)))
    moment = np.array([e.first_day for e in EVENTS])[event] + rng.integers(0, 3, len(person)) + 0.5
    day = moment.astype(np.int64)
    said = ("name", "phone", "other_phone", "landline", "email")
    sheets = chunk.desk.fill("booth", person, said, honorific=0.4, careful=0.4)
    columns: dict[str, object] = {
        "form_no": form_no,
        "moment": moments(moment),
        "date_style": pick(rng, [0.4, 0.2, 0.2, 0.2], len(EVENTS))[event],
        "event": words(event, [e.name for e in EVENTS]),
        "event_city": words(event, [e.city for e in EVENTS]),
        "several": rng.random(len(person)) < 0.3,
        "gives_email": rng.random(len(person)) < 0.6,
        "company": words(rng.integers(0, len(COMPANIES), len(person)).clip(0, 8), COMPANIES, empty=8),
        "job": words(rng.integers(0, len(JOBS), len(person)), JOBS, empty=len(JOBS) - 1),
        "decides": rng.random(len(person)) < 0.3,
        "sales": rng.integers(1, 13, len(person)),
    } | sheets.at(np.arange(len(person)), day, *said)
    return _delivery(chunk, rng, BOOTH, columns, day, Keys("booth", form_no, chunk.people.id[person]))


def prize_draw(chunk: Chunk) -> Delivery:
    """Entries of the prize draws, a sixth of them made up: these belong to nobody (negative persons)."""
    rng = chunk.draw("prize_draw")
    person, form_no, moment = _filled_in(chunk, rng, 0.19, "U", "prize", again=0.05)
    day = moment.astype(np.int64)
    said = ("name", "phone", "email", "city")
    sheets = chunk.desk.fill("prize_draw", person, said, honorific=0.05, careful=0.35)
    written = sheets.at(np.arange(len(person)), day, *said)
    fake = pa.array(rng.random(len(person)) < 0.16)
    joke = rng.integers(0, len(FAKES), len(person))
    for field, place in (("name", 0), ("phone", 1), ("email", 2)):
        made_up = words(joke, [f[place] or None for f in FAKES]).dictionary_decode()
        written[field] = pc.if_else(fake, made_up, written[field])
    columns: dict[str, object] = {
        "form_no": form_no,
        "moment": moments(moment),
        "store": chunk.places.nearest_store[chunk.places.city_of[chunk.people.village[person]]] + 1,
    } | written
    entry = scramble(chunk.people.id[person] * 2, "prize truth") + 1
    whose = np.where(fake.to_numpy(zero_copy_only=False), -entry, chunk.people.id[person])
    return _delivery(chunk, rng, PRIZE, columns, day, Keys("prize_draw", form_no, whose))


def _filled_in(
    chunk: Chunk, rng: np.random.Generator, share: float, prefix: str, salt: str, again: float = 0.0
) -> tuple[np.ndarray, pa.ChunkedArray, np.ndarray]:
    """(person, form number, moment) of forms filled in by a share of the people, by some of them twice."""
    once = np.flatnonzero(rng.random(len(chunk.people)) < share)
    twice = once[rng.random(len(once)) < again]
    person = np.concatenate((once, twice))
    nth = np.concatenate((np.zeros(len(once), np.int64), np.ones(len(twice), np.int64)))
    shuffled = rng.permutation(len(person))
    person, nth = person[shuffled], nth[shuffled]
    number = chunk.number(prefix, chunk.people.id[person] * 2 + nth, salt)
    return person, number, np.sort(chunk.days(rng, len(person)))


def _delivery(
    chunk: Chunk,
    rng: np.random.Generator,
    form: Form,
    columns: dict[str, object],
    day: np.ndarray,
    keys: Keys,
) -> Delivery:
    return Delivery([Feed(form, columns, chunk.delivered(day, chunk.lags(rng, len(day))))], [keys])
