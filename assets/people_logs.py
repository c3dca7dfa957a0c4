"""Who was looked at and who left in a list: people by keyed hash, so that the logs name nobody.

<warehouse>/ledger/access.jsonl             one line per look into the vault or at a person
<warehouse>/ledger/exports.jsonl            one chained line per list that left
<warehouse>/ledger/exports/<sha256>.parquet the keyed hashes of the people in it, named by its checksum
"""

from __future__ import annotations

import getpass
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assets.context import Context
from warehouse.chained_ledger import append_entry, entries
from warehouse.encrypted_files import encrypted
from warehouse.engine import read_parquet
from warehouse.errors import SatuError
from warehouse.files import append_line, private_dir, whole_lines, write_atomic

EXPORTS = "exports"
PERSON_SQL = "keyed_int63(concat('person ', CAST(customer_id AS VARCHAR)))"


def person_hashes(context: Context, customer_ids: Iterable[int]) -> pa.Table:
    """One row per customer number: `person`, which without the secret leads to nobody."""
    ids = pa.table({"customer_id": pa.array(sorted(set(customer_ids)), pa.int64())})
    with context.looking() as engine:
        engine.put("numbers", ids)
        return engine.fetch(f"SELECT {PERSON_SQL} AS person FROM numbers ORDER BY person")


def record_export(context: Context, entry: Mapping[str, Any], customer_ids: Iterable[int]) -> str:
    """Write down a list that is about to leave, with the people in it; the hash of its line."""
    people = BytesIO()
    pq.write_table(person_hashes(context, customer_ids), people, compression="zstd")
    checksum = hashlib.sha256(people.getvalue()).hexdigest()
    path = _people_folder(context) / f"{checksum}.parquet"
    write_atomic(path, encrypted(path, people.getvalue()), 0o600)
    return append_entry(_exports(context), {**entry, "people_sha256": checksum}, context.workspace.secret)


def exports_with(context: Context, customer_ids: Sequence[int]) -> list[dict[str, Any]]:
    """The lists a person left in, by any number the person had, the oldest first."""
    logged = entries(_exports(context), context.workspace.secret)
    paths = {
        line["people_sha256"]: _people_folder(context) / f"{line['people_sha256']}.parquet" for line in logged
    }
    if not paths:
        return []
    for path in paths.values():
        if not path.is_file():
            raise SatuError("who was in a list is missing", file=path, fix="restore it from the backup")
    wanted = person_hashes(context, customer_ids)
    with context.looking() as engine:
        engine.put("wanted", wanted)
        found = engine.fetch(
            f"SELECT DISTINCT parse_filename(filename, true) AS checksum"
            f" FROM {read_parquet(list(paths.values()))} SEMI JOIN wanted USING (person)"
        )
    with_person = set(found.column("checksum").to_pylist())
    return [line for line in logged if line["people_sha256"] in with_person]


def record_access(context: Context, customer_id: int | None) -> None:
    """Write down that everything about a person was asked for, or about somebody who was not found."""
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "by": getpass.getuser(),
        "command": "access",
        "person": None if customer_id is None else _person(context, customer_id),
    }
    append_line(_access(context), json.dumps(entry))


def accesses_to(context: Context, customer_id: int) -> list[dict[str, Any]]:
    """When everything about a person was asked for, and by whom, the oldest first."""
    path, person = _access(context), _person(context, customer_id)
    looks = [json.loads(line) for line in whole_lines(path).splitlines()]
    return [look for look in looks if look.get("person") == person]


def _person(context: Context, customer_id: int) -> str:
    """The keyed hash of one person as text, for JSON keeps no number of 63 bits."""
    return f"{person_hashes(context, [customer_id]).column('person')[0].as_py():016x}"


def _access(context: Context) -> Path:
    return private_dir(context.workspace.warehouse / "ledger") / "access.jsonl"


def _exports(context: Context) -> Path:
    return private_dir(context.workspace.warehouse / "ledger") / f"{EXPORTS}.jsonl"


def _people_folder(context: Context) -> Path:
    return private_dir(private_dir(context.workspace.warehouse / "ledger") / EXPORTS)
