"""Small append-only ledgers beside the files ledger: who looked into the vault."""

from __future__ import annotations

import getpass
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

from warehouse.files import append_line, private_dir


def record_vault_use(warehouse: Path, sql: str) -> None:
    """One line per look into the vault. The SQL may name a person, so only its digest is kept."""
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "by": getpass.getuser(),
        "sql_sha256": hashlib.sha256(sql.encode()).hexdigest(),
    }
    append_line(private_dir(warehouse / "ledger") / "access.jsonl", json.dumps(entry))
