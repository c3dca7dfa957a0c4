"""One person is found by anything they are known by; of several nobody is chosen and nobody is shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assets.context import open_context
from pipelines.identity_view import IdentityView, look_at_people
from pipelines.subject import SeveralFit, subject_of_customer, subject_of_identifier
from tests.support.nights import FORM_COLUMNS, deliver, night
from warehouse.errors import InputError

SRI = ("form:1", "form:2", "till:8")


@pytest.fixture
def view(shop: Path) -> Iterator[IdentityView]:
    with look_at_people(open_context(shop)) as opened:
        yield opened


@pytest.mark.parametrize("written", [" SRI@toko.id ", "sri+news@toko.id"])
def test_an_identifier_in_any_spelling_leads_to_the_customer_with_all_records(
    view: IdentityView, ids: dict[str, int], written: str
) -> None:
    found = subject_of_identifier(view, "email", written)
    assert (found.customer_id, tuple(sorted(found.record_keys))) == (ids["form:1"], SRI)


def test_a_number_and_the_key_of_any_record_lead_to_the_same(view: IdentityView, ids: dict[str, int]) -> None:
    by_record = subject_of_customer(view, "till:8")
    assert by_record == subject_of_customer(view, str(ids["form:2"]))
    assert by_record == subject_of_identifier(view, "email", "sri@toko.id")


def test_a_shared_phone_chooses_nobody_and_lists_candidates_masked(
    view: IdentityView, ids: dict[str, int]
) -> None:
    with pytest.raises(SeveralFit) as refused:
        subject_of_identifier(view, "phone", "0812-3456-7804")
    assert refused.value.exit_code == 2
    assert [(c.customer_id, c.name) for c in refused.value.candidates] == sorted(
        [(ids["form:4"], "D*** L***"), (ids["form:5"], "D*** A***")]
    )
    for word in ("Dewi", "Lestari", "81234567804", "3456-7804"):
        assert word not in str(refused.value)


def test_a_value_stated_only_in_a_superseded_version_still_leads_to_the_person(own_shop: Path) -> None:
    moved = {"id": "6", "day": "2026-01-06", "name": "Bayu Saputra", "mail": "bayu@baru.id"}
    deliver(own_shop, "form/2026-01-06.csv", FORM_COLUMNS, moved)
    night(own_shop, "2026-01-06", publish=True)
    with look_at_people(open_context(own_shop)) as later:
        assert subject_of_identifier(later, "email", "bayu@toko.id").record_keys == ("form:6",)
        assert subject_of_identifier(later, "email", "bayu@baru.id").record_keys == ("form:6",)


@pytest.mark.parametrize(
    ("kind", "value"), [("email", "nobody@toko.id"), ("phone", "081299998888"), ("nik", "3174014508900001")]
)
def test_an_identifier_nobody_states_is_said_without_repeating_it(
    view: IdentityView, kind: str, value: str
) -> None:
    with pytest.raises(InputError, match="no record of release 1") as refused:
        subject_of_identifier(view, kind, value)
    assert value not in str(refused.value)


@pytest.mark.parametrize(("kind", "value"), [("email", "sri"), ("phone", "0812****7801"), ("nik", "3174")])
def test_what_is_no_such_identifier_is_refused(view: IdentityView, kind: str, value: str) -> None:
    with pytest.raises(InputError, match="this is not") as refused:
        subject_of_identifier(view, kind, value)
    assert value not in str(refused.value)
