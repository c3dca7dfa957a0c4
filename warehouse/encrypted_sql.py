"""Encrypted files as DuckDB reads them. Imported only where there are any."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fsspec import AbstractFileSystem

from warehouse.encrypted_files import PROTOCOL, EncryptedReader, plain_path


class EncryptedFileSystem(AbstractFileSystem):
    """Single files by their very path; it lists and writes nothing."""

    protocol = PROTOCOL
    cachable = False

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(plain_path(path))

    def open(self, path: str, mode: str = "rb", **_: Any) -> EncryptedReader:
        if mode != "rb":
            raise PermissionError("encrypted files are only read here")
        return EncryptedReader(plain_path(path))

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        with EncryptedReader(plain_path(path)) as file:
            return {"name": path, "size": file.size, "type": "file"}

    def exists(self, path: str, **_: Any) -> bool:
        return plain_path(path).is_file()

    def isfile(self, path: str) -> bool:
        return plain_path(path).is_file()

    def modified(self, path: str) -> datetime:
        return datetime.fromtimestamp(plain_path(path).stat().st_mtime, UTC)

    def glob(self, path: str, **_: Any) -> list[str]:
        return [path]
