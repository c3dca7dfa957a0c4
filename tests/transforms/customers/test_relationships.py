"""Who receives, refers and decides for whom: rows of channels in, relations of customers out."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.support.small_tables import Tables, day, links, record

COLUMNS = (
    "customer_id",
    "related_customer_id",
    "relationship",
    "source",
    "first_on",
    "last_on",
    "count_events",
)


def relations(tables: Tables) -> list[tuple[object, ...]]:
    return tables.rows("relationships", *COLUMNS)


def parcel(line: int, on: str, buyer: str | None, recipient: str, **more: object) -> Tables:
    """A courier's row: who bought, and who was named as the recipient."""
    tables = Tables().put("mapping_roles", {"channel": "courier", "mapping": 1, "role": "recipient"})
    return add_parcel(tables, line, on, buyer, recipient, **more)


def add_parcel(
    tables: Tables, line: int, on: str, buyer: str | None, recipient: str, **more: object
) -> Tables:
    row = record(line, on, channel="courier") | more
    tables.put("delivery_rows", row | {"record_key": buyer})
    return tables.put("contact_rows", row | {"record_key": recipient})


LINKS = links(c1="shop:1", c2="shop:1-2/recipient", c3="shop:3")


def test_the_recipient_of_a_parcel_is_related_to_its_buyer() -> None:
    tables = parcel(1, "05", "shop:1", "shop:1-2/recipient").put("customer_links", *LINKS)
    add_parcel(tables, 2, "09", "shop:1", "shop:1-2/recipient")
    assert relations(tables) == [(1, 2, "recipient", "courier", day("05"), day("09"), 2)]


def test_who_receives_her_own_parcel_is_related_to_nobody() -> None:
    tables = parcel(1, "05", "shop:1", "shop:1-1/recipient")
    tables.put("customer_links", *links(c1=["shop:1", "shop:1-1/recipient"]))
    assert relations(tables) == []


def test_a_recipient_without_a_known_buyer_is_related_to_nobody() -> None:
    tables = parcel(1, "05", None, "shop:1-2/recipient").put("customer_links", *LINKS)
    assert relations(tables) == []


def test_a_row_that_comes_after_as_of_is_not_known() -> None:
    tables = parcel(1, "05", "shop:1", "shop:1-2/recipient", arrived=dt.date(2026, 2, 1))
    assert relations(tables.put("customer_links", *LINKS)) == []


def test_any_role_beside_a_contact_is_a_relationship() -> None:
    tables = Tables().put("mapping_roles", {"channel": "form", "mapping": 2, "role": "spouse"})
    tables.put("contact_rows", record(1, "05", channel="form", record_key="form:1"))
    tables.put("contact_rows", record(1, "05", channel="form", record_key="form:1/spouse", mapping=2))
    tables.put("contact_rows", record(2, "05", channel="form", record_key="form:2"))
    tables.put("customer_links", *links(c1="form:1", c2="form:1/spouse", c3="form:2"))
    assert [row[:3] for row in relations(tables)] == [(1, 2, "spouse")]


@pytest.mark.parametrize(
    "referrer, expected",
    [
        ("7", 7),  # a customer number of the channel's own space
        ("club:9", 9),  # a full record key
        ("m-5", 5),  # a membership number
        ("m-8", None),  # a membership number two customers have
        ("404", None),
        ("1", None),  # herself
    ],
)
def test_a_referrer_is_found_by_number(referrer: str, expected: int | None) -> None:
    tables = Tables().put("channels", {"channel": "app", "id_space": "app"})
    tables.put("contact_rows", record(1, "05", channel="app", record_key="app:1", referrer_id=referrer))
    members = {"club:5": "M-5", "club:8": "M-8", "club:88": "M-8"}
    for line, (key, member) in enumerate(members.items(), start=2):
        tables.put("contact_rows", record(line, "01", channel="club", record_key=key, member_id=member))
    own = links(c1="app:1", c7="app:7")
    tables.put("customer_links", *own, *links(c5="club:5", c8="club:8", c88="club:88", c9="club:9"))
    found = [(1, expected, "referrer", "app", day("05"), day("05"), 1)] if expected else []
    assert relations(tables) == found


def visitors(*people: tuple[str, str, bool]) -> Tables:
    """People at a booth: record key, company, whether they decide."""
    tables = Tables()
    for line, (key, company, decides) in enumerate(people, start=1):
        said = {"company": company, "decision_maker": decides}
        tables.put("contact_rows", record(line, f"{4 + line:02}", channel="booth", record_key=key) | said)
    return tables.put("customer_links", *(link for p in people for link in links(**{f"c{p[0][6:]}": p[0]})))


def test_who_decides_is_related_to_the_customers_of_the_company() -> None:
    tables = visitors(
        ("booth:1", "PT. Maju Bersama", False),
        ("booth:2", "Maju Bersama, PT", True),
        ("booth:3", "CV Maju Mundur", False),
    )
    assert relations(tables) == [(1, 2, "decision_maker", "booth", day("06"), day("06"), 1)]


def test_the_newest_statement_says_who_decides() -> None:
    tables = visitors(("booth:1", "PT Maju", False), ("booth:2", "PT Maju", True))
    later = record(9, "20", channel="booth", record_key="booth:2", company="PT Maju", decision_maker=False)
    assert relations(tables.put("contact_rows", later)) == []


def test_a_company_name_that_too_many_give_tells_nothing() -> None:
    people = [(f"booth:{n}", "PT Karya", n == 1) for n in range(1, 22)]
    assert len(relations(visitors(*people))) == 20
    crowd = visitors(*people)
    for n in range(22, 102):
        crowd.put("contact_rows", record(n, "05", channel="booth", record_key=f"booth:{n}", company="Karya"))
        crowd.put("customer_links", *links(**{f"c{n}": f"booth:{n}"}))
    assert relations(crowd) == []


def test_members_of_a_household_are_related_both_ways() -> None:
    tables = Tables().put("customer_links")
    for customer, first, last in ((1, "05", "20"), (2, "07", "09")):
        home = {"customer_id": customer, "household_id": 77}
        tables.put("households", home)
        seen = {"customer_id": customer, "first_seen": day(first), "last_seen": day(last)}
        tables.put("customer_profile", seen)
    told = ("household_member", "household", day("07"), day("20"), 1)
    assert relations(tables) == [(1, 2, *told), (2, 1, *told)]


def test_households_tell_size_city_role_and_evidence() -> None:
    tables = Tables().put("city_codes", {"city": "Bandung", "city_code": "32.73"})
    tables.put("mapping_roles", {"channel": "courier", "mapping": 1, "role": "recipient"})
    tables.put("contact_rows", record(1, "05", channel="courier", record_key="shop:1-2/recipient"))
    people = links(c1=["shop:1", "crm:1"], c2="shop:1-2/recipient", c3="shop:3")
    for link in people:
        tables.put("customer_links", link | {"household_id": 77})
        tables.put("clusters", {"record_key": link["record_key"], "cluster_no": f"no {link['customer_id']}"})
    for customer, city in ((1, "Bandung"), (2, None), (3, "Bandung")):
        tables.put("customer_profile", {"customer_id": customer, "city": city})
    tables.con.execute("CREATE TABLE household_members AS SELECT 'no ' || n AS cluster_no, 77 AS household_id "
                       "FROM (VALUES (1), (2), (3)) AS t (n)")  # fmt: skip
    tables.con.execute(
        "CREATE TABLE household_ties AS FROM (VALUES ('no 1', 'no 2', 'address', 3),"
        " ('no 1', 'no 2', 'phone_and_address', 4), ('no 1', 'no 3', 'phone_and_name', 1))"
        " AS t (cluster_a, cluster_b, evidence, strength)"
    )
    tables.made("household_members", "household_ties")
    assert tables.rows("households") == [
        (77, 1, None, "phone_and_address", 2, 3, "32.73"),
        (77, 2, "recipient", "phone_and_address", 1, 3, "32.73"),
        (77, 3, None, "phone_and_name", 1, 3, "32.73"),
    ]
