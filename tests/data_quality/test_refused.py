"""Texts and column names in, what is refused of them out."""

from __future__ import annotations

import duckdb
import pytest

from data_quality.refused import Refusal, holds_card_sql, kept_cells, refusals_of, refusals_sql
from warehouse.contracts.refused import secret_kind

CARD = "4111 1111 1111 1111"
NIK_LIKE_A_CARD = "3578015203900007"


@pytest.mark.parametrize(
    ("text", "is_card"),
    [
        (CARD, True),
        ("paid with 5555555555554444, thanks", True),
        ("CC4111-1111-1111-1111 exp 10/27", True),
        ("3782 822463 10005", True),
        ("４１１１１１１１１１１１１１１１", True),
        ("4111111111111112", False),  # wrong check digit
        ("+62 812-3456-7890 / 021-5551234", False),
        ("2026-09-29 10:00:00.123456", False),
        ("8991002101234", False),
        ("41111111111111110000000", False),
        (None, False),
    ],
)
def test_a_card_number_is_known_by_its_form_and_check_digit(text: str | None, is_card: bool) -> None:
    (found,) = (
        duckdb.execute(
            f"SELECT {holds_card_sql('t')} FROM (SELECT CAST(? AS VARCHAR) AS t)", [text]
        ).fetchone()
        or ()
    )
    assert found is is_card


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Mother's maiden name", "mother_maiden_name"),
        ("nama_ibu_kandung", "mother_maiden_name"),
        ("Nama Gadis Ibu", "mother_maiden_name"),
        ("No Kartu Kredit", "card_number"),
        ("CVV", "card_security_code"),
        ("PIN ATM", "pin"),
        ("kata_sandi", "password"),
        ("Ibu Kota", None),
        ("mothers birthday", None),
        ("loyalty card number", None),
        ("card_issuers", None),
        ("pinjaman", None),
        ("pinned", None),
    ],
)
def test_a_secret_column_is_known_by_its_name(name: str, kind: str | None) -> None:
    assert secret_kind(name) == kind


def test_refused_cells_are_left_empty_and_counted_by_column_and_kind() -> None:
    columns = ["note", "nik", "card no", "nama ibu kandung"]
    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE landing AS SELECT * FROM (VALUES"
            f" ('ok', '{NIK_LIKE_A_CARD}', '{CARD}', 'Siti'), ('{CARD}', '{CARD}', NULL, NULL))"
            ' AS t(note, nik, "card no", "nama ibu kandung")'
        )
        kept = ", ".join(kept_cells(columns, {"nik"}, {"card no"}))
        flags = refusals_sql(columns, {"nik"}, {"card no"})
        rows = con.execute(f"SELECT {kept}, {flags} FROM landing").fetchall()
    assert [row[:4] for row in rows] == [("ok", NIK_LIKE_A_CARD, CARD, None), (None, None, None, None)]
    assert refusals_of(columns, {row[4]: 1 for row in rows}) == [
        Refusal("nama ibu kandung", "mother_maiden_name", 1),
        Refusal("nik", "card_number", 1),
        Refusal("note", "card_number", 1),
    ]
