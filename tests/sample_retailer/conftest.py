"""One small sample, made once, shared by the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from sample_retailer import SampleSummary, generate


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SampleSummary]:
    home = tmp_path_factory.mktemp("sample") / "toko"
    return home, generate(home, customers=300)
