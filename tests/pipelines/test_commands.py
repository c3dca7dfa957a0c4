"""The command line as a whole: which commands there are, and what a small one costs to start."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from pipelines.cli import MODULES

HEAVY = ("dagster", "pandas", "scipy", "great_expectations")


@pytest.mark.parametrize("module", MODULES)
def test_every_command_is_where_it_is_declared(module: str) -> None:
    found = import_module(f"pipelines.cli.{module}").COMMANDS
    assert tuple(command.name for command in found) == MODULES[module]


def test_reading_a_release_waits_for_nothing_it_does_not_need() -> None:
    said = f"import sys, pipelines.cli.look; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
