"""The guide lists the corpus as it is tested."""

from __future__ import annotations

from tests.landing.corpus import CASES
from tests.landing.table import BETWEEN, PAGE, page_with_corpus


def test_the_guide_lists_the_files_of_the_corpus() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert BETWEEN.search(written)
    assert written == page_with_corpus(written), "run python -m tests.landing.table"


def test_every_file_of_the_corpus_has_a_name_a_place_and_where_rows_are_lost_a_message() -> None:
    assert len({case.name for case in CASES}) == len({case.path for case in CASES}) == len(CASES) >= 80
    silent = [c.name for c in CASES if (c.quarantined or c.whole or c.stage == "ledger") and not c.message]
    assert silent == []
