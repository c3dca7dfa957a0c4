"""Nights that match from the state of the night before come to what nights from scratch come to, byte for byte."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import assets.matching_night
from assets.context import open_context
from assets.matching_memory import MatchingMemory
from assets.pinned_identity import pinned_model
from tests.support.nights import FORM, FORM_COLUMNS, checksums, company, copied, deliver, night, write

DAYS = ("2026-01-05", "2026-01-06", "2026-01-07")
TILL = """
    channel: till
    id_space: form
    source:
      path: landing/till/*.csv
      arrived: name:%Y-%m-%d
      options: {delimiter: ";", dates: ymd, decimal: "."}
    maps:
      order_lines:
        - {order_id: receipt, source_id: customer, ordered_at: day, product_id: item, amount: amount}
"""
ARRIVING = "arrived: name:%Y-%m-%d\n      options:"
STATE = Path("warehouse") / "vault" / "matching"
FIRST = ("Sri", "Agus", "Budi", "Siti", "Dewi", "Putri", "Rizky", "Nur")
LAST = ("Hartati", "Salim", "Santoso", "Aminah", "Lestari", "Wijaya")


def said(day: str, numbers: range) -> list[dict[str, object]]:
    """What people write in a form: they share phones and names, and write them differently."""
    chance = random.Random(f"{day} {numbers}")
    return [
        {
            "id": str(number),
            "day": day,
            "name": f"{chance.choice(FIRST)} {chance.choice(LAST)}",
            "phone": f"08123456{chance.randrange(30):04d}",
            "mail": chance.choice(["", f"surel{chance.randrange(30)}@toko.id"]),
        }
        for number in numbers
    ]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first night: sixty people. Later files bring new ones, and say something else of old ones.

    Some buy whom no form names: never, not any more or not yet.
    """
    home = company(tmp_path_factory.mktemp("memory") / "home", FORM.replace("options:", ARRIVING), TILL)
    for day, buyers in zip(DAYS, ((1, 60, 90), (2, 71, 91), (92, 93)), strict=True):
        sales = (
            {"receipt": f"{day}-{n}", "day": day, "customer": n, "item": "A", "amount": 9} for n in buyers
        )
        deliver(home, f"till/{day}.csv", ("receipt", "day", "customer", "item", "amount"), *sales)
    deliver(home, f"form/{DAYS[0]}.csv", FORM_COLUMNS, *said(DAYS[0], range(60)))
    deliver(home, f"form/{DAYS[1]}.csv", FORM_COLUMNS, *said(DAYS[1], range(55, 75)))
    deliver(home, f"form/{DAYS[2]}.csv", FORM_COLUMNS, *said(DAYS[2], range(70, 78)))
    night(home, DAYS[0])
    return home


@pytest.fixture(scope="module")
def from_scratch(trained: Path) -> dict[tuple[str, str], str]:
    home = copied(trained, trained.with_name("scratch"))
    for day in DAYS[1:]:
        shutil.rmtree(home / STATE)
        later(home, day)
    return checksums(home)


def later(home: Path, day: str) -> None:
    """A later night; before the last one a steward joins two records."""
    if day == DAYS[2]:
        header = "record_a,record_b,decision,decided_on,by,note\n"
        write(home, "decisions/pairs.csv", header + "form:3,form:72,same,2026-01-07,ani,\n")
    night(home, day)


def test_nights_from_state_are_those_from_scratch(
    trained: Path, from_scratch: dict[tuple[str, str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(assets.matching_night, "match_all")
    home = copied(trained, tmp_path / "home")
    for day in DAYS[1:]:
        later(home, day)
    assert checksums(home) == from_scratch
    assert len({sha for (table, _), sha in from_scratch.items() if table == "match_edges"}) == 3


def truncated(state: Path) -> None:
    path = next(state.glob("*-pairs_bulk.arrow"))
    path.write_bytes(path.read_bytes()[:-9])


def of_other_code(state: Path) -> None:
    path = state / "manifest.json"
    path.write_text(path.read_text().replace('"fingerprint": "', '"fingerprint": "0'))


@pytest.mark.parametrize(
    "spoil",
    [
        shutil.rmtree,
        truncated,
        of_other_code,
        lambda state: (state / "manifest.json").write_text("{"),
        lambda state: next(state.glob("*-keys_bulk.arrow")).unlink(),
    ],
    ids=["missing", "truncated", "other code", "unreadable", "incomplete"],
)
def test_a_state_that_cannot_be_used_is_not_read(
    trained: Path, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    home = copied(trained, tmp_path / "home")
    assert is_recalled(home)
    spoil(home / STATE)
    assert not is_recalled(home)


def is_recalled(home: Path) -> bool:
    context = open_context(home)
    model = pinned_model(context)
    assert model is not None
    return MatchingMemory(context, model).recall() is not None


def test_a_night_with_a_damaged_state_matches_all_records(
    trained: Path,
    from_scratch: dict[tuple[str, str], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(assets.matching_night, "Update")
    home = copied(trained, tmp_path / "home")
    truncated(home / STATE)
    later(home, DAYS[1])
    for table in ("customer_links", "match_edges"):
        assert checksums(home)[table, DAYS[1]] == from_scratch[table, DAYS[1]]


def test_the_state_is_private_and_one(trained: Path) -> None:
    state = trained / STATE
    assert state.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in state.iterdir()} == {0o600}
    assert len({path.name.partition("-")[0] for path in state.glob("*.arrow")}) == 1


def test_a_backfill_leaves_the_state_of_the_later_day(trained: Path, tmp_path: Path) -> None:
    home = copied(trained, tmp_path / "home")
    later(home, DAYS[1])
    before = (home / STATE / "manifest.json").read_bytes()
    night(home, DAYS[0])
    assert (home / STATE / "manifest.json").read_bytes() == before
    for table in ("match_edges", "customer_links", "customers", "orders"):
        assert checksums(home)[table, DAYS[0]] == checksums(trained)[table, DAYS[0]], table
