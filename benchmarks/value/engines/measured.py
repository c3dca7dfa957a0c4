"""What a run of an engine cost, told by the run itself. Standard library only.

Every engine's script is started as `python <engine>_run.py CUSTOMERS.parquet FOLDER VARIANT` in its own
environment. What came before the first phase, the interpreter and the imports, is start-up.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from costs import cpu_seconds, peak_mb

HORIZON_DAYS = 364


class Run:
    """One run, its phases measured one by one; `note` is written after each, so that a stopped run tells."""

    def __init__(self, package: str | None) -> None:
        self.customers, self.folder = Path(sys.argv[1]), Path(sys.argv[2])
        self.variant = sys.argv[3] if len(sys.argv) > 3 else ""
        self.facts: dict[str, Any] = {
            "version": version(package) if package else "",
            "startup": {"cpu_seconds": round(cpu_seconds(), 2)},
        }
        self.note()

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        cpu, wall = cpu_seconds(), time.monotonic()
        yield
        self.facts[name] = {
            "cpu_seconds": round(cpu_seconds() - cpu, 3),
            "wall_seconds": round(time.monotonic() - wall, 3),
            "peak_mb": peak_mb(),
        }
        self.note()

    def note(self, parameters: Sequence[float] | None = None, **facts: Any) -> None:
        """`parameters` are r, alpha (weeks), a, b."""
        if parameters is not None:
            self.facts["parameters"] = [float(value) for value in parameters]
        self.facts |= facts
        text = json.dumps(self.facts, indent=1, default=str)
        (self.folder / "run.json").write_text(text + "\n", encoding="utf-8")
