"""The certificate proves what it says, in both languages, and names nobody."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from html import unescape
from pathlib import Path

import pytest

from assets.context import Context
from assets.erasure import Erasure, Sought
from assets.erasure_ledger import Closed, FileChange
from data_quality.leaks import FILE_NAME, UNDECODED, Leak
from data_quality.needles import Needle
from pipelines.erasure_certificate import ERASED, LEFT, UNPROVEN, certificate, certificate_html
from pipelines.erasure_proof import Proof, proof_of, sought_of
from tests.support.nights import FORM, bring, company
from warehouse.keyed import keyed_hash

NEEDLES = [Needle(("form:1",), is_key=True), Needle(("Sri Hartati",)), Needle(("08-12",), is_stated=False)]
RECORDS = "warehouse/vault/records/contacts/form/a.parquet"
CHANGED = FileChange(RECORDS, "records", 1200, 1198, "a" * 64, "b" * 64)
GONE = FileChange("warehouse/releases/000001/satu.duckdb", "release", 5000, 0, "c" * 64, None)


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return bring(company(tmp_path / "toko", FORM))[0]


def found(context: Context, name: str, place: str, *needles: int) -> Leak:
    return Leak(context.workspace.home.resolve() / name, place, 1, frozenset(needles))


def said_of(context: Context, proof: Proof, *landing: str) -> dict[str, object]:
    hashes = tuple(sorted(keyed_hash(context.workspace.secret, key.encode()) for key in ("form:1", "till:8")))
    erasure = Erasure(
        "a", datetime(2026, 1, 6), date(2026, 1, 5), 1, (7,), ("form:1", "till:8"), (), (hashes,), Sought(),
        tuple(NEEDLES), (), (), (),
    )  # fmt: skip
    closed = Closed((CHANGED, GONE), "d" * 64, 2)
    return certificate(context.workspace.settings.company, erasure, closed, proof, landing)


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_an_erasure_is_proven_when_all_was_found_before_and_nothing_after(context: Context) -> None:
    before = [found(context, RECORDS, "record_key", 0), found(context, RECORDS, "full_name", 1)]
    proof = proof_of(context, sought_of(NEEDLES, before), [])
    assert proof == Proof(2, 2, 2, (), ())
    said = said_of(context, proof, "landing/form/a.csv")
    assert said["verdict"] == ERASED
    shown = words(certificate_html(json.loads(json.dumps(said))))
    assert "2 of 2" in shown and "2 dari 2" in shown and "landing/form/a.csv" in shown
    assert "2 of 1 files" in shown, "rows of what was made anew are not rows taken out"


def test_nothing_is_proven_by_what_was_found_nowhere_before(context: Context) -> None:
    proof = proof_of(context, sought_of(NEEDLES, [found(context, RECORDS, "record_key", 0)]), [])
    assert not proof.holds
    assert said_of(context, proof)["verdict"] == UNPROVEN


def test_what_is_left_is_named_by_place_and_never_by_a_telling_path(context: Context) -> None:
    before = [found(context, RECORDS, "record_key", 0, 1)]
    after = [
        found(context, "docs/Sri Hartati.html", FILE_NAME, 1),
        found(context, "docs/Sri Hartati.html", "bytes", 1),
        found(context, RECORDS, "full_name", 1),
        found(context, "old.gz", UNDECODED),
    ]
    said = said_of(context, proof_of(context, sought_of(NEEDLES, before), after))
    shown = words(certificate_html(said))
    assert said["verdict"] == LEFT
    assert RECORDS in shown and "old.gz" in shown
    assert "Hartati" not in json.dumps(said) + shown


def test_persons_are_keyed_hashes_that_suppressions_hold_as_well(context: Context) -> None:
    said = said_of(context, Proof(2, 2, 1, (), ()))
    with context.engine() as engine:
        hashes = [engine.scalar("SELECT keyed_hash($key)", {"key": key}) for key in ("form:1", "till:8")]
    assert said["persons"] == [{"records": sorted(hashes)}]
    page = certificate_html(said)
    assert "form:1" not in page and "till:8" not in page
    assert "http" not in page.replace('http-equiv="Content-Security-Policy"', "")
