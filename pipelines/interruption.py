"""How a command ends that was interrupted: by Ctrl-C, or by SIGTERM as systemd and containers send it."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from warehouse.interruption import INTERRUPTED

EXIT_CODE_OF_SIGNALS = 128
STOPPED = "stopped"
SENTENCES = {
    "run": f"{INTERRUPTED}: what readers see stays as it was",
    "demo": f"{INTERRUPTED} with the same `satu demo`",
    "backfill": "the backfill was interrupted; run it again: days that were made stay, the release is whole",
    "quarantine": "interrupted; run it again: the release is whole",
    "erase": "interrupted; an erasure that was begun is finished by the next `satu erase` or `satu run`",
}
"""By command, what to do."""


@contextmanager
def noting_signals() -> Iterator[Callable[[], int | None]]:
    """A function that says which of SIGINT and SIGTERM came first, None while none has.

    Python writes every signal down as it comes: Dagster takes both handlers for itself while it runs, and
    raises the same for both. Outside of it SIGTERM raises KeyboardInterrupt as Ctrl-C does.
    """
    read, written = socket.socketpair()
    read.setblocking(False)
    written.setblocking(False)
    came: list[int] = []
    previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
    others = signal.set_wakeup_fd(written.fileno(), warn_on_full_buffer=False)

    def first() -> int | None:
        with suppress(BlockingIOError):
            came.extend(read.recv(1024))
        return next((number for number in came if number in (signal.SIGINT, signal.SIGTERM)), None)

    try:
        yield first
    finally:
        signal.set_wakeup_fd(others)
        signal.signal(signal.SIGTERM, previous)
        read.close()
        written.close()


@contextmanager
def holding_signals() -> Iterator[None]:
    """Lets what is inside come to its end before SIGINT or SIGTERM takes effect.

    A signal in the middle of a line to a database would leave its connection behind with half of it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {
        number: signal.signal(number, lambda got, _: came.append(got)) or signal.SIG_DFL
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if came:
            signal.raise_signal(came[0])


def sentence_for(words: Sequence[str]) -> str:
    """What is said of an interrupted command, by its words."""
    return next((SENTENCES[word] for word in words if word in SENTENCES), STOPPED)


def exit_code_for(number: int | None) -> int:
    """130 after Ctrl-C, 143 after SIGTERM, as shells count."""
    return EXIT_CODE_OF_SIGNALS + (number or signal.SIGINT)
