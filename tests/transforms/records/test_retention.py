"""Which rows are kept no longer: the SQL beside the rule said day by day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.records.retention import expired_records_sql
from warehouse.engine import DuckDBEngine

DAY_ZERO, LAST = date(2026, 1, 1), 40
KEPT_DAYS = {"news": 5, "shop": 12}
Row = tuple[str, str, int, int]

ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]),
        st.sampled_from(["news", "shop", "club"]),
        st.integers(0, LAST),
        st.integers(0, LAST),
    ),
    max_size=12,
)


def by_the_rule(rows: list[Row], as_of: int) -> dict[str, int]:
    """Record → the last day seen of its rows that are gone: on some day every purpose of all known had run out."""
    found = {}
    for key in {row[0] for row in rows}:
        known = [(max(came, event), channel, event) for k, channel, came, event in rows if k == key]
        for today in range(as_of + 1):
            visible = [(seen, channel, event) for seen, channel, event in known if seen <= today]
            ends = [event + KEPT_DAYS.get(channel, 10_000) for _, channel, event in visible]
            if visible and max(ends) < today:
                found[key] = max(seen for seen, _, _ in visible)
    return found


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBEngine]:
    with DuckDBEngine(tmp_path_factory.mktemp("spill"), threads=1) as opened:
        yield opened


@given(rows=ROWS, as_of=st.integers(0, LAST))
def test_rows_are_gone_as_the_rule_says_day_by_day(engine: DuckDBEngine, rows: list[Row], as_of: int) -> None:
    def days(position: int) -> pa.Array:
        return pa.array([DAY_ZERO + timedelta(days=int(row[position])) for row in rows], pa.date32())

    stored = pa.table(
        {
            "record_key": pa.array([row[0] for row in rows], pa.string()),
            "channel": pa.array([row[1] for row in rows], pa.string()),
            "arrived": days(2),
            "event_on": days(3),
        }
    )
    engine.put("all_rows", stored)
    engine.put("params", pa.table({"as_of": pa.array([DAY_ZERO + timedelta(days=as_of)], pa.date32())}))
    intervals = {channel: f"INTERVAL {count} DAY" for channel, count in KEPT_DAYS.items()}
    found = engine.fetch(expired_records_sql({"all_rows": "channel"}, intervals)).to_pydict()
    through = [(day - DAY_ZERO).days for day in found["expired_through"]]
    assert dict(zip(found["record_key"], through, strict=True)) == by_the_rule(rows, as_of)
