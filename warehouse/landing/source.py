"""A file's bytes as UTF-8, whatever it is written in: plain or gzip, any encoding, no byte order mark."""

from __future__ import annotations

import codecs
import gzip
import os
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from warehouse.errors import InputError

BLOCK_BYTES = 4 << 20
LONGEST_LINE_BYTES = 16 << 20
GZIP_MAGIC = b"\x1f\x8b"
_BYTE_ORDER_MARKS = (  # those of UTF-32 first: one of them begins like one of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# As browsers read it: the five bytes cp1252 leaves undefined are control characters.
_CP1252 = "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in range(256))
_ESCAPED_TO_CP1252 = {0xDC00 + byte: _CP1252[byte] for byte in range(0x80, 0x100)}
_ESCAPED = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
_NUL_SHARE_OF_UTF16 = 0.3
_UNPACKED_UNASKED = 64 << 20
_UNPACKED_PER_BYTE = 200
MIXED = "utf-8 and cp1252"


@dataclass(frozen=True)
class Encoding:
    """How a file's bytes become text: the codec, the byte order mark's length, a warning if guessed."""

    name: str
    mark_bytes: int = 0
    note: str | None = None


def open_bytes(path: Path) -> BinaryIO:
    """The file opened for reading, unpacked if it is gzip."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from None
    if file.read(2) == GZIP_MAGIC:
        file.close()
        return cast(BinaryIO, gzip.open(path, "rb"))
    file.seek(0)
    return file


def refuse_bomb(what: str, unpacked: int, packed: int, path: Path) -> None:
    """InputError once a packed file has become larger than data do."""
    if unpacked > _UNPACKED_UNASKED and unpacked > _UNPACKED_PER_BYTE * packed:
        raise InputError(
            f"the {what} unpacks to more than {_UNPACKED_PER_BYTE} times its size",
            file=path,
            fix="if it is meant so, deliver it unpacked",
        )


def raw_blocks(path: Path) -> Iterator[bytes]:
    """The file's bytes, unpacked, in blocks; InputError when the file is cut off or damaged."""
    with open_bytes(path) as file:
        unpacked, packed = 0, path.stat().st_size
        while True:
            try:
                block = file.read(BLOCK_BYTES)
            except (EOFError, gzip.BadGzipFile, zlib.error):
                raise InputError(
                    "the gzip file is cut off or damaged", file=path, fix="deliver the file again"
                ) from None
            except OSError as error:
                raise _unreadable(path, error) from None
            if not block:
                return
            unpacked += len(block)
            refuse_bomb("gzip file", unpacked, packed, path)
            yield block


def find_encoding(path: Path, wanted: str | None) -> Encoding:
    """The file's encoding: by byte order mark, else the contract's word, else UTF-8 if valid, else cp1252."""
    first = next(raw_blocks(path), b"")
    for mark, name in _BYTE_ORDER_MARKS:
        if first.startswith(mark):
            return Encoding(name, len(mark))
    codec = _codec(wanted, path)
    if codec == "cp1252":
        return Encoding("cp1252")
    if codec not in (None, "utf-8", "utf-8-sig", "ascii"):
        return Encoding(str(codec))
    even, odd = (first[offset:4096:2].count(0) / max(len(first[offset:4096:2]), 1) for offset in (0, 1))
    for name, high, low in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if codec is None and high > _NUL_SHARE_OF_UTF16 > low:
            return Encoding(name, 0, f"encoding {name} guessed")
    return _utf8_or_not(path)


def utf8_blocks(path: Path, encoding: Encoding, skip: int = 0) -> Iterator[bytes]:
    """The file as valid UTF-8 in blocks, without its byte order mark and the first `skip` bytes of UTF-8."""
    decode = _decoder(encoding.name, path)
    to_drop = encoding.mark_bytes
    for block in raw_blocks(path):
        if to_drop:
            block, to_drop = block[to_drop:], max(0, to_drop - len(block))
        block = decode(block, False)
        if skip:
            block, skip = block[skip:], max(0, skip - len(block))
        if block:
            yield block
    last = decode(b"", True)
    if last[skip:]:
        yield last[skip:]


def read_head(path: Path, encoding: Encoding, size: int) -> bytes:
    """At most the first `size` bytes as UTF-8."""
    collected = b""
    for block in utf8_blocks(path, encoding):
        collected += block
        if len(collected) >= size:
            break
    return collected[:size]


class Utf8Stream:
    """`utf8_blocks` as a readable file."""

    closed = False

    def __init__(self, path: Path, encoding: Encoding, skip: int = 0) -> None:
        self._blocks = utf8_blocks(path, encoding, skip)
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        """The next `size` bytes, fewer only at the end."""
        parts, length = [self._rest], len(self._rest)
        while size < 0 or length < size:
            block = next(self._blocks, b"")
            if not block:
                break
            parts.append(block)
            length += len(block)
        joined = b"".join(parts) if len(parts) > 1 else parts[0]
        if size < 0 or size >= length:
            self._rest = b""
            return joined
        self._rest = joined[size:]
        return joined[:size]

    def readable(self) -> bool:
        """Always."""
        return True

    def close(self) -> None:
        """Nothing is held open beyond the block generator."""
        self.closed = True
        self._blocks = iter(())


class _Decode:
    """Bytes of an encoding to bytes of UTF-8, block by block."""

    def __init__(self, name: str, path: Path) -> None:
        self._path = path
        self._name = name
        is_mixed = name == MIXED
        make = codecs.getincrementaldecoder("utf-8" if is_mixed else name)
        self._decoder = make("surrogateescape" if is_mixed else "strict")

    def __call__(self, block: bytes, is_last: bool) -> bytes:
        try:
            text = self._decoder.decode(block, is_last)
        except UnicodeDecodeError:
            raise InputError(
                f"the file is not written in {self._name}",
                file=self._path,
                fix="correct options.encoding, or leave it out to have it found",
            ) from None
        if self._name == MIXED and _ESCAPED.search(text):
            text = text.translate(_ESCAPED_TO_CP1252)
        return text.encode("utf-8", "replace")


def _decoder(name: str, path: Path) -> Callable[[bytes, bool], bytes]:
    if name == "utf-8":
        return lambda block, is_last: block  # proven valid by find_encoding
    if name == "cp1252":
        return lambda block, is_last: codecs.charmap_decode(block, "strict", _CP1252)[0].encode("utf-8")
    return _Decode(name, path)


def _utf8_or_not(path: Path) -> Encoding:
    """Read the whole file once to tell UTF-8 from cp1252, or from UTF-8 with some cp1252 in it."""
    if _is_utf8(path):
        return Encoding("utf-8")
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    invalid = beyond_ascii = 0
    for block in raw_blocks(path):
        text = decoder.decode(block)
        invalid += len(_ESCAPED.findall(text))
        beyond_ascii += len(_BEYOND_ASCII.findall(text))
    invalid += len(_ESCAPED.findall(decoder.decode(b"", True)))
    if invalid > beyond_ascii - invalid:
        return Encoding("cp1252", 0, f"encoding cp1252 guessed ({invalid} bytes are not UTF-8)")
    return Encoding(MIXED, 0, f"{invalid} bytes are not UTF-8 and were read as cp1252")


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for block in raw_blocks(path):
            if not block.isascii() or decoder.getstate()[0]:
                decoder.decode(block)
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def _codec(wanted: str | None, path: Path) -> str | None:
    """The codec's canonical name; None when the contract names none."""
    if wanted is None:
        return None
    try:
        codec = codecs.lookup(wanted)
        if codec._is_text_encoding:
            return codec.name
    except LookupError:
        pass
    raise InputError(
        f"the encoding `{wanted}` is not known",
        file=path,
        fix="use utf-8, cp1252, utf-16 or another known name",
    )


def _unreadable(path: Path, error: OSError) -> InputError:
    reason = os.strerror(error.errno).lower() if error.errno else "input/output error"
    return InputError(
        f"the file cannot be read ({reason})", file=path, fix="check that it exists and is readable"
    )
