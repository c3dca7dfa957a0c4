"""What a steward decides: who is one person, whatever the evidence; decisions stay until they are taken back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.pipelines.steward import NEXT_DAY, again, decided, good, told
from tests.support.nights import satu, write


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


def test_the_same_decision_again_changes_nothing_unless_there_is_a_new_note(own_shop: Path) -> None:
    options = ("--by", "ani", "--on", "2026-01-07", "--home", own_shop)
    good(satu("review", "same", "form:6", "form:7", "--note", "married", *options))
    before = decided(own_shop)
    said = good(satu("review", "same", "form:7", "form:6", "--home", own_shop))
    assert said == (
        "Already decided: form:7 and form:6 are one person, decided by ani on 2026-01-07. Nothing was changed.\n"
    )
    assert decided(own_shop) == before
    said = good(satu("review", "same", "form:6", "form:7", "--note", "she showed it", *options))
    assert "The new note is kept with it." in said
    assert [row["note"] for row in decided(own_shop)] == ["married", "she showed it"]


def test_a_decision_that_another_forbids_names_it_and_promises_nothing(own_shop: Path) -> None:
    options = ("--by", "ani", "--on", "2026-01-07", "--home", own_shop)
    good(satu("review", "different", "form:3", "form:6", *options))
    good(satu("review", "same", "form:3", "form:7", *options))
    assert good(satu("review", "same", "form:6", "form:7", "--home", own_shop)) == (
        "Noted: form:6 and form:7 are one person.\n"
        "It does not count while this holds: form:3 and form:6 are two people, decided by ani on 2026-01-07."
        " `satu review undo form:3 form:6` takes that back.\n"
    )


def test_a_decision_that_silences_another_names_it(own_shop: Path) -> None:
    options = ("--by", "ani", "--on", "2026-01-07", "--home", own_shop)
    good(satu("review", "same", "form:3", "form:6", *options))
    good(satu("review", "same", "form:6", "form:7", *options))
    said = good(satu("review", "different", "form:3", "form:7", "--home", own_shop))
    assert "It holds on every day from the next run on" in said
    assert (
        "This does not count any more, since both cannot hold: form:6 and form:7 are one person,"
        " decided by ani on 2026-01-07." in said
    )


def test_what_was_decided_is_not_asked_again(own_shop: Path, ids: dict[str, int]) -> None:
    def asked() -> list[set[int]]:
        questions = json.loads(good(satu("review", "list", "--json", "--home", own_shop)))
        return [{q["a"]["customer_id"], q["b"]["customer_id"]} for q in questions]

    dewis = {ids["form:4"], ids["form:5"]}
    before = asked()
    assert dewis in before
    good(satu("review", "different", "form:4", "form:5", "--home", own_shop))
    assert asked() == [pair for pair in before if pair != dewis]
    listed = good(satu("review", "list", "--home", own_shop))
    left = len(before) - 1
    assert f"{left} of {left} questions" in listed or "There is nothing to review." in listed
    assert "Decided since this release, shown after the next run: 1" in listed
    good(satu("review", "undo", "form:4", "form:5", "--home", own_shop))
    assert asked() == before


def test_a_file_that_people_wrote_keeps_its_lines_and_gains_the_columns_it_lacks(own_shop: Path) -> None:
    write(own_shop, "decisions/pairs.csv", "decision,record_a,record_b,ticket\nsame,form:3,form:7,T-1\n")
    good(satu("review", "different", "form:6", "form:7", "--by", "ani", "--home", own_shop))
    first, second = decided(own_shop)
    assert (first["decision"], first["ticket"], first["by"]) == ("same", "T-1", None)
    assert (second["decision"], second["record_b"], second["by"]) == ("different", "form:7", "ani")
