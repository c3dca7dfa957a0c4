"""Mail orders: typed in by hand from letters, so dates and amounts come in every style."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sample_retailer.chunk import Chunk, Delivery
from sample_retailer.feeds import Feed, Form, Keys
from sample_retailer.purchases import MAIL
from sample_retailer.randoms import pick
from sample_retailer.text import moments, words

PAYMENTS = ("transfer", "cod", "transfer", "giro", "transfer")
_TYPED = ("name", "address", "postcode", "landline", "phone", "email", "city")
FORM = Form(
    "mail_orders",
    "csv",
    {
        "No Pesanan": "order_no",
        "Tanggal": "written_date(moment, date_style)",
        "No Pelanggan": "customer",
        "Nama": "name",
        "Alamat": "address",
        "Kode Pos": "postcode",
        "Telepon": "coalesce(landline, CASE WHEN gives_phone THEN phone END)",
        "Email": "CASE WHEN gives_email THEN email END",
        "Baris": "line",
        "Kode": "sku",
        "Nama Barang": "product",
        "Jumlah": "quantity",
        "Harga": "written_rupiah(price, money_style)",
        "Total": "written_rupiah(amount, money_style)",
        "Bayar": "payment",
        "Kota": "city",
        "Status": "CASE WHEN is_return THEN 'retur' WHEN status = 1 THEN 'batal' ELSE 'selesai' END",
        "Retur Dari": "returns",
    },
    delimiter=",",
)


def mail_orders(chunk: Chunk) -> Delivery:
    """Order lines with name and postal address; a landline more often than a mobile, rarely an e-mail."""
    index = np.flatnonzero(chunk.orders.channel == MAIL)
    person, first, position = chunk.accounts(index)
    rng = chunk.draw("mail_orders")
    sheets = chunk.desk.fill("mail_orders", person, _TYPED, honorific=0.45, careful=0.6)
    ids = chunk.number("MO", first, "mail")
    place = np.full(len(chunk.orders), -1)
    place[index] = position
    rows = chunk.lines.take(np.flatnonzero(place[chunk.lines.order] >= 0))
    orders, customer = chunk.orders, place[rows.order]
    by_order = rng.random(len(chunk.orders))
    linked = np.where(orders.links_return, orders.returns, -1)
    columns: dict[str, object] = {
        "order_no": chunk.order_numbers("SP-", rows.order),
        "moment": moments(orders.time[rows.order]),
        "date_style": np.searchsorted([0.5, 0.65, 0.85, 1.0], by_order)[rows.order],
        "customer": ids.take(pa.array(customer)),
        "gives_phone": (rng.random(len(person)) < 0.35)[customer],
        "gives_email": (rng.random(len(person)) < 0.1)[customer],
        "line": rows.number,
        "sku": words(rows.product, chunk.catalogue.id),
        "product": words(rows.product, chunk.catalogue.name),
        "quantity": rows.quantity,
        "price": rows.price,
        "amount": rows.amount,
        "money_style": pick(rng, [0.3, 0.2, 0.1, 0.05, 0.15, 0.2], len(orders))[rows.order],
        "payment": words(orders.payment[rows.order], PAYMENTS),
        "status": orders.status[rows.order],
        "is_return": orders.returns[rows.order] >= 0,
        "returns": chunk.order_numbers("SP-", linked[rows.order]),
    } | sheets.at(customer, orders.day[rows.order], *_TYPED)
    feed = Feed(FORM, columns, chunk.delivered(orders.day[rows.order], orders.lag[rows.order]))
    return Delivery([feed], [Keys("mail_order", ids, chunk.people.id[person])])
