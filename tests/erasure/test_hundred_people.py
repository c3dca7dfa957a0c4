"""A hundred people leave a warehouse of thirty days in one command: nothing of them is left, nobody else changes.

Everything goes by the command line, as a company would do it.
"""

from __future__ import annotations

import io
import json
import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets.context import open_context
from assets.forgetting import CUSTOMER_COLUMNS, RECORD_COLUMNS
from assets.tables import workspace_tables
from data_quality.leaks import Leak, missed, scan
from data_quality.needles import Needle
from pipelines.erasure_proof import person_needles, search_roots
from pipelines.identity_view import look_at_people
from pipelines.subject import Subject, subject_of_customer
from tests.support.nights import Said, copied, satu
from tests.support.workspaces import read
from warehouse.contracts import Table
from warehouse.store import Partition

pytestmark = pytest.mark.slow

CUSTOMERS, DAYS, ERASED, SEED = 2000, 30, 100, 2026
RECOMPUTED = {
    "customers": {"city_code", "age_band", "sex"},
    "orders": {"city_code"},
    "customer_links": {"household_id"},
    "enrichment_queue": {"position"},
    "pareto": {
        "rank",
        "cumulative_share",
        "class",
        "previous_class",
        "profit_rank",
        "profit_cumulative_share",
        "profit_class",
    },
}
"""What is said of a customer by comparing with all others: ranks, shares, groups of at least five."""
OF_OTHERS = frozenset(
    {"customer_id_history", "households", "journey", "relationships", "match_review", "segment_members"}
)
"""Tables in which a row about one customer tells something about another."""


@dataclass(frozen=True)
class Erasure:
    """A warehouse before and after, and what was looked for."""

    before: Path
    after: Path
    subjects: list[Subject]
    needles: list[Needle]
    found_before: list[Leak]
    said: Said
    last: date

    @property
    def keys(self) -> list[str]:
        return [key for subject in self.subjects for key in subject.record_keys]


@pytest.fixture(scope="module")
def erasure(tmp_path_factory: pytest.TempPathFactory) -> Erasure:
    before = tmp_path_factory.mktemp("before") / "shop"
    assert satu("demo", "--customers", CUSTOMERS, "--days", DAYS, "--home", before).code == 0
    last = date.fromisoformat(str(read(before, "SELECT MAX(as_of) AS d FROM _release").to_pylist()[0]["d"]))
    first = last - timedelta(days=DAYS - 1)
    assert satu("backfill", first, last, "--home", before).code == 0
    after = copied(before, tmp_path_factory.mktemp("after") / "shop")
    context = open_context(after)
    with look_at_people(context) as view:
        rows = view.rows("SELECT DISTINCT customer_id FROM vault.customer_links ORDER BY customer_id")
        chosen = random.Random(SEED).sample([row["customer_id"] for row in rows], ERASED)
        subjects = [subject_of_customer(view, str(number)) for number in chosen]
    needles = person_needles(context, subjects)
    found = scan(search_roots(context), needles)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO("\n".join(map(str, chosen))))
        said = satu("erase", "--customer", "-", "--yes", "--json", "--home", after)
    return Erasure(before, after, subjects, needles, found, said, last)


def test_one_command_erases_all_and_proves_it(erasure: Erasure) -> None:
    assert erasure.said.code == 0, erasure.said.err
    done = json.loads(erasure.said.out)
    assert len(done["customers"]) == ERASED
    assert done["proof"]["found_before"] == done["proof"]["identifiers"] > 5 * ERASED
    assert done["proof"]["left"] == []
    assert len(list((erasure.after / "certificates").iterdir())) == 2


def test_everything_looked_for_was_found_before_and_nothing_is_after(erasure: Erasure) -> None:
    assert missed(erasure.needles, erasure.found_before) == []
    assert scan(search_roots(open_context(erasure.after)), erasure.needles) == []


def test_every_stored_row_of_everybody_else_is_as_it_was(erasure: Erasure) -> None:
    compared = 0
    for table, before, after in stored_days(erasure):
        naming = (CUSTOMER_COLUMNS | RECORD_COLUMNS) & set(table.column_names)
        if naming and table.name not in OF_OTHERS:
            kept = [c for c in table.column_names if c not in RECOMPUTED.get(table.name, set())]
            assert differing(before, after, sorted(naming), kept, gone(erasure, before.as_of)) == 0, (
                table.name, before.as_of,
            )  # fmt: skip
            compared += 1
    assert compared > 10 * DAYS


def test_a_journey_loses_only_what_rows_of_the_erased_told_of_others(erasure: Erasure) -> None:
    (before, after), *more = [(b, a) for table, b, a in stored_days(erasure) if table.name == "journey"]
    assert not more
    touch = "customer_id, touched_on, channel, touch, order_id, amount"
    stays = f"SELECT {touch} FROM '{after.path}'"
    own = f"SELECT {touch} FROM '{before.path}' WHERE customer_id IN (SELECT customer_id FROM '{after.path}')"
    with duckdb.connect() as con:
        lost = con.execute(f"{own} EXCEPT ALL {stays}").fetchall()
        won = con.execute(f"{stays} EXCEPT ALL {own}").fetchall()
    assert won == []
    assert {kind for _, _, _, kind, *_ in lost} <= {"named"}


def test_totals_of_every_day_are_those_of_who_stays(erasure: Erasure) -> None:
    totals = """
SELECT (SELECT SUM(net_revenue) FROM orders) AS of_orders, (SELECT SUM(net_revenue) FROM order_lines) AS of_lines,
    (SELECT COUNT(*) FROM customers) AS customers, (SELECT COUNT(*) FROM rfm) AS buyers
"""
    (before,), (after,) = (read(home, totals).to_pylist() for home in (erasure.before, erasure.after))
    assert after["customers"] == before["customers"] - ERASED
    assert after["of_orders"] == after["of_lines"] < before["of_orders"]
    migrated = read(erasure.after, "SELECT SUM(customers) AS n FROM rfm_migration").to_pylist()[0]["n"]
    assert migrated >= after["buyers"]


def test_a_day_made_again_and_files_delivered_again_bring_nobody_back(
    erasure: Erasure, tmp_path: Path
) -> None:
    home = copied(erasure.after, tmp_path / "shop")
    context = open_context(home)
    old = erasure.last - timedelta(days=DAYS // 2)
    assert satu("backfill", old, old, "--home", home).code == 0
    assert scan(search_roots(context), erasure.needles) == []
    for path in sorted((erasure.before / "landing").glob("*/*")):
        again = home / "landing" / path.parent.name / f"again-{path.name}"
        again.write_bytes(path.read_bytes() + (b"\n" if path.suffix in (".csv", ".jsonl") else b""))
    assert satu("run", "--home", home).code == 0
    known = set(read(home, "SELECT record_key FROM vault.customer_links").column("record_key").to_pylist())
    assert not known & set(erasure.keys)
    left = scan(
        [home / "warehouse" / name for name in ("lake", "releases", "vault", "vault_releases")],
        erasure.needles,
    )
    assert left == []


def stored_days(erasure: Erasure) -> list[tuple[Table, Partition, Partition]]:
    """Every stored day of every table, before and after."""
    stores = [open_context(home).store for home in (erasure.before, erasure.after)]
    tables = workspace_tables(open_context(erasure.before).workspace).values()
    found = []
    for table in tables:
        for before in stores[0].partitions(table):
            after = stores[1].partition(table, before.as_of)
            assert after is not None, (table.name, before.as_of)
            found.append((table, before, after))
    return found


def gone(erasure: Erasure, day: date) -> set[Any]:
    """The record keys of the erased and the numbers they had on a day."""
    links = open_context(erasure.before).store.partition(
        next(
            t
            for t in workspace_tables(open_context(erasure.before).workspace).values()
            if t.name == "customer_links"
        ),
        day,
    )
    assert links is not None
    with duckdb.connect() as con:
        numbers = con.execute(
            f"SELECT DISTINCT customer_id FROM '{links.path}' WHERE record_key IN (SELECT UNNEST($1))",
            [erasure.keys],
        ).fetchall()
    return {number for (number,) in numbers} | set(erasure.keys)


def differing(before: Partition, after: Partition, naming: list[str], kept: list[str], own: set[Any]) -> int:
    """How many rows of others are not the same on both sides."""
    names = " OR ".join(f"CAST({column} AS VARCHAR) IN (SELECT UNNEST($1))" for column in naming)
    columns = ", ".join(f'"{column}"' for column in kept)
    others = f"SELECT {columns} FROM '{before.path}' WHERE COALESCE({names}, FALSE) IS FALSE"
    stays = f"SELECT {columns} FROM '{after.path}'"
    sql = f"SELECT COUNT(*) FROM ((({others}) EXCEPT ALL ({stays})) UNION ALL (({stays}) EXCEPT ALL ({others})))"
    with duckdb.connect() as con:
        (count,) = con.execute(sql, [[str(value) for value in own]]).fetchall()[0]
    return int(count)
