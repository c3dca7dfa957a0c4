"""What a person reads when something is wrong: one sentence, where it is, what to do; and the exit code."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
from pathlib import Path

import pytest

from tests.support.nights import (
    COMPANY,
    FORM,
    FORM_COLUMNS,
    TILL,
    TILL_COLUMNS,
    Said,
    checksums,
    company,
    deliver,
    satu,
    write,
)

SRI = {"id": "1", "day": "2026-01-05", "name": "Sri Hartati", "phone": "081234567801", "mail": "sri@toko.id"}
SETTINGS = COMPANY + "history_start: 2026-01-01\n"
SALE = {
    "receipt": "R1",
    "day": "2026-01-05",
    "customer": "7",
    "name": "Budi Santoso",
    "item": "A",
    "amount": 100,
}
PERSONAL = re.compile(r"Hartati|Santoso|812.?3456|sri@toko", re.IGNORECASE)
LOOSE = """
    channel: %s
    source:
      path: landing/%s/*
      arrived: name:%%Y-%%m-%%d
      options: {delimiter: ";", dates: ymd}
    maps:
      contacts: {source_id: id, seen_at: day, full_name: name, phone: phone, email: mail}
"""


def ended(said: Said, code: int, *sentences: str) -> None:
    """The command ended with this code, said these things on stderr, and named nobody."""
    assert said.code == code, said.err
    for sentence in sentences:
        assert sentence in said.err
    assert "Traceback" not in said.err
    assert not PERSONAL.search(said.err + said.out)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Said]:
    """A night among troubles: damaged files of every kind, a file without a column, a wrong contract."""
    dated = FORM.replace("options:", "arrived: name:%Y-%m-%d\n      options:")
    home = company(tmp_path_factory.mktemp("shop") / "home", TILL, dated, settings=SETTINGS)
    for name in ("archive", "sheet", "columns"):
        company(home, LOOSE % (name, name), settings=SETTINGS)
    deliver(
        home,
        "till/day.csv",
        TILL_COLUMNS,
        SALE,
        SALE | {"receipt": "R2", "customer": "", "name": "", "amount": 40},
    )
    deliver(home, "form/2026-01-05.csv", FORM_COLUMNS, SRI, SRI | {"id": "2", "day": "whenever"})
    deliver(home, "form/renamed-2026-01-05.csv", [c if c != "mail" else "surel" for c in FORM_COLUMNS], SRI)
    packed = gzip.compress(b"id;day;name\n" + b"1;2026-01-05;Sri Hartati\n" * 999)
    write(home, "landing/archive/cut-2026-01-05.csv.gz", packed[: len(packed) // 2])
    write(home, "landing/sheet/damaged-2026-01-05.xlsx", b"PK\x03\x04 Sri Hartati, not a spreadsheet")
    write(home, "landing/columns/damaged-2026-01-05.parquet", b"PAR1 Sri Hartati PAR1")
    write(home, "channels/typo.yaml", LOOSE.replace("seen_at", "seen_att") % ("typo", "typo"))
    return home, satu("run", "--home", home, "--as-of", "2026-01-05")


def test_files_that_cannot_be_used_do_not_stop_the_night(published: tuple[Path, Said]) -> None:
    home, said = published
    ended(said, 0)
    assert "Good morning. Release 1 shows 2026-01-05." in said.out
    shown = json.loads(
        satu(
            "query",
            "SELECT COUNT(*) AS n, SUM(net_revenue) AS t FROM orders",
            "--format",
            "json",
            "--home",
            home,
        ).out
    )
    assert shown == [{"n": 2, "t": 140}]


@pytest.mark.parametrize(
    "name",
    [
        "archive/cut-2026-01-05.csv.gz",
        "sheet/damaged-2026-01-05.xlsx",
        "columns/damaged-2026-01-05.parquet",
        "form/renamed-2026-01-05.csv",
    ],
)
def test_the_summary_names_every_file_that_could_not_be_used(published: tuple[Path, Said], name: str) -> None:
    home, said = published
    where = name if "renamed" not in name else "mail"
    assert where in said.out
    listed = json.loads(satu("quarantine", "list", "--json", "--home", home).out)
    whole = [row for row in listed if row["file"] == f"landing/{name}"]
    assert [row["line"] for row in whole] == [0]
    assert whole[0]["rule"] in ("unreadable_file", "mapping_does_not_fit")


def test_a_missing_column_is_named_with_its_place_in_the_contract_and_the_nearest_column(
    published: tuple[Path, Said],
) -> None:
    home, _ = published
    (row,) = [
        r
        for r in json.loads(satu("quarantine", "list", "--json", "--home", home).out)
        if "renamed" in r["file"]
    ]
    assert "channels/form.yaml line 12 column 14" in row["reason"]
    assert "mail" in row["reason"]


def test_a_wrong_contract_is_left_out_and_said_before_and_after(published: tuple[Path, Said]) -> None:
    _, said = published
    sentence = "channels/typo.yaml line 8 column 33: unknown key `seen_att`; did you mean `seen_at`?"
    assert sentence in said.err
    assert sentence in said.out


def test_a_broken_cell_is_listed_with_line_and_column_and_without_its_value(
    published: tuple[Path, Said],
) -> None:
    home, _ = published
    listed = satu("quarantine", "list", "--json", "--home", home)
    ended(listed, 0)
    (row,) = [r for r in json.loads(listed.out) if r["file"] == "landing/form/2026-01-05.csv"]
    assert (row["line"], row["column_name"]) == (3, "seen_at")
    assert "whenever" not in listed.out


def test_status_is_of_the_shape_programs_rely_on(published: tuple[Path, Said]) -> None:
    home, _ = published
    status = json.loads(satu("status", "--json", "--home", home).out)
    assert {"release", "as_of", "tables", "checks", "quarantined", "stale"} <= status.keys()
    assert (status["release"], status["as_of"], status["quarantined"]) == (1, "2026-01-05", 2)
    assert {"name": "orders", "rows": 2, "as_of": "2026-01-05"} in status["tables"]
    assert status["checks"].keys() == {"passed", "warned", "failed"}
    assert status["checks"]["failed"] == 0 < status["checks"]["passed"]
    assert status["stale"] == []


def test_query_prints_an_array_of_objects_and_csv_and_a_table(published: tuple[Path, Said]) -> None:
    home, _ = published
    sql = "SELECT as_of, monetary, customer_id > 0 AS has_id, previous_segment FROM rfm"
    row = {"as_of": "2026-01-05", "monetary": 100, "has_id": True, "previous_segment": None}
    assert json.loads(satu("query", sql, "--format", "json", "--home", home).out) == [row]
    assert satu("query", sql, "--format", "csv", "--home", home).out.splitlines()[0] == ",".join(row)
    assert "monetary" in satu("query", sql, "--home", home).out
    twice = satu(
        "query",
        "SELECT a.record_day, b.record_day FROM (SELECT 1 AS record_day) a, (SELECT 2 AS record_day) b",
        "--home",
        home,
    )
    assert twice.out.count("record_day") == 2, "two columns of one name are two columns"


@pytest.mark.parametrize(
    "sql, sentence",
    [
        ("SELECT nothing FROM orders", 'Referenced column "nothing" not found'),
        ("SELECT * FROM custmers", "custmers does not exist"),
        ("SELEC 1", "syntax error"),
        ("DROP TABLE orders", "only one SELECT"),
        ("SELECT 1; SELECT 2", "only one SELECT"),
        ("SELECT * FROM read_csv('/etc/passwd')", "a query cannot read files"),
        ("COPY orders TO 'x.csv'", "only one SELECT"),
        ("SELECT full_name FROM vault.customer_profile", "add --vault; its use is recorded"),
    ],
)
def test_a_query_that_cannot_run_is_one_sentence(
    published: tuple[Path, Said], sql: str, sentence: str
) -> None:
    home, _ = published
    said = satu("query", sql, "--home", home)
    ended(said, 2, sentence)
    assert len(said.err.strip().splitlines()) == 1
    assert said.out == ""


def test_the_vault_is_shown_when_asked_for_and_its_use_is_recorded(published: tuple[Path, Said]) -> None:
    home, _ = published
    said = satu(
        "query",
        "--vault",
        "SELECT COUNT(*) AS n FROM vault.customer_profile",
        "--format",
        "json",
        "--home",
        home,
    )
    assert json.loads(said.out) == [{"n": 2}]
    (entry,) = map(json.loads, (home / "warehouse" / "ledger" / "access.jsonl").read_text().splitlines())
    assert entry.keys() == {"at", "by", "sql_hash"}
    plain = hashlib.sha256(b"SELECT COUNT(*) AS n FROM vault.customer_profile").hexdigest()
    assert entry["sql_hash"] != plain, "who lacks the key could try all phone numbers"


def test_home_may_stand_before_or_after_the_command_or_come_from_the_environment(
    published: tuple[Path, Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, _ = published
    before, after = satu("--home", home, "status"), satu("status", f"--home={home}")
    monkeypatch.setenv("SATU_HOME", str(home))
    assert before.out == after.out == satu("status").out != ""


def test_a_day_outside_the_partitions_is_refused_and_nothing_changes(published: tuple[Path, Said]) -> None:
    home, _ = published
    before = checksums(home), os.readlink(home / "warehouse" / "current")
    said = satu("run", "--home", home, "--as-of", "2020-01-01")
    ended(said, 2, "2020-01-01 is outside the days of this workspace (2026-01-01 to ", "history_start")
    ended(satu("backfill", "2026-01-05", "2026-01-03", "--home", home), 2, "the range ends before it begins")
    assert (checksums(home), os.readlink(home / "warehouse" / "current")) == before


@pytest.mark.parametrize(
    "words",
    [
        ("run", "--as-of", "2024-13-40"),
        ("backfill", "2024-13-40", "2024-12-01"),
        ("query", "SELECT 1", "--as-of", "2024-13-40"),
    ],
    ids=lambda words: words[0],
)
def test_an_unknown_date_is_one_sentence(tmp_path: Path, words: tuple[str, ...]) -> None:
    home = company(tmp_path / "shop", FORM)
    said = satu(*words, "--home", home)
    ended(said, 2, "`2024-13-40` is not a date; write it as YYYY-MM-DD")
    assert len(said.err.strip().splitlines()) == 1


@pytest.mark.parametrize("word", ["run", "status", "check", "tables", "ui", "docs"])
def test_without_a_workspace_there_is_one_sentence(tmp_path: Path, word: str) -> None:
    home = tmp_path / "nowhere"
    said = satu(word, "--home", home)
    ended(said, 2, f"no workspace at {home} (satu.yaml is missing); run `satu init DIR` or give --home DIR")
    assert len(said.err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_without_files_there_is_one_sentence(tmp_path: Path) -> None:
    home = company(tmp_path / "shop", FORM)
    ended(satu("run", "--home", home), 2, "no usable row has arrived yet; put files into landing/")
    ended(satu("query", "SELECT 1", "--home", home), 2, "there is no release yet; run `satu run` first")
    status = json.loads(satu("status", "--json", "--home", home).out)
    assert (status["release"], status["tables"]) == (None, [])


@pytest.mark.parametrize(
    "was, wrong, sentence",
    [
        (
            "options:",
            "optoins:",
            "channels/form.yaml line 4 column 3: unknown key `optoins`; did you mean `options`?",
        ),
        ("full_name: name", "full_name: nama", "line 9 column 18: contacts.full_name: "),
        ("full_name: name", "full_name: read_text('/etc/passwd')", "line 9 column 18: contacts.full_name: "),
        ("full_name: name", "full_name: (SELECT 1)", "line 9 column 18: contacts.full_name: "),
        ("full_name: name", "full_name: row_number() OVER ()", "line 9 column 18: contacts.full_name: "),
        (
            "contacts:",
            "contact:",
            "channels/form.yaml line 6 column 3: unknown key `contact`; did you mean `contacts`?",
        ),
        (
            "path: landing/",
            "path: ../landing/",
            "the path leaves the workspace; give a path below the workspace",
        ),
        ("source:", "source: [", "not valid YAML"),
        ("channel: form", "channel: form\n    channel: form", "line 2 column 1: key `channel` stands twice"),
        ("source_id: id", "source_id: id\n          arrived: day", "unknown key `arrived`"),
    ],
    ids=[
        "unknown-key",
        "unknown-column",
        "forbidden-function",
        "subquery",
        "window",
        "unknown-contract",
        "path-outside",
        "not-yaml",
        "key-twice",
        "unknown-field",
    ],
)
def test_check_points_at_what_is_wrong_in_a_contract(
    tmp_path: Path, was: str, wrong: str, sentence: str
) -> None:
    home = company(tmp_path / "shop", FORM.replace(was, wrong, 1))
    if "channel: form\n" in wrong:
        write(
            home,
            "channels/form.yaml",
            (home / "channels" / "form.yaml").read_text().replace("    channel", "channel"),
        )
    deliver(home, "form/day.csv", FORM_COLUMNS, SRI)
    said = satu("check", "--home", home)
    ended(said, 2, sentence)


def test_an_unknown_column_comes_with_the_nearest_one(tmp_path: Path) -> None:
    home = company(tmp_path / "shop", FORM.replace("phone: phone", "phone: phon"))
    deliver(home, "form/day.csv", FORM_COLUMNS, SRI)
    ended(satu("check", "--home", home), 2, "`phon`", "did you mean `phone`?", "landing/form/day.csv")


def test_check_counts_what_would_be_read_and_keeps_nothing(tmp_path: Path) -> None:
    home = company(tmp_path / "shop", FORM)
    deliver(home, "form/day.csv", FORM_COLUMNS, SRI, SRI | {"id": "2", "day": "whenever", "mail": ""})
    report = json.loads(satu("check", "--json", "--home", home).out)
    assert report["problems"] == []
    counts = {f["field"]: (f["rows"], f["filled"], f["unusable"]) for f in report["fields"]}
    assert counts["seen_at"] == (2, 1, 1)
    assert counts["email"] == (2, 1, 0)
    assert not (home / "warehouse").exists()


def test_check_counts_cells_a_record_would_lose_as_unusable(tmp_path: Path) -> None:
    home = company(tmp_path / "shop", FORM)
    phones = ("0812-3456-7890", "abc", "-", "0812****7890", "", "abc / 0812-3456-7891")
    mails = ("sri@toko.id", "bambang#susilo", "n/a", "test@test.com", "", "budi@gmail,com")
    people = [
        SRI | {"id": str(n), "phone": p, "mail": m}
        for n, (p, m) in enumerate(zip(phones, mails, strict=True))
    ]
    deliver(home, "form/day.csv", FORM_COLUMNS, *people)
    said = satu("check", "--json", "--home", home)
    counts = {f["field"]: (f["rows"], f["filled"], f["unusable"]) for f in json.loads(said.out)["fields"]}
    assert counts["phone"] == (6, 2, 2), "a word and a masked number; a dash says nothing"
    assert counts["email"] == (6, 2, 2), "no address and a placeholder"
    assert counts["full_name"] == (6, 6, 0)


def test_check_names_what_is_collected_without_use(tmp_path: Path) -> None:
    pets = """
        - name: pets
          table: contacts
          type: text
          description: {en: Pets, id: Hewan}
          family: psychographic
          privacy: personal
          purpose: analysis
    """
    home = company(tmp_path / "shop", FORM, fields__pets=pets)
    deliver(home, "form/day.csv", (*FORM_COLUMNS, "shoe size"), SRI)
    said = satu("check", "--home", home)
    ended(
        said, 0, "registered, but mapped by no channel: contacts.pets", "form: no mapping reads `shoe size`"
    )
    report = json.loads(satu("check", "--json", "--home", home).out)
    assert (report["unused_fields"], report["unread_columns"]) == (["contacts.pets"], {"form": ["shoe size"]})


def test_check_ends_with_what_cannot_be_used(tmp_path: Path) -> None:
    home = company(tmp_path / "shop", FORM)
    file = deliver(home, "form/day.csv", FORM_COLUMNS, SRI)
    said = satu("check", "--home", home)
    assert (said.code, said.out.splitlines()[-1]) == (0, "Everything fits.")
    deliver(home, "form/day.csv", FORM_COLUMNS, SRI, SRI | {"id": "2", "day": "whenever", "mail": ""})
    file.write_text(file.read_text() + '3;2026-01-05;"Sri;with;a;quote\n')
    said = satu("check", "--home", home)
    ended(said, 0)
    assert said.out.splitlines()[-1] == (
        "Everything fits, but 1 cell(s) in 1 field(s) cannot be used: form contacts.1.seen_at (1);"
        " 1 line(s) cannot be read: form (1)."
    )


def test_wrong_settings_stop_every_command_with_the_line(tmp_path: Path) -> None:
    home = company(tmp_path / "shop", FORM, settings=COMPANY + "rfm: {window_days: many}\n")
    for word in ("run", "status", "check"):
        ended(
            satu(word, "--home", home),
            2,
            "satu.yaml line 2 column 20: `many` is not a whole number; write digits only",
        )


def test_a_damaged_ledger_of_decisions_is_named(tmp_path: Path) -> None:
    home = company(tmp_path / "shop", FORM, settings=SETTINGS)
    deliver(home, "form/day.csv", FORM_COLUMNS, SRI)
    write(home, "decisions/pairs.csv", "record_a,record_b,decision\nform:1,form:2,maybe\n")
    said = satu("run", "--home", home, "--as-of", "2026-01-05")
    assert said.code in (1, 2)
    assert "decisions/pairs.csv line 2: a decision is neither same nor different" in said.err
    assert "Traceback" not in said.err


def test_an_unknown_command_and_a_missing_argument_are_sentences() -> None:
    ended(satu("runn"), 2, "No such command 'runn'")
    ended(satu("backfill", "2026-01-01"), 2, "Missing argument 'TO'")
    ended(satu("status", "--home"), 2, "--home needs a folder")
