"""Headers that are missing, moved, doubled or renamed."""

from __future__ import annotations

from tests.landing.case import HEADER, Case, rows, sales

NO_COLUMN = "order_lines.order_id: there is no column `receipt`"
TITLES = "Laporan Penjualan\nToko Kecil\nMaret 2024\n"

HEADERS = (
    Case("columns in another order", "reordered.csv", "amount;item;receipt;day\n1;kopi;R#1;2024-03-04\n", accepted=1),
    Case("more columns than the contract reads", "extra.csv", HEADER.replace("\n", ";kasir\n") + rows(1).replace("\n", ";Ani\n"), accepted=1),
    Case("blanks, capitals and quotes around the names", "spaced.csv", sales().replace(HEADER, '" RECEIPT ";Day ; item;"AMOUNT"\n'), accepted=2),
    Case("hard blanks around the names, copied from a web page", "nbsp.csv", sales().replace("receipt;", "\u00a0receipt\u00a0;"), accepted=2),
    Case("schema drift: a column is renamed", "renamed.csv", sales().replace("receipt", "nomor"), message=NO_COLUMN, stage="rules", quarantined=2, whole=True),
    Case("schema drift: a column is gone", "gone.csv", "receipt;day;item\nR#1;2024-03-04;kopi\n", message="order_lines.amount: there is no column `amount`", stage="rules", quarantined=1, whole=True),
    Case("a column twice", "twice.csv", sales().replace("item;", "receipt;"), message="the header names columns alike: 1 and 3", whole=True),
    Case("no header, though the contract expects one", "none.csv", rows(3), message="none of its columns (4) is one that this channel maps", stage="rules", quarantined=2, whole=True),
    Case("no header, as the contract says", "none2.csv", rows(3), channel="nameless", accepted=3),
    Case("a header, though the contract says there is none", "some.csv", sales(), channel="nameless", accepted=2, quarantined=1, message="ordered_at cannot be read", stage="rules"),
    Case("header only", "header.csv", HEADER),
    Case("three title rows above the header, as the contract says", "titles.csv", TITLES + sales(), channel="titles", accepted=2),
    Case("a title of a name above a table of one column", "printed.csv", "Dicetak oleh Budi\nkopi\n", message="none of its columns (1) is one that this channel maps", stage="rules", quarantined=1, whole=True),
    Case("three title rows that the contract does not know of", "titles2.csv", TITLES + sales(), message="none of its columns (1) is one that this channel maps", stage="rules", quarantined=5, whole=True),
    Case("the header again in the middle, after each printed page", "pages.csv", sales() + HEADER + rows(1, 3), accepted=3, quarantined=1, message="ordered_at cannot be read", stage="rules"),
    Case("names without text", "nameless.csv", sales().replace("item", "").replace(HEADER.split(";")[2], ""), message="order_lines.product_id: there is no column `item`", stage="rules", quarantined=2, whole=True),
    Case("a header that opens a quote and never closes it", "quote.csv", sales().replace("day", '"day'), message="a quote in the header is not closed", whole=True),
    Case("a name that Satu keeps for itself", "reserved.csv", sales().replace("item", "_line"), message="the column name `_line` is kept for Satu's own use", whole=True),
    Case("200 columns", "wide.csv", ";".join(["receipt;day;item;amount", *(f"x{n}"  for n in range(196))]) + "\n" + rows(1).rstrip("\n") + ";" * 196 + "\n", accepted=1),
    Case("5,000 columns", "wider.csv", ";".join(["receipt;day;item;amount", *(f"x{n}" for n in range(4996))]) + "\n" + rows(1), message="the file has 5,000 columns, more than 1,000", whole=True),
    Case("NUL bytes in the header", "nulheader.csv", sales().replace("item", "it\0em"), message="the header holds NUL characters", whole=True),
    Case("a header of 2 MB", "longheader.csv", "x" * (2 << 20) + ";" + sales(), message="the header is longer than 1 MB", whole=True),
)  # fmt: skip
