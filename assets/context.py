"""What every step of a night works with: the workspace, its ledger, its store, an engine."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa

from assets.segments import with_usable_segments
from transforms.functions import create_macros, set_secret
from warehouse.encrypted_files import is_written_encrypted
from warehouse.engine import DuckDBEngine
from warehouse.ledger import Ledger
from warehouse.store import Store
from warehouse.workspace import Workspace, load_workspace

DEFAULT_MEMORY = "5GB"
LOGIC_FOLDERS = ("transforms", "warehouse/contracts", "data_quality")


@contextmanager
def spill_folder() -> Iterator[Path]:
    """A folder outside the warehouse for what a command that only looks cannot hold in memory."""
    with TemporaryDirectory(prefix="satu-look-") as folder:
        yield Path(folder)


@dataclass(frozen=True)
class Context:
    """One workspace, opened for work."""

    workspace: Workspace

    @cached_property
    def store(self) -> Store:
        return Store(self.workspace.warehouse)

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self.workspace.warehouse / "ledger" / "files.jsonl")

    @contextmanager
    def looking(self) -> Iterator[DuckDBEngine]:
        """An engine for who holds no lock: what does not fit in memory goes to a folder of its own."""
        with spill_folder() as spill, self.engine(spill) as engine:
            yield engine

    def engine(self, spill: Path | None = None) -> DuckDBEngine:
        """A fresh in-memory engine with Satu's functions. SATU_MEMORY and SATU_THREADS bound it.

        What does not fit in memory goes to `spill`; by default into the warehouse, for who holds its lock.
        """
        threads = os.environ.get("SATU_THREADS")

        def setup(con: duckdb.DuckDBPyConnection) -> None:
            create_macros(con)
            set_secret(con, self.workspace.secret)

        return DuckDBEngine(
            self._spill(spill or self.workspace.warehouse / "spill"),
            memory_limit=os.environ.get("SATU_MEMORY", DEFAULT_MEMORY),
            threads=int(threads) if threads else None,
            setup=setup,
        )

    def _spill(self, folder: Path) -> Path | None:
        """DuckDB spills rows as they are: where files are encrypted, only where the settings say."""
        workspace = self.workspace
        if not is_written_encrypted(workspace.warehouse):
            return folder
        named = workspace.settings.encryption_spill
        if named is None:
            return None
        own = hashlib.sha256(str(workspace.warehouse).encode()).hexdigest()[:12]  # others may spill there too
        return workspace.home / named / f"satu-{own}" / folder.name


def open_context(home: Path) -> Context:
    """The context of the workspace at `home`."""
    pa.set_cpu_count(max(1, int(os.environ.get("SATU_THREADS", "2"))))
    return Context(with_usable_segments(load_workspace(home)))


@cache
def logic_version() -> str:
    """A fingerprint of the code that decides what tables hold: another version makes stored tables stale."""
    root = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for folder in LOGIC_FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".sql", ".py", ".yaml", ".csv"):
                digest.update(str(path.relative_to(root)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def fingerprint_of(*parts: object) -> str:
    """A short digest of everything a stored thing was made from."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
