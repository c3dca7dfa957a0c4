"""What the models say of a person, in sentences."""

from __future__ import annotations

from pipelines.access import AccessReport
from pipelines.access_words import day, word
from pipelines.pages.page import label
from pipelines.report_charts import grouped, percent
from pipelines.report_parts import card
from warehouse.contracts import Text


def scores(report: AccessReport, currency: str) -> str:
    """Stage, RFM, expected profit, chance of churn with its reason: each with what it means."""
    sentences = [*_stage(report), *_rfm(report, currency), *_value(report, currency), *_churn(report)]
    said = "".join(f"<p>{label(sentence)}</p>" for sentence in sentences)
    lead = Text(
        "Computed from your purchases, and used for the groups and lists below.",
        "Dihitung dari pembelian Anda, dan dipakai untuk kelompok dan daftar di bawah.",
    )
    title = Text("How we see you as a customer", "Anda sebagai pelanggan menurut kami")
    return card(title, lead, f'<div class="said">{said}</div>' if said else "", wide=True)


def _stage(report: AccessReport) -> list[Text]:
    found = []
    for row in report.tables.get("customers", []):
        stage, first = word(row["lifecycle_stage"]), day(row["first_seen"])
        found.append(
            Text(
                f"We have known you since {first.en} and count you as: {stage.en}.",
                f"Kami mengenal Anda sejak {first.id} dan menggolongkan Anda: {stage.id}.",
            )
        )
    return found


def _rfm(report: AccessReport, currency: str) -> list[Text]:
    found = []
    for row in report.tables.get("rfm", []):
        group, spent = word(row["segment"]), grouped(float(row["monetary"]))
        marks = f"{row['r_score']}, {row['f_score']}, {row['m_score']}"
        found.append(
            Text(
                f"You last bought {row['recency_days']} days ago. In the time we look at it was on"
                f" {row['frequency']} days, for {currency} {spent.en}. That gives the marks {marks} of 5 (how"
                f" lately, how often, how much) and the group: {group.en}.",
                f"Terakhir Anda membeli {row['recency_days']} hari lalu. Dalam masa yang kami lihat Anda"
                f" membeli pada {row['frequency']} hari, senilai {currency} {spent.id}. Nilainya {marks}"
                f" dari 5 (seberapa baru, sering, banyak) dan kelompoknya: {group.id}.",
            )
        )
    return found


def _value(report: AccessReport, currency: str) -> list[Text]:
    found = []
    for row in report.tables.get("clv", []):
        value, low, high = (grouped(float(row[name])) for name in ("clv", "clv_low", "clv_high"))
        days = row["horizon_days"]
        found.append(
            Text(
                f"We expect {currency} {value.en} of profit from you in {days} days, likely between {low.en}"
                f" and {high.en}.",
                f"Kami memperkirakan laba {currency} {value.id} dari Anda dalam {days} hari, kira-kira antara"
                f" {low.id} dan {high.id}.",
            )
        )
    return found


def _churn(report: AccessReport) -> list[Text]:
    found = []
    for row in report.tables.get("churn", []):
        chance = percent(float(row["churn_probability"]))
        days = row["horizon_days"]
        found.append(
            Text(
                f"The chance that you buy nothing in {days} days is {chance.en}: {row['reason']}.",
                f"Peluang Anda tidak membeli dalam {days} hari adalah {chance.id}: {row['reason_id']}.",
            )
        )
    return found
