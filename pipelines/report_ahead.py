"""The report's sections on what comes next: chance of churn, what runs out, the months ahead."""

from __future__ import annotations

from pipelines.pages.page import label
from pipelines.report_charts import Bar, Part, columns, compact, grouped, percent, stacked_bar
from pipelines.report_data import RUNOUT_DAYS, Rows
from pipelines.report_parts import card, table
from pipelines.report_value import month_name
from pipelines.report_words import CHURN_BANDS, REASONS, spoken
from warehouse.contracts import Text


def churn(rows: Rows, reasons: Rows) -> str:
    """How likely customers are not to buy within each horizon, and the main reasons."""
    bars, total = [], 0
    for horizon in sorted({row["horizon_days"] for row in rows}):
        counted = {row["band"]: row["customers"] for row in rows if row["horizon_days"] == horizon}
        total = sum(counted.values())
        known = [(CHURN_BANDS[band], counted[band]) for band in CHURN_BANDS if band in counted]
        parts = [Part(name, count, tone) for (name, tone), count in known]
        bars.append(f"<div>{label(Text(f'{horizon} days', f'{horizon} hari'))}</div>{stacked_bar(parts)}")
    legend = "".join(f'<li><i class="{tone}"></i>{label(name)}</li>' for name, tone in CHURN_BANDS.values())
    lines = [
        [
            label(REASONS.get(row["reason_code"], spoken(row["reason_code"]))),
            label(grouped(row["customers"])),
            label(percent(row["customers"] / total)),
            label(grouped(row["high"])),
        ]
        for row in reasons
    ]
    heads = [
        Text("Main reason", "Alasan utama"),
        Text("Customers", "Pelanggan"),
        Text("Share", "Bagian"),
        Text("High", "Tinggi"),
    ]
    return card(
        Text("Chance of not buying again", "Peluang tidak membeli lagi"),
        Text(
            "Customers by the band of the probability of no purchase within the horizon; below, why, and how"
            " many of them are high within 90 days or what is nearest to it.",
            "Pelanggan menurut kelompok peluang tanpa pembelian dalam jangka itu; di bawah, alasannya, dan"
            " berapa yang tinggi dalam 90 hari atau jangka terdekat.",
        ),
        f'<div class="churn">{"".join(bars)}</div><ul class="legend">{legend}</ul>{table(heads, lines)}'
        if bars
        else "",
    )


def runout(days: Rows, families: Rows, quality: Rows) -> str:
    """What customers are likely to need again in the days ahead, by day and by kind of product."""
    bars = [
        Bar(
            Text(f"{row['day']:%d}", f"{row['day']:%d}"),
            row["pairs"],
            f"{row['day']}: {row['pairs']:,}, of these {row['unsure']:,} of low confidence",
            pale=row["unsure"],
        )
        for row in days
    ]
    lines = [
        [
            label(Text(row["family"], row["family"])),
            label(grouped(row["pairs"])),
            label(grouped(float(row["expected"]))),
            label(grouped(row["remind"])),
        ]
        for row in families
    ]
    heads = [
        Text("Kind of product", "Jenis produk"),
        Text("Customers", "Pelanggan"),
        Text("Expected to buy", "Diharapkan membeli"),
        Text("To remind", "Perlu diingatkan"),
    ]
    return card(
        Text("What runs out", "Perkiraan habis"),
        Text(
            f"Customers and kinds of product by run-out day, the next {RUNOUT_DAYS} days; the paler part is"
            f" of low confidence.{_auc(quality, 'runout').en}",
            f"Pelanggan dan jenis produk menurut hari habis, {RUNOUT_DAYS} hari ke depan; bagian pucat kurang"
            f" meyakinkan.{_auc(quality, 'runout').id}",
        ),
        f"{columns(bars, every=3) if bars else ''}{table(heads, lines)}" if lines else "",
    )


def outlook(rows: Rows, quality: Rows, currency: str) -> str:
    """Expected revenue of the months ahead beside last year's."""
    bars = [
        Bar(
            month_name(row["month"]),
            float(row["revenue"]),
            f"{row['month']:%Y-%m}: {row['revenue']:,.0f} {currency}"
            f" ({row['low']:,.0f} to {row['high']:,.0f}), last year {_said(row['last_year'])}",
            pale=float(row["new_revenue"]),
            ends=(float(row["low"]), float(row["high"])),
            mark=None if row["last_year"] is None else float(row["last_year"]),
        )
        for row in rows
        if row["months_ahead"] > 0
    ]
    figures = {row["metric"]: row for row in quality if row["model"] == "revenue_outlook"}
    tested = Text("", "")
    if "holdout_revenue_bias" in figures:
        bias = figures["holdout_revenue_bias"]
        off, naive = percent(abs(bias["value"]), 1), percent(abs(bias["baseline"]), 1)
        span = bias["horizon_days"]
        tested = Text(
            f" Said {span} days earlier it was {off.en} off; the naive figure {naive.en}.",
            f" Bila dibuat {span} hari lebih awal, selisihnya {off.id}; angka naif {naive.id}.",
        )
    total = compact(sum(float(row["revenue"]) for row in rows if row["months_ahead"] > 0))
    return card(
        Text(
            f"Outlook: revenue of the months ahead, {currency}",
            f"Prospek: pendapatan bulan mendatang, {currency}",
        ),
        Text(
            f"{total.en} expected in twelve months; the paler part from customers still to come, the upright"
            f" line is the 80% interval, the amber one last year. Without anonymous sales."
            f"{tested.en}",
            f"{total.id} diharapkan dalam dua belas bulan; bagian pucat dari pelanggan yang akan datang,"
            f" garis tegak selang 80%, garis kuning tahun lalu. Tanpa penjualan anonim.{tested.id}",
        ),
        columns(bars, every=2) if bars else "",
    )


def _said(amount: object) -> str:
    return "unknown" if amount is None else f"{amount:,.0f}"


def _auc(quality: Rows, model: str) -> Text:
    found = [r for r in quality if r["model"] == model and r["metric"] == "holdout_auc_any_purchase"]
    if not found or found[0]["value"] is None:
        return Text("", "")
    value = f"{found[0]['value']:.2f}"
    return Text(
        f" Back-test: tells who buys within 30 days with AUC {value}.",
        f" Uji balik: membedakan siapa membeli dalam 30 hari dengan AUC {value.replace('.', ',')}.",
    )
