"""The report's sections on customers and their value: rows of the release in, one HTML card out."""

from __future__ import annotations

from datetime import date

from pipelines.pages.page import label
from pipelines.report_charts import (
    Bar,
    Cell,
    Part,
    Share,
    TriangleRow,
    columns,
    compact,
    curves,
    grouped,
    heat_map,
    percent,
    stacked_bar,
    triangle,
)
from pipelines.report_data import SMALLEST_GROUP, Rows
from pipelines.report_parts import card, table
from pipelines.report_words import ENDS, FLOWS, MEASURES, MONTHS, SEGMENTS, STAGES, spoken
from warehouse.contracts import Text

SHOWN_FLOWS = 10


def stages(rows: Rows) -> str:
    """Where customers stand in their life with the company."""
    counted = {row["stage"]: row["customers"] for row in rows}
    total = sum(counted.values())
    known = [(STAGES[code], counted[code]) for code in STAGES if counted.get(code)]
    parts = [Part(name, count, tone) for (name, tone), count in known]
    legend = "".join(_legend(part, total) for part in parts)
    return card(
        Text("Customers by stage", "Pelanggan menurut tahap"),
        Text(
            "Lapsing and lapsed are judged by each customer's own rhythm.",
            "Mulai pergi dan sudah pergi dinilai menurut irama tiap pelanggan.",
        ),
        f'{stacked_bar(parts, 34)}<ul class="legend">{legend}</ul>' if parts else "",
        wide=True,
    )


def sales(rows: Rows, currency: str) -> str:
    """Net sales per month."""
    bars = [
        Bar(
            month_name(row["month"]),
            float(row["revenue"] or 0),
            f"{row['month']:%Y-%m}: {row['revenue'] or 0:,.0f} {currency}",
            pale=float(row["anonymous"] or 0),
        )
        for row in rows
    ]
    return card(
        Text(f"Net sales by month, {currency}", f"Penjualan bersih per bulan, {currency}"),
        Text(
            "The paler part was bought anonymously. The last month may be incomplete.",
            "Bagian pucat dibeli tanpa nama. Bulan terakhir mungkin belum lengkap.",
        ),
        columns(bars, every=max(1, len(bars) // 8)) if bars else "",
    )


def rfm_map(rows: Rows, currency: str) -> str:
    """Recency by frequency: how many customers, how much they spent."""
    cells = [
        Cell(
            row["f_score"],
            row["r_score"],
            float(row["revenue"] or 0),
            grouped(row["customers"]),
            compact(float(row["revenue"])) if row["revenue"] is not None else Text("", ""),
            f"R {row['r_score']}, F {row['f_score']}: {row['segment']}, {row['customers']:,} customers",
        )
        for row in rows
    ]
    across, upward = Text("frequency (F)", "frekuensi (F)"), Text("recency (R)", "kebaruan (R)")
    return card(
        Text(f"RFM map: customers and {currency}", f"Peta RFM: pelanggan dan {currency}"),
        Text(
            f"5 is best; colour follows revenue. Groups under {SMALLEST_GROUP} customers show no amount."
            + _skipped(rows).en,
            f"5 terbaik; warna mengikuti pendapatan. Kelompok di bawah {SMALLEST_GROUP} orang tanpa nilai."
            + _skipped(rows).id,
        ),
        heat_map(cells, across, upward) if cells else "",
    )


def _skipped(rows: Rows) -> Text:
    """Why nobody has some frequency: equal counts share a score, and many have the same small count."""
    found = {row["f_score"] for row in rows}
    absent = ", ".join(f"F {score}" for score in range(1, 6) if score not in found)
    if not found or not absent:
        return Text("", "")
    return Text(
        f" Nobody has {absent}: who bought equally often shares a score, and one such group is large enough"
        " to take the place of several.",
        f" Tidak ada {absent}: yang sama seringnya berbagi satu skor, dan satu kelompok demikian cukup besar"
        " untuk mengisi tempat beberapa skor.",
    )


def segments(rows: Rows, currency: str) -> str:
    """Named RFM segments, the largest revenue first."""
    total = sum(float(row["revenue"] or 0) for row in rows) or 1.0
    lines = [
        [
            _segment(row["segment"]),
            label(grouped(row["customers"])),
            "" if row["revenue"] is None else label(compact(float(row["revenue"]))),
            "" if row["revenue"] is None else label(percent(float(row["revenue"]) / total)),
            label(grouped(row["recency_days"])),
        ]
        for row in rows
    ]
    heads = [
        Text("Segment", "Segmen"),
        Text("Customers", "Pelanggan"),
        Text(currency, currency),
        Text("Share", "Bagian"),
        Text("Days since last", "Hari sejak terakhir"),
    ]
    return card(
        Text("Segments", "Segmen"),
        Text(
            "Revenue in the RFM window; the days are the segment's median.",
            "Pendapatan dalam jendela RFM; hari adalah median segmen.",
        ),
        table(heads, lines) if lines else "",
    )


def flows(rows: Rows, currency: str) -> str:
    """Who went from which segment to which since the previous month-end, the largest flows by name."""
    counted = {flow: sum(row["customers"] for row in rows if row["flow"] == flow) for flow in FLOWS}
    total = sum(counted.values())
    parts = [Part(name, counted[flow], tone) for flow, (name, tone) in FLOWS.items() if counted[flow]]
    legend = "".join(_legend(part, total) for part in parts)
    lines = [
        [
            _segment(row["from_segment"]),
            _segment(row["to_segment"]),
            label(grouped(row["customers"])),
            label(percent(float(row["share_of_from"]))),
            "" if row["revenue"] is None else label(compact(float(row["revenue"]))),
        ]
        for row in [row for row in rows if row["flow"] != "stayed"][:SHOWN_FLOWS]
    ]
    heads = [
        Text("From", "Dari"),
        Text("To", "Ke"),
        Text("Customers", "Pelanggan"),
        Text("Of origin", "Dari asal"),
        Text(currency, currency),
    ]
    since = rows[0]["previous_as_of"] if rows else ""
    return card(
        Text("Flows between segments", "Perpindahan segmen"),
        Text(
            f"Since {since}, with today's identity on both days; below, the {SHOWN_FLOWS} largest moves."
            " Who left has no purchase in the RFM window now; the amount is that of the window before.",
            f"Sejak {since}, dengan identitas hari ini pada kedua hari; di bawah, {SHOWN_FLOWS} terbesar."
            " Yang keluar kini tanpa pembelian dalam jendela RFM; nilainya dari jendela sebelumnya.",
        )
        if rows
        else Text("", ""),
        f'{stacked_bar(parts)}<ul class="legend">{legend}</ul>{table(heads, lines, left=2)}' if rows else "",
    )


def cohorts(rows: Rows, currency: str) -> str:
    """Who of each month's new customers bought again in the months after it."""
    by_month: dict[date, Rows] = {}
    for row in rows:
        by_month.setdefault(row["cohort_month"], []).append(row)
    heads = [
        Text("First purchase", "Pembelian pertama"),
        Text("Customers", "Pelanggan"),
        Text(f"{currency} each", f"{currency} per orang"),
    ]
    note = Text("", "")
    if any(row["is_left_truncated"] for row in rows):
        note = Text(
            " * The first month with orders: many had bought before, unseen.",
            " * Bulan pertama dengan pesanan: banyak yang sudah membeli sebelum tercatat.",
        )
    return card(
        Text("Who buys again", "Siapa membeli lagi"),
        Text(
            "What the first buyers of each month have brought so far, and the share of them who bought in the"
            f" 1st, 2nd ... month after it. A framed month is still running, blank ones lie ahead.{note.en}",
            "Nilai yang dibawa pembeli pertama tiap bulan sejauh ini, dan bagian mereka yang membeli di bulan"
            f" ke-1, ke-2 ... sesudahnya. Yang berbingkai masih berjalan, yang kosong belum tiba.{note.id}",
        ),
        triangle(heads, [_cohort(cells) for cells in by_month.values()]) if rows else "",
        wide=True,
    )


def pareto(rows: Rows, summary: Rows) -> str:
    """Which share of revenue and profit the best customers bring."""
    found = {(row["measure"], row["metric"]): float(row["value"]) for row in summary}
    series = [
        (
            MEASURES[measure],
            tone,
            [(r["customer_percent"] / 100, float(r["share"])) for r in rows if r["measure"] == measure],
        )
        for measure, tone in (("profit", "two"), ("revenue", "one"))
    ]
    top, gini = found.get(("revenue", "top_20_share"), 0.0), found.get(("revenue", "gini"), 0.0)
    return card(
        Text("Pareto curve", "Kurva pareto"),
        Text(
            f"The best 20% of customers bring {percent(top).en} of revenue; Gini {gini:.2f}.",
            f"20% pelanggan terbaik membawa {percent(top).id} pendapatan; Gini {gini:.2f}.",
        )
        if summary
        else Text("", ""),
        curves(series, Text("best customers", "pelanggan terbaik")) if rows else "",
    )


def clv(rows: Rows, currency: str) -> str:
    """Expected profit per customer, by tenth of customers."""
    total = sum(float(row["total"]) for row in rows) or 1.0
    bars = [
        Bar(
            Text(str(row["decile"]), str(row["decile"])),
            float(row["average"]),
            f"{row['decile']}: {row['customers']:,} customers, average {row['average']:,.0f} {currency},"
            f" {float(row['total']) / total:.0%} of all",
        )
        for row in rows
    ]
    days = rows[0]["horizon_days"] if rows else 0
    first = percent(float(rows[0]["total"]) / total) if rows else percent(0)
    return card(
        Text(f"Customer lifetime value, {currency}", f"Nilai pelanggan (CLV), {currency}"),
        Text(
            f"Expected profit per customer in {days} days; the best tenth holds {first.en} of it.",
            f"Laba harapan per pelanggan dalam {days} hari; sepersepuluh terbaik memegang {first.id}.",
        ),
        columns(bars, Text("tenths of customers, best first", "persepuluhan pelanggan, terbaik dulu"))
        if bars
        else "",
    )


def _cohort(cells: Rows) -> TriangleRow:
    """A cohort's row; month 0, in which everybody bought, is left out."""
    last, mark = cells[-1], " *" if cells[0]["is_left_truncated"] else ""
    shares = [
        Share(
            float(cell["retention"]),
            f"{cell['cohort_month']:%Y-%m} + {cell['months_since']}: {cell['active']:,} of"
            f" {cell['customers']:,} customers",
            is_running=not cell["is_complete"],
        )
        for cell in cells[1:]
    ]
    name = month_name(last["cohort_month"])
    earned = Text("", "") if last["per_customer"] is None else compact(float(last["per_customer"]))
    return TriangleRow(Text(name.en + mark, name.id + mark), [grouped(last["customers"]), earned], shares)


def month_name(day: date) -> Text:
    return Text(f"{MONTHS['en'][day.month - 1]} {day:%y}", f"{MONTHS['id'][day.month - 1]} {day:%y}")


def _segment(code: str) -> str:
    return label((SEGMENTS | ENDS).get(code, spoken(code)))


def _legend(part: Part, total: float) -> str:
    return (
        f'<li><i class="{part.tone}"></i>{label(part.name)}<b>{label(grouped(part.value))}</b>'
        f"<small>{percent(part.value / total).en}</small></li>"
    )
