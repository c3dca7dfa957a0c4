"""An append-only ledger whose lines hold on to one another: what was written cannot be changed unnoticed.

Every line carries a keyed hash of itself and of the line before. Changing, removing or inserting a line
breaks the chain from there on; who keeps a line's hash (a certificate names it) sees a cut-off end as well.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from warehouse.errors import SatuError
from warehouse.files import append_line, file_lock, private_dir, whole_lines
from warehouse.keyed import keyed_hash

FIRST = "0" * 64
_OWN = ("seq", "previous", "hash")


def append_entry(path: Path, entry: Mapping[str, Any], secret: bytes) -> str:
    """Write an entry as the next line and return its hash. A ledger that was tampered with takes none."""
    if taken := set(_OWN) & set(entry):
        raise ValueError(f"{', '.join(sorted(taken))} belong to the ledger")
    with file_lock(private_dir(path.parent) / f"{path.name}.lock"):
        lines = entries(path, secret)
        line = {**entry, "seq": len(lines) + 1, "previous": lines[-1]["hash"] if lines else FIRST}
        line["hash"] = _hash(line, secret)
        append_line(path, json.dumps(line, ensure_ascii=False, sort_keys=True))
        return str(line["hash"])


def entries(path: Path, secret: bytes) -> list[dict[str, Any]]:
    """Every whole line, the oldest first; SatuError names the first one that is not as it was written."""
    found: list[dict[str, Any]] = []
    for number, text in enumerate(whole_lines(path).split(b"\n")[:-1], start=1):
        line = _parsed(text)
        previous = found[-1]["hash"] if found else FIRST
        holds = line is not None and (line.get("seq"), line.get("previous")) == (number, previous)
        if line is None or not holds or not hmac.compare_digest(str(line.get("hash")), _hash(line, secret)):
            raise SatuError(
                "the ledger is not as it was written, or the secret key is another one",
                file=path.name, line=number, fix="restore it from the backup",
            )  # fmt: skip
        found.append(line)
    return found


def _parsed(text: bytes) -> dict[str, Any] | None:
    try:
        line = json.loads(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None


def _hash(line: Mapping[str, Any], secret: bytes) -> str:
    content = {name: value for name, value in line.items() if name != "hash"}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return keyed_hash(secret, text.encode())
