"""`satu erase` as people use it: it shows counts, asks before it acts, and proves what it did."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest

from assets.context import open_context
from assets.dagster_database import POSTGRES
from pipelines.identity_view import look_at_people
from pipelines.instance import open_instance
from tests.support.nights import checksums, satu, write
from tests.support.postgres import throw_away_postgres

VALUES = ("Sri Hartati", "sri@toko.id", "081234567801", "+6281234567801", "rina@toko.id", "Rina Wati")


def says_no_value(text: str) -> bool:
    return not [value for value in VALUES if value.lower() in text.lower()]


def customers(home: Path) -> int:
    with look_at_people(open_context(home)) as view:
        return int(view.rows("SELECT COUNT(*) AS n FROM customers")[0]["n"])


def test_without_yes_it_shows_what_would_go_and_changes_nothing(own_shop: Path) -> None:
    before = checksums(own_shop)
    said = satu("erase", "--email", "sri@toko.id", "--json", "--home", own_shop)
    assert said.code == 0, said.err
    going = {kind["kind"]: (kind["files"], kind["rows"]) for kind in json.loads(said.out)["would_go"]}
    assert going["raw"] == (2, 3) and going["records"] == (3, 4)
    assert going["partition"][0] > 10 and going["release"] == (1, None)
    assert says_no_value(said.out + said.err)
    text = satu("erase", "--customer", "form:1", "--home", own_shop)
    assert text.code == 0 and "Nothing was changed" in text.out
    assert checksums(own_shop) == before and not (own_shop / "certificates").exists()


@pytest.mark.parametrize(
    ("words", "fix"),
    [
        (["--phone", "0812-3456-7801"], "ask again with `--customer`"),
        (["--email", "nobody@toko.id"], "look for the person by another identifier"),
        ([], "give --customer, --email, --phone or --nik"),
    ],
    ids=["several fit", "nobody fits", "nobody named"],
)
def test_who_is_not_one_known_customer_is_not_erased(own_shop: Path, words: list[str], fix: str) -> None:
    said = satu("erase", *words, "--yes", "--home", own_shop)
    assert said.code == 2 and fix in said.err
    assert says_no_value(said.out + said.err)


def test_several_customers_from_stdin_are_one_erasure_with_one_certificate(
    own_shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = customers(own_shop)
    half = write(own_shop, "landing/shop_db/.tmp-abcd_123-.tmp-pulled.jsonl", '{"mail": "sri@toko.id"}\n')
    monkeypatch.setattr("sys.stdin", io.StringIO("form:1\nform:7\n"))
    said = satu("erase", "--customer", "-", "--yes", "--json", "--home", own_shop)
    assert said.code == 0, said.err
    done = json.loads(said.out)
    assert len(done["customers"]) == 2 and customers(own_shop) == before - 2
    assert done["proof"]["found_before"] == done["proof"]["identifiers"] > 5 and done["proof"]["left"] == []
    assert done["landing"] == ["landing/form/2026-01-05.csv", "landing/till/2026-01-05.csv"]
    assert not half.exists(), "what a killed pull left goes as well"
    folder = own_shop / "certificates"
    assert folder.stat().st_mode & 0o777 == 0o700
    for path in folder.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600 and says_no_value(path.read_text())
    assert len(list(folder.iterdir())) == 2
    assert satu("erase", "--customer", "form:1", "--home", own_shop).code == 2


@pytest.mark.slow
def test_what_cannot_be_reached_is_named_and_ends_in_one(own_shop: Path) -> None:
    write(own_shop, "notes/calls.txt", "called back sri@toko.id\n")
    said = satu("erase", "--email", "SRI@toko.id", "--yes", "--home", own_shop)
    assert said.code == 1 and "still found in notes/calls.txt" in said.err
    assert says_no_value(said.out + said.err)


@pytest.mark.slow
def test_dagsters_database_is_searched_and_cleared_too(
    own_shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("dagster_postgres")
    shutil.rmtree(own_shop / "dagster", ignore_errors=True)
    with throw_away_postgres() as url:
        monkeypatch.setenv(POSTGRES, url)
        with open_instance(own_shop) as instance:
            instance.run_storage.set_cursor_values({"seen": "sri@toko.id", "other": "agus@toko.id"})
        monkeypatch.delenv(POSTGRES)
        blind = satu("erase", "--email", "sri@toko.id", "--yes", "--home", own_shop)
        assert blind.code == 2 and f"{POSTGRES} is not set" in blind.err
        assert customers(own_shop) and not (own_shop / "certificates").exists()
        monkeypatch.setenv(POSTGRES, url)
        said = satu("erase", "--email", "sri@toko.id", "--yes", "--json", "--home", own_shop)
        assert said.code == 0, said.err
        assert json.loads(said.out)["proof"]["left"] == []
        with open_instance(own_shop) as instance:
            assert instance.run_storage.get_cursor_values({"seen", "other"}) == {"other": "agus@toko.id"}
