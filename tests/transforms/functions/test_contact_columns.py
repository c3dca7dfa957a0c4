"""The functions as the contacts contract calls them: one raw row in, its stored values and keys out."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pytest

from transforms.functions import create_macros, set_secret
from transforms.records.build import CompiledField, RecordUnit, tagged_rows_sql
from warehouse.contracts import base_inputs

ARRIVED = date(2024, 8, 12)


def record(raw: dict[str, str | date | None], country: str = "ID") -> dict[str, Any]:
    """The record made of one raw row whose columns are named as the fields they are mapped to."""
    unit = RecordUnit(
        contract=base_inputs()["contacts"],
        fields={name: CompiledField(f'"{name}"', None) for name in raw},
        where=None,
        id_space="crm",
        role=None,
        mapping=1,
        timezone="Asia/Jakarta",
        country=country,
        currency="IDR",
    )
    with duckdb.connect() as con:
        create_macros(con)
        set_secret(con, b"a secret of no one")
        kinds = {name: "DATE" if isinstance(value, date) else "VARCHAR" for name, value in raw.items()}
        columns = ", ".join(f'CAST(? AS {kinds[name]}) AS "{name}"' for name in raw)
        con.execute(
            f"CREATE TABLE raw AS SELECT 1::BIGINT AS _row, 1::BIGINT AS _line, 1::BIGINT AS _row_hash, 'f' AS _file_hash,"
            f" CAST(? AS DATE) AS _arrived, {columns}",
            [ARRIVED, *raw.values()],
        )
        con.execute(
            "CREATE TABLE files AS SELECT 'f' AS file_hash, 1::INTEGER AS file_seq, 1::INTEGER AS file_batch, DATE '2026-01-01' AS file_day"
        )
        con.execute("CREATE TABLE earlier (row_hash BIGINT, dup_no INTEGER, arrived DATE)")
        con.execute("CREATE TABLE suppressions (record_hash VARCHAR)")
        found = con.execute(tagged_rows_sql(unit, "CAST(NULL AS VARCHAR)"))
        names = [column[0] for column in found.description or ()]
        row = found.fetchone()
    assert row is not None
    return dict(zip(names, row, strict=True))


def test_what_was_said_is_stored_and_keys_stand_beside_it() -> None:
    made = record(
        {
            "full_name": "Bpk. H. Moh. Rizki, S.E.",
            "email": "R.izki+x@gmial.com",
            "phone": "0812 3456 7890 / 0813 1111 2222",
            "address": "Jl. Merdeka No.12, RT.003/RW.004",
            "postcode": "10110",
            "birth_date": date(1990, 8, 5),
        }
    )
    assert made["verdict"] == "accepted"
    assert (made["full_name"], made["name_titles"], made["name_key"]) == (
        "Moh. Rizki",
        "Bpk. H., S.E.",
        "muhammad rizki",
    )
    assert (made["email"], made["email_key"]) == ("r.izki+x@gmial.com", "rizki@gmail.com")
    assert (made["phone"], made["phones"]) == ("+6281234567890", ["+6281234567890", "+6281311112222"])
    assert (made["address"], made["address_key"]) == ("Jl. Merdeka No.12, RT.003/RW.004", "merdeka 12 3 4")
    assert (made["postcode"], made["birth_date"]) == ("10110", date(1990, 8, 5))


def test_a_field_that_is_not_mapped_has_no_key() -> None:
    made = record({"source_id": "1", "full_name": "Budi"})
    assert (made["email_key"], made["address_key"], made["birth_date"]) == (None, None, None)


@pytest.mark.parametrize(
    ("said", "born"), [(date(2045, 2, 28), date(1945, 2, 28)), (date(2024, 8, 13), None)]
)
def test_a_birth_date_is_judged_by_the_day_the_row_arrived(said: date, born: date | None) -> None:
    assert record({"full_name": "Budi", "birth_date": said})["birth_date"] == born


def test_a_company_abroad_has_its_own_phones_and_postcodes() -> None:
    made = record({"full_name": "Ann", "phone": "020 7946 0018", "postcode": "sw1a 1aa"}, country="GB")
    assert (made["phone"], made["postcode"]) == ("+442079460018", "SW1A1AA")
