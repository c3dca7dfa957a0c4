"""Links, names and kinds of files that lead astray."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from tests.landing.case import Case, sales


def link(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def beside(name: str) -> Callable[[Path], None]:
    """A link to a delivery in the same folder that no pattern of a channel takes."""

    def write(path: Path) -> None:
        real = path.parent.parent / "store" / name
        real.parent.mkdir(exist_ok=True)
        real.write_text(sales(receipt="linked-"))
        path.symlink_to(real)

    return write


PLACES = (
    Case("a link out of the workspace", "out.csv", link("/etc/hostname"), stage="ledger", message="a link leads out of the workspace"),
    Case("a link to the workspace's own secret", "secret.csv", link("../../secret.key"), stage="ledger", message="a link leads out of its folder to what is no delivery"),
    Case("a link that leads nowhere", "nowhere.csv", link("absent.csv"), stage="ledger", message="the file cannot be read (no such file or directory)"),
    Case("a link to itself", "loop.csv", link("loop.csv"), stage="ledger", message="a link leads to itself"),
    Case("a link to another file in landing", "linked.csv", beside("real.csv"), accepted=2),
    Case("a pipe, which would keep the night waiting", "pipe.csv", lambda path: os.mkfifo(path), stage="ledger", message="not a regular file"),
    Case("a name with a line end", "two\nlines.csv", sales(), stage="ledger", message="the name holds control characters or is not UTF-8"),
    Case("a name that is not UTF-8", "caf\udce9.csv", sales(receipt="cafe-"), stage="ledger", message="the name holds control characters or is not UTF-8"),
    Case("a name of quotes, semicolons and dollars", "a'; DROP TABLE x; --$(id) `id`.csv", sales(receipt="quoted-"), accepted=2),
    Case("a name of stars and brackets", "sales [1] *?.csv", sales(receipt="stars-"), accepted=2),
    Case("a name as long as a file system takes", "x" * 250 + ".csv", sales(receipt="longname-"), accepted=2),
    Case("a hidden file, as programs write them before they are whole", ".sales.csv.Xa81", sales(), stage="ledger", message="a hidden file, or one still being written"),
    Case("a transfer that is not finished", "sales.csv.part", sales(), stage="ledger", message="a hidden file, or one still being written"),
    Case("the mark Excel leaves beside an open workbook", "~$sales.xlsx", b"\x05Ani" + bytes(161), stage="ledger", message="a hidden file, or one still being written"),
    Case("an ending that the channel does not read", "SALES.XYZ", sales(), channel="comma", stage="ledger", message="no channel reads it"),
    Case("an ending in capitals, where the channel reads small letters", "TILL.CSV", sales(), channel="comma", stage="ledger", message="no channel reads it; `source.path` tells capitals from small letters"),
    Case("no ending at all", "sales", sales(receipt="bare-"), accepted=2),
)  # fmt: skip
