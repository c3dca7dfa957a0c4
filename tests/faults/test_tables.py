"""A table with any of these faults is refused by the gate, through Great Expectations, by that rule alone."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_quality.gate import inspect
from tests.data_quality.samples import write
from tests.faults.model import Fault
from tests.faults.tables import CHANGES, CHANNELS, GOOD_ORDERS, ORDER, TABLE_FAULTS
from warehouse.contracts import arrow_schema, load_table
from warehouse.errors import GateFailed

ORDERS, DIM_CHANNEL = load_table("orders"), load_table("dim_channel")


@pytest.mark.parametrize("fault", TABLE_FAULTS, ids=lambda fault: fault.name)
def test_a_faulty_table_is_refused_by_its_rule_alone(fault: Fault, tmp_path: Path) -> None:
    change = CHANGES[fault.name]
    rows = [*GOOD_ORDERS, ORDER | {"order_id": 4} | (change or {})]
    made = pa.Table.from_pylist(rows, schema=arrow_schema(ORDERS))
    if fault.name == "a column of another type":
        made = made.set_column(10, "count_lines", made["count_lines"].cast(pa.int64()))
    elif fault.name == "a column that is missing":
        made = made.drop_columns(["salesperson"])
    pq.write_table(made, tmp_path / "orders.parquet")
    channels = write(tmp_path / "channels.parquet", DIM_CHANNEL, CHANNELS)
    report = inspect(ORDERS, tmp_path / "orders.parquet", {"dim_channel": channels})
    assert {f"orders {r.check}": r.count_failed for r in report.errors} == dict.fromkeys(
        fault.caught, fault.rows
    )
    assert not report.warnings
    with pytest.raises(GateFailed):
        report.raise_if_failed()


def test_good_orders_pass(tmp_path: Path) -> None:
    channels = write(tmp_path / "channels.parquet", DIM_CHANNEL, CHANNELS)
    file = write(tmp_path / "orders.parquet", ORDERS, GOOD_ORDERS)
    report = inspect(ORDERS, file, {"dim_channel": channels})
    assert report.passed and not report.warnings and not report.not_checked
