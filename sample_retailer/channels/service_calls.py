"""The service desk: calls and complaints, first open, later exported again as settled."""

from __future__ import annotations

import numpy as np

from sample_retailer.chunk import Chunk, Delivery
from sample_retailer.feeds import Feed, Form, Keys
from sample_retailer.settings import WINDOW_DAYS
from sample_retailer.text import moments, words

KINDS = ("keluhan", "pertanyaan", "retur", "status pesanan", "saran")
RESULTS = ("selesai", "diganti", "dana kembali", "diteruskan")
_SAID = ("name", "phone", "email", "city")
FORM = Form(
    "service_calls",
    "csv",
    {
        "No Tiket": "ticket",
        "Waktu": "strftime(moment, '%d-%m-%Y %H:%M')",
        "Nama": "name",
        "No HP": "phone",
        "Email": "CASE WHEN gives_email THEN email END",
        "Kota": "city",
        "Arah": "CASE WHEN inbound THEN 'masuk' ELSE 'keluar' END",
        "Jenis": "kind",
        "Hasil": "CASE WHEN NOT is_open THEN result END",
        "Keadaan": "CASE WHEN is_open THEN 'terbuka' ELSE 'ditutup' END",
        "Petugas": "'CS-' || lpad(agent::VARCHAR, 2, '0')",
    },
)


def service_calls(chunk: Chunk) -> Delivery:
    """Calls by customers who bought in the weeks before."""
    rng = chunk.draw("service_calls")
    orders = chunk.orders
    about = np.flatnonzero((orders.person >= 0) & (rng.random(len(orders)) < 0.045))
    moment = (
        np.floor(orders.time[about]) + rng.integers(1, 12, len(about)) + rng.uniform(0.34, 0.8, len(about))
    )
    about, moment = about[moment < WINDOW_DAYS], moment[moment < WINDOW_DAYS]
    person = orders.person[about]
    sheets = chunk.desk.fill("service_calls", person, _SAID, honorific=0.35, careful=0.6)
    tickets = chunk.number("SC", chunk.first_order + about, "service")
    day = moment.astype(np.int64)
    stays_open = rng.random(len(about)) < np.where(day >= WINDOW_DAYS - 20, 0.5, 0.004)
    columns: dict[str, object] = {
        "ticket": tickets,
        "moment": moments(moment),
        "gives_email": rng.random(len(about)) < 0.2,
        "inbound": rng.random(len(about)) < 0.9,
        "kind": words(rng.integers(0, len(KINDS), len(about)), KINDS),
        "result": words(rng.integers(0, len(RESULTS), len(about)), RESULTS),
        "is_open": stays_open,
        "agent": rng.integers(1, 25, len(about)),
    } | sheets.at(np.arange(len(about)), day, *_SAID)
    arrived = chunk.delivered(day, chunk.lags(rng, len(about)))
    feeds = [Feed(FORM, columns, arrived)]
    settled = np.flatnonzero(stays_open & (arrived + 3 < WINDOW_DAYS) & (rng.random(len(about)) < 0.6))
    if len(settled):
        feeds.append(feeds[0].again(settled, arrived[settled] + 3, is_open=np.zeros(len(settled), bool)))
    return Delivery(feeds, [Keys("service", tickets, chunk.people.id[person])])
