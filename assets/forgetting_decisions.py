"""What stewards wrote down about a person who is erased: it goes, the lines about others stay as written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from assets.configuration import ERASED_COLUMNS, ERASED_FILE, PAIRS_FILE
from assets.contact_rules import BLACKLIST_FILE
from assets.context import Context
from assets.day import Day
from assets.decision_files import read_rows, write_rows
from assets.units import Unit
from data_quality.needles import TextSearch

Line = list[str]


def forget_in_decisions(context: Context, record_keys: Collection[str]) -> int:
    """Take every line out of the decisions on pairs that names one of the records; how many. For who holds
    the warehouse's lock."""
    rows = read_rows(context.workspace.decisions / PAIRS_FILE)
    named = [row for row in rows if {cell.strip() for cell in row} & set(record_keys)]
    return _take_out(context, PAIRS_FILE, named)


def forget_in_blacklist(context: Context, lines: Sequence[Line]) -> int:
    """Take these lines out of the blacklist; how many were there."""
    return _take_out(context, BLACKLIST_FILE, lines)


def blank_in_decisions(context: Context, texts: TextSearch) -> None:
    """Empty the cells of other people's lines, such as notes, that hold what is searched for."""
    for name in (PAIRS_FILE, BLACKLIST_FILE):
        path = context.workspace.decisions / name
        rows = read_rows(path)
        blanked = [["" if texts.found_in(cell) else cell for cell in row] for row in rows]
        if blanked != rows:
            write_rows(path, blanked)


def blacklist_lines_of(
    context: Context, units: list[Unit], as_of: date, record_keys: Collection[str], texts: TextSearch
) -> list[Line]:
    """The lines of the blacklist about nobody but these records; an entry that others share stays theirs."""
    rows = read_rows(context.workspace.decisions / BLACKLIST_FILE)
    if not rows:
        return []
    with Day(context, as_of, units, stored=frozenset({"customer_links"})) as day:
        found = day.fetch("blacklisted_records", "entry_no, record_key").to_pylist()
    own, others = set[int](), set[int]()
    for entry in found:
        (own if entry["record_key"] in record_keys else others).add(entry["entry_no"])
    value = rows[0].index("value")
    return [
        row
        for number, row in enumerate(rows[1:], start=2)
        if number in own - others or (number not in others and texts.found_in(row[value]))
    ]


def note_erased(context: Context, customer_ids: Collection[int], on: date) -> None:
    """Keep the numbers that were erased on a day, for `customer_id_history`: a number names nobody."""
    path = context.workspace.decisions / ERASED_FILE
    rows = read_rows(path) or [list(ERASED_COLUMNS)]
    known = {row[0] for row in rows[1:]}
    added = [
        [str(number), on.isoformat()] for number in sorted(set(customer_ids)) if str(number) not in known
    ]
    if added:
        write_rows(path, [*rows, *added])


def _take_out(context: Context, name: str, lines: Sequence[Line]) -> int:
    path = context.workspace.decisions / name
    rows = read_rows(path)
    kept = [row for row in rows if row not in lines]
    if len(kept) < len(rows):
        write_rows(path, kept)
    return len(rows) - len(kept)
