"""Marketplace export: one row per order line, buyers masked, amounts as people read them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sample_retailer.chunk import Chunk, Delivery
from sample_retailer.feeds import Feed, Form, Keys
from sample_retailer.purchases import MARKETPLACE
from sample_retailer.text import moments, words

PAYMENTS = ("e-wallet", "transfer", "cod", "kartu kredit", "paylater")
STATUS = ("Selesai", "Dibatalkan", "Dikembalikan")
COURIERS = ("JNX Reguler", "SiKilat", "AnterCepat", "J&P")
FORM = Form(
    "marketplace",
    "xlsx",
    {
        "No Pesanan": "order_no",
        "Waktu Pesanan": "strftime(moment, '%Y-%m-%d %H:%M')",
        "ID Pembeli": "buyer",
        "Nama Pembeli": "name",
        "No HP": "phone",
        "Kurir": "courier",
        "Baris": "line",
        "SKU": "sku",
        "Nama Produk": "product",
        "Jumlah": "quantity",
        "Harga Satuan": "written_rupiah(price, 0)",
        "Diskon": "written_rupiah(discount, 0)",
        "Total": "written_rupiah(amount, CASE WHEN line = 1 THEN 0 ELSE 2 END)",
        "Status": "status",
        "Kota": "city",
        "Pembayaran": "payment",
    },
    numbers=frozenset({"Baris", "Jumlah"}),
)


def marketplace(chunk: Chunk) -> Delivery:
    """Order lines of masked buyers; the buyer number stays the same, everything else is starred out."""
    index = np.flatnonzero(chunk.orders.channel == MARKETPLACE)
    person, first, position = chunk.accounts(index)
    sheets = chunk.desk.fill("marketplace", person, ("name", "city"), honorific=0.0)
    people = chunk.people
    buyers = chunk.scribe.write(
        {
            "name": sheets.table.column("name"),
            "now": people.phone[person],
            "before": people.first_phone[person],
        },
        {"name": "masked_name(name)", "phone": "masked_phone(now)", "first_phone": "masked_phone(before)"},
    )
    ids = chunk.number("buyer", first, "marketplace")
    place = np.full(len(chunk.orders), -1)
    place[index] = position
    rows = chunk.lines.take(np.flatnonzero(place[chunk.lines.order] >= 0))
    orders, buyer = chunk.orders, place[rows.order]
    day = orders.day[rows.order]
    changed = pa.array(day < people.phone_since[person][buyer])
    taken = pa.array(buyer)
    columns: dict[str, object] = {
        "order_no": chunk.order_numbers("MP", rows.order),
        "moment": moments(orders.time[rows.order]),
        "buyer": ids.take(taken),
        "name": buyers.column("name").take(taken),
        "phone": pc.if_else(
            changed, buyers.column("first_phone").take(taken), buyers.column("phone").take(taken)
        ),
        "courier": words(rows.order % len(COURIERS), COURIERS),
        "line": rows.number,
        "sku": words(rows.product, chunk.catalogue.id),
        "product": words(rows.product, chunk.catalogue.name),
        "quantity": rows.quantity,
        "price": rows.price,
        "discount": rows.discount,
        "amount": rows.amount,
        "status": words(orders.status[rows.order], STATUS),
        "payment": words(orders.payment[rows.order], PAYMENTS),
    } | sheets.at(buyer, day, "city")
    feed = Feed(FORM, columns, chunk.delivered(day, orders.lag[rows.order]))
    return Delivery([feed], [Keys("marketplace", ids, people.id[person])])
