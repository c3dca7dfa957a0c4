"""The identity page: weights in words, pairs without people, figures said as what they are."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from pipelines.report_data import Rows, report_rows
from pipelines.report_identity import identity_html
from pipelines.report_weights import examples, weights
from tests.support.small_releases import publish_rows
from transforms.identity.comparisons import NAMES

FIGURES = {
    ("prior_bits", ""): 10.0, ("prior_bits", "name"): 8.7, ("threshold_bits", ""): 3.2,
    ("level_bits", "name 9"): 12.0, ("level_bits", "name 8"): 11.0, ("level_bits", "name 0"): -8.0,
    ("level_bits", "phone 3"): 13.0, ("level_bits", "identity 0"): -5.0, ("level_bits", "handle 1"): 9.0,
    ("pairs_by_level", "name 9"): 6.0, ("pairs_by_level", "phone 3"): 6.0,
    ("records", ""): 5.0, ("customers", ""): 2.0, ("largest_customer", ""): 4.0,
    ("customers_by_records", "1"): 1.0, ("customers_by_records", "4-5"): 1.0,
    ("records_by_rule", "phone_and_name"): 4.0, ("records_by_rule", "single"): 1.0,
    ("records_by_channel", "shop"): 3.0, ("records_by_channel", "web<1>"): 2.0,
    ("joined_records_by_channel", "shop"): 2.0,
    ("audit_precision", "2"): 0.981, ("audit_f1", "2"): 0.95,
    ("audit_precision", "3.2"): 0.992, ("audit_f1", "3.2"): 0.949, ("estimated_precision", ""): 0.992,
    ("expected_matches", ""): 1963.0, ("expected_household_pairs", ""): 243.0,
}  # fmt: skip
CHANGES = [
    {"customer_id": 1, "previous_customer_id": before, "event": "merged"} for before in (2, 3)
]  # one customer, which two others became


def pattern(**levels: int) -> int:
    return sum((level + 1) << (4 * NAMES.index(name)) for name, level in levels.items())


CLEAR, EDGE, VETO = pattern(name=9, phone=3), pattern(name=9), pattern(name=9, phone=3, identity=0)


def edges(packed: int, weights: list[float], **more: Any) -> list[dict[str, Any]]:
    """Pairs of one pattern; rarity follows the weight."""
    return [
        {"record_a": f"shop:Budi{n}", "record_b": f"web:Budi{n}", "rule": f"{packed} {n}", "pattern": packed,
         "weight": weight, "term_bits": weight / 10, "probability": 0.5} | more
        for n, weight in enumerate(weights)
    ]  # fmt: skip


EDGES = [
    *edges(CLEAR, [14.0, 16.0, 14.0, 13.0, 15.0]),
    *edges(EDGE, [3.0] * 7),
    *edges(VETO, [9.0] * 5, is_vetoed=True),
    *edges(pattern(name=8), [3.2] * 4),
    *edges(0, [99.0] * 6),
]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rows]:
    warehouse: Path = tmp_path_factory.mktemp("identity")
    quality = [{"metric": m, "item": i, "value": str(v)} for (m, i), v in FIGURES.items()]
    publish_rows(warehouse, {"match_quality": quality, "match_edges": EDGES, "customer_id_history": CHANGES})
    return report_rows(warehouse)


def text(html: str) -> str:
    """What an English reader sees."""
    words = re.sub(r"<[^>]+>", " ", re.sub(r'<span class="id".*?</span>', "", html))
    return unescape(re.sub(r"\s+", " ", words))


def bars(html: str) -> list[tuple[str, str]]:
    """Name and figure of every bar, as an English reader sees them."""
    found = re.findall(r"<li[^>]*>(<span>.*?</span>)<svg.*?</svg>(<b>.*?</b>)</li>", html)
    return [(text(name).strip(), text(figure).strip()) for name, figure in found]


def test_only_patterns_that_five_pairs_show_leave_the_vault(rows: dict[str, Rows]) -> None:
    found = {row["pattern"]: (row["pairs"], row["weight"], row["term_bits"]) for row in rows["patterns"]}
    assert found == {CLEAR: (5, 14.0, 1.4), EDGE: (7, 3.0, 0.3), VETO: (5, 9.0, 0.9)}


def test_the_page_names_no_record_and_loads_nothing(rows: dict[str, Rows]) -> None:
    page = identity_html("Toko <Satu>", rows)
    assert "Budi" not in page and "Toko &lt;Satu&gt;" in page
    assert "://" not in page and "@import" not in page and "url(" not in page
    assert set(re.findall(r'(?:href|src)="([^"]*)"', page)) == {"#top", "report.html", "dictionary.html"}


def test_levels_that_no_pair_shows_are_pale_and_silent_comparisons_left_out() -> None:
    html = weights(FIGURES)
    assert ("same phone", "+13.0") in bars(html) and "same account" not in dict(bars(html))
    faint = re.findall(r'<li class="faint">(<span>.*?</span>)<svg', html)
    shown = {text(name).strip() for name in faint}
    assert "different names" in shown and not shown & {"same name", "same phone"}
    left_out = re.search(r"Left out[^:]*: (.*?)\.", text(html))
    assert left_out is not None and left_out[1].split(", ")[-2:] == [
        "social media account",
        "household number",
    ]


def test_prior_and_threshold_are_said_in_a_sentence_each() -> None:
    html = weights(FIGURES)
    assert "about one pair in 1,024 is one person" in html and "satu dari 1.024 pasangan" in html
    assert "from a total of +3.2 bits, a chance of 90%" in html


def test_the_steps_of_a_pair_add_up_to_its_weight(rows: dict[str, Rows]) -> None:
    clear = bars(examples(FIGURES, rows["patterns"]))[:6]
    assert clear == [
        ("start", "−10.0"),
        ("same name", "+12.0"),
        ("same phone", "+13.0"),
        ("how rare the shared values are", "+1.4"),
        ("may be two people of one household", "−2.4"),
        ("total", "+14.0"),
    ]


def test_a_pair_starts_by_what_both_records_state(rows: dict[str, Rows]) -> None:
    starts = [figure for name, figure in bars(examples(FIGURES, rows["patterns"])) if name == "start"]
    assert starts == ["−10.0", "−8.7", "−10.0"]


def test_a_clear_a_borderline_and_a_vetoed_pair_are_shown(rows: dict[str, Rows]) -> None:
    said = text(examples(FIGURES, rows["patterns"]))
    order = [said.index(title) for title in ("A clear match", "A borderline pair", "Kept apart by a veto")]
    assert order == sorted(order)
    assert "Not joined, a steward may decide: the chance of one person is 88.9%" in said
    assert "Not joined, whatever the total" in said


def test_a_veto_that_overrules_the_weight_goes_before_a_frequent_one() -> None:
    def vetoed(packed: int, pairs: int, weight: float) -> dict[str, Any]:
        return {"pattern": packed, "is_vetoed": True, "pairs": pairs, "weight": weight, "term_bits": 0.0}

    html = examples(FIGURES | {("level_bits", "identity 0"): 0.0}, [
        vetoed(pattern(identity=0), 90, -3.0), vetoed(VETO, 5, 4.0)
    ])  # fmt: skip
    assert ("different identity numbers", "+0.0") in bars(html), "what forbids it shows, whatever it weighs"
    assert bars(html)[-1] == ("total", "+4.0") and "A clear match" not in html


def test_a_vault_that_may_not_be_opened_leaves_the_examples_out(rows: dict[str, Rows]) -> None:
    page = identity_html("Toko", rows | {"patterns": []})
    assert "Nothing to show." in page and "A clear match" not in page


def test_estimates_are_called_the_models_own(rows: dict[str, Rows]) -> None:
    said = text(identity_html("Toko", rows))
    assert "99.2% the model's own estimate, not labels" in said
    assert "+3.2 in use 90% 99.2% 94.9%" in said and "+2.0 80% 98.1% 95.0%" in said
    assert "of one person 1,963, of two people of one household 243" in said


def test_without_an_audit_the_page_says_why(rows: dict[str, Rows]) -> None:
    kept = [row for row in rows["matching"] if not row["metric"].startswith(("audit", "estimated"))]
    assert "too few matches to compare thresholds" in identity_html("Toko", rows | {"matching": kept})


def test_sizes_channels_and_changes_are_counted(rows: dict[str, Rows]) -> None:
    said = text(identity_html("Toko", rows))
    assert "4–5 1 50.0%" in said and "same phone and agreeing names 4 80.0%" in said
    assert "shop 3 2 67%" in said and "web<1> 2 0 0%" in said
    assert "merged with another 1" in said and "split off 0" in said


def test_a_release_before_any_matching_still_has_a_page(tmp_path: Path) -> None:
    publish_rows(tmp_path, {})
    page = identity_html("Toko", report_rows(tmp_path))
    assert page.count("Nothing to show.") >= 6
