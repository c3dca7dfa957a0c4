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


HTML = "<html><body><table><tr><td>receipt</td><td>day</td></tr></table></body></html>"
SHEET_XML = '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
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
    Case("an HTML page named .xls, as web programs export", "html.xls", HTML, whole=True, message="the file is an HTML page"),
    Case("an HTML page named .csv: the login page instead of the export", "login.csv", "\n<!DOCTYPE html>" + HTML, whole=True, message="the file is an HTML page"),
    Case("Excel 2003 XML named .xls", "xml.xls", SHEET_XML, whole=True, message="the file is XML"),
    Case("CSV packed as zip", "packed.zip", packed_csv, whole=True, message="the file is a zip archive"),
)  # fmt: skip
