"""Lines and quotes as programs, people and broken transfers write them."""

from __future__ import annotations

from tests.landing.case import HEADER, Case, rows, sales

COLUMNS = "the row has"
QUOTES = "a quote is opened and never closed, or stands inside a quoted value"

LINES = (
    Case("mixed line ends: LF, CR LF and CR", "newlines.csv", HEADER + "R#1;2024-03-04;a;1\r\nR#2;2024-03-04;b;2\rR#3;2024-03-04;c;3\n", accepted=3),
    Case("CR alone, old Macintosh", "cr.csv", sales().replace("\n", "\r"), accepted=2),
    Case("last line without a line end", "bare.csv", sales().rstrip("\n"), accepted=2),
    Case("newlines in a quoted field", "inside.csv", sales().replace("kopi", '"kopi\nsusu\r\ngula"'), accepted=2),
    Case("delimiters and doubled quotes in a quoted field", "quoted.csv", sales().replace("kopi", '"kopi; ""enak"""'), accepted=2),
    Case("a quote for inches in the middle of a field", "inch.csv", sales().replace("kopi", 'paku 5"'), accepted=2),
    Case("a quote that is never closed", "open.csv", sales(3).replace("kopi", '"kopi', 1), accepted=2, quarantined=1, message=QUOTES),
    Case("a quote opened in the last line", "openlast.csv", sales() + 'R#9;2024-03-04;"kopi;1\n', accepted=2, quarantined=1, message=QUOTES),
    Case(
        r"quotes escaped as \" by a database", "backslash.csv", sales(1) + 'R#9;2024-03-04;"kopi \\"x\\" y";1\n',
        accepted=1, quarantined=1, message=QUOTES,
    ),
    Case("single quotes, which mean nothing in CSV", "single.csv", sales().replace("kopi", "'kopi'"), accepted=2),
    Case("a half-written file: the last line is cut", "half.csv", sales(3)[:-15], accepted=2, quarantined=1, message=COLUMNS),
    Case("rows that are too short and too long", "ragged.csv", sales() + "R#3;2024-03-04\nR#4;2024-03-04;kopi;1;2;3\n", accepted=2, quarantined=2, message=COLUMNS),
    Case("a delimiter at the end of every row but the header", "trailing.csv", sales().replace("1500", "15").replace("\n", ";\n").replace("amount;", "amount"), quarantined=2, message="the row has 5 values, the header has 4"),
    Case("a delimiter at the end of every line", "trailing2.csv", sales().replace("\n", ";\n"), accepted=2),
    Case("blank lines, lines of blanks and of delimiters", "blank.csv", "\n" + HEADER + "\n" + rows(1) + "   \n;;;\n\n" + rows(1, 2) + "\n\n", accepted=2),
    Case("line ends and nothing else", "lineends.csv", "\r\n\r\n\n", message="the file is empty", whole=True),
    Case("an empty file", "empty.csv", b"", message="the file is empty", whole=True),
    Case("tabs between values", "tabs.txt", sales().replace(";", "\t"), accepted=2),
    Case("bars between values", "bars.txt", sales().replace(";", "|"), accepted=2),
    Case("commas between values, and in one of them", "commas.csv", sales().replace(";", ",").replace("kopi", '"kopi, susu"'), accepted=2),
    Case("Excel's own line `sep=;` first", "sep.csv", "sep=;\n" + sales(), accepted=2),
    Case("another delimiter than the contract says", "other.csv", sales().replace(";", ","), channel="comma", message="its first line is one column; it looks delimited by commas", stage="rules", quarantined=2, whole=True),
    Case("a decimal comma in a file of commas", "decimal.csv", sales().replace(";", ",").replace("15001", "15,01"), accepted=1, quarantined=1, message="the row has 5 values, the header has 4"),
    Case("unusual line separators of Unicode inside a field", "separators.csv", sales().replace("kopi", "ko\u2028pi\x0b\x0c\x85"), accepted=2),
    Case("a field of a million characters", "long.csv", sales().replace("kopi", "k" * 1_000_000, 1), accepted=2),
    Case("a line of 17 MB", "longline.csv", sales() + "x" * (17 << 20) + "\n" + rows(1, 3), accepted=3, quarantined=1, message="the line is longer than 16 MB"),
    Case("a total below the rows", "total.csv", sales() + "TOTAL;;;30003\n", accepted=2, quarantined=1, message="ordered_at is empty", stage="rules"),
)  # fmt: skip
