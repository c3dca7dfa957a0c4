"""Great Expectations, imported without executing what it needs only for pages and statistics nobody asks for.

Drawing (altair), statistical tests (scipy.stats), JSON schemas and Markdown are a third of its start. They
stay importable: whoever touches one gets it.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from types import ModuleType
from typing import Any

UNTIL_USED = frozenset({"altair", "jsonschema", "mistune", "scipy.stats"})


class _UntilUsed(importlib.abc.MetaPathFinder):
    """Finds these modules as usual and has them executed at the first touch."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in UNTIL_USED:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = importlib.util.LazyLoader(spec.loader)
        return spec


@cache
def great_expectations() -> Any:
    """The package, without telemetry."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    finder = _UntilUsed()
    sys.meta_path.insert(0, finder)
    try:
        with _nothing_collected():
            return importlib.import_module("great_expectations")
    finally:
        sys.meta_path.remove(finder)


@contextlib.contextmanager
def _nothing_collected() -> Iterator[None]:
    """Modules stay: looking for garbage among a million new objects is a sixth of the start."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
