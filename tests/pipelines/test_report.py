"""The report is a function of a release's rows; its charts are functions of a few numbers."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from pipelines.report import report_html
from pipelines.report_charts import (
    Bar,
    Cell,
    Part,
    Share,
    Span,
    TriangleRow,
    columns,
    compact,
    curves,
    grouped,
    heat_map,
    nice_ceiling,
    signed,
    spans,
    stacked_bar,
    triangle,
)
from pipelines.report_data import Rows, report_rows
from tests.support.small_releases import DAY, publish_rows
from warehouse.contracts import Text

SAME = Text("x", "x")
CUSTOMERS = [{"customer_id": i, "lifecycle_stage": "active" if i < 6 else "prospect"} for i in range(1, 9)]
RFM = [
    {"customer_id": i, "r_score": 5, "f_score": 5 if i < 6 else 1, "monetary": 1000 * i,
     "segment": "champions" if i < 6 else "new", "recency_days": 3}
    for i in range(1, 9)
]  # fmt: skip
ORDERS = [
    {"order_id": 1, "customer_id": 1, "ordered_on": DAY, "net_revenue": 1500, "margin": 500},
    {"order_id": 2, "customer_id": None, "ordered_on": DAY, "net_revenue": 500, "margin": 100},
    {"order_id": 3, "customer_id": 1, "ordered_on": date(2025, 12, 20), "net_revenue": 1000, "margin": 1},
]
CHECKS = [
    {"table_name": "rfm", "rule": "key_unique", "severity": "error", "is_passed": True, "count_checked": 8},
    {"table_name": "clv", "rule": "clv_<high>", "severity": "error", "is_passed": False, "count_failed": 2},
    {"table_name": "rfm", "rule": "odd", "severity": "warn", "is_passed": False, "count_failed": 1},
]
QUARANTINE = [{"channel": "pos", "contract": "order_lines.1", "rule": "required"}] * 2
FLOWS = [
    {"from_segment": "champions", "to_segment": "champions", "flow": "stayed", "customers": 90},
    {"from_segment": "loyal", "to_segment": "champions", "flow": "moved", "customers": 4, "revenue": 771},
    {"from_segment": "loyal", "to_segment": "left_window", "flow": "lost", "customers": 6,
     "revenue": 0, "previous_revenue": 6400},
]  # fmt: skip
NOVEMBER, DECEMBER = date(2025, 11, 1), date(2025, 12, 1)
COHORTS = [
    {"cohort_month": date(2020, 1, 1), "months_since": 0, "customers": 9, "active": 9, "retention": 1},
    *(
        {"cohort_month": NOVEMBER, "months_since": n, "customers": 8, "active": active, "retention": share,
         "cumulative_revenue": 800 * (n + 1), "is_complete": n < 2, "is_left_truncated": True}
        for n, (active, share) in enumerate([(8, 1), (2, "0.25"), (0, 0)])
    ),
    *(
        {"cohort_month": DECEMBER, "months_since": n, "customers": 4, "active": active, "retention": share,
         "cumulative_revenue": 771, "is_complete": n < 1}
        for n, (active, share) in enumerate([(4, 1), (2, "0.5")])
    ),
]  # fmt: skip
CHURN = [
    {"customer_id": i, "horizon_days": days, "churn_band": "high" if i < 3 or days == 30 else "low",
     "reason_code": "one_time_silent" if i < 4 else "as_usual"}
    for i in range(1, 6)
    for days in (30, 90)
]  # fmt: skip
FEBRUARY = [date(2026, 2, day) for day in range(1, 29)]
RUNOUT = [
    {"customer_id": i, "product_family": "Teh" if i < 7 else "Gula", "run_out_date": date(2026, 2, 3),
     "remind_on": date(2026, 2, 1), "p_reorder_30": "0.5", "confidence": "low" if i < 3 else "high"}
    for i in range(1, 9)
]  # fmt: skip
OUTLOOK = [
    {"months_ahead": 0, "month_start": date(2026, 1, 1), "revenue": 999},
    {"months_ahead": 1, "month_start": date(2026, 2, 1), "revenue": 1000, "new_revenue": 250, "revenue_low": 600,
     "revenue_high": 1500, "last_year_revenue": 800},
    {"months_ahead": 2, "month_start": date(2026, 3, 1), "revenue": 3000, "new_revenue": 900, "revenue_low": 2000,
     "revenue_high": 4000, "last_year_revenue": None},
]  # fmt: skip
QUALITY = [
    {"model": "mbg_nbd", "metric": "is_in_use", "value": 1, "baseline": None, "horizon_days": 90},
    {"model": "mbg_nbd", "metric": "holdout_mae", "value": 1, "baseline": 2, "horizon_days": 90},
    {"model": "runout", "metric": "holdout_auc_any_purchase", "value": "0.71", "baseline": "0.6", "horizon_days": 30},
    {"model": "revenue_outlook", "metric": "holdout_revenue_bias", "value": "-0.05", "baseline": "0.1",
     "horizon_days": 90},
]  # fmt: skip
YEAR = {"period": "year", "quantity": 5, "net_revenue": 1000, "rank_from_last_by_revenue": 9}
SOLD = [
    YEAR | {"breakdown": "category", "item": "Kopi", "rank_by_revenue": 1, "rank_from_last_by_revenue": 2},
    YEAR | {"breakdown": "category", "item": "(none)", "rank_by_revenue": None, "net_revenue": 7},
    YEAR
    | {
        "breakdown": "product",
        "item": "K1",
        "rank_by_revenue": 1,
        "change": "-0.125",
        "returned_share": "0.5",
    },
    YEAR | {"breakdown": "product", "item": "K6", "rank_by_revenue": 6},
    YEAR
    | {
        "breakdown": "product",
        "item": "K9",
        "rank_by_revenue": 9,
        "rank_from_last_by_revenue": 1,
        "change": None,
    },
    YEAR
    | {"breakdown": "product", "item": "K1", "rank_by_revenue": 1, "period": "month", "net_revenue": 4711},
]
MARKET = [
    {"breakdown": "city", "city_code": code, "rank_by_potential": rank, "is_under_penetrated": rank < 3, "customers": 40,
     "penetration": "0.0001", "reference_penetration": "0.0003", "potential_buyers": 120, "potential_revenue": 9000}
    for rank, code in enumerate(["32.73", "31", "12.71"], start=1)
]  # fmt: skip
LEADS = [
    {"breakdown": "source", "item": "google", "leads": 90, "buyers": 30, "conversion_rate": "0.25",
     "revenue_per_lead": 1000, "cost_per_lead": None},
    {"breakdown": "source", "item": "(other)", "leads": 9, "conversion_rate": None, "revenue_per_lead": None,
     "cost_per_lead": None},
    {"breakdown": "event", "item": "Expo", "leads": 20, "buyers": 6, "revenue_per_lead": 500, "cost_per_lead": 2000},
    {"breakdown": "event", "item": "(other)", "leads": 79},
]  # fmt: skip
MATRIX = [
    {"repeats": 0, "days_from": 0, "days_to": 30, "customers": 9, "expected_purchases": "1.25", "p_alive": "0.5",
     "horizon_days": 365},
    {"repeats": 7, "days_from": 366, "days_to": None, "customers": 3, "expected_purchases": None, "p_alive": None,
     "horizon_days": 365},
    {"repeats": 0, "days_from": 0, "days_to": 30, "customers": 4711, "expected_purchases": "9", "p_alive": "1",
     "horizon_days": 30},
]  # fmt: skip
CALIBRATION = [
    {"breakdown": "repeats", "group_no": 0, "customers": 1200, "purchases_foretold": "0.5", "purchases_seen": "0.25",
     "probability_foretold": "0.2", "share_bought": "0.1", "horizon_days": 90},
    {"breakdown": "repeats", "group_no": 7, "customers": 4, "purchases_foretold": None, "purchases_seen": None,
     "probability_foretold": None, "share_bought": None, "horizon_days": 90},
    {"breakdown": "probability", "group_no": 2, "customers": 1204, "purchases_foretold": 1, "purchases_seen": 1,
     "probability_foretold": "0.25", "share_bought": "0.5", "horizon_days": 90},
]  # fmt: skip
TRACKING = [
    {"cutoff": date(2026, 1, 14), "week_end": date(2026, 1, day), "is_holdout": day > 14, "purchases_seen": 2,
     "purchases_foretold": "1.5", "cumulative_seen": 2 * week, "cumulative_foretold": str(1.5 * week)}
    for week, day in enumerate((7, 14, 21), start=1)
]  # fmt: skip
FILLED = {
    "value_matrix": MATRIX,
    "model_calibration": CALIBRATION,
    "model_tracking": TRACKING,
    "churn": CHURN,
    "runout": RUNOUT,
    "dim_date": [{"date": day} for day in FEBRUARY],
    "revenue_outlook": OUTLOOK,
    "model_quality": QUALITY,
    "product_sales": SOLD,
    "dim_product": [{"product_id": "K1", "product_name": "Kopi & Susu"}],
    "market_potential": MARKET,
    "lead_sources": LEADS,
    "rfm_migration": FLOWS,
    "cohorts": COHORTS,
    "customers": CUSTOMERS,
    "rfm": RFM,
    "orders": ORDERS,
    "quality_results": CHECKS,
    "quarantine": QUARANTINE,
}


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A release with a few rows, and one whose tables are all empty."""
    found = {}
    for name, filled in (("filled", FILLED), ("empty", {})):
        found[name] = tmp_path_factory.mktemp(name)
        publish_rows(found[name], filled)
    return found


@pytest.fixture(scope="module")
def rows(releases: dict[str, Path]) -> dict[str, Rows]:
    return report_rows(releases["filled"])


def test_sales_of_the_last_days_are_told_apart_from_those_before(rows: dict[str, Rows]) -> None:
    head = rows["headline"][0]
    assert (head["orders"], head["buyers"], int(head["revenue"])) == (3, 1, 3000)
    assert (int(head["revenue_30"]), int(head["revenue_30_before"])) == (2000, 1000)
    assert int(head["anonymous"]) == 500


def test_a_group_under_five_customers_shows_no_amount(rows: dict[str, Rows]) -> None:
    cells = {(row["r_score"], row["f_score"]): (row["customers"], row["revenue"]) for row in rows["rfm"]}
    assert cells[5, 5] == (5, 15000)
    assert cells[5, 1] == (3, None)


def cells_of(page: str, title: str) -> list[list[str]]:
    """The table of a card as its English words, row by row."""
    body = page.split(title, 1)[1].split("<tbody>", 1)[1].split("</tbody>", 1)[0]
    english = re.sub(r'<span class="id".*?</span>', "", body)
    lines = [re.findall(r"<td[^>]*>(.*?)</td>", line) for line in english.split("</tr>")[:-1]]
    return [[re.sub(r"<.*?>", "", cell) for cell in line] for line in lines]


def test_flows_name_the_largest_moves_and_what_went_with_those_who_left(rows: dict[str, Rows]) -> None:
    page = report_html("Toko", rows)
    assert cells_of(page, "Flows between segments") == [
        ["loyal", "no purchase in the window", "6", "0%", "6.4 k"],
        ["loyal", "champions", "4", "0%", ""],
    ]
    assert "Since 2026-01-31" in page and re.search(r"stayed</span>.*?<b>.*?90.*?<small>90%", page)


def test_cohorts_of_two_years_are_a_triangle_blank_where_nothing_is_known_yet(rows: dict[str, Rows]) -> None:
    page = report_html("Toko", rows)
    assert cells_of(page, "Who buys again") == [
        ["Nov 25 *", "8", "300", "25%", "0%"],
        ["Dec 25", "4", "", "50%", ""],
    ]
    card = page.split("Who buys again", 1)[1].split("</article>", 1)[0]
    assert card.count("heat running") == 2 and card.count('<td class="heat"') == 1
    assert "2025-11 + 1: 2 of 8 customers" in page and "many had bought before" in page


def test_bands_of_churn_stand_by_horizon_and_reasons_by_customers(rows: dict[str, Rows]) -> None:
    counted = [(row["horizon_days"], row["band"], row["customers"]) for row in rows["churn"]]
    assert counted == [(30, "high", 5), (90, "high", 2), (90, "low", 3)]
    assert cells_of(report_html("Toko", rows), "Chance of not buying again") == [
        ["bought once, silent since", "3", "60%", "2"],
        ["as usual", "2", "40%", "0"],
    ]


def test_what_runs_out_is_counted_on_every_day_ahead(rows: dict[str, Rows]) -> None:
    assert [row["day"] for row in rows["runout_days"]] == FEBRUARY
    assert [(row["pairs"], row["unsure"]) for row in rows["runout_days"]][1:4] == [(0, 0), (8, 2), (0, 0)]
    page = report_html("Toko", rows)
    assert cells_of(page, "What runs out") == [["Teh", "6", "3", "6"]], "a kind of two customers is not shown"
    assert "with AUC 0.71" in page and "dengan AUC 0,71" in page


def test_the_months_ahead_stand_beside_last_year_and_say_how_far_off_they_were(rows: dict[str, Rows]) -> None:
    page = report_html("Toko", rows)
    assert "2026-02: 1,000 IDR (600 to 1,500), last year 800" in page
    assert "2026-03: 3,000 IDR (2,000 to 4,000), last year unknown" in page
    assert "4 k expected in twelve months" in page and "4 rb diharapkan" in page
    assert "Said 90 days earlier it was 5.0% off; the naive figure 10.0%." in page
    card = page.split("Outlook: revenue of the months ahead", 1)[1].split("</article>", 1)[0]
    assert card.count('class="whisker"') == 2 and card.count('class="seen"') == 1


def test_the_models_card_is_about_the_purchase_model(rows: dict[str, Rows]) -> None:
    assert len(cells_of(report_html("Toko", rows), "Model quality")) == 1


def test_the_matrix_shows_a_year_and_says_where_too_few_are(rows: dict[str, Rows]) -> None:
    page = report_html("Toko", rows)
    assert cells_of(page, "Still a customer") == [
        ["0\N{EN DASH}30", "50%", *[""] * 7],
        ["366+", *[""] * 7, "&lt;5"],
    ]
    assert [line[1] for line in cells_of(page, "Purchases expected in 365 days")] == ["1.2", ""]
    assert "4,711" not in page


def test_the_hold_out_is_drawn_with_what_was_foretold(rows: dict[str, Rows]) -> None:
    page = report_html("Toko", rows)
    assert "about 1,204 customers" in page and "tentang 1.204 pelanggan" in page
    assert "0: 1,200 customers, foretold 0.50, seen 0.25" in page and "7+: 4 customers" not in page
    assert page.count('class="dot one"') == 1 and "<title>25%: 50%</title>" in page


def test_weeks_stand_on_both_sides_of_the_cut(rows: dict[str, Rows]) -> None:
    card = (
        report_html("Toko", rows).split("Repeat purchases, foretold and seen", 1)[1].split("</article>", 1)[0]
    )
    assert card.count('class="cut" x1="316.0"') == 2, "the second of three weeks, in both charts"
    assert "25% below what came" in card and "25% di bawah kenyataan" in card and card.count("<polyline") == 4


def test_a_frequency_that_nobody_has_is_explained(rows: dict[str, Rows]) -> None:
    page = report_html("Toko", rows)
    assert "Nobody has F 2, F 3, F 4: who bought equally often shares a score" in page


def test_what_sells_best_and_worst_is_named_with_its_change(rows: dict[str, Rows]) -> None:
    page = report_html("Toko", rows)
    assert cells_of(page, "What sells") == [
        ["Kopi &amp; Susu", "1", "5", "1 k", "−12.5%", "50%"],
        ["K9", "9", "5", "1 k", "", "0%"],
    ]
    assert page.split("What sells", 1)[1].split("</ul>", 1)[0].count("<li>") == 1


def test_places_with_most_to_win_are_named_and_a_province_stands_for_its_rest(rows: dict[str, Rows]) -> None:
    page = report_html("Toko", rows)
    assert cells_of(page, "Where more could buy") == [
        ["Kota Bandung", "40", "1.00", "9 k"],
        ["rest of Daerah Khusus Ibukota Jakarta", "40", "1.00", "9 k"],
    ]
    assert "(3.00 in 10,000)" in page


def test_sources_and_events_say_what_a_contact_brought_and_cost(rows: dict[str, Rows]) -> None:
    assert cells_of(report_html("Toko", rows), "Where customers come from") == [
        ["google", "90", "30", "1 k", ""],
        ["others and unknown", "9", "0", "0", ""],
        ["Expo", "20", "6", "500", "2 k"],
    ]


def test_quarantine_is_counted_by_rule(rows: dict[str, Rows]) -> None:
    assert rows["quarantine"] == [{"channel": "pos", "contract": "order_lines.1", "rule": "required", "n": 2}]


def test_failed_checks_come_first_and_are_escaped(rows: dict[str, Rows]) -> None:
    page = report_html("Toko <Satu>", rows)
    assert [row["rule"] for row in rows["quality"]] == ["clv_<high>", "odd", "key_unique"]
    assert "clv_<wbr>&lt;high&gt;" in page and "Toko &lt;Satu&gt;" in page and "<high>" not in page
    assert "1 failed, 1 warned" in page and "1 gagal, 1 peringatan" in page


def test_the_page_loads_nothing_from_outside(rows: dict[str, Rows]) -> None:
    page = report_html("Toko", rows)
    assert "://" not in page and "@import" not in page and "url(" not in page
    assert set(re.findall(r'(?:href|src)="([^"]*)"', page)) == {
        "#top",
        "dictionary.html",
        "identity.html",
        "quality.html",
    }


def test_a_release_without_sales_still_has_a_report(releases: dict[str, Path]) -> None:
    page = report_html("Toko", report_rows(releases["empty"]))
    assert "Nothing to show." in page and "Tidak ada yang perlu ditampilkan." in page


@pytest.mark.parametrize(
    ("value", "english", "indonesian"),
    [
        (950, "950", "950"),
        (12_345, "12.3 k", "12,3 rb"),
        (2_600_000_000, "2.6 B", "2,6 M"),
        (999_999, "1 M", "1 jt"),
        (-1_500_000, "-1.5 M", "-1,5 jt"),
    ],
)
def test_amounts_are_short_in_both_languages(value: float, english: str, indonesian: str) -> None:
    assert compact(value) == Text(english, indonesian)


def test_counts_are_grouped_as_each_language_does() -> None:
    assert grouped(24198) == Text("24,198", "24.198")


def test_the_axis_ends_at_a_round_number_above_every_bar() -> None:
    assert [nice_ceiling(v) for v in (0, 3, 143_000, 290, 1000)] == [1, 4, 200_000, 400, 1000]
    assert [nice_ceiling(v) for v in (5, 9, 47)] == [8, 12, 60], "quarters of counts are counts"


def test_parts_of_a_bar_fill_it() -> None:
    svg = stacked_bar([Part(SAME, 1, "t1"), Part(SAME, 3, "t2")])
    assert re.findall(r' x="([\d.]+)" y="0" width="([\d.]+)"', svg) == [("0.0", "248.0"), ("250.0", "748.0")]


def test_a_heat_map_has_a_square_for_every_pair_of_scores() -> None:
    svg = heat_map([Cell(5, 1, 9.0, SAME, SAME, "best & only")], SAME, SAME)
    assert svg.count('class="empty"') == 24 and svg.count('class="one"') == 1
    assert "best &amp; only" in svg


def test_a_triangle_leaves_blank_what_is_not_observed_and_colours_what_is_nothing() -> None:
    rows = [
        TriangleRow(SAME, [SAME], [Share(0.5, "a & b"), Share(0.0, "none", is_running=True)]),
        TriangleRow(SAME, [SAME], []),
    ]
    table = triangle([SAME, SAME], rows)
    assert re.findall(r'class="(heat[^"]*)" style="--heat:([\d.]+)"', table) == [
        ("heat", "0.50"),
        ("heat running", "0.04"),
    ]
    assert table.count("<td></td>") == 2 and table.count("<th") == 5 and "a &amp; b" in table


def test_a_curve_runs_from_corner_to_corner() -> None:
    svg = curves([(SAME, "one", [(0.0, 0.0), (1.0, 1.0)])], SAME)
    assert 'points="46.0,310.0 566.0,10.0"' in svg


def test_the_highest_bar_stays_below_the_ceiling() -> None:
    svg = columns([Bar(SAME, 4.0, "a", pale=1.0), Bar(SAME, 2.0, "b")])
    assert re.findall(r'class="one" [^/]*? y="([\d.]+)"', svg) == ["12.0", "117.0"]
    assert svg.count('class="pale"') == 1


def test_a_bar_with_an_interval_stays_below_the_ceiling_as_a_whole() -> None:
    svg = columns([Bar(SAME, 2.0, "a", ends=(1.0, 4.0), mark=3.0)])
    assert re.findall(r'class="whisker"[^/]*? y1="([\d.]+)" y2="([\d.]+)"', svg) == [("12.0", "169.5")]
    assert re.findall(r'class="seen"[^/]*? y1="([\d.]+)"', svg) == ["64.5"]


def test_bits_show_their_sign_and_no_negative_zero() -> None:
    assert signed(12.34) == Text("+12.3", "+12,3")
    assert signed(-0.04) == Text("+0.0", "+0,0") and signed(-8).en == "\N{MINUS SIGN}8.0"


def test_bars_of_both_directions_start_at_the_same_line() -> None:
    chart = spans([Span(SAME, 0, 5, "t3", SAME), Span(SAME, 0, -5, "t5", SAME, True)], -5, 15, mark=5)
    assert re.findall(r'<rect class="(t\d)" x="([\d.]+)%" y="50%" width="([\d.]+)%"', chart) == [
        ("t3", "25.00", "25.00"),
        ("t5", "0.00", "25.00"),
    ]
    assert chart.count('class="zero" x1="25.00%"') == 2 and chart.count('class="mark" x1="50.00%"') == 2
    assert chart.count('<li class="faint">') == 1
