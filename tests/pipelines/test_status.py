"""`satu status` at a glance, after good and bad nights, cut-off runs, and errors nobody foresaw."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import dagster as dg
import pytest

from assets.context import open_context
from assets.dagster_processes import PROCESS, end_cut_off_runs, this_process
from pipelines.definitions import JOB
from pipelines.instance import open_instance
from pipelines.status import status_of, status_text
from pipelines.summary import morning_summary
from tests.pipelines.days import BAD, DAYS, three_days
from tests.support.nights import TILL_COLUMNS, bring, copied, deliver, night, satu
from warehouse.errors import NightFailed
from warehouse.recovery import writing
from warehouse.withheld import withholding_values

FIXED = {"release", "as_of", "tables", "checks", "quarantined", "stale"}
CHECK = "conservation is not written because it breaks 1 rule: mostly_accepted"


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop after one good night, of which Dagster knows a run of another job."""
    home = three_days(tmp_path_factory.mktemp("good") / "home", bad=True)
    night(home, DAYS[0], publish=True)
    add_run(home, dg.DagsterRunStatus.FAILURE, "", job="another")
    return home


@pytest.fixture(scope="module")
def failed(good: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same after the next night failed at a check."""
    home = copied(good, tmp_path_factory.mktemp("failed") / "home")
    assert satu("run", "--as-of", BAD, "--home", home).code == 1
    return home


def now() -> datetime:
    return datetime.now().astimezone()


def test_a_good_night_is_said_first_with_its_release(good: Path) -> None:
    said = satu("status", "--check", "--home", good)
    assert said.code == 0, said.err
    first, *rest = said.out.splitlines()
    assert first.startswith(f"Good: release 1 shows {DAYS[0]}, made {datetime.now().year}-")
    assert "  stale       nothing" in rest
    assert not [line for line in rest if line.startswith(("  next", "  failed", "  look at"))]


def test_a_delivery_none_of_whose_rows_was_accepted_is_named_beside_a_good_night(
    good: Path, tmp_path: Path
) -> None:
    home = copied(good, tmp_path / "home")
    broken = {"receipt": "R9", "day": "2026-01-08", "item": "A", "amount": "?"}
    deliver(home, "till/2026-01-08.csv", TILL_COLUMNS, broken)
    context, _ = bring(home)
    said = status_of(context, now())
    assert said["state"] == "good"
    (sentence,) = said["attention"]
    assert sentence.startswith("landing/till/2026-01-08.csv: none of its rows was accepted")
    summary = morning_summary(context, date.fromisoformat(DAYS[0]))
    assert summary["rejected_files"] == [sentence]
    assert summary["quarantined"] == {"arrived_that_day": 0, "in_all": said["quarantined"]}


def test_json_keeps_its_form_and_says_the_state(good: Path) -> None:
    said = satu("status", "--json", "--home", good)
    found = json.loads(said.out)
    assert set(found) >= FIXED
    assert (found["state"], found["release"], found["as_of"]) == ("good", 1, DAYS[0])
    assert {"name", "rows", "as_of"} == set(found["tables"][0])
    assert found["disk"]["parts"]["tables"] > 0 and found["at_work"] is None


def test_two_days_later_it_is_late_and_says_what_was_due(good: Path) -> None:
    said = status_of(open_context(good), now() + timedelta(days=2))
    assert said["state"] == "late"
    first, following, *_ = status_text(said).splitlines()
    assert first.startswith(f"Late: the night of {said['expected']} was due at {said['due_at']}; release 1")
    assert "satu run" in following


def test_a_failed_night_is_said_with_its_sentence_and_the_next_step(failed: Path) -> None:
    said = satu("status", "--home", failed)
    first, following, failure, *_ = said.out.splitlines()
    assert said.code == 0
    assert first.startswith(f"Failed: a night failed; release 1 shows {DAYS[0]}")
    assert "then `satu run`" in following
    assert failure.startswith(f"  failed      {BAD}, at ") and CHECK in failure
    assert satu("status", "--check", "--home", failed).code == 1


def test_a_run_whose_process_is_gone_was_cut_off(good: Path, tmp_path: Path) -> None:
    home = copied(good, tmp_path / "home")
    gone = subprocess.Popen(["true"])
    gone.wait()
    this = this_process()
    others = (f"{socket.gethostname()} {gone.pid} 1", f"elsewhere {gone.pid} 1", "", this)
    for process in others:
        add_run(home, dg.DagsterRunStatus.STARTED, process)
    (end,) = status_of(open_context(home), now())["failed"]
    assert end["as_of"] == BAD and "was cut off" in end["problem"]
    with open_instance(home) as instance:
        assert len(end_cut_off_runs(instance)) == 1
        under_way = instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED]))
        assert {run.tags[PROCESS] for run in under_way} == set(others[1:])
    assert status_of(open_context(home), now())["failed"] == [end]


def test_a_number_given_out_again_is_another_process(good: Path, tmp_path: Path) -> None:
    home = copied(good, tmp_path / "home")
    add_run(home, dg.DagsterRunStatus.STARTED, this_process() + "0")
    with open_instance(home) as instance:
        assert len(end_cut_off_runs(instance)) == 1


def test_a_run_is_signed_by_the_process_that_carries_it_out(failed: Path) -> None:
    with open_instance(failed) as instance:
        (run,) = instance.get_runs(dg.RunsFilter(job_name=JOB))
    assert run.tags[PROCESS] == this_process()


def test_a_run_that_failed_before_it_wrote_anything_down_is_known_from_dagster(
    good: Path, tmp_path: Path
) -> None:
    home = copied(good, tmp_path / "home")
    add_run(home, dg.DagsterRunStatus.FAILURE, "")
    said = status_of(open_context(home), now())
    assert said["state"] == "failed" and "Runs" in said["failed"][0]["problem"]


def test_a_dagster_storage_that_cannot_be_read_hides_no_release(good: Path, tmp_path: Path) -> None:
    home = copied(good, tmp_path / "home")
    (home / "dagster" / "dagster.yaml").write_text("storage: {mysql: {}}\n", encoding="utf-8")
    said = satu("status", "--home", home)
    assert said.out.startswith("Good, but look below: release 1 shows")
    assert "Dagster's storage cannot be read: unforeseen DagsterInvalidConfigError" in said.out


def test_somebody_at_work_is_named(failed: Path) -> None:
    with writing(failed / "warehouse"):
        found = status_of(open_context(failed), now())
    assert found["at_work"] == str(os.getpid()) and f"wait for process {os.getpid()}" in found["next"]


def test_before_the_first_night_it_says_what_to_do(tmp_path: Path) -> None:
    home = three_days(tmp_path / "home", bad=False)
    said = satu("status", "--home", home)
    assert said.out.startswith("Nothing yet: no night has been run\n  next        put files into landing/")


def test_an_error_nobody_foresaw_is_one_sentence_without_values(good: Path, tmp_path: Path) -> None:
    home = copied(good, tmp_path / "home")
    (home / "warehouse" / "current" / "manifest.json").chmod(0o644)
    (home / "warehouse" / "current" / "manifest.json").write_text('{"seq": "Ratnawulan"', encoding="utf-8")
    for words in (["status"], ["tables"], ["query", "SELECT 1"]):
        said = satu(*words, "--home", home)
        assert said.code == 1 and "Traceback" not in said.err and "Ratnawulan" not in said.err
        assert said.err.startswith("satu: unforeseen JSONDecodeError at "), said.err
        assert "SATU_DEBUG=1" in said.err


def test_the_whole_error_is_shown_on_request(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copied(good, tmp_path / "home")
    (home / "warehouse" / "current" / "manifest.json").chmod(0o644)
    (home / "warehouse" / "current" / "manifest.json").write_text("{", encoding="utf-8")
    monkeypatch.setenv("SATU_DEBUG", "1")
    with pytest.raises(json.JSONDecodeError):
        satu("status", "--home", home)


@pytest.mark.parametrize("asked", [True, False])
def test_what_a_night_withholds_is_shown_on_request(
    asked: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SATU_DEBUG", "1" if asked else "")
    with pytest.raises(NightFailed, match="unforeseen ValueError"), withholding_values():
        int("Ratnawulan")
    assert ("Ratnawulan" in capsys.readouterr().err) is asked


def add_run(home: Path, status: dg.DagsterRunStatus, process: str, job: str = JOB) -> None:
    """A run of a job for the bad day, as another process left it."""
    tags = {"dagster/partition": BAD, PROCESS: process}
    with open_instance(home) as instance:
        instance.add_run(dg.DagsterRun(job_name=job, run_id=str(uuid4()), status=status, tags=tags))
