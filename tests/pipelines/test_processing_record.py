"""The record of processing: declarations and the pipeline itself in, activities, measures and a page out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assets.context import open_context
from pipelines.cli import main
from pipelines.processing_page import processing_html
from pipelines.processing_record import processing_record
from tests.pipelines.test_quality_page import words
from tests.support.nights import FORM, TILL, company, deliver, night, write
from warehouse.chained_ledger import append_entry
from warehouse.workspace import load_workspace

DECLARED = FORM.replace("channel: form", "channel: form\n    purposes: [marketing]\n    legal_basis: consent")
PETS = """
    fields:
      - {name: pets, table: contacts, type: text, family: psychographic, privacy: specific, purpose: analysis,
         description: {en: Pets, id: Peliharaan}}
      - {name: shoe, table: contacts, type: text, family: psychographic, privacy: personal, purpose: analysis,
         description: {en: Shoe size, id: Ukuran sepatu}}
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A night of two channels, of which one says what for and why."""
    till = TILL.replace("nik: nik\n", "nik: nik\n          pets: nik\n          job_title: name\n")
    made = company(tmp_path_factory.mktemp("record") / "shop", till, DECLARED, fields__pets=PETS)
    deliver(
        made,
        "till/a.csv",
        ("receipt", "day", "customer", "name", "phone", "mail", "nik", "item", "amount"),
        {
            "receipt": "R1",
            "day": "2026-01-05",
            "customer": "1",
            "name": "Budi Santoso",
            "item": "A",
            "amount": 5,
        },
    )
    deliver(
        made,
        "form/a.csv",
        ("id", "day", "name", "phone", "mail", "nik"),
        {"id": "7", "day": "2026-01-06", "name": "Sinta Dewi", "mail": "sinta@toko.co.id"},
    )
    night(made, "2026-01-06", publish=True)
    return made


@pytest.fixture(scope="module")
def record(home: Path) -> dict[str, Any]:
    return processing_record(open_context(home))


def activities(record: dict[str, Any], channel: str) -> dict[str, dict[str, Any]]:
    return {a["purpose"]: a for a in record["activities"] if a["channel"] == channel}


def test_a_declared_purpose_is_served_by_all_fields_and_names_its_basis(record: dict[str, Any]) -> None:
    (activity,) = activities(record, "form").values()
    assert (activity["purpose"], activity["legal_basis"]) == ("marketing", "consent")
    assert activity["data"] == {
        "personal": ["email", "full_name", "nik", "phone", "source_id"],
        "internal": ["seen_at"],
    }


def test_undeclared_purposes_are_those_of_the_fields_and_the_basis_is_missing(record: dict[str, Any]) -> None:
    found = activities(record, "till")
    assert set(found) == {"analysis", "contact", "identity", "sales"}
    assert {activity["legal_basis"] for activity in found.values()} == {None}
    assert found["contact"]["data"] == {"personal": ["email", "phone"]}


def test_fields_that_nothing_uses_or_no_channel_maps_are_named(record: dict[str, Any]) -> None:
    amiss = {(f["contract"], f["field"]): f["amiss"] for f in record["unused_fields"]}
    assert amiss == {
        ("contacts", "job_title"): "not_used",
        ("contacts", "pets"): "not_used",
        ("contacts", "shoe"): "not_mapped",
    }


def test_the_inputs_of_an_impact_assessment_come_from_the_release(record: dict[str, Any]) -> None:
    impact = record["impact"]
    assert (impact["persons"], impact["children"]) == (2, 0)
    assert (impact["sources_joined"], impact["specific_fields"]) == (["form", "till"], ["contacts.pets"])
    assert {c["criterion"]: c["applies"] for c in impact["criteria"]} == {
        "evaluation": True, "specific_data": True, "children": False, "large_scale": False, "matching": True,
    }  # fmt: skip


def test_scores_say_what_they_are_made_from(record: dict[str, Any]) -> None:
    made_from = {e["table"]: e["made_from"] for e in record["evaluations"]}
    assert {"clv", "churn", "rfm", "customer_links", "segment_members"} <= set(made_from)
    assert (made_from["rfm"], made_from["customer_links"]) == (["orders"], ["records"])


def test_measures_are_those_found_on_the_disk(home: Path) -> None:
    key = home / "secret.key"

    def in_force() -> dict[str, bool]:
        found = processing_record(open_context(home))["security"]
        return {measure["measure"]: measure["is_in_force"] for measure in found}

    key.chmod(0o644)
    assert in_force()["private_folders"] and not in_force()["private_key"]
    key.chmod(0o600)
    assert in_force()["private_key"] and not in_force()["encryption_at_rest"]


def test_recipients_are_counted_from_the_ledger_of_exports(tmp_path: Path) -> None:
    home = company(tmp_path / "shop", FORM)
    ledger = home / "warehouse" / "ledger" / "exports.jsonl"
    for rows in (3, 4):
        entry = {"list": "win_back", "purpose": "marketing", "rows": rows}
        append_entry(ledger, entry, load_workspace(home).secret)
    assert processing_record(open_context(home))["recipients"] == [
        {"list": "win_back", "purpose": "marketing", "exports": 2, "rows": 7}
    ]


def test_the_page_speaks_both_languages_and_loads_nothing(record: dict[str, Any]) -> None:
    page = processing_html(record | {"company": "Toko <Satu>"})
    said = words(page)
    for text in ("consent", "persetujuan", "missing", "belum ada", "Sets of data are matched or merged"):
        assert text in said
    assert "Toko &lt;Satu&gt;" in page and "://" not in page


def test_before_a_release_the_record_and_its_page_are_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = company(tmp_path / "shop", FORM)
    monkeypatch.setenv("SATU_HOME", str(home))
    with pytest.raises(SystemExit, match="0"):
        main(["privacy", "record", "--json"])
    printed = json.loads(capsys.readouterr().out)
    assert printed["release"] is None and printed["impact"]["persons"] is None
    with pytest.raises(SystemExit, match="0"):
        main(["privacy", "record"])
    assert "form" in capsys.readouterr().err
    assert "not known yet" in (home / "docs" / "processing.html").read_text(encoding="utf-8")


def test_an_unknown_basis_is_refused_where_it_stands(tmp_path: Path) -> None:
    home = company(tmp_path / "shop", FORM)
    write(home, "channels/form.yaml", DECLARED.replace("legal_basis: consent", "legal_basis: because"))
    (problem,) = load_workspace(home).problems
    assert "form.yaml line 4" in str(problem) and "legitimate_interest" in str(problem)
