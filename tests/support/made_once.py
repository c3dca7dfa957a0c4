"""A company that several test files start from is made once per run of the tests, whichever worker asks first."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.nights import copied, gate_in_sql

FOLDER = "SATU_TESTS_MADE_ONCE"
"""The environment variable with the folder that all workers share; set in tests/conftest.py."""


def made_once(name: str, make: Callable[[Path], object], home: Path) -> Path:
    """A copy, at `home`, of the workspace `make` makes in the folder it is given, its nights with a quick gate."""
    folder = Path(os.environ[FOLDER])
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made, making = folder / name, folder / f"{name}.making"
        if not made.exists():
            with pytest.MonkeyPatch.context() as patch:
                gate_in_sql(patch)
                make(making)
            making.rename(made)
    return copied(made, home)
