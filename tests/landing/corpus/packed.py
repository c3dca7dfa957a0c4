"""Packed files and files that are no tables at all."""

from __future__ import annotations

import bz2
import gzip
import lzma

from tests.landing.case import DAY, HEADER, Case, rows, sales


def packed(name: str, count: int = 2) -> bytes:
    return gzip.compress(sales(count, receipt=f"{name}-").encode(), mtime=0)


def bomb() -> bytes:
    """Lines that unpack to 128 MB from a few kilobytes."""
    return gzip.compress(HEADER.encode()) + gzip.compress(b"x;2024-03-04;kopi;1\n" * 50_000) * 128


NOISE = bytes(range(256)) * 20
GOOGLE = f"id,day,nama,telepon,email,Group Membership,Phone 1 - Type\nR#1,{DAY},A B,0812-3456-7890 ::: +62 811 1234 567,,* myContacts ::: * starred,Mobile\n"

PACKED = (
    Case("gzip", "packed.csv.gz", packed("packed"), accepted=2),
    Case("gzip without saying so in its name", "packed.csv", packed("unsaid"), accepted=2),
    Case("gzip in several parts", "parts.csv.gz", packed("parts") + gzip.compress(rows(1, 3, "parts-").encode()), accepted=3),
    Case("gzip cut off", "cut.csv.gz", gzip.compress(NOISE * 9)[:-20], whole=True, message="the gzip file is cut off or damaged"),
    Case("gzip with a wrong checksum", "sum.csv.gz", packed("sum")[:-8] + bytes(8), whole=True, message="the gzip file is cut off or damaged"),
    Case("gzip followed by something else", "tail.csv.gz", packed("tail") + b"garbage", whole=True, message="the gzip file is cut off or damaged"),
    Case("gzip in gzip", "twice.csv.gz", gzip.compress(packed("twice")), whole=True, message="the file is packed twice"),
    Case("a gzip bomb", "bomb.csv.gz", bomb(), whole=True, message="the gzip file unpacks to more than 200 times its size"),
    Case("bzip2", "packed.csv.bz2", bz2.compress(sales().encode()), whole=True, message="the file is packed with bzip2"),
    Case("xz", "packed.csv.xz", lzma.compress(sales().encode()), whole=True, message="the file is packed with xz"),
    Case("a RAR archive", "packed.rar", b"Rar!\x1a\x07\x01\x00" + bytes(99), whole=True, message="the file is a RAR archive"),
    Case("a PDF document", "report.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(99), whole=True, message="the file is a PDF document"),
    Case("a picture named .csv", "photo.csv", b"\x89PNG\r\n\x1a\n" + bytes(99), whole=True, message="the file is a picture"),
    Case("a SQLite database", "shop.db", b"SQLite format 3\0" + bytes(99), whole=True, message="the file is a SQLite database"),
    Case("a program named .csv", "setup.csv", b"MZ\x90\0" + NOISE, whole=True, message="the file is a program", note="nothing is ever run"),
    Case("Google Contacts with several phones in a cell", "google.csv", GOOGLE, channel="people", accepted=1),
    Case("bytes of any kind", "noise.csv", NOISE, whole=True, message="the header holds NUL characters"),
)  # fmt: skip
