"""One engine on one number of customers: a process of its own, watched, stopped at a limit."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.processes import Limits, emptied, environment, run_watched

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Engine:
    """A way to run an engine; `most_customers` leaves larger numbers out, `least_python` is what it needs."""

    name: str
    script: str
    title: str
    variant: str = ""
    is_peer: bool = True
    most_customers: int | None = None
    least_python: tuple[int, int] = (3, 11)


ENGINES = (
    Engine("satu", "satu", "Satu", is_peer=False),
    Engine("lifetimes", "lifetimes", "lifetimes 0.11.3", most_customers=1_000_000),
    Engine(
        "lifetimes-cells", "lifetimes", "lifetimes 0.11.3, given distinct histories and weights", "cells",
        most_customers=1_000_000,
    ),
    Engine("clvkit", "clvkit", "clvkit 0.2.1", most_customers=1_000_000),
    Engine(
        "pymc", "pymc", "pymc-marketing 1.3.0, MAP", most_customers=1_000_000, least_python=(3, 12)
    ),
)  # fmt: skip


class NoInterpreter(Exception):
    """The machine has no Python that an engine needs."""


def interpreter(engine: Engine, home: Path) -> Path:
    """The Python that runs an engine: ours for Satu, else the peer's own, made when absent or outdated."""
    if not engine.is_peer:
        return Path(sys.executable)
    base: str | None = sys.executable
    if sys.version_info[:2] < engine.least_python:
        found = (shutil.which(f"python3.{minor}") for minor in range(engine.least_python[1], 15))
        base = os.environ.get("SATU_BENCH_PYTHON") or next((path for path in found if path), None)
    if base is None:
        wanted = ".".join(map(str, engine.least_python))
        raise NoInterpreter(f"needs Python {wanted} or newer; name one in SATU_BENCH_PYTHON")
    requirements = HERE / "requirements" / f"{engine.script}.txt"
    return environment(requirements, home / "environments" / engine.script, base)


def run(engine: Engine, customers: Path, folder: Path, home: Path, limits: Limits) -> dict[str, Any]:
    """The engine's own account of its cost, with `problem` set when it did not come to its end."""
    emptied(folder)
    script = HERE / "engines" / f"{engine.script}_run.py"
    try:
        words = [str(interpreter(engine, home)), str(script), str(customers), str(folder), engine.variant]
    except NoInterpreter as reason:
        return {"problem": str(reason)}
    # one thread each: threads that wait for each other cost CPU and help nobody here
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    ended = run_watched(words, folder, limits, is_peer=engine.is_peer, **one_thread)
    answer = folder / "run.json"
    account: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8")) if answer.is_file() else {}
    if ended.problem:
        account["problem"] = ended.problem
        account["cpu_seconds_until_then"] = ended.cpu_seconds
    account["peak_mb"] = max([ended.peak_mb, *(p["peak_mb"] for p in account.values() if _is_phase(p))])
    account["whole_wall_seconds"] = ended.wall_seconds
    answer.write_text(json.dumps(account, indent=1) + "\n", encoding="utf-8")
    return account


def _is_phase(fact: object) -> bool:
    return isinstance(fact, dict) and "peak_mb" in fact
