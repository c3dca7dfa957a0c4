"""The report's sections on trust: headline figures, models against naive forecasts, quarantine, checks."""

from __future__ import annotations

from html import escape
from typing import Any

from pipelines.pages.page import label
from pipelines.report_charts import compact, grouped
from pipelines.report_data import Rows
from pipelines.report_parts import card, code, table, tile
from pipelines.report_words import METRICS, spoken
from warehouse.contracts import Text


def tiles(rows: dict[str, Rows]) -> str:
    """The figures of the release in one line."""
    head, currency = rows["headline"][0], rows["release"][0]["currency"]
    customers = sum(row["customers"] for row in rows["stages"])
    failed = [row for row in rows["quality"] if not row["is_passed"]]
    errors = sum(row["severity"] == "error" for row in failed)
    rejected = sum(int(row["quarantined"]) for row in rows["conservation"])
    received = sum(int(row["received"]) for row in rows["conservation"])
    share = Text(
        f"{rejected / received:.2%} of {received:,} rows" if received else "",
        f"{rejected / received:.2%} dari {received:,} baris".replace(",", ".") if received else "",
    )
    bought = Text(
        f"{head['buyers']:,} bought in 365 days", f"{grouped(head['buyers']).id} membeli dalam 365 hari"
    )
    sales = Text(f"Sales, 365 days ({currency})", f"Penjualan 365 hari ({currency})")
    recent = Text(f"Sales, 30 days ({currency})", f"Penjualan 30 hari ({currency})")
    return "".join(
        [
            '<div class="tiles">',
            tile(Text("Customers", "Pelanggan"), grouped(customers), label(bought)),
            tile(sales, compact(float(head["revenue"])), _orders(head)),
            tile(recent, compact(float(head["revenue_30"])), _change(head)),
            tile(
                Text("Checks passed", "Pemeriksaan lulus"),
                grouped(len(rows["quality"]) - len(failed)),
                label(
                    Text(
                        f"{errors} failed, {len(failed) - errors} warned",
                        f"{errors} gagal, {len(failed) - errors} peringatan",
                    )
                ),
                bad=errors > 0,
            ),
            tile(Text("Rows in quarantine", "Baris di karantina"), grouped(rejected), label(share)),
            "</div>",
        ]
    )


def models(rows: Rows) -> str:
    """How well the value models foretold what they had not seen, against the naive forecast."""
    in_use = {row["model"] for row in rows if row["metric"] == "is_in_use" and row["value"] == 1}
    tested = [row for row in rows if row["metric"] in METRICS and row["model"] in in_use]
    order = list(METRICS)
    lines = []
    for row in sorted(tested, key=lambda r: (r["model"], order.index(r["metric"]))):
        name, better = METRICS[row["metric"]]
        lines.append([label(name), _figure(row["value"]), _figure(row["baseline"]), _judged(row, better)])
    heads = [
        Text("Back-test", "Uji balik"),
        Text("Model", "Model"),
        Text("Naive", "Naif"),
        Text("Better", "Lebih baik"),
    ]
    lead = Text("", "")
    if tested:
        row = tested[0]
        lead = Text(
            f"{row['model']}: fitted up to {row['cutoff']}, tested on the {row['horizon_days']} days after.",
            f"{row['model']}: dilatih sampai {row['cutoff']}, diuji {row['horizon_days']} hari sesudahnya.",
        )
    return card(Text("Model quality", "Mutu model"), lead, table(heads, lines) if lines else "")


def quarantine(rules: Rows, conservation: Rows) -> str:
    """Rows that were not accepted, by rule, and where every received row went."""
    lines = [
        [
            code(r["channel"]),
            escape(r["contract"]),
            escape(spoken(r["rule"]).en),
            label(grouped(r["n"])),
        ]
        for r in rules
    ]
    heads = [
        Text("Channel", "Kanal"),
        Text("Contract", "Kontrak"),
        Text("Rule", "Aturan"),
        Text("Rows", "Baris"),
    ]
    names = ("received", "accepted", "filtered", "duplicates", "suppressed", "expired", "quarantined")
    flow = [[code(row["channel"]), *(label(grouped(row[name])) for name in names)] for row in conservation]
    flow_heads = [
        heads[0],
        Text("Received", "Diterima"),
        Text("Accepted", "Dipakai"),
        Text("Filtered", "Disaring"),
        Text("Duplicates", "Ganda"),
        Text("Suppressed", "Dihapus"),
        Text("Expired", "Lewat masa simpan"),
        Text("Quarantine", "Karantina"),
    ]
    shown = table(heads, lines[:12], left=3) if lines else ""
    more = label(Text("Where every row went, by channel", "Ke mana setiap baris pergi, per kanal"))
    accounts = f"<details><summary>{more}</summary>{table(flow_heads, flow)}</details>"
    return card(
        Text("Quarantine by rule", "Karantina menurut aturan"),
        Text(
            "The command satu quarantine list says which file and line, and what to do.",
            "Perintah satu quarantine list menyebut berkas, baris, dan tindakannya.",
        ),
        shown + accounts if flow else "",
    )


def quality(rows: Rows) -> str:
    """Every check of the release, failed ones first."""
    failed = [row for row in rows if not row["is_passed"]]
    heads = [
        Text("Table", "Tabel"),
        Text("Rule", "Aturan"),
        Text("Outcome", "Hasil"),
        Text("Rows checked", "Baris diperiksa"),
        Text("Rows failed", "Baris gagal"),
    ]
    by_table: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_table.setdefault(row["table_name"], []).append(row)
    summary = [
        [
            code(name),
            label(grouped(sum(r["is_passed"] for r in found))),
            label(grouped(sum(not r["is_passed"] for r in found))),
            label(grouped(max(r["count_checked"] for r in found))),
        ]
        for name, found in sorted(
            by_table.items(), key=lambda item: (all(r["is_passed"] for r in item[1]), item[0])
        )
    ]
    summary_heads = [heads[0], Text("Passed", "Lulus"), Text("Not passed", "Tidak lulus"), heads[3]]
    first = table(heads, [_check(row) for row in failed], left=3) if failed else ""
    every = Text(f"All {len(rows):,} checks", f"Semua {len(rows):,} pemeriksaan")
    lead = Text(
        "Not passed first." if failed else "Every check passed.",
        "Yang tidak lulus lebih dulu." if failed else "Semua pemeriksaan lulus.",
    )
    return card(
        Text("Quality checks", "Pemeriksaan mutu"),
        lead,
        f"{first}{table(summary_heads, summary)}<details><summary>{label(every)}</summary>"
        f"{table(heads, [_check(row) for row in rows], left=3)}</details>"
        if rows
        else "",
        wide=True,
    )


def _orders(head: dict[str, Any]) -> str:
    return label(Text(f"{head['orders']:,} orders", f"{grouped(head['orders']).id} pesanan"))


def _change(head: dict[str, Any]) -> str:
    before = float(head["revenue_30_before"])
    if before <= 0:
        return ""
    change = float(head["revenue_30"]) / before - 1
    tone = "good" if change >= 0 else "poor"
    said = label(Text("against the 30 days before", "terhadap 30 hari sebelumnya"))
    return f'<b class="{tone}">{change:+.0%}</b> {said}'


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return label(grouped(value)) if abs(value) >= 100 else f"{value:.3f}"


def _judged(row: dict[str, Any], better: str) -> str:
    if not better or row["baseline"] is None:
        return ""
    value, baseline = row["value"], row["baseline"]
    won = {"more": value > baseline, "less": value < baseline, "zero": abs(value) < abs(baseline)}[better]
    said = Text("yes", "ya") if won else Text("no", "tidak")
    return f'<span class="verdict {"passed" if won else "failed"}">{label(said)}</span>'


def _check(row: dict[str, Any]) -> list[str]:
    outcome = "passed" if row["is_passed"] else "warn" if row["severity"] == "warn" else "failed"
    said = {
        "passed": Text("passed", "lulus"),
        "warn": Text("warning", "peringatan"),
        "failed": Text("failed", "gagal"),
    }[outcome]
    return [
        code(row["table_name"]),
        code(row["rule"]),
        f'<span class="verdict {outcome}">{label(said)}</span>',
        label(grouped(row["count_checked"])),
        label(grouped(row["count_failed"])),
    ]
