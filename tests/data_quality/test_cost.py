"""What a million rows cost, in CPU seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data_quality.gx_runner import run_suite
from data_quality.privacy import scan_parquet
from data_quality.sql_runner import run_sql
from warehouse.contracts import load_table

MILLION_RFM = """
    SELECT DATE '2024-05-01' AS as_of, CAST(i * 7 + 1 AS BIGINT) AS customer_id,
           CAST(i % 700 AS INTEGER) AS recency_days,
           CAST(1 + i % 9 AS INTEGER) AS frequency, CAST(i % 100000 AS DECIMAL(18, 2)) AS monetary,
           CAST(1 + i % 5 AS INTEGER) AS r_score, CAST(1 + i % 5 AS INTEGER) AS f_score,
           CAST(1 + i % 5 AS INTEGER) AS m_score, 'segment ' || (i % 10) AS segment,
           CASE WHEN i % 3 > 0 THEN 'segment ' || (i % 10) END AS previous_segment
    FROM range(1000000) AS t(i)
"""


def cpu_seconds(work: Callable[[], Any]) -> float:
    work()  # the first run pays for imports and the file cache
    start = time.process_time()
    work()
    return time.process_time() - start


@pytest.mark.slow
def test_a_million_rows_stay_cheap(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rfm, file = load_table("rfm"), tmp_path / "rfm.parquet"
    duckdb.sql(f"COPY ({MILLION_RFM}) TO '{file}' (FORMAT parquet, COMPRESSION zstd)")
    costs = {
        "great_expectations": cpu_seconds(lambda: run_suite(rfm, file)),
        "sql": cpu_seconds(lambda: run_sql(rfm, file)),
        "privacy": cpu_seconds(lambda: scan_parquet(rfm, file)),
    }
    with capsys.disabled():
        print(f"\nCPU s per million rows of rfm: { {name: round(cost, 2) for name, cost in costs.items()} }")
    assert costs["great_expectations"] < 1 and costs["sql"] < 1 and costs["privacy"] < 0.5
