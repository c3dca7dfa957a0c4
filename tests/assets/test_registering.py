"""Files below landing/ that no channel takes, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.context import open_context
from assets.registering import unregistered_landing
from tests.support.nights import TILL, TILL_COLUMNS, company, deliver

BY_NAME = "no channel reads it; compare its name with `source.path` of the channels"
BY_CASE = (
    "no channel reads it; `source.path` tells capitals from small letters: "
    "write it for both, such as *.[cC][sS][vV]"
)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("till/2026-01-05.CSV", BY_CASE),
        ("Till/2026-01-05.csv", BY_CASE),
        ("till/januari/2026-01-05.csv", BY_NAME),
        ("till/2026-01-05.csv.gz", BY_NAME),
        ("2026-01-05.csv", BY_NAME),
    ],
)
def test_a_file_that_is_not_taken_is_named_with_the_reason(tmp_path: Path, name: str, reason: str) -> None:
    home = company(tmp_path / "home", TILL)
    deliver(home, name, TILL_COLUMNS)
    (refused,) = unregistered_landing(open_context(home)).refused
    assert (refused.path, refused.reason) == (f"landing/{name}", reason)


def test_those_that_fare_alike_are_named_together(tmp_path: Path) -> None:
    home = company(tmp_path / "home", TILL)
    for number in range(7):
        deliver(home, f"old/{number}.csv", TILL_COLUMNS, {"receipt": number})
    (refused,) = unregistered_landing(open_context(home)).refused
    assert refused.path == "landing/old/0.csv"
    assert refused.reason.startswith(
        "no channel reads it, nor 1.csv, 2.csv, 3.csv, 4.csv and 2 more beside it; compare"
    )
