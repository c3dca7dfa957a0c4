"""Every example of docs/normalisation.md is run, so that the page says what happens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from transforms.customers.cities import PLACE, nik_regions, place_codes
from transforms.functions import (
    FUNCTIONS,
    addresses,
    agreement,
    codes,
    emails,
    names,
    national_ids,
    phones,
)

PAGE = Path(__file__).parents[3] / "docs" / "normalisation.md"
DATES = {"d", "known_on", "birth_date", "as_of"}
# Steps of other functions, not meant to be called by themselves.
INNER = {"names_agree_word_by_word"}
FAMILIES = (names, agreement, phones, emails, national_ids, addresses, codes)


@dataclass(frozen=True)
class Example:
    """One row of a table of the page, as text; None stands for NULL."""

    section: str
    columns: tuple[str, ...]
    cells: tuple[str | None, ...]


def examples() -> Iterator[Example]:
    section, columns = "", ()
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            section, columns = line.lstrip("# "), ()
        elif line.startswith("|") and not columns:
            columns = tuple(line.strip("| ").split(" | "))
        elif line.startswith("| "):
            yield Example(section, columns, tuple(_cell(cell) for cell in line[2:-2].split(" | ")))


def _cell(cell: str) -> str | None:
    if cell == "NULL":
        return None
    return "\n".join(re.findall("`([^`]*)`", cell)) if "`" in cell else cell


def shown(value: Any) -> str | None:
    """A value as the page writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "\n".join(value) or "none"
    return None if value is None else str(value)


EXAMPLES = list(examples())
CALLS = [example for example in EXAMPLES if example.columns[-1] == "gives"]


@pytest.mark.parametrize("example", CALLS, ids=lambda e: f"{e.section.split('(')[0]} {e.cells[0]}")
def test_a_function_gives_what_the_page_says(con: duckdb.DuckDBPyConnection, example: Example) -> None:
    signature = re.fullmatch(r"`(\w+)\((.*)\)`", example.section)
    assert signature is not None, example.section
    function = FUNCTIONS[signature[1]]
    assert function.args == tuple(signature[2].split(", ")) == example.columns[:-1]
    values = [
        date.fromisoformat(text) if name in DATES and text is not None else text
        for name, text in zip(function.args, example.cells, strict=False)
    ]
    kinds = ("DATE" if name in DATES else "VARCHAR" for name in function.args)
    arguments = ", ".join(f"CAST(? AS {kind})" for kind in kinds)
    row = con.execute(f"SELECT {function.name}({arguments})", values).fetchone()
    assert row is not None and shown(row[0]) == example.cells[-1]


def test_tables_to_join_hold_what_the_page_says(nicknames: list[tuple[str, str]]) -> None:
    tables = [example for example in EXAMPLES if example.columns[-1] != "gives"]
    words = [e.cells for e in tables if e.columns == ("word", "canonical")]
    assert words and set(words) <= set(nicknames)

    regions = [e.cells for e in tables if e.columns[0] == "nik_region"]
    made = nik_regions(code or "" for code, *_ in regions).to_pylist()
    assert sorted(map(str, regions)) == sorted(str(tuple(row.values())) for row in made)

    places = [e.cells for e in tables if e.columns[:4] == PLACE]
    cells = zip(*(cells[:4] for cells in places), strict=True)
    asked = pa.table({name: pa.array(column, pa.string()) for name, column in zip(PLACE, cells, strict=True)})
    assert sorted(map(str, places)) == sorted(
        str(tuple(row.values())) for row in place_codes(asked).to_pylist()
    )
    assert len(words) + len(regions) + len(places) == len(tables)


def test_every_function_for_values_of_people_is_on_the_page() -> None:
    documented = {example.section.strip("`").split("(")[0] for example in CALLS}
    missing = {f.name for family in FAMILIES for f in family.FUNCTIONS} - documented - INNER
    assert not missing, f"docs/normalisation.md has no examples of {', '.join(sorted(missing))}"
