"""The sentences people read when something is wrong: what, where, what to do.

Messages name files, lines and columns, never the values found there.
"""

from __future__ import annotations

from pathlib import Path


class SatuError(Exception):
    """What happened, where (file, line, column) and what to do, printed as one sentence."""

    exit_code = 1

    def __init__(
        self,
        message: str,
        file: str | Path | None = None,
        line: int | None = None,
        column: int | str | None = None,
        fix: str | None = None,
    ) -> None:
        super().__init__(message, file, line, column, fix)
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self.fix = fix

    @property
    def where(self) -> str:
        """For example `channels/pos.yaml line 12 column 5`; empty when no place is known."""
        parts = [str(self.file)] if self.file is not None else []
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.column is not None:
            parts.append(f"column {self.column}")
        return " ".join(parts)

    def __str__(self) -> str:
        sentence = f"{self.where}: {self.message}" if self.where else self.message
        return f"{sentence}; {self.fix}" if self.fix else sentence


class ConfigError(SatuError):
    """The workspace's configuration cannot be used as written."""

    exit_code = 2


class InputError(SatuError):
    """A file, or an argument of a command, cannot be used at all."""

    exit_code = 2


class GateFailed(SatuError):
    """An error-level rule failed: the table is not written and nothing after it runs."""

    exit_code = 1


class NightFailed(SatuError):
    """A night ended without a release for its day."""

    exit_code = 1
