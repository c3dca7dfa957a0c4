"""All that a vCard file says, decoded: what its reader stores, passes over or sets aside.

For who looks for somebody in a delivered file: quoted-printable and base64 hide names from a search of bytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from warehouse.errors import InputError
from warehouse.landing import vcf
from warehouse.landing.model import LandingTable, ReaderOptions
from warehouse.landing.source import find_encoding, open_bytes, utf8_blocks
from warehouse.landing.vcard_lines import ANY_CARD, begins_card, content_lines
from warehouse.landing.vcard_property import said_by

_HEAD_BYTES = 65_536
_MARK_BYTES = b"\xef\xbb\xbf\xfe\xff"
"""Of byte order marks."""
_TEXTS_TOGETHER_CHARACTERS = 4 << 20


def holds_cards(path: Path) -> bool:
    """Whether a card begins near the beginning of the file, plain or gzip, in any encoding."""
    try:
        with open_bytes(path) as file:
            head = file.read(_HEAD_BYTES)
    except (EOFError, OSError, zlib.error, InputError):
        return False
    return ANY_CARD.search(head.replace(b"\0", b"").lstrip(_MARK_BYTES)) is not None


def card_texts(path: Path, options: ReaderOptions) -> Iterator[list[pa.Array]]:
    """Columns of text, a row per card: first as the reader makes them, then each card as one decoded text.

    Nothing more comes where the file cannot be read.
    """
    try:
        for batch in vcf.read(path, options).batches():
            yield batch.columns[:-1]
        for texts in _decoded(path, options):
            yield [pa.array(texts, pa.large_string())]
    except InputError:
        return


def _decoded(path: Path, options: ReaderOptions) -> Iterator[list[str]]:
    """The cards as decoded texts, many at a time; a card within another is one of its own."""
    blocks = utf8_blocks(path, find_encoding(path, options.encoding))
    texts: list[str] = []
    said: list[str] = []
    size = 0
    for content in content_lines(blocks, LandingTable([], lambda table: iter(()))):
        if begins_card(content):
            texts.append("\n".join(said))
            said = []
            if size > _TEXTS_TOGETHER_CHARACTERS:
                yield texts
                texts, size = [], 0
        said.append(said_by(content))
        size += len(content)
    yield [*texts, "\n".join(said)]
