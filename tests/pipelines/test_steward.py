"""What a steward sees and does: why records are one person, who to decide upon, decisions that stay."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from assets.context import open_context
from assets.few_records import score_pairs
from assets.graph import all_units
from assets.pinned_identity import pinned_model
from pipelines.identity_view import look_at_people
from tests.support.nights import (
    COMPANY,
    FORM,
    FORM_COLUMNS,
    TILL,
    TILL_COLUMNS,
    Said,
    company,
    copied,
    customers_of,
    deliver,
    night,
    satu,
    write,
)
from warehouse.errors import ConfigError

DAY, NEXT_DAY = "2026-01-05", "2026-01-06"
ARRIVING = "arrived: name:%Y-%m-%d\n      options:"
SRI = {"name": "Sri Hartati", "phone": "081234567801"}
PEOPLE = (
    SRI | {"id": "1", "mail": "sri@toko.id"},
    SRI | {"id": "2", "name": "Hartati Sri"},
    {"id": "3", "name": "Agus Hartati", "phone": "081234567801"},
    {"id": "4", "name": "Dewi Lestari", "phone": "081234567804"},
    {"id": "5", "name": "Dewi Anggraini", "phone": "081234567804"},
    {"id": "6", "name": "Bayu Saputra", "mail": "bayu@toko.id"},
    {"id": "7", "name": "Rina Wati", "mail": "rina@toko.id"},
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of a few people: two records of Sri, a namesake of hers by phone, two Dewis on one phone, single ones."""
    home = company(
        tmp_path_factory.mktemp("steward") / "shop",
        TILL.replace("options:", ARRIVING),
        FORM.replace("options:", ARRIVING),
        settings=COMPANY + "history_start: 2026-01-01\n",
    )
    deliver(home, f"form/{DAY}.csv", FORM_COLUMNS, *({"day": DAY} | person for person in PEOPLE))
    sales = [
        {"receipt": "R1", "day": DAY, "customer": "8", "name": "Sri Hartati", "mail": "sri@toko.id"},
        {"receipt": "R2", "day": DAY, "customer": "9"},
    ]
    deliver(home, f"till/{DAY}.csv", TILL_COLUMNS, *(sale | {"item": "A", "amount": 10} for sale in sales))
    night(home, DAY, publish=True)
    return home


@pytest.fixture(scope="module")
def ids(shop: Path) -> dict[str, int]:
    return customers_of(shop, DAY)


@pytest.fixture
def own_shop(shop: Path, tmp_path: Path) -> Path:
    """A copy to decide in."""
    return copied(shop, tmp_path / "shop")


def told(home: Path, *words: object) -> dict[str, Any]:
    said = satu(*map(str, words), "--json", "--home", home)
    assert said.code == 0, said.err
    found: dict[str, Any] = json.loads(said.out)
    return found


def decided(home: Path) -> list[dict[str, str]]:
    with (home / "decisions" / "pairs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


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
        (("explain", "12"), "no customer has or had this number"),
        (("explain", "--record", "form:Sri Hartati"), "knows no record of this key"),
        (("explain",), "explain needs one customer or one record"),
        (("explain", "--record", "form:1", "--with", "form:1"), "both keys are the same record"),
        (("review", "same", "form:1", "form:1"), "both name the same customer"),
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


def again(home: Path, day: str = DAY) -> dict[str, int]:
    night(home, day, publish=True)
    return customers_of(home, day)


def good(said: Said) -> str:
    assert said.code == 0, said.err
    return said.out


def test_a_decision_on_two_customers_survives_every_rebuild_and_can_be_taken_back(
    own_shop: Path, ids: dict[str, int]
) -> None:
    bayu, rina = ids["form:6"], ids["form:7"]
    options = ("--by", "ani", "--on", "2026-01-07", "--note", "married name", "--home", own_shop)
    assert "are one person" in good(satu("review", "same", str(bayu), str(rina), *options))
    assert decided(own_shop) == [
        {"record_a": "form:6", "record_b": "form:7", "decision": "same"}
        | {"decided_on": "2026-01-07", "by": "ani", "note": "married name"}
    ]
    pending = satu("explain", str(bayu), "--home", own_shop).out
    assert "1 / form:7  one person, not in this release yet (2026-01-07, ani): married name" in pending
    after = again(own_shop)
    assert after["form:6"] == after["form:7"]
    assert again(own_shop, NEXT_DAY) == after
    merged = next(customer for customer in (bayu, rina) if customer not in after.values())
    found = told(own_shop, "explain", merged)
    assert (found["customer_id"], found["earlier_id"]) == (after["form:6"], merged), "an old number resolves"
    assert found["decisions"][0]["note"] == "married name"
    assert found["pairs"][0]["verdict"] == "joined: a steward said so"
    assert "decided by ani on 2026-01-07" in good(
        satu("review", "undo", str(bayu), str(rina), "--home", own_shop)
    )
    assert [row["decision"] for row in decided(own_shop)] == ["same", "withdrawn"]
    assert again(own_shop) == ids


@pytest.mark.slow
def test_two_records_of_one_customer_are_parted(own_shop: Path, ids: dict[str, int]) -> None:
    same_customer = satu("review", "different", str(ids["form:1"]), "form:1", "--home", own_shop)
    assert (same_customer.code, "name two of its records" in same_customer.err) == (2, True)
    said = good(satu("review", "different", "form:1", "form:2", "--home", own_shop))
    assert "They are one customer now" in said
    after = again(own_shop)
    assert after["form:1"] == after["till:8"] != after["form:2"]
    closest = told(own_shop, "explain", after["form:1"])["kept_apart"][0]
    assert closest["customer_id"] == after["form:2"]
    assert closest["pair"]["verdict"] == "kept apart: a steward said so"


def test_the_later_decision_on_two_records_holds_and_says_what_it_replaces(own_shop: Path) -> None:
    good(satu("review", "same", "form:6", "form:7", "--by", "ani", "--home", own_shop))
    said = good(satu("review", "different", "form:7", "form:6", "--home", own_shop))
    assert "It takes the place of: one person, decided by ani" in said


def test_a_decision_that_others_forbid_says_so(own_shop: Path) -> None:
    good(satu("review", "different", "form:3", "form:6", "--home", own_shop))
    good(satu("review", "same", "form:3", "form:7", "--home", own_shop))
    assert "It does not count for now" in good(satu("review", "same", "form:6", "form:7", "--home", own_shop))


def test_a_file_that_people_wrote_keeps_its_lines_and_gains_the_columns_it_lacks(own_shop: Path) -> None:
    write(own_shop, "decisions/pairs.csv", "decision,record_a,record_b,ticket\nsame,form:3,form:7,T-1\n")
    good(satu("review", "different", "form:6", "form:7", "--by", "ani", "--home", own_shop))
    first, second = decided(own_shop)
    assert (first["decision"], first["ticket"], first["by"]) == ("same", "T-1", None)
    assert (second["decision"], second["record_b"], second["by"]) == ("different", "form:7", "ani")


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
