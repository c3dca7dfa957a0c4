"""How long each phase of a command took."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Phase:
    """One phase, in seconds of wall and CPU time."""

    name: str
    seconds: float
    cpu_seconds: float


@dataclass
class Phases:
    """To be called with the name of each phase as it ends."""

    taken: list[Phase] = field(default_factory=list)
    _since: tuple[float, float] = field(default_factory=lambda: (time.monotonic(), time.process_time()))

    def __call__(self, name: str) -> None:
        now = time.monotonic(), time.process_time()
        self.taken.append(Phase(name, round(now[0] - self._since[0], 2), round(now[1] - self._since[1], 2)))
        self._since = now
