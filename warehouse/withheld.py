"""Unforeseen errors, told without what they say: DuckDB, Arrow and Python quote the values they meet."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from warehouse.errors import NightFailed, SatuError
from warehouse.interruption import interruption_in
from warehouse.machine import refusal

DEBUG = "SATU_DEBUG"
_QUOTING = (duckdb.Error, ArithmeticError, LookupError, TypeError, ValueError)
_CODE = Path(__file__).resolve().parents[1]


@contextmanager
def withholding_values() -> Iterator[None]:
    """An error over data that nobody foresaw is told by its kind and its place in the code.

    What the machine refuses is told as that, and what was interrupted stays interrupted.
    """
    try:
        yield
    except Exception as error:
        raise _told(error) from None


def _told(error: Exception) -> BaseException:
    if (stopped := interruption_in(error)) is not None:
        return stopped
    if isinstance(error, (OSError, MemoryError)):
        return refusal(error) or error
    return withheld(error) if isinstance(error, _QUOTING) else error


def withheld(error: BaseException) -> NightFailed:
    """The sentence that stands for an unforeseen error; on request the error goes to stderr, whole."""
    if (refused := refusal(error)) is not None:
        return refused
    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    return NightFailed(
        f"unforeseen {kind_and_place(error)}; its message may hold data",
        fix="run `satu check`; if that finds nothing, report kind and place",
    )


def sentence_of(error: BaseException) -> str:
    """What may be said of any error: our own sentences as they are, others withheld."""
    return str(error if isinstance(error, SatuError) else withheld(error))


def kind_and_place(error: BaseException) -> str:
    """What may be told of an error whose words may quote data. What the system says of a disk holds none."""
    system = f" ({os.strerror(error.errno)})" if isinstance(error, OSError) and error.errno else ""
    return f"{type(error).__name__}{system} at {_place(error)}"


def _place(error: BaseException) -> str:
    """The deepest line of this project's code that the error passed."""
    frames = [(Path(frame.filename), frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    ours = [
        f"{path.relative_to(_CODE)} line {line}"
        for path, line in frames
        if path.is_relative_to(_CODE) and "site-packages" not in path.parts
    ]
    return ours[-1] if ours else "no line of ours"
