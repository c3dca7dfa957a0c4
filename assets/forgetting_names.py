"""Names that nobody bears any more, out of the frequencies that identity models keep."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa

from assets.context import Context
from assets.units import Unit
from transforms.records.build import ACCEPTED
from warehouse.engine import Engine, read_parquet
from warehouse.files import write_atomic

NAMES = ("name", "given", "family")


def forget_unborne_names(context: Context, units: list[Unit]) -> int:
    """Take names that no record states out of every model's lists; how many. A name that is not listed counts
    as a rare one, and nobody is left whom that could concern."""
    paths = [u.records for u in units if u.contract == "contacts" and u.counts[ACCEPTED]]
    taken = 0
    with context.engine() as engine:
        _put_borne(engine, paths)
        for path in sorted((context.workspace.models / "identity").glob("*.json")):
            content = json.loads(path.read_bytes())
            lists = [content["terms"][kind]["shares"] for kind in NAMES if kind in content["terms"]]
            unborne = _unborne(engine, [name for shares in lists for name in shares])
            for shares in lists:
                for name in unborne & set(shares):
                    del shares[name]
            if unborne:
                write_atomic(path, json.dumps(content, indent=1).encode(), 0o600)
            taken += len(unborne)
    return taken


def _put_borne(engine: Engine, paths: list[Path]) -> None:
    """`borne`: every whole name, and every word of one."""
    if not paths:
        engine.put("borne", pa.schema([("name", pa.string())]).empty_table())
        return
    whole = f"SELECT DISTINCT name_key AS name FROM {read_parquet(paths, by_name=True)}"
    engine.materialise("whole", f"{whole} WHERE name_key IS NOT NULL")
    words = "SELECT UNNEST(string_split(name, ' ')) AS name FROM whole"
    engine.materialise("borne", f"SELECT name FROM whole UNION {words}")


def _unborne(engine: Engine, names: list[str]) -> set[str]:
    engine.put("listed", pa.table({"name": pa.array(names, pa.string())}))
    found = engine.fetch("SELECT name FROM listed ANTI JOIN borne USING (name)")
    return set(found.column("name").to_pylist())
