"""The state of matching on disk: the latest night's, for the next one to start from.

    <warehouse>/vault/matching/{<seq>-<part>.parquet, manifest.json}     0700 and 0600

It is a cache: a night without it, with a damaged one, or with one of another model or other code matches all
records, and comes to the same result. Only the holder of the warehouse lock keeps one.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from assets.context import Context, fingerprint_of, logic_version
from assets.matching_state import PARTS
from transforms.identity.model import IdentityModel
from warehouse.engine import Engine, read_parquet
from warehouse.files import private_dir, write_atomic

_MANIFEST = "manifest.json"


class MatchingMemory:
    """The state kept under a warehouse, as far as this model and this code can use it."""

    def __init__(self, context: Context, model: IdentityModel) -> None:
        self._folder = context.workspace.warehouse / "vault" / "matching"
        self._fingerprint = fingerprint_of(logic_version(), _code(), duckdb.__version__, model.fingerprint)

    def recall(self, engine: Engine) -> bool:
        """Make the state readable as `known_<part>`; False when there is none to use."""
        manifest = self._manifest()
        try:
            paths = {part: self._folder / manifest["files"][part] for part in PARTS}
            if any(_checksum(path) != manifest["sha256"][part] for part, path in paths.items()):
                return False
        except (OSError, KeyError, TypeError):
            return False
        for part, path in paths.items():
            engine.define(f"known_{part}", f"FROM {read_parquet([path])}")
        return True

    def keep(self, engine: Engine, as_of: date) -> None:
        """Write the state an engine holds as `next_<part>`, unless that of a later day is there."""
        if self._manifest().get("as_of", "") > as_of.isoformat():
            return
        private_dir(self._folder.parent)
        private_dir(self._folder)
        sequence = 1 + max((int(path.name[:6]) for path in self._folder.glob("*.parquet")), default=0)
        files = {part: f"{sequence:06d}-{part}.parquet" for part in PARTS}
        checksums = {}
        for part, name in files.items():
            _write(self._folder / name, engine.reader(f"SELECT * FROM next_{part}"))
            checksums[part] = _checksum(self._folder / name)
        manifest = {"as_of": as_of.isoformat(), "fingerprint": self._fingerprint}
        content = json.dumps(manifest | {"files": files, "sha256": checksums}, indent=1)
        write_atomic(self._folder / _MANIFEST, content.encode(), 0o600)
        for path in self._folder.glob("*.parquet"):
            if path.name not in files.values():
                path.unlink()

    def _manifest(self) -> dict[str, Any]:
        """What the kept state says of itself; empty when this model or this code cannot use it."""
        try:
            manifest = json.loads((self._folder / _MANIFEST).read_bytes())
            return dict(manifest) if manifest["fingerprint"] == self._fingerprint else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}


def _write(path: Path, reader: pa.RecordBatchReader) -> None:
    """Rows as one private Parquet file, written and read quickly rather than small: it lives for a day."""

    def write(temporary: Path) -> None:
        with pq.ParquetWriter(temporary, reader.schema, compression="lz4", use_dictionary=False) as writer:
            for batch in reader:
                writer.write_batch(batch)

    write_atomic(path, write, 0o600)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _code() -> list[str]:
    """Digests of the code of matching that is not part of the version of the logic."""
    folder = Path(__file__).parent
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("matching*.py"))]
