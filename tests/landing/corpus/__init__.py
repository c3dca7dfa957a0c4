"""The nasty files, in classes. A new one is one entry in the list of its class."""

from __future__ import annotations

from tests.landing.case import Case
from tests.landing.corpus.cards import CARDS
from tests.landing.corpus.cells import CELLS
from tests.landing.corpus.encodings import ENCODINGS
from tests.landing.corpus.headers import HEADERS
from tests.landing.corpus.lines import LINES
from tests.landing.corpus.packed import PACKED
from tests.landing.corpus.places import PLACES
from tests.landing.corpus.records import JSON, PARQUET
from tests.landing.corpus.spreadsheets import SPREADSHEETS

CLASSES: dict[str, tuple[Case, ...]] = {
    "Encodings, byte order marks, NUL": ENCODINGS,
    "Lines, quotes, delimiters": LINES,
    "Headers": HEADERS,
    "Cells": CELLS,
    "Spreadsheets": SPREADSHEETS,
    "JSON": JSON,
    "Parquet": PARQUET,
    "vCards": CARDS,
    "Packed files, and files that are no tables": PACKED,
    "Links, names, kinds of files": PLACES,
}
CASES = tuple(case for cases in CLASSES.values() for case in cases)
