"""Nights in these tests run their gate as plain SQL unless a test is about the gate itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sample_retailer import generate
from tests.support.made_once import made_once
from tests.support.nights import SECRET, gate_in_sql, night, write

SAMPLE_DAY = "2026-09-30"


@pytest.fixture(scope="module", autouse=True)
def _quick_gate() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        gate_in_sql(patch)
        yield


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample retailer with 400 people, after one night."""
    return made_once("retailer", _make, tmp_path_factory.mktemp("sample") / "toko")


def _make(home: Path) -> None:
    generate(home, customers=400, days=2)
    write(home, "secret.key", SECRET)
    night(home, SAMPLE_DAY, publish=True)
