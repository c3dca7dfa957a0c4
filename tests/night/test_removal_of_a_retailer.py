"""Removal at a retailer with channels of every kind: what a day reads afterwards is what retention shows before."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from assets.accounts import conservation, quarantined
from assets.context import Context, open_context
from assets.day import Day
from assets.record_rows import rows_name
from assets.records import all_units
from assets.removal import remove_expired
from assets.units import Unit
from sample_retailer import generate
from tests.support.nights import SECRET, bring, write


@pytest.mark.slow
def test_of_a_whole_retailer_every_row_stays_that_retention_shows(tmp_path: Path) -> None:
    home = tmp_path / "toko"
    generate(home, customers=200, days=2)
    write(home, "secret.key", SECRET)
    bring(home)
    workspace = open_context(home).workspace
    purposes = sorted({name for one in workspace.channels.values() for name in workspace.purposes_of(one)})
    periods = ", ".join(f"{name}: 9 months" for name in purposes)
    kept = [line for line in (home / "satu.yaml").read_text().splitlines() if "retention" not in line]
    write(home, "satu.yaml", "\n".join([*kept, f"retention: {{purposes: {{{periods}}}}}", ""]))
    context = open_context(home)
    units, day = all_units(context), date(2026, 9, 30)
    days = (day, day + timedelta(days=20))
    before = [shown(context, units, on) for on in days]
    after = remove_expired(context, units, day)
    assert sum(unit.counts["expired"] for unit in after) > 500
    assert {unit.expired for unit in after} == {"", day.isoformat()}, "only files that hold such rows"
    assert [shown(context, after, on) for on in days] == before


def shown(context: Context, units: list[Unit], on: date) -> dict[str, list[dict[str, object]]]:
    """Where all rows went, what waits in quarantine, and of every contract the rows a day reads, as one hash."""
    with Day(context, on, units) as work:
        found = {"conservation": conservation(work).to_pylist()}
        found["quarantine"] = work.engine.fetch(
            f"SELECT * FROM ({quarantined(work)}) ORDER BY ALL"
        ).to_pylist()
        for contract in context.workspace.inputs:
            name = rows_name(contract)
            work.need(name)
            sql = f"SELECT COUNT(*) AS n, CAST(SUM(hash(r)) AS VARCHAR) AS rows FROM {name} AS r"
            found[name] = work.engine.fetch(sql).to_pylist()
        return found
