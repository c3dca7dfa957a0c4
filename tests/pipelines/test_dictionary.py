from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from pipelines.dictionary import ReleaseFacts, dictionary_markdown, in_order
from pipelines.dictionary_page import dictionary_html
from warehouse.contracts import Column, Rule, Table, Text, all_tables, base_inputs

VISITS = Table(
    name="visits",
    zone="bi",
    group="marts",
    description=Text("Visits to a store.", "Kunjungan ke toko."),
    grain="One row per visit.",
    key=("visit_id",),
    columns=(
        Column("visit_id", "bigint", Text("The visit", "Kunjungan"), "internal", required=True, minimum="1"),
        Column("kind", "text", Text("Kind | sort", "Jenis"), "pseudonym", values=("walk_in", "booked")),
        Column("minutes", "integer", Text("Time <spent>", "Lama"), "internal", unit="minutes"),
    ),
    rules=(
        Rule("minutes_make_sense", "minutes < 1440", "warn", Text("Under a day.", "Kurang dari sehari.")),
    ),
)


def test_markdown_says_each_column_in_both_languages() -> None:
    text = dictionary_markdown({"visits": VISITS}, {})
    assert "### visits\n\nVisits to a store.  \n*Kunjungan ke toko.*\n\nOne row per visit." in text
    assert "| `visit_id` | bigint |  | internal | The visit | Kunjungan | required; at least 1 |" in text
    assert "| `kind` | text |  | pseudonym | Kind \\| sort | Jenis | one of walk_in, booked |" in text
    assert "- `minutes_make_sense` (warn): Under a day. *Kurang dari sehari.*" in text


def test_tables_follow_the_datas_way() -> None:
    tables = [replace(VISITS, name=name, group=group) for name, group in (("b", "marts"), ("a", "clusters"))]
    assert [table.name for table in in_order(tables)] == ["a", "b"]


def test_page_escapes_what_contracts_say() -> None:
    page = dictionary_html({"visits": VISITS}, {})
    assert "Time &lt;spent&gt;" in page
    assert "minutes &lt; 1440" in page
    assert "<spent>" not in page


def test_page_loads_nothing_from_outside() -> None:
    page = dictionary_html(all_tables(), base_inputs())
    assert not re.search(r"(src|href)\s*=\s*[\"'](?!#)", page)
    assert "://" not in page and "@import" not in page and "url(" not in page
    assert "default-src 'none'" in page


def test_page_shows_every_table_column_and_field() -> None:
    page = dictionary_html(all_tables(), base_inputs())
    for table in all_tables().values():
        assert f'<article id="{table.name}"' in page
        for column in table.columns:
            assert f"<code>{column.name}</code>" in page
    for contract in base_inputs().values():
        assert f'<article id="input-{contract.name}"' in page


def test_page_tells_a_companys_release() -> None:
    page = dictionary_html(
        {"visits": VISITS}, {}, ReleaseFacts("Toko <Satu>", date(2026, 1, 31), {"visits": 12345})
    )
    assert "Toko &lt;Satu&gt;" in page and "2026-01-31" in page and "12,345" in page


def test_every_link_on_the_page_leads_somewhere() -> None:
    page = dictionary_html(all_tables(), base_inputs()).partition("<script>")[0]
    ids = set(re.findall(r' id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids
