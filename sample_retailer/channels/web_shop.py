"""The online shop: one JSON object per order, with the customer inside and the lines as an array."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sample_retailer.baskets import Lines
from sample_retailer.catalogue import CATEGORIES, Catalogue
from sample_retailer.chunk import Chunk, Delivery
from sample_retailer.feeds import Feed, Form, Keys
from sample_retailer.purchases import CANCELLED, COMPLETED, WEB, Orders
from sample_retailer.settings import WINDOW_DAYS
from sample_retailer.text import moments, words

PAYMENTS = ("transfer", "e-wallet", "qris", "kartu kredit", "cod")
FORM = Form(
    "web_shop",
    "jsonl",
    {
        "line": """to_json(struct_pack(order_no := order_no,
            created_at := strftime(moment, '%Y-%m-%dT%H:%M:%S+07:00'),
            status := CASE WHEN status = 1 THEN 'cancelled' WHEN is_return THEN 'returned' ELSE 'paid' END,
            customer := struct_pack(id := customer, name := name, email := email, phone := phone,
                address := address, city := city, postcode := postcode),
            payment := payment, returns_order := returns, items := items))::VARCHAR"""
    },
)


def web_shop(chunk: Chunk) -> Delivery:
    """Orders and what the customer typed at the checkout; some are exported again as cancelled."""
    index = np.flatnonzero(chunk.orders.channel == WEB)
    person, first, position = chunk.accounts(index)
    sheets = chunk.desk.fill(
        "web_shop", person, ("name", "email", "phone", "address", "city", "postcode"), honorific=0.02
    )
    ids = chunk.number("W", first, "online")
    orders = chunk.orders.take(index)
    written = sheets.at(position, orders.day, "name", "email", "phone", "address", "city", "postcode")
    linked = np.where(orders.links_return, orders.returns, -1)
    columns: dict[str, object] = {
        "order_no": chunk.order_numbers("WEB-", index),
        "moment": moments(orders.time),
        "status": orders.status,
        "is_return": orders.returns >= 0,
        "returns": chunk.order_numbers("WEB-", linked),
        "customer": ids.take(pa.array(position)),
        "payment": words(orders.payment, PAYMENTS),
        "items": _items(chunk.lines, index, chunk.catalogue),
    } | written
    feed = Feed(FORM, columns, chunk.delivered(orders.day, orders.lag))
    return Delivery(
        [feed, *_cancelled_later(chunk, orders, feed)], [Keys("online", ids, chunk.people.id[person])]
    )


def _items(lines: Lines, orders: np.ndarray, catalogue: Catalogue) -> pa.ListArray:
    rows = lines.take(np.flatnonzero(np.isin(lines.order, orders)))
    ends = np.searchsorted(rows.order, orders, side="right")
    items = pa.StructArray.from_arrays(
        [
            pa.array(rows.number),
            words(rows.product, catalogue.id).dictionary_decode(),
            words(rows.product, catalogue.name).dictionary_decode(),
            words(catalogue.category[rows.product], CATEGORIES).dictionary_decode(),
            pa.array(rows.quantity),
            pa.array(rows.price),
            pa.array(rows.discount),
            pa.array(rows.amount),
        ],
        ["line", "sku", "name", "category", "qty", "price", "discount", "total"],
    )
    return pa.ListArray.from_arrays(pa.array(np.concatenate(([0], ends)), pa.int32()), items)


def _cancelled_later(chunk: Chunk, orders: Orders, feed: Feed) -> list[Feed]:
    """Corrections: the same order again, now cancelled, one to three days after it first came."""
    rng = chunk.draw("web_shop corrections")
    again = feed.day + rng.integers(1, 4, len(orders))
    recent = (feed.day >= chunk.settings.first_delivery - 2) & (again < WINDOW_DAYS)
    chosen = np.flatnonzero(
        recent & (orders.status == COMPLETED) & (orders.returns < 0) & (rng.random(len(orders)) < 0.06)
    )
    return [feed.again(chosen, again[chosen], status=np.full(len(chosen), CANCELLED))] if len(chosen) else []
