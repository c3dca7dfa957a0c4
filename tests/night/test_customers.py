"""Who is one person: records in, customers out; ids that stay, and the history of those that change."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.nights import (
    FORM,
    FORM_COLUMNS,
    TILL,
    TILL_COLUMNS,
    company,
    customers_of,
    deliver,
    known,
    people,
    write,
)

DAY = "2026-01-05"
NIK_SRI, NIK_AGUS = "3173014501900001", "3173011203850002"
PAIRS = "record_a,record_b,decision,decided_on,by,note\n"
ARRIVING = "arrived: name:%Y-%m-%d\n      options:"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Files of both channels arrive on the day in their name."""
    return company(tmp_path / "shop", TILL.replace("options:", ARRIVING), FORM.replace("options:", ARRIVING))


def forms(home: Path, *rows: dict[str, object], day: str = DAY) -> None:
    deliver(home, f"form/{day}.csv", FORM_COLUMNS, *({"day": day} | row for row in rows))


def together(*keys: str) -> frozenset[str]:
    return frozenset(f"form:{key}" for key in keys)


SRI = {"id": "1", "name": "Sri Hartati"}


@pytest.mark.parametrize(
    "reason, first, second, are_one",
    [
        (
            "phone and agreeing name",
            {"phone": "0812 3456 7890"},
            {"phone": "+6281234567890", "name": "Hartati, Sri"},
            True,
        ),
        (
            "phone and another name",
            {"phone": "081234567890"},
            {"phone": "081234567890", "name": "Agus Salim"},
            False,
        ),
        ("phone without a name", {"phone": "081234567890"}, {"phone": "081234567890", "name": ""}, False),
        ("same e-mail, written differently", {"mail": "Sri@Toko.id"}, {"mail": " sri@toko.id"}, True),
        ("e-mail without a name", {"mail": "sri@toko.id"}, {"mail": "sri@toko.id", "name": ""}, True),
        (
            "e-mail and another name",
            {"mail": "keluarga@toko.id"},
            {"mail": "keluarga@toko.id", "name": "Agus Salim"},
            False,
        ),
        ("same NIK, another name", {"nik": NIK_SRI}, {"nik": NIK_SRI, "name": "S. Hartati"}, True),
        ("name alone", {}, {}, False),
        (
            "a shop's own mailbox",
            {"mail": "info@toko.id"},
            {"mail": "info@toko.id", "name": "Agus Salim"},
            False,
        ),
        (
            "agreeing name and phone, but two NIKs",
            {"phone": "081234567890", "nik": NIK_SRI},
            {"phone": "081234567890", "nik": NIK_AGUS},
            False,
        ),
    ],
    ids=lambda value: value.replace(" ", "_") if isinstance(value, str) else "",
)
def test_two_records_are_one_person_when(
    home: Path, reason: str, first: dict[str, object], second: dict[str, object], are_one: bool
) -> None:
    forms(home, SRI | first, SRI | {"id": "2"} | second)
    assert people(home, DAY) == ({together("1", "2")} if are_one else {together("1"), together("2")}), reason


def test_two_niks_part_namesakes_with_one_phone_in_a_small_shop(home: Path) -> None:
    others = [{"id": str(n), "name": f"Orang {n}", "mail": f"orang{n}@toko.id"} for n in range(3, 10)]
    same = SRI | {"phone": "081234567801", "mail": "sri@toko.id"}
    forms(home, same | {"nik": NIK_SRI}, same | {"id": "2", "nik": NIK_AGUS}, *others)
    assert {together("1"), together("2")} <= people(home, DAY)


def test_two_niks_part_records_that_a_third_ties_together(home: Path) -> None:
    forms(
        home,
        SRI | {"nik": NIK_SRI, "phone": "081234567801"},
        SRI | {"id": "2", "nik": NIK_AGUS, "mail": "sri@toko.id"},
        SRI | {"id": "3", "phone": "081234567801", "mail": "sri@toko.id"},
    )
    found = people(home, DAY)
    assert not any({"form:1", "form:2"} <= person for person in found)
    assert len(found) == 2


def test_a_steward_joins_what_no_evidence_ties_and_parts_what_evidence_ties(home: Path) -> None:
    forms(home, SRI | {"mail": "a@b.id"}, SRI | {"id": "2", "mail": "a@b.id"}, {"id": "3", "name": "Sri H."})
    assert people(home, DAY) == {together("1", "2"), together("3")}
    decided = "form:1,form:2,different,2026-01-05,ani,\nform:3,form:1,same,2026-01-05,ani,\n"
    write(home, "decisions/pairs.csv", PAIRS + decided)
    assert people(home, DAY) == {together("1", "3"), together("2")}


@pytest.mark.parametrize("records", [2, 3])
def test_a_steward_parts_records_that_all_agree(home: Path, records: int) -> None:
    forms(home, *(SRI | {"id": str(n), "mail": "a@b.id"} for n in range(1, records + 1)))
    assert len(people(home, DAY)) == 1
    write(home, "decisions/pairs.csv", PAIRS + "form:1,form:2,different,2026-01-05,ani,\n")
    found = people(home, DAY)
    assert len(found) == 2
    assert not any({"form:1", "form:2"} <= person for person in found)


def test_the_later_of_two_decisions_on_a_pair_holds(home: Path) -> None:
    forms(home, SRI, SRI | {"id": "2"})
    changed = "form:1,form:2,different,2026-01-05,ani,\nform:2,form:1,same,2026-01-06,budi,\n"
    write(home, "decisions/pairs.csv", PAIRS + changed)
    assert people(home, DAY) == {together("1", "2")}


def test_a_decision_holds_on_days_before_it_was_made(home: Path) -> None:
    forms(home, SRI, SRI | {"id": "2"})
    write(home, "decisions/pairs.csv", PAIRS + "form:1,form:2,same,2026-03-01,ani,\n")
    assert people(home, DAY) == {together("1", "2")}


NEXT_DAY = "2026-01-06"


def test_a_decision_is_an_event_of_the_day_it_was_made(home: Path) -> None:
    forms(home, SRI, SRI | {"id": "2"})
    before = customers_of(home, NEXT_DAY)
    write(home, "decisions/pairs.csv", PAIRS + f"form:1,form:2,same,{NEXT_DAY},ani,\n")
    wanted = "SELECT customer_id, previous_customer_id, event, cause FROM customer_id_history"
    (merge,) = known(home, NEXT_DAY, wanted)
    assert (merge["event"], merge["cause"]) == ("merged", "a steward decided so")
    assert {merge["customer_id"], merge["previous_customer_id"]} == set(before.values())
    assert history(home, "2026-01-07") == set()


def test_a_decision_withdrawn_is_an_event_of_its_day(home: Path) -> None:
    forms(home, SRI, SRI | {"id": "2"})
    apart = customers_of(home, DAY)
    lines = f"form:1,form:2,same,2026-01-04,ani,\nform:1,form:2,withdrawn,{NEXT_DAY},ani,\n"
    write(home, "decisions/pairs.csv", PAIRS + lines)
    ((event, *ids),) = history(home, NEXT_DAY)
    assert (event, set(ids)) == ("split", set(apart.values()))


def test_ids_are_whole_numbers_that_every_tool_keeps_exact(home: Path) -> None:
    forms(home, *({"id": str(n), "name": f"Orang {n}"} for n in range(300)))
    ids = set(customers_of(home, DAY).values())
    assert len(ids) == 300
    assert all(0 < customer < 2**53 for customer in ids)


def test_ids_depend_on_the_secret_and_not_on_chance(home: Path, tmp_path: Path) -> None:
    forms(home, SRI)
    before = customers_of(home, DAY)
    assert customers_of(home, DAY) == before
    write(home, "secret.key", "another-secret-of-another-company\n")
    assert customers_of(home, DAY) != before


def test_an_archive_loaded_later_does_not_change_an_id(home: Path) -> None:
    forms(home, SRI | {"mail": "sri@toko.id"})
    before = customers_of(home, DAY)
    old = {"customer": "77", "name": "Sri Hartati", "mail": "sri@toko.id", "receipt": "R1", "amount": 5}
    deliver(home, "till/2020-01-01.csv", TILL_COLUMNS, old | {"day": "2020-01-01"})
    assert customers_of(home, DAY) == before | {"till:77": before["form:1"]}


def history(home: Path, day: str) -> set[tuple[str, int, int | None]]:
    rows = known(home, day, "SELECT event, customer_id, previous_customer_id FROM customer_id_history")
    return {(row["event"], row["customer_id"], row["previous_customer_id"]) for row in rows}


def test_a_merge_keeps_the_earlier_id_and_is_told_on_its_day(home: Path) -> None:
    forms(home, SRI | {"mail": "sri@toko.id"})
    forms(home, {"id": "2", "name": "Sri Hartati", "phone": "081234567801"}, day="2026-01-06")
    both = {"mail": "sri@toko.id", "phone": "081234567801"}
    forms(home, SRI | {"id": "3"} | both, day="2026-01-07")
    first, second, third = (customers_of(home, f"2026-01-0{n}") for n in (5, 6, 7))
    assert second["form:1"] == first["form:1"] != second["form:2"]
    assert third == dict.fromkeys(("form:1", "form:2", "form:3"), first["form:1"])
    assert history(home, "2026-01-05") == {("new", first["form:1"], None)}
    assert history(home, "2026-01-06") == {("new", second["form:2"], None)}
    assert history(home, "2026-01-07") == {("merged", first["form:1"], second["form:2"])}


def test_a_split_leaves_the_id_with_the_first_record_and_is_told_on_its_day(home: Path) -> None:
    forms(home, SRI | {"mail": "sri@toko.id"}, SRI | {"id": "2", "mail": "sri@toko.id"})
    before = customers_of(home, DAY)
    assert before["form:1"] == before["form:2"]
    told = ({"id": "1", "nik": NIK_SRI}, {"id": "2", "nik": NIK_AGUS})
    forms(home, *(SRI | {"mail": "sri@toko.id"} | row for row in told), day="2026-01-06")
    after = customers_of(home, "2026-01-06")
    assert after["form:1"] == before["form:1"]
    assert after["form:2"] != before["form:1"]
    assert history(home, "2026-01-06") == {("split", after["form:2"], before["form:1"])}


def test_a_day_without_news_has_no_history(home: Path) -> None:
    forms(home, SRI)
    assert history(home, "2026-01-06") == set()


def test_every_record_of_every_contract_belongs_to_a_customer(home: Path) -> None:
    sale = {"day": DAY, "receipt": "R1", "customer": "99", "item": "A", "amount": 10}
    deliver(home, f"till/{DAY}.csv", TILL_COLUMNS, sale)
    orders = known(home, DAY, "SELECT customer_id FROM orders")
    assert [order["customer_id"] for order in orders] == [customers_of(home, DAY)["till:99"]]
