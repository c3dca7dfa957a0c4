"""The files of a workspace that may hold people, each with its rows and a keyed hash: before and after."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from assets.configuration import PAIRS_FILE
from assets.contact_rules import BLACKLIST_FILE
from assets.context import Context
from assets.decision_files import read_rows
from assets.landing_erasure import rewritable
from assets.tables import workspace_tables
from warehouse.encrypted_files import binary, content_of, mapped, opened
from warehouse.keyed import keyed_hash
from warehouse.publish import RELEASE_FILE, RELEASES, VAULT_FILE, VAULT_RELEASES
from warehouse.store import MANIFEST

EXPORT_FOLDERS = ("exports", "access", "warehouse/vault/exports")
DELIVERED = "landing"
_BLOCK = 1 << 20


@dataclass(frozen=True)
class FileState:
    """A file, or the stored day of a table, by its place in the workspace."""

    place: str
    kind: str
    rows: int
    hash: str


def file_states(context: Context) -> list[FileState]:
    """Every file that may hold people as it is now, by kind and place."""
    home = context.workspace.home
    found = [*_stored(context), *_decided(context), *_made_known(context), *_delivered(context)]
    return [
        FileState(str(place.relative_to(home)), kind, rows, digest) for place, kind, rows, digest in found
    ]


State = tuple[Path, str, int, str]


def _stored(context: Context) -> Iterator[State]:
    warehouse, secret = context.workspace.warehouse, context.workspace.secret
    for folder, kind in (("raw", "raw"), ("vault/records", "records"), ("vault/quarantine", "quarantine")):
        for path in sorted((warehouse / folder).rglob("*.parquet")):
            yield path, kind, pq.read_metadata(opened(path)).num_rows, _hash_of(path, secret)
    for path in sorted((warehouse / "raw").rglob("*.json")):
        rejects = json.loads(content_of(path))["rejects"]
        if rejects:
            yield path, "raw", len(rejects), keyed_hash(secret, json.dumps(rejects).encode())
    for table in workspace_tables(context.workspace).values():
        for part in context.store.partitions(table):
            yield part.path.parent, "partition", part.rows, _hash_of(part.path, secret)
    for path in sorted((warehouse / "vault" / "matching").glob("*.arrow")):
        with mapped(path) as file, pa.ipc.open_file(file) as reader:
            rows = sum(reader.get_batch(n).num_rows for n in range(reader.num_record_batches))
        yield path, "matching", rows, _hash_of(path, secret)


def _decided(context: Context) -> Iterator[State]:
    secret = context.workspace.secret
    for name in (PAIRS_FILE, BLACKLIST_FILE):
        path = context.workspace.decisions / name
        if path.is_file():
            yield path, "decisions", max(0, len(read_rows(path)) - 1), _hash_of(path, secret)
    for path in sorted((context.workspace.models / "identity").glob("*.json")):
        listed = sum(len(term["shares"]) for term in json.loads(path.read_bytes())["terms"].values())
        yield path, "model", listed, _hash_of(path, secret)


def _made_known(context: Context) -> Iterator[State]:
    warehouse, secret = context.workspace.warehouse, context.workspace.secret
    for folder, file in ((RELEASES, RELEASE_FILE), (VAULT_RELEASES, VAULT_FILE)):
        for path in sorted((warehouse / folder).glob(f"[0-9]*/{file}")):
            tables = json.loads(path.with_name(MANIFEST).read_bytes())["tables"]
            yield path, "release", sum(t["rows"] for t in tables if t["in_file"]), _hash_of(path, secret)
    for path in export_files(context):
        yield path, "export", _rows_of_export(path), _hash_of(path, secret)


def _delivered(context: Context) -> Iterator[State]:
    """Delivered files that an erasure may write anew."""
    for path in sorted({path for _, path in rewritable(context)}):
        yield path, DELIVERED, _lines_of(path), _hash_of(path, context.workspace.secret)


def export_files(context: Context) -> list[Path]:
    """Lists of people, and answers to people about themselves, that lie in the workspace."""
    folders = (context.workspace.home / name for name in EXPORT_FOLDERS)
    return sorted(
        path for folder in folders if folder.is_dir() for path in folder.rglob("*") if path.is_file()
    )


def _rows_of_export(path: Path) -> int:
    if path.suffix == ".parquet":
        return int(pq.read_metadata(opened(path)).num_rows)
    return max(0, len(read_rows(path)) - 1) if path.suffix == ".csv" else 0


def _lines_of(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in file)


def _hash_of(path: Path, secret: bytes) -> str:
    digest = hmac.new(secret, digestmod=hashlib.sha256)
    with binary(path) as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
