"""A company whose first day is published and whose second day has been delivered; its night in peace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from benchmarks.torture import company
from benchmarks.torture.judging import Content, content_of, differences, faults
from benchmarks.torture.nights import few_tables
from benchmarks.torture.readers import look
from tests.support.nights import copied, gate_in_sql


@dataclass(frozen=True)
class Eve:
    """The evening before a night: the workspace, the day to build, what its night leaves in peace."""

    home: Path
    day: date
    after: Content

    def at(self, home: Path) -> Eve:
        """The same in another folder."""
        return Eve(copied(self.home, home), self.day, self.after)

    def whole(self) -> None:
        """Readers see the release of the day before, whole."""
        assert (self.home / "warehouse" / "current").resolve().name == "000001"
        assert look(self.home) == []

    def next_night_is_clean(self) -> None:
        """The next night leaves what a night in peace leaves."""
        few_tables(self.home, self.day)
        assert faults(self.home) == []
        assert differences(content_of(self.home), self.after) == []


@pytest.fixture(scope="package", autouse=True)
def _quick_gate() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        gate_in_sql(patch)
        yield


@pytest.fixture(scope="package")
def made(tmp_path_factory: pytest.TempPathFactory, _quick_gate: None) -> Eve:
    home = company.found(tmp_path_factory.mktemp("torture") / "shop")
    few_tables(home, company.deliver(home, 0))
    day = company.deliver(home, 1)
    peace = copied(home, home.with_name("peace"))
    few_tables(peace, day)
    return Eve(home, day, content_of(peace))


@pytest.fixture
def eve(made: Eve, tmp_path: Path) -> Eve:
    """One of its own."""
    return made.at(tmp_path / "shop")
