"""Text in other encodings than UTF-8, with marks and bytes that are no text."""

from __future__ import annotations

from tests.landing.case import HEADER, Case, rows, sales


def encoded(name: str, encoding: str, mark: bytes = b"", item: str = "kopi Curaçao") -> bytes:
    """Two sales, receipts named after the file, in an encoding."""
    text = sales(receipt=f"{name}-").replace("kopi", item)
    return mark + text.encode(encoding)


NO_COLUMN = "order_lines.order_id: there is no column `receipt`"

ENCODINGS = (
    Case("UTF-8 with a byte order mark", "bom.csv", encoded("bom", "utf-8-sig"), accepted=2),
    Case(
        "UTF-8 with two byte order marks, as when Excel saves such a file again", "bom2.csv",
        encoded("bom2", "utf-8-sig", b"\xef\xbb\xbf"), accepted=2,
    ),
    Case(
        "two exports joined, the second with its own mark and header", "joined.csv",
        (sales() + "\ufeff" + HEADER + rows(1, 3)).replace("R#", "joined-").encode("utf-8-sig"),
        accepted=3, quarantined=1, message="ordered_at cannot be read", stage="rules",
    ),
    Case("UTF-16, little end first, with a mark", "utf16le.csv", encoded("16le", "utf-16-le", b"\xff\xfe"), accepted=2),
    Case("UTF-16, big end first, with a mark", "utf16be.csv", encoded("16be", "utf-16-be", b"\xfe\xff"), accepted=2),
    Case("UTF-16 without a mark", "utf16bare.csv", encoded("16bare", "utf-16-le"), accepted=2),
    Case("UTF-32 with a mark", "utf32.csv", encoded("32", "utf-32"), accepted=2),
    Case(
        "UTF-16 cut off in the middle of a character", "utf16cut.csv", encoded("16cut", "utf-16-le", b"\xff\xfe")[:-1],
        message="the file is not written in utf-16-le", whole=True,
    ),
    Case("cp1252, what Excel writes as plain CSV", "cp1252.csv", encoded("1252", "cp1252"), accepted=2),
    Case(
        "UTF-8 with some cp1252 pasted in", "mixed.csv",
        encoded("mixed", "utf-8") + "mixed-3;2024-03-04;José;15000\n".encode("cp1252"), accepted=3,
    ),
    Case("GBK, from a supplier abroad", "gbk.csv", encoded("gbk", "gbk", item="咖啡"), accepted=2),
    Case(
        "another encoding than the contract says", "said.csv", sales() + "\n", channel="declared",
        message="the file is not written in utf-16-le", whole=True,
    ),
    Case("emoji and right-to-left text", "emoji.csv", sales().replace("kopi", "☕ קפה \u202eab"), accepted=2),
    Case("an invalid surrogate in UTF-8", "cesu.csv", encoded("cesu", "utf-8").replace(b"kopi", b"\xed\xa0\x80x"), accepted=2),
    Case(
        "a NUL character in a row", "nul.csv", sales().replace("kopi", "ko\0pi", 1),
        accepted=1, quarantined=1, message="the row holds a NUL character",
    ),
    Case(
        "a half-written file: the disk gave the rest as NUL bytes", "halfnul.csv", (sales() + rows(1, 3)[:-9]).replace("R#", "halfnul-").encode() + bytes(5000),
        accepted=2, quarantined=1, message="the row",
    ),
    Case(
        "nothing but NUL bytes", "onlynul.csv", bytes(5000), message="the file holds nothing but NUL bytes", whole=True,
    ),
    Case("the end mark of DOS after the last line", "ctrlz.csv", sales() + "\x1a", accepted=2),
)  # fmt: skip
