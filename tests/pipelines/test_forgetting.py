"""Stored days after somebody is forgotten: the person is in none, everybody else is as before."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assets.context import open_context
from assets.forgetting import CUSTOMER_COLUMNS, RECORD_COLUMNS, forget_in_partitions
from assets.forgetting_decisions import forget_in_decisions
from assets.tables import workspace_tables
from data_quality.leaks import scan
from data_quality.needles import Needle
from tests.support.nights import TILL, checksums, company, partitions, write
from warehouse.contracts import all_tables
from warehouse.engine import DuckDBEngine
from warehouse.store import Store

SRI = ("form:1", "form:2", "till:8")
NAMING = CUSTOMER_COLUMNS | RECORD_COLUMNS


def tables(home: Path) -> dict[str, pa.Table]:
    return {part.table: pq.read_table(part.path) for part in partitions(home)}


def test_the_person_is_in_no_stored_day_and_everybody_else_is_as_before(
    own_shop: Path, ids: dict[str, int]
) -> None:
    context, sri = open_context(own_shop), ids["form:1"]
    needles = [*(Needle((key,), is_key=True) for key in SRI), Needle((str(sri),)), Needle(("sri@toko.id",))]
    before = tables(own_shop)
    named = {Path(leak.path).parts[-3] for leak in scan([p.path for p in partitions(own_shop)], needles)}
    assert named >= {"customer_links", "customer_profile", "match_edges", "customers", "orders", "rfm", "clv"}

    done = forget_in_partitions(context, [sri], SRI)

    after = tables(own_shop)
    assert scan([part.path for part in partitions(own_shop)], needles) == []
    assert {found.before.table for found in done} == named
    hers = {sri, *SRI}
    homes = {row["household_id"] for row in before["households"].to_pylist() if row["customer_id"] in hers}
    left = Counter(
        r["household_id"] for r in before["households"].to_pylist() if r["customer_id"] not in hers
    )
    alone = {home for home in homes if left[home] == 1}
    for name, rows in before.items():
        naming = NAMING & set(rows.column_names)
        others = [row for row in rows.to_pylist() if not hers & {row[column] for column in naming}]
        if name == "households":
            others = [row for row in others if row["household_id"] not in alone]
        if name == "customer_links":
            others = [r | ({"household_id": None} if r["household_id"] in alone else {}) for r in others]
        assert after[name].to_pylist() == others, name
    assert alone


def test_what_stays_is_written_as_if_the_person_had_never_been_there(
    own_shop: Path, ids: dict[str, int], tmp_path: Path
) -> None:
    context = open_context(own_shop)
    done = forget_in_partitions(context, [ids["form:6"]], ["form:6"])
    known = workspace_tables(context.workspace)
    with DuckDBEngine(tmp_path / "spill") as engine:
        for found in done:
            rows = pq.read_table(found.after.path)
            fresh = Store(tmp_path / "fresh").write_partition(
                known[found.after.table], found.after.as_of, engine, rows, "f"
            )
            assert fresh.sha256 == found.after.sha256, found.after.table


def test_a_second_call_finds_nothing_left_to_do(own_shop: Path, ids: dict[str, int]) -> None:
    context = open_context(own_shop)
    assert forget_in_partitions(context, [ids["form:6"]], ["form:6"])
    kept = checksums(own_shop)
    assert forget_in_partitions(context, [ids["form:6"]], ["form:6"]) == []
    assert checksums(own_shop) == kept


def test_one_cut_off_is_finished_by_the_same_call(
    own_shop: Path, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    context = open_context(own_shop)
    write, written = Store.write_partition, []

    def three_times(*args: object, **more: object) -> object:
        if len(written) == 3:
            raise KeyboardInterrupt
        written.append(write(*args, **more))  # type: ignore[arg-type]
        return written[-1]

    with monkeypatch.context() as patch:
        patch.setattr(Store, "write_partition", three_times)
        with pytest.raises(KeyboardInterrupt):
            forget_in_partitions(context, [], SRI)
    forget_in_partitions(context, [], SRI)
    needles = [*(Needle((key,), is_key=True) for key in SRI), Needle((str(ids["form:1"]),))]
    assert scan([part.path for part in partitions(own_shop)], needles) == []


def test_every_column_that_names_a_customer_is_known() -> None:
    found = {
        column.name
        for table in all_tables().values()
        for column in table.columns
        if "customer" in column.name and column.type == "bigint" and column.privacy == "pseudonym"
    }
    assert found == CUSTOMER_COLUMNS


def test_decisions_on_the_person_go_and_the_others_stay_as_they_were_written(tmp_path: Path) -> None:
    home = company(tmp_path / "toko", TILL)
    header = "record_a,record_b,decision,decided_on,by,note\n"
    others = 'form:10,form:7,same,2026-01-05,ani,"seen, both"\nform:1/recipient,form:7,different,,,\n'
    write(
        home, "decisions/pairs.csv", f"{header}form:1,form:7,same,,,\n{others}form:7, till:8 ,different,,,\n"
    )
    context = open_context(home)
    assert forget_in_decisions(context, SRI) == 2
    assert (home / "decisions" / "pairs.csv").read_text() == header + others
    assert forget_in_decisions(context, SRI) == 0


def test_a_company_without_decisions_has_none_to_forget(tmp_path: Path) -> None:
    assert forget_in_decisions(open_context(company(tmp_path / "toko", TILL)), SRI) == 0
