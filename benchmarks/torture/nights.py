"""What is killed: a night in three sizes, each by the functions the product calls itself."""

from __future__ import annotations

import functools
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from datetime import date
from pathlib import Path

import assets.night
from assets.context import open_context
from assets.night import Night
from assets.records import all_units
from assets.tables import workspace_tables
from benchmarks.torture.failpoints import Failpoints
from data_quality.gate import inspect
from pipelines.cli import main
from pipelines.proven_erasing import writing_after_erasure
from pipelines.running import bring_in
from pipelines.summary import health
from warehouse.publish import publish, referenced_files, release_table
from warehouse.recovery import clean
from warehouse.retention import prune

FEW = ("dim_channel", "conservation", "row_faults", "source_drift", "quarantine", "refused_secrets")
"""Tables made from records alone, of both zones."""

Work = Callable[[Path, date], None]


def few_tables(home: Path, day: date) -> None:
    """Ingest, six tables and their release."""
    context = open_context(home)
    bring_in(context, lambda text: None)
    with writing_after_erasure(context):
        clean(context.workspace.warehouse, context.workspace.models, context.workspace.decisions)
        Night(context, day, all_units(context)).run(FEW)
        tables = [workspace_tables(context.workspace)[name] for name in FEW]
        bi, vault = (
            [release_table(context.store, t, day) for t in tables if t.zone == zone]
            for zone in ("bi", "vault")
        )
        publish(context.workspace.warehouse, bi, day, vault=vault)
        prune(
            context.store, tables, day, keep_days=2, keep_month_ends=1,
            referenced=referenced_files(context.workspace.warehouse),
        )  # fmt: skip


def all_tables(home: Path, day: date) -> None:
    """The whole night, without Dagster."""
    context = open_context(home)
    bring_in(context, lambda text: None)
    with writing_after_erasure(context):
        clean(context.workspace.warehouse, context.workspace.models, context.workspace.decisions)
        night = Night(context, day, all_units(context))
        night.run()
        night.publish()


def command(home: Path, day: date) -> None:
    """`satu run`."""
    main(["run", "--home", str(home), "--as-of", day.isoformat()])


def status(home: Path, day: date) -> None:
    """`satu status`; it must find nothing to look at."""
    if health(open_context(home))["stale"]:
        raise SystemExit(1)


NIGHTS: dict[str, Work] = {"few": few_tables, "all": all_tables, "command": command, "status": status}


class Child:
    """A night in a process of its own, forked from this one, which has imported everything."""

    def __init__(self, size: str, home: Path, day: date, log: Path, die_at: int | None = None) -> None:
        self._steps = log.with_suffix(".steps")
        self.pid = os.fork()
        if self.pid == 0:
            os._exit(_live(NIGHTS[size], home, day, log, self._steps, die_at))

    def cpu_seconds(self) -> float:
        """The processor time it has used, by the clock Linux keeps for every process."""
        return time.clock_gettime((~self.pid << 3) | 2)

    def kill_at(self, cpu_seconds: float) -> int:
        """Kill it when it has used that much; what `wait` returns."""
        while True:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status)
            if self.cpu_seconds() >= cpu_seconds:
                os.kill(self.pid, signal.SIGKILL)
                return self.wait()
            time.sleep(0.002)

    def wait(self, seconds: float = 1800.0) -> int:
        """Its exit code, or minus the signal that ended it; a night that hangs is killed."""
        deadline = time.monotonic() + seconds
        while True:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status)
            if time.monotonic() > deadline:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
                raise TimeoutError("a night did not end")
            time.sleep(0.01)

    def steps(self) -> list[str]:
        """The steps it took that changed the disk, when it ended by itself."""
        return self._steps.read_text(encoding="utf-8").splitlines()


def _live(work: Work, home: Path, day: date, log: Path, steps: Path, die_at: int | None) -> int:
    """The life of a child; its exit code."""
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(said, 1)
    os.dup2(said, 2)
    assets.night.inspect = functools.partial(inspect, engine="sql")
    failpoints = Failpoints(home, die_at)
    failpoints.watch()
    code = 0
    try:
        work(home, day)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 2
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    steps.write_text("\n".join(failpoints.steps), encoding="utf-8")
    return code
