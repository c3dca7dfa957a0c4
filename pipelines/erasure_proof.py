"""The proof of an erasure: what is looked for, and where, before and after.

Looked for are the keys of the persons' records and every identifier they state, as it was written and as it
is normalised, that nobody who stays states as well. What a family shares, and words too short to tell
somebody, are looked for two together as they stand in one row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assets.context import Context
from assets.dagster_database import search_database
from assets.erasure import Sought
from assets.person_values import StoredRows, keys_table
from data_quality.decoded import SqlTable
from data_quality.leaks import FILE_NAME, UNDECODED, Leak, missed, scan
from data_quality.needles import Needle, TextSearch
from data_quality.parquet import connect
from data_quality.table_search import TableSearch
from pipelines.subject import Subject
from transforms.records.identifying import alone_sql, together_sql

HOME_CODE = "+62"
TELLING_DIGITS = 8


@dataclass(frozen=True)
class Place:
    """Somewhere in a file of the workspace, `path` relative to it."""

    path: str
    place: str
    count: int


@dataclass(frozen=True)
class Proof:
    """What searching before and after showed. Of `undecoded` files only the raw bytes could be searched."""

    identifiers: int
    found_before: int
    places_before: int
    left: tuple[Place, ...]
    undecoded: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether everything that was looked for was found before, and nothing after."""
        return self.found_before == self.identifiers and not self.left


def sought_of(needles: Sequence[Needle], before: Sequence[Leak]) -> Sought:
    """What a search before an erasure found, in numbers."""
    stated = sum(needle.is_stated for needle in needles)
    places = sum(leak.place != UNDECODED for leak in before)
    return Sought(stated, stated - len(missed(needles, before)), places)


def proof_of(context: Context, sought: Sought, after: Sequence[Leak]) -> Proof:
    """What two searches for the same needles prove; a path that itself names somebody is not repeated."""
    home = context.workspace.home.resolve()
    naming = {leak.path for leak in after if leak.place == FILE_NAME}
    shown = {
        leak.path: str((leak.path.parent if leak.path in naming else leak.path).relative_to(home))
        for leak in after
    }
    return Proof(
        identifiers=sought.identifiers,
        found_before=sought.found,
        places_before=sought.places,
        left=tuple(Place(shown[x.path], x.place, x.count) for x in after if x.place != UNDECODED),
        undecoded=tuple(shown[leak.path] for leak in after if leak.place == UNDECODED),
    )


def person_needles(context: Context, subjects: Sequence[Subject]) -> list[Needle]:
    """What proves that the persons are in a file, in a fixed order. To be asked before anything is erased."""
    keys = sorted({key for subject in subjects for key in subject.record_keys})
    rows = StoredRows(context)
    with context.looking() as engine:
        rows.cells_of(engine, keys)
        alone: list[str] = engine.fetch(alone_sql()).column("value").to_pylist()
        found = engine.fetch(together_sql()).to_pydict()
    pairs = list(zip(found["value"], found["other_value"], strict=True))
    unshared = [n.values[0] for n in _not_shared(rows, keys, [Needle((value,)) for value in alone])]
    enough = set(unshared) - _spelling_shared(unshared, set(alone) - set(unshared))
    spelled = sorted({form for value in enough for form in phone_spellings(value)} - enough)
    more = [Needle((form,), is_stated=False) for form in spelled]
    more += [Needle(pair) for pair in pairs if not enough & set(pair)]
    return [
        *(Needle((key,), is_key=True) for key in keys),
        *(Needle((value,)) for value in sorted(enough)),
        *_not_shared(rows, keys, more),
    ]


def search_roots(context: Context) -> list[Path]:
    """Everything in the workspace but what channels deliver, and the key of all hashes."""
    workspace = context.workspace
    delivered = {Path(channel.source.path).parts[0] for channel in workspace.channels.values()}
    return sorted(
        path for path in workspace.home.iterdir() if path.name not in delivered | {"landing", "secret.key"}
    )


def search_workspace(context: Context, needles: Sequence[Needle]) -> list[Leak]:
    """Where the needles are in the workspace, and in Dagster's database where that is another one."""
    return [*scan(search_roots(context), needles), *search_database(context, needles)]


def phone_spellings(number: str) -> list[str]:
    """The usual ways to write a number in E.164; none for what is none."""
    if not number.startswith("+") or not number[1:].isdigit():
        return []
    if not number.startswith(HOME_CODE):
        return [number[1:]]
    rest = number.removeprefix(HOME_CODE)
    parts = [part for part in (rest[:3], rest[3:7], rest[7:]) if part]
    grouped = {sign: sign.join(parts) for sign in "- ."}
    joined = [f"+62{sign}{text}" for sign, text in grouped.items()]
    return [
        f"62{rest}",
        f"0{rest}",
        rest,
        *joined,
        f"+62 {grouped['-']}",
        *(f"0{t}" for t in grouped.values()),
    ]


def _spelling_shared(unshared: Iterable[str], shared: Iterable[str]) -> set[str]:
    """Those of the unshared values that are another spelling of a shared phone."""
    endings = tuple(number[-TELLING_DIGITS:] for number in shared if phone_spellings(number))
    return {value for value in unshared if "".join(filter(str.isdigit, value)).endswith(endings)}


def _not_shared(rows: StoredRows, keys: Sequence[str], candidates: Sequence[Needle]) -> list[Needle]:
    """Those of the needles that stand in no row of anybody who stays."""
    found: set[int] = set()
    if candidates:
        with connect() as con:
            con.register("own_keys", keys_table(keys))
            con.register("files", rows.files)
            tables = (SqlTable("", source, Path()) for source in rows.retained())
            for _, _, positions in TableSearch(con, TextSearch(candidates)).found_in(tables):
                found |= positions
    return [needle for position, needle in enumerate(candidates) if position not in found]
