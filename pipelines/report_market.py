"""The report's sections on what sells, where more could be sold and where customers come from."""

from __future__ import annotations

from typing import Any

from pipelines.pages.page import label
from pipelines.report_charts import Span, compact, grouped, percent, signed, spans
from pipelines.report_data import SHOWN_ENDS, Rows
from pipelines.report_parts import card, table
from transforms.customers.region_names import region_names
from warehouse.contracts import Text

SHOWN_PLACES, SHOWN_SOURCES = 8, 8


def product_sales(rows: Rows, currency: str) -> str:
    """Categories by revenue of the year, then the products that sell best and worst."""
    categories = [row for row in rows if row["breakdown"] == "category" and row["rank_by_revenue"]]
    products = [row for row in rows if row["breakdown"] == "product"]
    highest = max((float(row["net_revenue"]) for row in categories), default=0.0) or 1.0
    bars = [
        Span(
            _said(row["item"]), 0, max(float(row["net_revenue"]), 0), "t2", compact(float(row["net_revenue"]))
        )
        for row in categories
    ]
    best = [row for row in products if row["rank_by_revenue"] <= SHOWN_ENDS]
    worst = [row for row in products if row["rank_from_last_by_revenue"] <= SHOWN_ENDS and row not in best]
    lines = [_product(row) for row in (*best, *worst)]
    heads = [
        Text("Product", "Produk"),
        Text("Rank", "Peringkat"),
        Text("Quantity", "Jumlah"),
        Text(currency, currency),
        Text("Change", "Perubahan"),
        Text("Returned", "Retur"),
    ]
    return card(
        Text("What sells", "Yang terjual"),
        Text(
            "Net revenue of the last 365 days, anonymous sales included; below, the products that bring most"
            " and least, and the change on the year before.",
            "Pendapatan bersih 365 hari terakhir, termasuk penjualan anonim; di bawah, produk yang"
            " mendatangkan paling banyak dan paling sedikit, dan perubahannya dari setahun sebelumnya.",
        ),
        f"{spans(bars, 0, highest)}{table(heads, lines)}" if categories else "",
    )


def market_potential(rows: Rows, currency: str) -> str:
    """The places with most buyers still to be won."""
    highest = max((float(row["potential_buyers"]) for row in rows), default=0.0) or 1.0
    bars = [
        Span(
            _place(row["city_code"]),
            0,
            float(row["potential_buyers"]),
            "t3",
            grouped(float(row["potential_buyers"])),
        )
        for row in rows[:SHOWN_PLACES]
    ]
    lines = [
        [
            label(_place(row["city_code"])),
            label(grouped(row["customers"])),
            label(_per_ten_thousand(row["penetration"])),
            label(compact(float(row["potential_revenue"] or 0))),
        ]
        for row in rows[:SHOWN_PLACES]
    ]
    heads = [
        Text("Place", "Tempat"),
        Text("Customers", "Pelanggan"),
        Text("Buyers in 10,000", "Pembeli per 10.000"),
        Text(currency, currency),
    ]
    reference = _per_ten_thousand(rows[0]["reference_penetration"]) if rows else Text("", "")
    return card(
        Text("Where more could buy", "Di mana masih ada peluang"),
        Text(
            f"Buyers to be won by reaching as many people as elsewhere ({reference.en} in 10,000), and what"
            " they would bring. Places with fewer than five customers count with their province.",
            f"Pembeli yang dapat diraih bila jangkauan menyamai tempat lain ({reference.id} per 10.000), dan"
            " nilainya. Tempat dengan kurang dari lima pelanggan digabung ke provinsinya.",
        ),
        f"{spans(bars, 0, highest)}{table(heads, lines)}" if rows else "",
    )


def lead_sources(rows: Rows, currency: str) -> str:
    """The sources that brought most people, and how many of them bought in time."""
    shown = [row for row in rows if row["breakdown"] == "source"][:SHOWN_SOURCES]
    events = [row for row in rows if row["breakdown"] == "event"][:SHOWN_ENDS]
    bars = [
        Span(
            _said(row["item"]),
            0,
            float(row["conversion_rate"] or 0),
            "t6",
            percent(float(row["conversion_rate"] or 0)),
        )
        for row in shown
    ]
    heads = [
        Text("Source or event", "Sumber atau acara"),
        Text("Leads", "Prospek"),
        Text("Buyers", "Pembeli"),
        Text(f"{currency} each", f"{currency} per orang"),
        Text("Cost each", "Biaya per orang"),
    ]
    lines = [
        [
            label(_said(row["item"])),
            label(grouped(row["leads"])),
            label(grouped(row["buyers"])),
            label(compact(float(row["revenue_per_lead"] or 0))),
            "" if row["cost_per_lead"] is None else label(compact(float(row["cost_per_lead"]))),
        ]
        for row in (*shown, *events)
    ]
    return card(
        Text("Where customers come from", "Dari mana pelanggan datang"),
        Text(
            "Share of new contacts who bought within the window, by source; below, what each and the largest"
            " events brought and cost per contact.",
            "Bagian kontak baru yang membeli dalam jendela, menurut sumber; di bawah, nilai dan biaya per"
            " kontak, juga untuk acara terbesar.",
        ),
        f"{spans(bars, 0, max(bar.end for bar in bars) or 1.0)}{table(heads, lines)}" if bars else "",
    )


def _product(row: dict[str, Any]) -> list[str]:
    name = row["product_name"] or row["item"]
    change = "" if row["change"] is None else label(_change(float(row["change"])))
    returned = "" if row["returned_share"] is None else label(percent(float(row["returned_share"])))
    return [
        label(Text(name, name)),
        label(grouped(row["rank_by_revenue"])),
        label(grouped(float(row["quantity"]))),
        label(compact(float(row["net_revenue"]))),
        change,
        returned,
    ]


def _change(share: float) -> Text:
    text = signed(100 * share)
    return Text(f"{text.en}%", f"{text.id}%")


def _per_ten_thousand(share: Any) -> Text:
    text = f"{10_000 * float(share or 0):.2f}"
    return Text(text, text.replace(".", ","))


def _place(code: str) -> Text:
    name = region_names().get(code, code)
    return Text(name, name) if len(code) > 2 else Text(f"rest of {name}", f"sisa {name}")


def _said(item: str) -> Text:
    known = {
        "(other)": Text("others and unknown", "lainnya dan tidak diketahui"),
        "(none)": Text("without", "tanpa keterangan"),
    }
    return known.get(item, Text(item, item))
