"""Every nasty file through the reader it comes to: rows, lines set aside, or one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.landing.case import Case
from tests.landing.channels import corpus_workspace, sources
from tests.landing.corpus import CASES
from warehouse.channels import Source
from warehouse.errors import InputError
from warehouse.landing import read_file


@pytest.fixture(scope="module")
def read_as(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Source]:
    return sources(corpus_workspace(tmp_path_factory.mktemp("contracts")))


@pytest.mark.parametrize("case", [c for c in CASES if c.stage != "ledger"], ids=lambda c: ascii(c.file))
def test_a_file_gives_rows_lines_set_aside_or_one_sentence(
    case: Case, tmp_path: Path, read_as: dict[str, Source]
) -> None:
    path, source = case.deliver(tmp_path), read_as[case.channel]
    read = rejected = 0
    problem = ""
    try:
        table = read_file(path, source.options, source.format)
        read = sum(batch.num_rows for batch in table.batches())
        rejected = len(table.rejects)
        assert all(reject.reason.startswith(case.message) for reject in table.rejects)
    except InputError as error:
        problem = error.message
        assert error.fix
    if case.stage == "reader" and case.whole:
        assert (read, rejected) == (0, 0)
        assert problem.startswith(case.message)
    elif case.stage == "reader":
        assert (read, rejected, problem) == (case.accepted + case.duplicates, case.quarantined, "")
    else:
        assert (read, rejected, problem) == (case.accepted + case.duplicates + case.quarantined, 0, "")
