"""`python -m benchmarks.bi_clients`: BI clients read a release again and again while new ones are published.

One process publishes two stored days in turn, so that every release shows another day than the one before;
each client in turn opens the release anew, asks whether it agrees with itself and then all questions of
docs/bi.md. Prints a Markdown table; ends with 1 when a client saw an error or a release that does not agree
with itself.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.bi_clients.installed import CLIENTS_BY_NAME, Absent, Client
from benchmarks.bi_clients.questions import agreement, documented
from benchmarks.processes import default_home, machine
from warehouse.query import query

CUSTOMERS, WAIT_SECONDS = 300, 300


def main() -> int:
    options = _options()
    place = options.home.expanduser().resolve()
    made, days = _two_days(place / f"{CUSTOMERS}")
    told = {}
    with tempfile.TemporaryDirectory(prefix="satu-bi-", dir=place) as folder:
        home = Path(shutil.copytree(made, Path(folder) / "shop", symlinks=True))
        for name in options.clients:
            try:
                client = CLIENTS_BY_NAME[name](place)
            except Absent as reason:
                print(f"{name} is left out: {reason}", file=sys.stderr)
                continue
            with publishing(home, days):
                told[name] = reading(client, home, options.minutes * 60)
    print(_table(told, options.minutes))
    return int(any(one["errors"] or one["wrong"] for one in told.values()))


def reading(client: Client, home: Path, seconds: float) -> dict[str, Any]:
    """What a client tells after reading the release of this workspace for so long."""
    questions = home.parent / "questions.json"
    questions.write_text(json.dumps([agreement(), *documented()]), encoding="utf-8")
    release = home / "warehouse" / "current" / "satu.duckdb"
    said = subprocess.run(
        [*client.words, str(release), str(questions), str(seconds)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | client.settings,
        timeout=seconds + WAIT_SECONDS,
    )
    told: dict[str, Any] = json.loads(said.stdout.splitlines()[-1])
    return told


@contextmanager
def publishing(home: Path, days: tuple[date, date]) -> Iterator[None]:
    """A process that publishes these days in turn, stopped at the end; it must not have stopped by itself."""
    words = [sys.executable, "-m", "benchmarks.bi_clients.publisher", str(home), *map(str, days)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield
        if process.poll() is not None:
            raise SystemExit("the publisher ended by itself")
    finally:
        process.terminate()
        process.wait()


def _two_days(home: Path) -> tuple[Path, tuple[date, date]]:
    """A workspace of the sample retailer with its last two days, made once."""
    if not (home / "warehouse" / "current").exists():
        _satu(home, "demo", "--customers", str(CUSTOMERS))
    last: date = query(home / "warehouse", "SELECT MAX(as_of) AS day FROM _release")["day"][0].as_py()
    before = last - timedelta(days=1)
    if not (home / "warehouse" / "lake" / "rfm" / f"as_of={before}").exists():
        _satu(home, "run", "--as-of", str(before))
    return home, (before, last)


def _satu(home: Path, *words: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "pipelines", *words, "--home", str(home)], check=True, stdout=sys.stderr
    )


def _table(told: dict[str, dict[str, Any]], minutes: float) -> str:
    lines = [
        f"{minutes:g} minutes each; {machine()}\n",
        "| client | rounds | rows read | releases seen | days seen | errors | releases that do not agree |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, one in told.items():
        cells = [f"{one[key]:,}" for key in ("rounds", "rows", "releases", "days")]
        lines.append(f"| {name} | {' | '.join(cells)} | {len(one['errors'])} | {one['wrong']} |")
    failed = [f"\n{name}: {error}" for name, one in told.items() for error in one["errors"][:3]]
    return "\n".join([*lines, *failed])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.bi_clients", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--minutes", type=float, default=1.0, help="how long each client reads")
    parser.add_argument("--clients", nargs="+", choices=CLIENTS_BY_NAME, default=list(CLIENTS_BY_NAME))
    parser.add_argument("--home", type=Path, default=default_home() / "bi_clients")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
