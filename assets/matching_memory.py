"""The state of matching on disk: the latest night's, for the next one to start from.

    <warehouse>/vault/matching/{<seq>-<part>.arrow, manifest.json}     0700 and 0600

Parts are Arrow files, mapped into memory: a night reads what it looks up. It is a cache: a night without it,
with files other than those it left, or with a state of another model or other code matches all records, and
comes to the same result. Only the holder of the warehouse lock keeps one.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from assets.context import Context, fingerprint_of, logic_version
from transforms.identity.model import IdentityModel
from warehouse.encrypted_files import mapped, sink
from warehouse.files import private_dir, write_atomic

_MANIFEST = "manifest.json"
Tables = dict[str, pa.Table]


class MatchingMemory:
    """The state kept under a warehouse, as far as this model and this code can use it."""

    def __init__(self, context: Context, model: IdentityModel) -> None:
        self._folder = context.workspace.warehouse / "vault" / "matching"
        self._fingerprint = fingerprint_of(logic_version(), _code(), duckdb.__version__, model.fingerprint)
        self._read: dict[int, str] = {}

    def recall(self) -> Tables | None:
        """The parts of the state by name; None when there is none to use."""
        files = self._manifest().get("files", {})
        try:
            if any(_seal(self._folder / name) != seal for name, seal in files.values()):
                return None
            tables = {part: _mapped(self._folder / name) for part, (name, _) in files.items()}
        except (OSError, ValueError, TypeError, pa.ArrowInvalid):
            return None
        self._read = {id(table): files[part][0] for part, table in tables.items()}
        return tables or None

    def keep(self, tables: Tables, as_of: date) -> None:
        """Write the parts that are not on disk as they are, unless the state of a later day is there."""
        if self._manifest().get("as_of", "") > as_of.isoformat():
            return
        private_dir(self._folder.parent)
        private_dir(self._folder)
        sequence = 1 + max((int(path.name[:6]) for path in self._folder.glob("*.arrow")), default=0)
        files = {}
        for part, table in tables.items():
            name = self._read.get(id(table))
            if name is None:
                name = f"{sequence:06d}-{part}.arrow"
                _write(self._folder / name, table)
            files[part] = (name, _seal(self._folder / name))
        content = {"as_of": as_of.isoformat(), "fingerprint": self._fingerprint, "files": files}
        write_atomic(self._folder / _MANIFEST, json.dumps(content, indent=1).encode(), 0o600)
        named = {name for name, _ in files.values()}
        for path in self._folder.glob("*.arrow"):
            if path.name not in named:
                path.unlink()

    def _manifest(self) -> dict[str, Any]:
        """What the kept state says of itself; empty when this model or this code cannot use it."""
        try:
            manifest = json.loads((self._folder / _MANIFEST).read_bytes())
            return dict(manifest) if manifest["fingerprint"] == self._fingerprint else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}


def _mapped(path: Path) -> pa.Table:
    with mapped(path) as file, pa.ipc.open_file(file) as reader:
        return reader.read_all()


def _write(path: Path, table: pa.Table) -> None:
    """One private file, in one piece, so that columns are used where they lie."""

    def write(temporary: Path) -> None:
        with (
            sink(path, temporary) as target,
            pa.OSFile(str(target), "wb") if target is temporary else pa.PythonFile(target, "w") as file,
            pa.ipc.new_file(file, table.schema) as writer,
        ):
            writer.write_table(table.combine_chunks())

    write_atomic(path, write, 0o600)


def _seal(path: Path) -> list[int]:
    """What tells a file that was written once and renamed into place from any other: size and time."""
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns]


def _code() -> list[str]:
    """Digests of the code of matching that is not part of the version of the logic."""
    folder = Path(__file__).parent
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("matching*.py"))]
