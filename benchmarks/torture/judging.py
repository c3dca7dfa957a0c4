"""What a warehouse holds, so that one whose night was killed can be held against one left in peace."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import duckdb

from warehouse.files import TEMPORARY_PREFIX
from warehouse.publish import MANIFEST, current_release

NOT_COMPARED = {".lock", "files.lock", "stat_cache.json", "access.jsonl", "nights.jsonl"}
"""Process numbers, times of files, when somebody looked or a night ended."""
CACHE = Path("warehouse/vault/matching")
"""Where the next night starts matching from: its rows lie in any order, and no table depends on it."""

FILES_LEDGER = "files.jsonl"
Content = dict[str, str]


def content_of(home: Path) -> Content:
    """Every file and link of a workspace but Dagster's and the cache, by its SHA-256.

    A database, whose bytes depend on threads, stands there by its tables and rows.
    """
    found = {}
    for path in sorted(home.rglob("*")):
        place = path.relative_to(home)
        if place.parts[0] == "dagster" or place.is_relative_to(CACHE) or place.name in NOT_COMPARED:
            continue
        if path.is_symlink():
            found[str(place)] = f"-> {path.readlink()}"
        elif path.suffix == ".duckdb":
            found[str(place)] = rows_of_database(path)
        elif path.name == FILES_LEDGER:
            found[str(place)] = _digest(_without_clock(path))
        elif path.is_file():
            found[str(place)] = _digest(_without_database_bytes(path))
    return found


def _without_clock(ledger: Path) -> bytes:
    """The ledger of files without the days of its passes: they are the clock's, and turn at 6 o'clock."""
    lines = [json.loads(line) for line in ledger.read_text(encoding="utf-8").splitlines()]
    kept = [line if line["kind"] == "file" else {**line, "day": None} for line in lines]
    return "".join(json.dumps(line) + "\n" for line in kept).encode()


def rows_of_database(path: Path) -> str:
    """A digest of every table of a DuckDB file, whatever the order its rows were written in."""
    with duckdb.connect(str(path), read_only=True) as con:
        names = con.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal ORDER BY ALL"
        ).fetchall()
        digests = [
            (
                schema,
                name,
                con.execute(f'SELECT count(*), sum(hash(t)) FROM "{schema}"."{name}" AS t').fetchone(),
            )
            for schema, name in names
        ]
    return _digest(repr(digests).encode())


def differences(found: Content, expected: Content) -> list[str]:
    """The places where two workspaces are not the same."""
    return sorted(place for place in found | expected if found.get(place) != expected.get(place))


def faults(home: Path) -> list[str]:
    """What is wrong in a workspace by itself: leftovers, files registered twice, a release not whole."""
    warehouse = home / "warehouse"
    left = [path for path in home.rglob(f"{TEMPORARY_PREFIX}*")]
    left += [path for name in ("staging", "spill") for path in (warehouse / name).glob("*")]
    found = [f"left over: {path.relative_to(home)}" for path in left]
    lines = (warehouse / "ledger" / FILES_LEDGER).read_text(encoding="utf-8").splitlines()
    files = [
        (line["channel"], line["file_hash"]) for line in map(json.loads, lines) if line["kind"] == "file"
    ]
    found += [f"registered twice: {name}" for name in {name for name in files if files.count(name) > 1}]
    release = current_release(warehouse)
    return found + (["no release"] if release is None else torn(release.path))


def torn(release: Path) -> list[str]:
    """What a release says of itself that does not hold: checksums of files, rows and day of each table."""
    manifest = json.loads((release / MANIFEST).read_bytes())
    found = []
    for file in manifest["files"]:
        path = release / file["name"]
        if _digest(path.read_bytes()) != file["sha256"]:
            found.append(f"{path.name}: not the bytes of its manifest")
        found += _torn_tables(path, manifest["seq"], manifest["as_of"])
    return found


def _torn_tables(path: Path, seq: int, as_of: str) -> list[str]:
    with duckdb.connect(str(path), read_only=True) as con:
        promised = con.execute('SELECT seq, "table", CAST(as_of AS VARCHAR), rows FROM _release').fetchall()
        there = {
            name
            for (name,) in con.execute(
                "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'"
            ).fetchall()
        }
        counts = {
            name: con.execute(f'SELECT count(*) FROM "{name}"').fetchone()
            for _, name, _, _ in promised
            if name in there
        }
    return [
        f"{name}: not as promised"
        for number, name, day, rows in promised
        if (number, day) != (seq, as_of) or (name in counts and counts[name] != (rows,))
    ]


def _without_database_bytes(path: Path) -> bytes:
    """A file as compared: the manifest of a release without size and checksum of its database."""
    if path.name != MANIFEST or path.parent.parent.name not in ("releases", "vault_releases"):
        return path.read_bytes()
    return json.dumps(json.loads(path.read_bytes()) | {"files": None}).encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
