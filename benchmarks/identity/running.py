"""One engine on one data set: a process of its own, watched, stopped at the limit of time or memory."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.identity.environments import HERE, PEERS, interpreter
from benchmarks.processes import Limits, emptied, run_watched


@dataclass(frozen=True)
class Engine:
    """A way to run an engine, and what is read off the run.

    `own` is the engine's own clustering, `cuts` are further thresholds (bits), `by_labels` one picked by
    looking at the truth; `most_records` leaves larger data sets out.
    """

    name: str
    script: str
    title: str
    variant: str = ""
    at: str = ""  # how its own threshold is told in the table
    own: bool = True
    by_labels: bool = False
    cuts: tuple[tuple[str, float], ...] = ()
    most_records: int | None = None


ENGINES = (
    Engine("satu", "satu", "Satu"),
    Engine(
        "splink", "splink", "Splink 5.0",
        at=", probability .95", cuts=(("probability .99", 6.6294),), by_labels=True,
    ),
    Engine("goldenmatch-zero", "goldenmatch", "goldenmatch 3.22, zero-config", "zero"),
    Engine("goldenmatch-probabilistic", "goldenmatch", "goldenmatch 3.22, probabilistic", "probabilistic"),
    Engine(
        "goldenmatch-pairs", "goldenmatch", "goldenmatch 3.22, probabilistic", "pairs",
        own=False, by_labels=True, most_records=60_000,
    ),
    Engine("goldenmatch-rules", "goldenmatch", "goldenmatch 3.22, rules by hand", "rules"),
    Engine("recordlinkage", "recordlinkage", "recordlinkage 0.16, ECM", by_labels=True),
)  # fmt: skip


def run(engine: Engine, records: Path, folder: Path, home: Path, limits: Limits) -> dict[str, Any]:
    """The engine's own account of its cost, with `problem` set when there are no clusters."""
    emptied(folder)
    words = [
        str(interpreter(engine.script, home)), str(HERE / "engines" / f"{engine.script}_run.py"),
        str(records), str(folder), engine.variant,
    ]  # fmt: skip
    ended = run_watched(words, folder, limits, is_peer=engine.script in PEERS, NO_COLOR="1")
    account: dict[str, Any] = {}
    answer = folder / "run.json"
    if answer.is_file() and not ended.was_stopped:
        account = json.loads(answer.read_text(encoding="utf-8"))
    if not account:
        account = {"problem": ended.problem or "failed without a word", "cpu_seconds": ended.cpu_seconds}
    account["peak_mb"] = max(account.get("peak_mb", 0), ended.peak_mb)
    account["whole_wall_seconds"] = ended.wall_seconds
    answer.write_text(json.dumps(account, indent=1) + "\n", encoding="utf-8")
    return account
