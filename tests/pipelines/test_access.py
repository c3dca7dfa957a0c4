"""What one person is told: everything about them with its source, nothing of anybody else, and that it was asked."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.own_data import OTHER
from tests.pipelines.clubs import CLUB_COLUMNS, DAY
from tests.support.nights import bring, copied, customers_of, deliver, satu, write

NOT_SRI = (
    "Bayu",
    "bayu@toko.id",
    "Agus",
    "agus@toko.id",
    "Dewi",
    "dewi@toko.id",
    "Rina",
    "81234567803",
    "Wulan",
)


@pytest.fixture(scope="module")
def ids(made_club: Path) -> dict[str, int]:
    return customers_of(made_club, DAY)


@pytest.fixture(scope="module")
def asked(made_club: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The club after Sri was in a list that left, a steward parted her from Bayu, and she asked."""
    home = copied(made_club, tmp_path_factory.mktemp("asked") / "club")
    said = "record_a,record_b,decision,decided_on,by,note"
    write(home, "decisions/pairs.csv", f"{said}\nclub:1,club:2,different,{DAY},Wulan,Bayu is her brother\n")
    assert satu("export", "everybody", "--to", "list.csv", "--home", home).code == 0
    answered(home, "--email", " SRI@toko.id")
    return home


@pytest.fixture(scope="module")
def report(asked: Path, ids: dict[str, int]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        (asked / "access" / f"{ids['club:1']}.json").read_text(encoding="utf-8")
    )
    return found


@pytest.fixture(scope="module")
def page(asked: Path, ids: dict[str, int]) -> str:
    return (asked / "access" / f"{ids['club:1']}.html").read_text(encoding="utf-8")


def answered(home: Path, *words: object) -> dict[str, Any]:
    """The report on who is asked about."""
    said = satu("access", *map(str, words), "--json", "--home", home)
    assert said.code == 0, said.err
    found: dict[str, Any] = json.loads(Path(json.loads(said.out)["paths"][0]).read_text(encoding="utf-8"))
    return found


def test_every_value_is_told_with_its_source(report: dict[str, Any]) -> None:
    golden = {row["attribute"]: row for row in report["golden_record"]}
    told = ("value", "channel", "seen_on", "record_key")
    assert [golden["email"][name] for name in told] == ["sri@toko.id", "club", DAY, "club:1"]
    said = {row["contract"]: row for row in report["statements"]}
    assert set(said) == {"contacts", "order_lines", "consents", "preferences"}
    for contract, row in said.items():
        line = 6 if contract == "contacts" else 2
        assert (row["file"], row["line"], row["arrived_on"]) == (f"landing/club/{DAY}.csv", line, DAY)
    assert said["order_lines"]["values"]["order_id"] == "R1"
    assert (
        said["consents"]["values"]["text_version"] == "v3"
        and said["consents"]["values"]["proof"] == "form 17"
    )


def test_consent_contact_scores_days_and_lists_are_told(report: dict[str, Any]) -> None:
    allowed = {
        (row["purpose"], row["contact_channel"]): (row["is_allowed"], row["reason"])
        for row in report["tables"]["contactability"]
    }
    assert allowed["marketing", "email"] == (True, None)
    assert {"customers", "rfm", "clv", "churn", "consents", "orders", "journey"} <= set(report["tables"])
    of_orders = [(row["as_of"], row["rows"]) for row in report["stored_days"] if row["table"] == "orders"]
    assert of_orders == [(DAY, 1)]
    assert report["releases"] == [{"release": 1, "as_of": DAY}]
    assert {(row["list"], row["status"]) for row in report["lists"]} == {
        ("everybody", "entered"),
        ("studied", "entered"),
    }
    assert [(row["list"], row["purpose"]) for row in report["exports"]] == [("everybody", "marketing")]
    assert report["retention"] == {"days": 35, "month_ends": 24}
    assert {row["purpose"] for row in report["purposes"]} >= {"identity", "contact", "consent", "sales"}


def test_nothing_of_anybody_else_is_told(report: dict[str, Any], page: str, ids: dict[str, int]) -> None:
    (decision,) = report["decisions"]
    assert (decision["records"], decision["note"]) == (["club:1", OTHER], "")
    related = {row["relationship"]: row for row in report["tables"]["relationships"]}
    assert related["household_member"]["related_customer_id"] == OTHER
    assert related["referrer"]["related_customer_id"] == OTHER
    own, gift = [row for row in report["statements"] if row["contract"] == "contacts"]
    assert (own["record_key"], own["values"]["referrer_id"]) == ("club:1", OTHER)
    assert (gift["record_key"], gift["values"]["source_id"]) == (f"club:{OTHER}/recipient", OTHER)
    others = [str(number) for number in ids.values() if number != ids["club:1"]]
    assert ids["club:5/recipient"] == ids["club:1"]
    for text in (json.dumps(report, ensure_ascii=False), page):
        assert "Sri Hartati" in text
        assert [word for word in (*NOT_SRI, "club:2", "club:5", *others) if word in text] == []


def test_a_broken_row_is_told_without_what_may_be_somebody_elses(report: dict[str, Any], page: str) -> None:
    for row in report["quarantined"]:
        assert (row["line"], row["values"]) == (7, {"id": "1", "name": "Sri Hartati"})
        assert row["count_hidden"] == 2  # the day and the hobby
    assert report["quarantined"] and "menari" not in json.dumps(report) + page


def test_a_row_that_came_after_the_release_is_told_too(club: Path) -> None:
    later = {"id": "5", "day": "2026-01-06", "name": "Agus Salim", "mail": "agus@baru.id"}
    deliver(club, "club/2026-01-06.csv", CLUB_COLUMNS, later)
    bring(club)
    report = answered(club, "--customer", "club:5")
    said = [row["values"] for row in report["statements"] if row["contract"] == "contacts"]
    assert [values["email"] for values in said] == ["agus@toko.id", "agus@baru.id"]
    assert report["quarantined"] == []


def test_every_request_is_recorded_by_keyed_hash_and_told_the_next_time(
    asked: Path, report: dict[str, Any], ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("sri@toko.id\n"))
    again = answered(asked, "--email", "-")
    assert satu("access", "--email", "nobody@toko.id", "--home", asked).code == 2
    written = (asked / "warehouse" / "ledger" / "access.jsonl").read_text(encoding="utf-8")
    one, two, none = (json.loads(line)["person"] for line in written.splitlines())
    assert one == two is not None and none is None
    assert (len(report["earlier_requests"]), len(again["earlier_requests"])) == (0, 1)
    for word in ("sri", "nobody", "club:1", str(ids["club:1"])):
        assert word not in written


def test_files_are_private_and_the_output_names_nobody(
    club: Path, ids: dict[str, int], tmp_path: Path
) -> None:
    said = satu("access", "--customer", "club:1", "--to", tmp_path / "answer", "--home", club)
    files = sorted((tmp_path / "answer").iterdir())
    assert [path.name for path in files] == [f"{ids['club:1']}.html", f"{ids['club:1']}.json"]
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / "answer", *files)] == [0o700, 0o600, 0o600]
    (tmp_path / "there").mkdir(mode=0o755)
    assert satu("access", "--customer", "club:1", "--to", tmp_path / "there", "--home", club).code == 0
    assert (tmp_path / "there").stat().st_mode & 0o777 == 0o755
    assert said.code == 0 and "Sri" not in said.out + said.err and "toko.id" not in said.out + said.err


def test_the_page_speaks_both_languages_without_codes_or_outside_resources(page: str) -> None:
    for words in (
        "What we know about you",
        "Yang kami ketahui tentang Anda",
        "penawaran dan iklan",
        "5 Jan 2026",
    ):
        assert words in page
    body = page.partition("<body>")[2].partition("<script>")[0]
    codes = ("no_consent", "lifecycle_stage", "customer_id", "is_allowed", "as_of", "None", "http", "_lines")
    assert [code for code in codes if code in body] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "give one of --customer"),
        (("--email", "a@toko.id", "--nik", "1"), "give one of --customer"),
        (("--phone", "0812-3456-7801"), "this fits 2 customers"),
    ],
)
def test_a_request_that_leads_to_no_single_person_writes_no_file(
    club: Path, words: tuple[str, ...], said: str
) -> None:
    refused = satu("access", *words, "--home", club)
    assert refused.code == 2 and said in refused.err
    assert not (club / "access").exists()
    assert [word for word in (*NOT_SRI, "Sri", "34567801") if word in refused.err] == []
