"""Workbooks of every age, and what calls itself one."""

from __future__ import annotations

import datetime as dt
import struct
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import openpyxl
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from tests.landing.case import DAY, HEADER, Case, sales
from tests.landing.makers import biff_sheet, compound_file

COLUMNS = HEADER.strip().split(";")
DATE = dt.date.fromisoformat(DAY)


def book(
    fill: Callable[[Worksheet, str], None], sheets: Iterable[str] = ("Data",), **settings: object
) -> Callable[[Path], None]:
    """A workbook whose last sheet is filled by a function of the sheet and the file's own receipts."""

    def write(path: Path) -> None:
        made = openpyxl.Workbook()
        made.remove(made.active)
        for name in sheets:
            sheet = made.create_sheet(name)
        for name, value in settings.items():
            setattr(made, name, value)
        fill(sheet, f"{path.name}-")
        made.save(path)

    return write


def two_sales(sheet: Worksheet, receipt: str) -> None:
    for row in (COLUMNS, [f"{receipt}1", DATE, "kopi", 15001], [f"{receipt}2", DATE, "kopi", 15002.5]):
        sheet.append(row)


def with_titles(sheet: Worksheet, receipt: str) -> None:
    for title in ("Laporan Penjualan", "Toko Kecil", "Maret 2024"):
        sheet.append([title])
    sheet.merge_cells("A1:D1")
    two_sales(sheet, receipt)


def merged(sheet: Worksheet, receipt: str) -> None:
    two_sales(sheet, receipt)
    sheet.append([f"{receipt}3", DATE, "teh", 1])
    sheet.append([None, None, "susu", 2])
    sheet.merge_cells("A4:A5")
    sheet.merge_cells("B4:B5")


def formulas(sheet: Worksheet, receipt: str) -> None:
    sheet.append(COLUMNS)
    sheet.append([f"{receipt}1", DATE, "kopi", "=7500*2"])


def division(sheet: Worksheet, receipt: str) -> None:
    sheet.append(COLUMNS)
    sheet.append([f"{receipt}1", DATE, "kopi", "#DIV/0!"])
    sheet["D2"].data_type = "e"


def not_found(sheet: Worksheet, receipt: str) -> None:
    sheet.append(COLUMNS)
    sheet.append([f"{receipt}1", "#N/A", "kopi", 1])
    sheet["B2"].data_type = "e"


def serials(sheet: Worksheet, receipt: str) -> None:
    sheet.append(COLUMNS)
    sheet.append([f"{receipt}1", 45355, "kopi", 15000])


def texts(sheet: Worksheet, receipt: str) -> None:
    sheet.append(COLUMNS)
    sheet.append([f"{receipt}1", "04/03/2024", "kopi", "Rp 15.000,00"])


def hidden(sheet: Worksheet, receipt: str) -> None:
    two_sales(sheet, receipt)
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["D"].hidden = True


def formatted(sheet: Worksheet, receipt: str) -> None:
    two_sales(sheet, receipt)
    for cell in ("XFD1048576", "Z900000"):
        sheet[cell].font = Font(bold=True)


def far(sheet: Worksheet, receipt: str) -> None:
    two_sales(sheet, receipt)
    sheet["XFD1048576"] = "x"


def nothing(sheet: Worksheet, receipt: str) -> None:
    del sheet, receipt


def rezipped(make: Callable[[Path], None], change: Callable[[str, bytes], bytes]) -> Callable[[Path], None]:
    """A workbook whose parts are changed."""

    def write(path: Path) -> None:
        make(path)
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, change(name, content))

    return write


def laughing(name: str, content: bytes) -> bytes:
    """A sheet whose text is an entity of entities of entities."""
    if not name.startswith("xl/worksheets/"):
        return content
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "kopi">'
        + entities.encode()
        + b"]>"
        + content.replace(b"<sheetData>", b"<sheetData>&e9;")
    )


def bomb(name: str, content: bytes) -> bytes:
    """A sheet that unpacks to a thousand times its size."""
    return (
        content.replace(b"<sheetData>", b"<sheetData>" + b" " * (100 << 20))
        if name.startswith("xl/worksheets/")
        else content
    )


def first_bytes(make: Callable[[Path], None], share: float) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        make(path)
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])

    return write


def packed_csv(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("sales.csv", sales())


def old_binary(path: Path) -> None:
    days = struct.unpack("<d", struct.pack("<d", 45355))[0]
    cells = [COLUMNS, [f"{path.name}-1", days, "kopi", 15001.0], [f"{path.name}-2", days, "kopi", 15002.5]]
    path.write_bytes(compound_file({"Workbook": biff_sheet(cells)}))


TR = "".join(f"<td>{name}</td>" for name in COLUMNS)
LOGIN = (
    "<html><body><table><tr><td>User<td><input></tr><tr><td>Password<td><input></tr></table></body></html>"
)


def page(before: str = "", after: str = "", day: str = DAY, amount: str = "15001") -> str:
    """An HTML page whose table holds two sales."""
    lines = "".join(f"<tr><td>R#{n}</td><td>{day}</td><td>kopi</td><td>{amount}</td></tr>\n" for n in (1, 2))
    return f"<html><body>{before}<table border=1><tr>{TR}</tr>\n{lines}</table>{after}</body></html>"


def encoded(text: str, encoding: str) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(text.replace("R#", f"{path.name}-").encode(encoding)) and None


OFFICE = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">\n'
    "<head><meta charset=utf-8><style>td {mso-number-format:general}</style><!--[if gte mso 9]><xml><x:Name>Data"
    "</x:Name></xml><![endif]--></head>"
)
OPEN_TAGS = f"<TABLE><TR>{TR.replace('</td>', '')}<TR><TD>R#1<TD>{DAY}<TD>kopi<TD>15001<TR><TD>R#2<TD>{DAY}<TD>kopi &amp; susu<TD>1"
SPANS = (
    f"<table><tr>{TR}</tr><tr><td>R#1</td><td>{DAY}</td><td rowspan=2>kopi</td><td>15001</td></tr>"
    f"<tr><td>R#2</td><td>{DAY}</td><td>15002</td></tr><tr><td colspan=4 align=center></td></tr>"
    "<tr><td colspan='3'>Jumlah<td>30003</tr></table>"
)
NESTED = f"<table><tr><td>Menu</td><td>{page().replace('kopi', '<table><tr><td>stok</td></tr></table>kopi')}</td></tr></table>"
WIDE = f"<table><tr>{TR}{'<td></td>' * 2000}<td>x</td></tr></table>"


def excel_2003(cells: str, before: str = "") -> str:
    """A workbook in XML with one sheet: the header, then the rows given."""
    header = "".join(f'<Cell><Data ss:Type="String">{name}</Data></Cell>' for name in COLUMNS)
    return (
        f'<?xml version="1.0"?>\n{before}<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        '<Styles><Style ss:ID="s1"/></Styles><Worksheet ss:Name="Juni"><Table>'
        f'<Row ss:Index="3">{header}</Row>{cells}</Table></Worksheet></Workbook>'
    )


def xml_row(number: int, item: str = "kopi") -> str:
    return (
        f'<Row><Cell ss:StyleID="s1"><Data ss:Type="String">R#{number}</Data></Cell>'
        f'<Cell><Data ss:Type="DateTime">{DAY}T00:00:00.000</Data></Cell><Cell><Data ss:Type="String">{item}</Data></Cell>'
        '<Cell ss:Index="4"><Data ss:Type="Number">15001.5</Data></Cell></Row>'
    )


ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "kopi">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>\n"
)
DAMAGED = "the workbook is damaged or not a workbook"

SPREADSHEETS = (
    Case("a workbook with dates, whole and broken numbers", "plain.xlsx", book(two_sales), accepted=2),
    Case("several sheets, the first empty", "first.xlsx", book(two_sales, ("Sampul", "Juni")), whole=True, message="the sheet is empty"),
    Case("several sheets, the contract names one", "sheets.xlsx", book(two_sales, ("Sampul", "Juni")), channel="june", accepted=2),
    Case("the sheet that the contract names is not there", "july.xlsx", book(two_sales, ("Sampul", "Juli")), channel="june", whole=True, message="there is no sheet `Juni`"),
    Case("three merged title rows above the header", "titles.xlsx", book(with_titles), channel="titles", accepted=2),
    Case("merged cells: only the first of them has the value", "merged.xlsx", book(merged), accepted=3, quarantined=1, message="order_id is empty", stage="rules"),
    Case("formulas that no spreadsheet has computed yet", "formulas.xlsx", book(formulas), quarantined=1, message="An order line needs an amount", stage="rules"),
    Case("#DIV/0! where the amount should be", "div0.xlsx", book(division), quarantined=1, message="An order line needs an amount", stage="rules"),
    Case("#N/A where the day should be", "na.xlsx", book(not_found), quarantined=1, message="ordered_at is empty", stage="rules"),
    Case("dates as bare numbers", "serials.xlsx", book(serials), accepted=1, note="read as 4 March 2024"),
    Case("dates and rupiah as text", "texts.xlsx", book(texts), channel="rupiah", accepted=1),
    Case("hidden rows and columns", "hidden.xlsx", book(hidden), accepted=2, note="read like any other"),
    Case("formats without values in the sheet's last corner", "formatted.xlsx", book(formatted), accepted=2),
    Case("a value in the sheet's last corner: 17 billion cells", "far.xlsx", book(far), whole=True, message="a sheet reaches to row 1,048,576 and column 16,384"),
    Case("a workbook of macros", "macros.xlsm", book(two_sales), accepted=2, note="macros are never run"),
    Case("an empty sheet", "empty.xlsx", book(nothing), whole=True, message="the sheet is empty"),
    Case("entities that grow to gigabytes (billion laughs)", "laughs.xlsx", rezipped(book(two_sales), laughing), accepted=2, note="entities are not expanded"),
    Case("a zip bomb", "bomb.xlsx", rezipped(book(two_sales), bomb), whole=True, message="the workbook unpacks to more than 200 times its size"),
    Case("a workbook cut in half", "half.xlsx", first_bytes(book(two_sales), 0.5), whole=True, message=DAMAGED),
    Case("a workbook named .csv", "book.csv", book(two_sales), accepted=2, note="the content decides"),
    Case("CSV named .xlsx", "text.xlsx", sales(), accepted=2, note="the content decides"),
    Case("protected by a password", "locked.xlsx", compound_file({"EncryptedPackage": bytes(5000), "EncryptionInfo": bytes(5000)}), whole=True, message="the workbook is protected by a password"),
    Case("old binary XLS", "old.xls", old_binary, accepted=2),
    Case("an old compound file that is no workbook, such as a letter", "letter.xls", compound_file({"WordDocument": bytes(5000)}), whole=True, message=DAMAGED),
    Case("an HTML table named .xls, as web shops and banks export", "table.xls", page(), accepted=2),
    Case("an HTML table of Excel's own, with styles and comments", "office.xls", page().replace("<html>", OFFICE), accepted=2),
    Case("an HTML table without a page around it, tags left open", "open.xls", OPEN_TAGS, accepted=2),
    Case("an HTML table in UTF-16", "wide.xls", encoded(page(), "utf-16"), accepted=2),
    Case("an HTML table in GBK, as it says itself", "gbk.xls", encoded(page("<meta charset=gbk>").replace("kopi", "\u5496\u5561"), "gbk"), accepted=2),
    Case("an HTML table with rupiah, hard blanks and line breaks in its cells", "rupiah.xls", page(day="04/03/2024&nbsp;", amount="Rp&nbsp;15.000,00<br>"), channel="rupiah", accepted=2),
    Case("an HTML page of several tables: the one with the most rows", "tables.xls", page("<table><tr><td>Laporan<tr><td>Juni</table>", "<table><tr><td>Dicetak</table>"), accepted=2),
    Case("an HTML table within one that lays out the page", "nested.xls", NESTED, accepted=2),
    Case("HTML cells that span rows and columns: only the first has the value", "spans.xls", SPANS, accepted=2, quarantined=1, message="ordered_at is empty", stage="rules"),
    Case("an HTML row of 2,000 columns", "columns.xls", WIDE, whole=True, message="a row has more than 1,000 columns"),
    Case("an HTML page named .xls without any table", "page.xls", "<html><body>Maaf</body></html>", whole=True, message="the file is an HTML page"),
    Case("a workbook of no bytes, as a cloud drive leaves it", "cloud.xlsx", b"", channel="june", whole=True, message="the workbook is empty"),
    Case("an HTML page named .xls: the login instead of the export", "login.xls", LOGIN, whole=True, message="none of its columns (1) is one that this channel maps", stage="rules", quarantined=1),
    Case("an HTML page named .csv: the login page instead of the export", "login.csv", "\n<!DOCTYPE html>" + page(), whole=True, message="the file is an HTML page"),
    Case("Excel 2003 XML named .xls", "xml.xls", excel_2003(xml_row(1) + xml_row(2)), accepted=2),
    Case("Excel 2003 XML, the contract names its sheet", "juni.xml", excel_2003(xml_row(1) + xml_row(2)), channel="june", accepted=2),
    Case("Excel 2003 XML without a sheet", "sheetless.xls", excel_2003("").partition("<Worksheet")[0] + "</Workbook>", whole=True, message="there is no sheet `1`, the workbook has 0"),
    Case("Excel 2003 XML cut off", "cut.xls", excel_2003(xml_row(1) + xml_row(2))[:-200], whole=True, message="the sheet is damaged"),
    Case("Excel 2003 XML with entities that grow to gigabytes", "laughs.xls", excel_2003(xml_row(1, "&i;"), ENTITIES), whole=True, message="the sheet is damaged"),
    Case("other XML named .xls", "other.xls", '<?xml version="1.0"?><orders><order/></orders>', whole=True, message="the file is XML"),
    Case("CSV packed as zip", "packed.zip", packed_csv, whole=True, message="the file is a zip archive"),
)  # fmt: skip
