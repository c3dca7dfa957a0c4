"""The command line. Results go to stdout, progress and messages to stderr.

Exit codes: 0 success, 1 a gate or the night failed, 2 bad input or configuration, 130 and 143 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

import click

from pipelines.interruption import exit_code_for, noting_signals, sentence_for
from pipelines.logs import check_form, say
from warehouse.errors import SatuError
from warehouse.interruption import interruption_in
from warehouse.withheld import DEBUG, withheld

MODULES = {
    "make": ("init", "demo", "channel", "check"),
    "night": ("run", "backfill"),
    "health": ("status", "alert"),
    "look": ("tables", "query"),
    "quarantine": ("quarantine",),
    "identity": ("explain", "review", "train-identity"),
    "people": ("access", "export"),
    "erase": ("erase",),
    "privacy": ("privacy",),
    "backups": ("backup", "restore"),
    "vault": ("vault",),
    "pages": ("docs",),
    "serve": ("ui", "bench"),
}
"""Which module of this package holds which commands."""


class _Commands(click.Group):
    """Commands whose module is imported when one of them is called: Dagster alone takes seconds."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(name for names in MODULES.values() for name in names)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        module = next((module for module, names in MODULES.items() if name in names), None)
        if module is None:
            return None
        commands: tuple[click.Command, ...] = import_module(f"pipelines.cli.{module}").COMMANDS
        return next(command for command in commands if command.name == name)


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.option("--home", metavar="DIR", help="The workspace [default: $SATU_HOME, else ./workspace].")
def satu(home: str | None) -> None:
    """Satu: one view of every customer."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; `--home DIR` may stand before or after it."""
    words, home = take_home(list(sys.argv[1:] if arguments is None else arguments))
    if home is not None:
        os.environ["SATU_HOME"] = home
    with noting_signals() as interrupted_by:
        code = _run(words, interrupted_by)
    sys.exit(code)


def _run(words: list[str], interrupted_by: Callable[[], int | None]) -> int:
    """The exit code of a command, after saying what went wrong."""
    try:
        check_form()
        code = satu.main(words, prog_name="satu", standalone_mode=False)
    except click.ClickException as problem:
        say(f"satu: {problem.format_message()}")
        return 2
    except (click.Abort, KeyboardInterrupt):
        return _interrupted(words, interrupted_by())
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if interruption_in(error) is not None:
            return _interrupted(words, interrupted_by())
        if isinstance(error, SatuError):
            say(f"satu: {error}")
            return error.exit_code
        if os.environ.get(DEBUG):
            raise
        say(f"satu: {withheld(error)} ({DEBUG}=1 shows the whole error)")
        return 1
    return code if isinstance(code, int) else 0


def _interrupted(words: list[str], number: int | None) -> int:
    say(f"satu: {sentence_for(words)}")
    return exit_code_for(number)


def take_home(words: list[str]) -> tuple[list[str], str | None]:
    """The words without `--home DIR`, and DIR; words after `--` are left alone."""
    rest: list[str] = []
    home = None
    pending = iter(words)
    for word in pending:
        if word == "--":
            return [*rest, word, *pending], home
        if word == "--home":
            home = next(pending, None)
            if home is None:
                raise SystemExit("satu: --home needs a folder")
        elif word.startswith("--home="):
            home = word.removeprefix("--home=")
        else:
            rest.append(word)
    return rest, home
