"""An unforeseen error under the warehouse lock never says what it met."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from warehouse.errors import InputError, NightFailed
from warehouse.recovery import writing

NAME = "Ratnawulan Kertapati"


@pytest.mark.parametrize(
    "work",
    [
        lambda: duckdb.sql(f"SELECT CAST('{NAME}' AS DATE)").fetchall(),
        lambda: pa.array([NAME]).cast(pa.int64()),
        lambda: {}[NAME],
        lambda: int(NAME),
    ],
)
def test_an_unforeseen_error_is_told_by_kind_and_place(work: Callable[[], object], tmp_path: Path) -> None:
    with pytest.raises(NightFailed) as raised, writing(tmp_path / "warehouse"):
        work()
    told = "".join(traceback.format_exception_only(raised.value))
    assert "tests/warehouse/test_withheld.py line" in told and NAME not in told
    assert raised.value.__cause__ is None and raised.value.__suppress_context__


def test_sentences_and_failing_disks_are_told_as_they_are(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a line is broken"), writing(tmp_path / "warehouse"):
        raise InputError("a line is broken")
    with pytest.raises(FileNotFoundError, match="gone"), writing(tmp_path / "warehouse"):
        (tmp_path / "gone").read_bytes()
