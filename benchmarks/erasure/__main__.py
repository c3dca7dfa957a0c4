"""`python -m benchmarks.erasure`: what erasing people costs on a warehouse of the sample retailer.

The warehouse is made once per number of customers and copied for each erasure, so that all start from the
same. Prints wall time, CPU time and peak memory as a Markdown table, and time by phase.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.processes import Limits, watch
from warehouse.query import query

SEED = 2026
LIMITS = Limits(wall_seconds=6 * 3600.0, memory_mb=14_336.0)


@dataclass(frozen=True)
class Run:
    """One erasure, measured."""

    persons: int
    wall_seconds: float
    cpu_seconds: float
    memory_mb: float
    identifiers: int
    files: int
    left: int
    phases: tuple[dict[str, Any], ...]


def main() -> None:
    options = _options()
    made = options.home.expanduser().resolve() / f"{options.customers}-{options.days}"
    if not (made / "warehouse" / "current").exists():
        _satu(made, "demo", "--customers", str(options.customers))
        if options.days > 1:
            last = _last_day(made)
            _satu(made, "backfill", str(last - timedelta(days=options.days - 1)), str(last))
    _print(options.customers, options.days, [_erased(made, persons) for persons in options.persons])


def _erased(made: Path, persons: int) -> Run:
    """People chosen by a seed, erased from a copy of the warehouse in one command."""
    with tempfile.TemporaryDirectory(prefix="satu-erasure-", dir=made.parent) as folder:
        home = Path(folder) / "shop"
        shutil.copytree(made, home, symlinks=True)
        links = query(home / "warehouse", "SELECT DISTINCT customer_id FROM vault.customer_links", vault=True)
        numbers = sorted(links.column("customer_id").to_pylist())
        chosen = random.Random(SEED).sample(numbers, persons)
        asked, said = Path(folder) / "asked", Path(folder) / "said"
        asked.write_text("\n".join(map(str, chosen)), encoding="ascii")
        words = [sys.executable, "-m", "pipelines", "erase", "--customer", "-", "--yes", "--json"]
        started = time.monotonic()
        with asked.open("rb") as given, said.open("wb") as out:
            process = subprocess.Popen(
                [*words, "--home", str(home)], stdin=given, stdout=out, start_new_session=True
            )
            stopped, memory, cpu = watch(process, started, LIMITS)
        if stopped or process.returncode not in (0, 1):
            raise SystemExit(f"the erasure of {persons} {stopped or 'failed'}")
        done = json.loads(said.read_text(encoding="utf-8"))
        return Run(
            persons, time.monotonic() - started, cpu, memory, done["proof"]["identifiers"],
            sum(kind["files"] for kind in done["changed"]), len(done["proof"]["left"]), tuple(done["phases"]),
        )  # fmt: skip


def _print(customers: int, days: int, runs: list[Run]) -> None:
    print(f"{customers:,} customers, {days} day(s) kept\n")
    print("| persons | wall s | CPU s | peak memory | identifiers | files changed | places left |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for run in runs:
        print(
            f"| {run.persons:,} | {run.wall_seconds:.0f} | {run.cpu_seconds:.0f}"
            f" | {run.memory_mb / 1024:.1f} GB | {run.identifiers:,} | {run.files:,} | {run.left} |"
        )
    for run in runs:
        print(f"\n{run.persons:,} person(s), by phase\n\n| phase done | wall s | CPU s |\n|---|---:|---:|")
        for phase in run.phases:
            print(f"| {phase['name']} | {phase['seconds']:.1f} | {phase['cpu_seconds']:.1f} |")


def _satu(home: Path, *words: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "pipelines", *words, "--home", str(home)], check=True, stdout=sys.stderr
    )


def _last_day(home: Path) -> date:
    found: date = query(home / "warehouse", "SELECT MAX(as_of) AS day FROM _release")["day"][0].as_py()
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.erasure", description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=1, help="days the warehouse keeps")
    parser.add_argument("--persons", type=int, nargs="+", default=[1, 100])
    parser.add_argument("--home", type=Path, default=Path("~/.cache/satu-bench/erasure"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
