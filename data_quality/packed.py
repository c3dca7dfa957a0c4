"""What is packed in a file, unpacked: gzip, bzip2, xz, zstd, zip and tar."""

from __future__ import annotations

import bz2
import gzip
import lzma
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

_OPENERS: dict[bytes, tuple[str, Callable[[str], Any]]] = {
    b"\x1f\x8b": ("gzip", gzip.open),
    b"BZh": ("bzip2", bz2.open),
    b"\xfd7zXZ\0": ("xz", lzma.open),
    b"\x28\xb5\x2f\xfd": ("zstd", lambda path: pa.input_stream(path, compression="zstd")),
}
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")


def is_packed(path: Path) -> bool:
    """Whether the file is an archive or compressed."""
    with path.open("rb") as file:
        head = file.read(512)
    return head.startswith((*_OPENERS, *_ZIPS)) or head[257:262] == b"ustar"


def unpacked(path: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """The kind and the content of each part in turn, as a file that is gone when the next is asked for."""
    part = folder / "part"
    with path.open("rb") as file:
        head = file.read(8)
    for kind, opened in _opened(path, head):
        with opened as source, part.open("wb") as target:
            shutil.copyfileobj(source, target)
        yield kind, part
        part.unlink()


def _opened(path: Path, head: bytes) -> Iterator[tuple[str, Any]]:
    for magic, (kind, opener) in _OPENERS.items():
        if head.startswith(magic):
            yield kind, opener(str(path))
            return
    if head.startswith(_ZIPS):
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                yield "zip", archive.open(member)
        return
    with tarfile.open(path) as tar:
        for entry in tar:
            content = tar.extractfile(entry)
            if content is not None:
                yield "tar", content
