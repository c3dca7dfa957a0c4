"""Faults in whole files and lines: what cannot be read, what does not fit, what came before."""

from __future__ import annotations

import gzip
from datetime import date

from tests.faults.model import Fault
from tests.faults.rows import DELIMITERS, GOOD, Cells


def csv_of(channel: str, rows: list[Cells]) -> str:
    """Rows of a channel as its files are written."""
    sign = DELIMITERS.get(channel, ";")
    return "".join(sign.join(line) + "\n" for line in (list(rows[0]), *(list(row.values()) for row in rows)))


def good_rows(channel: str, day: date, count: int, first: int = 1) -> list[Cells]:
    return [GOOD[channel](day, n) for n in range(first, first + count)]


VISITORS = "No Undian;Tanggal;Nama;No HP;Email;Kota\nU1;09/10/2026;Budi Santoso;081234567890;;Kota Depok\n"
ORDER = (
    '{"order_no":"WEB-%d","created_at":"2026-10-09T10:00:00+07:00","status":"paid","payment":"qris",'
    '"returns_order":null,"customer":{"id":"","name":"","email":"","phone":"","address":"","city":"",'
    '"postcode":""},"items":[{"line":1,"sku":"10001","name":"Kopi","category":"Minuman","qty":1,'
    '"price":15500,"discount":0,"total":15500}]}\n'
)
PAGE = "<html><head><title>502 Bad Gateway</title></head><body>try again later</body></html>\n"


def landing_files(day: date) -> dict[str, bytes]:
    """The files below `landing/` that carry the faults, each beside good lines."""
    calls = good_rows("service_calls", day, 3, first=101)
    call_lines = csv_of("service_calls", calls).splitlines(True)
    spoilt = [call_lines[1].replace(";CS-01", ""), call_lines[2].replace("CS-01", "CS-01;more;and more")]
    quoted = call_lines[3].replace(";Dewi Lestari;", ';"Dewi Lestari;')
    orders = [ORDER % 1, ORDER[:60] % 2 + "\n", ORDER % 3, '["an array"]\n']
    plain = good_rows("pos", day, 40, first=101)
    texts = {
        f"prize_draw/{day}-renamed.csv": VISITORS.replace("Nama;", "Nama Lengkap;"),
        f"prize_draw/{day}-commas.csv": VISITORS.replace(";", ","),
        f"prize_draw/{day}-doubled.csv": VISITORS.replace("Email;", "Nama;"),
        f"prize_draw/{day}-page.csv": PAGE,
        f"prize_draw/{day}-empty.csv": "",
        f"prize_draw/{day}-header.csv": VISITORS.splitlines(True)[0],
        f"service_calls/{day}-lines.csv": "".join([call_lines[0], *spoilt, call_lines[3], quoted]),
        f"service_calls/{day}-nul.csv": call_lines[0] + call_lines[1].replace("Dewi", "Dew\0i"),
        f"web_shop/{day}.jsonl": "".join(orders),
        f"pos/{day}-plain.csv": csv_of("pos", plain),
        f"pos/{day}-plain-copy.csv": csv_of("pos", plain),
        f"pos/{day}-overlap.csv": csv_of("pos", plain[25:] + good_rows("pos", day, 5, first=201)),
    }
    packed = gzip.compress(b"No Form;Tanggal\n" + b"B1;09/10/2026\n" * 999)
    binary = {
        f"booth/{day}-broken.xlsx": b"PK\x03\x04 no spreadsheet at all",
        f"booth/{day}-cut.csv.gz": packed[: len(packed) // 2],
    }
    return {name: text.encode() for name, text in texts.items()} | binary


def whole(name: str, where: str, rule: str, *contracts: str) -> Fault:
    return Fault(name, where, tuple(f"{contract} {rule} " for contract in contracts))


FILE_FAULTS = (
    whole("a spreadsheet that is none", "booth/*-broken.xlsx", "unreadable_file", "contacts.1", "interactions.1"),
    whole("a compressed file cut short", "booth/*-cut.csv.gz", "unreadable_file", "contacts.1", "interactions.1"),
    whole("a renamed column", "prize_draw/*-renamed.csv", "mapping_does_not_fit", "contacts.1"),
    whole("another delimiter", "prize_draw/*-commas.csv", "mapping_does_not_fit", "contacts.1"),
    whole("a column named twice", "prize_draw/*-doubled.csv", "unreadable_file", "contacts.1"),
    whole("an error page saved as a file", "prize_draw/*-page.csv", "unreadable_file", "contacts.1"),
    whole("an empty file", "prize_draw/*-empty.csv", "unreadable_file", "contacts.1"),
    Fault("a header without rows", "prize_draw/*-header.csv", (), "blank", rows=0),
    Fault(
        "lines with too few and too many values", "service_calls/*-lines.csv",
        ("contacts.1 csv_columns ", "interactions.1 csv_columns "), rows=2,
    ),
    Fault(
        "a quote that is never closed", "service_calls/*-lines.csv",
        ("contacts.1 csv_quotes ", "interactions.1 csv_quotes "),
    ),
    Fault(
        "a NUL character", "service_calls/*-nul.csv",
        ("contacts.1 nul_character ", "interactions.1 nul_character "),
    ),
    Fault("a record cut in the middle", "web_shop/*.jsonl", ("contacts.1 json_syntax ", "order_lines.1 json_syntax ")),
    Fault("a record that is no object", "web_shop/*.jsonl", ("contacts.1 json_object ", "order_lines.1 json_object ")),
    Fault("the same file under another name", "pos/*-plain-copy.csv", (), "blank", rows=0),
    Fault("an export that overlaps another", "pos/*-overlap.csv", (), "blank", rows=15),
)  # fmt: skip
