"""Small append-only ledgers beside the files ledger: who looked into the vault."""

from __future__ import annotations

import getpass
import json
from datetime import UTC, datetime

from warehouse.files import append_line, private_dir
from warehouse.keyed import keyed_hash
from warehouse.workspace import Workspace


def record_vault_use(workspace: Workspace, sql: str) -> None:
    """One line per look into the vault. The SQL may name a person, so only its keyed digest is kept: without
    the key nobody can find out which of all phone numbers was asked for."""
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "by": getpass.getuser(),
        "sql_hash": keyed_hash(workspace.secret, sql.encode()),
    }
    append_line(private_dir(workspace.warehouse / "ledger") / "access.jsonl", json.dumps(entry))
