"""Nights in these tests run their gate as plain SQL unless a test is about the gate itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.nights import gate_in_sql


@pytest.fixture(scope="module", autouse=True)
def _quick_gate() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        gate_in_sql(patch)
        yield
