"""A person erased from everything that is stored: gone for good, everybody else as before, whatever cuts it off."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from assets.context import Context, open_context
from assets.erasure import CHECKPOINTS, under_way
from assets.erasure_ledger import erasure_ledger, finish_erasure
from assets.forgetting import CUSTOMER_COLUMNS, RECORD_COLUMNS
from data_quality.leaks import scan
from data_quality.needles import Needle
from pipelines.erasing import Erased, erase
from pipelines.erasure_proof import person_needles, search_roots
from pipelines.identity_view import look_at_people
from pipelines.subject import Subject, subject_of_customer
from pipelines.summary import stale_partitions
from tests.pipelines.steward import DAY, NEXT_DAY, PEOPLE, shop_in
from tests.support.nights import (
    FORM_COLUMNS,
    bring,
    checksums,
    copied,
    deliver,
    gate_in_sql,
    night,
    partitions,
    satu,
    table_of,
    write,
)
from warehouse.chained_ledger import entries
from warehouse.publish import kept_releases
from warehouse.recovery import writing
from warehouse.store import Partition

SRI = "form:1"
BROKEN = {
    "id": "",
    "day": "1850-01-01",
    "name": "Sri Hartati",
    "phone": "081234567801",
    "mail": "sri@toko.id",
}
PAIRS = "record_a,record_b,decision,decided_on,by,note\nform:1,form:7,different,2026-01-05,ani,\nform:4,form:5,different,2026-01-05,ani,asked sri@toko.id\n"
BLACKLIST = "kind,value,reason,evidence\nemail,sri@toko.id,asked,letter\nemail,bayu@toko.id,asked,letter\n"


NAMING = CUSTOMER_COLUMNS | RECORD_COLUMNS
OF_ONE_PERSON = {
    "match_edges", "customer_links", "customer_profile", "customer_attributes", "consents", "contactability",
    "blacklist", "orders", "order_lines", "customers", "rfm", "clv", "churn", "journey", "runout",
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The company of steward.py after two nights, with decisions, a blacklist, an export and broken rows."""
    with pytest.MonkeyPatch.context() as patch:
        gate_in_sql(patch)
        home = shop_in(tmp_path_factory.mktemp("erasing") / "shop")
        deliver(home, f"form/{NEXT_DAY}.csv", FORM_COLUMNS, {"day": NEXT_DAY} | PEOPLE[5], BROKEN)
        write(home, "decisions/pairs.csv", PAIRS)
        write(home, "decisions/blacklist.csv", BLACKLIST)
        write(home, "exports/birthdays.csv", "customer_id,full_name,address\n1,Sri Hartati,sri@toko.id\n")
        write(home, "exports/others.csv", "customer_id,full_name,address\n2,Bayu Saputra,bayu@toko.id\n")
        night(home, NEXT_DAY, publish=True)
        yield home


def rows_of(part: Partition) -> list[dict[str, Any]]:
    """A stored day; who shares a home with whom changes when somebody goes."""
    rows = pq.read_table(part.path)
    return rows.select([name for name in rows.column_names if name != "household_id"]).to_pylist()


def person(context: Context) -> tuple[Subject, list[Needle]]:
    with look_at_people(context) as view:
        subject = subject_of_customer(view, SRI)
    return subject, person_needles(context, [subject])


def erased(home: Path, checkpoint: Callable[[str], None] = lambda name: None) -> Erased:
    context = open_context(home)
    subject, needles = person(context)
    return erase(context, [subject], needles, checkpoint)


@dataclass(frozen=True)
class Gone:
    """The company without Sri, and who she was."""

    home: Path
    subject: Subject
    needles: list[Needle]
    done: Erased


@pytest.fixture(scope="module")
def gone(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Gone:
    home = copied(made, tmp_path_factory.mktemp("gone") / "shop")
    subject, needles = person(open_context(home))
    return Gone(home, subject, needles, erased(home))


def places(home: Path, needles: list[Needle]) -> set[str]:
    """The kinds of places that hold the person."""
    found = scan(search_roots(open_context(home)), needles)
    return {"/".join(leak.path.relative_to(home.resolve()).parts[:5]) for leak in found}


def test_nothing_holds_the_person_and_everybody_else_is_as_before(made: Path, gone: Gone) -> None:
    found = places(made, gone.needles)
    beginnings = (
        "warehouse/raw/form",
        "warehouse/vault/quarantine/contacts",
        "decisions/pairs.csv",
        "exports/b",
    )
    assert all(any(place.startswith(beginning) for place in found) for beginning in beginnings)
    assert places(gone.home, gone.needles) == set()
    hers = {gone.subject.customer_id, *gone.subject.record_keys}
    before = {(p.table, p.as_of): rows_of(p) for p in partitions(made)}
    for part in partitions(gone.home):
        if part.table in OF_ONE_PERSON:
            others = [
                row for row in before[part.table, part.as_of] if not hers & {row.get(name) for name in NAMING}
            ]
            assert rows_of(part) == others, part
    assert [release.seq for release in kept_releases(gone.home / "warehouse")] == [gone.done.release_after]
    assert gone.done.release_after == gone.done.release_before + 1


def test_what_was_done_is_told_file_by_file(gone: Gone) -> None:
    by_kind = {file.kind for file in gone.done.files}
    assert by_kind == {
        "raw",
        "records",
        "quarantine",
        "partition",
        "decisions",
        "release",
        "export",
        "matching",
    }
    changed = {file.path: (file.rows_before, file.rows_after) for file in gone.done.files}
    assert changed["decisions/pairs.csv"] == (2, 1) and changed["decisions/blacklist.csv"] == (2, 1)
    assert changed["exports/birthdays.csv"] == (1, 0) and "exports/others.csv" not in changed
    assert changed[f"warehouse/lake/rfm/as_of={DAY}"] == (2, 1)
    secret = open_context(gone.home).workspace.secret
    (line,) = entries(erasure_ledger(open_context(gone.home)), secret)
    assert line["hash"] == gone.done.ledger_hash
    pairs = (gone.home / "decisions" / "pairs.csv").read_text().splitlines()
    assert pairs[1:] == ["form:4,form:5,different,2026-01-05,ani,"]
    assert not list((gone.home / "warehouse" / "vault").glob("erasing*"))


def test_no_delivery_and_no_night_brings_anybody_back(gone: Gone, tmp_path: Path) -> None:
    home, number = copied(gone.home, tmp_path / "shop"), gone.subject.customer_id
    event = {"as_of": date.fromisoformat(NEXT_DAY), "event": "erased", "cause": "asked to be forgotten"}
    event |= {"customer_id": number, "previous_customer_id": number}
    assert table_of(home, "customer_id_history", NEXT_DAY).to_pylist() == [event]
    landed = home / "landing" / "form"
    (landed / "2026-01-07.csv").write_bytes((landed / f"{DAY}.csv").read_bytes())
    deliver(home, "form/2026-01-08.csv", FORM_COLUMNS, *reversed([{"day": DAY} | row for row in PEOPLE]))
    _, registration = bring(home)
    assert (len(registration.new), len(registration.redelivered)) == (1, 1)
    night(home, DAY)
    night(home, NEXT_DAY, publish=True)
    assert places(home, gone.needles) == set()
    assert table_of(home, "customer_id_history", NEXT_DAY).to_pylist() == [event]


@pytest.mark.parametrize(
    "stops",
    [
        pytest.param(("planned", "partitions", "raw", "days"), id="some steps"),
        pytest.param(("planned", *CHECKPOINTS, "written", "closed"), id="every step", marks=pytest.mark.slow),
    ],
)
def test_one_cut_off_is_finished_by_the_next_and_comes_to_the_same(
    made: Path, gone: Gone, tmp_path: Path, stops: tuple[str, ...]
) -> None:
    home = copied(made, tmp_path / "shop")

    def stopping(at: str) -> Callable[[str], None]:
        def checkpoint(name: str) -> None:
            if name == at:
                raise KeyboardInterrupt

        return checkpoint

    with pytest.raises(KeyboardInterrupt):
        erased(home, stopping(stops[0]))
    context = open_context(home)
    for stop in stops[1:]:
        assert under_way(context) is not None
        with pytest.raises(KeyboardInterrupt), writing(home / "warehouse"):
            finish_erasure(context, stopping(stop))
    stale = {(s["table"], s["as_of"]) for s in stale_partitions(open_context(made))}
    bring(home)
    assert under_way(context) is None
    (said,) = (json.loads(path.read_text()) for path in (home / "certificates").glob("*.json"))
    assert said["search"]["left"] == [] and len(said["persons"]) == 1
    assert {(s["table"], s["as_of"]) for s in stale_partitions(context)} <= stale
    assert places(home, gone.needles) == set()
    assert checksums(home).items() <= checksums(gone.home).items()
    for name in ("pairs.csv", "blacklist.csv", "suppressions.csv", "erased.csv"):
        assert (home / "decisions" / name).read_bytes() == (gone.home / "decisions" / name).read_bytes(), name
    (line,) = entries(erasure_ledger(context), context.workspace.secret)
    assert {file["path"] for file in line["files"]} >= {file.path for file in gone.done.files}


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("review", "different", "form:4", "form:6", "--by", "ani"), id="a decision"),
        pytest.param(("export", "enrichment_queue", "--to", "asked.csv"), id="an export"),
    ],
)
def test_one_cut_off_is_finished_by_whoever_writes_or_shows_people_next(
    made: Path, gone: Gone, tmp_path: Path, command: tuple[str, ...]
) -> None:
    home = copied(made, tmp_path / "shop")

    def stopping(name: str) -> None:
        if name == "planned":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        erased(home, stopping)
    satu(*command, "--home", home)
    assert under_way(open_context(home)) is None
    assert len(list((home / "certificates").glob("*.json"))) == 1
    assert places(home, gone.needles) == set()


def test_delivered_files_of_a_channel_that_allows_it_are_written_anew_within_it(
    made: Path, gone: Gone, tmp_path: Path
) -> None:
    home = copied(made, tmp_path / "shop")
    contract = home / "channels/form.yaml"
    contract.write_text(contract.read_text().replace("source:", "on_erasure: rewrite\nsource:", 1))
    delivered = home / "landing/form" / f"{DAY}.csv"
    before = delivered.read_text().splitlines()
    erased(home)
    after = delivered.read_text().splitlines()
    assert after == [line for line in before if "Sri" not in line]
    known = (home / "warehouse/ledger/files.jsonl").read_bytes()
    bring(home)
    assert (home / "warehouse/ledger/files.jsonl").read_bytes() == known, (
        "a file written anew is no new delivery"
    )
