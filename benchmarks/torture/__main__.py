"""Kill nights, finish them, hold them against an undisturbed one; readers look all the while.

python -m benchmarks.torture --kills 500 --minutes 60 goes on where it was stopped; --report only prints what
has been done so far.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pipelines.definitions  # noqa: F401  (imported once, here, for all nights)
from benchmarks.processes import default_home
from benchmarks.torture import company
from benchmarks.torture.nights import few_tables
from benchmarks.torture.readers import READERS, Reader
from benchmarks.torture.report import text
from benchmarks.torture.trials import EVERY_STEP, MOMENT, STEP, Kill, Trials

SHARES = {
    ("few", MOMENT): 40,
    ("all", MOMENT): 1,
    ("all", STEP): 1,
    ("command", MOMENT): 0.5,
    ("command", STEP): 0.5,
}
"""Beside every step of the smallest night once: how often each night is killed at a random moment or step."""


def main() -> None:
    options = _options()
    folder: Path = options.home
    folder.mkdir(parents=True, exist_ok=True)
    if not options.report:
        _torture(folder, options.kills, options.minutes)
    print(text(folder))


def _torture(folder: Path, kills: int, minutes: float) -> None:
    for stale in [
        *folder.glob("trial-*"),
        *folder.glob("before-*"),
        *folder.glob("peace-*"),
        folder / "warm",
    ]:
        shutil.rmtree(stale, ignore_errors=True)
    done = [json.loads(line)["number"] for line in _lines(folder / "kills.jsonl")]
    warm = company.found(folder / "warm")
    few_tables(
        warm, company.deliver(warm, 0)
    )  # what is compiled and read once is there when nights are forked
    trials = Trials(folder)
    steps = len(trials.undisturbed("few").steps)
    started = time.monotonic()
    trials.trial(trials.undisturbed("few").before)
    readers = [Reader(trials.arena, folder / f"reader-{time.time_ns()}.json") for _ in range(READERS)]
    try:
        for number, kill in enumerate(planned(steps)):
            if number >= kills and time.monotonic() - started >= 60 * minutes:
                break
            if number not in done:
                result = trials.killed(kill)
                with (folder / "kills.jsonl").open("a", encoding="utf-8") as account:
                    account.write(json.dumps({"number": number} | asdict(kill) | result) + "\n")
    finally:
        for reader in readers:
            reader.stop()


def planned(steps: int, seed: int = 1) -> Iterator[Kill]:
    """Every step of the smallest night once among random kills, without end; a part is like the whole."""
    dice = random.Random(seed)
    each = [Kill("few", EVERY_STEP, step) for step in range(1, steps + 1)]
    dice.shuffle(each)
    kinds = list(SHARES)
    while True:
        if each:
            yield each.pop()
        if dice.random() < 0.5 or not each:
            size, by = dice.choices(kinds, list(SHARES.values()))[0]
            yield Kill(size, by, dice.random())


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.torture", description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=60, help="go on for at least that long")
    parser.add_argument("--home", type=Path, default=default_home() / "torture")
    parser.add_argument("--report", action="store_true", help="only print what has been done so far")
    return parser.parse_args()


if __name__ == "__main__":
    main()
