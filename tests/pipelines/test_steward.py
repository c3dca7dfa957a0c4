"""What a steward sees: why records are one person, what to decide, where old numbers lead."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assets.context import open_context
from assets.few_records import score_pairs
from assets.pinned_identity import pinned_model
from assets.records import all_units
from pipelines.identity_view import look_at_people
from tests.pipelines.steward import DAY, NEXT_DAY, again, good, told
from tests.support.nights import FORM_COLUMNS, deliver, night, satu, write
from warehouse.errors import ConfigError


def test_a_customer_is_explained_by_records_and_the_evidence_between_them(
    shop: Path, ids: dict[str, int]
) -> None:
    found = told(shop, "explain", ids["form:1"])
    assert [record["record_key"] for record in found["records"]] == ["form:1", "form:2", "till:8"]
    assert [record["channels"] for record in found["records"]] == [["form"], ["form"], ["till"]]
    assert len(found["pairs"]) == 2, "as many pairs as hold three records together"
    words = {line["words"]: line["values"] for pair in found["pairs"] for line in pair["evidence"]}
    assert words["same phone"] == ["+6281234567801"]
    assert words["same e-mail"] == ["sri@toko.id"]
    assert "same name in another order or spelling" in words
    for pair in found["pairs"]:
        parts = [line["bits"] for line in pair["evidence"]]
        total = sum(parts) + pair["rarity_bits"] + pair["start_bits"] + pair["household_bits"]
        assert total == pytest.approx(pair["weight"], abs=0.3), "the lines add up to the sum"


def test_the_number_two_records_share_is_shown_wherever_it_stands_in_a_cell(own_shop: Path) -> None:
    joko = {"day": NEXT_DAY, "name": "Joko Prasetyo"}
    people = (
        joko | {"id": "20", "phone": "081234567820 / 081234567821"},
        joko | {"id": "21", "phone": "081234567822 / 081234567821"},
    )
    deliver(own_shop, f"form/{NEXT_DAY}.csv", FORM_COLUMNS, *people)
    night(own_shop, NEXT_DAY, publish=True)
    found = told(own_shop, "explain", "--record", "form:20")
    (pair,) = found["pairs"]
    (phone,) = [line for line in pair["evidence"] if line["comparison"] == "phone"]
    assert (phone["words"], phone["values"], phone["is_shared"]) == ("same phone", ["+6281234567821"], True)
    text = satu("explain", "--record", "form:20", "--home", own_shop).out
    assert "same phone (+6281234567821)" in text
    assert "Joko Prasetyo · +6281234567820, +6281234567821\n" in text
    assert "Joko Prasetyo · +6281234567822, +6281234567821\n" in text


def test_an_explanation_reads_in_both_languages(shop: Path, ids: dict[str, int]) -> None:
    english = satu("explain", str(ids["form:1"]), "--home", shop).out
    indonesian = satu("explain", str(ids["form:1"]), "--lang", "id", "--home", shop).out
    for sentence in ("Why they are one person", "same phone (+6281234567801)", "strong evidence for"):
        assert sentence in english
    for sentence in ("Mengapa mereka satu orang", "telepon sama (+6281234567801)", "bukti kuat mendukung"):
        assert sentence in indonesian
    assert "same" not in indonesian and "evidence" not in indonesian


def test_who_came_close_is_shown_with_the_reason_it_is_somebody_else(shop: Path, ids: dict[str, int]) -> None:
    (apart,) = told(shop, "explain", ids["form:4"])["kept_apart"]
    assert (apart["customer_id"], apart["name"]) == (ids["form:5"], "Dewi Anggraini")
    assert apart["pair"]["verdict"].startswith("too little evidence")
    (apart,) = told(shop, "explain", ids["form:3"])["kept_apart"]
    assert apart["pair"]["is_vetoed"]
    assert "nothing agrees but what a family may share" in apart["pair"]["verdict"]


def test_values_that_lost_are_shown_with_where_they_are_from(shop: Path, ids: dict[str, int]) -> None:
    attributes = {a["attribute"]: a for a in told(shop, "explain", ids["form:1"])["attributes"]}
    name = attributes["full_name"]
    assert name["others"], "the same name in another order is another spelling"
    assert {other["record_key"] for other in name["others"]} <= {"form:1", "form:2", "till:8"}
    assert attributes["phone"]["others"] == []


def test_two_records_are_compared_even_when_no_pair_was_kept(shop: Path) -> None:
    found = told(shop, "explain", "--record", "form:6", "--with", "form:7")
    assert not found["is_one_customer"]
    (pair,) = found["pairs"]
    assert {line["words"] for line in pair["evidence"]} == {"different names", "different e-mails"}
    assert pair["verdict"].startswith("too little evidence")


def test_a_stored_pair_and_one_compared_now_weigh_the_same(shop: Path) -> None:
    context = open_context(shop)
    model = pinned_model(context)
    assert model is not None
    with look_at_people(context) as view:
        keys = [f"form:{n}" for n in range(1, 8)]
        stored = {(e["record_a"], e["record_b"]): e["weight"] for e in view.edges(keys)}
        scored = score_pairs(context, view.as_of, all_units(context), [*keys, "till:8"], model).to_pylist()
    weights = {(row["record_a"], row["record_b"]): row["weight"] for row in scored}
    assert len(stored) >= 4
    assert {pair: weights[pair] for pair in stored} == stored


def test_a_record_without_contact_details_has_nothing_to_compare(shop: Path) -> None:
    said = satu("explain", "--record", "till:9", "--with", "form:1", "--home", shop)
    assert "state nothing that could be compared" in said.out
    assert "There is only one record" in satu("explain", "--record", "till:9", "--home", shop).out


@pytest.mark.parametrize(
    "words, sentence",
    [
        (("explain", "12"), "release 1 (2026-01-05) knows no such number; give the key of one of the"),
        (
            ("explain", "Hartati"),
            "this is neither a customer's number nor the key of a record; write a number",
        ),
        (
            ("explain", "--record", "form:1", "--with", "form:Hartati"),
            "--with: release 1 (2026-01-05) knows no",
        ),
        (("explain", "--record", "form:Sri Hartati"), "knows no record of this key"),
        (("explain",), "explain needs one customer or one record"),
        (("explain", "--record", "form:1", "--with", "form:1"), "both keys are the same record"),
        (("review", "same", "form:1", "form:1"), "both name the same customer"),
        (
            ("review", "same", "form:x", "form:1"),
            "the first: release 1 (2026-01-05) knows no record of this key",
        ),
        (("review", "different", "form:1", "12"), "the second: release 1 (2026-01-05) knows no such number"),
        (
            ("review", "same", "form:1", "form:3", "--on", "2999-01-01"),
            "2999-01-01 is still to come; leave `--on`",
        ),
        (("review", "undo", "form:1", "form:2"), "no decision on these two is in force"),
        (("review", "same", "form:1", "form:3", "--on", "soon"), "`soon` is not a date"),
    ],
    ids=lambda value: "_".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_answered_is_one_sentence_that_names_nobody(
    shop: Path, words: tuple[str, ...], sentence: str
) -> None:
    said = satu(*words, "--home", shop)
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert "Hartati" not in said.err


def test_a_release_of_another_version_is_one_sentence(shop: Path) -> None:
    with (
        look_at_people(open_context(shop)) as view,
        pytest.raises(ConfigError, match="run `satu run` first"),
    ):
        view.rows("SELECT * FROM vault.nothing")


def test_every_look_at_people_is_recorded(own_shop: Path, ids: dict[str, int]) -> None:
    ledger = own_shop / "warehouse" / "ledger" / "access.jsonl"
    before = len(ledger.read_text().splitlines()) if ledger.exists() else 0
    satu("explain", str(ids["form:1"]), "--home", own_shop)
    satu("review", "list", "--home", own_shop)
    assert len(ledger.read_text().splitlines()) == before + 2


def test_open_questions_come_with_both_sides_and_what_depends_on_them(
    shop: Path, ids: dict[str, int]
) -> None:
    found = satu("review", "list", "--json", "--home", shop)
    questions = json.loads(found.out)
    assert [q["value"] for q in questions] == sorted((q["value"] for q in questions), reverse=True)
    sides = {frozenset((q["a"]["customer_id"], q["b"]["customer_id"])): q for q in questions}
    dewi = sides[frozenset((ids["form:4"], ids["form:5"]))]
    assert 0 < dewi["pair"]["weight"] < dewi["pair"]["threshold"]
    assert dewi["a"]["count_records"] == dewi["b"]["count_records"] == 1
    assert len(json.loads(satu("review", "list", "--json", "--limit", "1", "--home", shop).out)) == 1
    assert "Apakah keduanya satu orang?" in satu("review", "list", "--lang", "id", "--home", shop).out


def test_an_old_number_resolves_after_records_came_together(own_shop: Path, ids: dict[str, int]) -> None:
    bayu = {"id": "7", "day": NEXT_DAY, "name": "Bayu Saputra", "mail": "bayu@toko.id"}
    deliver(own_shop, f"form/{NEXT_DAY}.csv", FORM_COLUMNS, bayu)
    after = again(own_shop, NEXT_DAY)
    assert after["form:6"] == after["form:7"]
    gone = ({ids["form:6"], ids["form:7"]} - {after["form:6"]}).pop()
    found = told(own_shop, "explain", gone)
    assert found["customer_id"] == after["form:6"]
    (earlier,) = found["earlier_ids"]
    assert (earlier["previous_customer_id"], earlier["event"], earlier["as_of"]) == (gone, "merged", NEXT_DAY)
    text = satu("explain", str(gone), "--lang", "id", "--home", own_shop).out
    assert f"(Anda mencari {gone}, nomor lamanya)" in text
    assert "bukti mengikat catatan mereka" in text


@pytest.mark.slow
def test_a_new_model_is_shown_beside_the_old_one_and_can_be_left_again(own_shop: Path) -> None:
    dry = told(own_shop, "train-identity", "--dry-run")
    assert (dry["before"], dry["after"], dry["in_use"]) == ("v001", None, "v001")
    assert [p.name for p in (own_shop / "models" / "identity").iterdir()] == ["v001.json"]
    more = [{"id": f"n{n}", "day": DAY, "name": f"Orang {n}", "mail": f"o{n}@b.id"} for n in range(40)]
    deliver(own_shop, f"form/{DAY}-more.csv", FORM_COLUMNS, *more)
    night(own_shop, DAY, publish=True)
    said = good(satu("train-identity", "--home", own_shop))
    assert "v002 is in use" in said
    assert "`identity: {model: v001}`" in said
    assert "v001" in said.splitlines()[0]
    assert "records learned from" in said
    write(own_shop, "satu.yaml", (own_shop / "satu.yaml").read_text() + "identity: {model: v001}\n")
    assert "satu.yaml still names v001" in good(satu("train-identity", "--home", own_shop))
