"""The report's sections on the purchase model: what it says of whom, and how right it was on a hold-out."""

from __future__ import annotations

from datetime import date
from typing import Any

from pipelines.pages.page import label
from pipelines.report_charts import Bar, columns, curves, grouped, percent
from pipelines.report_data import SMALLEST_GROUP, Rows
from pipelines.report_parts import card
from pipelines.report_plots import GridRow, Line, Shade, decimal, grid, timeline
from pipelines.report_value import month_name
from warehouse.contracts import Text

LAST_REPEATS = 7
"""The last group of repeat purchases: so many or more."""
TICKS = 6


def matrix(rows: Rows) -> str:
    """Chance of still being a customer and purchases to come, by repeat purchases and silence."""
    if not rows:
        return card(_MATRIX, Text("", ""), "")
    days = rows[0]["horizon_days"]
    across = [_repeats(number) for number in range(LAST_REPEATS + 1)]
    bands = sorted({(row["days_from"], row["days_to"] or 0) for row in rows})
    cells = {(row["days_from"], row["repeats"]): row for row in rows}

    def lines(figure: str) -> list[GridRow]:
        shown = percent if figure == "p_alive" else decimal
        return [
            GridRow(
                _band(start, end),
                [_shade(cells.get((start, number)), figure, shown) for number in range(LAST_REPEATS + 1)],
            )
            for start, end in bands
        ]

    corner = Text("days since last", "hari sejak terakhir")
    alive = Text("Still a customer", "Masih menjadi pelanggan")
    expected = Text(f"Purchases expected in {days} days", f"Pembelian yang diharapkan dalam {days} hari")
    return card(
        _MATRIX,
        Text(
            "What the model expects by repeat purchases so far (across) and days since the last purchase"
            " (down): the more often somebody came, the sooner silence tells. Cells under"
            f" {SMALLEST_GROUP} customers are not shown.",
            "Harapan model menurut pembelian ulang sejauh ini (ke samping) dan hari sejak pembelian terakhir"
            " (ke bawah): makin sering datang, makin cepat diam berarti pergi. Sel di bawah"
            f" {SMALLEST_GROUP} pelanggan tidak ditampilkan.",
        ),
        f"<h3>{label(alive)}</h3>{grid(corner, across, lines('p_alive'))}"
        f"<h3>{label(expected)}</h3>{grid(corner, across, lines('expected_purchases'))}",
    )


def calibration(rows: Rows) -> str:
    """Foretold and seen on the hold-out, by repeat purchases and by the chance that was said."""
    shown = [row for row in rows if row["share_bought"] is not None]
    bars = [
        Bar(
            _repeats(row["group_no"]),
            float(row["purchases_seen"]),
            f"{_repeats(row['group_no']).en}: {row['customers']:,} customers, foretold"
            f" {row['purchases_foretold']:.2f}, seen {row['purchases_seen']:.2f}",
            mark=float(row["purchases_foretold"]),
        )
        for row in shown
        if row["breakdown"] == "repeats"
    ]
    points = [
        (float(row["probability_foretold"]), float(row["share_bought"]))
        for row in shown
        if row["breakdown"] == "probability"
    ]
    if not bars:
        return card(_CALIBRATION, Text("", ""), "")
    head = shown[0]
    total = sum(row["customers"] for row in rows if row["breakdown"] == "repeats")
    by_repeats = Text("Purchases per customer", "Pembelian per pelanggan")
    by_chance = Text("Those told a chance, and how many bought", "Peluang yang disebut, dan yang membeli")
    return card(
        _CALIBRATION,
        Text(
            f"What the model said on {head['cutoff']} about {total:,} customers and the"
            f" {head['horizon_days']} days after. Bars: what came; amber: what was foretold. Below, points on"
            " the dashed line came as often as said.",
            f"Kata model pada {head['cutoff']} tentang {grouped(total).id} pelanggan dan"
            f" {head['horizon_days']} hari sesudahnya. Batang: kenyataan; kuning: ramalan. Di bawah, titik"
            " pada garis putus terjadi sesering yang disebut.",
        ),
        f"<h3>{label(by_repeats)}</h3>"
        + columns(bars, Text("repeat purchases before", "pembelian ulang sebelumnya"))
        + f"<h3>{label(by_chance)}</h3>"
        + curves(
            [(Text("bought", "membeli"), "one", points)],
            Text("said chance to buy", "peluang membeli menurut model"),
            dots=True,
        ),
    )


def tracking(rows: Rows) -> str:
    """Repeat purchases week by week, foretold and seen, before and after the cut."""
    if len(rows) < 2:
        return card(_TRACKING, Text("", ""), "")
    cutoff = rows[0]["cutoff"]
    ends = [row["week_end"] for row in rows]
    later = [row for row in rows if row["is_holdout"]]
    said, came = (sum(float(row[f"purchases_{kind}"]) for row in later) for kind in ("foretold", "seen"))
    gap = _gap(said / max(came, 1) - 1)
    foretold, seen = Text("foretold", "ramalan"), Text("seen", "kenyataan")

    def chart(kind: str) -> str:
        series = [
            Line(seen, "one", [float(row[f"{kind}_seen"]) for row in rows]),
            Line(foretold, "two", [float(row[f"{kind}_foretold"]) for row in rows]),
        ]
        return timeline(series, _ticks(ends), sum(not row["is_holdout"] for row in rows) - 1, _CUT)

    week, total = Text("Each week", "Tiap minggu"), Text("In all so far", "Jumlah sejauh ini")
    return card(
        _TRACKING,
        Text(
            f"Of customers who first bought by {cutoff}, the dashed line; the model saw nothing after it."
            f" What it foretold of the days after it is {gap.en}.",
            f"Dari pelanggan yang pertama membeli sampai {cutoff}, garis putus; sesudahnya model tidak"
            f" melihat apa pun. Ramalannya untuk hari-hari sesudahnya {gap.id}.",
        ),
        f"<h3>{label(total)}</h3>{chart('cumulative')}<h3>{label(week)}</h3>{chart('purchases')}",
    )


_MATRIX = Text("How often, how long ago", "Seberapa sering, seberapa lama")
_CALIBRATION = Text("Foretold and seen", "Ramalan dan kenyataan")
_TRACKING = Text("Repeat purchases, foretold and seen", "Pembelian ulang, ramalan dan kenyataan")
_CUT = Text("cut", "batas")


def _gap(share: float) -> Text:
    """How far what was foretold is from what came."""
    if round(share, 2) == 0:
        return Text("what came", "sama dengan kenyataan")
    far = f"{abs(share):.0%}"
    if share > 0:
        return Text(f"{far} above what came", f"{far} di atas kenyataan")
    return Text(f"{far} below what came", f"{far} di bawah kenyataan")


def _repeats(number: int) -> Text:
    shown = f"{number}+" if number == LAST_REPEATS else str(number)
    return Text(shown, shown)


def _band(start: int, end: int) -> Text:
    shown = f"{start}\N{EN DASH}{end}" if end else f"{start}+"
    return Text(shown, shown)


def _shade(row: dict[str, Any] | None, figure: str, shown: Any) -> Shade | None:
    """A cell; with too few customers it says so and has no colour."""
    if row is None:
        return None
    if row[figure] is None:
        few = f"<{SMALLEST_GROUP}"
        return Shade(None, Text(few, few), f"fewer than {SMALLEST_GROUP} customers")
    return Shade(float(row[figure]), shown(float(row[figure])), f"{row['customers']:,} customers")


def _ticks(ends: list[date]) -> dict[int, Text]:
    """A few places along the weeks, named by their month."""
    step = max(1, len(ends) // TICKS)
    return {place: month_name(ends[place]) for place in range(step // 2, len(ends), step)}
