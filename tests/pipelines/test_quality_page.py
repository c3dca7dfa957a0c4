"""The quality page says what the tables hold, what is wrong in words, and what to do, in both languages."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from data_quality.runbook import runbook
from pipelines.quality_data import quality_rows
from pipelines.quality_page import quality_html
from tests.support.small_releases import publish_rows
from warehouse.contracts import all_tables, base_inputs

FIELD = {"channel": "pos", "contract": "contacts", "family": "biographic", "purpose": "contact"}
DRIFT = {"channel": "pos", "contract": "all", "item": "all", "measure": "rows", "state": "usual"}
FAULT = {"channel": "pos", "contract": "order_lines", "severity": "error", "field": ""}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    warehouse = tmp_path_factory.mktemp("warehouse")
    publish_rows(
        warehouse,
        {
            "data_completeness": [
                FIELD | {"field": "email", "count_rows": 4, "count_filled": 3, "share_filled": "0.75"},
                FIELD | {"field": "phone", "count_rows": 4, "count_filled": 0, "share_valid": None},
            ],
            "source_drift": [
                DRIFT | {"value": "7", "usual": "9"},
                DRIFT | {"measure": "word", "item": "status=lost", "state": "unusual", "value": "0.4"},
                DRIFT | {"measure": "filled", "item": "quietly usual"},
            ],
            "row_faults": [
                FAULT | {"rule": "line_has_amount", "count_rows": 8},
                FAULT | {"rule": "line_adds_up", "count_rows": 5, "severity": "warn"},
                FAULT | {"rule": "csv_columns", "count_rows": 2},
            ],
            "quality_results": [
                {"table_name": "clv", "rule": "key_unique", "is_passed": True},
                {"table_name": "clv", "rule": "odd<rule>", "severity": "warn", "count_failed": 6},
            ],
            "conservation": [{"received": 50, "accepted": 49, "quarantined": 1}],
        },
    )
    return quality_html("Toko <Satu>", quality_rows(warehouse), all_tables(), base_inputs())


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_completeness_by_family_is_that_of_all_its_cells(page: str) -> None:
    families = page.split("Completeness by family of data", 1)[1].split("</article>", 1)[0]
    assert "38%" in families


def test_deliveries_show_volume_and_what_is_unlike_before(page: str) -> None:
    said = words(page)
    assert "share of a word" in said and "status=lost" in said and "quietly usual" not in said


def test_rows_are_told_by_what_is_wrong_and_what_to_do_in_both_languages(page: str) -> None:
    said = words(page)
    assert "An order line needs an amount, or a quantity and a unit price" in said
    assert "Baris pesanan memerlukan nilai, atau jumlah dan harga satuan" in said
    assert "see which of the four columns the mapping takes for another" in said
    assert "csv columns" in said


def test_every_rule_of_every_table_is_in_the_runbook_in_both_languages(page: str) -> None:
    said = unescape(page)
    for table in all_tables().values():
        for row in runbook(table):
            for text in (row.wording.problem, row.wording.fix):
                assert text.en in said and text.id in said, row.rule


def test_names_are_escaped_and_nothing_is_loaded_from_outside(page: str) -> None:
    assert "odd&lt;rule&gt;" in page and "Toko &lt;Satu&gt;" in page and "odd<rule>" not in page
    assert "://" not in page and "@import" not in page and "url(" not in page


def test_an_empty_release_still_has_a_page(tmp_path: Path) -> None:
    publish_rows(tmp_path, {})
    assert "Nothing to show." in quality_html("Toko", quality_rows(tmp_path), all_tables(), base_inputs())
