"""What is looked for to prove an erasure: all that only the person states, nothing that others state too."""

from __future__ import annotations

import pytest

from assets.context import Context
from data_quality.leaks import missed, scan
from data_quality.needles import Needle
from pipelines.erasure_proof import person_needles, phone_spellings, search_roots
from pipelines.subject import Subject
from tests.support.nights import FORM, FORM_COLUMNS, TILL, TILL_COLUMNS, bring, company, deliver

DAY = "2026-01-05"
NIK = "3174014508900001"
PEOPLE = (
    {
        "id": "1",
        "name": "Hj. Sri Hartati, S.E.",
        "phone": "0812-3456-7801",
        "mail": "Sri@Toko.id",
        "nik": NIK,
    },
    {"id": "2", "name": "Agus Hartati", "phone": "081234567801"},
    {"id": "3", "name": "Budi Santoso", "phone": "081234567803", "mail": "santoso@toko.id"},
    {"id": "4", "name": "Rina Santoso", "phone": "081234567803", "mail": "santoso@toko.id"},
    {"id": "5", "name": "Budi Santoso", "phone": "081234567805", "mail": "budi@toko.id"},
)
SALE = {
    "receipt": "INV-2026-000017",
    "day": DAY,
    "customer": "8",
    "name": "Sri Hartati",
    "item": "A",
    "amount": 10,
}


@pytest.fixture(scope="module")
def toko(tmp_path_factory: pytest.TempPathFactory) -> Context:
    home = company(tmp_path_factory.mktemp("toko") / "toko", FORM, TILL)
    deliver(home, "form/a.csv", FORM_COLUMNS, *({"day": DAY} | person for person in PEOPLE))
    deliver(home, "till/a.csv", TILL_COLUMNS, SALE)
    return bring(home)[0]


def looked_for(context: Context, *keys: str) -> list[Needle]:
    return person_needles(context, [Subject(1, keys)])


def stated(needles: list[Needle]) -> set[tuple[str, ...]]:
    return {needle.values for needle in needles if needle.is_stated and not needle.is_key}


def test_identifiers_are_looked_for_as_written_and_as_normalised(toko: Context) -> None:
    needles = looked_for(toko, "form:1", "till:8")
    assert [needle.values for needle in needles if needle.is_key] == [("form:1",), ("till:8",)]
    assert stated(needles) == {
        ("Hj. Sri Hartati, S.E.",), ("Sri Hartati",), ("sri hartati",), (NIK,), ("INV-2026-000017",),
        ("Sri@Toko.id",), ("sri@toko.id",),
    }  # fmt: skip


def test_what_others_state_counts_only_with_what_they_do_not_state_beside_it(toko: Context) -> None:
    found = stated(looked_for(toko, "form:3"))
    assert found == {
        ("+6281234567803", "Budi Santoso"), ("+6281234567803", "budi santoso"),
        ("081234567803", "Budi Santoso"), ("Budi Santoso", "santoso@toko.id"),
        ("budi santoso", "santoso@toko.id"),
    }  # fmt: skip
    assert not {value for needle in looked_for(toko, "form:2") for value in needle.values} & {
        "+6281234567801",
        "081234567801",
    }


def test_a_family_erased_together_is_looked_for_by_what_it_shares(toko: Context) -> None:
    assert {("+6281234567803",), ("santoso@toko.id",)} <= stated(looked_for(toko, "form:3", "form:4"))


def test_everything_stated_is_found_before_and_nothing_in_the_configuration(toko: Context) -> None:
    needles = looked_for(toko, "form:1", "form:3", "till:8")
    leaks = scan(search_roots(toko), needles)
    assert missed(needles, leaks) == []
    top = {leak.path.relative_to(toko.workspace.home).parts[0] for leak in leaks}
    assert top == {"warehouse"}


def test_deliveries_and_the_secret_are_not_searched(toko: Context) -> None:
    names = {path.name for path in search_roots(toko)}
    assert "warehouse" in names and not names & {"landing", "secret.key"}


def test_a_phone_is_looked_for_in_the_ways_people_write_it() -> None:
    spelled = phone_spellings("+6281234567801")
    assert {"081234567801", "6281234567801", "0812-3456-7801", "+62 812 3456 7801"} <= set(spelled)
    assert phone_spellings("+31612345678") == ["31612345678"]
    assert phone_spellings("Sri Hartati") == []
