"""Runs whose process was interrupted or is gone.

Dagster shows the latter as under way for ever, and its queue waits for their end.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from warehouse.interruption import INTERRUPTED, interruption_in

PROCESS = "satu/process"
UNDER_WAY = (dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING)
CUT_OFF = "the run was cut off: its process is gone; see whether the machine went down, then run `satu run`"


def sign(context: dg.AssetExecutionContext) -> None:
    """Write down which process carries a run out, whoever launched it."""
    if PROCESS not in context.run.tags:
        context.instance.add_run_tags(context.run.run_id, {PROCESS: this_process()})


@contextmanager
def canceling_when_interrupted(context: dg.AssetExecutionContext) -> Iterator[None]:
    """A run that Ctrl-C or SIGTERM ends is canceled, not failed: Dagster alone would call it a failure."""
    try:
        yield
    except BaseException as error:
        if interruption_in(error) is not None:
            run = context.instance.get_run_by_id(context.run_id)
            if run is not None and run.status in UNDER_WAY:
                context.instance.report_run_canceling(run, INTERRUPTED)
        raise


def this_process() -> str:
    """This process for `is_gone`: `<host> <number> <start>`."""
    return f"{socket.gethostname()} {os.getpid()} {_start(os.getpid())}"


def is_gone(process: str | None) -> bool:
    """Whether a process of this machine has ended. Of others, and of runs not signed, nothing is known."""
    host, _, named = (process or "").partition(" ")
    number, _, start = named.partition(" ")
    if host != socket.gethostname() or not number.isdigit():
        return False
    return _start(int(number)) != start


def end_cut_off_runs(instance: dg.DagsterInstance) -> list[str]:
    """Tell Dagster that runs whose process is gone have failed; their ids."""
    runs = instance.get_runs(dg.RunsFilter(statuses=list(UNDER_WAY)))
    gone = [run for run in runs if is_gone(run.tags.get(PROCESS))]
    for run in gone:
        instance.report_run_failed(run, message=CUT_OFF)
    return [run.run_id for run in gone]


def _start(number: int) -> str:
    """When a process began, by boot and clock tick: numbers are given out again. Empty when there is none."""
    try:
        told = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace")
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")
    except OSError:
        return ""
    return f"{boot[:8]}-{told.rpartition(')')[2].split()[19]}"
