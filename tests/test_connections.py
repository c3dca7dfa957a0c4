"""Stdout belongs to results: no connection to DuckDB draws a progress bar there, whatever runs the code."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.support.workspaces import ROOT

PACKAGES = ("pipelines", "assets", "transforms", "data_quality", "warehouse", "sample_retailer")
OPENERS = {"warehouse/engine.py", "data_quality/parquet.py", "sample_retailer/text.py"}
"""Packages may not import one another upstream, so three of them open connections, each in one place."""

# DuckDB takes `python -c` for an interactive process and would draw there.
SHOWN = """
import json, sys
from pathlib import Path
import duckdb
from sqlalchemy import create_engine
from data_quality import gx_dialect, parquet
from sample_retailer.text import Scribe
from warehouse.engine import DuckDBEngine, connect
from warehouse.release_file import build_file

ASK = "SELECT current_setting('enable_progress_bar')"
folder, shown = Path(sys.argv[1]), {}

def note(name, con):
    shown[name] = con.execute(ASK).fetchone()[0]

gx_dialect.register()
gx = create_engine(gx_dialect.URL_IN_MEMORY, connect_args={"config": parquet.settings()})
with gx.connect() as con:
    shown["great expectations"] = con.exec_driver_sql(ASK).scalar()
note("duckdb alone", duckdb.connect())
note("warehouse", connect())
note("gate", parquet.connect())
note("sample retailer", Scribe()._db)
build_file(folder / "r.duckdb", [], seq=1, currency="IDR", extra=lambda con: note("release", con))
with DuckDBEngine(folder / "spill") as engine:
    shown["engine"] = engine.scalar(ASK)
print(json.dumps(shown))
"""


def test_connections_are_opened_in_one_place_of_a_package() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if re.search(r"duckdb\.(connect|sql|query|execute)\(", path.read_text(encoding="utf-8"))
    }
    assert found == OPENERS


def test_no_connection_draws_a_progress_bar(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SHOWN, tmp_path], cwd=ROOT, check=True, capture_output=True, text=True
    )
    shown = json.loads(done.stdout)
    assert shown.pop("duckdb alone"), "DuckDB no longer draws one by itself, so this test shows nothing"
    assert set(shown.values()) == {False}, shown


def test_stored_files_are_read_where_encrypted_ones_are_known() -> None:
    """A reader of Parquet that takes a bare path fails once the vault is encrypted."""
    found = [
        f"{path.relative_to(ROOT).as_posix()}: {line.strip()}"
        for package in ("assets", "pipelines", "data_quality", "warehouse")
        for path in (ROOT / package).rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(
            r"pq\.(read_\w+|ParquetFile)\((?!opened\(|source\b)|read_parquet\(\[?'|pa\.memory_map\(", line
        )
    ]
    assert found == [
        'warehouse/encrypted_files.py: return pa.memory_map(str(path)) if found is path else pa.PythonFile(found, "r")',
        "warehouse/landing/parquet.py: file = pq.ParquetFile(path)",
    ]
