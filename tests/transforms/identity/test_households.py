"""Who lives with whom: what is evidence, what is not, and how far it carries."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.small_tables import Tables, record
from transforms.identity.households import LARGEST_HOUSEHOLD, households

PHONE, OTHER_PHONE = "+6281234567801", "+6281234567802"
HOUSE = {"address_key": "melati 12 3 4 tanjung barat jagakarsa", "city": "Jakarta Selatan"}


def home_of(*people: dict[str, object]) -> Tables:
    """One record and cluster per person: `key`, and what the person says (name, phone, e-mail, address ...)."""
    tables = Tables().put("city_codes", {"city": "Jakarta Selatan", "city_code": "31.74"})
    for number, person in enumerate(people, start=1):
        key = str(person.get("key", f"shop:{number}"))
        facts = {
            "name_key": person.get("name"),
            "email": person.get("email"),
            "phones": person.get("phones", [person["phone"]] if "phone" in person else None),
            "household_key": person.get("household_key"),
        }
        where = {name: person.get(name) for name in ("address_key", "city", "postcode")}
        tables.put("clusters", {"record_key": key, "cluster_no": key})
        tables.put("record_registry", {"record_key": key, "anchor_ord": number})
        tables.put("contact_facts", {"record_key": key} | facts)
        tables.put("contact_rows", record(number, "05", record_key=key, channel="shop") | where)
    return tables


def together(tables: Tables) -> set[frozenset[str]]:
    """The households as sets of record keys."""
    found: dict[int, set[str]] = {}
    for cluster, household in tables.rows("household_members", "cluster_no", "household_id"):
        found.setdefault(household, set()).add(cluster)
    return {frozenset(members) for members in found.values()}


def evidence(tables: Tables) -> set[str]:
    return {row[0] for row in tables.rows("household_ties", "evidence")}


SRI = {"name": "sri hartati", "phone": PHONE} | HOUSE
AGUS = {"name": "agus salim", "phone": OTHER_PHONE}


@pytest.mark.parametrize(
    "first, second, expected",
    [
        ({"household_key": "7"}, {"household_key": "7"}, {"household_key"}),
        ({}, HOUSE, {"address"}),
        ({}, {"address_key": "melati 12 tanjung barat", "city": "Jakarta Selatan"}, {"address"}),
        ({}, HOUSE | {"phone": PHONE}, {"address", "phone_and_address"}),
        ({"postcode": "12530"}, {"phone": PHONE, "postcode": "12530"}, {"phone_and_postcode"}),
        ({}, {"phone": PHONE, "name": "budi hartati"}, {"phone_and_name"}),
        ({"email": "h@b.id"}, {"email": "h@b.id", "name": "hartati budi"}, {"email_and_name"}),
    ],
    ids=lambda value: "_".join(sorted(value)) if isinstance(value, set) else "",
)
def test_two_live_together_by(
    first: dict[str, object], second: dict[str, object], expected: set[str]
) -> None:
    tables = home_of(SRI | first, AGUS | second)
    assert evidence(tables) == expected
    assert together(tables) == {frozenset({"shop:1", "shop:2"})}


@pytest.mark.parametrize(
    "reason, first, second",
    [
        ("a phone alone: it may have been sold again", {}, {"phone": PHONE}),
        ("an e-mail alone", {"email": "kantor@b.id"}, {"email": "kantor@b.id"}),
        ("the postcode alone", {"postcode": "12530"}, {"postcode": "12530"}),
        ("a family name alone", {}, {"name": "budi hartati"}),
        ("a given name in common", {}, {"phone": PHONE, "name": "sri wahyuni"}),
        ("another house", {}, HOUSE | {"address_key": "melati 14 3 4 tanjung barat jagakarsa"}),
        ("another quarter", {}, HOUSE | {"address_key": "melati 12 pasar minggu"}),
        ("another neighbourhood", {}, HOUSE | {"address_key": "melati 12 5 6 tanjung barat jagakarsa"}),
        ("another city", {}, HOUSE | {"city": "Bandung"}),
        ("a street without a number", {"address_key": "melati raya"}, HOUSE | {"address_key": "melati raya"}),
        (
            "an office",
            {"address_key": "gedung melati 12 jagakarsa"},
            HOUSE | {"address_key": "gedung melati 12 jagakarsa"},
        ),
        ("household numbers of two systems", {"household_key": "7"}, {"household_key": "7", "key": "crm:2"}),
    ],
    ids=lambda value: value.replace(" ", "_") if isinstance(value, str) else "",
)
def test_it_is_no_evidence_to_share(reason: str, first: dict[str, object], second: dict[str, object]) -> None:
    assert together(home_of(SRI | first, AGUS | second)) == set(), reason


def test_the_newest_address_counts() -> None:
    tables = home_of(SRI, AGUS | HOUSE)
    moved = record(9, "20", record_key="shop:2", channel="shop", address_key="mawar 3 bekasi", city="Bekasi")
    assert together(tables.put("contact_rows", moved)) == set()


def test_a_phone_that_many_give_makes_no_household_even_in_one_postcode() -> None:
    many = [{"name": f"nama {n}", "phone": PHONE, "postcode": "12530"} for n in range(9)]
    assert together(home_of(*many)) == set()
    assert len(together(home_of(*many[:8]))) == 1


def test_an_address_that_fits_more_than_eight_is_none_but_backs_a_shared_phone() -> None:
    flats = [{"name": f"nama {n}", "phone": f"+62812345670{n:02}"} | HOUSE for n in range(9)]
    assert together(home_of(*flats)) == set()
    assert len(together(home_of(*flats[:8]))) == 1
    flats[1] = flats[1] | {"phone": flats[0]["phone"]}
    assert together(home_of(*flats)) == {frozenset({"shop:1", "shop:2"})}


def test_the_id_derives_from_the_first_record_and_outlives_members() -> None:
    three = [SRI, AGUS | HOUSE, {"name": "budi"} | HOUSE]
    ids = {row[0] for row in home_of(*three).rows("household_members", "household_id")}
    without_third = {row[0] for row in home_of(*three[:2]).rows("household_members", "household_id")}
    assert len(ids) == 1
    assert ids == without_third
    assert 0 < ids.pop() < 2**53


def made(*ties: tuple[str, str, int]) -> set[frozenset[str]]:
    columns = list(zip(*ties, strict=True)) if ties else [(), (), ()]
    types = (pa.string(), pa.string(), pa.int32())
    arrays = [pa.chunked_array([pa.array(c, t)]) for c, t in zip(columns, types, strict=True)]
    found: dict[str, set[str]] = {}
    for row in households(*arrays).to_pylist():
        found.setdefault(row["household_no"], set()).add(row["cluster_no"])
    assert all(min(members) == first for first, members in found.items())
    return {frozenset(members) for members in found.values()}


def test_a_chain_of_ties_is_cut_where_nobody_is_tied_to_all() -> None:
    assert made(("a", "b", 1), ("b", "c", 1)) == {frozenset("abc")}
    assert made(("a", "b", 1), ("b", "c", 1), ("c", "d", 1)) == {frozenset("abc")}
    assert made(("a", "b", 3), ("b", "c", 1), ("c", "d", 3)) == {frozenset("ab"), frozenset("cd")}


def test_weak_ties_give_way_to_strong_ones() -> None:
    strong = [("a", "b", 5), ("c", "d", 5)]
    weak = [("b", "c", 1)]
    assert made(*weak, *strong) == {frozenset("ab"), frozenset("cd")}


def test_nobody_is_in_a_household_without_a_tie() -> None:
    assert made() == set()


def test_a_household_stays_small() -> None:
    star = [("a00", f"a{n:02}", 1) for n in range(1, 30)]
    sizes = sorted(len(members) for members in made(*star))
    assert sizes == [LARGEST_HOUSEHOLD]


TIES = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh"), st.integers(1, 5)).filter(
        lambda tie: tie[0] < tie[1]
    ),
    max_size=20,
)


@given(TIES, st.randoms(use_true_random=False))
def test_the_order_of_ties_does_not_show_and_everybody_is_tied(
    ties: list[tuple[str, str, int]], shuffle: object
) -> None:
    shuffled = list(ties)
    shuffle.shuffle(shuffled)  # type: ignore[attr-defined]
    found = made(*ties)
    assert made(*shuffled) == found
    tied = {frozenset(tie[:2]) for tie in ties}
    for members in found:
        assert any(all(frozenset((hub, m)) in tied for m in members - {hub}) for hub in members)
