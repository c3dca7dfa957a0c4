"""Which file is meant and what it holds: paths that stay inside the workspace, keyed hashes of content."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import stat
from pathlib import Path

from warehouse.files import write_atomic

HASH_HEX_DIGITS = 32
_CHUNK_BYTES = 1 << 20
_UNFINISHED = frozenset({".part", ".partial", ".filepart", ".crdownload", ".download", ".tmp"})
_CACHE_KEY_LABEL = b"satu stat cache"


class Refusal(Exception):
    """Why a file is not taken, in words; never raised past the ledger."""


def path_in_home(path: Path, home: Path) -> str:
    """The path relative to the workspace, with `/`; refused where it leaves the workspace in any way."""
    text = str(path)
    if any(ord(character) < 32 or 0xD800 <= ord(character) <= 0xDFFF for character in text):
        raise Refusal("the name holds control characters or is not UTF-8; rename the file")
    if ".." in path.parts:
        raise Refusal("the path goes up with `..`; give it from the workspace's folder")
    resolved_home = home.resolve()
    relative = path
    if path.is_absolute():
        for base in (home.absolute(), resolved_home):
            if path.is_relative_to(base):
                relative = path.relative_to(base)
                break
        else:
            raise Refusal("the file lies outside the workspace; copy it into landing/")
    if path.name.startswith((".", "~$")) or path.suffix.lower() in _UNFINISHED:
        raise Refusal("a hidden file, or one still being written; rename it once it is whole")
    try:
        meant = (resolved_home / relative).resolve()
    except (OSError, RuntimeError):
        raise Refusal("a link leads to itself; copy the file into landing/ instead") from None
    if not meant.is_relative_to(resolved_home):
        raise Refusal("a link leads out of the workspace; copy the file into landing/ instead")
    if not meant.is_relative_to(resolved_home / relative.parts[0]):
        raise Refusal("a link leads out of its folder to what is no delivery; copy the file instead")
    return relative.as_posix()


class ContentHasher:
    """Keyed hashes of files, remembered by (size, times, inode) in a cache that is safe to delete."""

    def __init__(self, home: Path, secret: bytes, cache_path: Path) -> None:
        self._home = home.resolve()
        self._secret = secret
        self._cache_path = cache_path
        self._key = hmac.new(secret, _CACHE_KEY_LABEL, hashlib.sha256).hexdigest()[:HASH_HEX_DIGITS]
        self._known = self._load()
        self._seen: dict[str, list[object]] = {}

    def hash(self, relative: str) -> tuple[str, int]:
        """Hash and size of a file's content; refused when it cannot be read or is still being written."""
        try:
            before = (self._home / relative).stat()
            if not stat.S_ISREG(before.st_mode):
                raise Refusal("not a regular file; remove it from landing/")
            remembered = self._known.get(relative)
            if remembered and remembered[:-1] == _identity(before):
                content_hash = str(remembered[-1])
            else:
                content_hash = self._read(self._home / relative)
                if _identity((self._home / relative).stat()) != _identity(before):
                    raise Refusal("the file is still being written; the next run takes it")
        except OSError as error:
            raise Refusal(f"the file cannot be read ({os.strerror(error.errno or 5).lower()})") from None
        self._seen[relative] = [*_identity(before), content_hash]
        return content_hash, before.st_size

    def save(self) -> None:
        """Keep what this pass saw, if anything differs."""
        if self._seen != self._known:
            text = json.dumps({"key": self._key, "files": self._seen}, ensure_ascii=False)
            write_atomic(self._cache_path, text.encode("utf-8"), mode=0o600)

    def _read(self, path: Path) -> str:
        digest = hmac.new(self._secret, digestmod=hashlib.sha256)
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
        return digest.hexdigest()[:HASH_HEX_DIGITS]

    def _load(self) -> dict[str, list[object]]:
        try:
            content = json.loads(self._cache_path.read_text(encoding="utf-8"))
            if content["key"] != self._key:
                return {}
            return {str(path): list(known) for path, known in content["files"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}


def _identity(status: os.stat_result) -> list[object]:
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
