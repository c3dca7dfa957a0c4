"""What a contract says of a source that is pulled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

Record = dict[str, Any]


class RowSource(Protocol):
    """A source whose rows a pull writes down as JSON Lines."""

    @property
    def since(self) -> str | None:
        """The column of which only rows at or after the highest value delivered are asked for."""

    def records(self, home: Path, at_least: str | None, limit: int | None = None) -> Iterator[Record]:
        """The rows, one after the other; SatuError in words that hold neither secrets nor values."""
