"""`satu bench`: a first load and the following night on invented customers, time and memory per step."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pipelines.starting import DEMO_SECRET
from sample_retailer import generate

NIGHTS = 2


def measure(customers: int, keep: bool = False) -> str:
    """Generate, load the history up to the day before the last, then the last night; a table as text.

    Each night runs in a process of its own, as the schedule would, so its peak memory is its own.
    """
    home = Path(tempfile.mkdtemp(prefix="satu-bench-")) / "workspace"
    try:
        started = time.monotonic()
        summary = generate(home, customers=customers)
        lines = [f"{customers:,} customers, {sum(summary.rows.values()):,} rows, made in {_since(started)}"]
        (home / "secret.key").write_text(DEMO_SECRET + "\n", encoding="utf-8")
        days = [summary.last_day - timedelta(days=NIGHTS - 1 - n) for n in range(NIGHTS)]
        held_back = _hold_back(home, days[-1])
        for name, day in zip(("first load", "next night"), days, strict=True):
            if day == days[-1]:
                _bring_back(held_back)
            lines += _table(name, day, _night(home, day))
        release = (home / "warehouse" / "current" / "satu.duckdb").stat().st_size
        lines.append(f"release file {release / 1e6:.0f} MB")
        return "\n".join(lines)
    finally:
        if not keep:
            shutil.rmtree(home.parent, ignore_errors=True)


def run_night(home: Path, day: date) -> dict[str, Any]:
    """One night in this process, with the cost of each step."""
    from assets.bronze import raw_files
    from assets.context import open_context
    from assets.night import Night, Silent
    from assets.records import all_units
    from assets.registering import register_landing
    from warehouse.contracts import Table
    from warehouse.store import Partition

    steps: list[dict[str, Any]] = []

    class Recorder(Silent):
        def built(self, table: Table, partition: Partition, facts: dict[str, float]) -> None:
            steps.append({"step": table.name, **facts})

    context = open_context(home)
    clock = _Clock(steps)
    register_landing(context)
    clock.step("register landing", 0)
    rows = sum(raw.rows for c in context.workspace.channels.values() for raw in raw_files(context, c))
    clock.step("raw", rows)
    units = all_units(context)
    clock.step("records", sum(u.counts["accepted"] for u in units))
    night = Night(context, day, units, Recorder())
    night.run()
    clock.reset()
    night.publish()
    clock.step("release", 0)
    return {"steps": steps, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}


class _Clock:
    def __init__(self, steps: list[dict[str, Any]]) -> None:
        self.steps = steps
        self.reset()

    def reset(self) -> None:
        self.wall, self.cpu = time.monotonic(), time.process_time()

    def step(self, name: str, rows: int) -> None:
        self.steps.append(
            {
                "step": name,
                "rows": rows,
                "seconds": round(time.monotonic() - self.wall, 2),
                "cpu_seconds": round(time.process_time() - self.cpu, 2),
                "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        )
        self.reset()


def _night(home: Path, day: date) -> dict[str, Any]:
    """One night in a process of its own; what it measured comes back in a file, whatever else it prints."""
    answer = home.parent / f"{day.isoformat()}.json"
    words = [sys.executable, "-m", "pipelines.bench", str(home), day.isoformat(), str(answer)]
    subprocess.run(words, check=True, stdout=sys.stderr, env=os.environ | {"SATU_HOME": str(home)})
    measured: dict[str, Any] = json.loads(answer.read_bytes())
    return measured


def _hold_back(home: Path, day: date) -> list[tuple[Path, Path]]:
    """Move the last day's deliveries aside, so that the second night has something new to read."""
    aside = home.parent / "held_back"
    moved = []
    for path in sorted((home / "landing").glob(f"*/{day.isoformat()}*")):
        target = aside / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, target)
        moved.append((target, path))
    return moved


def _bring_back(held_back: list[tuple[Path, Path]]) -> None:
    for aside, path in held_back:
        shutil.move(aside, path)


def _table(name: str, day: date, measured: dict[str, Any]) -> list[str]:
    steps = measured["steps"]
    lines = ["", f"{name} ({day})", f"  {'step':<22}{'rows':>12}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}"]
    for step in steps:
        lines.append(
            f"  {step['step']:<22}{step['rows']:>12,}{step['seconds']:>9.1f}{step['cpu_seconds']:>9.1f}"
            f"{step['peak_memory_mb']:>9,}"
        )
    wall, cpu = (sum(step[key] for step in steps) for key in ("seconds", "cpu_seconds"))
    lines.append(f"  {'in all':<22}{'':>12}{wall:>9.1f}{cpu:>9.1f}{measured['peak_mb']:>9,}")
    return lines


def _since(started: float) -> str:
    return f"{time.monotonic() - started:.0f} s"


def _child(home: str, day: str, answer: str) -> None:
    Path(answer).write_text(json.dumps(run_night(Path(home), date.fromisoformat(day))), encoding="utf-8")


if __name__ == "__main__":
    _child(*sys.argv[1:])
