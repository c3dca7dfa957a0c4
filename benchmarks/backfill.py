"""`python -m benchmarks.backfill`: what a day of a range costs beside a single night, and what memory does.

Every measurement is a command in a process of its own on a copy of one workspace, with everything up to the
day before the range already made. Start-up (imports, reading the workspace) is measured by itself and taken
off both. Prints Markdown.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from benchmarks.processes import default_home, held, machine
from warehouse.query import query

START_UP = """
import sys
from pathlib import Path
from data_quality.gx_import import great_expectations
from pipelines.cli import main
from pipelines.definitions import build_definitions
from warehouse.workspace import load_workspace
great_expectations()
build_definitions(load_workspace(Path(sys.argv[1])))
"""
RELEASED = " release "


@dataclass(frozen=True)
class Cost:
    """CPU and wall seconds of a process, its peak memory, and (CPU, memory) as each day was released."""

    cpu: float
    wall: float
    peak_mb: float
    days: tuple[tuple[float, float], ...] = ()


def main() -> None:
    options = _options()
    made = options.home.expanduser().resolve() / f"{options.customers}-{options.deliveries}"
    if not (made / "warehouse" / "current").exists():
        subprocess.run(
            _satu(made, "demo", "--customers", options.customers, "--days", options.deliveries), check=True
        )
    last = query(made / "warehouse", "SELECT MAX(as_of) AS day FROM _release")["day"][0].as_py()
    first = last - timedelta(days=options.days - 1)
    with _copy(made) as home:
        _run(_satu(home, "run", "--as-of", first - timedelta(days=1)))
        start_up = _run([sys.executable, "-c", START_UP, str(home)])
        with _copy(home) as other:
            night = _run(_satu(other, "backfill", first, first))
        whole = _run(_satu(home, "backfill", first, last))
    print(_report(options.customers, first, last, start_up, night, whole))


def _report(customers: int, first: date, last: date, start_up: Cost, night: Cost, whole: Cost) -> str:
    days = (last - first).days + 1
    alone, per_day = night.cpu - start_up.cpu, (whole.cpu - start_up.cpu) / days
    rows = [
        ("start-up alone", start_up.cpu, start_up.wall, start_up.peak_mb),
        ("a single night without start-up", alone, night.wall - start_up.wall, night.peak_mb),
        (f"a day of {days}", per_day, (whole.wall - start_up.wall) / days, whole.peak_mb),
    ]
    lines = [
        f"{customers:,} customers, {first} to {last}; {machine()}\n",
        "| | CPU s | wall s | peak memory MB |",
        "|---|---:|---:|---:|",
        *(f"| {name} | {cpu:.1f} | {wall:.1f} | {memory:.0f} |" for name, cpu, wall, memory in rows),
        f"\nA day of the range costs {per_day / alone:.2f} times a single night's work.",
        "\n| day of the range | CPU s of the days since the row above, each | memory MB |",
        "|---:|---:|---:|",
    ]
    shown, spent = 0, start_up.cpu
    for day in sorted({1, *range(days // 10 or 1, days + 1, days // 10 or 1), days}):
        if day <= len(whole.days):
            cpu, memory = whole.days[day - 1]
            lines.append(f"| {day} | {(cpu - spent) / (day - shown):.1f} | {memory:.0f} |")
            shown, spent = day, cpu
    return "\n".join(lines)


def _run(words: Sequence[str]) -> Cost:
    """A command to its end; its costs are those the kernel accounts to it."""
    started = time.monotonic()
    days = []
    process = subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True, text=True
    )
    assert process.stderr is not None
    for line in process.stderr:
        if RELEASED in line:
            memory, cpu = held(process.pid)
            days.append((cpu, memory))
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {process.returncode}")
    return Cost(used.ru_utime + used.ru_stime, time.monotonic() - started, used.ru_maxrss / 1024, tuple(days))


@contextmanager
def _copy(made: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="satu-backfill-", dir=made.parent) as folder:
        yield Path(shutil.copytree(made, Path(folder) / "shop", symlinks=True))


def _satu(home: Path, *words: object) -> list[str]:
    return [sys.executable, "-m", "pipelines", *map(str, words), "--home", str(home)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.backfill", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--customers", type=int, default=2000)
    parser.add_argument("--days", type=int, default=10, help="days of the range")
    parser.add_argument(
        "--deliveries", type=int, default=14, help="days on which files arrive, at the end of the history"
    )
    parser.add_argument("--home", type=Path, default=default_home() / "backfill")
    return parser.parse_args()


if __name__ == "__main__":
    main()
