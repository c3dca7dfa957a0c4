"""A company whose first day is published and whose second day has been delivered; its night in peace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from benchmarks.torture import company
from benchmarks.torture.judging import Content, content_of, differences, faults
from benchmarks.torture.nights import Child, few_tables
from benchmarks.torture.readers import Reader, look
from tests.support.nights import copied, gate_in_sql


@dataclass(frozen=True)
class Eve:
    """The evening before a night: the workspace, the day to build; what its night leaves in peace, its steps."""

    home: Path
    day: date
    after: Content
    steps: list[str]

    def at(self, home: Path) -> Eve:
        """The same in another folder."""
        return Eve(copied(self.home, home), self.day, self.after, self.steps)

    def night(self, size: str = "few", *, day: date | None = None, die_before: str | None = None) -> Child:
        """A night in a process of its own, killed before the first step that begins like that."""
        found = (number for number, step in enumerate(self.steps, 1) if step.startswith(str(die_before)))
        die_at = None if die_before is None else next(found)
        log = self.home.with_name(f"{size}-{day}-{die_at}.log")
        return Child(size, self.home, day or self.day, log, die_at)

    def is_whole(self, release: int = 1) -> None:
        """Readers see that release, and it holds what it says."""
        assert int((self.home / "warehouse" / "current").resolve().name) == release
        assert look(self.home) == []

    def next_night_is_clean(self) -> None:
        """The next night leaves what a night in peace leaves."""
        few_tables(self.home, self.day)
        assert faults(self.home) == []
        assert differences(content_of(self.home), self.after) == []

    @contextmanager
    def read_all_the_while(self) -> Iterator[None]:
        """A reader looks at every release until this is over, and sees nothing wrong."""
        reader = Reader(self.home, self.home.with_name("reader.json"))
        try:
            yield
        finally:
            seen = reader.stop()
        assert seen.reads > 0
        assert (seen.torn, seen.errors) == (0, 0)


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
    child = Child("few", peace, day, home.with_name("peace.log"))
    assert child.wait() == 0
    return Eve(home, day, content_of(peace), child.steps())


@pytest.fixture
def eve(made: Eve, tmp_path: Path) -> Eve:
    """One of its own."""
    return made.at(tmp_path / "shop")
