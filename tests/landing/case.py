"""What a nasty file is: how it is made, and what must become of each of its rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Stage = Literal["ledger", "reader", "rules"]
Content = str | bytes | Callable[[Path], None]

HEADER = "receipt;day;item;amount\n"
DAY = "2024-03-04"


@dataclass(frozen=True)
class Case:
    """One file of a channel and its outcome.

    `R#` in a text stands for receipts of this file alone. `message` is the beginning of what people are told,
    without the place, which comes before it. `stage` says who tells them: the ledger (the file is not taken),
    the reader, or the rules on rows. A `whole` file is in quarantine as one entry; its rows count there.
    """

    name: str
    file: str
    content: Content
    accepted: int = 0
    quarantined: int = 0
    duplicates: int = 0
    message: str = ""
    stage: Stage = "reader"
    whole: bool = False
    channel: str = "shop"
    note: str = ""

    @property
    def path(self) -> str:
        """The file's path below the workspace; alike files side by side are read together, which is quicker."""
        return f"landing/{self.channel}/{'broken/' if self.whole else ''}{self.file}"

    def deliver(self, home: Path) -> Path:
        """The file, made where its channel looks for it."""
        path = home / self.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if callable(self.content):
            self.content(path)
        elif isinstance(self.content, bytes):
            path.write_bytes(self.content)
        else:
            path.write_bytes(self.text.encode())
        return path

    @property
    def text(self) -> str:
        """The content with receipts of its own."""
        assert isinstance(self.content, str)
        return self.content.replace("R#", f"{Path(self.file).name}-")


def rows(count: int = 2, first: int = 1, receipt: str = "R#") -> str:
    """Good sales of the shop, without their header."""
    numbers = range(first, first + count)
    return "".join(f"{receipt}{n};{DAY};kopi;{15000 + n}\n" for n in numbers)


def sales(count: int = 2, receipt: str = "R#") -> str:
    """Good sales of the shop."""
    return HEADER + rows(count, receipt=receipt)
