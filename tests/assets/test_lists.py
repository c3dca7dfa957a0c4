"""No list of people without `contactability`: over the contracts, so that a new list cannot be forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.lineage import table_dependencies
from data_quality.list_checks import GOES_BY_CONTACTABILITY, list_breaches_sql
from data_quality.runbook import runbook
from tests.support.nights import TILL, company
from tests.support.small_tables import Tables
from transforms.model import Model
from warehouse.contracts import Table, all_tables, load_table
from warehouse.workspace import load_workspace

LISTS = [table for table in all_tables().values() if table.is_list]
RULES_OF_CONTACT = {"consents", "blacklist", "contactability"}
"""Tables of the vault that say what customers allow; nobody is turned to because of a row there."""
SRI = {"customer_id": 1, "full_name": "Sri", "email": "sri@toko.id", "phone": "+6281234567801"}
TOLD_BY_LISTS = {"purpose", "contact_channel", "is_contactable"}


@pytest.fixture(scope="module")
def made_from(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    return table_dependencies(load_workspace(company(tmp_path_factory.mktemp("lists") / "shop", TILL)))


def test_whatever_names_customers_for_a_purpose_is_a_list() -> None:
    named = {
        table.name
        for table in all_tables().values()
        if "customer_id" in table.column_names and TOLD_BY_LISTS & set(table.column_names)
    }
    assert named - RULES_OF_CONTACT == {table.name for table in LISTS} and "segment_members" in named


@pytest.mark.parametrize("table", LISTS, ids=lambda t: t.name)
def test_a_list_tells_purpose_channel_and_leave_and_is_made_from_contactability(
    table: Table, made_from: dict[str, set[str]]
) -> None:
    assert set(table.column_names) >= TOLD_BY_LISTS
    assert "contactability" in made_from[table.name]
    assert GOES_BY_CONTACTABILITY in {row.check for row in runbook(table)}


def test_the_commands_read_addresses_of_one_customer_or_through_the_door() -> None:
    """Of one customer, or through the door of lists: whoever adds a command has to come by here."""
    pipelines = Path(__file__).parents[2] / "pipelines"
    words = (
        "customer_profile",
        "customer_attributes",
        "attribute_values",
        "contact_rows",
        "contact_versions",
        "contact_addresses",
        "listed_addresses",
    )
    reading = {
        path.name
        for path in pipelines.rglob("*.py")
        if any(word in path.read_text(encoding="utf-8") for word in words)
    }
    counting = {"impact.py"}
    assert reading - counting == {"access.py", "explain.py", "exporting.py", "identity_view.py"}


def test_the_door_for_lists_reads_addresses_through_contactability_alone() -> None:
    root = Path(__file__).parents[2]
    door = (root / "pipelines" / "exporting.py").read_text(encoding="utf-8")
    assert "listed_people" in door
    opening = [
        path.name
        for package in ("assets", "pipelines", "warehouse")
        for path in (root / package).rglob("*.py")
        if "contact_addresses" in path.read_text(encoding="utf-8")
    ]
    assert opening == []
    model = Model.load("contact/listed_addresses")
    assert {"contactability", "contact_addresses"} <= set(model.inputs)


@pytest.mark.parametrize(
    ("purpose", "channel", "listed"),
    [
        ("Marketing", "email", [("Sri", "email", "sri@toko.id")]),
        ("marketing", "whatsapp", []),
        ("service", "email", []),
        ("marketing", "phone", []),
        ("marketing", None, []),
    ],
)
def test_a_list_leaves_without_whom_contactability_does_not_allow(
    purpose: str, channel: str | None, listed: list[tuple[str, str, str]]
) -> None:
    """Whatever the list itself claims: e-mail is allowed, whatsapp is not, of the others nobody spoke."""
    tables = Tables().put("customer_profile", SRI).put("customer_links")
    for position, name in enumerate(("email", "whatsapp", "phone"), start=1):
        tables.put("contact_channels", {"contact_channel": name, "position": position})
    allowed = {"customer_id": 1, "purpose": "marketing", "contact_channel": "email", "is_allowed": True}
    tables.put("contactability", allowed, allowed | {"contact_channel": "whatsapp", "is_allowed": False})
    tables.put("list_members", {"customer_id": 1, "purpose": purpose, "contact_channel": channel})
    assert tables.rows("listed_addresses", "full_name", "contact_channel", "address") == listed


@pytest.mark.parametrize(
    ("is_contactable", "purpose", "channel", "failed"),
    [
        (True, "Marketing", "email", 0),
        (True, "marketing", "whatsapp", 1),
        (True, "service", "email", 1),
        (True, "marketing", None, 1),
        (False, "service", None, 0),
    ],
)
def test_a_member_shown_as_contactable_without_leave_is_found(
    is_contactable: bool, purpose: str, channel: str | None, failed: int
) -> None:
    allowed = {"customer_id": 1, "purpose": "marketing", "contact_channel": "email", "is_allowed": True}
    tables = Tables().put("contactability", allowed)
    tables.put("contactability", allowed | {"contact_channel": "whatsapp", "is_allowed": False})
    member = {"customer_id": 1, "purpose": purpose, "contact_channel": channel}
    tables.put("segment_members", member | {"is_contactable": is_contactable})
    (found,) = tables.con.execute(list_breaches_sql(load_table("segment_members"))).fetchall()
    assert found == (int(is_contactable), failed)
