"""Every fault in rows, lines and files of one day: caught by its rule, in its rows, and nothing else is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from assets.quarantine import waiting_rows
from tests.faults.files import FILE_FAULTS, csv_of, good_rows, landing_files
from tests.faults.rows import GOOD, OWN_CHANNELS, ROW_FAULTS
from tests.support.nights import SECRET, bring, company, gate_in_sql, night, table_of, write
from warehouse.ledger import Registration

SAMPLE = Path(__file__).parents[2] / "sample_retailer" / "workspace"
DAY = date(2026, 10, 9)
GOOD_ROWS = 40
TABLES = ["conservation", "dim_channel", "row_faults", "source_drift", "data_completeness"]
# Cells that cannot be used in rows that another fault has put aside already.
UNUSABLE_BESIDES = {("web_forms", "contacts", "email"): 1, ("partner", "order_lines", "status"): 1}


@dataclass(frozen=True)
class Delivered:
    """One day's deliveries with all faults in them, and what the warehouse says of them."""

    registration: Registration
    waiting: list[dict[str, Any]]
    faults: list[dict[str, Any]]
    completeness: list[dict[str, Any]]
    conservation: list[dict[str, Any]]


def sample_workspace(home: Path) -> Path:
    """The sample retailer's contracts, and those of the channels it does not have."""
    for path in SAMPLE.rglob("*.yaml"):
        write(home, str(path.relative_to(SAMPLE)), path.read_bytes())
    settings = (SAMPLE / "satu.yaml").read_text(encoding="utf-8")
    company(home, *OWN_CHANNELS, settings=settings)
    write(home, "secret.key", SECRET)
    return home


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Delivered:
    home = sample_workspace(tmp_path_factory.mktemp("faults") / "toko")
    for channel in GOOD:
        rows = good_rows(channel, DAY, GOOD_ROWS)
        rows += [
            GOOD[channel](DAY, 60 + n) | fault.cells
            for n, fault in enumerate(ROW_FAULTS)
            if fault.where == channel
        ]
        write(home, f"landing/{channel}/{DAY}.csv", csv_of(channel, rows))
    for name, content in landing_files(DAY).items():
        write(home, f"landing/{name}", content)
    context, registration = bring(home)
    with pytest.MonkeyPatch.context() as patch:
        gate_in_sql(patch)
        night(home, DAY, selected=TABLES)

    def rows_of(name: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = table_of(home, name, DAY).to_pylist()
        return rows

    return Delivered(
        registration,
        waiting_rows(context).to_pylist(),
        *(rows_of(name) for name in ("row_faults", "data_completeness", "conservation")),
    )


def test_every_faulty_row_is_in_quarantine_by_its_rule_and_no_other(delivered: Delivered) -> None:
    expected: Counter[tuple[str, ...]] = Counter()
    line = dict.fromkeys(GOOD, GOOD_ROWS + 1)
    for fault in ROW_FAULTS:
        line[fault.where] += 1
        for caught in fault.caught if fault.severity == "error" else ():
            contract, rule, field = caught.split(" ")
            expected[f"landing/{fault.where}/{DAY}.csv", str(line[fault.where]), contract, rule, field] += 1
    files = {f"landing/{channel}/{DAY}.csv" for channel in GOOD}
    found = Counter(
        (r["file"], str(r["line"]), r["contract"], r["rule"], r["column_name"] or "")
        for r in delivered.waiting
        if r["file"] in files
    )
    assert found == expected


def test_every_doubtful_row_is_counted_under_its_rule_and_no_other(delivered: Delivered) -> None:
    expected: Counter[tuple[str, ...]] = Counter()
    for fault in ROW_FAULTS:
        for caught in fault.caught if fault.severity == "warn" else ():
            contract, rule, _ = caught.split(" ")
            expected[fault.where, contract.removesuffix(".1"), rule] += 1
    found = {
        (r["channel"], r["contract"], r["rule"]): r["count_rows_today"]
        for r in delivered.faults
        if r["severity"] == "warn"
    }
    assert found == expected


def test_every_unusable_cell_is_counted_under_its_field_and_no_other(delivered: Delivered) -> None:
    expected: Counter[tuple[str, str, str]] = Counter(UNUSABLE_BESIDES)
    for fault in ROW_FAULTS:
        for caught in fault.caught:
            if fault.severity == "blank":
                contract, field = caught.split(" ")
                expected[fault.where, contract, field] += 1
            elif " unparseable " in caught:
                contract, _, field = caught.split(" ")
                expected[fault.where, contract.removesuffix(".1"), field] += 1
    found = {
        (r["channel"], r["contract"], r["field"]): r["count_invalid"]
        for r in delivered.completeness
        if r["count_invalid"]
    }
    assert found == expected


def test_every_faulty_line_and_file_is_in_quarantine_by_its_rule_and_no_other(delivered: Delivered) -> None:
    expected: Counter[tuple[str, ...]] = Counter()
    for fault in FILE_FAULTS:
        for caught in fault.caught:
            contract, rule, _ = caught.split(" ")
            expected[fault.where, contract, rule] += fault.rows
    found: Counter[tuple[str, ...]] = Counter()
    patterns = {fault.where for fault in FILE_FAULTS}
    for row in delivered.waiting:
        name = row["file"].removeprefix("landing/")
        found.update((p, row["contract"], row["rule"]) for p in patterns if fnmatch(name, p))
    assert found == expected


def test_what_came_before_is_stored_once(delivered: Delivered) -> None:
    assert [again.path for again in delivered.registration.redelivered] == [f"landing/pos/{DAY}-plain.csv"], (
        "one of the two equal files counts as delivered again"
    )
    assert sum(r["duplicates"] for r in delivered.conservation if r["channel"] == "pos") == 15


def test_every_row_is_accounted_for(delivered: Delivered) -> None:
    for row in delivered.conservation:
        parts = ("accepted", "filtered", "quarantined", "duplicates", "suppressed")
        assert row["received"] == sum(row[part] for part in parts), row
