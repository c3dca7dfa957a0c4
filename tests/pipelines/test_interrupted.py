"""Ctrl-C and SIGTERM in the middle of a night: told as that, canceled in Dagster, and the next night is clean."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from pipelines.instance import open_instance
from pipelines.interruption import exit_code_for, holding_signals, noting_signals, sentence_for
from tests.pipelines.days import DAYS, release_day, three_days
from tests.support.nights import satu
from warehouse.interruption import INTERRUPTED, interruption_in
from warehouse.withheld import withholding_values

ENDLESS = "SELECT SUM(a.range * b.range % 7) FROM range(3000000) AS a, range(2000000) AS b"
ALONE = {"threads": 1}  # with others at work the first thread may wait for them, deaf to signals
PROJECT = Path(__file__).parents[2]


def interrupted(home: Path, number: signal.Signals, begun: str, *words: str) -> tuple[int, str]:
    """The exit code and the last words of a command that got a signal once it had said that it began."""
    command = [sys.executable, "-m", "pipelines", *words, "--home", str(home)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, cwd=PROJECT, text=True) as process:
        assert process.stderr is not None
        said = ""
        while begun not in said:
            line = process.stderr.readline()
            assert line, f"ended before it said `{begun}`:\n{said}"
            said += line
        process.send_signal(number)
        rest = process.stderr.read()
        assert "unforeseen" not in rest, rest
        return process.wait(), rest.splitlines()[-1]


def runs_of(home: Path) -> list[str]:
    """How the runs ended, the newest first."""
    with open_instance(home) as instance:
        return [run.status.value for run in instance.get_runs()]


@pytest.mark.slow
def test_a_night_and_a_backfill_that_are_interrupted(tmp_path: Path) -> None:
    home = three_days(tmp_path / "home", bad=False)
    code, last = interrupted(home, signal.SIGINT, f"  {DAYS[0]} ", "run", "--as-of", DAYS[0])
    assert (code, last) == (130, f"satu: {INTERRUPTED}: what readers see stays as it was")
    code, last = interrupted(home, signal.SIGTERM, f"  {DAYS[1]} ", "backfill", DAYS[1], DAYS[2])
    assert code == 143 and last.startswith("satu: the backfill was interrupted; run it again")
    assert runs_of(home) == [dg.DagsterRunStatus.CANCELED.value] * 2
    said = json.loads(satu("status", "--json", "--home", home).out)
    assert said["state"] == "failed" and said["next"] == "`satu run` makes the night that was interrupted"
    assert [end["problem"] for end in said["failed"]] == [INTERRUPTED] * 2
    assert satu("status", "--home", home).out.startswith("Failed: a night was interrupted")
    for day in DAYS:
        assert satu("run", "--as-of", day, "--home", home).code == 0
    assert release_day(home) == DAYS[-1]
    said = json.loads(satu("status", "--json", "--home", home).out)
    assert (said["failed"], said["stale"]) == ([], [])


@pytest.mark.slow
def test_before_dagster_is_asked_it_is_told_alike(tmp_path: Path) -> None:
    home = three_days(tmp_path / "home", bad=False)
    code, last = interrupted(home, signal.SIGTERM, "reading what has arrived", "run")
    assert (code, last) == (143, f"satu: {INTERRUPTED}: what readers see stays as it was")
    assert satu("run", "--dry-run", "--home", home).code == 0


@pytest.mark.slow
def test_a_demo_that_is_interrupted_begins_anew(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    code, last = interrupted(home, signal.SIGTERM, "inventing a retailer", "demo", "--customers", "3000")
    assert (code, last) == (143, f"satu: {INTERRUPTED} with the same `satu demo`")
    assert not list((home / "landing").glob("*/*"))


def test_an_error_of_the_engine_that_a_signal_made_is_the_interruption() -> None:
    with pytest.raises(KeyboardInterrupt), withholding_values(), duckdb.connect(config=ALONE) as con:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        before = signal.signal(signal.SIGALRM, signal.default_int_handler)
        try:
            con.execute(ENDLESS)
        finally:
            signal.signal(signal.SIGALRM, before)


def test_an_error_that_nothing_interrupted_is_no_interruption() -> None:
    error = RuntimeError("x")
    error.__context__ = ValueError("y")
    assert interruption_in(error) is None
    error.__context__.__context__ = stop = KeyboardInterrupt()
    assert interruption_in(error) is stop


def test_a_line_to_a_database_is_written_before_a_signal_takes_effect() -> None:
    written = []
    with noting_signals(), pytest.raises(KeyboardInterrupt), holding_signals():
        signal.raise_signal(signal.SIGTERM)
        written.append("all of it")
    assert written == ["all of it"]


def test_which_signal_came_is_known_whoever_took_its_handler() -> None:
    with noting_signals() as came:
        assert came() is None
        before = signal.signal(signal.SIGTERM, lambda *_: None)
        signal.raise_signal(signal.SIGTERM)
        signal.signal(signal.SIGTERM, before)
        assert exit_code_for(came()) == 143
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
    assert sentence_for(["quarantine", "replay"]).startswith("interrupted; run it again")
