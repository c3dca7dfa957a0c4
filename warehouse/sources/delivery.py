"""Pulled rows as an immutable delivery: JSON Lines in landing, named by the day and by what it holds.

JSON Lines, because no line goes on in the next: an erasure can take single rows out.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from warehouse.files import TEMPORARY_PREFIX, fsync_dir, private_dir, write_atomic
from warehouse.sources.model import Record
from warehouse.sources.staged import STAGED

SUFFIX = ".jsonl"
_HASH_BYTES = 12
_STAGED = f"{STAGED}{SUFFIX}"


@dataclass(frozen=True)
class Delivery:
    """How many rows were pulled, and the file that is new; None where nothing is."""

    rows: int
    path: Path | None


def deliver_rows(records: Iterable[Record], folder: Path, day: date, secret: bytes) -> Delivery:
    """Write all rows, or nothing. Rows delivered before, in whatever order, are the same delivery."""
    for left in private_dir(folder).glob(f"{TEMPORARY_PREFIX}*"):
        left.unlink()  # of a pull that was killed
    staged = folder / _STAGED
    digest = _RowsDigest(secret)
    write_atomic(staged, lambda path: write_rows(records, path, digest), mode=0o600)
    final = folder / f"{day.isoformat()}-{digest.hexdigest()}{SUFFIX}"
    if digest.rows == 0 or any(folder.glob(f"*-{digest.hexdigest()}{SUFFIX}")):
        staged.unlink()
        return Delivery(digest.rows, None)
    os.replace(staged, final)
    fsync_dir(folder)
    return Delivery(digest.rows, final)


def write_rows(records: Iterable[Record], path: Path, digest: _RowsDigest | None = None) -> None:
    """The rows as JSON Lines."""
    with path.open("wb") as file:
        for record in records:
            line = _line(record)
            file.write(line + b"\n")
            if digest is not None:
                digest.add(line)


class _RowsDigest:
    """A keyed digest of rows that does not depend on their order: databases promise none."""

    def __init__(self, secret: bytes) -> None:
        self.rows = 0
        self._key = hashlib.sha256(secret).digest()
        self._sum = 0

    def add(self, line: bytes) -> None:
        self.rows += 1
        one = hashlib.blake2b(line, digest_size=_HASH_BYTES, key=self._key).digest()
        self._sum = (self._sum + int.from_bytes(one, "big")) % (1 << 8 * _HASH_BYTES)

    def hexdigest(self) -> str:
        return self._sum.to_bytes(_HASH_BYTES, "big").hex()


def _line(record: Record) -> bytes:
    try:
        text = json.dumps(record, default=_plain, ensure_ascii=False, allow_nan=False)
    except ValueError:
        finite = {name: None if _is_no_number(value) else value for name, value in record.items()}
        text = json.dumps(finite, default=_plain, ensure_ascii=False)
    return text.encode("utf-8", "replace")


def _is_no_number(value: object) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _plain(value: object) -> str:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    return str(value)
