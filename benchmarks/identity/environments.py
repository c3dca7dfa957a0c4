"""An environment of its own for every peer, made from its pinned requirements and kept in the cache."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.processes import environment

HERE = Path(__file__).resolve().parent
PEERS = ("splink", "goldenmatch", "recordlinkage")


def interpreter(engine: str, home: Path) -> Path:
    """The Python that runs an engine: ours for Satu, else the peer's own, made when absent or outdated."""
    if engine not in PEERS:
        return Path(sys.executable)
    return environment(HERE / "requirements" / f"{engine}.txt", home / "environments" / engine)
