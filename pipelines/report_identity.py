"""The identity page: how records became customers, and how far to trust it.

Figures of `match_quality` and patterns of agreement; no personal data, nothing loaded from outside.
"""

from __future__ import annotations

from html import escape

from pipelines.pages.page import header, label, page
from pipelines.pair_evidence import all_rule_words
from pipelines.report_charts import grouped, percent, signed
from pipelines.report_data import Rows
from pipelines.report_parts import card, masthead, table, tile
from pipelines.report_weights import Figures, chance, examples, weights
from pipelines.report_words import CHANGES, spoken
from warehouse.contracts import Text


def identity_html(company: str, rows: dict[str, Rows]) -> str:
    """The page; `rows` as `report_rows` reads them."""
    figures: Figures = {(row["metric"], row["item"]): row["value"] for row in rows["matching"]}
    links = {
        "report.html": Text("customers and their value", "pelanggan dan nilainya"),
        "dictionary.html": Text("what every table means", "arti setiap tabel"),
    }
    left = [_sizes(figures), _rules(figures), _changes(rows["changes"])]
    right = [_audit(figures), _channels(figures), _households(figures)]
    body = [
        header(Text("Identity", "Identitas"), ("en", "id")),
        '<main id="top">',
        masthead(company, rows["release"][0], links),
        _tiles(figures),
        weights(figures),
        examples(figures, rows["patterns"]),
        f'<div class="columns"><div>{"".join(left)}</div><div>{"".join(right)}</div></div>',
        "</main>",
    ]
    return page(f"Satu · {company}", "\n".join(body), styles=["report.css"], scripts=[], language="en")


def _tiles(figures: Figures) -> str:
    def count(metric: str) -> Text:
        return grouped(figures.get((metric, ""), 0.0))

    records, customers = figures.get(("records", ""), 0.0), figures.get(("customers", ""), 0.0)
    per_customer = f"{records / customers:.2f}" if customers else "0"
    precision = figures.get(("estimated_precision", ""))
    notes = [
        Text(f"{per_customer} per customer", f"{per_customer.replace('.', ',')} per pelanggan"),
        Text(
            f"records of the largest: {count('largest_customer').en}",
            f"catatan pada yang terbesar: {count('largest_customer').id}",
        ),
        Text("the model's own estimate, not labels", "perkiraan model sendiri, bukan label"),
        Text("pairs of customers for a steward", "pasangan pelanggan untuk petugas"),
        Text("pairs of records, by a contradiction", "pasangan catatan, karena pertentangan"),
    ]
    names = [
        (Text("Records", "Catatan"), count("records")),
        (Text("Customers", "Pelanggan"), count("customers")),
        (
            Text("Estimated precision", "Perkiraan presisi"),
            Text("–", "–") if precision is None else percent(precision, 1),
        ),
        (Text("To review", "Perlu ditinjau"), count("pairs_to_review")),
        (Text("Kept apart", "Dipisahkan"), count("pairs_vetoed")),
    ]
    shown = (tile(name, value, label(note)) for (name, value), note in zip(names, notes, strict=True))
    return f'<div class="tiles">{"".join(shown)}</div>'


def _sizes(figures: Figures) -> str:
    """How many customers have how many records."""
    sizes = _items(figures, "customers_by_records")
    total = sum(sizes.values()) or 1.0
    lines = [
        [_range(size), label(grouped(count)), label(percent(count / total, 1))]
        for size, count in sorted(sizes.items(), key=lambda item: _first(item[0]))
    ]
    largest = grouped(figures.get(("largest_customer", ""), 0.0))
    return card(
        Text("Customers by number of records", "Pelanggan menurut jumlah catatan"),
        Text(
            f"Records of all channels that are one customer; at most {largest.en}.",
            f"Catatan dari semua kanal yang merupakan satu pelanggan; paling banyak {largest.id}.",
        ),
        table([Text("Records", "Catatan"), *_COUNTED], lines) if lines else "",
    )


def _rules(figures: Figures) -> str:
    """The strongest evidence that ties each record to its customer."""
    said = all_rule_words()
    counted = _items(figures, "records_by_rule")
    total = sum(counted.values()) or 1.0
    lines = [
        [label(said.get(rule, spoken(rule))), label(grouped(count)), label(percent(count / total, 1))]
        for rule, count in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    ]
    heads = [Text("Strongest evidence", "Bukti terkuat"), Text("Records", "Catatan"), _COUNTED[1]]
    return card(
        Text("Why records are joined", "Mengapa catatan digabungkan"),
        Text(
            "Every record under the strongest evidence that ties it to another one.",
            "Tiap catatan menurut bukti terkuat yang mengikatnya dengan catatan lain.",
        ),
        table(heads, lines) if lines else "",
    )


def _channels(figures: Figures) -> str:
    """How much of each channel other channels know as well."""
    joined = _items(figures, "joined_records_by_channel")
    lines = [
        [
            f"<code>{escape(channel)}</code>",
            label(grouped(count)),
            label(grouped(joined.get(channel, 0.0))),
            label(percent(joined.get(channel, 0.0) / count)),
        ]
        for channel, count in sorted(_items(figures, "records_by_channel").items())
    ]
    heads = [
        Text("Channel", "Kanal"),
        Text("Records", "Catatan"),
        Text("Known elsewhere", "Dikenal di kanal lain"),
        _COUNTED[1],
    ]
    return card(
        Text("Channels that know the same people", "Kanal yang mengenal orang yang sama"),
        Text(
            "Records of each channel, and how many are a customer whom another channel knows too.",
            "Catatan tiap kanal, dan berapa di antaranya pelanggan yang juga dikenal kanal lain.",
        ),
        table(heads, lines) if lines else "",
    )


def _audit(figures: Figures) -> str:
    """What the model expects of every threshold it tried."""
    chosen = figures.get(("threshold_bits", ""))
    f1 = _items(figures, "audit_f1")
    used = f' <span class="verdict passed">{label(Text("in use", "dipakai"))}</span>'
    lines = [
        [
            label(signed(float(bits))) + (used if float(bits) == chosen else ""),
            label(percent(chance(float(bits)))),
            label(percent(precision, 1)),
            label(percent(f1[bits], 1)),
        ]
        for bits, precision in sorted(
            _items(figures, "audit_precision").items(), key=lambda item: float(item[0])
        )
    ]
    heads = [
        Text("Threshold, bits", "Ambang, bit"),
        Text("Chance there", "Peluang di situ"),
        Text("Precision", "Presisi"),
        Text("F1", "F1"),
    ]
    matches = grouped(figures.get(("expected_matches", ""), 0.0))
    homes = grouped(figures.get(("expected_household_pairs", ""), 0.0))
    expected = Text(
        "Pairs of records the model expected when it was trained: of one person"
        f" {matches.en}, of two people of one household {homes.en}.",
        "Pasangan catatan yang diperkirakan model saat dilatih: satu orang"
        f" {matches.id}, dua orang serumah {homes.id}.",
    )
    few = Text(
        "There were too few matches to compare thresholds; the usual one is in use.",
        "Kecocokan terlalu sedikit untuk membandingkan ambang; dipakai ambang yang biasa.",
    )
    body = table(heads, lines) if lines else f'<p class="none">{label(few)}</p>'
    return card(
        Text("How right the model thinks it is", "Seberapa benar menurut model"),
        Text(
            "Its own estimates for all pairs within customers; nobody has looked at them, so a wrong model"
            " errs here as well.",
            "Perkiraan model sendiri atas semua pasangan dalam pelanggan; belum diperiksa siapa pun, jadi"
            " model yang salah juga salah di sini.",
        ),
        f'<div class="said"><p>{label(expected)}</p></div>{body}' if chosen is not None else "",
    )


def _changes(rows: Rows) -> str:
    """What happened to customer numbers on the last day."""
    counted = {row["event"]: row["customers"] for row in rows}
    lines = [[label(said), label(grouped(counted.get(event, 0)))] for event, said in CHANGES.items()]
    return card(
        Text("Customer numbers, last day", "Nomor pelanggan, hari terakhir"),
        Text("Against the day before.", "Dibandingkan hari sebelumnya."),
        table([Text("What happened", "Yang terjadi"), _COUNTED[0]], lines),
    )


def _households(figures: Figures) -> str:
    """How many households have how many customers."""
    sizes = _items(figures, "households_by_customers")
    lines = [
        [escape(size), label(grouped(count)), label(grouped(count * int(size)))]
        for size, count in sorted(sizes.items(), key=lambda item: int(item[0]))
    ]
    heads = [Text("Members", "Anggota"), Text("Households", "Rumah tangga"), _COUNTED[0]]
    return card(
        Text("Households by size", "Rumah tangga menurut ukuran"),
        Text(
            "Customers who live together: different people, never joined.",
            "Pelanggan yang tinggal bersama: orang berbeda, tidak pernah digabungkan.",
        ),
        table(heads, lines) if lines else "",
    )


_COUNTED = (Text("Customers", "Pelanggan"), Text("Share", "Bagian"))


def _items(figures: Figures, metric: str) -> dict[str, float]:
    return {item: value for (name, item), value in figures.items() if name == metric}


def _first(sizes: str) -> int:
    """Where a range such as `4-5` or `11+` begins."""
    return int(sizes.split("-")[0].rstrip("+"))


def _range(sizes: str) -> str:
    return escape(sizes.replace("-", "–"))
