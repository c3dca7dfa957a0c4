"""A secret that a file brings is nowhere in the warehouse; where it stood is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.nights import (
    FORM,
    FORM_COLUMNS,
    SECRET,
    bring,
    company,
    deliver,
    known,
    night,
    table_of,
    write,
)
from warehouse.errors import ConfigError
from warehouse.workspace import load_workspace

CARD, MOTHER, DAY = "4111 1111 1111 1111", "Kartini Sulastri", "2026-01-05"
COLUMNS = (*FORM_COLUMNS, "catatan", "Nama Ibu Kandung")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = company(
        tmp_path_factory.mktemp("shop") / "home",
        FORM.replace("nik: nik", "nik: nik\n          hobbies: catatan"),
    )
    row = {
        "id": "1",
        "day": DAY,
        "name": "Sri",
        "mail": "sri@b.id",
        "catatan": "chess",
        "Nama Ibu Kandung": MOTHER,
    }
    deliver(home, "form/1.csv", COLUMNS, row, row | {"id": "2", "catatan": f"card {CARD}", "day": "never"})
    text = (home / "landing/form/1.csv").read_text(encoding="utf-8")
    write(home, "landing/form/1.csv", text + f"3;{DAY};{MOTHER};{CARD}\n")
    night(home, DAY, selected=["conservation", "dim_channel", "quarantine", "refused_secrets"])
    return home


def test_no_file_of_the_warehouse_holds_it(home: Path) -> None:
    stored = [path for path in (home / "warehouse").rglob("*") if path.is_file()]
    assert any(path.suffix == ".parquet" for path in stored)
    for path in stored:
        content = path.read_bytes()
        for secret in (CARD, CARD.replace(" ", ""), MOTHER):
            assert secret.encode() not in content, path.relative_to(home)
    held = table_of(home, "quarantine", DAY).column("raw_row").to_pylist()
    assert len(held) == 2 and not any(CARD in row or MOTHER in row for row in held)


def test_the_rest_of_the_row_is_kept(home: Path) -> None:
    assert known(home, DAY, "SELECT full_name, hobbies FROM customer_profile") == [
        {"full_name": "Sri", "hobbies": "chess"}
    ]


def test_where_it_stood_and_of_what_kind_is_known(home: Path) -> None:
    rows = table_of(home, "refused_secrets", DAY).to_pylist()
    assert [(row["column_name"], row["kind"], row["count_rows"]) for row in rows] == [
        ("Nama Ibu Kandung", "mother_maiden_name", 2),
        ("catatan", "card_number", 1),
    ]


def test_long_numbers_that_are_declared_to_be_no_cards_stay(tmp_path: Path) -> None:
    home = company(tmp_path / "shop", FORM.replace("source:", "not_cards: [ID]\n    source:", 1))
    deliver(home, "form/1.csv", FORM_COLUMNS, {"id": CARD.replace(" ", ""), "day": DAY, "name": "Sri"})
    bring(home)
    assert [row["record_key"] for row in known(home, DAY, "SELECT record_key FROM customer_links")] == [
        f"form:{CARD.replace(' ', '')}"
    ]


@pytest.mark.parametrize(
    ("name", "purpose", "said"),
    [("nama_ibu_kandung", "identity", "is a secret"), ("pets", "''", "has no purpose")],
)
def test_a_field_that_is_a_secret_or_has_no_purpose_is_refused(
    tmp_path: Path, name: str, purpose: str, said: str
) -> None:
    field = f"""
        - name: {name}
          table: contacts
          type: text
          description: {{en: A, id: B}}
          family: biographic
          privacy: personal
          purpose: {purpose}
    """
    home = company(tmp_path / "shop", FORM, fields__more=field)
    write(home, "secret.key", SECRET)
    (problem,) = load_workspace(home).problems
    assert isinstance(problem, ConfigError) and said in str(problem)
