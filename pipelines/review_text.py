"""The words of `satu review` and `satu train-identity`."""

from __future__ import annotations

from pipelines.explain_text import pair_lines, say, summary_of
from pipelines.retraining import Retraining
from pipelines.review import Question, Side
from warehouse.contracts import Text

_WORDS = {
    "open": Text(
        "{shown} of {all} questions, those first on which most depends",
        "{shown} dari {all} pertanyaan, yang paling menentukan lebih dulu",
    ),
    "nothing": Text("There is nothing to review.", "Tidak ada yang perlu ditinjau."),
    "decided": Text(
        "Decided since this release, shown after the next run: {n}",
        "Diputuskan sejak rilis ini, tampak setelah proses berikutnya: {n}",
    ),
    "title": Text("{n}. Are these two one person?", "{n}. Apakah keduanya satu orang?"),
    "stake": Text(
        "records: {records}, orders: {orders}, sales: {revenue} {currency}",
        "catatan: {records}, pesanan: {orders}, penjualan: {revenue} {currency}",
    ),
    "how": Text(
        "Decide with `satu review same A B` or `satu review different A B`; A and B are customer numbers.",
        "Putuskan: `satu review same A B` atau `satu review different A B`; A dan B nomor pelanggan.",
    ),
}
FIGURES = {
    "trained_on": "data up to",
    "records": "records learned from",
    "expected_matches": "pairs of one person expected",
    "expected_household_pairs": "pairs of one household expected",
    "prior_bits": "evidence for even odds, in bits",
    "threshold": "evidence that joins two records, in bits",
    "estimated_precision": "estimated share of right joins",
}


def questions_text(found: list[Question], counts: tuple[int, int], currency: str, language: str) -> str:
    """The open questions, each with both sides and the evidence of their closest records.

    `counts`: how many are open in all, and how many were decided since the release.
    """
    count_open, count_decided = counts
    decided = [_say("decided", language, n=count_decided)] if count_decided else []
    if not found:
        return "\n".join([_say("nothing", language), *decided])
    lines = [_say("open", language, shown=len(found), all=count_open), *decided]
    for number, question in enumerate(found, start=1):
        lines += ["", _say("title", language, n=number)]
        lines += [line for side in (question.a, question.b) for line in _side(side, currency, language)]
        lines += pair_lines(question.pair, f"{question.a.record_key} / {question.b.record_key}", language)
    return "\n".join([*lines, "", _say("how", language), say("legend", language)])


def retraining_rows(found: Retraining) -> list[list[object]]:
    """What the two versions hold, side by side."""
    rows: list[list[object]] = [
        [FIGURES[name], _plain(before), _plain(after)]
        for name, (before, after) in found.figures.items()
        if before is not None or after is not None
    ]
    return rows + [
        [f"weight in bits of: {change.level.en}", f"{change.before:+.1f}", f"{change.after:+.1f}"]
        for change in found.levels
    ]


def _side(side: Side, currency: str, language: str) -> list[str]:
    stake = _say(
        "stake",
        language,
        records=side.count_records,
        orders=side.count_orders,
        revenue=f"{side.net_revenue:,.0f}".replace(",", "." if language == "id" else ","),
        currency=currency,
    )
    return [f"   {side.customer_id:>16}  {summary_of(side.values, language)}", f"{'':21}{stake}"]


def _say(name: str, language: str, **values: object) -> str:
    return str(getattr(_WORDS[name], language)).format(**values)


def _plain(value: object) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return "" if value is None else str(value)
