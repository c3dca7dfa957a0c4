"""Store tills: one row per receipt line, mostly without a customer, sometimes with a member number."""

from __future__ import annotations

import numpy as np

from sample_retailer.chunk import Chunk, Delivery
from sample_retailer.feeds import Feed, Form
from sample_retailer.purchases import POS
from sample_retailer.randoms import scramble
from sample_retailer.text import moments, words

PAYMENTS = ("tunai", "qris", "debit", "kredit", "e-wallet")
FORM = Form(
    "pos",
    "csv",
    {
        "Tgl": "dmy(moment)",
        "Jam": "strftime(moment, '%H:%M:%S')",
        "No Struk": "'STR-' || lpad(receipt::VARCHAR, 9, '0')",
        "Kode Toko": "'T' || lpad(store::VARCHAR, 2, '0')",
        "Kasir": "'K' || lpad(cashier::VARCHAR, 3, '0')",
        "No Member": "CASE WHEN shows_card THEN numbered('TS', member) END",
        "Kode Barang": "sku",
        "Nama Barang": "product",
        "Qty": "quantity || ',00'",
        "Harga": "dots(price) || ',00'",
        "Diskon": "dots(discount) || ',00'",
        "Jumlah": "dots(amount) || ',00'",
        "Bayar": "payment",
        "Kota": "city",
        "Retur Dari": "CASE WHEN returned > 0 THEN 'STR-' || lpad(returned::VARCHAR, 9, '0') END",
    },
)


def pos(chunk: Chunk) -> Delivery:
    """Receipts. Their customers are known by the loyalty channel, which gives the truth."""
    orders, lines, catalogue = chunk.orders, chunk.lines, chunk.catalogue
    rows = lines.take(np.flatnonzero(orders.channel[lines.order] == POS))
    order = rows.order
    store = orders.store[order]
    linked = orders.links_return[order] & (orders.returns[order] >= 0)
    columns = {
        "moment": moments(orders.time[order]),
        "receipt": chunk.first_order + order + 1,
        "store": store + 1,
        "cashier": store * 6 + orders.payment[order] + orders.day[order] % 2 + 1,
        "shows_card": orders.shows_card[order],
        "member": scramble(chunk.people.id[orders.person[order]] * 2 + orders.second[order], "member"),
        "sku": words(rows.product, catalogue.id),
        "product": words(rows.product, catalogue.name),
        "quantity": rows.quantity,
        "price": rows.price,
        "discount": rows.discount,
        "amount": rows.amount,
        "payment": words(orders.payment[order], PAYMENTS),
        "city": words(chunk.places.store_city[store], chunk.places.cities),
        "returned": np.where(linked, chunk.first_order + orders.returns[order] + 1, 0),
    }
    return Delivery([Feed(FORM, columns, chunk.delivered(orders.day[order], orders.lag[order]))])
