"""Two commands at once: the lock lets one work at a time, and what is left is as if they had come in turn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assets.context import open_context
from benchmarks.torture import company
from benchmarks.torture.judging import Content, content_of, differences, faults
from data_quality.leaks import scan
from pipelines.erasing import erase
from pipelines.erasure_proof import person_needles, search_roots
from pipelines.identity_view import look_at_people
from pipelines.subject import subject_of_customer
from tests.reliability.conftest import Eve
from tests.support.nights import checksums, copied, people

SOMEBODY = "shop:2"


@pytest.fixture
def full(made: Eve, tmp_path: Path) -> Eve:
    """The eve of the second day, all tables of the first one stored and published."""
    eve = made.at(tmp_path / "full")
    assert eve.night("all", day=company.day_number(0)).wait() == 0
    return eve


def in_turn(eve: Eve, *works: Callable[[Eve], int]) -> dict[tuple[str, str], str]:
    """The tables when nobody is disturbed."""
    peace = Eve(copied(eve.home, eve.home.with_name("in-turn")), eve.day, eve.after, eve.steps)
    assert [work(peace) for work in works] == [0] * len(works)
    return checksums(peace.home)


@pytest.mark.slow
def test_two_nights_at_once_are_two_nights_in_turn(eve: Eve) -> None:
    with eve.read_all_the_while():
        first, second = eve.night(), eve.night(day=eve.day)
        assert (first.wait(), second.wait()) == (0, 0)
    eve.is_whole(3)
    assert faults(eve.home) == []
    stored: Content = {
        place: found for place, found in content_of(eve.home).items() if "releases" not in place
    }
    changed = differences(stored, {p: found for p, found in eve.after.items() if "releases" not in p})
    assert set(changed) == {"warehouse/current", "warehouse/vault.duckdb"}


@pytest.mark.slow
def test_a_night_and_a_backfill_at_once(full: Eve) -> None:
    earlier = company.day_number(0)
    expected = in_turn(full, lambda e: e.night("all").wait(), lambda e: e.night("all", day=earlier).wait())
    with full.read_all_the_while():
        backfill, night = full.night("all", day=earlier), full.night("all")
        assert (backfill.wait(), night.wait()) == (0, 0)
    # A table kept in its latest state alone keeps an older day as long as a kept release names it.
    assert expected.items() <= checksums(full.home).items()
    assert faults(full.home) == []


@pytest.mark.slow
def test_a_backfill_and_an_erasure_at_once(full: Eve) -> None:
    assert full.night("all").wait() == 0
    context = open_context(full.home)
    with look_at_people(context) as view:
        subject = subject_of_customer(view, SOMEBODY)
    needles = person_needles(context, [subject])
    others = {person for person in people(full.home, full.day) if SOMEBODY not in person}
    with full.read_all_the_while():
        backfill = full.night("all", day=company.day_number(0))
        erase(context, [subject], needles)
        assert backfill.wait() == 0
    assert scan(search_roots(open_context(full.home)), needles) == []
    assert people(full.home, full.day) == others
    assert faults(full.home) == []


@pytest.mark.slow
def test_two_commands_at_once_share_the_log_of_runs(full: Eve) -> None:
    expected = in_turn(full, lambda e: e.night("all").wait())
    with full.read_all_the_while():
        first, second = full.night("command"), full.night("command", day=full.day)
        assert (first.wait(), second.wait()) == (0, 0)
    assert checksums(full.home) == expected
    assert faults(full.home) == []
