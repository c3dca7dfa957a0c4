"""The identity page's sections on evidence: what each agreement weighs, and how weights add up for a pair.

Levels of agreement in words and bits only: no value, no record. An example stands for at least as many pairs
as `report_data` asks for, with the median rarity of the values they share.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from pipelines.pages.page import label
from pipelines.report_charts import Span, grouped, percent, signed, spans
from pipelines.report_data import SMALLEST_GROUP, Rows
from pipelines.report_parts import card
from transforms.identity.comparisons import COMPARISONS, Comparison, unpack
from warehouse.contracts import Text

Figures = dict[tuple[str, str], float]
CLEAR_BITS = 10.0
"""Bits above the threshold from which nobody would doubt: a thousand times the odds."""
_NOTED_BITS = 0.05
"""Bits below which rarity and household go unsaid; a level never does: it may weigh nothing, yet forbid."""


def chance(bits: float) -> float:
    """The probability that odds of so many bits mean."""
    return float(1 / (1 + 2.0**-bits))


def weights(figures: Figures) -> str:
    """Every level of every comparison that the company's records can make, for or against one person."""
    if ("prior_bits", "") not in figures:
        return card(_WEIGHTS, Text("", ""), "", wide=True)
    silent = [c for c in COMPARISONS if not any(_is_shown(figures, c, n) for n in range(len(c.levels)))]
    heard = [c for c in COMPARISONS if c not in silent]
    bits = [_bits(figures, c, n) for c in heard for n in range(len(c.levels))]
    low, high = min([-1.0, *bits]), max([1.0, *bits])
    charts = "".join(
        f"<section><h3>{label(Text(c.en, c.id))}</h3>{spans(_levels(figures, c), low, high)}</section>"
        for c in heard
    )
    said = "".join(f"<p>{label(text)}</p>" for text in _explained(figures, silent))
    body = f'<div class="said">{said}</div><div class="weights">{charts}</div>' if heard else ""
    lead = Text(
        "Bits for (right) and against (left) two records being one person; each doubles or halves the odds.",
        "Bit yang mendukung (kanan) dan menentang (kiri) bahwa dua catatan adalah satu orang; tiap bit"
        " melipatduakan atau membagi dua perbandingannya.",
    )
    return card(_WEIGHTS, lead, body, wide=True)


def examples(figures: Figures, patterns: Rows) -> str:
    """How the weight of a pair adds up: one that is clear, one on the edge, one that a veto keeps apart."""
    threshold = figures.get(("threshold_bits", ""), 0.0)
    chosen = _chosen(patterns, threshold)
    sums = [_steps(figures, row) for _, row in chosen]
    ends = [end for steps in sums for span in steps for end in (span.start, span.end)]
    low, high = min([-1.0, *ends]), max([threshold, 1.0, *ends])
    charts = "".join(
        f"<section><h3>{label(title)}</h3><p>{label(_outcome(row, threshold))}</p>"
        f"{spans(steps, low, high, mark=threshold)}</section>"
        for (title, row), steps in zip(chosen, sums, strict=True)
    )
    lead = Text(
        "From the start through every agreement and contradiction to the total, in bits; dashed: threshold."
        f" Each stands for the {SMALLEST_GROUP} or more pairs that show these levels.",
        "Dari titik awal melalui setiap kecocokan dan pertentangan sampai jumlahnya, dalam bit; garis putus:"
        f" ambang. Tiap contoh mewakili {SMALLEST_GROUP} pasangan atau lebih dengan tingkat yang sama.",
    )
    body = f'<div class="examples">{charts}</div>' if charts else ""
    return card(
        Text("How the weight of a pair adds up", "Bagaimana bobot pasangan terbentuk"), lead, body, wide=True
    )


_WEIGHTS = Text("What each agreement weighs", "Bobot setiap kecocokan")
_CLEAR = Text("A clear match", "Kecocokan yang jelas")
_EDGE = Text("A borderline pair", "Pasangan di ambang")
_APART = Text("Kept apart by a veto", "Dipisahkan oleh veto")


def _bits(figures: Figures, comparison: Comparison, level: int) -> float:
    return figures.get(("level_bits", f"{comparison.name} {level}"), 0.0)


def _is_shown(figures: Figures, comparison: Comparison, level: int) -> bool:
    return ("pairs_by_level", f"{comparison.name} {level}") in figures


def _levels(figures: Figures, comparison: Comparison) -> list[Span]:
    """Strongest agreement first."""
    found = []
    for number, level in reversed(list(enumerate(comparison.levels))):
        bits = _bits(figures, comparison, number)
        faint = not _is_shown(figures, comparison, number)
        found.append(Span(Text(level.en, level.id), 0.0, bits, _tone(bits), signed(bits), faint))
    return found


def _explained(figures: Figures, silent: Iterable[Comparison]) -> list[Text]:
    prior, threshold = figures["prior_bits", ""], figures["threshold_bits", ""]
    pairs, start, least = grouped(2.0**prior), signed(-prior), signed(threshold)
    sure = percent(chance(threshold))
    left_out = [Text(c.en, c.id) for c in silent]
    found = [
        Text(
            f"Start: of records taken at random about one pair in {pairs.en} is one person, {start.en} bits;"
            " each pair begins higher or lower by which fields both records state.",
            f"Awal: dari catatan yang diambil acak, kira-kira satu dari {pairs.id} pasangan adalah satu"
            f" orang, {start.id} bit; tiap pasangan mulai lebih tinggi atau rendah menurut isian keduanya.",
        ),
        Text(
            f"Threshold: from a total of {least.en} bits, a chance of {sure.en}, two records are joined.",
            f"Ambang: mulai jumlah {least.id} bit, peluang {sure.id}, dua catatan digabungkan.",
        ),
        Text(
            "A rare value that both share weighs more than a frequent one; this comes on top, pair by pair.",
            "Nilai langka yang sama berbobot lebih daripada nilai yang sering; ini ditambahkan per pasangan.",
        ),
        Text(
            "Pale levels are shown by no pair that may be one person, so their weight rests on what was"
            " expected beforehand more than on these records.",
            "Tingkat yang pucat tidak terlihat pada pasangan mana pun yang mungkin satu orang, jadi bobotnya"
            " lebih bersandar pada dugaan awal daripada pada catatan ini.",
        ),
    ]
    if left_out:
        found.append(
            Text(
                f"Left out, as no such pair has it on both sides: {', '.join(t.en for t in left_out)}.",
                f"Tidak ditampilkan karena tidak ada di kedua sisi: {', '.join(t.id for t in left_out)}.",
            )
        )
    return found


def _chosen(patterns: Rows, threshold: float) -> list[tuple[Text, dict[str, Any]]]:
    """The most frequent clear match, the pattern closest to the threshold, the most frequent veto (one that
    the weight alone would have joined, where there is any)."""
    joined = [row for row in patterns if not row["is_vetoed"] and row["weight"] >= threshold + CLEAR_BITS]
    open_ones = [row for row in patterns if not row["is_vetoed"] and row not in joined]
    vetoed = [row for row in patterns if row["is_vetoed"]]
    found = []
    if joined:
        found.append((_CLEAR, max(joined, key=lambda row: row["pairs"])))
    if open_ones:
        found.append((_EDGE, min(open_ones, key=lambda row: abs(row["weight"] - threshold))))
    if vetoed:
        found.append((_APART, max(vetoed, key=lambda row: (row["weight"] >= threshold, row["pairs"]))))
    return found


def _steps(figures: Figures, row: dict[str, Any]) -> list[Span]:
    """The start, each comparison that is not silent, rarity, the other explanation, the total."""
    levels = unpack(np.array([row["pattern"]]))[0].tolist()
    heard = [(one, number) for one, number in zip(COMPARISONS, levels, strict=True) if number >= 0]
    stated = " ".join(comparison.name for comparison, _ in heard)
    prior = figures.get(("prior_bits", stated), figures["prior_bits", ""])
    parts = [(Text("start", "awal"), -prior, "t1")]
    for comparison, number in heard:
        level, bits = comparison.levels[number], _bits(figures, comparison, number)
        parts.append((Text(level.en, level.id), bits, _tone(bits)))
    parts.append((_RARITY, row["term_bits"], "t2"))
    # Weights are for one person against strangers; what is missing to the pair's own weight is the
    # chance that the two are different members of one household.
    parts.append((_HOUSEHOLD, row["weight"] - sum(bits for _, bits, _ in parts), "t4"))
    found, reached = [], 0.0
    for name, bits, tone in parts:
        if name not in (_RARITY, _HOUSEHOLD) or abs(bits) >= _NOTED_BITS:
            found.append(Span(name, reached, reached + bits, tone, signed(bits)))
        reached += bits
    return [*found, Span(Text("total", "jumlah"), 0.0, row["weight"], "sum", signed(row["weight"]))]


_RARITY = Text("how rare the shared values are", "kelangkaan nilai yang sama")
_HOUSEHOLD = Text("may be two people of one household", "mungkin dua orang serumah")


def _outcome(row: dict[str, Any], threshold: float) -> Text:
    shown = percent(min(chance(row["weight"]), 0.999), 1)
    if row["is_vetoed"]:
        return Text(
            "Not joined, whatever the total: a contradiction forbids it, such as another identity number,"
            " birth date or sex, or another first name with nothing of their own in common.",
            "Tidak digabungkan, berapa pun jumlahnya: dilarang oleh pertentangan, seperti nomor identitas,"
            " tanggal lahir atau jenis kelamin lain, atau nama depan lain tanpa kesamaan pribadi.",
        )
    if row["weight"] >= threshold + CLEAR_BITS:
        return Text(
            f"Joined: the chance of one person is {shown.en} or more.",
            f"Digabungkan: peluang satu orang {shown.id} atau lebih.",
        )
    if row["weight"] >= threshold:
        return Text(
            f"Joined, just: the chance of one person is {shown.en}.",
            f"Digabungkan, nyaris tidak: peluang satu orang {shown.id}.",
        )
    return Text(
        f"Not joined, a steward may decide: the chance of one person is {shown.en}.",
        f"Tidak digabungkan, petugas dapat memutuskan: peluang satu orang {shown.id}.",
    )


def _tone(bits: float) -> str:
    return "t3" if bits >= 0 else "t5"
