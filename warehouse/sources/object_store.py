"""Object stores behind one door: S3 and what speaks like it, Google, Azure, mounted folders."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import fs

from warehouse.errors import InputError

_BLOCK_BYTES = 4 << 20
_CODE = re.compile(r"AWS Error ([A-Z_]+)|Status\(([A-Z_]+)|\b(40[134]) ")
_SILENT = re.compile("get a new connection|resolve hostname|connect to server|Timeout was reached")
_LOGIN = (
    "the object store refuses the login",
    "see that the keys are still valid and may list and read what `source.url` names",
)
_NOT_THERE = ("there is no such bucket or folder", "correct `source.url`")
_AWAY = ("the object store cannot be reached", "see that it runs and that `source.endpoint` is right")
_REGION = ("the bucket is in another region", "correct `source.region`")
_KNOWN_CODES = {
    "ACCESS_DENIED": _LOGIN, "INVALID_ACCESS_KEY_ID": _LOGIN, "SIGNATURE_DOES_NOT_MATCH": _LOGIN,
    "INVALID_CLIENT_TOKEN_ID": _LOGIN, "MISSING_AUTHENTICATION_TOKEN": _LOGIN, "UNRECOGNIZED_CLIENT": _LOGIN,
    "EXPIRED_TOKEN": _LOGIN, "PERMISSION_DENIED": _LOGIN, "UNAUTHENTICATED": _LOGIN, "401": _LOGIN,
    "403": _LOGIN, "NO_SUCH_BUCKET": _NOT_THERE, "NO_SUCH_KEY": _NOT_THERE, "RESOURCE_NOT_FOUND": _NOT_THERE,
    "NOT_FOUND": _NOT_THERE, "404": _NOT_THERE, "NETWORK_CONNECTION": _AWAY, "REQUEST_TIMEOUT": _AWAY,
    "SERVICE_UNAVAILABLE": _AWAY, "SLOW_DOWN": _AWAY, "INTERNAL_FAILURE": _AWAY, "UNAVAILABLE": _AWAY,
    "DEADLINE_EXCEEDED": _AWAY, "PERMANENT_REDIRECT": _REGION, "AUTHORIZATION_HEADER_MALFORMED": _REGION,
}  # fmt: skip
"""What the stores' libraries call what goes wrong; their own words quote addresses and keys."""

_IDENTITY = (("generation",), ("versionid", "etag"))
"""Google's changes with the content alone, its ETag with a label too; an S3 version may be just `null`."""


class _GoneError(InputError):
    """Nothing is at this address."""


class StoreAway(InputError):
    """The store does not answer: asking it for another object would only wait again."""


@dataclass(frozen=True)
class StoredObject:
    """An object as listed: its name below the address, its path, bytes, and when it was written.

    `identity` is what the store calls this writing of it, once it was asked; listings do not say it.
    """

    name: str
    path: str
    size: int
    written_ns: int
    identity: str = ""

    @property
    def as_listed(self) -> str:
        """Another text when it was written anew with another size or, to the second, at another time."""
        return f"{self.name}\0{self.size}\0{self.written_ns}"

    @property
    def version(self) -> str:
        """Another text whenever the object was written anew."""
        return f"{self.as_listed}\0{self.identity}" if self.identity else self.as_listed


@dataclass(frozen=True)
class Store:
    """An opened store, below one bucket or folder."""

    files: fs.FileSystem
    root: str

    def objects(self) -> list[StoredObject]:
        """All objects by name; InputError when they cannot be listed."""
        if self.files.type_name == "local" and not Path(self.root).is_dir():
            raise InputError(_NOT_THERE[0], fix=_NOT_THERE[1])
        try:
            found = _asked(self.files.get_file_info, fs.FileSelector(self.root, recursive=True))
        except _GoneError:
            return []  # a bucket that is there, without anything below the prefix
        listed = [
            StoredObject(info.path[len(self.root) :].lstrip("/"), info.path, info.size, info.mtime_ns or 0)
            for info in found
            if info.type == fs.FileType.File
        ]
        return sorted(listed, key=lambda one: one.name)

    def identified(self, listed: StoredObject) -> StoredObject:
        """The object with what the store calls this writing of it: generation, version, ETag."""
        return replace(listed, identity=self._identity(listed.path))

    def copy(self, wanted: StoredObject, to: Path) -> None:
        """The bytes of an object into a new file, a block at a time; InputError when it is not as listed."""
        if not {"", ".", ".."}.isdisjoint(wanted.path.split("/")[1:]):
            raise InputError("its name goes up or holds an empty folder", fix="rename it in the store")
        source = _asked(self.files.open_input_stream, wanted.path, compression=None)
        with source, to.open("xb") as file:
            while block := _asked(source.read, _BLOCK_BYTES):
                file.write(block)
        now = _asked(self.files.get_file_info, wanted.path)
        read = (now.size, now.mtime_ns or 0, to.stat().st_size)
        is_same = not wanted.identity or self._identity(wanted.path) == wanted.identity
        if read != (wanted.size, wanted.written_ns, wanted.size) or not is_same:
            raise InputError("it changed while it was read", fix="the next run takes it")

    def _identity(self, path: str) -> str:
        """Empty for a mounted folder, whose times are exact, and for a store that has no name for it."""
        if self.files.type_name == "local":
            return ""
        with _asked(self.files.open_input_stream, path, compression=None) as stream:
            told = {key.lower(): value.decode() for key, value in (_asked(stream.metadata) or {}).items()}
        return next(filter(None, ("".join(told.get(key, "") for key in keys) for keys in _IDENTITY)), "")


def _asked(call: Callable[..., Any], *words: object, **named: object) -> Any:
    """What the store answers. Of what it says when it does not, only the code is told."""
    try:
        return call(*words, **named)
    except FileNotFoundError:
        raise _GoneError("it is gone by now", fix="nothing, if that was meant") from None
    except PermissionError:
        raise InputError(_LOGIN[0], fix=_LOGIN[1]) from None
    except (OSError, pa.ArrowException) as error:
        found = _CODE.search(str(error))
        code = next(filter(None, found.groups()), "") if found else ""
        if not code and _SILENT.search(str(error)):
            raise StoreAway(_AWAY[0], fix=_AWAY[1]) from None
        message, fix = _KNOWN_CODES.get(code, ("the object store refuses", "correct `source.url`"))
        if message == _AWAY[0]:
            raise StoreAway(message, fix=fix) from None
        raise InputError(
            message if code in _KNOWN_CODES or not code else f"{message} ({code})", fix=fix
        ) from None
