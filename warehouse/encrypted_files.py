"""Files that hold people, encrypted as they are written and decrypted as they are read.

An encrypted file says so in its first bytes, so readers need no setting: they take its key from the ring,
which holds the keys of the workspaces this process has opened. What is encrypted is the file as it would be
otherwise: checksums, footers and fingerprints are those of its content.

    header   8 bytes that name the format, 8 that name the key, 32 of salt
    chunks   65,536 bytes each (the last one shorter), sealed by AES-256-GCM

The key of a file comes from the workspace's by HKDF-SHA-256 and the salt. A chunk's nonce is its number and
whether it is the last, and the header is authenticated with it: what was cut off, changed or put elsewhere is
noticed. This is the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár.
"""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from warehouse.errors import ConfigError, SatuError

MAGIC = b"SATUENC1"
PROTOCOL = "encrypted"
CHUNK = 65_536
_TAG = 16
_KEY_ID = 8
_SALT = 32
_HEADER = len(MAGIC) + _KEY_ID + _SALT
_COPIED = 1 << 20

_ring: dict[bytes, bytes] = {}
_written: dict[Path, bytes] = {}


class DamagedFile(SatuError, ValueError):
    """An encrypted file that was cut off or changed."""


def key_id(key: bytes) -> bytes:
    """What an encrypted file calls its key; it tells nothing of the key."""
    return _derived(key, b"", b"satu key id", _KEY_ID)


def remember(warehouse: Path, key: bytes | None, *, is_written: bool) -> None:
    """Read files under this key from now on; `is_written`: private files of this warehouse are written so."""
    _written.pop(warehouse, None)
    if key is not None:
        _ring[key_id(key)] = key
        if is_written:
            _written[warehouse] = key


def written_key(path: Path) -> bytes | None:
    """The key under which private files are written at a warehouse or below it; None where they are plain."""
    return next((_written[at] for at in (path, *path.parents) if at in _written), None) if _written else None


def is_written_encrypted(path: Path) -> bool:
    """Whether private files are written encrypted here: at a warehouse or anywhere below it."""
    return written_key(path) is not None


def is_encrypted(path: Path) -> bool:
    """Whether the file says that it is encrypted."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def opened(path: Path) -> Any:
    """What readers of Parquet and Arrow take: the path of a plain file, the content of an encrypted one."""
    return EncryptedReader(path) if _ring and is_encrypted(path) else path


def binary(path: Path) -> io.BufferedReader:
    """The content of a plain or an encrypted file, to be read and closed."""
    if _ring and is_encrypted(path):
        return io.BufferedReader(EncryptedReader(path), CHUNK)
    return path.open("rb")


def content_of(path: Path) -> bytes:
    """The whole content of a plain or an encrypted file; FileNotFoundError when there is none."""
    with binary(path) as file:
        return file.read()


def sql_path(path: Path) -> str:
    """What a connection that knows encrypted files calls this one."""
    return f"{PROTOCOL}://{path}" if _ring and is_encrypted(path) else str(path)


def plain_path(name: str) -> Path:
    """The file a connection calls by that name."""
    return Path(name.removeprefix(f"{PROTOCOL}://"))


def mapped(path: Path) -> pa.NativeFile:
    """An Arrow file: a plain one as it lies on disk, an encrypted one as it is read."""
    found = opened(path)
    return pa.memory_map(str(path)) if found is path else pa.PythonFile(found, "r")


def make_readable(con: Any) -> None:
    """Let a DuckDB connection read encrypted files; nothing to do while there are none."""
    if _ring and PROTOCOL not in con.list_filesystems():
        from warehouse.encrypted_sql import EncryptedFileSystem

        con.register_filesystem(EncryptedFileSystem())


@contextmanager
def sink(path: Path, temporary: Path) -> Iterator[Any]:
    """Where the content of the private file `path` is written while it is called `temporary`."""
    key = written_key(path)
    if key is None:
        yield temporary
    else:
        with EncryptedWriter(temporary, key) as file:
            yield file


def encrypted(path: Path, content: bytes) -> bytes:
    """The bytes of a small private file at `path`: as they are where nothing is encrypted."""
    key = written_key(path)
    if key is None:
        return content
    target = io.BytesIO()
    with EncryptedWriter(target, key) as file:
        file.write(content)
    return target.getvalue()


def copy_content(path: Path, temporary: Path, key: bytes | None) -> None:
    """Write the content of a file anew: under a key, or as it is."""
    with binary(path) as source, EncryptedWriter(temporary, key) if key else temporary.open("wb") as target:
        while block := source.read(_COPIED):
            target.write(block)


class EncryptedWriter(io.RawIOBase):
    """A new encrypted file, written from its beginning to its end."""

    def __init__(self, target: Path | IO[bytes], key: bytes) -> None:
        super().__init__()
        self._file = target.open("wb") if isinstance(target, Path) else target
        self._header = MAGIC + key_id(key) + os.urandom(_SALT)
        self._cipher = _cipher(key, self._header)
        self._waiting = bytearray()
        self._chunks = 0
        self._position = 0
        self._file.write(self._header)

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def write(self, content: Any) -> int:
        added = memoryview(content).cast("B")
        self._waiting += added
        self._position += len(added)
        start = 0
        while len(self._waiting) - start > CHUNK:
            self._seal(bytes(self._waiting[start : start + CHUNK]), is_last=False)
            start += CHUNK
        del self._waiting[:start]
        return len(added)

    def close(self) -> None:
        """End the file; one that is never closed lacks its last chunk, and is refused by readers."""
        if not self.closed:
            self._seal(bytes(self._waiting), is_last=True)
            self._file.flush()
            if not isinstance(self._file, io.BytesIO):
                self._file.close()
        super().close()

    def _seal(self, chunk: bytes, *, is_last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._chunks, is_last), chunk, self._header))
        self._chunks += 1


class EncryptedReader(io.RawIOBase):
    """The content of an encrypted file, from any place in it. ConfigError when its key is not on the ring."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._handle = os.open(path, os.O_RDONLY)
        self._lock = threading.Lock()
        self._position = 0
        self._last: tuple[int, bytes] = (-1, b"")
        try:
            self._header = os.pread(self._handle, _HEADER, 0)
            sealed = os.fstat(self._handle).st_size - _HEADER
            self._chunks = -(-sealed // (CHUNK + _TAG))
            self.size = sealed - self._chunks * _TAG
            if len(self._header) < _HEADER or self._chunks < 1 or self.size < 0:
                raise self._damaged()
            self._cipher = _cipher(self._key(), self._header)
            if self.size == 0:
                self._chunk(0)  # nobody will ask for it, and the file may have been cut off
        except BaseException:
            self.close()
            raise

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def read(self, size: int | None = -1) -> bytes:
        with self._lock:
            content = self._content(self._position, self.size if size is None or size < 0 else size)
            self._position += len(content)
        return content

    def readall(self) -> bytes:
        return self.read()

    def readinto(self, buffer: Any) -> int:
        target = memoryview(buffer).cast("B")
        content = self.read(len(target))
        target[: len(content)] = content
        return len(content)

    def close(self) -> None:
        if not self.closed:
            os.close(self._handle)
        super().close()

    def _content(self, start: int, size: int) -> bytes:
        end = min(start + size, self.size)
        if start >= end:
            return b""
        first, last = start // CHUNK, (end - 1) // CHUNK
        found = b"".join(self._chunk(number) for number in range(first, last + 1))
        return found[start - first * CHUNK : end - first * CHUNK]

    def _chunk(self, number: int) -> bytes:
        from cryptography.exceptions import InvalidTag

        if self._last[0] == number:
            return self._last[1]
        sealed = os.pread(self._handle, CHUNK + _TAG, _HEADER + number * (CHUNK + _TAG))
        nonce = _nonce(number, number == self._chunks - 1)
        try:
            chunk: bytes = self._cipher.decrypt(nonce, sealed, self._header)
        except InvalidTag:
            raise self._damaged() from None
        self._last = (number, chunk)
        return chunk

    def _key(self) -> bytes:
        named = self._header[len(MAGIC) : len(MAGIC) + _KEY_ID]
        if named not in _ring:
            raise ConfigError(
                "this file was encrypted for another workspace, or before its key was made anew",
                file=self._path,
                fix="restore the file, or warehouse/ledger/vault_key.json, from the same backup",
            )
        return _ring[named]

    def _damaged(self) -> DamagedFile:
        return DamagedFile(
            "this encrypted file was cut off or changed", file=self._path, fix="restore it from a backup"
        )


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _cipher(key: bytes, header: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(_derived(key, header[-_SALT:], b"satu file", 32))


def _derived(key: bytes, salt: bytes, purpose: bytes, length: int) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return bytes(HKDF(SHA256(), length, salt, purpose).derive(key))
