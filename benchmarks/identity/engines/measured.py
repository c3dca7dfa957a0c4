"""What a run of an engine cost, told by the run itself. Standard library and pyarrow only.

Every engine's script is started as `python <engine>.py INPUT.parquet FOLDER` in its own environment: the
cost from here to `finish` is the engine's work (reading, training, matching, clustering); what came before,
the interpreter and the imports, is told apart as start-up.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from costs import cpu_seconds, peak_mb


class Run:
    """One run: `records` holds the normalised columns, those that the data set hardly fills left out."""

    def __init__(self, package: str | None, least_filled: float = 0.01) -> None:
        self.startup = cpu_seconds()
        self.package = package
        self.started = time.monotonic()
        self.folder = Path(sys.argv[2])
        self.path = Path(sys.argv[1])
        table = pq.read_table(self.path)
        self.count = table.num_rows
        least = least_filled * self.count
        filled = [name for name in table.column_names if self.count - table[name].null_count >= least]
        self.records = table.select(filled)

    def has(self, *names: str) -> bool:
        return set(names) <= set(self.records.column_names)

    def finish(self, clusters: pa.Table, edges: pa.Table | None = None, **facts: Any) -> None:
        """Stop the clock, then write (record_key, cluster), the scored pairs if any, and the cost.

        `edges` is (record_a, record_b, weight): the driver tries other thresholds with it, off the clock.
        """
        cost = {
            "version": version(self.package) if self.package else "",
            "startup_cpu_seconds": round(self.startup, 2),
            "cpu_seconds": round(cpu_seconds() - self.startup, 2),
            "wall_seconds": round(time.monotonic() - self.started, 2),
            "peak_mb": peak_mb(),
            "records": self.count,
        }
        pq.write_table(clusters, self.folder / "clusters.parquet")
        if edges is not None:
            pq.write_table(edges, self.folder / "edges.parquet")
        text = json.dumps(cost | facts, indent=1, default=str)
        (self.folder / "run.json").write_text(text + "\n", encoding="utf-8")
