"""A ledger that shows when it was changed, and survives a crash in the middle of a line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.chained_ledger import FIRST, append_entry, entries
from warehouse.errors import SatuError

KEY = b"a key that tests may know"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "ledger" / "certificates.jsonl"
    for number in range(3):
        append_entry(path, {"files": number, "said": "dihapus – ok"}, KEY)
    return path


def test_entries_come_back_in_order_each_holding_on_to_the_one_before(ledger: Path) -> None:
    found = entries(ledger, KEY)
    assert [(line["seq"], line["files"]) for line in found] == [(1, 0), (2, 1), (3, 2)]
    assert [line["previous"] for line in found] == [FIRST, found[0]["hash"], found[1]["hash"]]
    assert append_entry(ledger, {"files": 3}, KEY) == entries(ledger, KEY)[-1]["hash"]
    assert ledger.stat().st_mode & 0o777 == 0o600


@given(st.data())
def test_no_line_can_be_changed_removed_or_moved_unnoticed(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("chain") / "l.jsonl"
    for number in range(4):
        append_entry(path, {"files": number}, KEY)
    lines = path.read_text().splitlines()
    place = data.draw(st.integers(0, 2))
    kind = data.draw(st.sampled_from(["change", "remove", "swap", "repeat", "spoil"]))
    if kind == "change":
        lines[place] = json.dumps(json.loads(lines[place]) | {"files": 9})
    elif kind == "remove":
        del lines[place]
    elif kind == "swap":
        lines[place], lines[place + 1] = lines[place + 1], lines[place]
    elif kind == "repeat":
        lines.insert(place, lines[place])
    else:
        lines[place] = data.draw(st.sampled_from(["", "[]", "{}", "no json"]))
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(SatuError, match=r"l\.jsonl line [1-4]: the ledger is not as it was written"):
        entries(path, KEY)
    before = path.read_bytes()
    with pytest.raises(SatuError):
        append_entry(path, {"files": 5}, KEY)
    assert path.read_bytes() == before


def test_another_key_does_not_open_it(ledger: Path) -> None:
    with pytest.raises(SatuError, match="the secret key is another one"):
        entries(ledger, b"some other key of the house")


def test_what_a_crash_left_of_a_line_counts_for_nothing(ledger: Path) -> None:
    whole = ledger.read_bytes()
    ledger.write_bytes(whole + b'{"files": 3, "se')
    assert len(entries(ledger, KEY)) == 3
    append_entry(ledger, {"files": 4}, KEY)
    assert [line["files"] for line in entries(ledger, KEY)] == [0, 1, 2, 4]


def test_an_entry_cannot_claim_what_the_ledger_says(ledger: Path) -> None:
    with pytest.raises(ValueError, match="previous, seq belong to the ledger"):
        append_entry(ledger, {"seq": 1, "previous": FIRST}, KEY)


def test_a_ledger_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert entries(tmp_path / "none.jsonl", KEY) == []
