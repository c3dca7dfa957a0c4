"""Identifiers looked up by the thousand: found in every spelling files have, and not within other words."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_quality.many_needles import Lookup, scan_for_many
from data_quality.needles import Needle

VALUES = ["Budi Santoso", "budi.s+1@surel.id", "081299990000", "3273015203900001", "Jl. Melati No. 7"]
NEEDLES = [*(Needle((value,)) for value in VALUES), Needle(("till:M7",), is_key=True)]
NAME, EMAIL, PHONE, NIK, ADDRESS, KEY = range(6)
LOOKUP = Lookup(NEEDLES)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ask BUDI  SANTOSO today", {NAME}),
        ("Budi\tSantoso", {NAME}),
        ("budi_santoso.pdf", {NAME}),
        ("Budi and Santoso", set()),
        ('["Budi","Santoso"]', set()),
        ("Budianto Santoso", set()),
        ("mail Budi.S+1@Surel.ID now", {EMAIL}),
        (quote("budi.s+1@surel.id"), {EMAIL}),
        ("budi.s\\u002b1@surel.id", {EMAIL}),
        ("xbudi.s+1@surel.id", set()),
        ("+62 812-9999-0000", {PHONE}),
        ("(0812) 9999 0000", {PHONE}),
        ("62812.9999.0000", {PHONE}),
        ("1081299990000", set()),
        ("on 2026-09-30 081299990000", {PHONE}),
        ("3273 0152 0390 0001", {NIK}),
        ("32730152039000011", set()),
        ("jl melati no 7", {ADDRESS}),
        ("jl melati no 70", set()),
        ("key till:M7.", {KEY}),
        ("key till:m7 till:M7/2 atill:M7 till:M70", set()),
        ("", set()),
    ],
)
def test_spellings(text: str, found: set[int]) -> None:
    assert LOOKUP.found_in(text) == found


@given(st.text(max_size=20), st.sampled_from(range(5)), st.text(max_size=20))
def test_a_value_apart_from_others_is_found_in_any_text(before: str, position: int, after: str) -> None:
    assert position in LOOKUP.found_in(f"{before} | {VALUES[position]} | {after}")


def test_a_needle_of_several_values_or_of_signs_only_is_refused() -> None:
    with pytest.raises(ValueError, match="of one value"):
        Lookup([Needle(("Budi Santoso", "Jl. Melati"))])
    with pytest.raises(ValueError, match="neither letters nor digits"):
        Lookup([Needle(("***",))])


def test_every_kind_of_file_is_searched_and_each_needle_told_apart(tmp_path: Path) -> None:
    duckdb.sql(f"COPY (SELECT 'of budi santoso' AS a, 81299990000 AS n) TO '{tmp_path}/t.parquet'")
    with duckdb.connect(str(tmp_path / "t.duckdb")) as con:
        con.execute("CREATE TABLE t AS SELECT 'till:M7' AS k FROM range(3)")
    (tmp_path / "run.log").write_text(json.dumps({"mail": VALUES[EMAIL], "at": VALUES[ADDRESS]}) + "\nfine\n")
    with sqlite3.connect(tmp_path / "runs.db") as events:
        events.execute("CREATE TABLE events (body TEXT)")
        events.execute("INSERT INTO events VALUES (?)", (f"nik {VALUES[NIK]}",))
    events.close()
    found = {
        (leak.path.name, leak.place): (leak.count, leak.needles)
        for leak in scan_for_many(tmp_path, NEEDLES)
        if leak.place != "bytes" or leak.path.suffix == ".log"
    }
    assert found[("t.parquet", "t.parquet.a")] == (1, {NAME})
    assert found[("t.parquet", "t.parquet.n")] == (1, {PHONE})
    assert found[("t.duckdb", "main.t.k")] == (1, {KEY})
    assert found[("run.log", "bytes")] == (1, {EMAIL, ADDRESS})
    assert found[("runs.db", "events.body")] == (1, {NIK})
