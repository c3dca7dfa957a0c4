"""A night killed around its commit points: readers see a whole release, the next night is clean.

`make torture` kills at every step and at random moments; these are the steps that decide.
"""

from __future__ import annotations

import signal
import time

import pytest

from benchmarks.torture.judging import faults
from tests.reliability.conftest import Eve
from warehouse.files import lock_holder
from warehouse.recovery import LOCK

SWITCH = "os.rename warehouse/current"
UNSWITCHED = (
    "half written warehouse/ledger/files.jsonl",
    "os.rename warehouse/raw/till",
    "os.rename warehouse/vault/records",
    "os.rename warehouse/lake/conservation",
    "os.rename warehouse/vault_releases/000002",
    "os.rename warehouse/releases/000002",
)


@pytest.mark.parametrize(
    "step", [SWITCH, *(pytest.param(step, marks=pytest.mark.slow) for step in UNSWITCHED)]
)
def test_a_night_killed_before_its_release_is_shown(eve: Eve, step: str) -> None:
    with eve.read_all_the_while():
        assert eve.night(die_before=step).wait() == -signal.SIGKILL
        eve.is_whole()
        eve.next_night_is_clean()
        eve.is_whole(2)


@pytest.mark.slow
def test_a_night_killed_after_its_release_is_shown(eve: Eve) -> None:
    assert eve.night(die_before="os.rename warehouse/vault.duckdb").wait() == -signal.SIGKILL
    eve.is_whole(2)
    assert eve.night().wait() == 0
    eve.is_whole(3)
    assert faults(eve.home) == []


@pytest.mark.slow
def test_a_killed_night_leaves_no_dead_lock_to_who_waits(eve: Eve) -> None:
    killed = eve.night(die_before=SWITCH)
    while lock_holder(eve.home / "warehouse" / LOCK) != str(killed.pid):
        time.sleep(0.01)
    waiting = eve.night()
    assert killed.wait() == -signal.SIGKILL
    assert waiting.wait() == 0
    eve.is_whole(2)
    assert faults(eve.home) == []
