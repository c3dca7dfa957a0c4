"""Spreadsheets stay within their limits, read back, and overflow into CSV."""

from __future__ import annotations

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from sample_retailer import SampleSummary, Settings, generate
from warehouse.xlsx_writer import sheet_row, write_xlsx


def _rows(path: Path) -> list[list[object]]:
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize(("per_file", "in_all"), [(40, 120), (1_000, 50)])
def test_spreadsheets_stay_within_their_limits(tmp_path: Path, per_file: int, in_all: int) -> None:
    settings = Settings(customers=300, xlsx_rows_per_file=per_file, xlsx_rows_in_all=in_all)
    summary = generate(tmp_path / "toko", settings=settings)
    folder = tmp_path / "toko" / "landing" / "marketplace"
    sheets = [len(_rows(p)) - 1 for p in folder.glob("*.xlsx")]
    broken = 3  # accidents come on top
    assert max(sheets) <= per_file + broken
    assert sum(sheets) <= in_all + broken
    in_csv = sum(len(p.read_text().splitlines()) - 1 for p in folder.glob("*.csv"))
    assert summary.rows["marketplace"] <= sum(sheets) + in_csv <= summary.rows["marketplace"] + broken


def test_buyers_of_the_marketplace_are_masked(small: tuple[Path, SampleSummary]) -> None:
    header, *rows = _rows(small[0] / "landing" / "marketplace" / "history-01.xlsx")
    names = [str(r[header.index("Nama Pembeli")]) for r in rows]
    assert all("**" in name for name in names if name)
    assert {str(r[header.index("No HP")])[:4] for r in rows} <= {"+62 ", ""}


def test_a_written_sheet_reads_back(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", ["A", "B"], [sheet_row(["x & <y>", ""]), sheet_row(["", "2"])])
    assert _rows(tmp_path / "a.xlsx") == [["A", "B"], ["x & <y>", ""], ["", "2"]]
